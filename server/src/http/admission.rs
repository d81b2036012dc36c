//! Who may come in: connections, WebSockets and requests, counted by address and by person.
//!
//! * [`Admission::connection`] for each accepted connection, before a byte is read; the permit lives as long as the stream.
//! * [`Admission::request`] for each request that costs something, before anything else is done for it.
//! * [`Admission::socket_from`] for each upgrade, by the client's address (behind a proxy the connection's is the proxy's).
//! * [`Admission::socket_of`] for each socket once `connection_init` has said who speaks: keep the permit as long as the
//!   socket; none means that the person or key has too many, and the socket is to be closed with 1013 (come back later).
//!
//! What one person or key may ask for is counted in the engine (`entente_graphql::Rates`), for HTTP and sockets alike.
//! Addresses of this machine are only counted where the limit was set, see `config::limits`.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use entente_app::live::Principal;
use entente_graphql::{Buckets, source};

use crate::config::LimitSettings;

const CONNECTIONS_PER_ADDRESS: u32 = 512;
const SOCKETS_PER_USER: u32 = 20;
const REQUESTS_PER_ADDRESS: u32 = 200;
/// Seconds' worth of requests that may come at once.
const BURST_SECONDS: u32 = 10;
/// Descriptors that are left for the database, Redis, files and the listener.
const SPARE_FILES: u64 = 256;

/// Counts what is open.
#[derive(Debug)]
struct Tally<K: Hash + Eq>(Mutex<HashMap<K, u32>>);

/// One place that is taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit<K: Hash + Eq>(Option<(Arc<Tally<K>>, K)>);

impl<K: Hash + Eq + Clone> Tally<K> {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::default()))
    }

    fn enter(self: &Arc<Self>, key: K, most: u32) -> Option<Permit<K>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(key.clone()).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Permit(Some((self.clone(), key))))
    }
}

impl<K: Hash + Eq> Drop for Permit<K> {
    fn drop(&mut self) {
        let Some((tally, key)) = self.0.take() else { return };
        let mut open = tally.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = open.get_mut(&key) else { return };
        *count -= 1;
        if *count == 0 {
            open.remove(&key);
        }
    }
}

/// The places of one connection: in all, and of its address.
pub(crate) type ConnectionPermit = (Permit<()>, Permit<IpAddr>);
/// The place of a socket among those of its address.
pub(crate) type AddressPermit = Permit<IpAddr>;
/// The place of a socket among those of its person or key.
pub(crate) type UserPermit = Permit<Principal>;

/// Why a connection is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The server has as many as it can.
    Server,
    /// The address has as many as it may.
    Address,
}

/// The limits of one server and what is counted against them.
#[derive(Debug)]
pub(crate) struct Admission {
    connections: Arc<Tally<()>>,
    connections_max: u32,
    addresses: Arc<Tally<IpAddr>>,
    per_address: Limit,
    /// Connections come from a proxy, so that their address says nothing.
    proxied: bool,
    socket_addresses: Arc<Tally<IpAddr>>,
    users: Arc<Tally<Principal>>,
    per_user: Limit,
    requests: Buckets<IpAddr>,
    requests_set: bool,
}

/// A limit, and whether somebody set it.
#[derive(Debug, Clone, Copy)]
struct Limit {
    most: u32,
    set: bool,
}

impl Limit {
    fn of(set: Option<NonZeroU32>, usual: u32) -> Self {
        Self { most: set.map_or(usual, NonZeroU32::get), set: set.is_some() }
    }

    fn counts(self, address: IpAddr) -> bool {
        self.set || !address.is_loopback()
    }
}

impl Admission {
    /// With these limits; `proxied` when a proxy names the clients, `open_files` is how many descriptors the process may have.
    pub(crate) fn new(limits: &LimitSettings, proxied: bool, open_files: Option<u64>) -> Self {
        let wanted = limits.connections.get();
        let possible = open_files.map_or(u32::MAX, |files| u32::try_from(files.saturating_sub(SPARE_FILES).max(1)).unwrap_or(u32::MAX));
        if possible < wanted {
            tracing::info!(wanted, possible, "fewer connections than set: the limit of open files is lower");
        }
        let requests = limits.requests_per_address.or(NonZeroU32::new(REQUESTS_PER_ADDRESS)).unwrap_or(NonZeroU32::MIN);
        Self {
            connections: Tally::new(),
            connections_max: wanted.min(possible),
            addresses: Tally::new(),
            per_address: Limit::of(limits.connections_per_address, CONNECTIONS_PER_ADDRESS),
            proxied,
            socket_addresses: Tally::new(),
            users: Tally::new(),
            per_user: Limit::of(limits.sockets_per_user, SOCKETS_PER_USER),
            requests: Buckets::new(requests, Duration::from_secs(1), requests.get().saturating_mul(BURST_SECONDS)),
            requests_set: limits.requests_per_address.is_some(),
        }
    }

