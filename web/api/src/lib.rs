//! Entente's typed client for the browser: every operation checked against `schema.graphql` when it is
//! compiled, and the two transports that carry them, HTTP for queries and mutations, one WebSocket for what is live.
//! Owns the session's tokens. Knows the schema and the domain, never a server type and nothing of Yew.

pub mod action_link;
pub mod api_key;
mod backoff;
pub mod client;
pub mod cosell;
mod cursor;
pub mod deal;
pub mod deal_action;
pub mod desk;
pub mod direct;
pub mod dispute;
pub mod error;
pub mod export;
pub mod feed;
mod health;
pub mod import;
pub mod kit;
pub mod lead;
mod lead_change;
mod lead_routing;
mod lock;
pub mod notification;
pub mod partner;
mod presence;
pub mod product;
pub mod program;
pub mod record;
pub mod report;
pub mod routing;
pub mod rules;
pub mod saved_view;
pub mod scalar;
pub mod session;
pub mod socket;
pub mod stream;
pub mod user;
pub mod viewer;
mod wire;

pub use client::{Client, Tokens};
pub use cynic::{Id, MutationBuilder, Operation, QueryBuilder, StreamingOperation, SubscriptionBuilder};
pub use error::{ApiError, FieldError};
pub use scalar::{CountryCode, CurrencyCode, Date, DateTime, Decimal, Money, MoneyInput, PageInfo, Url};

/// What cynic's derives check against, made by `build.rs` from `schema.graphql`.
#[cynic::schema("entente")]
#[allow(missing_docs, reason = "generated from the schema, which documents itself")]
pub(crate) mod schema {}
