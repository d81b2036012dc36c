//! Reports: registrations, decisions, the pipeline and what was closed, for a period. Every number is a link to the rows behind it.

mod breakdown;
mod charts;
mod export;
mod figure;

use entente_web_api::{
    Date, QueryBuilder,
    deal::DealSource,
    report::{Report, ReportInput, ReportQuery, ReportVariables},
    viewer::ViewerAction,
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::{AnyRoute, prelude::*};

use super::Forbidden;
use crate::{
    i18n::format,
    remote::use_query,
    routes::{address, use_query_state},
    session::use_session,
    t,
    ui::{Card, Choice, DateField, PageHead, Select, SkeletonBlock},
};
pub use export::ExportButton;
use figure::Figure;

/// The state of the screen in the query string.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// `REGISTERED` or `IMPORTED`, else both.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// By what registrations are told apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
}

impl Asked {
    fn input(&self) -> ReportInput {
        let day = |text: &str| (!text.is_empty()).then(|| Date(text.to_owned()));
        let source = match self.source.as_str() {
            "REGISTERED" => Some(vec![DealSource::Registered]),
            "IMPORTED" => Some(vec![DealSource::Imported]),
            _ => None,
        };
        // A period that is being typed may be the wrong way round for a moment.
        let fits = self.from.is_empty() || self.to.is_empty() || self.from <= self.to;
        ReportInput { from: day(&self.from).filter(|_| fits), to: day(&self.to).filter(|_| fits), sources: source, ..ReportInput::default() }
    }
}

/// Goes to an address of the app.
#[hook]
pub fn use_open() -> Callback<String> {
    let navigator = use_navigator();
    Callback::from(move |path: String| {
        if let Some(navigator) = &navigator {
            navigator.push::<AnyRoute>(&address(&path));
        }
    })
}

#[component]
pub fn Reports() -> Html {
    let session = use_session();
    if !session.can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    html! {
        <>
            <PageHead title={t!("nav-reports")} lead={if session.is_partner() { t!("reports-lead-partner") } else { t!("reports-lead-vendor") }} />
            <Asking />
        </>
    }
}

#[component]
fn Asking() -> Html {
    let state = use_query_state::<Asked>();
    let asked = state.value.clone();
    let input = asked.input();
    let query = use_query(ReportVariables { input: Some(input.clone()) }, ReportQuery::build);
    let change = |set: fn(&mut Asked, String)| {
        let state = state.clone();
        Callback::from(move |text: String| {
            let mut asked = state.value.clone();
            set(&mut asked, text);
            state.set(&asked);
        })
    };
    let period = query.data().map(|data| (data.report.from.to_string(), data.report.to.to_string())).unwrap_or_default();
    let shown = |typed: &str, found: &str| if typed.is_empty() { found.to_owned() } else { typed.to_owned() };
    html! {
        <div class="e-stack">
            <div class="e-toolbar e-reports-bar">
                <DateField id="report-from" label={t!("reports-from")} value={shown(&asked.from, &period.0)} onchange={change(|a, text| a.from = text)} />
                <DateField id="report-to" label={t!("reports-to")} value={shown(&asked.to, &period.1)} onchange={change(|a, text| a.to = text)} />
                <Select
                    id="report-source"
                    label={t!("reports-source")}
                    value={asked.source.clone()}
                    onchange={change(|a, text| a.source = text)}
                    choices={vec![
                        Choice::new("", t!("reports-source-all")),
                        Choice::new("REGISTERED", t!("reports-source-registered")),
                        Choice::new("IMPORTED", t!("reports-source-imported")),
                    ]}
                />
            </div>
            { query.view(SkeletonBlock::Page, |data| html! { <Figures report={data.report.clone()} /> }) }
            <breakdown::Breakdown {input} by={asked.by.clone()} onby={change(|a, text| a.by = text)} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct FiguresProps {
    report: Report,
}

#[component]
fn Figures(props: &FiguresProps) -> Html {
    let report = &props.report;
    let (r, c) = (&report.registrations, &report.closed);
    let tile = |label: String, metric| html! { <Figure {label} metric={Clone::clone(metric)} currency={report.currency.clone()} /> };
    html! {
        <div class="e-stack" data-testid="report-figures">
            <p class="e-subtle">
                { t!("reports-period", "from" => format::date(&report.from), "to" => format::date(&report.to), "zone" => report.time_zone.clone(), "currency" => report.currency.to_string()) }
            </p>
            <Card title={t!("reports-registrations")}>
                <dl class="e-figures">
                    { tile(t!("reports-volume"), &r.volume) }
                    { tile(t!("reports-approval"), &r.approval_rate) }
                    { tile(t!("reports-approval-decided"), &r.approval_rate_of_decided) }
                    { tile(t!("reports-conversion"), &r.conversion) }
                    { tile(t!("reports-conflict"), &r.conflict_rate) }
                    { tile(t!("reports-decide-median"), &report.time_to_decide.median) }
                    { tile(t!("reports-decide-p90"), &report.time_to_decide.p90) }
                </dl>
                <charts::Months months={report.months.clone()} />
            </Card>
            <Card title={t!("reports-closed")}>
                <dl class="e-figures">
                    { tile(t!("reports-win-rate"), &c.win_rate) }
                    { tile(t!("reports-deal-size"), &c.average_deal_size) }
                    { tile(t!("reports-cycle-mean"), &c.cycle_time_mean) }
                    { tile(t!("reports-cycle-median"), &c.cycle_time_median) }
                </dl>
            </Card>
            <Card title={t!("reports-pipeline")}>
                <dl class="e-figures">
                    { tile(t!("reports-open-count"), &report.pipeline.count) }
                    { tile(t!("reports-open-value"), &report.pipeline.value) }
                </dl>
                <charts::Open report={report.clone()} />
            </Card>
        </div>
    }
}
