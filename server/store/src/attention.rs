//! What needs somebody now: decisions that the vendor owes, and questions, ending protections and passed close dates
//! that a partner has to look after.

use std::collections::BTreeSet;

use bson::{Document, doc};
use entente_domain::deal::Deal;
use entente_domain::id::UserId;
use entente_domain::policy::Scope;
use entente_domain::{Date, Timestamp};
use futures::TryStreamExt;

use crate::bson_as::date;
use crate::deals::within;
use crate::{Store, StoreError};

/// How far ahead the end of a protection is announced, in milliseconds: 14 days.
const PROTECTION_AHEAD_MS: i64 = 14 * 24 * 60 * 60 * 1000;

impl Store {
    /// Up to `limit` deals that need somebody, most urgent first.
    ///
    /// For the vendor (`vendor`): registrations to decide by deadline, of one manager when given. For a partner: questions
    /// to answer, then protections that end within 14 days, then open deals whose expected close date has passed.
    pub async fn attention(
        &self,
        scope: &Scope,
        vendor: bool,
        manager: Option<&UserId>,
        now: Timestamp,
        today: Date,
        limit: u32,
    ) -> Result<Vec<Deal>, StoreError> {
        if vendor {
            let mut owed = doc! { "status": { "$in": ["SUBMITTED", "IN_REVIEW"] } };
            if let Some(manager) = manager {
                owed.insert("manager_id", manager.as_str());
            }
            return self.first_deals(owed, scope, "decision_due_at", limit).await;
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

    async fn first_deals(&self, filter: Document, scope: &Scope, field: &str, limit: u32) -> Result<Vec<Deal>, StoreError> {
        let Some(filter) = within(filter, scope).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let rows = self.deal_docs().find(filter).sort(doc! { field: 1, "_id": 1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(Deal::from).try_collect().await?)
    }
}
