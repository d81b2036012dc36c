//! A lead comes in: written down by the vendor's people and programs, or asked for by anybody through the public form. The
//! same person with the same product joins the lead that is there.

use entente_domain::Timestamp;
use entente_domain::event::EventActor;
use entente_domain::id::{LeadId, PartnerId};
use entente_domain::lead::decide::{self, New, wanted};
use entente_domain::lead::draft::{LeadDraft, LeadInput, LeadTerms, validate};
use entente_domain::lead::{Consent, Enquiry, Intake, Lead, LeadError, duplicate_keys};
use entente_domain::policy::{Action, Actor, Resource, Scope, can};
use entente_store::{IdempotencyRecord, LeadCommitted, LeadWrite};
use jiff::SignedDuration;
use serde::Serialize;
use ulid::Ulid;

use super::give::{Field, causes, is_active};
use super::{LeadRefusal, TRIES};
use crate::idempotency::Once;
use crate::{App, AppError, Refused};

/// How many enquiries of one address count within an hour; further ones are answered the same and left out.
const ENQUIRIES_PER_HOUR: i64 = 20;

/// A lead as somebody wrote it down.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CreateInput {
    /// What was typed.
    pub lead: LeadInput,
    /// The partner that it is for; none lets the rules find one.
    pub partner_id: Option<String>,
    /// Whether it stays with the vendor until somebody lets it go.
    pub hold: bool,
    /// Made once per form; see [`crate::idempotency`].
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What somebody without an account asked through the public form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EnquiryInput {
    /// What was typed.
    pub lead: LeadInput,
    /// The partner that was asked for; none lets the rules find one.
    pub partner_id: Option<String>,
    /// The text that the person agreed to.
    pub consent: Option<String>,
    /// A field that people do not see and programs fill in.
    #[serde(skip)]
    pub trap: Option<String>,
    /// Made once per form; see [`crate::idempotency`].
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// A lead that came in.
#[derive(Debug, Clone)]
pub struct Created {
    /// The lead, or the one that it joined.
    pub lead: Lead,
    /// Whether it joined one that was there.
    pub joined: bool,
}

type Taken = Result<Created, Refused<LeadRefusal>>;

/// Writes a lead down.
#[tracing::instrument(level = "debug", name = "lead.create", skip_all)]
pub async fn create(app: &App, actor: &Actor, input: &CreateInput) -> Taken {
    if !can(actor, Action::CreateLead, Resource::OfVendor) {
        return Err(Refused::Refused(LeadError::NotAllowed.into()));
    }
    let once = Once::new(actor, "leadCreate", input.idempotency_key.as_deref(), input)?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, &record).await;
    }
    let view = app.program().await?;
    let draft = validate(&input.lead, &LeadTerms::of(&view.program)).map_err(|wrong| Refused::Refused(LeadRefusal::Invalid(wrong)))?;
    let directly = directly(app, input.partner_id.as_deref(), true).await?;
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    let entry = Entry { draft, intake: Intake::Api, consent: None, directly, hold: input.hold };
    take_in(app, by, entry, &once).await
}

/// Takes an enquiry of the public form in. Whoever asks is told nothing about what is known of them: what is left out is
/// answered as what is kept.
#[tracing::instrument(level = "debug", name = "lead.enquire", skip_all)]
pub async fn enquire(app: &App, input: &EnquiryInput) -> Result<(), Refused<LeadRefusal>> {
    let view = app.program().await?;
    let draft = validate(&input.lead, &LeadTerms::of(&view.program)).map_err(|wrong| Refused::Refused(LeadRefusal::Invalid(wrong)))?;
    let consent = entente_domain::text::optional(input.consent.as_deref(), entente_domain::text::NOTE_MAX).ok().flatten();
    let Some(text) = consent else { return Err(Refused::Refused(LeadRefusal::ConsentMissing)) };
    let directly = directly(app, input.partner_id.as_deref(), false).await?;
    if input.trap.as_deref().is_some_and(|trap| !trap.trim().is_empty()) {
        tracing::info!("an enquiry filled in the field that people do not see; left out");
        return Ok(());
    }
    let email = draft.person.email.clone();
    if app.store.bump(&format!("enquiry {email}"), 3_600, Timestamp::now()).await? > ENQUIRIES_PER_HOUR {
        tracing::info!("one address asked too often; left out");
        return Ok(());
    }
    let by = EventActor { user_id: None, name: draft.person.name.clone() };
    // Nobody is signed in: a key is of the address that it came with, so that nobody meets another's.
    let stranger = Actor {
        user_id: entente_domain::id::UserId::new(crate::clock::ulid_of(&email)),
        name: String::new(),
        roles: Vec::new(),
        partner_id: None,
        api_key: None,
    };
    let once = Once::new(&stranger, "leadEnquire", input.idempotency_key.as_deref(), input)?;
    if once.earlier::<LeadRefusal>(app).await?.is_some() {
        return Ok(());
    }
    let entry = Entry { draft, intake: Intake::Form, consent: Some(Consent { text, at: app.now() }), directly, hold: false };
    take_in(app, by, entry, &once).await.map(|_| ())
}

