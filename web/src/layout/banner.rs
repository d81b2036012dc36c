//! The state of the live connection: a small dot when all is well, a banner when it is not. Short breaks are not worth
//! a banner, so it waits a moment.

use entente_web_api::socket::ConnectionState;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    live::use_connection,
    notice::use_notifier,
    t,
    ui::{Icon, IconName},
};

/// A reconnect faster than this passes unseen.
const PATIENCE_MS: u32 = 1_500;

#[component]
pub fn ConnectionBanner() -> Html {
    let state = use_connection();
    let shown = use_state_eq(|| false);
    let notifier = use_notifier();
    {
        let shown = shown.clone();
        use_effect_with(state, move |state| {
            let broken = matches!(state, ConnectionState::Reconnecting | ConnectionState::Offline);
            let timer = if broken {
                let shown = shown.setter();
                Some(Timeout::new(PATIENCE_MS, move || shown.set(true)))
            } else {
                if *shown && *state == ConnectionState::Connected {
                    notifier.announce(t!("live-back"));
                }
                shown.set(false);
                None
            };
            move || drop(timer)
        });
    }
    if !*shown {
        return html! {};
    }
    let offline = state == ConnectionState::Offline;
    html! {
        <div class={classes!("e-banner", offline.then_some("e-banner--off"))} role="status">
            <Icon name={IconName::WifiOff} />
            { if offline { t!("live-offline") } else { t!("live-reconnecting") } }
        </div>
    }
}

/// Beside the person: whether the screens are live.
#[component]
pub fn LiveDot() -> Html {
    let (class, text) = match use_connection() {
        ConnectionState::Idle => return html! {},
        ConnectionState::Connected => ("e-live", t!("live-on")),
        ConnectionState::Connecting | ConnectionState::Reconnecting => ("e-live e-live--waiting", t!("live-waiting")),
        ConnectionState::Offline => ("e-live e-live--off", t!("live-off")),
    };
    html! { <span {class} data-testid="live-state"><span class="e-live__dot" aria-hidden="true" />{ text }</span> }
}
