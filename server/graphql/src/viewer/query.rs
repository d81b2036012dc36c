//! Reading the viewer.

use async_graphql::{Context, Object, Result};

use super::{Viewer, viewer_of};
use crate::context::Ask as _;

/// Root field of the viewer.
#[derive(Default)]
pub(crate) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is asking; null when nobody signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        match ctx.actor() {
            Some(actor) => Ok(Some(viewer_of(ctx, actor).await?)),
            None => Ok(None),
        }
    }
}
