//! Asks before a product is retired or brought back.

use entente_web_api::{
    ApiError, FieldError, MutationBuilder,
    error::field_errors,
    product::{ProductPayload, ProductRestore, ProductRetire, ProductStandingVariables},
    program::Product,
};
use yew::prelude::*;

use super::{ProductAction, say};
use crate::{
    notice::use_notifier,
    program::SharedProgram,
    remote::use_action,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Modal},
};

#[derive(PartialEq, Properties)]
pub struct ConfirmProps {
    pub program: SharedProgram,
    pub product: Product,
    pub action: ProductAction,
    pub onclose: Callback<()>,
    pub ondone: Callback<Product>,
}

#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let errors = use_state(Vec::<FieldError>::new);
    let retiring = props.action == ProductAction::Retire;
    let name = props.product.name.clone();
    let done = {
        let (errors, notifier, program) = (errors.setter(), notifier.clone(), props.program.clone());
        let (onclose, ondone) = (props.onclose.clone(), props.ondone.clone());
        move |answer: Result<ProductPayload, ApiError>| {
            let payload = match answer {
                Ok(payload) => payload,
                Err(error) => return notifier.failure(texts::api_error(&error)),
            };
            let found = field_errors(payload.errors);
            if let (true, Some(product)) = (found.is_empty(), payload.product) {
                let name = product.name.clone();
                notifier.success(if retiring { t!("product-retired-done", "name" => name) } else { t!("product-restored-done", "name" => name) });
                ondone.emit(product);
                return onclose.emit(());
            }
            program.reload();
            errors.set(found.into_iter().map(say).collect());
        }
    };
    let busy = action.busy;
    let onclick = {
        let (id, expected_version) = (props.product.id.clone(), props.product.version);
        Callback::from(move |_: MouseEvent| {
            let variables = ProductStandingVariables { id: id.clone(), expected_version };
            let done = done.clone();
            if retiring {
                action.run(ProductRetire::build(variables), move |answer| done(answer.map(|data| data.product_retire)));
            } else {
                action.run(ProductRestore::build(variables), move |answer| done(answer.map(|data| data.product_restore)));
            }
        })
    };
    let (title, text, label, kind) = if retiring {
        (t!("product-retire-title", "name" => name), t!("product-retire-text"), t!("product-retire"), ButtonKind::Danger)
    } else {
        (t!("product-restore-title", "name" => name), t!("product-restore-text"), t!("product-restore"), ButtonKind::Primary)
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button {kind} {busy} {onclick}>{ label }</Button>
        </>
    };
    html! {
        <Modal {title} onclose={props.onclose.clone()} {footer}>
            if !errors.is_empty() {
                <Alert tone={AlertTone::Danger} urgent=true>{ for errors.iter().map(|error| html! { <p>{ &error.message }</p> }) }</Alert>
            }
            <p>{ text }</p>
        </Modal>
    }
}
