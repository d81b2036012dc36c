//! The questions the directory answers and their answers, as plain values. No rule of matching is here, only bounds.

use std::fmt;
use tantivy::TantivyError;

/// Largest page.
pub const MAX_PAGE: usize = 100;
/// Most values in one field of a filter.
pub const MAX_FILTER_VALUES: usize = 100;

/// What a list can be narrowed by and counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FacetField {
    /// The partner's tier.
    Tier,
    /// Kinds of partner.
    Type,
    /// Country of the head office.
    Country,
    /// Territories sold in.
    Territory,
    /// Industries served.
    Vertical,
    /// Abilities.
    Competency,
    /// Languages spoken.
    Language,
}

impl FacetField {
    /// Every field, in the order of the answer's facets.
    pub const ALL: [Self; 7] = [Self::Tier, Self::Type, Self::Country, Self::Territory, Self::Vertical, Self::Competency, Self::Language];

    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Tier => "tier",
            Self::Type => "type",
            Self::Country => "country",
            Self::Territory => "territory",
            Self::Vertical => "vertical",
            Self::Competency => "competency",
            Self::Language => "language",
        }
    }
}

impl fmt::Display for FacetField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.column())
    }
}

/// Keys a partner must have: one of those within a field, and that in every field that names any. Empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerFilter {
    /// Tier keys.
    pub tiers: Vec<String>,
    /// Type keys.
    pub types: Vec<String>,
    /// Country codes, alpha-2, upper case.
    pub countries: Vec<String>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Vertical keys.
    pub verticals: Vec<String>,
    /// Competency keys.
    pub competencies: Vec<String>,
    /// Language tags.
    pub languages: Vec<String>,
}

impl PartnerFilter {
    /// The keys asked for in one field.
    #[must_use]
    pub fn values(&self, field: FacetField) -> &[String] {
        match field {
            FacetField::Tier => &self.tiers,
            FacetField::Type => &self.types,
            FacetField::Country => &self.countries,
            FacetField::Territory => &self.territories,
            FacetField::Vertical => &self.verticals,
            FacetField::Competency => &self.competencies,
            FacetField::Language => &self.languages,
        }
    }
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// How well the text matches, then the tier's rank; without a text the rank alone.
    Relevance,
    /// The name, accents and case folded.
    Name,
    /// The tier's rank; no tier ranks lowest.
    Tier,
}

/// Field and direction. Equal partners follow by name A to Z and then by id, whatever the direction of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// What to sort by.
    pub field: OrderField,
    /// Best, highest or Z first.
    pub descending: bool,
}

impl Default for Order {
    /// The best match first.
    fn default() -> Self {
        Self { field: OrderField::Relevance, descending: true }
    }
}

/// One page of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// Words that must all match somewhere; at most `MAX_TEXT_CHARS` characters and `MAX_TEXT_WORDS` words.
    /// Without a letter or digit it is as if left out.
    pub text: Option<String>,
    /// What to narrow by; at most `MAX_FILTER_VALUES` values a field.
    pub filter: PartnerFilter,
    /// Only partners that anyone may see.
    pub published_only: bool,
    /// The order of the hits.
    pub order: Order,
    /// Size of the page, 1 to `MAX_PAGE`.
    pub first: usize,
    /// The cursor of the last hit seen. It holds for the same text, filter, order and `published_only` alone.
    pub after: Option<String>,
}

impl Default for SearchRequest {
    /// The first 25 of everything, the best first.
    fn default() -> Self {
        Self { text: None, filter: PartnerFilter::default(), published_only: false, order: Order::default(), first: 25, after: None }
    }
}

/// A partner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The partner's id.
    pub id: String,
    /// Opaque; as `after` it continues the list behind this hit, on any server, even if this partner is gone by then.
    pub cursor: String,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// What to filter by.
    pub key: String,
    /// What to show.
    pub label: String,
    /// How many partners the list would have with this value as the field's only filter value.
    pub count: usize,
}

/// The values of one field among all matches, most frequent first, then by label. A value that the filter names is there
/// even when its count is 0, as long as the index has ever seen it: a box that is ticked must stay on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field counted.
    pub field: FacetField,
    /// Its values.
    pub buckets: Vec<Bucket>,
}

/// A page with its facets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResult {
    /// The page.
    pub hits: Vec<Hit>,
    /// Whether more follow.
    pub has_next_page: bool,
    /// All matches, not only this page.
    pub total: usize,
    /// One for each of `FacetField::ALL`, in that order. A field's own filter does not narrow its own counts.
    pub facets: Vec<Facet>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The text has too many characters.
    #[error("the search text has {actual} characters, at most {max} are allowed")]
    TextTooLong {
        /// Most characters.
        max: usize,
        /// Characters given.
        actual: usize,
    },
    /// The text has too many words.
    #[error("the search text has {actual} words, at most {max} are allowed")]
    TooManyWords {
        /// Most words.
        max: usize,
        /// Words given.
        actual: usize,
    },
    /// The size of the page is out of bounds.
    #[error("a page has 1 to {max} entries, not {actual}")]
    PageSize {
        /// Largest page.
        max: usize,
        /// Size asked for.
        actual: usize,
    },
    /// One field of the filter names too many values.
    #[error("the filter names {actual} values for {field}, at most {max} are allowed")]
    FilterTooLong {
        /// The field.
        field: FacetField,
        /// Most values.
        max: usize,
        /// Values given.
        actual: usize,
    },
    /// The cursor is none of this index.
    #[error("the cursor is not valid")]
    CursorInvalid,
    /// The cursor belongs to another text, filter or order.
    #[error("the cursor belongs to another list")]
    CursorMismatch,
    /// The index failed; nothing the caller asked for can be the reason.
    #[error("the directory index failed")]
    Index(#[from] TantivyError),
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.into())
    }
}
