//! Mutations that create take a key, made once per form: the same caller, mutation, key and input is answered with what came
//! of it the first time, for [`IDEMPOTENCY_HOURS`](entente_store::IDEMPOTENCY_HOURS) hours.
//!
//! A use case makes a [`Once`], asks it for what came of the key [`earlier`](Once::earlier), or lets it [ask](Once::or) around what
//! can be refused for what the same request did, and gives the store its
//! [`record`](Once::record), which is written in the same transaction as what is created. Of any number of requests at once one
//! writes; the others find its record, as if they had come later. What was refused changed nothing and is not kept.

use std::pin::Pin;

use entente_domain::Timestamp;
use entente_domain::policy::Actor;
use entente_store::IdempotencyRecord;
use serde::Serialize;

use crate::{App, AppError, Refused};

/// Longest key, in characters.
pub const KEY_MAX: usize = 200;

/// Why a key is refused. Every refusal of a mutation that takes one can be made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// The key was used with other input.
    Reused,
    /// The key has not 1 to [`KEY_MAX`] characters that can be printed.
    Invalid,
}

/// What a mutation remembers itself by: caller, mutation, key and input. Without a key it remembers nothing.
#[derive(Debug)]
pub(crate) struct Once {
    key: Option<String>,
    input_hash: String,
}

impl Once {
    /// Of what was asked for. The stored key has caller and mutation in it, so that nobody meets another's. `input` must have
    /// no secret in it: its hash is kept.
    pub(crate) fn new<E: From<KeyRefusal>>(
        actor: &Actor,
        mutation: &'static str,
        key: Option<&str>,
        input: &impl Serialize,
    ) -> Result<Self, Refused<E>> {
        let Some(key) = key else { return Ok(Self { key: None, input_hash: String::new() }) };
        if key.is_empty() || key.chars().count() > KEY_MAX || key.chars().any(char::is_control) {
            return Err(Refused::Refused(KeyRefusal::Invalid.into()));
        }
        let caller = actor.api_key.as_ref().map_or_else(|| actor.user_id.to_string(), |(id, _)| id.to_string());
        let json = serde_json::to_vec(input).map_err(AppError::internal)?;
        Ok(Self { key: Some(format!("{caller} {mutation} {key}")), input_hash: blake3::hash(&json).to_hex().to_string() })
    }

    /// What came of the same request before; none when it is the first, or has no key.
    pub(crate) async fn earlier<E: From<KeyRefusal>>(&self, app: &App) -> Result<Option<IdempotencyRecord>, Refused<E>> {
        let Some(key) = &self.key else { return Ok(None) };
        app.store.idempotency(key).await?.map(|record| self.same(record)).transpose()
    }

    /// What came of the same request before, or else what `work` answers. Where that is refused, a twin of the request may have been
    /// answered since the key was looked for: what stands in the way is then its own effect. `work` comes in a box, for what it is
    /// made of would lie on the stack several times.
    pub(crate) async fn or<T, E, R, W>(&self, app: &App, work: Pin<Box<W>>, replay: impl Fn(IdempotencyRecord) -> R) -> Result<T, Refused<E>>
    where
        E: From<KeyRefusal>,
        R: Future<Output = Result<T, Refused<E>>>,
        W: Future<Output = Result<T, Refused<E>>>,
    {
        if let Some(record) = self.earlier(app).await? {
            return replay(record).await;
        }
        match work.await {
            Err(Refused::Refused(refusal)) => match self.earlier(app).await? {
                Some(record) => replay(record).await,
                None => Err(Refused::Refused(refusal)),
            },
            answered => answered,
        }
    }

    /// The record, if it is of the same input.
    pub(crate) fn same<E: From<KeyRefusal>>(&self, record: IdempotencyRecord) -> Result<IdempotencyRecord, Refused<E>> {
        if record.input_hash == self.input_hash { Ok(record) } else { Err(Refused::Refused(KeyRefusal::Reused.into())) }
    }

    /// The record to be written with what is created; none without a key. `result` is what the answer has beside the entity.
    pub(crate) fn record(&self, result_id: &str, result: String) -> Option<IdempotencyRecord> {
        self.key.as_ref().map(|key| IdempotencyRecord {
            key: key.clone(),
            input_hash: self.input_hash.clone(),
            result_id: result_id.to_owned(),
            result,
            // The database forgets by its own clock, whatever the time is in the app.
            created_at: Timestamp::now(),
            link: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use entente_domain::api_key::ApiScope;
    use entente_domain::id::{ApiKeyId, UserId};
    use ulid::Ulid;

    use super::*;

    fn actor() -> Actor {
        Actor { user_id: UserId::new(Ulid::from(7_u128)), name: "A".into(), roles: Vec::new(), partner_id: None, api_key: None }
    }

    fn once(actor: &Actor, key: &str) -> Result<Once, Refused<KeyRefusal>> {
        Once::new(actor, "userCreate", Some(key), &("input", 1))
    }

    #[test]
    fn a_key_has_one_to_two_hundred_printable_characters() {
        for good in ["k".to_owned(), "form 1 \u{e4}".to_owned(), "x".repeat(KEY_MAX)] {
            assert!(once(&actor(), &good).is_ok(), "{good}");
        }
        for bad in [String::new(), "x".repeat(KEY_MAX + 1), "a\nb".to_owned(), "\0".to_owned(), "\u{7f}".to_owned()] {
            assert!(matches!(once(&actor(), &bad), Err(Refused::Refused(KeyRefusal::Invalid))), "{bad:?}");
        }
    }

    #[test]
    fn a_key_is_of_its_caller_its_mutation_and_its_input() {
        let key = ApiKeyId::new(Ulid::from(8_u128));
        let integrator = Actor { api_key: Some((key, vec![ApiScope::Write])), ..actor() };
        let (own, theirs) = (once(&actor(), "k").unwrap(), once(&integrator, "k").unwrap());
        assert_ne!(own.key, theirs.key);
        let elsewhere = Once::new::<KeyRefusal>(&actor(), "apiKeyCreate", Some("k"), &("input", 1)).unwrap();
        assert_ne!(own.key, elsewhere.key);
        let other = Once::new::<KeyRefusal>(&actor(), "userCreate", Some("k"), &("input", 2)).unwrap();
        assert_eq!(own.key, other.key);
        let record = own.record("id", String::new()).unwrap();
        assert!(own.same::<KeyRefusal>(record.clone()).is_ok());
        assert!(matches!(other.same::<KeyRefusal>(record), Err(Refused::Refused(KeyRefusal::Reused))));
        assert!(Once::new::<KeyRefusal>(&actor(), "userCreate", None, &1).unwrap().record("id", String::new()).is_none());
    }
}
