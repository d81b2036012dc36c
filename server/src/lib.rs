//! The server: settings, wiring, the HTTP edge and the subcommands of the binary `entente`.
//!
//! It knows which part goes where and no rule of the product.

// The types of a deep schema nest deeply, and an optimised build computes the layout of them all.
#![recursion_limit = "256"]

mod backup;
mod commands;
mod config;
mod connections;
mod http;
mod logging;
mod server;
mod telemetry;

pub use commands::{Cli, main};
pub use config::{Environment, LogFormat, Settings};
pub use server::Server;
