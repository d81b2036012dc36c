//! The routing table, absences and desks.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::program::ProgramView;
use entente_app::routing::RoutingView;
use entente_domain::routing as domain;
use entente_domain::routing::check::unreachable;

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::program::{Money, Product, Territory, Tier};
use crate::scalar::{CountryCode, Date, DateTime};
use crate::user::User;

/// A version of the routing table, with what it was read with.
pub(crate) struct Routing {
    table: domain::RoutingTable,
    view: Arc<ProgramView>,
    routing: Arc<RoutingView>,
}

/// The table as it is shown to the one who asks.
pub(crate) async fn shown(ctx: &Context<'_>, table: domain::RoutingTable) -> Result<Routing, Problem> {
    Ok(Routing { table, view: ctx.program().await?, routing: ctx.app()?.routing().await? })
}

/// How registrations find the people who decide them: rules in order, the first that matches wins.
#[Object]
impl Routing {
    /// Counts changes; 0 before the first table is written: then every registration goes to its partner's channel manager.
    async fn version(&self) -> i32 {
        self.table.version
    }

    /// Where customers are, at most 100.
    async fn territories(&self) -> Vec<RoutingTerritory> {
        let shown = |t: &domain::TerritoryCountries| RoutingTerritory {
            territory: Territory::by_key(&self.view.program.territories, &t.territory),
            countries: t.countries.iter().filter_map(|c| CountryCode::known(Some(c))).collect(),
        };
        self.table.territories.iter().map(shown).collect()
    }

    /// The rules in their order, at most 100; the first that matches wins.
    async fn rules(&self) -> Vec<RoutingRule> {
        self.table.rules.iter().cloned().map(|rule| RoutingRule { rule, view: self.view.clone() }).collect()
    }

    /// Who gets what no rule matches, and what nobody else can decide; null before the first table is written.
    async fn fallback(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.table.fallback.as_ref()).await?.map(User))
    }

    /// Rules that can never match, because an earlier one matches everything that they match.
    async fn warnings(&self) -> Vec<RoutingWarning> {
        let name = |at: usize| self.table.rules.get(at).map(|r| r.name.clone()).unwrap_or_default();
        let int = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let warning = |u: domain::check::Unreachable| RoutingWarning {
            rule: int(u.rule),
            behind: int(u.behind),
            message: format!("\"{}\" can never match: \"{}\" comes first and matches all that it matches.", name(u.rule), name(u.behind)),
        };
        unreachable(&self.table, &self.view.program).into_iter().map(warning).collect()
    }

    /// Who wrote this version; null before the first.
    async fn changed_by(&self) -> Option<&str> {
        self.table.changed_by.as_ref().map(|by| by.name.as_str())
    }

    /// When it was written; null before the first.
    async fn changed_at(&self) -> Option<DateTime> {
        self.table.changed_at.map(DateTime)
    }

    /// Absences of those who decide, past ones for a month, by their first day; at most 500.
    async fn absences(&self) -> Vec<Absence> {
        self.routing.absences.iter().cloned().map(Absence).collect()
    }

    /// Everybody who may decide registrations, by name; at most 1,000.
    async fn people(&self) -> Vec<User> {
        self.routing.people.iter().cloned().map(|user| User(Arc::new(user))).collect()
    }
}

/// The countries of a territory: by them a customer belongs to it.
#[derive(SimpleObject)]
pub(crate) struct RoutingTerritory {
    /// The territory.
    territory: Territory,
    /// Its countries, each in one territory only.
    countries: Vec<CountryCode>,
}

/// A rule that can never match.
#[derive(SimpleObject)]
pub(crate) struct RoutingWarning {
    /// Its place, from 0.
    rule: i32,
    /// The place of the rule that comes first, from 0.
    behind: i32,
    /// The warning in a sentence of English.
    message: String,
}

/// A rule of the table.
pub(crate) struct RoutingRule {
    rule: domain::RoutingRule,
    view: Arc<ProgramView>,
}

/// A rule of the table. It matches when everything that it asks for holds at once; the entries of one list are alternatives, and
/// an empty list asks for nothing.
#[Object]
impl RoutingRule {
    /// What it is called.
    async fn name(&self) -> &str {
        &self.rule.name
    }

