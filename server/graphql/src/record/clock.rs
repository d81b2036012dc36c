//! The vendor's clock on a deal, as both sides see it.

use async_graphql::{Enum, Object, SimpleObject};
use entente_domain::Timestamp;
use entente_domain::deal::{Deal, deadline};

use crate::scalar::DateTime;

/// How the vendor's clock on a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "deadline::ClockState")]
pub(crate) enum DealClockState {
    /// There is time, or there was when the decision came.
    OnTime,
    /// Most of the time is used.
    AtRisk,
    /// The deadline has passed; it stays so when the decision comes late.
    Breached,
    /// The deadline has passed, and the decision went to the next owner.
    Escalated,
}

/// A moment of the vendor's clock that came.
#[derive(SimpleObject)]
pub(crate) struct DealClockMoment {
    /// When it was due.
    due_at: DateTime,
    /// When it was seen and told: later than due after an outage.
    seen_at: DateTime,
}

impl From<deadline::Fired> for DealClockMoment {
    fn from(fired: deadline::Fired) -> Self {
        Self { due_at: DateTime(fired.due_at), seen_at: DateTime(fired.at) }
    }
}

/// The vendor's clock on a deal.
pub(crate) struct DealClock {
    deal: Deal,
    state: deadline::ClockState,
}

impl DealClock {
    /// The clock as it stands at that moment; none where there never was one.
    pub(crate) fn of(deal: &Deal, now: Timestamp) -> Option<Self> {
        deal.clock_state(now).map(|state| Self { deal: deal.clone(), state })
    }
}

/// The vendor's clock on a registration. It runs in business hours of the program's calendar, and stands still while the partner owes
/// an answer.
#[Object]
impl DealClock {
    /// How it stands, or stood when the decision came.
    async fn state(&self) -> DealClockState {
        self.state.into()
    }

    /// Whether it runs now: the vendor owes a decision.
    async fn running(&self) -> bool {
        self.deal.decision_due_at.is_some()
    }

    /// Business hours that the vendor has in all.
    async fn hours(&self) -> f64 {
        self.deal.deadline.minutes as f64 / 60.0
    }

    /// Business minutes that are left while the clock stands still; null while it runs, and once decided.
    async fn minutes_left(&self) -> Option<i32> {
        self.deal.paused_minutes.map(|m| i32::try_from(m).unwrap_or(i32::MAX))
    }

    /// When the decision comes to be at risk; null while the clock stands still, and once it did.
    async fn at_risk_at(&self) -> Option<DateTime> {
        self.deal.deadline.warn_at.map(DateTime)
    }

    /// The deadline; null while the clock stands still, and once decided.
    async fn due_at(&self) -> Option<DateTime> {
        self.deal.decision_due_at.map(DateTime)
    }

    /// When the decision goes to the next owner, if nobody decides; null where the rules name no escalation, while the clock stands
    /// still, and once it did.
    async fn escalates_at(&self) -> Option<DateTime> {
        self.deal.deadline.escalate_at.map(DateTime)
    }

    /// That it came to be at risk; null while it has not.
    async fn warning(&self) -> Option<DealClockMoment> {
        self.deal.deadline.warned.map(Into::into)
    }

    /// That the deadline was missed; null while it was not.
    async fn breach(&self) -> Option<DealClockMoment> {
        self.deal.deadline.missed.map(Into::into)
    }

    /// That it went to the next owner; null while it has not.
    async fn escalation(&self) -> Option<DealClockMoment> {
        self.deal.deadline.escalated.map(Into::into)
    }
}
