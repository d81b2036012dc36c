//! The registration as it is being written: what stands in the form, how it survives a closed tab, and the domain's
//! own rules applied to it.

use std::collections::{BTreeMap, BTreeSet};

use entente_domain::{
    Decimal,
    deal::evidence::{Evidence, EvidenceFile},
    deal::register::{DraftCode, DraftInput, DraftRules, validate},
    money::Currency,
    rules::Requirements,
};
use entente_web_api::{CountryCode, CurrencyCode, Date, Id, MoneyInput, deal_action::DealRegisterInput, desk::CustomValueInput, program::Program};
use serde::{Deserialize, Serialize};

use crate::{i18n::Language, program::SharedProgram};

/// What stands in the form.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Draft {
    pub title: String,
    pub customer_name: String,
    pub customer_domain: String,
    pub customer_country: String,
    pub product_ids: Vec<String>,
    /// As typed, in the writing of the viewer's language.
    pub amount: String,
    pub currency: String,
    pub close: String,
    pub next_step: String,
    pub contact: String,
    pub description: String,
    pub met_on: String,
    pub discovery: String,
    pub budget: String,
    /// Id and name of each file that was uploaded.
    pub files: Vec<(String, String)>,
    /// Values of the program's own fields.
    pub fields: BTreeMap<String, String>,
    /// Id and name of the partner, where vendor staff registers for one.
    pub partner: Option<(String, String)>,
    /// Made once per form: the same registration sent twice stays one.
    pub key: String,
}

/// One thing that is wrong: the field as on the wire (`amount`, `productIds` ...) and the kind of wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub code: DraftCode,
}

impl Draft {
    /// An empty form in the program's currency, with a key of its own.
    pub fn new(program: &Program) -> Self {
        Self { currency: program.currency.to_string(), key: fresh_key(), ..Self::default() }
    }

    /// Whether it still says what it said at `first`: the currency alone is no writing, and the key is nobody's.
    pub fn is_as(&self, first: &Self) -> bool {
        let first = Self { currency: self.currency.clone(), key: self.key.clone(), ..first.clone() };
        *self == first
    }

