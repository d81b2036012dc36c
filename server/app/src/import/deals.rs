//! The deals of an import: rows that are not there yet become decisions, the oldest of those that collide takes the
//! claim, and they are written in batches. A race with somebody else costs a claim, never a row.

use std::collections::{BTreeMap, HashMap, HashSet};

use entente_domain::Timestamp;
use entente_domain::customer::{Customer, customer_key, name_key};
use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::deal::{Cause, Decision};
use entente_domain::id::{DealId, EventId, PartnerId};
use entente_domain::import::claim::{Contender, Holder, losers};
use entente_domain::import::deal::{ImportFacts, import, unprotected};
use entente_domain::import::issue::{Issue, IssueCode};
use entente_domain::import::key_of;
use entente_domain::import::row::Row;
use entente_domain::partner::Partner;
use entente_domain::program::StageCategory;
use entente_store::Committed;

use super::files::FileRole;
use super::people::Importer;
use super::plan::{Plan, Tables};
use crate::clock::ulid_at;
use crate::deal::{customer_id, expire_one, number_text};
use crate::program::ProgramView;
use crate::{App, AppError};

/// Deals written in one transaction.
const BATCH: usize = 500;

/// How often a batch is tried that meets what somebody else has just written.
const ROUNDS: usize = 20;

/// Place of the account among the pipeline's columns.
const ACCOUNT: usize = 3;

/// Keys looked up at once.
const LOOKUP: usize = 1_000;

/// How far it is, in rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub created: u64,
    pub unchanged: u64,
}

/// A row that becomes a deal.
struct NewDeal<'a> {
    line: u64,
    row: &'a Row,
    partner: &'a Partner,
    customer: Option<Customer>,
}

/// Writes (or, in a dry run, only counts) the deals of the plan and adds the collisions to its issues. `done` hears of
/// every batch.
pub(super) async fn write(
    importer: &Importer<'_>,
    tables: &Tables,
    plan: &mut Plan,
    view: &ProgramView,
    partners: &HashMap<String, Partner>,
    done: &(dyn Fn(Tally) + Send + Sync),
) -> Result<Tally, AppError> {
    let (app, now) = (importer.app, importer.app.now());
    let there = existing(app, plan.rows.iter().map(|(_, row)| import_key(row))).await?;
    let mut tally = Tally { created: 0, unchanged: there.len() as u64 };
    done(tally);
    let mut issues = Vec::new();
    let fresh: Vec<NewDeal<'_>> = plan
        .rows
        .iter()
        .filter(|(_, row)| !there.contains(&import_key(row)))
        .filter_map(|(line, row)| {
            let partner = key_of(&row.sales_agent).and_then(|key| partners.get(&key))?;
            Some(NewDeal { line: *line, row, partner, customer: customer(plan, row, &partner.id) })
        })
        .collect();
    let losers = collide(app, &fresh, now).await?;
    for (order, holder) in &losers {
        let reason = match holder {
            Holder::Existing => "a deal that was there before holds this customer and product".to_owned(),
            Holder::Contender(other) => format!("the deal of line {} is older and holds this customer and product", fresh[*other].line),
        };
        issues.push(held(tables, fresh[*order].row, fresh[*order].line, reason));
    }
    if importer.dry_run || fresh.is_empty() {
        tally.created = fresh.len() as u64;
        plan.issues.extend(issues);
        done(tally);
        return Ok(tally);
    }
    let count = i64::try_from(fresh.len()).map_err(AppError::internal)?;
    let first = app.store.next_number("deal", count).await?;
    for (nth, chunk) in fresh.chunks(BATCH).enumerate() {
        let mut batch = Vec::with_capacity(chunk.len());
        for (i, new) in chunk.iter().enumerate() {
            let order = nth * BATCH + i;
            let facts = ImportFacts {
                program: &plan.program,
                zone: &view.zone,
                id: DealId::new(ulid_at(now)),
                number: number_text(first + i64::try_from(order).map_err(AppError::internal)?),
                import_key: import_key(new.row),
                partner_id: new.partner.id.clone(),
                customer: new.customer.clone(),
                manager_id: new.partner.manager_id.clone(),
                territory: new.partner.territories.first().cloned(),
                protected: !losers.contains_key(&order),
                origin: format!("Imported from {}, line {}", tables.sales_pipeline.file, new.line),
            };
            let cause = Cause { actor: importer.actor.clone(), now, event_id: EventId::new(ulid_at(now)), covers: Vec::new() };
            batch.push(import(new.row, facts, cause).map_err(AppError::internal)?);
        }
        let written = insert(app, batch).await?;
        for key in &written.unprotected {
            if let Some(new) = chunk.iter().find(|n| import_key(n.row) == *key) {
                issues.push(held(tables, new.row, new.line, "somebody else has just won this customer and product".to_owned()));
            }
        }
        tally.created += written.created;
        tally.unchanged += written.unchanged;
        done(tally);
    }
    plan.issues.extend(issues);
    Ok(tally)
}

