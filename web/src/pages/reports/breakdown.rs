//! Registrations by partner, territory or product: a chart of the conversion, the table, and the same as a file.

use entente_web_api::{
    CurrencyCode, QueryBuilder,
    export::{ExportInput, ExportKind},
    report::{BreakdownQuery, BreakdownVariables, ReportDimension, ReportGroup, ReportInput, ReportMetric},
};
use yew::prelude::*;

use super::{
    ExportButton,
    figure::{RowsLink, height, value},
    use_open,
};
use crate::{
    i18n::format,
    remote::use_query,
    session::use_session,
    t,
    ui::{Bar, BarChart, Card, Column, EmptyState, IconName, Segment, Segments, SkeletonBlock, Table},
};

/// Groups asked for.
const FIRST: i32 = 50;
/// Groups drawn.
const DRAWN: usize = 20;

#[derive(PartialEq, Properties)]
pub struct BreakdownProps {
    pub input: ReportInput,
    /// `partner`, `territory` or `product`; empty is the first that the viewer may have.
    pub by: String,
    pub onby: Callback<String>,
}

#[component]
pub fn Breakdown(props: &BreakdownProps) -> Html {
    let for_partner = use_session().is_partner();
    let by = match props.by.as_str() {
        "territory" => ReportDimension::Territory,
        "product" => ReportDimension::Product,
        _ if for_partner => ReportDimension::Product,
        _ => ReportDimension::Partner,
    };
    let query = use_query(BreakdownVariables { input: Some(props.input.clone()), by, first: Some(FIRST) }, BreakdownQuery::build);
    let mut items = vec![Segment::new("territory", t!("deal-fact-territory")), Segment::new("product", t!("reports-product"))];
    if !for_partner {
        items.insert(0, Segment::new("partner", t!("deal-fact-partner")));
    }
    let active = match by {
        ReportDimension::Partner => "partner",
        ReportDimension::Territory => "territory",
        ReportDimension::Product => "product",
    };
    let onselect = props.onby.reform(|key: AttrValue| key.to_string());
    let export = ExportInput { report: Some(props.input.clone()), by: Some(by), ..ExportInput::of(ExportKind::Report) };
    let aside = html! { <ExportButton input={export} /> };
    html! {
        <Card title={t!("reports-breakdown")} {aside}>
            <div class="e-stack" data-testid="report-breakdown">
                <Segments label={t!("reports-breakdown")} {items} {active} {onselect} />
                { query.view(SkeletonBlock::Rows(6), |data| {
                    let found = &data.report.breakdown;
                    html! { <Groups groups={found.groups.clone()} currency={data.report.currency.clone()} has_more={found.has_more} /> }
                }) }
            </div>
        </Card>
    }
}

#[derive(PartialEq, Properties)]
struct GroupsProps {
    groups: Vec<ReportGroup>,
    currency: CurrencyCode,
    has_more: bool,
}

fn name(group: &ReportGroup) -> String {
    group.name.clone().unwrap_or_else(|| t!("reports-none"))
}

#[component]
fn Groups(props: &GroupsProps) -> Html {
    let onopen = use_open();
    if props.groups.is_empty() {
        return html! { <EmptyState icon={IconName::Search} title={t!("reports-empty")} text={t!("reports-empty-text")} /> };
    }
    let bar = |group: &ReportGroup| Bar {
        label: name(group),
        value: height(&group.figures.volume),
        part: group.figures.conversion.numerator.as_ref().and_then(|n| n.as_str().parse().ok()),
        text: format!("{}: {}, {}", name(group), value(&group.figures.volume, &props.currency), value(&group.figures.conversion, &props.currency)),
        href: group.figures.volume.rows.path.clone(),
    };
    let top = props.groups.iter().map(|group| height(&group.figures.volume)).fold(0.0, f64::max);
    let cell = |label: String, metric: &ReportMetric| {
        html! {
            <td class="e-end" data-label={label}>
                <RowsLink path={metric.rows.path.clone()} title={metric.formula.clone()}>{ value(metric, &props.currency) }</RowsLink>
            </td>
        }
    };
    let columns = vec![
        Column::new(t!("reports-name")),
        Column::new(t!("reports-volume")).end(),
        Column::new(t!("reports-approval")).end(),
        Column::new(t!("reports-approval-decided")).end(),
        Column::new(t!("reports-conversion")).end(),
        Column::new(t!("reports-conflict")).end(),
    ];
    html! {
        <>
            <BarChart label={t!("reports-breakdown-chart")} bars={props.groups.iter().take(DRAWN).map(bar).collect::<Vec<_>>()} top={format::number(top)} {onopen} />
            <Table caption={t!("reports-breakdown")} {columns}>
                { for props.groups.iter().map(|group| html! {
                    <tr key={name(group)}>
                        <td data-label="">{ name(group) }</td>
                        { cell(t!("reports-volume"), &group.figures.volume) }
                        { cell(t!("reports-approval"), &group.figures.approval_rate) }
                        { cell(t!("reports-approval-decided"), &group.figures.approval_rate_of_decided) }
                        { cell(t!("reports-conversion"), &group.figures.conversion) }
                        { cell(t!("reports-conflict"), &group.figures.conflict_rate) }
                    </tr>
                }) }
            </Table>
            if props.has_more { <p class="e-subtle e-small">{ t!("reports-more") }</p> }
        </>
    }
}
