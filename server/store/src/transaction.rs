//! Running a piece of work in one transaction: retried while the database calls the failure transient, given up after a
//! while, and left without a trace when the work refuses.

use std::time::Duration;

use futures::future::BoxFuture;
use mongodb::ClientSession;
use mongodb::error::Error;

use crate::connect::transaction_options;
use crate::{Store, StoreError};

/// How long a transaction may be tried in all. The driver retries transient errors and unknown commit results with
/// growing random pauses; this bound is ours because its own is two minutes.
const TRIES_TIMEOUT: Duration = Duration::from_secs(20);

/// An answer that ends the work and takes back everything it wrote.
pub(crate) fn refuse<A: Clone + Send + Sync + 'static>(answer: A) -> Error {
    Error::custom(answer)
}

impl Store {
    /// Runs `work` in a transaction and answers what it answers. `work` may run several times, so it must not change
    /// anything outside the transaction. An error made by [`refuse`] becomes the answer, with nothing written.
    pub(crate) async fn transaction<C, A>(
        &self,
        context: C,
        work: for<'b> fn(&'b mut ClientSession, &'b mut C) -> BoxFuture<'b, Result<A, Error>>,
    ) -> Result<A, StoreError>
    where
        C: Send,
        A: Clone + Send + Sync + 'static,
    {
        let session = self.client.start_session().default_transaction_options(transaction_options()).await?;
        run(session, context, work).await
    }
}

/// As [`Store::transaction`], in a session of the caller's.
pub(crate) async fn run<C, A>(
    mut session: ClientSession,
    context: C,
    work: for<'b> fn(&'b mut ClientSession, &'b mut C) -> BoxFuture<'b, Result<A, Error>>,
) -> Result<A, StoreError>
where
    C: Send,
    A: Clone + Send + Sync + 'static,
{
    match tokio::time::timeout(TRIES_TIMEOUT, session.start_transaction().and_run(context, work)).await {
        Err(_) => Err(StoreError::Unavailable("a transaction was tried for too long".to_owned())),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(e)) => match e.get_custom::<A>() {
            Some(answer) => Ok(answer.clone()),
            None => Err(e.into()),
        },
    }
}
