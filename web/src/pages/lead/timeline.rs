//! What happened to a lead, newest first, page by page.

use entente_web_api::{
    Id, PageInfo, QueryBuilder,
    lead::{LeadTimelineEntry, LeadTimelineQuery, LeadTimelineVariables},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    paged::{PageOf, use_paged, use_reload},
    pages::leads::words,
    t,
    ui::{Card, Icon, SkeletonBlock},
};

const PAGE: i32 = 20;

#[derive(PartialEq, Properties)]
pub struct TimelineProps {
    pub id: Id,
    /// Grows whenever something happened: the first page is read again.
    pub revision: u32,
    /// Above the entries: the box for a note.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let variables = LeadTimelineVariables { id: props.id.clone(), first: Some(PAGE), after: None };
    let list = use_paged(
        variables,
        |mut variables, after| {
            variables.after = after;
            LeadTimelineQuery::build(variables)
        },
        |data: LeadTimelineQuery| {
            let timeline = data.lead.map(|lead| lead.timeline);
            let (nodes, page_info) = timeline.map_or((Vec::new(), PageInfo::default()), |page| (page.nodes, page.page_info));
            PageOf { total: 0, nodes, page_info }
        },
    );
    use_reload(&list, props.revision);
    // What was there at first is no news; only what comes later is marked.
    let newest_at_first = use_mut_ref(|| None::<String>);
    html! {
        <Card title={t!("deal-timeline")} class={classes!("e-timeline-card")}>
            { props.children.clone() }
            { list.view(SkeletonBlock::Rows(5), |listed| {
                let newest = listed.nodes.first().map(|entry| entry.occurred_at.to_string()).unwrap_or_default();
                let before = newest_at_first.borrow_mut().get_or_insert(newest).clone();
                html! { <ol class="e-timeline">{ for listed.nodes.iter().map(|entry| entry_view(entry, *entry.occurred_at.as_str() > *before)) }</ol> }
            }) }
            { list.more(t!("deal-timeline-more")) }
        </Card>
    }
}

fn entry_view(entry: &LeadTimelineEntry, fresh: bool) -> Html {
    let (icon, tone) = words::event_icon(&entry.kind);
    let about: Vec<String> =
        entry.changes.iter().filter_map(|change| words::changed(&change.field, change.after.as_deref().unwrap_or_default())).collect();
    html! {
        <li key={entry.id.inner().to_owned()} class={classes!("e-timeline__entry", fresh.then_some("e-changed"))}>
            <span class={classes!("e-timeline__icon", tone)}><Icon name={icon} /></span>
            <div class="e-timeline__body">
                <p class="e-timeline__head">
                    <strong>{ words::event(&entry.kind, &entry.sentence) }</strong>
                    if let Some(partner) = &entry.partner { <span>{ &partner.name }</span> }
                    <span class="e-subtle">{ &entry.actor_name }{ " · " }
                        <time datetime={entry.occurred_at.to_string()} title={format::date_time(&entry.occurred_at)}>
                            { format::relative(&entry.occurred_at) }
                        </time>
                    </span>
                </p>
                if let Some(text) = &entry.text { <p class="e-timeline__text">{ text }</p> }
                if !about.is_empty() { <p class="e-subtle e-small">{ about.join(" · ") }</p> }
            </div>
        </li>
    }
}
