//! What the load generators and the fault harness share: real processes on the loopback (a replica set, Redis, servers),
//! a client for GraphQL over HTTP, and a subscriber for `graphql-transport-ws` that remembers all it heard.
//!
//! It knows the product from outside only: its program, its environment, its addresses and its schema.
//!
//! ```text
//! child::guard()?                                 first thing in main: children die with this process
//! let set = ReplicaSet::start(...).await?;        three mongods
//! let redis = RedisServer::start(...).await?;
//! let product = Product::new(...); product.prepare().await?;
//! let mut server = product.server("one")?; server.start()?; server.wait_ready(...).await?;
//! let accounts = Accounts::new(api, vec![server.address]); accounts.token("manager@entente.test").await?;
//! let subscriber = Subscriber::start(...);
//! ```

pub mod accounts;
pub mod api;
pub mod child;
pub mod machine;
pub mod mongo;
pub mod net;
pub mod product;
pub mod redis;
pub mod socket;
pub mod stats;
pub mod subscriber;
pub mod tools;
