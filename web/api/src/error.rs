//! What can go wrong between a screen and the server, as closed enums: `ApiError` for the request as a whole,
//! `FieldError` for what the caller can mend. Texts for people are chosen by the screen from the variant.

use serde_json::Value;

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The server was not reached: no network, or it is down.
    Offline,
    /// Nobody is signed in, or the session ended.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// Too many requests; try again later.
    RateLimited,
    /// Anything else that the server said, with the id under which its log has more.
    Server {
        /// The server's own sentence, safe to show.
        message: String,
        /// `extensions.requestId`.
        request_id: Option<String>,
    },
}

/// One entry of a payload's `errors`: what to mend, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The code of the mutation's own enum, as on the wire (`STALE_VERSION`).
    pub code: String,
    /// A sentence that a person can act on.
    pub message: String,
    /// Path in the input, as `["input", "value", "amount"]`.
    pub path: Vec<String>,
}

impl FieldError {
    /// Whether the error is about this input field, wherever it is nested.
    #[must_use]
    pub fn is_about(&self, field: &str) -> bool {
        self.path.iter().any(|part| part == field)
    }
}

impl ApiError {
    /// From one entry of an answer's top-level `errors`.
    pub(crate) fn from_top_level(error: &Value) -> Self {
        let text = |path: &str| error.pointer(path).and_then(Value::as_str).map(str::to_owned);
        match text("/extensions/code").as_deref() {
            Some("UNAUTHENTICATED") => Self::Unauthenticated,
            Some("FORBIDDEN") => Self::Forbidden,
            Some("RATE_LIMITED") => Self::RateLimited,
            _ => Self::Server { message: text("/message").unwrap_or_default(), request_id: text("/extensions/requestId") },
        }
    }
}

/// Declares the fragment for one family of user errors and its conversion into [`FieldError`]. Its own module, and fixed
/// names within, because cynic's derive is not hygienic about names that come in from outside.
macro_rules! error_family {
    ($module:ident, $problem:ident, $graphql:literal, $code:ident, $code_graphql:literal { $($variant:ident),+ $(,)? }) => {
        pub use $module::{Code as $code, Problem as $problem};

        mod $module {
            use crate::schema;

            #[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
            #[cynic(graphql_type = $code_graphql)]
            pub enum Code {
                $($variant),+,
                /// A code that this build does not know yet.
                #[cynic(fallback)]
                Other,
            }

            #[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
            #[cynic(graphql_type = $graphql)]
            pub struct Typed {
                pub code: Code,
                pub message: String,
                pub path: Vec<String>,
            }

            #[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
            #[cynic(graphql_type = "UserError")]
            pub enum Problem {
                Typed(Typed),
                #[cynic(fallback)]
                Other(crate::error::PlainUserError),
            }
        }

        impl From<$problem> for crate::FieldError {
            fn from(error: $problem) -> Self {
                match error {
                    $problem::Typed(error) => Self {
                        code: serde_json::to_value(error.code)
                            .ok()
                            .and_then(|value| value.as_str().map(str::to_owned))
                            .unwrap_or_default(),
                        message: error.message,
                        path: error.path,
                    },
                    $problem::Other(error) => {
                        Self { code: String::new(), message: error.message, path: error.path }
                    }
                }
            }
        }
    };
}
pub(crate) use error_family;

use crate::schema;

/// The part every family of user errors shares.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "UserError")]
pub struct PlainUserError {
    /// A sentence that a person can act on.
    pub message: String,
    /// Path in the input.
    pub path: Vec<String>,
}

/// Turns a payload's errors into the one shape screens use.
#[must_use]
pub fn field_errors<E: Into<FieldError>>(errors: Vec<E>) -> Vec<FieldError> {
    errors.into_iter().map(Into::into).collect()
}
