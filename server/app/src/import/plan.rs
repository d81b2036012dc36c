//! What the files would change, worked out before anything is written: the program with what it lacks, the teams, the
//! accounts, and every row of the pipeline judged by the domain's rules.

use std::collections::{BTreeMap, HashMap, HashSet};

use entente_domain::Timestamp;
use entente_domain::id::ProductId;
use entente_domain::import::issue::{Issue, IssueCode};
use entente_domain::import::row::Row;
use entente_domain::import::{key_of, value};
use entente_domain::money::Money;
use entente_domain::program::{Product, Program, Term};
use entente_domain::text::LINE_MAX;

use super::countries::{self, Country};
use super::files::{CrmFiles, FileRole, Record, Table};
use super::mapping::Mapping;
use super::refusal::ImportRefusal;
use super::report::Added;
use crate::clock::ulid_of;
use crate::program::ProgramView;

/// Most products of a program: it is one document, read as a whole.
const PRODUCTS_MAX: usize = 5_000;

/// Most territories of a program.
const TERRITORIES_MAX: usize = 1_000;

/// The files, decoded.
#[derive(Debug)]
pub(super) struct Tables {
    pub accounts: Option<Table>,
    pub products: Option<Table>,
    pub sales_teams: Option<Table>,
    pub sales_pipeline: Table,
    pub mapping: Mapping,
}

impl Tables {
    /// Decodes every file.
    pub(super) fn read(files: &CrmFiles, mapping: Mapping) -> Result<Self, ImportRefusal> {
        let read = |role, file: &Option<_>| file.as_ref().map(|f| Table::read(role, f, &mapping)).transpose();
        Ok(Self {
            accounts: read(FileRole::Accounts, &files.accounts)?,
            products: read(FileRole::Products, &files.products)?,
            sales_teams: read(FileRole::SalesTeams, &files.sales_teams)?,
            sales_pipeline: Table::read(FileRole::SalesPipeline, &files.sales_pipeline, &mapping)?,
            mapping,
        })
    }

    /// Rows of the pipeline, good and bad.
    pub(super) fn rows(&self) -> u64 {
        (self.sales_pipeline.records.len() + self.sales_pipeline.broken.len()) as u64
    }
}

/// A customer by the accounts file.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub name: String,
    pub industry: Option<String>,
    pub country: Option<&'static str>,
    /// Of which company it is a subsidiary.
    pub parent: Option<String>,
}

/// A sales agent by the teams file.
#[derive(Debug, Clone, Default)]
pub(super) struct Agent {
    pub name: String,
    pub manager: Option<String>,
    pub territory: Option<String>,
    /// Whether the teams file has it; else a row of the pipeline named it.
    pub listed: bool,
}

/// What the files would change.
#[derive(Debug)]
pub(super) struct Plan {
    /// The program with new products, territories and stages; its version is the next one if there are any.
    pub program: Program,
    pub added: Added,
    /// By key of the name.
    pub accounts: HashMap<String, Account>,
    /// By key of the name: those of the teams file, and those of rows that go in.
    pub agents: BTreeMap<String, Agent>,
    /// Rows that go in, with the line of each.
    pub rows: Vec<(u64, Row)>,
    /// Rows that are left out.
    pub rejected: u64,
    /// By the file's place in the report.
    pub issues: Vec<(FileRole, Issue)>,
}

/// Works it out. Answers the same for the same files and program.
pub(super) fn plan(tables: &Tables, view: &ProgramView, now: Timestamp) -> Plan {
    let mut plan = Plan {
        program: view.program.clone(),
        added: Added::default(),
        accounts: HashMap::new(),
        agents: BTreeMap::new(),
        rows: Vec::new(),
        rejected: 0,
        issues: Vec::new(),
    };
    if let Some(table) = &tables.products {
        plan.read_products(table);
    }
    if let Some(table) = &tables.sales_teams {
        plan.read_teams(table, &tables.mapping);
    }
    if let Some(table) = &tables.accounts {
        plan.read_accounts(table, &tables.mapping);
    }
    super::pipeline::read(&mut plan, tables, view, now);
    if plan.program != view.program {
        plan.program.version += 1;
    }
    plan
}

impl Plan {
    pub(super) fn broken(&mut self, role: FileRole, table: &Table) {
        self.issues.extend(table.broken.iter().map(|i| (role, i.clone())));
    }

    /// The name in the first column; none when it is no name, too long, or was there before.
    fn name(&mut self, role: FileRole, table: &Table, record: &Record, name: &str, seen: &mut HashSet<String>) -> Option<String> {
        let mut refuse = |code, reason: String| self.issues.push((role, table.issue(record, 0, code, reason)));
        let Some(key) = key_of(name) else {
            refuse(IssueCode::Required, "must not be empty".to_owned());
            return None;
        };
        if name.chars().count() > LINE_MAX {
            refuse(IssueCode::TooLong, format!("must have at most {LINE_MAX} characters"));
            return None;
        }
        if !seen.insert(key.clone()) {
            refuse(IssueCode::DuplicateRow, format!("`{name}` came before in this file; the first row counts"));
            return None;
        }
        Some(key)
    }

