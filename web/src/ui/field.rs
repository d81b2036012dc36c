//! Form fields with label, hint and error, the error tied to the control by `aria-describedby`.

use yew::prelude::*;

use super::{Icon, IconName};
use crate::t;

#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// Id of the control inside.
    pub id: AttrValue,
    pub label: AttrValue,
    pub children: Html,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

/// Label, control, hint and error of any control whose `aria-describedby` is [`described_by`].
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class="e-field">
            <label class="e-field__label" for={props.id.clone()}>
                { &props.label }
                if props.required {
                    <span class="e-field__required" aria-hidden="true">{ "*" }</span>
                }
            </label>
            { props.children.clone() }
            if let Some(hint) = &props.hint {
                <div class="e-field__hint" id={format!("{}-hint", props.id)}>{ hint }</div>
            }
            <div class="e-field__error" id={format!("{}-error", props.id)} hidden={props.error.is_none()}>
                if let Some(error) = &props.error {
                    <Icon name={IconName::AlertCircle} />
                    <span>{ error }</span>
                }
            </div>
        </div>
    }
}

/// Ids of hint and error of a control, for its `aria-describedby`.
pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let ids: Vec<String> = [(hint, "hint"), (error, "error")].into_iter().filter(|(on, _)| *on).map(|(_, part)| format!("{id}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

pub(super) fn control_class(error: bool, disabled: bool) -> Classes {
    classes!("pf-v6-c-form-control", error.then_some("pf-m-error"), disabled.then_some("pf-m-disabled"))
}

#[derive(PartialEq, Properties)]
pub struct TextFieldProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    /// The whole text at every keystroke.
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub onblur: Callback<()>,
    /// `email`, `password`, `url`, `tel`; `text` when left out.
    #[prop_or_default]
    pub kind: Option<AttrValue>,
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    #[prop_or_default]
    pub autocomplete: Option<AttrValue>,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    #[prop_or_default]
    pub maxlength: Option<AttrValue>,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
    /// Id of a `datalist` with suggestions.
    #[prop_or_default]
    pub list: Option<AttrValue>,
    #[prop_or_default]
    pub node: NodeRef,
}

/// One line of text.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            <span class={control_class(props.error.is_some(), props.disabled)}>
                <input
                    ref={props.node.clone()}
                    id={props.id.clone()}
                    name={props.id.clone()}
                    type={props.kind.clone().unwrap_or_else(|| "text".into())}
                    value={props.value.clone()}
                    {oninput}
                    onblur={props.onblur.reform(|_| ())}
                    inputmode={props.inputmode.clone()}
                    autocomplete={props.autocomplete.clone()}
                    placeholder={props.placeholder.clone()}
                    maxlength={props.maxlength.clone()}
                    list={props.list.clone()}
                    disabled={props.disabled}
                    aria-required={props.required.then_some("true")}
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
                />
            </span>
        </Field>
    }
}

#[derive(PartialEq, Properties)]
pub struct DateFieldProps {
    pub id: AttrValue,
    pub label: AttrValue,
    /// `YYYY-MM-DD`, or empty.
    pub value: AttrValue,
    pub onchange: Callback<String>,
    #[prop_or_default]
    pub onblur: Callback<()>,
    #[prop_or_default]
    pub min: Option<AttrValue>,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

/// A calendar day, with the browser's own picker.
#[component]
pub fn DateField(props: &DateFieldProps) -> Html {
    let oninput = props.onchange.reform(|event: InputEvent| event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            <span class={control_class(props.error.is_some(), false)}>
                <input
                    id={props.id.clone()}
                    name={props.id.clone()}
                    type="date"
                    value={props.value.clone()}
                    min={props.min.clone()}
                    {oninput}
                    onblur={props.onblur.reform(|_| ())}
                    aria-required={props.required.then_some("true")}
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
                />
            </span>
        </Field>
    }
}

#[derive(PartialEq, Properties)]
pub struct TextAreaFieldProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or(3)]
    pub rows: u32,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    #[prop_or_default]
    pub maxlength: Option<AttrValue>,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

/// Several lines of text.
#[component]
pub fn TextAreaField(props: &TextAreaFieldProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<web_sys::HtmlTextAreaElement>().value());
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            <span class={classes!(control_class(props.error.is_some(), false), "pf-m-resize-vertical")}>
                <textarea
                    id={props.id.clone()}
                    name={props.id.clone()}
                    rows={props.rows.to_string()}
                    value={props.value.clone()}
                    {oninput}
                    placeholder={props.placeholder.clone()}
                    maxlength={props.maxlength.clone()}
                    aria-required={props.required.then_some("true")}
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
                />
            </span>
        </Field>
    }
}

#[derive(PartialEq, Properties)]
pub struct SearchFieldProps {
    pub id: AttrValue,
    /// What is searched; also the placeholder.
    pub label: AttrValue,
    pub value: AttrValue,
    /// The text, a quarter of a second after the last keystroke.
    pub onsearch: Callback<String>,
    #[prop_or_default]
    pub list: Option<AttrValue>,
}

/// A search box that waits for a pause in typing.
#[component]
pub fn SearchField(props: &SearchFieldProps) -> Html {
    let typed = use_state(|| props.value.to_string());
    let pause = use_mut_ref(|| None::<gloo_timers::callback::Timeout>);
    {
        // The address changed from elsewhere (back button, chip removed): follow it.
        let typed = typed.setter();
        use_effect_with(props.value.clone(), move |value| typed.set(value.to_string()));
    }
    let oninput = {
        let (typed, pause, onsearch) = (typed.setter(), pause.clone(), props.onsearch.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            typed.set(text.clone());
            let onsearch = onsearch.clone();
            *pause.borrow_mut() = Some(gloo_timers::callback::Timeout::new(250, move || onsearch.emit(text)));
        })
    };
    html! {
        <div class="e-search" role="search">
            <Icon name={IconName::Search} />
            <span class="pf-v6-c-form-control">
                <input
                    id={props.id.clone()}
                    type="search"
                    value={(*typed).clone()}
                    {oninput}
                    list={props.list.clone()}
                    placeholder={props.label.clone()}
                    aria-label={props.label.clone()}
                    title={t!("common-search-hint")}
                    autocomplete="off"
                />
            </span>
        </div>
    }
}
