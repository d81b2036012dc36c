//! The facets: what can be chosen and how many partners each choice leaves.

use entente_web_api::{
    CountryCode,
    partner::{Facet, FacetBucket, FacetField},
};
use yew::prelude::*;

use super::search::{FIELDS, Search};
use crate::{
    i18n::format,
    t,
    ui::{CheckField, Icon, IconName},
};

/// So many values of a facet are shown at once; the rest behind a button.
const SHOWN: usize = 6;

pub fn facet_name(field: FacetField) -> String {
    match field {
        FacetField::Tier => t!("directory-tier"),
        FacetField::Type => t!("directory-type"),
        FacetField::Country => t!("directory-country"),
        FacetField::Territory => t!("directory-territory"),
        FacetField::Vertical => t!("directory-vertical"),
        FacetField::Competency => t!("directory-competency"),
        FacetField::Language => t!("directory-language"),
    }
}

/// The name of a value; countries and languages in the language of the screen, the rest as the program calls them.
pub fn value_name(field: FacetField, key: &str, facets: &[Facet]) -> String {
    match field {
        FacetField::Country => format::country(&CountryCode::from(key)),
        FacetField::Language => format::language_name(key),
        _ => facets
            .iter()
            .find(|facet| facet.field == field)
            .and_then(|facet| facet.buckets.iter().find(|bucket| bucket.key == key))
            .map_or_else(|| key.to_owned(), |bucket| bucket.label.clone()),
    }
}

#[derive(PartialEq, Properties)]
pub struct FacetsProps {
    /// Keeps ids apart where the facets stand twice, beside the list and in the drawer.
    pub prefix: AttrValue,
    pub facets: Vec<Facet>,
    pub search: Search,
    pub onchange: Callback<Search>,
}

#[component]
pub fn Facets(props: &FacetsProps) -> Html {
    let of = |field: FacetField| props.facets.iter().find(|facet| facet.field == field && !facet.buckets.is_empty());
    html! {
        <div class="e-facets">
            { for FIELDS.into_iter().filter_map(of).map(|facet| html! {
                <Group
                    key={format!("{:?}", facet.field)}
                    prefix={props.prefix.clone()}
                    facet={facet.clone()}
                    search={props.search.clone()}
                    onchange={props.onchange.clone()}
                />
            }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct GroupProps {
    prefix: AttrValue,
    facet: Facet,
    search: Search,
    onchange: Callback<Search>,
}

#[component]
fn Group(props: &GroupProps) -> Html {
    let field = props.facet.field;
    let chosen = props.search.chosen_of(field);
    let all = use_state_eq(|| false);
    // Decided once: afterwards it is the person who opens and closes.
    let open = use_memo((), |()| !matches!(field, FacetField::Vertical | FacetField::Territory | FacetField::Language) || !chosen.is_empty());
    let buckets = &props.facet.buckets;
    let shown = |(index, bucket): &(usize, &FacetBucket)| *all || *index < SHOWN || chosen.contains(&bucket.key);
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    let option = |bucket: &FacetBucket| {
        let onchange = {
            let (search, onchange, key) = (props.search.clone(), props.onchange.clone(), bucket.key.clone());
            Callback::from(move |_: bool| onchange.emit(search.toggled(field, &key)))
        };
        let name = match field {
            FacetField::Country | FacetField::Language => value_name(field, &bucket.key, &[]),
            _ => bucket.label.clone(),
        };
        html! {
            <li key={bucket.key.clone()}>
                <CheckField
                    id={format!("{}-{field:?}-{}", props.prefix, bucket.key)}
                    label={html! {
                        <span class="e-facet__value">
                            <span>{ name }</span>
                            <span class="e-facet__count e-num">{ format::number(f64::from(bucket.count)) }</span>
                        </span>
                    }}
                    checked={chosen.contains(&bucket.key)}
                    {onchange}
                />
            </li>
        }
    };
    html! {
        <details class="e-facet" open={*open}>
            <summary>
                { facet_name(field) }
                if !chosen.is_empty() { <span class="e-count">{ chosen.0.len() }</span> }
                <Icon name={IconName::ChevronDown} />
            </summary>
            <div role="group" aria-label={facet_name(field)}>
                <ul>{ for buckets.iter().enumerate().filter(shown).map(|(_, bucket)| option(bucket)) }</ul>
            </div>
            if buckets.len() > SHOWN {
                <button type="button" class="e-link-button e-small" aria-expanded={all.to_string()} onclick={toggle}>
                    { if *all { t!("directory-fewer") } else { t!("directory-all", "n" => buckets.len() as i64) } }
                </button>
            }
        </details>
    }
}
