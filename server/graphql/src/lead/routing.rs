//! The rules by which leads find a partner: reading and saving them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entente_app::lead::{self as app, RoutingProposal};
use entente_domain::lead::routing as domain;

use super::error::errors;
use super::why::LeadStrategy;
use crate::context::Ask as _;
use crate::page::{connection, list_cost};
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::Product;
use crate::scalar::{CountryCode, DateTime};
use crate::user::User;
use crate::user_error::{LeadError, LeadErrorCode, UserError};

/// How much the partners of a tier count.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "LeadTierWeightInput")]
pub(crate) struct LeadTierWeight {
    /// Tier key.
    tier: String,
    /// 0 to 100; 0 leaves the tier out.
    weight: i32,
}

/// Where a territory is.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "LeadRegionInput")]
pub(crate) struct LeadRegion {
    /// Territory key.
    territory: String,
    /// Countries in it; a country is in one territory.
    countries: Vec<CountryCode>,
    /// Territory keys that are asked when nobody is left, nearest first.
    neighbours: Vec<String>,
}

/// A rule of lead routing.
pub(crate) struct LeadRule(domain::Rule);

fn whole(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// A rule of lead routing. Of all rules the first one whose conditions a lead meets counts.
#[Object]
impl LeadRule {
    /// Name, unique in its version.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The lead's territory is one of these; empty for any.
    async fn territories(&self) -> &[String] {
        &self.0.territories
    }

    /// One of the lead's products is one of these; empty for any.
    async fn products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        let view = ctx.program().await?;
        Ok(self.0.products.iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// The lead's vertical is one of these; empty for any.
    async fn verticals(&self) -> &[String] {
        &self.0.verticals
    }

    /// How one of the partners is chosen.
    async fn strategy(&self) -> LeadStrategy {
        self.0.strategy.into()
    }

    /// Whether the partner has to work in the lead's territory.
    async fn same_territory(&self) -> bool {
        self.0.same_territory
    }

    /// Whether the partner has to serve the lead's vertical.
    async fn same_vertical(&self) -> bool {
        self.0.same_vertical
    }

    /// Competencies of which the partner has to have all.
    async fn competencies(&self) -> &[String] {
        &self.0.competencies
    }

    /// Tiers of which the partner has to have one; empty for any.
    async fn tiers(&self) -> &[String] {
        &self.0.tiers
    }

    /// Weights by tier; a tier that is not named, or none, counts 1.
    async fn weights(&self) -> Vec<LeadTierWeight> {
        self.0.weights.iter().map(|w| LeadTierWeight { tier: w.tier.clone(), weight: whole(w.weight) }).collect()
    }

    /// Most leads that a partner may have open at once; null for any number.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity.map(whole)
    }

    /// Within how many days the partner has to have been active; null for ever.
    async fn active_days(&self) -> Option<i32> {
        self.0.active_days.map(whole)
    }

    /// Within how many business hours the partner has to answer; null for the version's own.
    async fn window_hours(&self) -> Option<i32> {
        self.0.window_hours.map(whole)
    }

    /// Whether partners of neighbouring territories are asked when nobody is left in the lead's own.
    async fn neighbours(&self) -> bool {
        self.0.neighbours
    }
}

/// A firm whose leads always go to one partner.
pub(crate) struct LeadPin(domain::Pin);

/// A firm whose leads always go to one partner.
#[Object]
impl LeadPin {
    /// Host name of the firm; subdomains count too.
    async fn domain(&self) -> &str {
        &self.0.domain
    }

    /// The partner.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner(&self.0.partner_id).await?.map(Partner))
    }
}

/// A version of the rules of lead routing.
pub(crate) struct LeadRouting(domain::LeadRouting);

/// A version of the rules by which leads find a partner. Seen by the vendor's staff.
#[Object]
impl LeadRouting {
    /// Its number, from 1; 0 before anybody saved one.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The rules, in order; at most 50.
    async fn rules(&self) -> Vec<LeadRule> {
        self.0.set.rules.iter().cloned().map(LeadRule).collect()
    }

    /// Firms with a partner of their own, before any rule; at most 1,000.
    async fn pins(&self, ctx: &Context<'_>) -> Result<Vec<LeadPin>> {
        let partners = self.0.set.pins.iter().map(|p| p.partner_id.clone()).collect();
        ctx.relations()?.preload(partners, Vec::new()).await?;
        Ok(self.0.set.pins.iter().cloned().map(LeadPin).collect())
    }

    /// Where territories are.
    async fn regions(&self) -> Vec<LeadRegion> {
        let of = |r: &domain::Region| LeadRegion {
            territory: r.territory.clone(),
            countries: r.countries.iter().filter_map(|c| CountryCode::known(Some(c))).collect(),
            neighbours: r.neighbours.clone(),
        };
        self.0.set.regions.iter().map(of).collect()
    }

