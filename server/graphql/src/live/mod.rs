//! Live streams on the wire: what is the same for many subscribers is resolved and written once for all of them.
//!
//! `subscribing` reads what a client asks for, `streams` finds the group that does the common work (`group`) of one operation,
//! its variables and one audience, `member` is one subscriber's end of it, and `feed` is what a resolver needs.

mod feed;
mod group;
mod member;
mod streams;
mod subscribing;

pub(crate) use feed::{Live, ResyncRequired, live};
pub use group::Message;
pub use member::Subscriber;
pub use streams::LiveStats;
pub(crate) use streams::Streams;
pub(crate) use subscribing::Subscribing;
