//! Adding or changing a product. While the form is open somebody else may change the same product: then saving says so,
//! and the newer version is there to be looked at.

use entente_web_api::{
    ApiError, FieldError, MutationBuilder,
    error::field_errors,
    product::{ProductCreate, ProductCreateVariables, ProductPayload, ProductUpdate, ProductUpdateVariables},
    program::{Product, ProductKind},
};
use yew::prelude::*;

use super::{
    draft::Draft,
    fields::{FIELDS, Fields},
    say,
};
use crate::{
    notice::use_notifier,
    pages::register::fresh_key,
    program::SharedProgram,
    remote::use_action,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Modal, use_focus_on_errors},
};

#[derive(PartialEq, Properties)]
pub struct EditorProps {
    pub program: SharedProgram,
    pub kind: ProductKind,
    /// The product that is changed; none for a new one.
    #[prop_or_default]
    pub product: Option<Product>,
    pub onclose: Callback<()>,
    pub ondone: Callback<Product>,
}

#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let language = use_settings().language;
    let notifier = use_notifier();
    let action = use_action();
    let first = || match &props.product {
        Some(product) => Draft::of(product, &props.program, language),
        None => Draft::new(&props.program, props.kind),
    };
    let draft = use_state(first);
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(fresh_key);
    use_focus_on_errors("product-form", &errors);
    let onchange = {
        let (draft, errors) = (draft.setter(), errors.clone());
        Callback::from(move |(next, field): (Draft, &'static str)| {
            draft.set(next);
            errors.set(texts::without(&errors, field));
        })
    };
    let done = {
        let (errors, key, notifier, program) = (errors.setter(), key.setter(), notifier.clone(), props.program.clone());
        let (onclose, ondone) = (props.onclose.clone(), props.ondone.clone());
        move |answer: Result<ProductPayload, ApiError>| {
            let payload = match answer {
                Ok(payload) => payload,
                Err(error) => return notifier.failure(texts::api_error(&error)),
            };
            let found = field_errors(payload.errors);
            if let (true, Some(product)) = (found.is_empty(), payload.product) {
                notifier.success(t!("product-saved", "name" => product.name.clone()));
                ondone.emit(product);
                return onclose.emit(());
            }
            if found.iter().any(|error| error.code == "IDEMPOTENCY_KEY_REUSED") {
                key.set(fresh_key());
            }
            if found.iter().any(|error| error.code == "STALE_VERSION") {
                program.reload();
            }
            errors.set(found.into_iter().map(say).collect());
        }
    };
    let onsubmit = {
        let (draft, errors, product, key) = (draft.clone(), errors.setter(), props.product.clone(), key.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            errors.set(Vec::new());
            let (input, done) = (draft.input(language), done.clone());
            match &product {
                None => {
                    let variables = ProductCreateVariables { input, idempotency_key: Some((*key).clone()) };
                    action.run(ProductCreate::build(variables), move |answer| done(answer.map(|data| data.product_create)));
                }
                Some(product) => {
                    let variables = ProductUpdateVariables { id: product.id.clone(), expected_version: product.version, input };
                    action.run(ProductUpdate::build(variables), move |answer| done(answer.map(|data| data.product_update)));
                }
            }
        })
    };
    let title = match (&props.product, draft.bundle) {
        (Some(product), _) => t!("product-edit-title", "name" => product.name.clone()),
        (None, true) => t!("product-add-bundle"),
        (None, false) => t!("product-add"),
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} submit=true form="product-form">{ t!("common-save") }</Button>
        </>
    };
    let others = texts::other_errors(&errors, &FIELDS);
    html! {
        <Modal {title} onclose={props.onclose.clone()} {footer} wide={draft.bundle}>
            <form id="product-form" class="e-form" {onsubmit} novalidate=true autocomplete="off">
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                if props.product.is_some() && draft.bundle { <p class="e-subtle e-small">{ t!("product-bundle-kept") }</p> }
                <Fields program={props.program.clone()} draft={(*draft).clone()} errors={(*errors).clone()} {onchange} />
            </form>
        </Modal>
    }
}
