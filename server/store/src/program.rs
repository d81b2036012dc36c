//! program
use entente_domain::event::Event;
use entente_domain::program::Program;
use crate::{Saved, Store, StoreError, stub};
impl Store {
    /// The program.
    pub async fn program(&self) -> Result<Option<Program>, StoreError> { stub() }
    /// Insert or guarded replace.
    pub async fn save_program(&self, _p: &Program, _based_on: Option<i32>, _events: &[Event]) -> Result<Saved, StoreError> { stub() }
}
