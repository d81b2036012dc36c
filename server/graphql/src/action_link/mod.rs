//! Links in letters on the wire: what one is about, and doing the one thing that it is for. Whoever has the link needs no
//! session; whoever has a session of somebody else's is refused.

use std::time::Duration;

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::action_link::{LinkError, LinkView};
use entente_domain::action_link::{self as domain, LinkRefusal, LinkState};

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user_error::{ActionLinkError, ActionLinkErrorCode as Code, UserError};

/// How a link in a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ActionLinkState {
    /// It can be used.
    Open,
    /// It was used.
    Used,
    /// Its time is over.
    Expired,
    /// What it would do has been settled otherwise.
    Settled,
    /// It was sent to somebody else than who is signed in; nothing of it is shown.
    OtherPerson,
}

/// What a link in a letter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::LinkAction")]
pub(crate) enum ActionLinkAction {
    /// Approves a registration.
    Approve,
    /// Rejects it, with a reason.
    Reject,
    /// Answers the vendor's question.
    Answer,
    /// Answers the partner's question.
    AnswerPartner,
    /// Extends the protection of a deal.
    GrantExtension,
    /// Does not extend it, with a reason.
    DeclineExtension,
    /// Takes a lead that was offered.
    AcceptLead,
    /// Declines a lead that was offered, with a reason.
    DeclineLead,
}

/// A link in a letter. It says what the letter said, and nothing more; everything but the state is null when it was sent to
/// somebody else than who is signed in.
#[derive(SimpleObject)]
pub(crate) struct ActionLink {
    /// How it stands.
    state: ActionLinkState,
    /// What it does.
    action: Option<ActionLinkAction>,
    /// Whether a text has to be written with it: a reason, an answer.
    needs_text: Option<bool>,
    /// What the letter was about, as `DECISION_OWED`.
    kind: Option<String>,
    /// For whom it was made.
    person_name: Option<String>,
    /// Title of the deal.
    title: Option<String>,
    /// Number of the deal.
    number: Option<String>,
    /// The customer's name.
    customer_name: Option<String>,
    /// The partner's name.
    partner_name: Option<String>,
    /// Value with its currency.
    value: Option<String>,
    /// Who did what the letter tells of.
    actor_name: Option<String>,
    /// What that person wrote.
    text: Option<String>,
    /// Until when an answer is owed, as the letter said.
    due_at: Option<DateTime>,
    /// When the link ends.
    expires_at: Option<DateTime>,
    /// Where the app shows the deal to whoever signs in: a path.
    path: Option<String>,
}

impl ActionLink {
    fn of(view: LinkView) -> Self {
        match view {
            LinkView::OtherPerson => Self::hidden(),
            LinkView::Link { link, state } => Self::shown(*link, state),
        }
    }

    fn hidden() -> Self {
        Self {
            state: ActionLinkState::OtherPerson,
            action: None,
            needs_text: None,
            kind: None,
            person_name: None,
            title: None,
            number: None,
            customer_name: None,
            partner_name: None,
            value: None,
            actor_name: None,
            text: None,
            due_at: None,
            expires_at: None,
            path: None,
        }
    }

    fn shown(link: domain::ActionLink, state: LinkState) -> Self {
        let state = match state {
            LinkState::Open => ActionLinkState::Open,
            LinkState::Used => ActionLinkState::Used,
            LinkState::Expired => ActionLinkState::Expired,
            LinkState::Settled => ActionLinkState::Settled,
        };
        Self {
            state,
            action: Some(link.action.into()),
            needs_text: Some(link.action.needs_text()),
            kind: Some(link.kind.name().to_owned()),
            person_name: Some(link.name),
            title: Some(link.said.title),
            number: Some(link.said.number),
            customer_name: link.said.customer,
            partner_name: Some(link.said.partner),
            value: Some(link.said.value).filter(|value| !value.is_empty()),
            actor_name: Some(link.said.actor),
            text: link.said.text,
            due_at: link.said.due.map(DateTime),
            expires_at: Some(DateTime(link.expires_at)),
            path: Some(link.about.path()),
        }
    }
}

