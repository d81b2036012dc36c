//! A person with an account.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use entente_domain::user as domain;

use crate::context::Ask as _;
use crate::page::connection;
use crate::partner::Partner;
use crate::scalar::DateTime;

/// What a person does in the program. The first five are the vendor's staff, the next four a partner's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum Role {
    /// Runs the program.
    Admin,
    /// Decides registrations and looks after partners.
    ChannelManager,
    /// Builds kits and campaigns.
    MarketingManager,
    /// The vendor's own sales.
    Sales,
    /// Approves money.
    Finance,
    /// Looks after the partner's own account and people.
    PartnerAdmin,
    /// Registers and sells.
    PartnerSales,
    /// Engineers; never shown a campaign.
    PartnerTechnical,
    /// Publishes campaigns.
    PartnerMarketing,
    /// A program, not a person: what an API key acts as.
    Integration,
}

/// A person with an account.
pub(crate) struct User(pub(crate) Arc<domain::User>);

/// A person with an account. Seen by the vendor and by the person's own side; the vendor's staff is seen by all who signed in.
#[Object]
impl User {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Name as shown to others.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Address; null for those who did not sign in.
    async fn email(&self, ctx: &Context<'_>) -> Option<&str> {
        ctx.actor().map(|_| self.0.email.as_str())
    }

    /// Counts changes, from 1; a change names the version that it was decided on.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Job title.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// Roles, all of one side.
    async fn roles(&self) -> Vec<Role> {
        self.0.roles.iter().copied().map(Into::into).collect()
    }

    /// The partner the person works for; null for the vendor's staff.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner_opt(self.0.partner_id.as_ref()).await?.map(Partner))
    }

    /// Whether the person may sign in.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

connection!(counted UserConnection, UserEdge, User, "person");
