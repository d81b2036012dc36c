//! A dispute as the viewer may see it. What is the other side's is null for a side, not refused: a side is not told what there
//! is to hide.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::dispute as app;
use entente_domain::dispute::{self as domain, Side, arbiter};
use entente_domain::id::{DealId, PartnerId, ProductId};
use entente_domain::policy::{Action, Resource};

use super::replay::DisputeMoment;
use super::types::{DisputeAction, DisputeRuling, DisputeSide, DisputeStatement, DisputeStatus};
use crate::context::Ask as _;
use crate::deal::{Deal, DealVerdict};
use crate::page::connection;
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::{Money, Product};
use crate::scalar::{Date, DateTime};
use crate::user::User;

/// A dispute.
pub(crate) struct Dispute(pub(crate) domain::Dispute);

connection!(DisputeConnection, DisputeEdge, Dispute, "dispute");

/// A partner in a dispute, for the vendor alone.
pub(crate) struct DisputeParty {
    partner: PartnerId,
    deal: Option<DealId>,
}

/// A partner in a dispute, for the vendor alone.
#[Object]
impl DisputeParty {
    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Partner> {
        let found = ctx.relations()?.partner(&self.partner).await?;
        Ok(Partner(found.ok_or_else(|| Problem::internal(format!("{} is not there", self.partner)))?))
    }

    /// Its deal as it is now; null for a registration that the verdict kept out.
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        deal(ctx, self.deal.as_ref()).await
    }
}

async fn deal(ctx: &Context<'_>, id: Option<&DealId>) -> Result<Option<Deal>> {
    let Some(id) = id else { return Ok(None) };
    Ok(entente_app::deal::get(ctx.app()?, ctx.signed_in()?, id.as_str()).await.map_err(Problem::from)?.map(Deal))
}

/// A registration that a verdict stopped or may stop, as it was asked for when the dispute was opened.
pub(crate) struct DisputedRegistration(domain::Contested);

/// A registration that a verdict stopped or may stop, as it was asked for when the dispute was opened.
#[Object]
impl DisputedRegistration {
    /// What it is about.
    async fn title(&self) -> &str {
        &self.0.draft.title
    }

    /// Value as given.
    async fn value(&self) -> Money {
        (&self.0.draft.value).into()
    }

    /// When the partner expects to close.
    async fn expected_close_on(&self) -> Date {
        Date(self.0.draft.expected_close_on)
    }

    /// The person at the customer.
    async fn contact_name(&self) -> Option<&str> {
        self.0.draft.evidence.contact.as_deref()
    }

    /// What the partner has found out and agreed.
    async fn description(&self) -> Option<&str> {
        self.0.draft.evidence.description.as_deref()
    }

    /// When the partner met the customer.
    async fn met_on(&self) -> Option<Date> {
        self.0.draft.evidence.met_on.map(Date)
    }

    /// Notes of the discovery.
    async fn discovery_notes(&self) -> Option<&str> {
        self.0.draft.evidence.discovery.as_deref()
    }

    /// What is known of the budget.
    async fn budget(&self) -> Option<&str> {
        self.0.draft.evidence.budget.as_deref()
    }

    /// What the rules said, given by the server when the dispute was opened.
    async fn verdict(&self) -> DealVerdict {
        self.0.verdict.clone().into()
    }

    /// Number of the version of the rules by which it was judged.
    async fn rules_number(&self) -> i32 {
        self.0.rules
    }
}

/// Somebody who could be named to decide.
#[derive(SimpleObject)]
pub(crate) struct DisputeCandidate {
    /// The person.
    user: User,
    /// What ties the person to a side; null for somebody neutral, who alone can be named.
    tie: Option<String>,
}

impl Dispute {
    /// The side on which the viewer sees it; whoever holds this has been shown it.
    fn side(&self, ctx: &Context<'_>) -> Result<Side> {
        let side = app::side(ctx.signed_in()?, &self.0);
        Ok(side.ok_or_else(|| Problem::internal("a dispute that the viewer may not see"))?)
    }

    fn party(&self, ctx: &Context<'_>, of: Side) -> Result<Option<DisputeParty>> {
        let vendor = self.side(ctx)? == Side::Vendor;
        let party = self.0.party(of).filter(|_| vendor);
        Ok(party.map(|p| DisputeParty { partner: p.partner_id.clone(), deal: p.deal_id.clone() }))
    }
}

