//! Notifications, letters and links as they are kept: each query is served by an index.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::EventKind;
use entente_domain::id::{LetterId, UserId};
use entente_store::{Marking, NotificationQuery, NotificationScope};
use futures::TryStreamExt;
use ulid::Ulid;

use crate::support::*;

fn scope(n: u128) -> NotificationScope {
    NotificationScope { user_id: UserId::new(Ulid::from_parts(1, n)), partner_id: None, about: vec!["DEAL", "LEAD"] }
}

#[test]
fn every_query_is_served_by_an_index() {
    with_store(|f| async move { look(&f).await });
}

async fn look(f: &Fresh) {
    let db = f.raw().await;
    // Enough rows of others that a scan would cost something.
    let rows: Vec<Document> = (0..2_000_i64)
        .map(|n| {
            let at = bson::DateTime::from_millis(n * 1_000);
            doc! { "_id": format!("ntf_{n:026}"), "user_id": format!("user_{n:026}"), "of_vendor": true, "about": { "type": "DEAL" }, "at": at, "read_at": bson::Bson::Null }
        })
        .collect();
    db.collection::<Document>("notifications").insert_many(rows).await.unwrap();
    db.create_collection("system.profile").capped(true).size(16 * 1024 * 1024).await.unwrap();
    db.run_command(doc! { "profile": 2 }).await.unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    for unread in [false, true] {
        f.store.notifications(&NotificationQuery { scope: scope(7), unread, after: None, limit: 26 }).await.unwrap();
    }
    f.store.count_unread(&scope(7), 100).await.unwrap();
    f.store.letters_since(&scope(7).user_id, now).await.unwrap();
    f.store.take_letter("me", now, 1_000).await.unwrap();
    f.store.outbox_counts().await.unwrap();
    f.store.action_link_by_hash("none").await.unwrap();
    f.store.fold_digest(&LetterId::new(Ulid::from_parts(1, 1)), &scope(7).user_id, now, 10).await.unwrap();
    let told = event(&deal(1), EventKind::NotificationsRead);
    f.store.mark_notifications(&scope(7), &Marking::Until(now), Some(now), &told).await.unwrap();
    db.run_command(doc! { "profile": 0 }).await.unwrap();
    let profile = db.collection::<Document>("system.profile");
    let all: Vec<Document> = profile.find(doc! { "planSummary": { "$exists": true } }).await.unwrap().try_collect().await.unwrap();
    let ours = ["notifications", "outbox", "action_links"];
    let ours: Vec<&Document> =
        all.iter().filter(|p| ours.iter().any(|name| p.get_str("ns").unwrap_or_default().ends_with(&format!(".{name}")))).collect();
    assert!(ours.len() >= 8, "{}", ours.len());
    for p in ours {
        let summary = p.get_str("planSummary").unwrap();
        assert!(!summary.contains("COLLSCAN") && !p.get_bool("hasSortStage").unwrap_or_default(), "{p}");
        assert!(p.get_i32("docsExamined").unwrap_or_default() <= 100, "{p}");
    }
}
