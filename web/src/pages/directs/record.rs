//! The dialog that records an opportunity of the vendor's own.

use entente_web_api::{
    CountryCode, FieldError, Id, MutationBuilder,
    direct::{DirectRecord, DirectRecordInput, DirectRecordVariables},
    error::field_errors,
};
use yew::prelude::*;

use super::refusal;
use crate::{
    notice::use_notifier,
    pages::register::{ProductPicker, fresh_key},
    program::use_program,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Modal, TextAreaField, TextField},
};

#[derive(Clone, Default, PartialEq)]
struct Typed {
    name: String,
    domain: String,
    country: String,
    products: Vec<String>,
    note: String,
}

#[derive(PartialEq, Properties)]
pub struct RecordProps {
    pub onclose: Callback<()>,
    pub ondone: Callback<()>,
}

#[component]
pub fn Record(props: &RecordProps) -> Html {
    let (action, notifier, program) = (use_action(), use_notifier(), use_program());
    let typed = use_state_eq(Typed::default);
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    let Some(program) = program else { return html! {} };
    let put = |put: fn(&mut Typed, String)| {
        let typed = typed.clone();
        Callback::from(move |text: String| {
            let mut next = (*typed).clone();
            put(&mut next, text);
            typed.set(next);
        })
    };
    let about = |field: &str| errors.iter().find(|error| error.is_about(field)).map(refusal);
    let others: Vec<String> = errors.iter().filter(|e| e.path.len() < 2).map(refusal).collect();
    let submit = {
        let (typed, errors, key, action) = (typed.clone(), errors.setter(), key.clone(), action.clone());
        let (onclose, ondone) = (props.onclose.clone(), props.ondone.clone());
        Callback::from(move |()| {
            let given = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
            let input = DirectRecordInput {
                customer_name: typed.name.clone(),
                customer_domain: given(&typed.domain),
                customer_country: given(&typed.country).map(|c| CountryCode::from(c.to_uppercase())),
                product_ids: typed.products.iter().map(Id::new).collect(),
                note: given(&typed.note),
                idempotency_key: Some((*key).clone()),
            };
            let (errors, key, onclose, ondone, notifier) = (errors.clone(), key.setter(), onclose.clone(), ondone.clone(), notifier.clone());
            action.run(DirectRecord::build(DirectRecordVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let found = field_errors(data.direct_record.errors);
                    key.set(fresh_key());
                    if found.is_empty() {
                        onclose.emit(());
                        ondone.emit(());
                        notifier.success(t!("direct-done"));
                    } else {
                        errors.set(found);
                    }
                }
            });
        })
    };
    let ontoggle = {
        let typed = typed.clone();
        Callback::from(move |id: String| {
            let mut next = (*typed).clone();
            if next.products.contains(&id) {
                next.products.retain(|known| *known != id);
            } else {
                next.products.push(id);
            }
            typed.set(next);
        })
    };
    let onsubmit = submit.reform(|event: SubmitEvent| event.prevent_default());
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("direct-record") }</Button>
        </>
    };
    html! {
        <Modal title={t!("direct-record")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} onkeydown={Callback::from(|event: KeyboardEvent| event.stop_propagation())} novalidate=true>
                <p class="e-subtle">{ t!("direct-record-lead") }</p>
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                <TextField id="direct-name" label={t!("register-customer-name")} value={typed.name.clone()} maxlength="200" autocomplete="off"
                    required=true oninput={put(|t, v| t.name = v)} error={about("customerName")} />
                <div class="e-form__row">
                    <TextField id="direct-domain" label={t!("register-domain")} value={typed.domain.clone()} autocomplete="off" placeholder="example.com"
                        oninput={put(|t, v| t.domain = v)} error={about("customerDomain")} />
                    <TextField id="direct-country" label={t!("direct-country")} value={typed.country.clone()} maxlength="2" autocomplete="off"
                        placeholder="DE" oninput={put(|t, v| t.country = v)} error={about("customerCountry")} />
                </div>
                <ProductPicker products={program.products.clone()} chosen={typed.products.clone()} {ontoggle} error={about("productIds")} />
                <TextAreaField id="direct-note" label={t!("direct-note")} value={typed.note.clone()} rows={2} maxlength="4000"
                    oninput={put(|t, v| t.note = v)} error={about("note")} />
            </form>
        </Modal>
    }
}
