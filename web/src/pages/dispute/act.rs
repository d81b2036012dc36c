//! What may be done with a dispute: name who decides, decide, take back.

use entente_web_api::{
    FieldError, Id, MutationBuilder, Operation, QueryBuilder,
    dispute::{
        DisputeAction, DisputeCandidatesQuery, DisputeDecide, DisputeDecideVariables, DisputeDetail, DisputeName, DisputeNameVariables,
        DisputeOutcome, DisputePayload, DisputeVariables, DisputeWithdraw, DisputeWithdrawVariables,
    },
    error::field_errors,
};
use serde::{Serialize, de::DeserializeOwned};
use yew::prelude::*;

use crate::{
    notice::use_notifier,
    pages::disputes::words,
    remote::{Action, use_action, use_query},
    t, texts,
    ui::{Button, ButtonKind, Choice, IconName, Modal, Select, SkeletonBlock, TextAreaField},
};

const OUTCOMES: [DisputeOutcome; 3] = [DisputeOutcome::Uphold, DisputeOutcome::Transfer, DisputeOutcome::Dismiss];

#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Name,
    Decide,
    Withdraw,
}

#[derive(PartialEq, Properties)]
pub struct ActionsProps {
    pub dispute: DisputeDetail,
    pub onchanged: Callback<()>,
}

#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let asked = use_state_eq(|| None::<Ask>);
    let can = |action| props.dispute.viewer_can.contains(&action);
    let ask = |what: Ask| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(Some(what)))
    };
    let onclose = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    let (dispute, onchanged) = (props.dispute.clone(), props.onchanged.clone());
    html! {
        <>
            if can(DisputeAction::Decide) {
                <Button kind={ButtonKind::Primary} icon={IconName::Check} onclick={ask(Ask::Decide)}>{ t!("dispute-decide") }</Button>
            }
            if can(DisputeAction::NameArbiter) { <Button icon={IconName::User} onclick={ask(Ask::Name)}>{ t!("dispute-name") }</Button> }
            if can(DisputeAction::Withdraw) { <Button icon={IconName::Undo} onclick={ask(Ask::Withdraw)}>{ t!("dispute-withdraw") }</Button> }
            { match *asked {
                Some(Ask::Name) => html! { <NameDialog {dispute} {onclose} {onchanged} /> },
                Some(Ask::Decide) => html! { <DecideDialog {dispute} {onclose} {onchanged} /> },
                Some(Ask::Withdraw) => html! { <WithdrawDialog {dispute} {onclose} {onchanged} /> },
                None => html! {},
            } }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct DialogProps {
    dispute: DisputeDetail,
    onclose: Callback<()>,
    onchanged: Callback<()>,
}

/// What follows an answer: the dialog closes and the page reads again, or the refusal is shown.
#[derive(Clone)]
struct Done {
    failed: Callback<String>,
    onclose: Callback<()>,
    onchanged: Callback<()>,
    refused: Callback<String>,
}

fn run<D, V>(action: &Action, operation: Operation<D, V>, payload: impl FnOnce(D) -> DisputePayload + 'static, done: Done)
where
    D: DeserializeOwned + 'static,
    V: Serialize + 'static,
{
    action.run(operation, move |answer| {
        let payload = match answer {
            Ok(data) => payload(data),
            Err(error) => return done.failed.emit(texts::api_error(&error)),
        };
        if let Some(error) = field_errors(payload.errors).into_iter().next() {
            let error: FieldError = error;
            if error.code == "STALE_VERSION" {
                done.onchanged.emit(());
            }
            return done.refused.emit(words::refusal(&error));
        }
        done.onclose.emit(());
        done.onchanged.emit(());
    });
}

#[hook]
fn use_done(props: &DialogProps) -> (Action, UseStateHandle<Option<String>>, Done) {
    let (action, notifier) = (use_action(), use_notifier());
    let problem = use_state_eq(|| None::<String>);
    let done = Done {
        failed: Callback::from(move |text: String| notifier.failure(text)),
        onclose: props.onclose.clone(),
        onchanged: props.onchanged.clone(),
        refused: {
            let problem = problem.setter();
            Callback::from(move |text| problem.set(Some(text)))
        },
    };
    (action, problem, done)
}

fn footer(props: &DialogProps, busy: bool, label: String, submit: &Callback<()>) -> Html {
    html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} {busy} onclick={submit.reform(|_: MouseEvent| ())}>{ label }</Button>
        </>
    }
}

