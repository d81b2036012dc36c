//! Ports, addresses and the few plain network questions the commands ask: is it free, does it answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A port of 127.0.0.1 that nobody listens on.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// The preferred port if nobody listens on it, another one otherwise.
pub fn free_port_like(preferred: Option<u16>) -> Result<u16> {
    match preferred {
        Some(port) if TcpListener::bind(("127.0.0.1", port)).is_ok() => Ok(port),
        _ => free_port(),
    }
}

/// Says plainly when the address cannot be listened on.
pub fn ensure_free(address: SocketAddr, setting: &str) -> Result<()> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("{address} is in use by another program; stop that one, or choose another address with {setting}=127.0.0.1:PORT")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address} ({setting})")),
    }
}

/// The address by which this machine reaches a server that listens there (the loopback for `0.0.0.0`).
pub fn reachable(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], listen.port())) } else { listen }
}

/// The status code of a plain `GET`.
pub fn get_status(address: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head)?;
    std::str::from_utf8(&head[9..12])?.parse().context("not an HTTP answer")
}

/// Asks again and again until the answer is yes. The question's error ends it at once.
pub fn wait_until(what: &str, limit: Duration, mut question: impl FnMut() -> Result<bool>) -> Result<()> {
    let since = Instant::now();
    while !question()? {
        if since.elapsed() > limit {
            bail!("{what}: not within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Ok(())
}
