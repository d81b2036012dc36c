//! Why the lead went where it went: for each time the rule, and every partner with each factor, in or out.

use entente_web_api::lead::{LeadCandidate, LeadWhy};
use yew::prelude::*;

use crate::{
    i18n::format,
    pages::leads::words,
    t,
    ui::{Card, Icon, IconName, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct WhysProps {
    pub whys: Vec<LeadWhy>,
    pub for_partner: bool,
}

#[component]
pub fn Whys(props: &WhysProps) -> Html {
    if props.whys.is_empty() {
        return html! {};
    }
    let last = props.whys.len() - 1;
    html! {
        <Card title={if props.for_partner { t!("lead-why-own") } else { t!("lead-why") }}>
            <div class="e-stack e-stack--tight">
                { for props.whys.iter().enumerate().rev().map(|(at, why)| html! {
                    <details class="e-lead-why" open={at == last}>
                        <summary>{ summary(why) }</summary>
                        { body(why) }
                    </details>
                }) }
            </div>
        </Card>
    }
}

fn summary(why: &LeadWhy) -> Html {
    let to = why.partner.as_ref().map_or_else(|| t!("lead-with-vendor"), |partner| partner.name.clone());
    html! {
        <>
            <strong>{ to }</strong>{ " · " }{ words::basis(why.basis) }
            <span class="e-subtle e-small">{ " · " }{ format::date_time(&why.at) }</span>
        </>
    }
}

fn body(why: &LeadWhy) -> Html {
    let rule = why.rule.as_ref().map(|rule| match why.strategy {
        Some(strategy) => t!("lead-why-rule", "rule" => rule.clone(), "strategy" => words::strategy(strategy), "n" => why.routing_number),
        None => rule.clone(),
    });
    html! {
        <>
            if let Some(rule) = rule { <p class="e-small">{ rule }</p> }
            if let Some(territory) = &why.territory { <p class="e-small e-subtle">{ t!("lead-why-territory", "name" => territory.name.clone()) }</p> }
            if !why.candidates.is_empty() {
                <ul class="e-lead-candidates">{ for why.candidates.iter().map(candidate) }</ul>
            }
        </>
    }
}

fn candidate(candidate: &LeadCandidate) -> Html {
    let name = candidate.partner.as_ref().map_or_else(|| "—".to_owned(), |partner| partner.name.clone());
    let (icon, tone, word) = match (candidate.chosen, candidate.failed.is_empty()) {
        (true, _) => (IconName::CheckCircle, "e-lead-candidate--chosen", t!("lead-candidate-chosen")),
        (false, true) => (IconName::Check, "", t!("lead-candidate-in")),
        (false, false) => (IconName::Ban, "e-lead-candidate--out", t!("lead-candidate-out")),
    };
    let mut numbers = vec![t!("lead-candidate-weight", "n" => candidate.weight), t!("lead-candidate-open", "n" => candidate.open_leads)];
    numbers.extend(candidate.credit.map(|n| t!("lead-candidate-credit", "n" => n)));
    numbers.extend(candidate.idle_days.map(|n| t!("lead-candidate-idle", "n" => n)));
    html! {
        <li class={classes!("e-lead-candidate", tone)}>
            <p>
                <Icon name={icon} />{ " " }<strong>{ name }</strong>
                <span class="e-visually-hidden">{ " " }{ word }</span>
                <span class="e-subtle e-small">{ " " }{ numbers.join(" · ") }</span>
            </p>
            <p class="e-lead-candidate__factors">
                { for candidate.failed.iter().map(|factor| html! { <Tag tone={Tone::Danger}><Icon name={IconName::Close} />{ words::factor(*factor) }</Tag> }) }
                { for candidate.passed.iter().map(|factor| html! { <Tag tone={Tone::Ok}><Icon name={IconName::Check} />{ words::factor(*factor) }</Tag> }) }
            </p>
        </li>
    }
}
