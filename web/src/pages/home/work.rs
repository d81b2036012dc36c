//! What waits for the viewer, most urgent first, each with its clock.

use entente_web_api::deal::{AttentionItem, AttentionKind};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    session::use_session,
    t, texts,
    ui::{Card, Clock, Count, EmptyState, Icon, IconName},
};

#[derive(PartialEq, Properties)]
pub struct WorkProps {
    pub items: Vec<AttentionItem>,
}

#[component]
pub fn Work(props: &WorkProps) -> Html {
    let is_partner = use_session().is_partner();
    html! {
        <Card title={t!("home-work")} flush=true aside={html! { <Count n={props.items.len() as i64} /> }}>
            if props.items.is_empty() {
                <EmptyState icon={IconName::CheckCircle} title={t!("home-work-empty")} text={t!("home-work-empty-text")} />
            } else {
                <ul class="e-work">{ for props.items.iter().map(|item| row(item, is_partner)) }</ul>
            }
        </Card>
    }
}

fn row(item: &AttentionItem, is_partner: bool) -> Html {
    let deal = &item.deal;
    let (tone, icon) = match item.kind {
        AttentionKind::DecisionDue => ("e-work__icon--warm", IconName::Clock),
        AttentionKind::AnswerOwed => ("e-work__icon--info", IconName::MessageCircle),
        AttentionKind::ProtectionEnding => ("e-work__icon--danger", IconName::Shield),
        AttentionKind::CloseDatePassed => ("", IconName::Calendar),
    };
    let customer = deal.customer.as_ref().map_or_else(|| t!("home-no-customer"), |customer| customer.name.clone());
    let mut facts = vec![texts::attention(item.kind), customer];
    if !is_partner {
        facts.push(deal.partner.name.clone());
    }
    facts.push(format::money(&deal.value));
    html! {
        <li key={format!("{}-{:?}", deal.id.inner(), item.kind)}>
            <Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }} classes="e-work__item">
                <span class={classes!("e-work__icon", tone)}><Icon name={icon} /></span>
                <span class="e-work__title e-truncate">{ &deal.title }</span>
                if let Some(at) = &item.due_at {
                    <Clock at={at.clone()} />
                } else if let Some(date) = deal.expected_close_on.as_ref().filter(|_| item.kind == AttentionKind::CloseDatePassed) {
                    <span class="e-clock">{ format::date(date) }</span>
                }
                <span class="e-work__meta">{ facts.join(" · ") }</span>
            </Link<Routes>>
        </li>
    }
}
