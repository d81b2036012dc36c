//! The rows of the queue, in groups by deadline. A row has the focus while it is the current one.

use entente_web_api::deal::{QueueDeal, RegistrationStatus};
use yew::prelude::*;

use super::due::Due;
use crate::{
    i18n::format,
    pages::deal::{link::DealLink, verdict::VerdictTag, words},
    t,
    ui::{Clock, Count, Tag, Tone},
};

/// Every group that has a deal, nearest first.
pub fn groups(nodes: &[QueueDeal], current: Option<&str>, fresh: &[(String, i32)], onselect: &Callback<String>) -> Html {
    html! {
        <>
            { for Due::ALL.into_iter().map(|due| {
                let rows: Vec<&QueueDeal> = nodes.iter().filter(|one| Due::of(one.card.decision_due_at.as_ref()) == due).collect();
                if rows.is_empty() {
                    return html! {};
                }
                let heading = format!("due-{due:?}");
                html! {
                    <section class={due.class()} aria-labelledby={heading.clone()} key={heading.clone()}>
                        <h2 id={heading}>{ due.name() }{ " " }<Count n={rows.len() as i64} /></h2>
                        <ul class="e-queue__rows">
                            { for rows.into_iter().map(|item| row(item, current, fresh, onselect)) }
                        </ul>
                    </section>
                }
            }) }
        </>
    }
}

fn row(item: &QueueDeal, current: Option<&str>, fresh: &[(String, i32)], onselect: &Callback<String>) -> Html {
    let deal = &item.card;
    let id = deal.id.inner().to_owned();
    let marked = fresh.contains(&(id.clone(), deal.version));
    let is_current = current == Some(id.as_str());
    let choose = {
        let (onselect, id) = (onselect.clone(), id.clone());
        Callback::from(move |()| onselect.emit(id.clone()))
    };
    let products: Vec<String> = deal.products.iter().map(|product| product.name.clone()).collect();
    html! {
        <li
            key={if marked { format!("{id}-{}", deal.version) } else { id.clone() }}
            class={classes!("e-queue-row", is_current.then_some("e-queue-row--current"), marked.then_some("e-changed"))}
            onclick={choose.reform(|_: MouseEvent| ())}
            onfocusin={choose.reform(|_: FocusEvent| ())}
        >
            <div class="e-queue-row__due">
                if let Some(at) = &deal.decision_due_at { <Clock at={at.clone()} soon_ms={8.0 * 3_600_000.0} /> }
            </div>
            <div class="e-queue-row__main">
                <DealLink deal={id.clone()} id={format!("queue-{id}")} class={classes!("e-queue-row__title")} keys={AttrValue::Static("a r i")}>
                    { &deal.title }
                </DealLink>
                <span class="e-subtle e-small">{ words::customer(deal) }{ " · " }{ &deal.partner.name }{ " · " }{ products.join(", ") }</span>
            </div>
            <div class="e-queue-row__side">
                <span class="e-num e-strong">{ format::money_short(&deal.value_in_program_currency) }</span>
                if deal.status == RegistrationStatus::InReview { <Tag tone={Tone::Info}>{ t!("queue-answered") }</Tag> }
                if let Some(verdict) = &item.verdict { <VerdictTag outcome={verdict.outcome} /> }
            </div>
        </li>
    }
}
