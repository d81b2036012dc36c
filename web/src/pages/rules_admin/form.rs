//! The fields of a draft of the rules.

use std::rc::Rc;

use entente_web_api::{FieldError, deal::PersonRef};
use yew::prelude::*;

use super::desk;
use super::draft::{DAYS, DayRow, DecisionRow, Draft, ProtectionRow};
use crate::{
    pages::rules::sentences::day_name,
    program::SharedProgram,
    t, texts,
    ui::{Button, CheckField, Choice, IconButton, IconName, Select, TextAreaField, TextField},
};

#[derive(PartialEq, Properties)]
pub struct FieldsProps {
    pub draft: Draft,
    pub program: SharedProgram,
    /// Who may decide registrations.
    pub people: Vec<PersonRef>,
    pub errors: Rc<Vec<FieldError>>,
    pub onchange: Callback<Draft>,
}

impl FieldsProps {
    pub(super) fn put<T: 'static>(&self, put: impl Fn(&mut Draft, T) + 'static) -> Callback<T> {
        let (draft, onchange) = (self.draft.clone(), self.onchange.clone());
        Callback::from(move |value: T| {
            let mut next = draft.clone();
            put(&mut next, value);
            onchange.emit(next);
        })
    }

    pub(super) fn number(&self, id: &'static str, label: String, value: &str, hint: Option<String>, put: fn(&mut Draft, String)) -> Html {
        html! {
            <TextField
                {id}
                {label}
                value={value.to_owned()}
                oninput={self.put(put)}
                inputmode="decimal"
                autocomplete="off"
                hint={hint.map(AttrValue::from)}
                error={texts::error_for(&self.errors, id)}
            />
        }
    }
}

#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    html! {
        <>
            { valid(props) }
            { desk::evidence(props) }
            { desk::own_fields(props) }
            { protection(props) }
            { decision(props) }
            { calendar(props) }
            <fieldset class="e-rules-group">
                <legend>{ t!("rules-part-change") }</legend>
                { props.number("noticeDays", t!("rules-field-notice"), &props.draft.notice, Some(t!("rules-field-notice-hint")), |d, v| d.notice = v) }
            </fieldset>
        </>
    }
}

fn valid(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let currency = props.program.currency.to_string();
    let products: Vec<(String, String)> = props.program.products.iter().map(|p| (p.id.inner().to_owned(), p.name.clone())).collect();
    let territories: Vec<(String, String)> = props.program.territories.iter().map(|one| (one.key.clone(), one.name.clone())).collect();
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("rules-part-valid") }</legend>
            <div class="e-form__row">
                { props.number("minimumValue", t!("rules-field-minimum", "currency" => currency), &draft.minimum, None, |d, v| d.minimum = v) }
                { props.number("closeWithinDays", t!("rules-field-close"), &draft.close_within, Some(t!("rules-field-optional")), |d, v| d.close_within = v) }
                { props.number("descriptionMinLength", t!("rules-field-description"), &draft.description_min, Some(t!("rules-field-zero")), |d, v| d.description_min = v) }
            </div>
            <CheckField
                id="contactRequired"
                label={html! { { t!("rules-field-contact") } }}
                checked={draft.contact}
                onchange={props.put(|draft, on| draft.contact = on)}
            />
            { several(props, "products", t!("rules-field-products"), products, &draft.products, |draft| &mut draft.products) }
            { several(props, "territories", t!("rules-field-territories"), territories, &draft.territories, |draft| &mut draft.territories) }
            <TextAreaField
                id="engagement"
                label={t!("rules-engagement")}
                hint={t!("rules-field-engagement-hint")}
                rows={6}
                maxlength="20000"
                value={draft.engagement.clone()}
                oninput={props.put(|draft, text| draft.engagement = text)}
                error={texts::error_for(&props.errors, "engagement")}
            />
        </fieldset>
    }
}

