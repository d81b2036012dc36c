//! Pictures, previews and downloads behind plain addresses. What is not public carries a signature and an end, so that a
//! browser can load it in a frame or as a file without a header.

use bytes::Bytes;
use entente_domain::id::{DealId, DisputeId, FileId, ImportRunId, KitAssetId, KitId, PartnerId, RoomId, RoomMessageId};
use entente_domain::kit::{Kit, KitAsset};
use entente_domain::partner::Partner;
use entente_domain::policy::Scope;
use entente_render::{AssetSource, Brand, Format, Rendered, Rgb, archive, archive_name, formats, preview, render, wordmark};

use crate::kit::{brand_of, render_kind, source};
use crate::{App, AppError, cosell, import};

/// How long a signed address holds at least, in seconds; the end is rounded up to this, so that an address stays the
/// same for a while and can be cached.
const HOLDS_SECONDS: i64 = 900;

/// Something to send.
#[derive(Debug, Clone)]
pub struct Media {
    /// Its content.
    pub bytes: Bytes,
    /// Its media type.
    pub media_type: String,
    /// Name for a download; none to be shown in place.
    pub file_name: Option<String>,
    /// `Content-Security-Policy` to send with it.
    pub policy: &'static str,
    /// Whether it never changes under its address.
    pub immutable: bool,
}

/// Why there is nothing to send.
#[derive(Debug)]
pub enum MediaError {
    /// No such thing, or the address is not signed, has ended or was changed.
    NotFound,
    /// See [`AppError`].
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for MediaError {
    fn from(e: E) -> Self {
        Self::Failed(e.into())
    }
}

/// Nothing but itself: for pictures.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

impl App {
    fn signed(&self, path: &str) -> String {
        let end = (self.now().as_second() / HOLDS_SECONDS + 2) * HOLDS_SECONDS;
        let signature = self.keys.sign_media(&format!("{path} {end}"));
        format!("{}{path}?e={end}&s={signature}", self.public_url)
    }

    fn check(&self, path: &str, end: &str, signature: &str) -> Result<(), MediaError> {
        let in_time = end.parse::<i64>().is_ok_and(|e| e > self.now().as_second());
        if in_time && self.keys.media_signed(&format!("{path} {end}"), signature) { Ok(()) } else { Err(MediaError::NotFound) }
    }

    /// Address of a partner's logo; a generated one where it has none. Public, and another one when the logo changes.
    pub fn logo_url(&self, partner: &Partner) -> String {
        match &partner.logo {
            Some(logo) => format!("{}/media/logos/{}", self.public_url, logo.hash),
            None => {
                let color = partner.color.as_deref().unwrap_or_default().trim_start_matches('#');
                let name: String = partner.name.bytes().map(|b| format!("{b:02x}")).collect();
                format!("{}/media/wordmarks/{name}.svg?c={color}", self.public_url)
            }
        }
    }

    /// Address of an asset's preview, with that partner merged in.
    pub fn preview_url(&self, asset: &KitAsset, partner: Option<&PartnerId>) -> String {
        self.signed(&format!("/media/kits/preview/{}/{}", asset.id, part(partner)))
    }

    /// Addresses of an asset's files.
    pub fn downloads(&self, kit: &Kit, asset: &KitAsset, partner: Option<&PartnerId>) -> Vec<(Format, String, String)> {
        formats(render_kind(asset.kind))
            .iter()
            .map(|f| {
                let extension = f.extension();
                let url = self.signed(&format!("/media/kits/file/{}/{}/{extension}", asset.id, part(partner)));
                (*f, url, format!("{}-{}.{extension}", kit.key, asset.key))
            })
            .collect()
    }

    /// Address of a kit's ZIP.
    pub fn archive_url(&self, kit: &Kit, partner: Option<&PartnerId>) -> String {
        self.signed(&format!("/media/kits/archive/{}/{}", kit.id, part(partner)))
    }

    /// Address of a kit's picture for lists.
    pub fn cover_url(&self, kit: &Kit, partner: Option<&PartnerId>) -> String {
        self.signed(&format!("/media/kits/cover/{}/{}", kit.id, part(partner)))
    }

    /// Address of a file that is evidence of a deal.
    pub fn evidence_url(&self, deal: &DealId, file: &FileId) -> String {
        self.signed(&format!("/media/evidence/{deal}/{file}"))
    }

    /// Address of a file of a dispute.
    pub fn dispute_file_url(&self, dispute: &DisputeId, file: &FileId) -> String {
        self.signed(&format!("/media/disputes/{dispute}/{file}"))
    }

