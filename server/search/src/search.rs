//! A page of the directory: checks the request's bounds, matches the text, collects every segment and puts the parts together.

use crate::collect::{self, Plan, Ranked};
use crate::cursor;
use crate::facets::{self, Counts};
use crate::fold;
use crate::index::Snapshot;
use crate::matching::{self, Scope};
use crate::request::{FacetField, Hit, MAX_FILTER_VALUES, MAX_PAGE, SearchError, SearchRequest, SearchResult};
use crate::schema::{Fields, id_of};

/// Answers a request from one state of the index.
pub(crate) fn run(snapshot: &Snapshot, fields: &Fields, request: &SearchRequest) -> Result<SearchResult, SearchError> {
    check(request)?;
    let words = request.text.as_deref().map_or(Ok(Vec::new()), fold::question)?;
    let list = cursor::list_id(&words, request);
    let after = request.after.as_deref().map(|after| cursor::decode(list, after)).transpose()?;
    let plan = Plan {
        filter: &request.filter,
        published_only: request.published_only,
        order: request.order,
        has_text: !words.is_empty(),
        after: after.as_ref(),
        // One more than the page tells whether another page follows.
        keep: request.first + 1,
    };
    let mut total = 0;
    let mut counts = Counts::default();
    let mut ranked = ranked(snapshot, fields, &words, Scope::Everything, &plan, |part| {
        total += part.total;
        part.facets.iter().zip(&mut counts).try_for_each(|(facet, counts)| facet.add_to(counts))
    })?;
    let has_next_page = ranked.len() > request.first;
    ranked.truncate(request.first);
    let hits = ranked.into_iter().map(|r| Hit { id: id_of(&r.place.sort_key).to_owned(), cursor: cursor::encode(list, &r.place) }).collect();
    Ok(SearchResult { hits, has_next_page, total, facets: facets::buckets(counts, &snapshot.labels, &request.filter) })
}

/// The first `plan.keep` matches in order, with each segment's part shown to `each`.
pub(crate) fn ranked(
    snapshot: &Snapshot,
    fields: &Fields,
    words: &[String],
    scope: Scope,
    plan: &Plan<'_>,
    mut each: impl FnMut(&collect::Collected) -> Result<(), SearchError>,
) -> Result<Vec<Ranked>, SearchError> {
    let searcher = &snapshot.searcher;
    let scores = if words.is_empty() { None } else { Some(matching::score(searcher, fields, words, scope)?) };
    let mut ranked: Vec<Ranked> = Vec::new();
    for (at, (reader, ord)) in searcher.segment_readers().iter().zip(0u32..).enumerate() {
        let scores = scores.as_ref().map(|scores| scores[at].as_slice());
        let mut part = collect::segment(reader, ord, scores, plan)?;
        each(&part)?;
        ranked.append(&mut part.ranked);
    }
    ranked.sort_unstable_by(|a, b| plan.compare(&a.place, &b.place));
    ranked.truncate(plan.keep);
    Ok(ranked)
}

fn check(request: &SearchRequest) -> Result<(), SearchError> {
    if !(1..=MAX_PAGE).contains(&request.first) {
        return Err(SearchError::PageSize { max: MAX_PAGE, actual: request.first });
    }
    for field in FacetField::ALL {
        let actual = request.filter.values(field).len();
        if actual > MAX_FILTER_VALUES {
            return Err(SearchError::FilterTooLong { field, max: MAX_FILTER_VALUES, actual });
        }
    }
    Ok(())
}
