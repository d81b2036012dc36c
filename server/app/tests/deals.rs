//! Deals through the use cases, on a real database: verdicts, races, idempotency, what is hidden, and the clock.

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use common::TestApp;
use entente_app::clock::Clock;
use entente_app::deal::{self, DealListQuery, RegisterRefusal};
use entente_app::idempotency::KeyRefusal;
use entente_app::{AppError, Refused, worker};
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{DealError, RegistrationStatus};
use entente_domain::event::Visibility;
use entente_domain::user::Role;

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_registration_blocks_a_rival_and_tells_it_nothing() {
    let t = TestApp::start(false).await;
    let (seller, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let first = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap();
    assert_eq!(first.verdict.outcome, VerdictOutcome::Clear);
    let first = first.deal.unwrap();

    let pending = deal::check(&t.app, &rival, &t.input("acme")).await.unwrap();
    assert_eq!(pending.outcome, VerdictOutcome::PossibleConflict);

    let approved = deal::approve(&t.app, &manager, first.id.as_str(), first.version, None).await.unwrap();
    assert_eq!(approved.status, RegistrationStatus::Approved);

    let mut by_another_host = t.input("acme");
    by_another_host.draft.customer_domain = Some("https://shop.ACME.com/x".into());
    by_another_host.draft.customer_name = "Something else".into();
    let blocked = deal::register(&t.app, &rival, &by_another_host).await.unwrap();
    assert_eq!(blocked.verdict.outcome, VerdictOutcome::Blocked);
    assert!(blocked.deal.is_none());
    let said = format!("{:?}", blocked.verdict);
    for secret in [first.id.as_str(), first.number.as_str(), "AURORA", "12000", first.title.as_str()] {
        assert!(!said.contains(secret), "{said}");
    }
    assert_eq!(deal::count(&t.app, &rival, &DealListQuery::default()).await.unwrap(), 0, "nothing was written");
    assert!(deal::get(&t.app, &rival, first.id.as_str()).await.unwrap().is_none(), "hidden is not found");
    let hidden = deal::withdraw(&t.app, &rival, first.id.as_str(), approved.version, None).await;
    assert!(matches!(hidden, Err(Refused::Refused(DealError::NotFound))));

    let again = deal::check(&t.app, &seller, &t.input("acme")).await.unwrap();
    assert_eq!(again.outcome, VerdictOutcome::Blocked, "one's own registration counts too");

    deal::withdraw(&t.app, &seller, first.id.as_str(), approved.version, Some("moved on")).await.unwrap();
    let free = deal::register(&t.app, &rival, &t.input("acme")).await.unwrap();
    assert_eq!(free.verdict.outcome, VerdictOutcome::Clear);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_approvals_at_once_one_wins_every_time() {
    let t = TestApp::start(false).await;
    let (a, b, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    for round in 0..25 {
        let input = t.input(&format!("customer{round}"));
        let (one, two) = tokio::join!(deal::register(&t.app, &a, &input), deal::register(&t.app, &b, &input));
        let (one, two) = (one.unwrap().deal.unwrap(), two.unwrap().deal.unwrap());
        let (x, y) =
            tokio::join!(deal::approve(&t.app, &manager, one.id.as_str(), 1, None), deal::approve(&t.app, &manager, two.id.as_str(), 1, None));
        let outcomes = [x, y];
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "round {round}: {outcomes:?}");
        assert!(outcomes.iter().any(|o| matches!(o, Err(Refused::Refused(DealError::ClaimTaken)))), "round {round}");
        assert_eq!(t.store.claims_on(&one.claim_keys()).await.unwrap().len(), 1);
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_deal_however_often_it_is_sent() {
    let t = TestApp::start(false).await;
    let seller = Arc::new(t.person(Role::PartnerSales, Some(0)).await);
    let mut input = t.input("acme");
    input.idempotency_key = Some("form-1".into());
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (app, seller, input) = (t.app.clone(), seller.clone(), input.clone());
            tokio::spawn(async move { deal::register(&app, &seller, &input).await })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap().unwrap();
        assert_eq!(answer.verdict.outcome, VerdictOutcome::Clear);
        ids.push(answer.deal.unwrap().id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(deal::count(&t.app, &seller, &DealListQuery::default()).await.unwrap(), 1);
    input.draft.title = "Another".into();
    assert!(matches!(deal::register(&t.app, &seller, &input).await, Err(Refused::Refused(RegisterRefusal::Key(KeyRefusal::Reused)))));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_and_writes_nothing() {
    let t = TestApp::start(false).await;
    let (seller, engineer, admin) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerTechnical, Some(0)).await, t.person(Role::Admin, None).await);
    let mut bad = t.input("acme");
    bad.draft.amount = "0".into();
    bad.draft.customer_country = Some("XX".into());
    bad.draft.expected_close_on = Some(jiff::civil::date(2020, 1, 1));
    bad.draft.product_ids.push("prod_nothing".into());
    let Err(Refused::Refused(RegisterRefusal::Invalid(wrong))) = deal::register(&t.app, &seller, &bad).await else { panic!("accepted") };
    assert_eq!(wrong.len(), 4, "{wrong:?}");
    assert!(matches!(deal::register(&t.app, &engineer, &t.input("acme")).await, Err(Refused::Refused(RegisterRefusal::NotAllowed))));
    assert!(matches!(deal::register(&t.app, &admin, &t.input("acme")).await, Err(Refused::Refused(RegisterRefusal::PartnerRequired))));
    let mut for_another = t.input("acme");
    for_another.partner_id = Some(t.partners[1].to_string());
    assert!(matches!(deal::register(&t.app, &seller, &for_another).await, Err(Refused::Refused(RegisterRefusal::PartnerNotFound))));
    assert!(deal::register(&t.app, &admin, &for_another).await.unwrap().deal.is_some(), "vendor staff may");
    assert_eq!(deal::count(&t.app, &seller, &DealListQuery::default()).await.unwrap(), 0);

    let made = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    deal::add_note(&t.app, &admin, made.id.as_str(), "between us", Visibility::Internal, None).await.unwrap();
    deal::add_note(&t.app, &seller, made.id.as_str(), "hello", Visibility::Shared, None).await.unwrap();
    let seen = deal::timeline(&t.app, &seller, &made, 25, None).await.unwrap();
    assert_eq!(seen.rows.len(), 2, "an internal note is the vendor's");
    assert_eq!(deal::timeline(&t.app, &admin, &made, 25, None).await.unwrap().rows.len(), 3);
    let stale = deal::approve(&t.app, &admin, made.id.as_str(), 9, None).await;
    assert!(matches!(stale, Err(Refused::Refused(DealError::StaleVersion { current: 1 }))));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_cover_each_deal_once_and_cursors_keep_to_their_list() {
    let t = TestApp::start(false).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    for n in 0..12 {
        deal::register(&t.app, &seller, &t.input(&format!("customer{n}"))).await.unwrap();
    }
    let query = DealListQuery::default();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = deal::list(&t.app, &seller, &query, 5, after.as_deref()).await.unwrap();
        seen.extend(page.rows.iter().map(|(_, d)| d.id.clone()));
        after = page.rows.last().map(|(c, _)| c.clone());
        if !page.has_next {
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (12, 12));
    let other = DealListQuery { descending: false, ..DealListQuery::default() };
    assert!(matches!(deal::list(&t.app, &seller, &other, 5, after.as_deref()).await, Err(AppError::BadRequest(_))));
    let found = DealListQuery { search: Some("custom".into()), ..DealListQuery::default() };
    assert_eq!(deal::count(&t.app, &seller, &found).await.unwrap(), 12);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn protection_ends_by_the_clock_and_frees_the_customer() {
    let start = "2026-11-02T09:00:00Z".parse().unwrap();
    let clock = Clock::set_to(start);
    let t = TestApp::with_clock(false, clock.clone()).await;
    let (seller, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let made = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let approved = deal::approve(&t.app, &manager, made.id.as_str(), 1, None).await.unwrap();
    assert!(!worker::fire_next(&t.app, "w", t.app.now()).await.unwrap(), "nothing is due yet");
    let Clock::Set(ms) = &clock else { unreachable!() };
    ms.store(approved.protected_until.unwrap().as_millisecond(), Ordering::Relaxed);

    // Before the timer fires, the ended claim no longer blocks; approving the rival expires the old deal first.
    let next = deal::register(&t.app, &rival, &t.input("acme")).await.unwrap();
    assert_eq!(next.verdict.outcome, VerdictOutcome::Clear);
    deal::approve(&t.app, &manager, next.deal.unwrap().id.as_str(), 1, None).await.unwrap();
    let old = deal::get(&t.app, &seller, made.id.as_str()).await.unwrap().unwrap();
    assert_eq!(old.status, RegistrationStatus::Expired);
    while worker::fire_next(&t.app, "w", t.app.now()).await.unwrap() {}
    assert_eq!(deal::get(&t.app, &seller, made.id.as_str()).await.unwrap().unwrap().version, old.version, "a late timer changes nothing");
    t.end().await;
}
