//! A lead.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_domain::lead as domain;

use super::why::LeadWhy;
use crate::context::Ask as _;
use crate::deal::{Deal, FieldChange};
use crate::page::{connection, list_cost};
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::{Money, Product, Term, Territory};
use crate::scalar::{CountryCode, DateTime};
use crate::user::User;

/// How far a lead is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::LeadStatus")]
pub(crate) enum LeadStatus {
    /// Held back by the vendor; nobody has it yet.
    New,
    /// A partner has it and has to say yes or no before the window ends.
    Assigned,
    /// The partner said yes and follows it up.
    Accepted,
    /// A deal came of it.
    Converted,
    /// It came to nothing.
    Closed,
    /// No partner is left for it; the vendor's own person takes care.
    Unrouted,
}

/// Which side owes the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OwnerSide")]
pub(crate) enum LeadOwnerSide {
    /// The vendor's own people.
    Vendor,
    /// The partner that has it.
    Partner,
}

/// The way by which a lead came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Intake")]
pub(crate) enum LeadIntake {
    /// A person or program of the vendor wrote it down.
    Api,
    /// Somebody asked through the public form.
    Form,
    /// It stood in a file.
    Csv,
}

/// What kind of marketing brought a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SourceKind")]
pub(crate) enum LeadSourceKind {
    /// The directory of partners.
    Directory,
    /// A website.
    Website,
    /// A campaign, its kit or its landing page.
    Campaign,
    /// A fair, a webinar, a visit.
    Event,
    /// Somebody recommended it.
    Referral,
    /// Somebody called or wrote first.
    Outbound,
    /// Anything else.
    Other,
}

/// What can be done with a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::LeadAction")]
pub(crate) enum LeadAction {
    /// Take it.
    Accept,
    /// Say no.
    Decline,
    /// Give it to a partner by hand.
    Assign,
    /// Let the rules find a partner.
    Route,
    /// Make a deal of it.
    Convert,
    /// Say that it came to nothing.
    Close,
    /// Write down that somebody was in touch, or a note.
    Note,
}

/// Why a partner says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DeclineCode")]
pub(crate) enum LeadDeclineReason {
    /// No people for it now.
    NoCapacity,
    /// Outside the region that the partner works in.
    OutOfTerritory,
    /// Not what the partner sells or can do.
    NotOurField,
    /// The partner may not or will not work for this firm.
    Conflict,
    /// The firm is too small for the partner.
    TooSmall,
    /// Anything else; the text says what.
    Other,
}

/// Why a lead is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CloseCode")]
pub(crate) enum LeadCloseReason {
    /// Nobody could be reached.
    NotReachable,
    /// No need, no budget, or no time.
    NoInterest,
    /// No buyer: a student, a seller, a joke.
    NotABuyer,
    /// The same as another lead.
    Duplicate,
    /// Bought from somebody else.
    BoughtElsewhere,
    /// Anything else; the text says what.
    Other,
}

/// What became of an offer of a lead to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Outcome")]
pub(crate) enum LeadOfferOutcome {
    /// The partner has it and has not answered yet.
    Open,
    /// The partner took it.
    Accepted,
    /// The partner said no.
    Declined,
    /// The window ended without an answer.
    Lapsed,
    /// The vendor took it back.
    Withdrawn,
}

/// Where the marketing found a lead. Written once: it goes on to the deal as it is.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct LeadSource {
    /// What kind of marketing.
    kind: LeadSourceKind,
    /// Name of the campaign.
    campaign: Option<String>,
    /// Key of the kit.
    kit: Option<String>,
    /// `utm_source` of the link.
    utm_source: Option<String>,
    /// `utm_medium` of the link.
    utm_medium: Option<String>,
    /// `utm_campaign` of the link.
    utm_campaign: Option<String>,
}

impl From<domain::LeadSource> for LeadSource {
    fn from(s: domain::LeadSource) -> Self {
        Self {
            kind: s.kind.into(),
            campaign: s.campaign,
            kit: s.kit,
            utm_source: s.utm_source,
            utm_medium: s.utm_medium,
            utm_campaign: s.utm_campaign,
        }
    }
}

