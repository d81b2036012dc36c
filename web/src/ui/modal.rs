//! Dialogs on the browser's own `dialog`: focus is kept inside, Escape closes, focus goes back where it was.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{IconButton, IconName};
use crate::t;

#[derive(PartialEq, Properties)]
pub struct ModalProps {
    pub title: AttrValue,
    /// Escape, the cross or a click beside the dialog.
    pub onclose: Callback<()>,
    pub children: Html,
    /// Buttons; the one that does it comes last.
    #[prop_or_default]
    pub footer: Html,
    #[prop_or_default]
    pub wide: bool,
}

/// Open as long as it is drawn: `if *open { <Modal .../> }`.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let class = classes!("e-modal", props.wide.then_some("e-modal--wide"));
    dialog(&use_dialog(&props.onclose), class, &props.title, &props.onclose, &props.children, &props.footer)
}

#[derive(PartialEq, Properties)]
pub struct DrawerProps {
    pub title: AttrValue,
    pub onclose: Callback<()>,
    pub children: Html,
    #[prop_or_default]
    pub footer: Html,
}

/// The same at the edge of the screen, for details and filters.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    dialog(&use_dialog(&props.onclose), classes!("e-drawer"), &props.title, &props.onclose, &props.children, &props.footer)
}

struct Dialog {
    node: NodeRef,
    title_id: String,
    oncancel: Callback<Event>,
    onclick: Callback<MouseEvent>,
}

#[hook]
fn use_dialog(onclose: &Callback<()>) -> Dialog {
    let node = use_node_ref();
    let title_id = use_memo((), |()| format!("dialog-{}", (js_sys::Math::random() * 1e9) as u32));
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let element = node.cast::<HtmlDialogElement>();
            let before = web_sys::window()
                .and_then(|window| window.document())
                .and_then(|document| document.active_element())
                .and_then(|active| active.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(element) = &element {
                let _ = element.show_modal();
            }
            move || {
                if let Some(element) = element {
                    element.close();
                }
                // The dialog leaves the page together with its component, before the browser hands focus back.
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    let oncancel = onclose.reform(|event: Event| event.prevent_default());
    let onclick = {
        let (node, onclose) = (node.clone(), onclose.clone());
        Callback::from(move |event: MouseEvent| {
            // A click on the backdrop has the dialog itself as its target.
            let on_backdrop = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok()) == node.get();
            let inside = node.cast::<web_sys::Element>().is_some_and(|element| {
                let area = element.get_bounding_client_rect();
                let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
                (area.left()..=area.right()).contains(&x) && (area.top()..=area.bottom()).contains(&y)
            });
            if on_backdrop && !inside {
                onclose.emit(());
            }
        })
    };
    Dialog { node, title_id: (*title_id).clone(), oncancel, onclick }
}

fn dialog(dialog: &Dialog, class: Classes, title: &str, onclose: &Callback<()>, children: &Html, footer: &Html) -> Html {
    html! {
        <dialog
            ref={dialog.node.clone()}
            {class}
            aria-labelledby={dialog.title_id.clone()}
            oncancel={dialog.oncancel.clone()}
            onclick={dialog.onclick.clone()}
        >
            <div class="e-modal__head">
                <h2 id={dialog.title_id.clone()}>{ title }</h2>
                <IconButton name={IconName::Close} label={t!("common-close")} onclick={onclose.reform(|_: MouseEvent| ())} />
            </div>
            <div class="e-modal__body">{ children.clone() }</div>
            if *footer != Html::default() {
                <div class="e-modal__foot">{ footer.clone() }</div>
            }
        </dialog>
    }
}
