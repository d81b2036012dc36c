//! Deals: registering, deciding, working, reading.

mod as_of;
mod attention;
mod change;
mod check;
mod conflicts;
mod deadline;
mod evidence;
mod feed;
mod list;
mod protection;
mod read;
mod register;

pub use as_of::as_of;
pub(crate) use as_of::history;
pub use attention::{Attention, AttentionKind, attention};
pub(crate) use change::{Linked, change, change_by_link, expire_claims_on, expire_one};
pub use change::{NoteRefusal, add_note, approve, move_stage, provide_info, reject, request_info, update, withdraw};
pub use check::{check, verdicts_now};
pub(crate) use check::{checked, conflicts_of, customer_id, keyed_customer};
pub use conflicts::{Conflict, ConflictKind, conflicts, customer_parent, evidence_score, set_parent};
pub(crate) use deadline::clock_one;
pub(crate) use evidence::files;
pub use evidence::{AddEvidenceRefusal, EvidenceInput, EvidenceRefusal, FileRefusal, keep_file, may_keep_file};
pub use feed::{DealFeed, DealNews};
pub use list::{DealListQuery, count, list, summary};
pub use protection::{add_evidence, answer_partner, ask_vendor, decide_extension, release, request_extension};
pub(crate) use protection::{remind_one, with_news_beside};
pub use read::{customer, get, get_many, recent_changes, timeline, timeline_until};
pub use register::{RegisterInput, RegisterRefusal, Registered, register};
pub(crate) use register::{number_text, register_lead};

pub use entente_store::DealSort;
