use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use ulid::Ulid;

use super::absence::{AbsenceCode, remove, save};
use super::check::{CheckFacts, RoutingCode, check, unreachable};
use super::steps::{Handing, StepState, may_decide, reroute, reroute_by_itself};
use super::*;
use crate::deal::{Cause, Deal, DealError, Decision, RegistrationStatus, as_of, decide};
use crate::event::{Event, EventKind, Visibility};
use crate::id::{AbsenceId, EventId};
use crate::policy::Actor;
use crate::rules::testing::{product, program};
use crate::user::Role;

/// People by letter: the fallback is `f`.
fn user(c: char) -> UserId {
    UserId::new(Ulid::from_parts(5, c as u128))
}

fn users(all: &str) -> BTreeSet<UserId> {
    all.chars().map(user).collect()
}

fn step(name: &str, c: char) -> RuleStep {
    RuleStep { name: name.into(), owner: if c == '*' { StepOwner::PartnerManager } else { StepOwner::Person(user(c)) } }
}

fn rule(name: &str, when: Conditions, owners: &str) -> RoutingRule {
    RoutingRule { name: name.into(), when, steps: owners.chars().map(|c| step(&format!("Step {c}"), c)).collect(), shared: false }
}

fn keys(all: &[&str]) -> Vec<String> {
    all.iter().map(|k| (*k).to_owned()).collect()
}

fn table() -> RoutingTable {
    let any = Conditions::default;
    RoutingTable {
        version: 3,
        territories: vec![TerritoryCountries { territory: "dach".into(), countries: keys(&["DE", "AT", "CH"]) }],
        rules: vec![
            rule("large", Conditions { from_value: Some(250_000.into()), ..any() }, "*d"),
            rule("gold", Conditions { tiers: keys(&["gold"]), below_value: Some(5_000.into()), ..any() }, "g"),
            rule("in dach", Conditions { customer_territories: keys(&["dach"]), ..any() }, "h"),
            rule("from nordics", Conditions { partner_territories: keys(&["nordics"]), ..any() }, "n"),
            rule("product", Conditions { products: vec![product(1)], lines: keys(&["L2"]), ..any() }, "p"),
        ],
        fallback: Some(user('f')),
        changed_by: None,
        changed_at: None,
    }
}

/// Partner's territory, tier, customer's country, products, value; the rule that matches and whose it is.
type Case = (&'static str, &'static str, &'static str, &'static [u128], i64, Option<&'static str>, &'static str);

const CASES: &[Case] = &[
    ("nordics", "gold", "DE", &[1], 250_000, Some("large"), "md"),
    ("nordics", "gold", "DE", &[1], 249_999, Some("in dach"), "h"),
    ("nordics", "gold", "DE", &[1], 4_999, Some("gold"), "g"),
    ("nordics", "gold", "DE", &[1], 5_000, Some("in dach"), "h"),
    ("nordics", "", "SE", &[1], 9_000, Some("from nordics"), "n"),
    ("dach", "", "SE", &[3, 1], 9_000, Some("product"), "p"),
    ("dach", "", "SE", &[2], 9_000, Some("product"), "p"),
    ("dach", "", "", &[2], 9_000, Some("product"), "p"),
    ("dach", "", "SE", &[3], 9_000, None, "f"),
    ("", "", "", &[], 0, None, "f"),
];

fn routed(table: &RoutingTable, case: (&str, &str, &str, &[u128], i64), manager: Option<char>, deciders: &str) -> Route {
    let program = program();
    let (territory, tier, country, products, value) = case;
    let some = |s: &'static str| (!s.is_empty()).then_some(s);
    let territories = keys(&[territory]);
    let products: Vec<ProductId> = products.iter().map(|n| product(*n)).collect();
    let manager = manager.map(user);
    let facts = RouteFacts {
        program: &program,
        partner_territories: &territories,
        tier: some(Box::leak(tier.to_owned().into_boxed_str())),
        partner_manager: manager.as_ref(),
        country: some(Box::leak(country.to_owned().into_boxed_str())),
        products: &products,
        base_value: value.into(),
    };
    route(table, &facts, &People { deciders: &users(deciders), absences: &[], today: date(2026, 11, 21) })
}

