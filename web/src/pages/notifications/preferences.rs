//! What the viewer wants to be told how: each kind in the app, by e-mail at once, in a digest, or not at all; when digests come,
//! and when no letter does.

use std::rc::Rc;

use entente_web_api::{
    FieldError, MutationBuilder, QueryBuilder,
    error::field_errors,
    notification::{
        DigestRhythm, NotificationChannel, NotificationChoice, NotificationChoiceInput, NotificationPreferences, NotificationPreferencesInput,
        NotificationPreferencesQuery, NotificationPreferencesUpdate, NotificationPreferencesUpdateVariables,
    },
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::words;
use crate::{
    notice::use_notifier,
    remote::{use_action, use_query},
    routes::Routes,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, CheckField, Choice, PageHead, Select, SkeletonBlock, TextField},
};

#[component]
pub fn Preferences() -> Html {
    let query = use_query((), NotificationPreferencesQuery::build);
    let crumb = html! { <Link<Routes> to={Routes::Notifications}>{ t!("nav-notifications") }</Link<Routes>> };
    html! {
        <>
            <PageHead title={t!("notification-preferences")} lead={t!("notification-preferences-lead")} {crumb} />
            { query.view(SkeletonBlock::Page, |data| html! { <Form chosen={Rc::new(data.notification_preferences.clone())} /> }) }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    chosen: Rc<NotificationPreferences>,
}

/// What stands in the form; texts as they were typed.
#[derive(Clone, PartialEq)]
struct Draft {
    version: i32,
    choices: Vec<NotificationChoice>,
    time_zone: String,
    quiet: bool,
    quiet_from: String,
    quiet_until: String,
    daily: bool,
    digest_at: String,
}

impl Draft {
    fn of(p: &NotificationPreferences) -> Self {
        Self {
            version: p.version,
            choices: p.choices.clone(),
            time_zone: p.time_zone.clone(),
            quiet: p.quiet_from.is_some(),
            quiet_from: p.quiet_from.clone().unwrap_or_else(|| "20:00".to_owned()),
            quiet_until: p.quiet_until.clone().unwrap_or_else(|| "07:00".to_owned()),
            daily: p.digest == DigestRhythm::Daily,
            digest_at: p.digest_at.clone().unwrap_or_else(|| "08:00".to_owned()),
        }
    }

    fn input(&self) -> NotificationPreferencesInput {
        let chosen = self.choices.iter().filter(|c| c.channel != c.usual);
        let time_zone = self.time_zone.trim();
        NotificationPreferencesInput {
            expected_version: self.version,
            choices: chosen.map(|c| NotificationChoiceInput { kind: c.kind.clone(), channel: c.channel }).collect(),
            time_zone: (!time_zone.is_empty()).then(|| time_zone.to_owned()),
            quiet_from: self.quiet.then(|| self.quiet_from.clone()),
            quiet_until: self.quiet.then(|| self.quiet_until.clone()),
            digest: if self.daily { DigestRhythm::Daily } else { DigestRhythm::Hourly },
            digest_at: self.daily.then(|| self.digest_at.clone()),
        }
    }
}

#[component]
fn Form(props: &FormProps) -> Html {
    let draft = use_state(|| Draft::of(&props.chosen));
    let errors = use_state(Vec::<FieldError>::new);
    let notifier = use_notifier();
    let action = use_action();
    let onsubmit = {
        let (draft, errors, action) = (draft.clone(), errors.clone(), action.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (draft, errors, notifier) = (draft.clone(), errors.setter(), notifier.clone());
            let variables = NotificationPreferencesUpdateVariables { input: draft.input() };
            action.run(NotificationPreferencesUpdate::build(variables), move |answer| match answer {
                Ok(data) => {
                    let payload = data.notification_preferences_update;
                    if let Some(kept) = payload.preferences {
                        draft.set(Draft::of(&kept));
                        notifier.success(t!("common-saved"));
                    }
                    errors.set(field_errors(payload.errors));
                }
                Err(error) => notifier.failure(texts::api_error(&error)),
            });
        })
    };
    let change = {
        let draft = draft.clone();
        Callback::from(move |f: Rc<dyn Fn(&mut Draft)>| {
            let mut next = (*draft).clone();
            f(&mut next);
            draft.set(next);
        })
    };
    let others = texts::other_errors(&errors, &["timeZone", "quietFrom", "quietUntil", "digestAt"]);
    html! {
        <form class="e-stack" {onsubmit} novalidate=true>
            if !others.is_empty() {
                <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
            }
            <Card title={t!("notification-kinds")}>
                <div class="e-choices">{ for draft.choices.iter().enumerate().map(|(at, choice)| kind_row(at, choice, &change)) }</div>
            </Card>
            <Card title={t!("notification-times")}>{ times(&draft, &errors, &change) }</Card>
            <div class="e-form__actions">
                <Button kind={ButtonKind::Primary} submit=true busy={action.busy}>{ t!("common-save") }</Button>
            </div>
        </form>
    }
}

