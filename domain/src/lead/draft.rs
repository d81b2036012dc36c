//! What somebody typed about a lead, and what it must be: the same rules in the browser, in the API and for every row of a
//! file.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Firm, LeadSource, Person, SourceKind};
use crate::country;
use crate::customer::{host_of, is_mail_host};
use crate::id::ProductId;
use crate::money::{Currency, Money};
use crate::program::Program;
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};
use crate::user::is_email;

/// Most products of interest of one lead.
pub const PRODUCTS_MAX: usize = 20;
/// Largest value estimate, in units of its currency.
const VALUE_MAX: i64 = 1_000_000_000_000;

/// What somebody typed about where a lead comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SourceInput {
    /// What kind of marketing.
    pub kind: SourceKind,
    /// Name of the campaign.
    pub campaign: Option<String>,
    /// Key of the kit.
    pub kit: Option<String>,
    /// `utm_source` of the link.
    pub utm_source: Option<String>,
    /// `utm_medium` of the link.
    pub utm_medium: Option<String>,
    /// `utm_campaign` of the link.
    pub utm_campaign: Option<String>,
}

/// What somebody typed, before any rule has been applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LeadInput {
    /// The person's name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Name of the firm.
    pub company: String,
    /// Domain or address of the firm; by the e-mail address if left out.
    pub domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// What was asked.
    pub message: Option<String>,
    /// Product ids.
    pub product_ids: Vec<String>,
    /// Vertical key.
    pub vertical: Option<String>,
    /// Territory key; by the country if left out.
    pub territory: Option<String>,
    /// Value estimate as a decimal string.
    pub amount: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// What brought it.
    pub source: SourceInput,
}

/// What the program says about leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadTerms {
    /// Ids of products.
    pub products: BTreeSet<String>,
    /// Vertical keys.
    pub verticals: BTreeSet<String>,
    /// Territory keys.
    pub territories: BTreeSet<String>,
    /// Currencies that are taken.
    pub currencies: Vec<Currency>,
}

impl LeadTerms {
    /// The terms of a program.
    pub fn of(program: &Program) -> Self {
        Self {
            products: program.products.iter().map(|p| p.id.to_string()).collect(),
            verticals: program.verticals.iter().map(|t| t.key.clone()).collect(),
            territories: program.territories.iter().map(|t| t.key.clone()).collect(),
            currencies: program.rates.iter().map(|r| r.currency.clone()).collect(),
        }
    }
}

/// What was typed, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadDraft {
    /// Who asks.
    pub person: Person,
    /// The person's firm.
    pub firm: Firm,
    /// What was asked.
    pub message: Option<String>,
    /// What brought it.
    pub source: LeadSource,
    /// Distinct products of interest.
    pub product_ids: Vec<ProductId>,
    /// Vertical key.
    pub vertical: Option<String>,
    /// Territory key, as given.
    pub territory: Option<String>,
    /// What it may be worth.
    pub value: Option<Money>,
}

/// Codes of what can be wrong in a lead; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Wrong shape.
    InvalidInput,
    /// Not an e-mail address.
    EmailInvalid,
    /// No such country.
    CountryUnknown,
    /// Not one of the program's products.
    ProductUnknown,
    /// The program has no such vertical or territory.
    TermUnknown,
    /// The program takes no such currency, or the value has none.
    CurrencyNotAccepted,
    /// The value is no amount that could be.
    ValueInvalid,
}

/// One thing wrong in a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadViolation {
    /// Path of the field in the input, as `["source", "campaign"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: LeadCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

struct Wrong(Vec<LeadViolation>);

impl Wrong {
    fn say(&mut self, path: &[&str], code: LeadCode, message: impl Into<String>) {
        self.0.push(LeadViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message: message.into() });
    }

    fn line(&mut self, path: &[&str], value: &str) -> String {
        let field = path.last().copied().unwrap_or_default();
        text::required(value, LINE_MAX).unwrap_or_else(|e| {
            match e {
                TextError::Empty => self.say(path, LeadCode::Required, format!("{field} must not be empty.")),
                TextError::TooLong { max } => self.say(path, LeadCode::TooLong, format!("{field} must have at most {max} characters.")),
            }
            String::new()
        })
    }

    fn optional(&mut self, path: &[&str], value: Option<&str>, max: usize) -> Option<String> {
        let field = path.last().copied().unwrap_or_default();
        text::optional(value, max).unwrap_or_else(|_| {
            self.say(path, LeadCode::TooLong, format!("{field} must have at most {max} characters."));
            None
        })
    }

    fn term(&mut self, field: &'static str, value: Option<&str>, known: &BTreeSet<String>) -> Option<String> {
        let key = value.map(str::trim).filter(|v| !v.is_empty())?;
        if !known.contains(key) {
            self.say(&[field], LeadCode::TermUnknown, format!("{field} must be a key of the program, or left out."));
        }
        Some(key.to_owned())
    }
}

