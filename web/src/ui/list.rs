//! What stands around lists: chips of the filters in force, and the way to more entries.

use yew::prelude::*;

use super::{Button, Icon, IconName};
use crate::{i18n::format, t};

/// One filter in force.
#[derive(Clone, PartialEq)]
pub struct FilterChip {
    pub label: String,
    pub onremove: Callback<()>,
}

#[derive(PartialEq, Properties)]
pub struct FilterChipsProps {
    pub chips: Vec<FilterChip>,
    pub onclear: Callback<()>,
}

#[component]
pub fn FilterChips(props: &FilterChipsProps) -> Html {
    if props.chips.is_empty() {
        return html! {};
    }
    html! {
        <ul class="e-chips" aria-label={t!("common-filters-active")}>
            { for props.chips.iter().map(|chip| html! {
                <li key={chip.label.clone()} class="e-chip">
                    { &chip.label }
                    <button
                        type="button"
                        aria-label={t!("common-remove-filter", "name" => chip.label.clone())}
                        onclick={chip.onremove.reform(|_: MouseEvent| ())}
                    >
                        <Icon name={IconName::Close} />
                    </button>
                </li>
            }) }
            <li>
                <button type="button" class="e-link-button e-small" onclick={props.onclear.reform(|_: MouseEvent| ())}>
                    { t!("common-clear-filters") }
                </button>
            </li>
        </ul>
    }
}

#[derive(PartialEq, Properties)]
pub struct LoadMoreProps {
    pub shown: usize,
    pub total: i32,
    pub has_more: bool,
    #[prop_or_default]
    pub busy: bool,
    pub onmore: Callback<()>,
}

/// How many are shown of how many, and a button for the next page.
#[component]
pub fn LoadMore(props: &LoadMoreProps) -> Html {
    html! {
        <div class="e-load-more">
            <span class="e-num">
                { t!("common-shown-of", "shown" => format::number(props.shown as f64), "total" => format::number(f64::from(props.total))) }
            </span>
            if props.has_more {
                <Button small=true busy={props.busy} onclick={props.onmore.reform(|_: MouseEvent| ())}>{ t!("common-load-more") }</Button>
            }
        </div>
    }
}
