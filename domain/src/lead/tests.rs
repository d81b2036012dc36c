use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ulid::Ulid;

use super::decide::{self, New, Terms, wanted_again};
use super::draft::{LeadInput, LeadTerms, SourceInput, validate};
use super::route::{Basis, Candidate, Factor, Facts, Routed, Wanted, for_partner, route};
use super::routing::{LeadRouting, Pin, Region, RoutingSet, Rule, Strategy, TierWeight};
use super::*;
use crate::calendar::BusinessCalendar;
use crate::deal::Cause;
use crate::event::{EventActor, EventKind, Visibility};
use crate::id::{EventId, LeadRoutingId};
use crate::user::Role;

fn partner(n: u128) -> PartnerId {
    PartnerId::new(Ulid::from(n))
}

fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn candidate(n: u128, tier: &str, territory: &str) -> Candidate {
    Candidate {
        id: partner(n),
        active: true,
        tier: Some(tier.into()),
        territories: vec![territory.into()],
        verticals: vec!["retail".into()],
        competencies: vec!["backup".into()],
        open_leads: 0,
        last_active: Some(now()),
    }
}

fn rule() -> Rule {
    RoutingSet::default().rules.remove(0)
}

fn routing(rules: Vec<Rule>) -> LeadRouting {
    let region = |territory: &str, countries: &[&str], neighbours: &[&str]| Region {
        territory: territory.into(),
        countries: countries.iter().map(|c| (*c).to_owned()).collect(),
        neighbours: neighbours.iter().map(|c| (*c).to_owned()).collect(),
    };
    let regions = vec![region("dach", &["DE", "AT", "CH"], &["benelux"]), region("benelux", &["NL", "BE"], &["dach"])];
    LeadRouting {
        id: LeadRoutingId::new(Ulid::from(1_u128)),
        number: 3,
        set: RoutingSet { rules, regions, ..RoutingSet::default() },
        note: None,
        by: EventActor { user_id: None, name: "A".into() },
        at: now(),
    }
}

fn wanted(territory: &str) -> Wanted {
    Wanted { territory: Some(territory.into()), ..Wanted::default() }
}

/// The shares that so many leads give, and how many each got.
fn give(n: usize, rules: &LeadRouting, candidates: &[Candidate], random: impl Fn(usize) -> u64) -> BTreeMap<PartnerId, usize> {
    let (mut credits, mut got) = (BTreeMap::new(), BTreeMap::new());
    for i in 0..n {
        let facts = Facts { routing: rules, candidates, credits: &credits, now: now(), random: random(i) };
        let routed = route(&wanted("dach"), facts);
        if let Some(shares) = routed.shares {
            credits.insert(shares.rule, shares.credits);
        }
        *got.entry(routed.partner_id.unwrap()).or_default() += 1;
    }
    got
}

fn weighted(strategy: Strategy) -> LeadRouting {
    let weights = [("gold", 5), ("silver", 3), ("bronze", 0)].map(|(tier, weight)| TierWeight { tier: tier.into(), weight }).to_vec();
    routing(vec![Rule { strategy, weights, ..rule() }])
}

fn field() -> Vec<Candidate> {
    vec![
        candidate(1, "gold", "dach"),
        candidate(2, "gold", "dach"),
        candidate(3, "silver", "dach"),
        candidate(4, "bronze", "dach"),
        Candidate { tier: None, ..candidate(5, "", "dach") },
    ]
}

#[test]
fn ten_thousand_leads_by_shares_are_each_partners_share_to_within_two() {
    let got = give(10_000, &weighted(Strategy::FairShare), &field(), |_| 0);
    // Weights 5, 5, 3 and 1; bronze counts nothing.
    for (n, weight) in [(1, 5), (2, 5), (3, 3), (5, 1)] {
        let exact = 10_000.0 * f64::from(weight) / 14.0;
        let off = (f64::from(u32::try_from(got[&partner(n)]).unwrap()) - exact).abs();
        assert!(off <= 2.0, "partner {n} is {off} off");
    }
    assert!(!got.contains_key(&partner(4)));
}

