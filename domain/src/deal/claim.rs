//! Claims: what an approved registration holds. At most one claim exists for a customer and a product; a unique index of
//! the store sees to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::customer::same_keys;
use crate::id::{DealId, PartnerId, ProductId};

/// What a claim is on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimKey {
    /// See [`crate::customer::customer_key`].
    pub customer_key: String,
    /// The product.
    pub product_id: ProductId,
}

/// Each product under each key of the customer.
pub fn keys<'a>(customer_key: &str, name_key: &str, products: impl Iterator<Item = &'a ProductId>) -> Vec<ClaimKey> {
    let keys = same_keys(customer_key, name_key);
    products.flat_map(|p| keys.iter().map(|key| ClaimKey { customer_key: key.clone(), product_id: p.clone() })).collect()
}

/// A claim that is held. It holds the product under the name and country of the customer too, where the country is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// On what.
    pub key: ClaimKey,
    /// Normalised name and country of the customer.
    pub name_key: String,
    /// By which deal.
    pub deal_id: DealId,
    /// Of which partner.
    pub partner_id: PartnerId,
    /// Until when.
    pub protected_until: Timestamp,
}

impl Claim {
    /// Everything that it holds.
    pub fn keys(&self) -> Vec<ClaimKey> {
        keys(&self.key.customer_key, &self.name_key, std::iter::once(&self.key.product_id))
    }
}
