//! Customers of the histories: three companies, each written in three ways that mean the same.

use super::dice::Dice;
use crate::customer::{self, Customer, customer_key, name_key};
use crate::deal::Deal;
use crate::id::{CustomerId, PartnerId};

/// One of three customers, by its domain and name, by its name alone, or by its domain under another name.
pub fn any(dice: &mut Dice, own: &PartnerId, id: CustomerId) -> Customer {
    let n = dice.below(3);
    let (name, domain) = match dice.below(3) {
        0 => (format!("Customer {n} GmbH"), Some(format!("c{n}.example"))),
        1 => (format!("customer {n}"), None),
        _ => (format!("Branch of {n}"), Some(format!("c{n}.example"))),
    };
    Customer {
        id,
        partner_id: own.clone(),
        key: customer_key(&name, domain.as_deref(), Some("DE")),
        name_key: name_key(&name, Some("DE")),
        name,
        domain,
        country: Some("DE".into()),
        industry: None,
        parent: None,
    }
}

/// Whether the deal is with that customer.
pub fn is_same(deal: &Deal, customer: &Customer) -> bool {
    deal.customer.as_ref().is_some_and(|c| customer::is_same((&c.key, &c.name_key), (&customer.key, &customer.name_key)))
}
