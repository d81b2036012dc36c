//! A product as it is typed.

use async_graphql::{ID, InputObject};
use entente_domain::product::change as domain;

use crate::scalar::{CurrencyCode, Decimal};

/// A list price.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ProductPriceInput {
    /// Units of the currency, 0 or more, with no more decimals than the currency has.
    amount: Decimal,
    /// One of the program's currencies.
    currency: CurrencyCode,
}

/// What a bundle is made of.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct BundleInput {
    /// The products in it, 1 to 20, none of them a bundle or retired.
    product_ids: Vec<ID>,
    /// Services and templates, at most 20 lines of at most 200 characters each.
    extras: Option<Vec<String>>,
    /// Keys of the verticals that it is for, at most 20; any if left out or empty.
    verticals: Option<Vec<String>>,
    /// How it is packaged and sold, at most 4,000 characters.
    packaging: Option<String>,
}

/// A product or a bundle, whole: what is left out is empty.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ProductInput {
    /// Unique name in the program: lower-case letters, digits and hyphens, at most 60.
    key: String,
    /// As shown, at most 200 characters; unlike every other product's.
    name: String,
    /// Product line, at most 200 characters.
    line: Option<String>,
    /// List price.
    list_price: Option<ProductPriceInput>,
    /// What it is, at most 4,000 characters.
    description: Option<String>,
    /// What it is made of; left out for a product that is sold alone. A product never becomes a bundle, nor the other way.
    bundle: Option<BundleInput>,
}

impl From<ProductInput> for domain::ProductInput {
    fn from(i: ProductInput) -> Self {
        let bundle = |b: BundleInput| domain::BundleInput {
            product_ids: b.product_ids.into_iter().map(|id| id.0).collect(),
            extras: b.extras.unwrap_or_default(),
            verticals: b.verticals.unwrap_or_default(),
            packaging: b.packaging,
        };
        Self {
            key: i.key,
            name: i.name,
            line: i.line,
            list_price: i.list_price.map(|p| (p.amount.0, p.currency.0)),
            description: i.description,
            bundle: i.bundle.map(bundle),
        }
    }
}
