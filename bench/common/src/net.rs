//! Ports and sockets of this machine.

use std::fs;
use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, Result};

/// A port of 127.0.0.1 that nobody listens on.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// One end of a TCP connection as the kernel sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Whether it is established: neither side has closed.
    pub established: bool,
    /// Bytes that were written and that the other side's kernel has not taken.
    pub unsent: u64,
}

/// The end on port `local` of connections whose other end is on port `remote`, both on IPv4; none when there is none any more.
pub fn end_of(local: u16, remote: u16) -> Option<End> {
    ends_of(local).into_iter().find(|(peer, _)| *peer == remote).map(|(_, end)| end)
}

/// Every end on port `local`, with the other end's port.
pub fn ends_of(local: u16) -> Vec<(u16, End)> {
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port = |text: &str| text.rsplit_once(':').and_then(|(_, port)| u16::from_str_radix(port, 16).ok());
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, here, there, state, queues, ..] = fields.as_slice() else { return None };
        if port(here)? != local {
            return None;
        }
        let unsent = u64::from_str_radix(queues.split_once(':')?.0, 16).ok()?;
        Some((port(there)?, End { established: *state == "01", unsent }))
    };
    table.lines().skip(1).filter_map(line).filter(|(peer, _)| *peer != 0).collect()
}

/// `http://ADDRESS/PATH`.
pub fn url(address: SocketAddr, path: &str) -> String {
    format!("http://{address}{path}")
}
