//! Charts in plain SVG: columns, stacked where a part is given, each one a link to the rows behind it. The table beside a chart
//! says the same in words, so the drawing itself is passed over by screen readers but for its links.

use yew::prelude::*;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Under the column.
    pub label: String,
    /// Its height.
    pub value: f64,
    /// The part of it that is drawn in the stronger colour, from below.
    pub part: Option<f64>,
    /// What it says, in words: for the link.
    pub text: String,
    /// Where its rows are.
    pub href: String,
}

#[derive(PartialEq, Properties)]
pub struct BarChartProps {
    /// What the chart shows.
    pub label: AttrValue,
    pub bars: Vec<Bar>,
    /// The greatest value, as written at the axis.
    pub top: AttrValue,
    /// An address of the app was chosen.
    pub onopen: Callback<String>,
}

const HEIGHT: f64 = 180.0;
const STEP: f64 = 56.0;
const LEFT: f64 = 8.0;
const HEAD: f64 = 20.0;
const FOOT: f64 = 24.0;

/// Most letters under a column; the whole name stands in its link.
const LABEL_MAX: usize = 9;

fn short(label: &str) -> String {
    if label.chars().count() <= LABEL_MAX { label.to_owned() } else { label.chars().take(LABEL_MAX - 1).chain(['…']).collect() }
}

/// Columns on one axis. Wider than the screen it scrolls sideways.
#[component]
pub fn BarChart(props: &BarChartProps) -> Html {
    let top = props.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let count = u32::try_from(props.bars.len()).unwrap_or(u32::MAX);
    // Never so narrow that the greatest value at the axis has no room.
    let width = LEFT * 2.0 + STEP * f64::from(count.max(3));
    let base = HEAD + HEIGHT;
    let scale = |value: f64| if top > 0.0 { value / top * HEIGHT } else { 0.0 };
    let bar = |(n, bar): (u32, &Bar)| {
        let x = LEFT + STEP * f64::from(n);
        let (tall, part) = (scale(bar.value), scale(bar.part.unwrap_or(bar.value)));
        let (href, onopen) = (bar.href.clone(), props.onopen.clone());
        let onclick = Callback::from(move |event: MouseEvent| {
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                onopen.emit(href.clone());
            }
        });
        html! {
            <a key={n} class="e-chart__bar" href={bar.href.clone()} aria-label={bar.text.clone()} {onclick}>
                <title>{ &bar.text }</title>
                <rect class="e-chart__hit" x={x.to_string()} y={HEAD.to_string()} width={STEP.to_string()} height={(HEIGHT + FOOT).to_string()} />
                <rect class="e-chart__whole" x={(x + 8.0).to_string()} y={(base - tall).to_string()} width={(STEP - 16.0).to_string()} height={tall.to_string()} />
                <rect class="e-chart__part" x={(x + 8.0).to_string()} y={(base - part).to_string()} width={(STEP - 16.0).to_string()} height={part.to_string()} />
                <text class="e-chart__text" x={(x + STEP / 2.0).to_string()} y={(base + 16.0).to_string()} text-anchor="middle">{ short(&bar.label) }</text>
            </a>
        }
    };
    html! {
        <div class="e-chart" role="group" aria-label={props.label.clone()}>
            <svg viewBox={format!("0 0 {width} {}", base + FOOT)} width={width.to_string()} height={(base + FOOT).to_string()}>
                <text class="e-chart__text" x={LEFT.to_string()} y="12">{ &props.top }</text>
                <line class="e-chart__line" x1={LEFT.to_string()} x2={(width - LEFT).to_string()} y1={HEAD.to_string()} y2={HEAD.to_string()} />
                <line class="e-chart__line" x1={LEFT.to_string()} x2={(width - LEFT).to_string()} y1={base.to_string()} y2={base.to_string()} />
                { for (0..count).zip(&props.bars).map(bar) }
            </svg>
        </div>
    }
}
