//! Segments that switch between two or three ways to see the same.

use yew::prelude::*;

use super::{Icon, IconName};

/// One segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub key: AttrValue,
    pub label: AttrValue,
    pub icon: Option<IconName>,
}

impl Segment {
    pub fn new(key: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { key: key.into(), label: label.into(), icon: None }
    }

    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }
}

fn content(item: &Segment) -> Html {
    html! {
        <>
            if let Some(name) = item.icon { <Icon {name} /> }
            { " " }{ &item.label }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub struct SegmentsProps {
    pub label: AttrValue,
    pub items: Vec<Segment>,
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
