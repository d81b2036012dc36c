//! What was tried and what came of it: one entry for each thing that a writer set out to do, under a key of its own.

use serde_json::{Value, json};

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Registers a deal for the writer's partner.
    Register,
    /// Approves one.
    Approve,
    /// Moves one to this stage.
    Move(&'static str),
    /// Takes one back.
    Withdraw,
    /// Writes a note on one.
    Note,
}

impl Action {
    /// The kind of the event that comes of it.
    pub fn event(&self) -> &'static str {
        match self {
            Self::Register => "DEAL_REGISTERED",
            Self::Approve => "DEAL_APPROVED",
            Self::Move(_) => "DEAL_STAGE_MOVED",
            Self::Withdraw => "DEAL_WITHDRAWN",
            Self::Note => "DEAL_NOTE_ADDED",
        }
    }

    /// Whether it is done by the vendor and not by the deal's partner.
    pub fn is_vendors(&self) -> bool {
        *self == Self::Approve
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// Done; the deal in this version.
    Done {
        /// Its id.
        deal: String,
        /// Its version after that.
        version: i32,
    },
    /// The verdict was that it cannot be.
    Blocked,
    /// A typed error of the payload.
    Refused(String),
    /// A top-level error or a status without an answer: it may have happened.
    Problem(String),
    /// Nobody was there.
    NotConnected,
    /// The connection broke, or nothing came in time: it may have happened.
    NoAnswer,
}

impl Tried {
    /// Whether the caller knows now.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Blocked | Self::Refused(_))
    }
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When it was sent, in microseconds since 1970.
    pub sent_us: u64,
    /// When its outcome was there.
    pub done_us: u64,
    /// The server that was asked.
    pub server: usize,
    /// What came of it.
    pub tried: Tried,
}

/// Something that a writer set out to do.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its own key: the idempotency key of a registration, the text of the event of anything else.
    pub key: String,
    /// Who does it.
    pub email: String,
    /// What.
    pub action: Action,
    /// To which deal; empty for a registration.
    pub deal: String,
    /// In which version.
    pub version: i32,
    /// The input of a registration.
    pub input: Value,
    /// Every attempt.
    pub attempts: Vec<Attempt>,
}

impl Entry {
    /// What is known in the end; none when nothing is.
    pub fn outcome(&self) -> Option<&Tried> {
        self.attempts.last().map(|attempt| &attempt.tried).filter(|tried| tried.is_known())
    }

    /// Whether an attempt before the last may have done it.
    pub fn was_in_doubt(&self) -> bool {
        let before = self.attempts.len().saturating_sub(1);
        self.attempts[..before].iter().any(|attempt| attempt.tried != Tried::NotConnected)
    }

    /// The operation and its variables.
    pub fn operation(&self) -> (String, Value) {
        if self.action == Action::Register {
            return (REGISTER.to_owned(), json!({ "input": self.input }));
        }
        let (field, more) = match &self.action {
            Action::Approve => ("dealApprove", "expectedVersion: $version, note: $text".to_owned()),
            Action::Move(stage) => ("dealMoveStage", format!("expectedVersion: $version, stage: \"{stage}\", note: $text")),
            Action::Withdraw => ("dealWithdraw", "expectedVersion: $version, reason: $text".to_owned()),
            Action::Note | Action::Register => ("dealAddNote", "text: $text, visibility: SHARED".to_owned()),
        };
        let version = if self.action == Action::Note { "" } else { ", $version: Int!" };
        let query = format!(
            "mutation($id: ID!, $text: String!{version}) {{ done: {field}(id: $id, {more}) {{ deal {{ id version }} errors {{ message ... on DealDecisionError {{ code }} }} }} }}"
        );
        let mut variables = json!({ "id": self.deal, "text": self.key });
        if self.action != Action::Note {
            variables["version"] = self.version.into();
        }
        (query, variables)
    }
}

const REGISTER: &str = "mutation($input: DealRegisterInput!) { done: dealRegister(input: $input) { deal { id version } verdict { outcome } errors { message ... on DealRegisterError { code } } } }";

/// What an answer's data says of the attempt.
pub fn tried(data: &Value) -> Tried {
    let done = &data["done"];
    if let Some(error) = done["errors"].get(0) {
        let code = error["code"].as_str().map_or_else(|| error["message"].to_string(), str::to_owned);
        return Tried::Refused(code);
    }
    if done["verdict"]["outcome"] == "BLOCKED" {
        return Tried::Blocked;
    }
    match (done["deal"]["id"].as_str(), done["deal"]["version"].as_i64().and_then(|version| i32::try_from(version).ok())) {
        (Some(deal), Some(version)) => Tried::Done { deal: deal.to_owned(), version },
        _ => Tried::Problem(format!("an answer without a deal: {data}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let done = json!({ "done": { "deal": { "id": "deal_1", "version": 2 }, "errors": [] } });
        assert_eq!(tried(&done), Tried::Done { deal: "deal_1".into(), version: 2 });
        assert_eq!(tried(&json!({ "done": { "deal": null, "verdict": { "outcome": "BLOCKED" }, "errors": [] } })), Tried::Blocked);
        assert_eq!(tried(&json!({ "done": { "errors": [{ "code": "STALE_VERSION" }] } })), Tried::Refused("STALE_VERSION".into()));
        assert!(!tried(&json!({ "done": { "deal": null, "errors": [] } })).is_known());
    }

    #[test]
    fn an_attempt_without_an_answer_leaves_doubt() {
        let attempt = |tried| Attempt { sent_us: 0, done_us: 0, server: 0, tried };
        let refused = Tried::Refused("STALE_VERSION".into());
        let mut entry = Entry {
            key: "k".into(),
            email: String::new(),
            action: Action::Approve,
            deal: "d".into(),
            version: 1,
            input: Value::Null,
            attempts: vec![attempt(Tried::NotConnected), attempt(refused.clone())],
        };
        assert!(!entry.was_in_doubt() && entry.outcome() == Some(&refused));
        entry.attempts.insert(0, attempt(Tried::NoAnswer));
        assert!(entry.was_in_doubt());
    }
}
