//! Keeps the languages whole: the same keys and arguments in each, every file parses, every key that the source
//! asks for exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_bundle::FluentResource;

use super::Language;

/// Key to the arguments that its text mentions.
fn entries(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for source in language.sources() {
        if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
            panic!("{}: {errors:?}", language.tag());
        }
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|first: char| first.is_ascii_alphabetic())
                && let Some((name, _)) = line.split_once(" =")
            {
                key = name.to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{} twice in {}", key, language.tag());
            }
            let arguments = line
                .split("$")
                .skip(1)
                .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect::<String>());
            if let Some(known) = found.get_mut(&key) {
                known.extend(arguments);
            }
        }
    }
    found
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Keys that stand in the source as the literal of `t!("...")`.
fn used_keys() -> BTreeMap<String, PathBuf> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut keys = BTreeMap::new();
    for file in files.into_iter().filter(|file| !file.ends_with("locales_test.rs") && !file.ends_with("i18n/mod.rs")) {
        let source = fs::read_to_string(&file).unwrap();
        for (start, _) in source.match_indices("t!(") {
            // `format!(` ends the same way.
            if source[..start].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_') {
                continue;
            }
            let part = source[start + 3..].trim_start();
            if let Some(key) = part.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                keys.insert(key.to_owned(), file.clone());
            }
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    assert_eq!(entries(Language::English), entries(Language::German));
}

#[test]
fn every_key_that_the_source_uses_exists() {
    let known = entries(Language::English);
    let missing: Vec<_> = used_keys().into_iter().filter(|(key, _)| !known.contains_key(key)).collect();
    assert!(missing.is_empty(), "missing texts: {missing:#?}");
}

#[test]
fn a_text_is_put_together_with_its_arguments() {
    super::set_language(Language::German);
    let text = crate::t!("common-retry-in", "seconds" => 3);
    assert!(text.contains('3'), "{text}");
    super::set_language(Language::English);
}
