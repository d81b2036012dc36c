//! The keys of the queue: heard on the whole screen, except where somebody types or something else needs them.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Puts the focus on the row of a deal.
pub fn focus_row(id: &str) {
    focus(&format!("queue-{id}"));
}

/// The row after that place, or the one before where it is the last.
pub fn beside<N>(rows: &[N], at: usize) -> Option<&N> {
    rows.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| rows.get(before)))
}

/// Puts the focus on the row of a deal once the screen is drawn without the one before.
pub fn focus_row_soon(id: Option<String>) {
    if let Some(id) = id {
        Timeout::new(80, move || focus_row(&id)).forget();
    }
}

/// Puts the focus on the element of that id.
pub fn focus(id: &str) {
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Keys of the whole screen, except while somebody types or a dialog, a menu or a button has the focus and needs the
/// key itself. `handle` is told the key and whether shift is held, and says whether it took it.
#[hook]
pub fn use_keys(handle: impl Fn(&str, bool) -> bool + 'static) {
    type Handler = std::rc::Rc<dyn Fn(&str, bool) -> bool>;
    let newest = use_mut_ref(|| -> Handler { std::rc::Rc::new(|_: &str, _: bool| false) });
    *newest.borrow_mut() = std::rc::Rc::new(handle);
    use_effect_with((), move |()| {
        let listener = web_sys::window().and_then(|window| window.document()).map(|page| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&page, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
                    return;
                }
                let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                let own = |selector: &str| target.as_ref().is_some_and(|element| element.closest(selector).ok().flatten().is_some());
                let key = event.key();
                // Out of the search with Escape, back to the rows.
                if key == "Escape" && own("#queue-search") {
                    if let Some(field) = target.as_ref().and_then(|field| field.dyn_ref::<HtmlElement>()) {
                        let _ = field.blur();
                    }
                    event.prevent_default();
                    return;
                }
                let needs_enter = key == "Enter" && own("a, button");
                if own("input:not([type=checkbox]), textarea, select, dialog, [role=menu], .e-filter__panel") || needs_enter {
                    return;
                }
                let handler = newest.borrow().clone();
                if handler(&key, event.shift_key()) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}
