//! Protection of an approved deal: it begins with the approval, stands still while the vendor owes the partner an answer, can
//! be extended on evidence, and ends by its date, by inactivity, or at the customer's request.
//!
//! [`replay`] makes the same state again out of the events alone; the functions below change it by the same few steps.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::decide::{claims, closed};
use super::{Cause, Deal, DealAction, DealError, Decision, RegistrationStatus, admit, change, next, optional_text, required_text};
use crate::event::{Event, EventActor, EventKind, FieldChange, Subject};
use crate::policy::Actor;
use crate::program::StageCategory;
use crate::text::{LINE_MAX, NOTE_MAX};

/// Until when claims are held whose clock stands still: later than any protection can end.
pub const NO_END: Timestamp = Timestamp::constant(253_000_000_000, 0);
/// The field of an event that tells of the end.
const PROTECTED_UNTIL: &str = "protectedUntil";
/// Most reminders before one end.
pub const REMINDERS_MAX: usize = 10;

/// How often protection can be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExtensionRule {
    /// Never.
    #[default]
    Off,
    /// Once for each approval.
    Once,
    /// As often as it is granted.
    Unlimited,
}

/// What the rules say of protection beside its days. Everything is off by default, as in rules from before they said anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProtectionTerms {
    /// How often it can be extended.
    pub extension: ExtensionRule,
    /// By how many days a granted extension extends.
    pub extension_days: i64,
    /// After how many days without a change of the deal it ends; 0 is never.
    pub inactivity_days: i64,
    /// How many days before its end the partner is reminded, the largest first.
    pub reminder_days: Vec<i64>,
}

/// Something that the partner asked and the vendor has not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What was asked or given as a reason.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: EventActor,
}

/// That the customer asked for the deal to be given free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Who at the customer asked.
    pub requested_by: String,
    /// What proves it.
    pub proof: String,
}

/// The protection of a deal beside its end, which is the deal's `protected_until`. Empty while there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Protection {
    /// What the rules said at the approval.
    pub terms: ProtectionTerms,
    /// Milliseconds left while the clock stands still; none while it runs.
    pub left_ms: Option<i64>,
    /// The partner's open question to the vendor.
    pub question: Option<Asked>,
    /// The request for an extension that waits for the vendor.
    pub extension: Option<Asked>,
    /// Extensions granted since the approval.
    pub extensions: i32,
    /// When the deal last changed by somebody's hand.
    pub active_at: Option<Timestamp>,
    /// Days before the end at which the partner is still to be reminded, the largest first. Begun anew whenever the end moves.
    pub reminders: Vec<i64>,
    /// Set when the deal was given free at the customer's request.
    pub released: Option<Release>,
}

impl Protection {
    /// Whether the rules let one more extension be asked for.
    pub fn can_extend(&self) -> bool {
        match self.terms.extension {
            ExtensionRule::Off => false,
            ExtensionRule::Once => self.extensions == 0,
            ExtensionRule::Unlimited => true,
        }
    }

    /// Whether the vendor owes an answer, so that the clock stands still.
    pub fn vendor_owes(&self) -> bool {
        self.question.is_some() || self.extension.is_some()
    }

    /// Since when the vendor owes an answer: the moment of what was asked first and is open.
    pub fn owed_since(&self) -> Option<Timestamp> {
        self.question.iter().chain(&self.extension).map(|asked| asked.at).min()
    }

    /// Nothing runs and nothing is asked any more; what was granted and released stays to be read.
    pub(super) fn end(&mut self) {
        self.left_ms = None;
        self.question = None;
        self.extension = None;
        self.active_at = None;
        self.reminders.clear();
    }
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n.clamp(0, 100_000) * 24)
}

/// The moment so many days before another.
fn before(end: Timestamp, n: i64) -> Timestamp {
    end.checked_sub(days(n)).unwrap_or(Timestamp::MIN)
}

impl Deal {
    /// Whether it holds its customer and products, with the clock running or standing still.
    pub fn is_protected(&self) -> bool {
        self.protected_until.is_some() || self.protection.left_ms.is_some()
    }

    /// When protection ends for want of activity; none when the rules know no such end, or the clock stands still.
    pub fn inactive_at(&self) -> Option<Timestamp> {
        let terms = &self.protection.terms;
        let running = self.protected_until.is_some() && terms.inactivity_days > 0;
        self.protection.active_at.filter(|_| running)?.checked_add(days(terms.inactivity_days)).ok()
    }

