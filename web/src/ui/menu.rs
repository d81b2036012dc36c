//! A button that opens a short list of actions; arrow keys move, Escape and a click elsewhere close.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{Icon, IconName};

/// One action of a menu.
#[derive(Clone, PartialEq)]
pub struct MenuEntry {
    pub icon: Option<IconName>,
    pub label: AttrValue,
    pub onselect: Callback<()>,
    pub danger: bool,
    /// Set for entries that are one of several choices.
    pub checked: Option<bool>,
    /// Begins a group: a line above.
    pub first: bool,
}

impl MenuEntry {
    pub fn new(label: impl Into<AttrValue>, onselect: Callback<()>) -> Self {
        Self { icon: None, label: label.into(), onselect, danger: false, checked: None, first: false }
    }

    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    pub fn first(mut self) -> Self {
        self.first = true;
        self
    }

    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }
}

#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// What the button looks like.
    pub toggle: Html,
    /// What the button is called, when its look does not say.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    pub entries: Vec<MenuEntry>,
    /// A line above the entries.
    #[prop_or_default]
    pub note: Option<AttrValue>,
    #[prop_or(classes!("e-icon-button"))]
    pub toggle_class: Classes,
    /// Opens upwards and as wide as the button.
    #[prop_or_default]
    pub up: bool,
}

#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let root = use_node_ref();
    let toggle = use_node_ref();
    use_outside_click(root.clone(), *open, {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    });
    {
        let root = root.clone();
        use_effect_with(*open, move |open| {
            if *open {
                focus_item(&root, 0);
            }
        });
    }
    let close = {
        let (open, toggle) = (open.clone(), toggle.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = toggle.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (root, close, count) = (root.clone(), close.clone(), props.entries.len());
        Callback::from(move |event: KeyboardEvent| {
            let now = focused_item(&root);
            let next = match event.key().as_str() {
                "Escape" => {
                    event.stop_propagation();
                    return close.emit(());
                }
                "ArrowDown" => now.map_or(0, |index| (index + 1) % count.max(1)),
                "ArrowUp" => now.map_or(0, |index| (index + count - 1) % count.max(1)),
                "Home" => 0,
                "End" => count.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            focus_item(&root, next);
        })
    };
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <div class={classes!("e-menu", props.up.then_some("e-menu--up"))} ref={root}>
            <button
                ref={toggle}
                type="button"
                class={props.toggle_class.clone()}
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                aria-label={props.label.clone()}
                {onclick}
            >
                { props.toggle.clone() }
            </button>
            if *open {
                <div class="e-menu__list" role="menu" aria-label={props.label.clone()} {onkeydown}>
                    if let Some(note) = &props.note {
                        <div class="e-menu__note" role="presentation">{ note }</div>
                    }
                    { for props.entries.iter().map(|entry| item(entry, &close)) }
                </div>
            }
        </div>
    }
}

fn item(entry: &MenuEntry, close: &Callback<()>) -> Html {
    let onclick = {
        let (onselect, close) = (entry.onselect.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            onselect.emit(());
        })
    };
    html! {
        <button
            key={entry.label.to_string()}
            type="button"
            role={if entry.checked.is_some() { "menuitemradio" } else { "menuitem" }}
            aria-checked={entry.checked.map(|checked| checked.to_string())}
            tabindex="-1"
            class={classes!("e-menu__item", entry.danger.then_some("e-menu__item--danger"), entry.first.then_some("e-menu__item--first"))}
            {onclick}
        >
            if let Some(name) = entry.icon { <Icon {name} /> }
            <span>{ &entry.label }</span>
            if entry.checked == Some(true) { <Icon name={IconName::Check} class="e-menu__check" /> }
        </button>
    }
}

fn items(root: &NodeRef) -> Vec<HtmlElement> {
    let found = root.cast::<web_sys::Element>().and_then(|root| root.query_selector_all("[role^=menuitem]").ok());
    found.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<HtmlElement>().ok()).collect())
}

fn focus_item(root: &NodeRef, index: usize) {
    if let Some(item) = items(root).get(index) {
        let _ = item.focus();
    }
}

fn focused_item(root: &NodeRef) -> Option<usize> {
    let active = web_sys::window()?.document()?.active_element()?;
    items(root).iter().position(|item| **item == active)
}

/// Calls back at a press outside of `root` while `active`.
#[hook]
pub(super) fn use_outside_click(root: NodeRef, active: bool, onclick: Callback<()>) {
    use_effect_with(active, move |active| {
        let listener = active.then(|| web_sys::window()?.document()).flatten().map(|document| {
            EventListener::new(&document, "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
                let inside = root.get().is_some_and(|root| root.contains(target.as_ref()));
                if !inside {
                    onclick.emit(());
                }
            })
        });
        move || drop(listener)
    });
}
