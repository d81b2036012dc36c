//! Campaign kits as cards, with search and filters. Not for those without the right, and they are told so.

mod card;

use entente_web_api::{
    QueryBuilder,
    kit::{KitAssetKind, KitFilter, KitOption, KitOptionsQuery, KitsQuery, KitsVariables},
    viewer::ViewerAction,
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::Forbidden;
use crate::{
    i18n::format,
    paged::{PageOf, use_paged},
    program::use_program,
    remote::use_query,
    routes::{QueryState, use_query_state},
    session::use_session,
    t, texts,
    ui::{Button, Choice, EmptyState, IconName, PageHead, SearchField, Select, SkeletonBlock},
};
use card::KitTile;
pub use card::{expiry, kind_icon};

const PAGE: i32 = 24;

/// Kinds of assets by the word that stands in the address.
const KINDS: [(&str, KitAssetKind); 7] = [
    ("email", KitAssetKind::Email),
    ("landing-page", KitAssetKind::LandingPage),
    ("social-post", KitAssetKind::SocialPost),
    ("document", KitAssetKind::Document),
    ("banner", KitAssetKind::Banner),
    ("presentation", KitAssetKind::Presentation),
    ("file", KitAssetKind::File),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Filters {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    language: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    vertical: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
}

impl Filters {
    fn variables(&self) -> KitsVariables {
        let one = |text: &String| (!text.is_empty()).then(|| vec![text.clone()]);
        let kind = KINDS.into_iter().find(|(word, _)| *word == self.kind).map(|(_, kind)| vec![kind]);
        let filter = KitFilter { languages: one(&self.language), verticals: one(&self.vertical), kinds: kind };
        let search = self.q.trim();
        KitsVariables {
            search: (!search.is_empty()).then(|| search.to_owned()),
            filter: (filter != KitFilter::default()).then_some(filter),
            first: Some(PAGE),
            after: None,
        }
    }
}

#[component]
pub fn Kits() -> Html {
    if !use_session().can(ViewerAction::SeeKits) {
        return html! { <Forbidden /> };
    }
    html! { <Listing /> }
}

#[component]
fn Listing() -> Html {
    let state = use_query_state::<Filters>();
    let list = use_paged(
        state.value.variables(),
        |mut variables, after| {
            variables.after = after;
            KitsQuery::build(variables)
        },
        |data: KitsQuery| PageOf { nodes: data.kits.nodes, page_info: data.kits.page_info, total: data.kits.total_count },
    );
    let clear = {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(&Filters::default()))
    };
    html! {
        <>
            <PageHead title={t!("nav-kits")} lead={t!("kit-lead")} />
            <Toolbar filters={state.value.clone()} onchange={let state = state.clone(); Callback::from(move |next| state.set(&next))} />
            { list.view(SkeletonBlock::Cards(6), |listed| {
                if listed.nodes.is_empty() {
                    return empty(&state, clear);
                }
                html! {
                    <>
                        <h2 class="e-visually-hidden"><span role="status">{ t!("kit-total", "n" => listed.total) }</span></h2>
                        <ul class="e-grid e-kits">
                            { for listed.nodes.iter().map(|kit| html! {
                                <li key={kit.id.inner().to_owned()}><KitTile kit={kit.clone()} /></li>
                            }) }
                        </ul>
                        { list.foot() }
                    </>
                }
            }) }
        </>
    }
}

fn empty(state: &QueryState<Filters>, clear: Callback<MouseEvent>) -> Html {
    if state.value == Filters::default() {
        return html! { <EmptyState icon={IconName::Megaphone} title={t!("kit-none")} text={t!("kit-none-text")} /> };
    }
    html! {
        <EmptyState icon={IconName::Search} title={t!("kit-empty")} text={t!("kit-empty-text")}>
            <Button onclick={clear}>{ t!("kit-clear") }</Button>
        </EmptyState>
    }
}

#[derive(PartialEq, Properties)]
struct ToolbarProps {
    filters: Filters,
    onchange: Callback<Filters>,
}

#[component]
fn Toolbar(props: &ToolbarProps) -> Html {
    let program = use_program();
    // What there is to filter by is asked once, apart from the list, which the filters narrow.
    let options = use_query((), KitOptionsQuery::build);
    let kits: Vec<KitOption> = options.data().map(|data| data.kits.nodes.clone()).unwrap_or_default();
    let languages = distinct(kits.iter().map(|kit| kit.language.clone()), &props.filters.language);
    let verticals = distinct(kits.iter().flat_map(|kit| kit.verticals.clone()), &props.filters.vertical);
    let vertical_name = |key: &str| program.as_ref().map_or_else(|| key.to_owned(), |program| program.vertical_name(key));
    let set = |change: fn(&mut Filters, String)| {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |value: String| {
            let mut next = filters.clone();
            change(&mut next, value);
            onchange.emit(next);
        })
    };
    html! {
        <div class="e-toolbar e-kit-bar">
            <div class="e-toolbar__grow">
                <SearchField id="kit-search" label={t!("kit-search")} value={props.filters.q.clone()} onsearch={set(|f, v| f.q = v)} />
            </div>
            <Select
                id="kit-language"
                bare=true
                label={t!("kit-language")}
                placeholder={t!("kit-any-language")}
                choices={languages.iter().map(|tag| Choice::new(tag.clone(), format::language_name(tag))).collect::<Vec<_>>()}
                value={props.filters.language.clone()}
                onchange={set(|f, v| f.language = v)}
            />
            <Select
                id="kit-vertical"
                bare=true
                label={t!("kit-vertical")}
                placeholder={t!("kit-any-vertical")}
                choices={verticals.iter().map(|key| Choice::new(key.clone(), vertical_name(key))).collect::<Vec<_>>()}
                value={props.filters.vertical.clone()}
                onchange={set(|f, v| f.vertical = v)}
            />
            <Select
                id="kit-kind"
                bare=true
                label={t!("kit-kind")}
                placeholder={t!("kit-any-kind")}
                choices={KINDS.into_iter().map(|(word, kind)| Choice::new(word, texts::asset_kind(kind))).collect::<Vec<_>>()}
                value={props.filters.kind.clone()}
                onchange={set(|f, v| f.kind = v)}
            />
        </div>
    }
}

/// Each value once, in order, and what is chosen even when no kit has it.
fn distinct(values: impl Iterator<Item = String>, chosen: &str) -> Vec<String> {
    let chosen = (!chosen.is_empty()).then(|| chosen.to_owned());
    values.chain(chosen).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
