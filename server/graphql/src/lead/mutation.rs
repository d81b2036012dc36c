//! Changing leads.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::lead::{self as app, ConvertRefusal, LeadImportRefusal, LeadRefusal};
use entente_domain::lead as domain;

use super::error::{errors, of};
use super::input::{LeadCreateInput, LeadImportInput};
use super::object::{Lead, LeadCloseReason, LeadDeclineReason};
use crate::context::Ask as _;
use crate::deal::{Deal, DealRegisterInput, DealVerdict, register_errors};
use crate::import::{ImportPayload, ImportRun};
use crate::problem::Problem;
use crate::user_error::{ImportError, ImportErrorCode, KEY_INVALID, KEY_REUSED, UserError};

/// What became of a change of a lead.
#[derive(SimpleObject)]
pub(crate) struct LeadPayload {
    /// The lead; null when there are errors, and when it has left the viewer's partner.
    lead: Option<Lead>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl LeadPayload {
    fn of(ctx: &Context<'_>, done: Result<domain::Lead, Refused<LeadRefusal>>) -> Result<Self> {
        match done {
            Ok(lead) => {
                let own = ctx.actor().and_then(|a| a.partner_id.as_ref());
                let seen = own.is_none_or(|own| lead.partner_id.as_ref() == Some(own));
                Ok(Self { lead: seen.then_some(Lead(lead)), errors: Vec::new() })
            }
            Err(refused) => Ok(Self { lead: None, errors: errors(refused, &[])? }),
        }
    }
}

/// What became of writing down a lead.
#[derive(SimpleObject)]
pub(crate) struct LeadCreatePayload {
    /// The lead, or the open one that the same person and product belong to; null when there are errors.
    lead: Option<Lead>,
    /// Whether it joined a lead that was there.
    joined: bool,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// What became of making a deal of a lead.
#[derive(SimpleObject)]
pub(crate) struct LeadConvertPayload {
    /// The lead; null when there are errors.
    lead: Option<Lead>,
    /// The deal; null when it is blocked or there are errors.
    deal: Option<Deal>,
    /// What the rules say of the registration; null when there are errors, and when the deal was there already.
    verdict: Option<DealVerdict>,
    /// What the caller can mend. A blocked registration is a verdict and no error.
    errors: Vec<UserError>,
}

/// Mutations of leads.
#[derive(Default)]
pub(crate) struct LeadMutation;

#[Object]
impl LeadMutation {
    /// Writes down a lead and gives it to a partner by the routing rules. The same person with the same product joins the open
    /// lead that is there. By the vendor's staff and programs.
    async fn lead_create(&self, ctx: &Context<'_>, #[graphql(desc = "The lead.")] input: LeadCreateInput) -> Result<LeadCreatePayload> {
        match app::create(ctx.app()?, ctx.signed_in()?, &input.into()).await {
            Ok(created) => Ok(LeadCreatePayload { lead: Some(Lead(created.lead)), joined: created.joined, errors: Vec::new() }),
            Err(refused) => Ok(LeadCreatePayload { lead: None, joined: false, errors: errors(refused, &["input"])? }),
        }
    }

    /// Takes a lead for the viewer's own partner. Of two at once one wins; the other one's version is stale.
    async fn lead_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
    ) -> Result<LeadPayload> {
        LeadPayload::of(ctx, app::accept(ctx.app()?, ctx.signed_in()?, &id, expected_version).await)
    }

