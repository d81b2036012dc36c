//! Settings of the door: how much one client may have open and ask for.
//!
//! What is counted by address leaves this machine's own addresses out unless it is set: a proxy or a load generator beside
//! the server speaks for many.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

/// How much one client may have open and ask for.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
    /// Most connections open at once in all; fewer where the system allows fewer open files
    #[arg(long, env = "ENTENTE_CONNECTIONS", value_name = "COUNT", default_value = "20000", global = true)]
    pub connections: NonZeroU32,

    /// Most connections open at once from one address [default: 512, and any number from this machine]
    #[arg(long, env = "ENTENTE_CONNECTIONS_PER_ADDRESS", value_name = "COUNT", global = true)]
    pub connections_per_address: Option<NonZeroU32>,

    /// Most WebSockets open at once for one person or key [default: 20, and any number from this machine]
    #[arg(long, env = "ENTENTE_SOCKETS_PER_USER", value_name = "COUNT", global = true)]
    pub sockets_per_user: Option<NonZeroU32>,

    /// Requests a second from one address, with ten seconds' worth at once [default: 200, and any number from this machine]
    #[arg(long, env = "ENTENTE_REQUESTS_PER_ADDRESS", value_name = "COUNT", global = true)]
    pub requests_per_address: Option<NonZeroU32>,

    /// Operations a second of one person or key, with ten seconds' worth at once [default: 50, and any number from this machine]
    #[arg(long, env = "ENTENTE_OPERATIONS_PER_USER", value_name = "COUNT", global = true)]
    pub operations_per_user: Option<NonZeroU32>,

    /// Attempts to sign in a minute from one address, all of them at once if need be [default: 60, and any number from this machine]
    #[arg(long, env = "ENTENTE_SIGN_INS_PER_ADDRESS", value_name = "COUNT", global = true)]
    pub sign_ins_per_address: Option<NonZeroU32>,

    /// Checks of a registration before it is sent, an hour and partner, half of them at once if need be
    #[arg(long, env = "ENTENTE_DEAL_CHECKS_PER_HOUR", value_name = "COUNT", default_value = "240", global = true)]
    pub deal_checks_per_hour: NonZeroU32,

    /// How long a client may take to begin, to send a request's head or body, or to take an answer, in milliseconds
    #[arg(long, env = "ENTENTE_CLIENT_PATIENCE_MS", value_name = "MS", default_value_t = 15_000, value_parser = clap::value_parser!(u32).range(100..=600_000), global = true)]
    pub client_patience_ms: u32,
}

impl LimitSettings {
    /// See `client_patience_ms`.
    pub fn patience(&self) -> Duration {
        Duration::from_millis(self.client_patience_ms.into())
    }
}
