//! Sign-in by e-mail and password.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    layout::PublicSettings,
    routes::Routes,
    session::{SignInOutcome, use_session},
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, TextField, set_title},
};

#[component]
pub fn SignIn() -> Html {
    let session = use_session();
    let email = use_state(String::new);
    let password = use_state(String::new);
    let problem = use_state(|| None::<String>);
    let busy = use_state_eq(|| false);
    let email_node = use_node_ref();
    {
        let node = email_node.clone();
        use_effect_with((), move |()| {
            set_title(&t!("sign-in-title"));
            if let Some(input) = node.cast::<web_sys::HtmlElement>() {
                let _ = input.focus();
            }
        });
    }
    let onsubmit = {
        let (email, password, problem, busy) = (email.clone(), password.clone(), problem.clone(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if email.trim().is_empty() || password.is_empty() {
                problem.set(Some(t!("sign-in-incomplete")));
                return;
            }
            busy.set(true);
            problem.set(None);
            let (problem, busy) = (problem.setter(), busy.setter());
            session.sign_in(email.trim().to_owned(), (*password).clone(), move |outcome| {
                busy.set(false);
                match outcome {
                    // The gate sees the session and goes on by itself.
                    SignInOutcome::Done => {}
                    SignInOutcome::Refused(errors) => problem.set(Some(refusal(&errors))),
                    SignInOutcome::Failed(error) => problem.set(Some(texts::api_error(&error))),
                }
            });
        })
    };
    html! {
        <div class="e-sign-in">
            <main class="e-sign-in__form" id="main" tabindex="-1">
                <div class="e-sign-in__brand">
                    <svg class="e-mark" viewBox="0 0 32 32" aria-hidden="true"><use href="#e-mark" /></svg>
                    { "Entente" }
                </div>
                <div>
                    <h1>{ t!("sign-in-title") }</h1>
                    <p class="e-subtle">{ t!("sign-in-lead") }</p>
                </div>
                <form class="e-form" {onsubmit} novalidate=true>
                    if let Some(problem) = &*problem {
                        <Alert tone={AlertTone::Danger} urgent=true><p>{ problem }</p></Alert>
                    }
                    <TextField
                        id="email"
                        label={t!("sign-in-email")}
                        kind="email"
                        autocomplete="username"
                        value={(*email).clone()}
                        oninput={let email = email.setter(); Callback::from(move |text| email.set(text))}
                        required=true
                        node={email_node}
                    />
                    <TextField
                        id="password"
                        label={t!("sign-in-password")}
                        kind="password"
                        autocomplete="current-password"
                        value={(*password).clone()}
                        oninput={let password = password.setter(); Callback::from(move |text| password.set(text))}
                        required=true
                    />
                    <Button kind={ButtonKind::Primary} submit=true busy={*busy} block=true>{ t!("sign-in-submit") }</Button>
                </form>
                <div class="e-sign-in__foot">
                    <Link<Routes> to={Routes::Partners}>{ t!("sign-in-directory") }</Link<Routes>>
                    <PublicSettings />
                </div>
            </main>
            <aside class="e-sign-in__art" aria-hidden="true">
                <svg class="e-mark" viewBox="0 0 32 32"><use href="#e-mark" /></svg>
                <p>{ t!("sign-in-claim") }</p>
                <small>{ t!("sign-in-claim-text") }</small>
            </aside>
        </div>
    }
}

fn refusal(errors: &[entente_web_api::FieldError]) -> String {
    match errors.first().map(|error| error.code.as_str()) {
        Some("TOO_MANY_ATTEMPTS") => t!("sign-in-too-many"),
        _ => t!("sign-in-wrong"),
    }
}
