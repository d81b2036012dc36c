//! Changing the routing table and absences, re-routing, approving several at once.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::routing as app;
use entente_domain::policy::{Action, Resource};
use entente_domain::routing::RoutingTable;
use entente_domain::routing::check::{RoutingCode, RoutingViolation};

use super::absence::AbsencePayload;
use super::bulk::{DealsApproveItem, DealsApprovePayload};
use super::input::{AbsenceInput, RoutingInput};
use super::object::{Routing, shown};
use crate::context::Ask as _;
use crate::deal::DealDecisionPayload;
use crate::problem::Problem;
use crate::user_error::{RoutingError, RoutingErrorCode as Code, UserError};

/// What became of a change of the routing table.
#[derive(SimpleObject)]
pub(crate) struct RoutingPayload {
    /// The table; null when there are errors. Its `warnings` name rules that can never match.
    routing: Option<Routing>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of routing.
#[derive(Default)]
pub(crate) struct RoutingMutation;

#[Object]
impl RoutingMutation {
    /// Writes the next version of the routing table. Registrations from now on are routed by it; those that wait keep their route.
    /// Administrators of the vendor only.
    async fn routing_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version that the change was decided on; 0 before the first.")] expected_version: i32,
        #[graphql(desc = "The table as a whole.")] input: RoutingInput,
    ) -> Result<RoutingPayload> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let done = match input.into_table() {
            Ok(table) => app::update(app, actor, app::Update { expected_version, table }).await,
            // Who may not change it learns that first.
            Err(wrong) if ctx.may(Action::ManageRouting, Resource::OfVendor) => Err(Refused::Refused(app::RoutingRefusal::Invalid(wrong))),
            Err(_) => Err(Refused::Refused(app::RoutingRefusal::NotAllowed)),
        };
        payload(ctx, done).await
    }

    /// Adds an absence, or changes one. While somebody is away, the cover decides in their place. People keep their own,
    /// administrators everybody's.
    async fn absence_save(&self, ctx: &Context<'_>, #[graphql(desc = "The absence.")] input: AbsenceInput) -> Result<AbsencePayload> {
        let key = input.idempotency_key.clone();
        let done = app::save_absence(ctx.app()?, ctx.signed_in()?, &input.into(), key.as_deref()).await;
        Ok(AbsencePayload::of(done, Some("input"))?)
    }

    /// Removes an absence: the person is there again.
    async fn absence_remove(&self, ctx: &Context<'_>, #[graphql(desc = "The absence.")] id: ID) -> Result<AbsencePayload> {
        Ok(AbsencePayload::of(app::remove_absence(ctx.app()?, ctx.signed_in()?, &id).await, None)?)
    }

    /// Hands the decision on a registration to another person. In a chain of approvals only who may decide its current step. Vendor's
    /// administrators and channel managers.
    async fn deal_reroute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "The new owner: an active person who may decide, and who has no other step of it.")] to: ID,
        #[graphql(desc = "Why, for the vendor to read, at most 4,000 characters.")] reason: String,
    ) -> Result<DealDecisionPayload> {
        DealDecisionPayload::of(app::reroute(ctx.app()?, ctx.signed_in()?, &id, expected_version, &to, &reason).await, None)
    }

    /// Approves several registrations, each by itself and in their order: one that fails does not stop the others. In a chain of
    /// approvals the current step is approved. Vendor's administrators and channel managers.
    #[graphql(complexity = "10 + items.len() * child_complexity")]
    async fn deals_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The registrations, 1 to 50.")] items: Vec<DealsApproveItem>,
        #[graphql(desc = "A note to the partner of each, at most 4,000 characters.")] note: Option<String>,
    ) -> Result<DealsApprovePayload> {
        let items: Vec<app::BulkItem> = items.into_iter().map(Into::into).collect();
        Ok(DealsApprovePayload::of(app::approve_many(ctx.app()?, ctx.signed_in()?, &items, note.as_deref()).await)?)
    }
}

async fn payload(ctx: &Context<'_>, done: Result<RoutingTable, Refused<app::RoutingRefusal>>) -> Result<RoutingPayload> {
    let refusal = match done {
        Ok(table) => return Ok(RoutingPayload { routing: Some(shown(ctx, table).await?), errors: Vec::new() }),
        Err(Refused::Failed(error)) => return Err(Problem::from(error).into()),
        Err(Refused::Refused(refusal)) => refusal,
    };
    let errors = match refusal {
        app::RoutingRefusal::NotAllowed => vec![RoutingError::of(Code::NotAllowed, &[], "Only administrators of the program change its routing.")],
        app::RoutingRefusal::StaleVersion(current) => {
            let message = format!("The routing has changed since you looked (version {current}); look again and repeat.");
            vec![RoutingError::of(Code::StaleVersion, &["expectedVersion"], message)]
        }
        app::RoutingRefusal::Invalid(wrong) => wrong.into_iter().map(violation).collect(),
    };
    Ok(RoutingPayload { routing: None, errors })
}

fn violation(v: RoutingViolation) -> UserError {
    let path: Vec<&str> = std::iter::once("input").chain(v.path.iter().map(String::as_str)).collect();
    RoutingError::of(v.code.into(), &path, v.message)
}

impl From<RoutingCode> for Code {
    fn from(code: RoutingCode) -> Self {
        match code {
            RoutingCode::Required => Self::Required,
            RoutingCode::TooLong => Self::TooLong,
            RoutingCode::InvalidInput => Self::InvalidInput,
            RoutingCode::TerritoryUnknown => Self::TerritoryUnknown,
            RoutingCode::ProductUnknown => Self::ProductUnknown,
            RoutingCode::TermUnknown => Self::TermUnknown,
            RoutingCode::CountryUnknown => Self::CountryUnknown,
            RoutingCode::PersonUnknown => Self::PersonUnknown,
            RoutingCode::PersonCannotDecide => Self::PersonCannotDecide,
            RoutingCode::CircularStep => Self::CircularStep,
            RoutingCode::NameTaken => Self::NameTaken,
        }
    }
}
