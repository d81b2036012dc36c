//! The directory: search with completion, facets with counts, partners as cards. The same for anyone; the server shows
//! more to those signed in. Everything that was chosen lives in the address.

mod card;
mod facets;
mod search;
mod search_box;

use entente_web_api::{
    QueryBuilder,
    export::{ExportInput, ExportKind},
    partner::{Facet, PartnerCard, PartnerChanges, PartnersQuery, PartnersVariables},
    stream::Told,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    live::use_stream,
    notice::use_notifier,
    paged::{PageOf, Paged, use_paged},
    pages::reports::ExportButton,
    routes::use_query_state,
    session::use_session,
    t,
    ui::{Button, ButtonKind, Choice, Drawer, EmptyState, FilterChip, FilterChips, IconName, PageHead, Select, SkeletonBlock},
};
use card::PartnerTile;
pub use card::place;
use facets::{Facets, facet_name, value_name};
use search::{FIELDS, Search};
use search_box::SearchBox;

const PAGE: i32 = 24;
/// How long changes are gathered before the list is read again.
const SETTLE_MS: u32 = 400;

#[component]
pub fn Partners() -> Html {
    let state = use_query_state::<Search>();
    let search = state.value.clone();
    let facets = use_state_eq(Vec::<Facet>::new);
    let drawer = use_state_eq(|| false);
    let change = Callback::from(move |next: Search| state.set(&next));

    let variables = PartnersVariables { search: search.text(), filter: search.filter(), order_by: search.order(), first: Some(PAGE), after: None };
    // The counts come with the first page; an answer that has been overtaken must not bring old ones back.
    let latest = use_mut_ref(|| variables.clone());
    latest.borrow_mut().clone_from(&variables);
    let list = {
        let (facets, asked) = (facets.setter(), variables.clone());
        use_paged(
            variables,
            |mut variables, after| {
                variables.after = after;
                PartnersQuery::build(variables)
            },
            move |data: PartnersQuery| {
                let partners = data.partners;
                if *latest.borrow() == asked {
                    facets.set(partners.facets);
                }
                PageOf { nodes: partners.nodes, page_info: partners.page_info, total: partners.total_count }
            },
        )
    };

    let marked = use_changes(&list);
    let clear = {
        let (change, search) = (change.clone(), search.clone());
        Callback::from(move |()| change.emit(search.cleared()))
    };
    let panel = |prefix: &'static str| {
        html! { <Facets {prefix} facets={(*facets).clone()} search={search.clone()} onchange={change.clone()} /> }
    };
    let set_drawer = |open: bool| {
        let drawer = drawer.setter();
        Callback::from(move |()| drawer.set(open))
    };
    let total = list.data().map(|listed| listed.total);
    let session = use_session();
    let export = ExportInput { search: search.text(), partners: search.filter(), ..ExportInput::of(ExportKind::Partners) };
    html! {
        <>
            <PageHead title={t!("directory-title")} lead={t!("directory-lead")}>
                if session.viewer().is_some() && !session.is_partner() {
                    <ExportButton input={export} />
                }
            </PageHead>
            <div class="e-directory">
                <aside class="e-directory__facets" aria-label={t!("directory-filters")}>{ panel("side") }</aside>
                <div class="e-directory__main">
                    <div class="e-toolbar">
                        <div class="e-toolbar__grow"><SearchBox search={search.clone()} onchange={change.clone()} /></div>
                        <span class="e-directory__open">
                            <Button icon={IconName::Filter} onclick={set_drawer(true).reform(|_: MouseEvent| ())}>
                                { filters_label(search.chosen()) }
                            </Button>
                        </span>
                        { order(&search, &change) }
                    </div>
                    <div class="e-directory__sum">
                        <h2 class="e-directory__total">
                            <span role="status">{ total.map(|n| t!("directory-total", "n" => n)).unwrap_or_default() }</span>
                        </h2>
                        <FilterChips chips={chips(&search, &facets, &change)} onclear={clear.clone()} />
                    </div>
                    { list.view(SkeletonBlock::Cards(9), |listed| {
                        if listed.nodes.is_empty() {
                            return html! {
                                <EmptyState icon={IconName::Search} title={t!("directory-empty")} text={t!("directory-empty-text")}>
                                    <Button onclick={clear.reform(|_: MouseEvent| ())}>{ t!("directory-clear") }</Button>
                                </EmptyState>
                            };
                        }
                        html! {
                            <>
                                <ul class="e-grid e-directory__list">
                                    { for listed.nodes.iter().map(|partner| html! {
                                        <li key={key_of(partner, &marked)}>
                                            <PartnerTile
                                                partner={partner.clone()}
                                                facets={(*facets).clone()}
                                                marked={marked.iter().any(|(id, _)| id == partner.id.inner())}
                                            />
                                        </li>
                                    }) }
                                </ul>
                                { list.foot() }
                            </>
                        }
                    }) }
                </div>
            </div>
            if *drawer {
                <Drawer
                    title={t!("directory-filters")}
                    onclose={set_drawer(false)}
                    footer={html! {
                        <>
                            <Button onclick={clear.reform(|_: MouseEvent| ())}>{ t!("directory-clear") }</Button>
                            <Button kind={ButtonKind::Primary} onclick={set_drawer(false).reform(|_: MouseEvent| ())}>
                                { t!("directory-show", "n" => total.unwrap_or_default()) }
                            </Button>
                        </>
                    }}
                >
                    { panel("drawer") }
                </Drawer>
            }
        </>
    }
}

