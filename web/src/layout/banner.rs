//! The state of the live connection: a small dot when all is well, a banner when it is not and when it is again. Short
//! breaks are not worth a banner, so it waits a moment.

use entente_web_api::socket::ConnectionState;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    live::use_connection,
    t,
    ui::{Icon, IconName},
};

/// A break that is mended faster than this passes unseen.
const PATIENCE_MS: u32 = 2_000;
/// What was missed comes at once after the connection; only then is the screen said to be up to date.
const SETTLE_MS: u32 = 700;
/// How long the good news stays.
const GOOD_NEWS_MS: u32 = 5_000;

#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Broken,
    Back,
}

#[component]
pub fn ConnectionBanner() -> Html {
    let state = use_connection();
    let shown = use_state_eq(|| Shown::Nothing);
    {
        let now = *shown;
        let shown = shown.setter();
        use_effect_with((state, now), move |(state, now)| {
            let broken = matches!(state, ConnectionState::Reconnecting | ConnectionState::Offline);
            let next = match (now, state) {
                (Shown::Nothing | Shown::Back, _) if broken => Some((PATIENCE_MS, Shown::Broken)),
                (Shown::Broken, ConnectionState::Connected) => Some((SETTLE_MS, Shown::Back)),
                (Shown::Back, ConnectionState::Connected) => Some((GOOD_NEWS_MS, Shown::Nothing)),
                (Shown::Broken | Shown::Back, ConnectionState::Idle | ConnectionState::Resting) => Some((0, Shown::Nothing)),
                _ => None,
            };
            let timer = next.map(|(after, next)| Timeout::new(after, move || shown.set(next)));
            move || drop(timer)
        });
    }
    let (class, icon, text) = match (*shown, state) {
        (Shown::Nothing, _) => ("", None, String::new()),
        (Shown::Back, _) => ("e-banner e-banner--back", Some(IconName::CheckCircle), t!("live-back")),
        (Shown::Broken, ConnectionState::Offline) => ("e-banner e-banner--off", Some(IconName::WifiOff), t!("live-offline")),
        (Shown::Broken, _) => ("e-banner", Some(IconName::WifiOff), t!("live-reconnecting")),
    };
    // Always there: a screen reader speaks what changes inside a region that it knows.
    html! {
        <div {class} role="status" aria-live="polite" data-testid="live-banner">
            if let Some(name) = icon {
                <Icon {name} />
                { text }
            }
        </div>
    }
}

/// Beside the person: whether the screens are live.
#[component]
pub fn LiveDot() -> Html {
    let (class, text) = match use_connection() {
        ConnectionState::Idle => return html! {},
        ConnectionState::Connected => ("e-live", t!("live-on")),
        ConnectionState::Connecting | ConnectionState::Reconnecting | ConnectionState::Resting => ("e-live e-live--waiting", t!("live-waiting")),
        ConnectionState::Offline => ("e-live e-live--off", t!("live-off")),
    };
    html! { <span {class} data-testid="live-state"><span class="e-live__dot" aria-hidden="true" />{ text }</span> }
}
