//! The program as every use case reads it, under the rules in force: kept in memory, read again when an event says that it
//! changed, and when the next version of the rules begins.

use std::sync::{Arc, RwLock};

use entente_domain::deal::Deal;
use entente_domain::program::{Program, Rules};
use entente_domain::rules::{RulesVersion, in_force, next_change};
use entente_domain::{Date, Timestamp};
use jiff::tz::TimeZone;

use crate::{App, AppError};

/// The program under one version of its rules: `program.rules` and `program.calendar` are that version's.
#[derive(Debug)]
pub struct ProgramView {
    /// The program.
    pub program: Program,
    /// Time zone of its calendar.
    pub zone: TimeZone,
    /// The version of the rules that it is read under.
    pub rules: RulesVersion,
    /// Every version, in the order of their numbers.
    pub versions: Arc<Vec<RulesVersion>>,
    /// When another version comes into force.
    until: Option<Timestamp>,
}

impl ProgramView {
    /// The program under the version in force at that moment. A program without versions has the one that it says itself.
    /// Refused when there is no such time zone as a calendar names.
    pub fn of(program: Program, mut versions: Vec<RulesVersion>, at: Timestamp) -> Result<Self, AppError> {
        if versions.is_empty() {
            let zone = TimeZone::get(&program.calendar.time_zone).map_err(AppError::internal)?;
            versions.push(RulesVersion::first(&program, &zone));
        }
        let current = in_force(&versions, at).cloned().ok_or_else(|| AppError::internal("no version of the rules stands"))?;
        let until = next_change(&versions, at);
        Self::with(program, current, Arc::new(versions), until)
    }

    fn with(mut program: Program, rules: RulesVersion, versions: Arc<Vec<RulesVersion>>, until: Option<Timestamp>) -> Result<Self, AppError> {
        program.rules = Rules {
            version: rules.number,
            approval_business_hours: rules.rules.decision_hours,
            protection_days: rules.rules.protection_days,
            minimum_value: rules.rules.requirements.minimum_value,
            protection: rules.rules.protection.clone(),
            evidence: rules.rules.requirements.evidence,
            deadline: rules.rules.deadline.clone(),
            dispute: rules.rules.dispute,
        };
        program.calendar = rules.rules.calendar.clone();
        let zone = TimeZone::get(&program.calendar.time_zone).map_err(AppError::internal)?;
        Ok(Self { program, zone, rules, versions, until })
    }

    /// The program under the rules that the deal was judged under.
    pub fn under(self: &Arc<Self>, deal: &Deal) -> Result<Arc<Self>, AppError> {
        let number = deal.judged.rules;
        match self.versions.iter().find(|v| v.number == number) {
            Some(version) if number != self.rules.number => {
                Ok(Arc::new(Self::with(self.program.clone(), version.clone(), self.versions.clone(), self.until)?))
            }
            _ => Ok(self.clone()),
        }
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
    /// The program under the rules in force.
    pub async fn program(&self) -> Result<Arc<ProgramView>, AppError> {
        let now = self.now();
        if let Ok(held) = self.programs.0.read()
            && let Some(view) = held.as_ref().filter(|view| view.until.is_none_or(|until| now < until))
        {
            return Ok(view.clone());
        }
        let program = self.store.program().await?.ok_or_else(|| AppError::Unavailable("no program yet: run `entente migrate`".into()))?;
        let view = Arc::new(ProgramView::of(program, self.store.rules_versions().await?, now)?);
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
