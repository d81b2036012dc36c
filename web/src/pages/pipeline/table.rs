//! The pipeline as a table: dense, sorted by the server's orders, with the stages and their totals above.

use entente_web_api::{
    QueryBuilder,
    deal::{DealAction, DealCard, DealsQuery, StageSummary},
    export::{ExportInput, ExportKind},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{arrivals::Arrivals, filters::Filters, people::Seen};
use crate::{
    i18n::format,
    paged::{PageOf, use_paged, use_reload},
    pages::{deal::words, reports::ExportButton},
    routes::Routes,
    t,
    ui::{Card, Clock, Column, EmptyState, IconButton, IconName, SkeletonBlock, SortDirection, StatusTag, Table},
};

const PAGE: i32 = 50;

#[derive(PartialEq, Properties)]
pub struct DealTableProps {
    pub filters: Filters,
    pub summaries: Vec<StageSummary>,
    pub arrivals: Arrivals,
    pub resync: u32,
    pub for_partner: bool,
    pub onchoose: Callback<DealCard>,
    /// The sort as it stands in the address.
    pub onsort: Callback<String>,
    /// Switch the filter of a stage on or off.
    pub onstage: Callback<String>,
    pub onseen: Callback<Vec<Seen>>,
}

#[component]
pub fn DealTable(props: &DealTableProps) -> Html {
    let list = use_paged(
        props.filters.to_variables(None, PAGE),
        |mut variables, after| {
            variables.after = after;
            DealsQuery::build(variables)
        },
        |data: DealsQuery| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count },
    );
    use_reload(&list, props.resync);
    {
        let (list, arrivals, filters) = (list.clone(), props.arrivals.clone(), props.filters.clone());
        let settled = (props.arrivals.count, list.state.is_busy(), list.data().map_or(0, |listed| listed.nodes.len()));
        use_effect_with(settled, move |(count, busy, _)| {
            if *count > 0 && !busy {
                list.update(|listed| arrivals.settle(listed, &filters.order(), |deal| filters.admits(deal)));
            }
        });
    }
    {
        let (onseen, nodes) = (props.onseen.clone(), list.data().cloned());
        use_effect_with(nodes.as_ref().map(|listed| listed.nodes.len()), move |_| {
            if let Some(listed) = nodes {
                onseen.emit(listed.nodes.iter().flat_map(Seen::of).collect());
            }
        });
    }
    let (key, descending) = match props.filters.sort.as_str() {
        "" => ("updated", true),
        sort => sort.strip_prefix('-').map_or((sort, false), |key| (key, true)),
    };
    let sort = Some((AttrValue::from(key.to_owned()), if descending { SortDirection::Descending } else { SortDirection::Ascending }));
    let onsort = {
        let (onsort, sorted, descending) = (props.onsort.clone(), key.to_owned(), descending);
        Callback::from(move |key: AttrValue| {
            // A new column begins with what is most asked for: the largest and the newest, but the nearest date.
            let down = if *key == *sorted { !descending } else { !matches!(key.as_str(), "close" | "due") };
            onsort.emit(if down { format!("-{key}") } else { key.to_string() });
        })
    };
    html! {
        <>
            <div class="e-export-row"><ExportButton input={export_of(&props.filters)} /></div>
            <StageStrip summaries={props.summaries.clone()} chosen={props.filters.stage.0.clone()} onstage={props.onstage.clone()} />
            { list.view(SkeletonBlock::Rows(10), |listed| {
                if listed.nodes.is_empty() {
                    let (icon, title, text) = if props.filters.is_narrowed() {
                        (IconName::Search, t!("pipeline-empty"), t!("pipeline-empty-text"))
                    } else {
                        (IconName::Columns, t!("pipeline-none"), t!("pipeline-none-text"))
                    };
                    return html! { <Card><EmptyState {icon} {title} {text} /></Card> };
                }
                html! {
                    <Card flush=true>
                        <Table caption={t!("pipeline-table")} columns={columns(props.for_partner)} {sort} {onsort}>
                            { for listed.nodes.iter().map(|deal| row(deal, props)) }
                        </Table>
                        { list.foot() }
                    </Card>
                }
            }) }
        </>
    }
}

