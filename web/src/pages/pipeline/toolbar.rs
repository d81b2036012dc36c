//! Search, filters and the switch between board and table; below them the filters in force as chips.

use entente_web_api::{
    QueryBuilder,
    partner::{PartnerOptionsQuery, PartnerOptionsVariables},
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{
    filters::{EVERY_STATUS, Filters, Link, STATUSES, from_wire, wire},
    people::People,
};
use crate::{
    program::{SharedProgram, use_program},
    remote::use_query,
    routes::CommaList,
    session::use_session,
    t, texts,
    ui::{FilterChip, FilterChips, FilterMenu, FilterOption, IconName, SearchField, Segment, Segments},
};

const PAUSE_MS: u32 = 200;

#[derive(PartialEq, Properties)]
pub struct ToolbarProps {
    pub filters: Filters,
    pub people: People,
    pub onchange: Callback<Filters>,
}

/// One list of the filters: how to read it and how to write it.
#[derive(Clone, Copy, PartialEq)]
enum List {
    Status,
    Stage,
    Partner,
    Manager,
    Territory,
    Product,
}

impl List {
    const ALL: [Self; 6] = [Self::Status, Self::Stage, Self::Partner, Self::Manager, Self::Territory, Self::Product];

    fn of(self, filters: &mut Filters) -> &mut CommaList {
        match self {
            Self::Status => &mut filters.status,
            Self::Stage => &mut filters.stage,
            Self::Partner => &mut filters.partner,
            Self::Manager => &mut filters.manager,
            Self::Territory => &mut filters.territory,
            Self::Product => &mut filters.product,
        }
    }
}

/// The filters with one value of one list switched.
fn toggled(filters: &Filters, list: List, value: &str) -> Filters {
    let mut filters = filters.clone();
    let values = list.of(&mut filters);
    // "Everything" and single statuses exclude each other.
    if list == List::Status && (value == EVERY_STATUS) != values.contains(EVERY_STATUS) {
        *values = CommaList(vec![value.to_owned()]);
    } else {
        *values = values.toggled(value);
    }
    filters
}

#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let session = use_session();
    let Some(program) = use_program() else { return html! {} };
    let for_partner = session.is_partner();
    let ontoggle = |list: List| {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |value: String| onchange.emit(toggled(&filters, list, &value)))
    };
    let chosen = |list: List| list.of(&mut props.filters.clone()).0.clone();
    let onsearch = {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |q: String| onchange.emit(Filters { q, ..filters.clone() }))
    };
    let onview = {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |key: AttrValue| {
            let view = if key == "table" { "table".to_owned() } else { String::new() };
            onchange.emit(Filters { view, ..filters.clone() });
        })
    };
    let mut managers: Vec<FilterOption> = props.people.managers().into_iter().map(|(id, name)| FilterOption::new(id, name)).collect();
    if let Some(viewer) = session.viewer().filter(|viewer| viewer.can(ViewerAction::DecideDeal)) {
        let own = viewer.user.id.inner().to_owned();
        managers.retain(|option| option.value != own);
        managers.insert(0, FilterOption::new(own, t!("pipeline-mine")));
    }
    let statuses = std::iter::once(FilterOption::new(EVERY_STATUS, t!("pipeline-every-status")))
        .chain(STATUSES.into_iter().map(|status| FilterOption::new(wire(status), texts::status(status))));
    let stages = program.stages.iter().map(|stage| FilterOption::new(stage.key.clone(), stage.name.clone()));
    let territories = program.territories.iter().map(|one| FilterOption::new(one.key.clone(), one.name.clone()));
    let products = program.products.iter().map(|one| FilterOption::new(one.id.inner(), one.name.clone()));
    html! {
        <>
            <div class="e-toolbar e-pipeline-bar">
                <div class="e-toolbar__grow">
                    <SearchField id="pipeline-search" label={t!("pipeline-search")} value={props.filters.q.clone()} {onsearch} />
                </div>
                <div class="e-row">
                    <FilterMenu id="filter-status" label={t!("deal-field-status")} options={statuses.collect::<Vec<_>>()} chosen={chosen(List::Status)} ontoggle={ontoggle(List::Status)} />
                    <FilterMenu id="filter-stage" label={t!("deal-field-stage")} options={stages.collect::<Vec<_>>()} chosen={chosen(List::Stage)} ontoggle={ontoggle(List::Stage)} />
                    if !for_partner {
                        <PartnerFilter chosen={chosen(List::Partner)} people={props.people.clone()} ontoggle={ontoggle(List::Partner)} />
                        <FilterMenu id="filter-manager" label={t!("deal-fact-manager")} options={managers.clone()} chosen={chosen(List::Manager)} ontoggle={ontoggle(List::Manager)} />
                        <FilterMenu id="filter-territory" label={t!("deal-fact-territory")} options={territories.collect::<Vec<_>>()} chosen={chosen(List::Territory)} ontoggle={ontoggle(List::Territory)} />
                    }
                    <FilterMenu id="filter-product" label={t!("deal-fact-products")} options={products.collect::<Vec<_>>()} chosen={chosen(List::Product)} ontoggle={ontoggle(List::Product)} />
                </div>
                <Segments
                    label={t!("pipeline-view")}
                    items={vec![
                        Segment::new("board", t!("pipeline-board")).icon(IconName::Columns),
                        Segment::new("table", t!("pipeline-table")).icon(IconName::List),
                    ]}
                    active={if props.filters.is_table() { "table" } else { "board" }}
                    onselect={onview}
                />
            </div>
            <FilterChips
                chips={chips(&props.filters, &props.people, &program, &managers, &props.onchange)}
                onclear={let (filters, onchange) = (props.filters.clone(), props.onchange.clone()); Callback::from(move |()| onchange.emit(filters.cleared()))}
            />
        </>
    }
}

