//! One stage of the board: its cards page by page, its totals, a place to drop a card.

use entente_web_api::{
    QueryBuilder,
    deal::{DealCard, DealOrder, DealOrderField, DealsQuery, StageSummary},
    program::{DealStage, StageCategory},
    scalar::OrderDirection,
};
use yew::prelude::*;

use super::{arrivals::Arrivals, card::BoardCard, filters::Filters, people::Seen};
use crate::{
    i18n::format,
    paged::{PageOf, use_paged, use_reload},
    t,
    ui::{Count, SkeletonBlock},
};

const PAGE: i32 = 15;

#[derive(PartialEq, Properties)]
pub struct StageColumnProps {
    pub stage: DealStage,
    pub filters: Filters,
    /// Count and value over everything, where the totals know them.
    pub summary: Option<StageSummary>,
    pub arrivals: Arrivals,
    /// Grows when changes were missed: read again.
    pub resync: u32,
    /// The one stage that a narrow screen shows.
    pub chosen: bool,
    pub for_partner: bool,
    pub onchoose: Callback<DealCard>,
    pub ondrag: Callback<Option<DealCard>>,
    /// Whether what is dragged may be dropped here.
    pub takes: bool,
    pub ondrop: Callback<DealStage>,
    pub onseen: Callback<Vec<Seen>>,
}

#[component]
pub fn StageColumn(props: &StageColumnProps) -> Html {
    let key = props.stage.key.clone();
    let list = use_paged(
        props.filters.to_variables(Some(&key), PAGE),
        |mut variables, after| {
            variables.after = after;
            DealsQuery::build(variables)
        },
        |data: DealsQuery| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count },
    );
    let over = use_state_eq(|| false);
    use_reload(&list, props.resync);
    {
        // Again once a page has come: it may be older than what arrived meanwhile.
        let (list, arrivals, filters, key) = (list.clone(), props.arrivals.clone(), props.filters.clone(), key.clone());
        let settled = (props.arrivals.count, list.state.is_busy(), list.data().map_or(0, |listed| listed.nodes.len()));
        use_effect_with(settled, move |(count, busy, _)| {
            if *count > 0 && !busy {
                let order = DealOrder { field: DealOrderField::UpdatedAt, direction: OrderDirection::Desc };
                list.update(|listed| arrivals.settle(listed, &order, |deal| deal.stage.key == key && filters.admits(deal)));
            }
        });
    }
    {
        let onseen = props.onseen.clone();
        let nodes = list.data().cloned();
        use_effect_with(nodes.as_ref().map(|listed| listed.nodes.len()), move |_| {
            if let Some(listed) = nodes {
                onseen.emit(listed.nodes.iter().flat_map(Seen::of).collect());
            }
        });
    }
    let searching = !props.filters.q.trim().is_empty();
    let total = list.data().map(|listed| i64::from(listed.total));
    let count = match (&props.summary, searching) {
        (Some(summary), false) => Some(i64::from(summary.count)),
        _ => total,
    };
    let ondragover = {
        let (takes, over) = (props.takes, over.setter());
        Callback::from(move |event: DragEvent| {
            if takes {
                event.prevent_default();
                over.set(true);
            }
        })
    };
    let ondrop = {
        let (ondrop, stage, over) = (props.ondrop.clone(), props.stage.clone(), over.setter());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            ondrop.emit(stage.clone());
        })
    };
    let heading = format!("stage-{key}");
    let tone = match props.stage.category {
        StageCategory::Open => None,
        StageCategory::Won => Some("e-column--won"),
        StageCategory::Lost => Some("e-column--lost"),
    };
    html! {
        <section
            class={classes!(
                "e-column",
                tone,
                props.chosen.then_some("e-column--chosen"),
                props.takes.then_some("e-column--takes"),
                (*over && props.takes).then_some("e-column--over"),
            )}
            aria-labelledby={heading.clone()}
            {ondragover}
            ondragleave={let over = over.setter(); Callback::from(move |_: DragEvent| over.set(false))}
            {ondrop}
        >
            <header class="e-column__head">
                <h2 id={heading}>{ &props.stage.name }</h2>
                if let Some(n) = count { <Count {n} /> }
                if let (Some(summary), false) = (&props.summary, searching) {
                    <span class="e-column__value e-num">{ format::money_short(&summary.value) }</span>
                }
            </header>
            <div class="e-column__body">
                { list.view(SkeletonBlock::Rows(4), |listed| html! {
                    if listed.nodes.is_empty() {
                        <p class="e-column__empty">{ t!("pipeline-column-empty") }</p>
                    } else {
                        <ul class="e-column__cards" aria-label={props.stage.name.clone()}>
                            { for listed.nodes.iter().enumerate().map(|(index, deal)| {
                                let marked = props.arrivals.version_of(deal.id.inner()) == Some(deal.version);
                                let key = if marked { format!("{}-{}", deal.id.inner(), deal.version) } else { deal.id.inner().to_owned() };
                                html! {
                                    <BoardCard
                                        {key}
                                        deal={deal.clone()}
                                        {marked}
                                        first={index == 0}
                                        for_partner={props.for_partner}
                                        onchoose={props.onchoose.clone()}
                                        ondrag={props.ondrag.clone()}
                                    />
                                }
                            }) }
                        </ul>
                        if listed.has_more { { list.foot() } }
                    }
                }) }
            </div>
        </section>
    }
}
