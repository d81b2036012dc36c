//! The viewer's notifications, what the viewer wants to be told how, and the live stream of both.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, DateTime, Id, PageInfo,
    client::decode,
    deal::ResyncRequired,
    error::error_family,
    schema,
    stream::{Source, Step, Stream, Told},
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationPriority {
    Note,
    Result,
    Answer,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Notification {
    pub id: Id,
    pub kind: String,
    pub priority: NotificationPriority,
    pub owed: bool,
    pub occurred_at: DateTime,
    pub read_at: Option<DateTime>,
    pub title: String,
    pub number: String,
    pub customer_name: Option<String>,
    pub partner_name: String,
    pub actor_name: String,
    pub text: Option<String>,
    pub due_at: Option<DateTime>,
    pub path: String,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct NotificationsVariables {
    pub unread: Option<bool>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "NotificationsVariables")]
pub struct NotificationsQuery {
    #[arguments(unread: $unread, first: $first, after: $after)]
    pub notifications: NotificationConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationConnection {
    pub nodes: Vec<Notification>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct NotificationsUnreadQuery {
    pub notifications_unread: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct NotificationsMarkVariables {
    pub ids: Vec<Id>,
    pub read: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "NotificationsMarkVariables")]
pub struct NotificationsMark {
    #[arguments(ids: $ids, read: $read)]
    pub notifications_mark: NotificationMarkPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct NotificationsMarkAllVariables {
    pub until: DateTime,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "NotificationsMarkAllVariables")]
pub struct NotificationsMarkAll {
    #[arguments(until: $until)]
    pub notifications_mark_all: NotificationMarkPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct NotificationMarkPayload {
    pub changed: i32,
    pub unread: i32,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationChannel {
    Off,
    InApp,
    Digest,
    Email,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestRhythm {
    Hourly,
    Daily,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationChoice {
    pub kind: String,
    pub asks: bool,
    pub channel: NotificationChannel,
    pub usual: NotificationChannel,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationPreferences {
    pub version: i32,
    pub choices: Vec<NotificationChoice>,
    pub time_zone: String,
    pub quiet_from: Option<String>,
    pub quiet_until: Option<String>,
    pub digest: DigestRhythm,
    pub digest_at: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct NotificationPreferencesQuery {
    pub notification_preferences: NotificationPreferences,
}

error_family!(preferences_error, NotificationPreferencesProblem, "NotificationPreferencesError", NotificationPreferencesErrorCode,
    "NotificationPreferencesErrorCode" { AlwaysShown, TimeZoneUnknown, QuietHoursEmpty, StaleVersion, InvalidInput });

#[derive(cynic::InputObject, Clone, Debug)]
pub struct NotificationChoiceInput {
    pub kind: String,
    pub channel: NotificationChannel,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct NotificationPreferencesInput {
    pub expected_version: i32,
    pub choices: Vec<NotificationChoiceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub quiet_from: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub quiet_until: Option<String>,
    pub digest: DigestRhythm,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct NotificationPreferencesUpdateVariables {
    pub input: NotificationPreferencesInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "NotificationPreferencesUpdateVariables")]
pub struct NotificationPreferencesUpdate {
    #[arguments(input: $input)]
    pub notification_preferences_update: NotificationPreferencesPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct NotificationPreferencesPayload {
    pub preferences: Option<NotificationPreferences>,
    pub errors: Vec<NotificationPreferencesProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct NotificationChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "NotificationChangesVariables")]
pub struct NotificationChangesSubscription {
    #[arguments(after: $after)]
    pub notification_changes: NotificationChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum NotificationChangeEvent {
    NotificationChange(NotificationChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationChange {
    pub cursor: String,
    pub is_new: bool,
    pub unread: i32,
}

/// What the screens hear of the viewer's notifications.
pub type InboxEvent = Told<NotificationChange>;

/// The stream of the viewer's notifications.
pub type InboxFeed = Stream<Inbox>;

/// Changes of the viewer's notifications.
pub struct Inbox;

impl Source for Inbox {
    type Item = NotificationChange;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(NotificationChangesSubscription::build(NotificationChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<NotificationChange>, ApiError> {
        Ok(match decode::<NotificationChangesSubscription>(data)?.notification_changes {
            NotificationChangeEvent::NotificationChange(change) => Step::Change(change.cursor.clone(), change),
            NotificationChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            NotificationChangeEvent::Unknown => Step::Unknown,
        })
    }
}
