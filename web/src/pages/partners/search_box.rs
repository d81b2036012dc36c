//! The search box of the directory: searches while one types and completes partners, competencies and places.

use std::{cell::Cell, rc::Rc};

use entente_web_api::{
    QueryBuilder,
    partner::{PartnerSuggestion, PartnerSuggestionsQuery, PartnerSuggestionsVariables},
};
use yew::{platform::spawn_local, prelude::*};
use yew_router::prelude::*;

use super::search::Search;
use crate::{
    routes::Routes,
    session::use_client,
    t,
    ui::{IconName, SuggestField, Suggestion},
};

#[derive(PartialEq, Properties)]
pub struct SearchBoxProps {
    pub search: Search,
    pub onchange: Callback<Search>,
}

#[component]
pub fn SearchBox(props: &SearchBoxProps) -> Html {
    let client = use_client();
    let navigator = use_navigator();
    let found = use_state_eq(Vec::<PartnerSuggestion>::new);
    let generation = use_memo((), |()| Rc::new(Cell::new(0_u32)));

    let ontype = {
        let (search, onchange, found) = (props.search.clone(), props.onchange.clone(), found.setter());
        let generation = (*generation).clone();
        Callback::from(move |text: String| {
            let mine = generation.get() + 1;
            generation.set(mine);
            if text.trim().is_empty() {
                found.set(Vec::new());
            } else {
                let (client, found, generation) = (client.clone(), found.clone(), generation.clone());
                let variables = PartnerSuggestionsVariables { prefix: text.trim().to_owned(), first: Some(8) };
                spawn_local(async move {
                    // Completion is a help: where it fails, searching goes on without it.
                    let answer = client.run(PartnerSuggestionsQuery::build(variables)).await;
                    if generation.get() == mine {
                        found.set(answer.map(|data| data.partner_suggestions).unwrap_or_default());
                    }
                });
            }
            onchange.emit(search.with_text(text));
        })
    };
    let onchoose = {
        let (search, onchange, found) = (props.search.clone(), props.onchange.clone(), found.clone());
        Callback::from(move |index: usize| {
            let Some(suggestion) = found.get(index) else { return };
            match (&suggestion.partner, &navigator) {
                (Some(partner), Some(navigator)) => navigator.push(&Routes::Partner { slug: partner.slug.clone() }),
                _ => onchange.emit(search.with_text(suggestion.label.clone())),
            }
        })
    };
    let suggestions: Vec<Suggestion> = found
        .iter()
        .map(|suggestion| {
            let partner = suggestion.partner.is_some();
            Suggestion {
                label: suggestion.label.clone().into(),
                note: if partner { t!("directory-is-partner") } else { t!("directory-is-search") }.into(),
                icon: if partner { IconName::Building } else { IconName::Search },
            }
        })
        .collect();
    html! {
        <SuggestField
            id="directory-search"
            label={t!("directory-search")}
            value={props.search.q.clone()}
            {suggestions}
            {ontype}
            {onchoose}
        />
    }
}