type Change = Callback<Rc<dyn Fn(&mut Draft)>>;

fn kind_row(at: usize, choice: &NotificationChoice, change: &Change) -> Html {
    let channels = [NotificationChannel::Email, NotificationChannel::Digest, NotificationChannel::InApp, NotificationChannel::Off];
    let offered = channels.into_iter().filter(|c| !(choice.asks && *c == NotificationChannel::Off));
    let choices: Vec<Choice> = offered.map(words::channel).map(|(key, label)| Choice::new(key, label)).collect();
    let onchange = {
        let change = change.clone();
        Callback::from(move |key: String| {
            let Some(channel) = channels.into_iter().find(|c| words::channel(*c).0 == key) else { return };
            change.emit(Rc::new(move |draft: &mut Draft| {
                if let Some(choice) = draft.choices.get_mut(at) {
                    choice.channel = channel;
                }
            }));
        })
    };
    html! {
        <Select
            key={choice.kind.clone()}
            id={format!("kind-{}", choice.kind.to_lowercase())}
            label={words::kind(&choice.kind)}
            {choices}
            value={words::channel(choice.channel).0}
            {onchange}
            hint={choice.asks.then(|| AttrValue::from(t!("notification-always")))}
        />
    }
}

fn text(change: &Change, set: fn(&mut Draft, String)) -> Callback<String> {
    change.reform(move |text: String| -> Rc<dyn Fn(&mut Draft)> { Rc::new(move |draft: &mut Draft| set(draft, text.clone())) })
}

fn times(draft: &Draft, errors: &[FieldError], change: &Change) -> Html {
    let rhythm = vec![Choice::new("daily", t!("notification-digest-daily")), Choice::new("hourly", t!("notification-digest-hourly"))];
    html! {
        <div class="e-form">
            <div class="e-form__row">
                <Select
                    id="digest"
                    label={t!("notification-digest")}
                    choices={rhythm}
                    value={if draft.daily { "daily" } else { "hourly" }}
                    onchange={text(change, |draft, key| draft.daily = key == "daily")}
                    hint={t!("notification-digest-hint")}
                />
                if draft.daily {
                    <TextField
                        id="digest-at"
                        kind="time"
                        label={t!("notification-digest-at")}
                        value={draft.digest_at.clone()}
                        oninput={text(change, |draft, at| draft.digest_at = at)}
                        error={texts::error_for(errors, "digestAt")}
                    />
                }
            </div>
            <CheckField
                id="quiet"
                label={html! { t!("notification-quiet") }}
                checked={draft.quiet}
                onchange={change.reform(|on: bool| -> Rc<dyn Fn(&mut Draft)> { Rc::new(move |draft: &mut Draft| draft.quiet = on) })}
            />
            if draft.quiet {
                <div class="e-form__row">
                    <TextField
                        id="quiet-from"
                        kind="time"
                        label={t!("notification-quiet-from")}
                        value={draft.quiet_from.clone()}
                        oninput={text(change, |draft, at| draft.quiet_from = at)}
                        error={texts::error_for(errors, "quietFrom")}
                    />
                    <TextField
                        id="quiet-until"
                        kind="time"
                        label={t!("notification-quiet-until")}
                        value={draft.quiet_until.clone()}
                        oninput={text(change, |draft, at| draft.quiet_until = at)}
                        error={texts::error_for(errors, "quietUntil")}
                    />
                </div>
            }
            <TextField
                id="time-zone"
                label={t!("notification-time-zone")}
                value={draft.time_zone.clone()}
                oninput={text(change, |draft, zone| draft.time_zone = zone)}
                hint={t!("notification-time-zone-hint")}
                error={texts::error_for(errors, "timeZone")}
            />
        </div>
    }
}
