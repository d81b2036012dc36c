//! Changing what a deal says about itself: a dialog for title, close date and next step, and the next step in place.

use entente_web_api::{Date, FieldError, deal::DealCard};
use yew::prelude::*;

use super::{
    act::{Change, Outcome, send},
    words,
};
use crate::{
    i18n::format,
    notice::use_notifier,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, DateField, IconButton, IconName, Modal, TextAreaField, TextField},
};

#[derive(PartialEq, Properties)]
pub struct EditProps {
    pub deal: DealCard,
    #[prop_or_default]
    pub onclose: Callback<()>,
    pub ondone: Callback<DealCard>,
    pub onstale: Callback<()>,
}

/// Only what was changed, so that a field somebody else changed meanwhile is not put back.
fn difference(deal: &DealCard, title: &str, next_step: &str, close: &str) -> Change {
    let before_close = deal.expected_close_on.as_ref().map(Date::to_string).unwrap_or_default();
    Change::Update {
        title: (title.trim() != deal.title).then(|| title.trim().to_owned()),
        next_step: (next_step.trim() != deal.next_step.clone().unwrap_or_default()).then(|| next_step.trim().to_owned()),
        expected_close_on: (!close.is_empty() && close != before_close).then(|| Date::from(close)),
    }
}

fn error_for(errors: &[FieldError], field: &str) -> Option<String> {
    errors.iter().find(|error| error.is_about(field)).map(words::refusal)
}

/// Title, expected close date, next step.
#[component]
pub fn EditDialog(props: &EditProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let title = use_state(|| props.deal.title.clone());
    let next_step = use_state(|| props.deal.next_step.clone().unwrap_or_default());
    let close = use_state(|| props.deal.expected_close_on.as_ref().map(Date::to_string).unwrap_or_default());
    let errors = use_state(Vec::<FieldError>::new);
    let stale = use_state_eq(|| false);
    let opened = use_memo((), |()| props.deal.clone());

    let submit = {
        let (action, title, next_step, close) = (action.clone(), title.clone(), next_step.clone(), close.clone());
        let (errors, stale, opened, version, id) = (errors.clone(), stale.clone(), opened.clone(), props.deal.version, props.deal.id.clone());
        let (onclose, ondone, onstale) = (props.onclose.clone(), props.ondone.clone(), props.onstale.clone());
        Callback::from(move |()| {
            let change = difference(&opened, &title, &next_step, &close);
            if matches!(&change, Change::Update { title: None, next_step: None, expected_close_on: None }) {
                return onclose.emit(());
            }
            let (errors, stale, notifier) = (errors.setter(), stale.setter(), notifier.clone());
            let (onclose, ondone, onstale) = (onclose.clone(), ondone.clone(), onstale.clone());
            send(&action, &id, version, change, move |outcome| match outcome {
                Outcome::Done(deal) => {
                    onclose.emit(());
                    ondone.emit(*deal);
                    notifier.success(t!("common-saved"));
                }
                Outcome::Stale => {
                    stale.set(true);
                    onstale.emit(());
                }
                Outcome::Refused(refused) => errors.set(refused),
                Outcome::Failed(error) => notifier.failure(texts::api_error(&error)),
            });
        })
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    let fields = ["title", "nextStep", "expectedCloseOn"];
    let others: Vec<String> = errors.iter().filter(|error| !fields.iter().any(|field| error.is_about(field))).map(words::refusal).collect();
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("common-save") }</Button>
        </>
    };
    html! {
        <Modal title={t!("deal-edit-title")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} novalidate=true>
                if *stale || opened.version != props.deal.version {
                    <Alert tone={AlertTone::Warm} urgent=true title={t!("deal-changed-meanwhile")}>
                        <p>{ t!("deal-changed-meanwhile-edit") }</p>
                    </Alert>
                }
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                <TextField
                    id="edit-title"
                    label={t!("deal-field-title")}
                    value={(*title).clone()}
                    oninput={let title = title.setter(); Callback::from(move |text| title.set(text))}
                    maxlength="200"
                    required=true
                    error={error_for(&errors, "title")}
                />
                <DateField
                    id="edit-close"
                    label={t!("deal-field-close")}
                    value={(*close).clone()}
                    onchange={let close = close.setter(); Callback::from(move |text| close.set(text))}
                    min={format::today().to_string()}
                    error={error_for(&errors, "expectedCloseOn")}
                />
                <TextAreaField
                    id="edit-next-step"
                    label={t!("deal-field-next-step")}
                    value={(*next_step).clone()}
                    oninput={let next_step = next_step.setter(); Callback::from(move |text| next_step.set(text))}
                    maxlength="1000"
                    error={error_for(&errors, "nextStep")}
                />
            </form>
        </Modal>
    }
}

