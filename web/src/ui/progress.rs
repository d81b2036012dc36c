//! How far something is.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct ProgressProps {
    /// What advances.
    pub label: AttrValue,
    pub done: f64,
    /// Zero while it is not known yet.
    pub total: f64,
    /// Said instead of the share, as `120 of 8,800 rows`.
    pub text: AttrValue,
}

#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    let share = (props.total > 0.0).then(|| (props.done / props.total * 100.0).clamp(0.0, 100.0));
    html! {
        <div class="e-progress">
            <div class="e-row e-row--between e-small">
                <span class="e-strong">{ &props.label }</span>
                <span class="e-num e-subtle">{ &props.text }</span>
            </div>
            <div
                class={classes!("e-progress__track", share.is_none().then_some("e-progress__track--unknown"))}
                role="progressbar"
                aria-label={props.label.clone()}
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow={share.map(|share| format!("{share:.0}"))}
                aria-valuetext={props.text.clone()}
            >
                <span class="e-progress__bar" style={share.map(|share| format!("width:{share:.1}%"))} />
            </div>
        </div>
    }
}
