//! The rules by which leads find a partner: read by the vendor's staff, edited by administrators. What is saved is in force at
//! once, as a version of its own.

mod draft;
mod rule;

use entente_web_api::{
    FieldError, MutationBuilder, QueryBuilder,
    error::field_errors,
    lead::{LeadRoutingQuery, LeadRoutingSave, LeadRoutingSaveVariables},
    user::{UserFilter, UsersQuery, UsersVariables},
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::{Forbidden, users::vendor_roles};
use crate::{
    i18n::format,
    notice::use_notifier,
    pages::{partner::PartnerChoice, register::fresh_key},
    program::{SharedProgram, use_program},
    remote::{use_action, use_query},
    session::use_session,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, Choice, IconButton, IconName, PageHead, Select, SkeletonBlock, TextAreaField, TextField},
};
use draft::{Draft, RuleDraft};
use rule::{Move, RuleForm};

/// Puts what was typed into the draft.
type Edit = Box<dyn Fn(&mut Draft, String)>;

#[component]
pub fn LeadRules() -> Html {
    let program = use_program();
    if !use_session().can(ViewerAction::SeeLeadRouting) {
        return html! { <Forbidden /> };
    }
    let Some(program) = program else { return html! {} };
    html! {
        <>
            <PageHead title={t!("nav-lead-rules")} lead={t!("lead-rules-lead")} />
            <Editor {program} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct EditorProps {
    program: SharedProgram,
}

#[component]
fn Editor(props: &EditorProps) -> Html {
    let query = use_query((), LeadRoutingQuery::build);
    query.view(SkeletonBlock::Page, |data| match &data.lead_routing {
        None => html! {},
        Some(routing) => {
            let saved =
                t!("lead-rules-version", "n" => routing.number, "who" => routing.saved_by.clone(), "when" => format::date_time(&routing.saved_at));
            html! {
                <>
                    <p class="e-subtle e-small">{ if routing.number == 0 { t!("lead-rules-unsaved") } else { saved } }</p>
                    <Form key={routing.number} draft={Draft::of(routing)} program={props.program.clone()} onsaved={query.on_reload()} />
                </>
            }
        }
    })
}

#[derive(PartialEq, Properties)]
struct FormProps {
    draft: Draft,
    program: SharedProgram,
    onsaved: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let (action, notifier, session) = (use_action(), use_notifier(), use_session());
    let draft = use_state(|| props.draft.clone());
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    // The vendor's own people alone, so that those of many partners do not fill the page that is read.
    let vendor = UserFilter { roles: Some(vendor_roles().collect()), active: Some(true), ..UserFilter::default() };
    let people = use_query(UsersVariables { filter: Some(vendor), first: Some(100), ..UsersVariables::default() }, UsersQuery::build);
    let may = session.can(ViewerAction::ManageLeadRouting);
    let edit = |change: Edit| {
        let draft = draft.clone();
        Callback::from(move |text: String| {
            let mut next = (*draft).clone();
            change(&mut next, text);
            draft.set(next);
        })
    };
    let about = |field: &str| errors.iter().find(|error| error.path.len() == 2 && error.is_about(field)).map(|error| error.message.clone());
    let save = {
        let (draft, errors, key, action, onsaved) = (draft.clone(), errors.setter(), key.clone(), action.clone(), props.onsaved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = draft.input((*key).clone());
            let (errors, key, notifier, onsaved) = (errors.clone(), key.setter(), notifier.clone(), onsaved.clone());
            action.run(LeadRoutingSave::build(LeadRoutingSaveVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    key.set(fresh_key());
                    let found = field_errors(data.lead_routing_save.errors);
                    if let (Some(routing), true) = (data.lead_routing_save.routing, found.is_empty()) {
                        notifier.success(t!("lead-rules-saved", "n" => routing.number));
                        onsaved.emit(());
                    }
                    errors.set(found);
                }
            });
        })
    };
    let of_rule = |at: usize| -> Vec<FieldError> {
        let place = at.to_string();
        errors.iter().filter(|error| error.path.get(1).is_some_and(|p| p == "rules") && error.path.get(2) == Some(&place)).cloned().collect()
    };
    let count = draft.rules.len();
    let rules = draft.rules.iter().enumerate().map(|(at, rule)| {
        let onchange = {
            let draft = draft.clone();
            Callback::from(move |rule: RuleDraft| {
                let mut next = (*draft).clone();
                next.rules[at] = rule;
                draft.set(next);
            })
        };
        let onmove = {
            let draft = draft.clone();
            Callback::from(move |what: Move| {
                let mut next = (*draft).clone();
                match what {
                    Move::Up if at > 0 => next.rules.swap(at, at - 1),
                    Move::Down if at + 1 < next.rules.len() => next.rules.swap(at, at + 1),
                    Move::Remove => drop(next.rules.remove(at)),
                    Move::Up | Move::Down => {}
                }
                draft.set(next);
            })
        };
        html! { <RuleForm {at} rule={rule.clone()} program={props.program.clone()} {onchange} {onmove} errors={of_rule(at)} last={at + 1 == count} /> }
    });
    let add = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = (*draft).clone();
            // Before the rule for everything else, where there is one.
            let at = next.rules.len().saturating_sub(1);
            next.rules.insert(at, RuleDraft { same_territory: true, neighbours: true, ..RuleDraft::default() });
            draft.set(next);
        })
    };
    let mut persons = vec![Choice::new("", t!("lead-rules-nobody"))];
    if let Some(data) = people.data() {
        persons.extend(data.users.nodes.iter().map(|person| Choice::new(person.id.inner().to_owned(), person.name.clone())));
    }
    html! {
        <form class="e-form e-lead-rules" onsubmit={save} novalidate=true>
            if !errors.is_empty() {
                <Alert tone={AlertTone::Danger} urgent=true title={t!("lead-rules-wrong", "n" => errors.len() as i64)}>
                    { for errors.iter().take(5).map(|error| html! { <p>{ &error.message }</p> }) }
                </Alert>
            }
            <fieldset class="e-lead-rules__all" disabled={!may}>
                <Card title={t!("lead-rules-times")}>
                    <div class="e-fact-grid">
                        <TextField id="lead-window-hours" label={t!("lead-rules-window")} inputmode="numeric" value={draft.window_hours.clone()} oninput={edit(Box::new(|d, v| d.window_hours = v))} error={about("windowHours")} />
                        <TextField id="lead-follow-up-hours" label={t!("lead-rules-follow-up")} inputmode="numeric" value={draft.follow_up_hours.clone()} oninput={edit(Box::new(|d, v| d.follow_up_hours = v))} error={about("followUpHours")} />
                        <TextField id="lead-duplicate-days" label={t!("lead-rules-duplicates")} inputmode="numeric" value={draft.duplicate_days.clone()} oninput={edit(Box::new(|d, v| d.duplicate_days = v))} error={about("duplicateDays")} />
                        <Select id="lead-fallback" label={t!("lead-rules-fallback")} choices={persons} value={draft.fallback.clone().unwrap_or_default()} onchange={edit(Box::new(|d, v| d.fallback = (!v.is_empty()).then_some(v)))} error={about("fallbackUserId")} />
                    </div>
                </Card>
                <Card title={t!("lead-rules-rules")}>
                    <p class="e-subtle e-small">{ t!("lead-rules-order") }</p>
                    { for rules }
                    if may { <div><Button small=true icon={IconName::Plus} onclick={add}>{ t!("lead-rule-add") }</Button></div> }
                </Card>
                { pins(&draft, &errors, may) }
                { regions(&draft, &props.program, &errors) }
                if may {
                    <Card title={t!("lead-rules-save")}>
                        <TextAreaField id="lead-rules-note" label={t!("lead-rules-note")} rows=2 maxlength="4000" value={draft.note.clone()} oninput={edit(Box::new(|d, v| d.note = v))} error={about("note")} />
                        <div class="e-form__actions"><Button kind={ButtonKind::Primary} submit=true busy={action.busy}>{ t!("lead-rules-save") }</Button></div>
                    </Card>
                }
            </fieldset>
        </form>
    }
}

