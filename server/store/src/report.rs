//! What reports are counted from: grouped by the database over an index, within the asker's scope, never row by row in the server.
//! How many rows come back is bounded by what there is to group by: stages, months, days, partners up to a limit.

use bson::{Bson, Document, doc};
use entente_domain::Decimal;
use entente_domain::report::spread::Spread;
use entente_domain::report::{Dimension, RegistrationCounts};
use futures::{StreamExt, TryStreamExt};
use mongodb::options::Hint;
use serde::Deserialize;

use crate::bson_as::decimal;
use crate::connect::names;
use crate::deal_match::conditions;
use crate::{DealFilter, Store, StoreError};

/// Most different lengths of time that one distribution is made of: the minutes of two years, or the days of any period.
const VALUES_MAX: i64 = 1_100_000;
/// Most stages times months of a forecast.
const SUMS_MAX: i64 = 10_000;

/// What was counted for one value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportGroup {
    /// Partner id, territory key, product id or month; none for deals that have none.
    pub key: Option<String>,
    /// What was counted.
    pub counts: RegistrationCounts,
}

/// What was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClosedSums {
    /// Won.
    pub won: u64,
    /// What they are worth, in the program's currency.
    pub won_value: Decimal,
    /// Lost.
    pub lost: u64,
}

/// What is open in one stage, and expected to close in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSum {
    /// Stage key.
    pub stage: String,
    /// Month of the expected close date, as `2026-11`; none for deals without one.
    pub month: Option<String>,
    /// How many deals.
    pub count: u64,
    /// What they are worth, in the program's currency.
    pub value: Decimal,
}

#[derive(Debug, Deserialize)]
struct CountsDoc {
    #[serde(rename = "_id")]
    key: Option<String>,
    submitted: i64,
    approved: i64,
    decided: i64,
    won: i64,
    flagged: i64,
}

#[derive(Debug, Deserialize)]
struct ClosedDoc {
    #[serde(rename = "_id")]
    category: String,
    count: i64,
    #[serde(with = "decimal")]
    value: Decimal,
}

#[derive(Debug, Deserialize)]
struct OpenKey {
    stage: String,
    month: Option<String>,
}

#[derive(Debug, Deserialize)]
struct OpenDoc {
    #[serde(rename = "_id")]
    key: OpenKey,
    count: i64,
    #[serde(with = "decimal")]
    value: Decimal,
}

#[derive(Debug, Deserialize)]
struct ValueDoc {
    #[serde(rename = "_id")]
    value: Option<i64>,
    count: i64,
}

/// By what a report's rows are found.
#[derive(Debug, Clone, Copy)]
enum By {
    Submitted,
    Answered,
    Closed,
    Open,
}

impl By {
    /// The index that serves it. Few partners are read by partner: their rows are few, whatever the period.
    fn index(self, f: &DealFilter) -> &'static str {
        let partners = usize::from(matches!(f.scope, entente_domain::policy::Scope::Partner(_))).max(f.partners.len());
        match self {
            _ if (1..=10).contains(&partners) => "partner_created_at",
            Self::Submitted => "all_created_at",
            Self::Answered => "answered_at",
            Self::Closed => "closed_on",
            Self::Open => "open_created_at",
        }
    }
}

fn sum_if(condition: Document) -> Document {
    doc! { "$sum": { "$cond": [condition, 1, 0] } }
}

fn counted(by: Bson) -> Document {
    let approved = doc! { "$eq": ["$record.decided", "APPROVED"] };
    doc! { "$group": {
        "_id": by,
        "submitted": { "$sum": 1 },
        "approved": sum_if(approved.clone()),
        "decided": sum_if(doc! { "$in": [{ "$ifNull": ["$record.decided", Bson::Null] }, ["APPROVED", "REJECTED"]] }),
        "won": sum_if(doc! { "$and": [approved, { "$eq": ["$stage_category", "WON"] }] }),
        "flagged": sum_if(doc! { "$in": [{ "$ifNull": ["$record.verdict_outcome", Bson::Null] }, ["POSSIBLE_CONFLICT", "BLOCKED"]] }),
    } }
}

impl From<CountsDoc> for ReportGroup {
    fn from(d: CountsDoc) -> Self {
        let n = i64::unsigned_abs;
        let counts =
            RegistrationCounts { submitted: n(d.submitted), approved: n(d.approved), decided: n(d.decided), won: n(d.won), flagged: n(d.flagged) };
        Self { key: d.key, counts }
    }
}

impl Store {
    async fn grouped<T>(&self, f: &DealFilter, by: By, mut stages: Vec<Document>) -> Result<Vec<T>, StoreError>
    where
        T: for<'de> Deserialize<'de> + Send + Sync + Unpin,
    {
        let Some(matching) = conditions(f) else { return Ok(Vec::new()) };
        stages.insert(0, doc! { "$match": matching });
        let rows = self.of::<Document>(names::DEALS).aggregate(stages).hint(Hint::Name(by.index(f).to_owned())).with_type::<T>().await?;
        Ok(rows.try_collect().await?)
    }

    /// The registrations of a filter, counted together. The filter has a stretch of `created_at`.
    pub async fn report_counts(&self, f: &DealFilter) -> Result<RegistrationCounts, StoreError> {
        let rows: Vec<CountsDoc> = self.grouped(f, By::Submitted, vec![counted(Bson::Null)]).await?;
        Ok(rows.into_iter().next().map_or_else(RegistrationCounts::default, |d| ReportGroup::from(d).counts))
    }

