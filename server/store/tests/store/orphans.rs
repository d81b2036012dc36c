//! A transaction whose server died holds up nobody for long.

use std::time::Duration;

use bson::{Document, doc};
use mongodb::Client;
use mongodb::options::ClientOptions;

use crate::support::with_store;

#[test]
fn what_a_dead_server_locked_is_free_again() {
    with_store(async |fresh| {
        let mut options = ClientOptions::parse(&fresh.options.uri).await.unwrap();
        options.app_name = Some("entente".to_owned());
        let dead = Client::with_options(options).unwrap();
        let mut session = dead.start_session().await.unwrap();
        session.start_transaction().await.unwrap();
        let name = &fresh.options.database;
        dead.database(name).collection("idempotency").insert_one(doc! { "_id": "key" }).session(&mut session).await.unwrap();

        // It lives as far as anybody can tell, and is left alone.
        fresh.store.end_orphans(Duration::from_secs(60)).await.unwrap();
        let raw = fresh.raw().await;
        let limited = doc! { "insert": "idempotency", "documents": [{ "_id": "key" }], "maxTimeMS": 300 };
        assert!(raw.run_command(limited.clone()).await.is_err(), "the key is locked");

        let since = std::time::Instant::now();
        let mut ended = 0;
        // Other tests' transactions count too, so what tells is the key.
        while raw.run_command(limited.clone()).await.is_err() {
            assert!(since.elapsed() < Duration::from_secs(30), "the forgotten transaction is not found");
            ended += fresh.store.end_orphans(Duration::from_secs(1)).await.unwrap();
        }
        assert!(ended > 0, "what was ended is counted");
        assert_eq!(raw.collection::<Document>("idempotency").count_documents(doc! {}).await.unwrap(), 1);
        assert!(session.commit_transaction().await.is_err(), "what was ended cannot be committed");
    });
}
