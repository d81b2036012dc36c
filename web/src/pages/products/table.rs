//! The list of products and what can be done with each.

use entente_web_api::program::{Product, ProductKind};
use yew::prelude::*;

use super::ProductAction;
use crate::{
    i18n::format,
    t,
    ui::{Column, Icon, IconName, Menu, MenuEntry, Table, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct ProductTableProps {
    pub products: Vec<Product>,
    /// Ids of those that somebody else just changed.
    pub marked: Vec<String>,
    pub onaction: Callback<(ProductAction, Product)>,
}

#[component]
pub fn ProductTable(props: &ProductTableProps) -> Html {
    let columns = vec![
        Column::new(t!("product-name")),
        Column::new(t!("product-line")),
        Column::new(t!("product-inside")),
        Column::new(t!("product-price")).end(),
        Column::new(t!("product-state")),
        Column::new(t!("product-actions")).end(),
    ];
    html! {
        <div class="e-catalogue">
            <Table caption={t!("nav-products")} {columns}>{ for props.products.iter().map(|product| row(product, props)) }</Table>
        </div>
    }
}

fn row(product: &Product, props: &ProductTableProps) -> Html {
    let is_new = props.marked.iter().any(|id| id == product.id.inner());
    let key = if is_new { format!("{}-{}", product.id.inner(), product.version) } else { product.id.inner().to_owned() };
    html! {
        <tr {key} class={classes!(is_new.then_some("e-changed"))}>
            <td data-label="">
                <span class="e-strong">{ &product.name }</span>
                if product.kind == ProductKind::Bundle { { " " }<Tag tone={Tone::Brand}>{ t!("product-bundle") }</Tag> }
                <div class="e-subtle e-small">{ &product.key }</div>
            </td>
            <td data-label={t!("product-line")}>{ product.line.clone().unwrap_or_else(|| "—".to_owned()) }</td>
            <td data-label={t!("product-inside")}>{ inside(product) }</td>
            <td class="e-end e-num e-nowrap" data-label={t!("product-price")}>
                { product.list_price.as_ref().map_or_else(|| "—".to_owned(), format::money) }
            </td>
            <td data-label={t!("product-state")}>
                if let Some(since) = &product.retired_at {
                    <Tag tone={Tone::Warm} dot=true>{ t!("product-retired-since", "day" => format::day_of(since)) }</Tag>
                } else {
                    <Tag tone={Tone::Ok} dot=true>{ t!("product-offered") }</Tag>
                }
            </td>
            <td class="e-end e-catalogue__menu" data-label="">
                <Menu
                    toggle={html! { <Icon name={IconName::Ellipsis} /> }}
                    label={t!("product-actions-for", "name" => product.name.clone())}
                    entries={entries(product, &props.onaction)}
                />
            </td>
        </tr>
    }
}

fn inside(product: &Product) -> Html {
    if product.kind != ProductKind::Bundle {
        return html! { { "—" } };
    }
    let names: Vec<&str> = product.includes.iter().map(|inside| inside.name.as_str()).collect();
    let verticals: Vec<&str> = product.verticals.iter().map(|vertical| vertical.name.as_str()).collect();
    html! {
        <div class="e-catalogue__inside">
            <span>{ names.join(", ") }</span>
            if !product.extras.is_empty() { <div class="e-subtle e-small">{ product.extras.join(" · ") }</div> }
            if !verticals.is_empty() { <div class="e-subtle e-small">{ t!("product-for", "verticals" => verticals.join(", ")) }</div> }
        </div>
    }
}

fn entries(product: &Product, onaction: &Callback<(ProductAction, Product)>) -> Vec<MenuEntry> {
    let act = |action: ProductAction| {
        let (onaction, product) = (onaction.clone(), product.clone());
        Callback::from(move |()| onaction.emit((action, product.clone())))
    };
    let standing = if product.retired_at.is_some() {
        MenuEntry::new(t!("product-restore"), act(ProductAction::Restore)).icon(IconName::Undo)
    } else {
        MenuEntry::new(t!("product-retire"), act(ProductAction::Retire)).icon(IconName::Archive).danger()
    };
    vec![MenuEntry::new(t!("product-edit"), act(ProductAction::Edit)).icon(IconName::Pencil), standing]
}
