//! Every version of the rules, and withdrawing one that has not begun.

use entente_web_api::{
    FieldError, MutationBuilder,
    error::field_errors,
    rules::{RulesState, RulesVersion, RulesWithdraw, RulesWithdrawVariables},
};
use yew::prelude::*;

use super::say;
use crate::{
    i18n::format,
    notice::use_notifier,
    pages::register::fresh_key,
    remote::use_action,
    t, texts,
    ui::{Button, ButtonKind, Column, Modal, Table, Tag, TextAreaField, Tone, use_focus_on_errors},
};

#[derive(PartialEq, Properties)]
pub struct VersionsProps {
    pub versions: Vec<RulesVersion>,
    pub onchanged: Callback<()>,
}

#[component]
pub fn Versions(props: &VersionsProps) -> Html {
    let withdrawing = use_state_eq(|| None::<i32>);
    let close = {
        let withdrawing = withdrawing.setter();
        Callback::from(move |()| withdrawing.set(None))
    };
    let row = |version: &RulesVersion| {
        let withdraw = {
            let (withdrawing, number) = (withdrawing.setter(), version.number);
            Callback::from(move |_: MouseEvent| withdrawing.set(Some(number)))
        };
        html! {
            <tr key={version.number} class={(version.state == RulesState::Withdrawn).then_some("e-row-off")}>
                <td data-label=""><span class="e-strong">{ t!("rules-version", "number" => version.number) }</span></td>
                <td data-label={t!("rules-state")}>{ state(version) }</td>
                <td class="e-nowrap" data-label={t!("rules-effective")}>{ format::date(&version.effective_from) }</td>
                <td data-label={t!("rules-proposed")}>
                    <span>
                        <span class="e-nowrap">{ format::day_of(&version.proposed_at) }</span>
                        if let Some(name) = &version.proposed_by { <div class="e-subtle">{ name }</div> }
                    </span>
                </td>
                <td data-label={t!("rules-note")}>{ version.withdrawn_reason.clone().or_else(|| version.note.clone()).unwrap_or_default() }</td>
                <td class="e-end" data-label={t!("settings-actions")}>
                    if version.state == RulesState::Announced {
                        <Button small=true onclick={withdraw} aria_label={t!("rules-withdraw-named", "number" => version.number)}>{ t!("rules-withdraw") }</Button>
                    }
                </td>
            </tr>
        }
    };
    html! {
        <>
            <Table
                caption={t!("rules-versions")}
                columns={vec![
                    Column::new(t!("rules-version-column")),
                    Column::new(t!("rules-state")),
                    Column::new(t!("rules-effective")),
                    Column::new(t!("rules-proposed")),
                    Column::new(t!("rules-note")),
                    Column::new(t!("settings-actions")).end(),
                ]}
            >
                { for props.versions.iter().map(row) }
            </Table>
            if let Some(number) = *withdrawing {
                <Withdraw {number} onclose={close} onchanged={props.onchanged.clone()} />
            }
        </>
    }
}

fn state(version: &RulesVersion) -> Html {
    let (tone, text) = match version.state {
        RulesState::InForce => (Tone::Ok, t!("rules-state-in-force")),
        RulesState::Announced => (Tone::Info, t!("rules-state-announced")),
        RulesState::Superseded => (Tone::Neutral, t!("rules-state-superseded")),
        RulesState::Withdrawn => (Tone::Neutral, t!("rules-state-withdrawn")),
    };
    html! { <Tag {tone} dot=true>{ text }</Tag> }
}

#[derive(PartialEq, Properties)]
struct WithdrawProps {
    number: i32,
    onclose: Callback<()>,
    onchanged: Callback<()>,
}

#[component]
fn Withdraw(props: &WithdrawProps) -> Html {
    let reason = use_state(String::new);
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_memo((), |()| fresh_key());
    let action = use_action();
    let notifier = use_notifier();
    use_focus_on_errors("withdraw-form", &errors);
    let onsubmit = {
        let (reason, errors, action) = (reason.clone(), errors.setter(), action.clone());
        let (onclose, onchanged, number) = (props.onclose.clone(), props.onchanged.clone(), props.number);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let variables = RulesWithdrawVariables { number, reason: (*reason).clone(), idempotency_key: Some((*key).clone()) };
            let (errors, notifier, onclose, onchanged) = (errors.clone(), notifier.clone(), onclose.clone(), onchanged.clone());
            action.run(RulesWithdraw::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found: Vec<FieldError> = field_errors(data.rules_withdraw.errors).into_iter().map(say).collect();
                    if found.is_empty() {
                        notifier.success(t!("rules-withdrawn", "number" => number));
                        onclose.emit(());
                        onchanged.emit(());
                    } else {
                        errors.set(found);
                    }
                }
            });
        })
    };
    let oninput = {
        let (reason, errors) = (reason.setter(), errors.setter());
        Callback::from(move |text| {
            errors.set(Vec::new());
            reason.set(text);
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Danger} submit=true form="withdraw-form" busy={action.busy}>{ t!("rules-withdraw") }</Button>
        </>
    };
    html! {
        <Modal title={t!("rules-withdraw-named", "number" => props.number)} onclose={props.onclose.clone()} {footer}>
            <form id="withdraw-form" class="e-form" {onsubmit} novalidate=true>
                <p>{ t!("rules-withdraw-text") }</p>
                <TextAreaField
                    id="reason"
                    label={t!("rules-reason")}
                    value={(*reason).clone()}
                    {oninput}
                    maxlength="4000"
                    required=true
                    error={errors.first().map(|error| error.message.clone())}
                />
            </form>
        </Modal>
    }
}
