//! Logos that partners upload: SVG, PNG or JPEG, refused when they carry anything that is not a picture.
//! Nothing is cleaned silently: what is accepted is stored byte for byte.

mod rules;

use resvg::tiny_skia::Pixmap;
use resvg::usvg::Tree;
use zune_jpeg::JpegDecoder;

use crate::svg;

/// Largest logo, bytes.
pub const MAX_LOGO_BYTES: usize = 128 * 1024;
/// Longest side of a PNG or JPEG logo, pixels.
pub const MAX_LOGO_SIDE: u32 = 4096;
/// Most that one side of a logo may be longer than the other.
pub const MAX_LOGO_RATIO: f32 = 12.0;

/// Why a logo is refused. [`LogoError::code`] names the rule for programs, `Display` for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// More than [`MAX_LOGO_BYTES`].
    #[error("the logo has {bytes} bytes; at most {MAX_LOGO_BYTES} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Neither SVG nor PNG nor JPEG, or one that cannot be read.
    #[error("the file is not a readable SVG, PNG or JPEG picture: {reason}")]
    NotAnImage {
        /// What is wrong with it.
        reason: String,
    },
    /// Empty, too many pixels, or far longer than high.
    #[error("the logo measures {width} by {height}; sides may be 1 to {MAX_LOGO_SIDE}, and none {MAX_LOGO_RATIO} times the other")]
    Dimensions {
        /// Width, rounded.
        width: u32,
        /// Height, rounded.
        height: u32,
    },
    /// A script element or a `javascript:` address.
    #[error("the SVG contains a script ({found})")]
    Script {
        /// What was found.
        found: String,
    },
    /// An attribute such as `onload`.
    #[error("the SVG contains the event handler {attribute:?}")]
    EventHandler {
        /// The attribute.
        attribute: String,
    },
    /// HTML inside the SVG.
    #[error("the SVG contains foreign content ({element})")]
    ForeignObject {
        /// The element.
        element: String,
    },
    /// Anything that would be loaded from elsewhere.
    #[error("the SVG refers to something outside itself ({reference})")]
    ExternalReference {
        /// The start of the reference.
        reference: String,
    },
    /// A document type that declares entities or attributes.
    #[error("the SVG declares entities or attributes in its document type")]
    EntityDeclaration,
    /// An element that a still picture does not need: animation, filter, media.
    #[error("the SVG contains the element {element:?}, which logos may not use")]
    UnsupportedElement {
        /// The element.
        element: String,
    },
    /// So many elements, directly or by reference, that drawing it would take long.
    #[error("the SVG is too complex; at most {} elements are allowed, repeated ones counted each time", rules::MAX_ELEMENTS)]
    TooComplex,
}

impl LogoError {
    /// The rule that was broken, for programs: stable, upper case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "TOO_LARGE",
            Self::NotAnImage { .. } => "NOT_AN_IMAGE",
            Self::Dimensions { .. } => "DIMENSIONS",
            Self::Script { .. } => "SCRIPT",
            Self::EventHandler { .. } => "EVENT_HANDLER",
            Self::ForeignObject { .. } => "FOREIGN_OBJECT",
            Self::ExternalReference { .. } => "EXTERNAL_REFERENCE",
            Self::EntityDeclaration => "ENTITY_DECLARATION",
            Self::UnsupportedElement { .. } => "UNSUPPORTED_ELEMENT",
            Self::TooComplex => "TOO_COMPLEX",
        }
    }
}

/// The format of a logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoFormat {
    /// A drawing.
    Svg,
    /// Pixels, lossless.
    Png,
    /// A photograph.
    Jpeg,
}

impl LogoFormat {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Its file extension without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }
}

/// A logo that passed every rule. To have one from stored bytes, pass them through [`clean_logo`] again.
#[derive(Debug, Clone, PartialEq)]
pub struct CleanLogo {
    format: LogoFormat,
    bytes: Vec<u8>,
    width: f32,
    height: f32,
}

impl CleanLogo {
    /// The format found in the bytes.
    #[must_use]
    pub fn format(&self) -> LogoFormat {
        self.format
    }