    /// When protection ends if nothing happens until then: by its date or for want of activity, whichever comes first; none while
    /// the clock stands still.
    pub fn protection_ends_at(&self) -> Option<Timestamp> {
        let until = self.protected_until?;
        Some(self.inactive_at().map_or(until, |idle| idle.min(until)))
    }

    /// When the partner is next reminded of the end.
    pub fn reminder_at(&self) -> Option<Timestamp> {
        let first = self.protection.reminders.first()?;
        Some(before(self.protection_ends_at()?, *first))
    }
}

/// Protection begins.
pub(super) fn begin(deal: &mut Deal, terms: &ProtectionTerms, until: Timestamp, now: Timestamp) {
    deal.protection = Protection { terms: terms.clone(), active_at: Some(now), ..Protection::default() };
    run_until(deal, until, now);
}

/// Somebody worked on the deal. Where that moves the end, reminders begin anew before the later one; an end that stays keeps those
/// that are still to be given, also one whose timer is late.
pub(super) fn touch(deal: &mut Deal, now: Timestamp) {
    if deal.protection.active_at.is_none() {
        return;
    }
    let end = deal.protection_ends_at();
    deal.protection.active_at = Some(now);
    if deal.protection_ends_at() != end {
        arm(deal, now);
    }
}

/// The reminders of the end as it is now; those whose moment is past are not given.
fn arm(deal: &mut Deal, now: Timestamp) {
    let end = deal.protection_ends_at();
    let is_ahead = |d: &i64| end.is_some_and(|end| before(end, *d) > now);
    let mut ahead: Vec<i64> = deal.protection.terms.reminder_days.iter().copied().filter(is_ahead).collect();
    ahead.sort_unstable_by(|a, b| b.cmp(a));
    ahead.dedup();
    deal.protection.reminders = ahead;
}

/// The clock runs to that end, unless inactivity ends it before.
fn run_until(deal: &mut Deal, until: Timestamp, now: Timestamp) {
    deal.protected_until = Some(until);
    deal.protection.left_ms = None;
    arm(deal, now);
}

/// The clock stands still, if it does not already.
fn stand_still(deal: &mut Deal, now: Timestamp) {
    let Some(until) = deal.protected_until.take() else { return };
    deal.protection.left_ms = Some((until.as_millisecond() - now.as_millisecond()).max(0));
    deal.protection.reminders.clear();
}

/// The clock goes on, unless the vendor owes another answer.
fn go_on(deal: &mut Deal, now: Timestamp) {
    if deal.protection.vendor_owes() {
        return;
    }
    let Some(left) = deal.protection.left_ms else { return };
    let until = now.checked_add(SignedDuration::from_millis(left)).unwrap_or(NO_END).min(NO_END);
    run_until(deal, until, now);
}

fn ask(deal: &mut Deal, asked: Asked) {
    stand_still(deal, asked.at);
    deal.protection.question = Some(asked);
}

fn answer(deal: &mut Deal, now: Timestamp) {
    deal.protection.question = None;
    go_on(deal, now);
}

fn request(deal: &mut Deal, asked: Asked) {
    stand_still(deal, asked.at);
    deal.protection.extension = Some(asked);
}

fn decide(deal: &mut Deal, granted: bool, now: Timestamp) {
    deal.protection.extension = None;
    if granted {
        let more = days(deal.protection.terms.extension_days).as_millis();
        let more = i64::try_from(more).unwrap_or_default();
        deal.protection.left_ms = deal.protection.left_ms.map(|left| left.saturating_add(more));
        deal.protection.extensions += 1;
    }
    go_on(deal, now);
}

fn reminded(deal: &mut Deal, now: Timestamp) -> Option<i64> {
    let end = deal.protection_ends_at()?;
    let (due, ahead): (Vec<i64>, Vec<i64>) = deal.protection.reminders.iter().partition(|d| before(end, **d) <= now);
    deal.protection.reminders = ahead;
    due.last().copied()
}

/// The change of the end, where it changes.
pub(super) fn end_change(before: &Deal, after: &Deal) -> Option<FieldChange> {
    let say = |d: &Deal| d.protected_until.map(|t| t.to_string());
    change(PROTECTED_UNTIL, say(before), say(after))
}

/// What a change of protection writes: the deal, its claims moved to the new end in the same write, and the event.
fn moved(deal: &Deal, after: Deal, kind: EventKind, text: Option<String>, cause: &Cause) -> Decision {
    let changes: Vec<FieldChange> = end_change(deal, &after).into_iter().collect();
    let moves = deal.protected_until != after.protected_until;
    let take = if moves { claims(&after, after.protected_until.unwrap_or(NO_END)) } else { Vec::new() };
    let event = cause.event(&after, kind, text, changes);
    Decision { deal: after, based_on: Some(deal.version), take, release_claims: moves, events: vec![event] }
}

