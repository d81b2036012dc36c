//! Which partners a text finds, and how well. Each word is looked up in the dictionaries of the four texts (exactly, the
//! last one also as a beginning, and with typing errors); a partner matches when every word does somewhere.
//!
//! A score adds up, over the words, the weight of the best way in which the word matched. It depends on the partner and
//! the question only, never on how rare a word is: the same list keeps its order while the index changes around it, which
//! is what paging by key relies on.

use crate::fold;
use crate::request::SearchError;
use crate::schema::{Fields, NAME_TEXT, SORT_COLUMN, TEXTS};
use std::sync::Arc;
use tantivy::columnar::{StrColumn, TermOrdHit};
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, SegmentReader, Term};

/// Points of a partner, 0 when it does not match. Twelve words of at most 100 points and the name's bonus fit well.
pub(crate) type Score = u16;

/// Points of a word by text (name, labels and places, summary, description) and way of matching. Whatever the text, an exact
/// match outweighs a guess; a name that is being typed outweighs a word found elsewhere.
const EXACT: [u8; TEXTS] = [100, 70, 50, 40];
const PREFIX: [u8; TEXTS] = [90, 45, 36, 32];
const ONE_ERROR: [u8; TEXTS] = [30, 24, 18, 14];
const MORE_ERRORS: [u8; TEXTS] = [20, 15, 10, 8];
/// For a beginning that itself has a typing error; looked for only where a word finds nothing else.
const GUESSED_PREFIX: [u8; TEXTS] = [12, 9, 6, 4];
/// The whole text begins the name.
const BEGINS_NAME: Score = 20;
/// The whole text is the name.
const IS_NAME: Score = 40;
/// Shortest word whose beginning is guessed.
const MIN_GUESSED_PREFIX: usize = 5;

/// What a question is matched against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    NameOnly,
}

/// A dictionary word that the asked word stands for, in one segment.
struct Found {
    text: usize,
    info: TermInfo,
    points: u8,
}

struct Segment<'a> {
    reader: &'a SegmentReader,
    /// One for each text in scope, the name first.
    texts: Vec<Arc<InvertedIndexReader>>,
}

/// The score of every document (by number) of every segment.
pub(crate) fn score(searcher: &Searcher, fields: &Fields, words: &[String], scope: Scope) -> Result<Vec<Vec<Score>>, SearchError> {
    let texts = match scope {
        Scope::Everything => TEXTS,
        Scope::NameOnly => NAME_TEXT + 1,
    };
    let mut segments = Vec::new();
    for reader in searcher.segment_readers() {
        let texts = fields.texts[..texts].iter().map(|field| reader.inverted_index(*field)).collect::<Result<_, _>>()?;
        segments.push(Segment { reader, texts });
    }
    let mut scores: Vec<Vec<Score>> = segments.iter().map(|s| vec![1; s.reader.max_doc() as usize]).collect();
    for (at, word) in words.iter().enumerate() {
        let is_last = at + 1 == words.len();
        let found = find(&segments, fields, word, is_last)?;
        for ((segment, found), scores) in segments.iter().zip(found).zip(&mut scores) {
            add_word(segment, &found, scores)?;
        }
    }
    let phrase = words.join(" ");
    for (segment, scores) in segments.iter().zip(&mut scores) {
        add_name_bonus(segment.reader, &phrase, scores)?;
    }
    Ok(scores)
}

