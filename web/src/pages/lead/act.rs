//! What may be done with a lead: accept, decline, give away, convert, close, and writing down that somebody was in touch.

use entente_web_api::{
    FieldError, MutationBuilder, Operation,
    deal::PartnerRef,
    error::field_errors,
    lead::{
        LeadAccept, LeadAction, LeadAssign, LeadAssignVariables, LeadChangeVariables, LeadClose, LeadCloseReason, LeadCloseVariables, LeadDecline,
        LeadDeclineReason, LeadDeclineVariables, LeadDetail, LeadNote, LeadNoteVariables, LeadPayload, LeadRoute,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use yew::prelude::*;

use crate::{
    notice::{Notifier, use_notifier},
    pages::{leads::words, partner::PartnerChoice, register::fresh_key},
    remote::{Action, use_action},
    routes::Routes,
    t, texts,
    ui::{Button, ButtonKind, CheckField, Choice, IconName, LinkButton, Modal, Select, TextAreaField},
};

const DECLINES: [LeadDeclineReason; 6] = [
    LeadDeclineReason::NoCapacity,
    LeadDeclineReason::OutOfTerritory,
    LeadDeclineReason::NotOurField,
    LeadDeclineReason::Conflict,
    LeadDeclineReason::TooSmall,
    LeadDeclineReason::Other,
];
const CLOSES: [LeadCloseReason; 6] = [
    LeadCloseReason::NotReachable,
    LeadCloseReason::NoInterest,
    LeadCloseReason::NotABuyer,
    LeadCloseReason::Duplicate,
    LeadCloseReason::BoughtElsewhere,
    LeadCloseReason::Other,
];

#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Decline,
    Close,
    Assign,
}

#[derive(PartialEq, Properties)]
pub struct ActionsProps {
    pub lead: LeadDetail,
    pub onchanged: Callback<()>,
    pub onleft: Callback<()>,
}

/// What became of a change, for the page.
#[derive(Clone)]
struct Done {
    notifier: Notifier,
    onchanged: Callback<()>,
    onleft: Callback<()>,
    refused: Callback<FieldError>,
}

fn run<D, V>(action: &Action, operation: Operation<D, V>, payload: impl FnOnce(D) -> LeadPayload + 'static, said: String, done: Done)
where
    D: DeserializeOwned + 'static,
    V: Serialize + 'static,
{
    action.run(operation, move |answer| {
        let payload = match answer {
            Ok(data) => payload(data),
            Err(error) => return done.notifier.failure(texts::api_error(&error)),
        };
        if let Some(error) = field_errors(payload.errors).into_iter().next() {
            if error.code == "STALE_VERSION" {
                done.onchanged.emit(());
            }
            return done.refused.emit(error);
        }
        done.notifier.success(said);
        match payload.lead {
            Some(_) => done.onchanged.emit(()),
            None => done.onleft.emit(()),
        }
    });
}

#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let asked = use_state_eq(|| None::<Ask>);
    let card = &props.lead.card;
    let can = |wanted: LeadAction| card.viewer_can.contains(&wanted);
    let done = Done {
        notifier: notifier.clone(),
        onchanged: props.onchanged.clone(),
        onleft: props.onleft.clone(),
        refused: Callback::from(move |error: FieldError| notifier.failure(words::refusal(&error))),
    };
    let variables = LeadChangeVariables { id: card.id.clone(), expected_version: card.version };
    let accept = {
        let (action, variables, done, number) = (action.clone(), variables.clone(), done.clone(), card.number.clone());
        Callback::from(move |_: MouseEvent| {
            let said = t!("lead-accepted", "number" => number.clone());
            run(&action, LeadAccept::build(variables.clone()), |data| data.lead_accept, said, done.clone());
        })
    };
    let route = {
        let (action, done) = (action.clone(), done.clone());
        Callback::from(move |_: MouseEvent| {
            run(&action, LeadRoute::build(variables.clone()), |data| data.lead_route, t!("lead-routed"), done.clone());
        })
    };
    let ask = |what: Ask| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(Some(what)))
    };
    let onclose = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <>
            if can(LeadAction::Accept) {
                <Button kind={ButtonKind::Primary} icon={IconName::Check} busy={action.busy} onclick={accept}>{ t!("lead-accept") }</Button>
            }
            if can(LeadAction::Decline) { <Button icon={IconName::Ban} onclick={ask(Ask::Decline)}>{ t!("lead-decline") }</Button> }
            if can(LeadAction::Convert) {
                <LinkButton to={Routes::LeadConvert { id: card.id.inner().to_owned() }} kind={ButtonKind::Primary} icon={IconName::Handshake}>
                    { t!("lead-convert") }
                </LinkButton>
            }
            if can(LeadAction::Route) { <Button icon={IconName::Refresh} busy={action.busy} onclick={route}>{ t!("lead-route") }</Button> }
            if can(LeadAction::Assign) { <Button icon={IconName::MoveRight} onclick={ask(Ask::Assign)}>{ t!("lead-assign") }</Button> }
            if can(LeadAction::Close) { <Button icon={IconName::Archive} onclick={ask(Ask::Close)}>{ t!("lead-close") }</Button> }
            if let Some(what) = *asked {
                <Dialog {what} lead={props.lead.clone()} {onclose} onchanged={props.onchanged.clone()} onleft={props.onleft.clone()} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct DialogProps {
    what: Ask,
    lead: LeadDetail,
    onclose: Callback<()>,
    onchanged: Callback<()>,
    onleft: Callback<()>,
}

/// Why, or to whom: one dialog for what needs a word more.
#[component]
fn Dialog(props: &DialogProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let reason = use_state_eq(String::new);
    let text = use_state_eq(String::new);
    let partner = use_state(|| None::<PartnerRef>);
    let problem = use_state(|| None::<String>);
    let card = &props.lead.card;
    let (title, lead, choices): (String, String, Vec<Choice>) = match props.what {
        Ask::Decline => {
            let choices = DECLINES.into_iter().map(|code| Choice::new(format!("{code:?}"), words::decline(code))).collect();
            (t!("lead-decline"), t!("lead-decline-lead"), choices)
        }
        Ask::Close => {
            let choices = CLOSES.into_iter().map(|code| Choice::new(format!("{code:?}"), words::close(code))).collect();
            (t!("lead-close"), t!("lead-close-lead"), choices)
        }
        Ask::Assign => (t!("lead-assign"), t!("lead-assign-lead"), Vec::new()),
    };
    let submit = {
        let (what, card, action) = (props.what, card.clone(), action.clone());
        let (reason, text, partner, problem) = (reason.clone(), text.clone(), partner.clone(), problem.clone());
        let (onclose, onchanged, onleft) = (props.onclose.clone(), props.onchanged.clone(), props.onleft.clone());
        Callback::from(move |()| {
            let close = onclose.clone();
            let done = Done {
                notifier: notifier.clone(),
                onchanged: {
                    let (close, go) = (close.clone(), onchanged.clone());
                    Callback::from(move |()| {
                        close.emit(());
                        go.emit(());
                    })
                },
                onleft: {
                    let (close, go) = (close.clone(), onleft.clone());
                    Callback::from(move |()| {
                        close.emit(());
                        go.emit(());
                    })
                },
                refused: {
                    let problem = problem.setter();
                    Callback::from(move |error: FieldError| problem.set(Some(words::refusal(&error))))
                },
            };
            let (id, expected_version) = (card.id.clone(), card.version);
            let words_given = Some((*text).clone()).filter(|text| !text.trim().is_empty());
            let missing = || problem.set(Some(t!("lead-refused-required")));
            match what {
                Ask::Decline => {
                    let Some(code) = DECLINES.into_iter().find(|code| format!("{code:?}") == *reason) else { return missing() };
                    let build = LeadDecline::build(LeadDeclineVariables { id, expected_version, reason: code, text: words_given });
                    run(&action, build, |data| data.lead_decline, t!("lead-declined"), done);
                }
                Ask::Close => {
                    let Some(code) = CLOSES.into_iter().find(|code| format!("{code:?}") == *reason) else { return missing() };
                    let build = LeadClose::build(LeadCloseVariables { id, expected_version, reason: code, text: words_given });
                    run(&action, build, |data| data.lead_close, t!("lead-closed"), done);
                }
                Ask::Assign => {
                    let Some(to) = &*partner else { return missing() };
                    let said = t!("lead-assigned-to", "partner" => to.name.clone());
                    let build = LeadAssign::build(LeadAssignVariables { id, expected_version, partner_id: to.id.clone() });
                    run(&action, build, |data| data.lead_assign, said, done);
                }
            }
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button
                kind={if props.what == Ask::Assign { ButtonKind::Primary } else { ButtonKind::Danger }}
                busy={action.busy}
                onclick={submit.reform(|_: MouseEvent| ())}
            >
                { title.clone() }
            </Button>
        </>
    };
    html! {
        <Modal title={title.clone()} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <p class="e-subtle">{ lead }</p>
                <p class="e-dialog-deal"><strong>{ &card.company }</strong>{ " · " }{ &card.number }</p>
                if choices.is_empty() {
                    <PartnerChoice
                        id="lead-partner"
                        label={t!("lead-assign-partner")}
                        chosen={partner.as_ref().map(|p| p.name.clone()).unwrap_or_default()}
                        onchoose={let partner = partner.setter(); Callback::from(move |chosen| partner.set(Some(chosen)))}
                        required=true
                        error={(*problem).clone()}
                    />
                } else {
                    <Select
                        id="lead-reason"
                        label={t!("lead-reason")}
                        {choices}
                        value={(*reason).clone()}
                        placeholder={t!("lead-reason-choose")}
                        onchange={let reason = reason.setter(); Callback::from(move |code| reason.set(code))}
                        required=true
                        error={(*problem).clone()}
                    />
                    <TextAreaField
                        id="lead-reason-text"
                        label={t!("lead-reason-text")}
                        rows=3
                        maxlength="4000"
                        value={(*text).clone()}
                        oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                    />
                }
            </form>
        </Modal>
    }
}

#[derive(PartialEq, Properties)]
pub struct NoteBoxProps {
    pub lead: LeadDetail,
    pub ondone: Callback<()>,
}

/// The box that adds a note above the timeline, with a tick for having been in touch.
#[component]
pub fn NoteBox(props: &NoteBoxProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let text = use_state_eq(String::new);
    let contacted = use_state_eq(|| false);
    let key = use_state(fresh_key);
    let problem = use_state(|| None::<String>);
    let card = &props.lead.card;
    if !card.viewer_can.contains(&LeadAction::Note) {
        return html! {};
    }
    let onsubmit = {
        let (text, contacted, key, problem, action) = (text.clone(), contacted.clone(), key.clone(), problem.clone(), action.clone());
        let (card, ondone) = (card.clone(), props.ondone.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let variables = LeadNoteVariables {
                id: card.id.clone(),
                expected_version: card.version,
                text: (*text).clone(),
                contacted: Some(*contacted),
                idempotency_key: Some((*key).clone()),
            };
            let (text, contacted, key, ondone) = (text.setter(), contacted.setter(), key.setter(), ondone.clone());
            let done = Done {
                notifier: notifier.clone(),
                onchanged: Callback::from(move |()| {
                    text.set(String::new());
                    contacted.set(false);
                    key.set(fresh_key());
                    ondone.emit(());
                }),
                onleft: Callback::noop(),
                refused: {
                    let problem = problem.setter();
                    Callback::from(move |error: FieldError| problem.set(Some(words::refusal(&error))))
                },
            };
            problem.set(None);
            run(&action, LeadNote::build(variables), |data| data.lead_note, t!("lead-noted"), done);
        })
    };
    html! {
        <form class="e-form" {onsubmit} novalidate=true>
            <TextAreaField
                id="lead-note"
                label={t!("lead-note")}
                rows=2
                maxlength="4000"
                value={(*text).clone()}
                oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                error={(*problem).clone()}
            />
            <CheckField
                id="lead-contacted"
                label={html! { { t!("lead-note-contacted") } }}
                checked={*contacted}
                onchange={let contacted = contacted.setter(); Callback::from(move |on| contacted.set(on))}
            />
            <div class="e-form__actions"><Button small=true submit=true busy={action.busy} icon={IconName::Send}>{ t!("lead-note-send") }</Button></div>
        </form>
    }
}
