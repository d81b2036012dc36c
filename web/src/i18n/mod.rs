//! The texts of the screens in the chosen language, from the Fluent files in `web/locales`, through `t!`.
//! Holds the current language for the whole tab; `app` draws everything anew when it changes.

pub mod format;
#[cfg(test)]
mod locales_test;

use std::cell::{Cell, RefCell};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag on the wire, in `lang` and for the browser's formatting.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language that a tag such as `de-AT` asks for.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    fn sources(self) -> &'static [&'static str] {
        match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
        }
    }
}

macro_rules! locale_files {
    ($language:literal: $($file:literal),+ $(,)?) => {
        &[$(include_str!(concat!("../../locales/", $language, "/", $file, ".ftl"))),+]
    };
}

// One file per group of screens; a new one is added to both lists.
const ENGLISH: &[&str] = locale_files!("en": "shell", "common", "home", "deal", "desk", "dispute", "record", "room", "pipeline", "routing", "directory", "rules", "kit", "import", "settings", "profile", "product", "notification", "lead", "reports");
const GERMAN: &[&str] = locale_files!("de": "shell", "common", "home", "deal", "desk", "dispute", "record", "room", "pipeline", "routing", "directory", "rules", "kit", "import", "settings", "profile", "product", "notification", "lead", "reports");

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
    static BUNDLES: RefCell<Vec<(Language, Bundle)>> = const { RefCell::new(Vec::new()) };
}

/// The language in use.
pub fn language() -> Language {
    CURRENT.get()
}

/// Changes the language; whoever calls this draws anew.
pub fn set_language(language: Language) {
    CURRENT.set(language);
}

/// The text for `key`, in the current language, else in English, else the key itself.
pub fn text(key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    let arguments: FluentArgs<'_> = args.iter().cloned().collect();
    text_in(language(), key, &arguments).or_else(|| text_in(Language::English, key, &arguments)).unwrap_or_else(|| key.to_owned())
}

fn text_in(language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    BUNDLES.with_borrow_mut(|bundles| {
        if !bundles.iter().any(|(known, _)| *known == language) {
            bundles.push((language, bundle(language)));
        }
        let (_, bundle) = bundles.iter().find(|(known, _)| *known == language)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
    })
}

fn bundle(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![identifier]);
    // The marks that isolate arguments for mixed directions only get in the way of copying and of tests here.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(format::number(number.value)),
        _ => None,
    }));
    for source in language.sources() {
        // What does not parse is left out; a test keeps the files whole.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Words in lower case without accents, for finding what was typed. The browser folds: the domain's own folding carries
/// a table for every script, which is half a megabyte that the server's search needs and a screen does not.
pub fn words(text: &str) -> Vec<String> {
    let folded = if cfg!(target_arch = "wasm32") { String::from(js_sys::JsString::from(text).normalize("NFD")) } else { text.to_owned() };
    let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    let plain: String = folded.to_lowercase().chars().filter(|c| !is_accent(c)).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The text for a key: `t!("deal-title")`, `t!("deal-count", "n" => count)`.
#[macro_export]
macro_rules! t {
    ($key:expr) => {
        $crate::i18n::text($key, &[])
    };
    ($key:expr, $($name:literal => $value:expr),+ $(,)?) => {
        $crate::i18n::text($key, &[$(($name, ::fluent_bundle::FluentValue::from($value))),+])
    };
}
