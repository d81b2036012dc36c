//! Every change of one deal as one call: sends the mutation with the version it was decided on, and sorts the answer
//! into done, refused, or decided on a version that is no longer the newest.

use entente_web_api::{
    ApiError, Client, Date, FieldError, Id, MutationBuilder, Operation, QueryBuilder,
    deal::{DealCard, DealQuery, DealVariables, NoteVisibility},
    deal_action::{
        DealAddNote, DealAddNoteVariables, DealApprove, DealApproveVariables, DealDecisionPayload, DealMoveStage, DealMoveStageVariables,
        DealProvideInfo, DealProvideInfoVariables, DealReject, DealRejectVariables, DealRequestInfo, DealRequestInfoVariables, DealUpdate,
        DealUpdateInput, DealUpdateVariables, DealWithdraw, DealWithdrawVariables,
    },
    desk::{
        DealAddEvidence, DealAddEvidenceVariables, DealAnswerPartner, DealAskVendor, DealDecideExtension, DealDecideExtensionVariables,
        DealEvidenceInput, DealRelease, DealReleaseVariables, DealRequestExtension, DealSetCustomerParent, DealSetCustomerParentVariables,
        DealTextVariables,
    },
    error::field_errors,
    record::RejectionReason,
};
use serde::{Serialize, de::DeserializeOwned};
use yew::platform::spawn_local;

use crate::remote::Action;

/// What is to be done with a deal. Texts are as typed. The key of a note is made once, so that sending it again writes no second one.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Approve { note: String },
    Reject { reason: String, kind: Option<RejectionReason> },
    Ask { question: String },
    Answer { answer: String },
    Withdraw { reason: String },
    Move { stage: String, note: String },
    Note { text: String, visibility: NoteVisibility, key: String },
    Update { title: Option<String>, next_step: Option<String>, expected_close_on: Option<Date> },
    Evidence { input: DealEvidenceInput },
    AskVendor { question: String },
    AnswerPartner { answer: String },
    RequestExtension { reason: String },
    DecideExtension { granted: bool, note: String },
    Release { requested_by: String, proof: String },
    Parent { parent: String },
}

/// What came of it.
pub enum Outcome {
    /// The deal as it is now.
    Done(Box<DealCard>),
    /// It was decided on an older version: read it again.
    Stale,
    /// What to mend.
    Refused(Vec<FieldError>),
    /// No answer.
    Failed(ApiError),
}

/// Sends the change of deal `id`, decided on `version`.
pub fn send(action: &Action, id: &Id, version: i32, change: Change, done: impl FnOnce(Outcome) + 'static) {
    let (id, expected_version) = (id.clone(), version);
    match change {
        Change::Approve { note } => {
            let build = DealApprove::build(DealApproveVariables { id, expected_version, note: filled(note) });
            run(action, build, |data| data.deal_approve, done);
        }
        Change::Reject { reason, kind } => {
            let build = DealReject::build(DealRejectVariables { id, expected_version, reason, reason_code: kind });
            run(action, build, |data| data.deal_reject, done);
        }
        Change::Ask { question } => {
            let build = DealRequestInfo::build(DealRequestInfoVariables { id, expected_version, question });
            run(action, build, |data| data.deal_request_info, done);
        }
        Change::Answer { answer } => {
            let build = DealProvideInfo::build(DealProvideInfoVariables { id, expected_version, answer });
            run(action, build, |data| data.deal_provide_info, done);
        }
        Change::Withdraw { reason } => {
            let build = DealWithdraw::build(DealWithdrawVariables { id, expected_version, reason: filled(reason) });
            run(action, build, |data| data.deal_withdraw, done);
        }
        Change::Move { stage, note } => {
            let build = DealMoveStage::build(DealMoveStageVariables { id, expected_version, stage, note: filled(note) });
            run(action, build, |data| data.deal_move_stage, done);
        }
        Change::Note { text, visibility, key } => {
            let build = DealAddNote::build(DealAddNoteVariables { id, text, visibility, idempotency_key: Some(key) });
            run(action, build, |data| data.deal_add_note, done);
        }
        Change::Update { title, next_step, expected_close_on } => {
            let input = DealUpdateInput { title, next_step, expected_close_on };
            let build = DealUpdate::build(DealUpdateVariables { id, expected_version, input });
            run(action, build, |data| data.deal_update, done);
        }
        desk => send_desk(action, (id, expected_version), desk, done),
    }
}

/// Changes of evidence and protection.
fn send_desk(action: &Action, (id, expected_version): (Id, i32), change: Change, done: impl FnOnce(Outcome) + 'static) {
    let text = |text| DealTextVariables { id: id.clone(), expected_version, text };
    match change {
        Change::Evidence { input } => {
            let build = DealAddEvidence::build(DealAddEvidenceVariables { id, expected_version, input });
            run(action, build, |data| data.deal_add_evidence, done);
        }
        Change::AskVendor { question } => run(action, DealAskVendor::build(text(question)), |data| data.deal_ask_vendor, done),
        Change::AnswerPartner { answer } => run(action, DealAnswerPartner::build(text(answer)), |data| data.deal_answer_partner, done),
        Change::RequestExtension { reason } => run(action, DealRequestExtension::build(text(reason)), |data| data.deal_request_extension, done),
        Change::DecideExtension { granted, note } => {
            let build = DealDecideExtension::build(DealDecideExtensionVariables { id, expected_version, granted, note: filled(note) });
            run(action, build, |data| data.deal_decide_extension, done);
        }
        Change::Release { requested_by, proof } => {
            let build = DealRelease::build(DealReleaseVariables { id, expected_version, requested_by, proof });
            run(action, build, |data| data.deal_release, done);
        }
        Change::Parent { parent } => {
            let build = DealSetCustomerParent::build(DealSetCustomerParentVariables { id, parent });
            run(action, build, |data| data.deal_set_customer_parent, done);
        }
        _ => {}
    }
}

fn run<D, V>(
    action: &Action,
    operation: Operation<D, V>,
    payload: impl FnOnce(D) -> DealDecisionPayload + 'static,
    done: impl FnOnce(Outcome) + 'static,
) where
    D: DeserializeOwned + 'static,
    V: Serialize + 'static,
{
    action.run(operation, move |answer| {
        let payload = match answer {
            Ok(data) => payload(data),
            Err(error) => return done(Outcome::Failed(error)),
        };
        let errors = field_errors(payload.errors);
        done(match payload.deal {
            Some(deal) if errors.is_empty() => Outcome::Done(Box::new(deal)),
            _ if errors.iter().any(|error| error.code == "STALE_VERSION") => Outcome::Stale,
            _ => Outcome::Refused(errors),
        });
    });
}

/// An empty text is none.
fn filled(text: String) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads the deal as it is now, after a version turned out to be too old. `None` when it is gone or did not come.
pub fn read_again(client: &Client, id: &Id, got: impl FnOnce(Option<DealCard>) + 'static) {
    let (client, operation) = (client.clone(), DealQuery::build(DealVariables { id: id.clone() }));
    spawn_local(async move {
        got(client.run(operation).await.ok().and_then(|data| data.deal).map(|deal| deal.card));
    });
}
