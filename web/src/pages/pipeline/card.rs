//! One deal on the board: what it is, what it is worth, when it closes, how long it is protected, where it stands.

use entente_web_api::deal::{DealAction, DealCard, RegistrationStatus};
use yew::prelude::*;

use crate::{
    i18n::format,
    pages::deal::{link::DealLink, words},
    t,
    ui::{Clock, Icon, IconButton, IconName, StatusTag},
};

/// From a week before its end a protection counts as about to end.
const SOON_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

#[derive(PartialEq, Properties)]
pub struct BoardCardProps {
    pub deal: DealCard,
    /// Came in or changed while somebody looks.
    pub marked: bool,
    /// The first of its column can be reached with Tab, the others with the arrow keys.
    pub first: bool,
    pub for_partner: bool,
    /// Choose a stage for it.
    pub onchoose: Callback<DealCard>,
    pub ondrag: Callback<Option<DealCard>>,
}

#[component]
pub fn BoardCard(props: &BoardCardProps) -> Html {
    let deal = &props.deal;
    let may_move = deal.viewer_can.contains(&DealAction::MoveStage);
    let id = deal.id.inner().to_owned();
    let onchoose = {
        let (onchoose, deal) = (props.onchoose.clone(), deal.clone());
        Callback::from(move |()| onchoose.emit(deal.clone()))
    };
    let onkeydown = {
        let onchoose = onchoose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            if plain && may_move && event.key().eq_ignore_ascii_case("m") {
                event.prevent_default();
                onchoose.emit(());
            }
        })
    };
    let ondragstart = {
        let (ondrag, deal) = (props.ondrag.clone(), deal.clone());
        Callback::from(move |event: DragEvent| {
            // Firefox drags nothing without data.
            if let Some(data) = event.data_transfer() {
                let _ = data.set_data("text/plain", &deal.number);
            }
            ondrag.emit(Some(deal.clone()));
        })
    };
    let mut about = vec![words::customer(deal)];
    if !props.for_partner {
        about.push(deal.partner.name.clone());
    }
    html! {
        <li
            id={format!("card-{id}")}
            class={classes!("e-deal-card", props.marked.then_some("e-changed"), may_move.then_some("e-deal-card--movable"))}
            draggable={may_move.to_string()}
            {onkeydown}
            {ondragstart}
            ondragend={props.ondrag.reform(|_: DragEvent| None)}
        >
            <div class="e-deal-card__head">
                <span class="e-deal-card__number e-num">{ &deal.number }</span>
                if deal.status != RegistrationStatus::Approved { <StatusTag status={deal.status} /> }
                if may_move {
                    <span class="e-deal-card__move">
                        <IconButton
                            name={IconName::MoveRight}
                            label={t!("pipeline-move", "name" => deal.title.clone())}
                            onclick={onchoose.reform(|_: MouseEvent| ())}
                        />
                    </span>
                }
            </div>
            <DealLink deal={id} class={classes!("e-deal-card__title")} skipped={!props.first} keys={may_move.then_some(AttrValue::Static("m"))}>
                { &deal.title }
            </DealLink>
            <p class="e-deal-card__about">{ about.join(" · ") }</p>
            <div class="e-deal-card__foot">
                <span class="e-num e-strong">{ format::money_short(&deal.value) }</span>
                if let Some(date) = deal.closed_on.as_ref().or(deal.expected_close_on.as_ref()) {
                    <span class="e-deal-card__date e-num" title={t!("deal-field-close")}>
                        <Icon name={IconName::Calendar} /><span class="e-visually-hidden">{ t!("deal-field-close") }{ " " }</span>{ format::date(date) }
                    </span>
                }
                { clock(deal) }
            </div>
        </li>
    }
}

/// The clock that runs: until the decision, else until the protection ends.
fn clock(deal: &DealCard) -> Html {
    let (at, label, icon, soon_ms) = match (&deal.decision_due_at, &deal.protected_until) {
        (Some(due), _) => (due, t!("deal-clock-due"), IconName::Inbox, 24.0 * 3_600_000.0),
        (None, Some(until)) => (until, t!("deal-clock-protected"), IconName::Shield, SOON_MS),
        (None, None) => return still(deal),
    };
    html! {
        <span class="e-deal-card__clock" title={label.clone()}>
            <span class="e-visually-hidden">{ label }{ " " }</span>
            <Icon name={icon} />
            <Clock at={at.clone()} {soon_ms} />
        </span>
    }
}

/// In the place of the clock while protection stands still; nothing where there is no protection.
fn still(deal: &DealCard) -> Html {
    let Some(days) = deal.days_standing_still() else { return html! {} };
    html! {
        <span class="e-deal-card__clock" title={t!("desk-say-stands-still")}>
            <Icon name={IconName::Shield} />
            { t!("deal-clock-still", "days" => days) }
        </span>
    }
}
