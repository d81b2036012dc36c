//! The three roots, each merged from its capabilities.

use async_graphql::{MergedObject, MergedSubscription};

use crate::action_link::{ActionLinkMutation, ActionLinkQuery};
use crate::api_key::{ApiKeyMutation, ApiKeyQuery};
use crate::boxed::Boxed;
use crate::cosell::{CosellMutation, CosellQuery, CosellSubscription};
use crate::deal::{DealDeskMutation, DealMutation, DealQuery, DealSubscription};
use crate::direct::{DirectMutation, DirectQuery, DirectSubscription};
use crate::dispute::{DisputeMutation, DisputeQuery, DisputeSubscription};
use crate::export::{ExportMutation, ExportQuery};
use crate::import::{ImportMutation, ImportQuery};
use crate::kit::KitQuery;
use crate::lead::{EnquiryMutation, LeadMutation, LeadQuery, LeadRoutingMutation, LeadRoutingQuery, LeadSubscription};
use crate::node::NodeQuery;
use crate::notification::{NotificationMutation, NotificationQuery, NotificationSubscription};
use crate::partner::{CertificateMutation, PartnerMutation, PartnerQuery, PartnerSubscription};
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
    Boxed<ViewerQuery>,
    Boxed<NodeQuery>,
    Boxed<ProgramQuery>,
    Boxed<RulesQuery>,
    Boxed<EngagementQuery>,
    Boxed<RoutingQuery>,
    Boxed<SavedViewQuery>,
    Boxed<VendorRecordQuery>,
    Boxed<CosellQuery>,
    Boxed<PartnerQuery>,
    Boxed<DealQuery>,
    Boxed<DirectQuery>,
    Boxed<KitQuery>,
    Boxed<UserQuery>,
    Boxed<ApiKeyQuery>,
    Boxed<ImportQuery>,
    Boxed<NotificationQuery>,
    Boxed<ActionLinkQuery>,
    Boxed<LeadQuery>,
    Boxed<LeadRoutingQuery>,
    Boxed<DisputeQuery>,
    Boxed<ReportsQuery>,
    Boxed<ExportQuery>,
);

/// What can be changed: one mutation per business action. The payload has the entity and the errors that the caller can mend.
#[derive(MergedObject, Default)]
pub struct Mutation(
    Boxed<SessionMutation>,
    Boxed<ViewerMutation>,
    Boxed<DealMutation>,
    Boxed<DealDeskMutation>,
    Boxed<DirectMutation>,
    Boxed<RulesMutation>,
    Boxed<ProductMutation>,
    Boxed<EngagementMutation>,
    Boxed<RoutingMutation>,
    Boxed<SavedViewMutation>,
    Boxed<CosellMutation>,
    Boxed<PartnerMutation>,
    Boxed<CertificateMutation>,
    Boxed<UserMutation>,
    Boxed<ApiKeyMutation>,
    Boxed<ImportMutation>,
    Boxed<NotificationMutation>,
    Boxed<ActionLinkMutation>,
    Boxed<LeadMutation>,
    Boxed<LeadRoutingMutation>,
    Boxed<EnquiryMutation>,
    Boxed<DisputeMutation>,
    Boxed<ExportMutation>,
);

/// What can be followed live.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    DealSubscription,
    DirectSubscription,
    ProgramSubscription,
    RoutingSubscription,
    CosellSubscription,
    PartnerSubscription,
    NotificationSubscription,
    LeadSubscription,
    DisputeSubscription,
);
