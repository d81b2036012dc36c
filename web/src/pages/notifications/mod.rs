//! The notification centre: what the viewer was told, newest first, live; read and unread; and the way to what is sent how.

mod preferences;
mod row;
mod words;

use entente_web_api::{
    MutationBuilder, QueryBuilder,
    notification::{
        Notification, NotificationsMark, NotificationsMarkAll, NotificationsMarkAllVariables, NotificationsMarkVariables, NotificationsQuery,
        NotificationsVariables,
    },
    stream::Told,
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::{
    live::use_inbox_changes,
    notice::use_notifier,
    paged::{PageOf, Paged, use_paged},
    remote::use_action,
    routes::{Routes, use_query_state},
    t, texts,
    ui::{Button, Card, EmptyState, IconName, LinkButton, PageHead, Segment, Segments, SkeletonBlock},
};
pub use preferences::Preferences;
use row::Row;

const PAGE: i32 = 25;

/// What is shown, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Shown {
    /// Only those that were not read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unread: bool,
}

#[component]
pub fn Notifications() -> Html {
    let shown = use_query_state::<Shown>();
    let notifier = use_notifier();
    let action = use_action();
    let list = use_paged(
        NotificationsVariables { unread: shown.value.unread.then_some(true), first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            NotificationsQuery::build(variables)
        },
        |data: NotificationsQuery| {
            let total = i32::try_from(data.notifications.nodes.len()).unwrap_or_default();
            PageOf { nodes: data.notifications.nodes, page_info: data.notifications.page_info, total }
        },
    );
    {
        let list = list.clone();
        use_inbox_changes(move |event| match event {
            Told::Change(change) if !change.is_new => {}
            _ => list.reload(),
        });
    }
    let newest = list.data().and_then(|listed| listed.nodes.first().map(|n| n.occurred_at.clone()));
    let any_unread = list.data().is_some_and(|listed| listed.nodes.iter().any(|n| n.read_at.is_none()));
    let mark_all = {
        let (list, notifier, action) = (list.clone(), notifier.clone(), action.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(until) = newest.clone() else { return };
            let (list, notifier) = (list.clone(), notifier.clone());
            action.run(NotificationsMarkAll::build(NotificationsMarkAllVariables { until }), move |answer| match answer {
                Ok(_) => list.reload(),
                Err(error) => notifier.failure(texts::api_error(&error)),
            });
        })
    };
    let choose = {
        let shown = shown.clone();
        Callback::from(move |key: AttrValue| shown.set(&Shown { unread: key == "unread" }))
    };
    let onmark = use_mark(&list);
    html! {
        <>
            <PageHead title={t!("nav-notifications")} lead={t!("notification-lead")}>
                <Button icon={IconName::Check} busy={action.busy} disabled={!any_unread} onclick={mark_all}>{ t!("notification-mark-all") }</Button>
                <LinkButton to={Routes::NotificationPreferences} icon={IconName::Mail}>{ t!("notification-preferences") }</LinkButton>
            </PageHead>
            <div class="e-toolbar">
                <Segments
                    label={t!("notification-which")}
                    active={if shown.value.unread { "unread" } else { "all" }}
                    items={vec![Segment::new("all", t!("notification-all")), Segment::new("unread", t!("notification-unread"))]}
                    onselect={choose}
                />
            </div>
            { list.view(SkeletonBlock::Rows(6), |listed| {
                if listed.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::Bell} title={t!("notification-empty")} text={t!("notification-empty-text")} /> };
                }
                html! {
                    <Card flush=true>
                        <ul class="e-inbox" aria-label={t!("nav-notifications")}>
                            { for listed.nodes.iter().map(|n| html! {
                                <Row key={n.id.inner().to_owned()} notification={n.clone()} onmark={onmark.clone()} />
                            }) }
                        </ul>
                        { list.more(t!("common-load-more")) }
                    </Card>
                }
            }) }
        </>
    }
}

/// Marks one as read or unread, at once on the screen and then at the server.
#[hook]
fn use_mark(list: &Paged<Notification>) -> Callback<(Notification, bool)> {
    let (list, notifier, action) = (list.clone(), use_notifier(), use_action());
    Callback::from(move |(notification, read): (Notification, bool)| {
        let read_at = read.then(|| notification.occurred_at.clone());
        list.update(|listed| {
            if let Some(known) = listed.nodes.iter_mut().find(|n| n.id == notification.id) {
                known.read_at = read_at;
            }
        });
        let (list, notifier) = (list.clone(), notifier.clone());
        let variables = NotificationsMarkVariables { ids: vec![notification.id.clone()], read };
        action.run(NotificationsMark::build(variables), move |answer| {
            if let Err(error) = answer {
                notifier.failure(texts::api_error(&error));
                list.reload();
            }
        });
    })
}
