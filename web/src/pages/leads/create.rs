//! Writing down a lead by hand: a dialog for the vendor's staff.

use entente_web_api::{
    CountryCode, CurrencyCode, Decimal, FieldError, Id, MutationBuilder,
    error::field_errors,
    lead::{LeadCreate, LeadCreateInput, LeadCreateVariables, LeadSourceInput, LeadSourceKind},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::words;
use crate::{
    notice::use_notifier,
    pages::register::{fresh_key, plain_amount, read_as},
    program::use_program,
    remote::use_action,
    routes::Routes,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Choice, FilterMenu, FilterOption, Modal, Select, SwitchField, TextAreaField, TextField},
};

pub(super) const KINDS: [LeadSourceKind; 7] = [
    LeadSourceKind::Directory,
    LeadSourceKind::Website,
    LeadSourceKind::Campaign,
    LeadSourceKind::Event,
    LeadSourceKind::Referral,
    LeadSourceKind::Outbound,
    LeadSourceKind::Other,
];

/// The choices of a source's kind.
pub(super) fn kinds() -> Vec<Choice> {
    KINDS.into_iter().map(|kind| Choice::new(format!("{kind:?}"), words::source_kind(kind))).collect()
}

/// The kind of that name.
pub(super) fn kind_of(name: &str) -> LeadSourceKind {
    KINDS.into_iter().find(|kind| format!("{kind:?}") == name).unwrap_or(LeadSourceKind::Other)
}

/// A text, where there is one.
pub(super) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[derive(Clone, Default, PartialEq)]
struct Draft {
    name: String,
    email: String,
    phone: String,
    company: String,
    country: String,
    message: String,
    products: Vec<String>,
    vertical: String,
    amount: String,
    kind: String,
    campaign: String,
    hold: bool,
}

#[derive(PartialEq, Properties)]
pub struct CreateProps {
    pub onclose: Callback<()>,
}

