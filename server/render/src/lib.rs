//! Campaign kits rendered for one partner: the vendor's layouts and copy, the partner's name, logo, contact and link.
//! Pure: no files, no network, no clock, no system fonts; the same asset and brand give the same bytes. Knows
//! neither the database nor HTTP.
//!
//! # How a kit is stored and loaded
//! `kits.json` is a list of [`KitSpec`]. Each asset names one main source. [`KitSpec::source`] (or [`collect`])
//! reads it and everything it draws on through a closure, and gives an [`AssetSource`]: a self-contained map from
//! name to text, to be stored as it is. A main source is usually a description, `{"layouts": [...], "copy": {...}}`:
//! layouts are shared templates, the copy is this asset's own words. In the copy, `{{ brand.name }}` and the like
//! may be used; what they give is plain text, which the layout escapes.
//!
//! # What layouts see
//! `asset.title`, `asset.language`, `copy`, and `brand`: `name`, `vendor_name`, `link`, `link_label`, the optional
//! `website`, `website_label`, `contact_name`, `contact_email`, `contact_phone`, `contact_phone_href`, `place`, the
//! colours `color`, `deep`, `on_color`, `tint`, `soft`, and `logo` with `uri`, `mail_uri`, `width`, `height`, `frame`,
//! `ratio`, `is_wordmark`. Functions: `wrap`, `measure`, `fit`, `text`, `text_height`; filters: `fill`, `paragraphs`.
//! Fonts in SVG: Inter 400 and 600, Manrope 700 and 800, for Latin, Greek and Cyrillic.

mod archive;
pub mod asset;
mod brand;
mod color;
mod error;
mod logo;
mod pdf;
mod preview;
mod render;
pub mod svg;
mod template;
mod text;
mod wordmark;

pub use archive::{archive, archive_name};
pub use asset::{AssetKind, AssetSource, AssetSpec, Format, KitSpec, collect, formats};
pub use brand::Brand;
pub use color::{Rgb, Shades};
pub use error::{RenderError, SourceError};
pub use logo::{CleanLogo, Frame, LogoError, LogoFormat, MAX_LOGO_BYTES, MAX_LOGO_RATIO, MAX_LOGO_SIDE, clean_logo};
pub use preview::{PREVIEW_POLICY, preview};
pub use render::{Rendered, render};
pub use svg::logo_png;
pub use wordmark::{avatar, initials, wordmark};
