//! Who is signed in, what they may do at all, and their own settings.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{Id, Url, error::error_family, schema};

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct ViewerQuery {
    pub viewer: Option<Viewer>,
}

/// Where the live streams stand now.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct LiveCursorQuery {
    pub viewer: Option<LiveCursor>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Viewer")]
pub struct LiveCursor {
    pub live_cursor: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Viewer {
    pub user: ViewerUser,
    pub partner: Option<ViewerPartner>,
    pub roles: Vec<Role>,
    pub can: Vec<ViewerAction>,
    pub language: String,
    pub theme: Theme,
    /// Where the live streams begin for whoever reads after this.
    pub live_cursor: String,
}

impl Viewer {
    #[must_use]
    pub fn can(&self, action: ViewerAction) -> bool {
        self.can.contains(&action)
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "User")]
pub struct ViewerUser {
    pub id: Id,
    pub name: String,
    pub email: Option<String>,
    pub title: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Partner")]
pub struct ViewerPartner {
    pub id: Id,
    pub slug: String,
    pub name: String,
    pub logo_url: Url,
    pub tier: Option<crate::program::Tier>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Admin,
    ChannelManager,
    MarketingManager,
    Sales,
    Finance,
    PartnerAdmin,
    PartnerSales,
    PartnerTechnical,
    PartnerMarketing,
    Integration,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewerAction {
    RegisterDeal,
    DecideDeal,
    MoveDeal,
    SeeDeals,
    SeeKits,
    ManageUsers,
    ManageApiKeys,
    Import,
    EditPartner,
    WriteInternalNote,
    RegisterForPartner,
    ManageRules,
    ManageProducts,
    AcceptEngagement,
    SeeRouting,
    ManageRouting,
    KeepViews,
    SeeLeads,
    CreateLead,
    SeeLeadRouting,
    ManageLeadRouting,
    SeeDisputes,
    OpenDispute,
    SeeDirects,
    RecordDirect,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

error_family!(viewer_update_error, UserProblem, "UserAccountError", UserErrorCode, "UserErrorCode" {
    NotFound, NotAllowed, StaleVersion, InvalidInput, TooLong, Required, EmailTaken, PasswordTooWeak, LastAdmin, RoleNotAllowed,
    IdempotencyKeyReused,
});

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ViewerUpdateVariables {
    pub input: ViewerUpdateInput,
}

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct ViewerUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ViewerUpdateVariables")]
pub struct ViewerUpdate {
    #[arguments(input: $input)]
    pub viewer_update: ViewerPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ViewerPayload {
    pub viewer: Option<Viewer>,
    pub errors: Vec<UserProblem>,
}