fn chips(filters: &Filters, people: &People, program: &SharedProgram, managers: &[FilterOption], onchange: &Callback<Filters>) -> Vec<FilterChip> {
    let named = |id: &str| people.name(id).map_or_else(|| "…".to_owned(), str::to_owned);
    let mut chips = Vec::new();
    if !filters.q.trim().is_empty() {
        let (without, onchange) = (Filters { q: String::new(), ..filters.clone() }, onchange.clone());
        let onremove = Callback::from(move |()| onchange.emit(without.clone()));
        chips.push(FilterChip { label: t!("pipeline-chip-search", "text" => filters.q.clone()), onremove });
    }
    if filters.link.is_some() {
        let (without, onchange) = (Filters { link: Link::default(), ..filters.clone() }, onchange.clone());
        chips.push(FilterChip { label: t!("pipeline-chip-report"), onremove: Callback::from(move |()| onchange.emit(without.clone())) });
    }
    for list in List::ALL {
        for value in &list.of(&mut filters.clone()).0 {
            let label = match list {
                List::Status if value == EVERY_STATUS => t!("pipeline-every-status"),
                List::Status => from_wire(value).map_or_else(|| value.clone(), texts::status),
                List::Stage => program.stage(value).map_or_else(|| value.clone(), |stage| stage.name.clone()),
                List::Territory => program.territory_name(value),
                List::Product => {
                    program.products.iter().find(|product| product.id.inner() == value).map_or_else(|| value.clone(), |product| product.name.clone())
                }
                List::Partner => named(value),
                List::Manager => managers.iter().find(|option| option.value == *value).map_or_else(|| named(value), |option| option.label.clone()),
            };
            let (without, onchange) = (toggled(filters, list, value), onchange.clone());
            chips.push(FilterChip { label, onremove: Callback::from(move |()| onchange.emit(without.clone())) });
        }
    }
    chips
}

#[derive(PartialEq, Properties)]
struct PartnerFilterProps {
    chosen: Vec<String>,
    people: People,
    ontoggle: Callback<String>,
}

/// Partners are too many for a list: typed text asks the directory, what is chosen stays on top.
#[component]
fn PartnerFilter(props: &PartnerFilterProps) -> Html {
    let search = use_state_eq(|| None::<String>);
    let pause = use_mut_ref(|| None::<Timeout>);
    let query = use_query(PartnerOptionsVariables { search: (*search).clone() }, PartnerOptionsQuery::build);
    let onsearch = {
        let search = search.setter();
        Callback::from(move |text: String| {
            let (search, text) = (search.clone(), text.trim().to_owned());
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || search.set((!text.is_empty()).then_some(text))));
        })
    };
    let found = query.data().map(|data| data.partners.nodes.clone()).unwrap_or_default();
    let mut options: Vec<FilterOption> = props
        .chosen
        .iter()
        .filter(|id| !found.iter().any(|partner| partner.id.inner() == id.as_str()))
        .filter_map(|id| Some(FilterOption::new(id.clone(), props.people.name(id)?)))
        .collect();
    options.extend(found.iter().map(|partner| FilterOption::new(partner.id.inner(), partner.name.clone())));
    html! {
        <FilterMenu
            id="filter-partner"
            label={t!("deal-fact-partner")}
            {options}
            chosen={props.chosen.clone()}
            ontoggle={props.ontoggle.clone()}
            {onsearch}
        />
    }
}
