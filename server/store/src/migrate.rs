//! migrate
use crate::{Store, StoreError, stub};
/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MigrationReport {
    /// Names of the migrations that ran now, in order.
    pub applied: Vec<String>,
    /// Indexes that exist now, those of `_id` left out.
    pub indexes: usize,
}
impl Store {
    /// Brings the database to this version.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> { stub() }
}
