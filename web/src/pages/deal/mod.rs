//! A deal's own page: where it stands, what it is, what may be done, what happened. Live: a change by somebody else
//! appears where it stands, marked, and is said aloud.

pub mod act;
mod desk;
pub mod dialog;
mod edit;
pub mod evidence_files;
mod evidence_form;
mod facts;
mod head;
pub mod link;
pub mod moving;
mod note;
mod timeline;
pub mod verdict;
pub mod words;

use entente_web_api::{
    Id, QueryBuilder,
    deal::{DealAction, DealCard, DealQuery, DealVariables, VerdictOutcome},
    feed::FeedEvent,
    program::DealStage,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::prelude::*;

use super::queue::route::RouteView;
use super::{Forbidden, NotFound, disputes::of_deal::OfDeal};
use crate::{
    live::use_deal_changes,
    notice::use_notifier,
    remote::{Query, use_query},
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, Icon, IconName, PageHead, SkeletonBlock, StatusTag},
};
use dialog::{Ask, DealDialog};

#[derive(PartialEq, Properties)]
pub struct DealPageProps {
    pub id: String,
}

#[component]
pub fn DealPage(props: &DealPageProps) -> Html {
    if !use_session().can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    // A page of its own per deal: nothing of one deal stays behind on another.
    html! { <Shown key={props.id.clone()} id={props.id.clone()} /> }
}

#[component]
fn Shown(props: &DealPageProps) -> Html {
    let notifier = use_notifier();
    let id = Id::new(&props.id);
    let query = use_query(DealVariables { id: id.clone() }, DealQuery::build);
    let revision = use_state_eq(|| 0_u32);
    let changed = use_state_eq(Vec::<&'static str>::new);
    let pause = use_mut_ref(|| None::<Timeout>);

    // A newer state, from the stream or from an own action: shown at once, and what only the whole deal tells
    // (verdict, reason) is read again.
    let newer = {
        let (query, changed) = (query.clone(), changed.setter());
        Callback::from(move |card: DealCard| accept(&query, &changed, card))
    };
    let happened = {
        let revision = revision.clone();
        let count = use_mut_ref(|| 0_u32);
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            revision.set(*count.borrow());
        })
    };
    let own = {
        let (newer, happened, query) = (newer.clone(), happened.clone(), query.clone());
        Callback::from(move |card: DealCard| {
            newer.emit(card);
            happened.emit(());
            query.reload();
        })
    };
    {
        let (query, id) = (query.clone(), id.clone());
        use_deal_changes(move |event| match event {
            FeedEvent::Change(change) if change.deal.id == id => {
                newer.emit(change.deal.clone());
                happened.emit(());
                notifier.announce(t!(
                    "deal-changed-live",
                    "what" => words::event(&change.kind, &change.text),
                    "who" => change.actor_name.clone(),
                ));
                let query = query.clone();
                *pause.borrow_mut() = Some(Timeout::new(400, move || query.reload()));
            }
            FeedEvent::Change(_) => {}
            FeedEvent::Resync => {
                happened.emit(());
                query.reload();
            }
        });
    }
    query.view(SkeletonBlock::Page, |data| match &data.deal {
        None => html! { <NotFound /> },
        Some(detail) => html! {
            <Body detail={detail.clone()} revision={*revision} changed={(*changed).clone()} {own} onstale={query.on_reload()} />
        },
    })
}

fn accept(query: &Query<DealQuery>, changed: &UseStateSetter<Vec<&'static str>>, card: DealCard) {
    query.update(|data| {
        if let Some(detail) = &mut data.deal
            && card.version > detail.card.version
        {
            changed.set(facts::changed_facts(&detail.card, &card));
            detail.card = card;
        }
    });
}