#[test]
fn ten_thousand_leads_by_lot_are_each_partners_share_to_within_a_few_per_cent() {
    // A linear congruential generator: the test draws the same lots each time.
    let lots: Vec<u64> =
        std::iter::successors(Some(7_u64), |x| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1))).take(10_000).collect();
    let got = give(10_000, &weighted(Strategy::Random), &field(), |i| lots[i] >> 33);
    for (n, weight) in [(1, 5), (2, 5), (3, 3), (5, 1)] {
        let exact = 10_000.0 * f64::from(weight) / 14.0;
        let share = f64::from(u32::try_from(got[&partner(n)]).unwrap()) / exact;
        assert!((0.9..1.1).contains(&share), "partner {n} has {share} of its share");
    }
    assert!(!got.contains_key(&partner(4)));
}

proptest! {
    #[test]
    fn shares_stay_near_at_every_moment_whatever_the_weights(weights in proptest::collection::vec(1i64..20, 2..7), n in 1usize..400) {
        let tiers: Vec<TierWeight> = weights.iter().enumerate().map(|(i, w)| TierWeight { tier: format!("t{i}"), weight: *w }).collect();
        let rules = routing(vec![Rule { weights: tiers, ..rule() }]);
        let field: Vec<Candidate> = (0..weights.len()).map(|i| candidate(i as u128 + 1, &format!("t{i}"), "dach")).collect();
        let got = give(n, &rules, &field, |_| 0);
        let total: i64 = weights.iter().sum();
        for (i, weight) in weights.iter().enumerate() {
            let exact = n as f64 * *weight as f64 / total as f64;
            let has = got.get(&partner(i as u128 + 1)).copied().unwrap_or_default() as f64;
            prop_assert!((has - exact).abs() <= weights.len() as f64, "{has} instead of {exact}");
        }
    }

    #[test]
    fn nobody_gets_a_lead_that_is_out_by_any_factor(open in 0i64..5, idle in 0i64..60, active: bool, tried: bool, far: bool, random: u64) {
        let rules = routing(vec![Rule { capacity: Some(3), active_days: Some(30), neighbours: false, ..rule() }]);
        let mut one = candidate(1, "gold", if far { "benelux" } else { "dach" });
        (one.open_leads, one.active) = (open, active);
        one.last_active = Some(now() - SignedDuration::from_hours(24 * idle));
        let mut lead = wanted("dach");
        if tried {
            lead.tried.insert(partner(1));
        }
        let routed = route(&lead, Facts { routing: &rules, candidates: &[one], credits: &BTreeMap::new(), now: now(), random });
        let may = open < 3 && idle <= 30 && active && !tried && !far;
        prop_assert_eq!(routed.partner_id.is_some(), may);
        prop_assert_eq!(routed.why.basis, if may { Basis::Rule } else { Basis::Vendor });
        let failed = |f| routed.why.candidates.first().is_some_and(|c| c.failed.contains(&f));
        if active {
            prop_assert_eq!((failed(Factor::Capacity), failed(Factor::Activity), failed(Factor::NotTried), failed(Factor::Territory)), (open >= 3, idle > 30, tried, far));
        }
    }
}

fn routed(lead: &Wanted, rules: &LeadRouting, field: &[Candidate]) -> Routed {
    route(lead, Facts { routing: rules, candidates: field, credits: &BTreeMap::new(), now: now(), random: 0 })
}

#[test]
fn the_first_rule_that_fits_counts_and_a_vendor_rule_gives_to_nobody() {
    let retail = Rule { name: "Retail".into(), verticals: vec!["retail".into()], strategy: Strategy::Vendor, ..rule() };
    let rules = routing(vec![retail, rule()]);
    let found = routed(&Wanted { vertical: Some("retail".into()), ..wanted("dach") }, &rules, &field());
    assert_eq!((found.partner_id, found.why.rule.as_deref()), (None, Some("Retail")));
    assert_eq!(routed(&wanted("dach"), &rules, &field()).why.rule.as_deref(), Some("Everything"));
    let none = routed(&wanted("dach"), &routing(Vec::new()), &field());
    assert_eq!((none.partner_id, none.why.basis, none.why.rule), (None, Basis::Vendor, None));
}

#[test]
fn neighbours_are_asked_when_nobody_is_left_and_only_if_the_rule_says_so() {
    let far = [candidate(9, "gold", "dach")];
    let found = routed(&wanted("benelux"), &routing(vec![rule()]), &far);
    assert_eq!((found.partner_id, found.why.basis, found.why.territory.as_deref()), (Some(partner(9)), Basis::Neighbour, Some("dach")));
    let strict = routed(&wanted("benelux"), &routing(vec![Rule { neighbours: false, ..rule() }]), &far);
    assert_eq!((strict.partner_id, strict.why.candidates[0].failed.as_slice()), (None, [Factor::Territory].as_slice()));
    assert_eq!(routed(&wanted("apac"), &routing(vec![rule()]), &far).partner_id, None);
}

