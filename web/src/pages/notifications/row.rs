//! One notification in the list: a link to what it is about, which marks it as read, and a button that turns that round.

use entente_web_api::notification::Notification;
use yew::prelude::*;

use super::words;
use crate::{
    i18n::format,
    t,
    ui::{Icon, IconButton, IconName, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct RowProps {
    pub notification: Notification,
    /// The notification, and whether it is read from now on.
    pub onmark: Callback<(Notification, bool)>,
}

#[component]
pub fn Row(props: &RowProps) -> Html {
    let n = &props.notification;
    let unread = n.read_at.is_none();
    let open = {
        let (n, onmark) = (n.clone(), props.onmark.clone());
        Callback::from(move |event: MouseEvent| {
            if n.read_at.is_none() {
                onmark.emit((n.clone(), true));
            }
            // With a modifier key the browser does what it always does.
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                return;
            }
            event.prevent_default();
            yew_router::history::History::push(&yew_router::history::BrowserHistory::new(), n.path.clone());
        })
    };
    let toggle = {
        let (n, onmark) = (n.clone(), props.onmark.clone());
        Callback::from(move |_: MouseEvent| onmark.emit((n.clone(), n.read_at.is_none())))
    };
    let label =
        if unread { t!("notification-mark-read", "title" => n.title.clone()) } else { t!("notification-mark-unread", "title" => n.title.clone()) };
    html! {
        <li class={classes!("e-inbox__row", unread.then_some("e-inbox__row--unread"))}>
            <span class="e-inbox__icon"><Icon name={words::icon(&n.kind)} /></span>
            <div class="e-inbox__text">
                <a href={n.path.clone()} onclick={open} class="e-inbox__link">
                    if unread { <span class="e-visually-hidden">{ t!("notification-unread-mark") }{ " " }</span> }
                    { words::sentence(n) }
                </a>
                <div class="e-inbox__about">
                    <span class="e-strong">{ &n.title }</span>
                    <span class="e-subtle">{ &n.number }</span>
                    if let Some(customer) = &n.customer_name { <span class="e-subtle">{ customer }</span> }
                    <span class="e-subtle e-nowrap">{ format::relative(&n.occurred_at) }</span>
                </div>
                if let Some(text) = &n.text {
                    <p class="e-inbox__said">{ text }</p>
                }
                if n.owed {
                    <div class="e-row">
                        <Tag tone={Tone::Warm} dot=true>{ t!("notification-owed") }</Tag>
                        if let Some(due) = &n.due_at { <span class="e-subtle e-nowrap">{ t!("notification-due", "when" => format::relative(due)) }</span> }
                    </div>
                }
            </div>
            <IconButton name={if unread { IconName::Check } else { IconName::Undo }} {label} onclick={toggle} />
        </li>
    }
}
