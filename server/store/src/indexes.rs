//! Every index, in one table: equality first, then order, then range. Names carry the meaning that the code relies on
//! (hints, duplicates); an index whose keys change gets a new name.

use std::time::Duration;

use bson::{Document, doc};
use mongodb::IndexModel;
use mongodb::options::IndexOptions;

use crate::DealSort;
use crate::connect::names;
use crate::deal_match::sort_field;

/// Sessions are kept this long after their end, so that a token used late is still recognised as used up, in seconds.
const SESSION_AFTERLIFE: u64 = 24 * 60 * 60;

const ORDERS: [DealSort; 5] = [DealSort::UpdatedAt, DealSort::CreatedAt, DealSort::Value, DealSort::ExpectedCloseOn, DealSort::DecisionDueAt];

/// What is special about an index.
enum Kind {
    Plain,
    Unique,
    /// Unique among the documents in which this field is a text.
    UniqueText(&'static str),
    /// Unique among the documents that have the field.
    UniqueSparse,
    /// Only documents that fulfil this.
    Where(Document),
    /// Unique among the documents that fulfil this.
    UniqueWhere(Document),
    /// Documents go this long after the moment in the field.
    Forget(Duration),
}

fn index(name: &str, keys: Document, kind: Kind) -> IndexModel {
    let mut options = IndexOptions::default();
    options.name = Some(name.to_owned());
    match kind {
        Kind::Plain => {}
        Kind::Unique => options.unique = Some(true),
        Kind::UniqueText(field) => {
            options.unique = Some(true);
            options.partial_filter_expression = Some(doc! { field: { "$type": "string" } });
        }
        Kind::UniqueSparse => {
            options.unique = Some(true);
            options.sparse = Some(true);
        }
        Kind::UniqueWhere(filter) => {
            options.unique = Some(true);
            options.partial_filter_expression = Some(filter);
        }
        Kind::Where(filter) => options.partial_filter_expression = Some(filter),
        Kind::Forget(after) => options.expire_after = Some(after),
    }
    IndexModel::builder().keys(keys).options(options).build()
}

/// Lists of deals: every order alone, within a partner, a status, a stage, and among those on which the vendor owes an answer.
fn deal_lists() -> Vec<IndexModel> {
    let mut all = Vec::new();
    for sort in ORDERS {
        let field = sort_field(sort);
        let name = field.replace('.', "_");
        all.push(index(&format!("all_{name}"), doc! { field: 1, "_id": 1 }, Kind::Plain));
        for (prefix, equal) in [("partner", "partner_id"), ("status", "status"), ("stage", "stage")] {
            all.push(index(&format!("{prefix}_{name}"), doc! { equal: 1, field: 1, "_id": 1 }, Kind::Plain));
        }
        // With the condition among its keys: another index has the same first two.
        let keys = doc! { field: 1, "_id": 1, "owed_since": 1 };
        all.push(index(&format!("owed_{name}"), keys, Kind::Where(doc! { "owed_since": { "$exists": true } })));
    }
    all
}

fn deals() -> Vec<IndexModel> {
    let partner_open = |field: &str| doc! { "partner_id": 1, "status": 1, "stage_category": 1, field: 1, "_id": 1 };
    let mut all = deal_lists();
    all.extend([
        index("number", doc! { "number": 1 }, Kind::Unique),
        index("import_key", doc! { "import_key": 1 }, Kind::UniqueText("import_key")),
        index("customer_key", doc! { "customer.key": 1, "status": 1 }, Kind::Plain),
        index("customer_name", doc! { "customer.name_key": 1, "status": 1 }, Kind::Plain),
        index("match_keys", doc! { "match_keys": 1 }, Kind::Plain),
        index("manager_status_decision_due_at", doc! { "manager_id": 1, "status": 1, "decision_due_at": 1, "_id": 1 }, Kind::Plain),
        index("partner_open_protected_until", partner_open("protected_until"), Kind::Plain),
        index("partner_open_expected_close_on", partner_open("expected_close_on"), Kind::Plain),
        index("partner_status_updated_at", doc! { "partner_id": 1, "status": 1, "updated_at": 1, "_id": 1 }, Kind::Plain),
        index("search_words", doc! { "search_words": 1 }, Kind::Plain),
        index("partner_search_words", doc! { "partner_id": 1, "search_words": 1 }, Kind::Plain),
        index("lead", doc! { "origin.lead_id": 1 }, Kind::UniqueText("origin.lead_id")),
        index("answered_at", doc! { "answered_at": 1 }, Kind::Where(doc! { "answered_at": { "$exists": true } })),
        // Reports read what was closed in a period, and what is open now.
        index("closed_on", doc! { "closed_on": 1, "stage_category": 1 }, Kind::Where(doc! { "closed_on": { "$gt": "" } })),
        index(
            "open_created_at",
            doc! { "stage_category": 1, "status": 1, "created_at": 1, "_id": 1 },
            Kind::Where(doc! { "stage_category": "OPEN" }),
        ),
        index("missed_at", doc! { "missed_at": 1 }, Kind::Where(doc! { "missed_at": { "$exists": true } })),
        index("owed_since", doc! { "owed_since": 1, "_id": 1 }, Kind::Where(doc! { "owed_since": { "$exists": true } })),
    ]);
    all
}

/// Lists of leads: every order alone, within a partner, a status.
fn leads() -> Vec<IndexModel> {
    let mut all = vec![
        index("number", doc! { "number": 1 }, Kind::Unique),
        index("import_key", doc! { "import_key": 1 }, Kind::UniqueText("import_key")),
        index("status_partner", doc! { "status": 1, "partner_id": 1 }, Kind::Plain),
        index("search_words", doc! { "search_words": 1 }, Kind::Plain),
        index("partner_search_words", doc! { "partner_id": 1, "search_words": 1 }, Kind::Plain),
    ];
    for field in ["created_at", "updated_at", "follow_up_at"] {
        all.push(index(&format!("all_{field}"), doc! { field: 1, "_id": 1 }, Kind::Plain));
        for (prefix, equal) in [("partner", "partner_id"), ("status", "status")] {
            all.push(index(&format!("{prefix}_{field}"), doc! { equal: 1, field: 1, "_id": 1 }, Kind::Plain));
        }
    }
    all
}

fn events() -> Vec<IndexModel> {
    vec![
        index("seq", doc! { "seq": 1 }, Kind::UniqueSparse),
        index("subject_occurred_at", doc! { "subject.id": 1, "occurred_at": -1, "_id": -1 }, Kind::Plain),
        index("subject_version", doc! { "subject.id": 1, "subject.version": -1, "_id": -1 }, Kind::Plain),
        index("type_seq", doc! { "subject.type": 1, "seq": -1 }, Kind::Plain),
        index("partner_seq", doc! { "subject.partner_id": 1, "seq": -1 }, Kind::Plain),
        index("pending", doc! { "occurred_at": 1, "_id": 1 }, Kind::Where(doc! { "pending": true })),
    ]
}

/// Every index by collection.
pub(crate) fn all() -> Vec<(&'static str, Vec<IndexModel>)> {
    let at_once = Duration::ZERO;
    vec![
        (names::DEALS, deals()),
        (names::EVENTS, events()),
        (names::LEADS, leads()),
        (names::LEAD_KEYS, vec![index("lead_id", doc! { "lead_id": 1 }, Kind::Plain)]),
        (names::LEAD_ROUTINGS, vec![index("number", doc! { "number": 1 }, Kind::Unique)]),
        (names::LEAD_WHYS, vec![index("lead_version", doc! { "lead_id": 1, "version": 1 }, Kind::Plain)]),
        (
            names::CLAIMS,
            vec![
                index("key", doc! { "customer_key": 1, "product_id": 1 }, Kind::Unique),
                index("keys", doc! { "keys": 1, "product_id": 1 }, Kind::UniqueWhere(doc! { "keys": { "$exists": true } })),
                index("name_key", doc! { "name_key": 1 }, Kind::Plain),
                index("deal_id", doc! { "deal_id": 1 }, Kind::Plain),
                index("match_keys", doc! { "match_keys": 1 }, Kind::Plain),
            ],
        ),
        (
            names::CUSTOMERS,
            vec![
                index("partner_key", doc! { "partner_id": 1, "key": 1 }, Kind::Unique),
                index("key", doc! { "key": 1 }, Kind::Plain),
                index("name_key", doc! { "name_key": 1 }, Kind::Plain),
                index("parent_key", doc! { "parent_key": 1 }, Kind::Plain),
                index("group", doc! { "group": 1 }, Kind::Plain),
            ],
        ),
        (
            names::DIRECTS,
            vec![
                index("match_keys", doc! { "match_keys": 1, "status": 1 }, Kind::Plain),
                index("customer_key", doc! { "customer_key": 1, "status": 1 }, Kind::Plain),
                index("recorded_at", doc! { "recorded_at": -1, "_id": -1 }, Kind::Plain),
            ],
        ),
        (
            names::PARTNERS,
            vec![index("slug", doc! { "slug": 1 }, Kind::Unique), index("import_key", doc! { "import_key": 1 }, Kind::UniqueText("import_key"))],
        ),
        (
            names::RULES_VERSIONS,
            vec![
                index("number", doc! { "number": 1 }, Kind::Unique),
                index("effective_from", doc! { "effective_from": 1 }, Kind::UniqueWhere(doc! { "withdrawn": false })),
            ],
        ),
        (
            names::ROOMS,
            vec![
                index("deal_id", doc! { "deal_id": 1 }, Kind::Unique),
                index("members_updated_at", doc! { "members": 1, "updated_at": -1, "_id": -1 }, Kind::Plain),
                index("all_updated_at", doc! { "updated_at": -1, "_id": -1 }, Kind::Plain),
            ],
        ),
        (names::ROOM_MESSAGES, vec![index("room_id", doc! { "room_id": 1, "_id": -1 }, Kind::Plain)]),
        (
            names::DISPUTES,
            vec![
                index("opened_at", doc! { "opened_at": -1, "_id": -1 }, Kind::Plain),
                index("status_opened_at", doc! { "status": 1, "opened_at": -1, "_id": -1 }, Kind::Plain),
                index("sides_opened_at", doc! { "sides": 1, "opened_at": -1, "_id": -1 }, Kind::Plain),
                index("deals_opened_at", doc! { "deals": 1, "opened_at": -1, "_id": -1 }, Kind::Plain),
                index("open_key", doc! { "open_key": 1 }, Kind::UniqueText("open_key")),
            ],
        ),
        (names::ENGAGEMENTS, vec![index("partner_id", doc! { "partner_id": 1 }, Kind::Plain)]),
        (names::PROGRAM, vec![index("only", doc! { "only": 1 }, Kind::Unique)]),
        (
            names::USERS,
            vec![
                index("email", doc! { "email": 1 }, Kind::Unique),
                index("name", doc! { "name": 1, "_id": 1 }, Kind::Plain),
                index("partner_name", doc! { "partner_id": 1, "name": 1, "_id": 1 }, Kind::Plain),
                index("roles_active", doc! { "roles": 1, "active": 1 }, Kind::Plain),
                index("demo", doc! { "demo": 1 }, Kind::Where(doc! { "demo": true })),
            ],
        ),
        (
            names::SESSIONS,
            vec![
                index("user_id", doc! { "user_id": 1 }, Kind::Plain),
                index("expires_at", doc! { "expires_at": 1 }, Kind::Forget(Duration::from_secs(SESSION_AFTERLIFE))),
            ],
        ),
        (
            names::API_KEYS,
            vec![
                index("hash", doc! { "hash": 1 }, Kind::Unique),
                index("partner_created_at", doc! { "partner_id": 1, "created_at": -1, "_id": -1 }, Kind::Plain),
            ],
        ),
        (
            names::KITS,
            vec![
                index("key", doc! { "key": 1 }, Kind::Unique),
                index("asset_id", doc! { "assets.id": 1 }, Kind::Plain),
                index("published_at", doc! { "published_at": -1, "_id": -1 }, Kind::Plain),
            ],
        ),
        (
            names::NOTIFICATIONS,
            vec![
                index("user_at", doc! { "user_id": 1, "at": -1, "_id": -1 }, Kind::Plain),
                index("user_read_at", doc! { "user_id": 1, "read_at": 1, "at": -1, "_id": -1 }, Kind::Plain),
                index("user_digest", doc! { "user_id": 1, "digest": 1, "at": 1, "_id": 1 }, Kind::Where(doc! { "digest": true })),
                index("forget", doc! { "at": 1 }, Kind::Forget(Duration::from_secs(crate::notifications::KEPT_DAYS * 24 * 60 * 60))),
            ],
        ),
        (
            names::OUTBOX,
            vec![
                index("state_available_at", doc! { "state": 1, "available_at": 1 }, Kind::Plain),
                index("user_made_at", doc! { "user_id": 1, "at_once": 1, "made_at": 1 }, Kind::Plain),
                index("forget_at", doc! { "forget_at": 1 }, Kind::Forget(at_once)),
            ],
        ),
        (
            names::ACTION_LINKS,
            vec![index("hashes", doc! { "hashes": 1 }, Kind::Plain), index("forget_at", doc! { "forget_at": 1 }, Kind::Forget(at_once))],
        ),
        (names::TIMERS, vec![index("available_at", doc! { "available_at": 1 }, Kind::Plain)]),
        (
            names::EXPORTS,
            vec![
                index("waiting", doc! { "lease_until": 1 }, Kind::Where(doc! { "finished_at": bson::Bson::Null })),
                index("user_finished_at", doc! { "user_id": 1, "finished_at": 1 }, Kind::Plain),
                index("forget_at", doc! { "forget_at": 1 }, Kind::Plain),
            ],
        ),
        (names::IMPORT_RUNS, vec![index("started_at", doc! { "started_at": -1, "_id": -1 }, Kind::Plain)]),
        (names::IMPORT_ISSUES, vec![index("run_ordinal", doc! { "run_id": 1, "ordinal": 1 }, Kind::Unique)]),
        // A new field rather than another time to live: an older server that starts meanwhile finds its own index as it was.
        (names::IDEMPOTENCY, vec![index("forget_at", doc! { "forget_at": 1 }, Kind::Forget(at_once))]),
        (names::LIMITS, vec![index("key", doc! { "key": 1 }, Kind::Plain), index("expires_at", doc! { "expires_at": 1 }, Kind::Forget(at_once))]),
    ]
}
