//! The rows of the queue, in groups by deadline where that is the order. A row has the focus while it is the current one; a
//! row that others decided stands for a moment with a mark.

use entente_web_api::deal::{QueueDeal, RegistrationStatus};
use yew::prelude::*;

use super::due::Due;
use crate::{
    i18n::format,
    pages::deal::{link::DealLink, verdict::VerdictTag, words},
    t,
    ui::{Clock, Count, Icon, IconName, Tag, Tone},
};

/// How a row looks.
#[derive(Clone, Default, PartialEq)]
pub struct Look {
    pub current: bool,
    pub selected: bool,
    /// Whether it may be selected.
    pub selectable: bool,
    /// It changed a moment ago.
    pub fresh: bool,
    /// It is about to be approved.
    pub waiting: bool,
    /// What went wrong with it.
    pub problem: Option<String>,
    /// Somebody else decided it: what and who.
    pub gone: Option<String>,
}

/// What a row does.
#[derive(Clone, PartialEq)]
pub struct Actions {
    pub onselect: Callback<String>,
    /// The row, and whether shift was held.
    pub ontoggle: Callback<(String, bool)>,
}

/// Every group that has a deal, nearest first; one list where the order is another.
pub fn groups(rows: &[(QueueDeal, Look)], by_deadline: bool, actions: &Actions) -> Html {
    if !by_deadline {
        return html! { <ul class="e-queue__rows" aria-label={t!("nav-queue")}>{ for rows.iter().map(|(item, look)| row(item, look, actions)) }</ul> };
    }
    html! {
        <>
            { for Due::ALL.into_iter().map(|due| {
                let rows: Vec<&(QueueDeal, Look)> = rows.iter().filter(|(one, _)| Due::of(one.card.decision_due_at.as_ref()) == due).collect();
                if rows.is_empty() {
                    return html! {};
                }
                let heading = format!("due-{due:?}");
                html! {
                    <section class={due.class()} aria-labelledby={heading.clone()} key={heading.clone()}>
                        <h2 id={heading}>{ due.name() }{ " " }<Count n={rows.len() as i64} /></h2>
                        <ul class="e-queue__rows">
                            { for rows.into_iter().map(|(item, look)| row(item, look, actions)) }
                        </ul>
                    </section>
                }
            }) }
        </>
    }
}

fn row(item: &QueueDeal, look: &Look, actions: &Actions) -> Html {
    let deal = &item.card;
    let id = deal.id.inner().to_owned();
    if let Some(gone) = &look.gone {
        return html! {
            <li key={format!("{id}-gone")} class="e-queue-row e-queue-row--gone" data-testid="queue-gone">
                <div class="e-queue-row__main">
                    <span class="e-queue-row__title">{ &deal.title }</span>
                    <span class="e-small"><Icon name={IconName::Check} />{ " " }{ gone }</span>
                </div>
            </li>
        };
    }
    let choose = {
        let (onselect, id) = (actions.onselect.clone(), id.clone());
        Callback::from(move |()| onselect.emit(id.clone()))
    };
    let ontoggle = {
        let (ontoggle, id) = (actions.ontoggle.clone(), id.clone());
        Callback::from(move |event: MouseEvent| ontoggle.emit((id.clone(), event.shift_key())))
    };
    let products: Vec<String> = deal.products.iter().map(|product| product.name.clone()).collect();
    let class = classes!(
        "e-queue-row",
        look.current.then_some("e-queue-row--current"),
        look.fresh.then_some("e-changed"),
        look.selected.then_some("e-queue-row--selected"),
        look.waiting.then_some("e-queue-row--waiting"),
    );
    let steps = item.route.as_ref().filter(|route| route.steps.len() > 1).map(|route| {
        let done = route.steps.iter().filter(|step| step.state == entente_web_api::routing::DealStepState::Approved).count();
        t!("routing-step-of", "n" => done + 1, "of" => route.steps.len())
    });
    html! {
        <li
            key={if look.fresh { format!("{id}-{}", deal.version) } else { id.clone() }}
            {class}
            onclick={choose.reform(|_: MouseEvent| ())}
            onfocusin={choose.reform(|_: FocusEvent| ())}
        >
            <label class="e-queue-row__check">
                <input
                    type="checkbox"
                    checked={look.selected}
                    disabled={!look.selectable || look.waiting}
                    onclick={ontoggle}
                    aria-label={t!("queue-select", "name" => deal.title.clone())}
                />
            </label>
            <div class="e-queue-row__due">
                if let Some(at) = &deal.decision_due_at { <Clock at={at.clone()} soon_ms={8.0 * 3_600_000.0} /> }
            </div>
            <div class="e-queue-row__main">
                <DealLink deal={id.clone()} id={format!("queue-{id}")} class={classes!("e-queue-row__title")} keys={AttrValue::Static("a r i x h")}>
                    { &deal.title }
                </DealLink>
                <span class="e-subtle e-small">{ words::customer(deal) }{ " · " }{ &deal.partner.name }{ " · " }{ products.join(", ") }</span>
                if let Some(problem) = &look.problem {
                    <span class="e-queue-row__problem e-small" role="alert"><Icon name={IconName::AlertCircle} />{ " " }{ problem }</span>
                }
            </div>
            <div class="e-queue-row__side">
                <span class="e-num e-strong">{ format::money_short(&deal.value_in_program_currency) }</span>
                if look.waiting { <Tag tone={Tone::Ok}>{ t!("queue-about-to") }</Tag> }
                if let Some(steps) = steps { <Tag tone={Tone::Brand}>{ steps }</Tag> }
                if deal.status == RegistrationStatus::InReview && item.route.as_ref().is_none_or(|route| route.steps.len() < 2) {
                    <Tag tone={Tone::Info}>{ t!("queue-answered") }</Tag>
                }
                if let Some(verdict) = &item.verdict { <VerdictTag outcome={verdict.outcome} /> }
            </div>
        </li>
    }
}
