//! What a deal is: customer, products, value, people, dates and clocks. What changed under one's eyes is marked.

use entente_web_api::{
    Date, DateTime,
    deal::{DealCard, DealDetail, DealSource, ProductRef},
    lead::LeadSource,
};
use wasm_bindgen::JsValue;
use yew::prelude::*;
use yew_router::prelude::*;

use super::words;
use crate::{
    i18n::format,
    pages::leads,
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, Clock, Tag, Tone},
};

/// The facts that people watch, by name, to see which of them a newer version changed.
pub fn changed_facts(before: &DealCard, after: &DealCard) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let mut note = |name, differs: bool| {
        if differs {
            changed.push(name);
        }
    };
    note("status", before.status != after.status);
    note("stage", before.stage.key != after.stage.key);
    note("title", before.title != after.title);
    note("next-step", before.next_step != after.next_step);
    note("close", before.expected_close_on != after.expected_close_on || before.closed_on != after.closed_on);
    note("value", before.value != after.value);
    note("due", before.decision_due_at != after.decision_due_at);
    note("protected", before.protected_until != after.protected_until || before.protection != after.protection);
    note("question", before.open_question != after.open_question);
    changed
}

/// The class that marks a fact, and a key that makes the mark run again for every version.
pub fn mark(name: &'static str, deal: &DealCard, changed: &[&'static str]) -> (String, Option<&'static str>) {
    let is_new = changed.contains(&name);
    (if is_new { format!("{name}-{}", deal.version) } else { name.to_owned() }, is_new.then_some("e-changed"))
}

