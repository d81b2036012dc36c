//! Links in letters that do one thing without signing in: once, for one person, on one deal in the version that the letter told
//! of or a later one, until they end. Whoever has the link acts as that person, with the rights of the moment of use. What answers
//! a question answers the one in the letter, never a later one.
//!
//! Pure: the secret and its hash are the application's and the store's; here is what a link allows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::deal::protection::Asked;
use crate::deal::{DealAction, DealError};
use crate::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use crate::id::{ActionLinkId, EventId, PartnerId, UserId};
use crate::lead::{LeadAction, LeadError};
use crate::notification::{About, Matter, NotificationKind, Said};
use crate::policy::Action;
use crate::text::{NOTE_MAX, TextError, optional, required};

/// How long a link holds, in days.
pub const LINK_DAYS: i64 = 7;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkAction {
    /// Approves the registration.
    Approve,
    /// Rejects it with a reason.
    Reject,
    /// Answers the vendor's question.
    Answer,
    /// Answers the partner's question.
    AnswerPartner,
    /// Extends the protection.
    GrantExtension,
    /// Does not extend the protection.
    DeclineExtension,
    /// Takes a lead.
    AcceptLead,
    /// Says no to a lead with a reason, so that it goes on.
    DeclineLead,
}

/// What a link does with what it is about.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Something with a deal.
    Deal(DealAction),
    /// Something with a lead.
    Lead(LeadAction),
}

impl LinkAction {
    /// Every action.
    pub const ALL: [LinkAction; 8] = [
        Self::Approve,
        Self::Reject,
        Self::Answer,
        Self::AnswerPartner,
        Self::GrantExtension,
        Self::DeclineExtension,
        Self::AcceptLead,
        Self::DeclineLead,
    ];

    /// The name on the wire and in the store, as `APPROVE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "APPROVE",
            Self::Reject => "REJECT",
            Self::Answer => "ANSWER",
            Self::AnswerPartner => "ANSWER_PARTNER",
            Self::GrantExtension => "GRANT_EXTENSION",
            Self::DeclineExtension => "DECLINE_EXTENSION",
            Self::AcceptLead => "ACCEPT_LEAD",
            Self::DeclineLead => "DECLINE_LEAD",
        }
    }

    /// What it does, and with which kind of thing.
    fn deed(self) -> Deed {
        match self {
            Self::Approve => Deed::Deal(DealAction::Approve),
            Self::Reject => Deed::Deal(DealAction::Reject),
            Self::Answer => Deed::Deal(DealAction::ProvideInfo),
            Self::AnswerPartner => Deed::Deal(DealAction::AnswerPartner),
            Self::GrantExtension | Self::DeclineExtension => Deed::Deal(DealAction::DecideExtension),
            Self::AcceptLead => Deed::Lead(LeadAction::Accept),
            Self::DeclineLead => Deed::Lead(LeadAction::Decline),
        }
    }

    /// The right that it needs.
    pub fn right(self) -> Action {
        match self.deed() {
            Deed::Deal(action) => action.right(),
            Deed::Lead(action) => action.right(),
        }
    }

    /// Whether the state of it allows this, whoever asks.
    pub fn fits(self, matter: Matter<'_>) -> bool {
        match (matter, self.deed()) {
            (Matter::Deal(deal), Deed::Deal(action)) => action.fits(deal),
            (Matter::Lead(lead), Deed::Lead(action)) => action.fits(lead),
            _ => false,
        }
    }

    /// Whether a text has to be written with it: a reason, an answer.
    pub fn needs_text(self) -> bool {
        !matches!(self, Self::Approve | Self::GrantExtension | Self::AcceptLead)
    }

    /// The text as it is kept, or what is wrong with it.
    pub fn text(self, text: Option<&str>) -> Result<Option<String>, TextError> {
        if self.needs_text() { required(text.unwrap_or_default(), NOTE_MAX).map(Some) } else { optional(text, NOTE_MAX) }
    }
}

