//! People: made and changed by the administrators of their own side.

use entente_domain::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId, UserId};
use entente_domain::policy::{Action, Actor, Resource, Scope, can, scope};
use entente_domain::text::{self, TextError};
use entente_domain::user::{PASSWORD_MAX, PASSWORD_MIN, Role, Theme, User, is_email, roles_fit};
use entente_store::{Committed, IdempotencyRecord, Saved, UserQuery};
use serde::Serialize;

use crate::idempotency::{KeyRefusal, Once};
use crate::page::{self, Page};
use crate::session::password;
use crate::{App, AppError, Refused};

/// Why an account is not made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRefusal {
    /// No such person, or of another side.
    NotFound,
    /// The actor is no administrator of that side.
    NotAllowed,
    /// It was decided on another version; this is the current one.
    StaleVersion(i32),
    /// That field is required.
    Required(&'static str),
    /// That field has more characters than this.
    TooLong(&'static str, usize),
    /// That field must be this.
    Invalid(&'static str, &'static str),
    /// Somebody has an account with that e-mail.
    EmailTaken,
    /// The password is too short or too long.
    PasswordTooWeak,
    /// The roles are empty or of another side than the person.
    RoleNotAllowed,
    /// The vendor keeps at least one administrator.
    LastAdmin,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for UserRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// A new account.
#[derive(Debug, Clone, Serialize)]
pub struct NewUser {
    /// Name as shown to others.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// First password.
    #[serde(skip)]
    pub password: String,
    /// Roles, all of one side.
    pub roles: Vec<Role>,
    /// The partner the person works for; none for the vendor's staff.
    pub partner_id: Option<String>,
    /// Job title.
    pub title: Option<String>,
}

/// Changes of an account; none leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Name as shown to others.
    pub name: Option<String>,
    /// Job title; an empty one clears it.
    pub title: Option<String>,
    /// Roles, all of one side.
    pub roles: Option<Vec<Role>>,
    /// Whether the person may sign in.
    pub active: Option<bool>,
    /// New password; ends every session of the person.
    pub password: Option<String>,
}

pub(crate) fn event(app: &App, actor: &Actor, user: &User, kind: EventKind, changes: Vec<FieldChange>) -> Event {
    Event {
        id: EventId::new(app.ulid()),
        kind,
        subject: Subject::User { id: user.id.clone() },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Internal,
        text: None,
        changes,
    }
}

fn may_manage(actor: &Actor, partner: Option<&PartnerId>) -> bool {
    can(actor, Action::ManageUsers, partner.map_or(Resource::OfVendor, Resource::OfPartner))
}

fn line(field: &'static str, value: &str, max: usize) -> Result<String, UserRefusal> {
    text::required(value, max).map_err(|e| match e {
        TextError::Empty => UserRefusal::Required(field),
        TextError::TooLong { max } => UserRefusal::TooLong(field, max),
    })
}

fn optional_line(field: &'static str, value: Option<&str>, max: usize) -> Result<Option<String>, UserRefusal> {
    text::optional(value, max).map_err(|_| UserRefusal::TooLong(field, max))
}

fn check_password(password: &str) -> Result<(), UserRefusal> {
    if (PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count()) { Ok(()) } else { Err(UserRefusal::PasswordTooWeak) }
}

/// Makes an account on a side that the actor administers. The same `key` (see [`crate::idempotency`]) answers the same account.
#[tracing::instrument(level = "debug", name = "user.create", skip_all)]
pub async fn create(app: &App, actor: &Actor, new: &NewUser, key: Option<&str>) -> Result<User, Refused<UserRefusal>> {
    let partner_id = match (&new.partner_id, &actor.partner_id) {
        (Some(id), _) => Some(id.parse::<PartnerId>().map_err(|_| Refused::Refused(UserRefusal::NotFound))?),
        (None, own) => own.clone(),
    };
    if !can(actor, Action::ManageUsers, Resource::Any) || !may_manage(actor, partner_id.as_ref()) {
        return Err(Refused::Refused(UserRefusal::NotAllowed));
    }
    if let Some(id) = &partner_id
        && app.store.partner(id).await?.is_none()
    {
        return Err(Refused::Refused(UserRefusal::NotFound));
    }
    let once = Once::new(actor, "userCreate", key, new)?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, actor, new, &record).await;
    }
    let user = draft(app, new, partner_id).map_err(Refused::Refused)?;
    let hash = password::hash(app, new.password.clone()).await?;
    let events = [event(app, actor, &user, EventKind::UserChanged, Vec::new())];
    let record = once.record(user.id.as_str(), hash.clone());
    match app.store.create_user(&user, &hash, &events, record.as_ref()).await? {
        Committed::Done => Ok(user),
        Committed::Replayed(record) => replay(app, actor, new, &once.same(record)?).await,
        Committed::Stale | Committed::Duplicate | Committed::ClaimTaken(_) => Err(Refused::Refused(UserRefusal::EmailTaken)),
    }
}

