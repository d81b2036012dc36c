//! Campaign kits: the vendor's content that partners take, branded as their own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{KitAssetId, KitId};
use std::collections::BTreeMap;

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KitAssetKind {
    /// A mail to send.
    Email,
    /// A page to put on the web.
    LandingPage,
    /// A post with its picture.
    SocialPost,
    /// A document of a few pages.
    Document,
    /// A picture for the web.
    Banner,
    /// Slides.
    Presentation,
    /// Anything else.
    File,
}

/// One asset: templates into which a partner is merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitAsset {
    /// Its id.
    pub id: KitAssetId,
    /// Names the files that come of it.
    pub key: String,
    /// Title.
    pub title: String,
    /// What it is.
    pub kind: KitAssetKind,
    /// Name of the template that is rendered, one of `templates`.
    pub main_template: String,
    /// Every template the main one draws on, by name.
    pub templates: BTreeMap<String, String>,
}

/// A kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kit {
    /// Its id.
    pub id: KitId,
    /// Unique name.
    pub key: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// ISO 639-1.
    pub language: String,
    /// Vertical keys; none means any.
    pub verticals: Vec<String>,
    /// From when partners see it; none is a draft.
    pub published_at: Option<Timestamp>,
    /// Until when partners see it.
    pub expires_at: Option<Timestamp>,
    /// Assets in the order shown.
    pub assets: Vec<KitAsset>,
}

impl Kit {
    /// Whether partners may see it at that moment.
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.published_at.is_some_and(|t| t <= now) && self.expires_at.is_none_or(|t| t > now)
    }
}
