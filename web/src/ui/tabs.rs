//! Tabs with arrow keys, and segments that switch a view.

use yew::prelude::*;

use super::{Icon, IconName};

/// One tab or segment.
#[derive(Clone, Debug, PartialEq)]
pub struct TabItem {
    pub key: AttrValue,
    pub label: AttrValue,
    pub icon: Option<IconName>,
    pub count: Option<i64>,
}

impl TabItem {
    pub fn new(key: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { key: key.into(), label: label.into(), icon: None, count: None }
    }

    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    pub fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

#[derive(PartialEq, Properties)]
pub struct TabsProps {
    pub label: AttrValue,
    pub items: Vec<TabItem>,
    pub active: AttrValue,
    pub onselect: Callback<AttrValue>,
    /// The active panel.
    pub children: Html,
}

#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let keys: Vec<AttrValue> = props.items.iter().map(|item| item.key.clone()).collect();
        let (active, onselect, list) = (props.active.clone(), props.onselect.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(now) = keys.iter().position(|key| *key == active) else { return };
            let next = match event.key().as_str() {
                "ArrowRight" => (now + 1) % keys.len(),
                "ArrowLeft" => (now + keys.len() - 1) % keys.len(),
                "Home" => 0,
                "End" => keys.len() - 1,
                _ => return,
            };
            event.prevent_default();
            onselect.emit(keys[next].clone());
            focus_child(&list, next);
        })
    };
    html! {
        <>
            <div class="e-tabs" role="tablist" aria-label={props.label.clone()} ref={list} {onkeydown}>
                { for props.items.iter().map(|item| {
                    let selected = item.key == props.active;
                    let onclick = {
                        let (key, onselect) = (item.key.clone(), props.onselect.clone());
                        Callback::from(move |_: MouseEvent| onselect.emit(key.clone()))
                    };
                    html! {
                        <button
                            key={item.key.to_string()}
                            type="button"
                            role="tab"
                            id={format!("tab-{}", item.key)}
                            aria-selected={selected.to_string()}
                            aria-controls={selected.then(|| format!("panel-{}", item.key))}
                            tabindex={if selected { "0" } else { "-1" }}
                            {onclick}
                        >
                            { content(item) }
                        </button>
                    }
                }) }
            </div>
            <div role="tabpanel" id={format!("panel-{}", props.active)} aria-labelledby={format!("tab-{}", props.active)}>
                { props.children.clone() }
            </div>
        </>
    }
}

fn content(item: &TabItem) -> Html {
    html! {
        <>
            if let Some(name) = item.icon { <Icon {name} /> }
            { " " }{ &item.label }
            if let Some(n) = item.count { { " " }<super::Count {n} /> }
        </>
    }
}

fn focus_child(list: &NodeRef, index: usize) {
    let Some(element) = list.cast::<web_sys::Element>() else { return };
    if let Ok(tabs) = element.query_selector_all("[role=tab]")
        && let Some(tab) = tabs.item(index as u32)
    {
        use wasm_bindgen::JsCast;
        if let Some(tab) = tab.dyn_ref::<web_sys::HtmlElement>() {
            let _ = tab.focus();
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct SegmentsProps {
    pub label: AttrValue,
    pub items: Vec<TabItem>,
    pub active: AttrValue,
    pub onselect: Callback<AttrValue>,
}

/// Two or three ways to see the same, as board or table.
#[component]
pub fn Segments(props: &SegmentsProps) -> Html {
    html! {
        <div class="e-segments" role="group" aria-label={props.label.clone()}>
            { for props.items.iter().map(|item| {
                let (key, onselect) = (item.key.clone(), props.onselect.clone());
                html! {
                    <button
                        key={item.key.to_string()}
                        type="button"
                        aria-pressed={(item.key == props.active).to_string()}
                        onclick={Callback::from(move |_: MouseEvent| onselect.emit(key.clone()))}
                    >
                        { content(item) }
                    </button>
                }
            }) }
        </div>
    }
}
