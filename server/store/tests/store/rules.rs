//! Versions of the rules: unique by number and standing date, and made for a program from before there were any.

use bson::{Document, doc};
use entente_domain::event::EventActor;
use entente_domain::id::RulesId;
use entente_domain::policy::Scope;
use entente_domain::rules::{Judged, RulesVersion, Withdrawn};
use entente_store::{Committed, Saved};
use jiff::tz::TimeZone;
use ulid::Ulid;

use crate::content::program;
use crate::support::*;

fn version(number: i32, day: &str) -> RulesVersion {
    let first = RulesVersion::first(&program(), &TimeZone::UTC);
    let id = RulesId::new(Ulid::from_parts(1, number.unsigned_abs().into()));
    RulesVersion { id, number, effective_from: day.parse().unwrap(), starts_at: at(&format!("{day}T00:00:00Z")), ..first }
}

#[test]
fn numbers_are_unique_and_so_are_the_dates_of_those_that_stand() {
    with_store(|f| async move {
        let s = &f.store;
        let second = version(2, "2027-01-01");
        assert_eq!(s.add_rules(&second, None, &[], None).await.unwrap(), Committed::Done);
        assert_eq!(s.add_rules(&version(3, "2027-01-01"), None, &[], None).await.unwrap(), Committed::Duplicate);
        let again = RulesVersion { id: RulesId::new(Ulid::from_parts(1, 99)), ..version(2, "2027-02-01") };
        assert_eq!(s.add_rules(&again, None, &[], None).await.unwrap(), Committed::Duplicate);
        let by = EventActor { user_id: None, name: "Admin".into() };
        let gone = RulesVersion { withdrawn: Some(Withdrawn { at: minutes(1), by, reason: "A slip".into() }), ..second };
        assert_eq!(s.withdraw_rules(&gone, &[], None).await.unwrap(), Committed::Done);
        assert_eq!(s.withdraw_rules(&gone, &[], None).await.unwrap(), Committed::Stale);
        let third = version(3, "2027-01-01");
        assert_eq!(s.add_rules(&third, Some(2), &[], None).await.unwrap(), Committed::Stale, "nothing goes on from what was withdrawn");
        assert_eq!(s.add_rules(&third, None, &[], None).await.unwrap(), Committed::Done);
        let numbers: Vec<_> = s.rules_versions().await.unwrap().iter().map(|v| (v.number, v.withdrawn.is_some())).collect();
        assert_eq!(numbers, [(2, true), (3, false)]);
        assert_eq!(s.add_rules(&version(4, "2027-03-01"), Some(3), &[], None).await.unwrap(), Committed::Done);
        let gone = RulesVersion { withdrawn: gone.withdrawn, ..third };
        assert_eq!(s.withdraw_rules(&gone, &[], None).await.unwrap(), Committed::Done, "what was gone on from is withdrawn as before");
    });
}

#[test]
fn a_program_from_before_gets_its_first_version_and_its_deals_their_number() {
    with_store(|f| async move {
        let (s, raw) = (&f.store, f.raw().await);
        assert_eq!(s.save_program(&program(), None, &[]).await.unwrap(), Saved::Done);
        s.insert_deals(&[insert(&deal(1))]).await.unwrap();
        // As a server from before left it.
        raw.collection::<Document>("deals").update_many(doc! {}, doc! { "$unset": { "judged": 1, "evidence": 1 } }).await.unwrap();
        raw.collection::<Document>("migrations").delete_one(doc! { "_id": "0002_first_rules" }).await.unwrap();
        raw.collection::<Document>("rules_versions").drop().await.unwrap();
        assert_eq!(s.deal(&deal_id(1), &Scope::All).await.unwrap().unwrap().judged, Judged::default(), "readable before the migration too");

        assert_eq!(s.migrate().await.unwrap().applied, ["0002_first_rules"]);
        let versions = s.rules_versions().await.unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(versions, [RulesVersion::first(&program(), &zone)]);
        assert_eq!(versions[0].rules.requirements.minimum_value.to_string(), "0.5");
        let judged = doc! { "judged.rules": 1 };
        assert_eq!(raw.collection::<Document>("deals").count_documents(judged).await.unwrap(), 1);
        assert!(s.migrate().await.unwrap().applied.is_empty());
    });
}
