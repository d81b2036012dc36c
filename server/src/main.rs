//! The binary `entente`.

#![recursion_limit = "256"]

use std::process::ExitCode;

fn main() -> ExitCode {
    entente_server::main()
}
