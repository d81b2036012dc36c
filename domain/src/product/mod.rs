//! What the program sells: products, and bundles of them for a vertical. They are the program's data: added, changed and
//! retired, never deleted, because deals point at them. Registering a bundle is registering everything in it.

pub mod change;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ProductId;
use crate::money::Money;
use crate::program::Program;

/// Most products of a program.
pub const CATALOGUE_MAX: usize = 1_000;
/// Most products in a bundle.
pub const CONTENTS_MAX: usize = 20;
/// Most services and templates that a bundle names, and most verticals.
pub const EXTRAS_MAX: usize = 20;
/// Longest key, in characters.
pub const KEY_MAX: usize = 60;

/// Whether something is sold alone or is made of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProductKind {
    /// Sold alone.
    Product,
    /// A solution pack: products with services and templates.
    Bundle,
}

/// What a bundle is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bundle {
    /// The products in it, at least one, each once, none of them a bundle.
    pub product_ids: Vec<ProductId>,
    /// Named services and templates that belong to it.
    pub extras: Vec<String>,
    /// Keys of the verticals that it is for; empty for any.
    pub verticals: Vec<String>,
    /// How it is packaged and sold.
    pub packaging: Option<String>,
}

/// Something the program sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Unique name in the program.
    pub key: String,
    /// As shown.
    pub name: String,
    /// Product line.
    pub line: Option<String>,
    /// List price.
    pub list_price: Option<Money>,
    /// Counts changes, from 1.
    pub version: i32,
    /// What it is.
    pub description: Option<String>,
    /// Since when it can no longer be registered.
    pub retired_at: Option<Timestamp>,
    /// What it is made of; none for a product that is sold alone.
    pub bundle: Option<Bundle>,
}

impl Product {
    /// A product that is sold alone.
    pub fn new(id: ProductId, key: &str, name: &str, line: Option<String>, list_price: Option<Money>) -> Self {
        let (key, name) = (key.to_owned(), name.to_owned());
        Self { id, key, name, line, list_price, version: 1, description: None, retired_at: None, bundle: None }
    }

    /// What kind it is.
    pub fn kind(&self) -> ProductKind {
        if self.bundle.is_some() { ProductKind::Bundle } else { ProductKind::Product }
    }

    /// The products in it; empty for one that is sold alone.
    pub fn contents(&self) -> &[ProductId] {
        self.bundle.as_ref().map_or(&[], |b| &b.product_ids)
    }
}

/// The products within the bundles among these, each once, without those that are named themselves.
pub fn included(program: &Program, products: &[ProductId]) -> Vec<ProductId> {
    within(products, |id| program.product(id).map_or(&[], Product::contents))
}

/// These products and those within the bundles among them, each once: what is checked and claimed.
pub fn with_included(program: &Program, products: &[ProductId]) -> Vec<ProductId> {
    products.iter().cloned().chain(included(program, products)).collect()
}

/// As [`included`], of whatever knows the contents of a bundle.
pub(crate) fn within<'a>(products: &[ProductId], contents: impl Fn(&ProductId) -> &'a [ProductId]) -> Vec<ProductId> {
    let mut found: Vec<ProductId> = Vec::new();
    for id in products.iter().flat_map(contents) {
        if !products.contains(id) && !found.contains(id) {
            found.push(id.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests;
