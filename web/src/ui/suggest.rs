//! A search box that completes: a combobox with a list below it. Arrow keys move, Enter takes, Escape closes; what is
//! suggested and what taking it means is the screen's business.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Icon, IconName};

/// After this long without a keystroke the text counts.
const PAUSE_MS: u32 = 180;

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    pub label: AttrValue,
    /// What kind of thing it is, at the end of the line.
    pub note: AttrValue,
    pub icon: IconName,
}

#[derive(PartialEq, Properties)]
pub struct SuggestFieldProps {
    pub id: AttrValue,
    /// What is searched; also the placeholder.
    pub label: AttrValue,
    pub value: AttrValue,
    /// For the text as it stands in `ontype`.
    pub suggestions: Vec<Suggestion>,
    /// The text after a pause in typing, and at once on Enter.
    pub ontype: Callback<String>,
    /// Which suggestion was taken.
    pub onchoose: Callback<usize>,
}

#[component]
pub fn SuggestField(props: &SuggestFieldProps) -> Html {
    let typed = use_state(|| props.value.to_string());
    let open = use_state_eq(|| false);
    let active = use_state_eq(|| None::<usize>);
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        // The address changed from elsewhere (back button, filters cleared): follow it.
        let typed = typed.setter();
        use_effect_with(props.value.clone(), move |value| typed.set(value.to_string()));
    }
    {
        let active = active.setter();
        use_effect_with(props.suggestions.clone(), move |_| active.set(None));
    }
    let count = props.suggestions.len();
    let shown = *open && count > 0 && !typed.trim().is_empty();
    let list_id = format!("{}-list", props.id);

    let oninput = {
        let (typed, open, pause, ontype) = (typed.setter(), open.setter(), pause.clone(), props.ontype.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(text.clone());
            open.set(true);
            let ontype = ontype.clone();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || ontype.emit(text)));
        })
    };
    let choose = {
        let (open, pause, onchoose) = (open.setter(), pause.clone(), props.onchoose.clone());
        Callback::from(move |index: usize| {
            // What was being typed no longer counts.
            pause.borrow_mut().take();
            open.set(false);
            onchoose.emit(index);
        })
    };
    let onkeydown = {
        let (open, active, typed, pause) = (open.setter(), active.clone(), typed.clone(), pause.clone());
        let (choose, ontype) = (choose.clone(), props.ontype.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "Escape" if shown => {
                    event.prevent_default();
                    return open.set(false);
                }
                "Enter" => {
                    event.prevent_default();
                    if let (true, Some(index)) = (shown, *active) {
                        return choose.emit(index);
                    }
                    pause.borrow_mut().take();
                    open.set(false);
                    return ontype.emit((*typed).clone());
                }
                "ArrowDown" if !shown => return open.set(true),
                "ArrowDown" => active.map_or(Some(0), |index| (index + 1 < count).then_some(index + 1)),
                "ArrowUp" if shown => active.map_or(count.checked_sub(1), |index| index.checked_sub(1)),
                _ => return,
            };
            event.prevent_default();
            active.set(next);
        })
    };
    let close = {
        let open = open.setter();
        Callback::from(move |_: FocusEvent| open.set(false))
    };
    html! {
        <div class="e-search e-suggest" role="search">
            <Icon name={IconName::Search} />
            <span class="pf-v6-c-form-control">
                <input
                    id={props.id.clone()}
                    type="text"
                    role="combobox"
                    enterkeyhint="search"
                    autocomplete="off"
                    spellcheck="false"
                    value={(*typed).clone()}
                    placeholder={props.label.clone()}
                    aria-label={props.label.clone()}
                    aria-autocomplete="list"
                    aria-expanded={shown.to_string()}
                    aria-controls={list_id.clone()}
                    aria-activedescendant={active.filter(|_| shown).map(|index| format!("{list_id}-{index}"))}
                    {oninput}
                    {onkeydown}
                    onblur={close}
                />
            </span>
            <ul class="e-suggest__list" role="listbox" id={list_id.clone()} aria-label={props.label.clone()} hidden={!shown}>
                { for props.suggestions.iter().enumerate().map(|(index, suggestion)| {
                    let choose = choose.clone();
                    html! {
                        <li
                            key={index}
                            role="option"
                            id={format!("{list_id}-{index}")}
                            aria-selected={(*active == Some(index)).to_string()}
                            class="e-suggest__item"
                            // Focus stays in the box, so that its blur does not close the list before the click.
                            onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}
                            onclick={Callback::from(move |_: MouseEvent| choose.emit(index))}
                        >
                            <Icon name={suggestion.icon} />
                            <span class="e-truncate">{ &suggestion.label }</span>
                            <span class="e-suggest__note">{ &suggestion.note }</span>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
