//! Evidence: what a partner brings along to show that a deal is its own, and the score that the program's weights give it.
//! The score stands beside first come first served; the program says how it counts.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Cause, Deal, DealAction, DealError, Decision, change, check, next, optional_text};
use crate::event::{EventKind, FieldChange};
use crate::id::FileId;
use crate::policy::Actor;
use crate::text::{LINE_MAX, NOTE_MAX};

/// Most files of one deal.
pub const FILES_MAX: usize = 20;
/// Most bytes of one file.
pub const FILE_MAX: i64 = 10 * 1024 * 1024;

/// A file that shows something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// Its id.
    pub id: FileId,
    /// Name as it was given, for people.
    pub name: String,
    /// What its content is, as checked when it came.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// BLAKE3 of the content, hex; its name in storage.
    pub hash: String,
    /// When it was added.
    pub added_at: Timestamp,
}

/// What a field of the program's own holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Key of the field in the rules.
    pub key: String,
    /// What the field was called then.
    pub name: String,
    /// As written: a date as `2026-11-21`, a number as a decimal.
    pub value: String,
}

/// What a partner brings along to show that a deal is its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The person at the customer, as written.
    pub contact: Option<String>,
    /// What has been found out and agreed.
    pub description: Option<String>,
    /// When the partner met the customer.
    #[serde(default)]
    pub met_on: Option<Date>,
    /// Notes of the discovery: needs, situation, who decides.
    #[serde(default)]
    pub discovery: Option<String>,
    /// What is known of the budget.
    #[serde(default)]
    pub budget: Option<String>,
    /// Files.
    #[serde(default)]
    pub files: Vec<EvidenceFile>,
    /// Fields that the program asks for.
    #[serde(default)]
    pub fields: Vec<FieldValue>,
}

/// Kinds of evidence that carry weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EvidenceKind {
    /// A meeting was held.
    Meeting,
    /// A person at the customer is named.
    Contact,
    /// There are discovery notes.
    Discovery,
    /// The budget is known.
    Budget,
    /// A file was given.
    Files,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [EvidenceKind; 5] = [Self::Meeting, Self::Contact, Self::Discovery, Self::Budget, Self::Files];
}

impl Evidence {
    /// Whether there is evidence of that kind.
    pub fn has(&self, kind: EvidenceKind) -> bool {
        match kind {
            EvidenceKind::Meeting => self.met_on.is_some(),
            EvidenceKind::Contact => self.contact.is_some(),
            EvidenceKind::Discovery => self.discovery.is_some(),
            EvidenceKind::Budget => self.budget.is_some(),
            EvidenceKind::Files => !self.files.is_empty(),
        }
    }
}

/// How the evidence score counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EvidenceUse {
    /// Not at all: first come, first served.
    #[default]
    Off,
    /// The one who decides sees it beside the dates.
    Shown,
    /// A registration needs the least score.
    MinimumToRegister,
    /// An approval needs the least score.
    MinimumToApprove,
}

/// What each kind of evidence weighs, and how the score counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRules {
    /// How the score counts.
    pub counts: EvidenceUse,
    /// The least score, 0 to 100, where one is asked for.
    pub minimum: i32,
    /// Weight of a meeting, 0 to 100.
    pub meeting: i32,
    /// Weight of a named contact.
    pub contact: i32,
    /// Weight of discovery notes.
    pub discovery: i32,
    /// Weight of a known budget.
    pub budget: i32,
    /// Weight of a file.
    pub files: i32,
}

impl Default for EvidenceRules {
    fn default() -> Self {
        Self { counts: EvidenceUse::Off, minimum: 0, meeting: 30, contact: 20, discovery: 20, budget: 20, files: 10 }
    }
}

impl EvidenceRules {
    /// The weight of a kind.
    pub fn weight(&self, kind: EvidenceKind) -> i32 {
        match kind {
            EvidenceKind::Meeting => self.meeting,
            EvidenceKind::Contact => self.contact,
            EvidenceKind::Discovery => self.discovery,
            EvidenceKind::Budget => self.budget,
            EvidenceKind::Files => self.files,
        }
    }

    /// The score of evidence, 0 to 100: the weights of what is there by the sum of all weights, rounded down. Zero when nothing
    /// weighs anything.
    pub fn score(&self, evidence: &Evidence) -> i32 {
        self.score_by(|kind| evidence.has(kind))
    }

