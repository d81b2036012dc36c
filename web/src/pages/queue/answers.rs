//! The answers that the vendor owes on approved deals: what partners asked and the extensions that they requested, the one that has
//! waited longest first. Given without leaving the screen; live.

use entente_web_api::{
    Id, QueryBuilder,
    deal::{DealAction, DealCard},
    desk::{OwedDeal, OwedDealsQuery, VendorOwes},
    feed::FeedEvent,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{
    filters::Filters,
    keys::{beside, focus, focus_row, focus_row_soon, use_keys},
};
use crate::{
    i18n::format,
    live::use_deal_changes,
    notice::use_notifier,
    paged::{Listed, PageOf, use_paged},
    pages::deal::{
        act::read_again,
        dialog::{Ask, DealDialog},
        link::DealLink,
        words,
    },
    session::use_client,
    t,
    ui::{Button, ButtonKind, Card, EmptyState, IconName, SkeletonBlock, Tag, Tone},
};

const PAGE: i32 = 60;

#[derive(PartialEq, Properties)]
pub struct AnswersProps {
    pub filters: Filters,
    /// The people on the desk; none for everyone's.
    pub owners: Option<Vec<Id>>,
    pub onhelp: Callback<bool>,
    pub oneveryone: Callback<MouseEvent>,
    pub onchange: Callback<Filters>,
}

#[component]
pub fn Answers(props: &AnswersProps) -> Html {
    let notifier = use_notifier();
    let client = use_client();
    let (filters, owners) = (props.filters.clone(), props.owners.clone());
    let list = use_paged(
        filters.to_variables(owners.as_deref(), PAGE),
        |mut variables, after| {
            variables.after = after;
            OwedDealsQuery::build(variables)
        },
        |data: OwedDealsQuery| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count },
    );
    let current = use_state_eq(|| None::<String>);
    // With the deal it is about: the row below may be gone before the dialog is.
    let dialog = use_state(|| None::<(Ask, DealCard)>);
    let pause = use_mut_ref(|| None::<Timeout>);
    // Whether a key has opened a dialog, known before the dialog is drawn: what is typed meanwhile is meant for it.
    let opening = use_mut_ref(|| false);
    {
        let opening = opening.clone();
        use_effect_with(dialog.is_some(), move |open| {
            if !open {
                opening.replace(false);
            }
        });
    }
    let accept = {
        let (list, filters, owners) = (list.clone(), filters.clone(), owners.clone());
        Callback::from(move |deal: DealCard| list.update(|listed| settle(listed, deal, &filters, owners.as_deref())))
    };
    {
        let (list, accept, dialog, notifier) = (list.clone(), accept.clone(), dialog.clone(), notifier.clone());
        let (filters, owners) = (filters.clone(), owners.clone());
        use_deal_changes(move |event| {
            let FeedEvent::Change(change) = event else { return list.reload() };
            let deal = &change.deal;
            if let Some((ask, open)) = &*dialog
                && open.id == deal.id
            {
                dialog.set(Some((ask.clone(), deal.clone())));
            }
            let known = list.data().is_some_and(|listed| listed.nodes.iter().any(|one| one.card.id == deal.id));
            // Always: what came just before may not be drawn yet, and so not be known here.
            accept.emit(deal.clone());
            if !known && !filters.admits(deal, owners.as_deref()) {
                return;
            }
            notifier.announce(t!(
                "queue-changed-live",
                "name" => deal.title.clone(),
                "what" => words::event(&change.kind, &change.text),
            ));
            // What was asked does not travel with the change.
            let list = list.clone();
            *pause.borrow_mut() = Some(Timeout::new(600, move || list.reload()));
        });
    }

    let nodes: Vec<OwedDeal> = list.data().map(|listed| listed.nodes.clone()).unwrap_or_default();
    let at = current.as_ref().and_then(|id| nodes.iter().position(|one| one.card.id.inner() == id)).unwrap_or(0);
    {
        let (nodes, current, dialog, onhelp) = (nodes.clone(), current.setter(), dialog.clone(), props.onhelp.clone());
        use_keys(move |key: &str, _: bool| {
            if dialog.is_some() || *opening.borrow() {
                return false;
            }
            let go = |index: usize| {
                let Some(next) = nodes.get(index) else { return };
                let next = next.card.id.inner().to_owned();
                focus_row(&next);
                current.set(Some(next));
            };
            let ask = |ask: Ask, needs: DealAction| {
                if let Some(one) = nodes.get(at).filter(|one| one.card.viewer_can.contains(&needs)) {
                    opening.replace(true);
                    dialog.set(Some((ask, one.card.clone())));
                }
            };
            match key {
                "?" => onhelp.emit(true),
                "/" => focus("queue-search"),
                "j" | "J" | "ArrowDown" => go((at + 1).min(nodes.len().saturating_sub(1))),
                "k" | "K" | "ArrowUp" => go(at.saturating_sub(1)),
                "a" | "A" => ask(Ask::AnswerPartner, DealAction::AnswerPartner),
                "g" | "G" => ask(Ask::GrantExtension, DealAction::DecideExtension),
                "d" | "D" => ask(Ask::DeclineExtension, DealAction::DecideExtension),
                _ => return false,
            }
            true
        });
    }
    let onselect = {
        let current = current.setter();
        Callback::from(move |id: String| current.set(Some(id)))
    };
    let onask = {
        let dialog = dialog.setter();
        Callback::from(move |asked: (Ask, DealCard)| dialog.set(Some(asked)))
    };
    let ondone = {
        let (accept, current, nodes, list) = (accept.clone(), current.setter(), nodes.clone(), list.clone());
        let (filters, owners) = (filters.clone(), owners.clone());
        Callback::from(move |deal: DealCard| {
            let at = nodes.iter().position(|one| one.card.id == deal.id).unwrap_or(at);
            let beside = beside(&nodes, at);
            // Where two things were asked the deal stays for the other one.
            let stays = filters.admits(&deal, owners.as_deref()).then(|| deal.id.inner().to_owned());
            let next = stays.or_else(|| beside.map(|one| one.card.id.inner().to_owned()));
            current.set(next.clone());
            accept.emit(deal);
            // An answer that was on its way is older than this one and would bring the row back.
            list.reload();
            focus_row_soon(next);
        })
    };
    let close = {
        let dialog = dialog.setter();
        Callback::from(move |()| dialog.set(None))
    };
    let onstale = {
        let (dialog, list) = (dialog.clone(), list.clone());
        Callback::from(move |()| {
            list.reload();
            if let Some((ask, deal)) = (*dialog).clone() {
                let dialog = dialog.setter();
                read_again(&client, &deal.id, move |newest| dialog.set(newest.map(|deal| (ask, deal))));
            }
        })
    };
    let answers = list.view(SkeletonBlock::Rows(8), |_| {
        if nodes.is_empty() {
            return empty(props);
        }
        html! {
            <div data-testid="queue-answers">
                <ul class="e-queue__rows" aria-label={t!("queue-work-answers")}>
                    { for nodes.iter().enumerate().map(|(n, one)| row(one, n == at, &onselect, &onask)) }
                </ul>
                { list.foot() }
            </div>
        }
    });
    html! {
        <>
            { answers }
            if let Some((ask, deal)) = &*dialog {
                <DealDialog ask={ask.clone()} deal={deal.clone()} onclose={close} {ondone} {onstale} />
            }
        </>
    }
}

