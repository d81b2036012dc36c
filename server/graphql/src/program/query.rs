//! Reading the program.

use async_graphql::{Context, Object, Result};

use super::Program;
use crate::context::Ask as _;

/// Root field of the program.
#[derive(Default)]
pub(crate) struct ProgramQuery;

#[Object]
impl ProgramQuery {
    /// The program: names, numbers and rules that the vendor set. Anyone may read it; what only partners need (products,
    /// currencies, rules) is empty for those who did not sign in.
    async fn program(&self, ctx: &Context<'_>) -> Result<Program> {
        Ok(Program(ctx.program().await?))
    }
}
