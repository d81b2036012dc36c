//! The top of a deal's page: where it stands, the path of the sale, and what may be done, strictly by `viewerCan`.

use entente_web_api::{
    deal::{DealAction, DealCard},
    program::{DealStage, StageCategory},
};
use yew::prelude::*;

use super::{dialog::Ask, facts::mark, words};
use crate::{
    program::use_program,
    session::use_session,
    t,
    ui::{Alert, AlertTone, Button, ButtonKind, Clock, Icon, IconName, Menu, MenuEntry, Tone},
};

#[derive(PartialEq, Properties)]
pub struct ActionsProps {
    pub deal: DealCard,
    pub onask: Callback<Ask>,
    pub onedit: Callback<()>,
}

/// The decisions as buttons, the rest in a menu.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let may = |action: DealAction| props.deal.viewer_can.contains(&action);
    let button = |ask: Ask, kind: ButtonKind, icon: IconName, label: String| {
        let onask = props.onask.clone();
        html! { <Button {kind} {icon} onclick={Callback::from(move |_: MouseEvent| onask.emit(ask.clone()))}>{ label }</Button> }
    };
    let mut more: Vec<MenuEntry> = Vec::new();
    if may(DealAction::Edit) {
        more.push(MenuEntry::new(t!("deal-edit"), props.onedit.clone()).icon(IconName::Pencil));
    }
    if may(DealAction::Withdraw) {
        let onask = props.onask.clone();
        let entry = MenuEntry::new(t!("deal-withdraw"), Callback::from(move |()| onask.emit(Ask::Withdraw)));
        more.push(entry.icon(IconName::Undo).danger());
    }
    html! {
        <>
            if may(DealAction::Approve) { { button(Ask::Approve, ButtonKind::Primary, IconName::Check, t!("deal-approve")) } }
            if may(DealAction::RequestInfo) { { button(Ask::Question, ButtonKind::Secondary, IconName::CircleHelp, t!("deal-ask")) } }
            if may(DealAction::Reject) { { button(Ask::Reject, ButtonKind::Secondary, IconName::Ban, t!("deal-reject")) } }
            if may(DealAction::ProvideInfo) { { button(Ask::Answer, ButtonKind::Primary, IconName::MessageCircle, t!("deal-answer")) } }
            if !more.is_empty() {
                <Menu
                    toggle={html! { <span class="e-row e-row--nowrap">{ t!("deal-more") }<Icon name={IconName::ChevronDown} /></span> }}
                    toggle_class={classes!("pf-v6-c-button", "pf-m-secondary")}
                    entries={more}
                />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub struct StandingStripProps {
    pub deal: DealCard,
    pub decision_reason: Option<String>,
    pub changed: Vec<&'static str>,
    pub onask: Callback<Ask>,
}

/// Where the registration stands, in a sentence, with its clock and the reason or question behind it.
#[component]
pub fn StandingStrip(props: &StandingStripProps) -> Html {
    let deal = &props.deal;
    let for_partner = use_session().is_partner();
    let standing = words::standing(deal, for_partner);
    let class = match standing.tone {
        Tone::Ok => "e-standing e-standing--ok",
        Tone::Warm => "e-standing e-standing--warm",
        Tone::Danger => "e-standing e-standing--danger",
        Tone::Info | Tone::Brand => "e-standing e-standing--info",
        Tone::Neutral | Tone::Outline => "e-standing",
    };
    let clock = deal.decision_due_at.clone().or_else(|| deal.protected_until.clone());
    let (key, changed) = mark("status", deal, &props.changed);
    let reason = props.decision_reason.clone().filter(|_| deal.open_question.is_none());
    html! {
        <>
        <div {key} class={classes!(class, changed)}>
            <Icon name={standing.icon} />
            <div class="e-standing__text">
                <p class="e-standing__sentence">{ standing.text }</p>
                if let Some(reason) = reason { <p class="e-standing__reason">{ reason }</p> }
            </div>
            if let Some(at) = clock { <Clock {at} /> }
        </div>
        if let Some(question) = &deal.open_question {
            <Alert tone={AlertTone::Warm} title={if for_partner { t!("deal-question-for-you") } else { t!("deal-question-open") }}>
                <blockquote class="e-quote">{ question }</blockquote>
                if deal.viewer_can.contains(&DealAction::ProvideInfo) {
                    <div class="e-row">
                        <Button
                            small=true
                            kind={ButtonKind::Primary}
                            icon={IconName::MessageCircle}
                            onclick={props.onask.reform(|_: MouseEvent| Ask::Answer)}
                        >
                            { t!("deal-answer-now") }
                        </Button>
                    </div>
                }
            </Alert>
        }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub struct StagePathProps {
    pub deal: DealCard,
    pub onmove: Callback<DealStage>,
}

/// The stages of the sale in order. Those the deal may move to are buttons.
#[component]
pub fn StagePath(props: &StagePathProps) -> Html {
    let Some(program) = use_program() else { return html! {} };
    let deal = &props.deal;
    let open_to: Vec<&str> =
        if deal.viewer_can.contains(&DealAction::MoveStage) { deal.next_stages.iter().map(|stage| stage.key.as_str()).collect() } else { Vec::new() };
    html! {
        // On a phone it scrolls sideways; without a button in it the keyboard needs the list itself.
        <ol class="e-path" aria-label={t!("deal-stage-path")} tabindex={open_to.is_empty().then_some("0")}>
            { for program.stages.iter().map(|stage| {
                let current = stage.key == deal.stage.key;
                let class = classes!(
                    "e-path__step",
                    current.then_some("e-path__step--current"),
                    (stage.position < deal.stage.position && stage.category == StageCategory::Open).then_some("e-path__step--past"),
                );
                let onclick = {
                    let (onmove, stage) = (props.onmove.clone(), stage.clone());
                    Callback::from(move |_: MouseEvent| onmove.emit(stage.clone()))
                };
                html! {
                    <li key={stage.key.clone()} {class} aria-current={current.then_some("step")}>
                        if open_to.contains(&stage.key.as_str()) {
                            <button type="button" aria-label={t!("deal-move-to", "stage" => stage.name.clone())} title={t!("deal-move-to", "stage" => stage.name.clone())} {onclick}>
                                { &stage.name }
                            </button>
                        } else {
                            <span>{ &stage.name }</span>
                        }
                    </li>
                }
            }) }
        </ol>
    }
}