fn held(tables: &Tables, row: &Row, line: u64, reason: String) -> (FileRole, Issue) {
    let file = tables.sales_pipeline.file.clone();
    let column = tables.sales_pipeline.column_name(ACCOUNT);
    (FileRole::SalesPipeline, Issue { code: IssueCode::ClaimHeld, file, line, column, value: row.account.clone(), reason })
}

fn import_key(row: &Row) -> String {
    format!("crm:{}", row.opportunity_id)
}

/// Those of the import keys that have a deal.
async fn existing(app: &App, keys: impl Iterator<Item = String>) -> Result<HashSet<String>, AppError> {
    let mut there = HashSet::new();
    for chunk in keys.collect::<Vec<_>>().chunks(LOOKUP) {
        there.extend(app.store.deals_by_import_key(chunk).await?.into_iter().filter_map(|d| d.import_key));
    }
    Ok(there)
}

/// The partner's record of the row's account.
fn customer(plan: &Plan, row: &Row, partner_id: &PartnerId) -> Option<Customer> {
    let written = row.account.as_deref()?;
    let account = key_of(written).and_then(|key| plan.accounts.get(&key));
    let name = account.map_or(written, |a| &a.name).to_owned();
    let country = account.and_then(|a| a.country);
    let key = customer_key(&name, None, country);
    Some(Customer {
        id: customer_id(partner_id, &key),
        partner_id: partner_id.clone(),
        domain: None,
        country: country.map(str::to_owned),
        industry: account.and_then(|a| a.industry.clone()),
        parent: account.and_then(|a| a.parent.clone()),
        name_key: name_key(&name, country),
        key,
        name,
    })
}

/// Which of the new open deals hold nothing, and why. Claims whose protection has ended stand in nobody's way.
async fn collide(app: &App, fresh: &[NewDeal<'_>], now: Timestamp) -> Result<BTreeMap<usize, Holder>, AppError> {
    let contenders: Vec<Contender> = fresh
        .iter()
        .enumerate()
        .filter(|(_, new)| new.row.category == StageCategory::Open)
        .filter_map(|(order, new)| {
            let key = ClaimKey { customer_key: new.customer.as_ref()?.key.clone(), product_id: new.row.product.id.clone() };
            Some(Contender { engaged_on: new.row.engaged_on, order, keys: vec![key] })
        })
        .collect();
    let keys: Vec<ClaimKey> = contenders.iter().flat_map(|c| c.keys.clone()).collect::<HashSet<_>>().into_iter().collect();
    let mut held = Vec::new();
    for chunk in keys.chunks(LOOKUP) {
        for late in app.store.expired_claim_holders(chunk, now).await? {
            expire_one(app, &late).await?;
        }
        held.extend(app.store.claims_on(chunk).await?.iter().flat_map(Claim::keys));
    }
    Ok(losers(&contenders, held))
}

/// What came of a batch.
#[derive(Default)]
struct Written {
    created: u64,
    unchanged: u64,
    /// Import keys of deals that lost their claim to somebody else just now.
    unprotected: Vec<String>,
}

/// Writes a batch. Whoever was faster keeps what they have: their claim, or the same row from another import.
async fn insert(app: &App, mut batch: Vec<Decision>) -> Result<Written, AppError> {
    let mut written = Written::default();
    for _ in 0..ROUNDS {
        if batch.is_empty() {
            return Ok(written);
        }
        match app.store.insert_deals(&batch).await? {
            Committed::Done => {
                written.created = batch.len() as u64;
                return Ok(written);
            }
            Committed::ClaimTaken(_) | Committed::Duplicate => {
                let there = existing(app, batch.iter().filter_map(|d| d.deal.import_key.clone())).await?;
                written.unchanged += there.len() as u64;
                batch.retain(|d| d.deal.import_key.as_ref().is_none_or(|key| !there.contains(key)));
                written.unprotected.retain(|key| !there.contains(key));
                give_way(app, &mut batch, &mut written).await?;
            }
            Committed::Stale | Committed::Replayed(_) => return Err(AppError::Internal("new deals cannot be stale".into())),
        }
    }
    Err(AppError::Unavailable("an import lost too many races".into()))
}

/// Takes back the claims of the batch that somebody else holds by now.
async fn give_way(app: &App, batch: &mut Vec<Decision>, written: &mut Written) -> Result<(), AppError> {
    let keys: Vec<ClaimKey> = batch.iter().flat_map(|d| d.take.iter().flat_map(Claim::keys)).collect();
    let held: HashSet<ClaimKey> = app.store.claims_on(&keys).await?.iter().flat_map(Claim::keys).collect();
    let late = |d: &Decision| d.take.iter().flat_map(Claim::keys).any(|key| held.contains(&key));
    written.unprotected.extend(batch.iter().filter(|d| late(d)).filter_map(|d| d.deal.import_key.clone()));
    *batch = std::mem::take(batch).into_iter().map(|d| if late(&d) { unprotected(d) } else { d }).collect();
    Ok(())
}
