//! The current deal of the queue beside the list: what is needed to decide, and the three decisions with their keys.

use entente_web_api::deal::{DealAction, QueueDeal};
use yew::prelude::*;
use yew_router::prelude::*;

use super::route::RouteView;
use crate::{
    i18n::format,
    pages::deal::{dialog::Ask, verdict::VerdictView, words},
    routes::Routes,
    t,
    ui::{Button, ButtonKind, Card, IconName, Tag},
};

#[derive(PartialEq, Properties)]
pub struct PreviewProps {
    pub item: QueueDeal,
    pub onask: Callback<Ask>,
    pub onhand: Callback<MouseEvent>,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let deal = &props.item.card;
    let button = |ask: Ask, action: DealAction, kind: ButtonKind, icon: IconName, label: String, key: &'static str| {
        let onask = props.onask.clone();
        let allowed = deal.viewer_can.contains(&action);
        html! {
            <Button {kind} {icon} disabled={!allowed} onclick={Callback::from(move |_: MouseEvent| onask.emit(ask.clone()))}>
                { label }<kbd class="e-kbd" aria-hidden="true">{ key }</kbd>
            </Button>
        }
    };
    let customer = deal.customer.as_ref();
    let beside: Vec<String> = customer
        .and_then(|customer| customer.domain.clone())
        .into_iter()
        .chain(customer.and_then(|customer| customer.country.as_ref()).map(format::country))
        .chain(customer.and_then(|customer| customer.industry.clone()))
        .collect();
    html! {
        <Card class={classes!("e-queue__preview")} title={deal.title.clone()} aside={html! {
            <Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }}>{ t!("queue-open") }</Link<Routes>>
        }}>
            <div class="e-stack">
                <div class="e-row">
                    { button(Ask::Approve, DealAction::Approve, ButtonKind::Primary, IconName::Check, t!("deal-approve"), "A") }
                    { button(Ask::Question, DealAction::RequestInfo, ButtonKind::Secondary, IconName::CircleHelp, t!("deal-ask"), "I") }
                    { button(Ask::Reject, DealAction::Reject, ButtonKind::Secondary, IconName::Ban, t!("deal-reject"), "R") }
                    if deal.viewer_can.contains(&DealAction::Reroute) {
                        <Button icon={IconName::MoveRight} onclick={props.onhand.clone()}>
                            { t!("routing-hand") }<kbd class="e-kbd" aria-hidden="true">{ "H" }</kbd>
                        </Button>
                    }
                </div>
                <dl class="e-facts">
                    <dt>{ t!("deal-fact-customer") }</dt>
                    <dd><span class="e-strong">{ words::customer(deal) }</span><br /><span class="e-subtle">{ beside.join(" · ") }</span></dd>
                    <dt>{ t!("deal-fact-partner") }</dt>
                    <dd><Link<Routes> to={Routes::Partner { slug: deal.partner.slug.clone() }}>{ &deal.partner.name }</Link<Routes>></dd>
                    <dt>{ t!("deal-fact-products") }</dt>
                    <dd class="e-row">{ for deal.products.iter().map(|product| html! { <Tag key={product.key.clone()}>{ &product.name }</Tag> }) }</dd>
                    <dt>{ t!("deal-fact-value") }</dt>
                    <dd class="e-num">{ format::money(&deal.value) }
                        if deal.value.currency != deal.value_in_program_currency.currency {
                            <span class="e-subtle">{ format!(" ≈ {}", format::money(&deal.value_in_program_currency)) }</span>
                        }
                    </dd>
                    if let Some(date) = &deal.expected_close_on {
                        <dt>{ t!("deal-field-close") }</dt><dd>{ format::date(date) }</dd>
                    }
                    if let Some(step) = &deal.next_step {
                        <dt>{ t!("deal-field-next-step") }</dt><dd>{ step }</dd>
                    }
                    if let Some(due) = &deal.decision_due_at {
                        <dt>{ t!("deal-clock-due") }</dt><dd class="e-num">{ format::date_time(due) }</dd>
                    }
                </dl>
                if let Some(route) = &props.item.route {
                    <RouteView route={route.clone()} />
                }
                if let Some(verdict) = &props.item.verdict {
                    <VerdictView verdict={verdict.clone()} />
                }
            </div>
        </Card>
    }
}
