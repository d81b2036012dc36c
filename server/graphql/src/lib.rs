//! The wire: the GraphQL schema written as code, its types, resolvers, limits and the mapping of errors.
//!
//! The only crate that knows async-graphql. It knows the use cases of `entente-app` and the rules of `entente-domain`, and
//! nothing of databases, sockets or HTTP: a resolver parses, calls a use case and maps its result.

// The roots are merged one into the next, one level each.
#![recursion_limit = "256"]

mod action_link;
mod api_key;
mod boxed;
mod context;
mod cosell;
mod deal;
mod direct;
mod dispute;
mod engine;
mod export;
mod import;
mod kit;
mod lead;
mod limits;
mod limits_rate;
mod live;
mod node;
mod notification;
mod page;
mod partner;
mod problem;
mod product;
mod program;
mod record;
mod relations;
mod report;
mod roots;
mod routing;
mod rules;
mod saved_view;
mod scalar;
mod session;
mod user;
mod user_error;
mod viewer;

pub use context::{CookieChange, RefreshCookie, RequestContext};
pub use engine::{EntenteSchema, Opened, SchemaOptions, schema, sdl};
pub use limits_rate::{Buckets, RateOptions, Rates, retry_after, source};
pub use live::{LiveStats, Message, Subscriber};
pub use page::seq_cursor;
pub use problem::{ErrorCode, error_response};
pub use roots::{Mutation, Query, Subscription};