#[test]
fn pinned_firms_and_partners_that_were_asked_for_come_before_rules_once() {
    let mut rules = routing(vec![rule()]);
    rules.set.pins =
        vec![Pin { domain: "acme.example".into(), partner_id: partner(3) }, Pin { domain: "shop.acme.example".into(), partner_id: partner(2) }];
    let lead = |domain: &str| Wanted { domain: Some(domain.into()), ..wanted("benelux") };
    assert_eq!(routed(&lead("www.acme.example"), &rules, &field()).partner_id, Some(partner(3)));
    assert_eq!(routed(&lead("de.shop.acme.example"), &rules, &field()).partner_id, Some(partner(2)));
    assert_ne!(routed(&lead("notacme.example"), &rules, &field()).why.basis, Basis::Pinned);
    let asked = Wanted { directly: Some(partner(1)), ..lead("acme.example") };
    assert_eq!(routed(&asked, &rules, &field()).why.basis, Basis::AskedFor);
    let tried = Wanted { tried: [partner(1), partner(3)].into(), ..asked.clone() };
    assert_eq!(routed(&tried, &rules, &field()).why.basis, Basis::Neighbour);
    let mut retired = field();
    retired[0].active = false;
    assert_eq!(routed(&asked, &rules, &retired).partner_id, Some(partner(3)));
}

#[test]
fn a_partner_reads_its_own_part_of_the_reasons_only() {
    let why = routed(&wanted("dach"), &weighted(Strategy::FairShare), &field()).why;
    assert_eq!(why.candidates.len(), 5);
    let own = for_partner(&why, &partner(1));
    assert_eq!(own.candidates.iter().map(|c| &c.partner_id).collect::<Vec<_>>(), [&partner(1)]);
    let kept: Why = serde_json::from_str(&serde_json::to_string(&why).unwrap()).unwrap();
    assert_eq!(kept, why);
}

struct World {
    calendar: BusinessCalendar,
    zone: TimeZone,
    routing: LeadRouting,
}

fn world() -> World {
    let day = (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
    let calendar = BusinessCalendar::weekly("Europe/Berlin".into(), &[1, 2, 3, 4, 5], day, Vec::new());
    World { calendar, zone: TimeZone::get("Europe/Berlin").unwrap(), routing: routing(vec![rule()]) }
}

impl World {
    fn terms(&self) -> Terms<'_> {
        Terms { calendar: &self.calendar, zone: &self.zone, routing: &self.routing }
    }

    fn new_lead(&self, to: bool) -> Lead {
        let input = LeadInput { name: "Jo".into(), email: "Jo@Acme.example".into(), company: "Acme".into(), ..LeadInput::default() };
        let draft = validate(&input, &LeadTerms::default()).unwrap();
        let new = New { id: LeadId::new(Ulid::from(5_u128)), number: "L-1".into(), intake: Intake::Api, consent: None, import_key: None };
        let found = to.then(|| routed(&wanted("dach"), &self.routing, &field()));
        decide::create(draft, new, Some("dach".into()), found, self.terms(), &|| cause(now())).unwrap().lead
    }
}

fn cause(at: Timestamp) -> Cause {
    Cause { actor: EventActor { user_id: None, name: "A".into() }, now: at, event_id: EventId::new(Ulid::from(1_u128)), covers: Vec::new() }
}

fn actor(role: Role, of: Option<u128>) -> Actor {
    Actor { user_id: UserId::new(Ulid::from(3_u128)), name: "A".into(), roles: vec![role], partner_id: of.map(partner), api_key: None }
}