/// A deal, what was asked on it, and the answers that may be given.
fn row(one: &OwedDeal, current: bool, onselect: &Callback<String>, onask: &Callback<(Ask, DealCard)>) -> Html {
    let deal = &one.card;
    let id = deal.id.inner().to_owned();
    let choose = {
        let (onselect, id) = (onselect.clone(), id.clone());
        Callback::from(move |()| onselect.emit(id.clone()))
    };
    let may = |action: DealAction| deal.viewer_can.contains(&action);
    let button = |ask: Ask, kind: ButtonKind, icon: IconName, label: String, key: &'static str| {
        let (onask, deal) = (onask.clone(), deal.clone());
        html! {
            <Button small=true {kind} {icon} onclick={Callback::from(move |_: MouseEvent| onask.emit((ask.clone(), deal.clone())))}>
                { label }<kbd class="e-kbd" aria-hidden="true">{ key }</kbd>
            </Button>
        }
    };
    let asked = |said: String, owed: &VendorOwes| {
        html! {
            <>
                <p class="e-small e-strong">{ said }</p>
                <blockquote class="e-quote">{ &owed.text }</blockquote>
            </>
        }
    };
    let question = one
        .owed
        .as_ref()
        .and_then(|owed| owed.question.as_ref())
        .map(|owed| asked(t!("desk-question", "who" => owed.asked_by.clone(), "when" => format::date_time(&owed.asked_at)), owed));
    let extension = one
        .owed
        .as_ref()
        .and_then(|owed| owed.extension.as_ref())
        .map(|owed| asked(t!("queue-answers-extension", "who" => owed.asked_by.clone(), "when" => format::date_time(&owed.asked_at)), owed));
    html! {
        <li
            key={id.clone()}
            class={classes!("e-answer", current.then_some("e-answer--current"))}
            onclick={choose.reform(|_: MouseEvent| ())}
            onfocusin={choose.reform(|_: FocusEvent| ())}
        >
            <div class="e-row e-row--between">
                <div class="e-queue-row__main">
                    <DealLink deal={id.clone()} id={format!("queue-{id}")} class={classes!("e-queue-row__title")} keys={AttrValue::Static("a g d")}>
                        { &deal.title }
                    </DealLink>
                    <span class="e-subtle e-small">{ &deal.number }{ " · " }{ words::customer(deal) }{ " · " }{ &deal.partner.name }</span>
                </div>
                <div class="e-queue-row__side">
                    <span class="e-num e-strong">{ format::money_short(&deal.value_in_program_currency) }</span>
                    if let Some(days) = deal.days_standing_still() {
                        <Tag tone={Tone::Warm}>{ t!("queue-answers-left", "days" => days) }</Tag>
                    }
                </div>
            </div>
            { question.unwrap_or_default() }
            { extension.unwrap_or_default() }
            <div class="e-row">
                if may(DealAction::AnswerPartner) {
                    { button(Ask::AnswerPartner, ButtonKind::Primary, IconName::MessageCircle, t!("desk-answer"), "A") }
                }
                if may(DealAction::DecideExtension) {
                    { button(Ask::GrantExtension, ButtonKind::Primary, IconName::Check, t!("desk-grant"), "G") }
                    { button(Ask::DeclineExtension, ButtonKind::Secondary, IconName::Ban, t!("desk-decline"), "D") }
                }
            </div>
        </li>
    }
}