    /// The registrations of a filter by a dimension, the most submitted first, up to `limit` groups.
    pub async fn report_groups(&self, f: &DealFilter, dimension: Dimension, limit: u32) -> Result<Vec<ReportGroup>, StoreError> {
        let by = match dimension {
            Dimension::Partner => "$partner_id",
            Dimension::Territory => "$territory",
            Dimension::Product => "$product",
        };
        let mut stages = Vec::new();
        if dimension == Dimension::Product {
            // A bundle counts under what is within it too, once under each.
            let all = doc! { "$setUnion": ["$product_ids", { "$ifNull": ["$included", Bson::Array(Vec::new())] }] };
            stages.push(doc! { "$set": { "product": all } });
            stages.push(doc! { "$unwind": { "path": "$product", "preserveNullAndEmptyArrays": true } });
            if !f.products.is_empty() {
                let asked: Vec<&str> = f.products.iter().map(|p| p.as_str()).collect();
                stages.push(doc! { "$match": { "product": { "$in": asked } } });
            }
        }
        stages.extend([counted(by.into()), doc! { "$sort": { "submitted": -1, "_id": 1 } }, doc! { "$limit": i64::from(limit.max(1)) }]);
        let rows: Vec<CountsDoc> = self.grouped(f, By::Submitted, stages).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The registrations of a filter by the month in which they were submitted, in that time zone, in order.
    pub async fn report_months(&self, f: &DealFilter, zone: &str) -> Result<Vec<ReportGroup>, StoreError> {
        let month = doc! { "$dateToString": { "date": "$created_at", "format": "%Y-%m", "timezone": zone } };
        let rows: Vec<CountsDoc> = self.grouped(f, By::Submitted, vec![counted(month.into()), doc! { "$sort": { "_id": 1 } }]).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn spread(&self, f: &DealFilter, by: By, value: Document) -> Result<Spread, StoreError> {
        let Some(matching) = conditions(f) else { return Ok(Spread::default()) };
        let stages = [doc! { "$match": matching }, doc! { "$group": { "_id": value, "count": { "$sum": 1 } } }, doc! { "$limit": VALUES_MAX }];
        let deals = self.of::<Document>(names::DEALS);
        let mut rows = deals.aggregate(stages).hint(Hint::Name(by.index(f).to_owned())).batch_size(10_000).with_type::<ValueDoc>().await?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().await {
            let row = row?;
            all.extend(row.value.map(|v| (v, row.count.unsigned_abs())));
        }
        Ok(all.into_iter().collect())
    }

    /// Whole minutes from submission to decision. The filter has a stretch of decisions.
    pub async fn report_minutes_to_decide(&self, f: &DealFilter) -> Result<Spread, StoreError> {
        let minutes = doc! { "$toLong": { "$floor": { "$divide": [{ "$subtract": ["$answered_at", "$created_at"] }, 60_000] } } };
        self.spread(f, By::Answered, minutes).await
    }

    /// Days of the calendar, in that time zone, from the beginning of deals to the day on which they closed. The filter has a stretch
    /// of close dates.
    pub async fn report_days_to_close(&self, f: &DealFilter, zone: &str) -> Result<Spread, StoreError> {
        let closed = doc! { "$dateFromString": { "dateString": "$closed_on", "format": "%Y-%m-%d", "timezone": zone } };
        let days = doc! { "$toLong": { "$dateDiff": { "startDate": "$created_at", "endDate": closed, "unit": "day", "timezone": zone } } };
        self.spread(f, By::Closed, days).await
    }

    /// What was won and lost. The filter has a stretch of close dates.
    pub async fn report_closed(&self, f: &DealFilter) -> Result<ClosedSums, StoreError> {
        let group = doc! { "_id": "$stage_category", "count": { "$sum": 1 }, "value": { "$sum": "$base_value.amount" } };
        let rows: Vec<ClosedDoc> = self.grouped(f, By::Closed, vec![doc! { "$group": group }]).await?;
        let mut sums = ClosedSums::default();
        for row in rows {
            match row.category.as_str() {
                "WON" => (sums.won, sums.won_value) = (row.count.unsigned_abs(), row.value),
                "LOST" => sums.lost = row.count.unsigned_abs(),
                _ => {}
            }
        }
        Ok(sums)
    }

    /// What is open by stage and month of the expected close date. The filter lets only open deals through.
    pub async fn report_open(&self, f: &DealFilter) -> Result<Vec<OpenSum>, StoreError> {
        let month = doc! { "$cond": [{ "$gt": ["$expected_close_on", Bson::Null] }, { "$substrBytes": ["$expected_close_on", 0, 7] }, Bson::Null] };
        let group = doc! { "_id": { "stage": "$stage", "month": month }, "count": { "$sum": 1 }, "value": { "$sum": "$base_value.amount" } };
        let rows: Vec<OpenDoc> = self.grouped(f, By::Open, vec![doc! { "$group": group }, doc! { "$limit": SUMS_MAX }]).await?;
        let of = |d: OpenDoc| OpenSum { stage: d.key.stage, month: d.key.month, count: d.count.unsigned_abs(), value: d.value };
        Ok(rows.into_iter().map(of).collect())
    }

    /// Gives deals from before there was a record the one that their status tells: what expired or was released had been approved.
    pub(crate) async fn add_records(&self) -> Result<(), StoreError> {
        let deals = self.of::<Document>(names::DEALS);
        for (statuses, decided) in [(&["APPROVED", "EXPIRED", "RELEASED"][..], "APPROVED"), (&["REJECTED"], "REJECTED")] {
            let lacks = doc! { "status": { "$in": statuses }, "record": { "$exists": false } };
            let record = doc! { "verdict_outcome": Bson::Null, "decided": decided };
            deals.update_many(lacks, doc! { "$set": { "record": record } }).await?;
        }
        Ok(())
    }
}
