//! Ends transactions whose server died in the middle: the database would keep what they had written locked for a minute,
//! and with it a repeat under the same idempotency key, the deal, and the numbering of events.

use std::time::Duration;

use bson::{Bson, Document, doc};
use futures::TryStreamExt;

use crate::connect::APP_NAME;
use crate::{Store, StoreError};

impl Store {
    /// Ends every transaction of this program, on whichever server, that waits for its next command since `idle` or longer
    /// (a second at least: between two commands of one that lives lie milliseconds). Answers how many. One that lived after
    /// all is told so by the database and tried again.
    pub async fn end_orphans(&self, idle: Duration) -> Result<usize, StoreError> {
        let least = i64::try_from(idle.as_micros()).unwrap_or(i64::MAX).max(1_000_000);
        let forgotten = doc! { "type": "idleSession", "appName": APP_NAME, "transaction.timeInactiveMicros": { "$gte": least } };
        let pipeline = vec![doc! { "$currentOp": { "idleSessions": true } }, doc! { "$match": forgotten }, doc! { "$project": { "lsid.id": 1 } }];
        let admin = self.client.database("admin");
        // A plain command: the stage takes no read concern, and a collection's aggregation would bring ours.
        let rows = admin.run_cursor_command(doc! { "aggregate": 1, "pipeline": pipeline, "cursor": {} }).await?;
        let rows: Vec<Document> = rows.try_collect().await?;
        let sessions: Vec<Bson> = rows.iter().filter_map(|row| row.get_document("lsid").ok()).map(|lsid| lsid.clone().into()).collect();
        let count = sessions.len();
        if count > 0 {
            admin.run_command(doc! { "killSessions": sessions }).await?;
        }
        Ok(count)
    }
}