fn columns(for_partner: bool) -> Vec<Column> {
    let mut columns = vec![Column::new(t!("pipeline-col-deal")), Column::new(t!("deal-fact-customer"))];
    if !for_partner {
        columns.push(Column::new(t!("deal-fact-partner")));
    }
    columns.extend([
        Column::new(t!("deal-field-stage")),
        Column::new(t!("deal-field-status")),
        Column::new(t!("deal-fact-value")).end().sorted_by("value"),
        Column::new(t!("deal-field-close")).sorted_by("close"),
        Column::new(t!("pipeline-col-clock")).sorted_by("due"),
        Column::new(t!("pipeline-col-changed")).sorted_by("updated"),
    ]);
    columns
}

fn row(deal: &DealCard, props: &DealTableProps) -> Html {
    let id = deal.id.inner().to_owned();
    let marked = props.arrivals.version_of(&id) == Some(deal.version);
    let key = if marked { format!("{id}-{}", deal.version) } else { id.clone() };
    let clock = deal.decision_due_at.as_ref().or(deal.protected_until.as_ref());
    let onchoose = {
        let (onchoose, deal) = (props.onchoose.clone(), deal.clone());
        Callback::from(move |_: MouseEvent| onchoose.emit(deal.clone()))
    };
    html! {
        <tr {key} class={classes!(marked.then_some("e-changed"))}>
            <td data-label="" class="e-cell-deal">
                <Link<Routes> to={Routes::Deal { id }} classes="e-strong">{ &deal.title }</Link<Routes>>
                <span class="e-subtle e-num">{ &deal.number }</span>
            </td>
            <td data-label={t!("deal-fact-customer")}>{ words::customer(deal) }</td>
            if !props.for_partner { <td data-label={t!("deal-fact-partner")}>{ &deal.partner.name }</td> }
            <td data-label={t!("deal-field-stage")}>
                <span class="e-cell-stage">
                    { &deal.stage.name }
                    if deal.viewer_can.contains(&DealAction::MoveStage) {
                        <IconButton name={IconName::MoveRight} label={t!("pipeline-move", "name" => deal.title.clone())} onclick={onchoose} />
                    }
                </span>
            </td>
            <td data-label={t!("deal-field-status")}><StatusTag status={deal.status} /></td>
            <td data-label={t!("deal-fact-value")} class="e-end e-num">{ format::money(&deal.value) }</td>
            <td data-label={t!("deal-field-close")} class="e-num">
                { deal.closed_on.as_ref().or(deal.expected_close_on.as_ref()).map_or_else(|| "—".to_owned(), format::date) }
            </td>
            <td data-label={t!("pipeline-col-clock")}>
                if let Some(at) = clock {
                    <Clock at={at.clone()} />
                } else if let Some(days) = deal.days_standing_still() {
                    <span class="e-subtle" title={t!("desk-say-stands-still")}>{ t!("deal-clock-still", "days" => days) }</span>
                } else {
                    { "—" }
                }
            </td>
            <td data-label={t!("pipeline-col-changed")} class="e-subtle e-num" title={format::date_time(&deal.updated_at)}>
                { format::relative(&deal.updated_at) }
            </td>
        </tr>
    }
}

/// The same deals as a file.
fn export_of(filters: &Filters) -> ExportInput {
    let search = filters.q.trim();
    ExportInput {
        search: (!search.is_empty()).then(|| search.to_owned()),
        deals: Some(filters.to_filter(None)),
        ..ExportInput::of(ExportKind::Deals)
    }
}

#[derive(PartialEq, Properties)]
struct StageStripProps {
    summaries: Vec<StageSummary>,
    chosen: Vec<String>,
    onstage: Callback<String>,
}

/// The stages with count and value over everything; each narrows the table to itself.
#[component]
fn StageStrip(props: &StageStripProps) -> Html {
    html! {
        <div class="e-stage-strip" role="group" aria-label={t!("pipeline-by-stage")}>
            { for props.summaries.iter().map(|summary| {
                let (onstage, key) = (props.onstage.clone(), summary.stage.key.clone());
                html! {
                    <button
                        key={summary.stage.key.clone()}
                        type="button"
                        class="e-stage-strip__item"
                        aria-pressed={props.chosen.contains(&summary.stage.key).to_string()}
                        onclick={Callback::from(move |_: MouseEvent| onstage.emit(key.clone()))}
                    >
                        <span class="e-stage-strip__name">{ &summary.stage.name }</span>
                        <span class="e-num e-strong">{ format::money_short(&summary.value) }</span>
                        <span class="e-subtle e-num">{ t!("home-tile-deals", "n" => summary.count) }</span>
                    </button>
                }
            }) }
        </div>
    }
}
