//! Values that are written differently in the files: what stands there and what it stands for, one row each.

use entente_web_api::import::ImportAliasInput;
use yew::prelude::*;

use crate::{
    t,
    ui::{Button, Choice, IconButton, IconName, Select, TextField},
};

/// Fields whose values can be mapped, as the server names them.
const FIELDS: [&str; 8] = ["product", "stage", "country", "account", "sector", "sales_agent", "manager", "regional_office"];

/// One row of the editor.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    field: String,
    from: String,
    to: String,
}

impl Default for Alias {
    fn default() -> Self {
        Self { field: "product".to_owned(), from: String::new(), to: String::new() }
    }
}

impl Alias {
    fn is_blank(&self) -> bool {
        self.from.trim().is_empty() && self.to.trim().is_empty()
    }
}

/// The rows that say something, with their place in the editor: the server names an alias by its place in what it got.
pub fn filled(aliases: &[Alias]) -> Vec<(usize, ImportAliasInput)> {
    let input = |alias: &Alias| ImportAliasInput { field: alias.field.clone(), from: alias.from.trim().to_owned(), to: alias.to.trim().to_owned() };
    aliases.iter().enumerate().filter(|(_, alias)| !alias.is_blank()).map(|(at, alias)| (at, input(alias))).collect()
}

fn field_name(field: &str) -> String {
    match field {
        "product" => t!("import-field-product"),
        "stage" => t!("import-field-stage"),
        "country" => t!("import-field-country"),
        "account" => t!("import-field-account"),
        "sector" => t!("import-field-sector"),
        "sales_agent" => t!("import-field-agent"),
        "manager" => t!("import-field-manager"),
        _ => t!("import-field-office"),
    }
}

#[derive(PartialEq, Properties)]
pub struct AliasesProps {
    pub aliases: Vec<Alias>,
    pub onchange: Callback<Vec<Alias>>,
    /// What is wrong with a row, by its place.
    pub errors: Vec<(usize, String)>,
}

#[component]
pub fn Aliases(props: &AliasesProps) -> Html {
    let add = {
        let (aliases, onchange) = (props.aliases.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = aliases.clone();
            next.push(Alias::default());
            onchange.emit(next);
        })
    };
    html! {
        <fieldset class="e-aliases">
            <legend class="e-field__label">{ t!("import-aliases") }</legend>
            <p class="e-field__hint">{ t!("import-aliases-hint") }</p>
            { for props.aliases.iter().enumerate().map(|(at, alias)| row(at, alias, props)) }
            <div><Button small=true icon={IconName::Plus} onclick={add}>{ t!("import-alias-add") }</Button></div>
        </fieldset>
    }
}

fn row(at: usize, alias: &Alias, props: &AliasesProps) -> Html {
    let set = |change: fn(&mut Alias, String)| {
        let (aliases, onchange) = (props.aliases.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = aliases.clone();
            if let Some(alias) = next.get_mut(at) {
                change(alias, text);
            }
            onchange.emit(next);
        })
    };
    let remove = {
        let (aliases, onchange) = (props.aliases.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = aliases.clone();
            next.remove(at);
            onchange.emit(next);
        })
    };
    let error = props.errors.iter().find(|(known, _)| *known == at).map(|(_, text)| text.clone());
    html! {
        <div class="e-alias" role="group" aria-label={t!("import-alias-n", "n" => at as i64 + 1)}>
            <Select
                id={format!("alias-field-{at}")}
                label={t!("import-alias-field")}
                choices={FIELDS.into_iter().map(|field| Choice::new(field, field_name(field))).collect::<Vec<_>>()}
                value={alias.field.clone()}
                onchange={set(|alias, text| alias.field = text)}
            />
            <TextField id={format!("alias-from-{at}")} label={t!("import-alias-from")} value={alias.from.clone()}
                oninput={set(|alias, text| alias.from = text)} {error} />
            <TextField id={format!("alias-to-{at}")} label={t!("import-alias-to")} value={alias.to.clone()}
                oninput={set(|alias, text| alias.to = text)} />
            <IconButton name={IconName::Trash} label={t!("import-alias-remove", "n" => at as i64 + 1)} onclick={remove} />
        </div>
    }
}
