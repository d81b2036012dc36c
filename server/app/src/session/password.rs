//! Passwords: argon2id at OWASP's parameters (19 MiB, two passes, one lane), with a cap on hashes running at once.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::{App, AppError};

fn hasher() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string.
#[tracing::instrument(level = "debug", name = "password.hash", skip_all)]
pub async fn hash(app: &App, password: String) -> Result<String, AppError> {
    let _turn = app.hashing.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || Ok(hasher()?.hash_password(password.as_bytes()).map_err(AppError::internal)?.to_string()))
        .await
        .map_err(AppError::internal)?
}

/// Whether the password is the one of the hash. Without a hash the same work is done, so that the time tells nothing.
#[tracing::instrument(level = "debug", name = "password.verify", skip_all)]
pub async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool, AppError> {
    let _turn = app.hashing.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || match hash.as_deref().map(PasswordHash::new) {
        Some(Ok(parsed)) => Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok()),
        _ => {
            hasher()?.hash_password(password.as_bytes()).map_err(AppError::internal)?;
            Ok(false)
        }
    })
    .await
    .map_err(AppError::internal)?
}
