//! From an asset, a brand and a format to bytes with a name.

use crate::asset::{AssetKind, AssetSource, Format, formats};
use crate::brand::{Brand, BrandView};
use crate::error::RenderError;
use crate::pdf::{self, About, Page};
use crate::svg;
use crate::template::Engine;

/// Pixels per point of a document's PNG: 144 dots per inch.
const DOCUMENT_SCALE: f32 = 2.0;

/// A file, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its contents.
    pub bytes: Vec<u8>,
    /// Its media type, with the character set where it is text.
    pub media_type: &'static str,
    /// A name for it: ASCII letters, digits, `-` and one dot.
    pub file_name: String,
}

/// Renders an asset for a partner.
///
/// Takes some tens to some hundreds of milliseconds: call it where blocking is allowed.
///
/// # Errors
/// When the kind has no such format, the brand has no usable link, or the kit's sources are wrong.
pub fn render(asset: &AssetSource, brand: &Brand, format: Format) -> Result<Rendered, RenderError> {
    if !formats(asset.kind).contains(&format) {
        return Err(RenderError::Format { kind: asset.kind, format });
    }
    let view = brand.view()?;
    let engine = Engine::new(asset, &view)?;
    render_with(&engine, asset, &view, format)
}

/// Renders with sources and brand already merged; several formats share the work.
pub(crate) fn render_with(engine: &Engine<'_>, asset: &AssetSource, brand: &BrandView, format: Format) -> Result<Rendered, RenderError> {
    let bytes = match format {
        Format::Html if asset.kind == AssetKind::Email => mail(engine)?.into_bytes(),
        Format::Html => engine.render(only(engine, "html")?)?.into_bytes(),
        Format::Txt => tidy(&engine.render(only(engine, "txt")?)?).into_bytes(),
        Format::Png => {
            let scale = match asset.kind {
                AssetKind::Document => DOCUMENT_SCALE,
                _ => 1.0,
            };
            let name = only(engine, "svg")?;
            svg::png(name, &svg::parse(name, &engine.render(name)?)?, scale)?
        }
        Format::Pdf => {
            let about = About { title: &asset.title, author: &brand.name, language: &asset.language };
            pdf::write(&pages(engine)?, &about)?
        }
    };
    Ok(Rendered {
        bytes,
        media_type: format.media_type(),
        file_name: format!("{}-{}.{}", slug(&asset.file_stem), slug(&brand.name), format.extension()),
    })
}

/// The first layout with this extension.
pub(crate) fn only<'e>(engine: &'e Engine<'_>, extension: &'static str) -> Result<&'e str, RenderError> {
    engine.layouts_with(extension).first().copied().ok_or(RenderError::NoLayout { extension })
}

/// All SVG layouts, rendered.
pub(crate) fn pages<'e>(engine: &'e Engine<'_>) -> Result<Vec<Page<'e>>, RenderError> {
    only(engine, "svg")?;
    engine.layouts_with("svg").into_iter().map(|name| Ok(Page { name, text: engine.render(name)? })).collect()
}

/// The e-mail: MJML to HTML that mail readers understand.
pub(crate) fn mail(engine: &Engine<'_>) -> Result<String, RenderError> {
    let name = only(engine, "mjml")?;
    let failed = |message: String| RenderError::Mail { name: name.to_owned(), message };
    let parsed = mrml::parse(engine.render(name)?).map_err(|error| failed(error.to_string()))?;
    let options = mrml::prelude::render::RenderOptions {
        disable_comments: true,
        // No web fonts: readers block them, and they would be a trace of the recipient.
        fonts: std::collections::HashMap::new(),
        ..Default::default()
    };
    parsed.element.render(&options).map_err(|error| failed(error.to_string()))
}

/// Plain text with no more than one empty line in a row and one line break at the end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Lower case ASCII letters and digits with single dashes; `partner` when nothing is left.
pub(crate) fn slug(text: &str) -> String {
    let ascii = deunicode::deunicode(text).to_ascii_lowercase();
    let words: Vec<&str> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(80).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "partner".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(slug("Müller & Söhne GmbH"), "muller-sohne-gmbh");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("—"), "partner");
    }

    #[test]
    fn plain_text_is_tidied() {
        assert_eq!(tidy("\n a  \n\n\n\nb\n"), "a\n\nb\n");
    }
}
