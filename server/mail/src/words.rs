//! What is said of each kind of notification, in each language: files beside the templates, so that a translator needs no
//! Rust. English stands in for what a language lacks; a test keeps the languages whole.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Languages of letters (ISO 639-1).
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// A link in a letter that does one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it does, as `APPROVE`.
    pub action: String,
    /// Where it leads.
    pub url: String,
}

/// One thing that happened, as data. Texts of people stand as they were written; moments are words already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The kind of notification, as `DECISION_OWED`.
    pub kind: String,
    /// The reader.
    pub reader: String,
    /// The program.
    pub program: String,
    /// What it is about: a title.
    pub title: String,
    /// Its number, as `D-1042`.
    pub number: Option<String>,
    /// The customer.
    pub customer: Option<String>,
    /// The partner.
    pub partner: Option<String>,
    /// Value with its currency.
    pub value: Option<String>,
    /// Who did it.
    pub actor: String,
    /// What was written: question, answer, reason.
    pub text: Option<String>,
    /// When it happened.
    pub at: String,
    /// Until when an answer is owed.
    pub due: Option<String>,
    /// The page of it in the app.
    pub url: String,
    /// Where the reader says what is sent.
    pub settings_url: String,
    /// Links that act without signing in.
    pub links: Vec<Link>,
    /// Until when they hold.
    pub links_until: Option<String>,
}

/// One line of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// What happened.
    pub notice: Notice,
    /// Whether the reader owes an answer.
    pub owed: bool,
}

/// Several things at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The reader.
    pub reader: String,
    /// The program.
    pub program: String,
    /// What happened, oldest first.
    pub lines: Vec<DigestLine>,
    /// How many more there are that do not stand here.
    pub more: usize,
    /// The list in the app.
    pub url: String,
    /// Where the reader says what is sent.
    pub settings_url: String,
}

/// The words of one language.
pub(crate) struct Words {
    pub(crate) language: &'static str,
    texts: BTreeMap<String, String>,
    english: Option<&'static Words>,
}

impl Words {
    /// The text under a key; the key itself where no language has one.
    pub(crate) fn text(&self, key: &str) -> String {
        match (self.texts.get(key), self.english) {
            (Some(text), _) => text.clone(),
            (None, Some(english)) => english.text(key),
            (None, None) => key.to_owned(),
        }
    }

    /// All texts, for templates.
    pub(crate) fn all(&self) -> &BTreeMap<String, String> {
        &self.texts
    }
}

fn read(language: &'static str, json: &str, english: Option<&'static Words>) -> Words {
    let texts = serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::error!(language, %error, "the words of letters cannot be read");
        BTreeMap::new()
    });
    Words { language, texts, english }
}

/// The words of that language; English where there is none of it.
pub(crate) fn words(language: &str) -> &'static Words {
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    static GERMAN: OnceLock<Words> = OnceLock::new();
    let english = ENGLISH.get_or_init(|| read("en", include_str!("../templates/en.json"), None));
    match language {
        "de" => GERMAN.get_or_init(|| read("de", include_str!("../templates/de.json"), Some(english))),
        _ => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        let english = words("en");
        assert!(english.all().len() > 20);
        for language in LANGUAGES {
            let words = words(language);
            assert_eq!(words.language, language);
            assert_eq!(words.all().keys().collect::<Vec<_>>(), english.all().keys().collect::<Vec<_>>(), "{language}");
        }
        assert_eq!(words("fr").language, "en");
    }
}
