//! Who is away and who acts meanwhile: people keep their own absences, administrators everybody's.

use entente_web_api::{
    Date, FieldError, Id, MutationBuilder,
    deal::PersonRef,
    error::field_errors,
    routing::{Absence, AbsenceInput, AbsenceRemove, AbsenceRemoveVariables, AbsenceSave, AbsenceSaveVariables},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    notice::use_notifier,
    pages::register::fresh_key,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, Choice, Column, DateField, EmptyState, IconButton, IconName, Modal, Select, Table, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct AbsencesProps {
    pub absences: Vec<Absence>,
    pub people: Vec<PersonRef>,
    /// Who is looking.
    pub me: Id,
    /// Whether everybody's may be kept.
    pub everybody: bool,
    pub onchanged: Callback<()>,
}

/// What stands in the form.
#[derive(Clone, PartialEq)]
struct Form {
    id: Option<Id>,
    user: String,
    from: String,
    until: String,
    cover: String,
    key: String,
}

fn name(person: Option<&PersonRef>) -> String {
    person.map(|one| one.name.clone()).unwrap_or_default()
}

#[component]
pub fn Absences(props: &AbsencesProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let form = use_state(|| None::<Form>);
    let today = format::today();
    let add = {
        let (form, me, today) = (form.setter(), props.me.inner().to_owned(), today.to_string());
        Callback::from(move |_: MouseEvent| {
            let blank = Form { id: None, user: me.clone(), from: today.clone(), until: today.clone(), cover: String::new(), key: fresh_key() };
            form.set(Some(blank));
        })
    };
    let row = |absence: &Absence| {
        let who = name(absence.user.as_ref());
        let edit = {
            let (form, absence) = (form.setter(), absence.clone());
            let id = |one: &Option<PersonRef>| one.as_ref().map(|one| one.id.inner().to_owned()).unwrap_or_default();
            let known = Form {
                id: Some(absence.id.clone()),
                user: id(&absence.user),
                from: absence.from.to_string(),
                until: absence.until.to_string(),
                cover: id(&absence.cover),
                key: String::new(),
            };
            Callback::from(move |_: MouseEvent| form.set(Some(Form { key: fresh_key(), ..known.clone() })))
        };
        let remove = {
            let (action, notifier, onchanged) = (action.clone(), notifier.clone(), props.onchanged.clone());
            let (id, who) = (absence.id.clone(), who.clone());
            Callback::from(move |_: MouseEvent| {
                let (notifier, onchanged, who) = (notifier.clone(), onchanged.clone(), who.clone());
                action.run(AbsenceRemove::build(AbsenceRemoveVariables { id: id.clone() }), move |answer| match answer {
                    Err(error) => notifier.failure(texts::api_error(&error)),
                    Ok(data) => {
                        match field_errors(data.absence_remove.errors).first() {
                            Some(error) => notifier.failure(say(error)),
                            None => notifier.success(t!("routing-absence-removed", "name" => who)),
                        }
                        onchanged.emit(());
                    }
                });
            })
        };
        let now = absence.from <= today && today <= absence.until;
        html! {
            <tr key={absence.id.inner().to_owned()} class={(absence.until < today).then_some("e-row-off")}>
                <td data-label=""><span class="e-strong">{ &who }</span>{ " " }if now { <Tag tone={Tone::Warm}>{ t!("routing-absence-now") }</Tag> }</td>
                <td class="e-nowrap" data-label={t!("routing-absence-from")}>{ format::date(&absence.from) }</td>
                <td class="e-nowrap" data-label={t!("routing-absence-until")}>{ format::date(&absence.until) }</td>
                <td data-label={t!("routing-absence-cover")}>{ name(absence.cover.as_ref()) }</td>
                <td class="e-end" data-label={t!("settings-actions")}>
                    if absence.viewer_may_edit {
                        <span class="e-row">
                            <IconButton name={IconName::Pencil} label={t!("routing-absence-edit", "name" => who.clone())} onclick={edit} />
                            <IconButton name={IconName::Trash} label={t!("routing-absence-remove", "name" => who.clone())} onclick={remove} />
                        </span>
                    }
                </td>
            </tr>
        }
    };
    let close = {
        let form = form.setter();
        Callback::from(move |()| form.set(None))
    };
    html! {
        <Card title={t!("routing-absences")} aside={html! { <Button small=true icon={IconName::Plus} onclick={add}>{ t!("routing-absence-add") }</Button> }}>
            <p class="e-subtle">{ t!("routing-absences-lead") }</p>
            if props.absences.is_empty() {
                <EmptyState icon={IconName::Calendar} title={t!("routing-absences-none")} text={t!("routing-absences-none-text")} />
            } else {
                <Table
                    caption={t!("routing-absences")}
                    columns={vec![
                        Column::new(t!("routing-absence-who")),
                        Column::new(t!("routing-absence-from")),
                        Column::new(t!("routing-absence-until")),
                        Column::new(t!("routing-absence-cover")),
                        Column::new(t!("settings-actions")).end(),
                    ]}
                >
                    { for props.absences.iter().map(row) }
                </Table>
            }
            if let Some(known) = (*form).clone() {
                <Edit {known} people={props.people.clone()} everybody={props.everybody} onclose={close} ondone={props.onchanged.clone()} />
            }
        </Card>
    }
}

#[derive(PartialEq, Properties)]
struct EditProps {
    known: Form,
    people: Vec<PersonRef>,
    everybody: bool,
    onclose: Callback<()>,
    ondone: Callback<()>,
}

#[component]
fn Edit(props: &EditProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let form = use_state(|| props.known.clone());
    let errors = use_state(Vec::<FieldError>::new);
    let put = |put: fn(&mut Form, String)| {
        let form = form.clone();
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            put(&mut next, text);
            form.set(next);
        })
    };
    let people: Vec<Choice> = props.people.iter().map(|one| Choice::new(one.id.inner().to_owned(), one.name.clone())).collect();
    let covers: Vec<Choice> = people.iter().filter(|one| one.value != form.user.as_str()).cloned().collect();
    let submit = {
        let (action, form, errors) = (action.clone(), form.clone(), errors.clone());
        let (onclose, ondone) = (props.onclose.clone(), props.ondone.clone());
        Callback::from(move |()| {
            let input = AbsenceInput {
                id: form.id.clone(),
                user_id: Some(Id::from(form.user.clone())),
                from: Date(form.from.clone()),
                until: Date(form.until.clone()),
                cover_id: Id::from(form.cover.clone()),
                idempotency_key: Some(form.key.clone()),
            };
            let (form, errors, notifier, onclose, ondone) = (form.clone(), errors.setter(), notifier.clone(), onclose.clone(), ondone.clone());
            action.run(AbsenceSave::build(AbsenceSaveVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => match data.absence_save.absence {
                    Some(absence) => {
                        notifier.success(t!(
                            "routing-absence-saved",
                            "name" => name(absence.user.as_ref()),
                            "cover" => name(absence.cover.as_ref()),
                            "from" => format::date(&absence.from),
                            "until" => format::date(&absence.until),
                        ));
                        onclose.emit(());
                        ondone.emit(());
                    }
                    None => {
                        form.set(Form { key: fresh_key(), ..(*form).clone() });
                        let said = |mut error: FieldError| {
                            error.message = say(&error);
                            error
                        };
                        errors.set(field_errors(data.absence_save.errors).into_iter().map(said).collect());
                    }
                },
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
    let others = texts::other_errors(&errors, &["userId", "from", "until", "coverId"]);
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("routing-absence-save") }</Button>
        </>
    };
    html! {
        <Modal title={t!("routing-absence-add")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} novalidate=true>
                if let Some(other) = others.first() { <Alert tone={AlertTone::Danger} urgent=true title={other.clone()} /> }
                if props.everybody {
                    <Select
                        id="absence-user"
                        label={t!("routing-absence-who")}
                        choices={people}
                        value={form.user.clone()}
                        onchange={put(|form, id| form.user = id)}
                        error={texts::error_for(&errors, "userId")}
                    />
                }
                <DateField id="absence-from" label={t!("routing-absence-from")} value={form.from.clone()} onchange={put(|form, day| form.from = day)} required=true error={texts::error_for(&errors, "from")} />
                <DateField id="absence-until" label={t!("routing-absence-until")} value={form.until.clone()} onchange={put(|form, day| form.until = day)} required=true error={texts::error_for(&errors, "until")} />
                <Select
                    id="absence-cover"
                    label={t!("routing-absence-cover")}
                    choices={covers}
                    value={form.cover.clone()}
                    onchange={put(|form, id| form.cover = id)}
                    placeholder={t!("routing-choose")}
                    required=true
                    error={texts::error_for(&errors, "coverId")}
                />
            </form>
        </Modal>
    }
}

/// A refusal in the words of the screen.
fn say(error: &FieldError) -> String {
    match error.code.as_str() {
        "COVER_CIRCLE" => t!("routing-absence-circle"),
        "OVERLAPS" => t!("routing-absence-overlaps"),
        "DATE_IN_PAST" => t!("routing-absence-past"),
        "INVALID_INPUT" => t!("routing-absence-order"),
        "PERSON_CANNOT_DECIDE" => t!("routing-wrong-unable"),
        "PERSON_UNKNOWN" => t!("routing-wrong-unknown"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        _ => error.message.clone(),
    }
}
