//! The form of a lead that becomes a deal: what the lead says stands in it already.

use entente_web_api::{Id, lead::LeadDetail, program::Program};

use super::draft::{Draft, typed_amount};
use crate::i18n::Language;

impl Draft {
    /// The registration that a lead suggests, for the lead's partner.
    pub fn of_lead(program: &Program, lead: &LeadDetail, language: Language) -> Self {
        let (card, new) = (&lead.card, Self::new(program));
        // What is sold no more cannot be registered, so it is not taken over either.
        let sold = |id: &Id| program.products.iter().any(|product| product.id == *id && product.retired_at.is_none());
        let products: Vec<_> = card.products.iter().filter(|product| sold(&product.id)).collect();
        Self {
            title: products.first().map_or_else(|| card.company.clone(), |product| format!("{} · {}", card.company, product.name)),
            customer_name: card.company.clone(),
            customer_domain: lead.domain.clone().unwrap_or_default(),
            customer_country: card.country.as_ref().map(ToString::to_string).unwrap_or_default(),
            product_ids: products.iter().map(|product| product.id.inner().to_owned()).collect(),
            amount: card.value.as_ref().map(|value| typed_amount(value.amount.as_str(), language)).unwrap_or_default(),
            currency: card.value.as_ref().map_or_else(|| new.currency.clone(), |value| value.currency.to_string()),
            contact: card.name.clone(),
            description: lead.message.clone().unwrap_or_default(),
            partner: card.partner.as_ref().map(|partner| (partner.id.inner().to_owned(), partner.name.clone())),
            ..new
        }
    }
}
