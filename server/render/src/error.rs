//! Everything that can go wrong while an asset is loaded or rendered.

use crate::asset::{AssetKind, Format};

/// Why a kit's sources cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// A template that is named somewhere does not exist.
    #[error("template {name:?}, named by {by:?}, does not exist")]
    Missing {
        /// The name that was looked for.
        name: String,
        /// The source that names it.
        by: String,
    },
    /// A `.json` main source is not `{"layouts": [...], "copy": {...}}`.
    #[error("{name:?} is not an asset description: {message}")]
    Description {
        /// The source's name.
        name: String,
        /// What the parser said.
        message: String,
    },
    /// More than [`crate::asset::MAX_SOURCES`] templates, or more text than [`crate::asset::MAX_SOURCE_BYTES`].
    #[error("the asset {name:?} draws on too many or too large templates")]
    TooLarge {
        /// The main source's name.
        name: String,
    },
}

/// Why an asset could not be rendered. All but `Link` and `Format` are faults of the kit's templates.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The asset's sources do not fit together.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// This kind of asset has no such format.
    #[error("a {kind:?} cannot be had as {format:?}")]
    Format {
        /// The asset's kind.
        kind: AssetKind,
        /// The format asked for.
        format: Format,
    },
    /// The asset has no layout that the format is made from.
    #[error("the asset has no {extension} layout")]
    NoLayout {
        /// Extension of the layout that is missing.
        extension: &'static str,
    },
    /// A template is wrong or asks for a value that does not exist.
    #[error("template {name:?}: {message}")]
    Template {
        /// The template's name.
        name: String,
        /// What the engine said, with the line.
        message: String,
    },
    /// The e-mail is not valid MJML once the brand is merged in.
    #[error("e-mail {name:?}: {message}")]
    Mail {
        /// The template's name.
        name: String,
        /// What the parser said.
        message: String,
    },
    /// The artwork is not valid SVG once the brand is merged in.
    #[error("artwork {name:?}: {message}")]
    Artwork {
        /// The template's name.
        name: String,
        /// What the parser said.
        message: String,
    },
    /// A picture would have more than [`crate::svg::MAX_PIXELS`] pixels.
    #[error("artwork {name:?} is too large: {width} by {height} pixels")]
    TooLarge {
        /// The template's name.
        name: String,
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// The PDF could not be written.
    #[error("the PDF could not be written: {message}")]
    Pdf {
        /// What the writer said.
        message: String,
    },
    /// The archive could not be written.
    #[error("the archive could not be written: {message}")]
    Archive {
        /// What the writer said.
        message: String,
    },
    /// The brand's tracking link is not an http or https address.
    #[error("the tracking link is not an http or https address")]
    Link,
}

impl RenderError {
    pub(crate) fn template(name: &str, error: &minijinja::Error) -> Self {
        let line = error.line().map(|line| format!(" (line {line})")).unwrap_or_default();
        Self::Template { name: error.name().unwrap_or(name).to_owned(), message: format!("{error}{line}") }
    }
}
