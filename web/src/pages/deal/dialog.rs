//! The dialogs that decide: approve, reject, ask, answer, withdraw, close as won or lost. They keep what was typed when
//! the deal changes meanwhile, and say so before anything is sent on the newer version.

use entente_web_api::{
    deal::{DealCard, RegistrationStatus},
    program::{DealStage, StageCategory},
    record::RejectionReason,
    routing::{DealRoute, DealStepState},
};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    act::{Change, Outcome, send},
    words,
};
use crate::{
    notice::use_notifier,
    pages::record,
    remote::use_action,
    session::use_session,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Choice, Modal, Select, TextAreaField, TextField},
};

const TEXT_ID: &str = "deal-dialog-text";

/// What is asked of the person.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::enum_variant_names, reason = "named as the actions of the schema are")]
pub enum Ask {
    Approve,
    Reject,
    Question,
    Answer,
    Withdraw,
    /// To a stage that ends the sale.
    Close(DealStage),
    AskVendor,
    AnswerPartner,
    RequestExtension,
    GrantExtension,
    DeclineExtension,
    Release,
    Parent,
}

struct Wording {
    title: String,
    lead: String,
    label: String,
    hint: Option<String>,
    submit: String,
    done: String,
    required: bool,
    danger: bool,
}

/// Who decides after the current step; none when the current step is the last one, or the only one.
fn next_approver(route: &DealRoute) -> Option<String> {
    let current = route.steps.iter().position(|step| step.state == DealStepState::Current)?;
    let next = route.steps.get(current + 1)?;
    Some(next.owner.as_ref().map_or_else(|| next.name.clone(), |owner| owner.name.clone()))
}

impl Ask {
    fn wording(&self, deal: &DealCard, route: Option<&DealRoute>) -> Wording {
        let plain = |title, lead, label, submit, done| Wording { title, lead, label, hint: None, submit, done, required: false, danger: false };
        let name = deal.title.clone();
        match self {
            Self::Approve => match route.and_then(next_approver) {
                Some(next) => plain(
                    t!("deal-approve-step-title"),
                    t!("deal-approve-step-lead", "next" => next),
                    t!("deal-approve-step-note"),
                    t!("deal-approve"),
                    t!("deal-approve-step-done", "name" => name),
                ),
                None => plain(
                    t!("deal-approve-title"),
                    t!("deal-approve-lead", "customer" => words::customer(deal), "partner" => deal.partner.name.clone()),
                    t!("deal-approve-note"),
                    t!("deal-approve"),
                    t!("deal-approve-done", "name" => name),
                ),
            },
            Self::Reject => Wording {
                required: true,
                danger: true,
                hint: Some(t!("deal-reject-hint")),
                ..plain(
                    t!("deal-reject-title"),
                    t!("deal-reject-lead"),
                    t!("deal-reject-reason"),
                    t!("deal-reject"),
                    t!("deal-reject-done", "name" => name),
                )
            },
            Self::Question => Wording {
                required: true,
                hint: Some(t!("deal-ask-hint")),
                ..plain(
                    t!("deal-ask-title"),
                    t!("deal-ask-lead", "partner" => deal.partner.name.clone()),
                    t!("deal-ask-question"),
                    t!("deal-ask-submit"),
                    t!("deal-ask-done", "name" => name),
                )
            },
            Self::Answer => Wording {
                required: true,
                ..plain(
                    t!("deal-answer-title"),
                    t!("deal-answer-lead"),
                    t!("deal-answer-text"),
                    t!("deal-answer-submit"),
                    t!("deal-answer-done", "name" => name),
                )
            },
            Self::Withdraw => Wording {
                danger: true,
                ..plain(
                    t!("deal-withdraw-title"),
                    t!("deal-withdraw-lead"),
                    t!("deal-withdraw-reason"),
                    t!("deal-withdraw"),
                    t!("deal-withdraw-done", "name" => name),
                )
            },
            Self::AskVendor => Wording {
                required: true,
                ..plain(t!("desk-ask"), t!("desk-ask-lead"), t!("deal-ask-question"), t!("deal-ask-submit"), t!("desk-ask-done"))
            },
            Self::AnswerPartner => Wording {
                required: true,
                ..plain(t!("desk-answer"), t!("desk-answer-lead"), t!("deal-answer-text"), t!("deal-answer-submit"), t!("desk-answer-done"))
            },
            Self::RequestExtension => Wording {
                required: true,
                hint: Some(t!("desk-request-hint")),
                ..plain(t!("desk-request"), t!("desk-request-lead"), t!("desk-request-reason"), t!("desk-request"), t!("desk-request-done"))
            },
            Self::GrantExtension => plain(t!("desk-grant"), t!("desk-grant-lead"), t!("deal-approve-note"), t!("desk-grant"), t!("desk-grant-done")),
            Self::DeclineExtension => Wording {
                required: true,
                danger: true,
                ..plain(t!("desk-decline"), t!("desk-decline-lead"), t!("deal-reject-reason"), t!("desk-decline"), t!("desk-decline-done"))
            },
            Self::Release => Wording {
                required: true,
                danger: true,
                ..plain(t!("desk-release"), t!("desk-release-lead"), t!("desk-release-proof"), t!("desk-release-submit"), t!("desk-release-done"))
            },
            Self::Parent => {
                plain(t!("desk-set-parent"), t!("desk-set-parent-lead"), t!("desk-set-parent-name"), t!("common-save"), t!("desk-set-parent-done"))
            }
            Self::Close(stage) => Wording {
                danger: stage.category == StageCategory::Lost,
                ..plain(
                    t!("deal-close-title", "stage" => stage.name.clone()),
                    t!("deal-close-lead"),
                    t!("deal-close-note"),
                    t!("deal-close-submit", "stage" => stage.name.clone()),
                    t!("deal-moved", "name" => name, "stage" => stage.name.clone()),
                )
            },
        }
    }