/// Right and version, then that protection has not ended by now, then the state.
fn checked(deal: &Deal, actor: &Actor, action: DealAction, expected_version: i32, now: Timestamp) -> Result<(), DealError> {
    admit(deal, actor, action, Some(expected_version))?;
    if !deal.is_protected() || deal.protected_until.is_some_and(|until| until <= now) {
        return Err(DealError::NotProtected { status: deal.status.name() });
    }
    Ok(())
}

fn asked(text: String, cause: &Cause) -> Asked {
    Asked { text, at: cause.now, by: cause.actor.clone() }
}

/// The partner asks the vendor something about an approved deal; protection stands still until the answer.
pub fn ask_vendor(deal: &Deal, actor: &Actor, expected_version: i32, question: &str, cause: Cause) -> Result<Decision, DealError> {
    checked(deal, actor, DealAction::AskVendor, expected_version, cause.now)?;
    if !DealAction::AskVendor.fits(deal) {
        return Err(DealError::QuestionOpen);
    }
    let question = required_text("question", question)?;
    let mut after = next(deal, cause.now);
    ask(&mut after, asked(question.clone(), &cause));
    Ok(moved(deal, after, EventKind::DealVendorAsked, Some(question), &cause))
}

/// The vendor answers the partner's question; protection goes on with what was left.
pub fn answer_partner(deal: &Deal, actor: &Actor, expected_version: i32, text: &str, cause: Cause) -> Result<Decision, DealError> {
    admit(deal, actor, DealAction::AnswerPartner, Some(expected_version))?;
    if !DealAction::AnswerPartner.fits(deal) {
        return Err(DealError::NothingPending);
    }
    let text = required_text("answer", text)?;
    let mut after = next(deal, cause.now);
    answer(&mut after, cause.now);
    Ok(moved(deal, after, EventKind::DealPartnerAnswered, Some(text), &cause))
}

/// The partner asks for an extension and says what speaks for it; protection stands still until the vendor has decided.
pub fn request_extension(deal: &Deal, actor: &Actor, expected_version: i32, reason: &str, cause: Cause) -> Result<Decision, DealError> {
    checked(deal, actor, DealAction::RequestExtension, expected_version, cause.now)?;
    if deal.protection.extension.is_some() {
        return Err(DealError::ExtensionPending);
    }
    if !DealAction::RequestExtension.fits(deal) {
        return Err(DealError::ExtensionNotAllowed);
    }
    let reason = required_text("reason", reason)?;
    let mut after = next(deal, cause.now);
    request(&mut after, asked(reason.clone(), &cause));
    Ok(moved(deal, after, EventKind::DealExtensionRequested, Some(reason), &cause))
}

/// The vendor grants or declines the extension; a decline says why.
pub fn decide_extension(
    deal: &Deal,
    actor: &Actor,
    expected_version: i32,
    granted: bool,
    note: Option<&str>,
    cause: Cause,
) -> Result<Decision, DealError> {
    admit(deal, actor, DealAction::DecideExtension, Some(expected_version))?;
    if !DealAction::DecideExtension.fits(deal) {
        return Err(DealError::NothingPending);
    }
    let note = optional_text("note", note, NOTE_MAX)?;
    if !granted && note.is_none() {
        return Err(DealError::Required { field: "note" });
    }
    let mut after = next(deal, cause.now);
    decide(&mut after, granted, cause.now);
    let kind = if granted { EventKind::DealExtensionGranted } else { EventKind::DealExtensionDeclined };
    Ok(moved(deal, after, kind, note, &cause))
}

/// The vendor gives the deal free at the customer's request: who asked, and what proves it.
pub fn release(deal: &Deal, actor: &Actor, expected_version: i32, requested_by: &str, proof: &str, cause: Cause) -> Result<Decision, DealError> {
    super::check(deal, actor, DealAction::Release, Some(expected_version))?;
    let requested_by = required_text("requestedBy", requested_by)?;
    if requested_by.chars().count() > LINE_MAX {
        return Err(DealError::TooLong { field: "requestedBy", max: LINE_MAX });
    }
    let proof = required_text("proof", proof)?;
    let mut after = closed(deal, RegistrationStatus::Released, Some(proof.clone()), &cause);
    after.protection.released = Some(Release { requested_by: requested_by.clone(), proof: proof.clone() });
    let changes = [
        change("status", Some(deal.status.name().into()), Some(after.status.name().into())),
        change("requestedBy", None, Some(requested_by)),
        end_change(deal, &after),
    ];
    let event = cause.event(&after, EventKind::DealReleased, Some(proof), changes.into_iter().flatten().collect());
    Ok(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: true, events: vec![event] })
}

