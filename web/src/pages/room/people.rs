//! Who takes part in which role and with which share, and who introduced whom.

use entente_web_api::{
    Date, Decimal, Id, MutationBuilder, QueryBuilder,
    cosell::{
        Conclude, ConcludeVariables, CosellRole, DealRoom, DealRoomIntroductionInput, DealRoomParticipantInput, Introduce, IntroduceVariables,
        IntroductionOutcome, SetParticipants, SetParticipantsVariables,
    },
    error::field_errors,
    partner::{PartnerSuggestionsQuery, PartnerSuggestionsVariables},
};
use yew::prelude::*;

use super::{permission::settled, words};
use crate::{
    i18n::format,
    pages::register::fresh_key,
    remote::{use_action, use_query},
    t, texts,
    ui::{Alert, AlertTone, Button, Card, Choice, Combobox, DateField, IconButton, IconName, Select, Tag, TextField},
};

/// Today where the browser is, as `2026-11-21`.
fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

#[derive(PartialEq, Properties)]
pub struct PeopleProps {
    pub room: DealRoom,
    pub may_manage: bool,
    pub onchange: Callback<()>,
}

/// The list while it is edited, with the version of the room of which it was taken: others may change the room meanwhile.
#[derive(Clone)]
struct Editing {
    version: i32,
    rows: Vec<DealRoomParticipantInput>,
}

/// The rows of a room as they would be sent back.
fn rows(room: &DealRoom) -> Vec<DealRoomParticipantInput> {
    let row = |p: &entente_web_api::cosell::DealRoomParticipant| {
        Some(DealRoomParticipantInput {
            partner_id: p.partner.as_ref()?.id.clone(),
            role: p.role,
            share: p.share.clone(),
            act: p.act.clone(),
            acted_on: p.acted_on.clone(),
        })
    };
    room.participants.iter().filter_map(row).collect()
}

