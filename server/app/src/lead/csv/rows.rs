//! The rows of a file of leads: one at a time, each a lead or what is wrong with it. Knows neither the database nor the rules
//! of routing.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter};
use entente_domain::country;
use entente_domain::lead::SourceKind;
use entente_domain::lead::draft::{LeadCode, LeadDraft, LeadInput, LeadTerms, LeadViolation, SourceInput, validate};
use entente_domain::program::Program;

use super::{Issue, LeadImportRefusal};
use crate::import::Lines;

/// Columns that are read, by the name in the header; the first three must be there. Others are ignored.
const COLUMNS: [&str; 18] = [
    "name",
    "email",
    "company",
    "phone",
    "domain",
    "country",
    "message",
    "products",
    "vertical",
    "territory",
    "value",
    "currency",
    "source",
    "campaign",
    "kit",
    "utm_source",
    "utm_medium",
    "utm_campaign",
];
/// Columns that every file must have.
const REQUIRED: usize = 3;
/// The column of the row's own key; without it a row is known by what it says.
const KEY: &str = "key";

/// The header of a file and how many rows follow.
pub(super) struct Header {
    /// Place of each column by its name.
    columns: BTreeMap<&'static str, usize>,
    /// Fields of the header.
    width: usize,
    /// Rows after the header.
    pub rows: i64,
}

impl Header {
    /// Reads the header. Refused when it lacks a column or the file is no text.
    pub fn read(bytes: &[u8]) -> Result<Self, LeadImportRefusal> {
        let broken = |reason: &str| LeadImportRefusal::FileBroken(reason.to_owned());
        if bytes.contains(&0) {
            return Err(broken("it has zero bytes in it and is no text file"));
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body(bytes));
        let mut header = StringRecord::new();
        match reader.read_record(&mut header) {
            Ok(true) => {}
            Ok(false) => return Err(broken("it is empty; the first line must name the columns")),
            Err(_) => return Err(broken("its first line is not UTF-8 text; save the file as CSV in UTF-8")),
        }
        let names: Vec<String> = header.iter().map(|n| n.trim().to_lowercase()).collect();
        let mut columns = BTreeMap::new();
        for name in COLUMNS.into_iter().chain([KEY]) {
            let mut places = names.iter().enumerate().filter(|(_, n)| *n == name).map(|(at, _)| at);
            if let Some(at) = places.next() {
                columns.insert(name, at);
            }
            if places.next().is_some() {
                return Err(LeadImportRefusal::FileBroken(format!("the column `{name}` is there twice")));
            }
        }
        if let Some(column) = COLUMNS[..REQUIRED].iter().find(|c| !columns.contains_key(*c)) {
            if names.len() == 1 && names[0].contains([';', '\t']) {
                return Err(broken("columns must be separated by commas"));
            }
            let found: Vec<String> = names.iter().take(40).map(|n| format!("`{}`", n.chars().take(60).collect::<String>())).collect();
            return Err(LeadImportRefusal::ColumnMissing { column, found: found.join(", ") });
        }
        let mut rows = 0;
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).unwrap_or(false) {
            rows += i64::from(row.iter().any(|f| !f.trim_ascii().is_empty()));
        }
        Ok(Self { columns, width: header.len(), rows })
    }
}

/// The file without a byte order mark.
fn body(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// A row that is a lead.
pub(super) struct Row {
    /// Key under which a second import finds it.
    pub key: String,
    /// What it says.
    pub draft: LeadDraft,
    line: u64,
    file: String,
}

impl Row {
    /// The remark that the row belongs to a lead that is there.
    pub fn joins(&self) -> Issue {
        Issue {
            severity: "WARNING",
            code: "SAME_ENQUIRY",
            means: "The same person asked for the same product before; the row adds nothing.",
            file: self.file.clone(),
            line: self.line,
            column: Some("email".into()),
            value: Some(self.draft.person.email.clone()),
            reason: "there is an open lead of this person for this product".into(),
        }
    }
}

/// The rows of a file.
pub(super) struct Rows<'a> {
    records: StringRecordsIntoIter<&'a [u8]>,
    lines: Lines<'a>,
    header: &'a Header,
    terms: &'a LeadTerms,
    /// Ids of products by key and by name, in lower case.
    products: BTreeMap<String, String>,
    currency: String,
    source: &'a SourceInput,
    file: String,
    /// Whether the text ends within a quotation.
    odd_quotes: bool,
    length: u64,
}

