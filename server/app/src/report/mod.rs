//! Reports over deals: each metric with its formula, numerator, denominator and the filter that opens its rows. Registrations count
//! in the period in which they were submitted, decisions and closed deals in the period in which that happened; what is open is
//! open now. A partner's people get the same figures over their own partner's deals, by the same queries.

mod metric;
mod registrations;
mod sales;

use std::sync::Arc;

use entente_domain::deal::{DealSource, RegistrationStatus};
use entente_domain::id::{PartnerId, ProductId, UserId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::program::StageCategory;
use entente_domain::report::Dimension;
use entente_domain::report::period::Period;
use entente_domain::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::deal::DealListQuery;
use crate::program::ProgramView;
use crate::{App, AppError};

pub use metric::Metric;
pub use registrations::{Group, MonthOf, Registrations, TimeToDecide};
pub use sales::{AgeOf, Closed, ForecastMonth, Pipeline, StageOf};

/// Statuses of registrations that are not over.
const IN_PLAY: [RegistrationStatus; 5] = [
    RegistrationStatus::Draft,
    RegistrationStatus::Submitted,
    RegistrationStatus::InReview,
    RegistrationStatus::InfoRequested,
    RegistrationStatus::Approved,
];

/// Of what a report is. Empty lists do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportQuery {
    /// First day of the period.
    pub from: Option<Date>,
    /// Last day of the period.
    pub to: Option<Date>,
    /// Partners.
    pub partners: Vec<PartnerId>,
    /// The vendor's managers.
    pub managers: Vec<UserId>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Products.
    pub products: Vec<ProductId>,
    /// Where deals came from.
    pub sources: Vec<DealSource>,
}

/// A report, ready to be asked: nothing is counted before somebody wants the figure.
#[derive(Debug, Clone)]
pub struct Report {
    /// The program.
    pub view: Arc<ProgramView>,
    /// The period, days of the program's calendar.
    pub period: Period,
    /// Today where the program is.
    pub today: Date,
    begins: Timestamp,
    ends: Timestamp,
    query: ReportQuery,
}

impl Report {
    /// The report of a query. FORBIDDEN for roles that see no deals; a period that cannot be is a bad request.
    pub async fn new(app: &App, actor: &Actor, query: ReportQuery) -> Result<Self, AppError> {
        if !can(actor, Action::SeeDeals, Resource::Any) {
            return Err(AppError::Forbidden);
        }
        let view = app.program().await?;
        let today = view.date(app.now());
        let bad = |e: entente_domain::report::period::PeriodError| AppError::BadRequest(e.to_string());
        let period = Period::new(query.from, query.to, today).map_err(bad)?;
        let (begins, ends) = period.moments(&view.zone).map_err(bad)?;
        Ok(Self { view, period, today, begins, ends, query })
    }

    /// Whether the actor may tell partners apart.
    pub fn may_split(actor: &Actor, dimension: Dimension) -> bool {
        dimension != Dimension::Partner || actor.is_vendor()
    }

    /// The deals that the report is about, of any time. What is worth most comes first.
    fn deals(&self) -> DealListQuery {
        DealListQuery {
            partners: self.query.partners.clone(),
            managers: self.query.managers.clone(),
            territories: self.query.territories.clone(),
            products: self.query.products.clone(),
            sources: self.query.sources.clone(),
            ..DealListQuery::default()
        }
    }

    /// Registrations submitted in the period.
    fn submitted(&self) -> DealListQuery {
        DealListQuery { created_from: Some(self.begins), created_to: Some(self.ends), ..self.deals() }
    }

    /// Registrations decided in the period.
    fn decided(&self) -> DealListQuery {
        DealListQuery { decided_from: Some(self.begins), decided_to: Some(self.ends), ..self.deals() }
    }

    /// Deals closed in the period.
    fn closed(&self, categories: &[StageCategory]) -> DealListQuery {
        let (from, to) = (Some(self.period.from), Some(self.period.to));
        DealListQuery { closed_from: from, closed_to: to, categories: categories.to_vec(), ..self.deals() }
    }

    /// Deals that are open now.
    fn open(&self) -> DealListQuery {
        DealListQuery { statuses: IN_PLAY.to_vec(), categories: vec![StageCategory::Open], ..self.deals() }
    }

    fn zone(&self) -> &str {
        &self.view.program.calendar.time_zone
    }
}