    /// Within how many business hours a partner has to answer.
    async fn window_hours(&self) -> i32 {
        whole(self.0.set.window_hours)
    }

    /// Within how many business hours the owner has to be in touch with the person.
    async fn follow_up_hours(&self) -> i32 {
        whole(self.0.set.follow_up_hours)
    }

    /// For how many days another enquiry of the same person for the same product joins the first.
    async fn duplicate_days(&self) -> i32 {
        whole(self.0.set.duplicate_days)
    }

    /// The vendor's person who takes care when no partner is left.
    async fn fallback_person(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.0.set.fallback_user.as_ref()).await?.map(User))
    }

    /// Why it was saved.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Who saved it, by the name of that time.
    async fn saved_by(&self) -> &str {
        &self.0.by.name
    }

    /// When.
    async fn saved_at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

connection!(LeadRoutingConnection, LeadRoutingEdge, LeadRouting, "version of lead routing");

/// A rule of lead routing. Lists that are left out are empty.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadRuleInput {
    /// Name, unique among the rules, 1 to 200 characters.
    name: String,
    /// The lead's territory is one of these keys; any if left out.
    territories: Option<Vec<String>>,
    /// One of the lead's products is one of these; any if left out.
    product_ids: Option<Vec<ID>>,
    /// The lead's vertical is one of these keys; any if left out.
    verticals: Option<Vec<String>>,
    /// How one of the partners is chosen.
    strategy: LeadStrategy,
    /// Whether the partner has to work in the lead's territory.
    same_territory: bool,
    /// Whether the partner has to serve the lead's vertical.
    same_vertical: bool,
    /// Competencies of which the partner has to have all.
    competencies: Option<Vec<String>>,
    /// Tiers of which the partner has to have one; any if left out.
    tiers: Option<Vec<String>>,
    /// Weights by tier; a tier that is not named, or none, counts 1.
    weights: Option<Vec<LeadTierWeight>>,
    /// Most leads that a partner may have open at once, 1 to 10,000; any number if left out.
    capacity: Option<i32>,
    /// Within how many days the partner has to have been active, 1 to 3,650; ever if left out.
    active_days: Option<i32>,
    /// Within how many business hours the partner has to answer, 1 to 400; the version's own if left out.
    window_hours: Option<i32>,
    /// Whether partners of neighbouring territories are asked when nobody is left in the lead's own.
    neighbours: bool,
}

/// A firm whose leads always go to one partner.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadPinInput {
    /// Host name of the firm; subdomains count too.
    domain: String,
    /// The partner; it must be active.
    partner_id: ID,
}

/// The next version of the rules by which leads find a partner.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadRoutingSaveInput {
    /// Number of the version that it was made from.
    expected_number: i32,
    /// The rules, in order: the first whose conditions a lead meets counts; at most 50.
    rules: Vec<LeadRuleInput>,
    /// Firms with a partner of their own, before any rule; at most 1,000.
    pins: Option<Vec<LeadPinInput>>,
    /// Where territories are.
    regions: Option<Vec<LeadRegion>>,
    /// Within how many business hours a partner has to answer, 1 to 400.
    window_hours: i32,
    /// Within how many business hours the owner has to be in touch with the person, 1 to 400.
    follow_up_hours: i32,
    /// For how many days another enquiry of the same person for the same product joins the first, 0 to 365.
    duplicate_days: i32,
    /// The vendor's person who takes care when no partner is left.
    fallback_user_id: Option<ID>,
    /// Why, at most 4,000 characters.
    note: Option<String>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

fn rule(i: usize, r: LeadRuleInput, wrong: &mut Vec<UserError>) -> domain::Rule {
    let mut products = Vec::new();
    for id in r.product_ids.unwrap_or_default() {
        match id.parse() {
            Ok(id) => products.push(id),
            Err(_) => {
                let path = ["input", "rules", &i.to_string(), "productIds"];
                wrong.push(LeadError::of(LeadErrorCode::ProductUnknown, &path, "productIds must name products of the program."));
            }
        }
    }
    domain::Rule {
        name: r.name,
        territories: r.territories.unwrap_or_default(),
        products,
        verticals: r.verticals.unwrap_or_default(),
        strategy: r.strategy.into(),
        same_territory: r.same_territory,
        same_vertical: r.same_vertical,
        competencies: r.competencies.unwrap_or_default(),
        tiers: r.tiers.unwrap_or_default(),
        weights: r.weights.unwrap_or_default().into_iter().map(|w| domain::TierWeight { tier: w.tier, weight: w.weight.into() }).collect(),
        capacity: r.capacity.map(Into::into),
        active_days: r.active_days.map(Into::into),
        window_hours: r.window_hours.map(Into::into),
        neighbours: r.neighbours,
    }
}