/// Another enquiry of the same person for the same product.
#[derive(SimpleObject)]
pub(crate) struct LeadEnquiry {
    /// When.
    at: DateTime,
    /// What was written.
    message: Option<String>,
    /// What brought it this time; the lead keeps its first source.
    source: LeadSource,
}

/// One offer of a lead to a partner.
pub(crate) struct LeadOffer(domain::Assignment);

/// One offer of a lead to a partner. A partner sees its own offers only.
#[Object]
impl LeadOffer {
    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner(&self.0.partner_id).await?.map(Partner))
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// When the partner has to have answered, counted in business hours.
    async fn until(&self) -> DateTime {
        DateTime(self.0.until)
    }

    /// What became of it.
    async fn outcome(&self) -> LeadOfferOutcome {
        self.0.outcome.into()
    }

    /// When that was.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Why the partner said no.
    async fn decline_reason(&self) -> Option<LeadDeclineReason> {
        self.0.decline.map(Into::into)
    }

    /// What the partner wrote.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }
}

/// Something that happened to a lead.
pub(crate) struct LeadTimelineEntry(pub(crate) entente_domain::event::Event);

/// Something that happened to a lead; never changed and never removed. A partner reads what concerns itself or nobody.
#[Object]
impl LeadTimelineEntry {
    /// Id of the event.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What happened, as `LEAD_ACCEPTED`; new kinds may come.
    async fn kind(&self) -> &str {
        self.0.kind.name()
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.occurred_at)
    }

    /// Who did it, by the name of that time; the program's own name for a clock.
    async fn actor_name(&self) -> &str {
        &self.0.actor.name
    }

    /// The partner that it concerned; null when it was the vendor's.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        let entente_domain::event::Subject::Lead { partner_id, .. } = &self.0.subject else { return Ok(None) };
        Ok(ctx.relations()?.partner_opt(partner_id.as_ref()).await?.map(Partner))
    }

    /// What was written, where something was.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// What happened in a few words of English.
    async fn sentence(&self) -> &str {
        self.0.kind.sentence()
    }

    /// Fields that changed.
    async fn changes(&self) -> Vec<FieldChange> {
        self.0.changes.iter().map(Into::into).collect()
    }
}

connection!(LeadTimelineConnection, LeadTimelineEdge, LeadTimelineEntry, "event of a lead");
connection!(counted LeadConnection, LeadEdge, Lead, "lead");

/// A lead.
pub(crate) struct Lead(pub(crate) domain::Lead);

/// Somebody who may buy, on the way to whoever takes care of them. The vendor's staff sees all; a partner's people those that
/// their partner has.
#[Object]
impl Lead {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Number that people say, as `L-1042`.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Counts changes, from 1; a change names the version that it was decided on.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How far it is.
    async fn status(&self) -> LeadStatus {
        self.0.status.into()
    }

    /// Name of the person.
    async fn name(&self) -> &str {
        &self.0.person.name
    }

    /// E-mail address of the person, in lower case.
    async fn email(&self) -> &str {
        &self.0.person.email
    }

    /// Telephone number as written.
    async fn phone(&self) -> Option<&str> {
        self.0.person.phone.as_deref()
    }

    /// Name of the firm.
    async fn company(&self) -> &str {
        &self.0.firm.name
    }

    /// Host name of the firm.
    async fn domain(&self) -> Option<&str> {
        self.0.firm.domain.as_deref()
    }

    /// Where the firm is.
    async fn country(&self) -> Option<CountryCode> {
        CountryCode::known(self.0.firm.country.as_deref())
    }

    /// What was asked.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// By which way it came in.
    async fn intake(&self) -> LeadIntake {
        self.0.intake.into()
    }

    /// What brought it; never changed.
    async fn source(&self) -> LeadSource {
        self.0.source.clone().into()
    }

    /// The text by which the person agreed to be contacted; null where that was not asked.
    async fn consent_text(&self) -> Option<&str> {
        self.0.consent.as_ref().map(|c| c.text.as_str())
    }

    /// When the person agreed to be contacted.
    async fn consent_at(&self) -> Option<DateTime> {
        self.0.consent.as_ref().map(|c| DateTime(c.at))
    }

