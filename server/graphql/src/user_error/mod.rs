//! What the caller can mend: one error type and one code enum for each family of mutations, under one interface.

use async_graphql::Interface;

/// What an idempotency key has to be, as a user is told it.
pub(crate) const KEY_INVALID: &str = "idempotencyKey must have 1 to 200 printable characters.";
/// What is wrong with an idempotency key that was used before, as a user is told it.
pub(crate) const KEY_REUSED: &str = "idempotencyKey was used with other input; make a new one.";

/// Declares a family: its error type, its code enum, and how one is made.
macro_rules! user_error {
    ($(#[$doc:meta])* $error:ident, $code:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        #[doc = concat!("Codes of ", stringify!($error), ".")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $code { $($(#[$vdoc])* $variant),+ }

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// What is wrong and what would satisfy the rule, in English.
            pub(crate) message: String,
            /// Path of the argument, as `["input", "value", "amount"]`; empty when no single one is to blame.
            pub(crate) path: Vec<String>,
            /// What kind of wrong.
            pub(crate) code: $code,
        }

        impl $error {
            /// The error as it goes into a payload.
            pub(crate) fn of(code: $code, path: &[&str], message: impl Into<String>) -> crate::user_error::UserError {
                Self { message: message.into(), path: path.iter().map(|s| (*s).to_owned()).collect(), code }.into()
            }
        }
    };
}

mod deals;
mod people;
mod program;

pub(crate) use deals::*;
pub(crate) use people::*;
pub(crate) use program::*;

/// What the caller can mend. Each family of mutations has its own implementing type with its own code enum.
#[derive(Debug, Clone, PartialEq, Eq, Interface)]
#[graphql(
    field(name = "message", ty = "&String", desc = "What is wrong and what would satisfy the rule, in English."),
    field(name = "path", ty = "&Vec<String>", desc = "Path of the argument; empty when no single one is to blame.")
)]
pub(crate) enum UserError {
    DealRegister(DealRegisterError),
    DealDecision(DealDecisionError),
    Direct(DirectError),
    Session(SessionError),
    Partner(PartnerError),
    User(UserAccountError),
    ApiKey(ApiKeyError),
    Import(ImportError),
    Rules(RulesError),
    Product(ProductError),
    Engagement(EngagementError),
    NotificationPreferences(NotificationPreferencesError),
    ActionLink(ActionLinkError),
    Routing(RoutingError),
    Absence(AbsenceError),
    SavedView(SavedViewError),
    DealRoom(DealRoomError),
    Lead(LeadError),
    Dispute(DisputeError),
    Export(ExportError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_argument() {
        let UserError::DealDecision(error) = DealDecisionError::of(DealDecisionErrorCode::Required, &["reason"], "reason must not be empty.") else {
            panic!("another family");
        };
        assert_eq!((error.path, error.code), (vec!["reason".to_owned()], DealDecisionErrorCode::Required));
    }
}
