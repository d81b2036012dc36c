//! The files of an import as tables: decoded, with the columns that are read, each row with its line. A file that is no
//! such table is refused as a whole.

use std::path::Path;

use bytes::Bytes;
use csv::{ReaderBuilder, StringRecord};
use entente_domain::import::issue::{Issue, IssueCode};

use super::mapping::Mapping;
use super::refusal::ImportRefusal;

/// What a file is for; sorts in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileRole {
    /// Customers.
    Accounts,
    /// Products with their list price.
    Products,
    /// Who sells for whom and where.
    SalesTeams,
    /// The deals.
    SalesPipeline,
}

impl FileRole {
    /// Every file, in the order of the report.
    pub const ALL: [FileRole; 4] = [Self::Accounts, Self::Products, Self::SalesTeams, Self::SalesPipeline];

    /// Its name in mappings; with `.csv` the name of the file in a folder.
    pub fn key(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::SalesTeams => "sales_teams",
            Self::SalesPipeline => "sales_pipeline",
        }
    }

    /// Its name in the input of `crmImport`.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::SalesTeams => "salesTeams",
            Self::SalesPipeline => "salesPipeline",
        }
    }

    /// Columns that are read where they are there, after the others.
    fn optional_columns(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &["subsidiary_of"],
            _ => &[],
        }
    }

    /// The columns that are read; each must be there. Others are ignored.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &["account", "sector", "office_location"],
            Self::Products => &["product", "series", "sales_price"],
            Self::SalesTeams => &["sales_agent", "manager", "regional_office"],
            Self::SalesPipeline => &["opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"],
        }
    }
}

/// A file as it came.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Name for the report, as `sales_pipeline.csv`.
    pub name: String,
    /// Content.
    pub bytes: Bytes,
}

/// The files of an import.
#[derive(Debug, Clone)]
pub struct CrmFiles {
    /// Customers; without it they have neither country nor industry.
    pub accounts: Option<SourceFile>,
    /// Products; without it only the program's are known.
    pub products: Option<SourceFile>,
    /// Teams; without it partners have neither manager nor territory.
    pub sales_teams: Option<SourceFile>,
    /// The deals.
    pub sales_pipeline: SourceFile,
}

impl CrmFiles {
    /// Reads `accounts.csv`, `products.csv`, `sales_teams.csv` and `sales_pipeline.csv` of a folder; only the last one
    /// has to be there. Blocks: for the command line.
    pub fn read_dir(dir: &Path) -> Result<Self, ImportRefusal> {
        let read = |role: FileRole| {
            let name = format!("{}.csv", role.key());
            let path = dir.join(&name);
            match std::fs::read(&path) {
                Ok(bytes) => Ok(Some(SourceFile { name, bytes: bytes.into() })),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(ImportRefusal::FileBroken { role, file: path.display().to_string(), line: None, reason: e.to_string() }),
            }
        };
        let role = FileRole::SalesPipeline;
        let sales_pipeline =
            read(role)?.ok_or_else(|| ImportRefusal::FileNotFound { role, name: dir.join("sales_pipeline.csv").display().to_string() })?;
        Ok(Self {
            accounts: read(FileRole::Accounts)?,
            products: read(FileRole::Products)?,
            sales_teams: read(FileRole::SalesTeams)?,
            sales_pipeline,
        })
    }
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Line at which it begins, from 1.
    pub line: u64,
    fields: StringRecord,
}

/// A file as a table.
#[derive(Debug)]
pub(super) struct Table {
    /// Name of the file.
    pub file: String,
    /// Position of each column of the role in a record, with its name in the header.
    columns: Vec<(usize, String)>,
    /// Rows with as many fields as the header.
    pub records: Vec<Record>,
    /// The others.
    pub broken: Vec<Issue>,
}

