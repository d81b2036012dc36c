//! The small types of disputes.

use async_graphql::{Enum, ID, SimpleObject};
use entente_app::App;
use entente_domain::dispute as domain;
use entente_domain::id::DisputeId;

use crate::scalar::DateTime;

/// How far a dispute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DisputeStatus")]
pub(crate) enum DisputeStatus {
    /// It waits for its decision.
    Open,
    /// The arbiter decided.
    Decided,
    /// Whoever opened it took it back.
    Withdrawn,
}

/// What an arbiter decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Outcome")]
pub(crate) enum DisputeOutcome {
    /// What was decided before stands.
    Uphold,
    /// The other side's registration ends, and that of the one who complains is approved.
    Transfer,
    /// The complaint has no ground.
    Dismiss,
}

/// A side of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Side")]
pub(crate) enum DisputeSide {
    /// Who opened it.
    Complainant,
    /// Whose deal stands in the way.
    Respondent,
    /// The vendor.
    Vendor,
}

/// Who may read a statement beside the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Audience")]
pub(crate) enum DisputeAudience {
    /// The one who complains.
    Complainant,
    /// The other side.
    Respondent,
    /// Both sides.
    Both,
    /// The vendor alone.
    Vendor,
}

/// What the viewer may do with a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DisputeAction {
    /// Say something, with files.
    State,
    /// Name who decides.
    NameArbiter,
    /// Decide.
    Decide,
    /// Take it back.
    Withdraw,
}

/// A file of a statement.
#[derive(SimpleObject)]
pub(crate) struct DisputeFile {
    /// Id of the file.
    id: ID,
    /// Name as it was given.
    name: String,
    /// What it is, as checked when it came.
    media_type: String,
    /// Bytes.
    size: i32,
    /// Where it is loaded from; the address holds for a quarter of an hour or more.
    url: String,
}

/// Something that a side, or the vendor, says. Each side is shown its own and what the vendor writes to it.
#[derive(SimpleObject)]
pub(crate) struct DisputeStatement {
    /// Which side says it.
    side: DisputeSide,
    /// Who may read it beside the vendor.
    audience: DisputeAudience,
    /// Who wrote it, by the name of that time.
    actor_name: String,
    /// When.
    at: DateTime,
    /// The words.
    text: String,
    /// The files, at most 10.
    files: Vec<DisputeFile>,
}

impl DisputeStatement {
    pub(super) fn of(app: &App, dispute: &DisputeId, s: &domain::Statement) -> Self {
        let file = |f: &entente_domain::deal::evidence::EvidenceFile| DisputeFile {
            id: ID(f.id.to_string()),
            name: f.name.clone(),
            media_type: f.media_type.clone(),
            size: i32::try_from(f.size).unwrap_or(i32::MAX),
            url: app.dispute_file_url(dispute, &f.id),
        };
        Self {
            side: s.side.into(),
            audience: s.audience.into(),
            actor_name: s.by.name.clone(),
            at: DateTime(s.at),
            text: s.text.clone(),
            files: s.files.iter().map(file).collect(),
        }
    }
}

/// The decision of a dispute, the same for both sides.
#[derive(SimpleObject)]
pub(crate) struct DisputeRuling {
    /// What was decided.
    outcome: DisputeOutcome,
    /// Why.
    reason: String,
    /// Who decided.
    actor_name: String,
    /// When.
    at: DateTime,
}

impl From<&domain::Ruling> for DisputeRuling {
    fn from(r: &domain::Ruling) -> Self {
        Self { outcome: r.outcome.into(), reason: r.reason.clone(), actor_name: r.by.name.clone(), at: DateTime(r.at) }
    }
}
