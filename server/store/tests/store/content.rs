//! The program, partners, kits and imports; and that migrating is safe to repeat and to race.

use std::collections::BTreeMap;

use entente_domain::calendar::BusinessCalendar;
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{ImportRunId, KitAssetId, KitId, ProgramId};
use entente_domain::kit::{Kit, KitAsset, KitAssetKind};
use entente_domain::money::Currency;
use entente_domain::partner::{Contact, Logo, Partner};
use entente_domain::program::{Product, Program, Rate, Rules, Stage, StageCategory, Term, Tier};
use entente_store::{ImportIssueRecord, ImportRunRecord, KitQuery, Saved};
use ulid::Ulid;

use crate::support::*;

pub fn program() -> Program {
    let term = |key: &str| Term { key: key.into(), name: key.to_uppercase() };
    Program {
        id: ProgramId::new(Ulid::from_parts(1, 1)),
        version: 1,
        name: "Program".into(),
        vendor: "Vendor".into(),
        currency: Currency::parse("EUR").unwrap(),
        rates: vec![Rate { currency: Currency::parse("USD").unwrap(), rate: "0.9213".parse().unwrap() }],
        stages: vec![Stage { key: "won".into(), name: "Won".into(), category: StageCategory::Won, probability: 100 }],
        tiers: vec![Tier { key: "gold".into(), name: "Gold".into(), rank: 3 }],
        partner_types: vec![term("reseller")],
        territories: vec![term("emea")],
        verticals: vec![term("health")],
        competencies: vec![term("cloud")],
        products: vec![Product::new(product_id(1), "a", "A", None, Some(money(55))), Product::new(product_id(2), "b", "B", Some("L".into()), None)],
        calendar: BusinessCalendar::weekly(
            "Europe/Berlin".into(),
            &[1, 2, 5],
            ("09:00".parse().unwrap(), "17:30:00".parse().unwrap()),
            vec!["2026-12-25".parse().unwrap()],
        ),
        rules: Rules { version: 1, approval_business_hours: 16, protection_days: 90, minimum_value: "0.5".parse().unwrap(), ..Rules::default() },
        created_at: minutes(1),
    }
}

#[test]
fn there_is_one_program() {
    with_store(|f| async move {
        let s = &f.store;
        assert!(s.is_empty().await.unwrap() && s.program().await.unwrap().is_none());
        let mut p = program();
        let told = Event {
            id: event_id(),
            kind: EventKind::ProgramChanged,
            subject: Subject::Program { id: p.id.clone() },
            occurred_at: minutes(1),
            actor: EventActor { user_id: None, name: "x".into() },
            visibility: Visibility::Shared,
            text: None,
            changes: vec![],
        };
        assert_eq!(s.save_program(&p, None, &[told]).await.unwrap(), Saved::Done);
        assert_eq!(s.program().await.unwrap(), Some(p.clone()));
        assert!(!s.is_empty().await.unwrap());
        p.version = 2;
        p.products.clear();
        assert_eq!(s.save_program(&p, Some(1), &[]).await.unwrap(), Saved::Done);
        assert_eq!(s.save_program(&p, Some(1), &[]).await.unwrap(), Saved::Stale);
        assert_eq!(s.program().await.unwrap(), Some(p.clone()));
        p.id = ProgramId::new(Ulid::from_parts(1, 2));
        assert_eq!(s.save_program(&p, None, &[]).await.unwrap(), Saved::Duplicate);
    });
}

fn partner(n: u32) -> Partner {
    Partner {
        id: partner_id(n),
        version: 1,
        slug: format!("partner-{n}"),
        name: format!("Partner {n}"),
        summary: "s".into(),
        description: "d".into(),
        website: Some("https://partner.example".into()),
        country: Some("DE".into()),
        city: None,
        tier: Some("gold".into()),
        types: vec!["reseller".into(), "agency".into()],
        territories: vec![],
        verticals: vec![],
        competencies: vec![],
        languages: vec!["de".into()],
        manager_id: Some(user_id(1)),
        contact: Contact { email: Some("a@b.example".into()), ..Contact::default() },
        color: Some("#102030".into()),
        logo: Some(Logo { hash: "abc".into(), media_type: "image/png".into() }),
        published: true,
        partner_since: Some(minutes(1)),
        import_key: n.is_multiple_of(2).then(|| format!("agent {n}")),
        certificates: Vec::new(),
    }
}