/// Names of products in one line.
fn names(products: &[ProductRef]) -> String {
    products.iter().map(|product| product.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[derive(PartialEq, Properties)]
pub struct FactsProps {
    pub deal: DealDetail,
    pub changed: Vec<&'static str>,
}

#[component]
pub fn Facts(props: &FactsProps) -> Html {
    let deal = &props.deal.card;
    let for_partner = use_session().is_partner();
    let row = |name: &'static str, label: String, value: Html| {
        let (key, class) = mark(name, deal, &props.changed);
        html! { <div {key} class={classes!("e-fact", class)}><dt>{ label }</dt><dd>{ value }</dd></div> }
    };
    let person = |name: &Option<entente_web_api::deal::PersonRef>| {
        html! { <>{ name.as_ref().map_or_else(|| "—".to_owned(), |person| person.name.clone()) }</> }
    };
    let two_currencies = deal.value.currency != deal.value_in_program_currency.currency;
    html! {
        <Card title={t!("deal-facts")}>
            <dl class="e-fact-grid">
                { row("customer", t!("deal-fact-customer"), customer(deal)) }
                { row("value", t!("deal-fact-value"), html! {
                    <>
                        <span class="e-num e-strong">{ format::money(&deal.value) }</span>
                        if two_currencies {
                            <span class="e-subtle e-num">{ format!(" ≈ {}", format::money(&deal.value_in_program_currency)) }</span>
                        }
                    </>
                }) }
                { row("products", t!("deal-fact-products"), html! {
                    <>
                        <span class="e-row">{ for deal.products.iter().map(|product| html! { <Tag key={product.key.clone()}>{ &product.name }</Tag> }) }</span>
                        if !deal.included_products.is_empty() {
                            <span class="e-subtle e-small">{ t!("product-includes", "what" => names(&deal.included_products)) }</span>
                        }
                    </>
                }) }
                if !for_partner {
                    { row("partner", t!("deal-fact-partner"), html! {
                        <Link<Routes> to={Routes::Partner { slug: deal.partner.slug.clone() }}>{ &deal.partner.name }</Link<Routes>>
                    }) }
                }
                { row("manager", t!("deal-fact-manager"), person(&deal.manager)) }
                { row("registered-by", t!("deal-fact-registered-by"), match deal.source {
                    DealSource::Imported => html! { <Tag tone={Tone::Outline}>{ t!("deal-source-imported") }</Tag> },
                    DealSource::Registered => person(&props.deal.registered_by),
                }) }
                if let Some(lead) = &props.deal.lead {
                    { row("lead", t!("deal-fact-lead"), html! {
                        <Link<Routes> to={Routes::Lead { id: lead.id.inner().to_owned() }}>
                            { t!("deal-from-lead", "number" => lead.number.clone()) }
                        </Link<Routes>>
                    }) }
                }
                if let Some(source) = &props.deal.marketing_source {
                    { row("marketing", t!("deal-fact-marketing"), marketing(source)) }
                }
                if let Some(territory) = &deal.territory {
                    { row("territory", t!("deal-fact-territory"), html! { <>{ &territory.name }</> }) }
                }
                { row("close", t!("deal-field-close"), html! { <>{ day(deal.closed_on.as_ref().or(deal.expected_close_on.as_ref())) }</> }) }
            </dl>
        </Card>
    }
}

fn customer(deal: &DealCard) -> Html {
    let Some(customer) = &deal.customer else { return html! { <span class="e-subtle">{ t!("home-no-customer") }</span> } };
    let mut beside: Vec<String> = Vec::new();
    beside.extend(customer.domain.clone());
    beside.extend(customer.country.as_ref().map(format::country));
    beside.extend(customer.industry.clone());
    html! {
        <>
            <span class="e-strong">{ words::customer(deal) }</span>
            if !beside.is_empty() { <span class="e-subtle e-fact__beside">{ beside.join(" · ") }</span> }
        </>
    }
}

/// What marketing brought the deal, as its lead says it: the kind with the campaign, then the marks of the link and the kit.
fn marketing(source: &LeadSource) -> Html {
    let mut marks: Vec<String> = [&source.utm_source, &source.utm_medium].into_iter().flatten().cloned().collect();
    // Where no campaign is named, the link's campaign stands beside the kind already.
    marks.extend(source.utm_campaign.clone().filter(|marked| source.campaign.as_ref().is_some_and(|named| named != marked)));
    marks.extend(source.kit.as_ref().map(|kit| t!("deal-source-kit", "kit" => kit.clone())));
    html! {
        <>
            { leads::words::source(source) }
            if !marks.is_empty() { <span class="e-subtle e-fact__beside">{ marks.join(" · ") }</span> }
        </>
    }
}

fn day(date: Option<&Date>) -> String {
    date.map_or_else(|| "—".to_owned(), format::date)
}

/// The deadlines, relative and absolute, in the browser's time zone.
#[component]
pub fn Clocks(props: &FactsProps) -> Html {
    let deal = &props.deal.card;
    let line = |name: &'static str, label: String, at: &DateTime, ticking: bool| {
        let (key, class) = mark(name, deal, &props.changed);
        html! {
            <div {key} class={classes!("e-clock-line", class)}>
                <dt>{ label }</dt>
                <dd>
                    if ticking { <Clock at={at.clone()} /> } else { { format::relative(at) } }
                    <span class="e-subtle e-small">{ format::date_time(at) }</span>
                </dd>
            </div>
        }
    };
    html! {
        <Card title={t!("deal-clocks")}>
            <dl class="e-clock-lines">
                if let Some(clock) = &props.deal.clock { { super::super::record::clock(clock) } }
                if let Some(due) = &deal.decision_due_at { { line("due", t!("deal-clock-due"), due, true) } }
                if let Some(until) = &deal.protected_until { { line("protected", t!("deal-clock-protected"), until, true) } }
                if let Some(at) = &props.deal.decided_at { { line("decided", t!("deal-clock-decided"), at, false) } }
                { line("created", t!("deal-clock-created"), &deal.created_at, false) }
                { line("updated", t!("deal-clock-updated"), &deal.updated_at, false) }
            </dl>
            if let Some(zone) = time_zone() {
                <p class="e-subtle e-small e-clock-zone">{ t!("deal-clock-zone", "zone" => zone) }</p>
            }
        </Card>
    }
}

/// The browser's time zone, as `Europe/Berlin`.
fn time_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::default();
    js_sys::Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone")).ok()?.as_string()
}
