//! What waits for the viewer, most urgent first, each with its clock.

use entente_web_api::deal::{AttentionItem, AttentionKind};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    session::use_session,
    t, texts,
    ui::{Button, Card, Clock, Count, EmptyState, Icon, IconName},
};

/// More than this and the list is asked for.
const AT_FIRST: usize = 8;

#[derive(PartialEq, Properties)]
pub struct WorkProps {
    pub items: Vec<AttentionItem>,
}

#[component]
pub fn Work(props: &WorkProps) -> Html {
    let is_partner = use_session().is_partner();
    let all = use_state_eq(|| false);
    let shown = if *all { props.items.len() } else { AT_FIRST };
    let onmore = {
        let all = all.setter();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    html! {
        <Card title={t!("home-work")} flush=true aside={html! { <Count n={props.items.len() as i64} /> }}>
            if props.items.is_empty() {
                <EmptyState icon={IconName::CheckCircle} title={t!("home-work-empty")} text={t!("home-work-empty-text")} />
            } else {
                <ul class="e-work">{ for props.items.iter().take(shown).map(|item| row(item, is_partner)) }</ul>
                if props.items.len() > shown {
                    <div class="e-load-more">
                        <Button small=true onclick={onmore}>{ t!("home-work-all", "n" => props.items.len()) }</Button>
                    </div>
                }
            }
        </Card>
    }
}

/// The clock, or for a deal that should have closed the day that it should have.
fn moment(item: &AttentionItem) -> Html {
    match (item.kind, &item.due_at, &item.deal.expected_close_on) {
        (AttentionKind::CloseDatePassed, _, Some(date)) => html! {
            <span class="e-clock e-clock--soon"><Icon name={IconName::Calendar} />{ format::date(date) }</span>
        },
        (_, Some(at), _) => html! { <Clock at={at.clone()} /> },
        _ => html! {},
    }
}

fn row(item: &AttentionItem, is_partner: bool) -> Html {
    let deal = &item.deal;
    let (tone, icon) = match item.kind {
        AttentionKind::DecisionDue => ("e-work__icon--warm", IconName::Clock),
        AttentionKind::AnswerOwed | AttentionKind::PartnerWaits => ("e-work__icon--info", IconName::MessageCircle),
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
                { moment(item) }
                <span class="e-work__meta">{ facts.join(" · ") }</span>
            </Link<Routes>>
        </li>
    }
}
