//! The list of the queue: reads it, keeps it live, and does what the keys and buttons ask for.

use std::{collections::BTreeMap, rc::Rc};

use entente_web_api::{
    Id, QueryBuilder,
    deal::{DealAction, DealCard, QueueDeal, QueueQuery, RegistrationStatus},
    error::field_errors,
    feed::FeedEvent,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    approvals::{Answer, Item, use_approvals},
    filters::Filters,
    hand::HandOn,
    keys::{beside, focus, focus_row, focus_row_soon, use_keys},
    preview::Preview,
    row::{self, Actions, Look},
    selection::{SELECT_MAX, Selection},
    undo,
};
use crate::{
    live::use_deal_changes,
    notice::use_notifier,
    paged::{Listed, PageOf, use_paged},
    pages::deal::{
        act::read_again,
        dialog::{Ask, DealDialog},
        words,
    },
    routes::Routes,
    session::{use_client, use_session},
    t, texts,
    ui::{Button, Card, EmptyState, IconName, LinkButton, SkeletonBlock},
};

const PAGE: i32 = 60;
/// How long a row that others decided stands with its mark.
const GONE_MS: u32 = 4_000;

#[derive(PartialEq, Properties)]
pub struct WaitingProps {
    pub filters: Filters,
    /// The people on the desk; none for everyone's.
    pub owners: Option<Vec<Id>>,
    pub onhelp: Callback<bool>,
    pub oneveryone: Callback<MouseEvent>,
    pub onchange: Callback<Filters>,
}

/// What is open above the list.
#[derive(Clone, PartialEq)]
enum Dialog {
    /// With the deal it is about: the row below may be gone before the dialog is.
    Ask(Ask, DealCard),
    Hand(DealCard),
}

/// A row that others decided, and what they did.
type Gone = Vec<(QueueDeal, String)>;

