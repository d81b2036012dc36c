//! A version of the rules.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_app::program::ProgramView;
use entente_domain::id::ProductId;
use entente_domain::policy::{Action, Resource};
use entente_domain::rules as domain;

use super::desk::{CustomField, EvidenceRules, ProtectionTerms};
use crate::context::Ask as _;
use crate::page::connection;
use crate::program::{BusinessCalendar, Money, Product, ProgramRule, Territory, Tier};
use crate::record::DeadlineTerms;
use crate::scalar::{Date, DateTime};

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RulesState")]
pub(crate) enum RulesState {
    /// New registrations are judged by it.
    InForce,
    /// It begins later.
    Announced,
    /// Another version followed; deals that were judged by it keep it.
    Superseded,
    /// It was taken back before it began; only the vendor's staff reads it.
    Withdrawn,
}

/// Other days of protection than the default.
#[derive(SimpleObject)]
pub(crate) struct ProtectionOverride {
    /// Tier of the partner; null fits every partner.
    tier: Option<Tier>,
    /// Product line of one of the deal's products; null fits every deal.
    line: Option<String>,
    /// One of the deal's products; null fits every deal.
    product: Option<Product>,
    /// For how many days an approval protects.
    days: i32,
}

/// Another deadline than the default.
#[derive(SimpleObject)]
pub(crate) struct DecisionOverride {
    /// What the priority is called.
    name: String,
    /// From this value on.
    from_value: Money,
    /// Within how many business hours the vendor decides.
    hours: i32,
}

/// A version of the program's rules.
pub(crate) struct RulesVersion {
    pub(super) version: domain::RulesVersion,
    pub(super) view: Arc<ProgramView>,
    pub(super) now: entente_domain::Timestamp,
}

