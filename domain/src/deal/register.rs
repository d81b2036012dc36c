//! Registering a deal: what a draft must be (the same rules run in the browser), and the deal that comes of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::deadline::{self, Deadline};
use super::evidence::{EvidenceFile, FILES_MAX};
use super::protection::Protection;
use super::verdict::RuleCode;
use super::{Cause, Deal, DealError, DealSource, Decision, RegistrationStatus};
use crate::customer::{Customer, host_of};
use crate::event::EventKind;
use crate::id::{DealId, PartnerId, ProductId, UserId};
use crate::money::{Currency, Money, format_decimal};
use crate::program::{Program, StageCategory};
use crate::rules::fields;
use crate::rules::judge::{Submission, failed};
use crate::rules::terms::Terms;
use crate::rules::{Evidence, Judged, Requirements};
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};
use crate::{country, customer, product};

/// Most products of one deal.
pub const PRODUCTS_MAX: usize = 20;
/// Largest value of a deal, in units of its currency.
pub const VALUE_MAX: i64 = 1_000_000_000_000;

/// What somebody typed, before any rule has been applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DraftInput {
    /// Title.
    pub title: String,
    /// Customer's name.
    pub customer_name: String,
    /// Customer's domain, address or e-mail.
    pub customer_domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub customer_country: Option<String>,
    /// Product ids.
    pub product_ids: Vec<String>,
    /// Value as a decimal string.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
    /// When the partner expects to close.
    pub expected_close_on: Option<Date>,
    /// What happens next.
    pub next_step: Option<String>,
    /// The person at the customer.
    pub contact: Option<String>,
    /// What has been found out and agreed.
    pub description: Option<String>,
    /// When the partner met the customer.
    pub met_on: Option<Date>,
    /// Notes of the discovery.
    pub discovery: Option<String>,
    /// What is known of the budget.
    pub budget: Option<String>,
    /// Files that were uploaded and checked.
    pub files: Vec<EvidenceFile>,
    /// Keys and values of the program's own fields.
    pub fields: Vec<(String, String)>,
}

/// What the program says about drafts; the browser has the same from `program`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRules {
    /// Currencies with their rate into the program's currency.
    pub rates: Vec<(Currency, Decimal)>,
    /// The program's currency.
    pub base_currency: Currency,
    /// What the rules in force ask for.
    pub requirements: Requirements,
    /// The program's products.
    pub products: BTreeSet<String>,
    /// Names of those that are retired, by id.
    pub retired: BTreeMap<String, String>,
    /// What is in the bundles among them, by id.
    pub bundles: BTreeMap<String, Vec<ProductId>>,
}

impl DraftRules {
    /// The rules of a program, with what its rules in force ask for.
    pub fn of(program: &Program, requirements: &Requirements) -> Self {
        Self {
            rates: program.rates.iter().map(|r| (r.currency.clone(), r.rate)).collect(),
            base_currency: program.currency.clone(),
            requirements: requirements.clone(),
            products: program.products.iter().map(|p| p.id.as_str().to_owned()).collect(),
            retired: program.products.iter().filter(|p| p.retired_at.is_some()).map(|p| (p.id.to_string(), p.name.clone())).collect(),
            bundles: program.products.iter().filter_map(|p| Some((p.id.to_string(), p.bundle.as_ref()?.product_ids.clone()))).collect(),
        }
    }
}

/// A draft that satisfies every rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// Customer's name.
    pub customer_name: String,
    /// Host name of the customer, lower case.
    pub customer_host: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub customer_country: Option<String>,
    /// Distinct products, at least one.
    pub product_ids: Vec<ProductId>,
    /// Products within the bundles among them.
    pub included: Vec<ProductId>,
    /// Value, above zero.
    pub value: Money,
    /// Rate into the program's currency.
    pub rate: Decimal,
    /// When the partner expects to close.
    pub expected_close_on: Date,
    /// What happens next.
    pub next_step: Option<String>,
    /// What the partner brought along.
    pub evidence: Evidence,
}