    /// The score of what is there.
    pub fn score_by(&self, has: impl Fn(EvidenceKind) -> bool) -> i32 {
        let weight = |kind: &EvidenceKind| i64::from(self.weight(*kind).max(0));
        let all: i64 = EvidenceKind::ALL.iter().map(weight).sum();
        let there: i64 = EvidenceKind::ALL.iter().filter(|kind| has(**kind)).map(weight).sum();
        if all == 0 { 0 } else { i32::try_from(100 * there / all).unwrap_or(100) }
    }

    /// The least score for an approval; none when none is asked for.
    pub fn to_approve(&self) -> Option<i32> {
        (self.counts == EvidenceUse::MinimumToApprove).then_some(self.minimum)
    }

    /// The least score for a registration; none when none is asked for.
    pub fn to_register(&self) -> Option<i32> {
        (self.counts == EvidenceUse::MinimumToRegister).then_some(self.minimum)
    }
}

/// More evidence; what is none stays as it is, files are added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MoreEvidence {
    /// The person at the customer.
    pub contact: Option<String>,
    /// When the partner met the customer; today or earlier.
    pub met_on: Option<Date>,
    /// Discovery notes.
    pub discovery: Option<String>,
    /// What is known of the budget.
    pub budget: Option<String>,
    /// Files, checked.
    pub files: Vec<EvidenceFile>,
}

/// Adds evidence to a deal that waits or is approved. `today` is the date in the program's time zone.
pub fn add(deal: &Deal, actor: &Actor, expected_version: i32, more: MoreEvidence, today: Date, cause: Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::AddEvidence, Some(expected_version))?;
    let mut after = next(deal, cause.now);
    let old = &deal.evidence;
    let e = &mut after.evidence;
    e.contact = optional_text("contactName", more.contact.as_deref(), LINE_MAX)?.or_else(|| old.contact.clone());
    e.discovery = optional_text("discoveryNotes", more.discovery.as_deref(), NOTE_MAX)?.or_else(|| old.discovery.clone());
    e.budget = optional_text("budget", more.budget.as_deref(), LINE_MAX)?.or_else(|| old.budget.clone());
    if more.met_on.is_some_and(|day| day > today) {
        return Err(DealError::MeetingAhead);
    }
    e.met_on = more.met_on.or(old.met_on);
    let new = more.files.into_iter().filter(|f| old.files.iter().all(|o| o.hash != f.hash));
    e.files.extend(new.map(|f| EvidenceFile { added_at: cause.now, ..f }));
    if e.files.len() > FILES_MAX {
        return Err(DealError::TooManyFiles { max: FILES_MAX });
    }
    if after.evidence == deal.evidence {
        return Err(DealError::Required { field: "evidence" });
    }
    let changes = changes(deal, &after);
    let event = cause.event(&after, EventKind::DealEvidenceAdded, None, changes);
    Ok(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] })
}

fn changes(deal: &Deal, after: &Deal) -> Vec<FieldChange> {
    let (old, new) = (&deal.evidence, &after.evidence);
    let day = |d: Option<Date>| d.map(|d| d.to_string());
    let fields = [
        change("contactName", old.contact.clone(), new.contact.clone()),
        change("metOn", day(old.met_on), day(new.met_on)),
        change("discoveryNotes", old.discovery.clone(), new.discovery.clone()),
        change("budget", old.budget.clone(), new.budget.clone()),
    ];
    let file = |f: &EvidenceFile| FieldChange { field: "file".into(), before: None, after: Some(f.name.clone()) };
    fields.into_iter().flatten().chain(new.files.iter().skip(old.files.len()).map(file)).collect()
}

/// Takes back what one event added; `at` is the moment of the event.
pub(super) fn take_back(evidence: &mut Evidence, field: &str, before: Option<String>, at: Timestamp) {
    match field {
        "contactName" => evidence.contact = before,
        "metOn" => evidence.met_on = before.and_then(|d| d.parse().ok()),
        "discoveryNotes" => evidence.discovery = before,
        "budget" => evidence.budget = before,
        "file" => evidence.files.retain(|f| f.added_at < at),
        _ => {}
    }
}
