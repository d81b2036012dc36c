//! One HTML page per asset that shows it as its reader will see it, meant for a sandboxed frame.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::asset::{AssetKind, AssetSource, Format};
use crate::brand::{Brand, BrandView};
use crate::color::Rgb;
use crate::error::RenderError;
use crate::render::{Rendered, mail, only, pages, render_with, slug};
use crate::template::{Engine, escape};
use crate::{svg, wordmark};

/// The `Content-Security-Policy` to send with a preview: pictures and styles from inside the page, nothing else.
pub const PREVIEW_POLICY: &str =
    "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// Pixels per point of a document's pages in a preview.
const PAGE_SCALE: f32 = 1.6;

const STYLE: &str = "*{box-sizing:border-box}body{margin:0;padding:24px 16px;background:#eceff3;\
color:#101c2c;font:16px/1.5 Inter,'Segoe UI',system-ui,sans-serif}img{display:block;max-width:100%;height:auto}\
figure{margin:0 auto 24px;background:#fff;box-shadow:0 1px 2px #101c2c1f,0 8px 28px #101c2c1a;border-radius:4px;overflow:hidden}\
.page{max-width:820px}.wide{max-width:1240px}.post{max-width:560px;border-radius:12px;background:#fff;margin:0 auto;\
box-shadow:0 1px 2px #101c2c1f,0 8px 28px #101c2c1a;overflow:hidden}.head{display:flex;align-items:center;gap:12px;padding:16px 20px 0}\
.head span{font-weight:600}.head small{display:block;font-weight:400;color:#5b6675}.mark{width:48px;height:48px;flex:none;\
border-radius:12px;object-fit:contain}.words{padding:12px 20px 16px;margin:0;\
white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;user-select:all}.text{max-width:720px;margin:0 auto;background:#fff;padding:32px;\
border-radius:8px;box-shadow:0 1px 2px #101c2c1f}";

/// The preview of an asset: always a self-contained HTML page without scripts.
///
/// # Errors
/// As [`crate::render`].
pub fn preview(asset: &AssetSource, brand: &Brand) -> Result<Rendered, RenderError> {
    let view = brand.view()?;
    let engine = Engine::new(asset, &view)?;
    let html = match asset.kind {
        AssetKind::Email => in_new_tabs(&mail(&engine)?),
        AssetKind::LandingPage => in_new_tabs(&engine.render(only(&engine, "html")?)?),
        AssetKind::SocialPost => frame(asset, &post(&engine, asset, &view)?),
        AssetKind::Document => frame(asset, &sheets(&engine, asset, "page", PAGE_SCALE)?),
        AssetKind::Presentation | AssetKind::Banner => frame(asset, &sheets(&engine, asset, "wide", 1.0)?),
        AssetKind::File => {
            let text = render_with(&engine, asset, &view, Format::Txt)?;
            let text = escape(&String::from_utf8_lossy(&text.bytes));
            frame(asset, &format!(r#"<pre class="text words">{text}</pre>"#))
        }
    };
    Ok(Rendered {
        bytes: html.into_bytes(),
        media_type: Format::Html.media_type(),
        file_name: format!("{}-{}-preview.html", slug(&asset.file_stem), slug(&view.name)),
    })
}

fn frame(asset: &AssetSource, body: &str) -> String {
    format!(
        r#"<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>"#,
        escape(&asset.language),
        escape(&asset.title),
    )
}

/// Links of a page shown in a frame must not replace the frame's content.
fn in_new_tabs(html: &str) -> String {
    html.replacen("<head>", r#"<head><base target="_blank">"#, 1)
}

fn picture(bytes: &[u8], alt: &str) -> String {
    format!(r#"<img alt="{}" src="data:image/png;base64,{}">"#, escape(alt), STANDARD.encode(bytes))
}

fn sheets(engine: &Engine<'_>, asset: &AssetSource, class: &str, scale: f32) -> Result<String, RenderError> {
    let mut out = String::new();
    for (number, page) in pages(engine)?.iter().enumerate() {
        let bytes = svg::png(page.name, &svg::parse(page.name, &page.text)?, scale)?;
        let alt = format!("{} ({})", asset.title, number + 1);
        out.push_str(&format!(r#"<figure class="{class}">{}</figure>"#, picture(&bytes, &alt)));
    }
    Ok(out)
}

/// A social post as a feed shows it: who, words, picture.
fn post(engine: &Engine<'_>, asset: &AssetSource, brand: &BrandView) -> Result<String, RenderError> {
    let image = render_with(engine, asset, brand, Format::Png)?;
    let words = render_with(engine, asset, brand, Format::Txt)?;
    let place = brand.place.as_deref().or(brand.website_label.as_deref()).unwrap_or_default();
    let color = Rgb::parse(&brand.shades.color).unwrap_or(Rgb::for_name(&brand.name));
    let avatar = svg::data_uri("image/svg+xml", wordmark::avatar(&brand.name, color).as_bytes());
    Ok(format!(
        r#"<div class="post"><div class="head"><img class="mark" alt="" src="{}"><span>{}<small>{}</small></span></div><pre class="words">{}</pre>{}</div>"#,
        avatar,
        escape(&brand.name),
        escape(place),
        escape(&String::from_utf8_lossy(&words.bytes)),
        picture(&image.bytes, &asset.title),
    ))
}