#[component]
pub fn Waiting(props: &WaitingProps) -> Html {
    let notifier = use_notifier();
    let navigator = use_navigator();
    let client = use_client();
    let me = use_session().viewer().map(|viewer| viewer.user.name.clone()).unwrap_or_default();
    let (filters, owners) = (props.filters.clone(), props.owners.clone());
    let list = use_paged(
        filters.to_variables(owners.as_deref(), PAGE),
        |mut variables, after| {
            variables.after = after;
            QueueQuery::build(variables)
        },
        |data: QueueQuery| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count },
    );
    let current = use_state_eq(|| None::<String>);
    let selection = use_state_eq(Selection::default);
    let dialog = use_state(|| None::<Dialog>);
    let problems = use_state(|| Rc::new(BTreeMap::<String, String>::new()));
    let fresh = use_state(Vec::<(String, i32)>::new);
    let gone = use_state(Gone::new);
    // Several changes may come before the next drawing.
    let (marks, ghosts) = (use_mut_ref(Vec::<(String, i32)>::new), use_mut_ref(Gone::new));
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
    let approvals = {
        let (accept, notifier, list, problems) = (accept.clone(), notifier.clone(), list.clone(), problems.clone());
        use_approvals(Callback::from(move |(items, answer): (Rc<Vec<Item>>, Answer)| {
            let steps = steps_only(&answer);
            let found = outcome(&items, answer, &accept);
            match (items.len() - found.len(), found.len()) {
                (done, 0) if steps == 0 => notifier.success(t!("queue-approved-many", "n" => done)),
                (done, 0) if steps == done => notifier.success(t!("queue-approved-steps", "n" => steps)),
                (done, 0) => notifier.success(t!("queue-approved-mixed", "n" => done.saturating_sub(steps), "steps" => steps)),
                (done, left) => notifier.failure(t!("queue-approved-some", "n" => done, "left" => left)),
            }
            problems.set(Rc::new(found));
            // Others' verdicts may have changed with it, and what was refused has another version.
            list.reload();
        }))
    };

    {
        let (list, accept, fresh, dialog, gone) = (list.clone(), accept.clone(), fresh.clone(), dialog.clone(), gone.clone());
        let (filters, owners, notifier, ghosts) = (filters.clone(), owners.clone(), notifier.clone(), ghosts.clone());
        use_deal_changes(move |event| {
            let FeedEvent::Change(change) = event else { return list.reload() };
            let deal = &change.deal;
            match &*dialog {
                Some(Dialog::Ask(ask, open)) if open.id == deal.id => dialog.set(Some(Dialog::Ask(ask.clone(), deal.clone()))),
                Some(Dialog::Hand(open)) if open.id == deal.id => dialog.set(Some(Dialog::Hand(deal.clone()))),
                _ => {}
            }
            let known = list.data().and_then(|listed| listed.nodes.iter().find(|one| one.card.id == deal.id).cloned());
            let stays = filters.admits(deal, owners.as_deref());
            if let (Some(row), false) = (&known, stays)
                && change.actor_name != me
                && row.card.version < deal.version
            {
                let what = t!("queue-gone", "who" => change.actor_name.clone(), "what" => words::event(&change.kind, &change.text));
                let id = deal.id.clone();
                ghosts.borrow_mut().push((row.clone(), what));
                gone.set(ghosts.borrow().clone());
                let (ghosts, gone) = (ghosts.clone(), gone.setter());
                Timeout::new(GONE_MS, move || {
                    ghosts.borrow_mut().retain(|(row, _)| row.card.id != id);
                    gone.set(ghosts.borrow().clone());
                })
                .forget();
            }
            // Always: what came just before may not be drawn yet, and so not be known here.
            accept.emit(deal.clone());
            if known.is_none() && !stays {
                return;
            }
            marks.borrow_mut().push((deal.id.inner().to_owned(), deal.version));
            fresh.set(marks.borrow().clone());
            notifier.announce(t!(
                "queue-changed-live",
                "name" => deal.title.clone(),
                "what" => words::event(&change.kind, &change.text),
            ));
            // Verdict and route do not travel with the change.
            let list = list.clone();
            *pause.borrow_mut() = Some(Timeout::new(600, move || list.reload()));
        });
    }

    let nodes: Vec<QueueDeal> = list.data().map(|listed| listed.nodes.clone()).unwrap_or_default();
    let at = current.as_ref().and_then(|id| nodes.iter().position(|one| one.card.id.inner() == id)).unwrap_or(0);
    let chosen = nodes.get(at).cloned();
    let may_approve = |one: &QueueDeal| one.card.viewer_can.contains(&DealAction::Approve) && !approvals.holds(&one.card.id);
    let selectable: Vec<String> = nodes.iter().filter(|one| may_approve(one)).map(|one| one.card.id.inner().to_owned()).collect();
    let selected = selection.kept(|id| selectable.iter().any(|one| one == id));

    // One way in for keys and mouse.
    let select = {
        let (selection, selected, notifier, selectable) = (selection.setter(), selected.clone(), notifier.clone(), selectable.clone());
        Callback::from(move |(id, from, range): (String, String, bool)| {
            if !selectable.contains(&id) {
                return notifier.announce(t!("queue-not-selectable"));
            }
            let next = if range { selected.extended(&selectable, &from, &id) } else { selected.toggled(&id) };
            let full = next.len() == selected.len() && !selected.contains(&id);
            notifier.announce(if full { t!("queue-selected-full", "n" => SELECT_MAX) } else { t!("queue-selected", "n" => next.len()) });
            selection.set(next);
        })
    };
    let approve_selected = {
        let (approvals, selection, nodes, selected) = (approvals.clone(), selection.setter(), nodes.clone(), selected.clone());
        let (current, notifier, problems) = (current.setter(), notifier.clone(), problems.setter());
        Callback::from(move |()| {
            let is_selected = |one: &&QueueDeal| selected.contains(one.card.id.inner());
            let items: Vec<Item> = nodes.iter().filter(is_selected).map(|one| Item { id: one.card.id.clone(), version: one.card.version }).collect();
            if items.is_empty() {
                return;
            }
            notifier.announce(t!("queue-approving-said", "n" => items.len(), "seconds" => super::approvals::UNDO_SECONDS));
            problems.set(Rc::default());
            selection.set(Selection::default());
            // On to what comes next, so that a queue is worked off without the mouse.
            let next = nodes.iter().skip(at).chain(&nodes).find(|one| !selected.contains(one.card.id.inner()));
            if let Some(next) = next.map(|one| one.card.id.inner().to_owned()) {
                focus_row(&next);
                current.set(Some(next));
            }
            approvals.begin(items);
        })
    };
    {
        let (nodes, current, dialog, chosen) = (nodes.clone(), current.setter(), dialog.clone(), chosen.clone());
        let (select, approve_selected, approvals, selection) = (select.clone(), approve_selected.clone(), approvals.clone(), selection.setter());
        let (onhelp, notifier, any) = (props.onhelp.clone(), notifier.clone(), !selected.is_empty());
        use_keys(move |key: &str, shift: bool| {
            if dialog.is_some() || *opening.borrow() {
                return false;
            }
            let show = |next: Dialog| {
                opening.replace(true);
                dialog.set(Some(next));
            };
            match key {
                "?" => onhelp.emit(true),
                "/" => focus("queue-search"),
                "u" | "U" => {
                    if approvals.undo() {
                        notifier.announce(t!("queue-undone"));
                    }
                }
                "Escape" if any => selection.set(Selection::default()),
                "a" | "A" if any => approve_selected.emit(()),
                _ => {
                    let Some(chosen) = &chosen else { return false };
                    let id = chosen.card.id.inner().to_owned();
                    let go = |index: usize| {
                        let Some(next) = nodes.get(index) else { return };
                        let next = next.card.id.inner().to_owned();
                        focus_row(&next);
                        if shift {
                            select.emit((next.clone(), id.clone(), true));
                        }
                        current.set(Some(next));
                    };
                    let ask = |ask: Ask, needs: DealAction| {
                        if chosen.card.viewer_can.contains(&needs) {
                            show(Dialog::Ask(ask, chosen.card.clone()));
                        } else {
                            notifier.announce(t!("queue-not-selectable"));
                        }
                    };
                    match key {
                        "j" | "J" | "ArrowDown" => go((at + 1).min(nodes.len().saturating_sub(1))),
                        "k" | "K" | "ArrowUp" => go(at.saturating_sub(1)),
                        "x" => select.emit((id.clone(), id.clone(), false)),
                        "X" => select.emit((id.clone(), id.clone(), true)),
                        "Enter" | "o" => {
                            if let Some(navigator) = &navigator {
                                navigator.push(&Routes::Deal { id });
                            }
                        }
                        "a" | "A" => ask(Ask::Approve, DealAction::Approve),
                        "r" => ask(Ask::Reject, DealAction::Reject),
                        "i" => ask(Ask::Question, DealAction::RequestInfo),
                        "h" if chosen.card.viewer_can.contains(&DealAction::Reroute) => show(Dialog::Hand(chosen.card.clone())),
                        _ => return false,
                    }
                }
            }
            true
        });
    }
    let actions = {
        let current_set = current.setter();
        let (select, from) = (select.clone(), chosen.as_ref().map(|one| one.card.id.inner().to_owned()).unwrap_or_default());
        Actions {
            onselect: Callback::from(move |id| current_set.set(Some(id))),
            ontoggle: Callback::from(move |(id, range)| select.emit((id, from.clone(), range))),
        }
    };
    let open = |make: fn(DealCard) -> Dialog| {
        let (dialog, card) = (dialog.setter(), chosen.as_ref().map(|one| one.card.clone()));
        Callback::from(move |_: MouseEvent| dialog.set(card.clone().map(make)))
    };
    let onask = {
        let (dialog, card) = (dialog.setter(), chosen.as_ref().map(|one| one.card.clone()));
        Callback::from(move |ask: Ask| dialog.set(card.clone().map(|card| Dialog::Ask(ask, card))))
    };
    let ondone = {
        let (accept, current, nodes, list) = (accept.clone(), current.setter(), nodes.clone(), list.clone());
        Callback::from(move |deal: DealCard| {
            let next = beside(&nodes, at).map(|one| one.card.id.inner().to_owned());
            current.set(next.clone());
            accept.emit(deal);
            // An answer that was on its way is older than the decision and would bring the row back.
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
            if let Some(Dialog::Ask(ask, deal)) = (*dialog).clone() {
                let dialog = dialog.setter();
                read_again(&client, &deal.id, move |newest| dialog.set(newest.map(|deal| Dialog::Ask(ask, deal))));
            }
        })
    };
    let rows: Vec<(QueueDeal, Look)> = merged(&nodes, &gone, &filters)
        .into_iter()
        .map(|(one, gone)| {
            let id = one.card.id.inner().to_owned();
            let look = Look {
                current: gone.is_none() && chosen.as_ref().is_some_and(|current| current.card.id == one.card.id),
                selected: selected.contains(&id),
                selectable: one.card.viewer_can.contains(&DealAction::Approve),
                fresh: fresh.contains(&(id.clone(), one.card.version)),
                waiting: approvals.holds(&one.card.id),
                problem: problems.get(&id).cloned(),
                gone,
            };
            (one, look)
        })
        .collect();
    let queue = list.view(SkeletonBlock::Rows(8), |_| {
        if rows.is_empty() {
            return empty(props);
        }
        html! {
            <div class="e-queue">
                <div class="e-queue__list" data-testid="queue-list">
                    { row::groups(&rows, filters.by_deadline(), &actions) }
                    { list.foot() }
                </div>
                if let Some(chosen) = &chosen {
                    <Preview item={chosen.clone()} {onask} onhand={open(Dialog::Hand)} />
                }
            </div>
        }
    });
    let onclear = {
        let selection = selection.setter();
        Callback::from(move |_: MouseEvent| selection.set(Selection::default()))
    };
    html! {
        <>
            { queue }
            <div class="e-undo-stack">
                { undo::selected(selected.len(), approve_selected.reform(|_: MouseEvent| ()), onclear) }
                { undo::countdown(&approvals) }
            </div>
            { match &*dialog {
                Some(Dialog::Ask(ask, deal)) => {
                    let route = nodes.iter().find(|one| one.card.id == deal.id).and_then(|one| one.route.clone());
                    html! { <DealDialog ask={ask.clone()} deal={deal.clone()} {route} onclose={close} {ondone} {onstale} /> }
                }
                Some(Dialog::Hand(deal)) => html! { <HandOn deal={deal.clone()} onclose={close} {ondone} /> },
                None => html! {},
            } }
        </>
    }
}

