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
    frame: Frame,
}

/// The part of a logo that is drawn on, in its own units. Many logos come with a wide empty margin.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Frame {
    /// Left side.
    pub x: f32,
    /// Top side.
    pub y: f32,
    /// Width, more than zero.
    pub width: f32,
    /// Height, more than zero.
    pub height: f32,
}

impl Frame {
    /// Everything.
    fn whole(width: f32, height: f32) -> Self {
        Self { x: 0.0, y: 0.0, width, height }
    }

    /// What the drawing covers, within its own bounds.
    fn of(tree: &Tree) -> Self {
        let (width, height) = (tree.size().width(), tree.size().height());
        let drawn = tree.root().abs_stroke_bounding_box();
        let (left, top) = (drawn.left().max(0.0), drawn.top().max(0.0));
        let (right, bottom) = (drawn.right().min(width), drawn.bottom().min(height));
        // A sliver is no frame for a logo; then the author's own is used.
        if right - left < width * 0.1 || bottom - top < height * 0.1 {
            return Self::whole(width, height);
        }
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }
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

    /// The part that is drawn on: layouts align by it.
    #[must_use]
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// The logo as a `data:` address.
    #[must_use]
    pub fn data_uri(&self) -> String {
        svg::data_uri(self.format.media_type(), &self.bytes)
    }

    /// A drawing of our own, which needs no check.
    pub(crate) fn drawn(text: String) -> Self {
        let tree = Tree::from_str(&text, &svg::options());
        let (width, height) = tree.as_ref().map_or((96.0, 96.0), |tree| (tree.size().width(), tree.size().height()));
        let frame = tree.as_ref().map_or(Frame::whole(width, height), Frame::of);
        Self { format: LogoFormat::Svg, bytes: text.into_bytes(), width, height, frame }
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
    let (format, frame, width, height) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let (width, height) = png_size(bytes)?;
        (LogoFormat::Png, Frame::whole(width, height), width, height)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        let (width, height) = jpeg_size(bytes)?;
        (LogoFormat::Jpeg, Frame::whole(width, height), width, height)
    } else {
        let tree = drawing(bytes)?;
        (LogoFormat::Svg, Frame::of(&tree), tree.size().width(), tree.size().height())
    };
    let ratio = (width / height).max(height / width);
    if !(width >= 1.0 && height >= 1.0 && ratio <= MAX_LOGO_RATIO) {
        return Err(dimensions(width, height));
    }
    Ok(CleanLogo { format, bytes: bytes.to_vec(), width, height, frame })
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

fn png_size(bytes: &[u8]) -> Result<(f32, f32), LogoError> {
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
    Ok((picture.width() as f32, picture.height() as f32))
}

fn jpeg_size(bytes: &[u8]) -> Result<(f32, f32), LogoError> {
    let mut decoder = JpegDecoder::new(bytes);
    decoder.decode_headers().map_err(|error| not_an_image(format!("{error:?}")))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| not_an_image("the JPEG has no size"))?;
    let (width, height) = (width as u32, height as u32);
    check_pixels(width, height)?;
    decoder.decode().map_err(|error| not_an_image(format!("{error:?}")))?;
    Ok((width as f32, height as f32))
}

fn drawing(bytes: &[u8]) -> Result<Tree, LogoError> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_an_image("neither a known picture nor UTF-8"))?;
    rules::check(text.trim_start_matches('\u{feff}'))?;
    let tree = Tree::from_str(text.trim_start_matches('\u{feff}'), &svg::options()).map_err(not_an_image)?;
    if tree.root().children().is_empty() {
        return Err(not_an_image("nothing is drawn in it"));
    }
    Ok(tree)
}

#[cfg(test)]
mod tests;
