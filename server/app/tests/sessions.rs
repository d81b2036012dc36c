//! Sessions, keys, people and the live stream, on a real database.

mod common;

use std::time::Duration;

use common::{PASSWORD, TestApp};
use entente_app::clock::Clock;
use entente_app::deal::{self, DealFeed, DealListQuery};
use entente_app::live::{Span, Told, follow};
use entente_app::partner::{self, PartnerRefusal, PartnerUpdate};
use entente_app::session::{self, SessionRefusal};
use entente_app::user::{self, UserChange, UserRefusal};
use entente_app::{Refused, api_key};
use entente_domain::api_key::ApiScope;
use entente_domain::event::Visibility;
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use futures::StreamExt;

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_once_and_reuse_ends_the_family() {
    let t = TestApp::start(false).await;
    let person = t.person(Role::PartnerAdmin, Some(0)).await;
    let email = t.email(&person).await;
    let first = session::create(&t.app, &email.to_uppercase(), PASSWORD, None).await.unwrap();
    assert_eq!(t.app.authenticate(&first.access_token).await.unwrap().user_id, person.user_id);
    let second = session::refresh(&t.app, Some(&first.refresh_token)).await.unwrap();
    let expired = |r| matches!(r, Err(Refused::Refused(SessionRefusal::Expired)));
    assert!(expired(session::refresh(&t.app, Some(&first.refresh_token)).await), "used before");
    assert!(expired(session::refresh(&t.app, Some(&second.refresh_token)).await), "the family is revoked");
    assert!(expired(session::refresh(&t.app, Some("rubbish")).await) && expired(session::refresh(&t.app, None).await));
    let third = session::create(&t.app, &email, PASSWORD, None).await.unwrap();
    session::revoke(&t.app, Some(&third.refresh_token)).await.unwrap();
    assert!(expired(session::refresh(&t.app, Some(&third.refresh_token)).await), "signed out");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_stopped_and_says_nothing_of_accounts() {
    // The window in which attempts are counted does not end meanwhile.
    let t = TestApp::with_clock(false, Clock::set_to("2099-11-18T10:00:00Z".parse().unwrap())).await;
    let email = t.email(&t.person(Role::Admin, None).await).await;
    for account in [email.as_str(), "nobody@people.test"] {
        for _ in 0..10 {
            let wrong = session::create(&t.app, account, "wrong", None).await;
            assert!(matches!(wrong, Err(Refused::Refused(SessionRefusal::WrongCredentials))));
        }
        let stopped = session::create(&t.app, account, PASSWORD, None).await;
        assert!(matches!(stopped, Err(Refused::Refused(SessionRefusal::TooManyAttempts))));
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_sees_its_side_only_and_ends_with_its_revocation() {
    let t = TestApp::start(false).await;
    let (admin, seller, other) =
        (t.person(Role::PartnerAdmin, Some(0)).await, t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerAdmin, Some(1)).await);
    deal::register(&t.app, &seller, &t.input("acme")).await.unwrap();
    assert!(api_key::create(&t.app, &seller, "mine", &[ApiScope::Read], None).await.is_err(), "not an administrator");
    let (key, secret) = api_key::create(&t.app, &admin, "sync", &[ApiScope::Read], None).await.unwrap();
    let secret = secret.unwrap();
    assert!(!format!("{key:?}").contains(&secret));
    let actor = t.app.authenticate(&secret).await.unwrap();
    assert_eq!(deal::count(&t.app, &actor, &DealListQuery::default()).await.unwrap(), 1);
    assert!(deal::register(&t.app, &actor, &t.input("other")).await.is_err(), "it may only read");
    assert!(api_key::revoke(&t.app, &other, key.id.as_str()).await.is_err(), "another side's key is not there");
    api_key::revoke(&t.app, &admin, key.id.as_str()).await.unwrap();
    assert!(t.app.authenticate(&secret).await.is_err());
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_manage_their_own_side_and_the_last_one_stays() {
    let t = TestApp::start(false).await;
    let (admin, partner_admin, seller) =
        (t.person(Role::Admin, None).await, t.person(Role::PartnerAdmin, Some(0)).await, t.person(Role::PartnerSales, Some(0)).await);
    let off = UserChange { active: Some(false), ..UserChange::default() };
    let refused = |r| matches!(r, Err(Refused::Refused(UserRefusal::LastAdmin)));
    assert!(refused(user::update(&t.app, &admin, admin.user_id.as_str(), 1, &off).await));
    let hidden = user::update(&t.app, &partner_admin, admin.user_id.as_str(), 1, &off).await;
    assert!(matches!(hidden, Err(Refused::Refused(UserRefusal::NotFound))));
    let promote = UserChange { roles: Some(vec![Role::Admin]), ..UserChange::default() };
    let wrong_side = user::update(&t.app, &partner_admin, seller.user_id.as_str(), 1, &promote).await;
    assert!(matches!(wrong_side, Err(Refused::Refused(UserRefusal::RoleNotAllowed))));
    let email = t.email(&seller).await;
    let tokens = session::create(&t.app, &email, PASSWORD, None).await.unwrap();
    user::update(&t.app, &partner_admin, seller.user_id.as_str(), 1, &off).await.unwrap();
    assert!(t.app.authenticate(&tokens.access_token).await.is_err(), "switched off at once");
    assert!(session::refresh(&t.app, Some(&tokens.refresh_token)).await.is_err());
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_remove_each_other_at_once_leave_one() {
    let t = TestApp::start(false).await;
    let off = UserChange { active: Some(false), ..UserChange::default() };
    let demote = UserChange { roles: Some(vec![Role::Sales]), ..UserChange::default() };
    let mut last = t.person(Role::Admin, None).await;
    let mut refusals = 0;
    for round in 0..20 {
        let other = t.person(Role::Admin, None).await;
        let version = t.app.store.user(&last.user_id).await.unwrap().unwrap().version;
        let change = if round % 2 == 0 { &off } else { &demote };
        let (a, b) = tokio::join!(
            user::update(&t.app, &last, other.user_id.as_str(), 1, change),
            user::update(&t.app, &other, last.user_id.as_str(), version, change),
        );
        let refused = |r: &Result<_, _>| matches!(r, Err(Refused::Refused(UserRefusal::LastAdmin)));
        refusals += usize::from(refused(&a)) + usize::from(refused(&b));
        let stays = match (a.is_ok(), b.is_ok()) {
            (true, false) => last.clone(),
            (false, true) => other,
            both => panic!("round {round}: {both:?}"),
        };
        let admin = t.app.store.user(&stays.user_id).await.unwrap().unwrap();
        assert!(admin.active && admin.roles.contains(&Role::Admin), "round {round}");
        last = stays;
    }
    assert_eq!(refusals, 20);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_with_a_script_is_refused_and_nothing_changes() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::PartnerAdmin, Some(0)).await;
    let id = t.partners[0].as_str();
    use base64::Engine;
    let encode = |svg: &str| Some(base64::engine::general_purpose::STANDARD.encode(svg));
    let bad = r#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script><rect width="10" height="10"/></svg>"#;
    let update = PartnerUpdate { logo: encode(bad), ..PartnerUpdate::default() };
    assert!(matches!(partner::update(&t.app, &admin, id, 1, &update).await, Err(Refused::Refused(PartnerRefusal::Logo(_)))));
    let good = r##"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="#123456"/></svg>"##;
    let update = PartnerUpdate { logo: encode(good), ..PartnerUpdate::default() };
    let after = partner::update(&t.app, &admin, id, 1, &update).await.unwrap();
    assert!(t.app.files.get(&after.logo.unwrap().hash).await.unwrap().is_some());
    assert!(matches!(partner::update(&t.app, &admin, id, 1, &update).await, Err(Refused::Refused(PartnerRefusal::StaleVersion(2)))));
    let other = partner::update(&t.app, &admin, t.partners[1].as_str(), 1, &update).await;
    assert!(matches!(other, Err(Refused::Refused(PartnerRefusal::NotAllowed))));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_each_change_once_in_order_and_resumes() {
    let t = TestApp::start(true).await;
    let (seller, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let wait = Duration::from_secs(20);
    let tell = |actor: &Actor, after| Box::pin(follow(&t.app, actor.clone(), DealFeed::new(&DealListQuery::default(), actor), after));
    let (mut stream, mut unseen) = (tell(&seller, Span::default()), tell(&rival, Span::default()));
    let none = tokio::time::timeout(Duration::from_millis(50), stream.next()).await;
    assert!(none.is_err(), "nothing has happened yet");
    let made = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let Some(Told::Item { seq, item: first, .. }) = tokio::time::timeout(wait, stream.next()).await.unwrap() else { panic!("no change") };
    assert_eq!(first.deal.id, made.id);

    deal::add_note(&t.app, &manager, made.id.as_str(), "between us", Visibility::Internal, None).await.unwrap();
    deal::approve(&t.app, &manager, made.id.as_str(), 1, None).await.unwrap();
    let Some(Told::Item { seq: next, item: second, .. }) = tokio::time::timeout(wait, stream.next()).await.unwrap() else { panic!("no change") };
    assert_eq!(second.deal.version, 2, "the internal note was not told");
    assert_eq!(next, seq + 2);

    let mut resumed = tell(&seller, Span { after: Some(seq), until: Some(next) });
    let Some(Told::Item { seq: again, .. }) = tokio::time::timeout(wait, resumed.next()).await.unwrap() else { panic!("no change") };
    assert_eq!(again, next);
    assert!(tokio::time::timeout(wait, resumed.next()).await.unwrap().is_none(), "the stream ends with its span");
    assert!(tokio::time::timeout(Duration::from_millis(200), unseen.next()).await.is_err(), "a rival is told nothing");

    // What people are told of it has a number too, soon after.
    let head = async || t.store.last_seq().await.unwrap();
    while head().await <= next {
        tokio::task::yield_now().await;
    }
    for beyond in [next + 5_000, -5_000] {
        let mut lost = tell(&seller, Span { after: Some(beyond), until: None });
        let told = tokio::time::timeout(wait, lost.next()).await.unwrap();
        assert!(matches!(told, Some(Told::Resync { seq, .. }) if (next..=head().await).contains(&seq)), "{told:?}");
    }

    let standing = t.app.standing(&manager);
    assert!(!standing.has_changed());
    let off = UserChange { active: Some(false), ..UserChange::default() };
    let admin = t.person(Role::Admin, None).await;
    user::update(&t.app, &admin, manager.user_id.as_str(), 1, &off).await.unwrap();
    assert!(standing.has_changed() && t.app.refresh_actor(&manager).await.unwrap().is_none());
    t.end().await;
}
