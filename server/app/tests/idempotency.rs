//! Idempotency keys end to end against a real database: every mutation that creates acts once under one key, however often and
//! however many at once ask, and refuses the key for other input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use common::TestApp;
use entente_app::api_key::{self, ApiKeyRefusal};
use entente_app::deal::{self, NoteRefusal};
use entente_app::idempotency::KeyRefusal;
use entente_app::import::{self, CrmImportInput, ImportRefusal};
use entente_app::user::{self, NewUser, UserRefusal};
use entente_app::{App, Refused};
use entente_domain::Timestamp;
use entente_domain::api_key::ApiScope;
use entente_domain::event::{EventKind, Visibility};
use entente_domain::id::FileId;
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use entente_store::{EventNumberer, Numbering};

/// As many at once as the issue asks for.
const AT_ONCE: usize = 20;

/// The answers to that many equal requests at once.
async fn at_once<T, F, Fut>(request: F) -> Vec<T>
where
    T: Send + 'static,
    F: Fn() -> Fut,
    Fut: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(request())).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// How many events of that kind have been written: numbers what has been committed, then counts.
async fn events(t: &TestApp, kind: EventKind) -> usize {
    let mut numberer = EventNumberer::new(&t.store, "the test", 30_000);
    // On a busy machine an idle step tells only that the stream had not brought the next event yet.
    while !matches!(numberer.step(Timestamp::now(), Duration::from_millis(500)).await.unwrap(), Numbering::Idle { .. })
        || t.store.lateness(t.app.now(), 0).await.unwrap().events_unnumbered > 0
    {}
    numberer.release().await.unwrap();
    let all = t.store.events_after(0, 10_000).await.unwrap();
    all.iter().filter(|e| e.event.kind == kind).count()
}

fn new_user(email: &str) -> NewUser {
    NewUser {
        name: "Kim".into(),
        email: email.into(),
        password: "a password of twelve".into(),
        roles: vec![Role::ChannelManager],
        partner_id: None,
        title: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_account() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let (before, new) = (events(&t, EventKind::UserChanged).await, new_user("kim@vendor.test"));
    let request = || {
        let (app, admin, new) = (t.app.clone(), admin.clone(), new.clone());
        async move { user::create(&app, &admin, &new, Some("form")).await.unwrap() }
    };
    let answers = at_once(request).await;
    assert!(answers.iter().all(|u| *u == answers[0]), "{answers:?}");
    assert_eq!(request().await, answers[0]);
    assert_eq!(events(&t, EventKind::UserChanged).await, before + 1);
    assert!(t.store.user_by_email("kim@vendor.test").await.unwrap().is_some());

    let reused = |r| matches!(r, Err(Refused::Refused(UserRefusal::Key(KeyRefusal::Reused))));
    let other = NewUser { name: "Robin".into(), ..new.clone() };
    assert!(reused(user::create(&t.app, &admin, &other, Some("form")).await));
    let other_password = NewUser { password: "another of twelve".into(), ..new.clone() };
    assert!(reused(user::create(&t.app, &admin, &other_password, Some("form")).await), "the password is input too");
    // Another caller's key of the same text is another key.
    let second = t.person(Role::Admin, None).await;
    assert!(matches!(user::create(&t.app, &second, &new, Some("form")).await, Err(Refused::Refused(UserRefusal::EmailTaken))));
    // What was refused changed nothing, and the key is still free for what is mended.
    let taken = user::create(&t.app, &admin, &new, Some("next")).await;
    assert!(matches!(taken, Err(Refused::Refused(UserRefusal::EmailTaken))));
    assert_eq!(user::create(&t.app, &admin, &new_user("robin@vendor.test"), Some("next")).await.unwrap().email, "robin@vendor.test");
    let bad = user::create(&t.app, &admin, &new_user("x@vendor.test"), Some("")).await;
    assert!(matches!(bad, Err(Refused::Refused(UserRefusal::Key(KeyRefusal::Invalid)))));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_api_key_and_its_secret_is_told_once() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let request = || {
        let (app, admin) = (t.app.clone(), admin.clone());
        async move { api_key::create(&app, &admin, "sync", &[ApiScope::Read], Some("form")).await.unwrap() }
    };
    let answers = at_once(request).await;
    assert!(answers.iter().all(|(key, _)| *key == answers[0].0), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, secret)| secret.is_some()).count(), 1, "the secret is in one answer");
    let (key, secret) = request().await;
    assert_eq!((key, secret), (answers[0].0.clone(), None));
    assert_eq!((t.store.count_api_keys(None).await.unwrap(), events(&t, EventKind::ApiKeyCreated).await), (1, 1));

    let other = api_key::create(&t.app, &admin, "sync", &[ApiScope::Read, ApiScope::Write], Some("form")).await;
    assert!(matches!(other, Err(Refused::Refused(ApiKeyRefusal::Key(KeyRefusal::Reused)))));
    assert!(api_key::create(&t.app, &admin, "sync", &[ApiScope::Read], Some("second form")).await.unwrap().1.is_some());
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_note() {
    let t = TestApp::start(false).await;
    let (seller, manager) = (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::ChannelManager, None).await);
    let made = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let request = || {
        let (app, seller, id) = (t.app.clone(), seller.clone(), made.id.to_string());
        async move { deal::add_note(&app, &seller, &id, "hello", Visibility::Shared, Some("form")).await.unwrap() }
    };
    let answers = at_once(request).await;
    assert!(answers.iter().all(|d| *d == answers[0]), "{answers:?}");
    assert_eq!(request().await, answers[0]);
    assert_eq!(events(&t, EventKind::DealNoteAdded).await, 1);

    let note = async |actor: &Actor, text: &str, visibility, key| deal::add_note(&t.app, actor, made.id.as_str(), text, visibility, key).await;
    let reused = |r| matches!(r, Err(Refused::Refused(NoteRefusal::Key(KeyRefusal::Reused))));
    assert!(reused(note(&seller, "hello again", Visibility::Shared, Some("form")).await));
    assert!(note(&manager, "hello", Visibility::Internal, Some("form")).await.is_ok(), "the manager's key is another one");
    assert!(reused(note(&manager, "hello", Visibility::Shared, Some("form")).await));
    assert!(note(&seller, "hello", Visibility::Shared, None).await.is_ok(), "without a key it is another note");
    assert_eq!(events(&t, EventKind::DealNoteAdded).await, 3);
    t.end().await;
}

