//! The deal desk over HTTP: a verdict that gives nothing away byte by byte, two partners at the same instant, and files that lie.
//!
//! `ENTENTE_ROUNDS=1000` runs the full thousand rounds of [`two_partners_at_the_same_instant_leave_one_claim`].

use entente_domain::event::{EventKind, Subject};
use entente_domain::user::Role;
use entente_store::Saved;
use futures::join;
use serde_json::{Value, json};

use crate::support::{Session, TestApp, add_partner, event};

const REGISTER: &str = "mutation($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id version } \
    verdict { outcome rules { code passed message remedy appeal } } errors { message ... on DealRegisterError { code } } } }";
const CHECK: &str = "query($input: DealRegisterInput!) { dealCheck(input: $input) { outcome rules { code passed message remedy appeal } } }";
const APPROVE: &str = "mutation($id: ID!, $version: Int!) { dealApprove(id: $id, expectedVersion: $version) \
    { deal { id version status } errors { message ... on DealDecisionError { code } } } }";
const WITHDRAW: &str = "mutation($id: ID!, $version: Int!) { dealWithdraw(id: $id, expectedVersion: $version) \
    { deal { id version } errors { message ... on DealDecisionError { code } } } }";

fn input(t: &TestApp, customer: &str) -> Value {
    let close = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(60)).unwrap();
    json!({
        "title": format!("Backup for {customer}"), "customerName": customer, "customerDomain": format!("{customer}.example"),
        "customerCountry": "DE", "productIds": [t.product], "value": { "amount": "12000.00", "currency": "USD" },
        "expectedCloseOn": close.to_string(),
    })
}

