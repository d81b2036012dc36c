//! Keeps the driver's pool of connections moving.
//!
//! The driver hands out one waiting request with each thing that happens to its pool, and a request whose caller has gone uses
//! up such a turn without making another thing happen. After many callers went away at once (a browser closed, a time-out)
//! those who still wait stand behind them for minutes, while connections lie idle. More requests that stay until they are
//! answered push the gone ones out.

use std::time::Duration;

use bson::doc;
use tokio::time::sleep;

use crate::Store;

/// How often the pool is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Looks in a row at which somebody waits although a connection is idle, before the pool is pushed.
const PATIENCE: u32 = 2;
/// Requests at once; each pushes one caller who has gone out of the way.
const PUSHES: usize = 64;

impl Store {
    /// Looks after the pool; never returns.
    pub async fn keep_pool_moving(&self) {
        let mut stuck = 0;
        loop {
            sleep(LOOK_EVERY).await;
            stuck = if self.stats().is_stuck() { stuck + 1 } else { 0 };
            if stuck == PATIENCE {
                tracing::warn!("operations wait although connections are idle; pushing the pool");
            }
            if stuck >= PATIENCE {
                for _ in 0..PUSHES {
                    let db = self.db.clone();
                    // Nobody waits for it here: one that is given up would be one more that is in the way.
                    tokio::spawn(async move { db.run_command(doc! { "ping": 1 }).await });
                }
            }
        }
    }
}