const PIPELINE: &str = "\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Moses Frase,Vault,Cancity,Won,10/20/2016,3/1/2017,600
A2,Moses Frase,Vault,Isdom,Lost,10/21/2016,3/2/2017,0
";

async fn ended(app: &App, actor: &Actor, id: &str) {
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    while import::get(app, actor, id).await.unwrap().unwrap().status == "RUNNING" {
        assert!(tokio::time::Instant::now() < until, "the import does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_import() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let id = FileId::new(t.app.ulid());
    t.app.files.put_upload(&id, Bytes::from_static(PIPELINE.as_bytes())).await.unwrap();
    let input = CrmImportInput { sales_pipeline: id.to_string(), idempotency_key: Some("form".into()), ..CrmImportInput::default() };
    let request = || {
        let (app, admin, input) = (t.app.clone(), admin.clone(), input.clone());
        async move { import::start(&app, &admin, input).await.unwrap() }
    };
    let answers = at_once(request).await;
    assert_eq!(answers.iter().map(|run| run.id.to_string()).collect::<BTreeSet<_>>().len(), 1, "{answers:?}");
    ended(&t.app, &admin, answers[0].id.as_str()).await;
    assert_eq!(request().await.id, answers[0].id, "the same run, though the gate is open again");
    assert_eq!(import::count(&t.app, &admin).await.unwrap(), 1);

    let other = CrmImportInput { dry_run: true, ..input.clone() };
    let refused = import::start(&t.app, &admin, other.clone()).await;
    assert!(matches!(refused, Err(Refused::Refused(ImportRefusal::Key(KeyRefusal::Reused)))), "{refused:?}");
    // The gate is told apart from the key: another form's import goes in when the first has ended.
    let second = CrmImportInput { idempotency_key: Some("second form".into()), ..other };
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    let next = loop {
        match import::start(&t.app, &admin, second.clone()).await {
            // The gate opens a moment after the run is written down as done.
            Err(Refused::Refused(ImportRefusal::AlreadyRunning)) if tokio::time::Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            started => break started.unwrap(),
        }
    };
    assert_ne!(next.id, answers[0].id);
    ended(&t.app, &admin, next.id.as_str()).await;
    t.end().await;
}