/// The answer of the first time: the person as it is now. The password is a part of the input whose quick hash must not be
/// kept, so the record has the slow one.
async fn replay(app: &App, actor: &Actor, new: &NewUser, record: &IdempotencyRecord) -> Result<User, Refused<UserRefusal>> {
    if !password::verify(app, new.password.clone(), Some(record.result.clone())).await? {
        return Err(Refused::Refused(UserRefusal::Key(KeyRefusal::Reused)));
    }
    let id: UserId = record.result_id.parse().map_err(AppError::internal)?;
    let found = app.store.user(&id).await?.filter(|u| may_manage(actor, u.partner_id.as_ref()));
    found.ok_or(Refused::Refused(UserRefusal::NotFound))
}

fn draft(app: &App, new: &NewUser, partner_id: Option<PartnerId>) -> Result<User, UserRefusal> {
    let email = new.email.trim().to_lowercase();
    if !is_email(&email) {
        return Err(UserRefusal::Invalid("email", "an e-mail address"));
    }
    check_password(&new.password)?;
    if !roles_fit(&new.roles, partner_id.is_some()) {
        return Err(UserRefusal::RoleNotAllowed);
    }
    Ok(User {
        id: UserId::new(app.ulid()),
        version: 1,
        name: line("name", &new.name, text::LINE_MAX)?,
        email,
        title: optional_line("title", new.title.as_deref(), text::LINE_MAX)?,
        roles: sorted(&new.roles),
        partner_id,
        language: "en".into(),
        theme: Theme::System,
        active: true,
        demo: false,
        created_at: app.now(),
    })
}

fn sorted(roles: &[Role]) -> Vec<Role> {
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    roles
}

/// Makes the first administrator of a new installation; the command line calls it, nobody over the network.
#[tracing::instrument(level = "debug", name = "user.create_first_admin", skip_all)]
pub async fn create_first_admin(app: &App, name: &str, email: &str, first_password: &str) -> Result<User, Refused<UserRefusal>> {
    let new = NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        password: first_password.to_owned(),
        roles: vec![Role::Admin],
        partner_id: None,
        title: None,
    };
    let user = draft(app, &new, None).map_err(Refused::Refused)?;
    let hash = password::hash(app, new.password).await?;
    let actor = Actor { user_id: user.id.clone(), name: user.name.clone(), roles: vec![Role::Admin], partner_id: None, api_key: None };
    let events = [event(app, &actor, &user, EventKind::UserChanged, Vec::new())];
    match app.store.save_user(&user, Some(&hash), None, &events).await? {
        Saved::Done => Ok(user),
        Saved::Stale | Saved::Duplicate => Err(Refused::Refused(UserRefusal::EmailTaken)),
    }
}

