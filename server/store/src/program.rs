//! The program: one document with everything in it, products too.

use bson::doc;
use entente_domain::calendar::BusinessCalendar;
use entente_domain::event::Event;
use entente_domain::id::{ProductId, ProgramId};
use entente_domain::money::Currency;
use entente_domain::product::{Bundle, Product};
use entente_domain::program::{Program, Rate, Rules, Stage, Term, Tier};
use entente_domain::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bson_as::{MoneyDoc, decimal, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::save::Guard;
use crate::{Committed, IdempotencyRecord, Saved, Store, StoreError};

/// The program as it is stored. `only` is the same in every program, so that a unique index lets one exist.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ProgramDoc {
    #[serde(rename = "_id")]
    id: ProgramId,
    schema_version: i32,
    only: bool,
    version: i32,
    name: String,
    vendor: String,
    currency: Currency,
    rates: Vec<RateDoc>,
    stages: Vec<Stage>,
    tiers: Vec<Tier>,
    partner_types: Vec<Term>,
    territories: Vec<Term>,
    verticals: Vec<Term>,
    competencies: Vec<Term>,
    products: Vec<ProductDoc>,
    calendar: BusinessCalendar,
    rules: RulesDoc,
    #[serde(with = "time")]
    created_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RateDoc {
    currency: Currency,
    #[serde(with = "decimal")]
    rate: Decimal,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ProductDoc {
    id: ProductId,
    key: String,
    name: String,
    line: Option<String>,
    list_price: Option<MoneyDoc>,
    #[serde(default = "first_version")]
    version: i32,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, with = "time_option")]
    retired_at: Option<Timestamp>,
    #[serde(default)]
    bundle: Option<Bundle>,
}

/// Of a product from before they counted versions.
fn first_version() -> i32 {
    1
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RulesDoc {
    approval_business_hours: i64,
    protection_days: i64,
    #[serde(with = "decimal")]
    minimum_value: Decimal,
}

impl From<&Program> for ProgramDoc {
    fn from(p: &Program) -> Self {
        let product = |p: &Product| ProductDoc {
            id: p.id.clone(),
            key: p.key.clone(),
            name: p.name.clone(),
            line: p.line.clone(),
            list_price: p.list_price.as_ref().map(Into::into),
            version: p.version,
            description: p.description.clone(),
            retired_at: p.retired_at,
            bundle: p.bundle.clone(),
        };
        Self {
            id: p.id.clone(),
            schema_version: SCHEMA_VERSION,
            only: true,
            version: p.version,
            name: p.name.clone(),
            vendor: p.vendor.clone(),
            currency: p.currency.clone(),
            rates: p.rates.iter().map(|r| RateDoc { currency: r.currency.clone(), rate: r.rate }).collect(),
            stages: p.stages.clone(),
            tiers: p.tiers.clone(),
            partner_types: p.partner_types.clone(),
            territories: p.territories.clone(),
            verticals: p.verticals.clone(),
            competencies: p.competencies.clone(),
            products: p.products.iter().map(product).collect(),
            calendar: p.calendar.clone(),
            rules: RulesDoc {
                approval_business_hours: p.rules.approval_business_hours,
                protection_days: p.rules.protection_days,
                minimum_value: p.rules.minimum_value,
            },
            created_at: p.created_at,
        }
    }
}

impl From<ProgramDoc> for Program {
    fn from(p: ProgramDoc) -> Self {
        let product = |p: ProductDoc| Product {
            id: p.id,
            key: p.key,
            name: p.name,
            line: p.line,
            list_price: p.list_price.map(Into::into),
            version: p.version,
            description: p.description,
            retired_at: p.retired_at,
            bundle: p.bundle,
        };
        Program {
            id: p.id,
            version: p.version,
            name: p.name,
            vendor: p.vendor,
            currency: p.currency,
            rates: p.rates.into_iter().map(|r| Rate { currency: r.currency, rate: r.rate }).collect(),
            stages: p.stages,
            tiers: p.tiers,
            partner_types: p.partner_types,
            territories: p.territories,
            verticals: p.verticals,
            competencies: p.competencies,
            products: p.products.into_iter().map(product).collect(),
            calendar: p.calendar,
            rules: Rules {
                version: 1,
                approval_business_hours: p.rules.approval_business_hours,
                protection_days: p.rules.protection_days,
                minimum_value: p.rules.minimum_value,
                ..Rules::default()
            },
            created_at: p.created_at,
        }
    }
}

impl Store {
    /// The program; none before the first one is saved.
    pub async fn program(&self) -> Result<Option<Program>, StoreError> {
        Ok(self.of::<ProgramDoc>(names::PROGRAM).find_one(doc! {}).await?.map(Into::into))
    }

    /// Whether there is no program yet.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(!self.exists(names::PROGRAM, doc! {}).await?)
    }

    /// Inserts the program (`based_on` none), or replaces it if it still has that version, together with the events.
    /// `Duplicate` when there is a program already.
    pub async fn save_program(&self, p: &Program, based_on: Option<i32>, events: &[Event]) -> Result<Saved, StoreError> {
        self.save(names::PROGRAM, p.id.as_str(), &ProgramDoc::from(p), Guard::of(based_on), events).await
    }
    /// Replaces the program if it still has that version, together with the events and the record of the idempotency key under
    /// which that was asked for. `Stale` when it has another version, `Replayed` when the key was used.
    pub async fn change_program(
        &self,
        p: &Program,
        based_on: i32,
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        self.save_once(names::PROGRAM, p.id.as_str(), &ProgramDoc::from(p), Guard::Version(based_on), events, once).await
    }
}
