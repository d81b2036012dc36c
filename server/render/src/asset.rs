//! What an asset is made of: kinds, formats, the self-contained list of sources, and the shape of
//! `kits.json`. Reading files is the caller's; here names are resolved through a closure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::SourceError;

/// Most sources one asset may draw on.
pub const MAX_SOURCES: usize = 64;
/// Most bytes that all sources of one asset may have together.
pub const MAX_SOURCE_BYTES: usize = 1024 * 1024;

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssetKind {
    /// A mail to send: layouts `.mjml` and `.txt`.
    Email,
    /// A page to put on the web: layout `.html`.
    LandingPage,
    /// A post with its picture: layouts `.svg` and `.txt`.
    SocialPost,
    /// A document: one `.svg` layout per page, A4 in points (595.28 by 841.89).
    Document,
    /// A picture for the web: layout `.svg`.
    Banner,
    /// Slides: one `.svg` layout per slide.
    Presentation,
    /// Plain text, such as a guide for a call: layout `.txt`.
    File,
}

/// A file format that an asset can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// One self-contained page.
    Html,
    /// A picture; of a document or presentation, its first page.
    Png,
    /// All pages, fonts embedded, text selectable, links live.
    Pdf,
    /// Plain text, UTF-8.
    Txt,
}

impl Format {
    /// File extension without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Txt => "txt",
        }
    }

    /// Media type, with the character set where it is text.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }
}

/// The formats of a kind, the one a marketer wants first in front.
#[must_use]
pub fn formats(kind: AssetKind) -> &'static [Format] {
    match kind {
        AssetKind::Email => &[Format::Html, Format::Txt],
        AssetKind::LandingPage => &[Format::Html],
        AssetKind::SocialPost => &[Format::Png, Format::Txt],
        AssetKind::Document | AssetKind::Presentation => &[Format::Pdf, Format::Png],
        AssetKind::Banner => &[Format::Png],
        AssetKind::File => &[Format::Txt],
    }
}

/// An asset as it is stored: a main source and every source that it draws on, by name.
///
/// The main source is either a layout itself (`x.mjml`, `x.html`, `x.svg`, `x.txt`) or a description
/// (`x.json`): `{"layouts": ["a.mjml", "a.txt"], "copy": {...}}`. Layouts are rendered in the order named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetSource {
    /// What it is.
    pub kind: AssetKind,
    /// Title for people; goes into the metadata of documents.
    pub title: String,
    /// Start of the names of all files that come of it, such as `ransomware-readiness-email`.
    pub file_stem: String,
    /// ISO 639-1 code of the kit's language.
    pub language: String,
    /// Name of the main source.
    pub main: String,
    /// All sources by name, the main one included.
    pub templates: BTreeMap<String, String>,
}

impl AssetSource {
    /// The layouts and the copy of this asset.
    pub(crate) fn description(&self) -> Result<Description, SourceError> {
        let text = self.templates.get(&self.main).ok_or_else(|| missing(&self.main, &self.main))?;
        describe(&self.main, text)
    }
}

/// A main source, taken apart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    pub layouts: Vec<String>,
    #[serde(default)]
    pub copy: serde_json::Value,
}

fn describe(name: &str, text: &str) -> Result<Description, SourceError> {
    if !name.ends_with(".json") {
        return Ok(Description { layouts: vec![name.to_owned()], copy: serde_json::Value::Null });
    }
    serde_json::from_str(text).map_err(|error| SourceError::Description { name: name.to_owned(), message: error.to_string() })
}

fn missing(name: &str, by: &str) -> SourceError {
    SourceError::Missing { name: name.to_owned(), by: by.to_owned() }
}

