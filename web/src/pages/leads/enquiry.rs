//! The public form on a partner's page: anybody asks to be contacted, without an account.

use entente_web_api::{
    FieldError, Id, MutationBuilder,
    error::field_errors,
    lead::{LeadEnquire, LeadEnquireInput, LeadEnquireVariables, LeadSourceInput, LeadSourceKind},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{create::some, words};
use crate::{
    pages::register::fresh_key,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, CheckField, IconName, TextAreaField, TextField},
};

#[derive(Clone, Default, PartialEq)]
struct Draft {
    name: String,
    email: String,
    company: String,
    phone: String,
    message: String,
    /// Filled in by programs only.
    website: String,
    agreed: bool,
}

/// What the address says of the campaign that brought the visitor.
fn source(query: &str) -> LeadSourceInput {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default();
    let of = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.chars().take(200).collect());
    LeadSourceInput {
        kind: Some(LeadSourceKind::Directory),
        campaign: of("campaign"),
        kit: of("kit"),
        utm_source: of("utm_source"),
        utm_medium: of("utm_medium"),
        utm_campaign: of("utm_campaign"),
    }
}

#[derive(PartialEq, Properties)]
pub struct EnquiryProps {
    pub partner_id: Id,
    pub partner_name: String,
}

#[component]
pub fn Enquiry(props: &EnquiryProps) -> Html {
    let action = use_action();
    let location = use_location();
    let draft = use_state(Draft::default);
    let errors = use_state(Vec::<FieldError>::new);
    let failure = use_state(|| None::<String>);
    let sent = use_state_eq(|| false);
    let key = use_state(fresh_key);
    let consent = t!("lead-enquiry-consent", "partner" => props.partner_name.clone());
    if *sent {
        return html! {
            <Card title={t!("lead-enquiry")}>
                <Alert tone={AlertTone::Info} title={t!("lead-enquiry-sent")}>
                    <p>{ t!("lead-enquiry-sent-text", "partner" => props.partner_name.clone()) }</p>
                </Alert>
            </Card>
        };
    }
    let set = |change: fn(&mut Draft, String)| {
        let draft = draft.clone();
        Callback::from(move |text: String| {
            let mut next = (*draft).clone();
            change(&mut next, text);
            draft.set(next);
        })
    };
    let about = |field: &str| errors.iter().find(|error| error.is_about(field)).map(words::refusal);
    let onsubmit = {
        let (draft, errors, failure, sent, key, action) =
            (draft.clone(), errors.setter(), failure.setter(), sent.setter(), key.clone(), action.clone());
        let (partner_id, consent) = (props.partner_id.clone(), consent.clone());
        let query = location.map(|location| location.query_str().to_owned()).unwrap_or_default();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = LeadEnquireInput {
                name: draft.name.clone(),
                email: draft.email.clone(),
                phone: some(&draft.phone),
                company: draft.company.clone(),
                country: None,
                message: some(&draft.message),
                source: Some(source(&query)),
                partner_id: Some(partner_id.clone()),
                consent: if draft.agreed { consent.clone() } else { String::new() },
                website: some(&draft.website),
                idempotency_key: Some((*key).clone()),
            };
            let (errors, failure, sent, key) = (errors.clone(), failure.clone(), sent.clone(), key.setter());
            failure.set(None);
            action.run(LeadEnquire::build(LeadEnquireVariables { input }), move |answer| match answer {
                Err(error) => failure.set(Some(texts::api_error(&error))),
                Ok(data) => {
                    key.set(fresh_key());
                    errors.set(field_errors(data.lead_enquire.errors));
                    sent.set(data.lead_enquire.received);
                }
            });
        })
    };
    html! {
        <Card title={t!("lead-enquiry")}>
            <form class="e-form" {onsubmit} novalidate=true>
                if let Some(text) = &*failure { <Alert tone={AlertTone::Danger} urgent=true><p>{ text }</p></Alert> }
                <p class="e-subtle e-small">{ t!("lead-enquiry-lead", "partner" => props.partner_name.clone()) }</p>
                <TextField id="enquiry-name" label={t!("lead-field-name")} autocomplete="name" value={draft.name.clone()} oninput={set(|d, v| d.name = v)} required=true error={about("name")} />
                <TextField id="enquiry-email" label={t!("lead-field-email")} kind="email" autocomplete="email" value={draft.email.clone()} oninput={set(|d, v| d.email = v)} required=true error={about("email")} />
                <TextField id="enquiry-company" label={t!("lead-field-company")} autocomplete="organization" value={draft.company.clone()} oninput={set(|d, v| d.company = v)} required=true error={about("company")} />
                <TextField id="enquiry-phone" label={t!("lead-field-phone")} kind="tel" autocomplete="tel" value={draft.phone.clone()} oninput={set(|d, v| d.phone = v)} error={about("phone")} />
                <TextAreaField id="enquiry-message" label={t!("lead-field-message")} rows=4 maxlength="4000" value={draft.message.clone()} oninput={set(|d, v| d.message = v)} error={about("message")} />
                <div class="e-enquiry-trap" aria-hidden="true">
                    <label for="enquiry-website">{ "Website" }</label>
                    <input id="enquiry-website" name="website" tabindex="-1" autocomplete="off" value={draft.website.clone()}
                        oninput={set(|d, v| d.website = v).reform(|event: InputEvent| event.target_unchecked_into::<web_sys::HtmlInputElement>().value())} />
                </div>
                <CheckField
                    id="enquiry-consent"
                    label={html! { { consent } }}
                    checked={draft.agreed}
                    onchange={let draft = draft.clone(); Callback::from(move |agreed| draft.set(Draft { agreed, ..(*draft).clone() }))}
                />
                if let Some(text) = about("consent") { <p class="e-field__error" role="alert">{ text }</p> }
                <div class="e-form__actions">
                    <Button kind={ButtonKind::Primary} icon={IconName::Send} submit=true busy={action.busy}>{ t!("lead-enquiry-send") }</Button>
                </div>
            </form>
        </Card>
    }
}