    fn input(&self, language: Language) -> DraftInput {
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        DraftInput {
            title: self.title.clone(),
            customer_name: self.customer_name.clone(),
            customer_domain: given(&self.customer_domain),
            customer_country: given(&self.customer_country),
            product_ids: self.product_ids.clone(),
            amount: plain_amount(&self.amount, language),
            currency: self.currency.clone(),
            expected_close_on: self.close.parse().ok(),
            next_step: given(&self.next_step),
            contact: given(&self.contact),
            description: given(&self.description),
            met_on: self.met_on.parse().ok(),
            discovery: given(&self.discovery),
            budget: given(&self.budget),
            files: self.evidence().files,
            fields: self.fields.iter().filter(|(_, value)| !value.trim().is_empty()).map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }

    /// What stands in the form as evidence, to be weighed.
    pub fn evidence(&self) -> Evidence {
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        // What a file is, the server has looked at: here it only counts that there is one.
        let file = |(id, name): &(String, String)| {
            let id = id.parse().ok()?;
            Some(EvidenceFile {
                id,
                name: name.clone(),
                media_type: String::new(),
                size: 0,
                hash: String::new(),
                added_at: entente_domain::Timestamp::UNIX_EPOCH,
            })
        };
        Evidence {
            contact: given(&self.contact),
            met_on: self.met_on.parse().ok(),
            discovery: given(&self.discovery),
            budget: given(&self.budget),
            files: self.files.iter().filter_map(file).collect(),
            ..Evidence::default()
        }
    }

    /// The registration to send, or everything that is wrong with it, by the rules that the server applies.
    pub fn check(&self, program: &SharedProgram, today: &Date, needs_partner: bool, language: Language) -> Result<DealRegisterInput, Vec<Wrong>> {
        let input = self.input(language);
        // Without a readable clock no date counts as past here; the server decides anyway.
        let today = today.as_str().parse().unwrap_or(entente_domain::Date::MIN);
        let partner_missing = needs_partner && self.partner.is_none();
        let judged = rules(program).map_or(Err(Vec::new()), |rules| validate(&input, &rules, today));
        let mut wrong = match judged {
            Ok(_) if !partner_missing => return Ok(self.to_send(input)),
            Ok(_) => Vec::new(),
            Err(violations) => violations.into_iter().map(|violation| Wrong { field: field_of(&violation.path), code: violation.code }).collect(),
        };
        if partner_missing {
            wrong.push(Wrong { field: "partnerId".to_owned(), code: DraftCode::Required });
        }
        Err(wrong)
    }

    fn to_send(&self, input: DraftInput) -> DealRegisterInput {
        DealRegisterInput {
            title: input.title.trim().to_owned(),
            customer_name: input.customer_name.trim().to_owned(),
            customer_domain: input.customer_domain,
            customer_country: input.customer_country.map(CountryCode),
            product_ids: input.product_ids.into_iter().map(Id::from).collect(),
            value: MoneyInput { amount: entente_web_api::Decimal(input.amount), currency: CurrencyCode(input.currency) },
            expected_close_on: Date(self.close.clone()),
            next_step: input.next_step,
            contact_name: input.contact,
            description: input.description,
            met_on: input.met_on.map(|day| Date(day.to_string())),
            discovery_notes: input.discovery,
            budget: input.budget,
            file_ids: self.files.iter().map(|(id, _)| Id::from(id.clone())).collect(),
            fields: input.fields.into_iter().map(|(key, value)| CustomValueInput { key, value }).collect(),
            partner_id: self.partner.as_ref().map(|(id, _)| Id::from(id.clone())),
            idempotency_key: Some(self.key.clone()),
        }
    }
}

/// The field that a path of the input is about: its last name that is no index.
pub fn field_of(path: &[String]) -> String {
    path.iter().rev().find(|part| part.parse::<usize>().is_err()).cloned().unwrap_or_default()
}

/// The program's rules for drafts; `None` when its currency cannot be read, and then nothing can be judged here.
fn rules(program: &SharedProgram) -> Option<DraftRules> {
    let currency = |code: &CurrencyCode| Currency::parse(code.as_str()).ok();
    let asked = program.rules();
    Some(DraftRules {
        rates: program.currencies.iter().filter_map(|known| Some((currency(&known.code)?, known.rate.as_str().parse::<Decimal>().ok()?))).collect(),
        base_currency: currency(&program.currency)?,
        requirements: Requirements {
            minimum_value: program.minimum_deal_value.amount.as_str().parse().unwrap_or_default(),
            products: asked.products.as_ref().map(|all| all.iter().filter_map(|product| product.id.inner().parse().ok()).collect()),
            contact: asked.contact_required,
            description_min: asked.description_min_length.into(),
            close_within_days: asked.close_within_days.map(Into::into),
            // Whose territory it is and who has accepted what, the server knows.
            territories: None,
            engagement: None,
            evidence: super::evidence::rules(&asked.evidence),
            fields: super::evidence::own(&asked.fields),
            ..Requirements::default()
        },
        products: program.products.iter().map(|product| product.id.inner().to_owned()).collect::<BTreeSet<_>>(),
        retired: program
            .products
            .iter()
            .filter(|product| product.retired_at.is_some())
            .map(|product| (product.id.inner().to_owned(), product.name.clone()))
            .collect(),
        bundles: program
            .products
            .iter()
            .filter(|product| !product.includes.is_empty())
            .map(|product| (product.id.inner().to_owned(), product.includes.iter().filter_map(|inside| inside.id.inner().parse().ok()).collect()))
            .collect(),
    })
}

/// An amount as the wire wants it: without grouping, with a point. In German the comma is the decimal sign, elsewhere
/// the point; a single sign that cannot be grouping counts as the decimal sign in both.
pub fn plain_amount(typed: &str, language: Language) -> String {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}')).collect();
    let (decimal, grouping) = match language {
        Language::German => (',', '.'),
        Language::English => ('.', ','),
    };
    // Three digits behind it, or several of them: grouping. Anything else can only be meant as the decimal sign.
    let groups = |sign: char| {
        let mut parts = text.split(sign);
        let first_is_short = parts.next().is_some_and(|first| (1..=3).contains(&first.trim_start_matches('-').len()));
        first_is_short && parts.all(|part| part.chars().take_while(char::is_ascii_digit).count() == 3)
    };
    if text.contains(grouping) && !text.contains(decimal) && !groups(grouping) {
        return text.replace(grouping, ".");
    }
    text.replace(grouping, "").replace(decimal, ".")
}