    /// The bytes as they were given.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width in pixels or user units, more than zero.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.width
    }

    /// Height in pixels or user units, more than zero.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.height
    }

    /// The logo as a `data:` address.
    #[must_use]
    pub fn data_uri(&self) -> String {
        svg::data_uri(self.format.media_type(), &self.bytes)
    }

    /// A drawing of our own, which needs no check.
    pub(crate) fn drawn(text: String) -> Self {
        let size = Tree::from_str(&text, &svg::options()).map(|tree| tree.size());
        Self {
            format: LogoFormat::Svg,
            width: size.as_ref().map_or(96.0, |size| size.width()),
            height: size.as_ref().map_or(96.0, |size| size.height()),
            bytes: text.into_bytes(),
        }
    }
}

/// Accepts or refuses an uploaded logo. The format is found in the bytes, not in a name.
///
/// # Errors
/// The first rule that it breaks.
pub fn clean_logo(bytes: &[u8]) -> Result<CleanLogo, LogoError> {
    if bytes.len() > MAX_LOGO_BYTES {
        return Err(LogoError::TooLarge { bytes: bytes.len() });
    }
    let (format, width, height) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png_size(bytes)?
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        jpeg_size(bytes)?
    } else {
        svg_size(bytes)?
    };
    let ratio = (width / height).max(height / width);
    if !(width >= 1.0 && height >= 1.0 && ratio <= MAX_LOGO_RATIO) {
        return Err(dimensions(width, height));
    }
    Ok(CleanLogo { format, bytes: bytes.to_vec(), width, height })
}

fn not_an_image(reason: impl ToString) -> LogoError {
    LogoError::NotAnImage { reason: reason.to_string() }
}

fn dimensions(width: f32, height: f32) -> LogoError {
    LogoError::Dimensions { width: width.round() as u32, height: height.round() as u32 }
}

fn check_pixels(width: u32, height: u32) -> Result<(), LogoError> {
    let fine = |side| (1..=MAX_LOGO_SIDE).contains(&side);
    if fine(width) && fine(height) {
        return Ok(());
    }
    Err(LogoError::Dimensions { width, height })
}

fn png_size(bytes: &[u8]) -> Result<(LogoFormat, f32, f32), LogoError> {
    // The size is read from the header first: decoding allocates by it.
    let side = |at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|part| <[u8; 4]>::try_from(part).ok())
            .map(u32::from_be_bytes)
            .ok_or_else(|| not_an_image("the PNG is cut off"))
    };
    check_pixels(side(16)?, side(20)?)?;
    let picture = Pixmap::decode_png(bytes).map_err(not_an_image)?;
    Ok((LogoFormat::Png, picture.width() as f32, picture.height() as f32))
}

fn jpeg_size(bytes: &[u8]) -> Result<(LogoFormat, f32, f32), LogoError> {
    let mut decoder = JpegDecoder::new(bytes);
    decoder.decode_headers().map_err(|error| not_an_image(format!("{error:?}")))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| not_an_image("the JPEG has no size"))?;
    let (width, height) = (width as u32, height as u32);
    check_pixels(width, height)?;
    decoder.decode().map_err(|error| not_an_image(format!("{error:?}")))?;
    Ok((LogoFormat::Jpeg, width as f32, height as f32))
}

