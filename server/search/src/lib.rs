//! The partner directory's full-text index, held in memory by each server.
//!
//! It finds partners by text that forgives typing errors, narrows by seven facets and counts them, pages by keyset and
//! completes a word while it is typed. It is fed with plain values and answers with ids: it knows neither the database nor
//! HTTP, does no input or output and is synchronous (a search over 50,000 partners takes milliseconds).

mod collect;
mod cursor;
mod entry;
mod facets;
mod fold;
mod index;
mod matching;
mod request;
mod schema;
mod search;
mod suggest;
#[cfg(test)]
mod tests;

pub use entry::{PartnerEntry, Term, Tier};
pub use fold::{MAX_TEXT_CHARS, MAX_TEXT_WORDS};
pub use index::{Change, DirectoryIndex, IndexError};
pub use request::{
    Bucket, Facet, FacetField, Hit, MAX_FILTER_VALUES, MAX_PAGE, Order, OrderField, PartnerFilter, SearchError, SearchRequest, SearchResult,
};
pub use suggest::{MAX_SUGGESTIONS, Suggestion, SuggestionKind};
