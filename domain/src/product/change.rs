//! Adding, changing, retiring and restoring a product: what was typed is read against the program, and the program after it
//! comes back in its next version. Nothing is ever taken out.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Bundle, CATALOGUE_MAX, CONTENTS_MAX, EXTRAS_MAX, KEY_MAX, Product};
use crate::deal::register::VALUE_MAX;
use crate::event::FieldChange;
use crate::id::ProductId;
use crate::money::{Currency, Money, format_decimal};
use crate::program::Program;
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};

/// A bundle as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct BundleInput {
    /// Product ids.
    pub product_ids: Vec<String>,
    /// Services and templates, one line each.
    pub extras: Vec<String>,
    /// Keys of verticals.
    pub verticals: Vec<String>,
    /// How it is packaged.
    pub packaging: Option<String>,
}

/// A product as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ProductInput {
    /// Unique name in the program.
    pub key: String,
    /// As shown.
    pub name: String,
    /// Product line.
    pub line: Option<String>,
    /// List price: a decimal and a currency.
    pub list_price: Option<(String, String)>,
    /// What it is.
    pub description: Option<String>,
    /// What it is made of; none for a product that is sold alone.
    pub bundle: Option<BundleInput>,
}

/// Codes of what can be wrong with a product; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Wrong shape.
    InvalidInput,
    /// Another product has this key.
    KeyTaken,
    /// Another product has this name.
    NameTaken,
    /// The program does not take this currency.
    CurrencyNotAccepted,
    /// Not one of the program's products.
    ProductUnknown,
    /// A product in the bundle is retired.
    ProductRetired,
    /// Not one of the program's verticals.
    VerticalUnknown,
    /// A bundle without products.
    BundleEmpty,
    /// A bundle in a bundle.
    BundleInBundle,
    /// A product cannot become a bundle, nor a bundle a product.
    KindFixed,
    /// The program has as many products as it may have.
    CatalogueFull,
}

/// One thing wrong with a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductViolation {
    /// Path of the field in the input, as `["bundle", "productIds", "0"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: ProductCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// Why a change of a product is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// What was typed breaks these rules.
    #[error("The product breaks rules of the program.")]
    Invalid(Vec<ProductViolation>),
    /// There is none.
    #[error("There is no such product.")]
    NotFound,
    /// It was decided on another version.
    #[error("The product has changed since you looked (version {current}); look again and repeat.")]
    StaleVersion {
        /// Version now.
        current: i32,
    },
    /// It is retired already.
    #[error("{name} is retired already.")]
    RetiredAlready {
        /// Its name.
        name: String,
    },
    /// It is not retired.
    #[error("{name} is not retired.")]
    NotRetired {
        /// Its name.
        name: String,
    },
    /// A bundle that can be registered has it inside.
    #[error("{name} is in the bundle {bundle}; take it out there, or retire the bundle first.")]
    InBundle {
        /// Its name.
        name: String,
        /// The bundle's name.
        bundle: String,
    },
    /// The bundle has a retired product inside.
    #[error("{bundle} has {name} inside, which is retired; bring that back or take it out first.")]
    ContentRetired {
        /// The bundle's name.
        bundle: String,
        /// The retired product's name.
        name: String,
    },
}

/// A change of a product: the program after it, the product, and what changed in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductChange {
    /// The program after the change, in its next version.
    pub program: Program,
    /// The product after the change.
    pub product: Product,
    /// What changed.
    pub changes: Vec<FieldChange>,
}

/// Collects what is wrong.
struct Wrong(Vec<ProductViolation>);

impl Wrong {
    fn say(&mut self, path: &[&str], code: ProductCode, message: impl Into<String>) {
        self.0.push(ProductViolation { path: path.iter().map(|p| (*p).to_owned()).collect(), code, message: message.into() });
    }

