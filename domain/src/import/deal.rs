//! The deal that comes of an imported row: approved, with the dates that it had, and an event that says where it is from.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::row::Row;
use crate::customer::Customer;
use crate::deal::decide::{claims, protection_end};
use crate::deal::{Cause, Deal, DealError, DealSource, Decision, RegistrationStatus};
use crate::event::EventKind;
use crate::id::{DealId, PartnerId, UserId};
use crate::money::Money;
use crate::program::{Program, StageCategory};
use crate::rules::{Evidence, Judged};
use crate::text::LINE_MAX;

/// What a row needs beside itself to become a deal.
#[derive(Debug, Clone)]
pub struct ImportFacts<'a> {
    /// The program; has the row's stage.
    pub program: &'a Program,
    /// Its calendar's time zone: a day of the file is that day there.
    pub zone: &'a TimeZone,
    /// Id of the new deal.
    pub id: DealId,
    /// Number of the new deal.
    pub number: String,
    /// Key under which a second import finds it.
    pub import_key: String,
    /// Whose deal it is.
    pub partner_id: PartnerId,
    /// The customer, where the row names one.
    pub customer: Option<Customer>,
    /// The partner's channel manager.
    pub manager_id: Option<UserId>,
    /// The partner's territory.
    pub territory: Option<String>,
    /// Whether it takes the claim on customer and product, if it is open.
    pub protected: bool,
    /// Where it is from, as `Imported from sales_pipeline.csv, line 17`.
    pub origin: String,
}

/// The deal of a row. It begins on its engage date, or without one on its close date, or without both at `cause.now`;
/// its last change was its close, or its beginning. Rate 1: the value is in the program's currency.
pub fn import(row: &Row, facts: ImportFacts<'_>, cause: Cause) -> Result<Decision, DealError> {
    let program = facts.program;
    let stage = super::stage::find(program, &row.stage).ok_or_else(|| DealError::StageUnknown { stage: row.stage.clone() })?;
    let open = stage.category == StageCategory::Open;
    let day = |date: Option<jiff::civil::Date>| date.and_then(|d| d.to_zoned(facts.zone.clone()).ok()).map(|z| z.timestamp());
    let closed_at = if open { None } else { day(row.close_on) };
    let created_at: Timestamp = day(row.engaged_on).or(closed_at).unwrap_or(cause.now);
    let until = if open && facts.protected && facts.customer.is_some() { Some(protection_end(program, None, cause.now)?) } else { None };
    let value = Money { amount: row.value, currency: program.currency.clone() };
    let deal = Deal {
        id: facts.id,
        number: facts.number,
        version: 1,
        title: title(row, facts.customer.as_ref()),
        status: RegistrationStatus::Approved,
        stage: stage.key.clone(),
        stage_category: stage.category,
        partner_id: facts.partner_id,
        customer: facts.customer,
        product_ids: vec![row.product.id.clone()],
        base_value: value.clone(),
        value,
        rate: Decimal::ONE,
        expected_close_on: if open { row.close_on } else { None },
        closed_on: if open { None } else { row.close_on },
        next_step: None,
        manager_id: facts.manager_id,
        territory: facts.territory,
        source: DealSource::Imported,
        registered_by: None,
        created_at,
        updated_at: closed_at.unwrap_or(created_at),
        decision_due_at: None,
        paused_minutes: None,
        decided_at: None,
        decision_reason: None,
        open_question: None,
        protected_until: until,
        import_key: Some(facts.import_key),
        judged: Judged { rules: program.rules.version, terms: None },
        evidence: Evidence::default(),
        origin: crate::lead::Origin::default(),
        protection: Default::default(),
        route: crate::routing::Route::default(),
        record: crate::report::record::Record::imported(),
        deadline: Default::default(),
        included: crate::product::included(program, std::slice::from_ref(&row.product.id)),
    };
    let take = until.map(|until| claims(&deal, until)).unwrap_or_default();
    let event = cause.event(&deal, EventKind::DealImported, Some(facts.origin), Vec::new());
    Ok(Decision { deal, based_on: None, take, release_claims: false, events: vec![event] })
}

/// The same deal without claim and protection: somebody else holds customer and product.
pub fn unprotected(mut decision: Decision) -> Decision {
    decision.take.clear();
    decision.deal.protected_until = None;
    decision
}

