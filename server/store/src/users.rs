//! users
use entente_domain::event::Event;
use entente_domain::id::{PartnerId, UserId};
use entente_domain::policy::Scope;
use entente_domain::user::{Role, User};
use crate::{Saved, Store, StoreError, stub};
/// Which people, ordered by name and id. An empty list does not filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserQuery {
    /// A partner's people, everybody, or nobody.
    pub scope: Scope,
    /// Words of name and e-mail; each is complete or the beginning of one.
    pub search: Option<String>,
    /// Partners.
    pub partners: Vec<PartnerId>,
    /// Roles, any of them.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub active: Option<bool>,
    /// Name and id of the last person of the page before.
    pub after: Option<(String, UserId)>,
    /// Most people to answer.
    pub limit: u32,
}
impl Store {
    /// A person.
    pub async fn user(&self, _id: &UserId) -> Result<Option<User>, StoreError> { stub() }
    /// Any order.
    pub async fn users_by_ids(&self, _ids: &[UserId]) -> Result<Vec<User>, StoreError> { stub() }
    /// With the password's hash.
    pub async fn user_by_email(&self, _email: &str) -> Result<Option<(User, String)>, StoreError> { stub() }
    /// Insert or guarded replace.
    pub async fn save_user(&self, _u: &User, _password_hash: Option<&str>, _based_on: Option<i32>, _events: &[Event]) -> Result<Saved, StoreError> { stub() }
    /// A page.
    pub async fn users(&self, _q: &UserQuery) -> Result<Vec<User>, StoreError> { stub() }
    /// How many, whatever the page.
    pub async fn count_users(&self, _q: &UserQuery) -> Result<u64, StoreError> { stub() }
    /// Active administrators.
    pub async fn count_active_admins(&self) -> Result<u64, StoreError> { stub() }
    /// Whether any demo account exists.
    pub async fn has_demo_users(&self) -> Result<bool, StoreError> { stub() }
}
