//! A link to a deal that lists can give an id, a place in the tab order and a mark for their keys.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::routes::Routes;

#[derive(PartialEq, Properties)]
pub struct DealLinkProps {
    /// The deal's id.
    pub deal: AttrValue,
    pub children: Html,
    #[prop_or_default]
    pub class: Classes,
    /// Id of the element, for moving the focus to it.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Reached by the list's own keys and not with Tab.
    #[prop_or_default]
    pub skipped: bool,
    /// Keys that work while it has the focus, for screen readers.
    #[prop_or_default]
    pub keys: Option<AttrValue>,
}

#[component]
pub fn DealLink(props: &DealLinkProps) -> Html {
    let path = Routes::Deal { id: props.deal.to_string() }.to_path();
    let onclick = {
        let path = path.clone();
        Callback::from(move |event: MouseEvent| {
            // With a modifier key the browser does what it always does.
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                return;
            }
            event.prevent_default();
            yew_router::history::History::push(&yew_router::history::BrowserHistory::new(), path.clone());
        })
    };
    html! {
        <a
            id={props.id.clone()}
            class={props.class.clone()}
            href={path}
            draggable="false"
            data-card="true"
            tabindex={if props.skipped { "-1" } else { "0" }}
            aria-keyshortcuts={props.keys.clone()}
            {onclick}
        >
            { props.children.clone() }
        </a>
    }
}
