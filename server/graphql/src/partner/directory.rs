//! Pages of the directory with their facets, and completions.

use std::sync::Arc;

use async_graphql::{ComplexObject, Enum, SimpleObject};
use entente_app::partner as app;

use super::Partner;
use crate::page::PageInfo;

/// A field that the directory counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "app::FacetField")]
pub(crate) enum FacetField {
    /// Tier.
    Tier,
    /// Way of partnering.
    Type,
    /// Country of the head office.
    Country,
    /// Territory sold in.
    Territory,
    /// Industry served.
    Vertical,
    /// Ability.
    Competency,
    /// Language spoken.
    Language,
}

/// How many partners have one value of a field.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct FacetBucket {
    /// What to filter by.
    key: String,
    /// What to show.
    label: String,
    /// How many partners the list would have with this value as the field's only filter value.
    count: i32,
}

/// Counts over all matches; a facet's own filter does not narrow its own counts.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Facet {
    /// The field counted.
    field: FacetField,
    /// Its values, the most frequent first.
    buckets: Vec<FacetBucket>,
}

fn whole(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl From<app::Facet> for Facet {
    fn from(facet: app::Facet) -> Self {
        let buckets = facet.buckets.into_iter().map(|b| FacetBucket { key: b.key, label: b.label, count: whole(b.count) }).collect();
        Self { field: facet.field.into(), buckets }
    }
}

/// One partner of a page, with its cursor.
#[derive(SimpleObject)]
pub(crate) struct PartnerEdge {
    /// Where this row lies in the list; opaque.
    cursor: String,
    /// The partner.
    node: Partner,
}

/// A page of the directory.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct PartnerConnection {
    /// The rows with their cursors.
    edges: Vec<PartnerEdge>,
    /// Where the page lies in the list.
    page_info: PageInfo,
    /// Matches in all.
    total_count: i32,
    /// Counts over all matches, one facet for each field.
    facets: Vec<Facet>,
}

#[ComplexObject]
impl PartnerConnection {
    /// The rows without their cursors.
    async fn nodes(&self) -> Vec<&Partner> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

impl From<app::DirectoryPage> for PartnerConnection {
    fn from(found: app::DirectoryPage) -> Self {
        Self {
            page_info: crate::page::info(&found.page),
            edges: found.page.rows.into_iter().map(|(cursor, p)| PartnerEdge { cursor, node: Partner(Arc::new(p)) }).collect(),
            total_count: whole(found.total),
            facets: found.facets.into_iter().map(Facet::from).collect(),
        }
    }
}

/// A completion: a partner, a competency or a place.
#[derive(SimpleObject)]
pub(crate) struct PartnerSuggestion {
    /// Text for people, fit to search for.
    pub(super) label: String,
    /// The partner, where one is meant.
    pub(super) partner: Option<Partner>,
}
