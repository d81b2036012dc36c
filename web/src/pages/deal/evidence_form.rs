//! The dialog that adds evidence. What is left empty stays as it is.

use entente_web_api::{Date, Id, deal::DealCard, desk::DealEvidenceInput};
use yew::prelude::*;

use super::{
    act::{Change, Outcome, send},
    evidence_files::EvidenceFiles,
    words,
};
use crate::{
    notice::use_notifier,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, DateField, Modal, TextAreaField, TextField},
};

#[derive(PartialEq, Properties)]
pub struct EvidenceFormProps {
    pub deal: DealCard,
    pub onclose: Callback<()>,
    pub ondone: Callback<DealCard>,
    pub onstale: Callback<()>,
}

/// What stands in the form.
#[derive(Clone, Default, PartialEq)]
struct Typed {
    met_on: String,
    contact: String,
    budget: String,
    discovery: String,
    files: Vec<(String, String)>,
}

impl Typed {
    fn input(&self) -> DealEvidenceInput {
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        DealEvidenceInput {
            contact_name: given(&self.contact),
            met_on: given(&self.met_on).map(Date),
            discovery_notes: given(&self.discovery),
            budget: given(&self.budget),
            file_ids: self.files.iter().map(|(id, _)| Id::from(id.clone())).collect(),
        }
    }
}

#[component]
pub fn EvidenceForm(props: &EvidenceFormProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let typed = use_state_eq(Typed::default);
    let problem = use_state_eq(|| None::<String>);
    let put = |put: fn(&mut Typed, String)| {
        let typed = typed.clone();
        Callback::from(move |text: String| {
            let mut next = (*typed).clone();
            put(&mut next, text);
            typed.set(next);
        })
    };
    let submit = {
        let (action, typed, problem, deal) = (action.clone(), typed.clone(), problem.setter(), props.deal.clone());
        let (onclose, ondone, onstale) = (props.onclose.clone(), props.ondone.clone(), props.onstale.clone());
        Callback::from(move |()| {
            let (problem, notifier) = (problem.clone(), notifier.clone());
            let (onclose, ondone, onstale) = (onclose.clone(), ondone.clone(), onstale.clone());
            problem.set(None);
            send(&action, &deal.id, deal.version, Change::Evidence { input: typed.input() }, move |outcome| match outcome {
                Outcome::Done(deal) => {
                    onclose.emit(());
                    ondone.emit(*deal);
                    notifier.success(t!("desk-evidence-added"));
                }
                Outcome::Stale => {
                    problem.set(Some(t!("deal-refused-stale")));
                    onstale.emit(());
                }
                Outcome::Refused(errors) => problem.set(errors.first().map(words::refusal)),
                Outcome::Failed(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let onfiles = {
        let typed = typed.clone();
        Callback::from(move |files| typed.set(Typed { files, ..(*typed).clone() }))
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("desk-add-evidence") }</Button>
        </>
    };
    html! {
        <Modal title={t!("desk-add-evidence")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} onkeydown={Callback::from(|event: KeyboardEvent| event.stop_propagation())} novalidate=true>
                if let Some(text) = &*problem {
                    <Alert tone={AlertTone::Danger} urgent=true><p>{ text }</p></Alert>
                }
                <p class="e-subtle">{ t!("desk-evidence-lead") }</p>
                <DateField id="add-met-on" label={t!("desk-meeting")} value={typed.met_on.clone()} onchange={put(|t, v| t.met_on = v)} />
                <TextField id="add-contact" label={t!("desk-contact")} value={typed.contact.clone()} maxlength="200" autocomplete="off" oninput={put(|t, v| t.contact = v)} />
                <TextField id="add-budget" label={t!("desk-budget")} value={typed.budget.clone()} maxlength="200" autocomplete="off" oninput={put(|t, v| t.budget = v)} />
                <TextAreaField id="add-discovery" label={t!("desk-discovery")} value={typed.discovery.clone()} rows={3} maxlength="4000" oninput={put(|t, v| t.discovery = v)} />
                <EvidenceFiles id="add-files" files={typed.files.clone()} onchange={onfiles} />
            </form>
        </Modal>
    }
}
