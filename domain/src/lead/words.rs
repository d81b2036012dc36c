//! The closed lists of words about leads: how one came in, what brought it, why it was declined or closed, what became of an
//! offer.

use serde::{Deserialize, Serialize};

/// The way by which a lead came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Intake {
    /// A person or program of the vendor wrote it down.
    Api,
    /// Somebody asked through the public form.
    Form,
    /// It stood in a file.
    Csv,
}

/// What kind of marketing brought a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceKind {
    /// The directory of partners.
    Directory,
    /// A website.
    Website,
    /// A campaign, its kit or its landing page.
    Campaign,
    /// A fair, a webinar, a visit.
    Event,
    /// Somebody recommended it.
    Referral,
    /// Somebody called or wrote first.
    Outbound,
    /// Anything else.
    #[default]
    Other,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [SourceKind; 7] = [Self::Directory, Self::Website, Self::Campaign, Self::Event, Self::Referral, Self::Outbound, Self::Other];

    /// The name on the wire, as `CAMPAIGN`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Directory => "DIRECTORY",
            Self::Website => "WEBSITE",
            Self::Campaign => "CAMPAIGN",
            Self::Event => "EVENT",
            Self::Referral => "REFERRAL",
            Self::Outbound => "OUTBOUND",
            Self::Other => "OTHER",
        }
    }
}

/// What became of an offer of a lead to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The partner has it and has not answered yet.
    Open,
    /// The partner took it.
    Accepted,
    /// The partner said no.
    Declined,
    /// The window ended without an answer.
    Lapsed,
    /// The vendor took it back.
    Withdrawn,
}

impl Outcome {
    /// Whether the partner is not offered the lead again by itself.
    pub fn excludes(self) -> bool {
        matches!(self, Self::Declined | Self::Lapsed | Self::Withdrawn)
    }
}

/// Why a partner says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeclineCode {
    /// No people for it now.
    NoCapacity,
    /// Outside the region that the partner works in.
    OutOfTerritory,
    /// Not what the partner sells or can do.
    NotOurField,
    /// The partner may not or will not work for this firm.
    Conflict,
    /// The firm is too small for the partner.
    TooSmall,
    /// Anything else; the text says what.
    Other,
}

/// Why a lead is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CloseCode {
    /// Nobody could be reached.
    NotReachable,
    /// No need, no budget, or no time.
    NoInterest,
    /// No buyer: a student, a seller, a joke.
    NotABuyer,
    /// The same as another lead.
    Duplicate,
    /// Bought from somebody else.
    BoughtElsewhere,
    /// Anything else; the text says what.
    Other,
}

macro_rules! names {
    ($ty:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $ty {
            /// Every one.
            pub const ALL: &'static [$ty] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

names!(DeclineCode {
    NoCapacity = "NO_CAPACITY",
    OutOfTerritory = "OUT_OF_TERRITORY",
    NotOurField = "NOT_OUR_FIELD",
    Conflict = "CONFLICT",
    TooSmall = "TOO_SMALL",
    Other = "OTHER",
});
names!(CloseCode {
    NotReachable = "NOT_REACHABLE",
    NoInterest = "NO_INTEREST",
    NotABuyer = "NOT_A_BUYER",
    Duplicate = "DUPLICATE",
    BoughtElsewhere = "BOUGHT_ELSEWHERE",
    Other = "OTHER",
});
names!(Outcome { Open = "OPEN", Accepted = "ACCEPTED", Declined = "DECLINED", Lapsed = "LAPSED", Withdrawn = "WITHDRAWN" });
names!(Intake { Api = "API", Form = "FORM", Csv = "CSV" });
