//! What happened to a deal, newest first, page by page, and the box that adds a note. What comes in while somebody
//! looks is marked.

use entente_web_api::{
    Id, PageInfo, QueryBuilder,
    deal::{DealTimelineEntry, DealTimelineQuery, DealTimelineVariables, NoteVisibility},
};
use yew::prelude::*;

use super::words;
use crate::{
    i18n::format,
    paged::{PageOf, use_paged, use_reload},
    t,
    ui::{Card, Icon, IconName, SkeletonBlock, Tag, Tone},
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
    let variables = DealTimelineVariables { id: props.id.clone(), first: Some(PAGE), after: None };
    let list = use_paged(
        variables,
        |mut variables, after| {
            variables.after = after;
            DealTimelineQuery::build(variables)
        },
        |data: DealTimelineQuery| {
            let timeline = data.deal.map(|deal| deal.timeline);
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
                let entries = listed.nodes.iter().map(|entry| entry_view(entry, *entry.occurred_at.as_str() > *before));
                html! { <ol class="e-timeline">{ for entries }</ol> }
            }) }
            { list.more(t!("deal-timeline-more")) }
        </Card>
    }
}

fn entry_view(entry: &DealTimelineEntry, fresh: bool) -> Html {
    let (icon, tone) = words::event_icon(&entry.kind);
    let internal = entry.visibility == NoteVisibility::Internal;
    let written = words::is_writing(&entry.kind).then(|| entry.text.clone()).or_else(|| entry.reason.clone());
    html! {
        <li key={entry.id.inner().to_owned()} class={classes!("e-timeline__entry", fresh.then_some("e-changed"))}>
            <span class={classes!("e-timeline__icon", tone)}><Icon name={icon} /></span>
            <div class="e-timeline__body">
                <p class="e-timeline__head">
                    <strong>{ words::event(&entry.kind, &entry.text) }</strong>
                    if internal {
                        <Tag tone={Tone::Warm}><Icon name={IconName::Lock} />{ t!("deal-note-internal") }</Tag>
                    }
                    <span class="e-subtle">{ &entry.actor_name }{ " · " }
                        <time datetime={entry.occurred_at.to_string()} title={format::date_time(&entry.occurred_at)}>
                            { format::relative(&entry.occurred_at) }
                        </time>
                    </span>
                </p>
                if let Some(text) = written {
                    <p class={classes!("e-timeline__text", internal.then_some("e-timeline__text--internal"))}>{ text }</p>
                }
                if !entry.changes.is_empty() {
                    <ul class="e-timeline__changes">
                        { for entry.changes.iter().map(|change| {
                            if let ("dueAt", Some(due)) = (change.field.as_str(), &change.after) {
                                let due = entente_web_api::DateTime::from(due.as_str());
                                return html! { <li key="dueAt">{ super::super::record::due_and_seen(&due, &entry.occurred_at) }</li> };
                            }
                            if let ("reasonCode", Some(code)) = (change.field.as_str(), &change.after) {
                                return html! { <li key="reasonCode">{ super::super::record::reason_named(code) }</li> };
                            }
                            let shown = |value: &Option<String>| value.as_ref().map_or_else(|| "—".to_owned(), |value| words::field_value(&change.field, value));
                            html! {
                                <li key={change.field.clone()}>
                                    <span class="e-subtle">{ words::field(&change.field) }{ ": " }</span>
                                    <del><span class="e-visually-hidden">{ t!("deal-change-before") }{ " " }</span>{ shown(&change.before) }</del>
                                    <Icon name={IconName::ArrowRight} />
                                    <ins><span class="e-visually-hidden">{ t!("deal-change-after") }{ " " }</span>{ shown(&change.after) }</ins>
                                </li>
                            }
                        }) }
                    </ul>
                }
            </div>
        </li>
    }
}
