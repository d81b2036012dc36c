//! Names of operations as labels: callers choose them, so only the first few hundred get a line of their own.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Most names that are told apart.
const NAMES_MAX: usize = 200;
/// Longest name that is taken.
const LENGTH_MAX: usize = 64;
/// For operations without a name.
const ANONYMOUS: &str = "anonymous";
/// For every name after the first ones, and for what is no name.
const OTHER: &str = "other";

/// The names that have a line of their own.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashSet<String>>);

impl Names {
    /// The name under which an operation is counted.
    pub(super) fn label(&self, name: Option<&str>) -> String {
        let Some(name) = name else { return ANONYMOUS.to_owned() };
        let plain = name.len() <= LENGTH_MAX && name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
        if !plain || name.is_empty() {
            return OTHER.to_owned();
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(name) {
            if known.len() >= NAMES_MAX {
                return OTHER.to_owned();
            }
            known.insert(name.to_owned());
        }
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_cannot_make_labels_without_end() {
        let names = Names::default();
        assert_eq!(names.label(None), "anonymous");
        assert_eq!(names.label(Some("")), "other");
        assert_eq!(names.label(Some("a b")), "other");
        assert_eq!(names.label(Some(&"a".repeat(65))), "other");
        for n in 0..NAMES_MAX {
            assert_eq!(names.label(Some(&format!("n{n}"))), format!("n{n}"));
        }
        assert_eq!(names.label(Some("one_more")), "other");
        assert_eq!(names.label(Some("n7")), "n7");
    }
}
