//! The route of a registration: who approves one after the other, and how far it is. A partner sees the names of the steps.

use entente_web_api::routing::{DealRoute, DealRouteStep, DealStepState};
use yew::prelude::*;

use crate::{
    i18n::format,
    t,
    ui::{Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct RouteViewProps {
    pub route: DealRoute,
}

/// The steps as a list; nothing where one person decides and the rule has no name.
#[component]
pub fn RouteView(props: &RouteViewProps) -> Html {
    let route = &props.route;
    if route.steps.len() < 2 && route.cover.is_none() && route.rule.is_none() {
        return html! {};
    }
    html! {
        <section class="e-route" aria-label={t!("routing-route")} data-testid="route">
            if let Some(rule) = &route.rule {
                <p class="e-subtle e-small">{ t!("routing-by-rule", "name" => rule.clone()) }</p>
            }
            if route.steps.len() > 1 {
                <ol class="e-route__steps">{ for route.steps.iter().map(step) }</ol>
            }
            if let Some(cover) = &route.cover {
                <p class="e-small">{ t!("routing-covered", "name" => cover.name.clone()) }</p>
            }
        </section>
    }
}

fn step(step: &DealRouteStep) -> Html {
    let (tone, state) = match step.state {
        DealStepState::Approved => (Tone::Ok, t!("routing-step-approved")),
        DealStepState::Declined => (Tone::Danger, t!("routing-step-declined")),
        DealStepState::Current => (Tone::Info, t!("routing-step-current")),
        DealStepState::Waiting => (Tone::Neutral, t!("routing-step-waiting")),
        DealStepState::Skipped => (Tone::Neutral, t!("routing-step-skipped")),
    };
    let who = step.decided_by.clone().or_else(|| step.owner.as_ref().map(|owner| owner.name.clone()));
    let current = (step.state == DealStepState::Current).then_some("step");
    html! {
        <li key={step.name.clone()} aria-current={current}>
            <span class="e-strong">{ &step.name }</span>{ " " }<Tag {tone}>{ state }</Tag>
            if let Some(who) = who {
                <span class="e-subtle e-small">{ " " }{ who }
                    if let Some(at) = &step.decided_at { { " · " }{ format::date_time(at) } }
                </span>
            }
        </li>
    }
}
