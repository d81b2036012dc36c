//! Registering a deal. The domain's own rules run in the browser, the verdict appears beside the form before anything
//! is sent, and what was written survives a closed tab.

mod check;
mod draft;
mod evidence;
mod form;
mod of_lead;
mod products;
mod send;
mod words;

pub(super) use draft::{fresh_key, plain_amount};
pub(super) use form::read_as;
pub(super) use products::ProductPicker;

use std::{collections::HashSet, rc::Rc};

use entente_web_api::{ApiError, lead::LeadDetail, viewer::ViewerAction};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    Forbidden,
    disputes::open::{About, OpenDispute},
};
use crate::{
    i18n::format,
    notice::use_notifier,
    program::{SharedProgram, use_program},
    remote::use_action,
    routes::Routes,
    session::use_session,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Card, PageHead},
};
use check::{Verdict, panel, use_verdict};
use draft::{Draft, Wrong};
use send::Sent;

#[component]
pub fn Register() -> Html {
    let session = use_session();
    if !session.can(ViewerAction::RegisterDeal) {
        return html! { <Forbidden /> };
    }
    let (Some(viewer), Some(program)) = (session.viewer(), use_program()) else { return html! {} };
    html! {
        <>
            <PageHead title={t!("nav-register")} lead={t!("register-lead")} />
            <Desk
                viewer={viewer.user.id.inner().to_owned()}
                {program}
                for_others={viewer.partner.is_none()}
            />
        </>
    }
}

#[derive(PartialEq, Properties)]
pub struct DeskProps {
    /// Id of who is signed in; drafts are kept for each.
    pub viewer: String,
    pub program: SharedProgram,
    /// Vendor staff says whose deal it is.
    pub for_others: bool,
    /// The lead of which the deal is made; then the form begins with what the lead says, and whose deal it is follows from it.
    #[prop_or_default]
    pub lead: Option<LeadDetail>,
    /// The lead has changed since it was read.
    #[prop_or_default]
    pub onstale: Callback<()>,
}

