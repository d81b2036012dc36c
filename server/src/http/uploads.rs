//! `POST /uploads?name=...`: a raw body from somebody who may import, kept until a mutation makes use of it. With `for=evidence`
//! a file that shows something about a deal, from somebody who may register, write in rooms or speak in disputes: checked to be
//! what its name says.

use bytes::BytesMut;
use entente_app::Refused;
use entente_app::deal::{FileRefusal, keep_file, may_keep_file};
use entente_app::files::UPLOAD_MAX;
use entente_domain::deal::evidence::FILE_MAX;
use entente_domain::id::FileId;
use entente_domain::policy::{Action, Resource, can};
use futures::StreamExt;
use poem::http::{Method, StatusCode, header};
use poem::{Request, Response};
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

use super::graphql::decode;
use super::negotiate::Format;
use super::request::{self, Caller};
use super::{Edge, wire};

/// How long the next part of a body may take to arrive, and how long the whole.
const PART_LIMIT: Duration = Duration::from_secs(20);
const WHOLE_LIMIT: Duration = Duration::from_secs(300);
/// What is reserved for a body on its length's word alone.
const TRUST: usize = 64 * 1024;

/// Answers `/uploads`: `{"id": "file_..."}`.
pub(crate) async fn serve(edge: &Edge, mut request: Request) -> Response {
    let id = request::request_id(&request);
    let refuse = |status, code, message: &str| wire::refuse(status, code, message, &id, Format::Json);
    if request.method() != Method::POST {
        return Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "POST").finish();
    }
    let unavailable = "The server cannot do this right now; try again in a moment.";
    let actor = match request::caller(&edge.app, request::authorization(&request)).await {
        Ok(Caller::Known(actor)) => actor,
        Ok(_) => return refuse(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Sign in to upload a file."),
        Err(error) => {
            tracing::warn!(%error, "the caller's token could not be looked up");
            return refuse(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", unavailable);
        }
    };
    let evidence = query(&request, "for").as_deref() == Some("evidence");
    let name = query(&request, "name").unwrap_or_default();
    let allowed = if evidence { may_keep_file(&actor) } else { can(&actor, Action::Import, Resource::Any) };
    if !allowed {
        return refuse(StatusCode::FORBIDDEN, "FORBIDDEN", "Your role does not allow this; ask an administrator.");
    }
    if !evidence && !may_be_table(request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok())) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", "Only tables in CSV are uploaded here.");
    }
    let length: Option<usize> = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let most = if evidence { usize::try_from(FILE_MAX).unwrap_or(UPLOAD_MAX) } else { UPLOAD_MAX };
    let too_long = format!("A file has at most {} MB.", most / 1024 / 1024);
    if length.is_some_and(|length| length > most) {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "BAD_REQUEST", &too_long);
    }
    let mut whole = BytesMut::with_capacity(length.unwrap_or(0).min(TRUST));
    let mut body = request.take_body().into_bytes_stream();
    let end = Instant::now() + WHOLE_LIMIT;
    loop {
        match timeout_at(end.min(Instant::now() + PART_LIMIT), body.next()).await {
            Ok(Some(Ok(part))) if whole.len() + part.len() <= most => whole.extend_from_slice(&part),
            Ok(Some(Ok(_))) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, "BAD_REQUEST", &too_long),
            Ok(Some(Err(_))) | Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "BAD_REQUEST", "The file did not arrive as a whole."),
            Ok(None) => break,
        }
    }
    if whole.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The file is empty.");
    }
    let kept = |id: &FileId| {
        Response::builder().content_type("application/json").header(header::CACHE_CONTROL, "no-store").body(json!({ "id": id }).to_string())
    };
    if evidence {
        return match keep_file(&edge.app, &actor, &name, whole.freeze()).await {
            Ok(file) => kept(&file),
            Err(Refused::Refused(why)) => {
                let status = match why {
                    FileRefusal::NotAllowed => StatusCode::FORBIDDEN,
                    FileRefusal::Size => StatusCode::PAYLOAD_TOO_LARGE,
                    FileRefusal::Type => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    FileRefusal::NotFound | FileRefusal::Name => StatusCode::BAD_REQUEST,
                };
                refuse(status, "BAD_REQUEST", &why.to_string())
            }
            Err(Refused::Failed(error)) => {
                tracing::error!(%error, "evidence could not be kept");
                refuse(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", unavailable)
            }
        };
    }
    if !is_text(&whole) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", "This is no table in CSV; save it as CSV in UTF-8 and upload that.");
    }
    let file = FileId::new(edge.app.ulid());
    match edge.app.files.put_upload(&file, whole.freeze()).await {
        Ok(()) => kept(&file),
        Err(error) => {
            tracing::error!(%error, "an upload could not be kept");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", unavailable)
        }
    }
}

/// A parameter of the address, decoded.
fn query(request: &Request, key: &str) -> Option<String> {
    request.uri().query()?.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key).and_then(|(_, value)| decode(value))
}

/// Whether the claimed type leaves room for a table; browsers and systems call CSV many names.
fn may_be_table(claimed: Option<&str>) -> bool {
    const NAMES: [&str; 6] =
        ["text/csv", "text/plain", "text/comma-separated-values", "application/csv", "application/vnd.ms-excel", "application/octet-stream"];
    let Some(claimed) = claimed else { return true };
    let kind = claimed.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || NAMES.iter().any(|name| kind.eq_ignore_ascii_case(name))
}

/// Whether the content is text, whatever it was called: archives, pictures, programs and spreadsheets are not. What is wrong in
/// a text, the import says with its line.
fn is_text(bytes: &[u8]) -> bool {
    const OTHERS: [&[u8]; 8] = [b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"\xd0\xcf\x11\xe0"];
    !bytes.contains(&0) && !OTHERS.iter().any(|start| bytes.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_many_names_and_other_files_none() {
        for fine in [None, Some("text/csv; charset=utf-8"), Some("TEXT/CSV"), Some("application/octet-stream"), Some("")] {
            assert!(may_be_table(fine), "{fine:?}");
        }
        for other in ["image/svg+xml", "text/html", "application/zip", "text/csvx"] {
            assert!(!may_be_table(Some(other)), "{other}");
        }
    }

    #[test]
    fn what_is_no_text_is_known_by_its_content() {
        assert!(is_text(b"a,b\n1,2\n") && is_text("\u{feff}a,\u{e4}".as_bytes()) && is_text(b"P,K"));
        for other in [&b"PK\x03\x04rest"[..], b"%PDF-1.7", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08", b"a,b\0c"] {
            assert!(!is_text(other), "{other:?}");
        }
    }
}
