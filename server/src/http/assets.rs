//! The front end, from memory and without copying: files by name, and the app's page for every other path.
//!
//! Knows neither the app nor GraphQL; what it serves was put together by `build.rs`.

use bytes::Bytes;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Body, Response};

/// A file of the front end.
struct File {
    path: &'static str,
    media_type: &'static str,
    etag: &'static str,
    /// The name carries a hash of the content.
    immutable: bool,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
const INDEX: &str = "/index.html";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Entente</title>\
<h1>Entente</h1><p>The server runs, but its front end was not built in. <code>cargo xtask web</code> builds it; then build the server again.\
<p>The API is at <a href=\"/graphql?query=%7B__typename%7D\">/graphql</a>.</html>";

/// `'sha256-...'` of each script inside the app's page.
pub(crate) fn script_hashes() -> &'static [&'static str] {
    SCRIPT_HASHES
}

/// The file of that path, or the app's page. A missing file below a folder of files is a 404 and not the app.
pub(crate) fn serve(method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD").finish();
    }
    if let Some(file) = find(path) {
        return answer(file, headers);
    }
    if looks_like_a_file(path) {
        return Response::builder().status(StatusCode::NOT_FOUND).content_type("text/plain; charset=utf-8").body("There is no such file.");
    }
    match find(INDEX) {
        Some(page) => answer(page, headers),
        None => Response::builder().content_type("text/html; charset=utf-8").header(header::CACHE_CONTROL, REVALIDATE).body(NOT_BUILT),
    }
}

fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|at| FILES.get(at))
}

/// Names with one of the endings that the front end is made of; an id or a slug never has them.
fn looks_like_a_file(path: &str) -> bool {
    const ENDINGS: [&str; 14] = ["js", "mjs", "css", "wasm", "map", "svg", "png", "jpg", "ico", "json", "txt", "xml", "woff2", "webmanifest"];
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn answer(file: &'static File, headers: &HeaderMap) -> Response {
    let mut response = Response::builder()
        .header(header::ETAG, HeaderValue::from_static(file.etag))
        .header(header::CACHE_CONTROL, if file.immutable { IMMUTABLE } else { REVALIDATE });
    if file.brotli.is_some() || file.gzip.is_some() {
        response = response.header(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if matches(headers.get(header::IF_NONE_MATCH), file.etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let (encoding, content) = choose(file, headers.get(header::ACCEPT_ENCODING));
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response.header(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type)).body(Body::from_bytes(Bytes::from_static(content)))
}

/// Whether `If-None-Match` names that ETag.
pub(crate) fn matches(given: Option<&HeaderValue>, etag: &str) -> bool {
    let given = given.and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

fn choose(file: &'static File, accepted: Option<&HeaderValue>) -> (Option<&'static str>, &'static [u8]) {
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| {
        accepted.split(',').any(|item| {
            let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
            let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    match (file.brotli, file.gzip) {
        (Some(small), _) if accepts("br") => (Some("br"), small),
        (_, Some(small)) if accepts("gzip") => (Some("gzip"), small),
        _ => (None, file.plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static FILE: File = File {
        path: "/a.js",
        media_type: "text/javascript",
        etag: "\"x\"",
        immutable: true,
        plain: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn encoding(accepted: &'static str) -> Option<&'static str> {
        choose(&FILE, Some(&HeaderValue::from_static(accepted))).0
    }

    #[test]
    fn the_smallest_form_that_is_accepted_goes_out() {
        assert_eq!(encoding("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(encoding("gzip;q=0.8, br;q=0"), Some("gzip"));
        assert_eq!(encoding("identity"), None);
        assert_eq!(choose(&FILE, None).1, b"plain");
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        assert!(matches(Some(&HeaderValue::from_static("W/\"y\", \"x\"")), FILE.etag));
        assert!(!matches(Some(&HeaderValue::from_static("\"y\"")), FILE.etag));
    }

    #[test]
    fn paths_of_the_app_are_no_files() {
        for path in ["/", "/deals/deal_01", "/partners/acme.systems", "/deals/v1.5"] {
            assert!(!looks_like_a_file(path), "{path}");
        }
        assert!(looks_like_a_file("/assets/old-1234.js"));
    }
}
