//! From a [`DealFilter`] and an order to what the database is asked: conditions, the index that serves them, and the
//! stretches of that index which make up a page.
//!
//! A page is read as a few consecutive stretches (the rest of the rows with the cursor's own value, the rows beyond it,
//! the rows without a value), each an exact range of one index: stable under equal keys, nulls last in both directions,
//! and never a sort in memory.

use bson::{Bson, Document, doc};
use entente_domain::policy::Scope;
use entente_domain::report::Lacking;
use entente_domain::text::words;

use crate::bson_as::{amount, date};
use crate::conflicts::about;
use crate::{DealFilter, DealKey, DealSort, SortValue};

/// Most words of a search that are looked at.
const SEARCH_WORDS_MAX: usize = 8;
/// Most point ranges that the database merges in order without sorting (its own bound is 200).
const MERGED_RANGES_MAX: usize = 100;

/// The field that an order goes by.
pub(crate) fn sort_field(sort: DealSort) -> &'static str {
    match sort {
        DealSort::UpdatedAt => "updated_at",
        DealSort::CreatedAt => "created_at",
        DealSort::Value => "base_value.amount",
        DealSort::ExpectedCloseOn => "expected_close_on",
        DealSort::DecisionDueAt => "decision_due_at",
    }
}

/// Whether deals may lack the value of that order.
fn may_lack(sort: DealSort) -> bool {
    matches!(sort, DealSort::ExpectedCloseOn | DealSort::DecisionDueAt)
}

/// One of some values: none of the list means any value.
fn one_of<T: Into<Bson>>(values: impl IntoIterator<Item = T>) -> Option<Bson> {
    let mut values: Vec<Bson> = values.into_iter().map(Into::into).collect();
    match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Bson::Document(doc! { "$in": values })),
    }
}

/// Conditions under which every word of `text` begins one of the words in `search_words`; none when `text` has no word.
/// Words are made of letters and digits only, so nothing in them means anything to a regular expression.
pub(crate) fn search_conditions(text: Option<&str>) -> Vec<Document> {
    words(text.unwrap_or_default()).into_iter().take(SEARCH_WORDS_MAX).map(|w| doc! { "search_words": { "$regex": format!("^{w}") } }).collect()
}

/// The partners to which a filter narrows: none for every partner, an empty list for no row at all.
fn partners(f: &DealFilter) -> Option<Vec<&str>> {
    let asked: Vec<&str> = f.partners.iter().map(|p| p.as_str()).collect();
    match &f.scope {
        Scope::Nothing => Some(Vec::new()),
        Scope::Partner(own) if asked.is_empty() || asked.contains(&own.as_str()) => Some(vec![own.as_str()]),
        Scope::Partner(_) => Some(Vec::new()),
        Scope::All if asked.is_empty() => None,
        Scope::All => Some(asked),
    }
}

/// The conditions of a filter; none when no row can fulfil them, so that nothing need be asked.
pub(crate) fn conditions(f: &DealFilter) -> Option<Document> {
    let partners = partners(f);
    if partners.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    let mut all = Document::new();
    let mut put = |field: &str, value: Option<Bson>| {
        if let Some(value) = value {
            all.insert(field, value);
        }
    };
    put("partner_id", one_of(partners.unwrap_or_default()));
    put("status", one_of(f.statuses.iter().map(|s| s.name())));
    put("stage", one_of(f.stages.iter().map(String::as_str)));
    put("manager_id", one_of(f.managers.iter().map(|m| m.as_str())));
    put("territory", one_of(f.territories.iter().map(String::as_str)));
    put("source", one_of(f.sources.iter().filter_map(|s| bson::serialize_to_bson(s).ok())));
    put("created_at", range(f.created_from.map(date), f.created_to.map(date), "$lt"));
    put("closed_on", range(f.closed_from.map(|d| d.to_string().into()), f.closed_to.map(|d| d.to_string().into()), "$lte"));
    put("stage_category", one_of(names(&f.categories)));
    put("record.decided", one_of(names(&f.decisions)));
    put("record.verdict_outcome", one_of(names(&f.verdicts)));
    put("answered_at", range(f.decided_from.map(date), f.decided_to.map(date), "$lt"));
    put("expected_close_on", range(f.expected_from.map(|d| d.to_string().into()), f.expected_to.map(|d| d.to_string().into()), "$lte"));
    put("owed_since", f.answer_owed.map(|owed| Bson::Document(doc! { "$exists": owed })));
    let lacks: Vec<Document> = f.lacking.iter().map(|l| doc! { lacking(*l): Bson::Null }).collect();
    let products: Vec<&str> = f.products.iter().map(|p| p.as_str()).collect();
    let products = (!products.is_empty()).then(|| about(&products));
    let several: Vec<Document> = search_conditions(f.search.as_deref()).into_iter().chain(lacks).chain(products).collect();
    if !several.is_empty() {
        all.insert("$and", several);
    }
    Some(all)
}

/// Enum values as they are stored.
fn names<T: serde::Serialize>(values: &[T]) -> Vec<Bson> {
    values.iter().filter_map(|v| bson::serialize_to_bson(v).ok()).collect()
}

fn lacking(what: Lacking) -> &'static str {
    match what {
        Lacking::Territory => "territory",
        Lacking::ExpectedCloseOn => "expected_close_on",
    }
}

