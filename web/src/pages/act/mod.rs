//! The page of a link in a letter: what the letter said, and one button that does the one thing. Opening it does nothing, for
//! programs that read mail open links too.

use entente_web_api::{
    FieldError, Money, MutationBuilder, QueryBuilder,
    action_link::{
        ActionLink, ActionLinkAction, ActionLinkQuery, ActionLinkState, ActionLinkUse, ActionLinkUseInput, ActionLinkUseVariables,
        ActionLinkVariables,
    },
    error::field_errors,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    remote::{use_action, use_query},
    routes::address,
    session::use_session,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, PageHead, SkeletonBlock, TextAreaField},
};

#[derive(PartialEq, Properties)]
pub struct ActProps {
    pub token: AttrValue,
}

#[component]
pub fn Act(props: &ActProps) -> Html {
    let query = use_query(ActionLinkVariables { token: props.token.to_string() }, ActionLinkQuery::build);
    html! {
        <div class="e-act">
            { query.view(SkeletonBlock::Page, |data| match &data.action_link {
                Some(link) => html! { <Held token={props.token.clone()} link={link.clone()} /> },
                None => stopped(t!("act-unknown-title"), t!("act-unknown-text"), None),
            }) }
        </div>
    }
}

/// Nothing can be done here: why, and the way into the app.
fn stopped(title: String, text: String, path: Option<&str>) -> Html {
    html! {
        <>
            <PageHead {title} />
            <Alert tone={AlertTone::Info}><p>{ text }</p></Alert>
            { path.map(|path| html! { <p class="e-act__more"><OpenInApp path={path.to_owned()} /></p> }) }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct OpenInAppProps {
    path: AttrValue,
}

#[component]
fn OpenInApp(props: &OpenInAppProps) -> Html {
    let navigator = use_navigator();
    let onclick = {
        let path = props.path.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(navigator) = &navigator {
                navigator.push(&address(&path));
            }
        })
    };
    html! { <a href={props.path.clone()} {onclick}>{ t!("act-open") }</a> }
}

#[derive(PartialEq, Properties)]
struct LinkProps {
    token: AttrValue,
    link: ActionLink,
}

#[component]
fn Held(props: &LinkProps) -> Html {
    let done = use_state_eq(|| false);
    let session = use_session();
    let path = props.link.path.clone();
    if *done {
        let title = match props.link.action {
            Some(ActionLinkAction::Approve) => t!("act-done-approve"),
            Some(ActionLinkAction::Reject) => t!("act-done-reject"),
            Some(ActionLinkAction::GrantExtension) => t!("act-done-grant-extension"),
            Some(ActionLinkAction::DeclineExtension) => t!("act-done-decline-extension"),
            Some(ActionLinkAction::AcceptLead) => t!("act-done-accept-lead"),
            Some(ActionLinkAction::DeclineLead) => t!("act-done-decline-lead"),
            _ => t!("act-done-answer"),
        };
        return html! {
            <>
                <PageHead {title} />
                <Alert tone={AlertTone::Info}><p>{ t!("act-done-text") }</p></Alert>
                { path.map(|path| html! { <p class="e-act__more"><OpenInApp {path} /></p> }) }
            </>
        };
    }
    let path = path.as_deref();
    match props.link.state {
        ActionLinkState::Open => {
            html! { <Open token={props.token.clone()} link={props.link.clone()} ondone={let done = done.setter(); Callback::from(move |()| done.set(true))} /> }
        }
        ActionLinkState::Used => stopped(t!("act-used-title"), t!("act-used-text"), path),
        ActionLinkState::Expired => stopped(t!("act-expired-title"), t!("act-expired-text"), path),
        ActionLinkState::OtherPerson => {
            let sign_out = Callback::from(move |_: MouseEvent| session.sign_out());
            html! {
                <>
                    { stopped(t!("act-other-title"), t!("act-other-text"), None) }
                    <p class="e-act__more"><Button onclick={sign_out}>{ t!("nav-sign-out") }</Button></p>
                </>
            }
        }
        ActionLinkState::Settled | ActionLinkState::Other => stopped(t!("act-settled-title"), t!("act-settled-text"), path),
    }
}

