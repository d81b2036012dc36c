//! The three roots, each merged from its capabilities.

use async_graphql::{MergedObject, MergedSubscription};

use crate::api_key::{ApiKeyMutation, ApiKeyQuery};
use crate::deal::{DealMutation, DealQuery, DealSubscription};
use crate::import::{ImportMutation, ImportQuery};
use crate::kit::KitQuery;
use crate::node::NodeQuery;
use crate::partner::{PartnerMutation, PartnerQuery, PartnerSubscription};
use crate::program::ProgramQuery;
use crate::routing::{RoutingMutation, RoutingQuery, RoutingSubscription};
use crate::saved_view::{SavedViewMutation, SavedViewQuery};
use crate::rules::{EngagementMutation, EngagementQuery, RulesMutation, RulesQuery};
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
    PartnerQuery,
    DealQuery,
    KitQuery,
    UserQuery,
    ApiKeyQuery,
    ImportQuery,
);

/// What can be changed: one mutation per business action. The payload has the entity and the errors that the caller can mend.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SessionMutation,
    ViewerMutation,
    DealMutation,
    RulesMutation,
    EngagementMutation,
    RoutingMutation,
    SavedViewMutation,
    PartnerMutation,
    UserMutation,
    ApiKeyMutation,
    ImportMutation,
);

/// What can be followed live.
#[derive(MergedSubscription, Default)]
pub struct Subscription(DealSubscription, RoutingSubscription, PartnerSubscription);