impl Table {
    /// Decodes a file. Refused when it is not UTF-8, has no header, lacks a column, or has a quotation mark that is not
    /// closed, for then rows would be lost without a word.
    pub(super) fn read(role: FileRole, source: &SourceFile, mapping: &Mapping) -> Result<Self, ImportRefusal> {
        let file = source.name.clone();
        let broken = |line: Option<u64>, reason: String| ImportRefusal::FileBroken { role, file: file.clone(), line, reason };
        let text = std::str::from_utf8(&source.bytes).map_err(|e| {
            let line = 1 + source.bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64;
            broken(Some(line), "is not UTF-8 text; save the file as CSV in UTF-8".to_owned())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.contains('\0') {
            return Err(broken(None, "has zero bytes in it; it is no text file".to_owned()));
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = reader.records();
        let header = match rows.next() {
            Some(Ok(header)) => header,
            Some(Err(e)) => return Err(broken(Some(1), e.to_string())),
            None => return Err(broken(None, "is empty; the first line must name the columns".to_owned())),
        };
        let columns = columns(role, &file, &header, mapping)?;
        let mut table = Self { file: file.clone(), columns, records: Vec::new(), broken: Vec::new() };
        let mut last: Option<(u64, bool)> = None;
        let mut lines = Lines::new(text.as_bytes());
        for row in rows {
            let fields = row.map_err(|e| broken(e.position().map(csv::Position::line), e.to_string()))?;
            let line = lines.of(fields.position().map_or(0, csv::Position::byte));
            last = Some((line, fields.iter().next_back().is_some_and(|f| f.contains('\n'))));
            if fields.len() == header.len() {
                table.records.push(Record { line, fields });
            } else if fields.iter().any(|f| !f.trim().is_empty()) {
                let reason = format!("the row has {} fields, the header has {}", fields.len(), header.len());
                table.broken.push(Issue { code: IssueCode::WrongFieldCount, file: file.clone(), line, column: None, value: None, reason });
            }
        }
        match last {
            Some((line, true)) if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 => {
                Err(broken(Some(line), "a quotation mark is opened in this row and never closed".to_owned()))
            }
            _ => Ok(table),
        }
    }

    /// The value of a column of the role (by its place in [`FileRole::columns`]) as it is in the file, trimmed.
    pub(super) fn raw<'a>(&self, record: &'a Record, column: usize) -> &'a str {
        self.columns.get(column).and_then(|(at, _)| record.fields.get(*at)).unwrap_or_default().trim()
    }

    /// The same in one line without control characters.
    pub(super) fn clean(&self, record: &Record, column: usize) -> String {
        let raw = self.raw(record, column);
        if raw.chars().any(char::is_control) {
            let spaced: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            return spaced.trim().to_owned();
        }
        raw.to_owned()
    }

    /// What a column of the role is called in the file.
    pub(super) fn column_name(&self, column: usize) -> Option<String> {
        self.columns.get(column).map(|(_, name)| name.clone())
    }

    /// The issue of a row, with column and value as they are in the file.
    pub(super) fn issue(&self, record: &Record, column: usize, code: IssueCode, reason: String) -> Issue {
        let value: String = self.raw(record, column).chars().take(200).collect();
        let name = self.column_name(column);
        Issue { code, file: self.file.clone(), line: record.line, column: name, value: (!value.is_empty()).then_some(value), reason }
    }
}

/// Counts lines as an editor does. The reader's own count lags behind where lines end in CR LF or are empty.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// From the beginning of that text.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line at which the record begins that the reader found from this byte on; bytes only grow.
    pub(crate) fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let blank = self.text[from..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let begin = from + blank;
        while self.at < begin {
            let ends = match self.text[self.at] {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// Finds each column of the role in the header, without regard to case.
fn columns(role: FileRole, file: &str, header: &StringRecord, mapping: &Mapping) -> Result<Vec<(usize, String)>, ImportRefusal> {
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    let found = || names.iter().map(|n| format!("`{}`", n.chars().take(60).collect::<String>())).take(40).collect::<Vec<_>>().join(", ");
    let find = |key: &'static str| {
        let wanted = mapping.column(role, key);
        let mut places = names.iter().enumerate().filter(|(_, n)| n.to_lowercase() == wanted.to_lowercase());
        match (places.next(), places.next()) {
            (Some((at, name)), None) => Ok((at, (*name).to_owned())),
            (Some(_), Some(_)) => {
                Err(ImportRefusal::FileBroken { role, file: file.to_owned(), line: Some(1), reason: format!("the column `{wanted}` is there twice") })
            }
            (None, _) if names.len() == 1 && names[0].contains([';', '\t']) => Err(ImportRefusal::FileBroken {
                role,
                file: file.to_owned(),
                line: Some(1),
                reason: "columns must be separated by commas".to_owned(),
            }),
            (None, _) => Err(ImportRefusal::ColumnMissing { role, file: file.to_owned(), column: wanted.to_owned(), key, found: found() }),
        }
    };
    let mut columns: Vec<(usize, String)> = role.columns().iter().map(|key| find(key)).collect::<Result<_, _>>()?;
    columns.extend(role.optional_columns().iter().map(|key| {
        let wanted = mapping.column(role, key);
        let place = names.iter().position(|n| n.to_lowercase() == wanted.to_lowercase());
        // No row has a field in that place: an empty one is read.
        (place.unwrap_or(usize::MAX), wanted.to_owned())
    }));
    Ok(columns)
}