#[component]
fn NameDialog(props: &DialogProps) -> Html {
    let (action, problem, done) = use_done(props);
    let person = use_state_eq(String::new);
    let query = use_query(DisputeVariables { id: props.dispute.id.clone() }, DisputeCandidatesQuery::build);
    let submit = {
        let (action, dispute, person) = (action.clone(), props.dispute.clone(), person.clone());
        Callback::from(move |()| {
            let variables = DisputeNameVariables { id: dispute.id.clone(), expected_version: dispute.version, user_id: Id::new(&*person) };
            run(&action, DisputeName::build(variables), |data| data.dispute_name_arbiter, done.clone());
        })
    };
    html! {
        <Modal title={t!("dispute-name")} onclose={props.onclose.clone()} footer={footer(props, action.busy, t!("dispute-name"), &submit)}>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <p class="e-subtle">{ t!("dispute-name-lead") }</p>
                { query.view(SkeletonBlock::Lines(2), |data| {
                    let all = data.dispute.as_ref().map(|d| d.candidates.clone()).unwrap_or_default();
                    let (free, tied): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| c.tie.is_none());
                    let choices: Vec<Choice> = free.iter().map(|c| Choice::new(c.user.id.inner().to_owned(), c.user.name.clone())).collect();
                    let onchange = { let person = person.setter(); Callback::from(move |chosen| person.set(chosen)) };
                    html! {
                        <>
                            <Select
                                id="dispute-arbiter"
                                label={t!("dispute-arbiter")}
                                {choices}
                                value={(*person).clone()}
                                placeholder={t!("dispute-name-choose")}
                                {onchange}
                                required=true
                                error={(*problem).clone()}
                            />
                            if !tied.is_empty() {
                                <p class="e-subtle e-small">{ t!("dispute-name-tied") }</p>
                                <ul class="e-small">{ for tied.iter().map(|c| html! {
                                    <li key={c.user.id.inner().to_owned()}>{ &c.user.name }{ ": " }{ c.tie.as_deref().map(words::tie) }</li>
                                }) }</ul>
                            }
                        </>
                    }
                }) }
            </form>
        </Modal>
    }
}

#[component]
fn DecideDialog(props: &DialogProps) -> Html {
    let (action, problem, done) = use_done(props);
    let outcome = use_state_eq(String::new);
    let reason = use_state_eq(String::new);
    let chosen = OUTCOMES.into_iter().find(|o| format!("{o:?}") == *outcome);
    let submit = {
        let (action, dispute, reason, problem) = (action.clone(), props.dispute.clone(), reason.clone(), problem.setter());
        Callback::from(move |()| {
            let Some(outcome) = chosen else { return problem.set(Some(t!("dispute-outcome-choose"))) };
            let variables = DisputeDecideVariables { id: dispute.id.clone(), expected_version: dispute.version, outcome, reason: (*reason).clone() };
            run(&action, DisputeDecide::build(variables), |data| data.dispute_decide, done.clone());
        })
    };
    let choices = OUTCOMES.into_iter().map(|o| Choice::new(format!("{o:?}"), words::outcome(o))).collect::<Vec<_>>();
    html! {
        <Modal title={t!("dispute-decide")} onclose={props.onclose.clone()} footer={footer(props, action.busy, t!("dispute-decide"), &submit)}>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <Select
                    id="dispute-outcome"
                    label={t!("dispute-outcome")}
                    {choices}
                    value={(*outcome).clone()}
                    placeholder={t!("dispute-outcome-choose")}
                    onchange={let outcome = outcome.setter(); Callback::from(move |o| outcome.set(o))}
                    required=true
                    hint={chosen.map(|o| AttrValue::from(words::outcome_hint(o)))}
                    error={(*problem).clone()}
                />
                <TextAreaField
                    id="dispute-reason"
                    label={t!("dispute-reason")}
                    hint={t!("dispute-reason-hint")}
                    rows=4
                    maxlength="4000"
                    required=true
                    value={(*reason).clone()}
                    oninput={let reason = reason.setter(); Callback::from(move |typed| reason.set(typed))}
                />
            </form>
        </Modal>
    }
}

#[component]
fn WithdrawDialog(props: &DialogProps) -> Html {
    let (action, problem, done) = use_done(props);
    let reason = use_state_eq(String::new);
    let submit = {
        let (action, dispute, reason) = (action.clone(), props.dispute.clone(), reason.clone());
        Callback::from(move |()| {
            let reason = Some((*reason).clone()).filter(|r| !r.trim().is_empty());
            let variables = DisputeWithdrawVariables { id: dispute.id.clone(), expected_version: dispute.version, reason };
            run(&action, DisputeWithdraw::build(variables), |data| data.dispute_withdraw, done.clone());
        })
    };
    html! {
        <Modal title={t!("dispute-withdraw")} onclose={props.onclose.clone()} footer={footer(props, action.busy, t!("dispute-withdraw"), &submit)}>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <TextAreaField
                    id="dispute-withdraw-reason"
                    label={t!("dispute-withdraw-reason")}
                    rows=3
                    maxlength="4000"
                    value={(*reason).clone()}
                    oninput={let reason = reason.setter(); Callback::from(move |typed| reason.set(typed))}
                    error={(*problem).clone()}
                />
            </form>
        </Modal>
    }
}