fn svg_size(bytes: &[u8]) -> Result<(LogoFormat, f32, f32), LogoError> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_an_image("neither a known picture nor UTF-8"))?;
    rules::check(text.trim_start_matches('\u{feff}'))?;
    let tree = Tree::from_str(text.trim_start_matches('\u{feff}'), &svg::options()).map_err(not_an_image)?;
    if tree.root().children().is_empty() {
        return Err(not_an_image("nothing is drawn in it"));
    }
    Ok((LogoFormat::Svg, tree.size().width(), tree.size().height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(inner: &str) -> &'static str {
        let text = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10"><rect width="10" height="10"/>{inner}</svg>"#
        );
        clean_logo(text.as_bytes()).map_or_else(|error| error.code(), |_| "accepted")
    }

    #[test]
    fn a_plain_drawing_is_kept_byte_for_byte() {
        let text = r##"<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><style>.a{fill:url(#g)}</style><defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs><g id="m"><rect class="a" width="10" height="10"/></g><use href="#m" x="20"/></svg>"##;
        let logo = clean_logo(text.as_bytes()).unwrap();
        assert_eq!(logo.bytes(), text.as_bytes());
        assert_eq!(logo.format(), LogoFormat::Svg);
        assert!((logo.width() - 40.0).abs() < 0.01);
    }

    #[test]
    fn each_rule_has_its_code() {
        let cases = [
            ("", "accepted"),
            ("<script>alert(1)</script>", "SCRIPT"),
            (r#"<s:script xmlns:s="http://www.w3.org/1999/xhtml"/>"#, "SCRIPT"),
            (r#"<rect style="fill:url(javascript:alert(1))"/>"#, "SCRIPT"),
            (r#"<rect onload="alert(1)"/>"#, "EVENT_HANDLER"),
            (r#"<rect OnClick="alert(1)"/>"#, "EVENT_HANDLER"),
            ("<foreignObject/>", "FOREIGN_OBJECT"),
            (r#"<b xmlns="http://www.w3.org/1999/xhtml"/>"#, "FOREIGN_OBJECT"),
            (r#"<image href="https://a.test/a.png"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<image xlink:href="../a.png"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<image href="data:image/svg+xml;base64,PHN2Zy8+"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<use href="other.svg#a"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<a href="https://a.test"><rect/></a>"#, "EXTERNAL_REFERENCE"),
            (r#"<a href="java&#10;script:alert(1)"><rect/></a>"#, "SCRIPT"),
            (r#"<rect fill="url(https://a.test/x#y)"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<rect style="fill:u\72l(x)"/>"#, "EXTERNAL_REFERENCE"),
            ("<style>@import 'https://a.test/a.css';</style>", "EXTERNAL_REFERENCE"),
            (r#"<style>rect{fill:URL( "//a.test/x" )}</style>"#, "EXTERNAL_REFERENCE"),
            (r#"<?xml-stylesheet href="a.css"?>"#, "EXTERNAL_REFERENCE"),
            (r#"<g xml:base="https://a.test/"/>"#, "EXTERNAL_REFERENCE"),
            (r#"<set attributeName="href" to="x"/>"#, "UNSUPPORTED_ELEMENT"),
            ("<animate/>", "UNSUPPORTED_ELEMENT"),
            ("<filter/>", "UNSUPPORTED_ELEMENT"),
            ("<svg><g><script/></g></svg>", "SCRIPT"),
            ("</svg><svg>", "NOT_AN_IMAGE"),
        ];
        for (inner, code) in cases {
            assert_eq!(refused(inner), code, "{inner}");
        }
    }

    #[test]
    fn declared_entities_are_refused() {
        for subset in ["[<!ENTITY a 'b'>]", r#"[<!ENTITY x SYSTEM "file:///etc/passwd">]"#, r#"[<!ATTLIST svg onload CDATA "alert(1)">]"#] {
            let text = format!("<!DOCTYPE svg {subset}><svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>");
            assert_eq!(clean_logo(text.as_bytes()), Err(LogoError::EntityDeclaration), "{subset}");
        }
    }

    #[test]
    fn repeated_references_are_counted() {
        let mut inner = String::from(r#"<defs><g id="a0"><path d="M0 0h1v1z"/></g>"#);
        for level in 1..12 {
            let uses = format!("<use href='#a{}'/>", level - 1).repeat(10);
            inner.push_str(&format!("<g id='a{level}'>{uses}</g>"));
        }
        inner.push_str("</defs><use href='#a11'/>");
        assert_eq!(refused(&inner), "TOO_COMPLEX");
        assert_eq!(refused(&"<g>".repeat(300)), "NOT_AN_IMAGE");
        let deep = format!("{}{}", "<g>".repeat(300), "</g>".repeat(300));
        assert_eq!(refused(&deep), "TOO_COMPLEX");
    }

    #[test]
    fn size_and_shape_are_limited() {
        let large = vec![b' '; MAX_LOGO_BYTES + 1];
        assert_eq!(clean_logo(&large).unwrap_err().code(), "TOO_LARGE");
        let long = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 10'><rect width='9' height='9'/></svg>";
        assert_eq!(clean_logo(long.as_bytes()).unwrap_err().code(), "DIMENSIONS");
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 1, 0, 0, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
        assert_eq!(clean_logo(&png).unwrap_err().code(), "DIMENSIONS");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let cases: [&[u8]; 6] = [
            b"",
            b"<html><body>hello</body></html>",
            b"GIF89a......",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0 no more",
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
        ];
        for bytes in cases {
            assert_eq!(clean_logo(bytes).unwrap_err().code(), "NOT_AN_IMAGE");
        }
    }

    #[test]
    fn a_png_passes() {
        let mut picture = Pixmap::new(20, 10).unwrap();
        picture.fill(resvg::tiny_skia::Color::WHITE);
        let logo = clean_logo(&picture.encode_png().unwrap()).unwrap();
        assert_eq!(logo.format(), LogoFormat::Png);
        assert!((logo.width() - 20.0).abs() < 0.01);
    }
}
