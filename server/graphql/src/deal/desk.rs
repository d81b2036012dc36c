//! Evidence, protection and conflicts of a deal on the wire.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entente_app::deal::{self as app, EvidenceInput};
use entente_domain::deal::evidence::{EvidenceFile as File, FieldValue};
use entente_domain::deal::protection::Asked;
use entente_domain::deal::{Deal as DomainDeal, evidence};

use super::Deal;
use crate::context::Ask as _;
use crate::direct::DirectOpportunity;
use crate::problem::Problem;
use crate::rules::ProtectionTerms;
use crate::scalar::{Date, DateTime};

/// Evidence that is added; what is left out stays as it is.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealEvidenceInput {
    /// The person at the customer, at most 200 characters.
    contact_name: Option<String>,
    /// When the partner met the customer; today or earlier.
    met_on: Option<Date>,
    /// Notes of the discovery, at most 4,000 characters.
    discovery_notes: Option<String>,
    /// What is known of the budget, at most 200 characters.
    budget: Option<String>,
    /// Files, by the ids that `POST /uploads?for=evidence` answered; a deal has at most 20.
    #[graphql(default)]
    file_ids: Vec<ID>,
}

impl From<DealEvidenceInput> for EvidenceInput {
    fn from(i: DealEvidenceInput) -> Self {
        Self {
            contact: i.contact_name,
            met_on: i.met_on.map(|d| d.0),
            discovery: i.discovery_notes,
            budget: i.budget,
            file_ids: i.file_ids.into_iter().map(|id| id.0).collect(),
        }
    }
}

/// A value of one of the program's own fields.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CustomValueInput {
    /// Key of the field in the rules in force.
    pub(super) key: String,
    /// As text: a day as `2026-11-21`, a number as a decimal.
    pub(super) value: String,
}

/// A value of one of the program's own fields, kept as it was registered.
#[derive(SimpleObject)]
pub(crate) struct CustomValue {
    /// Key of the field.
    key: String,
    /// What the field was called.
    name: String,
    /// As text: a day as `2026-11-21`, a number as a decimal.
    value: String,
}

impl From<&FieldValue> for CustomValue {
    fn from(v: &FieldValue) -> Self {
        Self { key: v.key.clone(), name: v.name.clone(), value: v.value.clone() }
    }
}

/// A file that shows something.
#[derive(SimpleObject)]
pub(crate) struct EvidenceFile {
    /// Id of the file.
    id: ID,
    /// Name as it was given.
    name: String,
    /// What it is, as checked when it came.
    media_type: String,
    /// Bytes.
    size: i32,
    /// When it was added.
    added_at: DateTime,
    /// Where it is loaded from; the address holds for a quarter of an hour or more.
    url: String,
}

/// What the partner brought along to show that a deal is its own.
pub(crate) struct DealEvidence(pub(super) DomainDeal);

/// What the partner brought along to show that a deal is its own.
#[Object]
impl DealEvidence {
    /// The person at the customer.
    async fn contact_name(&self) -> Option<&str> {
        self.0.evidence.contact.as_deref()
    }

    /// What has been found out and agreed, as registered.
    async fn description(&self) -> Option<&str> {
        self.0.evidence.description.as_deref()
    }

    /// When the partner met the customer.
    async fn met_on(&self) -> Option<Date> {
        self.0.evidence.met_on.map(Date)
    }

    /// Notes of the discovery.
    async fn discovery_notes(&self) -> Option<&str> {
        self.0.evidence.discovery.as_deref()
    }

    /// What is known of the budget.
    async fn budget(&self) -> Option<&str> {
        self.0.evidence.budget.as_deref()
    }

    /// Files, in the order in which they came.
    async fn files(&self, ctx: &Context<'_>) -> Result<Vec<EvidenceFile>> {
        let app = ctx.app()?;
        let of = |f: &File| EvidenceFile {
            id: ID(f.id.to_string()),
            name: f.name.clone(),
            media_type: f.media_type.clone(),
            size: i32::try_from(f.size).unwrap_or(i32::MAX),
            added_at: DateTime(f.added_at),
            url: app.evidence_url(&self.0.id, &f.id),
        };
        Ok(self.0.evidence.files.iter().map(of).collect())
    }

    /// Values of the program's own fields.
    async fn fields(&self) -> Vec<CustomValue> {
        self.0.evidence.fields.iter().map(Into::into).collect()
    }

    /// The score by the rules that the deal was judged under, 0 to 100; null where those do not count it.
    async fn score(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let view = ctx.program().await?;
        Ok(app::evidence_score(&self.0, &view.versions, &view.rules))
    }

    /// Kinds of evidence with their weight and whether they are there.
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<EvidencePart>> {
        let view = ctx.program().await?;
        let version = view.versions.iter().find(|v| v.number == self.0.judged.rules).unwrap_or(&view.rules);
        let rules = &version.rules.requirements.evidence;
        let of = |kind| EvidencePart { kind: EvidenceKind::from(kind), weight: rules.weight(kind), given: self.0.evidence.has(kind) };
        Ok(evidence::EvidenceKind::ALL.into_iter().map(of).collect())
    }
}

