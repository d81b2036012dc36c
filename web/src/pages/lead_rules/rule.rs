//! The form of one rule of lead routing: when it counts, and whom it gives leads to.

use entente_web_api::{FieldError, lead::LeadStrategy};
use yew::prelude::*;

use super::draft::RuleDraft;
use crate::{
    pages::leads::words,
    program::SharedProgram,
    t,
    ui::{Choice, FilterMenu, FilterOption, IconButton, IconName, Select, SwitchField, TextField},
};

const STRATEGIES: [LeadStrategy; 3] = [LeadStrategy::FairShare, LeadStrategy::Random, LeadStrategy::Vendor];

/// What is to be done with a rule of the list.
#[derive(Clone, Copy, PartialEq)]
pub enum Move {
    Up,
    Down,
    Remove,
}

#[derive(PartialEq, Properties)]
pub struct RuleFormProps {
    pub at: usize,
    pub rule: RuleDraft,
    pub program: SharedProgram,
    pub onchange: Callback<RuleDraft>,
    pub onmove: Callback<Move>,
    pub errors: Vec<FieldError>,
    /// Whether administrators may change it.
    pub last: bool,
}

#[component]
pub fn RuleForm(props: &RuleFormProps) -> Html {
    let (rule, program, at) = (&props.rule, &props.program, props.at);
    let set = |change: fn(&mut RuleDraft, String)| {
        let (rule, onchange) = (rule.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = rule.clone();
            change(&mut next, text);
            onchange.emit(next);
        })
    };
    let switch = |change: fn(&mut RuleDraft, bool)| {
        let (rule, onchange) = (rule.clone(), props.onchange.clone());
        Callback::from(move |on: bool| {
            let mut next = rule.clone();
            change(&mut next, on);
            onchange.emit(next);
        })
    };
    let toggle = |of: fn(&mut RuleDraft) -> &mut Vec<String>| {
        let (rule, onchange) = (rule.clone(), props.onchange.clone());
        Callback::from(move |key: String| {
            let mut next = rule.clone();
            let list = of(&mut next);
            if list.contains(&key) {
                list.retain(|known| *known != key)
            } else {
                list.push(key)
            }
            onchange.emit(next);
        })
    };
    let weigh = |tier: String| {
        let (rule, onchange) = (rule.clone(), props.onchange.clone());
        Callback::from(move |typed: String| {
            let mut next = rule.clone();
            next.set_weight(&tier, typed);
            onchange.emit(next);
        })
    };
    let about = |field: &str| props.errors.iter().find(|error| error.is_about(field)).map(|error| error.message.clone());
    let act = |what: Move| props.onmove.reform(move |_: MouseEvent| what);
    let terms = |list: &[entente_web_api::program::Term]| list.iter().map(|t| FilterOption::new(t.key.clone(), t.name.clone())).collect::<Vec<_>>();
    let id = |field: &str| format!("lead-rule-{at}-{field}");
    html! {
        <fieldset class="e-lead-rule">
            <legend class="e-visually-hidden">{ t!("lead-rule-n", "n" => at as i64 + 1) }</legend>
            <div class="e-lead-rule__head">
                <TextField id={id("name")} label={t!("lead-rule-name", "n" => at as i64 + 1)} value={rule.name.clone()} oninput={set(|r, v| r.name = v)} required=true error={about("name")} />
                <span class="e-row">
                    <IconButton name={IconName::ArrowUp} label={t!("lead-rule-up", "n" => at as i64 + 1)} disabled={at == 0} onclick={act(Move::Up)} />
                    <IconButton name={IconName::ArrowDown} label={t!("lead-rule-down", "n" => at as i64 + 1)} disabled={props.last} onclick={act(Move::Down)} />
                    <IconButton name={IconName::Trash} label={t!("lead-rule-remove", "n" => at as i64 + 1)} onclick={act(Move::Remove)} />
                </span>
            </div>
            if let Some(error) = props.errors.iter().find(|error| error.path.len() == 3) { <p class="e-field__error" role="alert">{ &error.message }</p> }
            <h3>{ t!("lead-rule-when") }</h3>
            <div class="e-row">
                <FilterMenu id={id("territories")} label={t!("lead-field-territory")} chosen={rule.territories.clone()} ontoggle={toggle(|r| &mut r.territories)}
                    options={program.territories.iter().map(|t| FilterOption::new(t.key.clone(), t.name.clone())).collect::<Vec<_>>()} />
                <FilterMenu id={id("products")} label={t!("lead-field-products")} chosen={rule.products.clone()} ontoggle={toggle(|r| &mut r.products)}
                    options={program.products.iter().map(|p| FilterOption::new(p.id.inner().to_owned(), p.name.clone())).collect::<Vec<_>>()} />
                <FilterMenu id={id("verticals")} label={t!("lead-field-vertical")} chosen={rule.verticals.clone()} ontoggle={toggle(|r| &mut r.verticals)} options={terms(&program.verticals)} />
            </div>
            <h3>{ t!("lead-rule-whom") }</h3>
            <Select id={id("strategy")} label={t!("lead-rule-strategy")} value={format!("{:?}", rule.strategy)}
                choices={STRATEGIES.into_iter().map(|s| Choice::new(format!("{s:?}"), words::strategy(s))).collect::<Vec<_>>()}
                onchange={set(|r, v| r.strategy = STRATEGIES.into_iter().find(|s| format!("{s:?}") == v).unwrap_or_default())} />
            if rule.strategy != LeadStrategy::Vendor {
                <SwitchField id={id("same-territory")} label={t!("lead-rule-same-territory")} checked={rule.same_territory} onchange={switch(|r, on| r.same_territory = on)} />
                <SwitchField id={id("neighbours")} label={t!("lead-rule-neighbours")} checked={rule.neighbours} onchange={switch(|r, on| r.neighbours = on)} />
                <SwitchField id={id("same-vertical")} label={t!("lead-rule-same-vertical")} checked={rule.same_vertical} onchange={switch(|r, on| r.same_vertical = on)} />
                <div class="e-row">
                    <FilterMenu id={id("tiers")} label={t!("lead-rule-tiers")} chosen={rule.tiers.clone()} ontoggle={toggle(|r| &mut r.tiers)}
                        options={program.tiers.iter().map(|t| FilterOption::new(t.key.clone(), t.name.clone())).collect::<Vec<_>>()} />
                    <FilterMenu id={id("competencies")} label={t!("lead-rule-competencies")} chosen={rule.competencies.clone()} ontoggle={toggle(|r| &mut r.competencies)} options={terms(&program.competencies)} />
                </div>
                <div class="e-fact-grid">
                    { for program.tiers.iter().map(|tier| html! {
                        <TextField id={id(&format!("weight-{}", tier.key))} label={t!("lead-rule-weight", "tier" => tier.name.clone())} inputmode="numeric"
                            value={rule.weight(&tier.key)} oninput={weigh(tier.key.clone())} error={about("weights")} />
                    }) }
                    <TextField id={id("capacity")} label={t!("lead-rule-capacity")} hint={t!("lead-rule-empty-any")} inputmode="numeric" value={rule.capacity.clone()} oninput={set(|r, v| r.capacity = v)} error={about("capacity")} />
                    <TextField id={id("active")} label={t!("lead-rule-active")} hint={t!("lead-rule-empty-any")} inputmode="numeric" value={rule.active_days.clone()} oninput={set(|r, v| r.active_days = v)} error={about("activeDays")} />
                    <TextField id={id("window")} label={t!("lead-rule-window")} hint={t!("lead-rule-empty-own")} inputmode="numeric" value={rule.window_hours.clone()} oninput={set(|r, v| r.window_hours = v)} error={about("windowHours")} />
                </div>
            }
        </fieldset>
    }
}