impl Draft {
    /// The draft as the rules see it, submitted on that day. What the draft itself does not know is none.
    pub fn submission(&self, on: Date) -> Submission<'_> {
        submission((self.value.amount * self.rate, self.all_products()), &self.evidence, (on, self.expected_close_on))
    }

    /// Its products and those within its bundles: what is checked and claimed.
    pub fn all_products(&self) -> Vec<ProductId> {
        self.product_ids.iter().chain(&self.included).cloned().collect()
    }
}

fn submission<'a>((base_value, products): (Decimal, Vec<ProductId>), evidence: &'a Evidence, (on, close): (Date, Date)) -> Submission<'a> {
    Submission {
        base_value,
        products,
        territories: None,
        contact: evidence.contact.is_some(),
        description: evidence.description.as_ref().map_or(0, |d| d.chars().count()),
        close_in_days: on.until(close).ok().map(|span| i64::from(span.get_days())),
        engagement: None,
        evidence,
        certified: None,
    }
}

/// Codes of what can be wrong in a draft; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DraftCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Wrong shape.
    InvalidInput,
    /// No such country.
    CustomerCountryUnknown,
    /// Zero or less.
    ValueNotPositive,
    /// More decimals than the currency has.
    ValueTooPrecise,
    /// Below the program's minimum.
    ValueBelowMinimum,
    /// The program does not take this currency.
    CurrencyNotAccepted,
    /// Before today.
    CloseDateInPast,
    /// Not one of the program's products.
    ProductUnknown,
    /// The product is retired.
    ProductRetired,
    /// The rules in force do not let this product be registered.
    ProductNotAllowed,
    /// The rules in force do not let partners of this territory register.
    TerritoryNotAllowed,
    /// The rules in force ask for a contact at the customer.
    ContactMissing,
    /// The rules in force ask for a longer description.
    DescriptionTooShort,
    /// Later than the rules in force allow.
    CloseDateTooFar,
    /// The partner has not accepted the rules of engagement.
    EngagementNotAccepted,
    /// The evidence is below the least score.
    EvidenceTooLittle,
    /// Nobody of the partner has a valid certificate.
    NotCertified,
    /// The meeting lies in the future.
    MeetingAhead,
}

/// One thing wrong in a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftViolation {
    /// Path of the field in the input, as `["value", "amount"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: DraftCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// Applies every rule to a draft. `today` is the date at the submitter's place, or the program's. Answers everything that