fn pins(draft: &UseStateHandle<Draft>, errors: &[FieldError], may: bool) -> Html {
    let change = |edit: Box<dyn Fn(&mut Draft)>| {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = (*draft).clone();
            edit(&mut next);
            draft.set(next);
        })
    };
    let rows = draft.pins.iter().enumerate().map(|(at, (domain, partner))| {
        let typed = {
            let draft = draft.clone();
            Callback::from(move |text: String| {
                let mut next = (*draft).clone();
                next.pins[at].0 = text;
                draft.set(next);
            })
        };
        let onchoose = {
            let draft = draft.clone();
            Callback::from(move |partner| {
                let mut next = (*draft).clone();
                next.pins[at].1 = Some(partner);
                draft.set(next);
            })
        };
        let place = at.to_string();
        let about = |field: &str| {
            let mine = |error: &&FieldError| error.path.get(1).is_some_and(|p| p == "pins") && error.path.get(2) == Some(&place) && error.is_about(field);
            errors.iter().find(mine).map(|error| error.message.clone())
        };
        html! {
            <div class="e-lead-pin">
                <TextField id={format!("lead-pin-{at}")} label={t!("lead-pin-domain", "n" => at as i64 + 1)} value={domain.clone()} oninput={typed} error={about("domain")} />
                <PartnerChoice id={format!("lead-pin-partner-{at}")} label={t!("lead-pin-partner", "n" => at as i64 + 1)} chosen={partner.as_ref().map(|p| p.name.clone()).unwrap_or_default()} {onchoose} error={about("partnerId")} />
                <IconButton name={IconName::Trash} label={t!("lead-pin-remove", "n" => at as i64 + 1)} onclick={change(Box::new(move |d| drop(d.pins.remove(at))))} />
            </div>
        }
    });
    html! {
        <Card title={t!("lead-rules-pins")}>
            <p class="e-subtle e-small">{ t!("lead-rules-pins-hint") }</p>
            { for rows }
            if may {
                <div><Button small=true icon={IconName::Plus} onclick={change(Box::new(|d| d.pins.push((String::new(), None))))}>{ t!("lead-pin-add") }</Button></div>
            }
        </Card>
    }
}

