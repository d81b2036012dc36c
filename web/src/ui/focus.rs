//! After a form was refused: to the first field that is wrong, so that it is seen, and read out with its error.

use entente_web_api::FieldError;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Moves the focus into the form with this id whenever it has been sent and came back with other errors. What is
/// corrected field by field afterwards only takes errors away and moves nothing.
#[hook]
pub fn use_focus_on_errors(form: &'static str, errors: &[FieldError]) {
    let before = use_mut_ref(Vec::<FieldError>::new);
    use_effect_with(errors.to_vec(), move |errors| {
        let known = before.replace(errors.clone());
        if errors.iter().any(|error| !known.contains(error)) {
            let page = web_sys::window().and_then(|window| window.document());
            let wrong = page.and_then(|page| page.query_selector(&format!("#{form} [aria-invalid=true]")).ok().flatten());
            if let Some(field) = wrong.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        }
    });
}