/// Collects the main source and everything that it draws on: its layouts, and what they name in
/// `extends`, `include`, `import` and `from` with a literal name. The result is what is stored.
///
/// `read` gives the text for a name, `None` where there is none.
///
/// # Errors
/// When a named source does not exist, a description cannot be read, or the whole is too large.
pub fn collect(main: &str, mut read: impl FnMut(&str) -> Option<String>) -> Result<BTreeMap<String, String>, SourceError> {
    let mut found = BTreeMap::new();
    let mut bytes = 0;
    let mut open = vec![(main.to_owned(), main.to_owned())];
    while let Some((name, by)) = open.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let text = read(&name).ok_or_else(|| missing(&name, &by))?;
        bytes += text.len();
        if found.len() >= MAX_SOURCES || bytes > MAX_SOURCE_BYTES {
            return Err(SourceError::TooLarge { name: main.to_owned() });
        }
        let named = if name.ends_with(".json") { describe(&name, &text)?.layouts } else { references(&text) };
        open.extend(named.into_iter().map(|next| (next, name.clone())));
        found.insert(name, text);
    }
    Ok(found)
}

/// Names in `{% extends "x" %}`, `{% include "x" %}`, `{% import "x" as y %}`, `{% from "x" import y %}`.
fn references(text: &str) -> Vec<String> {
    text.split("{%")
        .skip(1)
        .filter_map(|tag| {
            let tag = tag.trim_start_matches(['-', '+']).trim_start();
            let rest = ["extends", "include", "import", "from"].iter().find_map(|word| tag.strip_prefix(word))?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (name, _) = rest.get(1..)?.split_once(quote)?;
            Some(name.to_owned())
        })
        .collect()
}

/// One kit of `kits.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KitSpec {
    /// Unique name, such as `ransomware-readiness`.
    pub key: String,
    /// Title for people.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// ISO 639-1.
    pub language: String,
    /// Keys of the verticals it is meant for; none means any.
    pub verticals: Vec<String>,
    /// Published so many days before the demo program is loaded; `null` is a draft.
    pub published_days_ago: Option<u32>,
    /// Expires so many days after; `null` is never.
    pub expires_in_days: Option<u32>,
    /// Assets in the order shown.
    pub assets: Vec<AssetSpec>,
}

/// One asset of a kit in `kits.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssetSpec {
    /// Unique in the kit, such as `email`.
    pub key: String,
    /// Title for people.
    pub title: String,
    /// What it is.
    pub kind: AssetKind,
    /// Name of the main source, relative to `seed-data/`.
    pub template: String,
}

impl KitSpec {
    /// The asset with all its sources, ready to store or to render.
    ///
    /// # Errors
    /// As [`collect`].
    pub fn source(&self, asset: &AssetSpec, read: impl FnMut(&str) -> Option<String>) -> Result<AssetSource, SourceError> {
        Ok(AssetSource {
            kind: asset.kind,
            title: asset.title.clone(),
            file_stem: format!("{}-{}", self.key, asset.key),
            language: self.language.clone(),
            main: asset.template.clone(),
            templates: collect(&asset.template, read)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(name: &str) -> Option<String> {
        let text = match name {
            "k/email.json" => r#"{"layouts": ["b/mail.mjml", "b/mail.txt"], "copy": {"a": 1}}"#,
            "b/mail.mjml" => r#"{%- from 'b/labels.jinja' import t -%}{% include "b/foot.mjml" %}"#,
            "b/mail.txt" => "plain",
            "b/labels.jinja" => "{% macro t() %}{% endmacro %}",
            "b/foot.mjml" => "{% extends name %}",
            "k/broken.json" => r#"{"layout": []}"#,
            "k/lost.json" => r#"{"layouts": ["b/none.svg"]}"#,
            _ => return None,
        };
        Some(text.to_owned())
    }

    #[test]
    fn collects_what_is_named_and_nothing_else() {
        let found = collect("k/email.json", library).unwrap();
        let names: Vec<_> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["b/foot.mjml", "b/labels.jinja", "b/mail.mjml", "b/mail.txt", "k/email.json"]);
    }

    #[test]
    fn says_what_is_missing_and_who_named_it() {
        assert_eq!(collect("k/lost.json", library), Err(missing("b/none.svg", "k/lost.json")));
        assert!(matches!(collect("k/broken.json", library), Err(SourceError::Description { .. })));
    }
}