#[test]
fn the_window_runs_in_business_hours_and_a_late_answer_is_refused() {
    let w = world();
    let lead = w.new_lead(true);
    assert_eq!((lead.status, lead.owner), (LeadStatus::Assigned, OwnerSide::Partner));
    // Friday 11:00 in Berlin and 16 hours of opening time: Tuesday 11:00.
    assert_eq!(lead.window_ends_at, Some("2026-11-24T10:00:00Z".parse().unwrap()));
    assert_eq!((lead.follow_up_at, lead.timers().len()), (lead.window_ends_at, 1));
    let who = actor(Role::PartnerSales, Some(1));
    let late = lead.window_ends_at.unwrap();
    assert_eq!(decide::accept(&lead, &who, 1, w.terms(), cause(late)).unwrap_err(), LeadError::WindowOver);
    assert!(decide::lapse(&lead, cause(now())).is_none());
    let freed = decide::lapse(&lead, cause(late)).unwrap();
    assert_eq!(freed.lead.tried(), [partner(1)].into());
    let next = routed(&wanted_again(&freed.lead), &w.routing, &field());
    assert_ne!(next.partner_id, Some(partner(1)));
    let on = decide::onward(freed, next, w.terms(), &|| cause(late)).unwrap();
    assert_eq!((on.based_on, on.lead.version, on.lead.assignments.len()), (Some(1), 2, 2));
    assert_eq!(on.lead.assignments[0].outcome, Outcome::Lapsed);
    assert_eq!(on.events.iter().map(|e| e.kind).collect::<Vec<_>>(), [EventKind::LeadLapsed, EventKind::LeadAssigned]);
}

/// A lead that a seller of the first partner took, with that person.
pub(crate) fn taken() -> (Lead, Actor) {
    let (w, who) = (world(), actor(Role::PartnerSales, Some(1)));
    (decide::accept(&w.new_lead(true), &who, 1, w.terms(), cause(now())).unwrap().lead, who)
}

#[test]
fn a_lead_that_nobody_follows_up_is_missed_once_and_the_next_partner_begins_anew() {
    let (taken, who) = taken();
    let due = taken.follow_up_at.unwrap();
    assert_eq!((taken.timers(), taken.taken_by.as_ref()), (vec![Due { kind: TimerKind::LeadFollowUp, at: due }], Some(&who.user_id)));
    assert!(decide::miss(&taken, cause(now())).is_none(), "not yet due");
    let missed = decide::miss(&taken, cause(due)).unwrap();
    let told = &missed.events[0];
    assert_eq!((told.kind, told.visibility), (EventKind::LeadFollowUpMissed, Visibility::Shared));
    assert_eq!((told.changes[0].field.as_str(), told.changes[0].after.clone()), ("dueAt", Some(due.to_string())));
    assert_eq!((missed.lead.missed, missed.lead.follow_up_at), (Some(Fired { due_at: due, at: due }), Some(due)), "it is still owed");
    assert!(missed.lead.timers().is_empty() && decide::miss(&missed.lead, cause(due)).is_none(), "once");
    // A note alone follows up nothing. That somebody was in touch does, also where somebody had been before it was taken.
    assert_eq!(decide::note(&taken, &who, 2, "Tomorrow", false, cause(now())).unwrap().lead.timers().len(), 1);
    for contacted_at in [None, Some(now())] {
        let lead = Lead { contacted_at, ..taken.clone() };
        let touched = decide::note(&lead, &who, 2, "Called", true, cause(now())).unwrap().lead;
        assert!(touched.timers().is_empty() && decide::miss(&touched, cause(due)).is_none());
    }
    for end in [
        decide::convert(&taken, &DealId::new(Ulid::from(8_u128)), "D-1", cause(now())).unwrap().lead,
        decide::close(&taken, &who, 2, (CloseCode::NoInterest, None), cause(now())).unwrap().lead,
    ] {
        assert!(end.timers().is_empty() && decide::miss(&end, cause(due)).is_none());
    }
    let (w, vendor) = (world(), actor(Role::ChannelManager, None));
    let freed = decide::take_back(&missed.lead, &vendor, 3, LeadAction::Route, cause(due)).unwrap();
    let next = routed(&wanted_again(&freed.lead), &w.routing, &field());
    let again = decide::onward(freed, next, w.terms(), &|| cause(due)).unwrap().lead;
    assert_eq!((again.status, again.missed, again.taken_by), (LeadStatus::Assigned, None, None));
}

