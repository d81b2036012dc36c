//! Acceptance of the rules of engagement: who accepted which version for a partner, and whether it still counts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RulesVersion;
use crate::event::EventActor;
use crate::id::PartnerId;

/// That a partner accepted the rules of engagement of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The partner.
    pub partner_id: PartnerId,
    /// Number of the rules version whose text was accepted.
    pub rules: i32,
    /// Who accepted it.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
}

/// The acceptance that counts under these rules: of their own text, or of an earlier version with the very same text.
pub fn accepted<'a>(versions: &[RulesVersion], under: &RulesVersion, acceptances: &'a [Acceptance]) -> Option<&'a Acceptance> {
    let text = under.rules.requirements.engagement.as_ref()?;
    let same = |number: i32| versions.iter().any(|v| v.number == number && v.rules.requirements.engagement.as_ref() == Some(text));
    acceptances.iter().filter(|a| same(a.rules)).max_by_key(|a| a.at)
}

/// Whether the rules ask for nothing, or for what the partner has accepted.
pub fn satisfied(versions: &[RulesVersion], under: &RulesVersion, acceptances: &[Acceptance]) -> bool {
    under.rules.requirements.engagement.is_none() || accepted(versions, under, acceptances).is_some()
}
