//! One pass over the matches of one segment: who is on the page, how many there are, and the counts of every facet, each
//! without its own filter (a partner that only that one filter keeps out is still counted for it).

use crate::cursor::Place;
use crate::facets::FacetColumn;
use crate::matching::{Score, position};
use crate::request::{FacetField, Order, OrderField, PartnerFilter, SearchError};
use crate::schema::{PUBLISHED_COLUMN, RANK_COLUMN, SORT_COLUMN};
use std::collections::BinaryHeap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, SegmentReader};

/// A candidate for the page. Field order is sort order; smaller comes first on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    primary: [i64; 2],
    name: u64,
    doc: DocId,
}

/// A candidate that other segments' can be compared with.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    pub place: Place,
    pub address: DocAddress,
}

/// What to collect.
pub(crate) struct Plan<'a> {
    pub filter: &'a PartnerFilter,
    pub published_only: bool,
    pub order: Order,
    /// Whether scores mean anything.
    pub has_text: bool,
    pub after: Option<&'a Place>,
    /// How many candidates to keep.
    pub keep: usize,
}

/// One segment's part of the answer.
pub(crate) struct Collected {
    pub ranked: Vec<Ranked>,
    pub total: usize,
    pub facets: Vec<FacetColumn>,
}

impl Plan<'_> {
    fn primary(&self, score: Score, rank: i64) -> [i64; 2] {
        // Not-ing turns an order around without the overflow that negating the smallest number has.
        let directed = |value: i64| if self.order.descending { !value } else { value };
        match self.order.field {
            OrderField::Relevance => [directed(if self.has_text { score.into() } else { 0 }), directed(rank)],
            OrderField::Tier => [directed(rank), 0],
            OrderField::Name => [0, 0],
        }
    }

    fn names_descend(&self) -> bool {
        self.order.field == OrderField::Name && self.order.descending
    }

    /// Compares places of different segments, smaller first on the page.
    pub fn compare(&self, a: &Place, b: &Place) -> std::cmp::Ordering {
        let names = a.sort_key.cmp(&b.sort_key);
        a.primary.cmp(&b.primary).then(if self.names_descend() { names.reverse() } else { names })
    }
}

/// Collects one segment. `scores` has an entry for each document when a text was asked for.
pub(crate) fn segment(reader: &SegmentReader, segment_ord: u32, scores: Option<&[Score]>, plan: &Plan<'_>) -> Result<Collected, SearchError> {
    let mut facets = Vec::with_capacity(FacetField::ALL.len());
    for field in FacetField::ALL {
        facets.push(FacetColumn::open(reader, field, plan.filter)?);
    }
    let (matches, near) = sift(reader, scores, plan, &facets)?;
    for (facet, near) in facets.iter_mut().zip(&near) {
        facet.count(&matches);
        facet.count(near);
    }
    let ranked = match reader.fast_fields().str(SORT_COLUMN)? {
        Some(names) => rank(reader, segment_ord, scores, plan, &names, &matches)?,
        None => Vec::new(),
    };
    Ok(Collected { ranked, total: matches.len(), facets })
}

/// The matches, and for each facet those that only its own filter keeps out.
fn sift(
    reader: &SegmentReader,
    scores: Option<&[Score]>,
    plan: &Plan<'_>,
    facets: &[FacetColumn],
) -> Result<(Vec<DocId>, Vec<Vec<DocId>>), SearchError> {
    let published: Column<bool> = reader.fast_fields().bool(PUBLISHED_COLUMN)?;
    let narrowing: Vec<usize> = (0..facets.len()).filter(|at| facets[*at].narrows()).collect();
    let alive = reader.alive_bitset();
    let mut matches = Vec::new();
    let mut near = vec![Vec::new(); facets.len()];
    for doc in 0..reader.max_doc() {
        let out = scores.is_some_and(|scores| scores[doc as usize] == 0)
            || alive.is_some_and(|alive| alive.is_deleted(doc))
            || plan.published_only && published.first(doc) != Some(true);
        if out {
            continue;
        }
        let mut refusing = narrowing.iter().filter(|at| !facets[**at].accepts(doc));
        match (refusing.next(), refusing.next()) {
            (None, _) => matches.push(doc),
            (Some(only), None) => near[*only].push(doc),
            _ => {}
        }
    }
    Ok((matches, near))
}

/// The first of the matches behind the cursor, in order.
fn rank(
    reader: &SegmentReader,
    segment_ord: u32,
    scores: Option<&[Score]>,
    plan: &Plan<'_>,
    names: &StrColumn,
    matches: &[DocId],
) -> Result<Vec<Ranked>, SearchError> {
    let ranks = reader.fast_fields().i64(RANK_COLUMN)?;
    let descend = plan.names_descend();
    let after = match plan.after {
        Some(place) => Some((place.primary, position(names, &place.sort_key)?)),
        None => None,
    };
    let mut heap: BinaryHeap<Candidate> = BinaryHeap::with_capacity(plan.keep + 1);
    for doc in matches {
        let score = scores.map_or(0, |scores| scores[*doc as usize]);
        let Some(name) = names.ords().first(*doc) else { continue };
        let primary = plan.primary(score, ranks.first(*doc).unwrap_or(i64::MIN));
        if let Some((cursor, (at, exact))) = after {
            let behind = if descend { name < at } else { name > at || (name == at && !exact) };
            if primary < cursor || (primary == cursor && !behind) {
                continue;
            }
        }
        let candidate = Candidate { primary, name: if descend { !name } else { name }, doc: *doc };
        if heap.len() < plan.keep {
            heap.push(candidate);
        } else if heap.peek().is_some_and(|worst| candidate < *worst) {
            heap.pop();
            heap.push(candidate);
        }
    }
    let mut candidates: Vec<(u64, Candidate)> = heap.into_iter().map(|c| (if descend { !c.name } else { c.name }, c)).collect();
    candidates.sort_unstable_by_key(|(ord, _)| *ord);
    let ords: Vec<u64> = candidates.iter().map(|(ord, _)| *ord).collect();
    let mut ranked = Vec::with_capacity(candidates.len());
    let mut rest = candidates.iter();
    names.dictionary().sorted_ords_to_term_cb(&ords, |key| {
        if let Some((_, candidate)) = rest.next() {
            let place = Place { primary: candidate.primary, sort_key: String::from_utf8_lossy(key).into_owned() };
            ranked.push(Ranked { place, address: DocAddress::new(segment_ord, candidate.doc) });
        }
    })?;
    Ok(ranked)
}