fn owners(route: &Route) -> Vec<UserId> {
    route.steps.iter().map(|s| s.owner.clone()).collect()
}

#[test]
fn the_first_rule_that_matches_wins_and_the_fallback_takes_the_rest() {
    for (territory, tier, country, products, value, name, wanted) in CASES {
        let route = routed(&table(), (territory, tier, country, products, *value), Some('m'), "dfghmnp");
        assert_eq!(route.rule.as_deref(), *name, "{territory} {tier} {country} {products:?} {value}");
        assert_eq!(owners(&route), wanted.chars().map(user).collect::<Vec<_>>(), "{territory} {tier} {country} {products:?} {value}");
        assert_eq!(route.owner(), route.steps.first().map(|s| &s.owner));
        assert_eq!(route.table, 3);
    }
}

#[test]
fn whoever_cannot_decide_is_replaced_and_nobody_approves_twice() {
    let large = ("nordics", "", "DE", &[1_u128][..], 300_000);
    for (manager, deciders, wanted) in [
        (Some('m'), "dfm", "md"),
        // The manager has left: the fallback owner takes the step.
        (Some('m'), "df", "fd"),
        (None, "df", "fd"),
        // The second approver has left, and then both.
        (Some('m'), "fm", "mf"),
        (Some('m'), "f", "f"),
        // The manager is the second approver too.
        (Some('d'), "df", "d"),
        (Some('m'), "", ""),
        // No fallback that can decide: the partner's manager stays.
        (Some('m'), "m", "m"),
    ] {
        let route = routed(&table(), large, manager, deciders);
        assert_eq!(owners(&route), wanted.chars().map(user).collect::<Vec<_>>(), "{manager:?} {deciders}");
    }
    // Before there is a table, every deal goes to its partner's manager.
    let none = routed(&RoutingTable::default(), large, Some('m'), "m");
    assert_eq!((owners(&none), none.rule), (vec![user('m')], None));
}

fn away(n: u128, who: char, cover: char, from: Date, until: Date) -> Absence {
    Absence { id: AbsenceId::new(Ulid::from_parts(6, n)), user_id: user(who), from, until, cover: user(cover) }
}

fn day(d: i8) -> Date {
    date(2026, 11, d)
}

#[test]
fn covers_are_followed_to_somebody_who_is_there() {
    let always = |who, cover| away(1, who, cover, day(1), day(30));
    let cases: &[(&[Absence], &str, &str, Option<char>)] = &[
        (&[], "abf", "", Some('a')),
        (&[always('a', 'b')], "abf", "", Some('b')),
        (&[always('a', 'b'), always('b', 'c')], "abcf", "", Some('c')),
        // A circle, or a cover who has left: the fallback.
        (&[always('a', 'b'), always('b', 'a')], "abf", "", Some('f')),
        (&[always('a', 'b')], "af", "", Some('f')),
        (&[], "bf", "", Some('f')),
        // The fallback is away too, and covered, or not.
        (&[always('a', 'b'), always('b', 'a'), always('f', 'c')], "abcf", "", Some('c')),
        (&[always('a', 'b'), always('b', 'a'), always('f', 'a')], "abf", "", None),
        // Whoever approved an earlier step does not act for the owner of this one.
        (&[always('a', 'b')], "abf", "b", Some('f')),
        (&[always('a', 'b')], "abf", "bf", None),
        // Tomorrow and yesterday are not today.
        (&[away(1, 'a', 'b', day(22), day(30))], "abf", "", Some('a')),
        (&[away(1, 'a', 'b', day(1), day(20))], "abf", "", Some('a')),
        (&[away(1, 'a', 'b', day(21), day(21))], "abf", "", Some('b')),
    ];
    for (absences, deciders, not, wanted) in cases {
        let (deciders, not) = (users(deciders), not.chars().map(user).collect::<Vec<_>>());
        let people = People { deciders: &deciders, absences, today: day(21) };
        let (owner, fallback, not): (_, _, Vec<_>) = (user('a'), user('f'), not.iter().collect());
        assert_eq!(cover::acting(&owner, &people, Some(&fallback), &not), wanted.map(user).as_ref(), "{absences:?} {deciders:?}");
    }
    let absences = [always('a', 'b'), always('c', 'a')];
    let deciders = users("abcf");
    let people = People { deciders: &deciders, absences: &absences, today: day(21) };
    let all = ['a', 'b', 'c', 'f'].map(user);
    assert_eq!(cover::stands_in_for(&user('b'), &all, &people, Some(&user('f'))), [user('a'), user('c')]);
    assert!(cover::stands_in_for(&user('f'), &all, &people, Some(&user('f'))).is_empty());
}

