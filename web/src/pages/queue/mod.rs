//! The approval queue of a channel manager: what waits for a decision, the nearest deadline first, decided without
//! leaving it. Driven by keys; live.

mod due;
mod help;
mod keys;
mod preview;
mod row;

use entente_web_api::{
    Id, QueryBuilder,
    deal::{DealCard, DealFilter, DealOrder, DealOrderField, DealsVariables, QueueDeal, QueueQuery, RegistrationStatus},
    feed::FeedEvent,
    scalar::OrderDirection,
    viewer::{Role, ViewerAction},
};
use gloo_timers::callback::Timeout;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    Forbidden,
    deal::{
        act::read_again,
        dialog::{Ask, DealDialog},
        words,
    },
};
use crate::{
    live::use_deal_changes,
    notice::use_notifier,
    paged::{Listed, PageOf, use_paged},
    routes::{Routes, use_query_state},
    session::{use_client, use_session},
    t,
    ui::{Button, Card, EmptyState, IconName, LinkButton, PageHead, Segment, Segments, SkeletonBlock},
};
use keys::{focus_row, use_keys};

const PAGE: i32 = 40;
const WAITING: [RegistrationStatus; 2] = [RegistrationStatus::Submitted, RegistrationStatus::InReview];

/// Whose desk, in the query string; left out, one's own for a channel manager and everyone's for all others.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
struct Desk {
    /// `everyone` or `mine`.
    #[serde(skip_serializing_if = "String::is_empty")]
    desk: String,
}

