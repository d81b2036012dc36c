//! The fields of a routing table: its rules in order, the fallback owner, and where customers are.

use std::rc::Rc;

use entente_web_api::{FieldError, deal::PersonRef};
use yew::prelude::*;

use super::draft::{Draft, Rule, Step};
use crate::{
    program::SharedProgram,
    t,
    ui::{Button, CheckField, Choice, FilterMenu, FilterOption, IconButton, IconName, Select, TextField},
};

#[derive(PartialEq, Properties)]
pub struct FieldsProps {
    pub draft: Draft,
    pub program: SharedProgram,
    pub people: Vec<PersonRef>,
    pub errors: Rc<Vec<FieldError>>,
    pub onchange: Callback<Draft>,
}

impl FieldsProps {
    fn put<T: 'static>(&self, put: impl Fn(&mut Draft, T) + 'static) -> Callback<T> {
        let (draft, onchange) = (self.draft.clone(), self.onchange.clone());
        Callback::from(move |value: T| {
            let mut next = draft.clone();
            put(&mut next, value);
            onchange.emit(next);
        })
    }

    fn rule<T: 'static>(&self, at: usize, put: impl Fn(&mut Rule, T) + 'static) -> Callback<T> {
        self.put(move |draft, value: T| {
            if let Some(rule) = draft.rules.get_mut(at) {
                put(rule, value);
            }
        })
    }

    /// What is wrong at that place, as `rules.0.name`.
    fn error(&self, path: &str) -> Option<String> {
        let at = |error: &&FieldError| error.path.iter().skip(1).map(String::as_str).collect::<Vec<_>>().join(".") == path;
        self.errors.iter().find(at).map(|error| error.message.clone())
    }

    fn owners(&self) -> Vec<Choice> {
        self.people.iter().map(|one| Choice::new(one.id.inner().to_owned(), one.name.clone())).collect()
    }
}

#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let territories = props.draft.territories.iter().enumerate().map(|(i, (key, text))| {
        html! {
            <TextField
                key={key.clone()}
                id={format!("territory-{key}")}
                label={props.program.territory_name(key)}
                value={text.clone()}
                oninput={props.put(move |draft, text| if let Some(one) = draft.territories.get_mut(i) { one.1 = text; })}
                autocomplete="off"
                error={sent_place(&props.draft, i).and_then(|at| props.error(&format!("territories.{at}.countries")))}
            />
        }
    });
    html! {
        <>
            <fieldset class="e-rules-group">
                <legend>{ t!("routing-rules") }</legend>
                <p class="e-field__hint">{ t!("routing-rules-lead") }</p>
                <ol class="e-routing">{ for (0..props.draft.rules.len()).map(|at| rule(props, at)) }</ol>
                <div>
                    <Button icon={IconName::Plus} onclick={props.put(|draft, _: MouseEvent| {
                        draft.rules.push(Rule { steps: vec![Step::default()], ..Rule::default() });
                    })}>{ t!("routing-add-rule") }</Button>
                </div>
                <Select
                    id="fallbackId"
                    label={t!("routing-fallback")}
                    hint={t!("routing-fallback-hint")}
                    choices={props.owners()}
                    value={props.draft.fallback.clone()}
                    onchange={props.put(|draft, id| draft.fallback = id)}
                    placeholder={t!("routing-choose")}
                    required=true
                    error={props.error("fallbackId")}
                />
            </fieldset>
            <fieldset class="e-rules-group">
                <legend>{ t!("routing-territories") }</legend>
                <p class="e-field__hint">{ t!("routing-territories-lead") }</p>
                <div class="e-form__row">{ for territories }</div>
            </fieldset>
        </>
    }
}

/// The place of a territory among those that are sent: those with a country.
fn sent_place(draft: &Draft, at: usize) -> Option<usize> {
    let sent = |text: &str| text.chars().any(char::is_alphanumeric);
    let (_, text) = draft.territories.get(at)?;
    sent(text).then(|| draft.territories.iter().take(at).filter(|(_, text)| sent(text)).count())
}