fn regions(draft: &UseStateHandle<Draft>, program: &SharedProgram, errors: &[FieldError]) -> Html {
    let set = |territory: String, countries: bool| {
        let draft = draft.clone();
        Callback::from(move |text: String| {
            let mut next = (*draft).clone();
            if !next.regions.iter().any(|(key, ..)| *key == territory) {
                next.regions.push((territory.clone(), String::new(), String::new()));
            }
            if let Some(row) = next.regions.iter_mut().find(|(key, ..)| *key == territory) {
                if countries { row.1 = text } else { row.2 = text }
            }
            draft.set(next);
        })
    };
    html! {
        <Card title={t!("lead-rules-regions")}>
            <p class="e-subtle e-small">{ t!("lead-rules-regions-hint") }</p>
            { for program.territories.iter().map(|territory| {
                let row = draft.regions.iter().position(|(key, ..)| *key == territory.key);
                let (countries, neighbours) = row.map_or_else(Default::default, |at| (draft.regions[at].1.clone(), draft.regions[at].2.clone()));
                let place = row.map(|at| at.to_string());
                let about = |field: &str| {
                    let mine = |error: &&FieldError| error.path.get(1).is_some_and(|p| p == "regions") && error.path.get(2) == place.as_ref() && error.is_about(field);
                    errors.iter().find(mine).map(|error| error.message.clone())
                };
                html! {
                    <div class="e-lead-region" key={territory.key.clone()}>
                        <TextField id={format!("lead-region-{}", territory.key)} label={t!("lead-region-countries", "name" => territory.name.clone())} value={countries} oninput={set(territory.key.clone(), true)} error={about("countries")} />
                        <TextField id={format!("lead-neighbours-{}", territory.key)} label={t!("lead-region-neighbours", "name" => territory.name.clone())} value={neighbours} oninput={set(territory.key.clone(), false)} error={about("neighbours")} />
                    </div>
                }
            }) }
        </Card>
    }
}
