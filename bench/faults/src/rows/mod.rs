//! The rows of the table "What must survive": one file for each, with what it demands in its head.

mod r01;
mod r03;
mod r04;
mod r05;
mod r06;
mod r07;
mod r08;
mod r09;
mod r10;
mod r11;
mod r12;

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
pub const ROWS: [Row; 12] = [
    Row { id: "R1", title: "kill -9 of the primary, restarted later", run: |w, s, r| Box::pin(r01::run(w, s, r)) },
    Row { id: "R2", title: "the primary stopped for 30 s and continued", run: |w, s, r| Box::pin(r01::run_stopped(w, s, r)) },
    Row { id: "R3", title: "kill -9 of a server, also between commit and publish", run: |w, s, r| Box::pin(r03::run(w, s, r)) },
    Row { id: "R4", title: "Redis killed, stalled, flushed, its clients killed", run: |w, s, r| Box::pin(r04::run(w, s, r)) },
    Row { id: "R5", title: "subscribers cut again and again", run: |w, s, r| Box::pin(r05::run(w, s, r)) },
    Row { id: "R6", title: "some of many subscribers stop reading", run: |w, s, r| Box::pin(r06::run(w, s, r)) },
    Row { id: "R7", title: "the same mutation and key at once and after time-outs", run: |w, s, r| Box::pin(r07::run(w, s, r)) },
    Row { id: "R8", title: "two partners register the same at once", run: |w, s, r| Box::pin(r08::run(w, s, r)) },
    Row { id: "R9", title: "SIGTERM under load", run: |w, s, r| Box::pin(r09::run(w, s, r)) },
    Row { id: "R10", title: "one of two servers dies while timers fire", run: |w, s, r| Box::pin(r10::run(w, s, r)) },
    Row { id: "R11", title: "half-open sockets, slow headers, 1 MB frames", run: |w, s, r| Box::pin(r11::run(w, s, r)) },
    Row { id: "R12", title: "disk full at the database, out of memory at a server", run: |w, s, r| Box::pin(r12::run(w, s, r)) },
];
