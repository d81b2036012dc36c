//! Search, filters, order and saved views of the queue.

use yew::prelude::*;

use super::{
    filters::{Filters, SORTS},
    views::Views,
};
use crate::{
    program::use_program,
    routes::CommaList,
    session::use_session,
    t,
    ui::{Choice, FilterChip, FilterChips, FilterMenu, FilterOption, SearchField, Select},
};

#[derive(PartialEq, Properties)]
pub struct ToolbarProps {
    pub filters: Filters,
    /// Whether the screen was opened without any filter.
    pub blank: bool,
    pub onchange: Callback<Filters>,
}

#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let keeps_views = use_session().can(entente_web_api::viewer::ViewerAction::KeepViews);
    let Some(program) = use_program() else { return html! {} };
    let put = |put: fn(&mut Filters, String)| {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |value: String| {
            let mut next = filters.clone();
            put(&mut next, value);
            onchange.emit(next);
        })
    };
    let sorts = SORTS.map(|sort| {
        let label = match sort {
            "value" => t!("queue-sort-value"),
            "new" => t!("queue-sort-new"),
            _ if props.filters.answers() => t!("queue-sort-longest"),
            _ => t!("queue-sort-deadline"),
        };
        Choice::new(sort, label)
    });
    let territories: Vec<FilterOption> = program.territories.iter().map(|one| FilterOption::new(one.key.clone(), one.name.clone())).collect();
    let products: Vec<FilterOption> = program.products.iter().map(|one| FilterOption::new(one.id.inner(), one.name.clone())).collect();
    let chip = |label: String, without: Filters| {
        let onchange = props.onchange.clone();
        FilterChip { label, onremove: Callback::from(move |()| onchange.emit(without.clone())) }
    };
    let filters = &props.filters;
    let mut chips = Vec::new();
    if !filters.q.trim().is_empty() {
        chips.push(chip(t!("pipeline-chip-search", "text" => filters.q.clone()), Filters { q: String::new(), ..filters.clone() }));
    }
    for key in &filters.territory.0 {
        chips.push(chip(program.territory_name(key), Filters { territory: filters.territory.toggled(key), ..filters.clone() }));
    }
    for id in &filters.product.0 {
        let name = products.iter().find(|one| one.value == *id).map_or_else(|| id.clone(), |one| one.label.clone());
        chips.push(chip(name, Filters { product: filters.product.toggled(id), ..filters.clone() }));
    }
    let chosen = |list: &CommaList| list.0.clone();
    html! {
        <>
            <div class="e-toolbar e-queue-bar">
                <div class="e-toolbar__grow">
                    <SearchField id="queue-search" label={t!("queue-search")} value={filters.q.clone()} onsearch={put(|filters, q| filters.q = q)} />
                </div>
                <div class="e-row">
                    <FilterMenu
                        id="queue-territory"
                        label={t!("deal-fact-territory")}
                        options={territories}
                        chosen={chosen(&filters.territory)}
                        ontoggle={put(|filters, key| filters.territory = filters.territory.toggled(&key))}
                    />
                    <FilterMenu
                        id="queue-product"
                        label={t!("deal-fact-products")}
                        options={products}
                        chosen={chosen(&filters.product)}
                        ontoggle={put(|filters, id| filters.product = filters.product.toggled(&id))}
                    />
                    <Select
                        id="queue-sort"
                        label={t!("queue-sort")}
                        choices={sorts.to_vec()}
                        value={filters.sort.clone()}
                        onchange={put(|filters, sort| filters.sort = sort)}
                        bare=true
                    />
                    if keeps_views {
                        <Views filters={filters.clone()} blank={props.blank} onapply={props.onchange.clone()} />
                    }
                </div>
            </div>
            <FilterChips
                {chips}
                onclear={let (filters, onchange) = (filters.clone(), props.onchange.clone()); Callback::from(move |()| onchange.emit(filters.cleared()))}
            />
        </>
    }
}
