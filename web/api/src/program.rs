//! The program: the vendor's own rules, read once per session and shared by every screen.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::desk::{CustomField, EvidenceRules, ProtectionTerms};
use crate::{CurrencyCode, Date, DateTime, Decimal, Id, Money, schema};

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct ProgramQuery {
    pub program: Program,
    pub program_rules: DraftRequirements,
}

/// What the rules in force ask of a registration.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "RulesVersion")]
pub struct DraftRequirements {
    pub number: i32,
    pub products: Option<Vec<ProductRef>>,
    pub contact_required: bool,
    pub description_min_length: i32,
    pub close_within_days: Option<i32>,
    pub evidence: EvidenceRules,
    pub fields: Vec<CustomField>,
    pub protection: ProtectionTerms,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Product")]
pub struct ProductRef {
    pub id: Id,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Program {
    pub id: Id,
    pub name: String,
    pub currency: CurrencyCode,
    pub stages: Vec<DealStage>,
    pub tiers: Vec<Tier>,
    pub partner_types: Vec<PartnerType>,
    pub territories: Vec<Territory>,
    pub products: Vec<Product>,
    pub currencies: Vec<ProgramCurrency>,
    pub verticals: Vec<Term>,
    pub competencies: Vec<Term>,
    pub calendar: BusinessCalendar,
    pub rules: Vec<ProgramRule>,
    pub minimum_deal_value: Money,
    pub protection_days: i32,
    pub approval_business_hours: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealStage {
    pub key: String,
    pub name: String,
    pub position: i32,
    pub category: StageCategory,
    pub probability: i32,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageCategory {
    Open,
    Won,
    Lost,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Tier {
    pub key: String,
    pub name: String,
    pub rank: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct PartnerType {
    pub key: String,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Territory {
    pub key: String,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Term {
    pub key: String,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Product {
    pub id: Id,
    pub key: String,
    pub name: String,
    pub line: Option<String>,
    pub list_price: Option<Money>,
    pub kind: ProductKind,
    pub version: i32,
    pub description: Option<String>,
    pub retired_at: Option<DateTime>,
    pub includes: Vec<ProductRef>,
    pub extras: Vec<String>,
    pub verticals: Vec<Term>,
    pub packaging: Option<String>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductKind {
    Product,
    Bundle,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ProgramCurrency {
    pub code: CurrencyCode,
    pub rate: Decimal,
    pub decimals: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct BusinessCalendar {
    pub time_zone: String,
    pub work_days: Vec<Weekday>,
    pub opens_at: String,
    pub closes_at: String,
    pub holidays: Vec<Date>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ProgramRule {
    pub code: String,
    pub text: String,
}