/// A link. Its secret is nowhere, only hashes of it, in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionLink {
    /// Its id; gives nothing away.
    pub id: ActionLinkId,
    /// What it does.
    pub action: LinkAction,
    /// For whom it was made: who uses it acts as this person.
    pub user_id: UserId,
    /// The person's name of that time, for the page and the log.
    pub name: String,
    /// On what.
    pub about: About,
    /// Whose that is.
    pub partner_id: PartnerId,
    /// The version of it that the letter told of; an older one is never acted on.
    pub version: i32,
    /// What the letter said, and all that the page says before somebody acts.
    pub kind: NotificationKind,
    /// The same in words.
    pub said: Said,
    /// When what the letter told of happened; none in links from before this was kept.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used; none while it was not.
    pub used_at: Option<Timestamp>,
}

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// It can be used.
    Open,
    /// It was used.
    Used,
    /// Its time is over.
    Expired,
    /// What it would do has been done otherwise, or is no longer possible.
    Settled,
}

/// Why a link does nothing. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// No link has this secret; the same for one that never was and one that was forgotten.
    #[error("This link does not lead anywhere. Open the deal in the app instead.")]
    Unknown,
    /// It was used.
    #[error("This link has been used. Each link does one thing, once.")]
    Used,
    /// Its time is over.
    #[error("This link has ended. Sign in to go on.")]
    Expired,
    /// Somebody else is signed in in this browser.
    #[error("This link was sent to somebody else than the person who is signed in here.")]
    OtherPerson,
    /// The account of the person is closed.
    #[error("The account for which this link was made is closed.")]
    AccountClosed,
    /// The person may no longer do this, or see the deal.
    #[error("The person for whom this link was made may not do this any more.")]
    NotAllowed,
    /// The deal has been decided, or its state does not allow this any more.
    #[error("This has been settled meanwhile. Sign in to see how.")]
    Settled,
    /// In a chain of approvals somebody else comes first.
    #[error("Another person decides this step.")]
    NotYourStep,
    /// Another approved registration holds the customer and a product.
    #[error("Another approved registration holds this customer and product. Sign in to decide.")]
    ClaimTaken,
    /// The rules ask for more evidence before an approval. The link stays as it is.
    #[error("The evidence score is {score}, and the rules ask for {minimum} before an approval. Sign in to ask the partner for evidence.")]
    EvidenceTooLittle {
        /// What it is.
        score: i32,
        /// What it must be.
        minimum: i32,
    },
    /// A text is missing.
    #[error("text must not be empty.")]
    TextRequired,
    /// The text is too long.
    #[error("text must have at most 4000 characters.")]
    TextTooLong,
}

impl From<LeadError> for LinkRefusal {
    fn from(error: LeadError) -> Self {
        match error {
            LeadError::NotFound | LeadError::NotAllowed => Self::NotAllowed,
            LeadError::Required { .. } => Self::TextRequired,
            LeadError::TooLong { .. } => Self::TextTooLong,
            _ => Self::Settled,
        }
    }
}

impl From<DealError> for LinkRefusal {
    fn from(error: DealError) -> Self {
        match error {
            DealError::NotFound | DealError::NotAllowed => Self::NotAllowed,
            DealError::NotYourStep => Self::NotYourStep,
            DealError::ClaimTaken => Self::ClaimTaken,
            DealError::EvidenceTooLittle { score, minimum } => Self::EvidenceTooLittle { score, minimum },
            DealError::Required { .. } => Self::TextRequired,
            DealError::TooLong { .. } => Self::TextTooLong,
            _ => Self::Settled,
        }
    }
}

impl LinkRefusal {
    /// The name in the log of what happened, as `OTHER_PERSON`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Used => "USED",
            Self::Expired => "EXPIRED",
            Self::OtherPerson => "OTHER_PERSON",
            Self::AccountClosed => "ACCOUNT_CLOSED",
            Self::NotAllowed => "NOT_ALLOWED",
            Self::Settled => "SETTLED",
            Self::NotYourStep => "NOT_YOUR_STEP",
            Self::ClaimTaken => "CLAIM_TAKEN",
            Self::EvidenceTooLittle { .. } => "EVIDENCE_TOO_LITTLE",
            Self::TextRequired => "TEXT_REQUIRED",
            Self::TextTooLong => "TEXT_TOO_LONG",
        }
    }
}

