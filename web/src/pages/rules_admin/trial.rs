//! What a draft would have done to last year's registrations.

use std::rc::Rc;

use entente_web_api::rules::{RulesTrial, RulesTrialRow};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    t,
    ui::{Alert, AlertTone, Column, StatusTag, Table},
};

#[derive(PartialEq, Properties)]
pub struct OutcomeProps {
    pub tried: Trial,
}

/// Compares by identity: an answer never changes.
#[derive(Clone)]
pub struct Trial(Rc<RulesTrial>);

impl PartialEq for Trial {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Rc<RulesTrial>> for Trial {
    fn from(tried: Rc<RulesTrial>) -> Self {
        Self(tried)
    }
}

/// The outcome in one sentence.
pub fn sentence(tried: &RulesTrial) -> String {
    t!("rules-tried", "judged" => tried.judged, "refused" => tried.refused, "terms" => tried.other_terms)
}

#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let tried = &props.tried.0;
    let rows = &tried.rows.nodes;
    html! {
        <section class="e-stack e-rules-trial" aria-label={t!("rules-trial")} data-testid="rules-trial">
            <h3>{ t!("rules-trial") }</h3>
            <p class="e-strong">{ sentence(tried) }</p>
            if tried.refused_approved > 0 { <p>{ t!("rules-tried-approved", "n" => tried.refused_approved) }</p> }
            if tried.capped { <Alert tone={AlertTone::Warm}><p>{ t!("rules-tried-capped", "n" => tried.judged) }</p></Alert> }
            if !tried.by_rule.is_empty() {
                <ul class="e-rules">{ for tried.by_rule.iter().map(|one| html! { <li>{ format!("{}: {}", rule_name(&one.code), format::number(f64::from(one.count))) }</li> }) }</ul>
            }
            if !rows.is_empty() {
                <Table
                    caption={t!("rules-trial-rows")}
                    columns={vec![
                        Column::new(t!("rules-trial-deal")),
                        Column::new(t!("rules-trial-partner")),
                        Column::new(t!("rules-trial-today")),
                        Column::new(t!("rules-trial-draft")),
                    ]}
                >
                    { for rows.iter().map(row) }
                </Table>
                if tried.rows.page_info.has_next_page { <p class="e-subtle e-small">{ t!("rules-trial-more", "n" => rows.len()) }</p> }
            }
        </section>
    }
}

fn row(row: &RulesTrialRow) -> Html {
    let deal = &row.deal;
    let draft = if row.failed.is_empty() {
        terms(row)
    } else {
        let names: Vec<String> = row.failed.iter().map(|code| rule_name(code)).collect();
        t!("rules-trial-refused", "rules" => format::list(&names))
    };
    html! {
        <tr key={deal.id.inner().to_owned()}>
            <td data-label="">
                <Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }}>{ format!("{} {}", deal.number, deal.title) }</Link<Routes>>
                <div class="e-subtle">{ format::money(&deal.value) }</div>
            </td>
            <td data-label={t!("rules-trial-partner")}>{ &deal.partner.name }</td>
            <td data-label={t!("rules-trial-today")}><StatusTag status={deal.status} /></td>
            <td data-label={t!("rules-trial-draft")}>{ draft }</td>
        </tr>
    }
}

fn terms(row: &RulesTrialRow) -> String {
    let mut said = Vec::new();
    if row.before.decision_hours != row.after.decision_hours {
        said.push(t!("rules-trial-hours", "before" => row.before.decision_hours, "after" => row.after.decision_hours));
    }
    if row.before.protection_days != row.after.protection_days {
        said.push(t!("rules-trial-days", "before" => row.before.protection_days, "after" => row.after.protection_days));
    }
    said.join(" ")
}

fn rule_name(code: &str) -> String {
    match code {
        "MINIMUM_VALUE" => t!("rules-rule-minimum"),
        "PRODUCTS_ALLOWED" => t!("rules-rule-products"),
        "TERRITORY_ALLOWED" => t!("rules-rule-territory"),
        "CONTACT_NAMED" => t!("rules-rule-contact"),
        "DESCRIPTION_GIVEN" => t!("rules-rule-description"),
        "CLOSE_DATE_NEAR" => t!("rules-rule-close"),
        _ => code.to_owned(),
    }
}
