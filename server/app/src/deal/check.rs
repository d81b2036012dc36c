//! What the rules say about a registration, before it is made or while it waits.

use std::collections::HashMap;

use entente_domain::Date;
use entente_domain::customer::{Customer, registrable_domain};
use entente_domain::deal::Deal;
use entente_domain::deal::register::{Draft, DraftInput, DraftRules, customer_of, validate, violation};
use entente_domain::deal::verdict::{RuleResult, Verdict, judge};
use entente_domain::id::{CustomerId, DealId, PartnerId, ProductId};
use entente_domain::partner::Partner;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::program::Program;
use entente_domain::rules::engagement::satisfied;
use entente_domain::rules::judge::{Submission, judge as judge_rules, result};
use entente_domain::rules::terms::{Terms, lines};
use entente_store::{ConflictQuery, Conflicts};

use super::evidence::{EvidenceRefusal, files};
use super::register::{RegisterInput, RegisterRefusal};
use crate::clock::ulid_of;
use crate::program::ProgramView;
use crate::{App, AppError, Refused};

/// A registration that may be made: the valid draft, whose it is, and the verdict.
pub(crate) struct Checked {
    pub draft: Draft,
    pub customer: Customer,
    pub partner: Partner,
    pub verdict: Verdict,
    /// What stands in the way.
    pub found: Conflicts,
    /// What the rules in force give the deal.
    pub terms: Terms,
}

/// Dry run of a registration: the verdict, and nothing is written.
#[tracing::instrument(level = "debug", name = "deal.check", skip_all)]
pub async fn check(app: &App, actor: &Actor, input: &RegisterInput) -> Result<Verdict, Refused<RegisterRefusal>> {
    let view = app.program().await?;
    Ok(checked(app, actor, input, &view).await?.verdict)
}

pub(crate) async fn checked(app: &App, actor: &Actor, input: &RegisterInput, view: &ProgramView) -> Result<Checked, Refused<RegisterRefusal>> {
    let partner_id = partner_of(actor, input)?;
    let Some(partner) = app.store.partner(&partner_id).await? else { return Err(Refused::Refused(RegisterRefusal::PartnerNotFound)) };
    let today = view.date(app.now());
    let rules = DraftRules::of(&view.program, &view.rules.rules.requirements);
    let files = files(app, actor, &input.file_ids).await.map_err(of_evidence)?;
    let typed = DraftInput { files, ..input.draft.clone() };
    let draft = validate(&typed, &rules, today).map_err(|v| Refused::Refused(RegisterRefusal::Invalid(v)))?;
    let results = by_rules(app, view, &rules, &draft, &partner, today).await?;
    let customer = keyed_customer(&draft, &partner_id);
    let products = draft.all_products();
    let line = of_lines(&view.program, &products);
    let query = ConflictQuery { partner: &partner_id, customer: &customer, products: &products, line: &line, except: None };
    let found = app.store.conflicts(&[query], app.now()).await?.remove(0);
    let lines = lines(&view.program, &products);
    let terms = view.rules.rules.terms(draft.value.amount * draft.rate, partner.tier.as_deref(), &products, &lines);
    Ok(Checked { draft, customer, partner, verdict: judge(found.facts()).with(results), found, terms })
}

/// A refused file as what is wrong with the draft.
fn of_evidence(refused: Refused<EvidenceRefusal>) -> Refused<RegisterRefusal> {
    match refused {
        Refused::Failed(e) => Refused::Failed(e),
        Refused::Refused(EvidenceRefusal::File(file)) => Refused::Refused(RegisterRefusal::File(file)),
        Refused::Refused(EvidenceRefusal::Deal(e)) => Refused::Refused(RegisterRefusal::Program(e)),
    }
}

