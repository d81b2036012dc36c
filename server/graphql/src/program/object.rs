//! The program itself.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entente_app::program::ProgramView;
use entente_domain::program as domain;
use entente_domain::rules::say::sentences;

use super::types::{BusinessCalendar, DealStage, Money, PartnerType, ProgramCurrency, ProgramRule, Term, Territory, Tier};
use crate::context::Ask as _;
use crate::product::Product;
use crate::scalar::CurrencyCode;

/// The vendor's partner program.
pub(crate) struct Program(pub(crate) Arc<ProgramView>);

/// The vendor's partner program: names, numbers and rules. All of it is the vendor's own data.
#[Object]
impl Program {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.program.id.to_string())
    }

    /// The vendor's name for it.
    async fn name(&self) -> &str {
        &self.0.program.name
    }

    /// The vendor.
    async fn vendor(&self) -> &str {
        &self.0.program.vendor
    }

    /// Currency of totals and of the minimum value.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.program.currency.as_str().to_owned())
    }

    /// Stages in the order of the sale.
    async fn stages(&self) -> Vec<DealStage> {
        self.0.program.stages.iter().enumerate().map(DealStage::of).collect()
    }

    /// Tiers that partners can have.
    async fn tiers(&self) -> Vec<Tier> {
        self.0.program.tiers.iter().map(Tier::from).collect()
    }

    /// Ways of partnering.
    async fn partner_types(&self) -> Vec<PartnerType> {
        self.0.program.partner_types.iter().map(PartnerType::from).collect()
    }

    /// Regions that partners sell in.
    async fn territories(&self) -> Vec<Territory> {
        self.0.program.territories.iter().map(Territory::from).collect()
    }

    /// What the program sells, retired products too; empty for those who did not sign in.
    async fn products(&self, ctx: &Context<'_>) -> Vec<Product> {
        if ctx.actor().is_none() {
            return Vec::new();
        }
        self.0.program.products.iter().cloned().map(Product).collect()
    }

    /// Currencies that a value may be in, with the rate to the program's currency; empty for those who did not sign in.
    async fn currencies(&self, ctx: &Context<'_>) -> Vec<ProgramCurrency> {
        if ctx.actor().is_none() {
            return Vec::new();
        }
        let of = |r: &domain::Rate| ProgramCurrency {
            code: CurrencyCode(r.currency.as_str().to_owned()),
            rate: r.rate.into(),
            decimals: i32::try_from(r.currency.decimals()).unwrap_or_default(),
        };
        self.0.program.rates.iter().map(of).collect()
    }

    /// Industries that partners and kits can name.
    async fn verticals(&self) -> Vec<Term> {
        self.0.program.verticals.iter().map(Term::from).collect()
    }

    /// Abilities that partners can name.
    async fn competencies(&self) -> Vec<Term> {
        self.0.program.competencies.iter().map(Term::from).collect()
    }

    /// When the vendor works; deadlines run in these hours only.
    async fn calendar(&self) -> BusinessCalendar {
        (&self.0.program.calendar).into()
    }

    /// The registration rules in force, in plain sentences; empty for those who did not sign in.
    async fn rules(&self, ctx: &Context<'_>) -> Vec<ProgramRule> {
        if ctx.actor().is_none() {
            return Vec::new();
        }
        sentences(&self.0.rules, &self.0.program).into_iter().map(|(code, text)| ProgramRule::of(code, text)).collect()
    }

    /// Smallest value of a deal that can be registered.
    async fn minimum_deal_value(&self) -> Money {
        Money::of_program(self.0.program.rules.minimum_value, &self.0.program)
    }

    /// For how many days an approval protects a deal.
    async fn protection_days(&self) -> i32 {
        i32::try_from(self.0.program.rules.protection_days).unwrap_or(i32::MAX)
    }

    /// Within how many business hours the vendor decides on a registration.
    async fn approval_business_hours(&self) -> i32 {
        i32::try_from(self.0.program.rules.approval_business_hours).unwrap_or(i32::MAX)
    }
}