    fn line(&mut self, path: &[&str], value: &str, max: usize) -> String {
        let field = path.join(".");
        match text::required(value, max) {
            Ok(v) if !v.contains('\n') => return v,
            Ok(_) => self.say(path, ProductCode::InvalidInput, format!("{field} must be one line.")),
            Err(TextError::Empty) => self.say(path, ProductCode::Required, format!("{field} must not be empty.")),
            Err(TextError::TooLong { max }) => self.say(path, ProductCode::TooLong, format!("{field} must have at most {max} characters.")),
        }
        String::new()
    }

    fn note(&mut self, path: &[&str], value: Option<&str>, max: usize) -> Option<String> {
        text::optional(value, max).unwrap_or_else(|_| {
            self.say(path, ProductCode::TooLong, format!("{} must have at most {max} characters.", path.join(".")));
            None
        })
    }
}

/// Adds a product or a bundle to the program, behind all others. Answers everything that is wrong, not only the first.
pub fn add(program: &Program, input: &ProductInput, id: ProductId) -> Result<ProductChange, ProductError> {
    let mut wrong = Wrong(Vec::new());
    if program.products.len() >= CATALOGUE_MAX {
        wrong.say(&[], ProductCode::CatalogueFull, format!("A program has at most {CATALOGUE_MAX} products; rename one that is retired."));
    }
    let product = read(program, input, Product::new(id, "", "", None, None), &mut wrong);
    if !wrong.0.is_empty() {
        return Err(ProductError::Invalid(wrong.0));
    }
    let mut after = Program { version: program.version + 1, ..program.clone() };
    after.products.push(product.clone());
    let changes = vec![FieldChange { field: "products".into(), before: None, after: Some(product.name.clone()) }];
    Ok(ProductChange { program: after, product, changes })
}

/// Changes a product to what was typed. Deals keep what they were registered with.
pub fn change(program: &Program, id: &ProductId, version: i32, input: &ProductInput) -> Result<ProductChange, ProductError> {
    let before = found(program, id, version)?;
    let mut wrong = Wrong(Vec::new());
    if input.bundle.is_some() != before.bundle.is_some() {
        wrong.say(&["bundle"], ProductCode::KindFixed, "A product stays a product and a bundle a bundle; add a new one.");
    }
    let product = read(program, input, before.clone(), &mut wrong);
    if !wrong.0.is_empty() {
        return Err(ProductError::Invalid(wrong.0));
    }
    let changes = differences(program, before, &product);
    Ok(replaced(program, product, changes))
}

/// Retires a product: it can no longer be registered. Refused while a bundle that can be registered has it inside.
pub fn retire(program: &Program, id: &ProductId, version: i32, now: Timestamp) -> Result<ProductChange, ProductError> {
    let before = found(program, id, version)?;
    let name = before.name.clone();
    if before.retired_at.is_some() {
        return Err(ProductError::RetiredAlready { name });
    }
    if let Some(bundle) = program.products.iter().find(|p| p.retired_at.is_none() && p.contents().contains(id)) {
        return Err(ProductError::InBundle { name, bundle: bundle.name.clone() });
    }
    let changes = vec![FieldChange { field: format!("products.{}.retiredAt", before.key), before: None, after: Some(now.to_string()) }];
    Ok(replaced(program, Product { retired_at: Some(now), ..before.clone() }, changes))
}

/// Brings a retired product back. Refused for a bundle with a retired product inside.
pub fn restore(program: &Program, id: &ProductId, version: i32) -> Result<ProductChange, ProductError> {
    let before = found(program, id, version)?;
    let name = before.name.clone();
    let Some(since) = before.retired_at else { return Err(ProductError::NotRetired { name }) };
    let inside = before.contents().iter().filter_map(|id| program.product(id)).find(|p| p.retired_at.is_some());
    if let Some(inside) = inside {
        return Err(ProductError::ContentRetired { bundle: name, name: inside.name.clone() });
    }
    let changes = vec![FieldChange { field: format!("products.{}.retiredAt", before.key), before: Some(since.to_string()), after: None }];
    Ok(replaced(program, Product { retired_at: None, ..before.clone() }, changes))
}