/// What a link is used with.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ActionLinkUseInput {
    /// The reason of a rejection, the answer to a question, or a note with an approval; at most 4,000 characters.
    text: Option<String>,
}

/// What became of using a link.
#[derive(SimpleObject)]
pub(crate) struct ActionLinkPayload {
    /// The link, used; null when there are errors.
    link: Option<ActionLink>,
    /// Why nothing was done; empty when it was.
    errors: Vec<UserError>,
}

/// Root field of links.
#[derive(Default)]
pub(crate) struct ActionLinkQuery;

#[Object]
impl ActionLinkQuery {
    /// What a link in a letter is about; null when there is no such link. Changes nothing, however often it is asked. Whoever
    /// has the link may ask, at most 60 times a minute from one address.
    async fn action_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret at the end of its address.")] token: String,
    ) -> Result<Option<ActionLink>> {
        match entente_app::action_link::look(ctx.app()?, ctx.actor(), &token, ctx.request()?.client_ip).await {
            Ok(view) => Ok(view.map(ActionLink::of)),
            Err(refused) => Err(match refused {
                Refused::Failed(error) => Problem::from(error),
                Refused::Refused(LinkError::TooMany) => too_many(),
                Refused::Refused(LinkError::Refused(refusal)) => Problem::internal(refusal),
            }
            .into()),
        }
    }
}

fn too_many() -> Problem {
    Problem::rate_limited("Too many tries from your network", Duration::from_secs(60))
}

/// Mutation of links.
#[derive(Default)]
pub(crate) struct ActionLinkMutation;

#[Object]
impl ActionLinkMutation {
    /// Does the one thing that a link in a letter is for, once, as the person to whom it was sent and with the rights of this
    /// moment. Needs no session; refused when somebody else is signed in. Of several uses at once one is done.
    async fn action_link_use(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret at the end of its address.")] token: String,
        #[graphql(desc = "What it is used with.")] input: Option<ActionLinkUseInput>,
    ) -> Result<ActionLinkPayload> {
        let text = input.unwrap_or_default().text;
        let used = entente_app::action_link::act(ctx.app()?, ctx.actor(), &token, text.as_deref(), ctx.request()?.client_ip).await;
        match used {
            Ok(link) => Ok(ActionLinkPayload { link: Some(ActionLink::shown(link, LinkState::Used)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(Problem::from(error).into()),
            Err(Refused::Refused(LinkError::TooMany)) => Err(too_many().into()),
            Err(Refused::Refused(LinkError::Refused(refusal))) => {
                let (code, path): (Code, &[&str]) = code(&refusal);
                Ok(ActionLinkPayload { link: None, errors: vec![ActionLinkError::of(code, path, refusal.to_string())] })
            }
        }
    }
}

fn code(refusal: &LinkRefusal) -> (Code, &'static [&'static str]) {
    match refusal {
        LinkRefusal::Unknown => (Code::Unknown, &["token"]),
        LinkRefusal::Used => (Code::Used, &["token"]),
        LinkRefusal::Expired => (Code::Expired, &["token"]),
        LinkRefusal::OtherPerson => (Code::OtherPerson, &[]),
        LinkRefusal::AccountClosed => (Code::AccountClosed, &[]),
        LinkRefusal::NotAllowed => (Code::NotAllowed, &[]),
        LinkRefusal::Settled => (Code::Settled, &[]),
        LinkRefusal::NotYourStep => (Code::NotYourStep, &[]),
        LinkRefusal::ClaimTaken => (Code::ClaimTaken, &[]),
        LinkRefusal::EvidenceTooLittle { .. } => (Code::EvidenceTooLittle, &[]),
        LinkRefusal::TextRequired => (Code::Required, &["input", "text"]),
        LinkRefusal::TextTooLong => (Code::TooLong, &["input", "text"]),
    }
}