/// The next step, changed where it stands. Escape gives up, Ctrl+Enter saves.
#[component]
pub fn NextStep(props: &EditProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let typed = use_state(|| None::<String>);
    let may_edit = props.deal.viewer_can.contains(&entente_web_api::deal::DealAction::Edit);

    let save = {
        let (action, typed, deal) = (action.clone(), typed.clone(), props.deal.clone());
        let (ondone, onstale) = (props.ondone.clone(), props.onstale.clone());
        Callback::from(move |()| {
            let Some(text) = (*typed).clone() else { return };
            if text.trim() == deal.next_step.clone().unwrap_or_default() {
                return typed.set(None);
            }
            let change = Change::Update { title: None, next_step: Some(text.trim().to_owned()), expected_close_on: None };
            let (typed, notifier, ondone, onstale) = (typed.setter(), notifier.clone(), ondone.clone(), onstale.clone());
            send(&action, &deal.id, deal.version, change, move |outcome| match outcome {
                Outcome::Done(deal) => {
                    typed.set(None);
                    ondone.emit(*deal);
                    notifier.success(t!("common-saved"));
                }
                // What was typed stays in the box.
                Outcome::Stale => {
                    notifier.failure(t!("deal-refused-stale"));
                    onstale.emit(());
                }
                Outcome::Refused(errors) => notifier.failure(errors.first().map(words::refusal).unwrap_or_default()),
                Outcome::Failed(error) => notifier.failure(texts::api_error(&error)),
            });
        })
    };
    let onkeydown = {
        let (typed, save) = (typed.setter(), save.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => typed.set(None),
            "Enter" if event.ctrl_key() || event.meta_key() => save.emit(()),
            _ => {}
        })
    };
    match (&*typed, &props.deal.next_step) {
        (Some(text), _) => html! {
            <div class="e-form" {onkeydown}>
                <TextAreaField
                    id="next-step"
                    label={t!("deal-field-next-step")}
                    value={text.clone()}
                    oninput={let typed = typed.setter(); Callback::from(move |text| typed.set(Some(text)))}
                    rows={2}
                    maxlength="1000"
                />
                <div class="e-row">
                    <Button small=true kind={ButtonKind::Primary} busy={action.busy} onclick={save.reform(|_: MouseEvent| ())}>{ t!("common-save") }</Button>
                    <Button small=true onclick={let typed = typed.setter(); Callback::from(move |_: MouseEvent| typed.set(None))}>{ t!("common-cancel") }</Button>
                </div>
            </div>
        },
        (None, current) => {
            let begin = {
                let (typed, current) = (typed.setter(), current.clone().unwrap_or_default());
                Callback::from(move |_: MouseEvent| typed.set(Some(current.clone())))
            };
            html! {
                <div class="e-next-step">
                    <p class={classes!(current.is_none().then_some("e-subtle"))}>
                        { current.clone().unwrap_or_else(|| t!("deal-next-step-none")) }
                    </p>
                    if may_edit {
                        <IconButton name={IconName::Pencil} label={t!("deal-next-step-edit")} onclick={begin} />
                    }
                </div>
            }
        }
    }
}