/// The bytes of an answer, as they came over the wire.
async fn bytes(t: &TestApp, session: &Session, query: &str, variables: &Value) -> String {
    let token = format!("Bearer {}", session.token);
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let response = t.post("/graphql", &headers, json!({ "query": query, "variables": variables }).to_string()).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

/// The deal of a payload: its id and version.
fn made<'a>(payload: &'a Value, field: &str) -> (&'a str, i64) {
    let deal = &payload[field]["deal"];
    (deal["id"].as_str().unwrap_or_else(|| panic!("{payload}")), deal["version"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_the_same_bytes_whoever_the_rival_is() {
    let t = TestApp::start().await;
    let asker = {
        let third = add_partner(t.server.app(), "cirrus").await;
        let email = t.person(Role::PartnerSales, Some(0)).await;
        let app = t.server.app();
        let (mut user, _) = app.store.user_by_email(&email).await.unwrap().unwrap();
        user.partner_id = Some(third);
        user.version += 1;
        let changed = event(app, EventKind::UserChanged, Subject::User { id: user.id.clone() });
        assert_eq!(app.store.save_user(&user, None, Some(1), &[changed]).await.unwrap(), Saved::Done);
        t.sign_in(&email).await
    };
    let rivals = [t.signed_in(Role::PartnerSales, Some(0)).await, t.signed_in(Role::PartnerSales, Some(1)).await];
    let manager = t.signed_in(Role::ChannelManager, None).await;
    let asked = json!({ "input": input(&t, "acme") });
    let free = bytes(&t, &asker, CHECK, &asked).await;
    assert!(free.contains("CLEAR"), "{free}");

    let with = |changes: Value| {
        let mut input = input(&t, "acme");
        input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        input
    };
    let variants = [
        (0, with(json!({}))),
        (0, with(json!({ "nextStep": "A note that the rival wrote to itself" }))),
        (0, with(json!({ "value": { "amount": "987654.32", "currency": "USD" }, "title": "Another title altogether" }))),
        (1, with(json!({}))),
        (1, with(json!({ "contactName": "Jane", "metOn": "2026-01-05", "discoveryNotes": "They want it", "budget": "80 k", "description": "Long" }))),
        (0, with(json!({ "customerName": "Other name of the same", "customerDomain": "https://shop.acme.example/x" }))),
    ];
    let (mut waiting, mut held, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (rival, registration) in variants {
        let rival = &rivals[rival];
        let done = t.run(rival, REGISTER, json!({ "input": registration })).await;
        let (id, version) = made(&done, "dealRegister");
        let note = "mutation($id: ID!) { dealAddNote(id: $id, text: \"Secret\", visibility: SHARED) { errors { message } } }";
        t.run(rival, note, json!({ "id": id })).await;
        waiting.push(bytes(&t, &asker, CHECK, &asked).await);
        let done = t.run(&manager, APPROVE, json!({ "id": id, "version": version })).await;
        let (id, version) = made(&done, "dealApprove");
        held.push(bytes(&t, &asker, CHECK, &asked).await);
        refused.push(bytes(&t, &asker, REGISTER, &asked).await);
        // Nor does it show that the rival's clock stands still.
        let ask = "mutation($id: ID!, $version: Int!) { dealAskVendor(id: $id, expectedVersion: $version, question: \"When?\") { deal { id version } errors { message } } }";
        let done = t.run(rival, ask, json!({ "id": id, "version": version })).await;
        let (id, version) = made(&done, "dealAskVendor");
        held.push(bytes(&t, &asker, CHECK, &asked).await);
        let done = t.run(rival, WITHDRAW, json!({ "id": id, "version": version })).await;
        made(&done, "dealWithdraw");
        assert_eq!(bytes(&t, &asker, CHECK, &asked).await, free, "what is withdrawn leaves no trace");
    }
    assert!(waiting[0].contains("POSSIBLE_CONFLICT") && held[0].contains("BLOCKED") && refused[0].contains("BLOCKED"), "{waiting:?} {held:?}");
    for (name, answers) in [("waiting", waiting), ("held", held), ("refused", refused)] {
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{name}: {answers:#?}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_partners_at_the_same_instant_leave_one_claim() {
    let rounds: usize = std::env::var("ENTENTE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(15);
    let t = TestApp::start().await;
    let (a, b) = (t.signed_in(Role::PartnerSales, Some(0)).await, t.signed_in(Role::PartnerSales, Some(1)).await);
    let manager = t.signed_in(Role::ChannelManager, None).await;
    for round in 0..rounds {
        let input = json!({ "input": input(&t, &format!("customer{round}")) });
        // Any status but 200, and any top-level error, fails in `bytes` and `parsed`.
        let (one, two) = join!(bytes(&t, &a, REGISTER, &input), bytes(&t, &b, REGISTER, &input));
        let (one, two) = (parsed(&one), parsed(&two));
        let ((one, v1), (two, v2)) = (made(&one, "dealRegister"), made(&two, "dealRegister"));
        let (one, two) = (json!({ "id": one, "version": v1 }), json!({ "id": two, "version": v2 }));
        let (x, y) = join!(bytes(&t, &manager, APPROVE, &one), bytes(&t, &manager, APPROVE, &two));
        let answers = [parsed(&x), parsed(&y)];
        let won = answers.iter().filter(|answer| answer["dealApprove"]["deal"]["status"] == "APPROVED").count();
        let lost = answers.iter().filter(|answer| answer["dealApprove"]["errors"][0]["code"] == "CLAIM_TAKEN").count();
        assert_eq!((won, lost), (1, 1), "round {round}: {answers:?}");
    }
    t.end().await;
}

fn parsed(text: &str) -> Value {
    let answer: Value = serde_json::from_str(text).unwrap();
    assert!(answer.get("errors").is_none(), "{text}");
    answer["data"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_decisions_at_once_one_is_made_and_the_other_is_told_why() {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let (one, two) = (t.signed_in(Role::ChannelManager, None).await, t.signed_in(Role::Admin, None).await);
    let code = |answer: &Value, field: &str| answer[field]["errors"][0]["code"].as_str().map(str::to_owned);
    for round in 0..5 {
        let done = t.run(&seller, REGISTER, json!({ "input": input(&t, &format!("races{round}")) })).await;
        let (id, version) = made(&done, "dealRegister");
        let on = json!({ "id": id, "version": version });
        let (x, y) = join!(t.run(&one, APPROVE, on.clone()), t.run(&two, APPROVE, on.clone()));
        let codes = [code(&x, "dealApprove"), code(&y, "dealApprove")];
        assert_eq!(codes.iter().filter(|c| c.is_none()).count(), 1, "{codes:?}");
        assert!(codes.iter().flatten().all(|c| c == "STALE_VERSION"), "{codes:?}");

        // Withdrawn while somebody decides: one of the two happens, never both and never half.
        let done = t.run(&seller, REGISTER, json!({ "input": input(&t, &format!("withdrawn{round}")) })).await;
        let (id, version) = made(&done, "dealRegister");
        let on = json!({ "id": id, "version": version });
        let (taken, approved) = join!(t.run(&seller, WITHDRAW, on.clone()), t.run(&one, APPROVE, on.clone()));
        let codes = [code(&taken, "dealWithdraw"), code(&approved, "dealApprove")];
        assert_eq!(codes.iter().filter(|c| c.is_none()).count(), 1, "{codes:?}");
        assert!(codes.iter().flatten().all(|c| c == "STALE_VERSION" || c == "WRONG_STATUS"), "{codes:?}");
        let late = t.run(&one, APPROVE, json!({ "id": id, "version": version + 1 })).await;
        assert_eq!(code(&late, "dealApprove").as_deref(), Some("WRONG_STATUS"), "{late}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_lies_or_is_too_large_is_refused_and_an_honest_one_can_be_read_back() {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let rival = t.signed_in(Role::PartnerSales, Some(1)).await;
    let token = format!("Bearer {}", seller.token);
    let upload = async |name: &str, body: Vec<u8>| {
        t.post(&format!("/uploads?for=evidence&name={name}"), &[("authorization", &token), ("content-type", "application/octet-stream")], body).await
    };
    assert_eq!(upload("offer.pdf", b"\x89PNG\r\n\x1a\n".to_vec()).await.status(), 415, "a picture is no PDF");
    assert_eq!(upload("run.exe", b"MZ".to_vec()).await.status(), 415);
    assert_eq!(upload("page.txt", b"<script>alert(1)</script>".to_vec()).await.status(), 415);
    let large = [b"%PDF-1.7".to_vec(), vec![b' '; 10 * 1024 * 1024]].concat();
    // The answer does not wait for the body, so the connection may break under who still sends it.
    let mut refused = None;
    for _ in 0..10 {
        let request = reqwest::Client::new().post(t.url("/uploads?for=evidence&name=large.pdf")).header("authorization", &token);
        refused = request.header("content-type", "application/octet-stream").body(large.clone()).send().await.ok();
        if refused.is_some() {
            break;
        }
    }
    assert_eq!(refused.unwrap().status(), 413);
    let content = b"%PDF-1.7 minutes of the meeting".to_vec();
    let file: Value = upload("minutes%20of%20the%20meeting.pdf", content.clone()).await.json().await.unwrap();

    let done = t.run(&seller, REGISTER, json!({ "input": input(&t, "acme") })).await;
    let (id, version) = made(&done, "dealRegister");
    let add = "mutation($id: ID!, $version: Int!, $input: DealEvidenceInput!, $key: String) { dealAddEvidence(id: $id, expectedVersion: $version, input: $input, idempotencyKey: $key) \
        { deal { version evidence { metOn files { name size url } } } errors { ... on DealDecisionError { code } } } }";
    let with = |input: Value| json!({ "id": id, "version": version, "input": input });
    let ahead = t.run(&seller, add, with(json!({ "metOn": "2999-01-01" }))).await;
    assert_eq!(ahead["dealAddEvidence"]["errors"][0]["code"], "MEETING_AHEAD");
    let none = t.run(&seller, add, with(json!({ "fileIds": ["file_01J00000000000000000000000"] }))).await;
    assert_eq!(none["dealAddEvidence"]["errors"][0]["code"], "FILE_NOT_FOUND");
    // Another company's upload is none.
    let mut theirs = input(&t, "globex");
    theirs["fileIds"] = json!([file["id"]]);
    let stolen = t.run(&rival, REGISTER, json!({ "input": theirs })).await;
    assert_eq!(stolen["dealRegister"]["errors"][0]["code"], "FILE_NOT_FOUND", "{stolen}");
    let mut whole = with(json!({ "metOn": "2026-01-05", "fileIds": [file["id"]] }));
    whole["key"] = json!("minutes");
    let added = t.run(&seller, add, whole.clone()).await;
    assert_eq!(t.run(&seller, add, whole.clone()).await, added, "the same key answers the same");
    whole["input"]["metOn"] = json!("2026-01-06");
    assert_eq!(t.run(&seller, add, whole).await["dealAddEvidence"]["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    let found = &added["dealAddEvidence"]["deal"]["evidence"]["files"][0];
    assert_eq!(found["name"], "minutes of the meeting.pdf", "{added}");

    // The vendor's sellers register nothing, but write in rooms; who does neither sends no files.
    let vendor = t.signed_in(Role::Sales, None).await;
    let send = async |token: &str| {
        let token = format!("Bearer {token}");
        let headers = [("authorization", token.as_str()), ("content-type", "application/octet-stream")];
        t.post("/uploads?for=evidence&name=plan.pdf", &headers, content.clone()).await
    };
    assert_eq!(send(&t.signed_in(Role::Finance, None).await.token).await.status(), 403);
    let sent = send(&vendor.token).await;
    assert_eq!(sent.status(), 200);
    let plan: Value = sent.json().await.unwrap();
    let post = "mutation($id: ID!, $files: [ID!]!) { dealRoomPost(dealId: $id, text: \"Our plan\", fileIds: $files) \
        { message { files { name } } errors { ... on DealRoomError { code } } } }";
    let posted = t.run(&vendor, post, json!({ "id": id, "files": [plan["id"]] })).await;
    assert_eq!(posted["dealRoomPost"]["message"]["files"], json!([{ "name": "plan.pdf" }]), "{posted}");
    let mut own = input(&t, "initech");
    own["partnerId"] = json!(t.partners[0]);
    let refused = t.run(&vendor, REGISTER, json!({ "input": own })).await;
    assert_eq!(refused["dealRegister"]["errors"][0]["code"], "NOT_ALLOWED", "the mutation checks the rest: {refused}");

    let address = found["url"].as_str().unwrap();
    let path = &address[address.find("/media/").unwrap()..];
    assert_eq!(t.get(path).await.bytes().await.unwrap(), content);
    assert_eq!(t.get(path.split('?').next().unwrap()).await.status(), 404, "without its signature there is nothing");
    t.end().await;
}
