//! Tables: columns with optional sorting, rows by the screen. Below 640 px rows stand as small cards, so every `td`
//! carries its column's name in `data-label` (empty for the leading cell).

use yew::prelude::*;

use super::{Icon, IconName};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    Ascending,
    Descending,
}

/// One column's head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub label: AttrValue,
    /// Aligned to the end, for numbers.
    pub end: bool,
    /// Set when the table can be sorted by this column.
    pub sort_key: Option<AttrValue>,
}

impl Column {
    pub fn new(label: impl Into<AttrValue>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    pub fn end(mut self) -> Self {
        self.end = true;
        self
    }

    pub fn sorted_by(mut self, key: impl Into<AttrValue>) -> Self {
        self.sort_key = Some(key.into());
        self
    }
}

#[derive(PartialEq, Properties)]
pub struct TableProps {
    /// What the table holds; for screen readers.
    pub caption: AttrValue,
    pub columns: Vec<Column>,
    /// The `tr`s.
    pub children: Html,
    #[prop_or_default]
    pub sort: Option<(AttrValue, SortDirection)>,
    /// The key of the column whose head was pressed.
    #[prop_or_default]
    pub onsort: Callback<AttrValue>,
}

#[component]
pub fn Table(props: &TableProps) -> Html {
    html! {
        <div class="e-table-wrap" tabindex="0" role="region" aria-label={props.caption.clone()}>
            <table class="e-table e-table--stacks">
                <caption>{ &props.caption }</caption>
                <thead><tr>{ for props.columns.iter().map(|column| head(column, props)) }</tr></thead>
                <tbody>{ props.children.clone() }</tbody>
            </table>
        </div>
    }
}

fn head(column: &Column, props: &TableProps) -> Html {
    let class = column.end.then_some("e-end");
    let Some(key) = &column.sort_key else {
        return html! { <th scope="col" {class}>{ &column.label }</th> };
    };
    let direction = props.sort.as_ref().filter(|(sorted, _)| sorted == key).map(|(_, direction)| *direction);
    let (aria, icon) = match direction {
        Some(SortDirection::Ascending) => ("ascending", IconName::ArrowUp),
        Some(SortDirection::Descending) => ("descending", IconName::ArrowDown),
        None => ("none", IconName::ChevronsUpDown),
    };
    let onclick = {
        let (onsort, key) = (props.onsort.clone(), key.clone());
        Callback::from(move |_: MouseEvent| onsort.emit(key.clone()))
    };
    html! {
        <th scope="col" {class} aria-sort={aria}>
            <button type="button" class="e-table__sort" {onclick}>{ &column.label }<Icon name={icon} /></button>
        </th>
    }
}
