//! E-mail: what a letter says in the reader's language, and how it leaves the house, over SMTP or into a folder.
//!
//! The only crate that knows lettre. Knows neither the database nor who is to be written to, nor any other crate of ours: the
//! application hands in an address, what is to be said as data, and the id by which a letter that is sent twice is known as one.

mod letter;
mod options;
mod send;
mod words;

pub use letter::{Composed, Content, Letter, compose};
pub use options::{MailOptions, SmtpOptions};
pub use send::{Mailer, SendError, WrittenLetter, written};
pub use words::{Digest, DigestLine, LANGUAGES, Link, Notice};
