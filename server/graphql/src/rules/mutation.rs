//! Proposing and withdrawing versions of the rules.

use async_graphql::{Context, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::rules::{Proposal, RulesRefusal};
use entente_domain::rules as domain;
use entente_domain::rules::propose::{RulesCode, RulesViolation};

use super::input::RulesProposeInput;
use super::object::{RulesVersion, shown};
use crate::context::Ask as _;
use crate::problem::Problem;
use crate::user_error::{KEY_INVALID, KEY_REUSED, RulesError, RulesErrorCode as Code, UserError};

/// What became of a change of the rules.
#[derive(SimpleObject)]
pub(crate) struct RulesPayload {
    /// The version; null when there are errors.
    rules: Option<RulesVersion>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl RulesPayload {
    async fn of(ctx: &Context<'_>, done: Result<domain::RulesVersion, Refused<RulesRefusal>>) -> Result<Self> {
        match done {
            Ok(version) => Ok(Self { rules: Some(shown(ctx, version).await?), errors: Vec::new() }),
            Err(refused) => Ok(Self { rules: None, errors: errors(refused)? }),
        }
    }
}

/// Mutations of the rules.
#[derive(Default)]
pub(crate) struct RulesMutation;

#[Object]
impl RulesMutation {
    /// Proposes the next version of the program's rules: it is announced at once and begins on its day. Administrators of the
    /// vendor only.
    async fn rules_propose(&self, ctx: &Context<'_>, #[graphql(desc = "The version.")] input: RulesProposeInput) -> Result<RulesPayload> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let keeps_dispute = input.rules.keeps_dispute();
        let rules = match input.rules.into_rules() {
            Ok(rules) => rules,
            // Who may not propose learns that first.
            Err(wrong) if ctx.may(entente_domain::policy::Action::ManageRules, entente_domain::policy::Resource::OfVendor) => {
                return Ok(RulesPayload { rules: None, errors: violations(wrong, &["input", "rules"]) });
            }
            Err(_) => return RulesPayload::of(ctx, Err(Refused::Refused(RulesRefusal::NotAllowed))).await,
        };
        let (effective_from, note, based_on) = (input.effective_from.0, input.note, input.based_on);
        let proposal = Proposal { rules, effective_from, note, keeps_dispute, based_on };
        let done = entente_app::rules::propose(app, actor, &proposal, input.idempotency_key.as_deref()).await;
        RulesPayload::of(ctx, done).await
    }

    /// Withdraws a version that has not begun: the rules before it stay in force. Its number is not given again. Administrators
    /// of the vendor only.
    async fn rules_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the version.")] number: i32,
        #[graphql(desc = "Why, at most 4,000 characters.")] reason: String,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<RulesPayload> {
        let done = entente_app::rules::withdraw(ctx.app()?, ctx.signed_in()?, number, &reason, idempotency_key.as_deref()).await;
        RulesPayload::of(ctx, done).await
    }
}

/// Everything that is wrong with a version. `root` is where its fields lie in the arguments.
pub(super) fn violations(wrong: Vec<RulesViolation>, root: &[&str]) -> Vec<UserError> {
    let error = |v: RulesViolation| {
        // The day and the note are beside the rules.
        let beside = matches!(v.path.first().map(String::as_str), Some("effectiveFrom" | "note"));
        let mut path: Vec<&str> = if beside { vec!["input"] } else { root.to_vec() };
        path.extend(v.path.iter().map(String::as_str));
        RulesError::of(v.code.into(), &path, v.message)
    };
    wrong.into_iter().map(error).collect()
}

pub(super) fn errors(refused: Refused<RulesRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let (code, path, message): (_, &[&str], _) = match refusal {
        RulesRefusal::Invalid(wrong) => return Ok(violations(wrong, &["input", "rules"])),
        RulesRefusal::StaleVersion(newest) => {
            let message = format!("Another version was announced or withdrawn since (the newest is {newest}); look again and repeat.");
            return Ok(vec![RulesError::of(Code::StaleVersion, &["input", "basedOn"], message)]);
        }
        RulesRefusal::NotAllowed => (Code::NotAllowed, &[], "Only administrators of the program change its rules."),
        RulesRefusal::NotFound => (Code::NotFound, &["number"], "There is no such version."),
        RulesRefusal::NotAnnounced => (Code::NotAnnounced, &["number"], "Only a version that has not begun can be withdrawn."),
        RulesRefusal::ReasonRequired => (Code::Required, &["reason"], "reason must not be empty."),
        RulesRefusal::ReasonTooLong => (Code::TooLong, &["reason"], "reason must have at most 4000 characters."),
        RulesRefusal::Key(KeyRefusal::Reused) => (Code::IdempotencyKeyReused, &["idempotencyKey"], KEY_REUSED),
        RulesRefusal::Key(KeyRefusal::Invalid) => (Code::InvalidInput, &["idempotencyKey"], KEY_INVALID),
    };
    Ok(vec![RulesError::of(code, path, message)])
}

impl From<RulesCode> for Code {
    fn from(code: RulesCode) -> Self {
        match code {
            RulesCode::Required => Self::Required,
            RulesCode::TooLong => Self::TooLong,
            RulesCode::InvalidInput => Self::InvalidInput,
            RulesCode::ProductUnknown => Self::ProductUnknown,
            RulesCode::TerritoryUnknown => Self::TerritoryUnknown,
            RulesCode::TermUnknown => Self::TermUnknown,
            RulesCode::OverrideUnreachable => Self::OverrideUnreachable,
            RulesCode::CalendarWithoutWorkingTime => Self::CalendarWithoutWorkingTime,
            RulesCode::TimeZoneUnknown => Self::TimeZoneUnknown,
            RulesCode::DateInPast => Self::DateInPast,
            RulesCode::DateWithinNotice => Self::DateWithinNotice,
            RulesCode::DateTaken => Self::DateTaken,
            RulesCode::DateBeforeAnnounced => Self::DateBeforeAnnounced,
        }
    }
}
