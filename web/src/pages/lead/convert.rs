//! Making a deal of a lead: the registration with what the lead says filled in. The deal keeps the lead and its source.

use entente_web_api::{
    CurrencyCode, Date, Decimal, FieldError, MoneyInput, MutationBuilder,
    deal_action::DealRegisterInput,
    error::field_errors,
    lead::{LeadConvert, LeadConvertVariables, LeadDetail},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    notice::use_notifier,
    pages::{deal::verdict::VerdictView, register::fresh_key},
    program::use_program,
    remote::use_action,
    routes::Routes,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Choice, DateField, FilterMenu, FilterOption, Modal, Select, TextAreaField, TextField},
};

#[derive(Clone, PartialEq)]
struct Draft {
    title: String,
    amount: String,
    currency: String,
    close: String,
    contact: String,
    description: String,
    products: Vec<String>,
}

#[derive(PartialEq, Properties)]
pub struct ConvertProps {
    pub lead: LeadDetail,
    pub onclose: Callback<()>,
    pub ondone: Callback<()>,
}

#[component]
pub fn Convert(props: &ConvertProps) -> Html {
    let (action, notifier, navigator, program) = (use_action(), use_notifier(), use_navigator(), use_program());
    let lead = &props.lead;
    let draft = use_state(|| Draft {
        title: lead.card.products.first().map_or_else(|| lead.card.company.clone(), |p| format!("{} · {}", lead.card.company, p.name)),
        amount: lead.card.value.as_ref().map(|v| v.amount.to_string()).unwrap_or_default(),
        currency: lead.card.value.as_ref().map(|v| v.currency.to_string()).unwrap_or_default(),
        close: String::new(),
        contact: lead.card.name.clone(),
        description: lead.message.clone().unwrap_or_default(),
        products: lead.card.products.iter().map(|p| p.id.inner().to_owned()).collect(),
    });
    let errors = use_state(Vec::<FieldError>::new);
    let blocked = use_state(|| None::<entente_web_api::deal::DealVerdict>);
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
    let about = |field: &str| errors.iter().find(|error| error.is_about(field)).map(|error| error.message.clone());
    let base = program.currency.to_string();
    let submit = {
        let (draft, errors, blocked, key, action, lead) =
            (draft.clone(), errors.setter(), blocked.setter(), key.clone(), action.clone(), lead.clone());
        let (onclose, ondone, base) = (props.onclose.clone(), props.ondone.clone(), base.clone());
        Callback::from(move |()| {
            let input = DealRegisterInput {
                title: draft.title.clone(),
                customer_name: lead.card.company.clone(),
                customer_domain: lead.domain.clone(),
                customer_country: lead.card.country.clone(),
                product_ids: draft.products.iter().map(entente_web_api::Id::new).collect(),
                value: MoneyInput {
                    amount: Decimal::from(draft.amount.clone()),
                    currency: CurrencyCode::from(if draft.currency.is_empty() { base.clone() } else { draft.currency.clone() }),
                },
                expected_close_on: Date::from(draft.close.clone()),
                contact_name: Some(draft.contact.clone()),
                description: Some(draft.description.clone()),
                idempotency_key: Some((*key).clone()),
                ..DealRegisterInput::default()
            };
            let variables = LeadConvertVariables { id: lead.card.id.clone(), expected_version: lead.card.version, input };
            let (errors, blocked, key) = (errors.clone(), blocked.clone(), key.setter());
            let (onclose, ondone, notifier, navigator) = (onclose.clone(), ondone.clone(), notifier.clone(), navigator.clone());
            action.run(LeadConvert::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let payload = data.lead_convert;
                    let found = field_errors(payload.errors);
                    key.set(fresh_key());
                    match payload.deal {
                        Some(deal) if found.is_empty() => {
                            onclose.emit(());
                            ondone.emit(());
                            notifier.success(t!("lead-converted", "number" => deal.number.clone()));
                            if let Some(navigator) = navigator {
                                navigator.push(&Routes::Deal { id: deal.id.into_inner() });
                            }
                        }
                        _ => {
                            blocked.set(payload.verdict);
                            errors.set(found);
                        }
                    }
                }
            });
        })
    };
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
    let currencies: Vec<Choice> = program.currencies.iter().map(|c| Choice::new(c.code.to_string(), c.code.to_string())).collect();
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("lead-convert") }</Button>
        </>
    };
    html! {
        <Modal title={t!("lead-convert")} onclose={props.onclose.clone()} {footer} wide=true>
            <form class="e-form" onsubmit={submit.reform(|event: SubmitEvent| event.prevent_default())} novalidate=true>
                <p class="e-subtle">{ t!("lead-convert-lead", "company" => lead.card.company.clone()) }</p>
                if !errors.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>
                        { for errors.iter().map(|error| html! { <p>{ &error.message }</p> }) }
                    </Alert>
                }
                if let Some(verdict) = &*blocked {
                    <VerdictView verdict={verdict.clone()} advice={t!("deal-advice-blocked")} />
                }
                <TextField id="convert-title" label={t!("deal-field-title")} value={draft.title.clone()} oninput={set(|d, v| d.title = v)} required=true error={about("title")} />
                <div class="e-fact-grid">
                    <TextField id="convert-amount" label={t!("lead-value")} inputmode="decimal" value={draft.amount.clone()} oninput={set(|d, v| d.amount = v)} required=true error={about("value")} />
                    <Select id="convert-currency" label={t!("lead-currency")} choices={currencies} value={if draft.currency.is_empty() { base } else { draft.currency.clone() }} onchange={set(|d, v| d.currency = v)} />
                    <DateField id="convert-close" label={t!("deal-field-close")} value={draft.close.clone()} onchange={set(|d, v| d.close = v)} min={format::today().to_string()} required=true error={about("expectedCloseOn")} />
                    <TextField id="convert-contact" label={t!("lead-convert-contact")} value={draft.contact.clone()} oninput={set(|d, v| d.contact = v)} error={about("contactName")} />
                </div>
                <div>
                    <FilterMenu
                        id="convert-products"
                        label={t!("lead-field-products")}
                        options={program.products.iter().map(|p| FilterOption::new(p.id.inner().to_owned(), p.name.clone())).collect::<Vec<_>>()}
                        chosen={draft.products.clone()}
                        ontoggle={toggle}
                    />
                </div>
                <TextAreaField id="convert-description" label={t!("lead-convert-description")} rows=3 maxlength="4000" value={draft.description.clone()} oninput={set(|d, v| d.description = v)} error={about("description")} />
            </form>
        </Modal>
    }
}
