//! Exports end to end against a real database: what stands in the files of each side, and how many one person may have unfinished.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::TestApp;
use entente_app::export::{ExportList, ExportRecord, ExportRefusal, ExportRequest, start};
use entente_app::lead::{CreateInput, RoutingProposal, accept, convert, create, save};
use entente_app::{Refused, deal, direct, dispute};
use entente_domain::direct::DirectInput;
use entente_domain::id::ExportId;
use entente_domain::lead::SourceKind;
use entente_domain::lead::draft::{LeadInput, SourceInput};
use entente_domain::lead::routing::RoutingSet;
use entente_domain::policy::Actor;
use entente_domain::report::export::{ExportFailure, ExportKind, ExportState, RUNNING_MAX};
use entente_domain::user::Role;
use entente_store::{ExportLimits, ExportStarted};

type Row = BTreeMap<String, String>;

fn request(list: ExportList) -> ExportRequest {
    ExportRequest { list, bom: false }
}

/// The rows of the file that the actor gets, by the names of their columns.
async fn rows(t: &TestApp, who: &Actor, list: ExportList) -> Vec<Row> {
    let done = start(&t.app, who, &request(list), None).await.unwrap();
    assert_eq!(done.state, ExportState::Done, "{:?}", done.failure);
    let bytes = t.app.files.named(&format!("exports/{}.csv", done.id)).await.unwrap().unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    reader.deserialize::<Row>().map(Result::unwrap).collect()
}

async fn refused(t: &TestApp, who: &Actor, list: ExportList) -> ExportRefusal {
    match start(&t.app, who, &request(list), None).await {
        Err(Refused::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_in_the_file_keeps_its_lead_and_what_marketing_brought_it() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let sellers = [t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await];
    let mut set = RoutingSet::default();
    set.rules[0].same_territory = false;
    save(&t.app, &admin, &RoutingProposal { set, note: None, expected_number: 0 }, None).await.unwrap();
    let source =
        SourceInput { kind: SourceKind::Campaign, campaign: Some("Autumn".into()), utm_medium: Some("letter".into()), ..SourceInput::default() };
    let asked = LeadInput {
        name: "Jo".into(),
        email: "jo@firm1.example".into(),
        company: "Firm 1".into(),
        country: Some("DE".into()),
        source,
        ..LeadInput::default()
    };
    let lead = create(&t.app, &admin, &CreateInput { lead: asked, ..CreateInput::default() }).await.unwrap().lead;
    let seller = sellers.iter().find(|s| s.partner_id == lead.partner_id).unwrap();
    accept(&t.app, seller, lead.id.as_str(), 1).await.unwrap();
    convert(&t.app, seller, lead.id.as_str(), 2, t.input("firm1")).await.unwrap();
    deal::register(&t.app, seller, &t.input("acme")).await.unwrap();

    for who in [&admin, seller] {
        let rows = rows(&t, who, ExportList::Deals(Box::default())).await;
        let of = |customer: &str| rows.iter().find(|row| row["customer"] == customer).unwrap();
        let (came, plain) = (of("firm1"), of("acme"));
        assert_eq!((came["lead"].as_str(), came["marketing_source"].as_str()), (lead.number.as_str(), "CAMPAIGN"));
        assert_eq!((came["campaign"].as_str(), came["utm_medium"].as_str(), came["kit"].as_str()), ("Autumn", "letter", ""));
        assert!(["lead", "marketing_source", "campaign", "kit", "utm_source", "utm_medium", "utm_campaign"].iter().all(|c| plain[*c].is_empty()));
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_gets_of_a_dispute_what_it_sees_of_it_and_direct_sales_are_the_vendors() {
    let t = TestApp::start(false).await;
    let (holder, rival, manager) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await, t.person(Role::ChannelManager, None).await);
    let held = deal::register(&t.app, &holder, &t.input("acme")).await.unwrap().deal.unwrap();
    deal::approve(&t.app, &manager, held.id.as_str(), 1, None).await.unwrap();
    let input = dispute::OpenInput { registration: Some(t.input("acme")), statement: "We were first.".into(), ..dispute::OpenInput::default() };
    let opened = dispute::open(&t.app, &rival, &input).await.unwrap();

    let list = || ExportList::Disputes(dispute::DisputeListQuery::default());
    let cells = ["number", "side", "customer", "complainant", "respondent", "own_deal"];
    let mut told = Vec::new();
    for who in [&manager, &rival, &holder] {
        let rows = rows(&t, who, list()).await;
        assert_eq!(rows.len(), 1);
        told.push(cells.map(|cell| rows[0][cell].clone()));
    }
    let number = opened.number.as_str();
    assert_eq!(told[0], [number, "VENDOR", "acme", "BOREALIS", "AURORA", ""]);
    assert_eq!(told[1], [number, "COMPLAINANT", "acme", "", "", ""]);
    assert_eq!(told[2], [number, "RESPONDENT", "", "", "", held.number.as_str()]);

    let own =
        DirectInput { customer_name: "Solo".into(), product_ids: vec![t.product.to_string()], note: Some("=1+1".into()), ..DirectInput::default() };
    direct::record(&t.app, &manager, &own, None).await.unwrap();
    let rows = rows(&t, &manager, ExportList::Directs).await;
    assert_eq!(rows.iter().map(|row| (row["customer"].as_str(), row["note"].as_str())).collect::<Vec<_>>(), [("Solo", "'=1+1")]);
    assert!(matches!(refused(&t, &holder, ExportList::Directs).await, ExportRefusal::NotAllowed));
    t.end().await;
}

/// An export that waits to be done.
fn waiting(t: &TestApp, who: &Actor) -> ExportRecord {
    let now = t.app.now();
    ExportRecord {
        id: ExportId::new(t.app.ulid()),
        kind: ExportKind::Deals,
        state: ExportState::Waiting,
        user_id: who.user_id.clone(),
        api_key_id: None,
        request: String::new(),
        done: 0,
        total: 5_000,
        bytes: None,
        failure: None,
        attempts: 0,
        created_at: now,
        finished_at: None,
        lease_until: now,
        holder: None,
        forget_at: now,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_at_most_three_exports_unfinished_even_when_they_start_at_once() {
    let t = TestApp::start(false).await;
    let (admin, other) = (t.person(Role::Admin, None).await, t.person(Role::ChannelManager, None).await);
    let limits = ExportLimits { most: 60, seconds: 3_600, running: RUNNING_MAX };
    let asked: Vec<ExportRecord> = (0..6).map(|_| waiting(&t, &admin)).collect();
    let ends = futures::future::join_all(asked.iter().map(|export| t.store.start_export(export, limits, None))).await;
    let begun: Vec<&ExportRecord> =
        asked.iter().zip(ends).filter(|(_, end)| matches!(end, Ok(ExportStarted::Now))).map(|(export, _)| export).collect();
    assert_eq!(begun.len() as u64, RUNNING_MAX);
    let all = || ExportList::Deals(Box::default());
    assert!(matches!(refused(&t, &admin, all()).await, ExportRefusal::TooManyRunning));
    assert!(rows(&t, &other, all()).await.is_empty(), "of each person");

    let now = t.app.now();
    t.store.claim_export(Some(&begun[0].id), "test", now, now).await.unwrap().unwrap();
    assert!(t.store.finish_export(&begun[0].id, "test", Err(ExportFailure::Broken), now).await.unwrap());
    assert!(rows(&t, &admin, all()).await.is_empty());
    assert!(rows(&t, &admin, all()).await.is_empty(), "one that is done counts no more");
    t.end().await;
}
