//! The demo program of `seed-data/` loads as it is committed, and its kits render.

mod common;

use std::path::Path;
use std::time::Instant;

use common::options;
use entente_app::clock::Clock;
use entente_app::deal::{self, AttentionKind, DealListQuery};
use entente_app::{App, kit, media, seed, session};
use entente_domain::deal::RegistrationStatus as S;
use entente_search::SearchRequest;
use entente_store::Store;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_program_is_whole() {
    // A Thursday, so that decisions fall due on the day.
    let clock = Clock::set_to("2026-11-19T10:00:00Z".parse().unwrap());
    let options = options(true, clock);
    let dir = common::folder(&options);
    let store = Store::connect(&options.store).await.unwrap();
    store.migrate().await.unwrap();
    let app = App::start(options).await.unwrap();
    let seed_data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seed-data");
    let begun = Instant::now();
    let report = seed::load(&app, &seed_data, &|_| {}).await.unwrap();
    // Seven seconds on two idle cores.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    assert_eq!((report.partners, report.deals, report.kits), (40, 300, 8));
    assert!(seed::load(&app, &seed_data, &|_| {}).await.is_err(), "into an empty database only");

    let signed_in = session::create(&app, "manager@entente.test", seed::DEMO_PASSWORD, None).await.unwrap();
    let manager = signed_in.actor;
    for (status, at_least) in
        [(S::Submitted, 15), (S::InReview, 5), (S::InfoRequested, 5), (S::Approved, 200), (S::Rejected, 10), (S::Withdrawn, 10), (S::Expired, 10)]
    {
        let query = DealListQuery { statuses: vec![status], ..DealListQuery::default() };
        assert!(deal::count(&app, &manager, &query).await.unwrap() >= at_least, "{status:?}");
    }
    let desk = deal::attention(&app, &manager, 50).await.unwrap();
    let today = app.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let due_today =
        desk.iter().filter(|a| a.kind == AttentionKind::DecisionDue && a.due_at.is_some_and(|t| t.to_zoned(jiff::tz::TimeZone::UTC).date() == today));
    assert!(due_today.count() > 0, "something is due today");

    let marketer = session::create(&app, "marketing@aurora-systems.test", seed::DEMO_PASSWORD, None).await.unwrap().actor;
    let kits = kit::list(&app, &marketer, &kit::KitListQuery::default(), 25, None).await.unwrap();
    assert_eq!(kits.rows.len(), 8);
    let engineer = session::create(&app, "engineer@aurora-systems.test", seed::DEMO_PASSWORD, None).await.unwrap().actor;
    assert!(kit::list(&app, &engineer, &kit::KitListQuery::default(), 25, None).await.unwrap().rows.is_empty());
    assert!(kit::get(&app, &engineer, kits.rows[0].1.id.as_str()).await.unwrap().is_none());

    let url = app.archive_url(&kits.rows[0].1, marketer.partner_id.as_ref());
    let (path, query) = url.split_once("://").and_then(|(_, r)| r.split_once('/')).and_then(|(_, p)| p.split_once('?')).unwrap();
    let parameter = |name: &str| query.split('&').find_map(|p| p.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let zip = media::resolve(&app, &format!("/{path}"), parameter).await.unwrap();
    assert!(zip.bytes.starts_with(b"PK"));
    let forged = media::resolve(&app, &format!("/{path}"), |n| if n == "s" { Some("0".repeat(40)) } else { parameter(n) }).await;
    assert!(forged.is_err());

    let found = entente_app::partner::search(&app, None, SearchRequest { text: Some("auorra systms".into()), ..SearchRequest::default() }).await;
    assert_eq!(found.unwrap().page.rows[0].1.slug, "aurora-systems", "typing errors are forgiven");
    app.shutdown().await;
    store.drop_database().await.unwrap();
    let _ = std::fs::remove_dir_all(dir);
}