/// The partner that was asked for. To the vendor's people one that takes no leads is refused as such; to others it is not
/// there.
async fn directly(app: &App, id: Option<&str>, vendor: bool) -> Result<Option<PartnerId>, Refused<LeadRefusal>> {
    let Some(id) = id else { return Ok(None) };
    let missing = || Refused::Refused(LeadError::PartnerNotFound.into());
    let id: PartnerId = id.parse().map_err(|_| missing())?;
    match app.store.partner(&id).await? {
        Some(partner) if is_active(&partner) => Ok(Some(id)),
        Some(_) if vendor => Err(Refused::Refused(LeadError::PartnerNotActive.into())),
        _ => Err(missing()),
    }
}

/// The number that people say, of a counted one.
pub(super) fn number_text(counted: i64) -> String {
    format!("L-{}", 1_000 + counted)
}

/// From when on an open lead takes further enquiries of the same person and product in.
pub(super) fn joins_since(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * days.max(0))).unwrap_or(Timestamp::MIN)
}

struct Entry {
    draft: LeadDraft,
    intake: Intake,
    consent: Option<Consent>,
    directly: Option<PartnerId>,
    hold: bool,
}

/// Gives the lead away and writes it, or joins it to the one that is there. Whoever comes second of two looks again.
async fn take_in(app: &App, by: EventActor, entry: Entry, once: &Once) -> Taken {
    let id = LeadId::new(app.ulid());
    let mut number = None;
    for _ in 0..TRIES {
        let field = Field::read(app).await?;
        let causes = causes(app, by.clone());
        let now = app.now();
        let days = field.routing.set.duplicate_days;
        if days > 0 {
            let keys = duplicate_keys(&entry.draft.person.email, &entry.draft.product_ids);
            let held = app.store.lead_keys(&keys, joins_since(now, days)).await?;
            if let Some(lead) = held.into_values().next() {
                match join(app, &by, &lead, &entry, once).await? {
                    Some(taken) => return Ok(taken),
                    None => continue,
                }
            }
        }
        let counted = match number {
            Some(counted) => counted,
            None => *number.insert(app.store.next_number("lead", 1).await?),
        };
        let wanted = wanted(&entry.draft, &field.routing.set, entry.directly.clone());
        let routed = (!entry.hold).then(|| field.route(&wanted, now));
        let mut after = Field { ..field };
        if let Some(routed) = &routed {
            after.take(routed);
        }
        let ledger = after.ledger_after(routed.as_ref().is_some_and(|r| r.partner_id.is_some()));
        let new = New { id: id.clone(), number: number_text(counted), intake: entry.intake, consent: entry.consent.clone(), import_key: None };
        let decision = decide::create(entry.draft.clone(), new, wanted.territory, routed, after.terms(), &causes)
            .map_err(|e| Refused::Refused(LeadRefusal::Lead(e)))?;
        let record = once.record(id.as_str(), String::new());
        let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: ledger.as_ref(), duplicate_days: days, once: record.as_ref() };
        match app.store.commit_leads(write).await? {
            LeadCommitted::Done => return Ok(Created { lead: decision.lead, joined: false }),
            LeadCommitted::Replayed(record) => return replay(app, &once.same(record)?).await,
            LeadCommitted::Duplicate => number = None,
            LeadCommitted::Stale | LeadCommitted::LedgerMoved | LeadCommitted::Joins(_) => {}
        }
        pause().await;
    }
    Err(Refused::Failed(AppError::Unavailable("a lead lost its race too often".into())))
}

/// Lets others go first for a moment of random length.
pub(super) async fn pause() {
    let ms = Ulid::from_parts(0, rand::random()).random() % 20;
    tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(ms).unwrap_or(5))).await;
}

/// Adds an enquiry to the lead that is there; none when it is no longer open.
async fn join(app: &App, by: &EventActor, id: &LeadId, entry: &Entry, once: &Once) -> Result<Option<Created>, Refused<LeadRefusal>> {
    for _ in 0..TRIES {
        let Some(lead) = app.store.lead(id, &Scope::All).await?.filter(|l| l.status.is_open()) else { return Ok(None) };
        let cause = causes(app, by.clone())();
        let enquiry = Enquiry { at: cause.now, message: entry.draft.message.clone(), source: entry.draft.source.clone() };
        let decision = decide::join(&lead, enquiry, cause);
        let record = once.record(id.as_str(), "joined".to_owned());
        let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: None, duplicate_days: 0, once: record.as_ref() };
        match app.store.commit_leads(write).await? {
            LeadCommitted::Done => return Ok(Some(Created { lead: decision.lead, joined: true })),
            LeadCommitted::Replayed(record) => return replay(app, &once.same(record)?).await.map(Some),
            _ => pause().await,
        }
    }
    Err(Refused::Failed(AppError::Unavailable("an enquiry lost its race too often".into())))
}

/// The answer of the first time: the lead as it is now.
async fn replay(app: &App, record: &IdempotencyRecord) -> Taken {
    let id: LeadId = record.result_id.parse().map_err(AppError::internal)?;
    let lead = app.store.lead(&id, &Scope::All).await?;
    let lead = lead.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no lead")))?;
    Ok(Created { lead, joined: record.result == "joined" })
}