/// What each rule in force says of the draft; what only the server knows (territory, acceptance) is refused here.
async fn by_rules(
    app: &App,
    view: &ProgramView,
    rules: &DraftRules,
    draft: &Draft,
    partner: &Partner,
    today: Date,
) -> Result<Vec<RuleResult>, Refused<RegisterRefusal>> {
    let engagement = match &rules.requirements.engagement {
        Some(_) => Some(satisfied(&view.versions, &view.rules, &app.store.acceptances(&partner.id).await?)),
        None => None,
    };
    let certified = Some(partner.is_certified(today));
    let submission = Submission { territories: Some(&partner.territories), engagement, certified, ..draft.submission(today) };
    let judged = judge_rules(&rules.requirements, &submission);
    let wrong: Vec<_> = judged.iter().filter(|(_, passed)| !passed).map(|(code, _)| violation(*code, rules)).collect();
    if !wrong.is_empty() {
        return Err(Refused::Refused(RegisterRefusal::Invalid(wrong)));
    }
    Ok(judged.into_iter().map(|(code, passed)| result(code, passed)).collect())
}

/// The customer of a draft. Its id follows from whose record it is and what it is keyed by, so that the same customer
/// registered again is the same record.
pub(crate) fn keyed_customer(draft: &Draft, partner_id: &PartnerId) -> Customer {
    let registrable = draft.customer_host.as_deref().and_then(registrable_domain);
    let mut customer = customer_of(draft, registrable, CustomerId::new(ulid_of("")), partner_id.clone());
    customer.id = customer_id(partner_id, &customer.key);
    customer
}

/// The id of a partner's record of the customer with that key.
pub(crate) fn customer_id(partner_id: &PartnerId, key: &str) -> CustomerId {
    CustomerId::new(ulid_of(&format!("{partner_id} {key}")))
}

/// Whose deal it is to be: the actor's own partner's, or the one that vendor staff names.
fn partner_of(actor: &Actor, input: &RegisterInput) -> Result<PartnerId, Refused<RegisterRefusal>> {
    if !can(actor, Action::RegisterDeal, Resource::Any) {
        return Err(Refused::Refused(RegisterRefusal::NotAllowed));
    }
    let asked = input.partner_id.as_deref().map(str::parse::<PartnerId>);
    match (&actor.partner_id, asked) {
        (Some(own), None) => Ok(own.clone()),
        (Some(own), Some(Ok(id))) if id == *own => Ok(id),
        (None, Some(Ok(id))) if can(actor, Action::RegisterForPartner, Resource::Any) => Ok(id),
        (None, None) => Err(Refused::Refused(RegisterRefusal::PartnerRequired)),
        _ => Err(Refused::Refused(RegisterRefusal::PartnerNotFound)),
    }
}

/// What the rules say now about registrations that wait, for the one who decides; nothing of the others.
#[tracing::instrument(level = "debug", name = "deal.verdicts_now", skip_all)]
pub async fn verdicts_now(app: &App, actor: &Actor, deals: &[Deal]) -> Result<HashMap<DealId, Verdict>, AppError> {
    let decides = |deal: &&Deal| deal.status.is_pending() && can(actor, Action::DecideDeal, Resource::OfPartner(&deal.partner_id));
    let deals: Vec<&Deal> = deals.iter().filter(decides).collect();
    let found = conflicts_of(app, &deals).await?;
    Ok(found.into_iter().map(|(id, conflicts)| (id, judge(conflicts.facts()))).collect())
}

/// What stands beside deals now; nothing of those without a customer.
pub(crate) async fn conflicts_of(app: &App, deals: &[&Deal]) -> Result<HashMap<DealId, Conflicts>, AppError> {
    let program = &app.program().await?.program;
    let products: Vec<Vec<ProductId>> = deals.iter().map(|deal| deal.all_products().cloned().collect()).collect();
    let lines: Vec<Vec<ProductId>> = products.iter().map(|products| of_lines(program, products)).collect();
    let products_and_lines = products.iter().zip(&lines);
    let queries = deals.iter().copied().zip(products_and_lines).filter_map(|(deal, (products, line))| {
        Some(ConflictQuery { partner: &deal.partner_id, customer: deal.customer.as_ref()?, products, line, except: Some(&deal.id) })
    });
    let queries: Vec<_> = queries.collect();
    let found = app.store.conflicts(&queries, app.now()).await?;
    Ok(queries.iter().filter_map(|q| q.except.cloned()).zip(found).collect())
}

/// The products that share a line with one of these.
fn of_lines(program: &Program, products: &[ProductId]) -> Vec<ProductId> {
    let lines = lines(program, products);
    program.products.iter().filter(|p| p.line.as_deref().is_some_and(|line| lines.contains(&line))).map(|p| p.id.clone()).collect()
}
