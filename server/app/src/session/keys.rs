//! Access tokens: JWT signed with EdDSA. Every other algorithm, type, issuer or audience is refused.

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use entente_domain::Timestamp;
use entente_domain::id::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::AppError;

/// How long an access token holds, in seconds.
pub const ACCESS_SECONDS: i64 = 600;
const ISSUER: &str = "entente";
const AUDIENCE: &str = "entente-api";
const TYPE: &str = "at+jwt";

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The person.
    pub sub: UserId,
    /// The family of refresh tokens it came of.
    pub sid: SessionId,
    iss: String,
    aud: String,
    iat: i64,
    pub(super) exp: i64,
    /// From when on; ours hold at once and do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

/// The key with which tokens and media addresses are signed.
pub struct SigningKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    kid: String,
    media: [u8; 32],
}

/// A new Ed25519 key as PKCS#8 PEM.
pub fn generate() -> Result<String, AppError> {
    let key = SigningKey::from_bytes(&rand::random());
    Ok(key.to_pkcs8_pem(LineEnding::LF).map_err(AppError::internal)?.to_string())
}

impl SigningKeys {
    /// Reads a PKCS#8 PEM.
    pub fn from_pem(pem: &str) -> Result<Self, AppError> {
        let wrong = |_| AppError::Internal("the signing key is not an Ed25519 key in PKCS#8 PEM".into());
        let key = SigningKey::from_pkcs8_pem(pem).map_err(wrong)?;
        let public = key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(AppError::internal)?;
        Ok(Self {
            encoding: EncodingKey::from_ed_pem(pem.as_bytes()).map_err(AppError::internal)?,
            decoding: DecodingKey::from_ed_pem(public.as_bytes()).map_err(AppError::internal)?,
            kid: blake3::hash(public.as_bytes()).to_hex()[..16].to_owned(),
            media: blake3::derive_key("entente 2026 media addresses", key.as_bytes()),
        })
    }

    /// An access token for that person from now on, and when it ends.
    pub fn issue(&self, user: &UserId, session: &SessionId, now: Timestamp) -> Result<(String, Timestamp), AppError> {
        let exp = now.as_second() + ACCESS_SECONDS;
        let claims =
            AccessClaims { sub: user.clone(), sid: session.clone(), iss: ISSUER.into(), aud: AUDIENCE.into(), iat: now.as_second(), exp, nbf: None };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.into());
        header.kid = Some(self.kid.clone());
        let token = encode(&header, &claims, &self.encoding).map_err(AppError::internal)?;
        Ok((token, Timestamp::from_second(exp).map_err(AppError::internal)?))
    }

    /// What a token says; none when it is not one of ours or has ended.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        let header = decode_header(token).ok()?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(&self.kid) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is compared with the application's clock, which a test may set.
        validation.validate_exp = false;
        let claims = decode::<AccessClaims>(token, &self.decoding, &validation).ok()?.claims;
        (claims.exp > now.as_second() && claims.nbf.is_none_or(|from| from <= now.as_second())).then_some(claims)
    }

    /// A signature over a media address.
    pub fn sign_media(&self, text: &str) -> String {
        blake3::keyed_hash(&self.media, text.as_bytes()).to_hex()[..40].to_owned()
    }

    /// Whether a signature is that of the address, compared in constant time.
    pub fn media_signed(&self, text: &str, signature: &str) -> bool {
        let expected = self.sign_media(text);
        expected.len() == signature.len() && expected.bytes().zip(signature.bytes()).fold(0, |d, (a, b)| d | (a ^ b)) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ulid::Ulid;

    fn token_with(change: impl Fn(&mut Header, &mut serde_json::Value)) -> (SigningKeys, String) {
        let pem = generate().unwrap();
        let keys = SigningKeys::from_pem(&pem).unwrap();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.into());
        header.kid = Some(keys.kid.clone());
        let mut claims = serde_json::json!({
            "sub": UserId::new(Ulid::from_parts(1, 1)), "sid": SessionId::new(Ulid::from_parts(1, 2)),
            "iss": ISSUER, "aud": AUDIENCE, "iat": 1_000, "exp": 2_000,
        });
        change(&mut header, &mut claims);
        let key = if header.alg == Algorithm::EdDSA { EncodingKey::from_ed_pem(pem.as_bytes()).unwrap() } else { EncodingKey::from_secret(b"x") };
        let token = encode(&header, &claims, &key).unwrap();
        (keys, token)
    }

    fn accepted(change: impl Fn(&mut Header, &mut serde_json::Value)) -> bool {
        let (keys, token) = token_with(change);
        keys.read(&token, Timestamp::from_second(1_500).unwrap()).is_some()
    }

    #[test]
    fn only_our_own_tokens_are_accepted() {
        assert!(accepted(|_, _| {}));
        assert!(!accepted(|h, _| h.alg = Algorithm::HS256), "another algorithm");
        assert!(!accepted(|h, _| h.typ = Some("JWT".into())), "another type");
        assert!(!accepted(|h, _| h.kid = Some("other".into())), "unknown key");
        assert!(!accepted(|_, c| c["iss"] = "other".into()), "another issuer");
        assert!(!accepted(|_, c| c["aud"] = "other".into()), "another audience");
        assert!(!accepted(|_, c| c["exp"] = 1_499.into()), "ended");
        assert!(!accepted(|_, c| c["nbf"] = 1_501.into()), "not yet");
        assert!(accepted(|_, c| c["nbf"] = 1_500.into()), "from now on");
        let (keys, token) = token_with(|_, _| {});
        let payload = token.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"at+jwt"}
        assert!(keys.read(&format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{payload}."), Timestamp::from_second(1_500).unwrap()).is_none());
        let (other, _) = token_with(|_, _| {});
        assert!(other.read(&token, Timestamp::from_second(1_500).unwrap()).is_none(), "another server's key");
    }
}