    fn change(&self, text: String, kind: Option<RejectionReason>, who: String) -> Change {
        match self {
            Self::Approve => Change::Approve { note: text },
            Self::Reject => Change::Reject { reason: text, kind },
            Self::Question => Change::Ask { question: text },
            Self::Answer => Change::Answer { answer: text },
            Self::Withdraw => Change::Withdraw { reason: text },
            Self::AskVendor => Change::AskVendor { question: text },
            Self::AnswerPartner => Change::AnswerPartner { answer: text },
            Self::RequestExtension => Change::RequestExtension { reason: text },
            Self::GrantExtension => Change::DecideExtension { granted: true, note: text },
            Self::DeclineExtension => Change::DecideExtension { granted: false, note: text },
            Self::Release => Change::Release { requested_by: who, proof: text },
            Self::Parent => Change::Parent { parent: text },
            Self::Close(stage) => Change::Move { stage: stage.key.clone(), note: text },
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct DealDialogProps {
    pub ask: Ask,
    /// As it is now; may grow newer while the dialog is open.
    pub deal: DealCard,
    /// Who approves one after the other, where it is known: an approval may only pass the deal on to the next.
    #[prop_or_default]
    pub route: Option<DealRoute>,
    pub onclose: Callback<()>,
    /// Done: the deal as it is afterwards.
    pub ondone: Callback<DealCard>,
    /// The version was too old: read the deal again.
    pub onstale: Callback<()>,
}

/// One dialog for every decision.
#[component]
pub fn DealDialog(props: &DealDialogProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let text = use_state(String::new);
    let who = use_state(String::new);
    let problem = use_state(|| None::<String>);
    let stale = use_state_eq(|| false);
    let kind = use_state_eq(|| None::<RejectionReason>);
    let opened_on = use_state_eq(|| props.deal.version);
    let wording = props.ask.wording(&props.deal, props.route.as_ref());
    let for_partner = use_session().is_partner();
    use_effect_with((), |()| {
        // After the dialog has opened, which puts the focus on its first button.
        Timeout::new(0, || {
            let field = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(TEXT_ID));
            if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = field.focus();
            }
        })
        .forget();
    });
    let changed = *stale || *opened_on != props.deal.version;

    let submit = {
        let (action, text, problem, stale) = (action.clone(), text.clone(), problem.clone(), stale.clone());
        let (kind, who) = (kind.clone(), who.clone());
        let (ask, deal, required, said) = (props.ask.clone(), props.deal.clone(), wording.required, wording.done.clone());
        let (onclose, ondone, onstale) = (props.onclose.clone(), props.ondone.clone(), props.onstale.clone());
        Callback::from(move |()| {
            if required && (text.trim().is_empty() || (ask == Ask::Release && who.trim().is_empty())) {
                problem.set(Some(t!("deal-refused-required")));
                return;
            }
            problem.set(None);
            let (problem, stale, notifier, said) = (problem.setter(), stale.setter(), notifier.clone(), said.clone());
            let (onclose, ondone, onstale) = (onclose.clone(), ondone.clone(), onstale.clone());
            let approves = ask == Ask::Approve;
            send(&action, &deal.id, deal.version, ask.change((*text).clone(), *kind, (*who).clone()), move |outcome| match outcome {
                Outcome::Done(deal) => {
                    // The answer knows for sure whether it was the last step; the route may have been older than the deal.
                    let said = match deal.status {
                        RegistrationStatus::InReview if approves => t!("deal-approve-step-done", "name" => deal.title.clone()),
                        RegistrationStatus::Approved if approves => t!("deal-approve-done", "name" => deal.title.clone()),
                        _ => said,
                    };
                    onclose.emit(());
                    ondone.emit(*deal);
                    notifier.success(said);
                }
                Outcome::Stale => {
                    stale.set(true);
                    onstale.emit(());
                }
                Outcome::Refused(errors) => problem.set(errors.first().map(words::refusal)),
                Outcome::Failed(error) => problem.set(Some(texts::api_error(&error))),
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
    let onkeydown = {
        let submit = submit.clone();
        Callback::from(move |event: KeyboardEvent| {
            // The keys of the screen below must not hear what is typed here.
            event.stop_propagation();
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                submit.emit(());
            }
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button
                kind={if wording.danger { ButtonKind::Danger } else { ButtonKind::Primary }}
                busy={action.busy}
                onclick={submit.reform(|_: MouseEvent| ())}
            >
                { &wording.submit }
            </Button>
        </>
    };
    html! {
        <Modal title={wording.title.clone()} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} {onkeydown} novalidate=true>
                if changed {
                    <Alert tone={AlertTone::Warm} urgent=true title={t!("deal-changed-meanwhile")}>
                        <p>{ t!("deal-changed-meanwhile-text", "standing" => words::standing(&props.deal, for_partner).text) }</p>
                    </Alert>
                }
                <p class="e-subtle">{ &wording.lead }</p>
                <p class="e-dialog-deal"><strong>{ &props.deal.title }</strong>{ " · " }{ &props.deal.number }{ " · " }{ words::customer(&props.deal) }</p>
                if let (Ask::Answer, Some(question)) = (&props.ask, &props.deal.open_question) {
                    <blockquote class="e-quote">{ question }</blockquote>
                }
                if props.ask == Ask::Reject { { reject_kind(&kind) } }
                if props.ask == Ask::Release {
                    <TextField
                        id="deal-dialog-who"
                        label={t!("desk-release-who")}
                        value={(*who).clone()}
                        oninput={let who = who.setter(); Callback::from(move |typed| who.set(typed))}
                        maxlength="200"
                        autocomplete="off"
                        required=true
                    />
                }
                <TextAreaField
                    id={TEXT_ID}
                    label={wording.label.clone()}
                    value={(*text).clone()}
                    oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                    rows={4}
                    maxlength="4000"
                    required={wording.required}
                    hint={wording.hint.clone().map(AttrValue::from)}
                    error={(*problem).clone()}
                />
            </form>
        </Modal>
    }
}

/// What kind of reason a rejection has; counted in the vendor's record.
fn reject_kind(kind: &UseStateHandle<Option<RejectionReason>>) -> Html {
    use RejectionReason::{AlreadyTaken, CustomerUnsuitable, EvidenceMissing, Incomplete, Other, RuleNotMet};
    const KINDS: [RejectionReason; 6] = [AlreadyTaken, EvidenceMissing, RuleNotMet, CustomerUnsuitable, Incomplete, Other];
    let choice = |(n, kind): (usize, &RejectionReason)| Choice::new(n.to_string(), record::reason(*kind));
    let chosen = KINDS.iter().position(|k| Some(*k) == **kind).map(|n| n.to_string()).unwrap_or_default();
    let onchange = {
        let kind = kind.setter();
        Callback::from(move |n: String| kind.set(n.parse::<usize>().ok().and_then(|n| KINDS.get(n).copied())))
    };
    html! {
        <Select
            id="deal-dialog-kind"
            label={t!("record-reason-kind")}
            hint={AttrValue::from(t!("record-reason-kind-hint"))}
            placeholder={AttrValue::from(t!("record-reason-none"))}
            choices={KINDS.iter().enumerate().map(choice).collect::<Vec<_>>()}
            value={chosen}
            {onchange}
        />
    }
}
