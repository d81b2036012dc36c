//! The rows of the pipeline: values mapped, judged by the domain's rules, with what is wrong said where it stands in the
//! file. Rows that are left out leave no trace in the plan but their issues.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use entente_domain::Timestamp;
use entente_domain::import::issue::IssueCode;
use entente_domain::import::row::{self, Column, KnownProduct, RawRow, Row, RowRules};
use entente_domain::import::{key_of, stage};
use entente_domain::program::{Program, StageCategory};

use super::files::{FileRole, Record, Table};
use super::mapping::{Mapping, most_similar};
use super::plan::{Agent, Plan, Tables};
use crate::program::ProgramView;

/// Judges every row.
pub(super) fn read(plan: &mut Plan, tables: &Tables, view: &ProgramView, now: Timestamp) {
    let (role, table) = (FileRole::SalesPipeline, &tables.sales_pipeline);
    plan.broken(role, table);
    plan.rejected = table.broken.len() as u64;
    let products = known_products(&plan.program);
    let program = plan.program.clone();
    let stages = Stages { program: &program, new: RefCell::default() };
    // The same wrong name stands in many rows.
    let guesses: RefCell<HashMap<String, Option<String>>> = RefCell::default();
    let rules = RowRules {
        today: view.date(now),
        decimals: program.currency.decimals(),
        product: &|name| key_of(name).and_then(|key| products.get(&key).cloned()),
        similar: &|name| guesses.borrow_mut().entry(name.to_owned()).or_insert_with(|| similar(&program, name)).clone(),
        stage: &|name| stages.category(name),
    };
    let mut ids: HashSet<String> = HashSet::new();
    for record in &table.records {
        let mapped = MappedRow::of(table, record, &tables.mapping);
        let issue = |column: Column, code, reason| (role, table.issue(record, place(column), code, reason));
        match row::read(&mapped.raw(), &rules) {
            Err(wrong) => {
                plan.rejected += 1;
                plan.issues.extend(wrong.into_iter().map(|w| issue(w.column, w.code, w.reason)));
            }
            Ok((row, _)) if !ids.insert(row.opportunity_id.clone()) => {
                plan.rejected += 1;
                let reason = format!("`{}` came before in this file; the first row counts", row.opportunity_id);
                plan.issues.push(issue(Column::OpportunityId, IssueCode::DuplicateId, reason));
            }
            Ok((row, warnings)) => {
                plan.issues.extend(warnings.into_iter().map(|w| issue(w.column, w.code, w.reason)));
                let strangers = strangers(plan, tables, &row);
                plan.issues.extend(strangers.into_iter().map(|(column, code, reason)| issue(column, code, reason)));
                accept(plan, record.line, row);
            }
        }
    }
}

/// Names of a row that the other files do not have.
fn strangers(plan: &Plan, tables: &Tables, row: &Row) -> Vec<(Column, IssueCode, String)> {
    let mut strangers = Vec::new();
    let account = row.account.as_deref().filter(|_| tables.accounts.is_some());
    if let Some(name) = account.filter(|a| key_of(a).is_none_or(|key| !plan.accounts.contains_key(&key))) {
        strangers.push((Column::Account, IssueCode::UnknownAccount, format!("`{name}` is not in the accounts file")));
    }
    let listed = key_of(&row.sales_agent).and_then(|key| plan.agents.get(&key)).is_some_and(|a| a.listed);
    if tables.sales_teams.is_some() && !listed {
        strangers.push((Column::SalesAgent, IssueCode::UnknownAgent, format!("`{}` is not in the sales teams file", row.sales_agent)));
    }
    strangers
}

fn accept(plan: &mut Plan, line: u64, row: Row) {
    let stages = plan.program.stages.len();
    stage::add(&mut plan.program, &row.stage);
    plan.added.stages += plan.program.stages.len() - stages;
    if let Some(key) = key_of(&row.sales_agent) {
        plan.agents.entry(key).or_insert_with(|| Agent { name: row.sales_agent.clone(), ..Agent::default() });
    }
    plan.rows.push((line, row));
}

/// Stages that a row may name: the program's, and a bounded number of new ones.
struct Stages<'a> {
    program: &'a Program,
    new: RefCell<BTreeSet<String>>,
}

impl Stages<'_> {
    fn category(&self, name: &str) -> Option<StageCategory> {
        if let Some(found) = stage::find(self.program, name) {
            return Some(found.category);
        }
        let key = key_of(name).filter(|_| stage::is_plausible(name))?;
        let mut new = self.new.borrow_mut();
        let room = self.program.stages.len() + new.len() < stage::STAGES_MAX;
        (new.contains(&key) || room && new.insert(key)).then(|| stage::category(name))
    }
}

/// Products by the keys of their key and name, with the list price in the program's currency.
fn known_products(program: &Program) -> HashMap<String, KnownProduct> {
    let mut known = HashMap::new();
    for product in &program.products {
        let list_price = product.list_price.as_ref().and_then(|price| {
            if price.currency == program.currency {
                return Some(price.amount);
            }
            program.rate(&price.currency).map(|rate| price.convert(rate, &program.currency).amount)
        });
        let entry = KnownProduct { id: product.id.clone(), name: product.name.clone(), list_price };
        for key in [Some(product.key.clone()), key_of(&product.key), key_of(&product.name)].into_iter().flatten() {
            known.insert(key, entry.clone());
        }
    }
    known
}

fn similar(program: &Program, name: &str) -> Option<String> {
    most_similar(name, program.products.iter(), |p| &p.name).map(|p| p.name.clone())
}

/// Place of a column in [`FileRole::columns`] of the pipeline.
fn place(column: Column) -> usize {
    match column {
        Column::OpportunityId => 0,
        Column::SalesAgent => 1,
        Column::Product => 2,
        Column::Account => 3,
        Column::DealStage => 4,
        Column::EngageDate => 5,
        Column::CloseDate => 6,
        Column::CloseValue => 7,
    }
}

/// The values of a row after the mapping, by [`place`].
struct MappedRow([String; 8]);

impl MappedRow {
    fn of(table: &Table, record: &Record, mapping: &Mapping) -> Self {
        let fields = [None, Some("sales_agent"), Some("product"), Some("account"), Some("stage"), None, None, None];
        let mut column = 0;
        Self(fields.map(|field| {
            let value = table.clean(record, column);
            column += 1;
            match field {
                Some(field) => mapping.value(field, &value).to_owned(),
                None => value,
            }
        }))
    }

    fn raw(&self) -> RawRow<'_> {
        let [opportunity_id, sales_agent, product, account, deal_stage, engage_date, close_date, close_value] = &self.0;
        RawRow { opportunity_id, sales_agent, product, account, deal_stage, engage_date, close_date, close_value }
    }
}
