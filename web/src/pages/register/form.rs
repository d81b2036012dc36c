//! The fields of a registration, with what is wrong under each.

use std::rc::Rc;

use entente_web_api::{CountryCode, Decimal, Money, deal::PartnerRef, program::Program};
use js_sys::JsString;
use yew::prelude::*;

use super::{
    check::Verdict,
    draft::{Draft, Wrong, plain_amount},
    evidence,
    products::{ProductPicker, list_total},
    words,
};
use crate::{
    i18n::{Language, format},
    pages::{deal::verdict::VerdictTag, partner::PartnerChoice},
    program::SharedProgram,
    settings::use_settings,
    t,
    ui::{Button, ButtonKind, Choice, DateField, IconName, Select, TextAreaField, TextField},
};

/// Ids of the fields in the order of the form; the same names as on the wire.
pub const ORDER: [&str; 17] = [
    "partnerId",
    "customerName",
    "customerDomain",
    "customerCountry",
    "contactName",
    "productIds",
    "title",
    "amount",
    "currency",
    "expectedCloseOn",
    "description",
    "nextStep",
    "evidence",
    "metOn",
    "budget",
    "discoveryNotes",
    "fileIds",
];

#[derive(PartialEq, Properties)]
pub struct FieldsProps {
    pub draft: Draft,
    pub program: SharedProgram,
    pub for_others: bool,
    pub wrong: Rc<Vec<Wrong>>,
    pub busy: bool,
    pub verdict: Verdict,
    /// What the button says that sends it.
    pub submit: AttrValue,
    /// Whether nothing was written yet.
    pub untouched: bool,
    pub onchange: Callback<Draft>,
    /// A field was left.
    pub onleave: Callback<&'static str>,
    pub onsubmit: Callback<()>,
    pub ondiscard: Callback<()>,
}

impl FieldsProps {
    pub(super) fn error(&self, field: &str) -> Option<String> {
        let found = self.wrong.iter().find(|one| one.field == field)?;
        Some(words::wrong(found, &self.program, self.program.rules(), &self.draft.currency))
    }

    /// Puts what was typed where `put` says.
    pub(super) fn typed(&self, put: impl Fn(&mut Draft, String) + 'static) -> Callback<String> {
        let (draft, onchange) = (self.draft.clone(), self.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = draft.clone();
            put(&mut next, text);
            onchange.emit(next);
        })
    }

    pub(super) fn left(&self, field: &'static str) -> Callback<()> {
        let onleave = self.onleave.clone();
        Callback::from(move |()| onleave.emit(field))
    }
}