    /// Address of a file of a message in a room.
    pub fn room_file_url(&self, room: &RoomId, message: &RoomMessageId, file: &FileId) -> String {
        self.signed(&format!("/media/rooms/{room}/{message}/{file}"))
    }

    /// Address of an import's report.
    pub fn report_url(&self, run: &ImportRunId) -> String {
        self.signed(&format!("/media/imports/{run}/report.csv"))
    }
}

impl App {
    /// Address of an export's file.
    pub fn export_url(&self, export: &entente_domain::id::ExportId) -> String {
        self.signed(&format!("/media/exports/{export}/file.csv"))
    }
}

fn part(partner: Option<&PartnerId>) -> &str {
    partner.map_or("none", PartnerId::as_str)
}

/// What a path below `/media/` answers. `query` gives a parameter of the address.
#[tracing::instrument(level = "debug", name = "media.resolve", skip_all)]
pub async fn resolve(app: &App, path: &str, query: impl Fn(&str) -> Option<String>) -> Result<Media, MediaError> {
    let segments: Vec<&str> = path.trim_start_matches("/media/").split('/').collect();
    match segments.as_slice() {
        ["logos", hash] => logo(app, hash).await,
        ["wordmarks", name] => mark(name, query("c").as_deref()),
        _ => {
            app.check(path, &query("e").unwrap_or_default(), &query("s").unwrap_or_default())?;
            private(app, &segments).await
        }
    }
}

async fn private(app: &App, segments: &[&str]) -> Result<Media, MediaError> {
    match segments {
        ["kits", "preview", asset, partner] => {
            let (source, brand, _) = asset_of(app, asset, partner).await?;
            Ok(shown(drawn(app, move || preview(&source, &brand)).await?, entente_render::PREVIEW_POLICY))
        }
        ["kits", "file", asset, partner, extension] => {
            let (source, brand, _) = asset_of(app, asset, partner).await?;
            let format = formats(source.kind).iter().copied().find(|f| f.extension() == *extension).ok_or(MediaError::NotFound)?;
            Ok(download(drawn(app, move || render(&source, &brand, format)).await?))
        }
        ["kits", "cover", kit, partner] => {
            let (kit, brand) = kit_of(app, kit, partner).await?;
            let picture = kit.assets.iter().map(|a| source(&kit, a)).find(|s| formats(s.kind).contains(&Format::Png)).ok_or(MediaError::NotFound)?;
            Ok(shown(drawn(app, move || render(&picture, &brand, Format::Png)).await?, PICTURE_POLICY))
        }
        ["kits", "archive", kit, partner] => {
            let (kit, brand) = kit_of(app, kit, partner).await?;
            let name = archive_name(&kit.title, &brand);
            let sources: Vec<AssetSource> = kit.assets.iter().map(|a| source(&kit, a)).collect();
            let title = kit.title.clone();
            let bytes = drawn(app, move || archive(&title, &sources, &brand)).await?;
            Ok(Media { bytes: bytes.into(), media_type: "application/zip".into(), file_name: Some(name), policy: PICTURE_POLICY, immutable: false })
        }
        ["disputes", dispute, file] => dispute_file(app, dispute, file).await,
        ["evidence", deal, file] => evidence(app, deal, file).await,
        ["rooms", room, message, file] => {
            let (bytes, media_type, name) = cosell::file(app, room, message, file).await?.ok_or(MediaError::NotFound)?;
            Ok(Media { bytes, media_type, file_name: Some(name), policy: PICTURE_POLICY, immutable: false })
        }
        ["imports", run, "report.csv"] => {
            let run: ImportRunId = run.parse().map_err(|_| MediaError::NotFound)?;
            let text = import::report_csv(app, &run).await?.ok_or(MediaError::NotFound)?;
            Ok(Media {
                bytes: text.into(),
                media_type: "text/csv; charset=utf-8".into(),
                file_name: Some(format!("{run}.csv")),
                policy: PICTURE_POLICY,
                immutable: false,
            })
        }
        ["exports", id, "file.csv"] => {
            let id = id.parse().map_err(|_| MediaError::NotFound)?;
            let (bytes, name) = crate::export::file(app, &id).await?.ok_or(MediaError::NotFound)?;
            let media_type = "text/csv; charset=utf-8".to_owned();
            Ok(Media { bytes, media_type, file_name: Some(name), policy: PICTURE_POLICY, immutable: false })
        }
        _ => Err(MediaError::NotFound),
    }
}

async fn evidence(app: &App, deal: &str, file: &str) -> Result<Media, MediaError> {
    let id: DealId = deal.parse().map_err(|_| MediaError::NotFound)?;
    let deal = app.store.deal(&id, &Scope::All).await?.ok_or(MediaError::NotFound)?;
    let file = deal.evidence.files.into_iter().find(|f| f.id.as_str() == file).ok_or(MediaError::NotFound)?;
    let bytes = app.files.get(&file.hash).await?.ok_or(MediaError::NotFound)?;
    Ok(Media { bytes, media_type: file.media_type, file_name: Some(file.name), policy: PICTURE_POLICY, immutable: false })
}

async fn dispute_file(app: &App, dispute: &str, file: &str) -> Result<Media, MediaError> {
    let id: DisputeId = dispute.parse().map_err(|_| MediaError::NotFound)?;
    let dispute = app.store.dispute(&id, &Scope::All).await?.ok_or(MediaError::NotFound)?;
    let file = dispute.statements.into_iter().flat_map(|s| s.files).find(|f| f.id.as_str() == file).ok_or(MediaError::NotFound)?;
    let bytes = app.files.get(&file.hash).await?.ok_or(MediaError::NotFound)?;
    Ok(Media { bytes, media_type: file.media_type, file_name: Some(file.name), policy: PICTURE_POLICY, immutable: false })
}

async fn logo(app: &App, hash: &str) -> Result<Media, MediaError> {
    let bytes = app.files.get(hash).await?.ok_or(MediaError::NotFound)?;
    let media_type = if bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else if bytes.starts_with(b"\xff\xd8") {
        "image/jpeg"
    } else {
        "image/svg+xml"
    };
    Ok(Media { bytes, media_type: media_type.into(), file_name: None, policy: PICTURE_POLICY, immutable: true })
}

/// A generated logo: the name in hex, so that an address needs no escaping.
fn mark(name: &str, color: Option<&str>) -> Result<Media, MediaError> {
    let hex = name.strip_suffix(".svg").filter(|h| h.len() <= 800 && h.len() % 2 == 0 && h.is_ascii()).ok_or(MediaError::NotFound)?;
    let bytes: Result<Vec<u8>, _> = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16)).collect();
    let name = bytes.ok().and_then(|b| String::from_utf8(b).ok()).ok_or(MediaError::NotFound)?;
    let color = color.and_then(|c| Rgb::parse(&format!("#{c}"))).unwrap_or_else(|| Rgb::for_name(&name));
    let svg = wordmark(&name, color);
    Ok(Media { bytes: svg.into(), media_type: "image/svg+xml".into(), file_name: None, policy: PICTURE_POLICY, immutable: true })
}

