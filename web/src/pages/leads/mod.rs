//! Leads as a board: a column for each status, reached by keyboard, with the time left to answer on each card. Live: a lead
//! that comes in is put where it belongs, marked and said aloud.

mod card;
mod column;
mod create;
pub mod enquiry;
mod import;
pub mod words;

use entente_web_api::{
    QueryBuilder,
    export::{ExportInput, ExportKind},
    lead::{LeadEvent, LeadStatus, LeadSummaryQuery, Leads as LeadStream},
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

pub use import::LeadImport;

use super::{Forbidden, pipeline::step, reports::ExportButton};
use crate::{
    live::use_stream,
    notice::use_notifier,
    remote::use_query,
    routes::{Routes, use_query_state},
    session::use_session,
    t,
    ui::{Button, ButtonKind, Choice, IconName, LinkButton, PageHead, SearchField, Select},
};

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct View {
    /// Words looked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    /// The column that a narrow screen shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    column: String,
}

/// Columns of the vendor, in order; a partner sees those that a lead of its own can be in.
const COLUMNS: [LeadStatus; 6] =
    [LeadStatus::New, LeadStatus::Unrouted, LeadStatus::Assigned, LeadStatus::Accepted, LeadStatus::Converted, LeadStatus::Closed];

#[component]
pub fn Leads() -> Html {
    let session = use_session();
    let creating = use_state_eq(|| false);
    if !session.can(ViewerAction::SeeLeads) {
        return html! { <Forbidden /> };
    }
    let open = {
        let creating = creating.setter();
        Callback::from(move |_: MouseEvent| creating.set(true))
    };
    html! {
        <>
            <PageHead title={t!("nav-leads")} lead={if session.is_partner() { t!("lead-lead-partner") } else { t!("lead-lead-vendor") }}>
                if session.can(ViewerAction::Import) {
                    <LinkButton to={Routes::LeadImport} icon={IconName::Upload}>{ t!("lead-import") }</LinkButton>
                }
                if session.can(ViewerAction::CreateLead) {
                    <Button kind={ButtonKind::Primary} icon={IconName::Plus} onclick={open}>{ t!("lead-new") }</Button>
                }
            </PageHead>
            <Board for_partner={session.is_partner()} />
            if *creating {
                <create::Create onclose={let creating = creating.setter(); Callback::from(move |()| creating.set(false))} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct BoardProps {
    for_partner: bool,
}

#[component]
fn Board(props: &BoardProps) -> Html {
    let notifier = use_notifier();
    let state = use_query_state::<View>();
    let view = state.value.clone();
    let revision = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let marked = use_state(Vec::<(String, i32)>::new);
    let newest = use_mut_ref(Vec::<(String, i32)>::new);
    let pause = use_mut_ref(|| None::<Timeout>);
    let root = use_node_ref();
    let summary = use_query((), LeadSummaryQuery::build);

    let again = {
        let (revision, count, summary) = (revision.setter(), count, summary.clone());
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            revision.set(*count.borrow());
            summary.reload();
        })
    };
    {
        let (marked, newest) = (marked.setter(), newest);
        use_stream::<LeadStream>(true, move |event| {
            if let LeadEvent::Change(change) = event {
                let id = change.lead_id.inner().to_owned();
                let mut known = newest.borrow_mut();
                known.retain(|(other, _)| *other != id);
                if let Some(lead) = &change.lead {
                    known.push((id, lead.version));
                    let what = words::event(&change.entry.kind, &change.entry.sentence);
                    notifier.announce(t!("lead-changed-live", "number" => lead.number.clone(), "company" => lead.company.clone(), "what" => what));
                }
                // The last hundred: older marks have been seen.
                let excess = known.len().saturating_sub(100);
                known.drain(..excess);
                marked.set(known.clone());
            }
            // Several changes at once are one question.
            let again = again.clone();
            *pause.borrow_mut() = Some(Timeout::new(250, move || again.emit(())));
        });
    }
    let onkeydown = {
        let root = root.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && step(&root, &event.key()) {
                event.prevent_default();
            }
        })
    };
    let columns: Vec<LeadStatus> =
        COLUMNS.into_iter().filter(|status| !props.for_partner || !matches!(status, LeadStatus::New | LeadStatus::Unrouted)).collect();
    let of = |status: LeadStatus| {
        let counts = summary.data().map(|data| data.lead_summary.by_status.clone()).unwrap_or_default();
        counts.iter().find(|row| row.status == status).map(|row| row.count)
    };
    let chosen = columns.iter().copied().find(|status| format!("{status:?}") == view.column).unwrap_or(LeadStatus::Assigned);
    let choices: Vec<Choice> = columns
        .iter()
        .map(|status| {
            Choice::new(format!("{status:?}"), t!("lead-column-choice", "status" => words::status(*status), "n" => of(*status).unwrap_or(0)))
        })
        .collect();
    let searched = Some(view.q.trim().to_owned()).filter(|words| !words.is_empty());
    let export = ExportInput { search: searched, ..ExportInput::of(ExportKind::Leads) };
    let onsearch = {
        let state = state.clone();
        Callback::from(move |q: String| state.set(&View { q, ..state.value.clone() }))
    };
    let oncolumn = {
        let state = state.clone();
        Callback::from(move |column: String| state.set(&View { column, ..state.value.clone() }))
    };
    html! {
        <>
            <div class="e-toolbar e-leads__toolbar">
                <SearchField id="lead-search" label={t!("lead-search")} value={view.q.clone()} {onsearch} />
                if let Some(data) = summary.data() {
                    <p class="e-subtle e-small e-leads__metric">
                        { match &data.lead_summary.lead_to_close {
                            Some(share) => t!("lead-to-close", "share" => share.to_string(), "won" => data.lead_summary.won, "n" => data.lead_summary.with_partner),
                            None => t!("lead-to-close-none"),
                        } }
                    </p>
                }
            </div>
            <div class="e-export-row"><ExportButton input={export} /></div>
            <div class="e-board-stage">
                <Select id="lead-column" label={t!("lead-column")} bare=true {choices} value={format!("{chosen:?}")} onchange={oncolumn} />
            </div>
            <p class="e-board-help e-subtle e-small">{ t!("lead-board-help") }</p>
            <div class="e-board e-leads" ref={root} {onkeydown} role="group" aria-label={t!("lead-board")}>
                { for columns.into_iter().map(|status| html! {
                    <column::StatusColumn
                        key={format!("{status:?}")}
                        {status}
                        search={view.q.clone()}
                        count={of(status)}
                        revision={*revision}
                        marked={(*marked).clone()}
                        chosen={status == chosen}
                        for_partner={props.for_partner}
                    />
                }) }
            </div>
        </>
    }
}
