//! A kit and its assets.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_app::kit::Format;
use entente_domain::id::{KitAssetId, PartnerId};
use entente_domain::kit as domain;

use crate::context::Ask as _;
use crate::page::connection;
use crate::problem::Problem;
use crate::scalar::{DateTime, Url};

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::KitAssetKind")]
pub(crate) enum KitAssetKind {
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

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum KitFormat {
    /// One self-contained page.
    Html,
    /// A picture; of a document, its first page.
    Png,
    /// All pages, with fonts and links.
    Pdf,
    /// Plain text, UTF-8.
    Txt,
    /// A picture that scales.
    Svg,
}

impl From<Format> for KitFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Html => Self::Html,
            Format::Png => Self::Png,
            Format::Pdf => Self::Pdf,
            Format::Txt => Self::Txt,
        }
    }
}

/// A file that an asset can be had as.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct KitDownload {
    /// Its format.
    format: KitFormat,
    /// Where to load it, with the viewer's own partner merged in. The address holds for a quarter of an hour.
    url: Url,
    /// Name for the file.
    file_name: String,
}

/// The partner whose brand is merged in.
fn brand(ctx: &Context<'_>, named: Option<ID>) -> Result<Option<PartnerId>, Problem> {
    Ok(entente_app::kit::brand_partner(ctx.signed_in()?, named.as_deref().map(String::as_str))?)
}

/// A kit.
#[derive(Clone)]
pub(crate) struct Kit(pub(crate) Arc<domain::Kit>);

/// A campaign kit: content of the vendor that partners take as their own. Partners see it while it is published; their
/// engineers never.
#[Object]
impl Kit {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// A sentence or two.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Language of the texts (ISO 639-1).
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// From when partners see it; null for a draft.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// Until when partners see it.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// What is in it, in the order shown.
    async fn assets(&self) -> Vec<KitAsset> {
        (0..self.0.assets.len()).map(|index| KitAsset { kit: self.0.clone(), index }).collect()
    }

    /// Industries that it is for, by the keys of `program.verticals`; none means any.
    async fn verticals(&self) -> &[String] {
        &self.0.verticals
    }

    /// Everything as one ZIP, with the viewer's own partner merged in; the vendor's staff may name a partner. The address holds
    /// for a quarter of an hour.
    async fn archive_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose brand is merged in; partners' people may only name their own.")] partner_id: Option<ID>,
    ) -> Result<Url> {
        Ok(Url(ctx.app()?.archive_url(&self.0, brand(ctx, partner_id)?.as_ref())))
    }

    /// Picture of the kit for lists, with the viewer's own partner merged in.
    async fn cover_url(&self, ctx: &Context<'_>) -> Result<Url> {
        Ok(Url(ctx.app()?.cover_url(&self.0, brand(ctx, None)?.as_ref())))
    }
}

/// One asset of a kit.
pub(crate) struct KitAsset {
    kit: Arc<domain::Kit>,
    index: usize,
}

impl KitAsset {
    /// The asset of that id in its kit.
    pub(crate) fn of(kit: domain::Kit, id: &KitAssetId) -> Option<Self> {
        let index = kit.assets.iter().position(|a| a.id == *id)?;
        Some(Self { kit: Arc::new(kit), index })
    }

    fn asset(&self) -> Result<&domain::KitAsset> {
        let asset = self.kit.assets.get(self.index);
        asset.ok_or_else(|| Problem::internal("an asset left its kit").into())
    }
}

/// One asset of a kit: a mail, a page, a post, a document.
#[Object]
impl KitAsset {
    /// Global id.
    pub(crate) async fn id(&self) -> Result<ID> {
        Ok(ID(self.asset()?.id.to_string()))
    }

    /// Title.
    async fn title(&self) -> Result<&str> {
        Ok(&self.asset()?.title)
    }

    /// What it is.
    async fn kind(&self) -> Result<KitAssetKind> {
        Ok(self.asset()?.kind.into())
    }

    /// The asset with the viewer's own partner merged in, for a sandboxed frame; the vendor's staff may name a partner. The
    /// address holds for a quarter of an hour.
    async fn preview_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose brand is merged in; partners' people may only name their own.")] partner_id: Option<ID>,
    ) -> Result<Url> {
        Ok(Url(ctx.app()?.preview_url(self.asset()?, brand(ctx, partner_id)?.as_ref())))
    }

    /// How previewUrl is to be shown: `text/html` in a frame, `image/...` as a picture.
    async fn preview_media_type(&self) -> &'static str {
        "text/html"
    }

    /// Files that it can be had as, the most useful first.
    async fn downloads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose brand is merged in; partners' people may only name their own.")] partner_id: Option<ID>,
    ) -> Result<Vec<KitDownload>> {
        let files = ctx.app()?.downloads(&self.kit, self.asset()?, brand(ctx, partner_id)?.as_ref());
        Ok(files.into_iter().map(|(format, url, file_name)| KitDownload { format: format.into(), url: Url(url), file_name }).collect())
    }
}

connection!(counted KitConnection, KitEdge, Kit, "kit");
