//! The customer's permission to be named to further partners, and what of the deal they see.

use entente_web_api::{
    MutationBuilder,
    cosell::{
        DealRoom, DealRoomPayload, RecordPermission, RecordPermissionVariables, ShareOfDeal, ShareVariables, WithdrawPermission,
        WithdrawPermissionVariables,
    },
    error::field_errors,
};
use yew::prelude::*;

use super::words;
use crate::{
    i18n::format,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, SwitchField, TextField},
};

#[derive(PartialEq, Properties)]
pub struct PermissionProps {
    pub room: DealRoom,
    pub may_host: bool,
    pub onchange: Callback<()>,
}

/// What went wrong, if anything; else the room is read again.
pub fn settled(payload: DealRoomPayload, problem: &UseStateSetter<Option<String>>, onchange: &Callback<()>) -> bool {
    let errors = field_errors(payload.errors);
    problem.set(errors.first().map(words::refusal));
    if errors.is_empty() || errors.iter().any(|e| e.code == "STALE_VERSION") {
        onchange.emit(());
    }
    errors.is_empty()
}

#[component]
pub fn PermissionCard(props: &PermissionProps) -> Html {
    let room = &props.room;
    let action = use_action();
    let problem = use_state(|| None::<String>);
    let who = use_state(String::new);
    let proof = use_state(String::new);
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |text| state.set(text))
    };
    let record = {
        let (action, problem, who, proof, onchange) = (action.clone(), problem.setter(), who.clone(), proof.clone(), props.onchange.clone());
        let (deal_id, expected_version) = (room.deal_id.clone(), room.version);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let variables =
                RecordPermissionVariables { deal_id: deal_id.clone(), expected_version, granted_by: (*who).clone(), proof: (*proof).clone() };
            let (problem, onchange) = (problem.clone(), onchange.clone());
            action.run(RecordPermission::build(variables), move |answer: Result<RecordPermission, _>| match answer {
                Ok(data) => {
                    settled(data.deal_room_record_permission, &problem, &onchange);
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let withdraw = {
        let (action, problem, proof, onchange) = (action.clone(), problem.setter(), proof.clone(), props.onchange.clone());
        let (deal_id, expected_version) = (room.deal_id.clone(), room.version);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let variables = WithdrawPermissionVariables { deal_id: deal_id.clone(), expected_version, reason: (*proof).clone() };
            let (problem, onchange) = (problem.clone(), onchange.clone());
            action.run(WithdrawPermission::build(variables), move |answer: Result<WithdrawPermission, _>| match answer {
                Ok(data) => {
                    settled(data.deal_room_withdraw_permission, &problem, &onchange);
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let share = {
        let (action, problem, onchange, room) = (action.clone(), problem.setter(), props.onchange.clone(), room.clone());
        move |value: bool, next_step: bool| {
            let variables = ShareVariables { deal_id: room.deal_id.clone(), expected_version: room.version, value, next_step };
            let (problem, onchange) = (problem.clone(), onchange.clone());
            action.run(ShareOfDeal::build(variables), move |answer: Result<ShareOfDeal, _>| match answer {
                Ok(data) => {
                    settled(data.deal_room_share, &problem, &onchange);
                }
                Err(error) => problem.set(Some(texts::api_error(&error))),
            });
        }
    };
    let (has_value, has_next) = (room.shares_value, room.shares_next_step);
    let share_value = {
        let share = share.clone();
        Callback::from(move |on| share(on, has_next))
    };
    let share_next = Callback::from(move |on| share(has_value, on));
    html! {
        <Card title={t!("room-permission")}>
            <div class="e-stack">
                if let Some(permission) = &room.permission {
                    <p>{ t!("room-permission-given", "who" => permission.granted_by.clone(), "day" => format::date_time(&permission.recorded_at)) }</p>
                    if let Some(proof) = &permission.proof { <blockquote class="e-quote">{ proof }</blockquote> }
                } else {
                    <p class="e-subtle">{ t!("room-permission-none") }</p>
                }
                if let Some(problem) = &*problem { <Alert tone={AlertTone::Danger} urgent=true title={problem.clone()} /> }
                if props.may_host && room.permission.is_none() {
                    <form class="e-form" onsubmit={record} novalidate=true>
                        <TextField id="permission-who" label={t!("room-permission-who")} value={(*who).clone()} oninput={typed(&who)} maxlength="200" required=true />
                        <TextField id="permission-proof" label={t!("room-permission-proof")} value={(*proof).clone()} oninput={typed(&proof)} maxlength="4000" required=true />
                        <Button submit=true small=true busy={action.busy}>{ t!("room-permission-record") }</Button>
                    </form>
                }
                if props.may_host && room.permission.is_some() {
                    <SwitchField id="share-value" label={t!("room-share-value")} checked={room.shares_value} onchange={share_value} disabled={action.busy} />
                    <SwitchField id="share-next" label={t!("room-share-next")} checked={room.shares_next_step} onchange={share_next} disabled={action.busy} />
                    <details>
                        <summary>{ t!("room-permission-withdraw") }</summary>
                        <form class="e-form" onsubmit={withdraw} novalidate=true>
                            <TextField id="permission-reason" label={t!("room-permission-reason")} value={(*proof).clone()} oninput={typed(&proof)} maxlength="4000" required=true />
                            <Button submit=true small=true kind={ButtonKind::Danger} busy={action.busy}>{ t!("room-permission-withdraw") }</Button>
                        </form>
                    </details>
                }
            </div>
        </Card>
    }
}
