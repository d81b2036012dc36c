//! The pipeline as a board: a column per stage, cards reached and moved by keyboard, by menu or by dragging. On a
//! narrow screen one stage at a time, chosen above.

use entente_web_api::{
    deal::{DealCard, StageSummary},
    program::DealStage,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{arrivals::Arrivals, column::StageColumn, filters::Filters, people::Seen};
use crate::{
    i18n::format,
    t,
    ui::{Choice, Select},
};

#[derive(PartialEq, Properties)]
pub struct BoardProps {
    pub stages: Vec<DealStage>,
    pub filters: Filters,
    pub summaries: Vec<StageSummary>,
    pub arrivals: Arrivals,
    pub resync: u32,
    pub for_partner: bool,
    /// Choose a stage for this deal.
    pub onchoose: Callback<DealCard>,
    /// Move this deal to that stage.
    pub onmove: Callback<(DealCard, DealStage)>,
    /// The stage that a narrow screen is to show.
    pub oncolumn: Callback<String>,
    pub onseen: Callback<Vec<Seen>>,
}

#[component]
pub fn Board(props: &BoardProps) -> Html {
    let root = use_node_ref();
    let dragged = use_state(|| None::<DealCard>);
    let ondrag = {
        let dragged = dragged.setter();
        Callback::from(move |deal| dragged.set(deal))
    };
    let ondrop = {
        let (dragged, onmove) = (dragged.clone(), props.onmove.clone());
        Callback::from(move |stage: DealStage| {
            if let Some(deal) = (*dragged).clone() {
                dragged.set(None);
                onmove.emit((deal, stage));
            }
        })
    };
    let onkeydown = {
        let root = root.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && step(&root, &event.key()) {
                event.prevent_default();
            }
        })
    };
    let summary = |key: &str| props.summaries.iter().find(|summary| summary.stage.key == key);
    let chosen = props
        .stages
        .iter()
        .find(|stage| stage.key == props.filters.column)
        .or_else(|| props.stages.first())
        .map(|stage| stage.key.clone())
        .unwrap_or_default();
    let choices: Vec<Choice> = props
        .stages
        .iter()
        .map(|stage| {
            let label = summary(&stage.key).map_or_else(
                || stage.name.clone(),
                |found| t!("pipeline-stage-choice", "stage" => stage.name.clone(), "n" => found.count, "value" => format::money_short(&found.value)),
            );
            Choice::new(stage.key.clone(), label)
        })
        .collect();
    html! {
        <>
            <div class="e-board-stage">
                <Select
                    id="board-stage"
                    label={t!("pipeline-stage")}
                    bare=true
                    {choices}
                    value={chosen.clone()}
                    onchange={props.oncolumn.clone()}
                />
            </div>
            <p class="e-board-help e-subtle e-small">{ t!("pipeline-board-help") }</p>
            <div class="e-board" ref={root} {onkeydown} role="group" aria-label={t!("pipeline-board")}>
                { for props.stages.iter().map(|stage| {
                    let takes = dragged.as_ref().is_some_and(|deal| deal.next_stages.iter().any(|next| next.key == stage.key));
                    html! {
                        <StageColumn
                            key={stage.key.clone()}
                            stage={stage.clone()}
                            filters={Filters { column: String::new(), ..props.filters.clone() }}
                            summary={summary(&stage.key).cloned()}
                            arrivals={props.arrivals.clone()}
                            resync={props.resync}
                            chosen={stage.key == chosen}
                            for_partner={props.for_partner}
                            onchoose={props.onchoose.clone()}
                            ondrag={ondrag.clone()}
                            {takes}
                            ondrop={ondrop.clone()}
                            onseen={props.onseen.clone()}
                        />
                    }
                }) }
            </div>
        </>
    }
}

fn elements(root: &web_sys::Element, selector: &str) -> Vec<HtmlElement> {
    root.query_selector_all(selector)
        .map_or_else(|_| Vec::new(), |found| (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect())
}

/// Moves the focus from the card that has it to a neighbour. Whether there was one to move to.
pub fn step(root: &NodeRef, key: &str) -> bool {
    let Some(root) = root.cast::<web_sys::Element>() else { return false };
    let Some(active) = web_sys::window().and_then(|window| window.document()).and_then(|page| page.active_element()) else {
        return false;
    };
    if !active.has_attribute("data-card") {
        return false;
    }
    let columns: Vec<Vec<HtmlElement>> = elements(&root, ".e-column").iter().map(|column| elements(column, "[data-card]")).collect();
    let here = columns.iter().enumerate().find_map(|(column, cards)| cards.iter().position(|card| **card == active).map(|row| (column, row)));
    let Some((column, row)) = here else { return false };
    let beside = |mut others: Box<dyn Iterator<Item = usize>>| others.find_map(|index| columns[index].get(row).or_else(|| columns[index].last()));
    let target = match key {
        "ArrowDown" => columns[column].get(row + 1),
        "ArrowUp" => row.checked_sub(1).and_then(|row| columns[column].get(row)),
        "Home" => columns[column].first(),
        "End" => columns[column].last(),
        "ArrowRight" => beside(Box::new(column + 1..columns.len())),
        "ArrowLeft" => beside(Box::new((0..column).rev())),
        _ => None,
    };
    target.is_some_and(|card| card.focus().is_ok())
}
