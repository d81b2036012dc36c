//! The viewer's own settings.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entente_app::viewer::Preferences;
use entente_domain::policy::Actor;

use super::Viewer;
use super::object::Theme;
use crate::context::Ask as _;
use crate::user::user_errors;
use crate::user_error::UserError;

/// New settings. What is left out stays as it is.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ViewerUpdateInput {
    /// Name as shown to others, at most 200 characters.
    name: Option<String>,
    /// Language of the app: `en` or `de`.
    language: Option<String>,
    /// How the app looks.
    theme: Option<Theme>,
}

/// What became of a change of settings.
#[derive(SimpleObject)]
pub(crate) struct ViewerPayload {
    /// The viewer with the new settings; null when there are errors.
    viewer: Option<Viewer>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutation of the viewer.
#[derive(Default)]
pub(crate) struct ViewerMutation;

#[Object]
impl ViewerMutation {
    /// Changes the signed-in person's own name, language or theme. API keys have none.
    async fn viewer_update(&self, ctx: &Context<'_>, #[graphql(desc = "New settings.")] input: ViewerUpdateInput) -> Result<ViewerPayload> {
        let actor = ctx.signed_in()?;
        let new = Preferences { name: input.name, language: input.language, theme: input.theme.map(Into::into) };
        match entente_app::viewer::update(ctx.app()?, actor, &new).await {
            Ok(account) => {
                let actor = Actor { name: account.name.clone(), ..actor.clone() };
                Ok(ViewerPayload { viewer: Some(Viewer::of(actor, account)), errors: Vec::new() })
            }
            Err(refused) => Ok(ViewerPayload { viewer: None, errors: user_errors(refused)? }),
        }
    }
}
