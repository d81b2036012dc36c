//! A product as it is being written, and what is to be sent of it.

use entente_web_api::{
    CurrencyCode, Decimal, Id,
    product::{BundleInput, ProductInput, ProductPriceInput},
    program::{Product, ProductKind, Program},
};

use crate::{i18n::Language, pages::register::plain_amount};

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub key: String,
    /// Whether the key was typed; until then it follows the name.
    pub own_key: bool,
    pub name: String,
    pub line: String,
    /// As typed, in the writing of the viewer's language.
    pub amount: String,
    pub currency: String,
    pub description: String,
    pub bundle: bool,
    pub products: Vec<String>,
    /// One service or template a line.
    pub extras: String,
    pub verticals: Vec<String>,
    pub packaging: String,
}

impl Draft {
    pub fn new(program: &Program, kind: ProductKind) -> Self {
        Self { currency: program.currency.to_string(), bundle: kind == ProductKind::Bundle, ..Self::default() }
    }

    pub fn of(product: &Product, program: &Program, language: Language) -> Self {
        let price = product.list_price.as_ref();
        let amount = price.map(|price| price.amount.to_string()).unwrap_or_default();
        Self {
            key: product.key.clone(),
            own_key: true,
            name: product.name.clone(),
            line: product.line.clone().unwrap_or_default(),
            amount: if language == Language::German { amount.replace('.', ",") } else { amount },
            currency: price.map_or_else(|| program.currency.to_string(), |price| price.currency.to_string()),
            description: product.description.clone().unwrap_or_default(),
            bundle: product.kind == ProductKind::Bundle,
            products: product.includes.iter().map(|inside| inside.id.inner().to_owned()).collect(),
            extras: product.extras.join("\n"),
            verticals: product.verticals.iter().map(|vertical| vertical.key.clone()).collect(),
            packaging: product.packaging.clone().unwrap_or_default(),
        }
    }

    /// With another name, and the key that follows it until one is typed.
    pub fn named(mut self, name: String) -> Self {
        if !self.own_key {
            self.key = key_of(&name);
        }
        self.name = name;
        self
    }

    pub fn input(&self, language: Language) -> ProductInput {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        ProductInput {
            key: self.key.trim().to_owned(),
            name: self.name.trim().to_owned(),
            line: given(&self.line),
            list_price: given(&self.amount)
                .map(|amount| ProductPriceInput { amount: Decimal(plain_amount(&amount, language)), currency: CurrencyCode(self.currency.clone()) }),
            description: given(&self.description),
            bundle: self.bundle.then(|| BundleInput {
                product_ids: self.products.iter().cloned().map(Id::from).collect(),
                extras: Some(self.extras.lines().filter_map(given).collect()),
                verticals: Some(self.verticals.clone()),
                packaging: given(&self.packaging),
            }),
        }
    }
}

/// A key for a name: lower-case letters, digits and hyphens.
fn key_of(name: &str) -> String {
    let words = entente_domain::text::words(name);
    let ascii: Vec<String> = words.iter().map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect()).collect();
    ascii.into_iter().filter(|word: &String| !word.is_empty()).collect::<Vec<_>>().join("-").chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_follows_the_name_until_one_is_typed() {
        let draft = Draft::default().named("Hälden Vault & Co. 2".into());
        assert_eq!(draft.key, "halden-vault-co-2");
        let typed = Draft { key: "own".into(), own_key: true, ..draft }.named("Other".into());
        assert_eq!((typed.key.as_str(), typed.name.as_str()), ("own", "Other"));
    }

    #[test]
    fn what_is_sent_is_without_blanks() {
        let draft = Draft {
            key: " pack ".into(),
            name: "Pack".into(),
            amount: "1.234,50".into(),
            currency: "EUR".into(),
            bundle: true,
            extras: "One\n\n Two \n".into(),
            ..Draft::default()
        };
        let input = draft.input(Language::German);
        assert_eq!((input.key.as_str(), input.line), ("pack", None));
        assert_eq!(input.list_price.map(|price| price.amount.0), Some("1234.50".to_owned()));
        assert_eq!(input.bundle.and_then(|bundle| bundle.extras), Some(vec!["One".to_owned(), "Two".to_owned()]));
    }
}
