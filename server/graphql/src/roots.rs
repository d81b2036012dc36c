//! The three roots, each merged from its capabilities.

use async_graphql::{MergedObject, MergedSubscription};

use crate::action_link::{ActionLinkMutation, ActionLinkQuery};
use crate::api_key::{ApiKeyMutation, ApiKeyQuery};
use crate::cosell::{CosellMutation, CosellQuery, CosellSubscription};
use crate::deal::{DealDeskMutation, DealMutation, DealQuery, DealSubscription};
use crate::direct::{DirectMutation, DirectQuery};
use crate::dispute::{DisputeMutation, DisputeQuery, DisputeSubscription};
use crate::export::{ExportMutation, ExportQuery};
use crate::import::{ImportMutation, ImportQuery};
use crate::kit::KitQuery;
use crate::lead::{EnquiryMutation, LeadMutation, LeadQuery, LeadRoutingMutation, LeadRoutingQuery, LeadSubscription};
use crate::node::NodeQuery;
use crate::notification::{NotificationMutation, NotificationQuery, NotificationSubscription};
use crate::partner::{PartnerMutation, PartnerQuery, PartnerSubscription};
use crate::product::{ProductMutation, ProgramSubscription};
use crate::program::ProgramQuery;
use crate::record::VendorRecordQuery;
use crate::report::ReportsQuery;
use crate::routing::{RoutingMutation, RoutingQuery, RoutingSubscription};
use crate::rules::{EngagementMutation, EngagementQuery, RulesMutation, RulesQuery};
use crate::saved_view::{SavedViewMutation, SavedViewQuery};
use crate::session::SessionMutation;
use crate::user::{UserMutation, UserQuery};
use crate::viewer::{ViewerMutation, ViewerQuery};

/// What can be read. Without a session only the viewer (null), the program, its rules, the directory and public nodes.
#[derive(MergedObject, Default)]
pub struct Query(
    ViewerQuery,
    NodeQuery,
    ProgramQuery,
    RulesQuery,
    EngagementQuery,
    RoutingQuery,
    SavedViewQuery,
    VendorRecordQuery,
    CosellQuery,
    PartnerQuery,
    DealQuery,
    DirectQuery,
    KitQuery,
    UserQuery,
    ApiKeyQuery,
    ImportQuery,
    NotificationQuery,
    ActionLinkQuery,
    LeadQuery,
    LeadRoutingQuery,
    DisputeQuery,
    ReportsQuery,
    ExportQuery,
);

/// What can be changed: one mutation per business action. The payload has the entity and the errors that the caller can mend.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SessionMutation,
    ViewerMutation,
    DealMutation,
    DealDeskMutation,
    DirectMutation,
    RulesMutation,
    ProductMutation,
    EngagementMutation,
    RoutingMutation,
    SavedViewMutation,
    CosellMutation,
    PartnerMutation,
    UserMutation,
    ApiKeyMutation,
    ImportMutation,
    NotificationMutation,
    ActionLinkMutation,
    LeadMutation,
    LeadRoutingMutation,
    EnquiryMutation,
    DisputeMutation,
    ExportMutation,
);

/// What can be followed live.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    DealSubscription,
    ProgramSubscription,
    RoutingSubscription,
    CosellSubscription,
    PartnerSubscription,
    NotificationSubscription,
    LeadSubscription,
    DisputeSubscription,
);