fn title(row: &Row, customer: Option<&Customer>) -> String {
    let title = match customer {
        Some(customer) => format!("{} for {}", row.product.name, customer.name),
        None => format!("{}, no customer named", row.product.name),
    };
    title.chars().take(LINE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventActor;
    use crate::id::{CustomerId, EventId};
    use crate::import::row::KnownProduct;
    use crate::import::testing::{product_id, program};
    use jiff::civil::date;
    use ulid::Ulid;

    fn row(stage: &str, category: StageCategory) -> Row {
        Row {
            opportunity_id: "A1".into(),
            sales_agent: "Moses Frase".into(),
            product: KnownProduct { id: product_id(1), name: "GTX Pro".into(), list_price: None },
            account: Some("Cancity".into()),
            stage: stage.into(),
            category,
            engaged_on: Some(date(2016, 10, 20)),
            close_on: Some(date(2017, 3, 1)),
            value: Decimal::from(4821),
        }
    }

    fn made(row: &Row, protected: bool) -> Decision {
        let program = program();
        let partner_id = PartnerId::new(Ulid::from_parts(1, 1));
        let customer = row.account.clone().map(|name| Customer {
            id: CustomerId::new(Ulid::from_parts(1, 1)),
            partner_id: partner_id.clone(),
            key: crate::customer::customer_key(&name, None, None),
            name_key: crate::customer::name_key(&name, None),
            name,
            domain: None,
            country: None,
            industry: None,
            parent: None,
        });
        let facts = ImportFacts {
            program: &program,
            zone: &TimeZone::get("Europe/Berlin").unwrap(),
            id: DealId::new(Ulid::from_parts(1, 1)),
            number: "D-1".into(),
            import_key: "crm:A1".into(),
            partner_id,
            customer,
            manager_id: None,
            territory: Some("east".into()),
            protected,
            origin: "Imported from sales_pipeline.csv, line 2".into(),
        };
        let actor = EventActor { user_id: None, name: "Import".into() };
        import(
            row,
            facts,
            Cause { actor, now: "2026-11-21T09:00:00Z".parse().unwrap(), event_id: EventId::new(Ulid::from_parts(1, 1)), covers: Vec::new() },
        )
        .unwrap()
    }

    #[test]
    fn a_closed_deal_keeps_its_dates_and_holds_nothing() {
        let decision = made(&row("Won", StageCategory::Won), true);
        let deal = &decision.deal;
        assert_eq!(deal.created_at.to_string(), "2016-10-19T22:00:00Z", "the beginning of that day in Berlin");
        assert_eq!((deal.updated_at.to_string().as_str(), deal.closed_on), ("2017-02-28T23:00:00Z", Some(date(2017, 3, 1))));
        assert_eq!((deal.status, deal.expected_close_on, deal.protected_until), (RegistrationStatus::Approved, None, None));
        assert!(decision.take.is_empty() && !deal.is_open());
        assert_eq!(deal.title, "GTX Pro for Cancity");
        let event = &decision.events[0];
        assert_eq!((event.kind, event.occurred_at.to_string().as_str()), (EventKind::DealImported, "2026-11-21T09:00:00Z"));
        assert_eq!(event.text.as_deref(), Some("Imported from sales_pipeline.csv, line 2"));
    }

    #[test]
    fn an_open_deal_is_protected_when_it_holds_the_claim() {
        let mut open = row("In talks", StageCategory::Open);
        let decision = made(&open, true);
        assert_eq!(decision.deal.protected_until.map(|t| t.to_string()).as_deref(), Some("2027-02-19T09:00:00Z"));
        assert_eq!((decision.take.len(), decision.deal.closed_on, decision.deal.expected_close_on), (1, None, Some(date(2017, 3, 1))));
        let free = unprotected(decision);
        assert!(free.take.is_empty() && free.deal.protected_until.is_none());
        assert_eq!(made(&open, false), free);
        open.account = None;
        let nobody = made(&open, true);
        assert!(nobody.take.is_empty() && nobody.deal.protected_until.is_none());
        assert_eq!(nobody.deal.title, "GTX Pro, no customer named");
    }

    #[test]
    fn without_dates_a_deal_begins_with_the_import() {
        let mut open = row("In talks", StageCategory::Open);
        (open.engaged_on, open.close_on) = (None, None);
        let deal = made(&open, true).deal;
        assert_eq!((deal.created_at.to_string().as_str(), deal.updated_at), ("2026-11-21T09:00:00Z", deal.created_at));
    }
}