fn empty(props: &WaitingProps) -> Html {
    if props.filters.is_narrowed() {
        let (onchange, cleared) = (props.onchange.clone(), props.filters.cleared());
        return html! {
            <Card>
                <EmptyState icon={IconName::Search} title={t!("queue-nothing-found")} text={t!("queue-nothing-found-text")}>
                    <Button onclick={Callback::from(move |_: MouseEvent| onchange.emit(cleared.clone()))}>{ t!("queue-clear-filters") }</Button>
                </EmptyState>
            </Card>
        };
    }
    html! {
        <Card>
            <EmptyState icon={IconName::CheckCircle} title={t!("queue-empty")} text={t!("queue-empty-text")}>
                if props.owners.is_some() {
                    <Button icon={IconName::Users} onclick={props.oneveryone.clone()}>{ t!("queue-see-everyone") }</Button>
                }
                <LinkButton to={Routes::Pipeline}>{ t!("queue-to-pipeline") }</LinkButton>
            </EmptyState>
        </Card>
    }
}

/// How many of the approvals were those of a step: the deal went on to the next approver.
fn steps_only(answer: &Answer) -> usize {
    let Ok(payload) = answer else { return 0 };
    payload.results.iter().filter(|result| result.deal.as_ref().is_some_and(|deal| deal.status != RegistrationStatus::Approved)).count()
}

