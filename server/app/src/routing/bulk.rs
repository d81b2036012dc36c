//! Approving several registrations at once: each in its own transaction, in the order in which they were listed. One that
//! fails does not stop the others.

use entente_domain::deal::{Deal, DealError};
use entente_domain::policy::{Action, Actor, Resource, can};

use crate::{App, Refused, deal};

/// Most registrations at once.
pub const BULK_MAX: usize = 50;

/// One of the registrations to approve.
#[derive(Debug, Clone)]
pub struct BulkItem {
    /// The deal.
    pub id: String,
    /// The version that the decision is made on.
    pub expected_version: i32,
}

/// Why nothing was approved at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkRefusal {
    /// The actor decides no registrations.
    NotAllowed,
    /// There are more than [`BULK_MAX`].
    TooMany,
    /// There is none.
    Empty,
}

/// What became of each, in the order in which they were listed.
pub type Outcomes = Vec<(String, Result<Deal, Refused<DealError>>)>;

/// Approves these registrations with the same note. A failure that is not the caller's doing ends up in the row that it hit,
/// as the ones before it are approved already.
#[tracing::instrument(level = "debug", name = "routing.approve_many", skip_all, fields(items = items.len()))]
pub async fn approve_many(app: &App, actor: &Actor, items: &[BulkItem], note: Option<&str>) -> Result<Outcomes, Refused<BulkRefusal>> {
    if !can(actor, Action::DecideDeal, Resource::OfVendor) {
        return Err(Refused::Refused(BulkRefusal::NotAllowed));
    }
    match items.len() {
        0 => return Err(Refused::Refused(BulkRefusal::Empty)),
        n if n > BULK_MAX => return Err(Refused::Refused(BulkRefusal::TooMany)),
        _ => {}
    }
    let mut outcomes = Vec::with_capacity(items.len());
    for item in items {
        let done = deal::approve(app, actor, &item.id, item.expected_version, note).await;
        match done {
            // Nothing has been done yet: the whole request failed, and may be sent again.
            Err(Refused::Failed(error)) if outcomes.is_empty() => return Err(Refused::Failed(error)),
            done => outcomes.push((item.id.clone(), done)),
        }
    }
    Ok(outcomes)
}
