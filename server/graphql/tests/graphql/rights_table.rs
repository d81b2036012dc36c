//! What nobody, a partner's seller, a partner's engineer, a channel manager and an administrator are answered by each root field.

/// What an answer must look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Want {
    /// Data, and no top-level error.
    Data,
    /// Data that is null.
    Null,
    /// A top-level error with this code.
    Code(&'static str),
    /// A user error with this code.
    UserError(&'static str),
    /// A connection or list without a row.
    Empty,
}
use Want::{Code, Data, Empty, Null, UserError};

const NOBODY: Want = Code("UNAUTHENTICATED");
const FORBIDDEN: Want = Code("FORBIDDEN");
const NOT_ALLOWED: Want = UserError("NOT_ALLOWED");
const NOT_FOUND: Want = UserError("NOT_FOUND");

/// Root field, selection, and what is wanted for: nobody, partner's seller, partner's engineer, channel manager, administrator.
/// `$deal` is a deal of another partner, `$own` one of the seller's own partner.
pub const ROWS: &[(&str, &str, [Want; 5])] = &[
    ("viewer", "viewer { roles }", [Null, Data, Data, Data, Data]),
    ("node", "node(id: $deal) { id }", [Null, Null, Null, Data, Data]),
    ("nodes", "nodes(ids: [$deal, $own]) { id }", [Data, Data, Data, Data, Data]),
    ("program", "program { name }", [Data, Data, Data, Data, Data]),
    ("programRules", "programRules { number }", [Data; 5]),
    ("rulesVersions", "rulesVersions(first: 1) { nodes { number } }", [Data; 5]),
    ("rulesEarliestChange", "rulesEarliestChange", [Data; 5]),
    ("rulesTry", "rulesTry(input: $rules, first: 1) { judged errors { message } }", [NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, Data]),
    ("engagementAcceptance", "engagementAcceptance(partnerId: $partner) { rulesNumber }", [NOBODY, Data, Data, Data, Data]),
    (
        "rulesPropose",
        "rulesPropose(input: $proposal) { errors { ... on RulesError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("DATE_IN_PAST")],
    ),
    (
        "rulesWithdraw",
        "rulesWithdraw(number: 999, reason: \"x\") { errors { ... on RulesError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "productCreate",
        "productCreate(input: {key: \"\", name: \"\"}) { errors { ... on ProductError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("REQUIRED")],
    ),
    (
        "productUpdate",
        "productUpdate(id: \"prod_01J00000000000000000000000\", expectedVersion: 1, input: {key: \"x\", name: \"x\"}) { errors { ... on ProductError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "productRetire",
        "productRetire(id: \"prod_01J00000000000000000000000\", expectedVersion: 1) { errors { ... on ProductError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "productRestore",
        "productRestore(id: \"nonsense\", expectedVersion: 1) { errors { ... on ProductError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "engagementAccept",
        "engagementAccept(rulesNumber: 1) { errors { ... on EngagementError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    ),
    ("partners", "partners(first: 1) { nodes { id } }", [Data, Data, Data, Data, Data]),
    ("partner", "partner(slug: \"aurora-systems\") { id }", [Data, Data, Data, Data, Data]),
    ("partnerSuggestions", "partnerSuggestions(prefix: \"auro\") { label }", [Data, Data, Data, Data, Data]),
    ("deals", "deals(first: 1) { nodes { id } }", [NOBODY, Data, Empty, Data, Data]),
    ("deal", "deal(id: $deal) { id }", [NOBODY, Null, Null, Data, Data]),
    ("pipelineSummary", "pipelineSummary { count }", [NOBODY, Data, Data, Data, Data]),
    ("dealCheck", "dealCheck(input: $input) { outcome }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("kits", "kits(first: 1) { nodes { id } }", [NOBODY, Data, Empty, Data, Data]),
    ("kit", "kit(id: $kit) { id }", [NOBODY, Data, Null, Data, Data]),
    ("attention", "attention(first: 1) { kind }", [NOBODY, Data, Empty, Data, Data]),
    ("recentChanges", "recentChanges(first: 1) { nodes { kind } }", [NOBODY, Data, Empty, Data, Data]),
    ("users", "users(first: 1) { nodes { id } }", [NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, Data]),
    ("apiKeys", "apiKeys(first: 1) { nodes { id } }", [NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, Data]),
    ("importRun", "importRun(id: \"imp_01J00000000000000000000000\") { id }", [NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, Null]),
    ("importRuns", "importRuns(first: 1) { nodes { id } }", [NOBODY, FORBIDDEN, FORBIDDEN, FORBIDDEN, Data]),
    (
        "sessionCreate",
        "sessionCreate(input: {email: \"nobody@x.test\", password: \"wrong\"}) { errors { ... on SessionError { code } } }",
        [UserError("WRONG_CREDENTIALS"); 5],
    ),
    ("sessionRefresh", "sessionRefresh { errors { ... on SessionError { code } } }", [UserError("SESSION_EXPIRED"); 5]),
    ("sessionRevoke", "sessionRevoke { errors { message } }", [Data; 5]),
    (
        "dealRegister",
        "dealRegister(input: $broken) { errors { ... on DealRegisterError { code } } }",
        [NOBODY, UserError("VALUE_NOT_POSITIVE"), NOT_ALLOWED, UserError("VALUE_NOT_POSITIVE"), UserError("VALUE_NOT_POSITIVE")],
    ),
    ("dealApprove", "dealApprove(id: $deal, expectedVersion: 99) { errors { ... on DealDecisionError { code } } }", DECIDING),
    ("dealReject", "dealReject(id: $deal, expectedVersion: 99, reason: \"x\") { errors { ... on DealDecisionError { code } } }", DECIDING),
    (
        "dealRequestInfo",
        "dealRequestInfo(id: $deal, expectedVersion: 99, question: \"x\") { errors { ... on DealDecisionError { code } } }",
        DECIDING,
    ),
    ("dealProvideInfo", "dealProvideInfo(id: $deal, expectedVersion: 99, answer: \"x\") { errors { ... on DealDecisionError { code } } }", ANSWERING),
    ("dealWithdraw", "dealWithdraw(id: $deal, expectedVersion: 99) { errors { ... on DealDecisionError { code } } }", ANSWERING),
    ("dealMoveStage", "dealMoveStage(id: $deal, expectedVersion: 99, stage: \"x\") { errors { ... on DealDecisionError { code } } }", DECIDING),
    ("dealUpdate", "dealUpdate(id: $deal, expectedVersion: 99, input: {title: \"x\"}) { errors { ... on DealDecisionError { code } } }", DECIDING),
    (
        "dealAddNote",
        "dealAddNote(id: $deal, text: \"\", visibility: INTERNAL) { errors { ... on DealDecisionError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    (
        "partnerUpdate",
        "partnerUpdate(id: $partner, expectedVersion: 99, input: {}) { errors { ... on PartnerError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, UserError("STALE_VERSION"), UserError("STALE_VERSION")],
    ),
    ("viewerUpdate", "viewerUpdate(input: {language: \"xx\"}) { errors { ... on UserAccountError { code } } }", OWN_SETTINGS),
    (
        "userCreate",
        "userCreate(input: {name: \"x\", email: \"x\", password: \"x\", roles: [SALES]}) { errors { ... on UserAccountError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("INVALID_INPUT")],
    ),
    (
        "userUpdate",
        "userUpdate(id: $user, expectedVersion: 99, input: {}) { errors { ... on UserAccountError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("STALE_VERSION")],
    ),
    (
        "apiKeyCreate",
        "apiKeyCreate(input: {name: \"\", scopes: [READ]}) { errors { ... on ApiKeyError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("REQUIRED")],
    ),
    (
        "apiKeyRevoke",
        "apiKeyRevoke(id: \"key_01J00000000000000000000000\") { errors { ... on ApiKeyError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "crmImport",
        "crmImport(input: {salesPipeline: \"file_01J00000000000000000000000\"}) { errors { ... on ImportError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    ("notifications", "notifications(first: 1) { nodes { id } }", [NOBODY, Data, Empty, Data, Data]),
    ("notificationsUnread", "notificationsUnread", [NOBODY, Data, Data, Data, Data]),
    ("notificationPreferences", "notificationPreferences { version }", [NOBODY, Data, Data, Data, Data]),
    ("notificationsMark", "notificationsMark(ids: [$deal], read: true) { changed errors { message } }", [NOBODY, Data, Data, Data, Data]),
    (
        "notificationsMarkAll",
        "notificationsMarkAll(until: \"2020-01-01T00:00:00Z\") { changed errors { message } }",
        [NOBODY, Data, Data, Data, Data],
    ),
    (
        "notificationPreferencesUpdate",
        "notificationPreferencesUpdate(input: {expectedVersion: 99, choices: [], digest: HOURLY}) { errors { ... on NotificationPreferencesError { code } } }",
        [NOBODY, UserError("STALE_VERSION"), UserError("STALE_VERSION"), UserError("STALE_VERSION"), UserError("STALE_VERSION")],
    ),
    ("actionLink", "actionLink(token: \"x\") { state }", [Null; 5]),
    ("actionLinkUse", "actionLinkUse(token: \"x\") { errors { ... on ActionLinkError { code } } }", [UserError("UNKNOWN"); 5]),
    ("notificationChanges", "notificationChanges { __typename }", [NOBODY, Data, Data, Data, Data]),
    ("report", "report { registrations { volume { value } } }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("export", "export(id: \"exp_01J00000000000000000000000\") { id }", [NOBODY, Null, Null, Null, Null]),
    (
        "exportStart",
        "exportStart(input: {kind: PARTNERS}) { export { state } errors { ... on ExportError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, Data, Data],
    ),
    ("dealChanges", "dealChanges { __typename }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("routing", "routing { version people { id } }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    ("desk", "desk { waiting owners { id } }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    ("savedViews", "savedViews(list: QUEUE) { id }", [NOBODY, Empty, Empty, Empty, Empty]),
    (
        "routingUpdate",
        "routingUpdate(expectedVersion: 99, input: {territories: [], rules: [], fallbackId: $user}) { errors { ... on RoutingError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("STALE_VERSION")],
    ),
    (
        "absenceSave",
        "absenceSave(input: {from: \"2020-01-01\", until: \"2020-01-02\", coverId: $user}) { errors { ... on AbsenceError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, UserError("DATE_IN_PAST"), UserError("DATE_IN_PAST")],
    ),
    (
        "absenceRemove",
        "absenceRemove(id: \"abs_01J00000000000000000000000\") { errors { ... on AbsenceError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND, NOT_FOUND],
    ),
    (
        "dealReroute",
        "dealReroute(id: $deal, expectedVersion: 99, to: $user, reason: \"x\") { errors { ... on DealDecisionError { code } } }",
        DECIDING,
    ),
    (
        "dealsApprove",
        "dealsApprove(items: [{id: $deal, expectedVersion: 99}]) { results { id } errors { ... on DealDecisionError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, Data, Data],
    ),
    (
        "savedViewCreate",
        "savedViewCreate(input: {list: QUEUE, name: \"\", query: \"\"}) { errors { ... on SavedViewError { code } } }",
        [NOBODY, UserError("REQUIRED"), NOT_ALLOWED, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    (
        "savedViewUpdate",
        "savedViewUpdate(id: \"view_01J00000000000000000000000\", input: {}) { errors { ... on SavedViewError { code } } }",
        [NOBODY, NOT_FOUND, NOT_ALLOWED, NOT_FOUND, NOT_FOUND],
    ),
    (
        "savedViewDelete",
        "savedViewDelete(id: \"view_01J00000000000000000000000\") { errors { ... on SavedViewError { code } } }",
        [NOBODY, NOT_FOUND, NOT_ALLOWED, NOT_FOUND, NOT_FOUND],
    ),
    ("vendorRecord", "vendorRecord { lastDays { decided breaches } quarters(count: 2) { quarter } }", [NOBODY, Data, Data, Data, Data]),
    ("dealRoom", "dealRoom(dealId: $deal) { title customer { name } }", [NOBODY, Null, Null, Data, Data]),
    ("dealRooms", "dealRooms(first: 1) { nodes { title } }", [NOBODY, Empty, Empty, Empty, Empty]),
    (
        "dealRoomSetParticipants",
        "dealRoomSetParticipants(dealId: $deal, expectedVersion: 99, participants: []) { errors { ... on DealRoomError { code } } }",
        DECIDING,
    ),
    (
        "dealRoomRecordPermission",
        "dealRoomRecordPermission(dealId: $deal, expectedVersion: 99, grantedBy: \"x\", proof: \"x\") { errors { ... on DealRoomError { code } } }",
        DECIDING,
    ),
    (
        "dealRoomWithdrawPermission",
        "dealRoomWithdrawPermission(dealId: $deal, expectedVersion: 99, reason: \"x\") { errors { ... on DealRoomError { code } } }",
        DECIDING,
    ),
    (
        "dealRoomShare",
        "dealRoomShare(dealId: $deal, expectedVersion: 99, value: true, nextStep: true) { errors { ... on DealRoomError { code } } }",
        DECIDING,
    ),
    (
        "dealRoomIntroduce",
        "dealRoomIntroduce(dealId: $deal, input: {introducer: \"\", introduced: \"x\", to: \"x\", on: \"2020-01-01\"}) { errors { ... on DealRoomError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    (
        "dealRoomConcludeIntroduction",
        "dealRoomConcludeIntroduction(dealId: $deal, expectedVersion: 99, introductionId: \"intro_01J00000000000000000000000\", outcome: MET) { errors { ... on DealRoomError { code } } }",
        DECIDING,
    ),
    (
        "dealRoomPost",
        "dealRoomPost(dealId: $deal, text: \"\") { errors { ... on DealRoomError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    ("dealRoomChanges", "dealRoomChanges { __typename }", [NOBODY, Data, Data, Data, Data]),
    ("routingChanges", "routingChanges { __typename }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    ("disputes", "disputes(first: 1) { nodes { id } }", [NOBODY, Empty, Empty, Empty, Empty]),
    ("dispute", "dispute(id: \"disp_01J00000000000000000000000\") { id }", [NOBODY, Null, Null, Null, Null]),
    (
        "disputeOpen",
        "disputeOpen(input: {dealId: $deal, statement: \"x\"}) { errors { ... on DisputeError { code } } }",
        [NOBODY, UserError("DEAL_NOT_FOUND"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    ),
    (
        "disputeState",
        "disputeState(id: \"disp_01J00000000000000000000000\", input: {text: \"x\"}) { errors { ... on DisputeError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ),
    (
        "disputeNameArbiter",
        "disputeNameArbiter(id: \"disp_01J00000000000000000000000\", expectedVersion: 1, userId: $user) { errors { ... on DisputeError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ),
    (
        "disputeDecide",
        "disputeDecide(id: \"disp_01J00000000000000000000000\", expectedVersion: 1, outcome: UPHOLD, reason: \"x\") { errors { ... on DisputeError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ),
    (
        "disputeWithdraw",
        "disputeWithdraw(id: \"disp_01J00000000000000000000000\", expectedVersion: 1) { errors { ... on DisputeError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ),
    ("disputeChanges", "disputeChanges { __typename }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("programChanges", "programChanges { __typename }", [NOBODY, Data, Data, Data, Data]),
    ("leads", "leads(first: 1) { nodes { id } }", [NOBODY, Data, Empty, Data, Data]),
    ("lead", "lead(id: \"lead_01J00000000000000000000000\") { id }", [NOBODY, Null, Null, Null, Null]),
    ("leadSummary", "leadSummary { withPartner }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("leadRouting", "leadRouting { number }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    ("leadRoutings", "leadRoutings(first: 1) { nodes { number } }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    (
        "leadCreate",
        "leadCreate(input: {name: \"\", email: \"a@b.test\", company: \"x\"}) { errors { ... on LeadError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    (
        "leadEnquire",
        "leadEnquire(input: {name: \"x\", email: \"a@b.test\", company: \"x\", consent: \"\"}) { errors { ... on LeadError { code } } }",
        [UserError("CONSENT_MISSING"); 5],
    ),
    ("leadAccept", "leadAccept(id: \"lead_01J00000000000000000000000\", expectedVersion: 1) { errors { ... on LeadError { code } } }", LEADS),
    (
        "leadDecline",
        "leadDecline(id: \"lead_01J00000000000000000000000\", expectedVersion: 1, reason: OTHER) { errors { ... on LeadError { code } } }",
        LEADS,
    ),
    (
        "leadAssign",
        "leadAssign(id: \"lead_01J00000000000000000000000\", expectedVersion: 1, partnerId: $partner) { errors { ... on LeadError { code } } }",
        LEADS,
    ),
    ("leadRoute", "leadRoute(id: \"lead_01J00000000000000000000000\", expectedVersion: 1) { errors { ... on LeadError { code } } }", LEADS),
    (
        "leadClose",
        "leadClose(id: \"lead_01J00000000000000000000000\", expectedVersion: 1, reason: OTHER) { errors { ... on LeadError { code } } }",
        LEADS,
    ),
    (
        "leadNote",
        "leadNote(id: \"lead_01J00000000000000000000000\", expectedVersion: 1, text: \"x\") { errors { ... on LeadError { code } } }",
        LEADS,
    ),
    (
        "leadConvert",
        "leadConvert(id: \"lead_01J00000000000000000000000\", expectedVersion: 1, input: $input) { errors { ... on LeadError { code } } }",
        LEADS,
    ),
    (
        "leadImport",
        "leadImport(input: {file: \"file_01J00000000000000000000000\"}) { errors { ... on ImportError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND],
    ),
    (
        "leadRoutingSave",
        "leadRoutingSave(input: {expectedNumber: 99, rules: [], windowHours: 1, followUpHours: 1, duplicateDays: 1}) { errors { ... on LeadError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UserError("STALE_VERSION")],
    ),
    ("leadChanges", "leadChanges { __typename }", [NOBODY, Data, FORBIDDEN, Data, Data]),
    ("directs", "directs(first: 1) { nodes { id } }", [NOBODY, Empty, Empty, Data, Data]),
    (
        "directRecord",
        "directRecord(input: {customerName: \"\", productIds: []}) { errors { ... on DirectError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, UserError("REQUIRED"), UserError("REQUIRED")],
    ),
    (
        "directClose",
        "directClose(id: \"drct_01J00000000000000000000000\", expectedVersion: 1, won: true) { errors { ... on DirectError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND, NOT_FOUND],
    ),
    (
        "dealAddEvidence",
        "dealAddEvidence(id: $deal, expectedVersion: 99, input: {budget: \"x\"}) { errors { ... on DealDecisionError { code } } }",
        ANSWERING,
    ),
    ("dealAskVendor", "dealAskVendor(id: $deal, expectedVersion: 99, question: \"x\") { errors { ... on DealDecisionError { code } } }", ANSWERING),
    (
        "dealRequestExtension",
        "dealRequestExtension(id: $deal, expectedVersion: 99, reason: \"x\") { errors { ... on DealDecisionError { code } } }",
        ANSWERING,
    ),
    (
        "dealAnswerPartner",
        "dealAnswerPartner(id: $deal, expectedVersion: 99, answer: \"x\") { errors { ... on DealDecisionError { code } } }",
        DECIDING,
    ),
    (
        "dealDecideExtension",
        "dealDecideExtension(id: $deal, expectedVersion: 99, granted: true) { errors { ... on DealDecisionError { code } } }",
        DECIDING,
    ),
    (
        "dealRelease",
        "dealRelease(id: $deal, expectedVersion: 99, requestedBy: \"x\", proof: \"y\") { errors { ... on DealDecisionError { code } } }",
        DECIDING,
    ),
    (
        "dealSetCustomerParent",
        "dealSetCustomerParent(id: $deal, parent: \"Umbrella\") { errors { ... on DealDecisionError { code } } }",
        [NOBODY, NOT_FOUND, NOT_FOUND, Data, Data],
    ),
    (
        "partnerSetCertificates",
        "partnerSetCertificates(id: $partner, expectedVersion: 99, certificates: []) { errors { ... on PartnerError { code } } }",
        [NOBODY, NOT_ALLOWED, NOT_ALLOWED, UserError("STALE_VERSION"), UserError("STALE_VERSION")],
    ),
    ("directChanges", "directChanges { __typename }", [NOBODY, FORBIDDEN, FORBIDDEN, Data, Data]),
    ("partnerChanges", "partnerChanges { __typename }", [NOBODY, Data, Data, Data, Data]),
];

/// No lead has that id, whoever asks.
const LEADS: [Want; 5] = [NOBODY, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND];
const DECIDING: [Want; 5] = [NOBODY, NOT_FOUND, NOT_FOUND, UserError("STALE_VERSION"), UserError("STALE_VERSION")];
/// The vendor sees the deal, but answers are the partner's.
const ANSWERING: [Want; 5] = [NOBODY, NOT_FOUND, NOT_FOUND, NOT_ALLOWED, NOT_ALLOWED];
const OWN_SETTINGS: [Want; 5] =
    [NOBODY, UserError("INVALID_INPUT"), UserError("INVALID_INPUT"), UserError("INVALID_INPUT"), UserError("INVALID_INPUT")];
