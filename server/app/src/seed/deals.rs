//! Deals of the demo program: each registered and then worked by the domain's rules, at the moments that the file names.

use std::path::Path;

use entente_domain::deal::register::{DraftInput, DraftRules, RegisterFacts, register, validate};
use entente_domain::deal::{Cause, Deal, Decision, deadline, decide, expire, note, stage};
use entente_domain::event::{EventActor, Visibility};
use entente_domain::id::{DealId, EventId};
use entente_domain::policy::Actor;
use entente_domain::record::reason::{RejectionReason, with_reason};
use entente_domain::rules::terms::lines;
use entente_domain::timer::TimerKind;
use entente_domain::user::User;
use entente_domain::{Date, Timestamp};
use entente_store::Committed;
use jiff::civil::Time;
use jiff::{SignedDuration, ToSpan};

use super::files::{ActionFile, DealFile, read_json};
use super::{World, days_before, named, wrong};
use crate::clock::ulid_at;
use crate::deal::{keyed_customer, number_text};
use crate::routing::{RoutingView, assign};
use crate::{App, AppError};

/// Deals written in one transaction.
const BATCH: usize = 100;

pub(super) async fn load(app: &App, dir: &Path, world: &World) -> Result<usize, AppError> {
    let files: Vec<DealFile> = read_json(dir, "deals.json")?;
    let first = app.store.next_number("deal", files.len() as i64).await?;
    let today = world.view.date(app.now());
    let routing = app.routing().await?;
    let mut decisions = Vec::with_capacity(files.len());
    for (n, file) in (first..).zip(&files) {
        decisions.push(replay(app, world, &routing, file, today, n)?);
    }
    for batch in decisions.chunks(BATCH) {
        match app.store.insert_deals(batch).await? {
            Committed::Done => {}
            other => return Err(wrong("deals.json", format!("deals collide: {other:?}"))),
        }
    }
    Ok(files.len())
}

pub(super) fn actor(user: &User) -> Actor {
    Actor { user_id: user.id.clone(), name: user.name.clone(), roles: user.roles.clone(), partner_id: user.partner_id.clone(), api_key: None }
}

fn cause(actor: &Actor, at: Timestamp) -> Cause {
    Cause::by(actor, at, EventId::new(ulid_at(at)))
}

fn replay(app: &App, world: &World, routing: &RoutingView, file: &DealFile, today: Date, number: i64) -> Result<Decision, AppError> {
    let bad = |what: String| wrong("deals.json", format!("\"{}\": {what}", file.title));
    let program = &world.view.program;
    let time: Time = file.registered_at.parse().map_err(|_| bad("registeredAt".into()))?;
    let day = days_before(today, file.registered_days_ago)?;
    let mut at = day.to_datetime(time).to_zoned(world.view.zone.clone()).map_err(AppError::internal)?.timestamp();
    let partner = named(&world.partners, &file.partner, "deals.json")?;
    let author = actor(named(&world.users, &file.author, "deals.json")?);
    let mut product_ids = Vec::new();
    for key in &file.products {
        let product = program.products.iter().find(|p| p.key == *key).ok_or_else(|| bad(format!("product {key}")))?;
        product_ids.push(product.id.to_string());
    }
    let input = DraftInput {
        title: file.title.clone(),
        customer_name: file.customer.name.clone(),
        customer_domain: file.customer.domain.clone(),
        customer_country: file.customer.country.clone(),
        product_ids,
        amount: file.value.clone(),
        currency: file.currency.clone(),
        expected_close_on: day.checked_add(file.expected_close_in_days.days()).ok(),
        next_step: file.next_step.clone(),
        contact: file.contact.clone(),
        description: file.description.clone(),
        ..DraftInput::default()
    };
    let requirements = &world.view.rules.rules.requirements;
    let draft = validate(&input, &DraftRules::of(program, requirements), day).map_err(|v| bad(format!("{v:?}")))?;
    let products = draft.all_products();
    let lines = lines(program, &products);
    let terms = world.view.rules.rules.terms(draft.value.amount * draft.rate, partner.tier.as_deref(), &products, &lines);
    let mut customer = keyed_customer(&draft, &partner.id);
    customer.industry.clone_from(&file.customer.industry);
    let facts = RegisterFacts {
        program,
        zone: &world.view.zone,
        id: DealId::new(ulid_at(at)),
        number: number_text(number),
        partner_id: partner.id.clone(),
        customer,
        manager_id: partner.manager_id.clone(),
        territory: partner.territories.first().cloned(),
        terms,
    };
    let mut decision = register(draft, facts, &author.user_id, cause(&author, at)).map_err(|e| bad(e.to_string()))?;
    decision = assign(&world.view, routing, partner, decision, day);
    for action in &file.actions {
        at = at.checked_add(SignedDuration::from_secs((action.after_hours * 3600.0) as i64)).map_err(AppError::internal)?;
        decision = ticked(decision, at);
        let by = actor(named(&world.users, &action.by, "deals.json")?);
        let next = act(world, &decision, action, &by, at).map_err(|e| bad(format!("{}: {e}", action.kind)))?;
        decision = decision.then(next);
    }
    decision = ticked(decision, app.now());
    if let Some(until) = decision.deal.protected_until {
        let mut clock = app.cause_of("Entente");
        if until <= clock.now {
            clock.now = until;
            clock.event_id = EventId::new(ulid_at(until));
        }
        if let Some(expired) = expire::expire(&decision.deal, clock) {
            decision = decision.then(expired);
        }
    }
    Ok(decision)
}

