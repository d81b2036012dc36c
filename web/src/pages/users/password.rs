//! Passwords that an administrator sets: checked for length with the domain's bounds, or made by the browser.

use entente_domain::user::{PASSWORD_MAX, PASSWORD_MIN};
use entente_web_api::{FieldError, user::UserUpdateInput};
use yew::prelude::*;

use super::edit::{DialogProps, edited, problems, save};
use crate::{
    notice::use_notifier,
    remote::use_action,
    t, texts,
    ui::{Button, ButtonKind, IconName, Modal, TextField, use_focus_on_errors},
};

/// Without letters and digits that look alike.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GENERATED: usize = 20;

/// What is wrong with a password before the server sees it.
pub fn password_problem(password: &str) -> Option<FieldError> {
    let fits = (PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count());
    (!fits).then(|| FieldError {
        code: "PASSWORD_TOO_WEAK".to_owned(),
        message: t!("settings-password-weak", "min" => PASSWORD_MIN as i64),
        path: vec!["password".to_owned()],
    })
}

/// A password from the browser's own source of randomness.
fn generated() -> Option<String> {
    let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let fill: js_sys::Function = js_sys::Reflect::get(&crypto, &"getRandomValues".into()).ok()?.into();
    // 32 bits a letter: what the remainder favours is too little to matter.
    let numbers = js_sys::Uint32Array::new_with_length(GENERATED as u32);
    fill.call1(&crypto, &numbers).ok()?;
    Some(numbers.to_vec().into_iter().map(|n| char::from(ALPHABET[n as usize % ALPHABET.len()])).collect())
}

#[derive(PartialEq, Properties)]
pub struct PasswordFieldProps {
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub error: Option<String>,
}

/// A password in plain sight, since it is to be handed on, and a button that makes one.
#[component]
pub fn PasswordField(props: &PasswordFieldProps) -> Html {
    let make = {
        let oninput = props.oninput.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(password) = generated() {
                oninput.emit(password);
            }
        })
    };
    html! {
        <div class="e-password">
            <TextField
                id="user-password"
                label={props.label.clone()}
                hint={t!("settings-password-hint", "min" => PASSWORD_MIN as i64)}
                autocomplete="off"
                required=true
                value={props.value.clone()}
                oninput={props.oninput.clone()}
                error={props.error.clone()}
            />
            <Button icon={IconName::Refresh} onclick={make}>{ t!("settings-password-make") }</Button>
        </div>
    }
}

#[component]
pub fn SetPassword(props: &DialogProps) -> Html {
    let password = use_state(String::new);
    let errors = use_state(Vec::<FieldError>::new);
    let action = use_action();
    let notifier = use_notifier();
    use_focus_on_errors("password-form", &errors);
    let onsubmit = {
        let (password, errors, action) = (password.clone(), errors.clone(), action.clone());
        let props = props.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(problem) = password_problem(&password) {
                return errors.set(vec![problem]);
            }
            let input = UserUpdateInput { password: Some((*password).clone()), ..UserUpdateInput::default() };
            let done = t!("settings-password-done", "name" => props.user.name.clone());
            save(&props, (&action, &notifier), input, done, errors.setter());
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="password-form" busy={action.busy}>{ t!("settings-password-set") }</Button>
        </>
    };
    html! {
        <Modal title={t!("settings-password-title", "name" => props.user.name.clone())} onclose={props.onclose.clone()} {footer}>
            <form id="password-form" class="e-form" {onsubmit} novalidate=true>
                { problems(&errors, &["password"]) }
                <p>{ t!("settings-password-text") }</p>
                <PasswordField
                    label={t!("settings-password-new")}
                    value={(*password).clone()}
                    oninput={edited(password.setter(), &errors, "password")}
                    error={texts::error_for(&errors, "password")}
                />
            </form>
        </Modal>
    }
}
