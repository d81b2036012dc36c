//! A deal and its customer.

use async_graphql::{Context, ID, Object, Result};
use entente_domain::deal::{allowed_actions, stage};
use entente_domain::policy::Action;
use entente_domain::{customer as customers, deal as domain};

use super::desk::{DealConflict, DealEvidence, DealProtection, conflicts};
use super::timeline::{DealTimelineConnection, timeline};
use super::types::{DealAction, DealSource, DealVerdict, RegistrationStatus};
use crate::context::Ask as _;
use crate::dispute::Dispute;
use crate::page::list_cost;
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::{DealStage, Money, Product, Territory};
use crate::record::{DealClock, RejectionReason};
use crate::routing::{DealRoute, shown};
use crate::scalar::{CountryCode, Date, DateTime};
use crate::user::User;

/// The customer of a deal.
pub(crate) struct Customer(pub(crate) customers::Customer);

/// The customer of a deal as the deal's partner wrote it. Two partners that name the same company have a record each.
#[Object]
impl Customer {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Name as the partner wrote it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Registrable domain, in lower case.
    async fn domain(&self) -> Option<&str> {
        self.0.domain.as_deref()
    }

    /// Where the customer is.
    async fn country(&self) -> Option<CountryCode> {
        CountryCode::known(self.0.country.as_deref())
    }

    /// Industry in the customer's or the importer's own words.
    async fn industry(&self) -> Option<&str> {
        self.0.industry.as_deref()
    }
}

/// A deal.
pub(crate) struct Deal(pub(crate) domain::Deal);

/// A deal: a registration (may this partner work it?) and a sale (how far is it?) on one record. Seen by the vendor and by
/// its own partner.
#[Object]
impl Deal {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Number that people say, as `D-1042`.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Counts changes, from 1; a change names the version that it was decided on.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it is about.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// How far the registration is.
    async fn status(&self) -> RegistrationStatus {
        self.0.status.into()
    }

    /// How far the sale is.
    async fn stage(&self, ctx: &Context<'_>) -> Result<DealStage> {
        Ok(DealStage::by_key(&ctx.program().await?.program, &self.0.stage, self.0.stage_category))
    }

