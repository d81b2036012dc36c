//! Live streams on the wire: what is the same for many subscribers is resolved and written once for all of them.
//!
//! `subscribing` reads what a client asks for, `group` does the common work of one operation, its variables and one
//! audience, `member` is one subscriber's end of it, and `feed` is what a resolver needs.

mod feed;
mod group;
mod member;
mod subscribing;

pub(crate) use feed::{Live, ResyncRequired, live};
pub use group::{LiveStats, Message};
pub(crate) use group::Streams;
pub use member::Subscriber;
pub(crate) use subscribing::Subscribing;
