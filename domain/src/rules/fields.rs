//! Fields that a program asks for beside its own: declared in the rules, read from a registration, kept with the deal.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::propose::RulesCode;
use crate::deal::evidence::FieldValue;
use crate::deal::register::DraftCode;
use crate::text::{self, LINE_MAX, NOTE_MAX};

/// Most fields of a program.
pub const FIELDS_MAX: usize = 30;
/// Most options of a choice.
pub const OPTIONS_MAX: usize = 50;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Date,
    /// One of the options.
    Choice,
}

/// A field that the program asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// Unique name: small letters, digits and dashes.
    pub key: String,
    /// As shown.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What can be chosen; empty for other kinds.
    pub options: Vec<String>,
    /// Whether a registration must fill it in.
    pub required: bool,
}

/// What is wrong with the declarations; `say` is told the path, the code and the rule.
pub(super) fn check(fields: &[CustomField], say: &mut impl FnMut(&str, RulesCode, String)) {
    if fields.len() > FIELDS_MAX {
        say("fields", RulesCode::TooLong, format!("There may be at most {FIELDS_MAX} fields."));
    }
    for (i, f) in fields.iter().enumerate().take(FIELDS_MAX) {
        let path = format!("fields.{i}");
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if f.key.is_empty() || f.key.len() > 40 || !f.key.chars().all(fine) || fields.iter().take(i).any(|o| o.key == f.key) {
            say(&format!("{path}.key"), RulesCode::InvalidInput, "key must be small letters, digits and dashes, and no other field's.".into());
        }
        if text::required(&f.name, LINE_MAX).is_err() {
            say(&format!("{path}.name"), RulesCode::Required, format!("name must have 1 to {LINE_MAX} characters."));
        }
        let options = f.options.len();
        let right = if f.kind == FieldKind::Choice { (1..=OPTIONS_MAX).contains(&options) } else { options == 0 };
        let each = f.options.iter().enumerate().all(|(n, o)| text::required(o, LINE_MAX).as_ref() == Ok(o) && !f.options[..n].contains(o));
        if !right || !each {
            say(
                &format!("{path}.options"),
                RulesCode::InvalidInput,
                format!("A choice has 1 to {OPTIONS_MAX} different options, other fields none."),
            );
        }
    }
}

/// The values of a draft, in the order of the declarations; `refuse` is told what is wrong. What no field asks for is refused.
pub fn read(fields: &[CustomField], given: &[(String, String)], refuse: &mut impl FnMut(&[&str], DraftCode, String)) -> Vec<FieldValue> {
    for (key, _) in given.iter().filter(|(key, _)| fields.iter().all(|f| f.key != *key)) {
        refuse(&["fields", key], DraftCode::InvalidInput, "fields must name fields of the rules in force.".into());
    }
    let mut values = Vec::new();
    for f in fields {
        let typed = given.iter().find(|(key, _)| *key == f.key).map(|(_, value)| value.as_str());
        let Ok(typed) = text::optional(typed, NOTE_MAX) else {
            refuse(&["fields", &f.key], DraftCode::TooLong, format!("{} must have at most {NOTE_MAX} characters.", f.name));
            continue;
        };
        match typed {
            None if f.required => refuse(&["fields", &f.key], DraftCode::Required, format!("{} must be given.", f.name)),
            None => {}
            Some(value) => match shaped(f, &value) {
                Ok(value) => values.push(FieldValue { key: f.key.clone(), name: f.name.clone(), value }),
                Err(rule) => refuse(&["fields", &f.key], DraftCode::InvalidInput, format!("{} must be {rule}.", f.name)),
            },
        }
    }
    values
}

/// Whether every field that must be filled in has a value that fits it.
pub fn complete(fields: &[CustomField], values: &[FieldValue]) -> bool {
    let filled = |f: &CustomField| values.iter().any(|v| v.key == f.key && shaped(f, &v.value).is_ok());
    fields.iter().filter(|f| f.required).all(filled)
}

fn shaped(field: &CustomField, value: &str) -> Result<String, &'static str> {
    match field.kind {
        FieldKind::Text => Ok(value.to_owned()),
        FieldKind::Number => value.parse::<Decimal>().map(|n| n.normalize().to_string()).map_err(|_| "a number as 12.5"),
        FieldKind::Date => value.parse::<Date>().map(|d| d.to_string()).map_err(|_| "a day as 2026-11-21"),
        FieldKind::Choice if field.options.iter().any(|o| o == value) => Ok(value.to_owned()),
        FieldKind::Choice => Err("one of its options"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, kind: FieldKind, options: &[&str], required: bool) -> CustomField {
        CustomField { key: key.into(), name: key.to_uppercase(), kind, options: options.iter().map(|o| (*o).to_owned()).collect(), required }
    }

    fn given(values: &[(&str, &str)]) -> (Vec<String>, Vec<(String, DraftCode)>) {
        let fields = [
            field("seats", FieldKind::Number, &[], true),
            field("start", FieldKind::Date, &[], false),
            field("cloud", FieldKind::Choice, &["Public", "Private"], false),
        ];
        let values: Vec<_> = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut wrong = Vec::new();
        let read = read(&fields, &values, &mut |path, code, _| wrong.push((path.join("."), code)));
        (read.into_iter().map(|v| v.value).collect(), wrong)
    }

    #[test]
    fn values_are_read_by_their_kind() {
        assert_eq!(given(&[("cloud", "Public"), ("seats", "012.50")]), (vec!["12.5".into(), "Public".into()], vec![]));
        let wrong = given(&[("seats", " "), ("start", "soon"), ("cloud", "Mine"), ("other", "x")]).1;
        let code = |key: &str, code| (format!("fields.{key}"), code);
        use DraftCode::{InvalidInput, Required};
        assert_eq!(wrong, [code("other", InvalidInput), code("seats", Required), code("start", InvalidInput), code("cloud", InvalidInput)]);
    }

    #[test]
    fn what_must_be_filled_in_needs_a_value_that_fits() {
        let fields = [field("seats", FieldKind::Number, &[], true), field("cloud", FieldKind::Choice, &["Public"], false)];
        let value = |key: &str, value: &str| FieldValue { key: key.into(), name: key.to_uppercase(), value: value.into() };
        assert!(complete(&fields, &[value("seats", "12"), value("cloud", "Mine"), value("old", "x")]), "what is not required is not judged");
        assert!(!complete(&fields, &[value("seats", "many")]) && !complete(&fields, &[value("cloud", "Public")]) && complete(&[], &[]));
    }

    #[test]
    fn declarations_are_checked() {
        let wrong = |f: CustomField| {
            let mut wrong = Vec::new();
            check(&[field("a", FieldKind::Text, &[], false), f], &mut |path, _, _| wrong.push(path.to_owned()));
            wrong
        };
        assert!(wrong(field("b-2", FieldKind::Choice, &["x"], true)).is_empty());
        assert_eq!(wrong(field("a", FieldKind::Text, &[], true)), ["fields.1.key"]);
        assert_eq!(wrong(field("B", FieldKind::Choice, &[], true)), ["fields.1.key", "fields.1.options"]);
        assert_eq!(wrong(field("b", FieldKind::Choice, &["x", "x"], true)), ["fields.1.options"]);
        assert_eq!(wrong(field("b", FieldKind::Number, &["x"], true)), ["fields.1.options"]);
    }
}
