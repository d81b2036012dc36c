//! A filter of several values behind a button: checkboxes in a small panel, with a search box when there are many.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::{Icon, IconName, menu::use_outside_click};
use crate::t;

/// From this many options on a search box helps.
const SEARCH_FROM: usize = 9;

/// One value that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOption {
    pub value: String,
    pub label: String,
}

impl FilterOption {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

#[derive(PartialEq, Properties)]
pub struct FilterMenuProps {
    /// Unique on the screen.
    pub id: AttrValue,
    pub label: AttrValue,
    pub options: Vec<FilterOption>,
    pub chosen: Vec<String>,
    /// The value that was switched on or off.
    pub ontoggle: Callback<String>,
    /// Set when the options are only the first of many: asks for those that match the text.
    #[prop_or_default]
    pub onsearch: Option<Callback<String>>,
}

#[component]
pub fn FilterMenu(props: &FilterMenuProps) -> Html {
    let open = use_state_eq(|| false);
    let typed = use_state_eq(String::new);
    let (root, toggle) = (use_node_ref(), use_node_ref());
    use_outside_click(root.clone(), *open, {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    });
    {
        let root = root.clone();
        use_effect_with(*open, move |open| {
            if *open && let Some(first) = root.cast::<web_sys::Element>().and_then(|root| root.query_selector(".e-filter__panel input").ok()?) {
                use wasm_bindgen::JsCast;
                let _ = first.dyn_into::<HtmlElement>().map(|input| input.focus());
            }
        });
    }
    let onkeydown = {
        let (open, toggle) = (open.clone(), toggle.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                if let Some(button) = toggle.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
            }
        })
    };
    let oninput = {
        let (typed, onsearch) = (typed.setter(), props.onsearch.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            if let Some(onsearch) = &onsearch {
                onsearch.emit(text.clone());
            }
            typed.set(text);
        })
    };
    let needle = typed.trim().to_lowercase();
    let searched = props.onsearch.is_some() || props.options.len() >= SEARCH_FROM;
    let shown = props.options.iter().filter(|option| props.onsearch.is_some() || needle.is_empty() || option.label.to_lowercase().contains(&needle));
    let panel_id = format!("{}-panel", props.id);
    let count = props.chosen.len();
    html! {
        <div class="e-menu e-filter" ref={root} {onkeydown}>
            <button
                ref={toggle}
                type="button"
                id={props.id.clone()}
                class={classes!("e-filter__toggle", (count > 0).then_some("e-filter__toggle--on"))}
                aria-expanded={open.to_string()}
                aria-controls={open.then(|| panel_id.clone())}
                onclick={let open = open.clone(); Callback::from(move |_: MouseEvent| open.set(!*open))}
            >
                { &props.label }
                if count > 0 { <span class="e-count e-num">{ count }</span> }
                <Icon name={IconName::ChevronDown} />
            </button>
            if *open {
                <div class="e-menu__list e-filter__panel" id={panel_id} role="group" aria-label={props.label.clone()}>
                    if searched {
                        <span class="pf-v6-c-form-control">
                            <input
                                type="search"
                                autocomplete="off"
                                value={(*typed).clone()}
                                {oninput}
                                aria-label={t!("common-search-hint")}
                                placeholder={t!("common-search-hint")}
                            />
                        </span>
                    }
                    <ul class="e-filter__options">
                        { for shown.map(|option| {
                            let id = format!("{}-{}", props.id, option.value);
                            let (ontoggle, value) = (props.ontoggle.clone(), option.value.clone());
                            html! {
                                <li key={option.value.clone()}>
                                    <label class="e-filter__option" for={id.clone()}>
                                        <input
                                            {id}
                                            type="checkbox"
                                            checked={props.chosen.contains(&option.value)}
                                            onchange={Callback::from(move |_: Event| ontoggle.emit(value.clone()))}
                                        />
                                        <span>{ &option.label }</span>
                                    </label>
                                </li>
                            }
                        }) }
                    </ul>
                </div>
            }
        </div>
    }
}
