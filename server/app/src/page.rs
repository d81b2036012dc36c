//! Pages by key: how many, from where, and the opaque cursor that carries the sort key and a hash of the list it is of.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::AppError;

/// Rows of a page when nobody says.
pub const FIRST_DEFAULT: u32 = 25;
/// Most rows of a page.
pub const FIRST_MAX: u32 = 100;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// Rows with their cursors.
    pub rows: Vec<(String, T)>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether some came before (the page was asked for with a cursor).
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The same page of something made of each row.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(|(c, t)| (c, f(t))).collect(), has_next: self.has_next, has_previous: self.has_previous }
    }

    /// A page without rows.
    pub fn empty() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }

    /// Makes a page of up to `first + 1` rows that were read.
    pub fn of<K: Serialize>(mut rows: Vec<T>, first: u32, after: bool, list: &str, key: impl Fn(&T) -> K) -> Result<Self, AppError> {
        let has_next = rows.len() > first as usize;
        rows.truncate(first as usize);
        let rows = rows.into_iter().map(|t| Ok((encode(list, &key(&t))?, t))).collect::<Result<_, AppError>>()?;
        Ok(Self { rows, has_next, has_previous: after })
    }
}

/// How many rows: 1 to [`FIRST_MAX`], [`FIRST_DEFAULT`] when left out.
pub fn first(first: Option<i32>) -> Result<u32, AppError> {
    match first {
        None => Ok(FIRST_DEFAULT),
        Some(n) => match u32::try_from(n) {
            Ok(n @ 1..=FIRST_MAX) => Ok(n),
            _ => Err(AppError::BadRequest(format!("first must be from 1 to {FIRST_MAX}"))),
        },
    }
}

#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    l: String,
    k: K,
}

/// The name of a list: its kind with everything that decides which rows it has and in which order.
pub fn list_name(kind: &str, parameters: &impl Serialize) -> Result<String, AppError> {
    let text = serde_json::to_vec(parameters).map_err(AppError::internal)?;
    Ok(blake3::Hasher::new().update(kind.as_bytes()).update(&text).finalize().to_hex()[..12].to_owned())
}

/// A cursor for a row of that list.
pub fn encode<K: Serialize>(list: &str, key: &K) -> Result<String, AppError> {
    Ok(B64.encode(serde_json::to_vec(&Cursor { l: list.to_owned(), k: key }).map_err(AppError::internal)?))
}

/// The key in a cursor; refused when it is not one of ours, or of another list.
pub fn decode<K: DeserializeOwned>(list: &str, cursor: Option<&str>) -> Result<Option<K>, AppError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let wrong = || AppError::BadRequest("after must be a cursor of this same list: same search, filter and order".to_owned());
    let bytes = B64.decode(cursor).map_err(|_| wrong())?;
    let read: Cursor<K> = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    if read.l == list { Ok(Some(read.k)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_one_list() {
        let cursor = encode("a", &7).unwrap();
        assert_eq!(decode::<i32>("a", Some(&cursor)).unwrap(), Some(7));
        assert!(matches!(decode::<i32>("b", Some(&cursor)), Err(AppError::BadRequest(_))));
        assert!(matches!(decode::<i32>("a", Some("rubbish")), Err(AppError::BadRequest(_))));
    }

    #[test]
    fn first_is_bounded() {
        assert_eq!(first(None).unwrap(), 25);
        assert!([0, -1, 101, 1000].into_iter().all(|n| first(Some(n)).is_err()));
    }
}
