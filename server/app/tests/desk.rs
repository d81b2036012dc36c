//! The deal desk through the use cases, on a real database and a clock that is set: protection, what waits behind it, the
//! vendor's own sales, groups of companies, and typing errors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::atomic::Ordering;

use common::TestApp;
use entente_app::clock::Clock;
use entente_app::deal::{self, ConflictKind, EvidenceInput, EvidenceRefusal};
use entente_app::direct::{self, DirectRefusal};
use entente_app::{App, Refused, rules, worker};
use entente_domain::deal::protection::{ExtensionRule, ProtectionTerms};
use entente_domain::deal::verdict::{RuleCode, Verdict, VerdictOutcome};
use entente_domain::deal::{Deal, DealError, RegistrationStatus};
use entente_domain::direct::DirectInput;
use entente_domain::policy::Actor;
use entente_domain::user::Role;

const DAY: i64 = 24 * 3_600_000;

async fn fire(app: &App) {
    while worker::fire_next(app, "w", app.now()).await.unwrap() {}
}

/// What happened to a deal, newest first, as its own partner reads it.
async fn kinds(app: &App, actor: &Actor, deal: &Deal) -> Vec<&'static str> {
    deal::timeline(app, actor, deal, 50, None).await.unwrap().rows.iter().map(|(_, e)| e.kind.name()).collect()
}

fn failed(verdict: &Verdict) -> Vec<RuleCode> {
    verdict.rules.iter().filter(|r| !r.passed).map(|r| r.code).collect()
}

/// A clock that is set, and how far to turn it.
fn clock() -> (Clock, impl Fn(i64)) {
    let clock = Clock::set_to("2026-03-02T09:00:00Z".parse().unwrap());
    let Clock::Set(ms) = clock.clone() else { unreachable!() };
    (clock, move |more| {
        ms.fetch_add(more, Ordering::Relaxed);
    })
}

/// Puts rules with this protection into force.
async fn terms(t: &TestApp, forward: &impl Fn(i64), terms: ProtectionTerms) {
    let admin = t.person(Role::Admin, None).await;
    let view = t.app.program().await.unwrap();
    let rules = entente_domain::rules::RuleSet { protection: terms, ..view.rules.rules.clone() };
    let effective_from = view.date(t.app.now()).checked_add(jiff::Span::new().days(2)).unwrap();
    let proposal = rules::Proposal { rules, effective_from, note: None, keeps_dispute: false, based_on: None };
    rules::propose(&t.app, &admin, &proposal, None).await.unwrap();
    forward(3 * DAY);
}

