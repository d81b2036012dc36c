//! The charts, each with a table that says the same.

use entente_web_api::report::{Report, ReportMetric, ReportMonth};
use yew::prelude::*;

use super::{
    figure::{RowsLink, height, value},
    use_open,
};
use crate::{
    i18n::format,
    t,
    ui::{Bar, BarChart, Column, Table},
};

#[derive(PartialEq, Properties)]
pub struct MonthsProps {
    pub months: Vec<ReportMonth>,
}

/// Registrations by month, the won ones in the stronger colour.
#[component]
pub fn Months(props: &MonthsProps) -> Html {
    let onopen = use_open();
    let won = |month: &ReportMonth| month.figures.conversion.numerator.as_ref().and_then(|n| n.as_str().parse::<f64>().ok()).unwrap_or_default();
    let bar = |month: &ReportMonth| {
        let (all, won) = (height(&month.figures.volume), won(month));
        Bar {
            label: month.month.clone(),
            value: all,
            part: Some(won),
            text: t!("reports-month-text", "month" => month.month.clone(), "n" => all, "won" => won),
            href: month.figures.volume.rows.path.clone(),
        }
    };
    let top = props.months.iter().map(|month| height(&month.figures.volume)).fold(0.0, f64::max);
    html! {
        <figure class="e-report">
            <figcaption>{ t!("reports-by-month") }</figcaption>
            <BarChart label={t!("reports-by-month")} bars={props.months.iter().map(bar).collect::<Vec<_>>()} top={format::number(top)} {onopen} />
            <details>
                <summary>{ t!("reports-as-table") }</summary>
                <Table caption={t!("reports-by-month")} columns={vec![Column::new(t!("reports-month")), Column::new(t!("reports-volume")).end(), Column::new(t!("reports-won")).end()]}>
                    { for props.months.iter().map(|month| html! {
                        <tr key={month.month.clone()}>
                            <td data-label="">{ &month.month }</td>
                            <td class="e-end" data-label={t!("reports-volume")}><RowsLink path={month.figures.volume.rows.path.clone()}>{ format::number(height(&month.figures.volume)) }</RowsLink></td>
                            <td class="e-end" data-label={t!("reports-won")}><RowsLink path={month.figures.conversion.rows.path.clone()}>{ format::number(won(month)) }</RowsLink></td>
                        </tr>
                    }) }
                </Table>
            </details>
        </figure>
    }
}

#[derive(PartialEq, Properties)]
pub struct OpenProps {
    pub report: Report,
}

/// What is open: by stage, by age, and what it is expected to bring.
#[component]
pub fn Open(props: &OpenProps) -> Html {
    let report = &props.report;
    let stages = report.pipeline_by_stage.iter().map(|s| (s.stage.name.clone(), s.pipeline.value.clone(), s.pipeline.count.clone()));
    let ages = report.pipeline_by_age.iter().map(|a| {
        let name = match a.days_to {
            Some(to) => format!("{}–{to}", a.days_from),
            None => t!("reports-age-older", "from" => a.days_from),
        };
        (name, a.pipeline.value.clone(), a.pipeline.count.clone())
    });
    let months = report.forecast.iter().map(|m| {
        let name = m.month.clone().unwrap_or_else(|| t!("reports-no-date"));
        (name, m.forecast.clone(), m.pipeline.count.clone())
    });
    html! {
        <div class="e-report-columns">
            { worth(report, t!("reports-by-stage"), t!("deal-field-stage"), t!("reports-value"), stages.collect()) }
            { worth(report, t!("reports-by-age"), t!("reports-age-name"), t!("reports-value"), ages.collect()) }
            { worth(report, t!("reports-forecast"), t!("reports-month"), t!("reports-forecast-value"), months.collect()) }
        </div>
    }
}

/// Values of some kinds of open deals: a chart and its table.
fn worth(report: &Report, title: String, kind: String, unit: String, rows: Vec<(String, ReportMetric, ReportMetric)>) -> Html {
    html! { <Worth {title} {kind} {unit} {rows} currency={report.currency.clone()} /> }
}

#[derive(PartialEq, Properties)]
struct WorthProps {
    title: String,
    kind: String,
    unit: String,
    rows: Vec<(String, ReportMetric, ReportMetric)>,
    currency: entente_web_api::CurrencyCode,
}

#[component]
fn Worth(props: &WorthProps) -> Html {
    let onopen = use_open();
    let bar = |(name, worth, _): &(String, ReportMetric, ReportMetric)| Bar {
        label: name.clone(),
        value: height(worth),
        part: None,
        text: format!("{name}: {}", value(worth, &props.currency)),
        href: worth.rows.path.clone(),
    };
    let greatest = props.rows.iter().max_by(|a, b| height(&a.1).total_cmp(&height(&b.1))).map(|row| value(&row.1, &props.currency));
    html! {
        <figure class="e-report">
            <figcaption>{ &props.title }</figcaption>
            <BarChart label={props.title.clone()} bars={props.rows.iter().map(bar).collect::<Vec<_>>()} top={greatest.unwrap_or_default()} {onopen} />
            <Table caption={props.title.clone()} columns={vec![Column::new(props.kind.clone()), Column::new(t!("reports-deals")).end(), Column::new(props.unit.clone()).end()]}>
                { for props.rows.iter().map(|(name, worth, count)| html! {
                    <tr key={name.clone()}>
                        <td data-label="">{ name }</td>
                        <td class="e-end" data-label={t!("reports-deals")}><RowsLink path={count.rows.path.clone()}>{ value(count, &props.currency) }</RowsLink></td>
                        <td class="e-end" data-label={props.unit.clone()}><RowsLink path={worth.rows.path.clone()}>{ value(worth, &props.currency) }</RowsLink></td>
                    </tr>
                }) }
            </Table>
        </figure>
    }
}