#[derive(PartialEq, Properties)]
struct BodyProps {
    detail: entente_web_api::deal::DealDetail,
    revision: u32,
    changed: Vec<&'static str>,
    /// The viewer changed the deal.
    own: Callback<DealCard>,
    onstale: Callback<()>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let deal = &props.detail.card;
    let asked = use_state(|| None::<Ask>);
    let editing = use_state_eq(|| false);
    let mover = moving::use_mover(props.own.clone());
    let onask = {
        let asked = asked.setter();
        Callback::from(move |ask| asked.set(Some(ask)))
    };
    let onmove = {
        let (start, deal) = (mover.start.clone(), deal.clone());
        Callback::from(move |stage: DealStage| start.emit((deal.clone(), stage)))
    };
    let onedit = {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(true))
    };
    let desk_ask = onask.clone();
    let changed = props.changed.clone();
    let (next_key, next_class) = facts::mark("next-step", deal, &changed);
    html! {
        <>
            <PageHead
                title={deal.title.clone()}
                window_title={format!("{} {}", deal.number, deal.title)}
                lead={format!("{} · {}", deal.number, words::customer(deal))}
                crumb={html! { <Link<Routes> to={Routes::Pipeline}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("nav-pipeline") }</Link<Routes>> }}
                beside={html! { <StatusTag status={deal.status} /> }}
            >
                <head::Actions deal={deal.clone()} onask={onask.clone()} {onedit} />
            </PageHead>
            <div class="e-stack">
                <head::StandingStrip
                    deal={deal.clone()}
                    decision_reason={props.detail.decision_reason.clone()}
                    changed={changed.clone()}
                    {onask}
                />
                <head::StagePath deal={deal.clone()} {onmove} />
                <div class="e-with-aside">
                    <div class="e-stack">
                        <facts::Facts deal={props.detail.clone()} changed={changed.clone()} />
                        <Card title={t!("deal-field-next-step")}>
                            <div key={next_key} class={classes!(next_class)}>
                                <edit::NextStep deal={deal.clone()} ondone={props.own.clone()} onstale={props.onstale.clone()} />
                            </div>
                        </Card>
                        <desk::Desk
                            deal={deal.clone()}
                            revision={props.revision}
                            onask={desk_ask}
                            ondone={props.own.clone()}
                            onstale={props.onstale.clone()}
                        />
                        <timeline::Timeline id={deal.id.clone()} revision={props.revision}>
                            if deal.viewer_can.contains(&DealAction::AddNote) {
                                <note::NoteBox deal={deal.clone()} ondone={props.own.clone()} />
                            }
                        </timeline::Timeline>
                    </div>
                    <div class="e-stack">
                        if let Some(verdict) = &props.detail.verdict {
                            <Card title={t!("deal-verdict-title")}>
                                <verdict::VerdictView verdict={verdict.clone()} advice={advice(verdict.outcome)} />
                            </Card>
                        }
                        if let Some(route) = props.detail.route.clone().filter(|route| route.steps.len() > 1 || route.cover.is_some()) {
                            <Card title={t!("routing-route")}><RouteView {route} /></Card>
                        }
                        <facts::Clocks deal={props.detail.clone()} {changed} />
                        <OfDeal id={deal.id.clone()} revision={props.revision} />
                        <Card title={t!("room-open")}>
                            <p><Link<Routes> to={Routes::Room { id: deal.id.inner().to_owned() }}>{ t!("room-list-lead") }</Link<Routes>></p>
                        </Card>
                    </div>
                </div>
            </div>
            if let Some(ask) = &*asked {
                <DealDialog
                    ask={ask.clone()}
                    deal={deal.clone()}
                    route={props.detail.route.clone()}
                    onclose={let asked = asked.setter(); Callback::from(move |()| asked.set(None))}
                    ondone={props.own.clone()}
                    onstale={props.onstale.clone()}
                />
            }
            if *editing {
                <edit::EditDialog
                    deal={deal.clone()}
                    onclose={let editing = editing.setter(); Callback::from(move |()| editing.set(false))}
                    ondone={props.own.clone()}
                    onstale={props.onstale.clone()}
                />
            }
            { mover.dialog.clone() }
        </>
    }
}

/// What the verdict means for the one who decides.
fn advice(outcome: VerdictOutcome) -> String {
    match outcome {
        VerdictOutcome::Clear => t!("deal-advice-clear"),
        VerdictOutcome::PossibleConflict => t!("deal-advice-conflict"),
        VerdictOutcome::Blocked => t!("deal-advice-blocked"),
    }
}
