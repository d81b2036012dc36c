//! Disputes over the wire: from a verdict and from a deal, what each side is told, who may decide, what the decision does to the
//! deals, and the file that replays it.

use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::policy::{Actor, Scope};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::world::{REGISTER, World};

pub const OPEN: &str = "mutation($input: DisputeOpenInput!) { disputeOpen(input: $input) { dispute { id number version status viewerSide } errors {
    __typename message path ... on DisputeError { code } ... on DealRegisterError { code } } } }";
pub const STATE: &str = "mutation($id: ID!, $input: DisputeStateInput!) { disputeState(id: $id, input: $input) { dispute { id version }
    errors { ... on DisputeError { code } } } }";
pub const NAME: &str = "mutation($id: ID!, $v: Int!, $user: ID!) { disputeNameArbiter(id: $id, expectedVersion: $v, userId: $user) {
    dispute { version arbiterName } errors { message ... on DisputeError { code } } } }";
pub const DECIDE: &str = "mutation($id: ID!, $v: Int!, $outcome: DisputeOutcome!) { disputeDecide(id: $id, expectedVersion: $v, outcome: $outcome,
    reason: \"The evidence is older.\") { dispute { status ruling { outcome reason } } errors { message ... on DisputeError { code } } } }";
const SEEN: &str = "query($id: ID!) { dispute(id: $id) { number version status viewerSide viewerCan customerName products { id } openedAt dueAt
    arbiterName ownDeal { id status protectedUntil decisionReason } complainant { partner { name } deal { id status } }
    respondent { partner { name } deal { id status } } registration { title verdict { outcome rules { code passed message } } }
    statements { side audience actorName text } ruling { outcome reason actorName } withdrawnAt withdrawalReason
    candidates { user { id name } tie }
    replay { at about kind actorName text complainantSees respondentSees complainantDeal { number status } respondentDeal { number status protectedUntil } } } }";

impl World {
    async fn dispute(&self, actor: &Actor, id: &str) -> Value {
        self.data(actor, SEEN, json!({"id": id})).await["dispute"].clone()
    }

