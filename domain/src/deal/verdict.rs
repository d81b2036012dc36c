//! The verdict on a registration: what each rule says, told to the one who registers without naming a rival.

use serde::{Deserialize, Serialize};

/// What the vendor's rules say at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VerdictOutcome {
    /// Nothing stands in the way.
    Clear,
    /// The vendor will look closely.
    PossibleConflict,
    /// Cannot be registered now.
    Blocked,
}

/// A rule that was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleCode {
    /// No approved registration of another partner protects customer and product.
    CustomerNotProtected,
    /// No registration of another partner for the same customer and product is waiting.
    NoOtherRegistration,
    /// The partner itself has not registered the same.
    NotRegisteredByYou,
    /// Value at or above the program's minimum.
    MinimumValue,
    /// Close date today or later.
    CloseDateAhead,
    /// Every product is the program's.
    ProductsOfProgram,
    /// Every product may be registered.
    ProductsAllowed,
    /// The partner sells in a territory that may register.
    TerritoryAllowed,
    /// A person at the customer is named.
    ContactNamed,
    /// The description is long enough.
    DescriptionGiven,
    /// The close date is not too far ahead.
    CloseDateNear,
    /// The partner has accepted the rules of engagement.
    EngagementAccepted,
    /// Nobody registered a customer whose name or domain is nearly the same.
    NoSimilarCustomer,
    /// Nobody registered a company of the same group.
    NoRelatedCustomer,
    /// Nobody registered the customer for another product of the same line.
    ProductLineFree,
    /// The vendor's own staff had no opportunity there first.
    NoDirectSale,
    /// The evidence reaches the least score.
    EvidenceEnough,
    /// The partner has a person with a certificate that is valid.
    CertifiedPerson,
    /// Every field that the program asks for is filled in.
    CustomField,
}

impl RuleCode {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::CustomerNotProtected => "CUSTOMER_NOT_PROTECTED",
            Self::NoOtherRegistration => "NO_OTHER_REGISTRATION",
            Self::NotRegisteredByYou => "NOT_REGISTERED_BY_YOU",
            Self::MinimumValue => "MINIMUM_VALUE",
            Self::CloseDateAhead => "CLOSE_DATE_AHEAD",
            Self::ProductsOfProgram => "PRODUCTS_OF_PROGRAM",
            Self::ProductsAllowed => "PRODUCTS_ALLOWED",
            Self::TerritoryAllowed => "TERRITORY_ALLOWED",
            Self::ContactNamed => "CONTACT_NAMED",
            Self::DescriptionGiven => "DESCRIPTION_GIVEN",
            Self::CloseDateNear => "CLOSE_DATE_NEAR",
            Self::EngagementAccepted => "ENGAGEMENT_ACCEPTED",
            Self::NoSimilarCustomer => "NO_SIMILAR_CUSTOMER",
            Self::NoRelatedCustomer => "NO_RELATED_CUSTOMER",
            Self::ProductLineFree => "PRODUCT_LINE_FREE",
            Self::NoDirectSale => "NO_DIRECT_SALE",
            Self::EvidenceEnough => "EVIDENCE_ENOUGH",
            Self::CertifiedPerson => "CERTIFIED_PERSON",
            Self::CustomField => "CUSTOM_FIELD",
        }
    }
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleResult {
    /// Which rule.
    pub code: RuleCode,
    /// Whether it is satisfied.
    pub passed: bool,
    /// For the one who registers: what it says and what would satisfy it.
    pub message: String,
    /// What would satisfy it; none when it is satisfied.
    #[serde(default)]
    pub remedy: Option<String>,
    /// How to have it looked at again; none when it is satisfied, or nobody's judgement is in it.
    #[serde(default)]
    pub appeal: Option<String>,
}

impl RuleResult {
    /// What a rule says that nobody has to judge.
    pub fn of(code: RuleCode, passed: bool, message: &str, remedy: &str) -> Self {
        let remedy = (!passed && !remedy.is_empty()).then(|| remedy.to_owned());
        Self { code, passed, message: message.to_owned(), remedy, appeal: None }
    }
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// All in all.
    pub outcome: VerdictOutcome,
    /// Rule by rule.
    pub rules: Vec<RuleResult>,
}

impl Verdict {
    /// The verdict with what the program's rules say of the submission itself; one that fails a rule is blocked.
    pub fn with(mut self, results: impl IntoIterator<Item = RuleResult>) -> Self {
        for result in results {
            if !result.passed {
                self.outcome = VerdictOutcome::Blocked;
            }
            match self.rules.iter_mut().find(|r| r.code == result.code) {
                Some(said) => *said = result,
                None => self.rules.push(result),
            }
        }
        self
    }
}

