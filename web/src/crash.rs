//! When the app itself breaks: an alert that is seen and spoken, with a way out, written without the app's help.

use wasm_bindgen::{JsCast, closure::Closure};

use crate::t;

/// From now on a panic shows the alert, beside the browser's console.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        show();
    }));
}

/// Nothing can be done where even this fails, so every step may simply stop.
fn show() -> Option<()> {
    let document = web_sys::window()?.document()?;
    if document.query_selector(".e-crash").ok()?.is_some() {
        return None;
    }
    let alert = document.create_element("div").ok()?;
    alert.set_class_name("e-crash");
    alert.set_attribute("role", "alert").ok()?;
    let text = document.create_element("p").ok()?;
    text.set_text_content(Some(&t!("error-crash")));
    let button = document.create_element("button").ok()?;
    button.set_text_content(Some(&t!("error-crash-reload")));
    let reload = Closure::<dyn Fn()>::new(|| {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    });
    button.add_event_listener_with_callback("click", reload.as_ref().unchecked_ref()).ok()?;
    // The page is about to be left; the listener has to outlive this call.
    reload.forget();
    alert.append_child(&text).ok()?;
    alert.append_child(&button).ok()?;
    document.body()?.append_child(&alert).ok()?;
    button.dyn_ref::<web_sys::HtmlElement>()?.focus().ok()
}
