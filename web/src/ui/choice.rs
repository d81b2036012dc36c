//! Controls that choose: select, checkbox, switch.

use patternfly_yew::prelude::Switch;
use yew::prelude::*;

use super::{
    Icon, IconName,
    field::{Field, control_class, described_by},
};

/// One entry of a select.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub value: AttrValue,
    pub label: AttrValue,
}

impl Choice {
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

#[derive(PartialEq, Properties)]
pub struct SelectProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    pub value: AttrValue,
    pub onchange: Callback<String>,
    /// An entry without a value, first.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// Without a visible label, as in a toolbar.
    #[prop_or_default]
    pub bare: bool,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

/// The browser's own select: right on a phone, by keyboard and for a screen reader without our help.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| event.target_unchecked_into::<web_sys::HtmlSelectElement>().value());
    let control = html! {
        <span class={classes!(control_class(props.error.is_some(), false), "e-select")}>
            <select
                id={props.id.clone()}
                name={props.id.clone()}
                {onchange}
                aria-label={props.bare.then(|| props.label.clone())}
                aria-required={props.required.then_some("true")}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
            >
                if let Some(placeholder) = &props.placeholder {
                    <option value="" selected={props.value.is_empty()}>{ placeholder }</option>
                }
                { for props.choices.iter().map(|choice| html! {
                    <option key={choice.value.to_string()} value={choice.value.clone()} selected={choice.value == props.value}>
                        { &choice.label }
                    </option>
                }) }
            </select>
            <Icon name={IconName::ChevronDown} />
        </span>
    };
    if props.bare {
        return control;
    }
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            { control }
        </Field>
    }
}

#[derive(PartialEq, Properties)]
pub struct CheckFieldProps {
    pub id: AttrValue,
    pub label: Html,
    pub checked: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub disabled: bool,
}

#[component]
pub fn CheckField(props: &CheckFieldProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| event.target_unchecked_into::<web_sys::HtmlInputElement>().checked());
    html! {
        <div class="pf-v6-c-check">
            <input
                class="pf-v6-c-check__input"
                type="checkbox"
                id={props.id.clone()}
                checked={props.checked}
                disabled={props.disabled}
                {onchange}
            />
            <label class="pf-v6-c-check__label" for={props.id.clone()}>{ props.label.clone() }</label>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct SwitchFieldProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub checked: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub disabled: bool,
}

/// On or off, at once.
#[component]
pub fn SwitchField(props: &SwitchFieldProps) -> Html {
    html! {
        <Switch
            id={props.id.to_string()}
            label={props.label.to_string()}
            aria_label={props.label.to_string()}
            checked={props.checked}
            disabled={props.disabled}
            onchange={props.onchange.clone()}
        />
    }
}
