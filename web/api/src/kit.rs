//! Campaign kits: the list, and one kit with its assets, previews and downloads.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{DateTime, Id, PageInfo, Url, schema};

/// A kit as lists show it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Kit")]
pub struct KitCard {
    pub id: Id,
    pub title: String,
    pub summary: String,
    pub language: String,
    pub published_at: Option<DateTime>,
    pub expires_at: Option<DateTime>,
    pub verticals: Vec<String>,
    pub cover_url: Url,
    pub assets: Vec<KitAssetRef>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "KitAsset")]
pub struct KitAssetRef {
    pub id: Id,
    pub kind: KitAssetKind,
}

/// One kit with everything that can be previewed and downloaded.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Kit", variables = "KitVariables")]
pub struct KitDetail {
    pub id: Id,
    pub title: String,
    pub summary: String,
    pub language: String,
    pub published_at: Option<DateTime>,
    pub expires_at: Option<DateTime>,
    pub verticals: Vec<String>,
    pub cover_url: Url,
    #[arguments(partnerId: $partner_id)]
    pub archive_url: Url,
    pub assets: Vec<KitAsset>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(variables = "KitVariables")]
pub struct KitAsset {
    pub id: Id,
    pub title: String,
    pub kind: KitAssetKind,
    #[arguments(partnerId: $partner_id)]
    pub preview_url: Url,
    pub preview_media_type: String,
    #[arguments(partnerId: $partner_id)]
    pub downloads: Vec<KitDownload>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct KitDownload {
    pub format: KitFormat,
    pub url: Url,
    pub file_name: String,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KitFormat {
    Html,
    Png,
    Pdf,
    Txt,
    Svg,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KitAssetKind {
    Email,
    LandingPage,
    SocialPost,
    Document,
    Banner,
    Presentation,
    File,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct KitFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub verticals: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<KitAssetKind>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct KitsVariables {
    pub search: Option<String>,
    pub filter: Option<KitFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "KitsVariables")]
pub struct KitsQuery {
    #[arguments(search: $search, filter: $filter, first: $first, after: $after)]
    pub kits: KitConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct KitConnection {
    pub nodes: Vec<KitCard>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct KitVariables {
    pub id: Id,
    /// For whom it is merged; the vendor's staff only.
    pub partner_id: Option<Id>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "KitVariables")]
pub struct KitQuery {
    #[arguments(id: $id)]
    pub kit: Option<KitDetail>,
}

/// What kits there are to filter by.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct KitOptionsQuery {
    #[arguments(first: 100)]
    pub kits: KitOptionConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "KitConnection")]
pub struct KitOptionConnection {
    pub nodes: Vec<KitOption>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Kit")]
pub struct KitOption {
    pub language: String,
    pub verticals: Vec<String>,
}
