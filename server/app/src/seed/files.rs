//! The shapes of the demo program's files; `seed-data/README.md` explains them.

use std::collections::BTreeMap;
use std::path::Path;

use entente_domain::product::{Bundle, Product};
use entente_domain::program::{Stage, Term, Tier};
use entente_domain::user::Role;
use entente_domain::{Date, Decimal};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::wrong;
use crate::AppError;

pub(super) fn read_json<T: DeserializeOwned>(dir: &Path, file: &str) -> Result<T, AppError> {
    let text = std::fs::read_to_string(dir.join(file)).map_err(|e| wrong(&dir.join(file).display().to_string(), e))?;
    serde_json::from_str(&text).map_err(|e| wrong(file, e))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ProgramFile {
    pub name: String,
    pub vendor: String,
    pub currency: String,
    pub rates: BTreeMap<String, Decimal>,
    pub stages: Vec<Stage>,
    pub tiers: Vec<Tier>,
    pub partner_types: Vec<Term>,
    pub territories: Vec<Term>,
    pub verticals: Vec<Term>,
    pub competencies: Vec<Term>,
    pub products: Vec<ProductFile>,
    pub calendar: CalendarFile,
    pub rules: RulesFile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ProductFile {
    pub key: String,
    pub name: String,
    pub line: Option<String>,
    pub list_price: Option<Decimal>,
    pub description: Option<String>,
    pub bundle: Option<BundleFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BundleFile {
    /// Keys of products that stand before it.
    pub includes: Vec<String>,
    pub extras: Vec<String>,
    pub verticals: Vec<String>,
    pub packaging: Option<String>,
}

impl BundleFile {
    /// The bundle, of products that were read before it.
    pub fn bundle(self, products: &[Product], verticals: &[Term]) -> Result<Bundle, AppError> {
        let mut product_ids = Vec::new();
        for key in &self.includes {
            let product = products.iter().find(|p| p.key == *key && p.bundle.is_none());
            product_ids.push(product.ok_or_else(|| wrong("program.json", format!("bundle: product `{key}`")))?.id.clone());
        }
        if product_ids.is_empty() || self.verticals.iter().any(|v| verticals.iter().all(|known| known.key != *v)) {
            return Err(wrong("program.json", "a bundle has products inside, and verticals of the program"));
        }
        Ok(Bundle { product_ids, extras: self.extras, verticals: self.verticals, packaging: self.packaging })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CalendarFile {
    pub time_zone: String,
    pub work_days: Vec<String>,
    pub opens_at: String,
    pub closes_at: String,
    pub holidays: Vec<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RulesFile {
    pub approval_business_hours: i64,
    pub protection_days: i64,
    pub minimum_value: Decimal,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserFile {
    pub key: String,
    pub email: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub partner: Option<String>,
    pub language: String,
    pub title: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PartnerFile {
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub description: String,
    pub website: Option<String>,
    pub country: String,
    pub city: Option<String>,
    pub tier: Option<String>,
    pub types: Vec<String>,
    pub territories: Vec<String>,
    pub verticals: Vec<String>,
    pub competencies: Vec<String>,
    pub languages: Vec<String>,
    pub manager: Option<String>,
    pub contact_name: Option<String>,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    pub color: Option<String>,
    pub logo: Option<String>,
    pub published: bool,
    pub partner_since_days_ago: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CustomerFile {
    pub name: String,
    pub domain: Option<String>,
    pub country: Option<String>,
    pub industry: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DealFile {
    pub title: String,
    pub customer: CustomerFile,
    pub partner: String,
    pub author: String,
    pub products: Vec<String>,
    pub value: String,
    pub currency: String,
    pub expected_close_in_days: i64,
    pub next_step: Option<String>,
    pub contact: Option<String>,
    pub description: Option<String>,
    pub registered_days_ago: i64,
    pub registered_at: String,
    pub actions: Vec<ActionFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ActionFile {
    pub kind: String,
    pub by: String,
    pub after_hours: f64,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub reason_code: Option<String>,
    pub question: Option<String>,
    pub answer: Option<String>,
    pub text: Option<String>,
    pub stage: Option<String>,
    pub visibility: Option<String>,
}
