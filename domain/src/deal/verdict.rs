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
    /// No registration of another partner for the same is waiting, and no similar customer is protected.
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
    /// Another partner's registration of the same customer and one of the products waits for a decision, or another
    /// partner holds a claim on a customer of the same name and country.
    pub other_registration: bool,
    /// The partner itself has an open registration of the customer and one of the products.
    pub own_registration: bool,
}

/// The verdict that these facts give. Says the same words whoever the rival is and however many there are.
pub fn judge(facts: ConflictFacts) -> Verdict {
    let result = |code, passed: bool, yes: &str, no: &str| RuleResult { code, passed, message: if passed { yes } else { no }.to_owned() };
    let rules = vec![
        result(
            RuleCode::CustomerNotProtected,
            !facts.protected_by_other,
            "The customer is free for these products.",
            "This customer is protected for at least one of these products. It can be registered again when the protection ends. If you have worked with the customer before, ask your channel manager to review it.",
        ),
        result(
            RuleCode::NotRegisteredByYou,
            !facts.own_registration,
            "Your company has not registered this before.",
            "Your company already has an open registration for this customer and product; work on that one instead.",
        ),
        result(
            RuleCode::NoOtherRegistration,
            !facts.other_registration,
            "No similar registration is waiting.",
            "A similar registration exists, so the vendor will look closely. Tell what you have done with the customer in the next step; it helps the decision.",
        ),
        result(RuleCode::MinimumValue, true, "The value reaches the minimum.", ""),
        result(RuleCode::CloseDateAhead, true, "The close date lies ahead.", ""),
        result(RuleCode::ProductsOfProgram, true, "Every product is the program's.", ""),
    ];
    let outcome = if facts.protected_by_other || facts.own_registration {
        VerdictOutcome::Blocked
    } else if facts.other_registration {
        VerdictOutcome::PossibleConflict
    } else {
        VerdictOutcome::Clear
    };
    Verdict { outcome, rules }
}
