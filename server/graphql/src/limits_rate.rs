//! How often somebody may ask: so much at once, and so much a second. Kept in memory, per server: it is there to stop floods
//! and guessing, and costs no database command.
//!
//! A bucket is one moment: when it would be full again. It is forgotten when that has passed.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use entente_app::live::Principal;
use entente_domain::id::PartnerId;

use crate::context::RequestContext;
use crate::limits::Shape;
use crate::problem::Problem;

/// Buckets are looked through for full ones when there are so many, and again when they have doubled.
const SWEEP_AT: usize = 20_000;
/// Most buckets; what is beyond is forgotten, which lets some more through and keeps the memory bounded.
const MOST: usize = 100_000;
/// Operations of one person or key a second, where nothing was set.
const OPERATIONS_PER_USER: u32 = 50;
/// Attempts to sign in a minute from one address, where nothing was set.
const SIGN_INS_PER_ADDRESS: u32 = 60;
/// Enquiries of the public form a minute from one address.
const ENQUIRIES_PER_ADDRESS: u32 = 10;
/// Seconds' worth of operations that may come at once.
const BURST_SECONDS: u32 = 10;

/// Token buckets by key.
#[derive(Debug)]
pub struct Buckets<K> {
    /// What one use takes to come back.
    interval: Duration,
    /// How far ahead of time a bucket may be used.
    ahead: Duration,
    held: Mutex<Held<K>>,
}

#[derive(Debug)]
struct Held<K> {
    full_at: HashMap<K, Instant>,
    sweep_at: usize,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// `count` uses in `per`, of which `burst` may come at once.
    pub fn new(count: NonZeroU32, per: Duration, burst: u32) -> Self {
        let interval = per / count.get();
        let held = Held { full_at: HashMap::new(), sweep_at: SWEEP_AT };
        Self { interval, ahead: interval.saturating_mul(burst.max(1)), held: Mutex::new(held) }
    }

    /// Takes `uses` out of the bucket of that key; an error says how long to wait until they are there, and takes nothing.
    pub fn take(&self, key: &K, uses: u32, now: Instant) -> Result<(), Duration> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { full_at, sweep_at } = &mut *held;
        if full_at.len() >= *sweep_at && !full_at.contains_key(key) {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= MOST {
                full_at.clear();
            }
            *sweep_at = (full_at.len() * 2).clamp(SWEEP_AT, MOST);
        }
        let from = full_at.get(key).copied().unwrap_or(now).max(now);
        let until = from + self.interval.saturating_mul(uses);
        let over = until.duration_since(now).saturating_sub(self.ahead);
        if over > Duration::ZERO {
            return Err(over);
        }
        full_at.insert(key.clone(), until);
        Ok(())
    }
}

