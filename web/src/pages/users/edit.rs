//! Changing a person: name, title and roles; and whether the person may sign in.

use entente_domain::user::PASSWORD_MIN;
use entente_web_api::{
    FieldError, MutationBuilder,
    error::field_errors,
    user::{User, UserUpdate, UserUpdateInput, UserUpdateVariables},
};
use yew::prelude::*;

use super::roles::RolesField;
use crate::{
    notice::{Notifier, use_notifier},
    remote::{Action, use_action},
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Modal, TextField, use_focus_on_errors},
};

#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    pub user: User,
    pub onclose: Callback<()>,
    pub onchanged: Callback<User>,
    /// Somebody else was faster: the list is to be read again.
    pub onstale: Callback<()>,
    /// For [`SetActive`].
    #[prop_or_default]
    pub active: bool,
}

/// Sends a change; what came of it goes to the list, the dialog and the errors.
pub fn save(
    props: &DialogProps,
    (action, notifier): (&Action, &Notifier),
    input: UserUpdateInput,
    done: String,
    errors: UseStateSetter<Vec<FieldError>>,
) {
    let variables = UserUpdateVariables { id: props.user.id.clone(), expected_version: props.user.version, input };
    let (onclose, onchanged, onstale) = (props.onclose.clone(), props.onchanged.clone(), props.onstale.clone());
    let notifier = notifier.clone();
    action.run(UserUpdate::build(variables), move |answer| match answer {
        Err(error) => notifier.failure(texts::api_error(&error)),
        Ok(data) => {
            let mut found = field_errors(data.user_update.errors);
            if let (true, Some(user)) = (found.is_empty(), data.user_update.user) {
                onchanged.emit(user);
                notifier.success(done);
                return onclose.emit(());
            }
            if found.iter().any(|error| error.code == "STALE_VERSION") {
                onstale.emit(());
            }
            found.iter_mut().for_each(say);
            errors.set(found);
        }
    });
}

/// Puts an error of the server into the words of the screen, where its code says enough.
pub fn say(error: &mut FieldError) {
    let text = match error.code.as_str() {
        "STALE_VERSION" => t!("settings-stale"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        "EMAIL_TAKEN" => t!("settings-email-taken"),
        "PASSWORD_TOO_WEAK" => t!("settings-password-weak", "min" => PASSWORD_MIN as i64),
        "LAST_ADMIN" => t!("settings-last-admin"),
        "ROLE_NOT_ALLOWED" => t!("settings-roles-required"),
        "IDEMPOTENCY_KEY_REUSED" => t!("error-key-reused"),
        "TOO_LONG" => t!("settings-too-long"),
        "REQUIRED" if error.is_about("name") => t!("settings-name-required"),
        "INVALID_INPUT" if error.is_about("email") => t!("settings-email-shape"),
        _ => return,
    };
    error.message = text;
}

/// The errors that belong to no field, above a form.
pub fn problems(errors: &[FieldError], fields: &[&str]) -> Html {
    let others = texts::other_errors(errors, fields);
    if others.is_empty() {
        return html! {};
    }
    html! { <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert> }
}

#[component]
pub fn Edit(props: &DialogProps) -> Html {
    let name = use_state(|| props.user.name.clone());
    let title = use_state(|| props.user.title.clone().unwrap_or_default());
    let roles = use_state(|| props.user.roles.clone());
    let errors = use_state(Vec::<FieldError>::new);
    let action = use_action();
    let notifier = use_notifier();
    use_focus_on_errors("user-form", &errors);
    let onsubmit = {
        let (name, title, roles, errors, action) = (name.clone(), title.clone(), roles.clone(), errors.clone(), action.clone());
        let props = props.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = UserUpdateInput {
                name: Some(name.trim().to_owned()),
                title: Some(title.trim().to_owned()),
                roles: Some((*roles).clone()),
                ..UserUpdateInput::default()
            };
            save(&props, (&action, &notifier), input, t!("common-saved"), errors.setter());
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="user-form" busy={action.busy}>{ t!("common-save") }</Button>
        </>
    };
    html! {
        <Modal title={t!("settings-user-edit-title", "name" => props.user.name.clone())} onclose={props.onclose.clone()} {footer}>
            <form id="user-form" class="e-form" {onsubmit} novalidate=true>
                { problems(&errors, &["name", "title", "roles"]) }
                <TextField id="user-name" label={t!("settings-name")} required=true value={(*name).clone()}
                    oninput={edited(name.setter(), &errors, "name")} error={texts::error_for(&errors, "name")} />
                <TextField id="user-title" label={t!("settings-title")} value={(*title).clone()}
                    oninput={edited(title.setter(), &errors, "title")} error={texts::error_for(&errors, "title")} />
                <RolesField of_partner={props.user.partner.is_some()} chosen={(*roles).clone()}
                    onchange={edited(roles.setter(), &errors, "roles")} error={texts::error_for(&errors, "roles")} />
            </form>
        </Modal>
    }
}

/// Takes what was entered and the field's error away with it.
pub fn edited<T: 'static>(set: UseStateSetter<T>, errors: &UseStateHandle<Vec<FieldError>>, field: &'static str) -> Callback<T> {
    let errors = errors.clone();
    Callback::from(move |value: T| {
        set.set(value);
        errors.set(texts::without(&errors, field));
    })
}

/// Asks before somebody may no longer sign in, or may again.
#[component]
pub fn SetActive(props: &DialogProps) -> Html {
    let errors = use_state(Vec::<FieldError>::new);
    let action = use_action();
    let notifier = use_notifier();
    let name = props.user.name.clone();
    let onclick = {
        let (errors, action, active) = (errors.setter(), action.clone(), props.active);
        let props = props.clone();
        let name = name.clone();
        Callback::from(move |_: MouseEvent| {
            let input = UserUpdateInput { active: Some(active), ..UserUpdateInput::default() };
            let name = name.clone();
            let done = if active { t!("settings-activated", "name" => name) } else { t!("settings-deactivated", "name" => name) };
            save(&props, (&action, &notifier), input, done, errors.clone());
        })
    };
    let (title, text, label, kind) = if props.active {
        (t!("settings-activate-title", "name" => name), t!("settings-activate-text"), t!("settings-activate"), ButtonKind::Primary)
    } else {
        (t!("settings-deactivate-title", "name" => name), t!("settings-deactivate-text"), t!("settings-deactivate"), ButtonKind::Danger)
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button {kind} busy={action.busy} {onclick}>{ label }</Button>
        </>
    };
    html! {
        <Modal {title} onclose={props.onclose.clone()} {footer}>
            <div class="e-stack">
                { problems(&errors, &[]) }
                <p>{ text }</p>
            </div>
        </Modal>
    }
}
