//! Opening a dispute: from the verdict on a registration that is being typed, or from a deal of one's own.

use entente_web_api::{
    Id, MutationBuilder,
    deal_action::DealRegisterInput,
    dispute::{DisputeOpen, DisputeOpenInput, DisputeOpenVariables},
    error::field_errors,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::words;
use crate::{
    notice::use_notifier,
    pages::{deal::evidence_files::EvidenceFiles, register::fresh_key},
    remote::use_action,
    routes::Routes,
    t, texts,
    ui::{Button, ButtonKind, IconName, Modal, TextAreaField},
};

/// What the dispute is to be about.
#[derive(Clone, PartialEq)]
pub enum About {
    /// With the lead that it is to come of.
    Registration(Box<DealRegisterInput>, Option<Id>),
    Deal(Id),
}

#[derive(PartialEq, Properties)]
pub struct OpenDisputeProps {
    pub about: About,
}

/// A button, and the form that it opens.
#[component]
pub fn OpenDispute(props: &OpenDisputeProps) -> Html {
    let open = use_state_eq(|| false);
    let set = |on: bool| {
        let open = open.setter();
        move || open.set(on)
    };
    let (show, hide) = (set(true), set(false));
    html! {
        <>
            <Button icon={IconName::Handshake} onclick={Callback::from(move |_: MouseEvent| show())}>{ t!("dispute-open") }</Button>
            if *open { <Form about={props.about.clone()} onclose={Callback::from(move |()| hide())} /> }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    about: About,
    onclose: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let navigator = use_navigator();
    let text = use_state_eq(String::new);
    let files = use_state_eq(Vec::<(String, String)>::new);
    let problem = use_state_eq(|| None::<String>);
    let key = use_state(fresh_key);
    let submit = {
        let (action, about, text, files, key, problem) =
            (action.clone(), props.about.clone(), text.clone(), files.clone(), key.clone(), problem.setter());
        Callback::from(move |()| {
            let (registration, lead_id, deal_id) = match about.clone() {
                About::Registration(input, lead) => (Some(DealRegisterInput { idempotency_key: None, ..*input }), lead, None),
                About::Deal(id) => (None, None, Some(id)),
            };
            let input = DisputeOpenInput {
                registration,
                lead_id,
                deal_id,
                statement: (*text).clone(),
                file_ids: files.iter().map(|(id, _)| Id::new(id)).collect(),
                idempotency_key: Some((*key).clone()),
            };
            let (notifier, navigator, problem) = (notifier.clone(), navigator.clone(), problem.clone());
            action.run(DisputeOpen::build(DisputeOpenVariables { input }), move |answer: Result<DisputeOpen, _>| {
                let payload = match answer {
                    Ok(data) => data.dispute_open,
                    Err(error) => return notifier.failure(texts::api_error(&error)),
                };
                match (payload.dispute, field_errors(payload.errors).into_iter().next()) {
                    (Some(dispute), _) => {
                        notifier.success(t!("dispute-opened", "number" => dispute.number.clone()));
                        if let Some(navigator) = navigator {
                            navigator.push(&Routes::Dispute { id: dispute.id.inner().to_owned() });
                        }
                    }
                    (None, Some(error)) => problem.set(Some(words::refusal(&error))),
                    (None, None) => {}
                }
            });
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("dispute-open") }</Button>
        </>
    };
    html! {
        <Modal title={t!("dispute-open")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <p class="e-subtle">{ t!("dispute-open-lead") }</p>
                <TextAreaField
                    id="dispute-statement"
                    label={t!("dispute-statement")}
                    hint={t!("dispute-statement-hint")}
                    rows=5
                    maxlength="4000"
                    required=true
                    value={(*text).clone()}
                    oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                    error={(*problem).clone()}
                />
                <EvidenceFiles
                    id="dispute-files"
                    files={(*files).clone()}
                    onchange={let files = files.setter(); Callback::from(move |now| files.set(now))}
                />
            </form>
        </Modal>
    }
}