/// A dispute: a partner says that a verdict or a deal is wrong, and somebody who owns neither side decides by a deadline. The
/// partners see themselves and the arbiter, never each other.
#[Object]
impl Dispute {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Number that people say, as `S-17`.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Counts what the viewer's side was told; a change names the version that it was decided on.
    async fn version(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.0.version_for(self.side(ctx)?))
    }

    /// How far it is.
    async fn status(&self) -> DisputeStatus {
        self.0.status.into()
    }

    /// The viewer's own side.
    async fn viewer_side(&self, ctx: &Context<'_>) -> Result<DisputeSide> {
        Ok(self.side(ctx)?.into())
    }

    /// The customer as the one who complains wrote it; null for the other side, which finds its own in its deal.
    async fn customer_name(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok((self.side(ctx)? != Side::Respondent).then_some(self.0.customer.name.as_str()))
    }

    /// The products that the one who complains wants; empty for the other side.
    async fn products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        if self.side(ctx)? == Side::Respondent {
            return Ok(Vec::new());
        }
        let view = ctx.program().await?;
        let known = |id: &ProductId| view.program.product(id).cloned();
        Ok(self.0.product_ids.iter().filter_map(known).map(Product).collect())
    }

    /// The deal of the viewer's own side; null for the vendor, and where there is none.
    async fn own_deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        let side = self.side(ctx)?;
        deal(ctx, self.0.party(side).and_then(|p| p.deal_id.as_ref())).await
    }

    /// Who complains. For the vendor alone.
    async fn complainant(&self, ctx: &Context<'_>) -> Result<Option<DisputeParty>> {
        self.party(ctx, Side::Complainant)
    }

    /// The other side; null where no partner stands in the way, and it is about what the vendor decided. For the vendor alone.
    async fn respondent(&self, ctx: &Context<'_>) -> Result<Option<DisputeParty>> {
        self.party(ctx, Side::Respondent)
    }

    /// What was asked for, where it was opened from a verdict; null for the other side.
    async fn registration(&self, ctx: &Context<'_>) -> Result<Option<DisputedRegistration>> {
        let shown = self.side(ctx)? != Side::Respondent;
        Ok(self.0.contested.clone().filter(|_| shown).map(DisputedRegistration))
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When it last changed for the viewer's side.
    async fn updated_at(&self, ctx: &Context<'_>) -> Result<DateTime> {
        Ok(DateTime(self.0.updated_for(self.side(ctx)?)))
    }

    /// When it is to be decided, counted in business hours.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// When it was seen that the deadline had passed; null while it has not. It stays.
    async fn deadline_missed_at(&self) -> Option<DateTime> {
        self.0.missed.map(|m| DateTime(m.at))
    }

    /// Name of who decides; null until somebody is named.
    async fn arbiter_name(&self) -> Option<&str> {
        self.0.arbiter.as_ref().map(|a| a.name.as_str())
    }

    /// What was said to or by the viewer's side, oldest first, at most 100. The vendor reads everything.
    #[graphql(complexity = "10 * child_complexity")]
    async fn statements(&self, ctx: &Context<'_>) -> Result<Vec<DisputeStatement>> {
        let (side, app) = (self.side(ctx)?, ctx.app()?);
        Ok(self.0.statements_for(side).map(|s| DisputeStatement::of(app, &self.0.id, s)).collect())
    }

    /// The decision; null until it was made.
    async fn ruling(&self) -> Option<DisputeRuling> {
        self.0.ruling.as_ref().map(Into::into)
    }

    /// When it was taken back; null while it was not.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.taken_back.as_ref().map(|t| DateTime(t.at))
    }

    /// Why it was taken back; null for the other side.
    async fn withdrawal_reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let shown = self.side(ctx)? != Side::Respondent;
        Ok(self.0.taken_back.as_ref().filter(|_| shown).and_then(|t| t.reason.as_deref()))
    }

    /// Who could be named to decide, neutral people first, at most 1,000; empty for everybody who may not name one.
    #[graphql(complexity = "20 + 5 * child_complexity")]
    async fn candidates(&self, ctx: &Context<'_>) -> Result<Vec<DisputeCandidate>> {
        let found = app::candidates(ctx.app()?, ctx.signed_in()?, &self.0).await.map_err(Problem::from)?;
        let of = |c: app::Candidate| DisputeCandidate { user: User(std::sync::Arc::new(c.user)), tie: c.tie.map(str::to_owned) };
        Ok(found.into_iter().map(of).collect())
    }

    /// The file of the dispute: what happened to it and to the deals of both sides, oldest first, with who could see it and how
    /// the deals were right after it. A side has what it could see itself. At most some 4,500 moments.
    #[graphql(complexity = "50 + 20 * child_complexity")]
    async fn replay(&self, ctx: &Context<'_>) -> Result<Vec<DisputeMoment>> {
        let found = app::replay(ctx.app()?, ctx.signed_in()?, &self.0).await.map_err(Problem::from)?;
        let vendor = self.side(ctx)? == Side::Vendor;
        Ok(found.into_iter().map(|moment| DisputeMoment { moment, vendor }).collect())
    }

    /// What the viewer may do now; the same rules that the mutations apply.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<DisputeAction>> {
        let (side, actor) = (self.side(ctx)?, ctx.signed_in()?);
        if self.0.status != domain::DisputeStatus::Open {
            return Ok(Vec::new());
        }
        let resource = self.0.party(side).map_or(Resource::OfVendor, |p| Resource::OfPartner(&p.partner_id));
        let all = [
            (DisputeAction::State, ctx.may(Action::StateInDispute, resource)),
            (DisputeAction::NameArbiter, ctx.may(Action::DecideDispute, resource)),
            (DisputeAction::Decide, ctx.may(Action::DecideDispute, resource) && arbiter::is_arbiter(&self.0, actor)),
            (DisputeAction::Withdraw, side == Side::Complainant && ctx.may(Action::OpenDispute, resource)),
        ];
        Ok(all.into_iter().filter(|(_, may)| *may).map(|(action, _)| action).collect())
    }
}
