//! The use cases: authorise, load, decide (domain), commit. One use case per file.
//!
//! Knows the domain, the store, the live relay, the directory index and the renderer; knows neither HTTP nor GraphQL.
//! Every function takes the [`App`] and, where somebody asks, the [`Actor`](entente_domain::policy::Actor).

pub mod action_link;
pub mod api_key;
pub mod clock;
pub mod cosell;
pub mod deal;
pub mod direct;
pub mod directory;
pub mod dispute;
pub mod error;
pub mod export;
pub mod files;
pub mod idempotency;
pub mod import;
pub mod kit;
pub mod lead;
pub mod live;
pub mod mail;
pub mod media;
pub mod notification;
pub mod page;
pub mod partner;
pub mod product;
pub mod program;
pub mod record;
pub mod report;
pub mod routing;
pub mod rules;
pub mod saved_view;
pub mod seed;
pub mod session;
pub mod user;
pub mod viewer;
pub mod worker;

mod app;

pub use app::{App, AppOptions};
pub use entente_mail::{MailOptions, SmtpOptions};
pub use error::{AppError, Refused};