/// Looks the word up in every segment; if it stands for nothing anywhere, guesses what is being typed.
fn find(segments: &[Segment<'_>], fields: &Fields, word: &str, is_last: bool) -> Result<Vec<Vec<Found>>, SearchError> {
    let mut all = Vec::with_capacity(segments.len());
    for segment in segments {
        all.push(look_up(segment, fields, word, is_last)?);
    }
    let errors = fold::forgiven(word);
    if is_last && errors > 0 && word.len() >= MIN_GUESSED_PREFIX && all.iter().all(Vec::is_empty) {
        for (segment, found) in segments.iter().zip(&mut all) {
            let query = FuzzyTermQuery::new_prefix(Term::from_field_text(fields.texts[NAME_TEXT], word), errors, true);
            for (text, inverted) in segment.texts.iter().enumerate() {
                let mut stream = inverted.terms().search(query.automaton()?).into_stream()?;
                while stream.advance() {
                    found.push(Found { text, info: stream.value().clone(), points: GUESSED_PREFIX[text] });
                }
            }
        }
    }
    Ok(all)
}

fn look_up(segment: &Segment<'_>, fields: &Fields, word: &str, is_last: bool) -> Result<Vec<Found>, SearchError> {
    let mut found = Vec::new();
    let errors = fold::forgiven(word);
    for (text, inverted) in segment.texts.iter().enumerate() {
        let terms = inverted.terms();
        if is_last {
            // Words are ASCII, so that this is the first string behind all that begin with the word.
            let mut stream = terms.range().ge(word).lt(format!("{word}\x7f")).into_stream()?;
            while stream.advance() {
                let points = if stream.key() == word.as_bytes() { EXACT[text] } else { PREFIX[text] };
                found.push(Found { text, info: stream.value().clone(), points });
            }
        } else if let Some(info) = terms.get(word)? {
            found.push(Found { text, info, points: EXACT[text] });
        }
        if errors == 0 {
            continue;
        }
        let query = FuzzyTermQuery::new(Term::from_field_text(fields.texts[NAME_TEXT], word), errors, true);
        let mut stream = terms.search(query.automaton()?).into_stream()?;
        while stream.advance() {
            let key = String::from_utf8_lossy(stream.key());
            let seen = if is_last { key.starts_with(word) } else { key == word };
            if !seen {
                let points = if strsim::osa_distance(word, &key) <= 1 { ONE_ERROR[text] } else { MORE_ERRORS[text] };
                found.push(Found { text, info: stream.value().clone(), points });
            }
        }
    }
    Ok(found)
}

/// Adds each document's best match of one word; a document without one is out for good.
fn add_word(segment: &Segment<'_>, found: &[Found], scores: &mut [Score]) -> Result<(), SearchError> {
    let mut best = vec![0u8; scores.len()];
    for Found { text, info, points } in found {
        let mut postings = segment.texts[*text].read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        while !postings.docs().is_empty() {
            for doc in postings.docs() {
                if let Some(best) = best.get_mut(*doc as usize) {
                    *best = (*best).max(*points);
                }
            }
            postings.advance();
        }
    }
    for (score, best) in scores.iter_mut().zip(best) {
        *score = if best == 0 || *score == 0 { 0 } else { *score + Score::from(best) };
    }
    Ok(())
}

/// Raises partners whose name begins with the text, or is it. Sort keys begin with the folded name, so both are ranges.
fn add_name_bonus(reader: &SegmentReader, phrase: &str, scores: &mut [Score]) -> Result<(), SearchError> {
    let Some(column) = reader.fast_fields().str(SORT_COLUMN)? else {
        return Ok(());
    };
    let ord = |key: String| position(&column, &key).map(|(ord, _)| ord);
    let begins = ord(phrase.to_owned())?..ord(format!("{phrase}\x7f"))?;
    let is = ord(format!("{phrase}\0"))?..ord(format!("{phrase}\x01"))?;
    if begins.is_empty() {
        return Ok(());
    }
    for (doc, score) in scores.iter_mut().enumerate().filter(|(_, score)| **score > 0) {
        let Some(at) = column.ords().first(doc as u32) else { continue };
        if is.contains(&at) {
            *score += IS_NAME;
        } else if begins.contains(&at) {
            *score += BEGINS_NAME;
        }
    }
    Ok(())
}

/// Where a key is in a column's dictionary, or would be; and whether it is there.
pub(crate) fn position(column: &StrColumn, key: &str) -> Result<(u64, bool), SearchError> {
    Ok(match column.dictionary().term_ord_or_next(key)? {
        TermOrdHit::Exact(ord) => (ord, true),
        TermOrdHit::Next(ord) => (ord, false),
    })
}
