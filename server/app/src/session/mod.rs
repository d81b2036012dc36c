//! Sessions: sign in, rotate, sign out, and who a token speaks for.

mod authenticate;
pub mod keys;
pub mod password;
pub(crate) mod people;
mod sign_in;

pub use authenticate::AuthError;
pub use sign_in::{SessionRefusal, SessionTokens, create, refresh, revoke};
