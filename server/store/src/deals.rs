//! deals
use entente_domain::customer::Customer;
use entente_domain::deal::Deal;
use entente_domain::id::{CustomerId, DealId, PartnerId, UserId};
use entente_domain::policy::Scope;
use entente_domain::{Date, Decimal, Timestamp};
use crate::{DealFilter, DealQuery, Store, StoreError, stub};
impl Store {
    /// A deal within the scope.
    pub async fn deal(&self, _id: &DealId, _scope: &Scope) -> Result<Option<Deal>, StoreError> { stub() }
    /// Deals within the scope, in any order.
    pub async fn deals_by_ids(&self, _ids: &[DealId], _scope: &Scope) -> Result<Vec<Deal>, StoreError> { stub() }
    /// A page.
    pub async fn deals(&self, _q: &DealQuery) -> Result<Vec<Deal>, StoreError> { stub() }
    /// How many.
    pub async fn count_deals(&self, _f: &DealFilter) -> Result<u64, StoreError> { stub() }
    /// Per stage.
    pub async fn stage_summary(&self, _f: &DealFilter) -> Result<Vec<(String, u64, Decimal)>, StoreError> { stub() }
    /// By import key.
    pub async fn deals_by_import_key(&self, _keys: &[String]) -> Result<Vec<Deal>, StoreError> { stub() }
    /// A customer within the scope.
    pub async fn customer(&self, _id: &CustomerId, _scope: &Scope) -> Result<Option<Customer>, StoreError> { stub() }
    /// A partner's customers by their keys, in any order.
    pub async fn customers_by_keys(&self, _partner: &PartnerId, _keys: &[String]) -> Result<Vec<Customer>, StoreError> { stub() }
    /// What needs attention.
    pub async fn attention(&self, _scope: &Scope, _vendor: bool, _manager: Option<&UserId>, _now: Timestamp, _today: Date, _limit: u32) -> Result<Vec<Deal>, StoreError> { stub() }
}