/// Some of a list; none of them means all.
fn several(
    props: &FieldsProps,
    id: &'static str,
    legend: String,
    all: Vec<(String, String)>,
    chosen: &[String],
    of: fn(&mut Draft) -> &mut Vec<String>,
) -> Html {
    let check = |(value, name): (String, String)| {
        let onchange = {
            let value = value.clone();
            props.put(move |draft, on: bool| {
                let list = of(draft);
                list.retain(|known| *known != value);
                if on {
                    list.push(value.clone());
                }
            })
        };
        html! { <CheckField key={value.clone()} id={format!("{id}-{value}")} label={html! { { name } }} checked={chosen.contains(&value)} {onchange} /> }
    };
    html! {
        <fieldset class="e-rules-choice">
            <legend class="e-field__label">{ legend }</legend>
            <p class="e-field__hint">{ if chosen.is_empty() { t!("rules-field-all") } else { t!("rules-field-only") } }</p>
            <div class="e-rules-choice__list">{ for all.into_iter().map(check) }</div>
        </fieldset>
    }
}

fn protection(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let tiers: Vec<Choice> = props.program.tiers.iter().map(|tier| Choice::new(tier.key.clone(), tier.name.clone())).collect();
    let mut names: Vec<String> = props.program.products.iter().filter_map(|p| p.line.clone()).collect();
    names.sort();
    names.dedup();
    let lines: Vec<Choice> = names.into_iter().map(|line| Choice::new(line.clone(), line)).collect();
    let products: Vec<Choice> = props.program.products.iter().map(|p| Choice::new(p.id.inner().to_owned(), p.name.clone())).collect();
    let row = |(i, row): (usize, &ProtectionRow)| {
        html! {
            <div class="e-rules-row e-rules-row--protection" key={i} role="group" aria-label={t!("rules-override", "n" => i + 1)}>
                <Select id={format!("protection-tier-{i}")} label={t!("rules-field-tier")} choices={tiers.clone()} value={row.tier.clone()}
                    placeholder={t!("rules-field-any")} onchange={props.put(move |draft, value| draft.protection[i].tier = value)} />
                <Select id={format!("protection-line-{i}")} label={t!("rules-field-line")} choices={lines.clone()} value={row.line.clone()}
                    placeholder={t!("rules-field-any")} onchange={props.put(move |draft, value: String| {
                        let row = &mut draft.protection[i];
                        // A product is of its line already: one of the two is named.
                        if !value.is_empty() { row.product.clear(); }
                        row.line = value;
                    })} />
                <Select id={format!("protection-product-{i}")} label={t!("rules-field-product")} choices={products.clone()} value={row.product.clone()}
                    placeholder={t!("rules-field-any")} onchange={props.put(move |draft, value: String| {
                        let row = &mut draft.protection[i];
                        if !value.is_empty() { row.line.clear(); }
                        row.product = value;
                    })} />
                <TextField id={format!("protection-days-{i}")} label={t!("rules-field-days")} value={row.days.clone()} inputmode="numeric"
                    autocomplete="off" oninput={props.put(move |draft, value| draft.protection[i].days = value)} />
                <IconButton name={IconName::Trash} label={t!("rules-remove", "n" => i + 1)}
                    onclick={props.put(move |draft, _: MouseEvent| { draft.protection.remove(i); })} />
            </div>
        }
    };
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("rules-part-protection") }</legend>
            { props.number("protectionDays", t!("rules-field-protection"), &draft.protection_days, None, |d, v| d.protection_days = v) }
            { for draft.protection.iter().enumerate().map(row) }
            { section_error(props, "protectionOverrides") }
            <div>
                <Button small=true icon={IconName::Plus} onclick={props.put(|draft, _: MouseEvent| draft.protection.push(ProtectionRow::default()))}>
                    { t!("rules-add-protection") }
                </Button>
            </div>
            { desk::protection(props) }
        </fieldset>
    }
}

