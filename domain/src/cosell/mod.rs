//! Co-selling: several partners on one deal, each with a role, a share and the act that it stands for; who introduced whom; and the
//! customer's permission, without which no second partner learns the customer's name.
//!
//! A room belongs to one deal and has its own version. Whoever takes part sees the room, and of the deal only what [`Room::shares`] says.

pub mod change;
pub mod message;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::event::EventActor;
use crate::id::{DealId, IntroductionId, PartnerId, RoomId};

/// Most rows of partners in a room.
pub const PARTICIPANTS_MAX: usize = 20;
/// Most introductions of a room.
pub const INTRODUCTIONS_MAX: usize = 100;

/// What a partner does on a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CosellRole {
    /// Brought the deal; shares of all who did sum to 100 per cent.
    Sourced,
    /// Helped materially.
    Influenced,
    /// Delivers services after the sale.
    Delivered,
}

impl CosellRole {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sourced => "SOURCED",
            Self::Influenced => "INFLUENCED",
            Self::Delivered => "DELIVERED",
        }
    }
}

/// A partner in one role on a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub partner_id: PartnerId,
    /// In which role.
    pub role: CosellRole,
    /// With which share, in per cent; none where nobody said.
    pub share: Option<Decimal>,
    /// What the partner did.
    pub act: String,
    /// On which day.
    pub acted_on: Date,
}

/// That the customer agreed to be named to further partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Who at the customer agreed.
    pub granted_by: String,
    /// What shows it.
    pub proof: String,
    /// Who wrote it down.
    pub recorded_by: EventActor,
    /// When.
    pub recorded_at: Timestamp,
}

/// What came of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IntroductionOutcome {
    /// Nothing yet.
    Open,
    /// They met.
    Met,
    /// The one who was introduced did not want to.
    Declined,
    /// Nothing came of it.
    NoAnswer,
}

impl IntroductionOutcome {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Met => "MET",
            Self::Declined => "DECLINED",
            Self::NoAnswer => "NO_ANSWER",
        }
    }
}

/// That somebody introduced somebody to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// Its id.
    pub id: IntroductionId,
    /// Who introduced: a name, with the company where it helps.
    pub introducer: String,
    /// Who was introduced.
    pub introduced: String,
    /// To whom.
    pub to: String,
    /// On which day.
    pub on: Date,
    /// What came of it.
    pub outcome: IntroductionOutcome,
    /// Who wrote it down.
    pub recorded_by: EventActor,
    /// When.
    pub recorded_at: Timestamp,
}

/// What participants see of the deal beside its title, customer and stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shares {
    /// Its value.
    pub value: bool,
    /// What happens next, and when it is expected to close.
    pub next_step: bool,
}

/// The room of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// The deal, which has no other room.
    pub deal_id: DealId,
    /// Whose deal it is.
    pub partner_id: PartnerId,
    /// Counts changes; 0 while nothing has been written.
    pub version: i32,
    /// Partners with their roles, in the order in which they were named.
    pub participants: Vec<Participant>,
    /// The customer's permission; none before it is recorded, and once it is withdrawn.
    pub permission: Option<Permission>,
    /// Who introduced whom, oldest first.
    pub introductions: Vec<Introduction>,
    /// What participants see of the deal.
    pub shares: Shares,
    /// When anything last happened in it.
    pub updated_at: Timestamp,
}

impl Room {
    /// The room of a deal in which nothing has happened.
    pub fn empty(id: RoomId, deal_id: DealId, partner_id: PartnerId, now: Timestamp) -> Self {
        Self {
            id,
            deal_id,
            partner_id,
            version: 0,
            participants: Vec::new(),
            permission: None,
            introductions: Vec::new(),
            shares: Shares::default(),
            updated_at: now,
        }
    }

    /// The partners who see the room: the deal's own, and while the customer permits it those who take part.
    pub fn members(&self) -> BTreeSet<PartnerId> {
        let guests = self.participants.iter().filter(|_| self.permission.is_some()).map(|p| p.partner_id.clone());
        guests.chain([self.partner_id.clone()]).collect()
    }

    /// Partners beside the deal's own.
    pub fn guests(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|p| p.partner_id != self.partner_id)
    }
}

#[cfg(test)]
mod tests;
