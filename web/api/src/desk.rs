//! The deal desk: evidence, protection and conflicts of a deal, the vendor's own opportunities, and what the rules say of them.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    Date, DateTime, Id, Money, PageInfo,
    deal::{Customer, DealCard, PartnerRef, ProductRef, RegistrationStatus},
    deal_action::DealDecisionPayload,
    schema,
};

// ---- rules ----

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceUse {
    Off,
    Shown,
    MinimumToRegister,
    MinimumToApprove,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionRule {
    Off,
    Once,
    Unlimited,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Date,
    Choice,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct EvidenceRules {
    pub counts: EvidenceUse,
    pub minimum: i32,
    pub meeting: i32,
    pub contact: i32,
    pub discovery: i32,
    pub budget: i32,
    pub files: i32,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct EvidenceRulesInput {
    pub counts: EvidenceUse,
    pub minimum: i32,
    pub meeting: i32,
    pub contact: i32,
    pub discovery: i32,
    pub budget: i32,
    pub files: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ProtectionTerms {
    pub extension: ExtensionRule,
    pub extension_days: i32,
    pub inactivity_days: i32,
    pub reminder_days: Vec<i32>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct ProtectionTermsInput {
    pub extension: ExtensionRule,
    pub extension_days: i32,
    pub inactivity_days: i32,
    pub reminder_days: Vec<i32>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct CustomField {
    pub key: String,
    pub name: String,
    pub kind: FieldKind,
    pub options: Vec<String>,
    pub required: bool,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct CustomFieldInput {
    pub key: String,
    pub name: String,
    pub kind: FieldKind,
    pub options: Vec<String>,
    pub required: bool,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct CustomValueInput {
    pub key: String,
    pub value: String,
}

// ---- deals ----

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceKind {
    Meeting,
    Contact,
    Discovery,
    Budget,
    Files,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealEvidence {
    pub contact_name: Option<String>,
    pub description: Option<String>,
    pub met_on: Option<Date>,
    pub discovery_notes: Option<String>,
    pub budget: Option<String>,
    pub files: Vec<EvidenceFile>,
    pub fields: Vec<CustomValue>,
    pub score: Option<i32>,
    pub parts: Vec<EvidencePart>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct EvidenceFile {
    pub id: Id,
    pub name: String,
    pub size: i32,
    pub url: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct CustomValue {
    pub key: String,
    pub name: String,
    pub value: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct EvidencePart {
    pub kind: EvidenceKind,
    pub weight: i32,
    pub given: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealProtection {
    pub until: Option<DateTime>,
    pub stands_still: bool,
    pub minutes_left: Option<i32>,
    pub question: Option<VendorOwes>,
    pub extension: Option<VendorOwes>,
    pub extensions: i32,
    pub can_extend: bool,
    pub inactive_at: Option<DateTime>,
    pub next_reminder_at: Option<DateTime>,
    pub terms: ProtectionTerms,
    pub release: Option<DealReleaseProof>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct VendorOwes {
    pub text: String,
    pub asked_at: DateTime,
    pub asked_by: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealReleaseProof {
    pub requested_by: String,
    pub proof: String,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    Protected,
    Waiting,
    ProductLine,
    Related,
    Similar,
    Direct,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealConflict {
    pub kind: ConflictKind,
    pub deal: Option<BesideDeal>,
    pub direct: Option<DirectRef>,
}

/// Another partner's deal beside a registration.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct BesideDeal {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub status: RegistrationStatus,
    pub partner: PartnerRef,
    pub customer: Option<Customer>,
    pub products: Vec<ProductRef>,
    pub value: Money,
    pub created_at: DateTime,
    pub decided_at: Option<DateTime>,
    pub protected_until: Option<DateTime>,
    pub evidence: DealEvidence,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DirectOpportunity")]
pub struct DirectRef {
    pub id: Id,
    pub customer_name: String,
    pub note: Option<String>,
    pub recorded_by: String,
    pub recorded_at: DateTime,
}

/// What the deal's page shows of the desk.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct DealDesk {
    pub version: i32,
    pub rules_version: i32,
    pub customer_parent: Option<String>,
    pub evidence: DealEvidence,
    pub protection: Option<DealProtection>,
    pub conflicts: Vec<DealConflict>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealDeskVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealDeskVariables")]
pub struct DealDeskQuery {
    #[arguments(id: $id)]
    pub deal: Option<DealDesk>,
}

/// A deal on which the vendor owes an answer, with what was asked.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct OwedDeal {
    #[cynic(spread)]
    pub card: DealCard,
    /// Under a name of its own: the card has selected other fields of it.
    #[cynic(alias, rename = "protection")]
    pub owed: Option<Owed>,
}

/// What the partner asked and is not answered.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealProtection")]
pub struct Owed {
    pub question: Option<VendorOwes>,
    pub extension: Option<VendorOwes>,
}

/// Deals on which an answer is owed: as `deal::DealsQuery`, with what was asked on each.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "crate::deal::DealsVariables")]
pub struct OwedDealsQuery {
    #[arguments(search: $search, filter: $filter, orderBy: $order_by, first: $first, after: $after)]
    pub deals: OwedDealConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealConnection")]
pub struct OwedDealConnection {
    pub nodes: Vec<OwedDeal>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct DealEvidenceInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub met_on: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub discovery_notes: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    pub file_ids: Vec<Id>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealAddEvidenceVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: DealEvidenceInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealAddEvidenceVariables")]
pub struct DealAddEvidence {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub deal_add_evidence: DealDecisionPayload,
}

/// A text on a version: a question, an answer, a reason.
#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealTextVariables {
    pub id: Id,
    pub expected_version: i32,
    pub text: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealTextVariables")]
pub struct DealAskVendor {
    #[arguments(id: $id, expectedVersion: $expected_version, question: $text)]
    pub deal_ask_vendor: DealDecisionPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealTextVariables")]
pub struct DealAnswerPartner {
    #[arguments(id: $id, expectedVersion: $expected_version, answer: $text)]
    pub deal_answer_partner: DealDecisionPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealTextVariables")]
pub struct DealRequestExtension {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $text)]
    pub deal_request_extension: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealDecideExtensionVariables {
    pub id: Id,
    pub expected_version: i32,
    pub granted: bool,
    pub note: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealDecideExtensionVariables")]
pub struct DealDecideExtension {
    #[arguments(id: $id, expectedVersion: $expected_version, granted: $granted, note: $note)]
    pub deal_decide_extension: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealReleaseVariables {
    pub id: Id,
    pub expected_version: i32,
    pub requested_by: String,
    pub proof: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealReleaseVariables")]
pub struct DealRelease {
    #[arguments(id: $id, expectedVersion: $expected_version, requestedBy: $requested_by, proof: $proof)]
    pub deal_release: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealSetCustomerParentVariables {
    pub id: Id,
    pub parent: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealSetCustomerParentVariables")]
pub struct DealSetCustomerParent {
    #[arguments(id: $id, parent: $parent)]
    pub deal_set_customer_parent: DealDecisionPayload,
}