/// is wrong, not only the first.
pub fn validate(input: &DraftInput, rules: &DraftRules, today: Date) -> Result<Draft, Vec<DraftViolation>> {
    let mut wrong = Vec::new();
    let mut refuse = |path: &[&str], code, message: String| {
        wrong.push(DraftViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message });
    };

    let mut line = |field: &'static str, value: &str, max| match text::required(value, max) {
        Ok(v) => Some(v),
        Err(TextError::Empty) => {
            refuse(&[field], DraftCode::Required, format!("{field} must not be empty."));
            None
        }
        Err(TextError::TooLong { max }) => {
            refuse(&[field], DraftCode::TooLong, format!("{field} must have at most {max} characters."));
            None
        }
    };
    let title = line("title", &input.title, LINE_MAX);
    let customer_name = line("customerName", &input.customer_name, LINE_MAX);

    let next_step = text::optional(input.next_step.as_deref(), 1_000).unwrap_or_else(|_| {
        refuse(&["nextStep"], DraftCode::TooLong, "nextStep must have at most 1000 characters.".into());
        None
    });
    let contact = text::optional(input.contact.as_deref(), LINE_MAX).unwrap_or_else(|_| {
        refuse(&["contactName"], DraftCode::TooLong, format!("contactName must have at most {LINE_MAX} characters."));
        None
    });
    let description = text::optional(input.description.as_deref(), NOTE_MAX).unwrap_or_else(|_| {
        refuse(&["description"], DraftCode::TooLong, format!("description must have at most {NOTE_MAX} characters."));
        None
    });
    let mut more = |field: &'static str, value: &Option<String>, max| {
        text::optional(value.as_deref(), max).unwrap_or_else(|_| {
            refuse(&[field], DraftCode::TooLong, format!("{field} must have at most {max} characters."));
            None
        })
    };
    let discovery = more("discoveryNotes", &input.discovery, NOTE_MAX);
    let budget = more("budget", &input.budget, LINE_MAX);
    if input.met_on.is_some_and(|day| day > today) {
        refuse(&["metOn"], DraftCode::MeetingAhead, "metOn must be today or earlier: a meeting that was held.".into());
    }
    if input.files.len() > FILES_MAX {
        refuse(&["fileIds"], DraftCode::TooLong, format!("fileIds must name at most {FILES_MAX} files."));
    }
    let fields = fields::read(&rules.requirements.fields, &input.fields, &mut refuse);
    let typed_domain = input.customer_domain.as_deref().map(str::trim).filter(|d| !d.is_empty());
    let customer_host = typed_domain.and_then(host_of);
    if typed_domain.is_some() && customer_host.is_none() {
        refuse(&["customerDomain"], DraftCode::InvalidInput, "customerDomain must be a domain as example.com, or left empty.".into());
    }
    let customer_country = input.customer_country.as_deref().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned);
    if customer_country.as_deref().is_some_and(|c| !country::is_known(c)) {
        refuse(&["customerCountry"], DraftCode::CustomerCountryUnknown, "customerCountry must be a country code of ISO 3166-1, as DE.".into());
    }

    let mut product_ids: Vec<ProductId> = Vec::new();
    if input.product_ids.is_empty() {
        refuse(&["productIds"], DraftCode::Required, "productIds must name at least one product.".into());
    }
    if input.product_ids.len() > PRODUCTS_MAX {
        refuse(&["productIds"], DraftCode::TooLong, format!("productIds must name at most {PRODUCTS_MAX} products."));
    }
    for (i, id) in input.product_ids.iter().take(PRODUCTS_MAX).enumerate() {
        match id.parse::<ProductId>() {
            Ok(id) if rules.retired.contains_key(id.as_str()) => {
                let name = rules.retired.get(id.as_str()).map_or("This product", String::as_str);
                let message = format!("{name} is retired and cannot be registered any more; choose another product.");
                refuse(&["productIds", &i.to_string()], DraftCode::ProductRetired, message);
            }
            Ok(id) if rules.products.contains(id.as_str()) => {
                if !product_ids.contains(&id) {
                    product_ids.push(id);
                }
            }
            _ => refuse(&["productIds", &i.to_string()], DraftCode::ProductUnknown, "productIds must name products of the program.".into()),
        }
    }

    let included = product::within(&product_ids, |id| rules.bundles.get(id.as_str()).map_or(&[], Vec::as_slice));
    let money = value(input, rules, &mut refuse);
    match input.expected_close_on {
        None => refuse(&["expectedCloseOn"], DraftCode::Required, "expectedCloseOn must be given.".into()),
        Some(d) if d < today => refuse(&["expectedCloseOn"], DraftCode::CloseDateInPast, "expectedCloseOn must be today or later.".into()),
        Some(_) => {}
    }

    let evidence = Evidence { contact, description, met_on: input.met_on, discovery, budget, files: input.files.clone(), fields };
    // Of the rules those that are about what was typed; a field that is wrong already is not judged twice.
    if let (Some((value, rate)), Some(close)) = (&money, input.expected_close_on) {
        let typed = submission((value.amount * rate, [product_ids.as_slice(), &included].concat()), &evidence, (today, close));
        for found in failed(&rules.requirements, &typed).into_iter().map(|code| violation(code, rules)) {
            if wrong.iter().all(|w| w.path != found.path) {
                wrong.push(found);
            }
        }
    }
    match (title, customer_name, money, input.expected_close_on) {
        (Some(title), Some(customer_name), Some((value, rate)), Some(expected_close_on)) if wrong.is_empty() => Ok(Draft {
            title,
            customer_name,
            customer_host,
            customer_country,
            product_ids,
            included,
            value,
            rate,
            expected_close_on,
            next_step,
            evidence,
        }),
        _ => Err(wrong),
    }
}