/// Makes the mark run again for every change of a partner.
fn key_of(partner: &PartnerCard, marked: &[(String, u32)]) -> String {
    let times = marked.iter().find(|(id, _)| id == partner.id.inner()).map_or(0, |(_, times)| *times);
    format!("{}-{times}", partner.id.inner())
}

/// Follows the directory live: a partner that is shown changes in place and is marked, with how often it changed. Order, counts
/// and who is in the list follow a moment later, unless further pages have been loaded, which a new reading would take away.
#[hook]
fn use_changes(list: &Paged<PartnerCard>) -> Vec<(String, u32)> {
    let notifier = use_notifier();
    let marked = use_state_eq(Vec::<(String, u32)>::new);
    let newest = use_mut_ref(Vec::<(String, u32)>::new);
    let soon = use_mut_ref(|| None::<Timeout>);
    let (list, set) = (list.clone(), marked.setter());
    use_stream::<PartnerChanges>(true, move |told| {
        if let Told::Change(change) = told {
            let card = &change.card;
            let known = list.data().and_then(|listed| listed.nodes.iter().find(|known| known.id == card.id).cloned());
            if known.as_ref() == Some(card) {
                return;
            }
            if known.is_some() {
                let mut newest = newest.borrow_mut();
                match newest.iter_mut().find(|(id, _)| id == card.id.inner()) {
                    Some((_, times)) => *times += 1,
                    None => newest.push((card.id.inner().to_owned(), 1)),
                }
                set.set(newest.clone());
                list.update(|listed| {
                    if let Some(known) = listed.nodes.iter_mut().find(|known| known.id == card.id) {
                        known.clone_from(card);
                    }
                });
                notifier.announce(t!("directory-changed-live", "name" => card.name.clone()));
            }
        }
        let is_first_page = list.data().is_none_or(|listed| listed.nodes.len() <= PAGE as usize);
        if is_first_page || matches!(told, Told::Resync) {
            let list = list.clone();
            *soon.borrow_mut() = Some(Timeout::new(SETTLE_MS, move || list.reload()));
        }
    });
    (*marked).clone()
}

fn filters_label(chosen: usize) -> String {
    if chosen == 0 { t!("directory-filters") } else { t!("directory-filters-n", "n" => chosen as i64) }
}

fn order(search: &Search, change: &Callback<Search>) -> Html {
    let choices = vec![
        Choice::new("", t!("directory-by-relevance")),
        Choice::new("name", t!("directory-by-name")),
        Choice::new("tier", t!("directory-by-tier")),
    ];
    let onchange = {
        let (search, change) = (search.clone(), change.clone());
        Callback::from(move |sort| change.emit(search.sorted_by(sort)))
    };
    html! { <Select id="directory-order" bare=true label={t!("directory-order")} {choices} value={search.sort.clone()} {onchange} /> }
}

fn chips(search: &Search, facets: &[Facet], change: &Callback<Search>) -> Vec<FilterChip> {
    let mut chips = Vec::new();
    for field in FIELDS {
        for key in &search.chosen_of(field).0 {
            let onremove = {
                let (search, change, key) = (search.clone(), change.clone(), key.clone());
                Callback::from(move |()| change.emit(search.toggled(field, &key)))
            };
            let label = format!("{}: {}", facet_name(field), value_name(field, key, facets));
            chips.push(FilterChip { label, onremove });
        }
    }
    chips
}