#[test]
fn partners_are_found_by_what_names_them() {
    with_store(|f| async move {
        let s = &f.store;
        for n in 1..=9 {
            assert_eq!(s.save_partner(&partner(n), None, &[]).await.unwrap(), Saved::Done);
        }
        assert_eq!(s.save_partner(&Partner { slug: "partner-1".into(), ..partner(10) }, None, &[]).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.save_partner(&Partner { import_key: Some("agent 2".into()), ..partner(10) }, None, &[]).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.partner(&partner_id(3)).await.unwrap(), Some(partner(3)));
        assert_eq!(s.partner_by_slug("partner-4").await.unwrap(), Some(partner(4)));
        assert_eq!(s.partners_by_ids(&[partner_id(5), partner_id(55)]).await.unwrap(), [partner(5)]);
        assert_eq!(s.partners_by_import_key(&["agent 6".into(), "agent 7".into()]).await.unwrap(), [partner(6)]);
        let next = Partner { version: 2, name: "New".into(), logo: None, import_key: None, ..partner(2) };
        assert_eq!(s.save_partner(&next, Some(1), &[]).await.unwrap(), Saved::Done);
        assert_eq!(s.save_partner(&next, Some(1), &[]).await.unwrap(), Saved::Stale);
        assert_eq!(s.partner(&partner_id(2)).await.unwrap(), Some(next));
        let mut all = Vec::new();
        s.all_partners(|batch| all.extend(batch)).await.unwrap();
        assert_eq!(all.iter().map(|p| p.id.clone()).collect::<Vec<_>>(), (1..=9).map(partner_id).collect::<Vec<_>>());
    });
}

fn kit(n: u32) -> Kit {
    let kind = [KitAssetKind::Email, KitAssetKind::Document][n as usize % 2];
    let asset = |i: u32| KitAsset {
        id: KitAssetId::new(Ulid::from_parts(n.into(), i.into())),
        key: format!("asset-{i}"),
        title: "T".into(),
        kind,
        main_template: "main.html".into(),
        templates: BTreeMap::from([("main.html".into(), "<p>{{ x }}</p>".into()), ("$odd.name".into(), String::new())]),
    };
    Kit {
        id: KitId::new(Ulid::from_parts(1, n.into())),
        key: format!("kit-{n}"),
        title: format!("Campaign number{n}"),
        summary: "Recovery drills".into(),
        language: ["en", "de"][n as usize % 2].into(),
        verticals: if n.is_multiple_of(3) { vec![] } else { vec!["health".into()] },
        published_at: (n <= 6).then(|| minutes((n / 2).into())),
        expires_at: (n == 6).then(|| minutes(50)),
        assets: vec![asset(1), asset(2)],
    }
}

#[test]
fn kits_page_newest_first_with_drafts_last() {
    with_store(|f| async move {
        let s = &f.store;
        for n in 1..=8 {
            assert_eq!(s.save_kit(&kit(n), true, &[]).await.unwrap(), Saved::Done);
        }
        assert_eq!(s.save_kit(&kit(1), true, &[]).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.save_kit(&Kit { key: "kit-1".into(), ..kit(2) }, false, &[]).await.unwrap(), Saved::Duplicate);
        assert_eq!(s.kit(&kit(3).id).await.unwrap(), Some(kit(3)));
        assert_eq!(s.kit_of_asset(&kit(4).assets[1].id).await.unwrap(), Some(kit(4)));
        let changed = Kit { title: "Other".into(), assets: vec![], ..kit(8) };
        assert_eq!(s.save_kit(&changed, false, &[]).await.unwrap(), Saved::Done);
        assert_eq!(s.kit(&changed.id).await.unwrap(), Some(changed));
        let numbers = |kits: &[Kit]| kits.iter().map(|k| k.key[4..].parse::<u32>().unwrap()).collect::<Vec<_>>();
        for limit in 1..5 {
            let mut all: Vec<Kit> = Vec::new();
            loop {
                let after = all.last().map(|k| (k.published_at, k.id.clone()));
                let page = s.kits(&KitQuery { after, limit, light: true, ..KitQuery::default() }).await.unwrap();
                if page.is_empty() {
                    break;
                }
                all.extend(page);
            }
            assert_eq!(numbers(&all), [6, 5, 4, 3, 2, 1, 8, 7]);
            assert!(all.iter().flat_map(|k| &k.assets).all(|a| a.templates.is_empty()));
        }
        let find = async |q: KitQuery| {
            let found = s.kits(&KitQuery { limit: 100, ..q.clone() }).await.unwrap();
            assert_eq!(s.count_kits(&q).await.unwrap(), found.len() as u64);
            numbers(&found)
        };
        assert_eq!(find(KitQuery { published_at: Some(minutes(2)), ..KitQuery::default() }).await, [5, 4, 3, 2, 1]);
        assert_eq!(find(KitQuery { published_at: Some(minutes(50)), ..KitQuery::default() }).await, [5, 4, 3, 2, 1]);
        assert_eq!(find(KitQuery { search: Some("recov number4".into()), ..KitQuery::default() }).await, [4]);
        assert_eq!(find(KitQuery { languages: vec!["de".into()], ..KitQuery::default() }).await, [5, 3, 1, 7]);
        assert_eq!(find(KitQuery { verticals: vec!["retail".into()], ..KitQuery::default() }).await, [6, 3]);
        assert_eq!(find(KitQuery { kinds: vec![KitAssetKind::Document], ..KitQuery::default() }).await, [5, 3, 1, 7]);
    });
}

