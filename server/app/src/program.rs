//! The program as every use case reads it: kept in memory, read again when an event says that it changed.

use std::sync::{Arc, RwLock};

use entente_domain::program::Program;
use entente_domain::{Date, Timestamp};
use jiff::tz::TimeZone;

use crate::{App, AppError};

/// The program with the time zone of its calendar looked up.
#[derive(Debug)]
pub struct ProgramView {
    /// The program.
    pub program: Program,
    /// Time zone of its calendar.
    pub zone: TimeZone,
}

impl ProgramView {
    /// Looks the time zone up; refused when there is no such zone.
    pub fn of(program: Program) -> Result<Self, AppError> {
        let zone = TimeZone::get(&program.calendar.time_zone).map_err(AppError::internal)?;
        Ok(Self { program, zone })
    }

    /// The date at that moment where the program is.
    pub fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }
}

/// Holds the program between events.
#[derive(Default)]
pub struct ProgramCache(RwLock<Option<Arc<ProgramView>>>);

impl App {
    /// The program in force.
    pub async fn program(&self) -> Result<Arc<ProgramView>, AppError> {
        if let Ok(held) = self.programs.0.read()
            && let Some(view) = held.as_ref()
        {
            return Ok(view.clone());
        }
        let program = self.store.program().await?.ok_or_else(|| AppError::Unavailable("no program yet: run `entente migrate`".into()))?;
        let view = Arc::new(ProgramView::of(program)?);
        if let Ok(mut held) = self.programs.0.write() {
            *held = Some(view.clone());
        }
        Ok(view)
    }

    /// Forgets the program, so that the next one to ask reads it again.
    pub fn forget_program(&self) {
        if let Ok(mut held) = self.programs.0.write() {
            *held = None;
        }
    }
}
