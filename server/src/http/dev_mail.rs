//! Letters as a developer sees them: what went into the folder instead of to a mail server. Served in development only, for
//! whoever reads another's letters can act as that person.

use entente_app::mail::{WrittenLetter, written};
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};

use super::Edge;

/// The path of the list; a letter is below it.
pub(crate) const PATH: &str = "/dev/mail";
/// Most letters of the list.
const MOST: usize = 100;
/// A letter shows itself and loads nothing.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

/// Answers the list, the same as JSON, or one letter.
pub(crate) async fn serve(edge: &Edge, path: &str) -> Response {
    let letters = written(&edge.app, MOST).await;
    let rest = path.strip_prefix(PATH).unwrap_or_default();
    match rest.strip_prefix('/') {
        None if rest == ".json" => answer("application/json", serde_json::to_string(&letters).unwrap_or_default()),
        None if rest.is_empty() => answer("text/html; charset=utf-8", list(&letters)),
        Some(id) => match letters.iter().find(|letter| letter.id == id) {
            Some(letter) => answer("text/html; charset=utf-8", letter.html.clone()),
            None => Response::builder().status(StatusCode::NOT_FOUND).finish(),
        },
        None => Response::builder().status(StatusCode::NOT_FOUND).finish(),
    }
}

fn answer(media_type: &str, body: String) -> Response {
    Response::builder()
        .content_type(media_type)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .body(body)
}

fn list(letters: &[WrittenLetter]) -> String {
    let row =
        |l: &WrittenLetter| format!("<li><a href=\"{PATH}/{}\">{}</a> <small>{}</small></li>", escape(&l.id), escape(&l.subject), escape(&l.to));
    let rows: String = letters.iter().map(row).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Letters</title></head>\
         <body style=\"font-family:system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.8\"><h1>Letters</h1>\
         <p>What would have been sent, newest first. Only in development.</p><ul>{rows}</ul></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut all, c| {
        match c {
            '&' => all.push_str("&amp;"),
            '<' => all.push_str("&lt;"),
            '>' => all.push_str("&gt;"),
            '"' => all.push_str("&quot;"),
            c => all.push(c),
        }
        all
    })
}
