//! One figure: its value as a link to its rows, and what it is made of.

use entente_web_api::{
    CurrencyCode, Decimal, Money,
    report::{ReportMetric, ReportUnit},
};
use yew::prelude::*;

use super::use_open;
use crate::{i18n::format, t};

/// A value in words.
pub fn value(metric: &ReportMetric, currency: &CurrencyCode) -> String {
    metric.value.as_ref().map_or_else(|| "–".to_owned(), |value| in_words(value, metric.unit, currency))
}

fn in_words(value: &Decimal, unit: ReportUnit, currency: &CurrencyCode) -> String {
    let n = value.as_str().parse::<f64>().unwrap_or_default();
    match unit {
        ReportUnit::Count => format::number(n),
        ReportUnit::Percent => t!("reports-percent", "n" => n),
        ReportUnit::Money => format::money(&Money { amount: value.clone(), currency: currency.clone() }),
        ReportUnit::Hours => t!("reports-hours", "n" => n),
        ReportUnit::Days => t!("reports-days", "n" => n),
    }
}

/// The number behind a metric, for drawing.
pub fn height(metric: &ReportMetric) -> f64 {
    metric.value.as_ref().and_then(|value| value.as_str().parse().ok()).unwrap_or_default()
}

#[derive(PartialEq, Properties)]
pub struct RowsLinkProps {
    pub path: String,
    pub children: Html,
    #[prop_or_default]
    pub title: Option<AttrValue>,
}

/// A link to the rows behind a number.
#[component]
pub fn RowsLink(props: &RowsLinkProps) -> Html {
    let (open, path) = (use_open(), props.path.clone());
    let onclick = Callback::from(move |event: MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            open.emit(path.clone());
        }
    });
    html! { <a href={props.path.clone()} title={props.title.clone()} {onclick}>{ props.children.clone() }</a> }
}

#[derive(PartialEq, Properties)]
pub struct FigureProps {
    pub label: String,
    pub metric: ReportMetric,
    pub currency: CurrencyCode,
}

/// A figure with its name, and numerator and denominator as links of their own.
#[component]
pub fn Figure(props: &FigureProps) -> Html {
    let metric = &props.metric;
    let unit = if metric.unit == ReportUnit::Percent { ReportUnit::Count } else { metric.unit };
    let part = metric.numerator.as_ref().map(|n| in_words(n, unit, &props.currency));
    let whole = metric.denominator.as_ref().map(|n| in_words(n, ReportUnit::Count, &props.currency));
    let of = metric.denominator_rows.as_ref().unwrap_or(&metric.rows).path.clone();
    html! {
        <div class="e-figures__one">
            <dt>{ &props.label }</dt>
            <dd class="e-figures__value e-num"><RowsLink path={metric.rows.path.clone()} title={metric.formula.clone()}>{ value(metric, &props.currency) }</RowsLink></dd>
            if let Some(whole) = whole {
                <dd class="e-subtle e-small e-num">
                    if let Some(part) = part {
                        <RowsLink path={metric.rows.path.clone()}>{ part }</RowsLink>
                        { " ÷ " }
                    }
                    <RowsLink path={of}>{ whole }</RowsLink>
                </dd>
            }
        </div>
    }
}
