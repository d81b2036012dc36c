//! What needs somebody now: decisions and answers that the vendor owes, and questions, ending protections and passed close dates
//! that a partner has to look after.

use std::collections::BTreeSet;

use bson::{Document, doc};
use entente_domain::deal::Deal;
use entente_domain::id::UserId;
use entente_domain::policy::Scope;
use entente_domain::{Date, Timestamp};
use futures::TryStreamExt;
use mongodb::options::Hint;

use crate::bson_as::date;
use crate::deals::within;
use crate::{Store, StoreError};

/// How far ahead the end of a protection is announced, in milliseconds: 14 days.
const PROTECTION_AHEAD_MS: i64 = 14 * 24 * 60 * 60 * 1000;

impl Store {
    /// Up to `limit` deals that need somebody, most urgent first.
    ///
    /// For the vendor (`vendor`): registrations to decide by their deadlines among deals on which an answer is owed by the moment
    /// of what was asked; those of some owners when given. For a partner: questions to answer, then protections that end within 14
    /// days, then open deals whose expected close date has passed.
    pub async fn attention(
        &self,
        scope: &Scope,
        vendor: bool,
        owners: Option<&[UserId]>,
        now: Timestamp,
        today: Date,
        limit: u32,
    ) -> Result<Vec<Deal>, StoreError> {
        if vendor {
            let mut decisions = doc! { "status": { "$in": ["SUBMITTED", "IN_REVIEW"] } };
            let mut answers = doc! { "owed_since": { "$exists": true } };
            if let Some(owners) = owners {
                let owners: Vec<&str> = owners.iter().map(UserId::as_str).collect();
                for filter in [&mut decisions, &mut answers] {
                    filter.insert("manager_id", doc! { "$in": &owners });
                }
            }
            let (decisions, answers) =
                tokio::try_join!(self.first_deals(decisions, scope, "decision_due_at", limit), self.longest_owed(answers, scope, limit))?;
            let mut all: Vec<Deal> = decisions.into_iter().chain(answers).collect();
            all.sort_by_key(|d| (d.decision_due_at.or_else(|| d.protection.owed_since()), d.id.clone()));
            all.truncate(limit as usize);
            return Ok(all);
        }
        let soon = Timestamp::from_millisecond(now.as_millisecond().saturating_add(PROTECTION_AHEAD_MS)).unwrap_or(Timestamp::MAX);
        let asked = doc! { "status": "INFO_REQUESTED" };
        let ending = doc! { "status": "APPROVED", "stage_category": "OPEN", "protected_until": { "$gt": date(now), "$lte": date(soon) } };
        let passed = doc! { "status": "APPROVED", "stage_category": "OPEN", "expected_close_on": { "$lt": today.to_string() } };
        let (asked, ending, passed) = tokio::try_join!(
            self.first_deals(asked, scope, "updated_at", limit),
            self.first_deals(ending, scope, "protected_until", limit),
            self.first_deals(passed, scope, "expected_close_on", limit),
        )?;
        let mut seen = BTreeSet::new();
        let mut all: Vec<Deal> = asked.into_iter().chain(ending).chain(passed).filter(|d| seen.insert(d.id.clone())).collect();
        all.truncate(limit as usize);
        Ok(all)
    }

    /// Deals on which the vendor owes an answer, what was asked first in front.
    async fn longest_owed(&self, filter: Document, scope: &Scope, limit: u32) -> Result<Vec<Deal>, StoreError> {
        let Some(filter) = within(filter, scope).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let order = doc! { "owed_since": 1, "_id": 1 };
        let rows = self.deal_docs().find(filter).sort(order).hint(Hint::Name("owed_since".to_owned())).limit(limit.into()).await?;
        Ok(rows.map_ok(Deal::from).try_collect().await?)
    }

    /// Gives deals on which an answer was owed before lists were read by it the moment of what was asked.
    pub(crate) async fn add_answers_owed(&self) -> Result<(), StoreError> {
        let asked = |field: &str| doc! { field: { "$type": "object" } };
        let open =
            doc! { "status": "APPROVED", "owed_since": { "$exists": false }, "$or": [asked("protection.question"), asked("protection.extension")] };
        let mut rows = self.deal_docs().find(open).await?;
        while let Some(row) = rows.try_next().await? {
            let deal = Deal::from(row);
            let Some(since) = deal.protection.owed_since() else { continue };
            // A change meanwhile writes it by itself.
            let same = doc! { "_id": deal.id.as_str(), "version": deal.version };
            self.deal_docs().update_one(same, doc! { "$set": { "owed_since": date(since) } }).await?;
        }
        Ok(())
    }

    async fn first_deals(&self, filter: Document, scope: &Scope, field: &str, limit: u32) -> Result<Vec<Deal>, StoreError> {
        let Some(filter) = within(filter, scope).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let rows = self.deal_docs().find(filter).sort(doc! { field: 1, "_id": 1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(Deal::from).try_collect().await?)
    }
}
