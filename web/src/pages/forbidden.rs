//! A screen that exists but is not for the viewer's role; says who can help.

use yew::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    session::use_session,
    t, texts,
    ui::{ButtonKind, EmptyState, IconName, LinkButton, PageHead},
};

#[component]
pub fn Forbidden() -> Html {
    let session = use_session();
    let roles: Vec<String> = session.viewer().map(|viewer| viewer.roles.iter().map(|role| texts::role(*role)).collect()).unwrap_or_default();
    html! {
        <>
            <PageHead title={t!("forbidden-title")} />
            <EmptyState
                icon={IconName::Lock}
                title={t!("forbidden-heading")}
                text={t!("forbidden-text", "roles" => format::list(&roles))}
            >
                <LinkButton to={Routes::Home} kind={ButtonKind::Primary}>{ t!("common-to-home") }</LinkButton>
            </EmptyState>
        </>
    }
}
