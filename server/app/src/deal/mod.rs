//! Deals: registering, deciding, working, reading.

mod as_of;
mod attention;
mod change;
mod check;
mod feed;
mod list;
mod read;
mod register;

pub use as_of::as_of;
pub use attention::{Attention, AttentionKind, attention};
pub(crate) use change::{change, expire_one};
pub use change::{NoteRefusal, add_note, approve, move_stage, provide_info, reject, request_info, update, withdraw};
pub use check::{check, verdict_now};
pub(crate) use check::{customer_id, keyed_customer};
pub use feed::{DealFeed, DealNews};
pub use list::{DealListQuery, count, list, summary};
pub use read::{customer, get, get_many, recent_changes, timeline};
pub(crate) use register::number_text;
pub use register::{RegisterInput, RegisterRefusal, Registered, register};

pub use entente_store::DealSort;