/// Whole seconds for a `Retry-After`, at least one.
pub fn retry_after(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

/// By what a client is counted: its address, or its network where one client has a whole one (IPv6, 64 bits). An address that
/// is not known is one client.
pub fn source(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Some(address) => address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

/// What is set of the rates; none is the default, from which this machine's own addresses are left out.
#[derive(Debug, Clone, Copy)]
pub struct RateOptions {
    /// Operations of one person or key a second.
    pub operations_per_user: Option<NonZeroU32>,
    /// Attempts to sign in a minute from one address.
    pub sign_ins_per_address: Option<NonZeroU32>,
    /// Dry runs of registrations an hour and partner; they tell whether a rival is at a customer.
    pub deal_checks_per_hour: NonZeroU32,
}

/// The rates of one schema.
#[derive(Debug)]
pub struct Rates {
    users: Buckets<Principal>,
    sign_ins: Buckets<IpAddr>,
    deal_checks: Buckets<PartnerId>,
    enquiries: Buckets<IpAddr>,
    users_set: bool,
    sign_ins_set: bool,
}

fn or(set: Option<NonZeroU32>, usual: u32) -> NonZeroU32 {
    set.or(NonZeroU32::new(usual)).unwrap_or(NonZeroU32::MIN)
}

impl Rates {
    /// Rates with full buckets.
    pub fn new(options: RateOptions) -> Self {
        let operations = or(options.operations_per_user, OPERATIONS_PER_USER);
        let sign_ins = or(options.sign_ins_per_address, SIGN_INS_PER_ADDRESS);
        let checks = options.deal_checks_per_hour;
        Self {
            users: Buckets::new(operations, Duration::from_secs(1), operations.get().saturating_mul(BURST_SECONDS)),
            sign_ins: Buckets::new(sign_ins, Duration::from_secs(60), sign_ins.get()),
            deal_checks: Buckets::new(checks, Duration::from_secs(3600), checks.get().div_ceil(2)),
            enquiries: Buckets::new(or(None, ENQUIRIES_PER_ADDRESS), Duration::from_secs(60), ENQUIRIES_PER_ADDRESS),
            users_set: options.operations_per_user.is_some(),
            sign_ins_set: options.sign_ins_per_address.is_some(),
        }
    }

    /// Counts an operation; an error refuses it. An operation counts as often as it has the field, so that aliases are no way
    /// around.
    pub(crate) fn charge(&self, context: &RequestContext, shape: Option<Shape>) -> Result<(), Problem> {
        let now = Instant::now();
        let near = context.client_ip.is_some_and(|address| address.to_canonical().is_loopback());
        if let Some(actor) = &context.actor
            && (self.users_set || !near)
        {
            self.users.take(&Principal::of(actor), 1, now).map_err(|wait| Problem::rate_limited("You ask too often", wait))?;
        }
        let Some(shape) = shape else { return Ok(()) };
        if shape.sign_ins > 0 && (self.sign_ins_set || !near) {
            let taken = self.sign_ins.take(&source(context.client_ip), shape.sign_ins, now);
            taken.map_err(|wait| Problem::rate_limited("Too many attempts to sign in from your network", wait))?;
        }
        if shape.enquiries > 0 && (self.sign_ins_set || !near) {
            let taken = self.enquiries.take(&source(context.client_ip), shape.enquiries, now);
            taken.map_err(|wait| Problem::rate_limited("Too many enquiries from your network", wait))?;
        }
        // The vendor sees every claim anyway.
        let partner = context.actor.as_ref().and_then(|actor| actor.partner_id.as_ref());
        if let (1.., Some(partner)) = (shape.deal_checks, partner) {
            self.deal_checks.take(partner, shape.deal_checks, now).map_err(|wait| {
                tracing::warn!(%partner, "a partner checks registrations very often");
                Problem::rate_limited("Your company checked too many registrations", wait)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_refills_and_says_how_long() {
        let buckets = Buckets::new(NonZeroU32::new(10).unwrap(), Duration::from_secs(1), 5);
        let now = Instant::now();
        for _ in 0..5 {
            assert_eq!(buckets.take(&"a", 1, now), Ok(()));
        }
        assert_eq!(buckets.take(&"a", 1, now), Err(Duration::from_millis(100)));
        assert_eq!(buckets.take(&"a", 3, now), Err(Duration::from_millis(300)));
        assert_eq!(buckets.take(&"b", 5, now), Ok(()), "others have their own");
        assert_eq!(buckets.take(&"a", 1, now + Duration::from_millis(100)), Ok(()));
        assert_eq!(buckets.take(&"a", 6, now + Duration::from_secs(60)), Err(Duration::from_millis(100)), "more than fits never passes");
        assert_eq!(buckets.take(&"a", 5, now + Duration::from_secs(60)), Ok(()));
    }

    #[test]
    fn the_memory_of_buckets_is_bounded() {
        let buckets = Buckets::new(NonZeroU32::MIN, Duration::from_secs(1), 1);
        let now = Instant::now();
        for n in 0..SWEEP_AT {
            buckets.take(&n, 1, now).unwrap();
        }
        buckets.take(&SWEEP_AT, 1, now + Duration::from_secs(2)).unwrap();
        assert_eq!(buckets.held.lock().unwrap().full_at.len(), 1, "full ones are forgotten");
        for n in MOST..MOST * 2 + 10 {
            buckets.take(&n, 1, now + Duration::from_secs(2)).unwrap();
        }
        assert!(buckets.held.lock().unwrap().full_at.len() <= MOST);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let of = |text: &str| source(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
        assert!(of("::1").is_loopback() && source(None).is_unspecified());
    }

    #[test]
    fn seconds_to_wait_are_whole_and_at_least_one() {
        assert_eq!([0, 1, 1000, 1001].map(|ms| retry_after(Duration::from_millis(ms))), [1, 1, 1, 2]);
    }
}