/// Changes an account on a side that the actor administers. Rights that are taken end streams and requests at once.
#[tracing::instrument(level = "debug", name = "user.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, id: &str, expected_version: i32, change: &UserChange) -> Result<User, Refused<UserRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    if !can(actor, Action::ManageUsers, Resource::Any) {
        return refuse(UserRefusal::NotAllowed);
    }
    let id: UserId = id.parse().map_err(|_| Refused::Refused(UserRefusal::NotFound))?;
    let found = app.store.user(&id).await?.filter(|u| may_manage(actor, u.partner_id.as_ref()));
    let Some(before) = found else { return refuse(UserRefusal::NotFound) };
    if before.version != expected_version {
        return refuse(UserRefusal::StaleVersion(before.version));
    }
    let mut user = before.clone();
    user.version += 1;
    if let Some(name) = &change.name {
        user.name = line("name", name, text::LINE_MAX).map_err(Refused::Refused)?;
    }
    if let Some(title) = &change.title {
        user.title = optional_line("title", Some(title), text::LINE_MAX).map_err(Refused::Refused)?;
    }
    if let Some(roles) = &change.roles {
        if !roles_fit(roles, user.partner_id.is_some()) {
            return refuse(UserRefusal::RoleNotAllowed);
        }
        user.roles = sorted(roles);
    }
    user.active = change.active.unwrap_or(user.active);
    let admin = |u: &User| u.active && u.partner_id.is_none() && u.roles.contains(&Role::Admin);
    let hash = match &change.password {
        Some(new) => {
            check_password(new).map_err(Refused::Refused)?;
            Some(password::hash(app, new.clone()).await?)
        }
        None => None,
    };
    let events = [event(app, actor, &user, EventKind::UserChanged, changes(&before, &user))];
    let saved = if admin(&before) && !admin(&user) {
        app.store.save_user_keeping_admin(&user, hash.as_deref(), expected_version, &events).await?
    } else {
        Some(app.store.save_user(&user, hash.as_deref(), Some(expected_version), &events).await?)
    };
    match saved {
        None => return refuse(UserRefusal::LastAdmin),
        Some(Saved::Done) => {}
        Some(Saved::Stale | Saved::Duplicate) => {
            let current = app.store.user(&id).await?.map_or(expected_version, |u| u.version);
            return refuse(UserRefusal::StaleVersion(current));
        }
    }
    app.person_changed(&user.id);
    app.forget_routing();
    if user.partner_id.is_none()
        && let Err(error) = crate::routing::reroute_all_of(app, &user.id).await
    {
        // The account is changed whatever comes of this; whoever covers still finds the registrations on the desk.
        tracing::warn!(%error, "registrations of a person who left could not be handed on");
    }
    if hash.is_some() || !user.active {
        app.store.revoke_sessions_of(&user.id, app.now()).await?;
    }
    Ok(user)
}

fn changes(before: &User, after: &User) -> Vec<FieldChange> {
    let roles = |u: &User| Some(format!("{:?}", u.roles));
    let all = [
        ("name", Some(before.name.clone()), Some(after.name.clone())),
        ("title", before.title.clone(), after.title.clone()),
        ("roles", roles(before), roles(after)),
        ("active", Some(before.active.to_string()), Some(after.active.to_string())),
    ];
    all.into_iter().filter(|(_, b, a)| b != a).map(|(field, before, after)| FieldChange { field: field.to_owned(), before, after }).collect()
}

/// Which people.
#[derive(Debug, Clone, Default, Serialize, serde::Deserialize)]
pub struct UserListQuery {
    /// Part of name or e-mail, from its beginning.
    pub search: Option<String>,
    /// Partners they work for.
    pub partners: Vec<PartnerId>,
    /// Roles, any of them.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub active: Option<bool>,
}

fn query(actor: &Actor, list: &UserListQuery, after: Option<(String, UserId)>, limit: u32) -> Result<UserQuery, AppError> {
    let scope = scope(actor, Action::ManageUsers);
    if scope == Scope::Nothing {
        return Err(AppError::Forbidden);
    }
    Ok(UserQuery {
        scope,
        search: list.search.clone(),
        partners: list.partners.clone(),
        roles: list.roles.clone(),
        active: list.active,
        after,
        limit,
    })
}

/// People whom the actor administers, by name.
#[tracing::instrument(level = "debug", name = "user.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, list: &UserListQuery, first: u32, after: Option<&str>) -> Result<Page<User>, AppError> {
    let name = page::list_name("users", list)?;
    let rows = app.store.users(&query(actor, list, page::decode(&name, after)?, first + 1)?).await?;
    Page::of(rows, first, after.is_some(), &name, |u| (u.name.clone(), u.id.clone()))
}

/// How many people the list has in all.
#[tracing::instrument(level = "debug", name = "user.count", skip_all)]
pub async fn count(app: &App, actor: &Actor, list: &UserListQuery) -> Result<u64, AppError> {
    Ok(app.store.count_users(&query(actor, list, None, 1)?).await?)
}

/// People by id whom the actor may know: everyone of the vendor's staff, and those of the actor's own side.
#[tracing::instrument(level = "debug", name = "user.get_many", skip_all)]
pub async fn get_many(app: &App, actor: &Actor, ids: &[UserId]) -> Result<Vec<User>, AppError> {
    let found = app.store.users_by_ids(ids).await?;
    Ok(found.into_iter().filter(|u| actor.is_vendor() || u.partner_id.is_none() || u.partner_id == actor.partner_id).collect())
}
