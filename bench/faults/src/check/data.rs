//! Whether the database holds what was acknowledged, once, and agrees with itself: deals, claims, timers, events, numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use bson::{Document, doc};
use futures::TryStreamExt;
use mongodb::Database;

use crate::ledger::{Action, Entry, Tried};

/// What the events say of one deal.
#[derive(Debug, Default)]
struct Story {
    /// Version and kind of every event that changes the deal, by number.
    steps: BTreeMap<i64, (i32, String)>,
}

/// Events about a deal that leave it as it is; they carry the version that it had.
const NO_CHANGE: [&str; 3] = ["DEAL_NOTE_ADDED", "DEAL_WAY_FREED", "CUSTOMER_GROUPED"];

/// Everything of the database that is looked at.
struct Picture {
    deals: HashMap<String, Document>,
    stories: HashMap<String, Story>,
    /// How many events have this text, by text and kind.
    texts: HashMap<(String, String), usize>,
    titles: HashMap<String, Vec<String>>,
    claims: Vec<Document>,
    /// Each as its kind, a colon, and the id of its subject.
    timers: BTreeSet<String>,
    replies: HashMap<String, String>,
    numbers: Vec<i64>,
    unnumbered: usize,
    last_seq: i64,
}

async fn rows(db: &Database, name: &str, fields: Document) -> Result<Vec<Document>> {
    Ok(db.collection::<Document>(name).find(doc! {}).projection(fields).batch_size(5_000).await?.try_collect().await?)
}

fn text<'a>(row: &'a Document, field: &str) -> &'a str {
    row.get_str(field).unwrap_or_default()
}

impl Picture {
    async fn take(db: &Database) -> Result<Self> {
        let fields = doc! { "version": 1, "status": 1, "stage_category": 1, "product_ids": 1, "included": 1, "customer.key": 1, "title": 1, "protected_until": 1, "decision_due_at": 1, "missed_at": 1 };
        let deals = rows(db, "deals", fields).await?;
        let mut picture = Self {
            deals: HashMap::new(),
            stories: HashMap::new(),
            texts: HashMap::new(),
            titles: HashMap::new(),
            claims: rows(db, "claims", doc! { "customer_key": 1, "product_id": 1, "deal_id": 1 }).await?,
            timers: rows(db, "timers", doc! { "_id": 1 }).await?.iter().map(|row| text(row, "_id").to_owned()).collect(),
            replies: HashMap::new(),
            numbers: Vec::new(),
            unnumbered: 0,
            last_seq: 0,
        };
        for deal in deals {
            let id = text(&deal, "_id").to_owned();
            picture.titles.entry(text(&deal, "title").to_owned()).or_default().push(id.clone());
            picture.deals.insert(id, deal);
        }
        for row in rows(db, "idempotency", doc! { "result_id": 1 }).await? {
            // The key is kept under who asked and which mutation it was.
            let key = text(&row, "_id").rsplit(' ').next().unwrap_or_default().to_owned();
            picture.replies.insert(key, text(&row, "result_id").to_owned());
        }
        picture.take_events(db).await?;
        let relay = db.collection::<Document>("relay").find_one(doc! { "_id": "events" }).await?;
        picture.last_seq = relay.and_then(|relay| relay.get_i64("last_seq").ok()).unwrap_or(0);
        Ok(picture)
    }

    async fn take_events(&mut self, db: &Database) -> Result<()> {
        for row in rows(db, "events", doc! { "seq": 1, "kind": 1, "subject": 1, "text": 1, "pending": 1 }).await? {
            let seq = row.get_i64("seq").ok();
            match seq {
                Some(seq) => self.numbers.push(seq),
                None => self.unnumbered += 1,
            }
            let kind = text(&row, "kind").to_owned();
            if let Ok(words) = row.get_str("text") {
                *self.texts.entry((words.to_owned(), kind.clone())).or_default() += 1;
            }
            let Ok(subject) = row.get_document("subject") else { continue };
            if text(subject, "type") == "DEAL" && !NO_CHANGE.contains(&kind.as_str()) {
                let story = self.stories.entry(text(subject, "id").to_owned()).or_default();
                story.steps.insert(seq.unwrap_or(i64::MAX), (subject.get_i32("version").unwrap_or(0), kind));
            }
        }
        Ok(())
    }
}