#[component]
pub fn People(props: &PeopleProps) -> Html {
    let room = &props.room;
    let action = use_action();
    let problem = use_state(|| None::<String>);
    let editing = use_state(|| None::<Editing>);
    let names = use_state(Vec::<(Id, String)>::new);
    let name_of = {
        let known: Vec<(Id, String)> = room.participants.iter().filter_map(|p| p.partner.as_ref()).map(|p| (p.id.clone(), p.name.clone())).collect();
        let names = names.clone();
        move |id: &Id| known.iter().chain(names.iter()).find(|(k, _)| k == id).map(|(_, n)| n.clone()).unwrap_or_default()
    };
    let save = {
        let (action, editing, problem, onchange) = (action.clone(), editing.clone(), problem.setter(), props.onchange.clone());
        let deal_id = room.deal_id.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(Editing { version, rows }) = (*editing).clone() else { return };
            let variables = SetParticipantsVariables { deal_id: deal_id.clone(), expected_version: version, participants: rows };
            let (editing, problem, onchange) = (editing.setter(), problem.clone(), onchange.clone());
            action.run(SetParticipants::build(variables), move |answer: Result<SetParticipants, _>| match answer {
                Ok(data) => {
                    let errors = field_errors(data.deal_room_set_participants.errors);
                    problem.set(errors.first().map(words::refusal));
                    if errors.is_empty() || errors.iter().any(|error| error.code == "STALE_VERSION") {
                        // Who was first is not undone: the list is shown as it is now, to be edited again.
                        editing.set(None);
                        onchange.emit(());
                    }
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let add = {
        let (editing, names) = (editing.clone(), names.clone());
        Callback::from(move |(row, name): (DealRoomParticipantInput, String)| {
            let Some(mut all) = (*editing).clone() else { return };
            let mut known = (*names).clone();
            known.push((row.partner_id.clone(), name));
            names.set(known);
            all.rows.push(row);
            editing.set(Some(all));
        })
    };
    let edit = {
        let (editing, names, problem, room) = (editing.setter(), names.setter(), problem.setter(), room.clone());
        Callback::from(move |_: MouseEvent| {
            problem.set(None);
            // A partner that somebody else takes out meanwhile stands in this list with its name.
            names.set(room.participants.iter().filter_map(|p| p.partner.as_ref()).map(|p| (p.id.clone(), p.name.clone())).collect());
            editing.set(Some(Editing { version: room.version, rows: rows(&room) }));
        })
    };
    html! {
        <Card title={t!("room-people")}>
            <div class="e-stack">
                if let Some(all) = &*editing {
                    if all.version != room.version { <Alert tone={AlertTone::Warm} urgent=true title={t!("room-people-changed")} /> }
                    <ul class="e-rules">
                        { for all.rows.iter().enumerate().map(|(n, row)| {
                            let remove = {
                                let (editing, all) = (editing.clone(), all.clone());
                                Callback::from(move |_: MouseEvent| {
                                    let mut all = all.clone();
                                    all.rows.remove(n);
                                    editing.set(Some(all));
                                })
                            };
                            let name = name_of(&row.partner_id);
                            html! {
                                <li key={n}>
                                    { &name }{ " · " }{ words::role(row.role) }
                                    if let Some(share) = &row.share { { " · " }{ t!("record-percent", "n" => share.approximate()) } }
                                    { " " }<IconButton name={IconName::Close} label={t!("room-people-remove", "name" => name)} onclick={remove} />
                                </li>
                            }
                        }) }
                    </ul>
                    <AddPartner {add} />
                } else if room.participants.is_empty() {
                    <p class="e-subtle">{ t!("room-people-none") }</p>
                } else {
                    <ul class="e-rules">
                        { for room.participants.iter().map(|p| html! {
                            <li>
                                <strong>{ p.partner.as_ref().map(|p| p.name.clone()).unwrap_or_default() }</strong>{ " " }
                                <Tag tone={words::role_tone(p.role)}>{ words::role(p.role) }</Tag>
                                if let Some(share) = &p.share { { " " }<span class="e-num">{ t!("record-percent", "n" => share.approximate()) }</span> }
                                <span class="e-subtle e-fact__beside">{ &p.act }{ " · " }{ format::date(&p.acted_on) }</span>
                            </li>
                        }) }
                    </ul>
                }
                if let Some(problem) = &*problem { <Alert tone={AlertTone::Danger} urgent=true title={problem.clone()} /> }
                if props.may_manage {
                    if editing.is_some() {
                        <div class="e-row">
                            <Button small=true onclick={let editing = editing.setter(); Callback::from(move |_: MouseEvent| editing.set(None))}>{ t!("common-cancel") }</Button>
                            <Button small=true busy={action.busy} onclick={save}>{ t!("common-save") }</Button>
                        </div>
                    } else {
                        <Button small=true icon={IconName::Pencil} onclick={edit}>{ t!("room-people-edit") }</Button>
                    }
                }
            </div>
        </Card>
    }
}

#[derive(PartialEq, Properties)]
struct AddProps {
    add: Callback<(DealRoomParticipantInput, String)>,
}

/// One more partner for the list that is being edited.
#[component]
fn AddPartner(props: &AddProps) -> Html {
    let search = use_state(String::new);
    let chosen = use_state(|| None::<Choice>);
    let role = use_state_eq(|| CosellRole::Influenced);
    let share = use_state(String::new);
    let act = use_state(String::new);
    let acted_on = use_state(today);
    let found = use_query(PartnerSuggestionsVariables { prefix: (*search).clone(), first: Some(8) }, PartnerSuggestionsQuery::build);
    let options: Vec<Choice> = found.data().map_or_else(Vec::new, |data| {
        let partner =
            |s: &entente_web_api::partner::PartnerSuggestion| s.partner.as_ref().map(|p| Choice::new(p.id.inner().to_owned(), p.name.clone()));
        data.partner_suggestions.iter().filter_map(partner).collect()
    });
    let roles = [CosellRole::Sourced, CosellRole::Influenced, CosellRole::Delivered];
    let choices: Vec<Choice> = roles.iter().enumerate().map(|(n, r)| Choice::new(n.to_string(), words::role(*r))).collect();
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    let add = {
        let (chosen, role, share, act, acted_on, add) =
            (chosen.clone(), role.clone(), share.clone(), act.clone(), acted_on.clone(), props.add.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(partner) = (*chosen).clone() else { return };
            let share_given = share.trim().replace(',', ".");
            let row = DealRoomParticipantInput {
                partner_id: Id::new(partner.value.as_str()),
                role: *role,
                share: (!share_given.is_empty()).then_some(Decimal(share_given)),
                act: (*act).clone(),
                acted_on: Date::from(acted_on.as_str()),
            };
            add.emit((row, partner.label.to_string()));
            chosen.set(None);
            share.set(String::new());
            act.set(String::new());
        })
    };
    let place = roles.iter().position(|r| *r == *role).unwrap_or_default();
    html! {
        <fieldset class="e-form">
            <legend>{ t!("room-people-add") }</legend>
            <Combobox
                id="room-partner"
                label={t!("room-partner")}
                {options}
                chosen={chosen.as_ref().map(|c| c.label.clone()).unwrap_or_default()}
                onsearch={typed(&search)}
                onchoose={let chosen = chosen.setter(); Callback::from(move |choice| chosen.set(Some(choice)))}
                nothing={t!("room-partner-none")}
            />
            <Select
                id="room-role"
                label={t!("room-role")}
                {choices}
                value={place.to_string()}
                onchange={let role = role.setter(); Callback::from(move |n: String| role.set(roles[n.parse::<usize>().unwrap_or(1).min(2)]))}
            />
            <TextField id="room-share" label={t!("room-share")} hint={AttrValue::from(t!("room-share-hint"))} inputmode="decimal" value={(*share).clone()} oninput={typed(&share)} />
            <TextField id="room-act" label={t!("room-act")} value={(*act).clone()} oninput={typed(&act)} maxlength="200" required=true />
            <DateField id="room-acted-on" label={t!("room-acted-on")} value={(*acted_on).clone()} onchange={typed(&acted_on)} required=true />
            <Button small=true icon={IconName::Plus} disabled={chosen.is_none()} onclick={add}>{ t!("room-people-add") }</Button>
        </fieldset>
    }
}

#[derive(PartialEq, Properties)]
pub struct IntroductionsProps {
    pub room: DealRoom,
    pub may_write: bool,
    pub onchange: Callback<()>,
}

#[component]
pub fn Introductions(props: &IntroductionsProps) -> Html {
    let room = &props.room;
    let action = use_action();
    let problem = use_state(|| None::<String>);
    let introducer = use_state(String::new);
    let introduced = use_state(String::new);
    let to = use_state(String::new);
    let on = use_state(today);
    let key = use_state(fresh_key);
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    let onsubmit = {
        let (action, problem, key, onchange, deal_id) = (action.clone(), problem.setter(), key.clone(), props.onchange.clone(), room.deal_id.clone());
        let (introducer, introduced, to, on) = (introducer.clone(), introduced.clone(), to.clone(), on.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = DealRoomIntroductionInput {
                introducer: (*introducer).clone(),
                introduced: (*introduced).clone(),
                to: (*to).clone(),
                on: Date::from(on.as_str()),
                idempotency_key: Some((*key).clone()),
            };
            let (problem, onchange, key) = (problem.clone(), onchange.clone(), key.setter());
            let fields = [introducer.setter(), introduced.setter(), to.setter()];
            action.run(Introduce::build(IntroduceVariables { deal_id: deal_id.clone(), input }), move |answer: Result<Introduce, _>| match answer {
                Ok(data) => {
                    key.set(fresh_key());
                    if settled(data.deal_room_introduce, &problem, &onchange) {
                        fields.iter().for_each(|field| field.set(String::new()));
                    }
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let conclude = |id: &Id, outcome: IntroductionOutcome| {
        let (action, problem, onchange) = (action.clone(), problem.setter(), props.onchange.clone());
        let variables = ConcludeVariables { deal_id: room.deal_id.clone(), expected_version: room.version, introduction_id: id.clone(), outcome };
        Callback::from(move |_: MouseEvent| {
            let (problem, onchange) = (problem.clone(), onchange.clone());
            action.run(Conclude::build(variables.clone()), move |answer: Result<Conclude, _>| match answer {
                Ok(data) => {
                    settled(data.deal_room_conclude_introduction, &problem, &onchange);
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    html! {
        <Card title={t!("room-introductions")}>
            <div class="e-stack">
                if room.introductions.is_empty() { <p class="e-subtle">{ t!("room-introductions-none") }</p> }
                <ul class="e-rules">
                    { for room.introductions.iter().map(|i| html! {
                        <li key={i.id.inner().to_owned()}>
                            { t!("room-introduction", "by" => i.introducer.clone(), "who" => i.introduced.clone(), "to" => i.to.clone()) }
                            <span class="e-subtle e-fact__beside">{ format::date(&i.on) }{ " · " }{ words::outcome(i.outcome) }</span>
                            if props.may_write && i.outcome == IntroductionOutcome::Open {
                                <div class="e-row">
                                    { for [IntroductionOutcome::Met, IntroductionOutcome::Declined, IntroductionOutcome::NoAnswer].map(|outcome| html! {
                                        <Button small=true disabled={action.busy} onclick={conclude(&i.id, outcome)}>{ words::outcome(outcome) }</Button>
                                    }) }
                                </div>
                            }
                        </li>
                    }) }
                </ul>
                if let Some(problem) = &*problem { <Alert tone={AlertTone::Danger} urgent=true title={problem.clone()} /> }
                if props.may_write {
                    <details>
                        <summary>{ t!("room-introduce") }</summary>
                        <form class="e-form" {onsubmit} novalidate=true>
                            <TextField id="intro-by" label={t!("room-introducer")} value={(*introducer).clone()} oninput={typed(&introducer)} maxlength="200" required=true />
                            <TextField id="intro-who" label={t!("room-introduced")} value={(*introduced).clone()} oninput={typed(&introduced)} maxlength="200" required=true />
                            <TextField id="intro-to" label={t!("room-introduced-to")} value={(*to).clone()} oninput={typed(&to)} maxlength="200" required=true />
                            <DateField id="intro-on" label={t!("room-introduced-on")} value={(*on).clone()} onchange={typed(&on)} required=true />
                            <Button submit=true small=true busy={action.busy}>{ t!("room-introduce-save") }</Button>
                        </form>
                    </details>
                }
            </div>
        </Card>
    }
}
