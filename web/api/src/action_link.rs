//! Links in letters: what one is about, and doing what it is for. Whoever has the link needs no session.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{DateTime, error::error_family, schema};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionLinkState {
    Open,
    Used,
    Expired,
    Settled,
    OtherPerson,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionLinkAction {
    Approve,
    Reject,
    Answer,
    AnswerPartner,
    GrantExtension,
    DeclineExtension,
    AcceptLead,
    DeclineLead,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ActionLink {
    pub state: ActionLinkState,
    pub action: Option<ActionLinkAction>,
    pub needs_text: Option<bool>,
    pub kind: Option<String>,
    pub person_name: Option<String>,
    pub title: Option<String>,
    pub number: Option<String>,
    pub customer_name: Option<String>,
    pub partner_name: Option<String>,
    pub value: Option<String>,
    pub actor_name: Option<String>,
    pub text: Option<String>,
    pub due_at: Option<DateTime>,
    pub expires_at: Option<DateTime>,
    pub path: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ActionLinkVariables {
    pub token: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ActionLinkVariables")]
pub struct ActionLinkQuery {
    #[arguments(token: $token)]
    pub action_link: Option<ActionLink>,
}

error_family!(action_link_error, ActionLinkProblem, "ActionLinkError", ActionLinkErrorCode, "ActionLinkErrorCode" {
    Unknown, Used, Expired, OtherPerson, AccountClosed, NotAllowed, Settled, NotYourStep, ClaimTaken, EvidenceTooLittle, Required,
    TooLong,
});

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct ActionLinkUseInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ActionLinkUseVariables {
    pub token: String,
    pub input: Option<ActionLinkUseInput>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ActionLinkUseVariables")]
pub struct ActionLinkUse {
    #[arguments(token: $token, input: $input)]
    pub action_link_use: ActionLinkPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ActionLinkPayload {
    pub link: Option<ActionLink>,
    pub errors: Vec<ActionLinkProblem>,
}