/// What is wrong; `entries` is all that was tried on this database and may be checked.
pub async fn check(db: &Database, entries: &[Entry]) -> Result<Vec<String>> {
    let picture = Picture::take(db).await?;
    let mut wrong = Vec::new();
    numbers(&picture, &mut wrong);
    for (id, deal) in &picture.deals {
        agree(&picture, id, deal, &mut wrong);
    }
    claims(&picture, &mut wrong);
    for entry in entries {
        if let Some(failure) = kept(&picture, entry) {
            wrong.push(format!("{} ({:?} of {}): {failure}; attempts: {:?}", entry.key, entry.action, entry.email, outcomes(entry)));
        }
    }
    Ok(wrong)
}

fn outcomes(entry: &Entry) -> Vec<&Tried> {
    entry.attempts.iter().map(|attempt| &attempt.tried).collect()
}

/// The numbers of events have neither holes nor doubles, and none is missing.
fn numbers(picture: &Picture, wrong: &mut Vec<String>) {
    let distinct: BTreeSet<i64> = picture.numbers.iter().copied().collect();
    let count = i64::try_from(picture.numbers.len()).unwrap_or(i64::MAX);
    if picture.unnumbered > 0 {
        wrong.push(format!("{} events have no number", picture.unnumbered));
    }
    if distinct.len() != picture.numbers.len() {
        wrong.push(format!("{} numbers were given twice", picture.numbers.len() - distinct.len()));
    }
    if distinct.first().is_some_and(|first| *first != 1) || distinct.last() != Some(&count) || picture.last_seq != count {
        let (first, last) = (distinct.first(), distinct.last());
        wrong.push(format!("{count} events have the numbers {first:?} to {last:?}, and the last one given is {}", picture.last_seq));
    }
}

/// A deal is what its events say.
fn agree(picture: &Picture, id: &str, deal: &Document, wrong: &mut Vec<String>) {
    let version = deal.get_i32("version").unwrap_or(0);
    let status = text(deal, "status");
    let steps: Vec<&(i32, String)> = picture.stories.get(id).map(|story| story.steps.values().collect()).unwrap_or_default();
    // One change may be told by several events of different kinds, as an approval that comes too late; by none twice.
    let twice = steps.windows(2).any(|pair| pair[0] == pair[1]);
    let mut versions: Vec<i32> = steps.iter().map(|(version, _)| *version).collect();
    if !twice {
        versions.dedup();
    }
    let whole: Vec<i32> = (1..=version).collect();
    if versions != whole {
        wrong.push(format!("{id} has version {version} and its events tell of {versions:?}"));
    }
    let told = steps.iter().rev().find_map(|(_, kind)| status_of(kind));
    if told.is_some_and(|told| told != status) || told.is_none() {
        wrong.push(format!("{id} is {status} and its events say {told:?}"));
    }
    let protected = status == "APPROVED" && text(deal, "stage_category") == "OPEN";
    let has = |kind: &str| picture.timers.contains(&format!("{kind}:{id}"));
    if protected != has("protection") {
        wrong.push(format!("{id} is {status} and {} a timer of its protection", if protected { "lacks" } else { "has" }));
    }
    let awaited = matches!(status, "SUBMITTED" | "IN_REVIEW");
    let running = awaited && deal.get_datetime("decision_due_at").is_ok() && deal.get_datetime("missed_at").is_err();
    if running != has("decision-deadline") {
        wrong.push(format!("{id} is {status} and {} a timer of its decision", if running { "lacks" } else { "has" }));
    }
    if !awaited && (has("decision-warning") || has("decision-escalation")) {
        wrong.push(format!("{id} is {status} and is warned of a decision that nobody owes"));
    }
}