#[test]
fn an_absence_is_kept_by_its_person_and_never_makes_a_circle() {
    let deciders = users("abcf");
    let known = [away(1, 'b', 'c', day(25), day(28))];
    let people = People { deciders: &deciders, absences: &known, today: day(21) };
    let code = |absence: Absence, actor: &Actor| save(absence, actor, &people).map_err(|e| (e.field, e.code));
    let (a, admin) = (actor('a', Role::ChannelManager), actor('f', Role::Admin));
    assert_eq!(code(away(2, 'a', 'b', day(20), day(30)), &a).unwrap().len(), 2);
    assert_eq!(code(away(2, 'c', 'a', day(22), day(24)), &admin).unwrap().len(), 2);
    assert_eq!(code(away(2, 'c', 'a', day(22), day(24)), &a), Err(("userId", AbsenceCode::NotAllowed)));
    assert_eq!(code(away(1, 'a', 'c', day(22), day(24)), &a), Err(("userId", AbsenceCode::NotAllowed)), "nobody takes another's absence");
    assert_eq!(code(away(2, 'a', 'a', day(22), day(24)), &a), Err(("coverId", AbsenceCode::CoverCircle)));
    assert_eq!(code(away(2, 'c', 'b', day(20), day(25)), &admin), Err(("coverId", AbsenceCode::CoverCircle)));
    assert_eq!(code(away(2, 'c', 'b', day(20), day(24)), &admin).unwrap().len(), 2, "the circle would begin on the 25th");
    assert_eq!(code(away(2, 'b', 'a', day(28), day(29)), &admin), Err(("from", AbsenceCode::Overlaps)));
    assert_eq!(code(away(2, 'a', 'b', day(24), day(23)), &a), Err(("until", AbsenceCode::InvalidInput)));
    assert_eq!(code(away(2, 'a', 'b', day(24), date(2028, 1, 1)), &a), Err(("until", AbsenceCode::InvalidInput)));
    assert_eq!(code(away(2, 'a', 'b', day(1), day(20)), &a), Err(("until", AbsenceCode::DateInPast)));
    assert_eq!(code(away(2, 'a', 'x', day(22), day(24)), &a), Err(("coverId", AbsenceCode::PersonCannotDecide)));
    assert_eq!(code(away(1, 'b', 'a', day(26), day(29)), &admin).unwrap(), [away(1, 'b', 'a', day(26), day(29))], "changed, not added");
    assert_eq!(remove(&known[0].id, &a, &people).unwrap_err().code, AbsenceCode::NotAllowed);
    assert!(remove(&known[0].id, &admin, &people).unwrap().is_empty());
}

/// Everything wrong with a table as path and code.
fn wrong(change: impl FnOnce(&mut RoutingTable)) -> Vec<(String, RoutingCode)> {
    let mut table = table();
    change(&mut table);
    let (program, known, deciders) = (program(), users("dfghmnpx"), users("dfghmnp"));
    let facts = CheckFacts { program: &program, known: &known, deciders: &deciders };
    check(&table, facts).into_iter().map(|v| (v.path.join("."), v.code)).collect()
}