/// When a link that is made now ends.
pub fn ends(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * LINK_DAYS)).unwrap_or(now)
}

impl ActionLink {
    /// How it stands; `matter` is what it is about as that is now, where it is still there.
    pub fn state(&self, matter: Option<Matter<'_>>, now: Timestamp) -> LinkState {
        match matter {
            _ if self.used_at.is_some() => LinkState::Used,
            _ if self.expires_at <= now => LinkState::Expired,
            Some(matter) if self.fits(matter) => LinkState::Open,
            _ => LinkState::Settled,
        }
    }

    /// Whether the state allows what it does: the same or a later version than the letter told of, of the same partner. A deal
    /// that is asked something meanwhile is not decided by a link from before, and another question is not answered by it.
    pub fn fits(&self, matter: Matter<'_>) -> bool {
        let same = matter.about() == self.about && matter.partner_id() == Some(&self.partner_id);
        same && matter.version() >= self.version && self.action.fits(matter) && self.is_still_asked(matter)
    }

    /// Whether what is open now is what the letter said. When it was asked is known of what a partner asks.
    fn is_still_asked(&self, matter: Matter<'_>) -> bool {
        let Matter::Deal(deal) = matter else { return true };
        let said = self.said.text.as_deref();
        let is = |asked: &Option<Asked>| {
            let open = asked.as_ref().filter(|a| self.happened_at.is_none_or(|at| at == a.at));
            open.is_some_and(|a| Some(a.text.as_str()) == said)
        };
        match self.action {
            LinkAction::Answer => deal.open_question.as_deref() == said,
            LinkAction::AnswerPartner => is(&deal.protection.question),
            LinkAction::GrantExtension | LinkAction::DeclineExtension => is(&deal.protection.extension),
            LinkAction::Approve | LinkAction::Reject | LinkAction::AcceptLead | LinkAction::DeclineLead => true,
        }
    }

    /// Whether `actor` (none when nobody is signed in) may use it now. Rights are for the change itself to ask.
    pub fn check(&self, signed_in: Option<&UserId>, matter: Option<Matter<'_>>, now: Timestamp) -> Result<(), LinkRefusal> {
        // Before anything else: somebody else learns nothing of how it stands.
        if signed_in.is_some_and(|user| *user != self.user_id) {
            return Err(LinkRefusal::OtherPerson);
        }
        match self.state(matter, now) {
            LinkState::Open => Ok(()),
            LinkState::Used => Err(LinkRefusal::Used),
            LinkState::Expired => Err(LinkRefusal::Expired),
            LinkState::Settled => Err(LinkRefusal::Settled),
        }
    }

