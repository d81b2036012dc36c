//! The profile form: texts, contact, colour and logo, checked with the domain's own rules before they are sent. When
//! somebody else was faster, what was typed stays and goes out on the newer version with the next press.

use entente_domain::{
    partner::{is_color, is_web_address},
    user::is_email,
};
use entente_web_api::{
    FieldError, MutationBuilder,
    error::field_errors,
    partner::{PartnerDetail, PartnerUpdate, PartnerUpdateInput, PartnerUpdateVariables},
};
use yew::prelude::*;

use super::logo_field::{LogoChange, LogoField};
use crate::{
    notice::use_notifier,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Modal, TextAreaField, TextField, use_focus_on_errors},
};

const FIELDS: [&str; 9] = ["summary", "description", "website", "city", "contactName", "contactEmail", "contactPhone", "color", "logo"];

#[derive(Clone, Debug, PartialEq)]
struct Draft {
    summary: String,
    description: String,
    website: String,
    city: String,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    color: String,
    logo: LogoChange,
}

impl Draft {
    fn of(partner: &PartnerDetail) -> Self {
        let contact = partner.contact.as_ref();
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            summary: partner.card.summary.clone(),
            description: partner.description.clone(),
            website: partner.website.as_ref().map(ToString::to_string).unwrap_or_default(),
            city: text(partner.card.city.as_ref()),
            contact_name: text(contact.and_then(|contact| contact.name.as_ref())),
            contact_email: text(contact.and_then(|contact| contact.email.as_ref())),
            contact_phone: text(contact.and_then(|contact| contact.phone.as_ref())),
            color: text(partner.color.as_ref()),
            logo: LogoChange::Keep,
        }
    }

    /// What the domain would refuse, before asking the server.
    fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut add = |wrong: bool, field: &str, message: String| {
            if wrong {
                problems.push(FieldError { code: String::new(), message, path: vec![field.to_owned()] });
            }
        };
        let given = |text: &str| !text.trim().is_empty();
        add(!given(&self.summary), "summary", t!("directory-summary-required"));
        add(given(&self.website) && !is_web_address(self.website.trim()), "website", t!("directory-website-shape"));
        add(given(&self.contact_email) && !is_email(self.contact_email.trim()), "contactEmail", t!("directory-email-shape"));
        add(given(&self.color) && !is_color(self.color.trim()), "color", t!("directory-color-shape"));
        problems
    }

    /// Only what differs from what stands: a field left alone is not touched, whoever changed it meanwhile.
    fn input(&self, before: &Self) -> PartnerUpdateInput {
        let changed = |now: &String, before: &String| (now != before).then(|| now.trim().to_owned());
        PartnerUpdateInput {
            summary: changed(&self.summary, &before.summary),
            description: changed(&self.description, &before.description),
            website: changed(&self.website, &before.website),
            city: changed(&self.city, &before.city),
            contact_name: changed(&self.contact_name, &before.contact_name),
            contact_email: changed(&self.contact_email, &before.contact_email),
            contact_phone: changed(&self.contact_phone, &before.contact_phone),
            color: changed(&self.color, &before.color),
            logo: self.logo.input(),
            published: None,
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct EditProps {
    pub partner: PartnerDetail,
    pub onclose: Callback<()>,
    pub onchanged: Callback<PartnerDetail>,
    pub onstale: Callback<()>,
}

#[component]
pub fn Edit(props: &EditProps) -> Html {
    let before = use_memo((), |()| Draft::of(&props.partner));
    let draft = use_state(|| (*before).clone());
    let errors = use_state(Vec::<FieldError>::new);
    let action = use_action();
    let notifier = use_notifier();

    let onsubmit = {
        let (draft, before, errors, action) = (draft.clone(), before.clone(), errors.clone(), action.clone());
        let (partner, onclose, onchanged, onstale) = (props.partner.clone(), props.onclose.clone(), props.onchanged.clone(), props.onstale.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let problems = draft.problems();
            if !problems.is_empty() {
                return errors.set(problems);
            }
            errors.set(Vec::new());
            let variables = PartnerUpdateVariables { id: partner.card.id.clone(), expected_version: partner.version, input: draft.input(&before) };
            let (errors, notifier) = (errors.setter(), notifier.clone());
            let (onclose, onchanged, onstale) = (onclose.clone(), onchanged.clone(), onstale.clone());
            action.run(PartnerUpdate::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let mut found = field_errors(data.partner_update.errors);
                    if let (true, Some(partner)) = (found.is_empty(), data.partner_update.partner) {
                        onchanged.emit(partner);
                        notifier.success(t!("common-saved"));
                        return onclose.emit(());
                    }
                    if found.iter().any(|error| error.code == "STALE_VERSION") {
                        onstale.emit(());
                    }
                    found.iter_mut().for_each(say);
                    errors.set(found);
                }
            });
        })
    };
    use_focus_on_errors("partner-form", &errors);
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
    let others = texts::other_errors(&errors, &FIELDS);
    let onlogo = {
        let (draft, errors) = (draft.clone(), errors.clone());
        Callback::from(move |logo: LogoChange| {
            draft.set(Draft { logo, ..(*draft).clone() });
            errors.set(texts::without(&errors, "logo"));
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} submit=true form="partner-form">
                { t!("common-save") }
            </Button>
        </>
    };
    html! {
        <Modal title={t!("directory-edit")} wide=true onclose={props.onclose.clone()} {footer}>
            <form id="partner-form" class="e-form" {onsubmit} novalidate=true>
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                <LogoField
                    current={props.partner.card.logo_url.to_string()}
                    has_logo={props.partner.card.has_logo}
                    change={draft.logo.clone()}
                    onchange={onlogo}
                    error={error("logo")}
                />
                <TextAreaField id="partner-summary" label={t!("directory-summary")} hint={t!("directory-summary-hint")} rows=2 maxlength="300" required=true
                    value={draft.summary.clone()} oninput={set("summary", |d, v| d.summary = v)} error={error("summary")} />
                <TextAreaField id="partner-description" label={t!("directory-description")} rows=5
                    value={draft.description.clone()} oninput={set("description", |d, v| d.description = v)} error={error("description")} />
                <div class="e-form__row">
                    <TextField id="partner-website" label={t!("directory-website")} kind="url" placeholder="https://"
                        value={draft.website.clone()} oninput={set("website", |d, v| d.website = v)} error={error("website")} />
                    <TextField id="partner-city" label={t!("directory-city")}
                        value={draft.city.clone()} oninput={set("city", |d, v| d.city = v)} error={error("city")} />
                </div>
                <div class="e-form__row">
                    <TextField id="partner-contact-name" label={t!("directory-contact-name")}
                        value={draft.contact_name.clone()} oninput={set("contactName", |d, v| d.contact_name = v)} error={error("contactName")} />
                    <TextField id="partner-contact-email" label={t!("directory-contact-email")} kind="email"
                        value={draft.contact_email.clone()} oninput={set("contactEmail", |d, v| d.contact_email = v)} error={error("contactEmail")} />
                    <TextField id="partner-contact-phone" label={t!("directory-contact-phone")} kind="tel"
                        value={draft.contact_phone.clone()} oninput={set("contactPhone", |d, v| d.contact_phone = v)} error={error("contactPhone")} />
                </div>
                <div class="e-form__row">
                    <TextField id="partner-color" label={t!("directory-color")} hint={t!("directory-color-hint")} placeholder="#1f4e9c" maxlength="7"
                        value={draft.color.clone()} oninput={set("color", |d, v| d.color = v)} error={error("color")} />
                    <span class="e-swatch" aria-hidden="true" style={is_color(&draft.color).then(|| format!("background:{}", draft.color))} />
                </div>
            </form>
        </Modal>
    }
}

/// Puts an error of the server into the words of the screen, where its code says enough.
fn say(error: &mut FieldError) {
    let text = match error.code.as_str() {
        "STALE_VERSION" => t!("directory-stale"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        "LOGO_TOO_LARGE" => t!("directory-logo-size"),
        "LOGO_NOT_AN_IMAGE" => t!("directory-logo-type"),
        "LOGO_UNSAFE" => t!("directory-logo-unsafe", "detail" => error.message.trim_end_matches('.').to_owned()),
        "TOO_LONG" => t!("directory-too-long"),
        "REQUIRED" if error.is_about("summary") => t!("directory-summary-required"),
        _ => return,
    };
    error.message = text;
}