#[test]
fn declining_goes_round_until_the_vendor_has_it() {
    let w = world();
    let mut lead = w.new_lead(true);
    let mut had = BTreeSet::new();
    while let Some(id) = lead.partner_id.clone() {
        assert!(had.insert(id.clone()), "offered twice");
        let who = Actor { partner_id: Some(id), ..actor(Role::PartnerAdmin, Some(1)) };
        assert!(matches!(decide::decline(&lead, &who, lead.version, (DeclineCode::Other, None), cause(now())), Err(LeadError::Required { .. })));
        let freed = decide::decline(&lead, &who, lead.version, (DeclineCode::NoCapacity, None), cause(now())).unwrap();
        let next = routed(&wanted_again(&freed.lead), &w.routing, &field());
        lead = decide::onward(freed, next, w.terms(), &|| cause(now())).unwrap().lead;
    }
    assert_eq!((had.len(), lead.status, lead.owner), (5, LeadStatus::Unrouted, OwnerSide::Vendor));
    assert!(lead.follow_up_at.is_some() && lead.timers().is_empty());
    let vendor = actor(Role::ChannelManager, None);
    assert_eq!(allowed_actions(&lead, &vendor), [LeadAction::Assign, LeadAction::Route, LeadAction::Close, LeadAction::Note]);
    let told = decide::note(&lead, &vendor, lead.version, "Nobody wants it", false, cause(now())).unwrap();
    assert_eq!(told.events[0].visibility, Visibility::Internal);
}

#[test]
fn a_lead_is_hidden_from_others_and_its_source_stays_to_the_end() {
    let w = world();
    let mut lead = w.new_lead(true);
    lead.source = LeadSource { kind: SourceKind::Campaign, campaign: Some("Autumn".into()), ..LeadSource::default() };
    let check = |who: &Actor, action| decide::check(&lead, who, action, Some(1));
    assert_eq!(check(&actor(Role::PartnerSales, Some(2)), LeadAction::Accept), Err(LeadError::NotFound));
    assert_eq!(check(&actor(Role::PartnerTechnical, Some(1)), LeadAction::Accept), Err(LeadError::NotFound));
    assert_eq!(check(&actor(Role::Admin, None), LeadAction::Accept), Err(LeadError::NotAllowed));
    let who = actor(Role::PartnerSales, Some(1));
    let mine = decide::accept(&lead, &who, 1, w.terms(), cause(now())).unwrap().lead;
    assert_eq!(mine.follow_up_at, Some("2026-11-25T10:00:00Z".parse().unwrap()));
    assert_eq!(decide::accept(&mine, &who, 2, w.terms(), cause(now())).unwrap_err(), LeadError::WrongStatus { status: "ACCEPTED" });
    let again = Enquiry { at: now(), message: None, source: LeadSource { kind: SourceKind::Event, ..LeadSource::default() } };
    let joined = decide::join(&mine, again, cause(now())).lead;
    let touched = decide::note(&joined, &who, 3, "Called", true, cause(now())).unwrap().lead;
    assert_eq!((touched.follow_up_at, touched.contacted_at), (None, Some(now())));
    let deal = DealId::new(Ulid::from(8_u128));
    let end = decide::convert(&touched, &deal, "D-1", cause(now())).unwrap().lead;
    assert_eq!((end.status, &end.source, end.deal_id), (LeadStatus::Converted, &lead.source, Some(deal)));
    assert!(decide::convert(&lead, &DealId::new(Ulid::nil()), "D-2", cause(now())).is_err());
}

#[test]
fn what_was_typed_is_judged_as_a_whole() {
    let terms = LeadTerms { currencies: vec![crate::money::Currency::parse("EUR").unwrap()], ..LeadTerms::default() };
    let input = LeadInput {
        name: " ".into(),
        email: "jo@acme".into(),
        company: "x".repeat(201),
        country: Some("XX".into()),
        domain: Some("no domain".into()),
        product_ids: vec!["prod_1".into()],
        vertical: Some("none".into()),
        amount: Some("12.345".into()),
        currency: Some("EUR".into()),
        source: SourceInput { campaign: Some("y".repeat(201)), ..SourceInput::default() },
        ..LeadInput::default()
    };
    let mut paths: Vec<String> = validate(&input, &terms).unwrap_err().into_iter().map(|v| v.path.join(".")).collect();
    paths.sort();
    assert_eq!(paths, ["amount", "company", "country", "domain", "email", "name", "productIds.0", "source.campaign", "vertical"]);
    let fine = LeadInput { name: "Jo".into(), email: "JO@shop.acme.example".into(), company: "Acme".into(), ..LeadInput::default() };
    let draft = validate(&fine, &terms).unwrap();
    assert_eq!((draft.person.email.as_str(), draft.firm.domain.as_deref()), ("jo@shop.acme.example", Some("shop.acme.example")));
    let private = LeadInput { email: "jo@gmail.com".into(), ..fine };
    assert_eq!(validate(&private, &terms).unwrap().firm.domain, None);
}
