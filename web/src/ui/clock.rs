//! A deadline that counts down under one's eyes, and says how urgent it is by colour and icon.

use entente_web_api::DateTime;
use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::{Icon, IconName};
use crate::i18n::format;

const SOON_MS: f64 = 24.0 * 3_600_000.0;

#[derive(PartialEq, Properties)]
pub struct ClockProps {
    pub at: DateTime,
    /// From how many milliseconds before the moment it counts as soon; a day when left out.
    #[prop_or(SOON_MS)]
    pub soon_ms: f64,
}

#[component]
pub fn Clock(props: &ClockProps) -> Html {
    let render = use_force_update();
    use_effect_with((), move |()| {
        let tick = Interval::new(30_000, move || render.force_update());
        move || drop(tick)
    });
    let left = format::ms_until(&props.at).unwrap_or(f64::INFINITY);
    let (class, icon) = match left {
        left if left < 0.0 => ("e-clock e-clock--over", IconName::AlertCircle),
        left if left < props.soon_ms => ("e-clock e-clock--soon", IconName::Clock),
        _ => ("e-clock", IconName::Clock),
    };
    html! {
        <time {class} datetime={props.at.to_string()} title={format::date_time(&props.at)}>
            <Icon name={icon} />
            { format::relative(&props.at) }
        </time>
    }
}
