//! Saved views on the wire: each person's own.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::saved_view::{self as app, NewView, ViewRefusal};
use entente_domain::saved_view::{self as domain, ViewChange, ViewError};

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::user_error::{KEY_INVALID, KEY_REUSED, SavedViewError, SavedViewErrorCode as Code, UserError};

/// The list that a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ViewList")]
pub(crate) enum SavedViewList {
    /// The queue of registrations.
    Queue,
    /// The pipeline.
    Pipeline,
}

/// Filters of a list under a name; only its owner sees it.
#[derive(SimpleObject)]
pub(crate) struct SavedView {
    /// Global id.
    id: ID,
    /// What it is a view of.
    list: SavedViewList,
    /// What it is called.
    name: String,
    /// The filters as they stand in the address of the screen, after the question mark.
    query: String,
    /// Whether the screen begins with it; at most one of a list.
    is_default: bool,
}

impl From<domain::SavedView> for SavedView {
    fn from(v: domain::SavedView) -> Self {
        Self { id: ID(v.id.to_string()), list: v.list.into(), name: v.name, query: v.query, is_default: v.default }
    }
}

/// A new view.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SavedViewCreateInput {
    /// What it is a view of.
    list: SavedViewList,
    /// What it is called, 1 to 80 characters, unique in the viewer's list.
    name: String,
    /// The filters as they stand in the address of the screen, at most 2,000 characters.
    query: String,
    /// Whether the screen begins with it; false if left out.
    is_default: Option<bool>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

/// New values of a view. What is left out stays as it is.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SavedViewUpdateInput {
    /// What it is called, 1 to 80 characters, unique in the viewer's list.
    name: Option<String>,
    /// The filters as they stand in the address of the screen, at most 2,000 characters.
    query: Option<String>,
    /// Whether the screen begins with it.
    is_default: Option<bool>,
}

/// What became of a view.
#[derive(SimpleObject)]
pub(crate) struct SavedViewPayload {
    /// The view; null when there are errors. One that was deleted is answered as it was.
    view: Option<SavedView>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl SavedViewPayload {
    fn of(done: Result<domain::SavedView, Refused<ViewRefusal>>, input: Option<&str>) -> Result<Self, Problem> {
        match done {
            Ok(view) => Ok(Self { view: Some(view.into()), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(error.into()),
            Err(Refused::Refused(refusal)) => Ok(Self { view: None, errors: vec![error(refusal, input)] }),
        }
    }
}

fn error(refusal: ViewRefusal, input: Option<&str>) -> UserError {
    let of = |code, field: Option<&str>, message: String| SavedViewError::of(code, &input.into_iter().chain(field).collect::<Vec<_>>(), message);
    match refusal {
        ViewRefusal::NotAllowed => SavedViewError::of(Code::NotAllowed, &[], "Your role keeps no views."),
        ViewRefusal::Key(KeyRefusal::Reused) => of(Code::IdempotencyKeyReused, Some("idempotencyKey"), KEY_REUSED.to_owned()),
        ViewRefusal::Key(KeyRefusal::Invalid) => of(Code::InvalidInput, Some("idempotencyKey"), KEY_INVALID.to_owned()),
        ViewRefusal::View(e) => match e {
            ViewError::NotFound => SavedViewError::of(Code::NotFound, &["id"], e.to_string()),
            ViewError::NameTaken => of(Code::NameTaken, Some("name"), e.to_string()),
            ViewError::Required => of(Code::Required, Some("name"), e.to_string()),
            ViewError::TooLong { field, .. } => of(Code::TooLong, Some(field), e.to_string()),
            ViewError::TooMany => of(Code::TooMany, None, e.to_string()),
        },
    }
}

/// Root fields of saved views.
#[derive(Default)]
pub(crate) struct SavedViewQuery;

#[Object]
impl SavedViewQuery {
    /// The viewer's own views of a list, in the order of their making; at most 50. Empty for roles that keep none.
    async fn saved_views(&self, ctx: &Context<'_>, #[graphql(desc = "The list.")] list: SavedViewList) -> Result<Vec<SavedView>> {
        let found = app::list(ctx.app()?, ctx.signed_in()?, list.into()).await.map_err(Problem::from)?;
        Ok(found.into_iter().map(Into::into).collect())
    }
}

/// Mutations of saved views.
#[derive(Default)]
pub(crate) struct SavedViewMutation;

#[Object]
impl SavedViewMutation {
    /// Keeps a view of the viewer's own. At most 50.
    async fn saved_view_create(&self, ctx: &Context<'_>, #[graphql(desc = "The view.")] input: SavedViewCreateInput) -> Result<SavedViewPayload> {
        let key = input.idempotency_key;
        let new = NewView { list: input.list.into(), name: input.name, query: input.query, default: input.is_default.unwrap_or_default() };
        Ok(SavedViewPayload::of(app::create(ctx.app()?, ctx.signed_in()?, &new, key.as_deref()).await, Some("input"))?)
    }

    /// Changes a view of the viewer's own.
    async fn saved_view_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view.")] id: ID,
        #[graphql(desc = "What to change.")] input: SavedViewUpdateInput,
    ) -> Result<SavedViewPayload> {
        let new = ViewChange { name: input.name, query: input.query, default: input.is_default };
        Ok(SavedViewPayload::of(app::update(ctx.app()?, ctx.signed_in()?, &id, &new).await, Some("input"))?)
    }

    /// Removes a view of the viewer's own.
    async fn saved_view_delete(&self, ctx: &Context<'_>, #[graphql(desc = "The view.")] id: ID) -> Result<SavedViewPayload> {
        Ok(SavedViewPayload::of(app::delete(ctx.app()?, ctx.signed_in()?, &id).await, None)?)
    }
}