/// What is known of others when a registration is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConflictFacts {
    /// Another partner holds a claim on the customer and one of the products.
    pub protected_by_other: bool,
    /// Another partner's registration of the same customer and one of the products waits for a decision.
    pub other_registration: bool,
    /// The partner itself has an open registration of the customer and one of the products.
    pub own_registration: bool,
    /// Another partner holds or waits for a customer of nearly the same name or domain, with one of the products or its line.
    pub similar_customer: bool,
    /// Another partner holds or waits for a company of the same group, with one of the products or its line.
    pub related_customer: bool,
    /// Another partner holds or waits for the customer with another product of the same line.
    pub product_line: bool,
    /// The vendor's own staff has an open opportunity for the customer and one of the products.
    pub direct_sale: bool,
}

/// How to have a conflict looked at again.
const APPEAL: &str =
    "If this looks wrong to you, open a dispute: somebody who owns neither side decides, and both can read why. Your channel manager can help.";

/// What a rule about others says: whether it is satisfied, and if not, what would satisfy it. Always the same words, whoever
/// the others are and however many.
fn said(code: RuleCode, passed: bool) -> RuleResult {
    let (yes, no, remedy) = match code {
        RuleCode::CustomerNotProtected => (
            "The customer is free for these products.",
            "This customer is protected for at least one of these products. It can be registered again when the protection ends. If you have worked with the customer before, ask your channel manager to review it.",
            "Register again when the protection has ended, or other products for this customer.",
        ),
        RuleCode::NotRegisteredByYou => (
            "Your company has not registered this before.",
            "Your company already has an open registration for this customer and product; work on that one instead.",
            "Work on your open registration, or withdraw it first.",
        ),
        RuleCode::NoOtherRegistration => (
            "No similar registration is waiting.",
            "A similar registration exists, so the vendor will look closely. Tell what you have done with the customer in the next step; it helps the decision.",
            "Bring evidence: a meeting held, a named contact, discovery notes, the budget, files.",
        ),
        RuleCode::NoSimilarCustomer => (
            "No customer of nearly the same name is registered.",
            "A customer of nearly the same name or domain is registered, so the vendor will look closely.",
            "Give the customer's own domain and country, and evidence of who you speak with.",
        ),
        RuleCode::NoRelatedCustomer => (
            "No other company of the customer's group is registered.",
            "Another company of the same group is registered, so the vendor will look closely.",
            "Say which company buys and who decides there.",
        ),
        RuleCode::ProductLineFree => (
            "Nothing else of these product lines is registered for the customer.",
            "Another product of the same line is registered for this customer, so the vendor will look closely.",
            "Say what this deal has to do with the product line, and bring evidence.",
        ),
        RuleCode::NoDirectSale => (
            "The vendor has no opportunity of its own there.",
            "The vendor's own staff worked on this customer before, so the vendor will look closely.",
            "Bring evidence of what you do for the customer.",
        ),
        RuleCode::MinimumValue => ("The value reaches the minimum.", "", ""),
        RuleCode::CloseDateAhead => ("The close date lies ahead.", "", ""),
        RuleCode::ProductsOfProgram => ("Every product is the program's.", "", ""),
        _ => ("The rule is fulfilled.", "The rule is not fulfilled.", ""),
    };
    let result = RuleResult::of(code, passed, if passed { yes } else { no }, remedy);
    RuleResult { appeal: (!passed && code != RuleCode::NotRegisteredByYou).then(|| APPEAL.to_owned()), ..result }
}

/// The verdict that these facts give. Says the same words whoever the rival is and however many there are.
pub fn judge(facts: ConflictFacts) -> Verdict {
    let rules = vec![
        said(RuleCode::CustomerNotProtected, !facts.protected_by_other),
        said(RuleCode::NotRegisteredByYou, !facts.own_registration),
        said(RuleCode::NoOtherRegistration, !facts.other_registration),
        said(RuleCode::NoSimilarCustomer, !facts.similar_customer),
        said(RuleCode::NoRelatedCustomer, !facts.related_customer),
        said(RuleCode::ProductLineFree, !facts.product_line),
        said(RuleCode::NoDirectSale, !facts.direct_sale),
        said(RuleCode::MinimumValue, true),
        said(RuleCode::CloseDateAhead, true),
        said(RuleCode::ProductsOfProgram, true),
    ];
    let possible = facts.other_registration || facts.similar_customer || facts.related_customer || facts.product_line || facts.direct_sale;
    let outcome = if facts.protected_by_other || facts.own_registration {
        VerdictOutcome::Blocked
    } else if possible {
        VerdictOutcome::PossibleConflict
    } else {
        VerdictOutcome::Clear
    };
    Verdict { outcome, rules }
}