fn rule(props: &FieldsProps, at: usize) -> Html {
    let Some(rule) = props.draft.rules.get(at) else { return html! {} };
    let shown = if rule.name.trim().is_empty() { t!("routing-rule-n", "n" => at + 1) } else { rule.name.clone() };
    let last = at + 1 == props.draft.rules.len();
    let swap = |with: usize| props.put(move |draft: &mut Draft, _: MouseEvent| draft.rules.swap(at, with));
    let program = &props.program;
    let territories: Vec<FilterOption> = program.territories.iter().map(|one| FilterOption::new(one.key.clone(), one.name.clone())).collect();
    let products: Vec<FilterOption> = program.products.iter().map(|one| FilterOption::new(one.id.inner(), one.name.clone())).collect();
    let mut lines: Vec<String> = program.products.iter().filter_map(|one| one.line.clone()).collect();
    lines.sort();
    lines.dedup();
    let lines: Vec<FilterOption> = lines.into_iter().map(|line| FilterOption::new(line.clone(), line)).collect();
    let tiers: Vec<FilterOption> = program.tiers.iter().map(|one| FilterOption::new(one.key.clone(), one.name.clone())).collect();
    let menu = |id: &str, label: String, options: Vec<FilterOption>, chosen: &Vec<String>, of: fn(&mut Rule) -> &mut Vec<String>| {
        let ontoggle = props.rule(at, move |rule, value: String| {
            let list = of(rule);
            if list.contains(&value) { list.retain(|known| *known != value) } else { list.push(value) }
        });
        let names: Vec<String> = options.iter().filter(|one| chosen.contains(&one.value)).map(|one| one.label.clone()).collect();
        html! {
            <div class="e-routing__when">
                <FilterMenu id={format!("rule-{at}-{id}")} {label} {options} chosen={chosen.clone()} {ontoggle} />
                <span class="e-small e-subtle">{ if names.is_empty() { t!("routing-any") } else { names.join(", ") } }</span>
                if let Some(error) = props.error(&format!("rules.{at}.{id}")) { <p class="e-field__error">{ error }</p> }
            </div>
        }
    };
    let currency = program.currency.to_string();
    let value = |id: &str, label: String, value: &str, put: fn(&mut Rule, String)| {
        html! {
            <TextField
                id={format!("rule-{at}-{id}")}
                {label}
                value={value.to_owned()}
                oninput={props.rule(at, put)}
                inputmode="decimal"
                autocomplete="off"
                error={props.error(&format!("rules.{at}.{id}"))}
            />
        }
    };
    html! {
        <li key={at} class="e-routing__rule">
            <div class="e-routing__head">
                <TextField
                    id={format!("rule-{at}-name")}
                    label={t!("routing-rule-name")}
                    value={rule.name.clone()}
                    oninput={props.rule(at, |rule, text| rule.name = text)}
                    maxlength="200"
                    autocomplete="off"
                    required=true
                    error={props.error(&format!("rules.{at}.name"))}
                />
                <div class="e-row">
                    <IconButton name={IconName::ArrowUp} label={t!("routing-up", "name" => shown.clone())} disabled={at == 0} onclick={swap(at.saturating_sub(1))} />
                    <IconButton name={IconName::ArrowDown} label={t!("routing-down", "name" => shown.clone())} disabled={last} onclick={swap(if last { at } else { at + 1 })} />
                    <IconButton
                        name={IconName::Trash}
                        label={t!("routing-remove-rule", "name" => shown.clone())}
                        onclick={props.put(move |draft, _: MouseEvent| drop(draft.rules.remove(at)))}
                    />
                </div>
            </div>
            <div class="e-routing__conditions">
                { menu("customerTerritories", t!("routing-customer-territories"), territories.clone(), &rule.customer_territories, |rule| &mut rule.customer_territories) }
                { menu("partnerTerritories", t!("routing-partner-territories"), territories, &rule.partner_territories, |rule| &mut rule.partner_territories) }
                { menu("productIds", t!("routing-products"), products, &rule.products, |rule| &mut rule.products) }
                { menu("lines", t!("routing-lines"), lines, &rule.lines, |rule| &mut rule.lines) }
                { menu("tiers", t!("routing-tiers"), tiers, &rule.tiers, |rule| &mut rule.tiers) }
            </div>
            <div class="e-form__row">
                { value("fromValue", t!("routing-from", "currency" => currency.clone()), &rule.from, |rule, text| rule.from = text) }
                { value("belowValue", t!("routing-below", "currency" => currency), &rule.below, |rule, text| rule.below = text) }
            </div>
            <fieldset class="e-rules-choice">
                <legend class="e-field__label">{ t!("routing-steps") }</legend>
                { for rule.steps.iter().enumerate().map(|(n, one)| step(props, at, n, one, &shown, rule.steps.len())) }
                if let Some(error) = props.error(&format!("rules.{at}.steps")) { <p class="e-field__error">{ error }</p> }
                <div class="e-row">
                    <Button small=true icon={IconName::Plus} onclick={props.rule(at, |rule, _: MouseEvent| rule.steps.push(Step::default()))}>
                        { t!("routing-add-step") }
                    </Button>
                </div>
            </fieldset>
            <CheckField
                id={format!("rule-{at}-shared")}
                label={html! { { t!("routing-shared") } }}
                checked={rule.shared}
                onchange={props.rule(at, |rule, on| rule.shared = on)}
            />
        </li>
    }
}

fn step(props: &FieldsProps, at: usize, n: usize, step: &Step, rule: &str, of: usize) -> Html {
    let put = |put: fn(&mut Step, String)| {
        props.rule(at, move |rule, text: String| {
            if let Some(step) = rule.steps.get_mut(n) {
                put(step, text);
            }
        })
    };
    html! {
        <div class="e-routing__step" key={n} role="group" aria-label={t!("routing-step-n", "n" => n + 1)}>
            <TextField
                id={format!("rule-{at}-step-{n}-name")}
                label={t!("routing-step-name")}
                value={step.name.clone()}
                oninput={put(|step, text| step.name = text)}
                maxlength="200"
                autocomplete="off"
                error={props.error(&format!("rules.{at}.steps.{n}.name"))}
            />
            <Select
                id={format!("rule-{at}-step-{n}-owner")}
                label={t!("routing-step-owner")}
                choices={props.owners()}
                value={step.owner.clone()}
                onchange={put(|step, id| step.owner = id)}
                placeholder={t!("routing-partner-manager")}
                error={props.error(&format!("rules.{at}.steps.{n}.ownerId"))}
            />
            <IconButton
                name={IconName::Trash}
                label={t!("routing-remove-step", "n" => n + 1, "name" => rule.to_owned())}
                disabled={of < 2}
                onclick={props.rule(at, move |rule, _: MouseEvent| drop(rule.steps.remove(n)))}
            />
        </div>
    }
}
