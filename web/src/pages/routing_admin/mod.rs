//! Who decides which registration: the table with its rules, which administrators change and channel managers read, and who
//! is away.

mod absences;
mod draft;
mod form;

use std::rc::Rc;

use entente_web_api::{
    FieldError, MutationBuilder, QueryBuilder,
    error::field_errors,
    routing::{Routing, RoutingChanges, RoutingQuery, RoutingRule, RoutingUpdate, RoutingUpdateVariables},
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::Forbidden;
use crate::{
    i18n::format,
    live::use_stream,
    notice::use_notifier,
    program::{SharedProgram, use_program},
    remote::{use_action, use_query},
    session::use_session,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, Column, EmptyState, IconName, PageHead, SkeletonBlock, Table},
};
use draft::Draft;

#[component]
pub fn RoutingAdmin() -> Html {
    if !use_session().can(ViewerAction::SeeRouting) {
        return html! { <Forbidden /> };
    }
    html! { <Desk /> }
}

#[component]
fn Desk() -> Html {
    let session = use_session();
    let program = use_program();
    let may_change = session.can(ViewerAction::ManageRouting);
    let query = use_query((), RoutingQuery::build);
    {
        let query = query.clone();
        use_stream::<RoutingChanges>(true, move |_| query.reload());
    }
    let lead = if may_change { t!("routing-lead-admin") } else { t!("routing-lead-reader") };
    let Some(me) = session.viewer().map(|viewer| viewer.user.id.clone()) else { return html! {} };
    html! {
        <>
            <PageHead title={t!("nav-routing")} {lead} />
            { query.view(SkeletonBlock::Page, |data| {
                let (Some(routing), Some(program)) = (data.routing.clone(), program.clone()) else {
                    return html! { <EmptyState icon={IconName::Share} title={t!("routing-none")} text={t!("routing-none-text")} /> };
                };
                html! {
                    <div class="e-stack">
                        if !routing.warnings.is_empty() { <Warnings routing={routing.clone()} /> }
                        if may_change {
                            <Editor routing={routing.clone()} {program} onsaved={query.on_reload()} />
                        } else {
                            <Reading routing={routing.clone()} />
                        }
                        <absences::Absences
                            absences={routing.absences.clone()}
                            people={routing.people.clone()}
                            {me}
                            everybody={may_change}
                            onchanged={query.on_reload()}
                        />
                    </div>
                }
            }) }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct ReadingProps {
    routing: Routing,
}

#[component]
fn Warnings(props: &ReadingProps) -> Html {
    let name = |at: i32| usize::try_from(at).ok().and_then(|at| props.routing.rules.get(at)).map(|rule| rule.name.clone()).unwrap_or_default();
    html! {
        <Alert tone={AlertTone::Warm} title={t!("routing-warning")}>
            <ul class="e-rules">
                { for props.routing.warnings.iter().map(|one| html! {
                    <li key={one.rule}>{ t!("routing-warning-row", "rule" => name(one.rule), "behind" => name(one.behind)) }</li>
                }) }
            </ul>
        </Alert>
    }
}

/// Which version this is.
fn version(routing: &Routing) -> Html {
    match (&routing.changed_by, &routing.changed_at) {
        (Some(by), Some(at)) => html! {
            <p class="e-subtle">{ t!("routing-version", "version" => routing.version, "name" => by.clone(), "date" => format::day_of(at)) }</p>
        },
        _ => html! { <p class="e-subtle">{ t!("routing-none-text") }</p> },
    }
}

/// What a rule asks for, in a line.
fn when(rule: &RoutingRule) -> String {
    let mut parts = Vec::new();
    let mut list = |label: String, names: Vec<String>| {
        if !names.is_empty() {
            parts.push(format!("{label} {}", names.join(", ")));
        }
    };
    list(t!("routing-customer-territories"), rule.customer_territories.iter().map(|one| one.name.clone()).collect());
    list(t!("routing-partner-territories"), rule.partner_territories.iter().map(|one| one.name.clone()).collect());
    list(t!("routing-products"), rule.products.iter().map(|one| one.name.clone()).chain(rule.lines.iter().cloned()).collect());
    list(t!("routing-tiers"), rule.tiers.iter().map(|one| one.name.clone()).collect());
    let value = |money: &Option<entente_web_api::Money>| money.iter().map(format::money).collect::<Vec<_>>();
    list("≥".to_owned(), value(&rule.from_value));
    list("<".to_owned(), value(&rule.below_value));
    if parts.is_empty() { t!("routing-any") } else { parts.join(" · ") }
}

#[component]
fn Reading(props: &ReadingProps) -> Html {
    let owner =
        |one: &entente_web_api::routing::RoutingStep| one.owner.as_ref().map_or_else(|| t!("routing-partner-manager"), |one| one.name.clone());
    html! {
        <Card title={t!("routing-table")}>
            { version(&props.routing) }
            <Table
                caption={t!("routing-rules")}
                columns={vec![Column::new(t!("routing-rule-name")), Column::new(t!("routing-when")), Column::new(t!("routing-steps"))]}
            >
                { for props.routing.rules.iter().map(|rule| html! {
                    <tr key={rule.name.clone()}>
                        <td data-label=""><span class="e-strong">{ &rule.name }</span></td>
                        <td data-label={t!("routing-when")}>{ when(rule) }</td>
                        <td data-label={t!("routing-steps")}>{ rule.steps.iter().map(owner).collect::<Vec<_>>().join(" → ") }</td>
                    </tr>
                }) }
                if let Some(fallback) = &props.routing.fallback {
                    <tr key="">
                        <td data-label=""><span class="e-strong">{ t!("routing-fallback") }</span></td>
                        <td data-label={t!("routing-when")}>{ t!("routing-any") }</td>
                        <td data-label={t!("routing-steps")}>{ &fallback.name }</td>
                    </tr>
                }
            </Table>
        </Card>
    }
}

#[derive(PartialEq, Properties)]
struct EditorProps {
    routing: Routing,
    program: SharedProgram,
    onsaved: Callback<()>,
}

#[component]
fn Editor(props: &EditorProps) -> Html {
    let language = use_settings().language;
    let notifier = use_notifier();
    let action = use_action();
    // The version that the draft is of; the server's may be newer while there is something that would be lost.
    let base = use_state(|| props.routing.clone());
    let draft = use_state(|| Draft::of(&props.routing, &props.program, language));
    let errors = use_state(|| Rc::new(Vec::<FieldError>::new()));
    let sent = use_mut_ref(|| None::<(i32, Draft)>);
    {
        let (base, draft, sent) = (base.clone(), draft.clone(), sent.clone());
        let (routing, program) = (props.routing.clone(), props.program.clone());
        use_effect_with(props.routing.version, move |version| {
            let own = sent.borrow_mut().take_if(|(saved, _)| saved == version).map(|(_, saved)| saved);
            let is_own = own.is_some();
            if *draft == own.unwrap_or_else(|| Draft::of(&base, &program, language)) {
                draft.set(Draft::of(&routing, &program, language));
                base.set(routing);
            } else if is_own {
                // Changed further since it was saved.
                base.set(routing);
            }
        });
    }
    let onchange = {
        let (draft, errors) = (draft.setter(), errors.setter());
        Callback::from(move |next: Draft| {
            errors.set(Rc::new(Vec::new()));
            draft.set(next);
        })
    };
    let onsubmit = {
        let (draft, errors, action, onsaved) = (draft.clone(), errors.setter(), action.clone(), props.onsaved.clone());
        let (sent, notifier, expected_version) = (sent.clone(), notifier.clone(), base.version);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let variables = RoutingUpdateVariables { expected_version, input: draft.input(language) };
            let (errors, notifier, onsaved) = (errors.clone(), notifier.clone(), onsaved.clone());
            let (sent, draft) = (sent.clone(), (*draft).clone());
            action.run(RoutingUpdate::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => match data.routing_update.routing {
                    Some(routing) => {
                        notifier.success(t!("routing-saved", "version" => routing.version));
                        *sent.borrow_mut() = Some((routing.version, draft));
                        onsaved.emit(());
                    }
                    None => {
                        let found: Vec<FieldError> = field_errors(data.routing_update.errors).into_iter().map(say).collect();
                        notifier.announce(t!("register-wrong-count", "n" => found.len()));
                        errors.set(Rc::new(found));
                    }
                },
            });
        })
    };
    let onreset = {
        let (onchange, base, routing, program) = (onchange.clone(), base.setter(), props.routing.clone(), props.program.clone());
        Callback::from(move |_: MouseEvent| {
            base.set(routing.clone());
            onchange.emit(Draft::of(&routing, &program, language));
        })
    };
    let is_behind = base.version != props.routing.version;
    html! {
        <Card title={t!("routing-table")}>
            { version(&props.routing) }
            if is_behind {
                <Alert tone={AlertTone::Warm} urgent=true title={t!("routing-behind", "version" => props.routing.version)}>
                    <p>{ t!("routing-behind-text") }</p>
                </Alert>
            }
            <form class="e-form e-rules-form" id="routing-form" {onsubmit} novalidate=true>
                if !errors.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true title={t!("routing-refused")}>
                        <ul class="e-rules">{ for errors.iter().map(|error| html! { <li>{ &error.message }</li> }) }</ul>
                    </Alert>
                }
                <form::Fields
                    draft={(*draft).clone()}
                    program={props.program.clone()}
                    people={props.routing.people.clone()}
                    errors={(*errors).clone()}
                    {onchange}
                />
                <div class="e-form__actions">
                    <Button kind={ButtonKind::Primary} submit=true busy={action.busy} icon={IconName::Check}>{ t!("routing-save") }</Button>
                    if is_behind || *draft != Draft::of(&props.routing, &props.program, language) {
                        <Button icon={IconName::Undo} onclick={onreset}>{ t!("routing-reset") }</Button>
                    }
                </div>
            </form>
        </Card>
    }
}

/// Puts a refusal into the words of the screen, where its code says enough.
fn say(mut error: FieldError) -> FieldError {
    let text = match error.code.as_str() {
        "CIRCULAR_STEP" => t!("routing-wrong-circular"),
        "PERSON_CANNOT_DECIDE" => t!("routing-wrong-unable"),
        "PERSON_UNKNOWN" => t!("routing-wrong-unknown"),
        "TERRITORY_UNKNOWN" => t!("routing-wrong-territory"),
        "COUNTRY_UNKNOWN" => t!("routing-wrong-country"),
        "NAME_TAKEN" => t!("routing-wrong-name"),
        "INVALID_INPUT" => t!("routing-wrong-value"),
        "STALE_VERSION" => t!("routing-refused-stale"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        _ => return error,
    };
    error.message = text;
    error
}