fn partner_id(text: &str) -> Result<Option<PartnerId>, MediaError> {
    if text == "none" { Ok(None) } else { text.parse().map(Some).map_err(|_| MediaError::NotFound) }
}

async fn asset_of(app: &App, asset: &str, partner: &str) -> Result<(AssetSource, Brand, Kit), MediaError> {
    let id: KitAssetId = asset.parse().map_err(|_| MediaError::NotFound)?;
    let kit = app.store.kit_of_asset(&id).await?.ok_or(MediaError::NotFound)?;
    let asset = kit.assets.iter().find(|a| a.id == id).ok_or(MediaError::NotFound)?;
    let source = source(&kit, asset);
    let brand = brand_of(app, &kit, partner_id(partner)?.as_ref()).await?.ok_or(MediaError::NotFound)?;
    Ok((source, brand, kit))
}

async fn kit_of(app: &App, kit: &str, partner: &str) -> Result<(Kit, Brand), MediaError> {
    let id: KitId = kit.parse().map_err(|_| MediaError::NotFound)?;
    let kit = app.store.kit(&id).await?.ok_or(MediaError::NotFound)?;
    let brand = brand_of(app, &kit, partner_id(partner)?.as_ref()).await?.ok_or(MediaError::NotFound)?;
    Ok((kit, brand))
}

/// Draws away from the threads that answer requests, at most one picture per core at a time.
async fn drawn<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    app: &App,
    draw: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, MediaError> {
    let _turn = app.renders.acquire().await.map_err(AppError::internal)?;
    let drawn = tokio::task::spawn_blocking(draw).await.map_err(AppError::internal)?;
    drawn.map_err(|e| MediaError::Failed(AppError::internal(e)))
}

fn shown(rendered: Rendered, policy: &'static str) -> Media {
    Media { bytes: rendered.bytes.into(), media_type: rendered.media_type.to_owned(), file_name: None, policy, immutable: false }
}

fn download(rendered: Rendered) -> Media {
    Media {
        bytes: rendered.bytes.into(),
        media_type: rendered.media_type.to_owned(),
        file_name: Some(rendered.file_name),
        policy: PICTURE_POLICY,
        immutable: false,
    }
}
