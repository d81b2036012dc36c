//! Text that people typed: trimmed, bounded, and compared without regard to case and accents.

use deunicode::deunicode;

/// Longest title, name or other one-line text, in characters.
pub const LINE_MAX: usize = 200;
/// Longest note, reason, question or answer, in characters.
pub const NOTE_MAX: usize = 4_000;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// More characters than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The bound, in characters.
        max: usize,
    },
}

/// The text without outer blanks and control characters; refused when empty or longer than `max` characters.
pub fn required(text: &str, max: usize) -> Result<String, TextError> {
    match optional(Some(text), max)? {
        Some(text) => Ok(text),
        None => Err(TextError::Empty),
    }
}

/// As [`required`], but an empty text is nothing.
pub fn optional(text: Option<&str>, max: usize) -> Result<Option<String>, TextError> {
    let clean: String = text.unwrap_or_default().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let clean = clean.trim();
    if clean.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok((!clean.is_empty()).then(|| clean.to_owned()))
}

/// Words in lower case without accents and punctuation, for comparing and searching.
pub fn words(text: &str) -> Vec<String> {
    deunicode(text).to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_bounds_and_folds() {
        assert_eq!(required("  a\u{7}b ", 10), Ok("ab".to_owned()));
        assert_eq!(required(" \n ", 10), Err(TextError::Empty));
        assert_eq!(required("abc", 2), Err(TextError::TooLong { max: 2 }));
        assert_eq!(words("Müller & Søn, GmbH"), ["muller", "son", "gmbh"]);
    }
}