    /// The event that tells what became of it. Only the vendor sees it.
    pub fn event(&self, id: EventId, kind: EventKind, by: EventActor, at: Timestamp, why: Option<&LinkRefusal>) -> Event {
        let change = |field: &str, after: &str| FieldChange { field: field.to_owned(), before: None, after: Some(after.to_owned()) };
        let mut changes = vec![change("action", self.action.name()), change("about", self.about.id()), change("for", self.user_id.as_str())];
        changes.extend(why.map(|why| change("refused", why.name())));
        let subject = Subject::ActionLink { id: self.id.clone() };
        Event { id, kind, subject, occurred_at: at, actor: by, visibility: Visibility::Internal, text: None, changes }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::deal::tests::{at, registration};
    use crate::deal::{Deal, RegistrationStatus};

    fn link(action: LinkAction) -> (ActionLink, Deal) {
        let deal = registration().deal;
        let said = Said {
            title: deal.title.clone(),
            number: deal.number.clone(),
            customer: None,
            partner: "P".into(),
            value: "1 EUR".into(),
            actor: "A".into(),
            text: None,
            due: None,
        };
        let link = ActionLink {
            id: ActionLinkId::new(Ulid::from_parts(1, 1)),
            action,
            user_id: UserId::new(Ulid::from_parts(1, 2)),
            name: "M".into(),
            about: About::Deal { id: deal.id.clone() },
            partner_id: deal.partner_id.clone(),
            version: deal.version,
            kind: NotificationKind::DecisionOwed,
            said,
            happened_at: Some(at(0)),
            made_at: at(0),
            expires_at: ends(at(0)),
            used_at: None,
        };
        (link, deal)
    }

    #[test]
    fn a_link_does_one_thing_once_in_its_time() {
        let (link, deal) = link(LinkAction::Approve);
        let (me, other) = (link.user_id.clone(), UserId::new(Ulid::from_parts(1, 3)));
        assert_eq!(link.check(None, Some(Matter::Deal(&deal)), at(1)), Ok(()));
        assert_eq!(link.check(Some(&me), Some(Matter::Deal(&deal)), at(1)), Ok(()));
        assert_eq!(link.check(Some(&other), Some(Matter::Deal(&deal)), at(1)), Err(LinkRefusal::OtherPerson));
        assert_eq!(link.check(None, Some(Matter::Deal(&deal)), link.expires_at), Err(LinkRefusal::Expired));
        assert_eq!(link.check(None, None, at(1)), Err(LinkRefusal::Settled));
        let used = ActionLink { used_at: Some(at(2)), ..link.clone() };
        assert_eq!(used.check(None, Some(Matter::Deal(&deal)), at(999)), Err(LinkRefusal::Used));
        assert_eq!(used.check(Some(&other), Some(Matter::Deal(&deal)), at(3)), Err(LinkRefusal::OtherPerson), "how it stands is nobody else's");
        let decided = Deal { status: RegistrationStatus::Rejected, version: deal.version + 1, ..deal.clone() };
        assert_eq!(link.check(None, Some(Matter::Deal(&decided)), at(1)), Err(LinkRefusal::Settled));
        // A later version is acted on, an older one never.
        assert_eq!(link.check(None, Some(Matter::Deal(&Deal { version: deal.version + 3, ..deal.clone() })), at(1)), Ok(()));
        assert_eq!(link.check(None, Some(Matter::Deal(&Deal { version: deal.version - 1, ..deal.clone() })), at(1)), Err(LinkRefusal::Settled));
    }

    #[test]
    fn a_question_in_between_stops_a_decision_and_wants_an_answer() {
        let (approve, deal) = link(LinkAction::Approve);
        let answer = saying(LinkAction::Answer, "Which site?");
        let question = Some("Which site?".to_owned());
        let asked = Deal { status: RegistrationStatus::InfoRequested, open_question: question, version: deal.version + 1, ..deal.clone() };
        assert_eq!(approve.state(Some(Matter::Deal(&asked)), at(1)), LinkState::Settled);
        assert_eq!(answer.state(Some(Matter::Deal(&asked)), at(1)), LinkState::Open);
        assert_eq!(answer.state(Some(Matter::Deal(&deal)), at(1)), LinkState::Settled);
    }

    /// A link in a letter that said this.
    fn saying(action: LinkAction, text: &str) -> ActionLink {
        let (link, _) = link(action);
        ActionLink { said: Said { text: Some(text.into()), ..link.said.clone() }, ..link }
    }

    #[test]
    fn another_question_is_not_answered_by_a_link_from_before() {
        let (_, deal) = link(LinkAction::Answer);
        let link = saying(LinkAction::Answer, "Which site?");
        let asked = |text: &str, versions: i32| {
            let open_question = Some(text.to_owned());
            Deal { status: RegistrationStatus::InfoRequested, open_question, version: deal.version + versions, ..deal.clone() }
        };
        assert_eq!(link.state(Some(Matter::Deal(&asked("Which site?", 1))), at(1)), LinkState::Open);
        // A change in between is none of the question.
        assert_eq!(link.state(Some(Matter::Deal(&asked("Which site?", 2))), at(1)), LinkState::Open);
        assert_eq!(link.check(None, Some(Matter::Deal(&asked("Which floor?", 3))), at(1)), Err(LinkRefusal::Settled));
    }

    #[test]
    fn what_a_partner_asked_anew_in_the_same_words_is_another_question() {
        let (_, deal) = link(LinkAction::AnswerPartner);
        let open = |action: LinkAction, text: &str, asked_at: Timestamp| {
            let asked = Asked { text: text.into(), at: asked_at, by: EventActor { user_id: None, name: "P".into() } };
            let mut deal = Deal { status: RegistrationStatus::Approved, version: deal.version + 4, ..deal.clone() };
            let place = if action == LinkAction::AnswerPartner { &mut deal.protection.question } else { &mut deal.protection.extension };
            *place = Some(asked);
            deal
        };
        for action in [LinkAction::AnswerPartner, LinkAction::GrantExtension, LinkAction::DeclineExtension] {
            let link = saying(action, "Please");
            let states = |link: &ActionLink| {
                let deals = [open(action, "Please", at(0)), open(action, "Please", at(1)), open(action, "Now", at(0)), deal.clone()];
                deals.map(|deal| link.state(Some(Matter::Deal(&deal)), at(2)))
            };
            let (open, settled) = (LinkState::Open, LinkState::Settled);
            assert_eq!(states(&link), [open, settled, settled, settled], "{action:?}");
            let of_before = ActionLink { happened_at: None, ..link };
            assert_eq!(states(&of_before), [open, open, settled, settled], "{action:?}: only the words are known");
        }
    }

    #[test]
    fn a_reason_and_an_answer_have_to_be_written() {
        assert_eq!(LinkAction::Approve.text(None), Ok(None));
        assert_eq!(LinkAction::Reject.text(Some("  ")), Err(TextError::Empty));
        assert_eq!(LinkAction::Answer.text(Some(" yes ")), Ok(Some("yes".into())));
        assert_eq!((LinkAction::AcceptLead.text(None), LinkAction::DeclineLead.text(None)), (Ok(None), Err(TextError::Empty)));
        assert!(LinkAction::Reject.text(Some(&"x".repeat(NOTE_MAX + 1))).is_err());
        for action in LinkAction::ALL {
            assert_eq!(serde_json::to_string(&action).unwrap(), format!("\"{}\"", action.name()));
            assert_eq!(LinkAction::ALL.iter().filter(|a| a.name() == action.name()).count(), 1, "{action:?}");
        }
    }

    #[test]
    fn too_little_evidence_says_what_is_missing_and_is_not_settled() {
        let refusal = LinkRefusal::from(DealError::EvidenceTooLittle { score: 20, minimum: 50 });
        assert_eq!((refusal.name(), refusal.clone()), ("EVIDENCE_TOO_LITTLE", LinkRefusal::EvidenceTooLittle { score: 20, minimum: 50 }));
        // The page reads both numbers out of it, in this order.
        let said = refusal.to_string();
        let numbers: Vec<&str> = said.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
        assert_eq!(numbers, ["20", "50"]);
        assert_eq!(LinkRefusal::from(DealError::NothingPending), LinkRefusal::Settled);
    }

    #[test]
    fn the_log_names_link_deal_and_person_and_no_secret() {
        let (link, _) = link(LinkAction::Reject);
        let by = EventActor { user_id: None, name: "Entente".into() };
        let event = link.event(EventId::new(Ulid::from_parts(2, 2)), EventKind::ActionLinkRefused, by, at(1), Some(&LinkRefusal::Expired));
        assert_eq!(event.visibility, Visibility::Internal);
        let fields: Vec<_> = event.changes.iter().map(|c| (c.field.as_str(), c.after.as_deref().unwrap_or_default())).collect();
        assert_eq!(fields, [("action", "REJECT"), ("about", link.about.id()), ("for", link.user_id.as_str()), ("refused", "EXPIRED")]);
    }
}
