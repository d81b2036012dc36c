//! What callers send about rooms.

use async_graphql::{ID, InputObject};
use entente_app::cosell as app;

use super::object::CosellRole;
use crate::scalar::{Date, Decimal};

/// A partner in one role on a deal.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealRoomParticipantInput {
    /// Who.
    partner_id: ID,
    /// In which role; each partner at most once in each.
    role: CosellRole,
    /// With which share: above 0 and at most 100 per cent, at most four decimals. Shares of those who sourced the deal are given for all
    /// of them, summing to 100, or for none.
    share: Option<Decimal>,
    /// What the partner did, at most 200 characters.
    act: String,
    /// On which day; today or earlier.
    acted_on: Date,
}

impl From<DealRoomParticipantInput> for app::ParticipantInput {
    fn from(i: DealRoomParticipantInput) -> Self {
        Self { partner_id: i.partner_id.0, role: i.role.into(), share: i.share.map(|s| s.0), act: i.act, acted_on: i.acted_on.0 }
    }
}

/// An introduction.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealRoomIntroductionInput {
    /// Who introduced, at most 200 characters.
    introducer: String,
    /// Who was introduced, at most 200 characters.
    introduced: String,
    /// To whom, at most 200 characters.
    to: String,
    /// On which day; today or earlier.
    on: Date,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    pub(super) idempotency_key: Option<String>,
}

impl From<DealRoomIntroductionInput> for app::IntroductionInput {
    fn from(i: DealRoomIntroductionInput) -> Self {
        Self { introducer: i.introducer, introduced: i.introduced, to: i.to, on: i.on.0 }
    }
}