/// A rule that a draft fails, as something wrong in its field.
pub fn violation(rule: RuleCode, rules: &DraftRules) -> DraftViolation {
    let r = &rules.requirements;
    let (path, code, message): (&[&str], _, _) = match rule {
        RuleCode::MinimumValue => {
            let minimum = format_decimal(r.minimum_value);
            let message = format!("value.amount must be worth at least {minimum} {}.", rules.base_currency.as_str());
            (&["value", "amount"], DraftCode::ValueBelowMinimum, message)
        }
        RuleCode::ProductsAllowed => {
            (&["productIds"], DraftCode::ProductNotAllowed, "productIds must name products that the rules in force let be registered.".into())
        }
        RuleCode::ContactNamed => (&["contactName"], DraftCode::ContactMissing, "contactName must name a contact at the customer.".into()),
        RuleCode::DescriptionGiven => {
            (&["description"], DraftCode::DescriptionTooShort, format!("description must have at least {} characters.", r.description_min))
        }
        RuleCode::CloseDateNear => {
            let days = r.close_within_days.unwrap_or_default();
            (&["expectedCloseOn"], DraftCode::CloseDateTooFar, format!("expectedCloseOn must be within {days} days."))
        }
        RuleCode::TerritoryAllowed => {
            (&[], DraftCode::TerritoryNotAllowed, "Partners of this territory may not register under the rules in force.".into())
        }
        RuleCode::EvidenceEnough => {
            let message = format!("The evidence must score at least {} of 100: bring more of it.", r.evidence.minimum);
            (&["evidence"], DraftCode::EvidenceTooLittle, message)
        }
        RuleCode::CertifiedPerson => {
            (&[], DraftCode::NotCertified, "A person of the partner must have a valid certificate; the vendor keeps the list.".into())
        }
        _ => (&[], DraftCode::EngagementNotAccepted, "An administrator of the partner must accept the rules of engagement first.".into()),
    };
    DraftViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message }
}

fn value(input: &DraftInput, rules: &DraftRules, refuse: &mut impl FnMut(&[&str], DraftCode, String)) -> Option<(Money, Decimal)> {
    let rate = Currency::parse(&input.currency).ok().and_then(|c| rules.rates.iter().find(|(k, _)| *k == c).cloned());
    if rate.is_none() {
        let accepted: Vec<_> = rules.rates.iter().map(|(c, _)| c.as_str()).collect();
        refuse(&["value", "currency"], DraftCode::CurrencyNotAccepted, format!("value.currency must be one of {}.", accepted.join(", ")));
    }
    let amount = input.amount.trim().parse::<Decimal>().ok();
    let Some(amount) = amount else {
        let (code, rule) =
            if input.amount.trim().is_empty() { (DraftCode::Required, "given") } else { (DraftCode::InvalidInput, "a decimal as 12500.00") };
        refuse(&["value", "amount"], code, format!("value.amount must be {rule}."));
        return None;
    };
    if amount <= Decimal::ZERO {
        refuse(&["value", "amount"], DraftCode::ValueNotPositive, "value.amount must be above zero.".into());
        return None;
    }
    if amount > Decimal::from(VALUE_MAX) {
        refuse(&["value", "amount"], DraftCode::InvalidInput, format!("value.amount must be at most {VALUE_MAX}."));
        return None;
    }
    let (currency, rate) = rate?;
    if amount.normalize().scale() > currency.decimals() {
        refuse(
            &["value", "amount"],
            DraftCode::ValueTooPrecise,
            format!("value.amount must have at most {} decimals in {}.", currency.decimals(), currency.as_str()),
        );
        return None;
    }
    Some((Money { amount, currency }, rate))
}

