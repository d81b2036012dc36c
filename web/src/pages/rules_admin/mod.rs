//! The administrator's page of the rules: every version, a draft with all fields, what it would have done to last year's
//! registrations, proposing it, and withdrawing what has not begun.

mod desk;
mod draft;
mod form;
mod propose;
mod trial;
mod versions;

use std::rc::Rc;

use entente_web_api::{
    FieldError, QueryBuilder,
    deal::PersonRef,
    error::field_errors,
    routing::DecidersQuery,
    rules::{RulesInput, RulesState, RulesTry, RulesTryVariables, RulesVersion, RulesVersionsQuery, RulesVersionsVariables},
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::Forbidden;
use crate::{
    notice::use_notifier,
    program::{SharedProgram, use_program},
    remote::{use_action, use_query},
    session::use_session,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, EmptyState, IconName, PageHead, SkeletonBlock},
};
use draft::Draft;

const VERSIONS: i32 = 100;
/// Registrations of one page of those that a draft would have decided otherwise.
const ROWS: i32 = 20;

#[component]
pub fn RulesAdmin() -> Html {
    if !use_session().can(ViewerAction::ManageRules) {
        return html! { <Forbidden /> };
    }
    html! { <Desk /> }
}

#[component]
fn Desk() -> Html {
    let program = use_program();
    let query = use_query(RulesVersionsVariables { first: Some(VERSIONS) }, RulesVersionsQuery::build);
    let deciders = use_query((), DecidersQuery::build);
    let people = deciders.data().and_then(|data| data.routing.as_ref()).map(|routing| routing.people.clone()).unwrap_or_default();
    html! {
        <>
            <PageHead title={t!("nav-rules-admin")} lead={t!("rules-admin-lead")} />
            { query.view(SkeletonBlock::Page, |data| {
                let versions = &data.rules_versions.nodes;
                let current = versions.iter().find(|version| version.state == RulesState::InForce);
                let (Some(current), Some(program)) = (current, program.clone()) else {
                    return html! { <EmptyState icon={IconName::FileText} title={t!("rules-none")} text={t!("rules-none-text")} /> };
                };
                // A draft goes on from what was announced last.
                let base = versions.iter().find(|version| version.state == RulesState::Announced).unwrap_or(current);
                html! {
                    <div class="e-stack">
                        <Card title={t!("rules-versions")} flush=true>
                            <versions::Versions versions={versions.clone()} onchanged={query.on_reload()} />
                        </Card>
                        <Editor
                            key={base.number}
                            base={base.clone()}
                            {program}
                            people={able(&people, base)}
                            earliest={data.rules_earliest_change.to_string()}
                            onproposed={query.on_reload()}
                        />
                    </div>
                }
            }) }
        </>
    }
}

/// Who can be named for what is late: everybody who may decide, and who is named already, though that person no longer may.
fn able(people: &[PersonRef], base: &RulesVersion) -> Vec<PersonRef> {
    let named = base.deadline.escalation_to.iter().filter(|named| people.iter().all(|one| one.id != named.id));
    people.iter().chain(named).cloned().collect()
}

#[derive(PartialEq, Properties)]
struct EditorProps {
    base: RulesVersion,
    program: SharedProgram,
    /// Who can be named for what is late.
    people: Vec<PersonRef>,
    /// The earliest day on which a version may begin.
    earliest: String,
    onproposed: Callback<()>,
}