    /// A place for a connection from there.
    pub(crate) fn connection(&self, from: IpAddr) -> Result<ConnectionPermit, Full> {
        let server = self.connections.enter((), self.connections_max).ok_or(Full::Server)?;
        let from = source(Some(from));
        if self.proxied || !self.per_address.counts(from) {
            return Ok((server, Permit(None)));
        }
        Ok((server, self.addresses.enter(from, self.per_address.most).ok_or(Full::Address)?))
    }

    /// Counts a request from there; an error says how long to wait.
    pub(crate) fn request(&self, from: Option<IpAddr>) -> Result<(), Duration> {
        let from = source(from);
        if !self.requests_set && from.is_loopback() {
            return Ok(());
        }
        self.requests.take(&from, 1, Instant::now())
    }

    /// A place for a socket from there.
    pub(crate) fn socket_from(&self, from: Option<IpAddr>) -> Option<AddressPermit> {
        let from = source(from);
        if !self.per_address.counts(from) {
            return Some(Permit(None));
        }
        self.socket_addresses.enter(from, self.per_address.most)
    }

    /// A place for a socket of that person or key.
    pub(crate) fn socket_of(&self, user: &Principal, from: Option<IpAddr>) -> Option<UserPermit> {
        if !self.per_user.counts(source(from)) {
            return Some(Permit(None));
        }
        self.users.enter(user.clone(), self.per_user.most)
    }
}

#[cfg(test)]
mod tests {
    use entente_domain::id::UserId;
    use ulid::Ulid;

    use super::*;
    use crate::config::Settings;

    fn admission(arguments: &[&str], proxied: bool, files: Option<u64>) -> Admission {
        Admission::new(&Settings::from_arguments(arguments).unwrap().limits, proxied, files)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_counted_by_address_and_in_all_and_given_back() {
        let door = admission(&["--connections", "3", "--connections-per-address", "2"], false, None);
        let first = door.connection(ip("10.0.0.1")).unwrap();
        let _second = door.connection(ip("::ffff:10.0.0.1")).unwrap();
        assert_eq!(door.connection(ip("10.0.0.1")).unwrap_err(), Full::Address);
        let _other = door.connection(ip("10.0.0.2")).unwrap();
        assert_eq!(door.connection(ip("10.0.0.3")).unwrap_err(), Full::Server);
        drop(first);
        assert!(door.connection(ip("10.0.0.1")).is_ok());
        assert!(door.addresses.0.lock().unwrap().len() == 2, "an address without connections is forgotten");
    }

    #[test]
    fn this_machine_and_a_proxy_are_counted_only_where_they_should() {
        let usual = admission(&["--connections", "1000"], false, None);
        let held: Vec<_> = (0..600).map(|_| usual.connection(ip("127.0.0.1")).unwrap()).collect();
        drop(held);
        assert!((0..9_000).all(|_| usual.request(Some(ip("127.0.0.1"))).is_ok()));
        let refused = (0..9_000).filter(|_| usual.request(Some(ip("10.1.1.1"))).is_err()).count();
        assert!(refused > 6_000, "{refused}");
        let strict = admission(&["--connections-per-address", "1"], false, None);
        let _one = strict.connection(ip("127.0.0.1")).unwrap();
        assert_eq!(strict.connection(ip("127.0.0.1")).unwrap_err(), Full::Address);
        let proxied = admission(&["--connections-per-address", "1"], true, None);
        let _one = proxied.connection(ip("10.0.0.1")).unwrap();
        let _two = proxied.connection(ip("10.0.0.1")).unwrap();
        let _socket = proxied.socket_from(Some(ip("10.9.9.9"))).unwrap();
        assert!(proxied.socket_from(Some(ip("10.9.9.9"))).is_none() && proxied.socket_from(Some(ip("10.9.9.8"))).is_some());
    }

    #[test]
    fn a_person_has_so_many_sockets() {
        let door = admission(&["--sockets-per-user", "2"], false, None);
        let person = |n| Principal::Person(UserId::new(Ulid::from_parts(1, n)));
        let held: Vec<_> = (0..2).map(|_| door.socket_of(&person(1), Some(ip("127.0.0.1"))).unwrap()).collect();
        assert!(door.socket_of(&person(1), None).is_none() && door.socket_of(&person(2), None).is_some());
        drop(held);
        assert!(door.socket_of(&person(1), None).is_some());
    }

    #[test]
    fn open_files_bound_the_connections() {
        assert_eq!(admission(&[], false, Some(1_024)).connections_max, 768);
        assert_eq!(admission(&[], false, Some(100)).connections_max, 1);
        assert_eq!(admission(&[], false, Some(1_000_000)).connections_max, 20_000);
    }
}
