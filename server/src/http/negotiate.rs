//! Which media type a GraphQL response takes, from the `Accept` header; and whether a request's own type is understood.

use poem::http::HeaderMap;
use poem::http::header::{ACCEPT, CONTENT_TYPE};

/// The form of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/json`: a well-formed request answers 200, whatever came of it.
    Json,
    /// `application/graphql-response+json`: the status says whether the operation ran.
    GraphQl,
}

impl Format {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// The form that the caller prefers; none when it accepts neither. Without a word JSON is meant.
pub(crate) fn accepted(headers: &HeaderMap) -> Option<Format> {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    values.peek()?;
    let mut best: Option<(f32, Format)> = None;
    for item in values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        let mut parts = item.split(';').map(str::trim);
        let format = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/graphql-response+json" => Format::GraphQl,
            "application/json" | "application/*" | "*/*" | "" => Format::Json,
            _ => continue,
        };
        let mut weight = 1.0;
        let mut utf8 = true;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => weight = value.trim().parse().unwrap_or(0.0),
                "charset" => utf8 = is_utf8(value),
                _ => {}
            }
        }
        if utf8 && weight > 0.0 && best.is_none_or(|(before, _)| weight > before) {
            best = Some((weight, format));
        }
    }
    best.map(|(_, format)| format)
}

/// The form for a request that may have no `Accept` header at all.
pub(crate) fn format(headers: &HeaderMap) -> Option<Format> {
    if headers.contains_key(ACCEPT) { accepted(headers) } else { Some(Format::Json) }
}

/// Whether the body is said to be JSON in UTF-8.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    json && parts.filter_map(|part| part.split_once('=')).all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value))
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn accepting(value: &'static str) -> Option<Format> {
        format(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))]))
    }

    #[test]
    fn the_form_is_what_the_caller_prefers() {
        assert_eq!(format(&HeaderMap::new()), Some(Format::Json));
        assert_eq!(accepting("*/*"), Some(Format::Json));
        assert_eq!(accepting("application/graphql-response+json; charset=utf-8, application/json;q=0.9"), Some(Format::GraphQl));
        assert_eq!(accepting("application/json, application/graphql-response+json"), Some(Format::Json));
        assert_eq!(accepting("application/graphql-response+json;q=0.5, */*;q=0.8"), Some(Format::Json));
        assert_eq!(accepting("text/html"), None);
        assert_eq!(accepting("application/json; charset=latin1"), None);
    }

    #[test]
    fn only_json_in_utf8_is_understood() {
        let said = |value| is_json(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))]));
        assert!(said("application/json") && said("application/json; charset=UTF-8"));
        assert!(!said("application/json; charset=utf-16") && !said("text/plain") && !said("application/x-www-form-urlencoded"));
        assert!(!is_json(&HeaderMap::new()));
    }
}
