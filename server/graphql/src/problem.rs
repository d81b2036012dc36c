//! Top-level errors: the closed list of codes, and nothing of what went wrong inside. What the caller can mend is data in a
//! payload (see `user_error`), never here.

use std::time::Duration;

use async_graphql::{Error, ErrorExtensionValues, Response, ServerError};
use entente_app::AppError;

use crate::limits_rate::retry_after;

/// The codes of top-level errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// Nobody signed in, or the token does not hold.
    Unauthenticated,
    /// Signed in, and not allowed.
    Forbidden,
    /// The request itself is wrong.
    BadRequest,
    /// The request asks for too much at once.
    TooComplex,
    /// Too many requests.
    RateLimited,
    /// Something that is needed does not answer now; trying again may help.
    Unavailable,
    /// A fault of the server.
    Internal,
}

impl ErrorCode {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::TooComplex => "TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A top-level error on its way out: a code and a sentence that may be shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    /// Seconds after which trying again makes sense.
    pub(crate) retry_after: Option<u32>,
}

impl Problem {
    fn of(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// Too often; `what` says of whom and how, `wait` how long until it may be tried again.
    pub(crate) fn rate_limited(what: &str, wait: Duration) -> Self {
        let seconds = retry_after(wait);
        let problem = Self::of(ErrorCode::RateLimited, format!("{what}; try again in {seconds} s."));
        Self { retry_after: Some(seconds), ..problem }
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::of(ErrorCode::Unauthenticated, "Sign in first.")
    }

    pub(crate) fn forbidden() -> Self {
        Self::of(ErrorCode::Forbidden, "Your role does not allow this; ask an administrator of your company.")
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::of(ErrorCode::BadRequest, message)
    }

    pub(crate) fn too_complex(message: impl Into<String>) -> Self {
        Self::of(ErrorCode::TooComplex, message)
    }

    /// Something that is needed does not answer. `cause` goes to the log only.
    pub(crate) fn unavailable(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(%cause, "unavailable");
        Self::of(ErrorCode::Unavailable, "The server cannot do this right now; try again in a moment.")
    }

    /// A fault of the server. `cause` goes to the log only.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::of(ErrorCode::Internal, "Something went wrong on the server; the request id finds it in the log.")
    }

    /// As a response without data.
    pub(crate) fn into_response(self, request_id: &str) -> Response {
        let error: Error = self.into();
        let mut response = Response::from_errors(vec![error.into_server_error(async_graphql::Pos::default())]);
        for error in &mut response.errors {
            error.locations.clear();
        }
        finish(&mut response, request_id);
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unavailable(cause) => Self::unavailable(cause),
            AppError::BadRequest(message) => Self::bad_request(message),
            AppError::Forbidden => Self::forbidden(),
            AppError::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", problem.code.name());
        if let Some(seconds) = problem.retry_after {
            extensions.set("retryAfter", seconds);
        }
        Self { message: problem.message, source: None, extensions: Some(extensions) }
    }
}

/// A response without data and with this one error, for what is refused before a document is looked at. The message goes to the
/// caller as it is.
pub fn error_response(code: ErrorCode, message: impl Into<String>, request_id: &str) -> Response {
    Problem::of(code, message).into_response(request_id)
}

/// Gives every error of a response its code and the request id. An error without a code comes from the engine: the document
/// or its variables are wrong.
pub(crate) fn finish(response: &mut Response, request_id: &str) {
    for error in &mut response.errors {
        let coded = error.extensions.as_ref().is_some_and(|e| e.get("code").is_some());
        let code = if coded { None } else { Some(engine_code(error)) };
        let extensions = error.extensions.get_or_insert_default();
        if let Some(code) = code {
            extensions.set("code", code.name());
        }
        extensions.set("requestId", request_id);
    }
}

/// Whether one of the errors of a response has this code.
pub(crate) fn has_code(response: &Response, code: &str) -> bool {
    response.errors.iter().any(|e| matches!(e.extensions.as_ref().and_then(|e| e.get("code")), Some(async_graphql::Value::String(c)) if c == code))
}

/// The code of an error that the engine made itself.
fn engine_code(error: &ServerError) -> ErrorCode {
    let too_complex = ["Query is too complex", "Query is nested too deep", "The recursion depth"];
    if too_complex.iter().any(|start| error.message.starts_with(start)) { ErrorCode::TooComplex } else { ErrorCode::BadRequest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_carries_a_code_and_the_request_id() {
        let mut response = Response::from_errors(vec![
            ServerError::new("Query is too complex.", None),
            ServerError::new("Unknown field", None),
            Error::from(Problem::internal("connection refused at 10.0.0.1")).into_server_error(async_graphql::Pos::default()),
        ]);
        finish(&mut response, "req-1");
        let codes: Vec<_> = response.errors.iter().map(|e| e.extensions.as_ref().unwrap().get("code").unwrap().to_string()).collect();
        assert_eq!(codes, ["\"TOO_COMPLEX\"", "\"BAD_REQUEST\"", "\"INTERNAL\""]);
        assert!(response.errors.iter().all(|e| e.extensions.as_ref().unwrap().get("requestId").unwrap().to_string() == "\"req-1\""));
        assert!(!serde_json::to_string(&response).unwrap().contains("10.0.0.1"));
    }
}
