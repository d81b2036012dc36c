//! partners
use entente_domain::event::Event;
use entente_domain::id::PartnerId;
use entente_domain::partner::Partner;
use crate::{Saved, Store, StoreError, stub};
impl Store {
    /// A partner.
    pub async fn partner(&self, _id: &PartnerId) -> Result<Option<Partner>, StoreError> { stub() }
    /// By slug.
    pub async fn partner_by_slug(&self, _slug: &str) -> Result<Option<Partner>, StoreError> { stub() }
    /// Any order.
    pub async fn partners_by_ids(&self, _ids: &[PartnerId]) -> Result<Vec<Partner>, StoreError> { stub() }
    /// Any order.
    pub async fn partners_by_import_key(&self, _keys: &[String]) -> Result<Vec<Partner>, StoreError> { stub() }
    /// All, in batches.
    pub async fn all_partners(&self, _batch: impl FnMut(Vec<Partner>) + Send) -> Result<(), StoreError> { stub() }
    /// Insert or guarded replace.
    pub async fn save_partner(&self, _p: &Partner, _based_on: Option<i32>, _events: &[Event]) -> Result<Saved, StoreError> { stub() }
}
