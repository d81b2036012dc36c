//! What a draft would have done to last year's registrations.

use std::rc::Rc;

use entente_web_api::{
    desk::EvidenceUse,
    rules::{RulesInput, RulesTrial, RulesTrialRow},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    t,
    ui::{Alert, AlertTone, Column, LoadMore, StatusTag, Table},
};

#[derive(PartialEq, Properties)]
pub struct OutcomeProps {
    pub tried: Trial,
    /// The next page is on its way.
    pub busy: bool,
    pub onmore: Callback<()>,
}

/// A draft with what came of trying it, as far as its rows have been read. Compares by identity: an answer never changes.
#[derive(Clone)]
pub struct Trial(Rc<(RulesInput, RulesTrial)>);

impl PartialEq for Trial {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Trial {
    pub fn of(input: RulesInput, outcome: RulesTrial) -> Self {
        Self(Rc::new((input, outcome)))
    }

    /// The draft; the pages of its rows are those of this very draft.
    pub fn input(&self) -> RulesInput {
        self.0.0.clone()
    }

    /// Where the next page begins.
    pub fn after(&self) -> Option<String> {
        self.0.1.rows.page_info.end_cursor.clone()
    }

    /// With the rows of the next page behind those that are there.
    pub fn followed_by(&self, mut next: RulesTrial) -> Self {
        let (input, before) = &*self.0;
        next.rows.nodes = before.rows.nodes.iter().cloned().chain(next.rows.nodes).collect();
        Self::of(input.clone(), next)
    }

    /// The outcome in one sentence.
    pub fn sentence(&self) -> String {
        let tried = &self.0.1;
        if self.asks_approvals() {
            t!("rules-tried-approval", "judged" => tried.judged, "refused" => tried.refused, "terms" => tried.other_terms)
        } else {
            t!("rules-tried", "judged" => tried.judged, "refused" => tried.refused, "terms" => tried.other_terms)
        }
    }

    /// Whether the draft asks for evidence where a registration is approved, and not where it comes in.
    fn asks_approvals(&self) -> bool {
        self.0.0.evidence.as_ref().is_some_and(|evidence| evidence.counts == EvidenceUse::MinimumToApprove)
    }
}

#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let tried = &props.tried.0.1;
    let rows = &tried.rows.nodes;
    let at_approval = props.tried.asks_approvals();
    html! {
        <section class="e-stack e-rules-trial" aria-label={t!("rules-trial")} data-testid="rules-trial">
            <h3>{ t!("rules-trial") }</h3>
            <p class="e-strong">{ props.tried.sentence() }</p>
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
                    { for rows.iter().map(|one| row(one, at_approval)) }
                </Table>
                <LoadMore
                    shown={rows.len()}
                    total={tried.refused + tried.other_terms}
                    has_more={tried.rows.page_info.has_next_page}
                    busy={props.busy}
                    onmore={props.onmore.clone()}
                />
            }
        </section>
    }
}

fn row(row: &RulesTrialRow, at_approval: bool) -> Html {
    let deal = &row.deal;
    let draft = if row.failed.is_empty() {
        terms(row)
    } else {
        let names: Vec<String> = row.failed.iter().map(|code| rule_name(code)).collect();
        // Where evidence is asked for at the approval, want of it alone would have let the registration in.
        match row.failed.as_slice() {
            [only] if at_approval && only == "EVIDENCE_ENOUGH" => t!("rules-trial-not-approved", "rules" => format::list(&names)),
            _ => t!("rules-trial-refused", "rules" => format::list(&names)),
        }
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
        "ENGAGEMENT_ACCEPTED" => t!("rules-rule-engagement"),
        "CERTIFIED_PERSON" => t!("rules-rule-certified"),
        "CUSTOM_FIELD" => t!("rules-rule-fields"),
        "EVIDENCE_ENOUGH" => t!("rules-rule-evidence"),
        _ => code.to_owned(),
    }
}
