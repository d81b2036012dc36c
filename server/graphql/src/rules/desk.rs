//! What the rules say of evidence, of protection and of the program's own fields.

use async_graphql::{Enum, InputObject, SimpleObject};
use entente_domain::deal::evidence as proof;
use entente_domain::deal::protection as terms;
use entente_domain::rules::fields;

/// How the evidence score counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "proof::EvidenceUse")]
pub(crate) enum EvidenceUse {
    /// Not at all: first come, first served.
    Off,
    /// The one who decides sees it beside the dates.
    Shown,
    /// A registration needs the least score.
    MinimumToRegister,
    /// An approval needs the least score.
    MinimumToApprove,
}

/// How often protection can be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "terms::ExtensionRule")]
pub(crate) enum ExtensionRule {
    /// Never.
    Off,
    /// Once for each approval.
    Once,
    /// As often as it is granted.
    Unlimited,
}

/// What a field of the program's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "fields::FieldKind")]
pub(crate) enum FieldKind {
    /// Any text, at most 4,000 characters.
    Text,
    /// A decimal number.
    Number,
    /// A day, as `2026-11-21`.
    Date,
    /// One of the options.
    Choice,
}

/// What evidence weighs, and how its score counts. The score is the weight of what is there by all weights, 0 to 100.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "EvidenceRulesInput", name = "EvidenceRules")]
pub(crate) struct EvidenceRules {
    /// How the score counts.
    counts: EvidenceUse,
    /// The least score, 0 to 100, where one is asked for.
    minimum: i32,
    /// Weight of a meeting held, 0 to 100.
    meeting: i32,
    /// Weight of a named contact, 0 to 100.
    contact: i32,
    /// Weight of discovery notes, 0 to 100.
    discovery: i32,
    /// Weight of a known budget, 0 to 100.
    budget: i32,
    /// Weight of a file, 0 to 100.
    files: i32,
}
pub(crate) type EvidenceRulesInput = EvidenceRules;

/// How protection is extended, reminded of and ended. It always stands still while the vendor owes the partner an answer.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "ProtectionTermsInput", name = "ProtectionTerms")]
pub(crate) struct ProtectionTerms {
    /// How often it can be extended.
    extension: ExtensionRule,
    /// By how many days a granted extension extends, 1 to 3,650; 0 where there are none.
    extension_days: i32,
    /// After how many days without a change of the deal it ends, 0 to 3,650; 0 is never.
    inactivity_days: i32,
    /// How many days before its end the partner is reminded, at most ten moments.
    reminder_days: Vec<i32>,
}
pub(crate) type ProtectionTermsInput = ProtectionTerms;

/// A field that the program asks for beside its own.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "CustomFieldInput", name = "CustomField")]
pub(crate) struct CustomField {
    /// Unique name: small letters, digits and dashes, at most 40.
    key: String,
    /// As shown, at most 200 characters.
    name: String,
    /// What it holds.
    kind: FieldKind,
    /// What can be chosen, at most 50; empty for other kinds.
    options: Vec<String>,
    /// Whether a registration must fill it in.
    required: bool,
}
pub(crate) type CustomFieldInput = CustomField;

/// Everything here is bounded far below what the wire can say.
fn int(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl From<EvidenceRules> for proof::EvidenceRules {
    fn from(e: EvidenceRules) -> Self {
        Self {
            counts: e.counts.into(),
            minimum: e.minimum,
            meeting: e.meeting,
            contact: e.contact,
            discovery: e.discovery,
            budget: e.budget,
            files: e.files,
        }
    }
}

impl From<&proof::EvidenceRules> for EvidenceRules {
    fn from(e: &proof::EvidenceRules) -> Self {
        Self {
            counts: e.counts.into(),
            minimum: e.minimum,
            meeting: e.meeting,
            contact: e.contact,
            discovery: e.discovery,
            budget: e.budget,
            files: e.files,
        }
    }
}

impl From<ProtectionTerms> for terms::ProtectionTerms {
    fn from(p: ProtectionTerms) -> Self {
        let mut reminder_days: Vec<i64> = p.reminder_days.into_iter().map(Into::into).collect();
        reminder_days.sort_unstable_by(|a, b| b.cmp(a));
        reminder_days.dedup();
        Self { extension: p.extension.into(), extension_days: p.extension_days.into(), inactivity_days: p.inactivity_days.into(), reminder_days }
    }
}

impl From<&terms::ProtectionTerms> for ProtectionTerms {
    fn from(p: &terms::ProtectionTerms) -> Self {
        Self {
            extension: p.extension.into(),
            extension_days: int(p.extension_days),
            inactivity_days: int(p.inactivity_days),
            reminder_days: p.reminder_days.iter().copied().map(int).collect(),
        }
    }
}

impl From<CustomField> for fields::CustomField {
    fn from(f: CustomField) -> Self {
        let clean = |s: String| s.trim().to_owned();
        let options = f.options.into_iter().map(clean).collect();
        Self { key: clean(f.key), name: clean(f.name), kind: f.kind.into(), options, required: f.required }
    }
}

impl From<&fields::CustomField> for CustomField {
    fn from(f: &fields::CustomField) -> Self {
        Self { key: f.key.clone(), name: f.name.clone(), kind: f.kind.into(), options: f.options.clone(), required: f.required }
    }
}