#[test]
fn a_table_is_refused_with_the_field_that_is_to_blame() {
    type Change = fn(&mut RoutingTable);
    let cases: &[(Change, &str, RoutingCode)] = &[
        (|t| t.rules[0].steps[1] = step("Again", '*'), "rules.0.steps.1.ownerId", RoutingCode::CircularStep),
        (|t| t.rules[2].steps.push(step("Again", 'h')), "rules.2.steps.1.ownerId", RoutingCode::CircularStep),
        (|t| t.rules[1].steps[0] = step("One", 'z'), "rules.1.steps.0.ownerId", RoutingCode::PersonUnknown),
        (|t| t.rules[1].steps[0] = step("One", 'x'), "rules.1.steps.0.ownerId", RoutingCode::PersonCannotDecide),
        (|t| t.rules[1].steps.clear(), "rules.1.steps", RoutingCode::Required),
        (|t| t.rules[0].steps[1].name.clear(), "rules.0.steps.1.name", RoutingCode::Required),
        (|t| t.rules[1].name = "LARGE ".into(), "rules.1.name", RoutingCode::NameTaken),
        (|t| t.rules[3].when.partner_territories = keys(&["moon"]), "rules.3.partnerTerritories", RoutingCode::TerritoryUnknown),
        (|t| t.rules[3].when.customer_territories = keys(&["moon"]), "rules.3.customerTerritories", RoutingCode::TerritoryUnknown),
        (|t| t.rules[3].when.products = vec![product(9)], "rules.3.productIds", RoutingCode::ProductUnknown),
        (|t| t.rules[3].when.lines = keys(&["none"]), "rules.3.lines", RoutingCode::TermUnknown),
        (|t| t.rules[3].when.tiers = keys(&["none"]), "rules.3.tiers", RoutingCode::TermUnknown),
        (|t| t.rules[0].when.below_value = Some(250_000.into()), "rules.0.belowValue", RoutingCode::InvalidInput),
        (|t| t.rules[0].when.from_value = Some((-1).into()), "rules.0.fromValue", RoutingCode::InvalidInput),
        (|t| t.territories[0].countries.push("XX".into()), "territories.0.countries", RoutingCode::CountryUnknown),
        (|t| t.territories.push(t.territories[0].clone()), "territories.1.countries", RoutingCode::CountryUnknown),
        (|t| t.fallback = None, "fallbackId", RoutingCode::Required),
        (|t| t.fallback = Some(user('x')), "fallbackId", RoutingCode::PersonCannotDecide),
        (|t| t.rules = vec![t.rules[1].clone(); 101], "rules", RoutingCode::TooLong),
    ];
    assert_eq!(wrong(|_| {}), []);
    for (n, (change, path, code)) in cases.iter().enumerate() {
        assert!(wrong(change).contains(&((*path).to_owned(), *code)), "case {n}: {path} {code:?}: {:?}", wrong(change));
    }
}

#[test]
fn a_rule_behind_a_wider_one_is_warned_of() {
    let program = program();
    let behind = |rules: Vec<Conditions>| {
        let rules = rules.into_iter().enumerate().map(|(n, when)| rule(&n.to_string(), when, "h")).collect();
        unreachable(&RoutingTable { rules, ..table() }, &program).into_iter().map(|u| (u.rule, u.behind)).collect::<Vec<_>>()
    };
    let any = Conditions::default;
    let dach = || Conditions { partner_territories: keys(&["dach"]), ..any() };
    assert_eq!(behind(vec![any(), dach()]), [(1, 0)]);
    assert_eq!(behind(vec![dach(), any()]), []);
    assert_eq!(behind(vec![dach(), Conditions { partner_territories: keys(&["dach", "nordics"]), ..any() }, dach()]), [(2, 0)]);
    let line = Conditions { lines: keys(&["L1"]), ..any() };
    let first = Conditions { products: vec![product(1)], ..any() };
    assert_eq!(behind(vec![line.clone(), first.clone()]), [(1, 0)]);
    assert_eq!(behind(vec![first, line]), [(1, 0)], "the line has this one product");
    let from = |v: i64| Conditions { from_value: Some(v.into()), ..any() };
    assert_eq!(behind(vec![from(10), from(20), from(5)]), [(1, 0)]);
    assert_eq!(unreachable(&table(), &program), []);
}

