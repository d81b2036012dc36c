//! Telling people and writing to them, with the clock set: nothing is told twice or left out, whoever dies when, and letters wait,
//! fold, come again and end as they should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use common::{TestApp, folder, options};
use entente_app::clock::Clock;
use entente_app::lead::{self, CreateInput};
use entente_app::notification::notifier::{Step, step};
use entente_app::{App, AppOptions, MailOptions, SmtpOptions, action_link, deal, mail, notification, worker};
use entente_domain::Timestamp;
use entente_domain::action_link::LinkRefusal;
use entente_domain::lead::draft::LeadInput;
use entente_domain::notification::NotificationKind;
use entente_domain::notification::preference::{Channel, FLOOD_LETTERS, Preferences, QuietHours};
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use entente_store::{EventNumberer, Numbering, Telling};
use jiff::civil::time;

/// A server without background work, whose clock and steps are the test's.
struct Desk {
    test: TestApp,
    clock: Arc<AtomicI64>,
    letters: std::path::PathBuf,
    options: AppOptions,
}

impl Desk {
    async fn start(mail_to: Option<MailOptions>) -> Self {
        let at: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let clock = Clock::set_to(at);
        let Clock::Set(ms) = clock.clone() else { panic!("a set clock") };
        let mut options = options(false, clock);
        let letters = folder(&options).join("letters");
        options.mail = mail_to.unwrap_or_else(|| MailOptions { folder: Some(letters.clone()), ..MailOptions::default() });
        let test = TestApp::with_options(options.clone()).await;
        number(&test).await;
        test.store.begin_notifier().await.unwrap();
        Self { test, clock: ms, letters, options }
    }

    fn later(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// Registers deals of these customers, and numbers what happened.
    async fn register(&self, seller: &Actor, customers: impl Iterator<Item = String>) -> Vec<String> {
        let mut ids = Vec::new();
        for customer in customers {
            // Things that happen in the same millisecond have no order.
            self.clock.fetch_add(1, Ordering::Relaxed);
            let done = deal::register(&self.test.app, seller, &self.test.input(&customer)).await;
            ids.push(done.unwrap_or_else(|e| panic!("{e:?}")).deal.unwrap_or_else(|| panic!("{customer} is not registered")).id.to_string());
        }
        number(&self.test).await;
        ids
    }

    /// Tells everything that has happened.
    async fn tell(&self) {
        while let Step::Told(_) = step(&self.test.app, "one").await.unwrap() {}
    }

    async fn send(&self) {
        while mail::send_next(&self.test.app, "one").await.unwrap() {}
    }

    fn files(&self) -> Vec<serde_json::Value> {
        let Ok(entries) = std::fs::read_dir(&self.letters) else { return Vec::new() };
        let paths = entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|end| end == "json"));
        paths.map(|p| serde_json::from_slice(&std::fs::read(p).unwrap()).unwrap()).collect()
    }

    async fn unread(&self, actor: &Actor) -> u64 {
        notification::unread(&self.test.app, actor).await.unwrap()
    }
}