/// What the vendor's clock did by itself until that moment, each time when it was due. Nobody takes over what is late: who would, is
/// for the running server to say.
fn ticked(mut decision: Decision, until: Timestamp) -> Decision {
    let next = |deal: &Deal| {
        let own = |kind| matches!(kind, TimerKind::DecisionWarning | TimerKind::DecisionDeadline);
        deal.timers().into_iter().filter(|due| due.at < until && own(due.kind)).min_by_key(|due| due.at)
    };
    while let Some(due) = next(&decision.deal) {
        let actor = EventActor { user_id: None, name: "Entente".to_owned() };
        let cause = Cause { actor, now: due.at, event_id: EventId::new(ulid_at(due.at)), covers: Vec::new() };
        let Some(fired) = deadline::fire(&decision.deal, due.kind, None, &cause) else { break };
        decision = decision.then(fired);
    }
    decision
}

fn act(world: &World, so_far: &Decision, action: &ActionFile, by: &Actor, at: Timestamp) -> Result<Decision, String> {
    let (deal, program, zone) = (&so_far.deal, &world.view.program, &world.view.zone);
    let version = deal.version;
    let cause = cause(by, at);
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let decision = match action.kind.as_str() {
        "APPROVE" => super::routing::approve(world, so_far, by, action.note.as_deref(), at),
        "REJECT" => {
            let kind = action.reason_code.as_deref().and_then(RejectionReason::named);
            decide::reject(deal, by, version, &text(&action.reason), cause).map(|rejected| with_reason(rejected, kind))
        }
        "REQUEST_INFO" => decide::request_info(deal, by, version, &text(&action.question), program, zone, cause),
        "PROVIDE_INFO" => decide::provide_info(deal, by, version, &text(&action.answer), program, zone, cause),
        "WITHDRAW" => decide::withdraw(deal, by, version, action.reason.as_deref(), cause),
        "MOVE_STAGE" => {
            let to = text(&action.stage);
            let to = stage::StageMove { stage: &to, note: action.note.as_deref() };
            stage::move_stage(deal, by, version, to, program, world.view.date(at), cause)
        }
        "ADD_NOTE" => {
            let internal = action.visibility.as_deref() == Some("INTERNAL");
            let visibility = if internal { Visibility::Internal } else { Visibility::Shared };
            note::add_note(deal, by, &text(&action.text), visibility, cause).map(|mut d| {
                d.deal.updated_at = at;
                d
            })
        }
        other => return Err(format!("no such kind: {other}")),
    };
    decision.map_err(|e| e.to_string())
}
