//! The pipeline: every deal the viewer may see, as a board or as a table, with search, filters and totals per stage.
//! Live: what changes is put where it belongs, marked and said aloud.

mod arrivals;
mod board;
mod card;
mod chooser;
mod column;
mod filters;
mod people;
mod table;
mod toolbar;

use entente_web_api::{
    QueryBuilder,
    deal::{DealCard, PipelineSummaryQuery, PipelineSummaryVariables, StageSummary},
    feed::FeedEvent,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    Forbidden,
    deal::{moving::use_mover, words},
};
use crate::{
    live::use_deal_changes,
    notice::use_notifier,
    program::use_program,
    remote::use_query,
    routes::{Routes, use_query_state},
    session::use_session,
    t,
    ui::{ButtonKind, IconName, LinkButton, PageHead},
};
use arrivals::Arrivals;
pub use board::step;
use filters::Filters;

#[component]
pub fn Pipeline() -> Html {
    let session = use_session();
    if !session.can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    html! {
        <>
            <PageHead
                title={t!("nav-pipeline")}
                lead={if session.is_partner() { t!("pipeline-lead-partner") } else { t!("pipeline-lead-vendor") }}
            >
                if session.can(ViewerAction::RegisterDeal) {
                    <LinkButton to={Routes::Register} kind={ButtonKind::Primary} icon={IconName::Plus}>{ t!("nav-register") }</LinkButton>
                }
            </PageHead>
            <Deals />
        </>
    }
}

#[component]
fn Deals() -> Html {
    let notifier = use_notifier();
    let program = use_program();
    let for_partner = use_session().is_partner();
    let state = use_query_state::<Filters>();
    let filters = state.value.clone();
    let arrivals = use_state(Arrivals::default);
    let newest = use_mut_ref(Arrivals::default);
    let resync = use_state_eq(|| 0_u32);
    let people = use_reducer_eq(people::People::default);
    let choosing = use_state(|| None::<DealCard>);
    let pause = use_mut_ref(|| None::<Timeout>);

    // Over every stage, so that the totals of the others stay in view when the table is narrowed to one.
    let totals_of = Filters { stage: Default::default(), ..filters.clone() }.to_filter(None);
    let totals = use_query(PipelineSummaryVariables { filter: Some(totals_of) }, PipelineSummaryQuery::build);

    let forget = {
        let (arrivals, newest) = (arrivals.setter(), newest.clone());
        Callback::from(move |()| {
            let none = newest.borrow().forgotten();
            newest.replace(none.clone());
            arrivals.set(none);
        })
    };
    let arrive = {
        let (arrivals, totals) = (arrivals.setter(), totals.clone());
        Callback::from(move |deal: DealCard| {
            let next = newest.borrow().with(deal);
            newest.replace(next.clone());
            arrivals.set(next);
            // The sums are the server's to say; several changes at once are one question.
            let totals = totals.clone();
            *pause.borrow_mut() = Some(Timeout::new(500, move || totals.reload()));
        })
    };
    {
        let (arrive, resync, totals, filters) = (arrive.clone(), resync.clone(), totals.clone(), filters.clone());
        use_deal_changes(move |event| match event {
            // Whether the deal is still among the rows of a report only the server can say.
            FeedEvent::Change(_) if filters.link.is_some() => {
                resync.set(*resync + 1);
                totals.reload();
            }
            FeedEvent::Change(change) => {
                arrive.emit(change.deal.clone());
                if filters.admits(&change.deal) {
                    notifier.announce(t!(
                        "pipeline-changed-live",
                        "name" => change.deal.title.clone(),
                        "what" => words::event(&change.kind, &change.text),
                        "stage" => change.deal.stage.name.clone(),
                    ));
                }
            }
            FeedEvent::Resync => {
                forget.emit(());
                resync.set(*resync + 1);
                totals.reload();
            }
        });
    }
    let mover = use_mover({
        let arrive = arrive.clone();
        Callback::from(move |deal: DealCard| {
            let id = deal.id.inner().to_owned();
            arrive.emit(deal);
            follow_card(&id);
        })
    });

    let Some(program) = program else { return html! {} };
    let summaries: Vec<StageSummary> = totals.data().map(|data| data.pipeline_summary.clone()).unwrap_or_default();
    let onchange = {
        let state = state.clone();
        Callback::from(move |filters: Filters| state.set(&filters))
    };
    let onseen = {
        let people = people.dispatcher();
        Callback::from(move |seen| people.dispatch(seen))
    };
    let onchoose = {
        let choosing = choosing.setter();
        Callback::from(move |deal| choosing.set(Some(deal)))
    };
    let stages: Vec<_> = program.stages.iter().filter(|stage| filters.stage.is_empty() || filters.stage.contains(&stage.key)).cloned().collect();
    let view = if filters.is_table() {
        let onsort = {
            let (filters, onchange) = (filters.clone(), onchange.clone());
            Callback::from(move |sort: String| onchange.emit(Filters { sort, ..filters.clone() }))
        };
        let onstage = {
            let (filters, onchange) = (filters.clone(), onchange.clone());
            Callback::from(move |key: String| onchange.emit(Filters { stage: filters.stage.toggled(&key), ..filters.clone() }))
        };
        html! {
            <table::DealTable
                filters={filters.clone()}
                {summaries}
                arrivals={(*arrivals).clone()}
                resync={*resync}
                {for_partner}
                {onchoose}
                {onsort}
                {onstage}
                {onseen}
            />
        }
    } else {
        let oncolumn = {
            let (filters, onchange) = (filters.clone(), onchange.clone());
            Callback::from(move |column: String| onchange.emit(Filters { column, ..filters.clone() }))
        };
        html! {
            <board::Board
                {stages}
                filters={filters.clone()}
                {summaries}
                arrivals={(*arrivals).clone()}
                resync={*resync}
                {for_partner}
                {onchoose}
                onmove={mover.start.clone()}
                {oncolumn}
                {onseen}
            />
        }
    };
    html! {
        <>
            <toolbar::Toolbar filters={filters.clone()} people={(*people).clone()} {onchange} />
            { view }
            if let Some(deal) = &*choosing {
                <chooser::StageChooser
                    deal={deal.clone()}
                    onclose={let choosing = choosing.setter(); Callback::from(move |()| choosing.set(None))}
                    onmove={mover.start.clone()}
                />
            }
            { mover.dialog.clone() }
        </>
    }
}

/// Keeps the focus on a card that went to another column, so that the next key works on it.
fn follow_card(id: &str) {
    let selector = format!("card-{id}");
    Timeout::new(80, move || {
        let card = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|page| page.get_element_by_id(&selector))
            .and_then(|card| card.query_selector("[data-card]").ok().flatten())
            .and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(card) = card {
            let _ = card.focus();
        }
    })
    .forget();
}
