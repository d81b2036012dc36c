//! The live stream of deal changes. Another stream is another small file like this one.

use std::rc::Rc;

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError,
    client::decode,
    deal::{DealChange, DealChangeEvent, DealChangesSubscription, DealChangesVariables},
    stream::{Source, Step, Stream, Told},
};

/// What the screens hear of deals.
pub type FeedEvent = Told<Rc<DealChange>>;

/// The stream of the deals that the viewer may see.
pub type DealFeed = Stream<Deals>;

/// Changes of deals.
pub struct Deals;

impl Source for Deals {
    type Item = Rc<DealChange>;

    fn operation(after: Option<String>) -> Value {
        let operation = DealChangesSubscription::build(DealChangesVariables { filter: None, after });
        serde_json::to_value(&operation).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<Rc<DealChange>>, ApiError> {
        Ok(match decode::<DealChangesSubscription>(data)?.deal_changes {
            DealChangeEvent::DealChange(change) => Step::Change(change.cursor.clone(), Rc::new(change)),
            DealChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            DealChangeEvent::Unknown => Step::Unknown,
        })
    }
}
