//! Access tokens that are not ours, or not any more, or not yet: each is refused over HTTP and when a socket introduces itself.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePublicKey};
use entente_domain::user::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::{Heard, Session, Socket, TestApp};

/// A server whose signing key the test knows.
struct Forge {
    t: TestApp,
    pem: String,
    file: PathBuf,
    header: Value,
    claims: Value,
    genuine: String,
}

fn part(token: &str, n: usize) -> Value {
    serde_json::from_slice(&B64.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap()
}

impl Forge {
    async fn start() -> Self {
        let pem = entente_app::session::keys::generate().unwrap();
        let file = std::env::temp_dir().join(format!("entente-forge-{}.pem", rand::random::<u64>()));
        std::fs::write(&file, &pem).unwrap();
        let t = TestApp::start_with(&["--signing-key", file.to_str().unwrap()]).await;
        let Session { token, .. } = t.signed_in(Role::Admin, None).await;
        Self { t, pem, file, header: part(&token, 0), claims: part(&token, 1), genuine: token }
    }

    /// A token signed with the server's own key, changed before.
    fn signed(&self, change: impl Fn(&mut Value, &mut Value)) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        change(&mut header, &mut claims);
        let header: Header = serde_json::from_value(header).unwrap();
        encode(&header, &claims, &EncodingKey::from_ed_pem(self.pem.as_bytes()).unwrap()).unwrap()
    }

    /// A token with a header of one's own and a signature that is none.
    fn bare(&self, header: &Value, signature: &[u8]) -> String {
        format!("{}.{}.{}", B64.encode(header.to_string()), B64.encode(self.claims.to_string()), B64.encode(signature))
    }

    fn public(&self) -> (String, Vec<u8>) {
        let key = SigningKey::from_pkcs8_pem(&self.pem).unwrap().verifying_key();
        (key.to_public_key_pem(LineEnding::LF).unwrap(), key.to_bytes().to_vec())
    }

    /// The public key is no secret: with it as the secret of a symmetric algorithm anybody could sign.
    fn symmetric(&self, secret: &[u8]) -> String {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = self.header["typ"].as_str().map(str::to_owned);
        header.kid = self.header["kid"].as_str().map(str::to_owned);
        encode(&header, &self.claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut header = self.header.clone();
        header[name] = value;
        header
    }

    fn forgeries(&self) -> Vec<(&'static str, String)> {
        let now = jiff::Timestamp::now().as_second();
        let (pem, raw) = self.public();
        let other = entente_app::session::keys::generate().unwrap();
        let header: Header = serde_json::from_value(self.header.clone()).unwrap();
        let signature = self.genuine.rsplit('.').next().unwrap().to_owned();
        let mut parts: Vec<&str> = self.genuine.split('.').collect();
        let mut raised = self.claims.clone();
        raised["exp"] = json!(now + 1_000_000);
        let raised = B64.encode(raised.to_string());
        parts[1] = &raised;
        vec![
            ("no algorithm", self.bare(&self.with("alg", json!("none")), b"")),
            ("no algorithm, in other letters", self.bare(&self.with("alg", json!("nOnE")), b"")),
            ("the public key as a secret, PEM", self.symmetric(pem.as_bytes())),
            ("the public key as a secret, bytes", self.symmetric(&raw)),
            ("RS256", self.bare(&self.with("alg", json!("RS256")), &[7; 256])),
            ("ES256", self.bare(&self.with("alg", json!("ES256")), &[7; 64])),
            ("a signature of zeros", self.bare(&self.header, &[0; 64])),
            ("claims changed after signing", parts.join(".")),
            ("another audience", self.signed(|_, c| c["aud"] = json!("another-api"))),
            (
                "no audience",
                self.signed(|_, c| {
                    c.as_object_mut().unwrap().remove("aud");
                }),
            ),
            ("another issuer", self.signed(|_, c| c["iss"] = json!("https://evil.example"))),
            ("another type", self.signed(|h, _| h["typ"] = json!("JWT"))),
            (
                "no type",
                self.signed(|h, _| {
                    h.as_object_mut().unwrap().remove("typ");
                }),
            ),
            ("expired", self.signed(|_, c| c["exp"] = json!(now - 1))),
            (
                "no end",
                self.signed(|_, c| {
                    c.as_object_mut().unwrap().remove("exp");
                }),
            ),
            ("not yet valid", self.signed(|_, c| c["nbf"] = json!(now + 60))),
            ("an unknown key's name", self.signed(|h, _| h["kid"] = json!("0123456789abcdef"))),
            (
                "no key's name",
                self.signed(|h, _| {
                    h.as_object_mut().unwrap().remove("kid");
                }),
            ),
            ("another key under our name", encode(&header, &self.claims, &EncodingKey::from_ed_pem(other.as_bytes()).unwrap()).unwrap()),
            ("nobody's account", self.signed(|_, c| c["sub"] = json!("user_01J00000000000000000000000"))),
            ("truncated", self.genuine[..self.genuine.len() - 4].to_owned()),
            ("without a signature", self.genuine[..self.genuine.len() - signature.len()].to_owned()),
            ("one part", self.genuine.split('.').next().unwrap().to_owned()),
            ("longer than any of ours", format!("{}{}", self.genuine, "A".repeat(5_000))),
        ]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_forged_or_worn_out_token_is_refused_over_http_and_on_sockets() {
    let forge = Forge::start().await;
    let t = &forge.t;
    let query = "{ viewer { user { id } } deals(first: 1) { totalCount } }";
    // The forge itself works: an unchanged token passes both ways.
    let same = forge.signed(|_, _| {});
    assert!(t.ask(Some(&same), query, json!({})).await["data"]["viewer"]["user"]["id"].is_string());
    Socket::introduced(&t.server, Some(&same)).await;
    for (what, token) in forge.forgeries() {
        let answer = t.ask(Some(&token), query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{what}: {answer}");
        assert!(answer.get("data").is_none(), "{what}: {answer}");
        let bearer = format!("Bearer {token}");
        assert_eq!(t.post("/uploads?name=a.csv", &[("authorization", &bearer)], "a").await.status(), 401, "{what}");
        let mut socket = t.open(Some("graphql-transport-ws")).await;
        socket.say(json!({ "type": "connection_init", "payload": { "authorization": bearer } })).await;
        assert_eq!(socket.hear().await, Heard::Closed(4403, "Forbidden".into()), "{what}");
    }
    for scheme in ["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "bearer  ", &forge.genuine] {
        let body = json!({ "query": query }).to_string();
        let answer = t.post("/graphql", &[("content-type", "application/json"), ("authorization", scheme)], body).await;
        assert_eq!(answer.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{scheme}");
    }
    std::fs::remove_file(&forge.file).unwrap();
    forge.t.end().await;
}