/// Applies every rule; answers everything that is wrong, not only the first.
pub fn validate(input: &LeadInput, terms: &LeadTerms) -> Result<LeadDraft, Vec<LeadViolation>> {
    let mut wrong = Wrong(Vec::new());
    let name = wrong.line(&["name"], &input.name);
    let company = wrong.line(&["company"], &input.company);
    let email = email(&input.email, &mut wrong);
    let phone = wrong.optional(&["phone"], input.phone.as_deref(), 60);
    let country = input.country.as_deref().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned);
    if country.as_deref().is_some_and(|c| !country::is_known(c)) {
        wrong.say(&["country"], LeadCode::CountryUnknown, "country must be a country code of ISO 3166-1, as DE.");
    }
    let domain = domain(input.domain.as_deref(), &email, &mut wrong);
    let message = wrong.optional(&["message"], input.message.as_deref(), NOTE_MAX);
    let product_ids = products(&input.product_ids, terms, &mut wrong);
    let vertical = wrong.term("vertical", input.vertical.as_deref(), &terms.verticals);
    let territory = wrong.term("territory", input.territory.as_deref(), &terms.territories);
    let value = value(input, terms, &mut wrong);
    let s = &input.source;
    let source = LeadSource {
        kind: s.kind,
        campaign: wrong.optional(&["source", "campaign"], s.campaign.as_deref(), LINE_MAX),
        kit: wrong.optional(&["source", "kit"], s.kit.as_deref(), LINE_MAX),
        utm_source: wrong.optional(&["source", "utmSource"], s.utm_source.as_deref(), LINE_MAX),
        utm_medium: wrong.optional(&["source", "utmMedium"], s.utm_medium.as_deref(), LINE_MAX),
        utm_campaign: wrong.optional(&["source", "utmCampaign"], s.utm_campaign.as_deref(), LINE_MAX),
    };
    if !wrong.0.is_empty() {
        return Err(wrong.0);
    }
    let (person, firm) = (Person { name, email, phone }, Firm { name: company, domain, country });
    Ok(LeadDraft { person, firm, message, source, product_ids, vertical, territory, value })
}

fn email(typed: &str, wrong: &mut Wrong) -> String {
    let email = typed.trim().to_lowercase();
    if email.is_empty() {
        wrong.say(&["email"], LeadCode::Required, "email must not be empty.");
    } else if !is_email(&email) {
        wrong.say(&["email"], LeadCode::EmailInvalid, "email must be an e-mail address as jane@example.com.");
    }
    email
}

/// The firm's host name: as typed, or the one of the address unless that is a mail provider's.
fn domain(typed: Option<&str>, email: &str, wrong: &mut Wrong) -> Option<String> {
    let bare = |host: String| host.strip_prefix("www.").map_or(host.clone(), str::to_owned);
    match typed.map(str::trim).filter(|d| !d.is_empty()) {
        Some(typed) => {
            let host = host_of(typed).map(bare);
            if host.is_none() {
                wrong.say(&["domain"], LeadCode::InvalidInput, "domain must be a domain as example.com, or left out.");
            }
            host
        }
        None => email.rsplit_once('@').and_then(|(_, host)| host_of(host)).filter(|h| !is_mail_host(h)),
    }
}

fn products(typed: &[String], terms: &LeadTerms, wrong: &mut Wrong) -> Vec<ProductId> {
    if typed.len() > PRODUCTS_MAX {
        wrong.say(&["productIds"], LeadCode::TooLong, format!("productIds must name at most {PRODUCTS_MAX} products."));
    }
    let mut ids: Vec<ProductId> = Vec::new();
    for (i, id) in typed.iter().take(PRODUCTS_MAX).enumerate() {
        match id.parse::<ProductId>() {
            Ok(id) if terms.products.contains(id.as_str()) => {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            _ => wrong.say(&["productIds", &i.to_string()], LeadCode::ProductUnknown, "productIds must name products of the program."),
        }
    }
    ids
}

fn value(input: &LeadInput, terms: &LeadTerms, wrong: &mut Wrong) -> Option<Money> {
    let typed = input.amount.as_deref().map(str::trim).filter(|a| !a.is_empty())?;
    let code = input.currency.as_deref().map(str::trim).unwrap_or_default();
    let Some(currency) = Currency::parse(code).ok().filter(|c| terms.currencies.contains(c)) else {
        let accepted: Vec<&str> = terms.currencies.iter().map(Currency::as_str).collect();
        wrong.say(&["currency"], LeadCode::CurrencyNotAccepted, format!("currency must be one of {}.", accepted.join(", ")));
        return None;
    };
    let amount = typed.parse::<Decimal>().ok().filter(|a| *a > Decimal::ZERO && *a <= Decimal::from(VALUE_MAX));
    match amount {
        Some(amount) if amount.normalize().scale() <= currency.decimals() => Some(Money { amount, currency }),
        _ => {
            let decimals = currency.decimals();
            let rule = format!("amount must be above zero, at most {VALUE_MAX}, with at most {decimals} decimals, as 12500.00.");
            wrong.say(&["amount"], LeadCode::ValueInvalid, rule);
            None
        }
    }
}
