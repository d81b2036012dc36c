//! Disputes: the list. The vendor sees all, a partner those in which it is a side. Live.

pub mod of_deal;
pub mod open;
pub mod words;

use entente_web_api::{
    QueryBuilder,
    dispute::{DisputeRow, DisputeStatus, Disputes as DisputeStream, DisputesQuery, DisputesVariables},
    export::{ExportInput, ExportKind},
    stream::Told,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Forbidden, reports::ExportButton};
use crate::{
    i18n::format,
    live::use_stream,
    paged::{PageOf, use_paged},
    routes::{Routes, use_query_state},
    session::use_session,
    t,
    ui::{Button, Card, Choice, Clock, Column, EmptyState, IconName, PageHead, Select, SkeletonBlock, Table, Tag, Tone},
};

const PAGE: i32 = 25;
const STATUSES: [DisputeStatus; 3] = [DisputeStatus::Open, DisputeStatus::Decided, DisputeStatus::Withdrawn];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Filters {
    #[serde(skip_serializing_if = "String::is_empty")]
    status: String,
}

#[component]
pub fn Disputes() -> Html {
    if !use_session().can(ViewerAction::SeeDisputes) {
        return html! { <Forbidden /> };
    }
    html! { <Shown /> }
}

#[component]
fn Shown() -> Html {
    let for_partner = use_session().is_partner();
    let state = use_query_state::<Filters>();
    let statuses = STATUSES.into_iter().find(|s| format!("{s:?}") == state.value.status).map(|s| vec![s]);
    let export = ExportInput { disputes: statuses.clone(), ..ExportInput::of(ExportKind::Disputes) };
    let list = use_paged(
        DisputesVariables { statuses, first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            DisputesQuery::build(variables)
        },
        |data: DisputesQuery| PageOf { total: 0, nodes: data.disputes.nodes, page_info: data.disputes.page_info },
    );
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let list = list.clone();
        use_stream::<DisputeStream>(true, move |told| {
            let list = list.clone();
            let wait = if matches!(told, Told::Resync) { 0 } else { 300 };
            *pause.borrow_mut() = Some(Timeout::new(wait, move || list.reload()));
        });
    }
    let onchange = {
        let state = state.clone();
        Callback::from(move |status: String| state.set(&Filters { status }))
    };
    let choices = STATUSES.into_iter().map(|s| Choice::new(format!("{s:?}"), words::status(s))).collect::<Vec<_>>();
    let more = {
        let list = list.clone();
        Callback::from(move |_: MouseEvent| list.load_more())
    };
    html! {
        <>
            <PageHead title={t!("nav-disputes")} lead={if for_partner { t!("dispute-list-lead-partner") } else { t!("dispute-list-lead") }}>
                <ExportButton input={export} />
            </PageHead>
            <Card flush=true>
                <div class="e-toolbar">
                    <Select
                        id="dispute-status"
                        label={t!("dispute-status")}
                        bare=true
                        {choices}
                        value={state.value.status.clone()}
                        placeholder={t!("dispute-status-all")}
                        {onchange}
                    />
                </div>
                { list.view(SkeletonBlock::Lines(6), |listed| if listed.nodes.is_empty() {
                    html! { <EmptyState icon={IconName::Handshake} title={t!("dispute-none")} text={if for_partner { t!("dispute-none-partner") } else { t!("dispute-none-vendor") }} /> }
                } else {
                    html! {
                        <>
                            <Table
                                caption={t!("nav-disputes")}
                                columns={vec![
                                    Column::new(t!("dispute-number")),
                                    Column::new(t!("dispute-customer")),
                                    Column::new(t!("dispute-your-side")),
                                    Column::new(t!("dispute-arbiter")),
                                    Column::new(t!("dispute-due")),
                                    Column::new(t!("dispute-status")),
                                ]}
                            >
                                { for listed.nodes.iter().map(row) }
                            </Table>
                            if listed.has_more { <div class="e-load-more"><Button small=true onclick={more}>{ t!("common-load-more") }</Button></div> }
                        </>
                    }
                }) }
            </Card>
        </>
    }
}

/// What it is about, as far as the viewer may know.
pub fn subject(row: &DisputeRow) -> String {
    row.customer_name.clone().or_else(|| row.own_deal.as_ref().map(|d| format!("{} {}", d.number, d.title))).unwrap_or_default()
}

fn row(d: &DisputeRow) -> Html {
    let to = Routes::Dispute { id: d.id.inner().to_owned() };
    html! {
        <tr key={d.id.inner().to_owned()}>
            <td data-label={t!("dispute-number")}><Link<Routes> {to}>{ &d.number }</Link<Routes>></td>
            <td data-label={t!("dispute-customer")}>{ subject(d) }</td>
            <td data-label={t!("dispute-your-side")}>{ words::side(d.viewer_side) }</td>
            <td data-label={t!("dispute-arbiter")}>{ d.arbiter_name.clone().unwrap_or_else(|| t!("dispute-arbiter-none")) }</td>
            <td data-label={t!("dispute-due")}>
                if d.status == DisputeStatus::Open { <Clock at={d.due_at.clone()} /> } else { { format::day_of(&d.due_at) } }
            </td>
            <td data-label={t!("dispute-status")}>
                <Tag tone={words::tone(d.status)} dot=true>{ words::status(d.status) }</Tag>
                if let Some(ruling) = &d.ruling { { " " }<Tag tone={Tone::Outline}>{ words::outcome(ruling.outcome) }</Tag> }
            </td>
        </tr>
    }
}
