//! Claims: what an approved registration holds. At most one claim exists for a customer and a product; a unique index of
//! the store sees to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{DealId, PartnerId, ProductId};

/// What a claim is on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimKey {
    /// See [`crate::customer::customer_key`].
    pub customer_key: String,
    /// The product.
    pub product_id: ProductId,
}

/// A claim that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// On what.
    pub key: ClaimKey,
    /// Normalised name and country of the customer, to find possible conflicts across keys.
    pub name_key: String,
    /// By which deal.
    pub deal_id: DealId,
    /// Of which partner.
    pub partner_id: PartnerId,
    /// Until when.
    pub protected_until: Timestamp,
}
