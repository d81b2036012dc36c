//! The bell: how many notifications are unread, live, and the way to them. What is new is said aloud.

use entente_web_api::{QueryBuilder, notification::NotificationsUnreadQuery, stream::Told};
use yew::prelude::*;
use yew_router::prelude::*;

use super::nav::follow;
use crate::{
    i18n::format,
    live::use_inbox_changes,
    notice::use_notifier,
    remote::use_query,
    routes::Routes,
    t,
    ui::{Icon, IconName},
};

/// Notifications are counted up to so many.
const COUNTED: i32 = 100;

#[component]
pub fn Bell() -> Html {
    let query = use_query((), NotificationsUnreadQuery::build);
    let notifier = use_notifier();
    {
        let query = query.clone();
        use_inbox_changes(move |event| match event {
            Told::Change(change) => {
                query.update(|data: &mut NotificationsUnreadQuery| data.notifications_unread = change.unread);
                if change.is_new {
                    notifier.announce(t!("notification-new"));
                }
            }
            Told::Resync => query.reload(),
        });
    }
    let unread = query.data().map_or(0, |data| data.notifications_unread);
    let shown = if unread >= COUNTED { format!("{}+", format::number(f64::from(COUNTED - 1))) } else { format::number(f64::from(unread)) };
    html! {
        <a
            class="e-bell"
            href={Routes::Notifications.to_path()}
            title={t!("nav-notifications")}
            aria-label={t!("notification-bell", "count" => unread)}
            data-testid="bell"
            onclick={follow(&Routes::Notifications)}
        >
            <Icon name={IconName::Bell} />
            if unread > 0 {
                <span class="e-bell__count" aria-hidden="true">{ shown }</span>
            }
        </a>
    }
}
