//! Limits on a document before anything runs: tokens, nesting, aliases, depth and width with fragments spread out. Cost, with
//! `first` multiplied in, is computed by the engine's own validation, also before any resolver.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};

use crate::problem::Problem;

/// Most tokens of a document.
pub(crate) const TOKENS_MAX: usize = 2_000;
/// Deepest nesting of brackets in a document's text, so that no parser runs out of stack.
const BRACKETS_MAX: usize = 48;
/// Most aliases of a document.
pub(crate) const ALIASES_MAX: usize = 30;
/// Deepest selection.
pub(crate) const DEPTH_MAX: usize = 12;
/// Deepest selection of an introspection query; the tools' own goes to 13 and touches no data.
const INTROSPECTION_DEPTH_MAX: usize = 15;
/// Most fields of an operation after its fragments have been spread out.
const FIELDS_MAX: usize = 4_000;
/// Highest cost: every field counts one, times the rows of the lists that it is in.
pub(crate) const COST_MAX: usize = 20_000;

/// Root fields that a token that does not hold must not keep from running.
const SESSION_FIELDS: [&str; 3] = ["sessionCreate", "sessionRefresh", "sessionRevoke"];

/// Root fields that read the schema.
const INTROSPECTION_FIELDS: [&str; 2] = ["__schema", "__type"];

/// Refuses a text with too many tokens or brackets too deep, before it is parsed.
pub(crate) fn check_text(query: &str) -> Result<(), Problem> {
    let (mut tokens, mut open, mut rest) = (0usize, 0usize, query);
    while let Some(c) = rest.chars().next() {
        let length = match c {
            ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}' => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            '#' => {
                rest = rest.split_once('\n').map_or("", |(_, after)| after);
                continue;
            }
            '"' => string_length(rest),
            '.' => rest.bytes().take(3).take_while(|b| *b == b'.').count(),
            c if c == '_' || c == '-' || c.is_ascii_alphanumeric() => {
                1 + rest.bytes().skip(1).take_while(|b| *b == b'_' || *b == b'.' || b.is_ascii_alphanumeric()).count()
            }
            '{' | '(' | '[' => {
                open += 1;
                1
            }
            '}' | ')' | ']' => {
                open = open.saturating_sub(1);
                1
            }
            c => c.len_utf8(),
        };
        tokens += 1;
        if tokens > TOKENS_MAX {
            return Err(Problem::too_complex(format!("A document has at most {TOKENS_MAX} tokens.")));
        }
        if open > BRACKETS_MAX {
            return Err(Problem::too_complex(format!("Brackets nest at most {BRACKETS_MAX} deep.")));
        }
        rest = &rest[length..];
    }
    Ok(())
}

/// Bytes of the string that begins here, block string or not; to the end when it is not closed.
fn string_length(text: &str) -> usize {
    if let Some(body) = text.strip_prefix("\"\"\"") {
        return body.find("\"\"\"").map_or(text.len(), |at| at + 6);
    }
    let mut escaped = false;
    for (at, b) in text.bytes().enumerate().skip(1) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            b'\n' => return at,
            _ => {}
        }
    }
    text.len()
}

/// What is known of an operation that may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Query, mutation or subscription.
    pub(crate) ty: OperationType,
    /// Whether it does nothing but create, refresh or revoke sessions.
    pub(crate) session_only: bool,
    /// Whether it reads the schema itself.
    pub(crate) introspects: bool,
    /// How many attempts to sign in it makes.
    pub(crate) sign_ins: u32,
    /// How many dry runs of registrations it makes.
    pub(crate) deal_checks: u32,
    /// How many enquiries of the public form it makes.
    pub(crate) enquiries: u32,
}

