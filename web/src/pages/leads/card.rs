//! One lead on the board: who asks, what for, what brought it, and the time that is left.

use entente_web_api::{
    MutationBuilder,
    error::field_errors,
    lead::{LeadAccept, LeadAction, LeadCard, LeadChangeVariables},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::words;
use crate::{
    i18n::format,
    notice::use_notifier,
    remote::use_action,
    routes::Routes,
    t, texts,
    ui::{Button, ButtonKind, Clock, Icon, IconName},
};

/// From four hours before its end a window counts as about to end.
const SOON_MS: f64 = 4.0 * 3_600_000.0;

#[derive(PartialEq, Properties)]
pub struct LeadTileProps {
    pub lead: LeadCard,
    /// Came in or changed while somebody looks.
    pub marked: bool,
    /// The first of its column can be reached with Tab, the others with the arrow keys.
    pub first: bool,
    pub for_partner: bool,
}

#[component]
pub fn LeadTile(props: &LeadTileProps) -> Html {
    let lead = &props.lead;
    let (action, notifier) = (use_action(), use_notifier());
    let may_accept = lead.viewer_can.contains(&LeadAction::Accept);
    let accept = {
        let (action, lead) = (action.clone(), lead.clone());
        Callback::from(move |()| {
            let variables = LeadChangeVariables { id: lead.id.clone(), expected_version: lead.version };
            let (notifier, number) = (notifier.clone(), lead.number.clone());
            action.run(LeadAccept::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => match field_errors(data.lead_accept.errors).first() {
                    Some(error) => notifier.failure(words::refusal(error)),
                    None => notifier.success(t!("lead-accepted", "number" => number)),
                },
            });
        })
    };
    let onkeydown = {
        let accept = accept.clone();
        Callback::from(move |event: KeyboardEvent| {
            let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            if plain && may_accept && event.key().eq_ignore_ascii_case("a") {
                event.prevent_default();
                accept.emit(());
            }
        })
    };
    let path = Routes::Lead { id: lead.id.inner().to_owned() }.to_path();
    let onclick = {
        let path = path.clone();
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                return;
            }
            event.prevent_default();
            yew_router::history::History::push(&yew_router::history::BrowserHistory::new(), path.clone());
        })
    };
    let mut about = vec![lead.name.clone()];
    about.extend(lead.territory.as_ref().map(|territory| territory.name.clone()));
    if !props.for_partner {
        about.extend(lead.partner.as_ref().map(|partner| partner.name.clone()));
    }
    let (at, label) = match (&lead.window_ends_at, &lead.follow_up_at) {
        (Some(at), _) => (Some(at), t!("lead-window-ends")),
        (None, at) => (at.as_ref(), t!("lead-follow-up")),
    };
    html! {
        <li id={format!("lead-{}", lead.id.inner())} class={classes!("e-deal-card", props.marked.then_some("e-changed"))} {onkeydown}>
            <div class="e-deal-card__head">
                <span class="e-deal-card__number e-num">{ &lead.number }</span>
            </div>
            <a
                class="e-deal-card__title"
                href={path}
                data-card="true"
                tabindex={if props.first { "0" } else { "-1" }}
                aria-keyshortcuts={may_accept.then_some("a")}
                {onclick}
            >
                { &lead.company }
            </a>
            <p class="e-deal-card__about">{ about.join(" · ") }</p>
            <p class="e-deal-card__about">{ words::source(&lead.source) }</p>
            <div class="e-deal-card__foot">
                if let Some(value) = &lead.value { <span class="e-num e-strong">{ format::money_short(value) }</span> }
                if let Some(at) = at {
                    <span class="e-deal-card__clock" title={label.clone()}>
                        <span class="e-visually-hidden">{ label }{ " " }</span>
                        <Icon name={if lead.window_ends_at.is_some() { IconName::Inbox } else { IconName::Phone }} />
                        <Clock at={at.clone()} soon_ms={SOON_MS} />
                    </span>
                }
            </div>
            if may_accept {
                <Button small=true block=true kind={ButtonKind::Secondary} icon={IconName::Check} busy={action.busy}
                    onclick={accept.reform(|_: MouseEvent| ())}
                    aria_label={t!("lead-accept-named", "company" => lead.company.clone())}>
                    { t!("lead-accept") }
                </Button>
            }
        </li>
    }
}
