//! Completion while typing: partners by name, competencies by label, places (cities and countries) by any of their names.
//! Competencies and places are offered only while a partner that the asker may see has them.

use crate::collect::Plan;
use crate::facets::FacetColumn;
use crate::fold;
use crate::index::Snapshot;
use crate::matching::Scope;
use crate::request::{FacetField, Order, PartnerFilter, SearchError};
use crate::schema::{CITY_COLUMN, COUNTRY_NAME_COLUMN, Fields, PUBLISHED_COLUMN, id_of};
use crate::search;
use std::collections::HashMap;
use tantivy::TantivyDocument;
use tantivy::schema::Value;

/// Most suggestions at once.
pub const MAX_SUGGESTIONS: usize = 50;

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuggestionKind {
    /// A partner, by name.
    Partner,
    /// A competency.
    Competency,
    /// A city or a country.
    Place,
}

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// Text for people, fit to search for.
    pub label: String,
    /// The partner's id, for a partner.
    pub partner_id: Option<String>,
    /// The competency's key, for a competency: what to filter by.
    pub key: Option<String>,
}

/// A competency or place with the number of partners that have it.
#[derive(Debug)]
pub(crate) struct Known {
    kind: SuggestionKind,
    key: Option<String>,
    label: String,
    words: Vec<String>,
    all: usize,
    published: usize,
}

pub(crate) fn run(snapshot: &Snapshot, fields: &Fields, prefix: &str, published_only: bool, first: usize) -> Result<Vec<Suggestion>, SearchError> {
    if !(1..=MAX_SUGGESTIONS).contains(&first) {
        return Err(SearchError::PageSize { max: MAX_SUGGESTIONS, actual: first });
    }
    let words = fold::question(prefix)?;
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut suggestions = partners(snapshot, fields, &words, published_only, first)?;
    let known = match snapshot.known.get() {
        Some(known) => known,
        None => {
            let known = gather(snapshot)?;
            snapshot.known.get_or_init(|| known)
        }
    };
    let mut others = complete(known, &words, published_only);
    // Half for each kind, and what one leaves free for the other.
    others.truncate((first / 2).max(first - suggestions.len()));
    suggestions.truncate(first - others.len());
    suggestions.append(&mut others);
    Ok(suggestions)
}

fn partners(snapshot: &Snapshot, fields: &Fields, words: &[String], published_only: bool, first: usize) -> Result<Vec<Suggestion>, SearchError> {
    let filter = PartnerFilter::default();
    let plan = Plan { filter: &filter, published_only, order: Order::default(), has_text: true, after: None, keep: first };
    let ranked = search::ranked(snapshot, fields, words, Scope::NameOnly, &plan, |_| Ok(()))?;
    let mut suggestions = Vec::with_capacity(ranked.len());
    for partner in ranked {
        let stored: TantivyDocument = snapshot.searcher.doc(partner.address)?;
        suggestions.push(Suggestion {
            kind: SuggestionKind::Partner,
            label: stored.get_first(fields.name).and_then(|name| name.as_str()).unwrap_or_default().to_owned(),
            partner_id: Some(id_of(&partner.place.sort_key).to_owned()),
            key: None,
        });
    }
    Ok(suggestions)
}

/// Everything but partners that can be completed to, with how many partners have it.
fn gather(snapshot: &Snapshot) -> Result<Vec<Known>, SearchError> {
    let columns = [
        (SuggestionKind::Competency, FacetField::Competency.column()),
        (SuggestionKind::Place, CITY_COLUMN),
        (SuggestionKind::Place, COUNTRY_NAME_COLUMN),
    ];
    let competencies = FacetField::ALL.iter().position(|field| *field == FacetField::Competency);
    let labels = competencies.map(|at| &snapshot.labels[at]);
    let mut known = Vec::new();
    for (kind, column) in columns {
        let (mut all, mut public) = (HashMap::new(), HashMap::new());
        for reader in snapshot.searcher.segment_readers() {
            let published = reader.fast_fields().bool(PUBLISHED_COLUMN)?;
            let (open, closed): (Vec<u32>, Vec<u32>) = reader.doc_ids_alive().partition(|doc| published.first(*doc) == Some(true));
            let mut counting = FacetColumn::of(reader, column)?;
            counting.count(&open);
            counting.add_to(&mut public)?;
            counting.count(&closed);
            counting.add_to(&mut all)?;
        }
        known.extend(all.into_iter().map(|(key, all)| {
            let published = public.get(&key).copied().unwrap_or(0);
            let is_key = kind == SuggestionKind::Competency;
            let label = labels.filter(|_| is_key).and_then(|labels| labels.get(&key)).unwrap_or(&key).clone();
            Known { kind, words: fold::words(&label), label, key: is_key.then_some(key), all, published }
        }));
    }
    Ok(known)
}

/// Those that the words begin, the most frequent first; only if there are none, those they begin but for typing errors.
fn complete(known: &[Known], words: &[String], published_only: bool) -> Vec<Suggestion> {
    let count = |known: &Known| if published_only { known.published } else { known.all };
    let pick = |begins: fn(&str, &str, bool) -> bool| {
        let matches = |known: &&Known| {
            words.iter().enumerate().all(|(at, word)| {
                let is_last = at + 1 == words.len();
                known.words.iter().any(|other| begins(other, word, is_last))
            })
        };
        known.iter().filter(|known| count(known) > 0).filter(matches).collect::<Vec<_>>()
    };
    let mut found = pick(|other, word, is_last| other == word || is_last && other.starts_with(word));
    if found.is_empty() {
        found = pick(nearly_begins);
    }
    found.sort_unstable_by(|a, b| count(b).cmp(&count(a)).then_with(|| a.label.cmp(&b.label)).then_with(|| a.key.cmp(&b.key)));
    found.into_iter().map(|known| Suggestion { kind: known.kind, label: known.label.clone(), partner_id: None, key: known.key.clone() }).collect()
}

/// Whether a word is, or for the last one begins with, what was asked for, but for the errors it is forgiven.
fn nearly_begins(other: &str, asked: &str, is_last: bool) -> bool {
    let errors = usize::from(fold::forgiven(asked));
    let shortest = if is_last { asked.len().saturating_sub(errors) } else { other.len() };
    let longest = if is_last { other.len().min(asked.len() + errors) } else { other.len() };
    // Words are ASCII: any byte is a boundary.
    errors > 0 && (shortest..=longest).any(|len| strsim::osa_distance(&other[..len], asked) <= errors)
}
