//! A CSV file as it grows: RFC 4180 with CRLF, UTF-8, numbers plain, days and moments in ISO 8601, text that runs nothing.

use entente_domain::money::format_decimal;
use entente_domain::report::export::cell;
use entente_domain::{Date, Decimal, Timestamp};

use crate::AppError;

/// One value.
pub(super) enum Value {
    /// Somebody's words.
    Text(String),
    /// Something of ours that no spreadsheet takes for a formula: a code, a number, a day.
    Plain(String),
}

/// Somebody's words.
pub(super) fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

/// Somebody's words, or nothing.
pub(super) fn text_of(words: Option<&str>) -> Value {
    text(words.unwrap_or_default())
}

/// A number.
pub(super) fn number(n: impl Into<Decimal>) -> Value {
    Value::Plain(format_decimal(n.into()))
}

/// A number that may be missing.
pub(super) fn number_of(n: Option<Decimal>) -> Value {
    Value::Plain(n.map(format_decimal).unwrap_or_default())
}

/// A day that may be missing.
pub(super) fn day(day: Option<Date>) -> Value {
    Value::Plain(day.map(|d| d.to_string()).unwrap_or_default())
}

/// A moment that may be missing.
pub(super) fn moment(at: Option<Timestamp>) -> Value {
    Value::Plain(at.map(|t| t.to_string()).unwrap_or_default())
}

/// A name of an enum as on the wire.
pub(super) fn code(value: &impl serde::Serialize) -> Value {
    let name = serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned));
    Value::Plain(name.unwrap_or_default())
}

/// The file.
pub(super) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A file with its head.
    pub(super) fn new(columns: &[&str], bom: bool) -> Result<Self, AppError> {
        let start = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
        writer.write_record(columns).map_err(AppError::internal)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), AppError> {
        let cells = values.iter().map(|v| match v {
            Value::Text(words) => cell(words),
            Value::Plain(text) => text.clone(),
        });
        self.0.write_record(cells).map_err(AppError::internal)
    }

    /// The bytes of the whole file.
    pub(super) fn end(self) -> Result<Vec<u8>, AppError> {
        self.0.into_inner().map_err(AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_rfc_4180_and_runs_nothing() {
        let mut sheet = Sheet::new(&["a", "b", "c"], true).unwrap();
        sheet.row(&[text("=1+1"), number(Decimal::from(-5)), text("say \"x\",\r\nand go")]).unwrap();
        let bytes = sheet.end().unwrap();
        let file = String::from_utf8(bytes).unwrap();
        assert_eq!(file, "\u{feff}a,b,c\r\n'=1+1,-5,\"say \"\"x\"\",\r\nand go\"\r\n");
    }

    #[test]
    fn codes_and_moments_are_plain() {
        use entente_domain::deal::RegistrationStatus;
        assert!(matches!(code(&RegistrationStatus::InReview), Value::Plain(c) if c == "IN_REVIEW"));
        let at = "2026-11-21T09:00:00Z".parse().ok();
        assert!(matches!(moment(at), Value::Plain(t) if t == "2026-11-21T09:00:00Z"));
    }
}
