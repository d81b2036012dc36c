//! What the program sells, for its administrators: every product and bundle, adding and changing one, retiring and bringing
//! back. The list follows the program live; what somebody else changed is marked.

mod draft;
mod fields;
mod form;
mod standing;
mod table;

use std::collections::HashMap;

use entente_web_api::{
    FieldError,
    program::{Product, ProductKind},
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::Forbidden;
use crate::{
    notice::use_notifier,
    program::{SharedProgram, use_program},
    session::use_session,
    t,
    ui::{Button, ButtonKind, Card, EmptyState, IconName, PageHead, SearchField, SwitchField},
};

/// What is to be done with a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProductAction {
    Edit,
    Retire,
    Restore,
}

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq)]
enum Dialog {
    None,
    Create(ProductKind),
    Do(ProductAction, Box<Product>),
}

#[component]
pub fn Products() -> Html {
    if !use_session().can(ViewerAction::ManageProducts) {
        return html! { <Forbidden /> };
    }
    match use_program() {
        Some(program) => html! { <Desk {program} /> },
        None => html! {},
    }
}

#[derive(PartialEq, Properties)]
struct DeskProps {
    program: SharedProgram,
}

/// The products whose version grew since they were last drawn, but for those that the viewer changed.
#[hook]
fn use_changed(products: &[Product], own: &[(String, i32)]) -> Vec<String> {
    let known = use_mut_ref(HashMap::<String, i32>::new);
    let changed = use_mut_ref(Vec::<String>::new);
    let mut known = known.borrow_mut();
    let versions: HashMap<String, i32> = products.iter().map(|product| (product.id.inner().to_owned(), product.version)).collect();
    if *known != versions {
        let others = |(id, version): &(&String, &i32)| !own.iter().any(|(mine, at)| mine == *id && at == *version);
        let fresh = versions.iter().filter(|(id, version)| known.get(*id) != Some(*version)).filter(others);
        *changed.borrow_mut() = if known.is_empty() { Vec::new() } else { fresh.map(|(id, _)| id.clone()).collect() };
        *known = versions;
    }
    changed.borrow().clone()
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let notifier = use_notifier();
    let dialog = use_state_eq(|| Dialog::None);
    let search = use_state_eq(String::new);
    let retired = use_state_eq(|| false);
    // What the viewer changed is no news to the viewer.
    let own = use_mut_ref(Vec::<(String, i32)>::new);
    let products = &props.program.products;
    let marked = use_changed(products, &own.borrow());
    {
        let names: Vec<String> = products.iter().filter(|product| marked.contains(&product.id.inner().to_owned())).map(|p| p.name.clone()).collect();
        let notifier = notifier.clone();
        use_effect_with(names, move |names| {
            if !names.is_empty() {
                notifier.announce(t!("product-changed-live", "names" => names.join(", ")));
            }
        });
    }
    let open = |what: Dialog| {
        let dialog = dialog.setter();
        Callback::from(move |_: MouseEvent| dialog.set(what.clone()))
    };
    let onclose = {
        let dialog = dialog.setter();
        Callback::from(move |()| dialog.set(Dialog::None))
    };
    let onaction = {
        let dialog = dialog.setter();
        Callback::from(move |(action, product): (ProductAction, Product)| dialog.set(Dialog::Do(action, Box::new(product))))
    };
    let ondone = {
        let (own, program) = (own.clone(), props.program.clone());
        Callback::from(move |product: Product| {
            own.borrow_mut().push((product.id.inner().to_owned(), product.version));
            program.reload();
        })
    };
    let wanted = search.trim().to_lowercase();
    let fits = |product: &&Product| {
        let texts = [product.name.as_str(), product.key.as_str(), product.line.as_deref().unwrap_or_default()];
        (*retired || product.retired_at.is_none()) && (wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted)))
    };
    let shown: Vec<Product> = products.iter().filter(fits).cloned().collect();
    html! {
        <>
            <PageHead title={t!("nav-products")} lead={t!("product-lead")}>
                <Button icon={IconName::Package} onclick={open(Dialog::Create(ProductKind::Bundle))}>{ t!("product-add-bundle") }</Button>
                <Button kind={ButtonKind::Primary} icon={IconName::Plus} onclick={open(Dialog::Create(ProductKind::Product))}>{ t!("product-add") }</Button>
            </PageHead>
            <div class="e-toolbar">
                <div class="e-toolbar__grow">
                    <SearchField id="product-search" label={t!("product-search")} value={(*search).clone()} onsearch={to(&search)} />
                </div>
                <SwitchField id="product-retired" label={t!("product-show-retired")} checked={*retired} onchange={to(&retired)} />
            </div>
            if shown.is_empty() {
                <EmptyState icon={IconName::Package} title={t!("product-none")} text={if products.is_empty() { t!("product-none-text") } else { t!("product-none-found") }} />
            } else {
                <Card flush=true>
                    <table::ProductTable products={shown} {marked} {onaction} />
                </Card>
            }
            { draw(&dialog, &props.program, &onclose, &ondone) }
        </>
    }
}

fn to<T: 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.setter();
    Callback::from(move |value| state.set(value))
}

fn draw(dialog: &Dialog, program: &SharedProgram, onclose: &Callback<()>, ondone: &Callback<Product>) -> Html {
    let (program, onclose, ondone) = (program.clone(), onclose.clone(), ondone.clone());
    match dialog {
        Dialog::None => html! {},
        Dialog::Create(kind) => html! { <form::Editor {program} kind={*kind} {onclose} {ondone} /> },
        Dialog::Do(ProductAction::Edit, product) => {
            html! { <form::Editor {program} kind={product.kind} product={(**product).clone()} {onclose} {ondone} /> }
        }
        Dialog::Do(action, product) => html! { <standing::Confirm {program} product={(**product).clone()} action={*action} {onclose} {ondone} /> },
    }
}

/// Puts a refusal into the words of the screen, where its code says enough.
fn say(mut error: FieldError) -> FieldError {
    let text = match error.code.as_str() {
        "STALE_VERSION" => t!("product-stale"),
        "NOT_ALLOWED" => t!("error-forbidden"),
        "KEY_TAKEN" => t!("product-key-taken"),
        "NAME_TAKEN" => t!("product-name-taken"),
        "BUNDLE_EMPTY" => t!("product-bundle-empty"),
        "CATALOGUE_FULL" => t!("product-catalogue-full"),
        "IDEMPOTENCY_KEY_REUSED" => t!("error-key-reused"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        "INVALID_INPUT" if error.is_about("key") => t!("product-key-shape"),
        "INVALID_INPUT" if error.path.iter().any(|part| part == "amount") => t!("product-price-shape"),
        _ => return error,
    };
    error.message = text;
    error
}