/// What a registration needs beside the draft.
#[derive(Debug, Clone)]
pub struct RegisterFacts<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its calendar's time zone.
    pub zone: &'a TimeZone,
    /// Id of the new deal.
    pub id: DealId,
    /// Number of the new deal.
    pub number: String,
    /// Whose deal it is.
    pub partner_id: PartnerId,
    /// The customer, with its keys.
    pub customer: Customer,
    /// Who decides on it.
    pub manager_id: Option<UserId>,
    /// The partner's territory.
    pub territory: Option<String>,
    /// What the rules in force (the program's) give this deal.
    pub terms: Terms,
}

/// Customer of a draft, keyed. `registrable` is the registrable domain of the draft's host, where there is one.
pub fn customer_of(draft: &Draft, registrable: Option<String>, id: crate::id::CustomerId, partner_id: PartnerId) -> Customer {
    // An address of a mail provider says nothing of whose customer it is.
    let domain = registrable.or_else(|| draft.customer_host.clone()).filter(|domain| !customer::is_mail_host(domain));
    let country = draft.customer_country.clone();
    Customer {
        id,
        partner_id,
        key: customer::customer_key(&draft.customer_name, domain.as_deref(), country.as_deref()),
        name_key: customer::name_key(&draft.customer_name, country.as_deref()),
        name: draft.customer_name.clone(),
        domain,
        country,
        industry: None,
        parent: None,
    }
}

/// The deal that comes of a valid draft: submitted, in the first stage, with the vendor's clock running.
pub fn register(draft: Draft, facts: RegisterFacts<'_>, by: &UserId, cause: Cause) -> Result<Decision, DealError> {
    let program = facts.program;
    let stage = program.first_stage().ok_or_else(|| DealError::StageUnknown { stage: String::new() })?;
    let mut deal = Deal {
        id: facts.id,
        number: facts.number,
        version: 1,
        title: draft.title,
        status: RegistrationStatus::Submitted,
        stage: stage.key.clone(),
        stage_category: StageCategory::Open,
        partner_id: facts.partner_id,
        customer: Some(facts.customer),
        product_ids: draft.product_ids,
        base_value: draft.value.convert(draft.rate, &program.currency),
        value: draft.value,
        rate: draft.rate,
        expected_close_on: Some(draft.expected_close_on),
        closed_on: None,
        next_step: draft.next_step,
        manager_id: facts.manager_id,
        territory: facts.territory,
        source: DealSource::Registered,
        registered_by: Some(by.clone()),
        created_at: cause.now,
        updated_at: cause.now,
        decision_due_at: None,
        paused_minutes: None,
        decided_at: None,
        decision_reason: None,
        open_question: None,
        protected_until: None,
        import_key: None,
        judged: Judged { rules: program.rules.version, terms: Some(facts.terms) },
        evidence: draft.evidence,
        origin: crate::lead::Origin::default(),
        protection: Protection::default(),
        route: crate::routing::Route::default(),
        record: crate::report::record::Record::default(),
        deadline: Deadline::default(),
        included: draft.included,
    };
    deadline::start(&mut deal, program, facts.zone, cause.now, facts.terms.decision_hours * 60)?;
    let event = cause.event(&deal, EventKind::DealRegistered, None, Vec::new());
    Ok(Decision { deal, based_on: None, take: Vec::new(), release_claims: false, events: vec![event] })
}

/// The moment `minutes` of business time after `from`.
pub(crate) fn due_at(program: &Program, zone: &TimeZone, from: Timestamp, minutes: i64) -> Result<Timestamp, DealError> {
    program.calendar.add_minutes(zone, from, minutes).map_err(|_| DealError::Calendar)
}
