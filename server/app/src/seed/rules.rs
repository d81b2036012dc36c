//! The rules of the demo program: the first version, the next one announced through the same use case as everything else,
//! and who has accepted the rules of engagement.

use std::collections::BTreeMap;
use std::path::Path;

use entente_domain::Decimal;
use entente_domain::deal::deadline::DeadlineTerms;
use entente_domain::deal::evidence::EvidenceRules;
use entente_domain::deal::protection::ProtectionTerms;
use entente_domain::dispute::DisputeTerms;
use entente_domain::event::{EventActor, EventKind, Subject};
use entente_domain::program::Program;
use entente_domain::rules::engagement::Acceptance;
use entente_domain::rules::{DecisionOverride, ProtectionOverride, Requirements, RuleSet, RulesVersion};
use entente_domain::user::Role;
use entente_domain::{Date, Timestamp};
use jiff::{SignedDuration, ToSpan};
use serde::Deserialize;

use super::files::read_json;
use super::{World, deals, event, named, wrong};
use crate::rules::{Proposal, first_version, propose};
use crate::{App, AppError, Refused};

const FILE: &str = "rules.json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RulesFile {
    since_days_ago: i64,
    minimum_value: Decimal,
    products: Option<Vec<String>>,
    territories: Option<Vec<String>>,
    contact: bool,
    description_min: i64,
    close_within_days: Option<i64>,
    engagement: Option<String>,
    protection_days: i64,
    protection_overrides: Vec<ProtectionFile>,
    decision_hours: i64,
    decision_overrides: Vec<DecisionFile>,
    notice_days: i64,
    #[serde(default)]
    protection: ProtectionTerms,
    #[serde(default)]
    evidence: EvidenceRules,
    #[serde(default)]
    deadline: DeadlineTerms,
    /// Names of the calendar's holidays by date, or by month and day for those of every year.
    holiday_names: BTreeMap<String, String>,
    not_accepted: Vec<String>,
    announced: AnnouncedFile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProtectionFile {
    tier: Option<String>,
    line: Option<String>,
    /// Key of a product.
    product: Option<String>,
    days: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecisionFile {
    name: String,
    from_value: Decimal,
    hours: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnnouncedFile {
    by: String,
    in_days: i64,
    note: String,
    minimum_value: Decimal,
    contact: bool,
    close_within_days: Option<i64>,
}

impl RulesFile {
    pub(super) fn read(dir: &Path) -> Result<Self, AppError> {
        read_json(dir, FILE)
    }

    /// Since when the program has had rules.
    pub(super) fn since(&self, now: Timestamp) -> Result<Timestamp, AppError> {
        now.checked_sub(SignedDuration::from_hours(24 * self.since_days_ago)).map_err(AppError::internal)
    }

    /// Writes the first version.
    pub(super) async fn first(&self, app: &App, program: &Program) -> Result<RulesVersion, AppError> {
        let product = |key: &String| {
            let found = program.products.iter().find(|p| p.key == *key).map(|p| p.id.clone());
            found.ok_or_else(|| wrong(FILE, format!("no product {key}")))
        };
        let products = self.products.as_ref().map(|keys| keys.iter().map(product).collect::<Result<Vec<_>, _>>()).transpose()?;
        let protection = |o: &ProtectionFile| -> Result<ProtectionOverride, AppError> {
            let product = o.product.as_ref().map(product).transpose()?;
            Ok(ProtectionOverride { tier: o.tier.clone(), line: o.line.clone(), product, days: o.days })
        };
        let protection_overrides = self.protection_overrides.iter().map(protection).collect::<Result<Vec<_>, _>>()?;
        let mut calendar = program.calendar.clone();
        for holiday in &mut calendar.holidays {
            holiday.name = self.name_of(holiday.date);
        }
        let rules = RuleSet {
            requirements: Requirements {
                minimum_value: self.minimum_value,
                products,
                territories: self.territories.clone(),
                contact: self.contact,
                description_min: self.description_min,
                close_within_days: self.close_within_days,
                engagement: self.engagement.clone(),
                evidence: self.evidence,
                ..Requirements::default()
            },
            protection_days: self.protection_days,
            protection_overrides,
            protection: self.protection.clone(),
            decision_hours: self.decision_hours,
            decision_overrides: self
                .decision_overrides
                .iter()
                .map(|o| DecisionOverride { name: o.name.clone(), from_value: o.from_value, hours: o.hours })
                .collect(),
            deadline: self.deadline.clone(),
            dispute: DisputeTerms::default(),
            calendar,
            notice_days: self.notice_days,
        };
        first_version(app, program, rules).await
    }

    fn name_of(&self, date: Date) -> Option<String> {
        let day = date.to_string();
        self.holiday_names.get(&day).or_else(|| self.holiday_names.get(&day[5..])).cloned()
    }

    /// Announces the next version and writes down who has accepted the rules of engagement: everybody but those that the
    /// file names, on the day on which the program began.
    pub(super) async fn announce(&self, app: &App, world: &World) -> Result<(), AppError> {
        let by = deals::actor(named(&world.users, &self.announced.by, FILE)?);
        let mut rules = world.view.rules.rules.clone();
        rules.requirements.minimum_value = self.announced.minimum_value;
        rules.requirements.contact = self.announced.contact;
        rules.requirements.close_within_days = self.announced.close_within_days;
        let today = world.view.date(app.now());
        let effective_from = today.checked_add(self.announced.in_days.days()).map_err(AppError::internal)?;
        let proposal = Proposal { rules, effective_from, note: Some(self.announced.note.clone()), keeps_dispute: false, based_on: None };
        propose(app, &by, &proposal, None).await.map_err(|e| match e {
            Refused::Failed(e) => e,
            Refused::Refused(refusal) => wrong(FILE, format!("announced: {refusal:?}")),
        })?;
        for (slug, partner) in world.partners.iter().filter(|(slug, _)| !self.not_accepted.contains(slug)) {
            let admin = world.users.values().find(|u| u.partner_id.as_ref() == Some(&partner.id) && u.roles.contains(&Role::PartnerAdmin));
            let name = admin.map(|u| u.name.clone()).or_else(|| partner.contact.name.clone()).unwrap_or_else(|| slug.clone());
            let acceptance = Acceptance {
                partner_id: partner.id.clone(),
                rules: world.view.rules.number,
                by: EventActor { user_id: admin.map(|u| u.id.clone()), name },
                at: partner.partner_since.unwrap_or(world.view.rules.starts_at).max(world.view.rules.starts_at),
            };
            let told = event(app, EventKind::PartnerChanged, Subject::Partner { id: partner.id.clone() });
            app.store.accept_engagement(&acceptance, &[told], None).await?;
        }
        Ok(())
    }
}