fn decision(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let currency = props.program.currency.to_string();
    let people: Vec<Choice> = props.people.iter().map(|one| Choice::new(one.id.inner().to_owned(), one.name.clone())).collect();
    let row = |(i, row): (usize, &DecisionRow)| {
        html! {
            <div class="e-rules-row" key={i} role="group" aria-label={t!("rules-override", "n" => i + 1)}>
                <TextField id={format!("decision-name-{i}")} label={t!("rules-field-name")} value={row.name.clone()} autocomplete="off" maxlength="200"
                    oninput={props.put(move |draft, value| draft.decision[i].name = value)} />
                <TextField id={format!("decision-from-{i}")} label={t!("rules-field-from", "currency" => currency.clone())} value={row.from.clone()}
                    inputmode="decimal" autocomplete="off" oninput={props.put(move |draft, value| draft.decision[i].from = value)} />
                <TextField id={format!("decision-hours-{i}")} label={t!("rules-field-hours")} value={row.hours.clone()} inputmode="numeric"
                    autocomplete="off" oninput={props.put(move |draft, value| draft.decision[i].hours = value)} />
                <IconButton name={IconName::Trash} label={t!("rules-remove", "n" => i + 1)}
                    onclick={props.put(move |draft, _: MouseEvent| { draft.decision.remove(i); })} />
            </div>
        }
    };
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("rules-part-decision") }</legend>
            { props.number("decisionHours", t!("rules-field-decision"), &draft.decision_hours, None, |d, v| d.decision_hours = v) }
            { for draft.decision.iter().enumerate().map(row) }
            { section_error(props, "decisionOverrides") }
            { props.number("warnPercent", t!("record-field-warn"), &draft.warn, None, |d, v| d.warn = v) }
            { props.number("escalation", t!("record-field-escalate"), &draft.escalate, Some(t!("record-field-escalate-hint")), |d, v| d.escalate = v) }
            if !draft.escalate.trim().is_empty() {
                <Select id="escalationTo" label={t!("rules-field-escalate-to")} hint={t!("rules-field-escalate-to-hint")} choices={people}
                    value={draft.escalate_to.clone()} placeholder={t!("rules-field-escalate-to-none")}
                    onchange={props.put(|draft, value| draft.escalate_to = value)} />
            }
            { props.number("disputeHours", t!("rules-field-dispute"), &draft.dispute, None, |d, v| d.dispute = v) }
            <div>
                <Button small=true icon={IconName::Plus} onclick={props.put(|draft, _: MouseEvent| draft.decision.push(DecisionRow::default()))}>
                    { t!("rules-add-decision") }
                </Button>
            </div>
        </fieldset>
    }
}

fn calendar(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let day = |(i, row): (usize, &DayRow)| {
        let name = day_name(DAYS[i]);
        let time = |part: &'static str, label: String, value: &str, put: fn(&mut DayRow, String)| {
            html! {
                <span class="pf-v6-c-form-control e-rules-day__time">
                    <input
                        id={format!("{part}-{i}")}
                        type="time"
                        aria-label={label}
                        value={value.to_owned()}
                        disabled={!row.on}
                        oninput={props.put(move |draft, event: InputEvent| {
                            put(&mut draft.days[i], event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
                        })}
                    />
                </span>
            }
        };
        html! {
            <div class="e-rules-day" key={i}>
                <CheckField id={format!("day-{i}")} label={html! { { name.clone() } }} checked={row.on}
                    onchange={props.put(move |draft, on| draft.days[i].on = on)} />
                { time("opens", t!("rules-field-opens", "day" => name.clone()), &row.opens, |row, value| row.opens = value) }
                <span aria-hidden="true">{ "–" }</span>
                { time("closes", t!("rules-field-closes", "day" => name), &row.closes, |row, value| row.closes = value) }
            </div>
        }
    };
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("rules-field-calendar") }</legend>
            <TextField
                id="timeZone"
                label={t!("rules-field-zone")}
                hint={t!("rules-field-zone-hint")}
                value={draft.time_zone.clone()}
                autocomplete="off"
                oninput={props.put(|draft, text| draft.time_zone = text)}
                error={texts::error_for(&props.errors, "timeZone")}
            />
            <div class="e-rules-days">{ for draft.days.iter().enumerate().map(day) }</div>
            { section_error(props, "hours") }
            <TextAreaField
                id="holidays"
                label={t!("rules-field-holidays")}
                hint={t!("rules-field-holidays-hint")}
                rows={6}
                value={draft.holidays.clone()}
                oninput={props.put(|draft, text| draft.holidays = text)}
                error={texts::error_for(&props.errors, "holidays")}
            />
        </fieldset>
    }
}

pub(super) fn section_error(props: &FieldsProps, field: &str) -> Html {
    match texts::error_for(&props.errors, field) {
        Some(message) => html! { <p class="e-field__error">{ message }</p> },
        None => html! {},
    }
}