/// Checks the operation that is to run against the limits. A document that has no such operation is left to the engine.
pub(crate) fn check_document(document: &ExecutableDocument, operation_name: Option<&str>) -> Result<Option<Shape>, Problem> {
    let mut size = Sizes { document, known: HashMap::new() };
    let mut aliases = 0usize;
    for (_, operation) in document.operations.iter() {
        let whole = size.of(&operation.node.selection_set.node)?;
        // First of all: what spreads out too far must not be walked through again.
        if whole.fields > FIELDS_MAX {
            return Err(Problem::too_complex(format!("An operation has at most {FIELDS_MAX} fields with its fragments spread out.")));
        }
        let roots = root_fields(document, &operation.node.selection_set.node);
        let introspects = operation.node.ty == OperationType::Query && roots.iter().all(|name| name.starts_with("__"));
        let depth_max = if introspects { INTROSPECTION_DEPTH_MAX } else { DEPTH_MAX };
        if whole.depth > depth_max {
            return Err(Problem::too_complex(format!("A selection is at most {depth_max} deep; this one is {}.", whole.depth)));
        }
        aliases += count_aliases(&operation.node.selection_set.node);
    }
    aliases += document.fragments.values().map(|f| count_aliases(&f.node.selection_set.node)).sum::<usize>();
    if aliases > ALIASES_MAX {
        return Err(Problem::too_complex(format!("A document has at most {ALIASES_MAX} aliases; this one has {aliases}.")));
    }
    let Some(operation) = selected(document, operation_name) else { return Ok(None) };
    let roots = root_fields(document, &operation.selection_set.node);
    if operation.ty == OperationType::Subscription && roots.len() != 1 {
        return Err(Problem::bad_request("A subscription selects exactly one field."));
    }
    let session_only = !roots.is_empty() && roots.iter().all(|name| SESSION_FIELDS.contains(name) || *name == "__typename");
    let introspects = roots.iter().any(|name| INTROSPECTION_FIELDS.contains(name));
    let times = |field: &str| u32::try_from(roots.iter().filter(|name| **name == field).count()).unwrap_or(u32::MAX);
    let (sign_ins, deal_checks, enquiries) = (times("sessionCreate"), times("dealCheck"), times("leadEnquire"));
    Ok(Some(Shape { ty: operation.ty, session_only, introspects, sign_ins, deal_checks, enquiries }))
}

/// The operation that runs.
fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|o| &o.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => all.values().next().map(|o| &o.node),
        (DocumentOperations::Multiple(_), None) => None,
    }
}

/// Names of the root fields, fragments spread out. Cycles have been refused before.
fn root_fields<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Vec<&'a str> {
    let mut names = Vec::new();
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => names.push(field.node.name.node.as_str()),
            Selection::InlineFragment(inline) => names.extend(root_fields(document, &inline.node.selection_set.node)),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    names.extend(root_fields(document, &fragment.node.selection_set.node));
                }
            }
        }
    }
    names
}

fn count_aliases(set: &SelectionSet) -> usize {
    set.items
        .iter()
        .map(|item| match &item.node {
            Selection::Field(field) => usize::from(field.node.alias.is_some()) + count_aliases(&field.node.selection_set.node),
            Selection::InlineFragment(inline) => count_aliases(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        })
        .sum()
}

/// Depth and width of a selection with its fragments spread out.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
}

/// Measures each fragment once, so that fragments that multiply each other cost no time; none stands for "being measured".
struct Sizes<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Sizes<'a> {
    fn of(&mut self, set: &'a SelectionSet) -> Result<Size, Problem> {
        let mut whole = Size::default();
        for item in &set.items {
            let part = match &item.node {
                Selection::Field(field) => {
                    let inner = self.of(&field.node.selection_set.node)?;
                    Size { depth: inner.depth.saturating_add(1), fields: inner.fields.saturating_add(1) }
                }
                Selection::InlineFragment(inline) => self.of(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            whole.depth = whole.depth.max(part.depth);
            whole.fields = whole.fields.saturating_add(part.fields);
        }
        Ok(whole)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, Problem> {
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Problem::bad_request(format!("The fragment `{name}` spreads itself."))),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size { depth: 0, fields: 1 }) };
        self.known.insert(name, None);
        let size = self.of(&fragment.node.selection_set.node)?;
        // The spread counts as well, so that fragments without any field cannot multiply each other either.
        let size = Size { depth: size.depth, fields: size.fields.saturating_add(1) };
        self.known.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