/// Days and hours are bounded far below what the wire can say.
fn int(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// A version of the program's rules. It begins on its day, is announced before, and never changes; anyone may read those in
/// force, announced and superseded.
#[Object]
impl RulesVersion {
    /// Global id.
    async fn id(&self) -> ID {
        ID(self.version.id.to_string())
    }

    /// 1, 2, 3 ... in the order in which versions were proposed.
    async fn number(&self) -> i32 {
        self.version.number
    }

    /// Where it stands now.
    async fn state(&self) -> RulesState {
        self.version.state(self.view.rules.number, self.now).into()
    }

    /// The day on which it begins.
    async fn effective_from(&self) -> Date {
        Date(self.version.effective_from)
    }

    /// The moment at which that day begins in the time zone of its calendar.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.version.starts_at)
    }

    /// Why it was proposed; null where nobody said.
    async fn note(&self) -> Option<&str> {
        self.version.note.as_deref()
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.version.proposed_at)
    }

    /// Who proposed it; null for those who may not see the vendor's people.
    async fn proposed_by(&self, ctx: &Context<'_>) -> Option<&str> {
        ctx.may(Action::SeeWithdrawnRules, Resource::OfVendor).then_some(self.version.proposed_by.name.as_str())
    }

    /// When it was withdrawn; null while it stands.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.version.withdrawn.as_ref().map(|w| DateTime(w.at))
    }

    /// Why it was withdrawn; null while it stands.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.version.withdrawn.as_ref().map(|w| w.reason.as_str())
    }

    /// Smallest value of a deal that can be registered.
    async fn minimum_value(&self) -> Money {
        Money::of_program(self.version.rules.requirements.minimum_value, &self.view.program)
    }

    /// The products that may be registered; null allows all of the program's.
    async fn products(&self) -> Option<Vec<Product>> {
        let ids = self.version.rules.requirements.products.as_ref()?;
        Some(ids.iter().filter_map(|id| self.view.program.product(id)).cloned().map(Product).collect())
    }

    /// The territories whose partners may register; null allows all.
    async fn territories(&self) -> Option<Vec<Territory>> {
        let keys = self.version.rules.requirements.territories.as_ref()?;
        Some(keys.iter().map(|key| Territory::by_key(&self.view.program.territories, key)).collect())
    }

    /// Whether a contact at the customer must be named.
    async fn contact_required(&self) -> bool {
        self.version.rules.requirements.contact
    }

    /// Fewest characters of the description; 0 asks for none.
    async fn description_min_length(&self) -> i32 {
        int(self.version.rules.requirements.description_min)
    }

    /// Within how many days the deal must be expected to close; null asks for nothing.
    async fn close_within_days(&self) -> Option<i32> {
        self.version.rules.requirements.close_within_days.map(int)
    }

    /// The rules of engagement that a partner must have accepted before it registers; null asks for nothing.
    async fn engagement(&self) -> Option<&str> {
        self.version.rules.requirements.engagement.as_deref()
    }

    /// What evidence weighs, and how its score counts.
    async fn evidence(&self) -> EvidenceRules {
        (&self.version.rules.requirements.evidence).into()
    }

    /// Whether the partner must have a person with a valid certificate.
    async fn certified_required(&self) -> bool {
        self.version.rules.requirements.certified
    }

    /// What the program asks for beside its own fields.
    async fn fields(&self) -> Vec<CustomField> {
        self.version.rules.requirements.fields.iter().map(Into::into).collect()
    }

    /// How protection is extended, reminded of and ended.
    async fn protection(&self) -> ProtectionTerms {
        (&self.version.rules.protection).into()
    }

    /// For how many days an approval protects, unless an override fits.
    async fn protection_days(&self) -> i32 {
        int(self.version.rules.protection_days)
    }

    /// Other days of protection; one that names a product of the deal counts before those that name none, and of several the first.
    async fn protection_overrides(&self) -> Vec<ProtectionOverride> {
        let tier = |key: &String| self.view.program.tier(key).map(Tier::from);
        let product = |id: &ProductId| self.view.program.product(id).cloned().map(Product);
        let shown = |o: &domain::ProtectionOverride| ProtectionOverride {
            tier: o.tier.as_ref().and_then(tier),
            line: o.line.clone(),
            product: o.product.as_ref().and_then(product),
            days: int(o.days),
        };
        self.version.rules.protection_overrides.iter().map(shown).collect()
    }

    /// Within how many business hours the vendor decides, unless an override fits.
    async fn decision_hours(&self) -> i32 {
        int(self.version.rules.decision_hours)
    }

    /// Other deadlines, by value; the first one that fits counts.
    async fn decision_overrides(&self) -> Vec<DecisionOverride> {
        let from_value = |o: &domain::DecisionOverride| Money::of_program(o.from_value, &self.view.program);
        let all = self.version.rules.decision_overrides.iter();
        all.map(|o| DecisionOverride { name: o.name.clone(), from_value: from_value(o), hours: int(o.hours) }).collect()
    }

    /// When a decision is at risk, and what follows a missed deadline.
    async fn deadline(&self) -> DeadlineTerms {
        DeadlineTerms(self.version.rules.deadline.clone())
    }

    /// Within how many business hours a dispute is decided.
    async fn dispute_hours(&self) -> i32 {
        int(self.version.rules.dispute.decision_hours)
    }

    /// The hours in which deadlines run.
    async fn calendar(&self) -> BusinessCalendar {
        (&self.version.rules.calendar).into()
    }

    /// How many days before its day the version after this one must be announced; a change never begins on the day on which it
    /// is proposed.
    async fn notice_days(&self) -> i32 {
        int(self.version.rules.notice_days)
    }

    /// Every rule in one plain English sentence.
    async fn sentences(&self) -> Vec<ProgramRule> {
        let said = domain::say::sentences(&self.version, &self.view.program);
        said.into_iter().map(|(code, text)| ProgramRule::of(code, text)).collect()
    }
}

connection!(RulesVersionConnection, RulesVersionEdge, RulesVersion, "version of the rules");

/// The version with what its fields look up.
pub(super) async fn shown(ctx: &Context<'_>, version: domain::RulesVersion) -> Result<RulesVersion> {
    Ok(RulesVersion { version, view: ctx.program().await?, now: ctx.app()?.now() })
}
