//! Whether anybody looks at this tab and whether there is a network, as the browser tells it.

use gloo_events::EventListener;

/// Something that bears on whether a connection is wanted, or still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The tab is looked at again, or the page came back from where the browser kept it.
    Shown,
    /// The tab is behind others.
    Hidden,
    /// The page is left; the browser may keep it as it is and bring it back.
    Leaving,
    /// There is a network again.
    Online,
    /// There is none.
    Offline,
}

/// Calls back at every sign, as long as the listeners live.
pub(crate) fn watch(tell: impl Fn(Sign) + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on_window = |name: &'static str, sign: Sign| {
        let tell = tell.clone();
        EventListener::new(&window, name, move |_| tell(sign))
    };
    let mut listeners = vec![
        on_window("online", Sign::Online),
        on_window("offline", Sign::Offline),
        on_window("focus", Sign::Shown),
        on_window("pageshow", Sign::Shown),
        on_window("pagehide", Sign::Leaving),
    ];
    if let Some(document) = window.document() {
        let visible = tell.clone();
        listeners.push(EventListener::new(&document, "visibilitychange", move |_| visible(if is_hidden() { Sign::Hidden } else { Sign::Shown })));
        // A tab that the browser froze to save power.
        listeners.push(EventListener::new(&document, "resume", move |_| tell(Sign::Shown)));
    }
    listeners
}

/// Whether the tab is behind others.
pub(crate) fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Whether the browser believes that there is a network.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}
