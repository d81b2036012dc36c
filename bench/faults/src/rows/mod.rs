//! The rows of the table "What must survive": one file for each, with what it demands in its head.

mod r03;
mod r05;
mod r07;
mod r08;

use anyhow::Result;
use futures::future::BoxFuture;

use crate::report::Report;
use crate::scene::Scale;
use crate::world::World;

/// Runs a row in a world that is whole, and leaves it whole.
type Run = for<'a> fn(&'a mut World, Scale, &'a mut Report) -> BoxFuture<'a, Result<()>>;

/// A row.
pub struct Row {
    /// `R1` to `R12`.
    pub id: &'static str,
    /// The fault.
    pub title: &'static str,
    /// What it does.
    pub run: Run,
}

/// All of them, in the order in which they are run.
pub const ROWS: [Row; 4] = [
    Row { id: "R3", title: "kill -9 of a server, also between commit and publish", run: |w, s, r| Box::pin(r03::run(w, s, r)) },
    Row { id: "R5", title: "subscribers cut again and again", run: |w, s, r| Box::pin(r05::run(w, s, r)) },
    Row { id: "R7", title: "the same mutation and key at once and after time-outs", run: |w, s, r| Box::pin(r07::run(w, s, r)) },
    Row { id: "R8", title: "two partners register the same at once", run: |w, s, r| Box::pin(r08::run(w, s, r)) },
];