fn found<'a>(program: &'a Program, id: &ProductId, version: i32) -> Result<&'a Product, ProductError> {
    let product = program.product(id).ok_or(ProductError::NotFound)?;
    if product.version == version { Ok(product) } else { Err(ProductError::StaleVersion { current: product.version }) }
}

fn replaced(program: &Program, product: Product, changes: Vec<FieldChange>) -> ProductChange {
    let product = Product { version: product.version + 1, ..product };
    let mut after = Program { version: program.version + 1, ..program.clone() };
    for known in &mut after.products {
        if known.id == product.id {
            known.clone_from(&product);
        }
    }
    ProductChange { program: after, product, changes }
}

/// The product as it was typed, in place of `base`.
fn read(program: &Program, input: &ProductInput, base: Product, wrong: &mut Wrong) -> Product {
    let others = || program.products.iter().filter(|p| p.id != base.id);
    let key = wrong.line(&["key"], &input.key, KEY_MAX);
    let shaped = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    // A key that came in with an import may look otherwise; it may stay.
    if key != base.key && !shaped {
        wrong.say(&["key"], ProductCode::InvalidInput, "key must be lower-case letters, digits and hyphens, as vault-saas.");
    }
    if !key.is_empty() && others().any(|p| p.key == key) {
        wrong.say(&["key"], ProductCode::KeyTaken, format!("Another product has the key {key}."));
    }
    let name = wrong.line(&["name"], &input.name, LINE_MAX);
    if !name.is_empty() && name != base.name && others().any(|p| p.name.to_lowercase() == name.to_lowercase()) {
        wrong.say(&["name"], ProductCode::NameTaken, format!("Another product is called {name}."));
    }
    let line = wrong.note(&["line"], input.line.as_deref(), LINE_MAX);
    let list_price = input.list_price.as_ref().and_then(|(amount, currency)| price(program, amount, currency, wrong));
    let description = wrong.note(&["description"], input.description.as_deref(), NOTE_MAX);
    let bundle = input.bundle.as_ref().map(|b| contents(program, b, &base, wrong));
    Product { key, name, line, list_price, description, bundle, ..base }
}

fn price(program: &Program, amount: &str, currency: &str, wrong: &mut Wrong) -> Option<Money> {
    let Some(currency) = Currency::parse(currency).ok().filter(|c| program.rate(c).is_some()) else {
        let accepted: Vec<_> = program.rates.iter().map(|r| r.currency.as_str()).collect();
        wrong.say(
            &["listPrice", "currency"],
            ProductCode::CurrencyNotAccepted,
            format!("listPrice.currency must be one of {}.", accepted.join(", ")),
        );
        return None;
    };
    let fits = |a: &Decimal| *a >= Decimal::ZERO && *a <= Decimal::from(VALUE_MAX) && a.normalize().scale() <= currency.decimals();
    match amount.trim().parse::<Decimal>().ok().filter(fits) {
        Some(amount) => Some(Money { amount, currency }),
        None => {
            let (path, decimals) = (["listPrice", "amount"], currency.decimals());
            let message = format!("listPrice.amount must be a decimal from 0 to {VALUE_MAX} with at most {decimals} decimals.");
            wrong.say(&path, ProductCode::InvalidInput, message);
            None
        }
    }
}

