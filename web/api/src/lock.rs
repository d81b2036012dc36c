//! One thing at a time across all tabs of this browser, through the Web Locks API. Where the browser has none
//! (plain HTTP on another host), the work simply runs.

use std::{cell::RefCell, future::Future, rc::Rc};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Runs `work` while holding the lock `name`.
pub(crate) async fn exclusively<T: 'static>(name: &str, work: impl Future<Output = T> + 'static) -> T {
    let Some((locks, request)) = lock_manager() else { return work.await };
    let slot: Rc<RefCell<Option<T>>> = Rc::default();
    let work: Rc<RefCell<Option<_>>> = Rc::new(RefCell::new(Some(Box::pin(work))));
    let held = {
        let (slot, work) = (slot.clone(), work.clone());
        Closure::once(move |_lock: JsValue| -> Promise {
            let work = work.borrow_mut().take();
            future_to_promise(async move {
                if let Some(work) = work {
                    let result = work.await;
                    *slot.borrow_mut() = Some(result);
                }
                Ok(JsValue::UNDEFINED)
            })
        })
    };
    let promise = request.call2(&locks, &JsValue::from_str(name), held.as_ref().unchecked_ref());
    if let Ok(promise) = promise.and_then(JsCast::dyn_into::<Promise>) {
        let _ = JsFuture::from(promise).await;
    }
    let done = slot.borrow_mut().take();
    if let Some(result) = done {
        return result;
    }
    // The lock was refused before the work began: run it without.
    let rest = work.borrow_mut().take();
    match rest {
        Some(work) => work.await,
        None => std::future::pending().await,
    }
}

fn lock_manager() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?;
    Some((locks, request.dyn_into().ok()?))
}
