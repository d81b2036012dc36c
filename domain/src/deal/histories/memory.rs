//! A store in memory that enforces what the real one does: a change is on the version it was decided on, a claim is held once, and
//! the state goes with the event.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::deal::claim::{Claim, ClaimKey};
use crate::deal::{Deal, Decision};
use crate::event::{Event, Subject};
use crate::id::DealId;

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Stale,
    Taken,
}

/// An event with the state that is kept in it, as text.
pub struct Kept {
    pub event: Event,
    pub state: Option<String>,
}

#[derive(Default)]
pub struct Memory {
    pub deals: BTreeMap<DealId, Deal>,
    pub claims: BTreeMap<ClaimKey, Claim>,
    pub log: Vec<Kept>,
}

pub fn version(event: &Event) -> i32 {
    if let Subject::Deal { version, .. } = event.subject { version } else { 0 }
}

fn is_of(event: &Event, deal: &DealId) -> bool {
    matches!(&event.subject, Subject::Deal { id, .. } if id == deal)
}

impl Memory {
    /// Writes all of it or nothing.
    pub fn commit(&mut self, decisions: &[Decision]) -> Result<(), Lost> {
        let is_note = |d: &Decision| d.based_on == Some(d.deal.version);
        for d in decisions {
            let there = self.deals.get(&d.deal.id).map(|now| now.version);
            if !is_note(d) && there != d.based_on {
                return Err(Lost::Stale);
            }
        }
        let mut claims = self.claims.clone();
        for d in decisions.iter().filter(|d| d.release_claims) {
            claims.retain(|_, c| c.deal_id != d.deal.id);
        }
        for claim in decisions.iter().flat_map(|d| &d.take) {
            for key in claim.keys() {
                if claims.insert(key, claim.clone()).is_some() {
                    return Err(Lost::Taken);
                }
            }
        }
        self.claims = claims;
        for d in decisions {
            if is_note(d) {
                let last = d.events.iter().map(|e| e.occurred_at).max();
                if let (Some(deal), Some(last)) = (self.deals.get_mut(&d.deal.id), last) {
                    deal.updated_at = deal.updated_at.max(last);
                }
            } else {
                self.deals.insert(d.deal.id.clone(), d.deal.clone());
            }
            for event in &d.events {
                let makes = !is_note(d) && event.kind.changes_deal() && version(event) == d.deal.version;
                let state = makes.then(|| serde_json::to_string(&d.deal).unwrap());
                self.log.push(Kept { event: event.clone(), state });
            }
        }
        Ok(())
    }

    pub fn events(&self, deal: &DealId) -> Vec<Event> {
        self.log.iter().map(|k| &k.event).filter(|e| is_of(e, deal)).cloned().collect()
    }

    /// As the store reads it: the highest version by then, with the last thing that happened as the moment of its last change.
    pub fn as_of(&self, deal: &DealId, at: Timestamp) -> Option<Deal> {
        let by_then = || self.log.iter().filter(|k| is_of(&k.event, deal) && k.event.occurred_at <= at);
        let kept = by_then().filter(|k| k.event.kind.changes_deal()).max_by_key(|k| (version(&k.event), k.event.id.clone()))?;
        let mut then: Deal = serde_json::from_str(kept.state.as_ref()?).unwrap();
        let last = by_then().map(|k| k.event.occurred_at).max();
        then.updated_at = then.updated_at.max(last?);
        Some(then)
    }
}
