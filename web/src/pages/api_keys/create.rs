//! A new key: name and scopes, then its secret, once, with a button to copy it.

use entente_web_api::{
    FieldError, MutationBuilder,
    api_key::{ApiKeyCreate, ApiKeyCreateInput, ApiKeyCreateVariables, ApiScope},
    error::field_errors,
};
use wasm_bindgen_futures::JsFuture;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    notice::use_notifier,
    pages::register::fresh_key,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, CheckField, IconName, Modal, TextField, use_focus_on_errors},
};

#[derive(PartialEq, Properties)]
pub struct CreateProps {
    pub onclose: Callback<()>,
    pub oncreated: Callback<()>,
}

#[component]
pub fn Create(props: &CreateProps) -> Html {
    let secret = use_state_eq(|| None::<(String, String)>);
    let onsecret = {
        let (secret, oncreated) = (secret.setter(), props.oncreated.clone());
        Callback::from(move |made: (String, String)| {
            secret.set(Some(made));
            oncreated.emit(());
        })
    };
    match (*secret).clone() {
        Some((name, secret)) => html! { <Secret {name} {secret} onclose={props.onclose.clone()} /> },
        None => html! { <Form {onsecret} onclose={props.onclose.clone()} /> },
    }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    onclose: Callback<()>,
    /// Name and secret of the key that was made.
    onsecret: Callback<(String, String)>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let name = use_state(String::new);
    let write = use_state_eq(|| false);
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    let action = use_action();
    let notifier = use_notifier();
    use_focus_on_errors("key-form", &errors);
    let onsubmit = {
        let (name, write, errors, action, onsecret) = (name.clone(), write.clone(), errors.clone(), action.clone(), props.onsecret.clone());
        let key = key.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if name.trim().is_empty() {
                let message = t!("settings-key-name-required");
                return errors.set(vec![FieldError { code: "REQUIRED".into(), message, path: vec!["name".into()] }]);
            }
            let scopes = if *write { vec![ApiScope::Read, ApiScope::Write] } else { vec![ApiScope::Read] };
            let input = ApiKeyCreateInput { name: name.trim().to_owned(), scopes, idempotency_key: Some((*key).clone()) };
            let fresh = key.setter();
            let (errors, notifier, onsecret) = (errors.setter(), notifier.clone(), onsecret.clone());
            action.run(ApiKeyCreate::build(ApiKeyCreateVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let made = data.api_key_create;
                    match (made.api_key, made.secret) {
                        (Some(key), Some(secret)) => onsecret.emit((key.name, secret)),
                        _ => {
                            let mut found = field_errors(made.errors);
                            // What this form asked for was made, and its secret lost on the way: the next one is another key.
                            if found.iter().any(|error| matches!(error.code.as_str(), "IDEMPOTENCY_KEY_REUSED" | "ALREADY_CREATED")) {
                                fresh.set(fresh_key());
                            }
                            found.iter_mut().for_each(say);
                            errors.set(found);
                        }
                    }
                }
            });
        })
    };
    let others = texts::other_errors(&errors, &["name"]);
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="key-form" busy={action.busy}>{ t!("settings-key-create") }</Button>
        </>
    };
    html! {
        <Modal title={t!("settings-key-create")} onclose={props.onclose.clone()} {footer}>
            <form id="key-form" class="e-form" {onsubmit} novalidate=true>
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                <TextField
                    id="key-name"
                    label={t!("settings-name")}
                    hint={t!("settings-key-name-hint")}
                    required=true
                    autocomplete="off"
                    value={(*name).clone()}
                    oninput={
                        let (name, errors) = (name.setter(), errors.clone());
                        Callback::from(move |text| {
                            name.set(text);
                            errors.set(texts::without(&errors, "name"));
                        })
                    }
                    error={texts::error_for(&errors, "name")}
                />
                <fieldset class="e-roles">
                    <legend class="e-field__label">{ t!("settings-scopes") }</legend>
                    <CheckField id="scope-read" checked=true disabled=true onchange={Callback::noop()}
                        label={scope(t!("settings-scope-read"), t!("settings-scope-read-text"))} />
                    <CheckField id="scope-write" checked={*write} onchange={let write = write.setter(); Callback::from(move |on| write.set(on))}
                        label={scope(t!("settings-scope-write"), t!("settings-scope-write-text"))} />
                </fieldset>
            </form>
        </Modal>
    }
}

/// Puts an error of the server into the words of the screen, where its code says enough.
fn say(error: &mut FieldError) {
    let text = match error.code.as_str() {
        "NOT_ALLOWED" => t!("error-forbidden"),
        "ALREADY_CREATED" => t!("settings-key-already-created"),
        "IDEMPOTENCY_KEY_REUSED" => t!("error-key-reused"),
        "TOO_LONG" => t!("settings-too-long"),
        "REQUIRED" if error.is_about("name") => t!("settings-key-name-required"),
        _ => return,
    };
    error.message = text;
}

fn scope(name: String, text: String) -> Html {
    html! { <><span class="e-strong">{ name }</span><span class="e-roles__text">{ text }</span></> }
}

#[derive(PartialEq, Properties)]
struct SecretProps {
    name: String,
    secret: String,
    onclose: Callback<()>,
}

#[component]
fn Secret(props: &SecretProps) -> Html {
    let copied = use_state_eq(|| false);
    let notifier = use_notifier();
    let copy = {
        let (copied, secret) = (copied.setter(), props.secret.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, secret, notifier) = (copied.clone(), secret.clone(), notifier.clone());
            spawn_local(async move {
                if write_clipboard(&secret).await.is_some() {
                    copied.set(true);
                    notifier.announce(t!("settings-secret-copied"));
                } else {
                    notifier.failure(t!("settings-secret-not-copied"));
                }
            });
        })
    };
    // Not by a slip: what is closed here is gone. The first attempt asks, the second is meant.
    let asked = use_state_eq(|| false);
    let onattempt = {
        let (asked, onclose, copied) = (asked.clone(), props.onclose.clone(), *copied);
        Callback::from(move |()| if copied || *asked { onclose.emit(()) } else { asked.set(true) })
    };
    let footer = html! {
        <Button kind={ButtonKind::Primary} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("settings-secret-done") }</Button>
    };
    html! {
        <Modal title={t!("settings-secret-title", "name" => props.name.clone())} onclose={onattempt} {footer}>
            <div class="e-stack">
                <Alert tone={AlertTone::Warm} title={t!("settings-secret-once")}>
                    <p>{ t!("settings-secret-once-text") }</p>
                </Alert>
                if *asked && !*copied {
                    <Alert tone={AlertTone::Danger} urgent=true><p>{ t!("settings-secret-ask") }</p></Alert>
                }
                <div class="e-secret">
                    <code data-testid="api-key-secret" tabindex="0" aria-label={t!("settings-secret")}>{ &props.secret }</code>
                    <Button icon={if *copied { IconName::Check } else { IconName::Copy }} onclick={copy}>
                        { if *copied { t!("settings-secret-is-copied") } else { t!("settings-secret-copy") } }
                    </Button>
                </div>
                <p class="e-subtle e-small">
                    { t!("settings-secret-use") }{ " " }<code class="e-code">{ "Authorization: Bearer …" }</code>
                </p>
            </div>
        </Modal>
    }
}

/// `None` where the browser has no clipboard for this page (plain HTTP) or refuses.
async fn write_clipboard(text: &str) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    let has = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok().is_some_and(|clipboard| clipboard.is_object());
    if !has {
        return None;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.ok().map(|_| ())
}
