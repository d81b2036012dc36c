//! The confirmation of a proposal: on which day it begins, and why.

use entente_web_api::{
    Date, FieldError, MutationBuilder,
    error::field_errors,
    rules::{RulesInput, RulesPropose, RulesProposeInput, RulesProposeVariables},
};
use yew::prelude::*;

use super::say;
use crate::{
    i18n::format,
    notice::use_notifier,
    pages::register::fresh_key,
    remote::use_action,
    t, texts,
    ui::{Button, ButtonKind, DateField, Modal, TextAreaField, use_focus_on_errors},
};

#[derive(PartialEq, Properties)]
pub struct ConfirmProps {
    pub input: RulesInput,
    /// Number of the version that the draft goes on from.
    pub base: i32,
    pub earliest: String,
    pub onclose: Callback<()>,
    pub ondone: Callback<()>,
    /// Something in the draft itself was refused.
    pub onrefused: Callback<Vec<FieldError>>,
}

#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let day = use_state(|| props.earliest.clone());
    let note = use_state(String::new);
    let errors = use_state(Vec::<FieldError>::new);
    // Another day or note is another proposal, and needs a key of its own.
    let key = use_memo(((*day).clone(), (*note).clone()), |_| fresh_key());
    let action = use_action();
    let notifier = use_notifier();
    use_focus_on_errors("propose-form", &errors);
    let onsubmit = {
        let (day, note, errors, action) = (day.clone(), note.clone(), errors.setter(), action.clone());
        let (rules, base, ondone, onrefused) = (props.input.clone(), props.base, props.ondone.clone(), props.onrefused.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if day.is_empty() {
                let message = t!("rules-effective-required");
                return errors.set(vec![FieldError { code: "REQUIRED".into(), message, path: vec!["effectiveFrom".into()] }]);
            }
            let note = (!note.trim().is_empty()).then(|| note.trim().to_owned());
            let (effective_from, idempotency_key) = (Date((*day).clone()), Some((*key).clone()));
            let input = RulesProposeInput { rules: rules.clone(), effective_from, note, based_on: Some(base), idempotency_key };
            let (errors, notifier, ondone, onrefused) = (errors.clone(), notifier.clone(), ondone.clone(), onrefused.clone());
            action.run(RulesPropose::build(RulesProposeVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found: Vec<FieldError> = field_errors(data.rules_propose.errors).into_iter().map(say).collect();
                    match data.rules_propose.rules {
                        Some(version) if found.is_empty() => {
                            let day = format::date(&version.effective_from);
                            notifier.success(t!("rules-propose-done", "number" => version.number, "day" => day));
                            ondone.emit(());
                        }
                        _ if found.iter().all(|error| error.is_about("effectiveFrom") || error.is_about("note")) => errors.set(found),
                        _ => onrefused.emit(found),
                    }
                }
            });
        })
    };
    let typed = |set: UseStateSetter<String>| {
        let errors = errors.setter();
        Callback::from(move |text: String| {
            errors.set(Vec::new());
            set.set(text);
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="propose-form" busy={action.busy}>{ t!("rules-propose-confirm") }</Button>
        </>
    };
    html! {
        <Modal title={t!("rules-propose-title")} onclose={props.onclose.clone()} {footer}>
            <form id="propose-form" class="e-form" {onsubmit} novalidate=true>
                <p>{ t!("rules-propose-text") }</p>
                <DateField
                    id="effectiveFrom"
                    label={t!("rules-effective")}
                    value={(*day).clone()}
                    onchange={typed(day.setter())}
                    min={props.earliest.clone()}
                    required=true
                    hint={t!("rules-earliest", "day" => format::date(&Date(props.earliest.clone())))}
                    error={texts::error_for(&errors, "effectiveFrom")}
                />
                <TextAreaField
                    id="note"
                    label={t!("rules-note")}
                    hint={t!("rules-note-hint")}
                    value={(*note).clone()}
                    oninput={typed(note.setter())}
                    maxlength="4000"
                    error={texts::error_for(&errors, "note")}
                />
            </form>
        </Modal>
    }
}