    /// Territories of the partner.
    async fn partner_territories(&self) -> Vec<Territory> {
        self.rule.when.partner_territories.iter().map(|key| Territory::by_key(&self.view.program.territories, key)).collect()
    }

    /// Territories of the customer, by the customer's country.
    async fn customer_territories(&self) -> Vec<Territory> {
        self.rule.when.customer_territories.iter().map(|key| Territory::by_key(&self.view.program.territories, key)).collect()
    }

    /// Products; with `lines` one list of alternatives.
    async fn products(&self) -> Vec<Product> {
        self.rule.when.products.iter().filter_map(|id| self.view.program.product(id)).cloned().map(Product).collect()
    }

    /// Product lines.
    async fn lines(&self) -> Vec<String> {
        self.rule.when.lines.clone()
    }

    /// Tiers of the partner.
    async fn tiers(&self) -> Vec<Tier> {
        self.rule.when.tiers.iter().filter_map(|key| self.view.program.tier(key)).map(Tier::from).collect()
    }

    /// From this value on; null asks for nothing.
    async fn from_value(&self) -> Option<Money> {
        self.rule.when.from_value.map(|v| Money::of_program(v, &self.view.program))
    }

    /// Below this value; null asks for nothing.
    async fn below_value(&self) -> Option<Money> {
        self.rule.when.below_value.map(|v| Money::of_program(v, &self.view.program))
    }

    /// Who approves, one after the other; one to five.
    async fn steps(&self) -> Vec<RoutingStep> {
        self.rule.steps.iter().cloned().map(RoutingStep).collect()
    }

    /// Whether the partner sees the names of the steps and how far they are.
    async fn shared(&self) -> bool {
        self.rule.shared
    }
}

/// A step of a rule.
pub(crate) struct RoutingStep(domain::RuleStep);

/// A step of a rule.
#[Object]
impl RoutingStep {
    /// What it is called; may be empty where the rule has only one.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who approves; null for the channel manager who looks after the deal's partner.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match &self.0.owner {
            domain::StepOwner::PartnerManager => Ok(None),
            domain::StepOwner::Person(id) => Ok(ctx.relations()?.user_opt(Some(id)).await?.map(User)),
        }
    }
}

/// That somebody is away.
pub(crate) struct Absence(pub(crate) domain::absence::Absence);

/// That somebody who decides registrations is away, and who acts meanwhile.
#[Object]
impl Absence {
    /// Global id.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Who is away.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(Some(&self.0.user_id)).await?.map(User))
    }

    /// The first day, where the program is.
    async fn from(&self) -> Date {
        Date(self.0.from)
    }

    /// The last day.
    async fn until(&self) -> Date {
        Date(self.0.until)
    }

    /// Who acts meanwhile. A cover who is away too is covered in turn.
    async fn cover(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(Some(&self.0.cover)).await?.map(User))
    }

    /// Whether the viewer may change or remove it.
    async fn viewer_may_edit(&self, ctx: &Context<'_>) -> bool {
        ctx.actor().is_some_and(|actor| domain::absence::may_keep(actor, &self.0.user_id))
    }
}

/// Whose registrations the viewer decides today.
pub(crate) struct Desk(pub(crate) entente_app::routing::Desk);

/// The viewer's desk: the own registrations, and those of whom the viewer covers today.
#[Object]
impl Desk {
    /// The viewer first, then those whom the viewer covers; at most 100.
    async fn owners(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let relations = ctx.relations()?;
        relations.preload(Vec::new(), self.0.owners.clone()).await?;
        let mut owners = Vec::with_capacity(self.0.owners.len());
        for id in &self.0.owners {
            owners.extend(relations.user_opt(Some(id)).await?.map(User));
        }
        Ok(owners)
    }

    /// How many registrations on it wait for a decision.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<i32> {
        use entente_domain::deal::RegistrationStatus::{InReview, Submitted};
        let query = entente_app::deal::DealListQuery {
            statuses: vec![Submitted, InReview],
            managers: self.0.owners.clone(),
            ..entente_app::deal::DealListQuery::default()
        };
        let waiting = entente_app::deal::count(ctx.app()?, ctx.signed_in()?, &query).await.map_err(Problem::from)?;
        Ok(crate::page::count(waiting))
    }
}