/// Takes over what was approved; answers what was not, by deal, in the words of the screen.
fn outcome(items: &[Item], answer: Answer, accept: &Callback<DealCard>) -> BTreeMap<String, String> {
    let for_all = |text: String| items.iter().map(|item| (item.id.inner().to_owned(), text.clone())).collect();
    let payload = match answer {
        Ok(payload) => payload,
        Err(error) => return for_all(texts::api_error(&error)),
    };
    if let Some(error) = field_errors(payload.errors).first() {
        return for_all(words::refusal(error));
    }
    let mut problems = BTreeMap::new();
    for result in payload.results {
        let id = result.id.inner().to_owned();
        match result.deal {
            Some(deal) => accept.emit(deal),
            None if result.failed => drop(problems.insert(id, t!("error-server"))),
            None => {
                let said = field_errors(result.errors).first().map(words::refusal);
                problems.insert(id, said.unwrap_or_else(|| t!("error-server")));
            }
        }
    }
    problems
}

/// The rows, with those that others decided still in their places.
fn merged(nodes: &[QueueDeal], gone: &[(QueueDeal, String)], filters: &Filters) -> Vec<(QueueDeal, Option<String>)> {
    let mut rows: Vec<(QueueDeal, Option<String>)> = nodes.iter().cloned().map(|one| (one, None)).collect();
    for (ghost, what) in gone.iter().filter(|(ghost, _)| !nodes.iter().any(|one| one.card.id == ghost.card.id)) {
        let place = rows.iter().position(|(one, _)| filters.compare(&one.card, &ghost.card).is_gt()).unwrap_or(rows.len());
        rows.insert(place, (ghost.clone(), Some(what.clone())));
    }
    rows
}

/// Puts a newer state of a deal into the queue, where it belongs, or takes it out.
fn settle(listed: &mut Listed<QueueDeal>, deal: DealCard, filters: &Filters, owners: Option<&[Id]>) {
    let at = listed.nodes.iter().position(|one| one.card.id == deal.id);
    if at.is_some_and(|at| listed.nodes[at].card.version > deal.version) {
        return;
    }
    let old = at.map(|at| listed.nodes.remove(at));
    if !filters.admits(&deal, owners) {
        listed.total -= i32::from(at.is_some());
        return;
    }
    let (verdict, route) = old.map_or((None, None), |old| (old.verdict, old.route));
    let place = listed.nodes.iter().position(|other| filters.compare(&other.card, &deal).is_gt()).unwrap_or(listed.nodes.len());
    listed.nodes.insert(place, QueueDeal { card: deal, verdict, route });
    listed.total += i32::from(at.is_none());
}
