//! A product, and what a bundle is made of.

use async_graphql::{Context, Enum, ID, Object, Result};
use entente_domain::product as domain;

use crate::context::Ask as _;
use crate::program::{Money, Term};
use crate::scalar::DateTime;

/// Whether something is sold alone or is made of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ProductKind")]
pub(crate) enum ProductKind {
    /// Sold alone.
    Product,
    /// A solution pack: products with services and templates, for verticals, at a price of its own.
    Bundle,
}

/// Something the program sells.
pub(crate) struct Product(pub(crate) domain::Product);

/// Something the program sells: a product, or a bundle of products.
#[Object]
impl Product {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Unique name in the program.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// As shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Product line.
    async fn line(&self) -> Option<&str> {
        self.0.line.as_deref()
    }

    /// List price; null when there is none.
    async fn list_price(&self) -> Option<Money> {
        self.0.list_price.as_ref().map(Money::from)
    }

    /// Whether it is sold alone or is a bundle.
    async fn kind(&self) -> ProductKind {
        self.0.kind().into()
    }

    /// Counts changes, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it is; null where nobody said.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Since when it can no longer be registered; null while it can.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }

    /// The products in a bundle now, 1 to 20; a deal keeps those of its registration. Empty for a product that is sold alone.
    async fn includes(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        if self.0.contents().is_empty() {
            return Ok(Vec::new());
        }
        let view = ctx.program().await?;
        Ok(self.0.contents().iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// Services and templates in a bundle, by name, at most 20.
    async fn extras(&self) -> &[String] {
        self.0.bundle.as_ref().map_or(&[], |b| &b.extras)
    }

    /// The verticals that a bundle is for, at most 20; empty for any.
    async fn verticals(&self, ctx: &Context<'_>) -> Result<Vec<Term>> {
        let Some(bundle) = self.0.bundle.as_ref().filter(|b| !b.verticals.is_empty()) else { return Ok(Vec::new()) };
        let view = ctx.program().await?;
        Ok(bundle.verticals.iter().map(|key| Term::by_key(&view.program.verticals, key)).collect())
    }

    /// How a bundle is packaged and sold; null where nobody said.
    async fn packaging(&self) -> Option<&str> {
        self.0.bundle.as_ref()?.packaging.as_deref()
    }
}