#[test]
fn import_runs_and_issues_are_kept_in_order() {
    with_store(|f| async move {
        let s = &f.store;
        let run = |n: u32| ImportRunRecord {
            id: ImportRunId::new(Ulid::from_parts(1, n.into())),
            status: "RUNNING".into(),
            started_at: minutes(n.into()),
            finished_at: None,
            started_by: Some(user_id(1)),
            processed: 0,
            total: 10,
            created: 0,
            unchanged: 0,
            rejected: 0,
            failure: None,
            issue_counts: vec![("ERROR".into(), "BAD_DATE".into(), "No such date".into(), 3)],
            kind: "CRM".into(),
        };
        for n in 1..=3 {
            s.save_import_run(&run(n)).await.unwrap();
        }
        let done = ImportRunRecord { status: "DONE".into(), finished_at: Some(minutes(9)), ..run(2) };
        s.save_import_run(&done).await.unwrap();
        assert_eq!(s.import_run(&done.id).await.unwrap(), Some(done.clone()));
        assert_eq!(s.import_runs(None, 2).await.unwrap(), [run(3), done.clone()]);
        assert_eq!(s.import_runs(Some((done.started_at, done.id.clone())), 2).await.unwrap(), [run(1)]);
        assert_eq!(s.count_import_runs().await.unwrap(), 3);
        let issue = |line: i64| ImportIssueRecord {
            severity: "ERROR".into(),
            file: "deals.csv".into(),
            line,
            column: Some("close_date".into()),
            value: None,
            code: "BAD_DATE".into(),
            reason: "No such date".into(),
        };
        let issues: Vec<_> = (0..25).map(issue).collect();
        s.add_import_issues(&done.id, 0, &issues[..10]).await.unwrap();
        s.add_import_issues(&done.id, 10, &issues[10..]).await.unwrap();
        s.add_import_issues(&run(1).id, 0, &issues[..1]).await.unwrap();
        assert_eq!(s.import_issues(&done.id, -1, 2).await.unwrap(), [(0, issue(0)), (1, issue(1))]);
        assert_eq!(s.import_issues(&done.id, 22, 9).await.unwrap(), [(23, issue(23)), (24, issue(24))]);
        assert_eq!(s.count_import_issues(&done.id).await.unwrap(), 25);
    });
}

#[test]
fn migrating_again_changes_nothing_and_servers_may_race() {
    with_store(|f| async move {
        let again = f.store.migrate().await.unwrap();
        assert_eq!(again.applied, Vec::<String>::new());
        f.store.drop_database().await.unwrap();
        let tasks = (0..3).map(|_| {
            let store = f.store.clone();
            tokio::spawn(async move { store.migrate().await.unwrap() })
        });
        let reports = futures::future::try_join_all(tasks).await.unwrap();
        assert_eq!(reports.iter().filter(|r| r.applied.first().is_some_and(|name| name == "0001_collections")).count(), 1, "{reports:?}");
        assert!(reports.iter().all(|r| r.indexes == again.indexes));
        let mut indexes = 0;
        let db = f.raw().await;
        for name in db.list_collection_names().await.unwrap() {
            indexes += db.collection::<bson::Document>(&name).list_index_names().await.unwrap().iter().filter(|n| *n != "_id_").count();
        }
        assert_eq!(indexes, again.indexes);
    });
}

#[test]
fn a_database_that_is_not_there_is_unavailable() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let uri = "mongodb://127.0.0.1:1/?replicaSet=rs0".to_owned();
        let store = entente_store::Store::connect(&entente_store::StoreOptions { uri, ..Default::default() }).await.unwrap();
        assert!(matches!(store.ping().await, Err(entente_store::StoreError::Unavailable(_))));
    });
}