    /// Declines a lead for the viewer's own partner. It goes to another partner at once and is not offered to this one again.
    async fn lead_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "Why.")] reason: LeadDeclineReason,
        #[graphql(desc = "Why in words, at most 4,000 characters; required for OTHER.")] text: Option<String>,
    ) -> Result<LeadPayload> {
        LeadPayload::of(ctx, app::decline(ctx.app()?, ctx.signed_in()?, &id, expected_version, reason.into(), text.as_deref()).await)
    }

    /// Gives a lead to a partner by hand, whatever the rules say. By the vendor's staff.
    async fn lead_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "The partner; it must be active.")] partner_id: ID,
    ) -> Result<LeadPayload> {
        LeadPayload::of(ctx, app::assign(ctx.app()?, ctx.signed_in()?, &id, expected_version, &partner_id).await)
    }

    /// Takes a lead from whoever has it and lets the routing rules find another partner. By the vendor's staff.
    async fn lead_route(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
    ) -> Result<LeadPayload> {
        LeadPayload::of(ctx, app::route(ctx.app()?, ctx.signed_in()?, &id, expected_version).await)
    }

    /// Closes a lead that came to nothing. By whoever has it, and by the vendor's staff.
    async fn lead_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "Why.")] reason: LeadCloseReason,
        #[graphql(desc = "Why in words, at most 4,000 characters; required for OTHER.")] text: Option<String>,
    ) -> Result<LeadPayload> {
        LeadPayload::of(ctx, app::close(ctx.app()?, ctx.signed_in()?, &id, expected_version, reason.into(), text.as_deref()).await)
    }

    /// Writes a note on a lead. With `contacted` it says that somebody was in touch with the person, which ends the deadline for
    /// that.
    async fn lead_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "The note, 1 to 4,000 characters.")] text: String,
        #[graphql(desc = "Whether somebody was in touch with the person; false if left out.")] contacted: Option<bool>,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<LeadPayload> {
        let (entente, actor) = (ctx.app()?, ctx.signed_in()?);
        let done = app::note(entente, actor, &id, expected_version, &text, contacted.unwrap_or_default(), idempotency_key.as_deref()).await;
        LeadPayload::of(ctx, done)
    }

    /// Makes a deal of an accepted lead: the ordinary registration, whose partner and marketing source are the lead's. Repeated, it
    /// answers the same deal: a lead has one at most.
    async fn lead_convert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "The registration; its partner is the lead's, whatever it says.")] input: DealRegisterInput,
    ) -> Result<LeadConvertPayload> {
        let refused = |errors| LeadConvertPayload { lead: None, deal: None, verdict: None, errors };
        match app::convert(ctx.app()?, ctx.signed_in()?, &id, expected_version, input.into()).await {
            Ok(done) => Ok(LeadConvertPayload {
                lead: Some(Lead(done.lead)),
                deal: done.deal.map(Deal),
                verdict: done.verdict.map(Into::into),
                errors: Vec::new(),
            }),
            Err(Refused::Failed(error)) => Err(Problem::from(error).into()),
            Err(Refused::Refused(ConvertRefusal::Lead(refusal))) => Ok(refused(of(refusal, &[]))),
            Err(Refused::Refused(ConvertRefusal::Register(refusal))) => Ok(refused(register_errors(Refused::Refused(refusal))?)),
        }
    }

    /// Starts an import of a file of leads (POST /uploads gives its id) and answers at once; importRun shows the progress.
    /// Administrators of the vendor only.
    #[graphql(complexity = "100 + child_complexity")]
    async fn lead_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file and how to read it.")] input: LeadImportInput,
    ) -> Result<ImportPayload> {
        match app::import(ctx.app()?, ctx.signed_in()?, input.into()).await {
            Ok(run) => Ok(ImportPayload::of(Ok(ImportRun(run)))),
            Err(Refused::Failed(error)) => Err(Problem::from(error).into()),
            Err(Refused::Refused(refusal)) => Ok(ImportPayload::of(Err(import_error(&refusal)))),
        }
    }
}

fn import_error(refusal: &LeadImportRefusal) -> UserError {
    let file: &[&str] = &["input", "file"];
    let key: &[&str] = &["input", "idempotencyKey"];
    let (code, path, message) = match refusal {
        LeadImportRefusal::NotAllowed => (ImportErrorCode::NotAllowed, &[][..], refusal.to_string()),
        LeadImportRefusal::AlreadyRunning => (ImportErrorCode::AlreadyRunning, &[][..], refusal.to_string()),
        LeadImportRefusal::FileNotFound => (ImportErrorCode::NotFound, file, refusal.to_string()),
        LeadImportRefusal::FileBroken(_) => (ImportErrorCode::FileBroken, file, refusal.to_string()),
        LeadImportRefusal::ColumnMissing { .. } => (ImportErrorCode::ColumnMissing, file, refusal.to_string()),
        LeadImportRefusal::Key(KeyRefusal::Reused) => (ImportErrorCode::IdempotencyKeyReused, key, KEY_REUSED.to_owned()),
        LeadImportRefusal::Key(KeyRefusal::Invalid) => (ImportErrorCode::InvalidInput, key, KEY_INVALID.to_owned()),
    };
    ImportError::of(code, path, message)
}