/// The status that an event leaves behind; none when it leaves it as it is.
fn status_of(kind: &str) -> Option<&'static str> {
    match kind {
        "DEAL_REGISTERED" => Some("SUBMITTED"),
        "DEAL_INFO_PROVIDED" => Some("IN_REVIEW"),
        "DEAL_APPROVED" => Some("APPROVED"),
        "DEAL_REJECTED" => Some("REJECTED"),
        "DEAL_INFO_REQUESTED" => Some("INFO_REQUESTED"),
        "DEAL_WITHDRAWN" => Some("WITHDRAWN"),
        "DEAL_EXPIRED" | "DEAL_INACTIVE" => Some("EXPIRED"),
        "DEAL_RELEASED" => Some("RELEASED"),
        _ => None,
    }
}

/// Each approved deal that goes on holds exactly its claims, nobody else holds any, and no claim is held twice.
fn claims(picture: &Picture, wrong: &mut Vec<String>) {
    let mut held: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for claim in &picture.claims {
        held.entry((text(claim, "customer_key"), text(claim, "product_id"))).or_default().push(text(claim, "deal_id"));
    }
    let mut due: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for (id, deal) in &picture.deals {
        if text(deal, "status") != "APPROVED" || text(deal, "stage_category") != "OPEN" {
            continue;
        }
        let customer = deal.get_document("customer").map(|customer| text(customer, "key")).unwrap_or_default();
        let parts = ["product_ids", "included"].into_iter().filter_map(|field| deal.get_array(field).ok());
        for product in parts.flatten().filter_map(bson::Bson::as_str) {
            due.insert((customer, product, id));
        }
    }
    for ((customer, product), deals) in &held {
        if deals.len() > 1 {
            wrong.push(format!("{customer} and {product} are held by {deals:?}"));
        }
        for deal in deals {
            if !due.remove(&(*customer, *product, *deal)) {
                wrong.push(format!("{deal} holds {customer} and {product} and should not"));
            }
        }
    }
    wrong.extend(due.into_iter().map(|(customer, product, deal)| format!("{deal} should hold {customer} and {product}")));
}

/// Whether what came of an entry is what the database says; none when it is.
fn kept(picture: &Picture, entry: &Entry) -> Option<String> {
    let Some(outcome) = entry.outcome() else { return Some("nobody knows what came of it".to_owned()) };
    if entry.action == Action::Register {
        let deals = picture.titles.get(&entry.key).cloned().unwrap_or_default();
        return match outcome {
            Tried::Done { deal, .. } if deals != [deal.clone()] => Some(format!("acknowledged as {deal}, and there are {deals:?}")),
            Tried::Done { deal, .. } if picture.replies.get(&entry.key) != Some(deal) => {
                Some(format!("acknowledged as {deal}, and its key leads to {:?}", picture.replies.get(&entry.key)))
            }
            Tried::Blocked | Tried::Refused(_) if !deals.is_empty() => Some(format!("refused, and there are {deals:?}")),
            Tried::Refused(code) => Some(format!("refused with {code}")),
            _ => None,
        };
    }
    let events = picture.texts.get(&(entry.key.clone(), entry.action.event().to_owned())).copied().unwrap_or(0);
    match outcome {
        Tried::Done { .. } if entry.action == Action::Note && events >= 1 => None,
        Tried::Done { .. } if events != 1 => Some(format!("acknowledged, and {events} events tell of it")),
        // After a doubt, a repeat learns by the version that it was done, and it must have been done once.
        Tried::Refused(_) if entry.was_in_doubt() && events != 1 => Some(format!("refused after a doubt, and {events} events tell of it")),
        Tried::Refused(code) if !entry.was_in_doubt() => Some(format!("refused with {code}, and {events} events tell of it")),
        _ => None,
    }
}