#[component]
pub fn Queue() -> Html {
    let session = use_session();
    let state = use_query_state::<Desk>();
    if !session.can(ViewerAction::DecideDeal) {
        return html! { <Forbidden /> };
    }
    let Some(me) = session.viewer().map(|viewer| viewer.user.id.clone()) else { return html! {} };
    let has_desk = session.viewer().is_some_and(|viewer| viewer.roles.contains(&Role::ChannelManager));
    let everyone = match state.value.desk.as_str() {
        "everyone" => true,
        "mine" => false,
        _ => !has_desk,
    };
    let onselect = Callback::from(move |key: AttrValue| state.set(&Desk { desk: key.to_string() }));
    let oneveryone = onselect.reform(|_: MouseEvent| AttrValue::Static("everyone"));
    html! {
        <>
            <PageHead title={t!("nav-queue")} lead={t!("queue-lead")}>
                <Segments
                    label={t!("queue-desk")}
                    items={vec![
                        Segment::new("mine", t!("queue-desk-mine")).icon(IconName::User),
                        Segment::new("everyone", t!("queue-desk-everyone")).icon(IconName::Users),
                    ]}
                    active={if everyone { "everyone" } else { "mine" }}
                    {onselect}
                />
                <help::KeyHelp />
            </PageHead>
            <Waiting manager={(!everyone).then_some(me)} {oneveryone} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct WaitingProps {
    /// Only this manager's.
    manager: Option<Id>,
    oneveryone: Callback<MouseEvent>,
}

#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let notifier = use_notifier();
    let navigator = use_navigator();
    let filter = DealFilter { statuses: Some(WAITING.to_vec()), managers: props.manager.clone().map(|id| vec![id]), ..DealFilter::default() };
    let order_by = DealOrder { field: DealOrderField::DecisionDueAt, direction: OrderDirection::Asc };
    let list = use_paged(
        DealsVariables { filter: Some(filter), order_by: Some(order_by), first: Some(PAGE), ..DealsVariables::default() },
        |mut variables, after| {
            variables.after = after;
            QueueQuery::build(variables)
        },
        |data: QueueQuery| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count },
    );
    let selected = use_state_eq(|| None::<String>);
    // With the deal it is about: the row below may be gone before the dialog is.
    let asked = use_state(|| None::<(Ask, DealCard)>);
    let client = use_client();
    let fresh = use_state(Vec::<(String, i32)>::new);
    // Several changes may come before the next drawing.
    let marks = use_mut_ref(Vec::<(String, i32)>::new);
    let pause = use_mut_ref(|| None::<Timeout>);

    let accept = {
        let (list, manager) = (list.clone(), props.manager.clone());
        Callback::from(move |deal: DealCard| list.update(|listed| settle(listed, deal, manager.as_ref())))
    };
    {
        let (list, accept, fresh, manager, asked) = (list.clone(), accept.clone(), fresh.clone(), props.manager.clone(), asked.clone());
        use_deal_changes(move |event| {
            let FeedEvent::Change(change) = event else { return list.reload() };
            let deal = &change.deal;
            if let Some((ask, open)) = &*asked
                && open.id == deal.id
            {
                asked.set(Some((ask.clone(), deal.clone())));
            }
            // Always: what came just before may not be drawn yet, and so not be known here.
            accept.emit(deal.clone());
            let known = list.data().is_some_and(|listed| listed.nodes.iter().any(|one| one.card.id == deal.id));
            if !known && !belongs(deal, manager.as_ref()) {
                return;
            }
            marks.borrow_mut().push((deal.id.inner().to_owned(), deal.version));
            fresh.set(marks.borrow().clone());
            notifier.announce(t!(
                "queue-changed-live",
                "name" => deal.title.clone(),
                "what" => words::event(&change.kind, &change.text),
            ));
            // The verdict does not travel with the change.
            let list = list.clone();
            *pause.borrow_mut() = Some(Timeout::new(600, move || list.reload()));
        });
    }

    let nodes: Vec<QueueDeal> = list.data().map(|listed| listed.nodes.clone()).unwrap_or_default();
    let at = selected.as_ref().and_then(|id| nodes.iter().position(|one| one.card.id.inner() == id)).unwrap_or(0);
    let current = nodes.get(at).cloned();
    {
        let (nodes, selected, asked, current) = (nodes.clone(), selected.setter(), asked.clone(), current.clone());
        let open_dialog = asked.is_some();
        use_keys(move |key: &str| {
            let Some(current) = &current else { return false };
            if open_dialog {
                return false;
            }
            let go = |index: usize| {
                if let Some(next) = nodes.get(index) {
                    selected.set(Some(next.card.id.inner().to_owned()));
                    focus_row(next.card.id.inner());
                }
            };
            match key {
                "j" | "ArrowDown" => go((at + 1).min(nodes.len().saturating_sub(1))),
                "k" | "ArrowUp" => go(at.saturating_sub(1)),
                "Enter" | "o" => {
                    if let Some(navigator) = &navigator {
                        navigator.push(&Routes::Deal { id: current.card.id.inner().to_owned() });
                    }
                }
                "a" => asked.set(Some((Ask::Approve, current.card.clone()))),
                "r" => asked.set(Some((Ask::Reject, current.card.clone()))),
                "i" => asked.set(Some((Ask::Question, current.card.clone()))),
                _ => return false,
            }
            true
        });
    }
    let onask = {
        let (asked, current) = (asked.setter(), current.clone());
        Callback::from(move |ask| asked.set(current.as_ref().map(|one| (ask, one.card.clone()))))
    };
    let onselect = {
        let selected = selected.setter();
        Callback::from(move |id| selected.set(Some(id)))
    };
    let ondone = {
        let (accept, selected, nodes, list) = (accept.clone(), selected.setter(), nodes.clone(), list.clone());
        Callback::from(move |deal: DealCard| {
            // On to what comes next, so that a queue is worked off without the mouse.
            let next = nodes.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| nodes.get(before)));
            let next = next.map(|one| one.card.id.inner().to_owned());
            selected.set(next.clone());
            accept.emit(deal);
            // An answer that was on its way is older than the decision and would bring the row back; others' verdicts
            // may have changed with it.
            list.reload();
            if let Some(next) = next {
                Timeout::new(80, move || focus_row(&next)).forget();
            }
        })
    };
    let onstale = {
        let (asked, list) = (asked.clone(), list.clone());
        Callback::from(move |()| {
            list.reload();
            if let Some((ask, deal)) = (*asked).clone() {
                let asked = asked.setter();
                read_again(&client, &deal.id, move |newest| asked.set(newest.map(|deal| (ask, deal))));
            }
        })
    };
    let queue = list.view(SkeletonBlock::Rows(8), |listed| {
        if listed.nodes.is_empty() {
            return html! {
                <Card>
                    <EmptyState icon={IconName::CheckCircle} title={t!("queue-empty")} text={t!("queue-empty-text")}>
                        if props.manager.is_some() {
                            <Button icon={IconName::Users} onclick={props.oneveryone.clone()}>{ t!("queue-see-everyone") }</Button>
                        }
                        <LinkButton to={Routes::Pipeline}>{ t!("queue-to-pipeline") }</LinkButton>
                    </EmptyState>
                </Card>
            };
        }
        html! {
            <div class="e-queue">
                <div class="e-queue__list">
                    { row::groups(&listed.nodes, current.as_ref().map(|one| one.card.id.inner()), &fresh, &onselect) }
                    { list.foot() }
                </div>
                if let Some(current) = &current {
                    <preview::Preview item={current.clone()} {onask} />
                }
            </div>
        }
    });
    html! {
        <>
            { queue }
            if let Some((ask, deal)) = &*asked {
                <DealDialog
                    ask={ask.clone()}
                    deal={deal.clone()}
                    onclose={let asked = asked.setter(); Callback::from(move |()| asked.set(None))}
                    {ondone}
                    {onstale}
                />
            }
        </>
    }
}

fn belongs(deal: &DealCard, manager: Option<&Id>) -> bool {
    WAITING.contains(&deal.status) && manager.is_none_or(|manager| deal.manager.as_ref().is_some_and(|own| own.id == *manager))
}

/// Puts a newer state of a deal into the queue, where its deadline belongs, or takes it out.
fn settle(listed: &mut Listed<QueueDeal>, deal: DealCard, manager: Option<&Id>) {
    let at = listed.nodes.iter().position(|one| one.card.id == deal.id);
    if at.is_some_and(|at| listed.nodes[at].card.version > deal.version) {
        return;
    }
    let verdict = at.and_then(|at| listed.nodes.remove(at).verdict);
    if !belongs(&deal, manager) {
        listed.total -= i32::from(at.is_some());
        return;
    }
    let later = |other: &QueueDeal| match (&deal.decision_due_at, &other.card.decision_due_at) {
        (Some(mine), Some(theirs)) => theirs > mine,
        (mine, _) => mine.is_some(),
    };
    let place = listed.nodes.iter().position(later).unwrap_or(listed.nodes.len());
    listed.nodes.insert(place, QueueDeal { card: deal, verdict });
    listed.total += i32::from(at.is_none());
}