/// Gives every event its number.
async fn number(test: &TestApp) {
    let mut numberer = EventNumberer::new(&test.store, &format!("n{}", rand::random::<u64>()), 5_000);
    loop {
        match numberer.step(Timestamp::now(), Duration::from_millis(300)).await.unwrap() {
            Numbering::Numbered { .. } => {}
            // Idle tells only that the stream brought nothing in time.
            Numbering::Idle { .. } if test.store.lateness(test.app.now(), 0).await.unwrap().events_unnumbered == 0 => break,
            Numbering::Idle { .. } => {}
            Numbering::NotLeader => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    numberer.release().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_still_numbers_at_the_first_start_is_history() {
    let options = options(false, Clock::System);
    let test = TestApp::with_options(options.clone()).await;
    let (admin, seller) = (test.person(Role::Admin, None).await, test.person(Role::PartnerSales, Some(0)).await);
    let mut other = EventNumberer::new(&test.store, "other", 60_000);
    // It keeps the lease when it is done.
    let mut number = async || {
        while test.store.has_unnumbered().await.unwrap() {
            other.step(Timestamp::now(), Duration::from_millis(50)).await.unwrap();
        }
    };
    number().await;
    deal::register(&test.app, &seller, &test.input("history")).await.unwrap();
    let mut starting = tokio::spawn(App::start(AppOptions { background: true, ..options }));
    let too_early = tokio::time::timeout(Duration::from_secs(2), &mut starting).await;
    assert!(too_early.is_err(), "it begins in the middle of what another one numbers");
    number().await;
    other.release().await.unwrap();
    let app = starting.await.unwrap().unwrap();
    deal::register(&app, &seller, &test.input("news")).await.unwrap();
    let told = async || notification::list(&app, &admin, false, 10, None).await.unwrap().rows;
    while told().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(told().await.len(), 1, "the news alone");
    app.shutdown().await;
    test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_servers_tell_each_event_once() {
    let desk = Desk::start(None).await;
    let (admin, seller) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    desk.register(&seller, (0..60).map(|n| format!("many{n}"))).await;
    // Four servers, which lose the lease to one another in the middle of their work.
    let servers = (0..4).map(|n| {
        let app = desk.test.app.clone();
        async move {
            let holder = format!("server {n}");
            let mut idle = 0;
            while idle < 5 {
                match step(&app, &holder).await {
                    Ok(Step::Idle) => idle += 1,
                    Ok(Step::Told(_) | Step::NotLeader) | Err(_) => {}
                }
                app.store.resign_notifier(&holder).await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    });
    futures::future::join_all(servers).await;
    let page = notification::list(&desk.test.app, &admin, false, 100, None).await.unwrap();
    assert_eq!(page.rows.len(), 60, "each once, and none left out");
    // A server that comes back with an old place writes nothing.
    let last = desk.test.store.last_seq().await.unwrap();
    assert!(desk.test.store.lead_notifier("old", 1).await.unwrap().is_some());
    assert!(!desk.test.store.tell("old", last - 30, last, desk.test.app.now(), &Telling::default()).await.unwrap());
    // The same events again, as after a place that was lost: the ids are the same, and nothing is written twice.
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_outlives_the_server_that_had_it_and_is_sent_once() {
    let desk = Desk::start(None).await;
    let (_admin, seller) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    desk.register(&seller, ["outlived".to_owned()].into_iter()).await;
    desk.tell().await;
    let store = &desk.test.store;
    assert_eq!((store.outbox_counts().await.unwrap().waiting, desk.files().len()), (1, 0), "told, and not yet written: here the server dies");
    // One that took it and died: nobody else has it until its time is over.
    let taken = store.take_letter("dead", desk.test.app.now(), 120_000).await.unwrap().unwrap();
    assert!(!mail::send_next(&desk.test.app, "two").await.unwrap());
    desk.later(3);
    desk.send().await;
    assert_eq!((desk.files().len(), store.outbox_counts().await.unwrap().waiting), (1, 0));
    assert!(!store.letter_done(&taken.id, "dead", true, desk.test.app.now()).await.unwrap(), "it is not the dead one's any more");
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_send_each_letter_once() {
    let desk = Desk::start(None).await;
    let mut admins = Vec::new();
    for _ in 0..8 {
        admins.push(desk.test.person(Role::Admin, None).await);
    }
    let seller = desk.test.person(Role::PartnerSales, Some(0)).await;
    desk.register(&seller, (0..4).map(|n| format!("twice{n}"))).await;
    desk.tell().await;
    let other = App::start(desk.options.clone()).await.unwrap();
    let work = async |app: &App, holder: &str| while mail::send_next(app, holder).await.unwrap() {};
    futures::future::join(work(&desk.test.app, "a"), work(&other, "b")).await;
    assert_eq!((desk.test.app.mail.sent() + other.mail.sent(), desk.files().len()), (32, 32), "eight people, four deals");
    assert!(other.mail.sent() > 0 && desk.test.app.mail.sent() > 0);
    other.shutdown().await;
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_is_tried_again_and_given_up_in_the_end() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let smtp = SmtpOptions { url: format!("smtp://robot:s3cret@{nobody}"), extra_roots: None };
    let desk = Desk::start(Some(MailOptions { smtp: Some(smtp), ..MailOptions::default() })).await;
    let (admin, seller) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    desk.register(&seller, ["away".to_owned()].into_iter()).await;
    desk.tell().await;
    let mut tries = 0;
    while desk.test.store.outbox_counts().await.unwrap().waiting > 0 {
        if mail::send_next(&desk.test.app, "one").await.unwrap() {
            tries += 1;
            assert!(!mail::send_next(&desk.test.app, "one").await.unwrap(), "it waits before it is tried again");
        }
        desk.later(10);
    }
    let counts = desk.test.store.outbox_counts().await.unwrap();
    assert_eq!((tries, counts.dead, desk.test.app.mail.failed()), (mail::ATTEMPTS_MAX, 1, 8));
    assert_eq!(desk.unread(&admin).await, 1, "in the app it stands all the same");
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_folds_into_one_digest() {
    let desk = Desk::start(None).await;
    let (admin, seller) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    desk.register(&seller, (0..9).map(|n| format!("flood{n}"))).await;
    desk.tell().await;
    desk.send().await;
    assert_eq!((desk.files().len() as u64, desk.unread(&admin).await), (FLOOD_LETTERS, 9));
    let fire = async || {
        let mut fired = 0;
        while worker::fire_next(&desk.test.app, "one", desk.test.app.now()).await.unwrap() {
            fired += 1;
        }
        fired
    };
    assert_eq!(fire().await, 0, "not yet");
    desk.later(16);
    // What was read meanwhile need not be said again.
    let page = notification::list(&desk.test.app, &admin, false, 1, None).await.unwrap();
    let newest = page.rows[0].1.notification.id.to_string();
    assert_eq!(notification::mark(&desk.test.app, &admin, &[newest], true).await.unwrap(), 1);
    assert!(fire().await >= 1);
    desk.send().await;
    let files = desk.files();
    assert_eq!(files.len() as u64, FLOOD_LETTERS + 1);
    let digest = files.iter().find(|l| l["subject"] == "3 things happened").unwrap_or_else(|| panic!("{files:?}"));
    assert!(!digest["text"].as_str().unwrap().contains("/act/"));
    // A second flood later gets a digest of its own.
    desk.later(1);
    assert_eq!(fire().await, 0);
    desk.register(&seller, (0..7).map(|n| format!("second{n}"))).await;
    desk.tell().await;
    desk.later(16);
    assert!(fire().await >= 1);
    desk.send().await;
    assert_eq!(desk.files().iter().filter(|l| l["subject"].as_str().unwrap().ends_with("things happened")).count(), 2);
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_keep_quiet_hours_and_are_not_written_to_whoever_lost_the_right() {
    let desk = Desk::start(None).await;
    let (admin, seller) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    let quiet = QuietHours { from: time(9, 0, 0, 0), until: time(12, 0, 0, 0) };
    let wanted = Preferences { quiet: Some(quiet), time_zone: Some("UTC".into()), ..Preferences::usual(admin.user_id.clone()) };
    notification::choose(&desk.test.app, &admin, wanted).await.unwrap();
    desk.register(&seller, ["quiet".to_owned()].into_iter()).await;
    desk.tell().await;
    desk.send().await;
    assert_eq!((desk.files().len(), desk.unread(&admin).await), (0, 1), "ten o'clock is quiet");
    desk.later(121);
    desk.send().await;
    assert_eq!(desk.files().len(), 1);
    // Told, and then the account is closed before the letter goes.
    desk.register(&seller, ["closed".to_owned()].into_iter()).await;
    desk.tell().await;
    let mut user = desk.test.store.user(&admin.user_id).await.unwrap().unwrap();
    user.active = false;
    user.version += 1;
    let version = user.version - 1;
    desk.test.store.save_user(&user, None, Some(version), &[]).await.unwrap();
    desk.later(1);
    desk.send().await;
    assert_eq!((desk.files().len(), desk.test.store.outbox_counts().await.unwrap().waiting), (1, 0), "dropped");
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_took_a_lead_is_told_that_nobody_was_in_touch_in_time() {
    let desk = Desk::start(None).await;
    let (app, admin) = (&desk.test.app, desk.test.person(Role::Admin, None).await);
    let (seller, colleague) = (desk.test.person(Role::PartnerSales, Some(0)).await, desk.test.person(Role::PartnerSales, Some(0)).await);
    let typed = LeadInput { name: "Jo".into(), email: "jo@firm.example".into(), company: "Firm".into(), ..LeadInput::default() };
    let input = CreateInput { lead: typed, partner_id: Some(desk.test.partners[0].to_string()), ..CreateInput::default() };
    let offered = lead::create(app, &admin, &input).await.unwrap().lead;
    let taken = lead::accept(app, &seller, offered.id.as_str(), offered.version).await.unwrap();
    number(&desk.test).await;
    desk.tell().await;
    assert_eq!((desk.unread(&seller).await, desk.unread(&colleague).await), (1, 1), "it was offered to both");
    desk.clock.store(taken.follow_up_at.unwrap().as_millisecond(), Ordering::Relaxed);
    while worker::fire_next(app, "one", app.now()).await.unwrap() {}
    number(&desk.test).await;
    desk.tell().await;
    assert_eq!((desk.unread(&seller).await, desk.unread(&colleague).await), (2, 1), "it is for the one who took it");
    desk.send().await;
    let letters = desk.files();
    assert_eq!(letters.len(), 1, "an offer that was taken is not written about any more: {letters:?}");
    assert_eq!(letters[0]["to"], desk.test.email(&seller).await);
    assert_eq!(letters[0]["subject"], "Get in touch: Firm");
    desk.test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_it_in_the_app_gets_no_letter_and_a_link_ends() {
    let desk = Desk::start(None).await;
    let (admin, other) = (desk.test.person(Role::Admin, None).await, desk.test.person(Role::Admin, None).await);
    let seller = desk.test.person(Role::PartnerSales, Some(0)).await;
    let chosen = [(NotificationKind::DecisionOwed, Channel::InApp)].into_iter().collect();
    notification::choose(&desk.test.app, &other, Preferences { chosen, ..Preferences::usual(other.user_id.clone()) }).await.unwrap();
    desk.register(&seller, ["ends".to_owned()].into_iter()).await;
    desk.tell().await;
    desk.send().await;
    assert_eq!((desk.unread(&admin).await, desk.unread(&other).await, desk.files().len()), (1, 1, 1));
    let letter = desk.files().remove(0);
    assert_eq!(letter["to"], desk.test.email(&admin).await);
    let token = letter["text"].as_str().unwrap().lines().find_map(|l| l.trim().split_once("/act/")).unwrap().1.to_owned();
    desk.later(7 * 24 * 60 + 1);
    let refused = action_link::act(&desk.test.app, None, &token, None, None).await.unwrap_err();
    assert!(format!("{refused:?}").contains(&format!("{:?}", LinkRefusal::Expired)), "{refused:?}");
    desk.test.end().await;
}
