//! The viewer.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::user as domain;

use crate::context::Ask as _;
use crate::page::seq_cursor;
use crate::partner::Partner;
use crate::problem::Problem;
use crate::user::{Role, User};

/// How the app looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Theme")]
pub(crate) enum Theme {
    /// As the device says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What a viewer may do at all; a single deal or partner may allow less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ViewerAction {
    /// Register deals.
    RegisterDeal,
    /// Approve, reject and ask about registrations.
    DecideDeal,
    /// Move stages and change titles, next steps and close dates.
    MoveDeal,
    /// Read deals.
    SeeDeals,
    /// Read campaign kits.
    SeeKits,
    /// Make and change people of one's own side.
    ManageUsers,
    /// Make and revoke API keys of one's own side.
    ManageApiKeys,
    /// Import data.
    Import,
    /// Change a partner's profile.
    EditPartner,
    /// Write notes that only the vendor sees.
    WriteInternalNote,
    /// Register deals for a partner of one's choice.
    RegisterForPartner,
    /// Propose, withdraw and try versions of the program's rules.
    ManageRules,
    /// Add, change and retire what the program sells.
    ManageProducts,
    /// Accept the rules of engagement for one's own partner.
    AcceptEngagement,
    /// Read the routing table and who is away.
    SeeRouting,
    /// Change the routing table and everybody's absences.
    ManageRouting,
    /// Keep saved views of one's own.
    KeepViews,
    /// Read leads.
    SeeLeads,
    /// Write down leads.
    CreateLead,
    /// Read the rules by which leads find a partner.
    SeeLeadRouting,
    /// Change the rules by which leads find a partner.
    ManageLeadRouting,
    /// Read disputes.
    SeeDisputes,
    /// Open a dispute for one's own partner.
    OpenDispute,
    /// Read the vendor's own opportunities.
    SeeDirects,
    /// Record an opportunity of the vendor's own, and close it.
    RecordDirect,
}

impl ViewerAction {
    /// Every action with the right that it needs.
    const RIGHTS: [(Self, Action); 25] = [
        (Self::RegisterDeal, Action::RegisterDeal),
        (Self::DecideDeal, Action::DecideDeal),
        (Self::MoveDeal, Action::WorkDeal),
        (Self::SeeDeals, Action::SeeDeals),
        (Self::SeeKits, Action::SeeKits),
        (Self::ManageUsers, Action::ManageUsers),
        (Self::ManageApiKeys, Action::ManageApiKeys),
        (Self::Import, Action::Import),
        (Self::EditPartner, Action::EditPartner),
        (Self::WriteInternalNote, Action::InternalNotes),
        (Self::RegisterForPartner, Action::RegisterForPartner),
        (Self::ManageRules, Action::ManageRules),
        (Self::ManageProducts, Action::ManageProducts),
        (Self::AcceptEngagement, Action::AcceptEngagement),
        (Self::SeeRouting, Action::SeeRouting),
        (Self::ManageRouting, Action::ManageRouting),
        (Self::KeepViews, Action::KeepViews),
        (Self::SeeLeads, Action::SeeLeads),
        (Self::CreateLead, Action::CreateLead),
        (Self::SeeLeadRouting, Action::SeeLeadRouting),
        (Self::ManageLeadRouting, Action::ManageLeadRouting),
        (Self::SeeDisputes, Action::SeeDisputes),
        (Self::OpenDispute, Action::OpenDispute),
        (Self::SeeDirects, Action::SeeDirects),
        (Self::RecordDirect, Action::RecordDirect),
    ];
}

/// Who is asking.
pub(crate) struct Viewer {
    actor: Actor,
    account: Arc<domain::User>,
}

impl Viewer {
    /// The viewer with an account that was just read.
    pub(crate) fn of(actor: Actor, account: domain::User) -> Self {
        Self { actor, account: Arc::new(account) }
    }
}

/// The viewer of that actor; for an API key, the account that made it.
pub(crate) async fn viewer_of(ctx: &Context<'_>, actor: &Actor) -> Result<Viewer, Problem> {
    let account = entente_app::viewer::account(ctx.app()?, actor).await?;
    Ok(Viewer::of(actor.clone(), account.ok_or_else(Problem::unauthenticated)?))
}

/// Who is asking, and what they may do.
#[Object]
impl Viewer {
    /// The person; for an API key, the one who made it.
    async fn user(&self) -> User {
        User(self.account.clone())
    }

    /// The viewer's own partner; null for the vendor's side.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner_opt(self.actor.partner_id.as_ref()).await?.map(Partner))
    }

    /// Roles, all of one side.
    async fn roles(&self) -> Vec<Role> {
        self.actor.roles.iter().copied().map(Into::into).collect()
    }

    /// What the viewer may do at all; the screen shows only these.
    async fn can(&self) -> Vec<ViewerAction> {
        ViewerAction::RIGHTS.into_iter().filter(|(_, right)| can(&self.actor, *right, Resource::Any)).map(|(action, _)| action).collect()
    }

    /// Language of the app (ISO 639-1): `en` or `de`.
    async fn language(&self) -> &str {
        &self.account.language
    }

    /// How the app looks.
    async fn theme(&self) -> Theme {
        self.account.theme.into()
    }

    /// Where the live streams stand now: whoever reads after this answer and subscribes with it as `after` misses no change.
    async fn live_cursor(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(seq_cursor(ctx.app()?.hub.last_seq()))
    }
}