fn actor(c: char, role: Role) -> Actor {
    Actor { user_id: user(c), name: c.to_string(), roles: vec![role], partner_id: None, api_key: None }
}

fn manager(c: char) -> Actor {
    actor(c, Role::ChannelManager)
}

fn cause(actor: &Actor, hour: i64) -> Cause {
    let at = crate::deal::tests::at(hour);
    Cause::by(actor, at, EventId::new(Ulid::from_parts(1_000_000 + hour.unsigned_abs() * 10, 1)))
}

/// A submitted deal whose first step is `a`'s, the second `b`'s, the third `c`'s.
fn chained(shared: bool) -> Decision {
    let mut first = crate::deal::tests::registration();
    let step = |c: char| Step { name: format!("Step {c}"), owner: user(c), decided: None };
    let route = Route { table: 1, rule: Some("large".into()), shared, steps: "abc".chars().map(step).collect(), handovers: Vec::new() };
    first.deal.manager_id = route.owner().cloned();
    first.deal.route = route;
    first
}

fn approve(deal: &Deal, by: &Actor, hour: i64, covers: &str) -> Result<Decision, DealError> {
    let cause = cause(by, hour).covering(covers.chars().map(user).collect());
    decide::approve(deal, by, deal.version, Some("fine"), &program(), cause)
}

#[test]
fn every_step_approves_in_its_turn_and_the_last_one_approves_the_deal() {
    let deal = chained(false).deal;
    assert_eq!(approve(&deal, &manager('b'), 2, "").unwrap_err(), DealError::NotYourStep);
    assert_eq!(approve(&deal, &manager('z'), 2, "").unwrap_err(), DealError::NotYourStep);
    let reject = |deal: &Deal, by: &Actor| decide::reject(deal, by, deal.version, "no", cause(by, 3));
    assert_eq!(reject(&deal, &manager('b')).unwrap_err(), DealError::NotYourStep);
    let one = approve(&deal, &manager('a'), 2, "").unwrap();
    assert_eq!((one.deal.status, one.deal.manager_id.clone()), (RegistrationStatus::InReview, Some(user('b'))));
    assert!(one.take.is_empty() && one.deal.protected_until.is_none());
    assert_eq!(one.deal.route.states(true), [StepState::Approved, StepState::Current, StepState::Waiting]);
    let kinds: Vec<_> = one.events.iter().map(|e| (e.kind, e.visibility)).collect();
    assert_eq!(kinds, [(EventKind::DealStepApproved, Visibility::Shared), (EventKind::DealNoteAdded, Visibility::Internal)]);
    assert!(one.events[0].text.is_none() && !format!("{:?}", one.events[0].changes).contains("Step"), "the names of the steps are not shared");
    assert_ne!(one.events[0].id, one.events[1].id);
    // The first approver acts for the second today, and still may not approve twice; a cover who did not approve may.
    assert_eq!(approve(&one.deal, &manager('a'), 3, "b").unwrap_err(), DealError::NotYourStep);
    let two = approve(&one.deal, &manager('d'), 3, "b").unwrap();
    assert_eq!(two.deal.manager_id, Some(user('c')));
    // An administrator may take the last step.
    let three = approve(&two.deal, &actor('z', Role::Admin), 4, "").unwrap();
    assert_eq!(three.deal.status, RegistrationStatus::Approved);
    assert!(!three.take.is_empty());
    assert_eq!(three.deal.route.states(false), [StepState::Approved; 3]);
    assert!(matches!(approve(&three.deal, &manager('c'), 5, ""), Err(DealError::WrongStatus { .. })));
}

