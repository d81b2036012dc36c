//! Making and changing people.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::user::{NewUser, UserChange, UserRefusal};

use super::{Role, User};
use crate::context::Ask as _;
use crate::problem::Problem;
use crate::user_error::{KEY_INVALID, KEY_REUSED, UserAccountError, UserError, UserErrorCode as Code};

/// A new account.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UserCreateInput {
    /// Name as shown to others, at most 200 characters.
    name: String,
    /// Address to sign in with.
    email: String,
    /// First password, 12 to 200 characters.
    password: String,
    /// Roles, at least one, all of one side.
    roles: Vec<Role>,
    /// The partner the person works for; left out for the viewer's own side.
    partner_id: Option<ID>,
    /// Job title, at most 200 characters.
    title: Option<String>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

/// Changes of an account. What is left out stays as it is.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UserUpdateInput {
    /// Name as shown to others, at most 200 characters.
    name: Option<String>,
    /// Job title, at most 200 characters; an empty one clears it.
    title: Option<String>,
    /// Roles, at least one, all of one side.
    roles: Option<Vec<Role>>,
    /// Whether the person may sign in. False ends every session of the person.
    active: Option<bool>,
    /// New password, 12 to 200 characters; it ends every session of the person.
    password: Option<String>,
}

/// What became of a mutation of a person.
#[derive(SimpleObject)]
pub(crate) struct UserPayload {
    /// The person; null when there are errors.
    user: Option<User>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of people.
#[derive(Default)]
pub(crate) struct UserMutation;

#[Object]
impl UserMutation {
    /// Makes an account. Administrators of the vendor for either side, partner administrators for their own partner.
    async fn user_create(&self, ctx: &Context<'_>, #[graphql(desc = "The account.")] input: UserCreateInput) -> Result<UserPayload> {
        let new = NewUser {
            name: input.name,
            email: input.email,
            password: input.password,
            roles: input.roles.into_iter().map(Into::into).collect(),
            partner_id: input.partner_id.map(|id| id.0),
            title: input.title,
        };
        payload(entente_app::user::create(ctx.app()?, ctx.signed_in()?, &new, input.idempotency_key.as_deref()).await)
    }

    /// Changes an account of a side that the viewer administers. Rights that are taken away end at once.
    async fn user_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "What to change.")] input: UserUpdateInput,
    ) -> Result<UserPayload> {
        let change = UserChange {
            name: input.name,
            title: input.title,
            roles: input.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            active: input.active,
            password: input.password,
        };
        payload(entente_app::user::update(ctx.app()?, ctx.signed_in()?, &id, expected_version, &change).await)
    }
}

fn payload(done: Result<entente_domain::user::User, Refused<UserRefusal>>) -> Result<UserPayload> {
    match done {
        Ok(user) => Ok(UserPayload { user: Some(User(Arc::new(user))), errors: Vec::new() }),
        Err(refused) => Ok(UserPayload { user: None, errors: user_errors(refused)? }),
    }
}

/// The user errors of a refused change of an account.
pub(crate) fn user_errors(refused: Refused<UserRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let (code, path, message): (_, &[&str], String) = match &refusal {
        UserRefusal::NotFound => (Code::NotFound, &[], "There is no such person or partner.".into()),
        UserRefusal::NotAllowed => (Code::NotAllowed, &[], "Your role does not allow this; ask an administrator of your company.".into()),
        UserRefusal::StaleVersion(current) => (
            Code::StaleVersion,
            &["expectedVersion"],
            format!("The account has changed since you looked (version {current}); look again and repeat."),
        ),
        UserRefusal::Required(field) => (Code::Required, &["input", field], format!("{field} must not be empty.")),
        UserRefusal::TooLong(field, max) => (Code::TooLong, &["input", field], format!("{field} must have at most {max} characters.")),
        UserRefusal::Invalid(field, rule) => (Code::InvalidInput, &["input", field], format!("{field} must be {rule}.")),
        UserRefusal::EmailTaken => (Code::EmailTaken, &["input", "email"], "email is the address of another account.".into()),
        UserRefusal::PasswordTooWeak => (Code::PasswordTooWeak, &["input", "password"], "password must have 12 to 200 characters.".into()),
        UserRefusal::RoleNotAllowed => {
            (Code::RoleNotAllowed, &["input", "roles"], "roles must have at least one role, all of the person's own side.".into())
        }
        UserRefusal::Key(KeyRefusal::Reused) => (Code::IdempotencyKeyReused, &["input", "idempotencyKey"], KEY_REUSED.into()),
        UserRefusal::Key(KeyRefusal::Invalid) => (Code::InvalidInput, &["input", "idempotencyKey"], KEY_INVALID.into()),
        UserRefusal::LastAdmin => (Code::LastAdmin, &[], "This is the last active administrator; make another one first.".into()),
    };
    Ok(vec![UserAccountError::of(code, path, message)])
}
