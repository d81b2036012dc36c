//! The real server on a port of its own and a database of its own, asked as a browser and an integrator ask it.
//! Needs `MONGODB_URI` and `REDIS_URL`, which `cargo xtask test` sets.

// Helpers beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod backup;
mod deadline;
mod desk;
mod door;
mod halfopen;
mod http;
mod live;
mod live_rights;
mod observe;
mod once;
mod program;
mod secrets;
mod sessions;
mod socket;
mod stop;
mod support;
mod tokens;
mod trace;