#[component]
pub fn Create(props: &CreateProps) -> Html {
    let (action, notifier, navigator, program) = (use_action(), use_notifier(), use_navigator(), use_program());
    let language = use_settings().language;
    let draft = use_state(|| Draft { kind: "Other".into(), ..Draft::default() });
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    let Some(program) = program else { return html! {} };
    let set = |change: fn(&mut Draft, String)| {
        let draft = draft.clone();
        Callback::from(move |text: String| {
            let mut next = (*draft).clone();
            change(&mut next, text);
            draft.set(next);
        })
    };
    let about = |field: &str| errors.iter().find(|error| error.is_about(field)).map(words::refusal);
    let submit = {
        let (draft, errors, key, action) = (draft.clone(), errors.setter(), key.clone(), action.clone());
        let (onclose, currency) = (props.onclose.clone(), program.currency.to_string());
        Callback::from(move |()| {
            let amount = some(&draft.amount);
            let input = LeadCreateInput {
                name: draft.name.clone(),
                email: draft.email.clone(),
                phone: some(&draft.phone),
                company: draft.company.clone(),
                country: some(&draft.country).map(|c| CountryCode::from(c.to_uppercase())),
                message: some(&draft.message),
                product_ids: Some(draft.products.iter().map(Id::new).collect()),
                vertical: some(&draft.vertical),
                currency: amount.is_some().then(|| CurrencyCode::from(currency.clone())),
                amount: amount.map(|typed| Decimal(plain_amount(&typed, language))),
                source: Some(LeadSourceInput { kind: Some(kind_of(&draft.kind)), campaign: some(&draft.campaign), ..LeadSourceInput::default() }),
                hold: Some(draft.hold),
                idempotency_key: Some((*key).clone()),
                ..LeadCreateInput::default()
            };
            let (errors, key, onclose, notifier, navigator) = (errors.clone(), key.setter(), onclose.clone(), notifier.clone(), navigator.clone());
            action.run(LeadCreate::build(LeadCreateVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found = field_errors(data.lead_create.errors);
                    key.set(fresh_key());
                    if let (Some(lead), true) = (data.lead_create.lead, found.is_empty()) {
                        onclose.emit(());
                        let said = if data.lead_create.joined {
                            t!("lead-joined", "number" => lead.number.clone())
                        } else {
                            t!("lead-created", "number" => lead.number.clone())
                        };
                        notifier.success(said);
                        if let Some(navigator) = navigator {
                            navigator.push(&Routes::Lead { id: lead.id.into_inner() });
                        }
                    } else {
                        errors.set(found);
                    }
                }
            });
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("lead-create") }</Button>
        </>
    };
    let onsubmit = submit.reform(|event: SubmitEvent| event.prevent_default());
    let toggle = {
        let draft = draft.clone();
        Callback::from(move |id: String| {
            let mut next = (*draft).clone();
            if next.products.contains(&id) {
                next.products.retain(|known| *known != id)
            } else {
                next.products.push(id)
            }
            draft.set(next);
        })
    };
    let sold = program.products.iter().filter(|product| product.retired_at.is_none());
    let products: Vec<FilterOption> = sold.map(|product| FilterOption::new(product.id.inner().to_owned(), product.name.clone())).collect();
    let mut verticals = vec![Choice::new("", t!("lead-any"))];
    verticals.extend(program.verticals.iter().map(|term| Choice::new(term.key.clone(), term.name.clone())));
    html! {
        <Modal title={t!("lead-new")} onclose={props.onclose.clone()} {footer} wide=true>
            <form class="e-form" {onsubmit} novalidate=true>
                if let Some(error) = errors.iter().find(|error| error.path.is_empty()) {
                    <Alert tone={AlertTone::Danger} urgent=true><p>{ words::refusal(error) }</p></Alert>
                }
                <div class="e-fact-grid">
                    <TextField id="lead-name" label={t!("lead-field-name")} value={draft.name.clone()} oninput={set(|d, v| d.name = v)} required=true error={about("name")} />
                    <TextField id="lead-email" label={t!("lead-field-email")} kind="email" value={draft.email.clone()} oninput={set(|d, v| d.email = v)} required=true error={about("email")} />
                    <TextField id="lead-company" label={t!("lead-field-company")} value={draft.company.clone()} oninput={set(|d, v| d.company = v)} required=true error={about("company")} />
                    <TextField id="lead-phone" label={t!("lead-field-phone")} value={draft.phone.clone()} oninput={set(|d, v| d.phone = v)} error={about("phone")} />
                    <TextField id="lead-country" label={t!("lead-field-country")} hint={t!("lead-field-country-hint")} maxlength="2" value={draft.country.clone()} oninput={set(|d, v| d.country = v)} error={about("country")} />
                    <Select id="lead-vertical" label={t!("lead-field-vertical")} choices={verticals} value={draft.vertical.clone()} onchange={set(|d, v| d.vertical = v)} />
                    <TextField id="lead-amount" label={t!("lead-field-value", "currency" => program.currency.to_string())} inputmode="decimal" value={draft.amount.clone()} oninput={set(|d, v| d.amount = v)} hint={read_as(&draft.amount, program.currency.as_str(), language)} error={about("amount")} />
                    <Select id="lead-source" label={t!("lead-field-source")} choices={kinds()} value={draft.kind.clone()} onchange={set(|d, v| d.kind = v)} />
                    <TextField id="lead-campaign" label={t!("lead-field-campaign")} value={draft.campaign.clone()} oninput={set(|d, v| d.campaign = v)} error={about("campaign")} />
                </div>
                <div>
                    <FilterMenu
                        id="lead-products"
                        label={t!("lead-field-products")}
                        options={products}
                        chosen={draft.products.clone()}
                        ontoggle={toggle}
                    />
                </div>
                <TextAreaField id="lead-message" label={t!("lead-field-message")} rows=3 maxlength="4000" value={draft.message.clone()} oninput={set(|d, v| d.message = v)} error={about("message")} />
                <SwitchField id="lead-hold" label={t!("lead-hold")} checked={draft.hold} onchange={let draft = draft.clone(); Callback::from(move |hold| draft.set(Draft { hold, ..(*draft).clone() }))} />
            </form>
        </Modal>
    }
}