impl<'a> Rows<'a> {
    pub fn new(bytes: &'a [u8], header: &'a Header, program: &Program, terms: &'a LeadTerms, source: &'a SourceInput, file: String) -> Self {
        let text = body(bytes);
        let mut records = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text).into_records();
        records.next();
        let named = program.products.iter().flat_map(|p| [(p.key.to_lowercase(), p.id.to_string()), (p.name.to_lowercase(), p.id.to_string())]);
        Self {
            records,
            lines: Lines::new(text),
            header,
            terms,
            products: named.collect(),
            currency: program.currency.as_str().to_owned(),
            source,
            file,
            odd_quotes: text.iter().filter(|b| **b == b'"').count() % 2 == 1,
            length: u64::try_from(text.len()).unwrap_or(u64::MAX),
        }
    }

    /// The next row that is not blank: a lead, or everything that is wrong with it.
    pub fn next(&mut self) -> Option<Result<Row, Vec<Issue>>> {
        loop {
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(error) => {
                    let line = self.lines.of(error.position().map_or(0, csv::Position::byte));
                    return Some(Err(vec![self.whole(line, "ENCODING", "The row is not UTF-8 text.", "the row is not UTF-8 text".into())]));
                }
            };
            if record.iter().all(|f| f.trim().is_empty()) {
                continue;
            }
            let line = self.lines.of(record.position().map_or(0, csv::Position::byte));
            return Some(self.row(&record, line));
        }
    }

    fn row(&mut self, record: &StringRecord, line: u64) -> Result<Row, Vec<Issue>> {
        let at_end = self.records.reader().position().byte() >= self.length;
        if at_end && self.odd_quotes && record.iter().next_back().is_some_and(|f| f.contains('\n')) {
            let reason = "a quotation mark is opened in this row and never closed; everything after it was read as one field";
            return Err(vec![self.whole(line, "QUOTE_OPEN", "A quotation mark is not closed.", reason.into())]);
        }
        if record.len() != self.header.width {
            let reason = format!("the row has {} fields, the header has {}", record.len(), self.header.width);
            return Err(vec![self.whole(line, "WRONG_FIELD_COUNT", "The row has more or fewer fields than the header.", reason)]);
        }
        let (input, mut issues) = self.input(record, line);
        match validate(&input, self.terms) {
            Ok(draft) if issues.is_empty() => {
                let key = match self.text(record, KEY) {
                    "" => format!("row {}", blake3::hash(record.as_slice().as_bytes()).to_hex()),
                    key => format!("key {}", key.chars().take(200).collect::<String>()),
                };
                Ok(Row { key, draft, line, file: self.file.clone() })
            }
            found => {
                let wrong = found.err().unwrap_or_default();
                issues.extend(wrong.iter().map(|v| self.violation(record, line, v)));
                Err(issues)
            }
        }
    }

    fn text<'r>(&self, record: &'r StringRecord, column: &str) -> &'r str {
        self.header.columns.get(column).and_then(|at| record.get(*at)).unwrap_or_default().trim()
    }

    /// The row as somebody would have typed it; what only a file can have wrong is told beside.
    fn input(&self, record: &StringRecord, line: u64) -> (LeadInput, Vec<Issue>) {
        let text = |column| self.text(record, column);
        let some = |column| Some(text(column)).filter(|t| !t.is_empty()).map(str::to_owned);
        let mut issues = Vec::new();
        let mut product_ids = Vec::new();
        for name in text("products").split([';', '|']).map(str::trim).filter(|n| !n.is_empty()) {
            match self.products.get(&name.to_lowercase()) {
                Some(id) => product_ids.push(id.clone()),
                None => issues.push(self.issue(record, line, "products", "UNKNOWN_PRODUCT", format!("the program has no product {}", short(name)))),
            }
        }
        let typed = text("country");
        let country =
            if country::is_known(typed) { Some(typed.to_owned()) } else { country::code_of(typed).map(str::to_owned).or_else(|| some("country")) };
        let kind = match text("source").to_uppercase().as_str() {
            "" => self.source.kind,
            name => SourceKind::ALL.into_iter().find(|k| k.name() == name).unwrap_or_else(|| {
                let known: Vec<&str> = SourceKind::ALL.into_iter().map(SourceKind::name).collect();
                issues.push(self.issue(record, line, "source", "INVALID_INPUT", format!("must be one of {}", known.join(", "))));
                SourceKind::Other
            }),
        };
        let source = SourceInput {
            kind,
            campaign: some("campaign").or_else(|| self.source.campaign.clone()),
            kit: some("kit").or_else(|| self.source.kit.clone()),
            utm_source: some("utm_source").or_else(|| self.source.utm_source.clone()),
            utm_medium: some("utm_medium").or_else(|| self.source.utm_medium.clone()),
            utm_campaign: some("utm_campaign").or_else(|| self.source.utm_campaign.clone()),
        };
        let amount = some("value");
        let input = LeadInput {
            name: text("name").to_owned(),
            email: text("email").to_owned(),
            phone: some("phone"),
            company: text("company").to_owned(),
            domain: some("domain"),
            country,
            message: some("message"),
            product_ids,
            vertical: some("vertical"),
            territory: some("territory"),
            currency: amount.is_some().then(|| some("currency").unwrap_or_else(|| self.currency.clone())),
            amount,
            source,
        };
        (input, issues)
    }

    fn violation(&self, record: &StringRecord, line: u64, v: &LeadViolation) -> Issue {
        let field = v.path.iter().rev().find(|p| p.parse::<usize>().is_err()).map_or("", String::as_str);
        let column = match field {
            "amount" => "value",
            "productIds" => "products",
            "utmSource" => "utm_source",
            "utmMedium" => "utm_medium",
            "utmCampaign" => "utm_campaign",
            other => COLUMNS.into_iter().find(|c| *c == other).unwrap_or_default(),
        };
        let code = match v.code {
            LeadCode::Required => "REQUIRED",
            LeadCode::TooLong => "TOO_LONG",
            LeadCode::InvalidInput => "INVALID_INPUT",
            LeadCode::EmailInvalid => "EMAIL_INVALID",
            LeadCode::CountryUnknown => "UNKNOWN_COUNTRY",
            LeadCode::ProductUnknown => "UNKNOWN_PRODUCT",
            LeadCode::TermUnknown => "UNKNOWN_TERM",
            LeadCode::CurrencyNotAccepted => "CURRENCY_NOT_ACCEPTED",
            LeadCode::ValueInvalid => "VALUE_INVALID",
        };
        self.issue(record, line, column, code, v.message.trim_end_matches('.').to_owned())
    }

    fn issue(&self, record: &StringRecord, line: u64, column: &str, code: &'static str, reason: String) -> Issue {
        let value = Some(short(self.text(record, column))).filter(|v| !v.is_empty());
        Issue { severity: "ERROR", code, means: means(code), file: self.file.clone(), line, column: Some(column.to_owned()), value, reason }
    }

    fn whole(&self, line: u64, code: &'static str, means: &'static str, reason: String) -> Issue {
        Issue { severity: "ERROR", code, means, file: self.file.clone(), line, column: None, value: None, reason }
    }
}

/// A value as the report shows it.
fn short(value: &str) -> String {
    value.chars().take(200).collect()
}

fn means(code: &str) -> &'static str {
    match code {
        "REQUIRED" => "A value that every row needs is missing.",
        "TOO_LONG" => "A value is too long.",
        "EMAIL_INVALID" => "The e-mail address is none.",
        "UNKNOWN_COUNTRY" => "The country is neither a code of ISO 3166-1 nor an English name.",
        "UNKNOWN_PRODUCT" => "The program has no such product.",
        "UNKNOWN_TERM" => "The program has no such vertical or territory.",
        "CURRENCY_NOT_ACCEPTED" => "The program takes no such currency.",
        "VALUE_INVALID" => "The value is no amount.",
        _ => "A value has the wrong shape.",
    }
}
