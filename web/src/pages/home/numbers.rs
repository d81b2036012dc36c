//! The sums over everything the viewer may see, each opening the rows behind it.

use entente_web_api::{
    Decimal, Money,
    deal::{AttentionItem, StageSummary},
    program::StageCategory,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{i18n::format, routes::Routes, t, ui::Card};

#[derive(PartialEq, Properties)]
pub struct TilesProps {
    pub attention: Vec<AttentionItem>,
    pub stages: Vec<StageSummary>,
}

/// Count and value of some stages. For showing only: sums of decimals as floats are good to the digits a tile has.
fn sum(stages: &[StageSummary], category: StageCategory, weighted: bool) -> (i32, Money) {
    let chosen: Vec<&StageSummary> = stages.iter().filter(|summary| summary.stage.category == category).collect();
    let value: f64 = chosen
        .iter()
        .map(|summary| {
            let weight = if weighted { f64::from(summary.stage.probability) / 100.0 } else { 1.0 };
            summary.value.amount.approximate() * weight
        })
        .sum();
    let currency = stages.first().map(|summary| summary.value.currency.clone()).unwrap_or_default();
    (chosen.iter().map(|summary| summary.count).sum(), Money { amount: Decimal(format!("{value:.2}")), currency })
}

#[component]
pub fn Tiles(props: &TilesProps) -> Html {
    let (open, open_value) = sum(&props.stages, StageCategory::Open, false);
    let (_, expected) = sum(&props.stages, StageCategory::Open, true);
    let (won, won_value) = sum(&props.stages, StageCategory::Won, false);
    let overdue = props.attention.iter().filter(|item| item.due_at.as_ref().and_then(format::ms_until).is_some_and(|left| left < 0.0)).count();
    html! {
        <div class="e-tiles">
            <div class="e-card e-tile">
                <span class="e-tile__label">{ t!("home-tile-attention") }</span>
                <span class="e-tile__value">{ format::number(props.attention.len() as f64) }</span>
                <span class="e-tile__note">{ t!("home-tile-overdue", "n" => overdue) }</span>
            </div>
            <Link<Routes> to={Routes::Pipeline} classes="e-card e-tile">
                <span class="e-tile__label">{ t!("home-tile-open") }</span>
                <span class="e-tile__value">{ format::money_short(&open_value) }</span>
                <span class="e-tile__note">{ t!("home-tile-deals", "n" => open) }</span>
            </Link<Routes>>
            <div class="e-card e-tile">
                <span class="e-tile__label">{ t!("home-tile-expected") }</span>
                <span class="e-tile__value">{ format::money_short(&expected) }</span>
                <span class="e-tile__note">{ t!("home-tile-expected-note") }</span>
            </div>
            <div class="e-card e-tile">
                <span class="e-tile__label">{ t!("home-tile-won") }</span>
                <span class="e-tile__value">{ format::money_short(&won_value) }</span>
                <span class="e-tile__note">{ t!("home-tile-deals", "n" => won) }</span>
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct ByStageProps {
    pub stages: Vec<StageSummary>,
}

#[component]
pub fn ByStage(props: &ByStageProps) -> Html {
    let largest = props.stages.iter().map(|summary| summary.value.amount.approximate()).fold(1.0, f64::max);
    html! {
        <Card title={t!("home-by-stage")} flush=true>
            <ul class="e-bars">
                { for props.stages.iter().map(|summary| {
                    let share = summary.value.amount.approximate() / largest * 100.0;
                    let fill = match summary.stage.category {
                        StageCategory::Open => "e-bar__fill",
                        StageCategory::Won => "e-bar__fill e-bar__fill--won",
                        StageCategory::Lost => "e-bar__fill e-bar__fill--lost",
                    };
                    html! {
                        <li key={summary.stage.key.clone()} class="e-bar">
                            <span class="e-truncate">
                                { &summary.stage.name }{ " " }
                                <span class="e-subtle e-num">{ format::number(f64::from(summary.count)) }</span>
                            </span>
                            <span class="e-bar__track" aria-hidden="true">
                                <span class={fill} style={format!("width:{share:.1}%")} />
                            </span>
                            <span class="e-num e-end">{ format::money_short(&summary.value) }</span>
                        </li>
                    }
                }) }
            </ul>
        </Card>
    }
}
