//! Registering a deal: the verdict at once, and the deal unless it is blocked. The same key with the same input answers
//! the first result again.

use entente_domain::deal::register::{DraftInput, DraftViolation, RegisterFacts};
use entente_domain::deal::verdict::{Verdict, VerdictOutcome};
use entente_domain::deal::{Deal, DealError, Decision};
use entente_domain::id::DealId;
use entente_domain::lead::{Lead, Origin, decide};
use entente_domain::policy::{Action, Actor, scope};
use entente_store::{Committed, IdempotencyRecord};

use super::change::expire_stale_claims;
use super::check::checked;
use super::evidence::FileRefusal;
use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused, routing};

/// A registration as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct RegisterInput {
    /// What was typed.
    pub draft: DraftInput,
    /// Whose deal it is to be; only vendor staff names another than their own.
    pub partner_id: Option<String>,
    /// Evidence that was uploaded: ids that uploads answered.
    pub file_ids: Vec<String>,
    /// Made once per form; see [`crate::idempotency`].
    pub idempotency_key: Option<String>,
    /// The lead that it comes of, with its marketing source.
    pub origin: Origin,
}

/// Why a registration is refused.
#[derive(Debug)]
pub enum RegisterRefusal {
    /// The draft breaks these rules.
    Invalid(Vec<DraftViolation>),
    /// The actor's role may not register.
    NotAllowed,
    /// Vendor staff has to name a partner.
    PartnerRequired,
    /// No such partner.
    PartnerNotFound,
    /// A file that was uploaded as evidence.
    File(FileRefusal),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
    /// The program cannot take registrations: no open stage, or a calendar without working time.
    Program(DealError),
}

/// A registration that was judged.
#[derive(Debug)]
pub struct Registered {
    /// The deal; none when it is blocked.
    pub deal: Option<Deal>,
    /// The verdict.
    pub verdict: Verdict,
}

/// The number that people say, of a counted one; a fresh program begins with four digits.
pub(crate) fn number_text(counted: i64) -> String {
    format!("D-{}", 1_000 + counted)
}

/// How often a registration is tried when its number was taken or a claim changed meanwhile.
const TRIES: usize = 3;

/// Registers.
#[tracing::instrument(level = "debug", name = "deal.register", skip_all)]
pub async fn register(app: &App, actor: &Actor, input: &RegisterInput) -> Result<Registered, Refused<RegisterRefusal>> {
    made(app, actor, input, None).await?.ok_or_else(lost)
}

/// As [`register`], for a lead, which is converted in the same transaction: no lead goes on to another partner with a deal behind it.
/// None when the lead is not what was read any more; nothing was written then.
pub(crate) async fn register_lead(
    app: &App,
    actor: &Actor,
    input: &RegisterInput,
    lead: &Lead,
) -> Result<Option<Registered>, Refused<RegisterRefusal>> {
    made(app, actor, input, Some(lead)).await
}

fn lost() -> Refused<RegisterRefusal> {
    Refused::Failed(AppError::Unavailable("a registration lost its race three times".into()))
}

async fn made(app: &App, actor: &Actor, input: &RegisterInput, lead: Option<&Lead>) -> Result<Option<Registered>, Refused<RegisterRefusal>> {
    let once = Once::new(
        actor,
        "dealRegister",
        input.idempotency_key.as_deref(),
        &(&input.draft, &input.partner_id, &input.origin.lead_id, &input.file_ids),
    )?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, actor, record).await.map(Some);
    }
    let view = app.program().await?;
    for _ in 0..TRIES {
        let checked = checked(app, actor, input, &view).await?;
        if checked.verdict.outcome == VerdictOutcome::Blocked {
            // A twin of this request may have registered since the key was looked for; then that is the answer, not that the
            // partner itself stands in its way. Deal and record were written at once, so whoever sees one sees the other.
            if let Some(record) = once.earlier(app).await? {
                return replay(app, actor, record).await.map(Some);
            }
            return Ok(Some(Registered { deal: None, verdict: checked.verdict }));
        }
        let number = app.store.next_number("deal", 1).await?;
        let facts = RegisterFacts {
            program: &view.program,
            zone: &view.zone,
            id: DealId::new(app.ulid()),
            number: number_text(number),
            partner_id: checked.partner.id.clone(),
            customer: checked.customer,
            manager_id: checked.partner.manager_id.clone(),
            territory: checked.partner.territories.first().cloned(),
            terms: checked.terms,
        };
        let decision = entente_domain::deal::register::register(checked.draft, facts, &actor.user_id, app.cause(actor))
            .map_err(|e| Refused::Refused(RegisterRefusal::Program(e)))?;
        let decision = Decision { deal: Deal { origin: input.origin.clone(), ..decision.deal }, ..decision };
        let decision = routing::assign(&view, &*app.routing().await?, &checked.partner, decision, view.date(app.now()));
        let decision = entente_domain::report::record::under(decision, checked.verdict.outcome);
        let deal = decision.deal.clone();
        expire_stale_claims(app, &deal).await?;
        let record = once.record(deal.id.as_str(), serde_json::to_string(&checked.verdict).map_err(AppError::internal)?);
        let committed = match lead {
            None => app.store.commit(std::slice::from_ref(&decision), record.as_ref()).await?,
            Some(lead) => {
                let Ok(converted) = decide::convert(lead, &deal.id, &deal.number, app.cause(actor)) else { return Ok(None) };
                app.store.commit_conversion(&decision, &converted, record.as_ref()).await?
            }
        };
        match committed {
            Committed::Done => return Ok(Some(Registered { deal: Some(deal), verdict: checked.verdict })),
            Committed::Replayed(record) => return replay(app, actor, once.same(record)?).await.map(Some),
            // The deal is new: it is the lead that moved.
            Committed::Stale if lead.is_some() => return Ok(None),
            Committed::Stale | Committed::ClaimTaken(_) | Committed::Duplicate => {}
        }
    }
    Err(lost())
}

impl From<KeyRefusal> for RegisterRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

async fn replay(app: &App, actor: &Actor, record: IdempotencyRecord) -> Result<Registered, Refused<RegisterRefusal>> {
    let id: DealId = record.result_id.parse().map_err(AppError::internal)?;
    let deal = app.store.deal(&id, &scope(actor, Action::SeeDeals)).await?;
    Ok(Registered { deal, verdict: serde_json::from_str(&record.result).map_err(AppError::internal)? })
}
