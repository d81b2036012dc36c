//! The verdict on a registration: the outcome, and every rule with whether it is satisfied and what would satisfy it.

use entente_web_api::deal::{DealVerdict, RuleResult, VerdictOutcome};
use yew::prelude::*;

use super::words;
use crate::{
    session::use_session,
    t,
    ui::{Icon, IconName, Tag},
};

#[derive(PartialEq, Properties)]
pub struct VerdictViewProps {
    pub verdict: DealVerdict,
    /// A sentence below the outcome: what to do.
    #[prop_or_default]
    pub advice: Option<AttrValue>,
    /// A dispute about it is open or over already: nobody is invited to open one.
    #[prop_or_default]
    pub is_disputed: bool,
}

/// Outcome and rules; failed rules first, because they are what is to be mended.
#[component]
pub fn VerdictView(props: &VerdictViewProps) -> Html {
    let verdict = &props.verdict;
    let for_partner = use_session().is_partner();
    let (class, icon) = match verdict.outcome {
        VerdictOutcome::Clear => ("e-verdict e-verdict--ok", IconName::ShieldCheck),
        VerdictOutcome::PossibleConflict => ("e-verdict e-verdict--warm", IconName::AlertTriangle),
        VerdictOutcome::Blocked => ("e-verdict e-verdict--danger", IconName::Ban),
    };
    let (failed, passed): (Vec<&RuleResult>, Vec<&RuleResult>) = verdict.rules.iter().partition(|rule| !rule.passed);
    html! {
        <div {class}>
            <div class="e-verdict__head">
                <Icon name={icon} />
                <div>
                    <p class="e-verdict__outcome">{ words::outcome(verdict.outcome) }</p>
                    if let Some(advice) = &props.advice {
                        <p class="e-verdict__advice">{ advice }</p>
                    }
                </div>
            </div>
            if for_partner && !props.is_disputed && failed.iter().any(|rule| rule.appeal.is_some()) {
                <p class="e-small e-verdict__advice">{ t!("desk-appeal") }</p>
            }
            <ul class="e-verdict__rules">{ for failed.into_iter().chain(passed).map(|one| rule(one, for_partner)) }</ul>
        </div>
    }
}

fn rule(rule: &RuleResult, for_partner: bool) -> Html {
    let (class, icon, said) = if rule.passed {
        ("e-rule", IconName::Check, t!("deal-rule-passed"))
    } else {
        ("e-rule e-rule--failed", IconName::AlertCircle, t!("deal-rule-failed"))
    };
    html! {
        <li key={format!("{}-{}", rule.code, rule.message)} {class}>
            <Icon name={icon} />
            <span><span class="e-visually-hidden">{ said }{ " " }</span>{ words::rule(&rule.code, rule.passed, for_partner, &rule.message) }
                if let (true, Some(remedy)) = (for_partner, rule.remedy.as_ref().filter(|remedy| **remedy != rule.message)) {
                    <span class="e-subtle e-small">{ " " }{ words::remedy(&rule.code, remedy) }</span>
                }
            </span>
        </li>
    }
}

#[derive(PartialEq, Properties)]
pub struct VerdictTagProps {
    pub outcome: VerdictOutcome,
}

/// The outcome alone, for lists.
#[component]
pub fn VerdictTag(props: &VerdictTagProps) -> Html {
    html! { <Tag tone={words::outcome_tone(props.outcome)} dot=true>{ words::outcome(props.outcome) }</Tag> }
}