fn range(from: Option<Bson>, to: Option<Bson>, below: &str) -> Option<Bson> {
    let mut bounds = Document::new();
    if let Some(from) = from {
        bounds.insert("$gte", from);
    }
    if let Some(to) = to {
        bounds.insert(below, to);
    }
    (!bounds.is_empty()).then_some(Bson::Document(bounds))
}

/// The index that serves a filter in an order. None for a search: there the database weighs the index of words, with
/// the few rows found sorted in memory, against reading in order.
pub(crate) fn index_for(f: &DealFilter, sort: DealSort) -> Option<String> {
    if !search_conditions(f.search.as_deref()).is_empty() {
        return None;
    }
    let fits = |n: usize| (1..=MERGED_RANGES_MAX).contains(&n);
    let field = sort_field(sort).replace('.', "_");
    let partners = partners(f).map_or(0, |p| p.len());
    Some(match sort {
        // Few at any time, in an index of their own for each order.
        _ if f.answer_owed == Some(true) => format!("owed_{field}"),
        _ if fits(partners) => format!("partner_{field}"),
        DealSort::DecisionDueAt if fits(f.managers.len() * f.statuses.len()) => format!("manager_status_{field}"),
        _ if fits(f.statuses.len()) => format!("status_{field}"),
        _ if fits(f.stages.len()) => format!("stage_{field}"),
        _ => format!("all_{field}"),
    })
}

/// A stretch of an index: a condition and the order within it.
#[derive(Debug, PartialEq)]
pub(crate) struct Stretch {
    pub condition: Document,
    pub sort: Document,
}

/// The stretches that follow `after` in an order, first to last.
pub(crate) fn stretches(sort: DealSort, descending: bool, after: Option<&DealKey>) -> Vec<Stretch> {
    let field = sort_field(sort);
    let (direction, beyond) = if descending { (-1, "$lt") } else { (1, "$gt") };
    let by_value = || doc! { field: direction, "_id": direction };
    let by_id = || doc! { "_id": direction };
    let value = after.and_then(|key| match &key.value {
        SortValue::Time(t) => Some(date(*t)),
        SortValue::Date(d) => Some(Bson::String(d.to_string())),
        SortValue::Decimal(d) => amount(*d),
        SortValue::None => None,
    });
    let mut all = Vec::new();
    match (after, value) {
        // Within one type only: a comparison never reaches the nulls.
        (Some(key), Some(value)) => {
            all.push(Stretch { condition: doc! { field: value.clone(), "_id": { beyond: key.id.as_str() } }, sort: by_id() });
            all.push(Stretch { condition: doc! { field: { beyond: value } }, sort: by_value() });
        }
        (Some(_), None) => {}
        (None, _) if may_lack(sort) => all.push(Stretch { condition: doc! { field: { "$ne": Bson::Null } }, sort: by_value() }),
        (None, _) => all.push(Stretch { condition: Document::new(), sort: by_value() }),
    }
    if may_lack(sort) {
        let mut condition = doc! { field: Bson::Null };
        if let Some(key) = after.filter(|k| k.value == SortValue::None) {
            condition.insert("_id", doc! { beyond: key.id.as_str() });
        }
        all.push(Stretch { condition, sort: by_id() });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use entente_domain::id::{DealId, PartnerId};

    fn id<T: std::str::FromStr>(prefix: &str, n: u8) -> T
    where
        T::Err: std::fmt::Debug,
    {
        format!("{prefix}_0000000000000000000000000{n}").parse().unwrap()
    }

    #[test]
    fn nothing_and_foreign_partners_ask_for_no_row() {
        assert_eq!(conditions(&DealFilter::default()), None);
        let own: PartnerId = id("part", 1);
        let mut f = DealFilter { scope: Scope::Partner(own.clone()), partners: vec![id("part", 2)], ..DealFilter::default() };
        assert_eq!(conditions(&f), None);
        f.partners.push(own.clone());
        assert_eq!(conditions(&f), Some(doc! { "partner_id": own.as_str() }));
    }

    #[test]
    fn a_search_is_beginnings_of_words_and_nothing_else() {
        let f = DealFilter { scope: Scope::All, search: Some("Mül .* D-10".into()), ..DealFilter::default() };
        let words: Vec<Document> = ["^mul", "^d", "^10"].into_iter().map(|w| doc! { "search_words": { "$regex": w } }).collect();
        assert_eq!(conditions(&f), Some(doc! { "$and": words }));
    }

    #[test]
    fn a_product_is_looked_for_within_bundles_too() {
        let product: entente_domain::id::ProductId = id("prod", 1);
        let f = DealFilter { scope: Scope::All, products: vec![product.clone()], ..DealFilter::default() };
        let any = |field: &str| doc! { field: { "$in": [product.as_str()] } };
        assert_eq!(conditions(&f), Some(doc! { "$and": [{ "$or": [any("product_ids"), any("included")] }] }));
    }

    #[test]
    fn a_page_after_a_value_goes_on_to_the_rows_without_one() {
        let deal: DealId = id("deal", 1);
        let key = DealKey { value: SortValue::None, id: deal };
        assert_eq!(stretches(DealSort::ExpectedCloseOn, false, Some(&key)).len(), 1);
        assert_eq!(stretches(DealSort::ExpectedCloseOn, true, None).len(), 2);
        assert_eq!(stretches(DealSort::UpdatedAt, true, None).len(), 1);
        let key = DealKey { value: SortValue::Date("2026-11-20".parse().unwrap()), ..key };
        assert_eq!(stretches(DealSort::ExpectedCloseOn, false, Some(&key)).len(), 3);
    }
}
