//! The person who is signed in: own language, theme and name.

use entente_domain::event::EventKind;
use entente_domain::policy::Actor;
use entente_domain::text::{self, TextError};
use entente_domain::user::{LANGUAGES, Theme, User};
use entente_store::Saved;

use crate::user::{UserRefusal, event};
use crate::{App, AppError, Refused};

/// New preferences; none leaves one as it is.
#[derive(Debug, Clone, Default)]
pub struct Preferences {
    /// Name as shown to others.
    pub name: Option<String>,
    /// One of [`LANGUAGES`].
    pub language: Option<String>,
    /// How the app looks.
    pub theme: Option<Theme>,
}

/// The account behind an actor; for a key, the account that made it.
#[tracing::instrument(level = "debug", name = "viewer.account", skip_all)]
pub async fn account(app: &App, actor: &Actor) -> Result<Option<User>, AppError> {
    Ok(app.person(&actor.user_id).await?.map(|u| (*u).clone()))
}

/// Changes the actor's own preferences. Keys have none.
#[tracing::instrument(level = "debug", name = "viewer.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, new: &Preferences) -> Result<User, Refused<UserRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    if actor.api_key.is_some() {
        return refuse(UserRefusal::NotAllowed);
    }
    for _ in 0..3 {
        let mut user = app.store.user(&actor.user_id).await?.ok_or(Refused::Refused(UserRefusal::NotFound))?;
        let based_on = user.version;
        if let Some(name) = &new.name {
            user.name = match text::required(name, text::LINE_MAX) {
                Ok(name) => name,
                Err(TextError::Empty) => return refuse(UserRefusal::Required("name")),
                Err(TextError::TooLong { max }) => return refuse(UserRefusal::TooLong("name", max)),
            };
        }
        if let Some(language) = &new.language {
            if !LANGUAGES.contains(&language.as_str()) {
                return refuse(UserRefusal::Invalid("language", "one of en, de"));
            }
            user.language.clone_from(language);
        }
        if let Some(theme) = new.theme {
            user.theme = theme;
        }
        user.version += 1;
        let events = [event(app, actor, &user, EventKind::UserChanged, Vec::new())];
        match app.store.save_user(&user, None, Some(based_on), &events).await? {
            Saved::Done => {
                app.person_changed(&user.id);
                return Ok(user);
            }
            // Somebody changed the account meanwhile; preferences do not depend on what.
            Saved::Stale | Saved::Duplicate => {}
        }
    }
    Err(Refused::Failed(AppError::Unavailable("preferences lost their race three times".into())))
}
