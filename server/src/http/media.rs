//! Pictures, previews and downloads below `/media/`; what they are and who may see them is the application's.

use entente_app::media::{self, MediaError};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response};

use super::Edge;
use super::graphql::decode;

/// Answers a path below `/media/`.
pub(crate) async fn serve(edge: &Edge, request: &Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let parameter =
        |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).and_then(|(_, value)| decode(value));
    let media = match media::resolve(&edge.app, request.uri().path(), parameter).await {
        Ok(media) => media,
        Err(MediaError::NotFound) => {
            return plain(StatusCode::NOT_FOUND, "There is nothing here, or the address has ended: open it again from the app.\n");
        }
        Err(MediaError::Failed(error)) => {
            tracing::error!(%error, "media could not be made");
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "This could not be made; try again in a moment.\n");
        }
    };
    let cache = if media.immutable { "public, max-age=31536000, immutable" } else { "private, max-age=60" };
    let mut response = Response::builder()
        .content_type(&media.media_type)
        .header(header::CACHE_CONTROL, HeaderValue::from_static(cache))
        .header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(media.policy));
    if let Some(name) = &media.file_name {
        response = response.header(header::CONTENT_DISPOSITION, disposition(name));
    }
    response.body(media.bytes)
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").header(header::CACHE_CONTROL, "no-store").body(text)
}

/// `attachment` with the name, in ASCII and, for what that cannot say, in UTF-8.
fn disposition(name: &str) -> String {
    let ascii: String = name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' }).collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(disposition("kit.zip"), "attachment; filename=\"kit.zip\"; filename*=UTF-8''kit.zip");
        assert_eq!(disposition("Mü\"\r\n.pdf"), "attachment; filename=\"M____.pdf\"; filename*=UTF-8''M%C3%BC%22%0D%0A.pdf");
    }
}
