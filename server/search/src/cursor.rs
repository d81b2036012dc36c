//! Where a list stands: the sort key of the last hit seen, bound to the list it was given out for. Readable by any server
//! of the same version, independent of what the index holds, and worth nothing to forge: it only says "behind this key".

use crate::request::{FacetField, OrderField, SearchError, SearchRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// First byte of every cursor; another one for another layout.
const LAYOUT: u8 = 1;
const LIST_BYTES: usize = 8;

/// What makes a list the same list: its words, filter, order and audience.
pub(crate) type ListId = [u8; LIST_BYTES];

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Score and rank as the order weighs them, smaller first.
    pub primary: [i64; 2],
    /// Folded name, zero byte, id.
    pub sort_key: String,
}

/// The identity of the list a request asks a page of. The order in which a filter names its values does not matter.
pub(crate) fn list_id(words: &[String], request: &SearchRequest) -> ListId {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    words.iter().for_each(|word| part(word));
    for field in FacetField::ALL {
        // A zero byte cannot be in a word: the parts of the filter cannot be taken for words.
        part("\0filter");
        let mut values: Vec<&String> = request.filter.values(field).iter().collect();
        values.sort_unstable();
        values.dedup();
        values.into_iter().for_each(|value| part(value));
    }
    let field = match request.order.field {
        OrderField::Relevance => 0u8,
        OrderField::Name => 1,
        OrderField::Tier => 2,
    };
    hasher.update(&[field, u8::from(request.order.descending), u8::from(request.published_only)]);
    let mut id = ListId::default();
    id.copy_from_slice(&hasher.finalize().as_bytes()[..LIST_BYTES]);
    id
}

/// The cursor of a place.
pub(crate) fn encode(list: ListId, place: &Place) -> String {
    let mut bytes = Vec::with_capacity(1 + LIST_BYTES + 16 + place.sort_key.len());
    bytes.push(LAYOUT);
    bytes.extend_from_slice(&list);
    place.primary.iter().for_each(|part| bytes.extend_from_slice(&part.to_le_bytes()));
    bytes.extend_from_slice(place.sort_key.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place of a cursor.
///
/// # Errors
/// `CursorInvalid` for what `encode` did not write, `CursorMismatch` for a cursor of another list.
pub(crate) fn decode(list: ListId, cursor: &str) -> Result<Place, SearchError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| SearchError::CursorInvalid)?;
    let (layout, rest) = bytes.split_first().ok_or(SearchError::CursorInvalid)?;
    let (given, rest) = rest.split_first_chunk::<LIST_BYTES>().ok_or(SearchError::CursorInvalid)?;
    let (first, rest) = rest.split_first_chunk::<8>().ok_or(SearchError::CursorInvalid)?;
    let (second, rest) = rest.split_first_chunk::<8>().ok_or(SearchError::CursorInvalid)?;
    let sort_key = std::str::from_utf8(rest).map_err(|_| SearchError::CursorInvalid)?;
    if *layout != LAYOUT || !sort_key.contains('\0') {
        return Err(SearchError::CursorInvalid);
    }
    if *given != list {
        return Err(SearchError::CursorMismatch);
    }
    Ok(Place { primary: [i64::from_le_bytes(*first), i64::from_le_bytes(*second)], sort_key: sort_key.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_says_what_it_was_told(first: i64, second: i64, name in "[a-z ]{0,30}", id in "[a-z0-9_]{1,30}") {
            let place = Place { primary: [first, second], sort_key: format!("{name}\0{id}") };
            let list = list_id(&[], &SearchRequest::default());
            prop_assert_eq!(decode(list, &encode(list, &place)).ok(), Some(place.clone()));
            let other = list_id(&["x".into()], &SearchRequest::default());
            prop_assert!(matches!(decode(other, &encode(list, &place)), Err(SearchError::CursorMismatch)));
        }

        #[test]
        fn rubbish_is_refused(cursor in ".{0,80}") {
            let list = list_id(&[], &SearchRequest::default());
            prop_assert!(decode(list, &cursor).is_err());
        }
    }
}
