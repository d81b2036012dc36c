//! One column of the board: the leads of a status, newest first, page by page, read again when something changed.

use entente_web_api::{
    QueryBuilder,
    lead::{LeadFilter, LeadStatus, LeadsQuery, LeadsVariables},
};
use yew::prelude::*;

use super::{card::LeadTile, words};
use crate::{
    paged::{PageOf, use_paged, use_reload},
    t,
    ui::{Count, SkeletonBlock},
};

const PAGE: i32 = 25;

#[derive(PartialEq, Properties)]
pub struct StatusColumnProps {
    pub status: LeadStatus,
    pub search: String,
    /// How many there are in all.
    pub count: Option<i32>,
    /// Grows whenever something changed.
    pub revision: u32,
    /// Leads that came in or changed while somebody looks, with their versions.
    pub marked: Vec<(String, i32)>,
    /// Whether a narrow screen shows it.
    pub chosen: bool,
    pub for_partner: bool,
}

#[component]
pub fn StatusColumn(props: &StatusColumnProps) -> Html {
    let search = props.search.trim().to_owned();
    let filter = LeadFilter { statuses: Some(vec![props.status]), ..LeadFilter::default() };
    let searching = !search.is_empty();
    let variables = LeadsVariables { search: searching.then_some(search), filter: Some(filter), first: Some(PAGE), after: None };
    let list = use_paged(
        variables,
        |mut variables, after| {
            variables.after = after;
            LeadsQuery::build(variables)
        },
        |data: LeadsQuery| PageOf { total: data.leads.total_count, nodes: data.leads.nodes, page_info: data.leads.page_info },
    );
    use_reload(&list, props.revision);
    let heading = format!("leads-{:?}", props.status);
    let count = if searching { list.data().map(|listed| listed.total) } else { props.count };
    let tone = match props.status {
        LeadStatus::Converted => Some("e-column--won"),
        LeadStatus::Closed => Some("e-column--lost"),
        LeadStatus::Unrouted => Some("e-column--late"),
        _ => None,
    };
    html! {
        <section class={classes!("e-column", tone, props.chosen.then_some("e-column--chosen"))} aria-labelledby={heading.clone()}>
            <header class="e-column__head">
                <h2 id={heading}>{ words::status(props.status) }</h2>
                if let Some(n) = count { <Count n={i64::from(n)} /> }
            </header>
            <div class="e-column__body">
                { list.view(SkeletonBlock::Rows(4), |listed| html! {
                    if listed.nodes.is_empty() {
                        <p class="e-column__empty">{ t!("lead-column-empty") }</p>
                    } else {
                        <ul class="e-column__cards" aria-label={words::status(props.status)}>
                            { for listed.nodes.iter().enumerate().map(|(index, lead)| {
                                let marked = props.marked.iter().any(|(id, version)| id == lead.id.inner() && *version == lead.version);
                                let key = if marked { format!("{}-{}", lead.id.inner(), lead.version) } else { lead.id.inner().to_owned() };
                                html! { <LeadTile {key} lead={lead.clone()} {marked} first={index == 0} for_partner={props.for_partner} /> }
                            }) }
                        </ul>
                        if listed.has_more { { list.foot() } }
                    }
                }) }
            </div>
        </section>
    }
}
