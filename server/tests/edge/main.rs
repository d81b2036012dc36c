//! The real server on a port of its own and a database of its own, asked as a browser and an integrator ask it.
//! Needs `MONGODB_URI` and `REDIS_URL`, which `cargo xtask test` sets.

mod http;
mod live;
mod sessions;
mod socket;
mod stop;
mod support;
