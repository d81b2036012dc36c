//! Passwords: argon2id at OWASP's parameters (19 MiB, two passes, one lane), with a cap on hashes running at once.
//!
//! The memory of a hash is kept for the next one: given back each time, it would end up spread over the allocator's arenas.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::{App, AppError};

/// Length of a hash, in bytes.
const OUTPUT: usize = 32;

/// Room for the hashes that may run at once.
#[derive(Clone)]
pub(crate) struct Hashing {
    turns: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Hashing {
    /// Room for that many.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), memory: Arc::default() }
    }

    /// Runs `work` where it may block, when it is its turn.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> Result<T, AppError> + Send + 'static) -> Result<T, AppError> {
        let turn = self.turns.clone().acquire_owned().await.map_err(AppError::internal)?;
        let this = self.clone();
        // A caller that goes away takes back neither the work nor its turn.
        let working = move || {
            let _turn = turn;
            work(&this)
        };
        tokio::task::spawn_blocking(working).await.map_err(AppError::internal)?
    }

    fn output(&self, hasher: &Argon2<'_>, password: &str, salt: &[u8]) -> Result<Output, AppError> {
        let kept = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = kept().pop().unwrap_or_default();
        memory.resize(hasher.params().block_count(), Block::default());
        let mut output = [0; OUTPUT];
        let hashed = hasher.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory);
        kept().push(memory);
        hashed.map_err(AppError::internal)?;
        Output::new(&output).map_err(AppError::internal)
    }
}

fn hasher() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, Some(OUTPUT)).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string.
#[tracing::instrument(level = "debug", name = "password.hash", skip_all)]
pub async fn hash(app: &App, password: String) -> Result<String, AppError> {
    app.hashing.run(move |hashing| hashed(hashing, &password)).await
}

fn hashed(hashing: &Hashing, password: &str) -> Result<String, AppError> {
    let (hasher, salt) = (hasher()?, Salt::generate());
    let output = hashing.output(&hasher, password, salt.as_ref())?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(hasher.params()).map_err(AppError::internal)?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// Whether the password is the one of the hash. Without a hash the same work is done, so that the time tells nothing.
#[tracing::instrument(level = "debug", name = "password.verify", skip_all)]
pub async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool, AppError> {
    app.hashing.run(move |hashing| verified(hashing, &password, hash.as_deref())).await
}

fn verified(hashing: &Hashing, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
    let Some(Ok(parsed)) = hash.map(PasswordHash::new) else {
        hashed(hashing, password)?;
        return Ok(false);
    };
    let hasher = hasher()?;
    let ours = ParamsString::try_from(hasher.params()).is_ok_and(|params| params == parsed.params) && parsed.algorithm == Algorithm::Argon2id.ident();
    match (&parsed.salt, parsed.hash) {
        (Some(salt), Some(expected)) if ours => Ok(hashing.output(&hasher, password, salt.as_ref())? == expected),
        // Made elsewhere, with other parameters.
        _ => Ok(hasher.verify_password(password.as_bytes(), &parsed).is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher;

    use super::*;

    #[test]
    fn hashes_are_the_librarys_and_their_memory_is_used_again() {
        let hashing = Hashing::new(2);
        let own = hashed(&hashing, "correct horse").unwrap();
        assert!(own.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{own}");
        assert!(hasher().unwrap().verify_password(b"correct horse", &PasswordHash::new(&own).unwrap()).is_ok());
        let theirs = hasher().unwrap().hash_password(b"correct horse").unwrap().to_string();
        let other = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap()).hash_password(b"correct horse").unwrap();
        for hash in [own, theirs, other.to_string()] {
            assert!(verified(&hashing, "correct horse", Some(&hash)).unwrap(), "{hash}");
            assert!(!verified(&hashing, "correct mule", Some(&hash)).unwrap(), "{hash}");
        }
        assert!(!verified(&hashing, "correct horse", None).unwrap() && !verified(&hashing, "correct horse", Some("rubbish")).unwrap());
        assert_eq!(hashing.memory.lock().unwrap().len(), 1, "one after the other needs one");
    }
}
