//! What each rule says of one submission. The same function runs in the browser, on the server, and over last year's
//! registrations when a draft is tried; what is not known there is none and is not judged.

use rust_decimal::Decimal;

use super::{Evidence, Requirements, fields};
use crate::deal::verdict::{RuleCode, RuleResult};
use crate::id::ProductId;

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission<'a> {
    /// Value in the program's currency.
    pub base_value: Decimal,
    /// Products of the deal, those within its bundles too.
    pub products: Vec<ProductId>,
    /// Territory keys of the partner.
    pub territories: Option<&'a [String]>,
    /// Whether a person at the customer is named.
    pub contact: bool,
    /// Characters of the description.
    pub description: usize,
    /// Days from the submission to the expected close.
    pub close_in_days: Option<i64>,
    /// Whether the partner has accepted the rules of engagement.
    pub engagement: Option<bool>,
    /// The evidence that was brought.
    pub evidence: &'a Evidence,
    /// Whether the partner has a person with a valid certificate.
    pub certified: Option<bool>,
}

/// Every rule that is on, with whether the submission fulfils it; the minimum value always, the others where they ask for
/// something and it is known.
pub fn judge(rules: &Requirements, submission: &Submission<'_>) -> Vec<(RuleCode, bool)> {
    let s = submission;
    let mut results = vec![(RuleCode::MinimumValue, s.base_value >= rules.minimum_value)];
    if let Some(allowed) = &rules.products {
        results.push((RuleCode::ProductsAllowed, s.products.iter().all(|p| allowed.contains(p))));
    }
    if let (Some(allowed), Some(own)) = (&rules.territories, s.territories) {
        results.push((RuleCode::TerritoryAllowed, own.iter().any(|t| allowed.contains(t))));
    }
    if rules.contact {
        results.push((RuleCode::ContactNamed, s.contact));
    }
    if rules.description_min > 0 {
        results.push((RuleCode::DescriptionGiven, i64::try_from(s.description).is_ok_and(|n| n >= rules.description_min)));
    }
    if let (Some(most), Some(days)) = (rules.close_within_days, s.close_in_days) {
        results.push((RuleCode::CloseDateNear, days <= most));
    }
    if let (true, Some(accepted)) = (rules.engagement.is_some(), s.engagement) {
        results.push((RuleCode::EngagementAccepted, accepted));
    }
    if let (true, Some(certified)) = (rules.certified, s.certified) {
        results.push((RuleCode::CertifiedPerson, certified));
    }
    if let Some(minimum) = rules.evidence.to_register() {
        results.push((RuleCode::EvidenceEnough, rules.evidence.score(s.evidence) >= minimum));
    }
    results
}

/// The rules that a submission fails.
pub fn failed(rules: &Requirements, submission: &Submission<'_>) -> Vec<RuleCode> {
    judge(rules, submission).into_iter().filter(|(_, passed)| !passed).map(|(code, _)| code).collect()
}

/// The rules that a registration of the past would have failed on its whole way: those of the submission, the fields that a form
/// reads before they are judged, and, where it was approved, the evidence that an approval needs.
pub fn failed_on_the_way(rules: &Requirements, submission: &Submission<'_>, approved: bool) -> Vec<RuleCode> {
    let mut codes = failed(rules, submission);
    if !fields::complete(&rules.fields, &submission.evidence.fields) {
        codes.push(RuleCode::CustomField);
    }
    let short_of = |minimum: i32| rules.evidence.score(submission.evidence) < minimum;
    if approved && rules.evidence.to_approve().is_some_and(short_of) {
        codes.push(RuleCode::EvidenceEnough);
    }
    codes
}

/// What a rule says to the one who registers.
pub fn result(code: RuleCode, passed: bool) -> RuleResult {
    let (yes, no) = match code {
        RuleCode::MinimumValue => ("The value reaches the minimum.", "The value is below the program's minimum."),
        RuleCode::ProductsAllowed => ("Every product may be registered.", "A product may not be registered under the rules in force."),
        RuleCode::TerritoryAllowed => ("Your territory may register.", "Partners of your territory may not register under the rules in force."),
        RuleCode::ContactNamed => ("A contact at the customer is named.", "Name a contact at the customer."),
        RuleCode::DescriptionGiven => ("The description says enough.", "The description must say more."),
        RuleCode::CloseDateNear => ("The close date is near enough.", "The expected close date lies too far ahead."),
        RuleCode::EngagementAccepted => {
            ("Your company has accepted the rules of engagement.", "An administrator of your company must accept the rules of engagement first.")
        }
        RuleCode::CertifiedPerson => {
            ("Your company has a certified person.", "Nobody of your company has a valid certificate; the vendor keeps the list.")
        }
        RuleCode::CustomField => ("Every question of the program is answered.", "Answer every question that the program asks."),
        RuleCode::EvidenceEnough => ("The evidence reaches the least score.", "The evidence is below the least score; bring more of it."),
        RuleCode::CustomerNotProtected
        | RuleCode::NoOtherRegistration
        | RuleCode::NoSimilarCustomer
        | RuleCode::NoRelatedCustomer
        | RuleCode::ProductLineFree
        | RuleCode::NoDirectSale
        | RuleCode::NotRegisteredByYou
        | RuleCode::CloseDateAhead
        | RuleCode::ProductsOfProgram => ("The rule is fulfilled.", "The rule is not fulfilled."),
    };
    RuleResult::of(code, passed, if passed { yes } else { no }, if passed { "" } else { no })
}