/// Reminds of the end, when a reminder is due by `cause.now`; of several that are due, of the nearest one. Of what has ended by
/// then nobody is reminded: the end itself is told.
pub fn remind(deal: &Deal, cause: Cause) -> Option<Decision> {
    let due = deal.is_open() && deal.status == RegistrationStatus::Approved && deal.reminder_at().is_some_and(|at| at <= cause.now);
    if !due || deal.protection_ends_at().is_none_or(|end| end <= cause.now) {
        return None;
    }
    let mut after = Deal { version: deal.version + 1, updated_at: cause.now, ..deal.clone() };
    let left = reminded(&mut after, cause.now)?;
    let changes = vec![FieldChange { field: "daysLeft".into(), before: None, after: Some(left.to_string()) }];
    let event = cause.event(&after, EventKind::DealProtectionEnding, None, changes);
    Some(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] })
}

/// Tells a registration that waited that what it waited behind has ended. Leaves the deal as it is and names nobody.
pub fn way_freed(waiting: &Deal, cause: &Cause) -> Decision {
    let event = cause.event(waiting, EventKind::DealWayFreed, None, Vec::new());
    Decision { deal: waiting.clone(), based_on: Some(waiting.version), take: Vec::new(), release_claims: false, events: vec![event] }
}

fn version(event: &Event) -> i32 {
    match &event.subject {
        Subject::Deal { version, .. } => *version,
        _ => 0,
    }
}

/// Protection and its end as the events say, in any order; `begins` gives the terms and the end of an approval at a moment.
/// Changes nothing else of the deal, whose stage must be that of the moment. A deal that came in protected begins with the end
/// that the first event to change it names, or else with the one that it has.
pub fn replay(deal: &mut Deal, events: &[Event], begins: impl Fn(Timestamp) -> Option<(ProtectionTerms, Timestamp)>) {
    let mut told: Vec<&Event> = events.iter().collect();
    told.sort_by_key(|e| (e.occurred_at, version(e)));
    let came_in = if told.iter().any(|e| e.kind == EventKind::DealApproved) {
        None
    } else {
        let first = told.iter().flat_map(|e| &e.changes).find(|c| c.field == PROTECTED_UNTIL);
        first.map_or(deal.protected_until, |c| c.before.as_ref().and_then(|t| t.parse().ok()))
    };
    deal.protected_until = came_in;
    deal.protection = Protection::default();
    let mut last = 0;
    for event in told {
        // What changes nothing carries the version that it met, and must not stand for the change that made it.
        if version(event) > last && event.kind.changes_deal() {
            last = version(event);
            step(deal, event, &begins);
        }
    }
    if deal.stage_category != StageCategory::Open {
        deal.protected_until = None;
        deal.protection.end();
    }
}

fn step(deal: &mut Deal, event: &Event, begins: &impl Fn(Timestamp) -> Option<(ProtectionTerms, Timestamp)>) {
    let (now, text) = (event.occurred_at, event.text.clone().unwrap_or_default());
    let asked = || Asked { text: text.clone(), at: now, by: event.actor.clone() };
    if event.kind == EventKind::DealProtectionEnding {
        reminded(deal, now);
        return;
    }
    touch(deal, now);
    match event.kind {
        EventKind::DealApproved => {
            if let Some((terms, until)) = begins(now) {
                begin(deal, &terms, until, now);
            }
        }
        EventKind::DealVendorAsked => ask(deal, asked()),
        EventKind::DealPartnerAnswered => answer(deal, now),
        EventKind::DealExtensionRequested => request(deal, asked()),
        EventKind::DealExtensionGranted => decide(deal, true, now),
        EventKind::DealExtensionDeclined => decide(deal, false, now),
        EventKind::DealExpired | EventKind::DealInactive | EventKind::DealReleased | EventKind::DealWithdrawn | EventKind::DealRejected => {
            deal.protected_until = None;
            deal.protection.end();
            if event.kind == EventKind::DealReleased {
                let who = event.changes.iter().find(|c| c.field == "requestedBy").and_then(|c| c.after.clone());
                deal.protection.released = Some(Release { requested_by: who.unwrap_or_default(), proof: text });
            }
        }
        _ => {}
    }
}
