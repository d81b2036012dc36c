//! People, sessions, keys and limits.

use entente_domain::Timestamp;
use entente_domain::api_key::{ApiKey, ApiScope};
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{ApiKeyId, SessionId};
use entente_domain::policy::Scope;
use entente_domain::user::{Role, Theme, User};
use entente_store::{Committed, Saved, SessionRecord, UserQuery};
use ulid::Ulid;

use crate::support::*;

fn user(n: u32, partner: Option<u32>) -> User {
    User {
        id: user_id(n),
        version: 1,
        name: format!("Person {}", n % 4),
        email: format!("person{n}@entente.test"),
        title: None,
        roles: vec![if partner.is_some() { Role::PartnerSales } else { Role::Admin }],
        partner_id: partner.map(partner_id),
        language: "en".into(),
        theme: Theme::Dark,
        active: true,
        demo: false,
        created_at: minutes(1),
    }
}

fn told(u: &User) -> Vec<Event> {
    vec![Event {
        id: event_id(),
        kind: EventKind::UserChanged,
        subject: Subject::User { id: u.id.clone() },
        occurred_at: minutes(1),
        actor: EventActor { user_id: None, name: "Somebody".into() },
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    }]
}

#[test]
fn people_are_guarded_by_version_and_address() {
    with_store(|f| async move {
        let s = &f.store;
        let mut u = user(1, None);
        assert_eq!(s.save_user(&u, Some("hash"), None, &told(&u)).await.unwrap(), Saved::Done);
        assert_eq!(s.user(&u.id).await.unwrap(), Some(u.clone()));
        assert_eq!(s.user_by_email("person1@entente.test").await.unwrap(), Some((u.clone(), "hash".into())));
        u.version = 2;
        u.name = "Changed".into();
        u.title = Some("Lead".into());
        assert_eq!(s.save_user(&u, None, Some(1), &told(&u)).await.unwrap(), Saved::Done);
        assert_eq!(s.user_by_email("person1@entente.test").await.unwrap(), Some((u.clone(), "hash".into())), "the hash is kept");
        assert_eq!(s.save_user(&u, Some("x"), Some(1), &[]).await.unwrap(), Saved::Stale);
        let same_address = User { email: u.email.clone(), ..user(2, None) };
        assert_eq!(s.save_user(&same_address, None, None, &told(&u)).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.save_user(&user(2, Some(1)), None, None, &[]).await.unwrap(), Saved::Done);
        let taken = User { email: u.email.clone(), version: 2, ..user(2, Some(1)) };
        assert_eq!(s.save_user(&taken, None, Some(1), &[]).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.user_by_email("person2@entente.test").await.unwrap().unwrap().1, "", "no password, no hash");
        assert_eq!(s.count_active_admins().await.unwrap(), 1);
        assert!(!s.has_demo_users().await.unwrap());
        s.save_user(&User { demo: true, active: false, ..user(3, None) }, None, None, &[]).await.unwrap();
        assert!(s.has_demo_users().await.unwrap());
        assert_eq!(s.count_active_admins().await.unwrap(), 1);
        assert_eq!(s.users_by_ids(&[user_id(3), user_id(9)]).await.unwrap().len(), 1);
        assert_eq!(f.raw().await.collection::<bson::Document>("events").count_documents(bson::doc! {}).await.unwrap(), 2);
    });
}