    /// A deal of Borealis that is approved, and the dispute that Aurora opens about the verdict on the same customer.
    async fn contested(&self, customer: &str) -> (String, String) {
        let (aurora, borealis, manager) = (self.aurora().await, self.borealis().await, self.manager().await);
        let (deal, version) = self.register(&borealis, customer).await;
        let approve = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { errors { message } } }";
        assert_eq!(self.data(&manager, approve, json!({"id": deal, "v": version})).await["dealApprove"]["errors"], json!([]));
        let input = json!({"registration": self.registration(customer).await, "statement": "We met them in spring.", "idempotencyKey": customer});
        let opened = self.data(&aurora, OPEN, json!({"input": input})).await["disputeOpen"].clone();
        let again = self.data(&aurora, OPEN, json!({"input": input})).await["disputeOpen"].clone();
        assert_eq!(opened, again, "the same key answers the same");
        (deal, opened["dispute"]["id"].as_str().unwrap_or_else(|| panic!("{opened}")).to_owned())
    }

    /// Somebody without a tie to either side, signed in, and named to decide; with the version then.
    async fn arbiter(&self, id: &str) -> (Actor, i64) {
        let admin = self.admin().await;
        let seen = self.dispute(&admin, id).await;
        let neutral = seen["candidates"].as_array().unwrap().iter().find(|c| c["tie"].is_null()).unwrap_or_else(|| panic!("{seen}"));
        let user = self.app.store.user(&neutral["user"]["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
        let named = self.data(&admin, NAME, json!({"id": id, "v": seen["version"], "user": user.id})).await["disputeNameArbiter"].clone();
        assert_eq!(named["errors"], json!([]), "{named}");
        (Actor::of(&user), named["dispute"]["version"].as_i64().unwrap())
    }
}

fn error(answer: &Value) -> &str {
    answer["errors"][0]["code"].as_str().unwrap_or("none")
}

fn texts(dispute: &Value) -> Vec<&str> {
    dispute["statements"].as_array().unwrap().iter().map(|s| s["text"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_registration_is_disputed_and_given_to_the_one_who_complains() {
    let world = World::start().await;
    let (aurora, borealis, admin, manager) = (world.aurora().await, world.borealis().await, world.admin().await, world.manager().await);
    let (theirs, id) = world.contested("Contested One").await;

    // Each side is told of itself alone.
    let say = |text: &str, audience: Option<&str>| json!({"id": id, "input": {"text": text, "audience": audience}});
    for (who, text, audience) in [
        (&borealis, "We have a contract.", None),
        (&manager, "Please send the minutes.", Some("COMPLAINANT")),
        (&manager, "Both: answer by Friday.", Some("BOTH")),
        (&manager, "I doubt it.", None),
    ] {
        assert_eq!(error(&world.data(who, STATE, say(text, audience)).await["disputeState"]), "none", "{text}");
    }
    assert_eq!(error(&world.data(&aurora, STATE, say("Read this", Some("BOTH"))).await["disputeState"]), "AUDIENCE_NOT_YOURS");
    let (ours, other, all) = (world.dispute(&aurora, &id).await, world.dispute(&borealis, &id).await, world.dispute(&admin, &id).await);
    assert_eq!(texts(&ours), ["We met them in spring.", "Please send the minutes.", "Both: answer by Friday."]);
    assert_eq!(texts(&other), ["We have a contract.", "Both: answer by Friday."]);
    assert_eq!(texts(&all).len(), 5);
    assert_eq!((ours["viewerSide"].as_str(), other["viewerSide"].as_str()), (Some("COMPLAINANT"), Some("RESPONDENT")));
    assert_eq!(other["ownDeal"]["id"], json!(theirs));
    assert_eq!(ours["registration"]["verdict"]["outcome"], "BLOCKED");
    let (ours, other) = (ours.to_string().to_lowercase(), other.to_string().to_lowercase());
    assert!(!ours.contains("borealis") && !ours.contains(&theirs.to_lowercase()), "{ours}");
    assert!(!other.contains("aurora") && !other.contains(&aurora.name.to_lowercase()) && !other.contains("contested"), "{other}");
    assert_eq!(all["respondent"]["partner"]["name"], "Borealis Consulting");

    // Who owns a side does not decide, and nobody but the one who was named.
    let owner = world.data(&admin, NAME, json!({"id": id, "v": all["version"], "user": manager.user_id})).await["disputeNameArbiter"].clone();
    assert_eq!(error(&owner), "NOT_NEUTRAL", "{owner}");
    let seller = world.data(&admin, NAME, json!({"id": id, "v": all["version"], "user": aurora.user_id})).await["disputeNameArbiter"].clone();
    assert_eq!(error(&seller), "CANNOT_DECIDE");
    let decide = |v: Value, outcome: &str| json!({"id": id, "v": v, "outcome": outcome});
    assert_eq!(error(&world.data(&admin, DECIDE, decide(all["version"].clone(), "UPHOLD")).await["disputeDecide"]), "NO_ARBITER");
    let (arbiter, version) = world.arbiter(&id).await;
    assert_eq!(error(&world.data(&manager, DECIDE, decide(version.into(), "TRANSFER")).await["disputeDecide"]), "NOT_ARBITER");
    assert_eq!(error(&world.data(&arbiter, DECIDE, decide(1.into(), "TRANSFER")).await["disputeDecide"]), "STALE_VERSION");
    assert_eq!(error(&world.data(&aurora, DECIDE, decide(4.into(), "TRANSFER")).await["disputeDecide"]), "NOT_ALLOWED");

    let done = world.data(&arbiter, DECIDE, decide(version.into(), "TRANSFER")).await["disputeDecide"].clone();
    assert_eq!((done["dispute"]["status"].as_str(), error(&done)), (Some("DECIDED"), "none"), "{done}");
    let (ours, other) = (world.dispute(&aurora, &id).await, world.dispute(&borealis, &id).await);
    assert_eq!((ours["ownDeal"]["status"].as_str(), other["ownDeal"]["status"].as_str()), (Some("APPROVED"), Some("REJECTED")));
    assert!(ours["ownDeal"]["protectedUntil"].is_string() && other["ownDeal"]["protectedUntil"].is_null());
    assert_eq!(ours["ruling"]["reason"], "The evidence is older.");
    assert_eq!(ours["ruling"], other["ruling"]);

    // It is over: nothing is added, nothing is taken back.
    assert_eq!(error(&world.data(&aurora, STATE, say("One more thing", None)).await["disputeState"]), "CLOSED");
    let withdraw = "mutation($id: ID!) { disputeWithdraw(id: $id, expectedVersion: 1) { errors { ... on DisputeError { code } } } }";
    assert_eq!(error(&world.data(&aurora, withdraw, json!({"id": id})).await["disputeWithdraw"]), "CLOSED");

    // The file: the vendor has both sides, a side what it could see.
    let file = world.dispute(&admin, &id).await["replay"].as_array().unwrap().clone();
    assert!(file.windows(2).all(|w| w[0]["at"].as_str() <= w[1]["at"].as_str()));
    let approved = file.iter().find(|m| m["kind"] == "DEAL_APPROVED" && m["about"] == "RESPONDENT").unwrap();
    assert_eq!((approved["complainantSees"].as_bool(), approved["respondentSees"].as_bool()), (Some(false), Some(true)));
    assert_eq!(approved["respondentDeal"]["status"], "APPROVED");
    let last = file.last().unwrap();
    assert_eq!((last["complainantDeal"]["status"].as_str(), last["respondentDeal"]["status"].as_str()), (Some("APPROVED"), Some("REJECTED")));
    for (side, own, deal) in [(&ours, "complainantSees", "respondentDeal"), (&other, "respondentSees", "complainantDeal")] {
        let moments = side["replay"].as_array().unwrap();
        assert!(moments.len() > 3 && moments.iter().all(|m| m[own] == json!(true) && m[deal].is_null()), "{moments:?}");
        assert!(moments.len() < file.len());
    }
    let (ours, other) = (ours.to_string().to_lowercase(), other.to_string().to_lowercase());
    assert!(!ours.contains("borealis") && !ours.contains("we have a contract"), "{ours}");
    assert!(!other.contains("aurora") && !other.contains(&aurora.name.to_lowercase()) && !other.contains("met them"), "{other}");
    let report = world.app.store.audit(1, None).await.unwrap();
    assert_eq!(report.problem, None);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_tells_who_waited_for_the_rest_and_keeps_the_lead() {
    let world = World::start().await;
    let (aurora, borealis, admin, manager) = (world.aurora().await, world.borealis().await, world.admin().await, world.manager().await);
    let (third, fourth) = (world.actor("jannik.oelrich@wolkenzug.test").await, world.actor("soenke.petersen@nordlicht-datenhaus.test").await);
    let products: Vec<String> = world.app.program().await.unwrap().program.products.iter().take(2).map(|p| p.id.to_string()).collect();
    let registered = async |actor: &Actor, products: &[String]| {
        let mut input = world.registration("Waiting Works").await;
        input["productIds"] = json!(products);
        let done = world.data(actor, REGISTER, json!({"input": input})).await["dealRegister"].clone();
        done["deal"]["id"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
    };
    let theirs = registered(&borealis, &products).await;
    let (both, rest) = (registered(&third, &products).await, registered(&fourth, &products[1..]).await);
    let approve = "mutation($id: ID!) { dealApprove(id: $id, expectedVersion: 1) { errors { message } } }";
    assert_eq!(world.data(&manager, approve, json!({"id": theirs})).await["dealApprove"]["errors"], json!([]));
    // A lead whose registration the verdict keeps out.
    let create = "mutation($partner: ID!) { leadCreate(input: {name: \"Ada Quelle\", email: \"ada@quelle.example\", company: \"Waiting Works\",
        country: \"DE\", partnerId: $partner, source: {kind: CAMPAIGN, campaign: \"Autumn\"}}) { lead { id } errors { message } } }";
    let made = world.data(&admin, create, json!({"partner": aurora.partner_id})).await["leadCreate"].clone();
    let lead = made["lead"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let input = |lead: &str, registration: &Value| json!({"registration": registration, "leadId": lead, "statement": "Our lead is older."});
    let registration = world.registration("Waiting Works").await;
    let early = world.data(&aurora, OPEN, json!({"input": input(&lead, &registration)})).await["disputeOpen"].clone();
    assert_eq!((error(&early), &early["errors"][0]["path"]), ("LEAD_NOT_FOUND", &json!(["input", "leadId"])), "it is not accepted yet");
    let accept = "mutation($id: ID!) { leadAccept(id: $id, expectedVersion: 1) { errors { message } } }";
    assert_eq!(world.data(&aurora, accept, json!({"id": lead})).await["leadAccept"]["errors"], json!([]));
    assert_eq!(error(&world.data(&borealis, OPEN, json!({"input": input(&lead, &registration)})).await["disputeOpen"]), "LEAD_NOT_FOUND");
    let opened = world.data(&aurora, OPEN, json!({"input": input(&lead, &registration)})).await["disputeOpen"].clone();
    let id = opened["dispute"]["id"].as_str().unwrap_or_else(|| panic!("{opened}")).to_owned();
    let (arbiter, version) = world.arbiter(&id).await;
    let done = world.data(&arbiter, DECIDE, json!({"id": id, "v": version, "outcome": "TRANSFER"})).await["disputeDecide"].clone();
    assert_eq!(error(&done), "none", "{done}");

    // Deal and lead know of each other, and the verdict under which it came in is on the record.
    let seen = "query($id: ID!) { lead(id: $id) { status deal { id status lead { id } marketingSource { campaign } } } }";
    let converted = world.data(&aurora, seen, json!({"id": lead})).await["lead"].clone();
    let deal = converted["deal"].clone();
    assert_eq!((&converted["status"], &deal["status"]), (&json!("CONVERTED"), &json!("APPROVED")), "{converted}");
    assert_eq!((&deal["lead"]["id"], &deal["marketingSource"]["campaign"]), (&json!(lead), &json!("Autumn")));
    let kept = world.app.store.deal(&deal["id"].as_str().unwrap().parse().unwrap(), &Scope::All).await.unwrap().unwrap();
    assert_eq!(kept.record.verdict_outcome, Some(VerdictOutcome::Blocked));
    // Who waited for what is free now is told; who waits for what was taken at once is not.
    let kinds = async |actor: &Actor, deal: &str| {
        let timeline = world.data(actor, "query($id: ID!) { deal(id: $id) { timeline { nodes { kind } } } }", json!({"id": deal})).await;
        timeline["deal"]["timeline"]["nodes"].as_array().unwrap().iter().filter(|n| n["kind"] == "DEAL_WAY_FREED").count()
    };
    assert_eq!((kinds(&fourth, &rest).await, kinds(&third, &both).await), (1, 0));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_disputed_says_so() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let open = async |actor: &Actor, input: Value| world.data(actor, OPEN, json!({"input": input})).await["disputeOpen"].clone();
    let (theirs, id) = world.contested("Contested Two").await;

    assert_eq!(error(&open(&aurora, json!({"dealId": theirs, "statement": "Mine"})).await), "DEAL_NOT_FOUND", "not theirs is not found");
    assert_eq!(error(&open(&aurora, json!({"dealId": "deal_01J00000000000000000000000", "statement": "Mine"})).await), "DEAL_NOT_FOUND");
    assert_eq!(error(&open(&aurora, json!({"registration": world.registration("Contested Two").await, "statement": "Again"})).await), "ALREADY_OPEN");
    assert_eq!(error(&open(&aurora, json!({"registration": world.registration("Free As Air").await, "statement": "?"})).await), "NOTHING_TO_DISPUTE");
    assert_eq!(error(&open(&aurora, json!({"statement": "About nothing"})).await), "REQUIRED");
    assert_eq!(error(&open(&manager, json!({"dealId": theirs, "statement": "For them"})).await), "NOT_ALLOWED");
    let mut broken = world.registration("Contested Two").await;
    broken["value"]["amount"] = json!("0");
    let answer = open(&aurora, json!({"registration": broken, "statement": "x"})).await;
    assert_eq!((error(&answer), &answer["errors"][0]["path"][1]), ("VALUE_NOT_POSITIVE", &json!("registration")));
    let (fresh, _) = world.register(&aurora, "Undisputed Works").await;
    assert_eq!(error(&open(&aurora, json!({"dealId": fresh, "statement": "?"})).await), "NOTHING_TO_DISPUTE");
    let files = json!({"id": id, "input": {"text": "See", "fileIds": ["file_01J00000000000000000000000"]}});
    assert_eq!(error(&world.data(&aurora, STATE, files).await["disputeState"]), "FILE_NOT_FOUND");

    // Hidden from whoever is no side, as if it were not there.
    let stranger = world.actor("engineer@aurora-systems.test").await;
    let missing = "disp_01J00000000000000000000000";
    for (who, id) in [(&stranger, id.as_str()), (&aurora, missing), (&borealis, missing)] {
        assert_eq!(world.dispute(who, id).await, Value::Null);
        assert_eq!(error(&world.data(who, STATE, json!({"id": id, "input": {"text": "x"}})).await["disputeState"]), "NOT_FOUND");
    }

    // A rejected registration is disputed from its deal, and taken back; then another one may be opened.
    let (deal, version) = world.register(&borealis, "Refused Works").await;
    let reject = "mutation($id: ID!, $v: Int!) { dealReject(id: $id, expectedVersion: $v, reason: \"No\") { errors { message } } }";
    world.data(&manager, reject, json!({"id": deal, "v": version})).await;
    let opened = open(&borealis, json!({"dealId": deal, "statement": "Look again"})).await;
    assert_eq!(error(&opened), "none", "{opened}");
    assert_eq!(error(&open(&borealis, json!({"dealId": deal, "statement": "Look again"})).await), "ALREADY_OPEN");
    let withdraw = "mutation($id: ID!, $v: Int!) { disputeWithdraw(id: $id, expectedVersion: $v, reason: \"Settled\") { dispute { status } errors { ... on DisputeError { code } } } }";
    let taken = json!({"id": opened["dispute"]["id"], "v": opened["dispute"]["version"]});
    assert_eq!(world.data(&borealis, withdraw, taken).await["disputeWithdraw"]["dispute"]["status"], "WITHDRAWN");
    assert_eq!(error(&open(&borealis, json!({"dealId": deal, "statement": "Look again"})).await), "none");
    let of_deal = world.data(&borealis, "query($id: ID!) { deal(id: $id) { disputes { status } } }", json!({"id": deal})).await;
    assert_eq!(of_deal["deal"]["disputes"], json!([{"status": "OPEN"}, {"status": "WITHDRAWN"}]));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_to_those_who_may_see_them() {
    let world = World::start().await;
    let (aurora, borealis, admin) = (world.aurora().await, world.borealis().await, world.admin().await);
    let follow = "subscription { disputeChanges { __typename ... on DisputeChange { kind dispute { number statements { text } } } } }";
    let mut ours = world.follow(&aurora, follow, json!({}));
    let mut other = world.follow(&borealis, follow, json!({}));
    // A stream begins when it is first asked.
    for stream in [&mut ours, &mut other] {
        assert!(tokio::time::timeout(std::time::Duration::from_millis(400), stream.next()).await.is_err());
    }
    let (_, id) = world.contested("Contested Live").await;
    let say = |text: &str, audience: &str| json!({"id": id, "input": {"text": text, "audience": audience}});
    let next = |v: Option<Value>| v.unwrap()["data"]["disputeChanges"].clone();
    world.data(&admin, STATE, say("Only you", "COMPLAINANT")).await;
    world.data(&admin, STATE, say("You both", "BOTH")).await;
    for stream in [&mut ours, &mut other] {
        assert_eq!(next(stream.next().await)["kind"], "DISPUTE_OPENED");
    }
    let (first, second) = (next(ours.next().await), next(ours.next().await));
    assert_eq!((&first["kind"], &second["kind"]), (&json!("DISPUTE_STATED"), &json!("DISPUTE_STATED")));
    let told = next(other.next().await);
    assert!(told.to_string().contains("You both") && !told.to_string().contains("Only you"), "{told}");
    world.end().await;
}
