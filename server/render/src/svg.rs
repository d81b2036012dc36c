//! SVG to pixels. One font database, compiled in; no files, no network, no system fonts.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Options, Tree, fontdb};

use crate::error::RenderError;
use crate::logo::CleanLogo;
use crate::text::FONT_FILES;

/// Most pixels a rendered picture may have.
pub const MAX_PIXELS: u64 = 16_000_000;

/// Box in pixels that a logo is drawn into for e-mail: twice the size it is shown at.
const MAIL_LOGO: (f32, f32) = (360.0, 112.0);

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for file in FONT_FILES {
        fonts.load_font_data(file.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    fonts.set_serif_family("Inter");
    fonts.set_monospace_family("Inter");
    Arc::new(fonts)
});

/// Parser options: the crate's own fonts, and pictures only from data URIs.
pub(crate) fn options() -> Options<'static> {
    let mut options = Options { font_family: "Inter".to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    // The default would open files that the SVG names.
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    options
}

/// Parses artwork.
pub(crate) fn parse(name: &str, text: &str) -> Result<Tree, RenderError> {
    Tree::from_str(text, &options()).map_err(|error| RenderError::Artwork { name: name.to_owned(), message: error.to_string() })
}

/// Draws artwork at `scale` pixels per user unit and encodes it as PNG.
pub(crate) fn png(name: &str, tree: &Tree, scale: f32) -> Result<Vec<u8>, RenderError> {
    let size = tree.size();
    let (width, height) = ((size.width() * scale).round().max(1.0) as u32, (size.height() * scale).round().max(1.0) as u32);
    let too_large = || RenderError::TooLarge { name: name.to_owned(), width, height };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width, height).ok_or_else(too_large)?;
    let exact = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(tree, exact, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| RenderError::Artwork { name: name.to_owned(), message: error.to_string() })
}

/// A data URI.
pub(crate) fn data_uri(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

/// The same drawing with its text turned into outlines, so that it looks alike without our fonts.
pub(crate) fn outlined(text: &str) -> Option<String> {
    let tree = Tree::from_str(text, &options()).ok()?;
    let write = usvg::WriteOptions { preserve_text: false, coordinates_precision: 3, transforms_precision: 4, ..usvg::WriteOptions::default() };
    Some(tree.to_string(&write))
}

/// A logo as PNG no larger than `max_width` by `max_height` pixels, proportions kept, empty margins left out.
///
/// # Errors
/// When the picture would be too large or cannot be drawn.
pub fn logo_png(logo: &CleanLogo, max_width: f32, max_height: f32) -> Result<Vec<u8>, RenderError> {
    let frame = logo.frame();
    let scale = (max_width / frame.width).min(max_height / frame.height);
    let (width, height) = (frame.width * scale, frame.height * scale);
    let view = format!("{} {} {} {}", frame.x, frame.y, frame.width, frame.height);
    let (whole_width, whole_height, uri) = (logo.width(), logo.height(), logo.data_uri());
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{view}"><image width="{whole_width}" height="{whole_height}" href="{uri}"/></svg>"#
    );
    png("logo", &parse("logo", &text)?, 1.0)
}

/// The logo for e-mail, whose readers do not show SVG.
pub(crate) fn logo_png_uri(logo: &CleanLogo) -> String {
    match logo_png(logo, MAIL_LOGO.0, MAIL_LOGO.1) {
        Ok(bytes) => data_uri("image/png", &bytes),
        Err(_) => logo.data_uri(),
    }
}
