//! What the index is told about one partner. Plain values: the caller maps its own model to them, and decides what is
//! public by what it puts in, because everything here can be found by text.

/// A value of a facet: the key it is filtered by and the label people read and search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Stable key, compared byte for byte with the filter's values.
    pub key: String,
    /// Text for people; found by search. The label given last for a key is the one shown.
    pub label: String,
}

impl Term {
    /// A term from anything that makes strings.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into() }
    }
}

/// The tier a partner is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Stable key, as in a filter.
    pub key: String,
    /// Text for people; found by search.
    pub label: String,
    /// Higher is better. A partner without a tier ranks below every rank but `i64::MIN`, which it equals.
    pub rank: i64,
}

/// One partner as the directory finds it. The `id` is the identity: a later entry with the same id replaces this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerEntry {
    /// The partner's id; returned in hits.
    pub id: String,
    /// The partner's part of its address; its words find the partner as the name does.
    pub slug: String,
    /// Display name; weighs most in a search, and is what the list is sorted by (accents and case folded).
    pub name: String,
    /// One or two sentences.
    pub summary: String,
    /// Longer text; weighs least.
    pub description: String,
    /// ISO 3166 alpha-2 code, upper case: the key of the country facet.
    pub country: Option<String>,
    /// Names the country is found by, in every language of interest; the first is the facet's label (the code without one).
    pub country_names: Vec<String>,
    /// City of the head office; empty when unknown.
    pub city: String,
    /// The tier, if there is one.
    pub tier: Option<Tier>,
    /// Kinds of partner: reseller, integrator, ...
    pub types: Vec<Term>,
    /// Territories the partner sells in.
    pub territories: Vec<Term>,
    /// Industries the partner serves.
    pub verticals: Vec<Term>,
    /// What the partner is able to do.
    pub competencies: Vec<Term>,
    /// Language tags such as `de`; key and label of the language facet at once, not searched as text.
    pub languages: Vec<String>,
    /// Whether people without an account may find it.
    pub published: bool,
}
