//! The binary `entente`.

use std::process::ExitCode;

fn main() -> ExitCode {
    entente_server::main()
}
