//! Trying a draft of the rules: last year's registrations judged under it, as they came in, one after the other.

use std::collections::{BTreeMap, HashMap};

use entente_domain::Timestamp;
use entente_domain::deal::verdict::RuleCode;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::id::{DealId, PartnerId};
use entente_domain::partner::Partner;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::report::record::Decided;
use entente_domain::rules::RuleSet;
use entente_domain::rules::judge::{Submission, failed_on_the_way};
use entente_domain::rules::propose::check;
use entente_domain::rules::terms::{Terms, lines};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::RulesRefusal;
use crate::page::{self, Page};
use crate::program::ProgramView;
use crate::{App, Refused};

/// How far back registrations are tried, in days.
pub const TRIAL_DAYS: i64 = 365;
/// Most registrations that are tried; the oldest of the year come first.
pub const TRIAL_MAX: u32 = 50_000;

/// A registration that the draft would have decided otherwise.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The deal as it is now.
    pub deal: Deal,
    /// The rules that it would have failed, where it was approved those of the approval too; empty when only its terms would have
    /// been others.
    pub failed: Vec<RuleCode>,
    /// The terms that it has.
    pub before: Terms,
    /// The terms that it would have had.
    pub after: Terms,
}

/// What came of trying a draft.
#[derive(Debug)]
pub struct Trial {
    /// Registrations that were judged.
    pub judged: u64,
    /// Of those: the draft would have refused, or not have let be approved.
    pub refused: u64,
    /// Of those: approved by now, and the draft would have refused.
    pub refused_approved: u64,
    /// Of those: the draft would have let in, with another deadline or protection.
    pub other_terms: u64,
    /// How many would have failed each rule.
    pub by_rule: BTreeMap<&'static str, u64>,
    /// Whether there were more registrations than are tried.
    pub capped: bool,
    /// A page of those that would have been decided otherwise, oldest first.
    pub page: Page<Tried>,
}

/// Judges last year's registrations under the draft. Partners count as they are today (tier, territories), with those of their
/// certificates that were valid on the day of submission; evidence counts as it is today; and nobody is asked whether the draft's
/// rules of engagement had been accepted.
#[tracing::instrument(level = "debug", name = "rules.try", skip_all)]
pub async fn try_rules(app: &App, actor: &Actor, draft: &RuleSet, first: u32, after: Option<&str>) -> Result<Trial, Refused<RulesRefusal>> {
    if !can(actor, Action::ManageRules, Resource::OfVendor) {
        return Err(Refused::Refused(RulesRefusal::NotAllowed));
    }
    let view = app.program().await?;
    let zone = TimeZone::get(&draft.calendar.time_zone).ok();
    let wrong = check(draft, &view.program, zone.as_ref());
    if !wrong.is_empty() {
        return Err(Refused::Refused(RulesRefusal::Invalid(wrong)));
    }
    let name = page::list_name("rulesTry", draft)?;
    let key: Option<(Timestamp, DealId)> = page::decode(&name, after)?;
    let mut partners: HashMap<PartnerId, Partner> = HashMap::new();
    app.store.all_partners(|batch| partners.extend(batch.into_iter().map(|p| (p.id.clone(), p)))).await?;
    let from = app.now().checked_sub(SignedDuration::from_hours(24 * TRIAL_DAYS)).map_err(crate::AppError::internal)?;
    let mut sums = Sums { judged: 0, refused: 0, refused_approved: 0, other_terms: 0, by_rule: BTreeMap::new(), rows: Vec::new() };
    app.store
        .registrations_since(from, TRIAL_MAX + 1, |deals| {
            for deal in deals {
                if sums.judged < u64::from(TRIAL_MAX) {
                    sums.add(tried(deal, draft, &view, &partners), first as usize, key.as_ref());
                } else {
                    sums.judged += 1;
                }
            }
        })
        .await?;
    let capped = sums.judged > u64::from(TRIAL_MAX);
    let page = Page::of(sums.rows, first, after.is_some(), &name, |t| (t.deal.created_at, t.deal.id.clone()))?;
    Ok(Trial {
        judged: sums.judged.min(u64::from(TRIAL_MAX)),
        refused: sums.refused,
        refused_approved: sums.refused_approved,
        other_terms: sums.other_terms,
        by_rule: sums.by_rule,
        capped,
        page,
    })
}

struct Sums {
    judged: u64,
    refused: u64,
    refused_approved: u64,
    other_terms: u64,
    by_rule: BTreeMap<&'static str, u64>,
    rows: Vec<Tried>,
}

impl Sums {
    /// Counts a registration; keeps it when it belongs to the page, or is the one that tells that more follow.
    fn add(&mut self, tried: Tried, first: usize, after: Option<&(Timestamp, DealId)>) {
        self.judged += 1;
        if tried.failed.is_empty() && tried.before == tried.after {
            return;
        }
        if tried.failed.is_empty() {
            self.other_terms += 1;
        } else {
            self.refused += 1;
            self.refused_approved += u64::from(tried.deal.status == RegistrationStatus::Approved);
        }
        for code in &tried.failed {
            *self.by_rule.entry(code.name()).or_default() += 1;
        }
        let follows = after.is_none_or(|(at, id)| (tried.deal.created_at, &tried.deal.id) > (*at, id));
        if follows && self.rows.len() <= first {
            self.rows.push(tried);
        }
    }
}

fn tried(deal: Deal, draft: &RuleSet, view: &ProgramView, partners: &HashMap<PartnerId, Partner>) -> Tried {
    let partner = partners.get(&deal.partner_id);
    let products: Vec<_> = deal.all_products().cloned().collect();
    let lines = lines(&view.program, &products);
    let submitted = view.date(deal.created_at);
    let submission = Submission {
        base_value: deal.base_value.amount,
        products,
        territories: partner.map(|p| p.territories.as_slice()),
        contact: deal.evidence.contact.is_some(),
        description: deal.evidence.description.as_ref().map_or(0, |d| d.chars().count()),
        close_in_days: deal.expected_close_on.or(deal.closed_on).and_then(|close| submitted.until(close).ok()).map(|span| i64::from(span.get_days())),
        engagement: None,
        evidence: &deal.evidence,
        certified: partner.map(|p| p.is_certified(submitted)),
    };
    // What was approved once was approved, also when it has expired or was withdrawn since.
    let approved = deal.status == RegistrationStatus::Approved || deal.record.decided == Some(Decided::Approved);
    let failed = failed_on_the_way(&draft.requirements, &submission, approved);
    let tier = partner.and_then(|p| p.tier.as_deref());
    let terms = |rules: &RuleSet| rules.terms(deal.base_value.amount, tier, &submission.products, &lines);
    let under = view.versions.iter().find(|v| v.number == deal.judged.rules).unwrap_or(&view.rules);
    let (before, after) = (deal.judged.terms.unwrap_or_else(|| terms(&under.rules)), terms(draft));
    Tried { failed, before, after, deal }
}