    /// Products that the program lacks; one that it has stays as it is.
    fn read_products(&mut self, table: &Table) {
        let role = FileRole::Products;
        self.broken(role, table);
        let mut seen = HashSet::new();
        for record in &table.records {
            let name = table.clean(record, 0);
            let Some(key) = self.name(role, table, record, &name, &mut seen) else { continue };
            let price = match table.raw(record, 2) {
                "" => None,
                text => match value::amount(text, self.program.currency.decimals()) {
                    Ok(amount) => Some(Money { amount, currency: self.program.currency.clone() }),
                    Err((code, rule)) => {
                        self.issues.push((role, table.issue(record, 2, code, rule)));
                        continue;
                    }
                },
            };
            if self.program.products.iter().any(|p| is_called(&key, &p.key, &p.name)) {
                continue;
            }
            if self.program.products.len() >= PRODUCTS_MAX {
                self.issues.push((role, table.issue(record, 0, IssueCode::TooMany, format!("a program has at most {PRODUCTS_MAX} products"))));
                continue;
            }
            let line = Some(table.clean(record, 1)).filter(|s| !s.is_empty()).map(|s| s.chars().take(LINE_MAX).collect());
            let id = ProductId::new(ulid_of(&format!("{} product {key}", self.program.id)));
            self.program.products.push(Product::new(id, &key, &name, line, price));
            self.added.products += 1;
        }
    }

    fn read_teams(&mut self, table: &Table, mapping: &Mapping) {
        let role = FileRole::SalesTeams;
        self.broken(role, table);
        let mut seen = HashSet::new();
        for record in &table.records {
            let name = mapping.value("sales_agent", &table.clean(record, 0)).to_owned();
            let Some(key) = self.name(role, table, record, &name, &mut seen) else { continue };
            let text = |column, field| Some(mapping.value(field, &table.clean(record, column)).to_owned()).filter(|s| key_of(s).is_some());
            let (manager, office) = (text(1, "manager"), text(2, "regional_office"));
            let too_long = [(1, &manager), (2, &office)].into_iter().find(|(_, s)| s.as_ref().is_some_and(|s| s.chars().count() > LINE_MAX));
            if let Some((column, _)) = too_long {
                self.issues.push((role, table.issue(record, column, IssueCode::TooLong, format!("must have at most {LINE_MAX} characters"))));
                continue;
            }
            let territory = office.as_deref().and_then(|office| self.territory(office));
            if office.is_some() && territory.is_none() {
                self.issues.push((role, table.issue(record, 2, IssueCode::TooMany, format!("a program has at most {TERRITORIES_MAX} territories"))));
                continue;
            }
            self.agents.insert(key, Agent { name, manager, territory, listed: true });
        }
    }

    /// The key of the territory of that name, which the program gets if it lacks it; none when it has too many.
    fn territory(&mut self, name: &str) -> Option<String> {
        let key = key_of(name)?;
        if let Some(term) = self.program.territories.iter().find(|t| is_called(&key, &t.key, &t.name)) {
            return Some(term.key.clone());
        }
        if self.program.territories.len() >= TERRITORIES_MAX {
            return None;
        }
        self.program.territories.push(Term { key: key.clone(), name: name.to_owned() });
        self.added.territories += 1;
        Some(key)
    }

    fn read_accounts(&mut self, table: &Table, mapping: &Mapping) {
        let role = FileRole::Accounts;
        self.broken(role, table);
        let mut seen = HashSet::new();
        for record in &table.records {
            let name = mapping.value("account", &table.clean(record, 0)).to_owned();
            let Some(key) = self.name(role, table, record, &name, &mut seen) else { continue };
            let sector = table.clean(record, 1);
            let industry = Some(mapping.value("sector", &sector).chars().take(LINE_MAX).collect::<String>()).filter(|s| !s.is_empty());
            let written = table.clean(record, 2);
            let country = country(mapping.value("country", &written))
                .map_err(|reason| self.issues.push((role, table.issue(record, 2, IssueCode::UnknownCountry, reason))))
                .unwrap_or_default();
            let parent = Some(mapping.value("account", &table.clean(record, 3)).to_owned()).filter(|p| !p.is_empty());
            self.accounts.insert(key, Account { name, industry, country, parent });
        }
    }
}

/// The country of a name, none for no name; or why it is not known and what would mend it.
fn country(name: &str) -> Result<Option<&'static str>, String> {
    if name.is_empty() {
        return Ok(None);
    }
    match countries::find(name) {
        Country::Known(code) => Ok(Some(code)),
        Country::Ambiguous(codes) => {
            let aliases: Vec<String> = codes.iter().map(|code| format!("country:{name}={code}")).collect();
            Err(format!("`{name}` may mean several countries; say which with an alias: {}", aliases.join(" or ")))
        }
        Country::Unknown => Err(match countries::similar(name) {
            Some((code, similar)) => format!("no country is called `{name}`; if it is {similar}, say so with an alias: country:{name}={code}"),
            None => format!("no country is called `{name}` in English; say which it is with an alias, as country:{name}=DE"),
        }),
    }
}

/// Whether something of the program with that key and name is meant.
fn is_called(wanted: &str, key: &str, name: &str) -> bool {
    key == wanted || key_of(name).as_deref() == Some(wanted)
}