#[test]
fn people_are_listed_by_name_within_the_scope() {
    with_store(|f| async move {
        for n in 1..=24 {
            f.store.save_user(&user(n, (n % 3 != 0).then_some(n % 3)), None, None, &[]).await.unwrap();
        }
        let query = UserQuery { scope: Scope::All, search: None, partners: vec![], roles: vec![], active: None, after: None, limit: 5 };
        let mut all: Vec<User> = Vec::new();
        loop {
            let after = all.last().map(|u| (u.name.clone(), u.id.clone()));
            let page = f.store.users(&UserQuery { after, ..query.clone() }).await.unwrap();
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        let mut expected: Vec<u32> = (1..=24).collect();
        expected.sort_by_key(|n| (n % 4, *n));
        assert_eq!(all.iter().map(|u| u.id.clone()).collect::<Vec<_>>(), expected.into_iter().map(user_id).collect::<Vec<_>>());
        let count = async |q: UserQuery| f.store.count_users(&q).await.unwrap();
        assert_eq!(count(UserQuery { scope: Scope::Partner(partner_id(1)), ..query.clone() }).await, 8);
        assert_eq!(count(UserQuery { scope: Scope::Partner(partner_id(1)), partners: vec![partner_id(2)], ..query.clone() }).await, 0);
        assert_eq!(count(UserQuery { scope: Scope::Nothing, ..query.clone() }).await, 0);
        assert_eq!(count(UserQuery { partners: vec![partner_id(2)], ..query.clone() }).await, 8);
        assert_eq!(count(UserQuery { roles: vec![Role::Admin, Role::Finance], ..query.clone() }).await, 8);
        assert_eq!(count(UserQuery { active: Some(false), ..query.clone() }).await, 0);
        assert_eq!(count(UserQuery { search: Some("pers entente".into()), ..query.clone() }).await, 24);
        assert_eq!(count(UserQuery { search: Some("person12".into()), ..query.clone() }).await, 1);
    });
}

#[test]
fn a_refresh_token_is_good_once() {
    with_store(|f| async move {
        let s = &f.store;
        let id = |n| SessionId::new(Ulid::from_parts(1, n));
        let record = SessionRecord {
            id: id(1),
            user_id: user_id(1),
            token_hash: "h0".into(),
            previous_hash: None,
            created_at: Timestamp::now_ms(),
            rotated_at: Timestamp::now_ms(),
            expires_at: hours(1),
            revoked_at: None,
        };
        s.create_session(&record).await.unwrap();
        s.create_session(&SessionRecord { id: id(2), ..record.clone() }).await.unwrap();
        assert_eq!(s.session(&id(1)).await.unwrap(), Some(record));
        let now = Timestamp::now_ms();
        let tasks = (0..10).map(|n| {
            let s = f.store.clone();
            tokio::spawn(async move { s.rotate_session(&id(1), "h0", &format!("h1-{n}"), now, hours(2)).await.unwrap() })
        });
        let ended = futures::future::try_join_all(tasks).await.unwrap();
        assert_eq!(ended.iter().filter(|won| **won).count(), 1);
        let rotated = s.session(&id(1)).await.unwrap().unwrap();
        assert_eq!((rotated.previous_hash.as_deref(), rotated.expires_at), (Some("h0"), hours(2)));
        assert!(!s.rotate_session(&id(1), &rotated.token_hash, "h2", hours(2), hours(3)).await.unwrap(), "it has ended");
        s.revoke_session(&id(1), now).await.unwrap();
        s.revoke_session(&id(1), hours(1)).await.unwrap();
        assert_eq!(s.session(&id(1)).await.unwrap().unwrap().revoked_at, Some(now));
        assert!(!s.rotate_session(&id(1), &rotated.token_hash, "h2", now, hours(3)).await.unwrap(), "it was revoked");
        s.revoke_sessions_of(&user_id(1), now).await.unwrap();
        assert_eq!(s.session(&id(2)).await.unwrap().unwrap().revoked_at, Some(now));
    });
}

trait NowMs {
    fn now_ms() -> Timestamp;
}

impl NowMs for Timestamp {
    fn now_ms() -> Timestamp {
        Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap()
    }
}

/// So many hours from the start of the tests: rows in the past would be forgotten by the database.
fn hours(n: i64) -> Timestamp {
    static START: std::sync::OnceLock<Timestamp> = std::sync::OnceLock::new();
    let start = START.get_or_init(Timestamp::now_ms);
    Timestamp::from_millisecond(start.as_millisecond() + n * 3_600_000).unwrap()
}

#[test]
fn keys_are_found_by_hash_and_listed_by_side() {
    with_store(|f| async move {
        let s = &f.store;
        let key = |n: u32, partner: Option<u32>| ApiKey {
            id: ApiKeyId::new(Ulid::from_parts(1, n.into())),
            name: format!("key {n}"),
            prefix: "ent_abc".into(),
            hash: format!("hash {n}"),
            scopes: vec![ApiScope::Read, ApiScope::Write],
            partner_id: partner.map(partner_id),
            created_by: user_id(1),
            created_at: minutes((n / 2).into()),
            last_used_at: None,
            revoked_at: None,
        };
        for n in 1..=9 {
            assert_eq!(s.create_api_key(&key(n, (n % 3 == 0).then_some(1)), &[], None).await.unwrap(), Committed::Done);
        }
        assert_eq!(s.create_api_key(&ApiKey { hash: "hash 1".into(), ..key(10, None) }, &[], None).await.unwrap(), Committed::Duplicate);
        let k = s.api_key_by_hash("hash 2").await.unwrap().unwrap();
        assert_eq!((&k, s.api_key(&k.id).await.unwrap().as_ref()), (&key(2, None), Some(&k)));
        s.touch_api_key(&k.id, minutes(9)).await.unwrap();
        s.touch_api_key(&k.id, minutes(8)).await.unwrap();
        let revoked = || told(&user(1, None)).remove(0);
        s.revoke_api_key(&k.id, minutes(10), &revoked()).await.unwrap();
        s.revoke_api_key(&k.id, minutes(11), &revoked()).await.unwrap();
        let k = s.api_key(&k.id).await.unwrap().unwrap();
        assert_eq!((k.last_used_at, k.revoked_at), (Some(minutes(9)), Some(minutes(10))));
        let names = |keys: Vec<ApiKey>| keys.into_iter().map(|k| k.name).collect::<Vec<_>>();
        let first = s.api_keys(None, None, 3).await.unwrap();
        let after = first.last().map(|k| (k.created_at, k.id.clone()));
        assert_eq!(names(first), ["key 8", "key 7", "key 5"]);
        assert_eq!(names(s.api_keys(None, after, 9).await.unwrap()), ["key 4", "key 2", "key 1"]);
        assert_eq!(names(s.api_keys(Some(&partner_id(1)), None, 9).await.unwrap()), ["key 9", "key 6", "key 3"]);
        assert_eq!((s.count_api_keys(None).await.unwrap(), s.count_api_keys(Some(&partner_id(1))).await.unwrap()), (6, 3));
    });
}

#[test]
fn limits_count_within_their_window() {
    with_store(|f| async move {
        let s = &f.store;
        let now = hours(1);
        let tasks = (0..20).map(|_| {
            let s = f.store.clone();
            tokio::spawn(async move { s.bump("k", 600, now).await.unwrap() })
        });
        let mut counts = futures::future::try_join_all(tasks).await.unwrap();
        counts.sort_unstable();
        assert_eq!(counts, (1..=20).collect::<Vec<i64>>());
        assert_eq!(s.peek("k", 600, now).await.unwrap(), 20);
        assert_eq!(s.bump("other", 600, now).await.unwrap(), 1);
        assert_eq!(s.bump("k", 600, hours(2)).await.unwrap(), 1);
        s.reset("k").await.unwrap();
        assert_eq!((s.peek("k", 600, now).await.unwrap(), s.peek("other", 600, now).await.unwrap()), (0, 1));
    });
}
