//! Choosing one of many by typing: a text box with a list of matches below, after the combobox pattern of ARIA.

use yew::prelude::*;

use super::{
    Choice, Icon, IconName,
    field::{Field, control_class, described_by},
};

#[derive(PartialEq, Properties)]
pub struct ComboboxProps {
    pub id: AttrValue,
    pub label: AttrValue,
    /// The matches for what was typed.
    pub options: Vec<Choice>,
    /// The words of what is chosen; empty when nothing is.
    pub chosen: AttrValue,
    /// What was typed, at every keystroke.
    pub onsearch: Callback<String>,
    pub onchoose: Callback<Choice>,
    /// What the list says when nothing matches.
    pub nothing: AttrValue,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

#[component]
pub fn Combobox(props: &ComboboxProps) -> Html {
    let open = use_state_eq(|| false);
    let typed = use_state_eq(|| None::<String>);
    let active = use_state_eq(|| 0_usize);
    let list_id = format!("{}-list", props.id);
    let option_id = |index: usize| format!("{}-option-{index}", props.id);
    let at = (*active).min(props.options.len().saturating_sub(1));

    let choose = {
        let (open, typed, onchoose) = (open.clone(), typed.clone(), props.onchoose.clone());
        Callback::from(move |choice: Choice| {
            open.set(false);
            typed.set(None);
            onchoose.emit(choice);
        })
    };
    let oninput = {
        let (open, typed, active, onsearch) = (open.clone(), typed.clone(), active.clone(), props.onsearch.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            onsearch.emit(text.clone());
            typed.set(Some(text));
            active.set(0);
            open.set(true);
        })
    };
    let onkeydown = {
        let (open, typed, active, choose, options) = (open.clone(), typed.clone(), active.clone(), choose.clone(), props.options.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !*open => {
                event.prevent_default();
                open.set(true);
            }
            "ArrowDown" => {
                event.prevent_default();
                active.set(if at + 1 < options.len() { at + 1 } else { 0 });
            }
            "ArrowUp" => {
                event.prevent_default();
                active.set(at.checked_sub(1).unwrap_or(options.len().saturating_sub(1)));
            }
            "Enter" if *open => {
                event.prevent_default();
                if let Some(choice) = options.get(at) {
                    choose.emit(choice.clone());
                }
            }
            "Escape" if *open => {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                typed.set(None);
            }
            _ => {}
        })
    };
    let onblur = {
        let (open, typed) = (open.clone(), typed.clone());
        // What was typed and not chosen is nothing: the box shows what is chosen again.
        Callback::from(move |_: FocusEvent| {
            open.set(false);
            typed.set(None);
        })
    };
    let shown = (*typed).clone().unwrap_or_else(|| props.chosen.to_string());
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            <div class="e-combobox">
                <span class={control_class(props.error.is_some(), false)}>
                    <input
                        id={props.id.clone()}
                        type="text"
                        role="combobox"
                        autocomplete="off"
                        value={shown}
                        {oninput}
                        {onkeydown}
                        {onblur}
                        onclick={let open = open.clone(); Callback::from(move |_: MouseEvent| open.set(true))}
                        aria-expanded={open.to_string()}
                        aria-controls={list_id.clone()}
                        aria-autocomplete="list"
                        aria-activedescendant={(*open && !props.options.is_empty()).then(|| option_id(at))}
                        aria-required={props.required.then_some("true")}
                        aria-invalid={props.error.is_some().then_some("true")}
                        aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
                    />
                </span>
                <Icon name={IconName::ChevronsUpDown} />
                <ul class="e-combobox__list" id={list_id} role="listbox" aria-label={props.label.clone()} hidden={!*open}>
                    { for props.options.iter().enumerate().map(|(index, choice)| {
                        let (choose, chosen) = (choose.clone(), choice.clone());
                        html! {
                            <li
                                key={choice.value.to_string()}
                                id={option_id(index)}
                                role="option"
                                aria-selected={(index == at).to_string()}
                                class={classes!("e-combobox__option", (index == at).then_some("e-combobox__option--active"))}
                                // Before the box loses its focus, which would close the list.
                                onmousedown={Callback::from(move |event: MouseEvent| { event.prevent_default(); choose.emit(chosen.clone()); })}
                            >
                                { &choice.label }
                            </li>
                        }
                    }) }
                    if props.options.is_empty() {
                        <li role="option" aria-disabled="true" aria-selected="false" class="e-combobox__nothing">{ &props.nothing }</li>
                    }
                </ul>
            </div>
        </Field>
    }
}
