//! What came of trying a draft of the rules.

use async_graphql::{Context, Result, SimpleObject};
use entente_app::rules::{RulesRefusal, try_rules};
use entente_app::{App, Refused};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::rules::terms::Terms;

use super::input::RulesInput;
use super::mutation::{errors, violations};
use crate::deal::{Deal, preload};
use crate::page::{Rows, connection, count};
use crate::problem::Problem;
use crate::user_error::UserError;

/// Deadline and protection of a deal.
#[derive(SimpleObject)]
pub(crate) struct DealTerms {
    /// Within how many business hours the vendor decides.
    decision_hours: i32,
    /// For how many days an approval protects.
    protection_days: i32,
}

impl From<Terms> for DealTerms {
    fn from(t: Terms) -> Self {
        let int = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
        Self { decision_hours: int(t.decision_hours), protection_days: int(t.protection_days) }
    }
}

/// How many registrations would have failed one rule.
#[derive(SimpleObject)]
pub(crate) struct RuleCount {
    /// Name of the rule, as in a verdict.
    code: String,
    /// How many registrations.
    count: i32,
}

/// A registration that the draft would have decided otherwise.
#[derive(SimpleObject)]
pub(crate) struct RulesTrialRow {
    /// The deal as it is now.
    deal: Deal,
    /// Names of the rules that it would have failed; empty when only its terms would have been others. Where an approval needs a
    /// least score of evidence, `EVIDENCE_ENOUGH` is a registration that was approved without it.
    failed: Vec<String>,
    /// The terms that it has.
    before: DealTerms,
    /// The terms that it would have had.
    after: DealTerms,
}

connection!(RulesTrialConnection, RulesTrialEdge, RulesTrialRow, "registration that would have been decided otherwise");

/// What came of trying a draft of the rules.
#[derive(SimpleObject)]
pub(crate) struct RulesTrial {
    /// Registrations that were judged.
    judged: i32,
    /// Of those: how many the draft would have refused, or not have let be approved for want of evidence.
    refused: i32,
    /// Of those that the draft would have refused: how many are approved.
    refused_approved: i32,
    /// How many the draft would have let in with another deadline or protection.
    other_terms: i32,
    /// How many would have failed each rule.
    by_rule: Vec<RuleCount>,
    /// Whether there were more registrations than are tried.
    capped: bool,
    /// Those that would have been decided otherwise, oldest first.
    rows: RulesTrialConnection,
    /// What is wrong with the draft; then nothing was judged.
    errors: Vec<UserError>,
}

impl RulesTrial {
    fn refused_draft(errors: Vec<UserError>) -> Self {
        let rows = RulesTrialConnection::of(entente_app::page::Page::empty());
        Self { judged: 0, refused: 0, refused_approved: 0, other_terms: 0, by_rule: Vec::new(), capped: false, rows, errors }
    }

    pub(super) async fn of(ctx: &Context<'_>, app: &App, actor: &Actor, input: RulesInput, first: u32, after: Option<&str>) -> Result<Self> {
        if !can(actor, Action::ManageRules, Resource::OfVendor) {
            return Err(Problem::from(entente_app::AppError::Forbidden).into());
        }
        let draft = match input.into_rules() {
            Ok(draft) => draft,
            Err(wrong) => return Ok(Self::refused_draft(violations(wrong, &["input"]))),
        };
        let trial = match try_rules(app, actor, &draft, first, after).await {
            Ok(trial) => trial,
            Err(Refused::Refused(RulesRefusal::Invalid(wrong))) => return Ok(Self::refused_draft(violations(wrong, &["input"]))),
            Err(refused) => return Ok(Self::refused_draft(errors(refused)?)),
        };
        let rows = Rows::of(&ctx.look_ahead().field("rows")).field("deal");
        preload(ctx, &rows, trial.page.rows.iter().map(|(_, t)| &t.deal)).await?;
        let row = |t: entente_app::rules::Tried| RulesTrialRow {
            deal: Deal(t.deal),
            failed: t.failed.iter().map(|code| code.name().to_owned()).collect(),
            before: t.before.into(),
            after: t.after.into(),
        };
        Ok(Self {
            judged: count(trial.judged),
            refused: count(trial.refused),
            refused_approved: count(trial.refused_approved),
            other_terms: count(trial.other_terms),
            by_rule: trial.by_rule.into_iter().map(|(code, n)| RuleCount { code: code.to_owned(), count: count(n) }).collect(),
            capped: trial.capped,
            rows: RulesTrialConnection::of(trial.page.map(row)),
            errors: Vec::new(),
        })
    }
}