fn empty(props: &AnswersProps) -> Html {
    if props.filters.is_narrowed() {
        let (onchange, cleared) = (props.onchange.clone(), props.filters.cleared());
        return html! {
            <Card>
                <EmptyState icon={IconName::Search} title={t!("queue-nothing-found")} text={t!("queue-answers-not-found")}>
                    <Button onclick={Callback::from(move |_: MouseEvent| onchange.emit(cleared.clone()))}>{ t!("queue-clear-filters") }</Button>
                </EmptyState>
            </Card>
        };
    }
    html! {
        <Card>
            <EmptyState icon={IconName::CheckCircle} title={t!("queue-answers-empty")} text={t!("queue-answers-empty-text")}>
                if props.owners.is_some() {
                    <Button icon={IconName::Users} onclick={props.oneveryone.clone()}>{ t!("queue-see-everyone") }</Button>
                }
            </EmptyState>
        </Card>
    }
}

/// Puts a newer state of a deal into the list, where it belongs, or takes it out. What was asked comes with the next reading.
fn settle(listed: &mut Listed<OwedDeal>, deal: DealCard, filters: &Filters, owners: Option<&[Id]>) {
    let at = listed.nodes.iter().position(|one| one.card.id == deal.id);
    if at.is_some_and(|at| listed.nodes[at].card.version > deal.version) {
        return;
    }
    let old = at.map(|at| listed.nodes.remove(at));
    if !filters.admits(&deal, owners) {
        listed.total -= i32::from(at.is_some());
        return;
    }
    let place = listed.nodes.iter().position(|other| filters.compare(&other.card, &deal).is_gt()).unwrap_or(listed.nodes.len());
    listed.nodes.insert(place, OwedDeal { card: deal, owed: old.and_then(|old| old.owed) });
    listed.total += i32::from(at.is_none());
}
