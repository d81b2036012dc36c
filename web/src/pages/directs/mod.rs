//! The vendor's own opportunities: the list, live, with recording and closing one.

mod record;

use entente_web_api::{
    FieldError, MutationBuilder, QueryBuilder,
    direct::{Direct, DirectClose, DirectCloseVariables, DirectStatus, Directs as DirectStream, DirectsQuery, DirectsVariables},
    error::field_errors,
    export::{ExportInput, ExportKind},
    stream::Told,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{Forbidden, reports::ExportButton};
use crate::{
    i18n::format,
    live::use_stream,
    notice::use_notifier,
    paged::{PageOf, use_paged},
    remote::use_action,
    session::use_session,
    t, texts,
    ui::{Button, ButtonKind, Card, Column, EmptyState, IconName, PageHead, SkeletonBlock, Table, Tag, Tone},
};

const PAGE: i32 = 25;

/// Why it was refused, by its code.
fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "CUSTOMER_PROTECTED" => t!("direct-refused-protected"),
        "STALE_VERSION" => t!("deal-refused-stale"),
        "CLOSED" => t!("direct-refused-closed"),
        "NOT_ALLOWED" => t!("deal-refused-not-allowed"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        "INVALID_INPUT" => t!("register-wrong-domain"),
        _ => error.message.clone(),
    }
}

#[component]
pub fn Directs() -> Html {
    if !use_session().can(ViewerAction::SeeDirects) {
        return html! { <Forbidden /> };
    }
    html! { <Shown /> }
}

#[component]
fn Shown() -> Html {
    let may_record = use_session().can(ViewerAction::RecordDirect);
    let recording = use_state_eq(|| false);
    let list = use_paged(
        DirectsVariables { first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            DirectsQuery::build(variables)
        },
        |data: DirectsQuery| PageOf { total: 0, nodes: data.directs.nodes, page_info: data.directs.page_info },
    );
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let list = list.clone();
        use_stream::<DirectStream>(true, move |told| {
            let list = list.clone();
            let wait = if matches!(told, Told::Resync) { 0 } else { 300 };
            *pause.borrow_mut() = Some(Timeout::new(wait, move || list.reload()));
        });
    }
    let more = {
        let list = list.clone();
        Callback::from(move |_: MouseEvent| list.load_more())
    };
    let ondone = {
        let list = list.clone();
        Callback::from(move |()| list.reload())
    };
    let open = {
        let recording = recording.setter();
        Callback::from(move |_: MouseEvent| recording.set(true))
    };
    let close = {
        let recording = recording.setter();
        Callback::from(move |()| recording.set(false))
    };
    html! {
        <>
            <PageHead title={t!("nav-directs")} lead={t!("direct-lead")}>
                <ExportButton input={ExportInput::of(ExportKind::Directs)} />
                if may_record { <Button kind={ButtonKind::Primary} icon={IconName::Plus} onclick={open}>{ t!("direct-record") }</Button> }
            </PageHead>
            <Card flush=true>
                { list.view(SkeletonBlock::Lines(6), |listed| if listed.nodes.is_empty() {
                    html! { <EmptyState icon={IconName::Handshake} title={t!("direct-none")} text={t!("direct-none-text")} /> }
                } else {
                    html! {
                        <>
                            <Table
                                caption={t!("nav-directs")}
                                columns={vec![
                                    Column::new(t!("deal-fact-customer")),
                                    Column::new(t!("deal-fact-products")),
                                    Column::new(t!("deal-field-status")),
                                    Column::new(t!("direct-recorded")),
                                    Column::new(t!("direct-close")),
                                ]}
                            >
                                { for listed.nodes.iter().map(|d| html! {
                                    <Row key={d.id.inner().to_owned()} direct={d.clone()} {may_record} ondone={ondone.clone()} />
                                }) }
                            </Table>
                            if listed.has_more { <div class="e-load-more"><Button small=true onclick={more}>{ t!("common-load-more") }</Button></div> }
                        </>
                    }
                }) }
            </Card>
            if *recording { <record::Record onclose={close} {ondone} /> }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    direct: Direct,
    may_record: bool,
    ondone: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let d = &props.direct;
    let (tone, status) = match d.status {
        DirectStatus::Open => (Tone::Info, t!("direct-open")),
        DirectStatus::Won => (Tone::Ok, t!("direct-won")),
        DirectStatus::Lost => (Tone::Neutral, t!("direct-lost")),
    };
    let close = |won: bool| {
        let (action, notifier, ondone) = (action.clone(), notifier.clone(), props.ondone.clone());
        let variables = DirectCloseVariables { id: d.id.clone(), expected_version: d.version, won };
        Callback::from(move |_: MouseEvent| {
            let (notifier, ondone) = (notifier.clone(), ondone.clone());
            action.run(DirectClose::build(variables.clone()), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let errors = field_errors(data.direct_close.errors);
                    match errors.first() {
                        Some(error) => notifier.failure(refusal(error)),
                        None => notifier.success(t!("direct-closed")),
                    }
                    ondone.emit(());
                }
            });
        })
    };
    let beside: Vec<String> = d.customer_domain.iter().cloned().chain(d.customer_country.as_ref().map(format::country)).collect();
    html! {
        <tr>
            <td>
                <span class="e-strong">{ &d.customer_name }</span>
                if !beside.is_empty() { <span class="e-subtle e-fact__beside">{ beside.join(" · ") }</span> }
                if let Some(note) = &d.note { <br /><span class="e-subtle e-small">{ note }</span> }
            </td>
            <td><span class="e-row">{ for d.products.iter().map(|p| html! { <Tag key={p.key.clone()}>{ &p.name }</Tag> }) }</span></td>
            <td><Tag {tone} dot=true>{ status }</Tag></td>
            <td>{ format::date_time(&d.recorded_at) }<br /><span class="e-subtle e-small">{ &d.recorded_by }</span></td>
            <td>
                if d.status == DirectStatus::Open && props.may_record {
                    <span class="e-row">
                        <Button small=true busy={action.busy} onclick={close(true)}>{ t!("direct-won") }</Button>
                        <Button small=true busy={action.busy} onclick={close(false)}>{ t!("direct-lost") }</Button>
                    </span>
                } else if let Some(at) = &d.closed_at {
                    { format::date_time(at) }
                }
            </td>
        </tr>
    }
}
