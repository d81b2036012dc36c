//! The vendor's own opportunities: what its staff sells without a partner. Recorded so that everybody can see who was first: on
//! a customer and product that a partner has protected none can be begun or won.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::customer::{customer_key, host_of, is_mail_host, name_key};
use crate::deal::claim::{self, ClaimKey};
use crate::deal::register::PRODUCTS_MAX;
use crate::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use crate::id::{DirectId, EventId, ProductId};
use crate::program::Program;
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DirectStatus {
    /// Somebody works on it.
    Open,
    /// The customer bought.
    Won,
    /// The customer did not buy, or it was given up.
    Lost,
}

impl DirectStatus {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Won => "WON",
            Self::Lost => "LOST",
        }
    }
}

/// An opportunity of the vendor's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direct {
    /// Its id.
    pub id: DirectId,
    /// Counts changes, from 1.
    pub version: i32,
    /// How far it is.
    pub status: DirectStatus,
    /// Customer's name.
    pub customer_name: String,
    /// Registrable domain.
    pub customer_domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub customer_country: Option<String>,
    /// See [`customer_key`].
    pub customer_key: String,
    /// See [`name_key`].
    pub name_key: String,
    /// Distinct products, at least one.
    pub product_ids: Vec<ProductId>,
    /// Products within its bundles, as they were when it was recorded.
    #[serde(default)]
    pub included: Vec<ProductId>,
    /// What it is about.
    pub note: Option<String>,
    /// Who recorded it.
    pub recorded_by: EventActor,
    /// When.
    pub recorded_at: Timestamp,
    /// When it was won or lost.
    pub closed_at: Option<Timestamp>,
}

impl Direct {
    /// What must not be protected by a partner for it to begin or be won.
    pub fn claim_keys(&self) -> Vec<ClaimKey> {
        claim::keys(&self.customer_key, &self.name_key, self.all_products())
    }
}

impl Direct {
    /// Its products and those within its bundles.
    pub fn all_products(&self) -> impl Iterator<Item = &ProductId> {
        self.product_ids.iter().chain(&self.included)
    }
}

/// An opportunity as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DirectInput {
    /// Customer's name.
    pub customer_name: String,
    /// Customer's domain, address or e-mail.
    pub customer_domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub customer_country: Option<String>,
    /// Product ids.
    pub product_ids: Vec<String>,
    /// What it is about.
    pub note: Option<String>,
}

/// Codes of what can be wrong; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DirectCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Wrong shape.
    InvalidInput,
    /// No such country.
    CustomerCountryUnknown,
    /// Not one of the program's products.
    ProductUnknown,
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectViolation {
    /// The field of the input.
    pub field: &'static str,
    /// What kind of wrong.
    pub code: DirectCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// What a change needs beside the input.
#[derive(Debug, Clone)]
pub struct DirectCause {
    /// By whom.
    pub by: EventActor,
    /// When.
    pub now: Timestamp,
    /// Id of the event.
    pub event_id: EventId,
}

fn event(direct: &Direct, kind: EventKind, text: Option<String>, changes: Vec<FieldChange>, cause: &DirectCause) -> Event {
    Event {
        id: cause.event_id.clone(),
        kind,
        subject: Subject::Direct { id: direct.id.clone(), version: direct.version },
        occurred_at: cause.now,
        actor: cause.by.clone(),
        visibility: Visibility::Internal,
        text,
        changes,
    }
}

/// The opportunity of an input, or everything that is wrong with it. `registrable` gives the registrable domain of a host.
pub fn record(
    input: &DirectInput,
    program: &Program,
    registrable: impl Fn(&str) -> Option<String>,
    id: DirectId,
    cause: &DirectCause,
) -> Result<(Direct, Event), Vec<DirectViolation>> {
    let mut wrong = Vec::new();
    let mut refuse = |field, code, message: String| wrong.push(DirectViolation { field, code, message });
    let name = text::required(&input.customer_name, LINE_MAX).unwrap_or_else(|e| {
        match e {
            TextError::Empty => refuse("customerName", DirectCode::Required, "customerName must not be empty.".into()),
            TextError::TooLong { max } => refuse("customerName", DirectCode::TooLong, format!("customerName must have at most {max} characters.")),
        }
        String::new()
    });
    let note = text::optional(input.note.as_deref(), NOTE_MAX).unwrap_or_else(|_| {
        refuse("note", DirectCode::TooLong, format!("note must have at most {NOTE_MAX} characters."));
        None
    });
    let typed = input.customer_domain.as_deref().map(str::trim).filter(|d| !d.is_empty());
    let host = typed.and_then(host_of);
    if typed.is_some() && host.is_none() {
        refuse("customerDomain", DirectCode::InvalidInput, "customerDomain must be a domain as example.com, or left empty.".into());
    }
    let country = input.customer_country.as_deref().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned);
    if country.as_deref().is_some_and(|c| !crate::country::is_known(c)) {
        refuse("customerCountry", DirectCode::CustomerCountryUnknown, "customerCountry must be a country code of ISO 3166-1, as DE.".into());
    }
    let mut product_ids: Vec<ProductId> = input.product_ids.iter().filter_map(|p| p.parse().ok()).filter(|p| program.product(p).is_some()).collect();
    if product_ids.len() < input.product_ids.len() {
        refuse("productIds", DirectCode::ProductUnknown, "productIds must name products of the program.".into());
    }
    if input.product_ids.is_empty() || input.product_ids.len() > PRODUCTS_MAX {
        refuse("productIds", DirectCode::Required, format!("productIds must name 1 to {PRODUCTS_MAX} products."));
    }
    product_ids.sort();
    product_ids.dedup();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let domain = host.as_deref().and_then(registrable).or(host).filter(|domain| !is_mail_host(domain));
    let direct = Direct {
        id,
        version: 1,
        status: DirectStatus::Open,
        customer_key: customer_key(&name, domain.as_deref(), country.as_deref()),
        name_key: name_key(&name, country.as_deref()),
        customer_name: name,
        customer_domain: domain,
        customer_country: country,
        included: crate::product::included(program, &product_ids),
        product_ids,
        note,
        recorded_by: cause.by.clone(),
        recorded_at: cause.now,
        closed_at: None,
    };
    let event = event(&direct, EventKind::DirectRecorded, direct.note.clone(), Vec::new(), cause);
    Ok((direct, event))
}

/// The opportunity won or lost; none when it is closed already.
pub fn close(direct: &Direct, won: bool, cause: &DirectCause) -> Option<(Direct, Event)> {
    if direct.status != DirectStatus::Open {
        return None;
    }
    let status = if won { DirectStatus::Won } else { DirectStatus::Lost };
    let after = Direct { version: direct.version + 1, status, closed_at: Some(cause.now), ..direct.clone() };
    let change = FieldChange { field: "status".into(), before: Some(direct.status.name().into()), after: Some(status.name().into()) };
    let event = event(&after, EventKind::DirectClosed, None, vec![change], cause);
    Some((after, event))
}
