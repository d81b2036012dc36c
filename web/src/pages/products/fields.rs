//! The fields of a product, and what a bundle has more.

use entente_web_api::{
    FieldError,
    program::{Product, ProductKind, Program},
};
use yew::prelude::*;

use super::draft::Draft;
use crate::{
    program::SharedProgram,
    t, texts,
    ui::{CheckField, Choice, Icon, IconName, Select, TextAreaField, TextField},
};

/// The fields that say themselves what is wrong with them.
pub const FIELDS: [&str; 11] =
    ["key", "name", "line", "listPrice", "amount", "currency", "description", "productIds", "extras", "verticals", "packaging"];

#[derive(PartialEq, Properties)]
pub struct FieldsProps {
    pub program: SharedProgram,
    pub draft: Draft,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<(Draft, &'static str)>,
}

impl FieldsProps {
    fn put<T: 'static>(&self, field: &'static str, change: impl Fn(&mut Draft, T) + 'static) -> Callback<T> {
        let (draft, onchange) = (self.draft.clone(), self.onchange.clone());
        Callback::from(move |value: T| {
            let mut next = draft.clone();
            change(&mut next, value);
            onchange.emit((next, field));
        })
    }

    fn error(&self, field: &str) -> Option<String> {
        texts::error_for(&self.errors, field)
    }
}

#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let currencies: Vec<Choice> = props.program.currencies.iter().map(|known| Choice::new(known.code.to_string(), known.code.to_string())).collect();
    html! {
        <>
            <TextField id="product-name" label={t!("product-name")} required=true autocomplete="off" maxlength="200" value={draft.name.clone()}
                oninput={props.put("name", |d, v| *d = d.clone().named(v))} error={props.error("name")} />
            <div class="e-form__row">
                <TextField id="product-key" label={t!("product-key")} required=true autocomplete="off" maxlength="60" hint={t!("product-key-hint")} value={draft.key.clone()}
                    oninput={props.put("key", |d, v| { d.key = v; d.own_key = true; })} error={props.error("key")} />
                <TextField id="product-line" label={t!("product-line")} autocomplete="off" maxlength="200" hint={t!("product-line-hint")} value={draft.line.clone()}
                    list="product-lines" oninput={props.put("line", |d, v| d.line = v)} error={props.error("line")} />
            </div>
            { lines(&props.program) }
            <div class="e-form__row">
                <TextField id="product-amount" label={t!("product-price")} autocomplete="off" inputmode="decimal" value={draft.amount.clone()}
                    oninput={props.put("amount", |d, v| d.amount = v)} error={props.error("amount").or_else(|| props.error("listPrice"))} />
                <Select id="product-currency" label={t!("product-currency")} choices={currencies} value={draft.currency.clone()}
                    onchange={props.put("currency", |d, v| d.currency = v)} error={props.error("currency")} />
            </div>
            <TextAreaField id="product-description" label={t!("product-description")} rows={3} maxlength="4000" value={draft.description.clone()}
                oninput={props.put("description", |d, v| d.description = v)} error={props.error("description")} />
            if draft.bundle { { bundle(props) } }
        </>
    }
}

/// The lines that exist, offered while one is typed.
fn lines(program: &Program) -> Html {
    let mut lines: Vec<&str> = program.products.iter().filter_map(|product| product.line.as_deref()).collect();
    lines.sort_unstable();
    lines.dedup();
    html! { <datalist id="product-lines">{ for lines.into_iter().map(|line| html! { <option value={line.to_owned()} /> }) }</datalist> }
}

fn bundle(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let inside = |product: &&Product| {
        product.kind == ProductKind::Product && (product.retired_at.is_none() || draft.products.iter().any(|chosen| chosen == product.id.inner()))
    };
    let products = props.program.products.iter().filter(inside).map(|p| (p.id.inner().to_owned(), p.name.clone())).collect();
    let verticals = props.program.verticals.iter().map(|term| (term.key.clone(), term.name.clone())).collect();
    html! {
        <>
            { several(props, "productIds", t!("product-inside"), t!("product-inside-hint"), products, |d| &mut d.products) }
            <TextAreaField id="product-extras" label={t!("product-extras")} hint={t!("product-extras-hint")} rows={3} value={draft.extras.clone()}
                oninput={props.put("extras", |d, v| d.extras = v)} error={props.error("extras")} />
            { several(props, "verticals", t!("product-verticals"), t!("product-verticals-hint"), verticals, |d| &mut d.verticals) }
            <TextAreaField id="product-packaging" label={t!("product-packaging")} rows={2} maxlength="4000" value={draft.packaging.clone()}
                oninput={props.put("packaging", |d, v| d.packaging = v)} error={props.error("packaging")} />
        </>
    }
}

/// Some of a list.
fn several(
    props: &FieldsProps,
    field: &'static str,
    legend: String,
    hint: String,
    all: Vec<(String, String)>,
    of: fn(&mut Draft) -> &mut Vec<String>,
) -> Html {
    let chosen = of(&mut props.draft.clone()).clone();
    let error = props.error(field);
    let check = |(value, name): (String, String)| {
        let checked = chosen.contains(&value);
        let id = format!("{field}-{value}");
        let onchange = props.put(field, move |draft, on: bool| {
            let list = of(draft);
            list.retain(|known| *known != value);
            if on {
                list.push(value.clone());
            }
        });
        let key = id.clone();
        html! { <CheckField {key} {id} label={html! { { name } }} {checked} {onchange} /> }
    };
    html! {
        <fieldset class="e-rules-choice" aria-describedby={error.is_some().then(|| format!("{field}-error"))}>
            <legend class="e-field__label">{ legend }</legend>
            <p class="e-field__hint">{ hint }</p>
            <div class="e-rules-choice__list">{ for all.into_iter().map(check) }</div>
            if let Some(error) = error {
                <div class="e-field__error" id={format!("{field}-error")}><Icon name={IconName::AlertCircle} /><span>{ error }</span></div>
            }
        </fieldset>
    }
}