fn contents(program: &Program, input: &BundleInput, base: &Product, wrong: &mut Wrong) -> Bundle {
    let mut product_ids: Vec<ProductId> = Vec::new();
    if input.product_ids.is_empty() {
        wrong.say(&["bundle", "productIds"], ProductCode::BundleEmpty, "A bundle must have at least one product inside.");
    }
    let counts = [
        ("productIds", input.product_ids.len(), CONTENTS_MAX),
        ("extras", input.extras.len(), EXTRAS_MAX),
        ("verticals", input.verticals.len(), EXTRAS_MAX),
    ];
    for (field, count, max) in counts {
        if count > max {
            wrong.say(&["bundle", field], ProductCode::TooLong, format!("bundle.{field} must have at most {max} entries."));
        }
    }
    for (i, id) in input.product_ids.iter().take(CONTENTS_MAX).enumerate() {
        let index = i.to_string();
        let at = ["bundle", "productIds", index.as_str()];
        match id.parse::<ProductId>().ok().and_then(|id| program.product(&id)) {
            None => wrong.say(&at, ProductCode::ProductUnknown, "bundle.productIds must name products of the program."),
            Some(p) if p.bundle.is_some() => {
                wrong.say(&at, ProductCode::BundleInBundle, format!("{} is a bundle; a bundle has only products inside.", p.name));
            }
            // A bundle that is retired itself may keep what was retired with it.
            Some(p) if p.retired_at.is_some() && !(base.retired_at.is_some() && base.contents().contains(&p.id)) => {
                wrong.say(&at, ProductCode::ProductRetired, format!("{} is retired and cannot be in a bundle.", p.name));
            }
            Some(p) if !product_ids.contains(&p.id) => product_ids.push(p.id.clone()),
            Some(_) => {}
        }
    }
    let extras = input.extras.iter().take(EXTRAS_MAX).filter(|e| !e.trim().is_empty());
    let extras = extras.map(|e| wrong.line(&["bundle", "extras"], e, LINE_MAX)).collect();
    let mut verticals: Vec<String> = Vec::new();
    for vertical in input.verticals.iter().take(EXTRAS_MAX) {
        if !program.verticals.iter().any(|v| v.key == *vertical) {
            wrong.say(&["bundle", "verticals"], ProductCode::VerticalUnknown, "bundle.verticals must be keys of the program's verticals.");
        } else if !verticals.contains(vertical) {
            verticals.push(vertical.clone());
        }
    }
    let packaging = wrong.note(&["bundle", "packaging"], input.packaging.as_deref(), NOTE_MAX);
    Bundle { product_ids, extras, verticals, packaging }
}

/// What differs, in words; the field names the product by its key.
fn differences(program: &Program, before: &Product, after: &Product) -> Vec<FieldChange> {
    let money = |m: &Option<Money>| m.as_ref().map(|m| format!("{} {}", format_decimal(m.amount), m.currency.as_str()));
    let names = |p: &Product| {
        let named = |id: &ProductId| program.product(id).map_or_else(|| id.to_string(), |p| p.name.clone());
        p.bundle.as_ref().map(|b| b.product_ids.iter().map(named).collect::<Vec<_>>().join(", "))
    };
    let of = |p: &Product, part: fn(&Bundle) -> Option<String>| p.bundle.as_ref().and_then(part);
    let extras = |b: &Bundle| (!b.extras.is_empty()).then(|| b.extras.join("; "));
    let verticals = |b: &Bundle| (!b.verticals.is_empty()).then(|| b.verticals.join(", "));
    let fields = [
        ("key", Some(before.key.clone()), Some(after.key.clone())),
        ("name", Some(before.name.clone()), Some(after.name.clone())),
        ("line", before.line.clone(), after.line.clone()),
        ("listPrice", money(&before.list_price), money(&after.list_price)),
        ("description", before.description.clone(), after.description.clone()),
        ("includes", names(before), names(after)),
        ("extras", of(before, extras), of(after, extras)),
        ("verticals", of(before, verticals), of(after, verticals)),
        ("packaging", of(before, |b| b.packaging.clone()), of(after, |b| b.packaging.clone())),
    ];
    let changed = fields.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(field, was, is)| FieldChange { field: format!("products.{}.{field}", before.key), before: was, after: is }).collect()
}
