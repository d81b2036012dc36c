//! A new account: who, on which side, with which roles, and a first password to hand on.

use entente_domain::user::is_email;
use entente_web_api::{
    FieldError, MutationBuilder,
    deal::PartnerRef,
    error::field_errors,
    user::{UserCreate, UserCreateInput, UserCreateVariables},
    viewer::Role,
};
use yew::prelude::*;

use super::{
    edit::{problems, say},
    password::{PasswordField, password_problem},
    roles::RolesField,
};
use crate::{
    notice::use_notifier,
    pages::{partner::PartnerChoice, register::fresh_key},
    remote::use_action,
    session::use_session,
    t, texts,
    ui::{Button, ButtonKind, Choice, Modal, Select, TextField, use_focus_on_errors},
};

const FIELDS: [&str; 6] = ["name", "email", "password", "roles", "partnerId", "title"];

#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    name: String,
    email: String,
    title: String,
    password: String,
    roles: Vec<Role>,
    /// Whether the person works for a partner of the vendor's choice.
    for_partner: bool,
    partner: Option<PartnerRef>,
}

impl Draft {
    fn problems(&self) -> Vec<FieldError> {
        let problem = |field: &str, message: String| FieldError { code: "REQUIRED".into(), message, path: vec![field.into()] };
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push(problem("name", t!("settings-name-required")));
        }
        if !is_email(self.email.trim()) {
            problems.push(problem("email", t!("settings-email-shape")));
        }
        if self.for_partner && self.partner.is_none() {
            problems.push(problem("partnerId", t!("settings-partner-required")));
        }
        if self.roles.is_empty() {
            problems.push(problem("roles", t!("settings-roles-required")));
        }
        problems.extend(password_problem(&self.password));
        problems
    }

    fn input(&self, key: &str) -> UserCreateInput {
        let title = self.title.trim();
        UserCreateInput {
            name: self.name.trim().to_owned(),
            email: self.email.trim().to_owned(),
            password: self.password.clone(),
            roles: self.roles.clone(),
            partner_id: self.partner.as_ref().filter(|_| self.for_partner).map(|partner| partner.id.clone()),
            title: (!title.is_empty()).then(|| title.to_owned()),
            idempotency_key: Some(key.to_owned()),
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct CreateProps {
    pub onclose: Callback<()>,
    pub oncreated: Callback<()>,
}

#[component]
pub fn Create(props: &CreateProps) -> Html {
    let session = use_session();
    let vendor = !session.is_partner();
    let draft = use_state(Draft::default);
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    let action = use_action();
    let notifier = use_notifier();
    let onsubmit = {
        let (draft, errors, action, key) = (draft.clone(), errors.clone(), action.clone(), key.clone());
        let (onclose, oncreated) = (props.onclose.clone(), props.oncreated.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let found = draft.problems();
            if !found.is_empty() {
                return errors.set(found);
            }
            errors.set(Vec::new());
            let input = draft.input(&key);
            let key = key.setter();
            let (errors, notifier, onclose, oncreated) = (errors.setter(), notifier.clone(), onclose.clone(), oncreated.clone());
            action.run(UserCreate::build(UserCreateVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let mut found = field_errors(data.user_create.errors);
                    if let (true, Some(user)) = (found.is_empty(), data.user_create.user) {
                        notifier.success(t!("settings-user-created", "name" => user.name));
                        oncreated.emit(());
                        return onclose.emit(());
                    }
                    if found.iter().any(|error| error.code == "IDEMPOTENCY_KEY_REUSED") {
                        key.set(fresh_key());
                    }
                    found.iter_mut().for_each(say);
                    errors.set(found);
                }
            });
        })
    };
    use_focus_on_errors("create-form", &errors);
    let set = |field: &'static str, change: fn(&mut Draft, String)| {
        let (draft, errors) = (draft.clone(), errors.clone());
        Callback::from(move |text: String| {
            let mut next = (*draft).clone();
            change(&mut next, text);
            draft.set(next);
            errors.set(texts::without(&errors, field));
        })
    };
    let error = |field: &str| texts::error_for(&errors, field);
    let onpartner = {
        let (draft, errors) = (draft.clone(), errors.clone());
        Callback::from(move |partner: PartnerRef| {
            draft.set(Draft { partner: Some(partner), ..(*draft).clone() });
            errors.set(texts::without(&errors, "partnerId"));
        })
    };
    let onroles = {
        let (draft, errors) = (draft.clone(), errors.clone());
        Callback::from(move |roles: Vec<Role>| {
            draft.set(Draft { roles, ..(*draft).clone() });
            errors.set(texts::without(&errors, "roles"));
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="create-form" busy={action.busy}>{ t!("settings-user-create") }</Button>
        </>
    };
    html! {
        <Modal title={t!("settings-user-create")} onclose={props.onclose.clone()} {footer}>
            <form id="create-form" class="e-form" {onsubmit} novalidate=true autocomplete="off">
                { problems(&errors, &FIELDS) }
                <TextField id="user-name" label={t!("settings-name")} required=true autocomplete="off"
                    value={draft.name.clone()} oninput={set("name", |d, v| d.name = v)} error={error("name")} />
                <TextField id="user-email" label={t!("settings-email")} kind="email" required=true autocomplete="off"
                    value={draft.email.clone()} oninput={set("email", |d, v| d.email = v)} error={error("email")} />
                <TextField id="user-title" label={t!("settings-title")} autocomplete="off"
                    value={draft.title.clone()} oninput={set("title", |d, v| d.title = v)} error={error("title")} />
                if vendor {
                    <div class="e-form__row">
                        <Select id="user-side" label={t!("settings-side")}
                            choices={vec![Choice::new("vendor", t!("settings-vendor")), Choice::new("partner", t!("settings-a-partner"))]}
                            value={if draft.for_partner { "partner" } else { "vendor" }}
                            // Roles of one side mean nothing on the other.
                            onchange={set("partnerId", |d, v| { d.for_partner = v == "partner"; d.roles.clear(); })} />
                        if draft.for_partner {
                            <PartnerChoice id="user-partner" label={t!("settings-partner")} required=true
                                chosen={draft.partner.as_ref().map(|partner| partner.name.clone()).unwrap_or_default()}
                                onchoose={onpartner} error={error("partnerId")} />
                        }
                    </div>
                }
                <RolesField of_partner={!vendor || draft.for_partner} chosen={draft.roles.clone()} onchange={onroles} error={error("roles")} />
                <PasswordField label={t!("settings-password-first")} value={draft.password.clone()}
                    oninput={set("password", |d, v| d.password = v)} error={error("password")} />
            </form>
        </Modal>
    }
}