    /// Whose deal it is.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Partner> {
        let partner = ctx.relations()?.partner(&self.0.partner_id).await?;
        Ok(Partner(partner.ok_or_else(|| Problem::internal(format!("{} has no partner", self.0.id)))?))
    }

    /// The customer: always there for a registration; an imported deal may lack it.
    async fn customer(&self) -> Option<Customer> {
        self.0.customer.clone().map(Customer)
    }

    /// Products it is about.
    async fn products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        let view = ctx.program().await?;
        Ok(self.0.product_ids.iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// Products within its bundles, as they were when it was registered: it is checked by them and claims them as well.
    async fn included_products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        if self.0.included.is_empty() {
            return Ok(Vec::new());
        }
        let view = ctx.program().await?;
        Ok(self.0.included.iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// Value as given.
    async fn value(&self) -> Money {
        (&self.0.value).into()
    }

    /// When the partner expects to close.
    async fn expected_close_on(&self) -> Option<Date> {
        self.0.expected_close_on.map(Date)
    }

    /// When it was won or lost.
    async fn closed_on(&self) -> Option<Date> {
        self.0.closed_on.map(Date)
    }

    /// Number of the version of the program's rules that it was judged under; it keeps it when the rules change.
    async fn rules_number(&self) -> i32 {
        self.0.judged.rules
    }

    /// The person at the customer, as the partner named them; null where nobody was named.
    async fn contact_name(&self) -> Option<&str> {
        self.0.evidence.contact.as_deref()
    }

    /// What the partner has found out and agreed; null where nothing was said.
    async fn description(&self) -> Option<&str> {
        self.0.evidence.description.as_deref()
    }

    /// What happens next.
    async fn next_step(&self) -> Option<&str> {
        self.0.next_step.as_deref()
    }

    /// The vendor's channel manager for it.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.0.manager_id.as_ref()).await?.map(User))
    }

    /// When it came into being.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// The vendor's clock on the registration, for both sides; null for imported deals.
    async fn clock(&self, ctx: &Context<'_>) -> Result<Option<DealClock>> {
        let now = ctx.app()?.now();
        Ok(DealClock::of(&self.0, ctx.moment().unwrap_or(now)))
    }

    /// What kind of reason a rejection was given; null where nobody said, and for everything else.
    async fn rejection_reason(&self) -> Option<RejectionReason> {
        self.0.deadline.reason.map(Into::into)
    }

    /// When the vendor owes an answer, counted in business hours; null once decided, and while the partner owes one.
    async fn decision_due_at(&self) -> Option<DateTime> {
        self.0.decision_due_at.map(DateTime)
    }

    /// Until when nobody else can win approval for this customer and product; null when it holds no claim.
    async fn protected_until(&self) -> Option<DateTime> {
        self.0.protected_until.map(DateTime)
    }

    /// What the partner brought along to show that the deal is its own.
    async fn evidence(&self) -> DealEvidence {
        DealEvidence(self.0.clone())
    }

    /// How it is protected; null when it never was, and once protection has ended other than by a release.
    async fn protection(&self) -> Option<DealProtection> {
        (self.0.is_protected() || self.0.protection.released.is_some()).then(|| DealProtection(self.0.clone()))
    }

    /// Number of the version of the rules that it was judged under.
    async fn rules_version(&self) -> i32 {
        self.0.judged.rules
    }

    /// What stands beside it: other partners' deals and the vendor's own opportunities that touch the same customer and products,
    /// the heaviest first. Only the vendor sees it; empty for a partner.
    #[graphql(complexity = "30 + 5 * child_complexity")]
    async fn conflicts(&self, ctx: &Context<'_>) -> Result<Vec<DealConflict>> {
        conflicts(ctx, &self.0).await
    }

    /// Of which company the customer is a subsidiary; only the vendor sees it.
    #[graphql(complexity = 5)]
    async fn customer_parent(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let (Some(actor), None) = (ctx.actor(), ctx.moment()) else { return Ok(None) };
        Ok(entente_app::deal::customer_parent(ctx.app()?, actor, &self.0).await.map_err(Problem::from)?)
    }

    /// What happened, newest first. Internal notes are there for the vendor only.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealTimelineConnection> {
        timeline(ctx, &self.0, first, after).await
    }

    /// What the viewer may do now; the same rules that the mutations apply.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<DealAction>> {
        let (Some(actor), None) = (ctx.actor(), ctx.moment()) else { return Ok(Vec::new()) };
        let turn = entente_app::routing::may_decide(ctx.app()?, actor, &self.0).await.map_err(Problem::from)?;
        let waits = |a: &domain::DealAction| !turn && a.right() == Action::DecideDeal && a.decides();
        Ok(allowed_actions(&self.0, actor).into_iter().filter(|a| !waits(a)).map(Into::into).collect())
    }

    /// Who approves the registration, one after the other. Null for imported deals, and for partners where the rule does not share
    /// it.
    async fn route(&self, ctx: &Context<'_>) -> Option<DealRoute> {
        shown(ctx, &self.0)
    }

    /// Where it came from.
    async fn source(&self) -> DealSource {
        self.0.source.into()
    }

    /// The lead that it came of; null for a deal that came of none, and where the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Result<Option<crate::lead::Lead>> {
        let (Some(id), Some(actor)) = (&self.0.origin.lead_id, ctx.actor()) else { return Ok(None) };
        Ok(entente_app::lead::get(ctx.app()?, actor, id.as_str()).await.map_err(Problem::from)?.map(crate::lead::Lead))
    }

    /// What marketing brought it: the source of its lead, as it was; null for a deal that came of no lead.
    async fn marketing_source(&self) -> Option<crate::lead::LeadSource> {
        self.0.origin.source.clone().map(Into::into)
    }

    /// Who registered it; null for an import.
    async fn registered_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.0.registered_by.as_ref()).await?.map(User))
    }

    /// The value in the program's currency, by the rate stored with the deal.
    async fn value_in_program_currency(&self) -> Money {
        (&self.0.base_value).into()
    }

    /// The vendor's open question to the partner.
    async fn open_question(&self) -> Option<&str> {
        self.0.open_question.as_deref()
    }

    /// Why it was rejected or withdrawn; the note of an approval.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// When it was approved, rejected, withdrawn or expired.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Stages it may move to now, in the order of the sale.
    async fn next_stages(&self, ctx: &Context<'_>) -> Result<Vec<DealStage>> {
        if ctx.moment().is_some() {
            return Ok(Vec::new());
        }
        let view = ctx.program().await?;
        let next = stage::next_stages(&self.0, &view.program);
        Ok(next.into_iter().map(|s| DealStage::by_key(&view.program, &s.key, s.category)).collect())
    }

    /// The partner's territory when it was registered.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        let Some(key) = &self.0.territory else { return Ok(None) };
        Ok(Some(Territory::by_key(&ctx.program().await?.program.territories, key)))
    }

    /// Disputes about it that the viewer may see, the last opened first, at most 20. A side sees its own part of them.
    #[graphql(complexity = "20 + 5 * child_complexity")]
    async fn disputes(&self, ctx: &Context<'_>) -> Result<Vec<Dispute>> {
        let Some(actor) = ctx.actor() else { return Ok(Vec::new()) };
        let found = entente_app::dispute::of_deal(ctx.app()?, actor, &self.0).await.map_err(Problem::from)?;
        Ok(found.into_iter().map(Dispute).collect())
    }

    /// What the rules say about it now, for the one who decides; null for everybody else and once decided.
    #[graphql(complexity = "20 + child_complexity")]
    async fn verdict(&self, ctx: &Context<'_>) -> Result<Option<DealVerdict>> {
        if ctx.moment().is_some() {
            return Ok(None);
        }
        Ok(ctx.relations()?.verdict(&self.0).await?.map(DealVerdict::from))
    }
}
