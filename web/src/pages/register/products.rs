//! Choosing products: by line, with their list prices, and what they cost together.

use entente_domain::Decimal;
use entente_web_api::{
    Money,
    program::{Product, Program},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    t,
    ui::{Icon, IconName, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct ProductPickerProps {
    pub products: Vec<Product>,
    pub chosen: Vec<String>,
    pub ontoggle: Callback<String>,
    pub error: Option<String>,
}

#[component]
pub fn ProductPicker(props: &ProductPickerProps) -> Html {
    // A retired product stays in sight where it was chosen before, to be taken out.
    let offered = |product: &&Product| product.retired_at.is_none() || props.chosen.iter().any(|chosen| chosen == product.id.inner());
    let mut lines: Vec<Option<&str>> = Vec::new();
    for product in props.products.iter().filter(offered) {
        if !lines.contains(&product.line.as_deref()) {
            lines.push(product.line.as_deref());
        }
    }
    html! {
        <fieldset
            id="productIds"
            class={classes!("e-products", props.error.is_some().then_some("e-products--wrong"))}
            aria-describedby={props.error.as_ref().map(|_| "productIds-error")}
            tabindex="-1"
        >
            <legend class="e-field__label">{ t!("register-products") }<span class="e-field__required" aria-hidden="true">{ "*" }</span></legend>
            { for lines.into_iter().map(|line| html! {
                <div class="e-products__line" key={line.unwrap_or_default().to_owned()}>
                    if let Some(line) = line { <p class="e-products__name">{ line }</p> }
                    { for props.products.iter().filter(offered).filter(|product| product.line.as_deref() == line).map(|product| option(product, props)) }
                </div>
            }) }
            if let Some(error) = &props.error {
                <div class="e-field__error" id="productIds-error"><Icon name={IconName::AlertCircle} /><span>{ error }</span></div>
            }
        </fieldset>
    }
}

fn option(product: &Product, props: &ProductPickerProps) -> Html {
    let id = format!("product-{}", product.key);
    let checked = props.chosen.iter().any(|chosen| chosen == product.id.inner());
    let (ontoggle, value) = (props.ontoggle.clone(), product.id.inner().to_owned());
    html! {
        <label key={product.key.clone()} class={classes!("e-products__option", checked.then_some("e-products__option--on"))} for={id.clone()}>
            <input {id} type="checkbox" {checked} onchange={Callback::from(move |_: Event| ontoggle.emit(value.clone()))} />
            <span class="e-products__label">
                { &product.name }
                if product.retired_at.is_some() { { " " }<Tag tone={Tone::Warm}>{ t!("product-retired") }</Tag> }
                { contents(product) }
            </span>
            if let Some(price) = &product.list_price { <span class="e-subtle e-num e-small">{ format::money(price) }</span> }
        </label>
    }
}

/// What a bundle is made of, for whom, and how it is sold.
fn contents(product: &Product) -> Html {
    if product.includes.is_empty() {
        return html! {};
    }
    let inside: Vec<&str> = product.includes.iter().map(|inside| inside.name.as_str()).chain(product.extras.iter().map(String::as_str)).collect();
    let verticals: Vec<&str> = product.verticals.iter().map(|vertical| vertical.name.as_str()).collect();
    html! {
        <span class="e-products__pack">
            <span>{ t!("product-includes", "what" => inside.join(", ")) }</span>
            if !verticals.is_empty() { <span>{ t!("product-for", "verticals" => verticals.join(", ")) }</span> }
            if let Some(packaging) = &product.packaging { <span>{ packaging }</span> }
        </span>
    }
}

/// What the chosen products cost together by list price; `None` when one has no price or another currency.
pub fn list_total(program: &Program, chosen: &[String]) -> Option<Money> {
    let prices: Option<Vec<&Money>> =
        chosen.iter().map(|id| program.products.iter().find(|product| product.id.inner() == id)?.list_price.as_ref()).collect();
    let prices = prices.filter(|prices| !prices.is_empty())?;
    let currency = prices.first()?.currency.clone();
    let mut sum = Decimal::ZERO;
    for price in prices {
        if price.currency != currency {
            return None;
        }
        sum = sum.checked_add(price.amount.as_str().parse().ok()?)?;
    }
    Some(Money { amount: entente_web_api::Decimal(sum.normalize().to_string()), currency })
}
