//! The headers that tell a browser what a page of ours may do: the Content-Security-Policy and its companions.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::assets;

/// The headers of a server, made once.
#[derive(Debug, Clone)]
pub(crate) struct SecurityHeaders {
    always: Vec<(HeaderName, HeaderValue)>,
    csp: HeaderValue,
}

impl SecurityHeaders {
    /// For a server that people reach under this address.
    pub(crate) fn new(public_url: &str) -> Self {
        let mut always = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
            ),
        ];
        if public_url.starts_with("https://") {
            always.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")));
        }
        let csp = HeaderValue::from_str(&policy(public_url, assets::script_hashes()));
        Self { always, csp: csp.unwrap_or_else(|_| HeaderValue::from_static("default-src 'self'")) }
    }

    /// Adds what the response does not have yet: an endpoint with a policy of its own keeps it. `page` is whether the
    /// response may be the app; what is only data gets a policy that allows nothing.
    pub(crate) fn apply(&self, headers: &mut HeaderMap, page: bool) {
        for (name, value) in &self.always {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        let csp = if page { &self.csp } else { &DATA_POLICY };
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| csp.clone());
    }
}

/// Everything from here and nothing from elsewhere. Style attributes are allowed because the components set them; style
/// elements are not. The public
/// address is named because pictures and previews are linked by it, the socket's for browsers whose `'self'` does not cover it.
fn policy(public_url: &str, scripts: &[&str]) -> String {
    let socket = public_url.replacen("http", "ws", 1);
    let scripts = scripts.iter().fold(String::new(), |all, hash| format!("{all} {hash}"));
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; style-src-attr 'unsafe-inline'; \
         img-src 'self' {public_url} data: blob:; font-src 'self' data:; connect-src 'self' {public_url} {socket}; \
         frame-src 'self' {public_url} blob:; worker-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

static DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The policy of GraphiQL, which loads itself from elsewhere; it is served in development only.
pub(crate) const GRAPHIQL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self' https:; script-src 'self' https: 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' https: 'unsafe-inline'; \
     img-src 'self' https: data:; font-src https: data:; connect-src 'self' https: ws: wss:; worker-src blob:; frame-ancestors 'none'",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_inline_scripts_and_the_socket_and_nothing_foreign() {
        let csp = policy("https://prm.example.com", &["'sha256-abc='"]);
        assert!(csp.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-abc=';"));
        assert!(csp.contains("connect-src 'self' https://prm.example.com wss://prm.example.com;"));
        assert!(!csp.contains("script-src 'self' 'unsafe-inline'") && !csp.contains(" 'unsafe-eval'") && !csp.contains('*'));
    }

    #[test]
    fn a_policy_of_its_own_is_kept_and_hsts_needs_https() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, GRAPHIQL_POLICY);
        SecurityHeaders::new("http://127.0.0.1:8080").apply(&mut headers, true);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], GRAPHIQL_POLICY);
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        SecurityHeaders::new("https://x.example").apply(&mut headers, true);
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
