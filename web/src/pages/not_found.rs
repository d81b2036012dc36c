//! An address that leads nowhere, or to something the viewer may not know of: both look the same on purpose.

use yew::prelude::*;

use crate::{
    routes::Routes,
    t,
    ui::{ButtonKind, EmptyState, IconName, LinkButton, PageHead},
};

#[component]
pub fn NotFound() -> Html {
    html! {
        <>
            <PageHead title={t!("not-found-title")} />
            <EmptyState icon={IconName::Search} title={t!("not-found-heading")} text={t!("not-found-text")}>
                <LinkButton to={Routes::Home} kind={ButtonKind::Primary}>{ t!("common-to-home") }</LinkButton>
                <LinkButton to={Routes::Partners}>{ t!("common-to-partners") }</LinkButton>
            </EmptyState>
        </>
    }
}
