//! Imports of a CRM's files by the vendor's administrators: a form, a run with its progress and outcome, past runs.

mod aliases;
mod files;
mod form;
mod issues;
mod run;
mod runs;
mod words;

use entente_web_api::{Id, viewer::ViewerAction};
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

pub use run::Run as ImportRunView;

use super::Forbidden;
use crate::{
    routes::{Routes, use_query_state},
    session::use_session,
    t,
    ui::{Icon, IconName, PageHead},
};

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// The run in view; the form when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// `yes` when it was started as a dry run.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dry: String,
}

#[component]
pub fn Import() -> Html {
    if !use_session().can(ViewerAction::Import) {
        return html! { <Forbidden /> };
    }
    html! { <Screen /> }
}

#[component]
fn Screen() -> Html {
    let view = use_query_state::<View>().value;
    let navigator = use_navigator();
    // A run has an address of its own, so that the way back leads to the form.
    let onstarted = Callback::from(move |(id, dry): (Id, bool)| {
        if let Some(navigator) = &navigator {
            let view = View { run: id.into_inner(), dry: if dry { "yes".to_owned() } else { String::new() } };
            // An address that cannot be written leaves the form in view; the run is in the list below it.
            let _ = navigator.push_with_query(&Routes::Import, &view);
        }
    });
    if view.run.is_empty() {
        return html! {
            <>
                <PageHead title={t!("nav-import")} lead={t!("import-lead")} />
                <div class="e-stack e-stack--loose">
                    <form::Form {onstarted} />
                    <runs::Runs />
                </div>
            </>
        };
    }
    let crumb = html! {
        <Link<Routes> to={Routes::Import}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("import-back") }</Link<Routes>>
    };
    html! {
        <>
            <PageHead title={if view.dry.is_empty() { t!("import-run") } else { t!("import-run-dry") }} {crumb} />
            <run::Run id={view.run.clone()} key={view.run} dry={!view.dry.is_empty()} />
        </>
    }
}