#[test]
fn one_decline_ends_the_chain() {
    let one = approve(&chained(true).deal, &manager('a'), 2, "").unwrap().deal;
    let two = decide::reject(&one, &manager('b'), one.version, "no", cause(&manager('b'), 3)).unwrap().deal;
    assert_eq!(two.status, RegistrationStatus::Rejected);
    assert_eq!(two.route.states(false), [StepState::Approved, StepState::Declined, StepState::Skipped]);
    assert!(two.route.current().is_none());
}

fn handing(to: &UserId) -> Handing<'_> {
    Handing { to, to_name: "New", from_name: Some("Old"), able: true }
}

#[test]
fn a_reroute_changes_the_step_and_its_reason_stays_with_the_vendor() {
    let deal = approve(&chained(true).deal, &manager('a'), 2, "").unwrap().deal;
    let (b, e) = (manager('b'), user('e'));
    let hand = |by: &Actor, handing, reason: &str| reroute(&deal, by, deal.version, handing, reason, &cause(by, 3));
    assert_eq!(hand(&manager('z'), handing(&e), "x").unwrap_err(), DealError::NotYourStep);
    assert_eq!(hand(&b, handing(&e), " ").unwrap_err(), DealError::Required { field: "reason" });
    assert_eq!(hand(&b, Handing { able: false, ..handing(&e) }, "x").unwrap_err(), DealError::OwnerCannotDecide);
    for circular in ['a', 'b', 'c'] {
        let to = user(circular);
        let refused = reroute(&deal, &b, deal.version, handing(&to), "x", &cause(&b, 3));
        assert_eq!(refused.unwrap_err(), DealError::CircularStep, "{circular}");
    }
    let done = hand(&b, handing(&e), "ill for weeks").unwrap();
    assert_eq!((done.deal.manager_id.clone(), &done.deal.route.steps[1].owner), (Some(e.clone()), &e));
    assert!(done.events.iter().filter(|e| e.visibility == Visibility::Shared).all(|e| !format!("{e:?}").contains("ill")));
    assert!(may_decide(&done.deal, &manager('e'), &[]) && !may_decide(&done.deal, &b, &[]));
    let over = decide::withdraw(&done.deal, &partner(&done.deal), done.deal.version, None, cause(&b, 4)).unwrap().deal;
    assert!(matches!(reroute(&over, &manager('e'), over.version, handing(&user('q')), "x", &cause(&b, 5)), Err(DealError::WrongStatus { .. })));
    assert_eq!(reroute_by_itself(&over, handing(&user('q')), "left", &cause(&b, 5)), None);
    assert!(reroute_by_itself(&done.deal, handing(&user('q')), "left", &cause(&b, 5)).is_some());
    // What was withdrawn is not approved any more.
    assert!(matches!(approve(&over, &manager('e'), 6, ""), Err(DealError::WrongStatus { .. })));
}

fn partner(deal: &Deal) -> Actor {
    Actor { partner_id: Some(deal.partner_id.clone()), ..actor('y', Role::PartnerSales) }
}

#[test]
fn the_route_of_every_moment_is_the_one_recorded_then() {
    let mut all = vec![chained(true)];
    let now = |all: &[Decision]| all.last().unwrap().deal.clone();
    for (n, by) in (2..).zip(['a', 'b', 'c']) {
        let d = now(&all);
        if by == 'b' {
            let e = user('e');
            all.push(reroute(&d, &manager('b'), d.version, handing(&e), "away", &cause(&manager('b'), 20)).unwrap());
            all.push(approve(&now(&all), &manager('e'), 21, "").unwrap());
        } else {
            all.push(approve(&d, &manager(by), if by == 'a' { n } else { n + 20 }, "").unwrap());
        }
    }
    assert_eq!(now(&all).status, RegistrationStatus::Approved);
    let events: Vec<Event> = all.iter().rev().flat_map(|d| d.events.clone()).collect();
    for decision in &all {
        let at = decision.events[0].occurred_at;
        let then = as_of::as_of(&now(&all), &events, &program(), &TimeZone::UTC, at).unwrap();
        assert_eq!((&then.route, &then.manager_id), (&decision.deal.route, &decision.deal.manager_id), "{at}");
        assert_eq!(then.status, decision.deal.status);
    }
}
