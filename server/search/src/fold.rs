//! Text to words: the one way in which both what is indexed and what is asked for are folded, so that they meet.
//! Everything becomes lower-case ASCII letters and digits: `Müller & Söhne` gives `muller`, `sohne`.

use crate::request::SearchError;
use std::collections::BTreeSet;

/// Longest search text or prefix, in characters.
pub const MAX_TEXT_CHARS: usize = 200;
/// Most words in a search text or prefix, counted after folding.
pub const MAX_TEXT_WORDS: usize = 12;
/// Longer words are cut on both sides, so that one hostile word cannot make the index's dictionaries large.
const MAX_WORD_BYTES: usize = 64;

/// The words of a text in their order, repeated ones included.
pub(crate) fn words(text: &str) -> Vec<String> {
    // An apostrophe joins (O'Brien is obrien); everything else that is no letter or digit separates.
    deunicode::deunicode_with_tofu(text, " ")
        .replace('\'', "")
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word[..word.len().min(MAX_WORD_BYTES)].to_ascii_lowercase())
        .collect()
}

/// The words of a text, parted by single spaces: what names are sorted and compared by.
pub(crate) fn phrase(text: &str) -> String {
    words(text).join(" ")
}

/// The words a name is found by: its own, those hidden in a compound (`DataForge` by `forge`) and neighbours written
/// together (`Data Forge` by `dataforge`, `S.A.` by `sa`), since people rarely remember which way a company writes itself.
pub(crate) fn name_words(name: &str) -> BTreeSet<String> {
    let own = words(name);
    let mut all: BTreeSet<String> = own.windows(2).map(|pair| pair.concat()).filter(|w| w.len() <= MAX_WORD_BYTES).collect();
    all.extend(words(&split_camel(name)));
    all.extend(own);
    all
}

fn split_camel(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous_is_lower = false;
    for c in text.chars() {
        if previous_is_lower && c.is_uppercase() {
            out.push(' ');
        }
        previous_is_lower = c.is_lowercase();
        out.push(c);
    }
    out
}

/// The words of a question, within the bounds. A text without a single letter or digit has none and asks for nothing.
///
/// # Errors
/// `TextTooLong` and `TooManyWords`.
pub(crate) fn question(text: &str) -> Result<Vec<String>, SearchError> {
    let chars = text.chars().count();
    if chars > MAX_TEXT_CHARS {
        return Err(SearchError::TextTooLong { max: MAX_TEXT_CHARS, actual: chars });
    }
    let words = words(text);
    if words.len() > MAX_TEXT_WORDS {
        return Err(SearchError::TooManyWords { max: MAX_TEXT_WORDS, actual: words.len() });
    }
    Ok(words)
}

/// How many typing errors (a letter missing, added, wrong, or two swapped) a word is forgiven. Numbers are never guessed.
pub(crate) fn forgiven(word: &str) -> u8 {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    match word.len() {
        0..=3 => 0,
        4..=7 => 1,
        // A very long word is no typing error, and its automaton would be costly.
        8..=32 => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_accents_case_and_marks() {
        assert_eq!(words("Müller & Söhne GmbH"), ["muller", "sohne", "gmbh"]);
        assert_eq!(words("Straße ÆRØ O’Brien's"), ["strasse", "aero", "obriens"]);
        assert_eq!(words("  --- "), Vec::<String>::new());
    }

    #[test]
    fn a_name_is_found_written_together_and_apart() {
        let joined = name_words("DataForge");
        assert!(joined.contains("dataforge") && joined.contains("forge"));
        assert!(name_words("Data Forge AG").contains("dataforge"));
        assert!(name_words("Acme S.A.").contains("sa"));
    }

    #[test]
    fn bounds_are_typed() {
        let long = "a".repeat(MAX_TEXT_CHARS + 1);
        assert!(matches!(question(&long), Err(SearchError::TextTooLong { actual: 201, .. })));
        let many = "a ".repeat(13);
        assert!(matches!(question(&many), Err(SearchError::TooManyWords { actual: 13, .. })));
        assert_eq!(question("ü".repeat(200).as_str()).map(|w| w.len()).ok(), Some(1));
    }
}