#[component]
fn Editor(props: &EditorProps) -> Html {
    let language = use_settings().language;
    let notifier = use_notifier();
    let action = use_action();
    let draft = use_state(|| Draft::of(&props.base, language));
    let errors = use_state(|| Rc::new(Vec::<FieldError>::new()));
    let tried = use_state(|| None::<trial::Trial>);
    let proposing = use_state(|| None::<RulesInput>);
    let onchange = {
        let (draft, tried, errors) = (draft.setter(), tried.setter(), errors.setter());
        Callback::from(move |next: Draft| {
            tried.set(None);
            errors.set(Rc::new(Vec::new()));
            draft.set(next);
        })
    };
    let refuse = {
        let (errors, notifier) = (errors.setter(), notifier.clone());
        Callback::from(move |found: Vec<FieldError>| {
            notifier.announce(t!("register-wrong-count", "n" => found.len()));
            errors.set(Rc::new(found));
        })
    };
    let ontry = {
        let (draft, tried, refuse, notifier, action) = (draft.clone(), tried.setter(), refuse.clone(), notifier.clone(), action.clone());
        Callback::from(move |_: MouseEvent| {
            let input = match draft.input(language) {
                Ok(input) => input,
                Err(found) => return refuse.emit(found),
            };
            let (tried, refuse, notifier) = (tried.clone(), refuse.clone(), notifier.clone());
            let variables = RulesTryVariables { input: input.clone(), first: Some(ROWS), after: None };
            action.run(RulesTry::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found = field_errors(data.rules_try.errors.clone());
                    if found.is_empty() {
                        let outcome = trial::Trial::of(input, data.rules_try);
                        notifier.announce(outcome.sentence());
                        tried.set(Some(outcome));
                    } else {
                        refuse.emit(found.into_iter().map(say).collect());
                    }
                }
            });
        })
    };
    let onmore = {
        let (tried, refuse, notifier, action) = (tried.clone(), refuse.clone(), notifier.clone(), action.clone());
        Callback::from(move |()| {
            let Some(shown) = (*tried).clone() else { return };
            let variables = RulesTryVariables { input: shown.input(), first: Some(ROWS), after: shown.after() };
            let (tried, refuse, notifier) = (tried.setter(), refuse.clone(), notifier.clone());
            action.run(RulesTry::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found = field_errors(data.rules_try.errors.clone());
                    if found.is_empty() {
                        tried.set(Some(shown.followed_by(data.rules_try)));
                    } else {
                        refuse.emit(found.into_iter().map(say).collect());
                    }
                }
            });
        })
    };
    let onpropose = {
        let (draft, proposing, refuse) = (draft.clone(), proposing.setter(), refuse.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match draft.input(language) {
                Ok(input) => proposing.set(Some(input)),
                Err(found) => refuse.emit(found),
            }
        })
    };
    let onreset = {
        let (onchange, base) = (onchange.clone(), props.base.clone());
        Callback::from(move |_: MouseEvent| onchange.emit(Draft::of(&base, language)))
    };
    let close = {
        let proposing = proposing.setter();
        Callback::from(move |()| proposing.set(None))
    };
    let ondone = {
        let (close, onproposed) = (close.clone(), props.onproposed.clone());
        Callback::from(move |()| {
            close.emit(());
            onproposed.emit(());
        })
    };
    let onrefused = {
        let (close, refuse) = (close.clone(), refuse.clone());
        Callback::from(move |found: Vec<FieldError>| {
            close.emit(());
            refuse.emit(found);
        })
    };
    html! {
        <Card title={t!("rules-draft")}>
            <form class="e-form e-rules-form" id="rules-form" onsubmit={onpropose} novalidate=true>
                <p class="e-subtle">{ t!("rules-draft-lead", "number" => props.base.number) }</p>
                if !errors.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true title={t!("rules-refused")}>
                        <ul class="e-rules">{ for errors.iter().map(|error| html! { <li>{ &error.message }</li> }) }</ul>
                    </Alert>
                }
                <form::Fields
                    draft={(*draft).clone()}
                    program={props.program.clone()}
                    people={props.people.clone()}
                    errors={(*errors).clone()}
                    {onchange}
                />
                <div class="e-form__actions">
                    <Button icon={IconName::History} busy={action.busy} onclick={ontry}>{ t!("rules-try") }</Button>
                    <Button kind={ButtonKind::Primary} submit=true icon={IconName::Send}>{ t!("rules-propose") }</Button>
                    if *draft != Draft::of(&props.base, language) {
                        <Button icon={IconName::Undo} onclick={onreset}>{ t!("rules-reset") }</Button>
                    }
                </div>
            </form>
            if let Some(tried) = (*tried).clone() { <trial::Outcome {tried} busy={action.busy} {onmore} /> }
            if let Some(input) = (*proposing).clone() {
                <propose::Confirm {input} base={props.base.number} earliest={props.earliest.clone()} onclose={close} {ondone} {onrefused} />
            }
        </Card>
    }
}

/// Puts a refusal into the words of the screen, where its code says enough.
fn say(mut error: FieldError) -> FieldError {
    let text = match error.code.as_str() {
        "DATE_IN_PAST" => t!("rules-refused-past"),
        "DATE_WITHIN_NOTICE" => t!("rules-refused-notice"),
        "DATE_TAKEN" => t!("rules-refused-taken"),
        "DATE_BEFORE_ANNOUNCED" => t!("rules-refused-before"),
        "CALENDAR_WITHOUT_WORKING_TIME" => t!("rules-refused-calendar"),
        "TIME_ZONE_UNKNOWN" => t!("rules-refused-zone"),
        "OVERRIDE_UNREACHABLE" => t!("rules-refused-unreachable"),
        "NOT_ANNOUNCED" => t!("rules-refused-begun"),
        "STALE_VERSION" => t!("rules-refused-stale"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        _ => return error,
    };
    error.message = text;
    error
}
