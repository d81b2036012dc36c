//! Handing a registration on: to whom, and why. The reason is the vendor's to read.

use entente_web_api::{
    MutationBuilder, QueryBuilder,
    deal::DealCard,
    error::field_errors,
    routing::{DealReroute, DealRerouteVariables, DecidersQuery},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::keys::focus;
use crate::{
    notice::use_notifier,
    pages::deal::words,
    remote::{use_action, use_query},
    t, texts,
    ui::{Button, ButtonKind, Choice, Modal, Select, TextAreaField},
};

const TO_ID: &str = "hand-to";

#[derive(PartialEq, Properties)]
pub struct HandOnProps {
    pub deal: DealCard,
    pub onclose: Callback<()>,
    /// The deal as it is afterwards.
    pub ondone: Callback<DealCard>,
}

#[component]
pub fn HandOn(props: &HandOnProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let query = use_query((), DecidersQuery::build);
    let (to, reason, problem) = (use_state(String::new), use_state(String::new), use_state(|| None::<String>));
    use_effect_with((), |()| {
        Timeout::new(0, || focus(TO_ID)).forget();
    });
    let people = query.data().and_then(|data| data.routing.as_ref()).map(|routing| routing.people.clone()).unwrap_or_default();
    let owner = props.deal.manager.as_ref().map(|manager| manager.id.clone());
    let choices: Vec<Choice> =
        people.iter().filter(|one| Some(&one.id) != owner.as_ref()).map(|one| Choice::new(one.id.inner().to_owned(), one.name.clone())).collect();
    let submit = {
        let (action, to, reason, problem) = (action.clone(), to.clone(), reason.clone(), problem.clone());
        let (deal, onclose, ondone, people) = (props.deal.clone(), props.onclose.clone(), props.ondone.clone(), people.clone());
        Callback::from(move |()| {
            if to.is_empty() || reason.trim().is_empty() {
                return problem.set(Some(t!("deal-refused-required")));
            }
            let variables =
                DealRerouteVariables { id: deal.id.clone(), expected_version: deal.version, to: (*to).clone().into(), reason: (*reason).clone() };
            let name = people.iter().find(|one| one.id.inner() == to.as_str()).map(|one| one.name.clone()).unwrap_or_default();
            let (problem, notifier, onclose, ondone) = (problem.setter(), notifier.clone(), onclose.clone(), ondone.clone());
            action.run(DealReroute::build(variables), move |answer| match answer {
                Err(error) => problem.set(Some(texts::api_error(&error))),
                Ok(data) => match data.deal_reroute.deal {
                    Some(deal) => {
                        notifier.success(t!("routing-handed", "name" => name));
                        onclose.emit(());
                        ondone.emit(deal);
                    }
                    None => problem.set(field_errors(data.deal_reroute.errors).first().map(words::refusal)),
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
    let onkeydown = {
        let submit = submit.clone();
        Callback::from(move |event: KeyboardEvent| {
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
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("routing-hand") }</Button>
        </>
    };
    html! {
        <Modal title={t!("routing-hand-title")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} {onkeydown} novalidate=true>
                <p class="e-dialog-deal"><strong>{ &props.deal.title }</strong>{ " · " }{ &props.deal.number }{ " · " }{ words::customer(&props.deal) }</p>
                <Select
                    id={TO_ID}
                    label={t!("routing-hand-to")}
                    {choices}
                    value={(*to).clone()}
                    onchange={let to = to.setter(); Callback::from(move |id| to.set(id))}
                    placeholder={t!("routing-choose")}
                    required=true
                />
                <TextAreaField
                    id="hand-reason"
                    label={t!("routing-hand-reason")}
                    hint={t!("routing-hand-hint")}
                    rows={3}
                    maxlength="4000"
                    value={(*reason).clone()}
                    oninput={let reason = reason.setter(); Callback::from(move |text| reason.set(text))}
                    required=true
                    error={(*problem).clone()}
                />
            </form>
        </Modal>
    }
}