#[derive(PartialEq, Properties)]
struct OpenProps {
    token: AttrValue,
    link: ActionLink,
    ondone: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let link = &props.link;
    let text = use_state(String::new);
    let errors = use_state(Vec::<FieldError>::new);
    let failed = use_state(|| None::<String>);
    let action = use_action();
    let onsubmit = {
        let (token, ondone) = (props.token.to_string(), props.ondone.clone());
        let (text, errors, failed, action) = (text.clone(), errors.clone(), failed.clone(), action.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (errors, failed, ondone) = (errors.setter(), failed.setter(), ondone.clone());
            let written = text.trim().to_owned();
            let input = Some(ActionLinkUseInput { text: (!written.is_empty()).then_some(written) });
            action.run(ActionLinkUse::build(ActionLinkUseVariables { token: token.clone(), input }), move |answer| match answer {
                Ok(data) if data.action_link_use.errors.is_empty() => ondone.emit(()),
                Ok(data) => {
                    failed.set(None);
                    errors.set(field_errors(data.action_link_use.errors));
                }
                Err(error) => failed.set(Some(texts::api_error(&error))),
            });
        })
    };
    let (title, label, button, kind) = match link.action {
        Some(ActionLinkAction::Approve) => (t!("act-approve-title"), t!("act-approve-note"), t!("act-approve"), ButtonKind::Primary),
        Some(ActionLinkAction::Reject) => (t!("act-reject-title"), t!("act-reject-reason"), t!("act-reject"), ButtonKind::Danger),
        Some(ActionLinkAction::GrantExtension) => {
            (t!("act-grant-extension-title"), t!("act-approve-note"), t!("act-grant-extension"), ButtonKind::Primary)
        }
        Some(ActionLinkAction::DeclineExtension) => {
            (t!("act-decline-extension-title"), t!("act-reject-reason"), t!("act-decline-extension"), ButtonKind::Danger)
        }
        Some(ActionLinkAction::AnswerPartner) => (t!("act-answer-partner-title"), t!("act-answer-text"), t!("act-answer"), ButtonKind::Primary),
        Some(ActionLinkAction::AcceptLead) => (t!("act-accept-lead-title"), t!("act-accept-lead-note"), t!("act-accept-lead"), ButtonKind::Primary),
        Some(ActionLinkAction::DeclineLead) => {
            (t!("act-decline-lead-title"), t!("act-decline-lead-reason"), t!("act-decline-lead"), ButtonKind::Danger)
        }
        _ => (t!("act-answer-title"), t!("act-answer-text"), t!("act-answer"), ButtonKind::Primary),
    };
    let others: Vec<String> = errors.iter().filter(|e| !e.is_about("text")).map(refusal).collect();
    let asked = errors.iter().find(|e| e.is_about("text")).map(refusal);
    let person = link.person_name.clone().unwrap_or_default();
    html! {
        <>
            <PageHead {title} lead={t!("act-as", "name" => person)} />
            <Card>
                <form class="e-form" {onsubmit} novalidate=true>
                    { facts(link) }
                    if let Some(said) = &link.text {
                        <blockquote class="e-act__said">{ said }</blockquote>
                    }
                    if !others.is_empty() || failed.is_some() {
                        <Alert tone={AlertTone::Danger} urgent=true>
                            { for others.iter().chain(failed.iter()).map(|text| html! { <p>{ text }</p> }) }
                        </Alert>
                    }
                    if link.action != Some(ActionLinkAction::AcceptLead) {
                    <TextAreaField
                        id="act-text"
                        {label}
                        value={(*text).clone()}
                        oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                        required={link.needs_text == Some(true)}
                        error={asked}
                    />
                    }
                    <div class="e-form__actions">
                        <Button {kind} submit=true busy={action.busy}>{ button }</Button>
                    </div>
                    <p class="e-subtle e-small">
                        { t!("act-once") }
                        if let Some(ends) = &link.expires_at { { " " }{ t!("act-until", "when" => format::day_of(ends)) } }
                    </p>
                </form>
            </Card>
            if let Some(path) = &link.path {
                <p class="e-act__more"><OpenInApp path={path.clone()} /></p>
            }
        </>
    }
}

fn facts(link: &ActionLink) -> Html {
    let rows = [
        (t!("act-deal"), link.title.clone()),
        (t!("act-number"), link.number.clone()),
        (t!("act-customer"), link.customer_name.clone()),
        (t!("act-partner"), link.partner_name.clone()),
        (t!("act-value"), link.value.as_deref().map(money)),
        (t!("act-due"), link.due_at.as_ref().map(format::relative)),
    ];
    html! {
        <dl class="e-facts">
            { for rows.into_iter().filter_map(|(label, value)| value.map(|value| html! { <><dt>{ label }</dt><dd>{ value }</dd></> })) }
        </dl>
    }
}

/// The value of the letter, an amount before its currency, as every screen says amounts; as it is where it is anything else.
fn money(said: &str) -> String {
    match said.split_once(' ') {
        Some((amount, currency)) => format::money(&Money { amount: amount.into(), currency: currency.into() }),
        None => said.to_owned(),
    }
}

/// Why nothing was done, in the reader's language.
fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "UNKNOWN" => t!("act-unknown-text"),
        "USED" => t!("act-used-text"),
        "EXPIRED" => t!("act-expired-text"),
        "OTHER_PERSON" => t!("act-other-text"),
        "ACCOUNT_CLOSED" => t!("act-closed-text"),
        "NOT_ALLOWED" => t!("act-not-allowed-text"),
        "SETTLED" => t!("act-settled-text"),
        "NOT_YOUR_STEP" => t!("act-not-your-step-text"),
        "CLAIM_TAKEN" => t!("act-claim-taken-text"),
        "EVIDENCE_TOO_LITTLE" => {
            // The score and what the rules ask for stand in the server's sentence, in this order.
            let mut numbers = error.message.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned);
            match (numbers.next(), numbers.next()) {
                (Some(score), Some(minimum)) => t!("act-evidence-text", "score" => score, "minimum" => minimum),
                _ => error.message.clone(),
            }
        }
        "REQUIRED" => t!("act-text-required"),
        "TOO_LONG" => t!("act-text-too-long"),
        _ => error.message.clone(),
    }
}
