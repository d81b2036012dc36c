//! What became of a change of a deal.

use async_graphql::{Result, SimpleObject};
use entente_app::Refused;
use entente_app::deal::{AddEvidenceRefusal, EvidenceRefusal, NoteRefusal};
use entente_domain::deal::{Deal as DomainDeal, DealError};

use super::Deal;
use super::error::{add_evidence_error, change_error, evidence_error, note_error};
use crate::user_error::UserError;

/// What became of a change of a deal.
#[derive(SimpleObject)]
pub(crate) struct DealDecisionPayload {
    /// The deal after the change; null when there are errors.
    deal: Option<Deal>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl DealDecisionPayload {
    /// The payload of a use case's answer. `input` is the argument that holds the fields, where there is one.
    pub(crate) fn of(done: Result<DomainDeal, Refused<DealError>>, input: Option<&str>) -> Result<Self> {
        match done {
            Ok(deal) => Ok(Self { deal: Some(Deal(deal)), errors: Vec::new() }),
            Err(refused) => Ok(Self { deal: None, errors: change_error(refused, input)? }),
        }
    }

    /// The payload of what came with evidence.
    pub(super) fn of_evidence(done: Result<DomainDeal, Refused<EvidenceRefusal>>) -> Result<Self> {
        match done {
            Ok(deal) => Ok(Self { deal: Some(Deal(deal)), errors: Vec::new() }),
            Err(refused) => Ok(Self { deal: None, errors: evidence_error(refused)? }),
        }
    }

    /// The payload of evidence that was added.
    pub(super) fn of_added(done: Result<DomainDeal, Refused<AddEvidenceRefusal>>) -> Result<Self> {
        match done {
            Ok(deal) => Ok(Self { deal: Some(Deal(deal)), errors: Vec::new() }),
            Err(refused) => Ok(Self { deal: None, errors: add_evidence_error(refused)? }),
        }
    }

    /// The payload of a note.
    pub(super) fn of_note(done: Result<DomainDeal, Refused<NoteRefusal>>) -> Result<Self> {
        match done {
            Ok(deal) => Ok(Self { deal: Some(Deal(deal)), errors: Vec::new() }),
            Err(refused) => Ok(Self { deal: None, errors: note_error(refused)? }),
        }
    }
}