#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let language = use_settings().language;
    let countries = use_memo(language.tag(), |_| countries());
    let onsubmit = props.onsubmit.reform(|event: SubmitEvent| event.prevent_default());
    let ontoggle = props.typed(|draft, id| {
        if draft.product_ids.contains(&id) {
            draft.product_ids.retain(|known| *known != id);
        } else {
            draft.product_ids.push(id);
        }
    });
    let onpartner = {
        let (draft, onchange) = (draft.clone(), props.onchange.clone());
        Callback::from(move |partner: PartnerRef| {
            onchange.emit(Draft { partner: Some((partner.id.inner().to_owned(), partner.name)), ..draft.clone() });
        })
    };
    let currencies: Vec<Choice> =
        props.program.currencies.iter().map(|currency| Choice::new(currency.code.to_string(), currency.code.to_string())).collect();
    html! {
        <form class="e-form e-register__form" {onsubmit} novalidate=true>
            if props.for_others {
                <PartnerChoice
                    id="partnerId"
                    label={t!("deal-fact-partner")}
                    chosen={draft.partner.as_ref().map(|(_, name)| name.clone()).unwrap_or_default()}
                    onchoose={onpartner}
                    required=true
                    hint={t!("register-partner-hint")}
                    error={props.error("partnerId")}
                />
            }
            <h2>{ t!("register-customer") }</h2>
            <TextField
                id="customerName"
                label={t!("register-customer-name")}
                value={draft.customer_name.clone()}
                oninput={props.typed(|draft, text| draft.customer_name = text)}
                onblur={props.left("customerName")}
                autocomplete="off"
                maxlength="200"
                required=true
                error={props.error("customerName")}
            />
            <div class="e-form__row">
                <TextField
                    id="customerDomain"
                    label={t!("register-domain")}
                    value={draft.customer_domain.clone()}
                    oninput={props.typed(|draft, text| draft.customer_domain = text)}
                    onblur={props.left("customerDomain")}
                    inputmode="url"
                    autocomplete="off"
                    placeholder="example.com"
                    hint={t!("register-domain-hint")}
                    error={props.error("customerDomain")}
                />
                <Select
                    id="customerCountry"
                    label={t!("register-country")}
                    choices={(*countries).clone()}
                    value={draft.customer_country.clone()}
                    onchange={props.typed(|draft, text| draft.customer_country = text)}
                    placeholder={t!("register-country-none")}
                    error={props.error("customerCountry")}
                />
            </div>
            <TextField
                id="contactName"
                label={t!("register-contact")}
                value={draft.contact.clone()}
                oninput={props.typed(|draft, text| draft.contact = text)}
                onblur={props.left("contactName")}
                autocomplete="off"
                maxlength="200"
                required={props.program.rules().contact_required}
                hint={t!("register-contact-hint")}
                error={props.error("contactName")}
            />
            <h2>{ t!("register-deal") }</h2>
            <ProductPicker
                products={props.program.products.clone()}
                chosen={draft.product_ids.clone()}
                {ontoggle}
                error={props.error("productIds")}
            />
            <TextField
                id="title"
                label={t!("deal-field-title")}
                value={draft.title.clone()}
                oninput={props.typed(|draft, text| draft.title = text)}
                onblur={props.left("title")}
                autocomplete="off"
                maxlength="200"
                required=true
                hint={t!("register-title-hint")}
                error={props.error("title")}
            />
            <div class="e-form__row e-register__value">
                <TextField
                    id="amount"
                    label={t!("deal-fact-value")}
                    value={draft.amount.clone()}
                    oninput={props.typed(|draft, text| draft.amount = text)}
                    onblur={props.left("amount")}
                    inputmode="decimal"
                    autocomplete="off"
                    required=true
                    hint={read_as(&draft.amount, &draft.currency, language)}
                    error={props.error("amount")}
                />
                <Select
                    id="currency"
                    label={t!("register-currency")}
                    choices={currencies}
                    value={draft.currency.clone()}
                    onchange={props.typed(|draft, text| draft.currency = text)}
                    required=true
                    error={props.error("currency")}
                />
                <DateField
                    id="expectedCloseOn"
                    label={t!("deal-field-close")}
                    value={draft.close.clone()}
                    onchange={props.typed(|draft, text| draft.close = text)}
                    onblur={props.left("expectedCloseOn")}
                    min={format::today().to_string()}
                    required=true
                    error={props.error("expectedCloseOn")}
                />
            </div>
            { list_price(props, &props.program) }
            <TextAreaField
                id="description"
                label={t!("register-description")}
                value={draft.description.clone()}
                oninput={props.typed(|draft, text| draft.description = text)}
                rows={3}
                maxlength="4000"
                required={props.program.rules().description_min_length > 0}
                hint={description_hint(props.program.rules().description_min_length)}
                error={props.error("description")}
            />
            <TextAreaField
                id="nextStep"
                label={t!("deal-field-next-step")}
                value={draft.next_step.clone()}
                oninput={props.typed(|draft, text| draft.next_step = text)}
                rows={2}
                maxlength="1000"
                hint={t!("register-next-step-hint")}
                error={props.error("nextStep")}
            />
            { evidence::own_fields(props) }
            { evidence::evidence(props) }
            <div class="e-form__actions e-register__actions">
                <Button kind={ButtonKind::Primary} submit=true busy={props.busy} icon={IconName::Send}>{ props.submit.to_string() }</Button>
                if !props.untouched {
                    <Button icon={IconName::Trash} onclick={props.ondiscard.reform(|_: MouseEvent| ())}>{ t!("register-discard") }</Button>
                }
                if let Verdict::Known(verdict) = &props.verdict {
                    <VerdictTag outcome={verdict.outcome} />
                }
            </div>
        </form>
    }
}

/// What the description is for, and how long it must be where the rules say so.
fn description_hint(least: i32) -> String {
    if least > 0 { t!("register-description-hint-min", "n" => least) } else { t!("register-description-hint") }
}

/// What was typed as the amount it is taken for, once it is one: the hint of every field that takes an amount.
pub fn read_as(typed: &str, currency: &str, language: Language) -> Option<AttrValue> {
    let amount = plain_amount(typed, language);
    let is_amount = amount.parse::<entente_domain::Decimal>().is_ok_and(|amount| amount.is_sign_positive());
    let money = Money { amount: Decimal(amount), currency: currency.into() };
    is_amount.then(|| t!("register-amount-read", "amount" => format::money(&money)).into())
}

/// What the chosen products cost by list price, and a button that takes it over.
fn list_price(props: &FieldsProps, program: &Program) -> Html {
    let Some(total) = list_total(program, &props.draft.product_ids) else { return html! {} };
    if props.draft.amount == total.amount.as_str() && props.draft.currency == total.currency.as_str() {
        return html! {};
    }
    let take = {
        let (draft, onchange, total) = (props.draft.clone(), props.onchange.clone(), total.clone());
        Callback::from(move |_: MouseEvent| {
            onchange.emit(Draft { amount: total.amount.to_string(), currency: total.currency.to_string(), ..draft.clone() });
        })
    };
    html! {
        <p class="e-small e-subtle e-register__list-price">
            { t!("register-list-price", "amount" => format::money(&total)) }{ " " }
            <button type="button" class="e-link-button" onclick={take}>{ t!("register-list-price-take") }</button>
        </p>
    }
}

/// Every country by its name in the language of the screen, in that language's order.
fn countries() -> Vec<Choice> {
    let mut named: Vec<(&'static str, String)> =
        entente_domain::country::all().map(|code| (code, format::country(&CountryCode::from(code)))).collect();
    named.sort_by(|a, b| JsString::from(a.1.as_str()).locale_compare(&b.1, &js_sys::Array::new(), &js_sys::Object::new()).cmp(&0));
    named.into_iter().map(|(code, name)| Choice::new(code, name)).collect()
}
