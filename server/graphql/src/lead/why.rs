//! Why a lead went where it went: every partner that was looked at, with each factor.

use async_graphql::{Context, Enum, Object, Result};
use entente_domain::lead::route as domain;
use entente_domain::lead::routing as rules;

use crate::context::Ask as _;
use crate::partner::Partner;
use crate::program::Territory;
use crate::scalar::DateTime;

/// By what a partner was found for a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Basis")]
pub(crate) enum LeadBasis {
    /// The person asked for this partner.
    AskedFor,
    /// The firm is pinned to the partner.
    Pinned,
    /// A rule, in the lead's own territory or any.
    Rule,
    /// A rule, in a neighbouring territory, for nobody was left in the lead's own.
    Neighbour,
    /// Somebody of the vendor chose.
    ByHand,
    /// No partner: the vendor's own person.
    Vendor,
}

/// What a partner was looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Factor")]
pub(crate) enum LeadFactor {
    /// Is it active in the program?
    Active,
    /// Has it not said no, or nothing, before?
    NotTried,
    /// Does it work in the territory?
    Territory,
    /// Does it serve the vertical?
    Vertical,
    /// Has it the competencies?
    Competencies,
    /// Is it of one of the tiers?
    Tier,
    /// Does its tier count at all?
    Weight,
    /// Has it room for one more?
    Capacity,
    /// Has it been active of late?
    Activity,
}

/// How one of several partners is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rules::Strategy")]
pub(crate) enum LeadStrategy {
    /// Whoever is furthest behind the share that the weights give it.
    FairShare,
    /// By lot, each with the chance that its weight gives it.
    Random,
    /// No partner: the vendor's own person.
    Vendor,
}

/// A partner that was looked at for a lead.
pub(crate) struct LeadCandidate(domain::Considered);

/// A partner that was looked at for a lead, and why it was in or out.
#[Object]
impl LeadCandidate {
    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner(&self.0.partner_id).await?.map(Partner))
    }

    /// Whether it got the lead.
    async fn chosen(&self) -> bool {
        self.0.chosen
    }

    /// Factors that it passed.
    async fn passed(&self) -> Vec<LeadFactor> {
        self.0.passed.iter().copied().map(Into::into).collect()
    }

    /// Factors that kept it out; empty for one that might have got it.
    async fn failed(&self) -> Vec<LeadFactor> {
        self.0.failed.iter().copied().map(Into::into).collect()
    }

    /// Its weight, 0 to 100.
    async fn weight(&self) -> i32 {
        whole(self.0.weight)
    }

    /// Its credit before, where shares decided: the higher, the further behind its share it was.
    async fn credit(&self) -> Option<i32> {
        self.0.credit.map(whole)
    }

    /// Leads that it had open.
    async fn open_leads(&self) -> i32 {
        whole(self.0.open_leads)
    }

    /// Days since its people last did something; null where nobody looked or nothing is known.
    async fn idle_days(&self) -> Option<i32> {
        self.0.idle_days.map(whole)
    }
}

fn whole(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX })
}

/// Why a lead went where it went.
pub(crate) struct LeadWhy(pub(crate) domain::Why);

/// Why a lead went where it went, one time.
#[Object]
impl LeadWhy {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By what.
    async fn basis(&self) -> LeadBasis {
        self.0.basis.into()
    }

    /// Number of the version of the routing rules.
    async fn routing_number(&self) -> i32 {
        self.0.routing
    }

    /// Name of the rule that counted; null where none did.
    async fn rule(&self) -> Option<&str> {
        self.0.rule.as_deref()
    }

    /// How that rule chooses.
    async fn strategy(&self) -> Option<LeadStrategy> {
        self.0.strategy.map(Into::into)
    }

    /// Territory in which partners were looked for at last.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        let Some(key) = &self.0.territory else { return Ok(None) };
        Ok(Some(Territory::by_key(&ctx.program().await?.program.territories, key)))
    }

    /// The partner that got it; null where the vendor's own person takes it.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner_opt(self.0.partner_id.as_ref()).await?.map(Partner))
    }

    /// Partners that were looked at, first those that might have got it; a partner sees itself only.
    async fn candidates(&self) -> Vec<LeadCandidate> {
        self.0.candidates.iter().cloned().map(LeadCandidate).collect()
    }
}
