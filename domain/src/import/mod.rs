//! Importing another system's sales: what a row must be, what is only worth a warning, the deal that comes of it, and
//! who holds the claim when imported deals collide.
//!
//! Pure like the rest of the domain: reading files, looking things up and writing is the application's.

pub mod claim;
pub mod deal;
pub mod issue;
pub mod row;
pub mod stage;
pub mod value;

use crate::text;

/// A name as a key: words in lower case without accents, joined by hyphens; none when it has no letter or digit.
pub fn key_of(name: &str) -> Option<String> {
    let key = text::words(name).join("-");
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_makes_a_key() {
        assert_eq!(super::key_of(" Mei-Mei Johns ").as_deref(), Some("mei-mei-johns"));
        assert_eq!(super::key_of("GTX Pro"), super::key_of("gtx  PRO"));
        assert_ne!(super::key_of("GTX Pro"), super::key_of("GTXPro"));
        assert_eq!(super::key_of(" -- "), None);
    }
}
