//! What changed on the deals the viewer sees, newest first.

use entente_web_api::deal::DealChangeEdge;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    pages::deal::words,
    routes::Routes,
    t,
    ui::{Card, EmptyState, Icon, IconName},
};

#[derive(PartialEq, Properties)]
pub struct ChangesProps {
    pub edges: Vec<DealChangeEdge>,
}

#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    // What was there at first is no news; only what comes later is marked.
    let at_first = use_memo((), |()| props.edges.iter().map(|edge| edge.node.cursor.clone()).collect::<Vec<_>>());
    html! {
        <Card title={t!("home-changes")} flush=true>
            if props.edges.is_empty() {
                <EmptyState icon={IconName::History} title={t!("home-changes-empty")} />
            } else {
                <ul>
                    { for props.edges.iter().map(|edge| {
                        let change = &edge.node;
                        let (icon, _) = words::event_icon(&change.kind);
                        let said = words::is_writing(&change.kind).then(|| change.text.clone());
                        let fresh = !at_first.contains(&change.cursor);
                        html! {
                            <li key={change.cursor.clone()} class={classes!("e-feed__item", fresh.then_some("e-changed"))}>
                                <span class="e-feed__icon"><Icon name={icon} /></span>
                                <span class="e-feed__text">
                                    <Link<Routes> to={Routes::Deal { id: change.deal.id.inner().to_owned() }}>
                                        { &change.deal.title }
                                    </Link<Routes>>
                                    { " " }<span class="e-subtle">{ &change.deal.number }</span>{ " · " }
                                    { words::event(&change.kind, &change.text) }
                                    if let Some(said) = said {
                                        <q class="e-feed__said">{ said }</q>
                                    }
                                </span>
                                <span class="e-feed__meta" title={format::date_time(&change.occurred_at)}>
                                    { &change.actor_name }{ " · " }{ format::relative(&change.occurred_at) }
                                </span>
                            </li>
                        }
                    }) }
                </ul>
            }
        </Card>
    }
}
