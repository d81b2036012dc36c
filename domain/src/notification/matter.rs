//! What something is told of, and what a notification names of it. A dispute and a room are more than one matter: each side, each
//! party has its own, and is told of that alone.

use serde::{Deserialize, Serialize};

use crate::cosell::Room;
use crate::deal::Deal;
use crate::dispute::{Dispute, Side};
use crate::id::{DealId, DisputeId, LeadId, PartnerId};
use crate::lead::Lead;
use crate::policy::Action;

/// What something is about, as it is now.
#[derive(Debug, Clone, Copy)]
pub enum Matter<'a> {
    /// A deal.
    Deal(&'a Deal),
    /// A lead.
    Lead(&'a Lead),
    /// A dispute, as that side has it.
    Dispute(&'a Dispute, Side),
    /// The room of a deal, as that partner has it; none for the vendor.
    Room(&'a Room, Option<&'a PartnerId>),
}

impl Matter<'_> {
    /// Which it is.
    pub fn about(self) -> About {
        match self {
            Self::Deal(deal) => About::Deal { id: deal.id.clone() },
            Self::Lead(lead) => About::Lead { id: lead.id.clone() },
            Self::Dispute(dispute, _) => About::Dispute { id: dispute.id.clone() },
            Self::Room(room, _) => About::Room { deal_id: room.deal_id.clone() },
        }
    }

    /// Whose it is; none when it is the vendor's.
    pub fn partner_id(&self) -> Option<&PartnerId> {
        match self {
            Self::Deal(deal) => Some(&deal.partner_id),
            Self::Lead(lead) => lead.partner_id.as_ref(),
            Self::Dispute(dispute, side) => dispute.party(*side).map(|party| &party.partner_id),
            Self::Room(_, party) => *party,
        }
    }

    /// Its version.
    pub fn version(self) -> i32 {
        match self {
            Self::Deal(deal) => deal.version,
            Self::Lead(lead) => lead.version,
            Self::Dispute(dispute, _) => dispute.version,
            Self::Room(room, _) => room.version,
        }
    }

    /// The same as everybody has it to whom it may be told: the vendor and each side of a dispute, the vendor and each partner of a
    /// room, anything else as it is.
    pub fn sides(self) -> Vec<Self> {
        match self {
            Self::Deal(_) | Self::Lead(_) => vec![self],
            Self::Dispute(dispute, _) => {
                let there = |side: &Side| *side == Side::Vendor || dispute.party(*side).is_some();
                let all = [Side::Vendor, Side::Complainant, Side::Respondent];
                all.into_iter().filter(there).map(|side| Self::Dispute(dispute, side)).collect()
            }
            Self::Room(room, _) => {
                let members = room.members();
                let mut parties = vec![None, Some(&room.partner_id)];
                for guest in room.guests().map(|p| &p.partner_id) {
                    if members.contains(guest) && !parties.contains(&Some(guest)) {
                        parties.push(Some(guest));
                    }
                }
                parties.into_iter().map(|party| Self::Room(room, party)).collect()
            }
        }
    }
}

/// What a notification is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum About {
    /// A deal.
    Deal {
        /// Which.
        id: DealId,
    },
    /// A lead.
    Lead {
        /// Which.
        id: LeadId,
    },
    /// A dispute.
    Dispute {
        /// Which.
        id: DisputeId,
    },
    /// The room of a deal.
    Room {
        /// Of which deal, which has no other room.
        deal_id: DealId,
    },
}

impl About {
    /// The id, as text.
    pub fn id(&self) -> &str {
        match self {
            Self::Deal { id } | Self::Room { deal_id: id } => id.as_str(),
            Self::Lead { id } => id.as_str(),
            Self::Dispute { id } => id.as_str(),
        }
    }

    /// The right without which nobody is told of it.
    pub fn right(&self) -> Action {
        match self {
            Self::Deal { .. } | Self::Room { .. } => Action::SeeDeals,
            Self::Lead { .. } => Action::SeeLeads,
            Self::Dispute { .. } => Action::SeeDisputes,
        }
    }

    /// Where the app shows it: a path, as `/deals/deal_01J...`.
    pub fn path(&self) -> String {
        match self {
            Self::Deal { id } => format!("/deals/{id}"),
            Self::Lead { id } => format!("/leads/{id}"),
            Self::Dispute { id } => format!("/disputes/{id}"),
            Self::Room { deal_id } => format!("/rooms/{deal_id}"),
        }
    }
}