/// The form with the verdict beside it, of a registration and of a lead's conversion alike.
#[component]
pub fn Desk(props: &DeskProps) -> Html {
    let may_dispute = use_session().can(ViewerAction::OpenDispute);
    let notifier = use_notifier();
    let navigator = use_navigator();
    let language = use_settings().language;
    let action = use_action();
    let place = draft::place(&props.viewer, props.lead.as_ref().map(|lead| &lead.card.id));
    // What it began with stays what it began with, however often the lead is read again meanwhile.
    let first = use_memo((), |()| match &props.lead {
        Some(lead) => Draft::of_lead(&props.program, lead, language),
        None => Draft::new(&props.program),
    });
    let restored = use_memo((), |()| draft::recall(&place, &first));
    let draft = use_state(|| (*restored).clone().unwrap_or_else(|| (*first).clone()));
    let touched = use_state(HashSet::<String>::new);
    let sent_once = use_state_eq(|| false);
    let refused = use_state(Vec::<Wrong>::new);
    let others = use_state(Vec::<String>::new);
    let panel_node = use_node_ref();
    {
        let (place, first) = (place.clone(), first.clone());
        use_effect_with((*draft).clone(), move |draft| draft::keep(&place, draft, &first));
    }
    let judged = draft.check(&props.program, &format::today(), props.for_others, language);
    let checked = use_verdict(judged.as_ref().ok().cloned());
    let contested = judged.as_ref().ok().cloned();
    let untouched = draft.is_as(&first);

    // What is wrong and may be said: after a field was left, or after sending.
    let wrong: Vec<Wrong> = match &judged {
        Ok(_) => (*refused).clone(),
        Err(wrong) => wrong.iter().filter(|one| *sent_once || touched.contains(&one.field)).chain(refused.iter()).cloned().collect(),
    };
    let onchange = {
        let (draft, refused) = (draft.setter(), refused.setter());
        Callback::from(move |next: Draft| {
            refused.set(Vec::new());
            draft.set(next);
        })
    };
    let onleave = {
        let touched = touched.clone();
        Callback::from(move |field: &'static str| {
            if !touched.contains(field) {
                let mut fields = (*touched).clone();
                fields.insert(field.to_owned());
                touched.set(fields);
            }
        })
    };
    let onsubmit = {
        let (judged, draft, place) = (judged.clone(), draft.clone(), place.clone());
        let (lead, onstale) = (props.lead.clone(), props.onstale.clone());
        let (sent_once, refused, others, checked) = (sent_once.setter(), refused.setter(), others.setter(), checked.clone());
        let (notifier, panel_node, action) = (notifier.clone(), panel_node.clone(), action.clone());
        Callback::from(move |()| {
            sent_once.set(true);
            others.set(Vec::new());
            let input = match &judged {
                Ok(input) => input.clone(),
                Err(wrong) => {
                    notifier.announce(t!("register-wrong-count", "n" => wrong.len()));
                    return focus_first_wrong(wrong);
                }
            };
            let (refused, others, checked, notifier) = (refused.clone(), others.clone(), checked.clone(), notifier.clone());
            let (panel_node, navigator, place, draft) = (panel_node.clone(), navigator.clone(), place.clone(), draft.clone());
            let (of_lead, onstale) = (lead.is_some(), onstale.clone());
            send::send(&action, lead.as_ref(), input, move |answer: Result<Sent, ApiError>| {
                let Sent { deal, verdict, errors } = match answer {
                    Ok(sent) => sent,
                    Err(error) => return notifier.failure(texts::api_error(&error)),
                };
                if let (Some((id, number)), true) = (deal, errors.is_empty()) {
                    draft::forget(&place);
                    notifier.success(if of_lead { t!("lead-converted", "number" => number) } else { t!("register-done", "number" => number) });
                    if let Some(navigator) = &navigator {
                        navigator.push(&Routes::Deal { id });
                    }
                    return;
                }
                if let Some(verdict) = verdict {
                    // Blocked: the draft stays, the verdict says what to do.
                    checked.say(verdict);
                    notifier.announce(t!("register-blocked-said"));
                    if let Some(panel) = panel_node.cast::<web_sys::HtmlElement>() {
                        let _ = panel.focus();
                    }
                    return;
                }
                if errors.iter().any(|error| matches!(error.code.as_str(), "STALE_VERSION" | "WRONG_STATUS")) {
                    onstale.emit(());
                }
                if errors.iter().any(|error| error.code == "IDEMPOTENCY_KEY_REUSED") {
                    draft.set(Draft { key: draft::fresh_key(), ..(*draft).clone() });
                }
                let wrong: Vec<Wrong> = errors.iter().filter_map(words::of_server).collect();
                others.set(errors.iter().filter(|error| words::of_server(error).is_none()).map(words::refusal).collect());
                focus_first_wrong(&wrong);
                refused.set(wrong);
            });
        })
    };
    let ondiscard = {
        let (draft, touched, sent_once, first, notifier) = (draft.clone(), touched.setter(), sent_once.setter(), first.clone(), notifier.clone());
        Callback::from(move |()| {
            let before = (*draft).clone();
            let back = {
                let draft = draft.setter();
                Callback::from(move |()| draft.set(before.clone()))
            };
            draft.set(Draft { key: draft::fresh_key(), ..(*first).clone() });
            touched.set(HashSet::new());
            sent_once.set(false);
            notifier.success_with(t!("register-discarded"), t!("deal-undo"), back);
        })
    };
    html! {
        <div class="e-with-aside e-register">
            <Card>
                if restored.is_some() && !untouched {
                    <div class="e-register__restored">
                        <Alert><p>{ t!("register-restored") }</p></Alert>
                    </div>
                }
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>
                        { for others.iter().map(|text| html! { <p>{ text }</p> }) }
                        if others.contains(&t!("register-wrong-engagement")) {
                            <p><Link<Routes> to={Routes::Rules}>{ t!("register-rules-all") }</Link<Routes>></p>
                        }
                    </Alert>
                }
                <form::Fields
                    draft={(*draft).clone()}
                    program={props.program.clone()}
                    for_others={props.for_others}
                    wrong={Rc::new(wrong)}
                    busy={action.busy}
                    verdict={checked.verdict.clone()}
                    submit={if props.lead.is_some() { t!("lead-convert") } else { t!("register-submit") }}
                    {untouched}
                    {onchange}
                    {onleave}
                    {onsubmit}
                    {ondiscard}
                />
            </Card>
            <div class="e-stack e-register__aside">
                { panel(&checked, panel_node) }
                if let (Some(input), Verdict::Known(verdict)) = (contested, &checked.verdict)
                    && may_dispute
                    && verdict.rules.iter().any(|rule| rule.appeal.is_some())
                {
                    <Card title={t!("dispute-of-deal")}>
                        <OpenDispute about={About::Registration(Box::new(input), props.lead.as_ref().map(|lead| lead.card.id.clone()))} />
                    </Card>
                }
                <ProgramRules program={props.program.clone()} />
            </div>
        </div>
    }
}

/// To the first field that is wrong, in the order of the form, once the errors are drawn.
fn focus_first_wrong(wrong: &[Wrong]) {
    let first = form::ORDER.into_iter().find(|field| wrong.iter().any(|one| one.field == *field));
    if let Some(id) = first {
        Timeout::new(30, move || {
            let field = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(id));
            if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = field.focus();
            }
        })
        .forget();
    }
}

#[derive(PartialEq, Properties)]
struct ProgramRulesProps {
    program: SharedProgram,
}

/// What the program promises and asks, so that nobody has to guess.
#[component]
fn ProgramRules(props: &ProgramRulesProps) -> Html {
    let program = &props.program;
    html! {
        <Card title={t!("register-rules")}>
            <ul class="e-rules">
                <li>{ t!("register-rule-answer", "hours" => program.approval_business_hours) }</li>
                <li>{ t!("register-rule-protection", "days" => program.protection_days) }</li>
                <li>{ t!("register-rule-minimum", "minimum" => format::money(&program.minimum_deal_value)) }</li>
            </ul>
            <p class="e-small"><Link<Routes> to={Routes::Rules}>{ t!("register-rules-all") }</Link<Routes>></p>
        </Card>
    }
}