/// An amount of the wire as the viewer would write it, so that [`plain_amount`] reads the same again.
pub fn typed_amount(plain: &str, language: Language) -> String {
    match language {
        Language::German => plain.replace('.', ","),
        Language::English => plain.to_owned(),
    }
}

/// A key that nobody made before.
pub fn fresh_key() -> String {
    let random = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("web-{:x}-{:08x}{:08x}", js_sys::Date::now() as u64, random(), random())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Where a viewer's draft is kept in this browser: one place for registrations, and one for each lead of which a deal is made, so
/// that what belongs to one customer never stands in the form of another.
pub fn place(viewer: &str, lead: Option<&Id>) -> String {
    match lead {
        None => format!("entente.draft.register.{viewer}"),
        Some(lead) => format!("entente.draft.convert.{viewer}.{}", lead.inner()),
    }
}

/// The draft that was left behind there, where it says more than the form does at `first`.
pub fn recall(place: &str, first: &Draft) -> Option<Draft> {
    let text = storage()?.get_item(place).ok().flatten()?;
    let mut draft = serde_json::from_str::<Draft>(&text).ok()?;
    if first.partner.is_some() {
        // Whose deal it is follows from the lead, which may have gone to another partner since.
        draft.partner = first.partner.clone();
    }
    (!draft.is_as(first) && !draft.key.is_empty()).then_some(draft)
}

/// Keeps the draft; forgets it when it says nothing more than at `first`.
pub fn keep(place: &str, draft: &Draft, first: &Draft) {
    let Some(storage) = storage() else { return };
    if draft.is_as(first) {
        let _ = storage.remove_item(place);
    } else if let Ok(text) = serde_json::to_string(draft) {
        let _ = storage.set_item(place, &text);
    }
}

pub fn forget(place: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_the_language_writes_it() {
        for (typed, plain) in [("12,500.50", "12500.50"), ("12500", "12500"), ("12 500", "12500"), ("1,000,000", "1000000"), ("12,5", "12.5")] {
            assert_eq!(plain_amount(typed, Language::English), plain, "{typed}");
        }
        for (typed, plain) in [("12.500,50", "12500.50"), ("12.500", "12500"), ("12,5", "12.5"), ("12.5", "12.5"), ("12’500", "12500")] {
            assert_eq!(plain_amount(typed, Language::German), plain, "{typed}");
        }
        assert_eq!(plain_amount("abc", Language::English), "abc");
    }

    #[test]
    fn a_violation_belongs_to_its_field() {
        let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        assert_eq!(field_of(&path(&["value", "amount"])), "amount");
        assert_eq!(field_of(&path(&["productIds", "2"])), "productIds");
        assert_eq!(field_of(&path(&["input", "title"])), "title");
    }

    #[test]
    fn a_form_with_only_a_currency_is_untouched() {
        let draft = Draft { currency: "EUR".into(), key: "k".into(), ..Draft::default() };
        assert!(draft.is_as(&Draft::default()));
        assert!(!Draft { title: "x".into(), ..draft }.is_as(&Draft::default()));
    }

    #[test]
    fn a_form_that_began_with_a_lead_is_untouched_as_long_as_it_says_the_same() {
        let first = Draft { customer_name: "Alpenkraft".into(), key: "k".into(), ..Draft::default() };
        assert!(Draft { key: "another".into(), ..first.clone() }.is_as(&first));
        assert!(!Draft { customer_name: String::new(), ..first.clone() }.is_as(&first));
        assert_ne!(place("user_1", None), place("user_1", Some(&Id::new("lead_1"))));
    }

    #[test]
    fn an_amount_is_written_as_it_is_read() {
        for language in Language::ALL {
            for plain in ["25000", "25000.5", "12.500", "0.75"] {
                assert_eq!(plain_amount(&typed_amount(plain, language), language), plain, "{language:?}");
            }
        }
    }
}
