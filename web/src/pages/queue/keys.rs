//! The keys of the queue: heard on the whole screen, except where somebody types or something else needs them.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Puts the focus on the row of a deal.
pub fn focus_row(id: &str) {
    let row = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.get_element_by_id(&format!("queue-{id}")))
        .and_then(|row| row.dyn_into::<HtmlElement>().ok());
    if let Some(row) = row {
        let _ = row.focus();
    }
}

/// Keys of the whole screen, except while somebody types or a dialog, a menu or a button has the focus and needs the
/// key itself. `handle` says whether it took the key.
#[hook]
pub fn use_keys(handle: impl Fn(&str) -> bool + 'static) {
    type Handler = std::rc::Rc<dyn Fn(&str) -> bool>;
    let newest = use_mut_ref(|| -> Handler { std::rc::Rc::new(|_: &str| false) });
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
                let needs_enter = event.key() == "Enter" && own("a, button");
                if own("input, textarea, select, dialog, [role=menu]") || needs_enter {
                    return;
                }
                let handler = newest.borrow().clone();
                if handler(&event.key()) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}