    /// Products of interest.
    async fn products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        let view = ctx.program().await?;
        Ok(self.0.product_ids.iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// The firm's industry.
    async fn vertical(&self, ctx: &Context<'_>) -> Result<Option<Term>> {
        let Some(key) = &self.0.vertical else { return Ok(None) };
        Ok(Some(Term::by_key(&ctx.program().await?.program.verticals, key)))
    }

    /// The territory, as given or by the country.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        let Some(key) = &self.0.territory else { return Ok(None) };
        Ok(Some(Territory::by_key(&ctx.program().await?.program.territories, key)))
    }

    /// What it may be worth.
    async fn value(&self) -> Option<Money> {
        self.0.value.as_ref().map(Into::into)
    }

    /// The partner that has it; null while the vendor has it.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner_opt(self.0.partner_id.as_ref()).await?.map(Partner))
    }

    /// Which side owes the next step.
    async fn owner(&self) -> LeadOwnerSide {
        self.0.owner.into()
    }

    /// The vendor's person for it while the vendor has it.
    async fn vendor_person(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.0.vendor_user.as_ref()).await?.map(User))
    }

    /// By when the owner has to have done the next step; null once nothing is owed.
    async fn follow_up_at(&self) -> Option<DateTime> {
        self.0.follow_up_at.map(DateTime)
    }

    /// When the partner that has it has to have answered; null when no answer is owed.
    async fn window_ends_at(&self) -> Option<DateTime> {
        self.0.window_ends_at.map(DateTime)
    }

    /// When somebody was first in touch with the person.
    async fn contacted_at(&self) -> Option<DateTime> {
        self.0.contacted_at.map(DateTime)
    }

    /// Every offer to a partner that the viewer may see, oldest first; at most 20.
    async fn offers(&self, ctx: &Context<'_>) -> Vec<LeadOffer> {
        let own = ctx.actor().and_then(|a| a.partner_id.as_ref());
        self.0.assignments.iter().filter(|a| own.is_none_or(|own| a.partner_id == *own)).cloned().map(LeadOffer).collect()
    }

    /// Further enquiries of the same person for the same product, oldest first; at most 20.
    async fn enquiries(&self) -> Vec<LeadEnquiry> {
        let of = |e: domain::Enquiry| LeadEnquiry { at: DateTime(e.at), message: e.message, source: e.source.into() };
        self.0.enquiries.iter().cloned().map(of).collect()
    }

    /// The deal that came of it, as far as the viewer may see it.
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        let (Some(id), Some(actor)) = (&self.0.deal_id, ctx.actor()) else { return Ok(None) };
        Ok(entente_app::deal::get(ctx.app()?, actor, id.as_str()).await.map_err(Problem::from)?.map(Deal))
    }

    /// Why it is closed.
    async fn close_reason(&self) -> Option<LeadCloseReason> {
        self.0.closing.as_ref().map(|c| c.code.into())
    }

    /// Why it is closed, in words.
    async fn close_text(&self) -> Option<&str> {
        self.0.closing.as_ref().and_then(|c| c.text.as_deref())
    }

    /// When it came in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Why it went where it went, oldest first; at most the last 50 times. The vendor reads everything; a partner reads why it
    /// came to itself, and nothing of others.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn whys(&self, ctx: &Context<'_>) -> Result<Vec<LeadWhy>> {
        let Some(actor) = ctx.actor() else { return Ok(Vec::new()) };
        let whys = entente_app::lead::whys(ctx.app()?, actor, &self.0).await.map_err(Problem::from)?;
        if ctx.look_ahead().field("candidates").field("partner").exists() {
            let partners = whys.iter().flat_map(|w| w.candidates.iter().map(|c| c.partner_id.clone())).collect();
            ctx.relations()?.preload(partners, Vec::new()).await?;
        }
        Ok(whys.into_iter().map(LeadWhy).collect())
    }

    /// What happened, newest first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<LeadTimelineConnection> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = entente_app::lead::timeline(ctx.app()?, actor, &self.0, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(LeadTimelineConnection::of(page.map(LeadTimelineEntry)))
    }

    /// What the viewer may do now; the same rules that the mutations apply.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<LeadAction> {
        ctx.actor().map(|actor| domain::allowed_actions(&self.0, actor).into_iter().map(Into::into).collect()).unwrap_or_default()
    }
}