impl LeadRoutingSaveInput {
    /// The proposal; or what cannot even be read of it.
    fn into_app(self) -> Result<RoutingProposal, Vec<UserError>> {
        let mut wrong = Vec::new();
        let rules = self.rules.into_iter().enumerate().map(|(i, r)| rule(i, r, &mut wrong)).collect();
        let mut pins = Vec::new();
        for (i, pin) in self.pins.unwrap_or_default().into_iter().enumerate() {
            match pin.partner_id.parse() {
                Ok(partner_id) => pins.push(domain::Pin { domain: pin.domain, partner_id }),
                Err(_) => {
                    let path = ["input", "pins", &i.to_string(), "partnerId"];
                    wrong.push(LeadError::of(LeadErrorCode::PartnerNotActive, &path, "partnerId must name a partner that is active."));
                }
            }
        }
        let region = |r: LeadRegion| domain::Region {
            territory: r.territory,
            countries: r.countries.into_iter().map(|c| c.0).collect(),
            neighbours: r.neighbours,
        };
        let fallback_user = match self.fallback_user_id.map(|id| id.parse()).transpose() {
            Ok(id) => id,
            Err(_) => {
                let message = "fallbackUserId must name an active person of the vendor.";
                wrong.push(LeadError::of(LeadErrorCode::PersonUnknown, &["input", "fallbackUserId"], message));
                None
            }
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let set = domain::RoutingSet {
            rules,
            pins,
            regions: self.regions.unwrap_or_default().into_iter().map(region).collect(),
            window_hours: self.window_hours.into(),
            follow_up_hours: self.follow_up_hours.into(),
            duplicate_days: self.duplicate_days.into(),
            fallback_user,
        };
        Ok(RoutingProposal { set, note: self.note, expected_number: self.expected_number })
    }
}

/// What became of saving routing rules.
#[derive(SimpleObject)]
pub(crate) struct LeadRoutingPayload {
    /// The version, in force from now on; null when there are errors.
    routing: Option<LeadRouting>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of lead routing.
#[derive(Default)]
pub(crate) struct LeadRoutingMutation;

#[Object]
impl LeadRoutingMutation {
    /// Saves the next version of the rules by which leads find a partner; it is in force at once. Administrators of the vendor only.
    async fn lead_routing_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version.")] input: LeadRoutingSaveInput,
    ) -> Result<LeadRoutingPayload> {
        let (entente, actor) = (ctx.app()?, ctx.signed_in()?);
        let may = ctx.may(entente_domain::policy::Action::ManageLeadRouting, entente_domain::policy::Resource::OfVendor);
        let key = input.idempotency_key.clone();
        let proposal = match input.into_app() {
            Ok(proposal) => proposal,
            // Who may not save learns that first.
            Err(errors) if may => return Ok(LeadRoutingPayload { routing: None, errors }),
            Err(_) => {
                let error = LeadError::of(LeadErrorCode::NotAllowed, &[], "Only administrators of the program change the routing of leads.");
                return Ok(LeadRoutingPayload { routing: None, errors: vec![error] });
            }
        };
        match app::save(entente, actor, &proposal, key.as_deref()).await {
            Ok(routing) => Ok(LeadRoutingPayload { routing: Some(LeadRouting(routing)), errors: Vec::new() }),
            Err(refused) => Ok(LeadRoutingPayload { routing: None, errors: errors(refused, &["input"])? }),
        }
    }
}

/// Root fields of lead routing.
#[derive(Default)]
pub(crate) struct LeadRoutingQuery;

#[Object]
impl LeadRoutingQuery {
    /// The rules by which leads find a partner, as they are in force or as they were. The vendor's staff only; FORBIDDEN for
    /// everybody else.
    async fn lead_routing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the version; the one in force if left out.")] number: Option<i32>,
    ) -> Result<Option<LeadRouting>> {
        let (entente, actor) = (ctx.app()?, ctx.signed_in()?);
        let found = match number {
            None => app::current(entente, actor).await.map(Some),
            Some(number) => app::routing_at(entente, actor, number).await,
        };
        Ok(found.map_err(Problem::from)?.map(LeadRouting))
    }

    /// Versions of the rules by which leads find a partner, newest first. The vendor's staff only; FORBIDDEN for everybody else.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn lead_routings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<LeadRoutingConnection> {
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = app::versions(ctx.app()?, ctx.signed_in()?, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(LeadRoutingConnection::of(page.map(LeadRouting)))
    }
}
