//! The route of a deal: for the vendor with people and times, for a partner the names of the steps where the rule shares them.

use async_graphql::{Context, Enum, Object, Result};
use entente_domain::deal::Deal;
use entente_domain::policy::{Action, Resource};
use entente_domain::routing::steps;

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user::User;

/// Where a step of the approval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "steps::StepState")]
pub(crate) enum DealStepState {
    /// Approved.
    Approved,
    /// Declined: the chain has ended.
    Declined,
    /// Somebody owes a decision.
    Current,
    /// Another step comes first.
    Waiting,
    /// The deal was decided otherwise before its turn came.
    Skipped,
}

/// Who approves a registration, one after the other.
pub(crate) struct DealRoute {
    deal: Deal,
    vendor: bool,
}

/// The route as the viewer may see it; none where there is none, or where it is not for the viewer.
pub(crate) fn shown(ctx: &Context<'_>, deal: &Deal) -> Option<DealRoute> {
    let vendor = ctx.may(Action::InternalNotes, Resource::OfVendor);
    (!deal.route.steps.is_empty() && (vendor || deal.route.shared)).then(|| DealRoute { deal: deal.clone(), vendor })
}

/// Who approves a registration, one after the other. A partner sees names and states of the steps, and only where the rule
/// shares them.
#[Object]
impl DealRoute {
    /// Name of the rule that routed the deal; null when none matched, and for partners.
    async fn rule(&self) -> Option<&str> {
        self.deal.route.rule.as_deref().filter(|_| self.vendor)
    }

    /// Whether the partner sees the names of the steps and how far they are.
    async fn shared(&self) -> bool {
        self.deal.route.shared
    }

    /// The steps in their order, at most five.
    async fn steps(&self) -> Vec<DealRouteStep> {
        let states = self.deal.route.states(self.deal.status.is_pending());
        let step =
            |(step, state): (&entente_domain::routing::Step, steps::StepState)| DealRouteStep { step: step.clone(), state, vendor: self.vendor };
        self.deal.route.steps.iter().zip(states).map(step).collect()
    }

    /// Who acts today where the current step's owner is away; null when the owner is there, when nobody owes a decision, and for
    /// partners.
    async fn cover(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        if !self.vendor || !self.deal.status.is_pending() {
            return Ok(None);
        }
        let app = ctx.app()?;
        let (routing, program) = (app.routing().await.map_err(Problem::from)?, ctx.program().await?);
        let acting = routing.acting(&self.deal, program.date(app.now())).filter(|who| Some(who) != self.deal.manager_id.as_ref());
        Ok(ctx.relations()?.user_opt(acting.as_ref()).await?.map(User))
    }
}

/// One approval of a route.
pub(crate) struct DealRouteStep {
    step: entente_domain::routing::Step,
    state: steps::StepState,
    vendor: bool,
}

/// One approval of a route.
#[Object]
impl DealRouteStep {
    /// What the step is called; empty where the route has only one.
    async fn name(&self) -> &str {
        &self.step.name
    }

    /// Where it is.
    async fn state(&self) -> DealStepState {
        self.state.into()
    }

    /// Who approves; null for partners.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(Some(&self.step.owner).filter(|_| self.vendor)).await?.map(User))
    }

    /// Who decided: the owner, a cover or an administrator; null while it waits, and for partners.
    async fn decided_by(&self) -> Option<&str> {
        self.step.decided.as_ref().filter(|_| self.vendor).map(|d| d.by.name.as_str())
    }

    /// When it was decided; null while it waits, and for partners.
    async fn decided_at(&self) -> Option<DateTime> {
        self.step.decided.as_ref().filter(|_| self.vendor).map(|d| DateTime(d.at))
    }
}