/// Kinds of evidence that carry weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "evidence::EvidenceKind")]
pub(crate) enum EvidenceKind {
    /// A meeting was held.
    Meeting,
    /// A person at the customer is named.
    Contact,
    /// There are discovery notes.
    Discovery,
    /// The budget is known.
    Budget,
    /// A file was given.
    Files,
}

/// One kind of evidence.
#[derive(SimpleObject)]
pub(crate) struct EvidencePart {
    /// Which.
    kind: EvidenceKind,
    /// What it weighs, 0 to 100.
    weight: i32,
    /// Whether it is there.
    given: bool,
}

/// Something that the partner asked and the vendor has not answered.
#[derive(SimpleObject)]
pub(crate) struct VendorOwes {
    /// The question, or what speaks for the extension.
    text: String,
    /// When it was asked.
    asked_at: DateTime,
    /// Who asked.
    asked_by: String,
}

impl From<&Asked> for VendorOwes {
    fn from(a: &Asked) -> Self {
        Self { text: a.text.clone(), asked_at: DateTime(a.at), asked_by: a.by.name.clone() }
    }
}

/// That the customer asked for a deal to be given free.
#[derive(SimpleObject)]
pub(crate) struct DealReleaseProof {
    /// Who at the customer asked.
    requested_by: String,
    /// What proves it.
    proof: String,
}

/// How a deal is protected.
pub(crate) struct DealProtection(pub(super) DomainDeal);

/// How a deal is protected: its clock, what makes it stand still, and how it ends.
#[Object]
impl DealProtection {
    /// Until when; null while the clock stands still, and once it has ended.
    async fn until(&self) -> Option<DateTime> {
        self.0.protected_until.map(DateTime)
    }

    /// Whether the clock stands still because the vendor owes an answer.
    async fn stands_still(&self) -> bool {
        self.0.protection.left_ms.is_some()
    }

    /// Minutes left while the clock stands still; null while it runs.
    async fn minutes_left(&self) -> Option<i32> {
        self.0.protection.left_ms.map(|ms| i32::try_from(ms / 60_000).unwrap_or(i32::MAX))
    }

    /// The partner's open question.
    async fn question(&self) -> Option<VendorOwes> {
        self.0.protection.question.as_ref().map(Into::into)
    }

    /// The request for an extension that is not decided.
    async fn extension(&self) -> Option<VendorOwes> {
        self.0.protection.extension.as_ref().map(Into::into)
    }

    /// Extensions granted since the approval.
    async fn extensions(&self) -> i32 {
        self.0.protection.extensions
    }

    /// Whether the rules let one more extension be asked for.
    async fn can_extend(&self) -> bool {
        self.0.protection.can_extend()
    }

    /// When it ends unless the deal changes before; null when the rules know no such end, and while the clock stands still.
    async fn inactive_at(&self) -> Option<DateTime> {
        self.0.inactive_at().map(DateTime)
    }

    /// When the partner is next reminded of the end.
    async fn next_reminder_at(&self) -> Option<DateTime> {
        self.0.reminder_at().map(DateTime)
    }

    /// What the rules said at the approval.
    async fn terms(&self) -> ProtectionTerms {
        (&self.0.protection.terms).into()
    }

    /// Who at the customer asked for the release, and what proves it; null unless the deal was given free.
    async fn release(&self) -> Option<DealReleaseProof> {
        let r = self.0.protection.released.as_ref()?;
        Some(DealReleaseProof { requested_by: r.requested_by.clone(), proof: r.proof.clone() })
    }
}

/// How something touches a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "app::ConflictKind")]
pub(crate) enum ConflictKind {
    /// Protected: same customer, same product.
    Protected,
    /// Waiting: same customer, same product.
    Waiting,
    /// Same customer, another product of the same line.
    ProductLine,
    /// A company of the same group.
    Related,
    /// A customer of nearly the same name or domain.
    Similar,
    /// An opportunity of the vendor's own.
    Direct,
}

/// Something that stands beside a registration; only the vendor sees it.
#[derive(SimpleObject)]
pub(crate) struct DealConflict {
    /// How it touches the registration.
    kind: ConflictKind,
    /// Another partner's deal, with its dates and evidence; null for an opportunity of the vendor's own.
    deal: Option<Deal>,
    /// The opportunity of the vendor's own.
    direct: Option<DirectOpportunity>,
}

/// What stands beside a deal, as far as the viewer may see it.
pub(super) async fn conflicts(ctx: &Context<'_>, deal: &DomainDeal) -> Result<Vec<DealConflict>> {
    let (Some(actor), None) = (ctx.actor(), ctx.moment()) else { return Ok(Vec::new()) };
    let found = app::conflicts(ctx.app()?, actor, deal).await.map_err(Problem::from)?;
    let of = |c: app::Conflict| DealConflict { kind: c.kind.into(), deal: c.deal.map(Deal), direct: c.direct.map(DirectOpportunity) };
    Ok(found.into_iter().map(of).collect())
}