#[tokio::test(flavor = "multi_thread")]
async fn protection_is_reminded_of_extended_and_ended_and_who_waited_is_told() {
    let (clock, forward) = clock();
    let t = TestApp::with_clock(false, clock).await;
    let once = ProtectionTerms { extension: ExtensionRule::Once, extension_days: 30, inactivity_days: 0, reminder_days: vec![7, 1] };
    terms(&t, &forward, once).await;
    let (seller, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let mine = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let theirs = deal::register(&t.app, &rival, &t.input("acme")).await.unwrap();
    assert_eq!(failed(&theirs.verdict), [RuleCode::NoOtherRegistration]);
    let theirs = theirs.deal.unwrap();
    let id = mine.id.as_str();
    let mine = deal::approve(&t.app, &manager, id, 1, None).await.unwrap();
    let end = mine.protected_until.unwrap();

    // A reminder a week before, once, also when the clock jumps over its moment.
    forward(end.as_millisecond() - t.app.now().as_millisecond() - 6 * DAY);
    fire(&t.app).await;
    fire(&t.app).await;
    assert_eq!(kinds(&t.app, &seller, &mine).await[0], "DEAL_PROTECTION_ENDING");
    let mine = deal::get(&t.app, &seller, id).await.unwrap().unwrap();
    assert_eq!(mine.version, 3);

    // An extension: the claim moves in the same write, and a second one is not to be had.
    let evidence = EvidenceInput { budget: Some("Released in April".into()), ..EvidenceInput::default() };
    let asked = deal::request_extension(&t.app, &seller, id, 3, "The tender was moved", Some(&evidence)).await.unwrap();
    assert_eq!((asked.version, asked.protected_until), (5, None), "evidence and request are two steps of one write");
    let twice = deal::request_extension(&t.app, &seller, id, 5, "Again", None).await;
    assert!(matches!(twice, Err(Refused::Refused(EvidenceRefusal::Deal(DealError::ExtensionPending)))), "{twice:?}");
    forward(20 * DAY);
    fire(&t.app).await;
    let claims = t.store.claims_on(&mine.claim_keys()).await.unwrap();
    assert!(claims.len() == 1 && claims[0].protected_until > t.app.now(), "it stands still while the vendor owes an answer");
    let granted = deal::decide_extension(&t.app, &manager, id, 5, true, None).await.unwrap();
    let end = granted.protected_until.unwrap();
    assert_eq!(end.as_millisecond(), t.app.now().as_millisecond() + 36 * DAY);
    assert_eq!(t.store.claims_on(&mine.claim_keys()).await.unwrap()[0].protected_until, end);
    let over = deal::request_extension(&t.app, &seller, id, 6, "More", None).await;
    assert!(matches!(over, Err(Refused::Refused(EvidenceRefusal::Deal(DealError::ExtensionNotAllowed)))), "{over:?}");

    // The end: the one that waited is told without a name, and can be approved.
    forward(36 * DAY);
    let late = deal::ask_vendor(&t.app, &seller, id, 6, "Too late?").await;
    assert!(matches!(late, Err(Refused::Refused(DealError::NotProtected { .. }))), "{late:?}");
    fire(&t.app).await;
    assert_eq!(deal::get(&t.app, &seller, id).await.unwrap().unwrap().status, RegistrationStatus::Expired);
    let told = deal::timeline(&t.app, &rival, &theirs, 50, None).await.unwrap();
    let news: Vec<_> = told.rows.iter().filter(|(_, e)| e.kind.name() == "DEAL_WAY_FREED").collect();
    assert!(news.len() == 1 && !format!("{news:?}").contains(id), "{told:?}");
    let theirs = deal::get(&t.app, &rival, theirs.id.as_str()).await.unwrap().unwrap();
    deal::approve(&t.app, &manager, theirs.id.as_str(), theirs.version, None).await.unwrap();
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_on_which_nothing_happens_and_one_that_the_customer_wants_free_end() {
    let (clock, forward) = clock();
    let t = TestApp::with_clock(false, clock).await;
    terms(&t, &forward, ProtectionTerms { inactivity_days: 20, ..ProtectionTerms::default() }).await;
    let (seller, manager) = (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::ChannelManager, None).await);
    let idle = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let idle = deal::approve(&t.app, &manager, idle.id.as_str(), 1, None).await.unwrap();
    forward(15 * DAY);
    let change = entente_domain::deal::update::DealUpdate { next_step: Some("Proof of concept".into()), ..Default::default() };
    deal::update(&t.app, &seller, idle.id.as_str(), 2, &change).await.unwrap();
    forward(15 * DAY);
    fire(&t.app).await;
    assert_eq!(deal::get(&t.app, &seller, idle.id.as_str()).await.unwrap().unwrap().status, RegistrationStatus::Approved, "it was worked on");
    forward(5 * DAY);
    fire(&t.app).await;
    assert_eq!(deal::get(&t.app, &seller, idle.id.as_str()).await.unwrap().unwrap().status, RegistrationStatus::Expired);
    assert_eq!(kinds(&t.app, &seller, &idle).await[0], "DEAL_INACTIVE");

    let made = deal::register(&t.app, &seller, &t.input("globex")).await.unwrap().deal.unwrap();
    let id = made.id.as_str();
    deal::approve(&t.app, &manager, id, 1, None).await.unwrap();
    let refused = deal::release(&t.app, &seller, id, 2, "The CIO", "Mail").await;
    assert!(matches!(refused, Err(Refused::Refused(DealError::NotAllowed))));
    let free = deal::release(&t.app, &manager, id, 2, "The CIO", "Mail of 2 March").await.unwrap();
    assert_eq!(free.status, RegistrationStatus::Released);
    assert!(t.store.claims_on(&free.claim_keys()).await.unwrap().is_empty());
    t.end().await;
}

fn sale(t: &TestApp, customer: &str) -> DirectInput {
    DirectInput {
        customer_name: customer.into(),
        customer_domain: Some(format!("{customer}.com")),
        customer_country: Some("DE".into()),
        product_ids: vec![t.product.to_string()],
        note: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_sale_on_a_protected_customer_is_refused_and_one_that_was_first_is_told() {
    let t = TestApp::start(false).await;
    let (seller, manager, staff) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::ChannelManager, None).await, t.person(Role::Sales, None).await);
    let first = direct::record(&t.app, &staff, &sale(&t, "globex"), Some("one form")).await.unwrap();
    let again = direct::record(&t.app, &staff, &sale(&t, "globex"), Some("one form")).await.unwrap();
    assert_eq!(first.id, again.id);
    let beside = deal::register(&t.app, &seller, &t.input("globex")).await.unwrap();
    assert_eq!((beside.verdict.outcome, failed(&beside.verdict)), (VerdictOutcome::PossibleConflict, vec![RuleCode::NoDirectSale]));
    let beside = beside.deal.unwrap();
    let seen = deal::conflicts(&t.app, &manager, &beside).await.unwrap();
    assert!(seen.len() == 1 && seen[0].kind == ConflictKind::Direct, "{seen:?}");
    assert!(deal::conflicts(&t.app, &seller, &beside).await.unwrap().is_empty(), "the vendor's alone");
    deal::approve(&t.app, &manager, beside.id.as_str(), 1, None).await.unwrap();
    let won = direct::close(&t.app, &staff, first.id.as_str(), 1, true).await;
    assert!(matches!(won, Err(Refused::Refused(DirectRefusal::CustomerProtected))), "{won:?}");
    direct::close(&t.app, &staff, first.id.as_str(), 1, false).await.unwrap();
    let closed = direct::close(&t.app, &staff, first.id.as_str(), 2, false).await;
    assert!(matches!(closed, Err(Refused::Refused(DirectRefusal::Closed))));
    let refused = direct::record(&t.app, &staff, &sale(&t, "globex"), None).await;
    assert!(matches!(refused, Err(Refused::Refused(DirectRefusal::CustomerProtected))), "{refused:?}");
    for nobody in [&seller, &t.person(Role::MarketingManager, None).await] {
        let refused = direct::record(&t.app, nobody, &sale(&t, "umbrella"), None).await;
        assert!(matches!(refused, Err(Refused::Refused(DirectRefusal::NotAllowed))));
    }
    // At the same instant one of the two stands in the other's way, or the sale was first: never both against the protection.
    for round in 0..10 {
        let name = format!("instant{round}");
        let deal = deal::register(&t.app, &seller, &t.input(&name)).await.unwrap().deal.unwrap();
        let (sale, input) = (sale(&t, &name), deal.id.as_str());
        let (direct, approved) = tokio::join!(direct::record(&t.app, &staff, &sale, None), deal::approve(&t.app, &manager, input, 1, None));
        approved.unwrap();
        if let Ok(direct) = direct {
            assert!(direct.recorded_at <= t.app.now());
            let won = direct::close(&t.app, &staff, direct.id.as_str(), 1, true).await;
            assert!(matches!(won, Err(Refused::Refused(DirectRefusal::CustomerProtected))), "{won:?}");
        }
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_domains_and_groups_make_a_possible_conflict() {
    let t = TestApp::start(false).await;
    let (seller, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let named = |name: &str, domain: Option<&str>| {
        let mut input = t.input("x");
        input.draft.customer_name = name.into();
        input.draft.customer_domain = domain.map(str::to_owned);
        input
    };
    let first = deal::register(&t.app, &seller, &named("Hottechi GmbH", Some("hottechi.com"))).await.unwrap().deal.unwrap();
    let look = async |name: &str, domain: Option<&str>| {
        let verdict = deal::check(&t.app, &rival, &named(name, domain)).await.unwrap();
        (verdict.outcome, failed(&verdict))
    };
    let similar = (VerdictOutcome::PossibleConflict, vec![RuleCode::NoSimilarCustomer]);
    for approved in [false, true] {
        if approved {
            deal::approve(&t.app, &manager, first.id.as_str(), 1, None).await.unwrap();
        }
        assert_eq!(look("Hot Techi AG", None).await, similar, "other legal form, no domain");
        assert_eq!(look("Hotechi", None).await, similar, "a letter is missing");
        assert_eq!(look("Something else", Some("hot-techi.de")).await, similar, "another ending of the domain");
        assert_eq!(look("Cottechino", None).await.0, VerdictOutcome::Clear);
        let same = look("Whatever", Some("mail.hottechi.com")).await;
        let wanted = if approved { VerdictOutcome::Blocked } else { VerdictOutcome::PossibleConflict };
        assert_eq!(same.0, wanted, "a subdomain is the same customer");
    }
    // The vendor says that two companies belong together.
    let daughter = deal::register(&t.app, &rival, &named("Zencorporation", None)).await.unwrap().deal.unwrap();
    assert_eq!(look("Hottechi Holding Zwei", None).await.0, VerdictOutcome::Clear);
    deal::set_parent(&t.app, &manager, daughter.id.as_str(), "Hottechi").await.unwrap();
    assert_eq!(deal::customer_parent(&t.app, &manager, &daughter).await.unwrap().as_deref(), Some("Hottechi"));
    assert_eq!(deal::customer_parent(&t.app, &rival, &daughter).await.unwrap(), None);
    let beside: Vec<ConflictKind> = deal::conflicts(&t.app, &manager, &daughter).await.unwrap().iter().map(|c| c.kind).collect();
    assert_eq!(beside, [ConflictKind::Related]);
    let verdict = deal::check(&t.app, &seller, &named("Zencorporatoin", None)).await.unwrap();
    assert_eq!(verdict.outcome, VerdictOutcome::PossibleConflict);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_one_by_its_domain_or_by_its_name_and_country() {
    let t = TestApp::start(false).await;
    let (seller, rival, manager, staff) = (
        t.person(Role::PartnerSales, Some(0)).await,
        t.person(Role::PartnerSales, Some(1)).await,
        t.person(Role::ChannelManager, None).await,
        t.person(Role::Sales, None).await,
    );
    let written = |name: &str, domain: Option<&str>, country: Option<&str>| {
        let mut input = t.input("x");
        (input.draft.customer_name, input.draft.customer_domain, input.draft.customer_country) =
            (name.into(), domain.map(str::to_owned), country.map(str::to_owned));
        input
    };
    // Two that were submitted before anything was decided: of those that are one customer, one is approved.
    let first = deal::register(&t.app, &seller, &written("Acme GmbH", Some("acme.com"), Some("DE"))).await.unwrap().deal.unwrap();
    let second = deal::register(&t.app, &rival, &written("ACME", None, Some("DE"))).await.unwrap();
    assert_eq!(failed(&second.verdict), [RuleCode::NoOtherRegistration]);
    let second = second.deal.unwrap();
    deal::approve(&t.app, &manager, first.id.as_str(), 1, None).await.unwrap();
    let taken = deal::approve(&t.app, &manager, second.id.as_str(), 1, None).await;
    assert!(matches!(taken, Err(Refused::Refused(DealError::ClaimTaken))), "{taken:?}");
    deal::withdraw(&t.app, &rival, second.id.as_str(), 1, None).await.unwrap();
    let look = async |who: &Actor, name: &str, domain: Option<&str>, country: Option<&str>| {
        let verdict = deal::check(&t.app, who, &written(name, domain, country)).await.unwrap();
        (verdict.outcome, failed(&verdict))
    };
    let blocked = (VerdictOutcome::Blocked, vec![RuleCode::CustomerNotProtected]);
    for (name, domain, country) in
        [("The Acme Company", None, Some("DE")), ("Acme AG", Some("acme.io"), Some("DE")), ("Other", Some("shop.acme.com"), Some("FR"))]
    {
        assert_eq!(look(&rival, name, domain, country).await, blocked, "{name} {domain:?}");
    }
    assert_eq!(look(&rival, "Acme", None, None).await.0, VerdictOutcome::PossibleConflict, "it may be this one");
    assert_eq!(look(&rival, "Acme", None, Some("AT")).await.0, VerdictOutcome::Clear);
    assert_eq!(look(&seller, "Acme", None, Some("DE")).await.0, VerdictOutcome::Blocked, "the own one, without its domain");
    for (name, domain, country) in [("Acme", None, Some("DE")), ("Whoever", Some("acme.com"), None)] {
        let sale = DirectInput {
            customer_name: name.into(),
            customer_domain: domain.map(str::to_owned),
            customer_country: country.map(str::to_owned),
            product_ids: vec![t.product.to_string()],
            note: None,
        };
        let refused = direct::record(&t.app, &staff, &sale, None).await;
        assert!(matches!(refused, Err(Refused::Refused(DirectRefusal::CustomerProtected))), "{name}: {refused:?}");
    }

    // What a mail provider gives to everybody makes nobody the same.
    let mail = deal::register(&t.app, &seller, &written("Bakery North", Some("north@gmail.com"), Some("DE"))).await.unwrap().deal.unwrap();
    deal::approve(&t.app, &manager, mail.id.as_str(), 1, None).await.unwrap();
    assert_eq!(look(&rival, "Garage South", Some("south@gmail.com"), Some("DE")).await.0, VerdictOutcome::Clear);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_rival_that_held_nothing() {
    let t = TestApp::start(false).await;
    let (seller, rival) = (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await);
    let first = deal::register(&t.app, &rival, &t.input("acme")).await.unwrap().deal.unwrap();
    let second = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    deal::withdraw(&t.app, &seller, second.id.as_str(), 1, None).await.unwrap();
    assert!(!kinds(&t.app, &rival, &first).await.contains(&"DEAL_WAY_FREED"));
    t.end().await;
}
