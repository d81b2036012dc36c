//! Leads of the demo program: the rules by which they find a partner, and leads that come in, are taken and closed through the
//! same use cases as everything else.

use std::collections::BTreeMap;
use std::path::Path;

use entente_domain::lead::draft::{LeadInput, SourceInput};
use entente_domain::lead::routing::{Pin, Region, RoutingSet, Rule, Strategy, TierWeight};
use entente_domain::lead::{CloseCode, SourceKind};
use entente_domain::user::Role;
use serde::Deserialize;

use super::files::read_json;
use super::{World, deals, named, wrong};
use crate::lead::{CreateInput, RoutingProposal, accept, close, create, save};
use crate::{App, AppError, Refused};

const FILE: &str = "leads.json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LeadsFile {
    by: String,
    routing: RoutingFile,
    leads: Vec<LeadFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RoutingFile {
    window_hours: i64,
    follow_up_hours: i64,
    duplicate_days: i64,
    fallback: String,
    note: String,
    regions: Vec<Region>,
    pins: Vec<PinFile>,
    rules: Vec<RuleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PinFile {
    domain: String,
    partner: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RuleFile {
    name: String,
    #[serde(default)]
    verticals: Vec<String>,
    #[serde(default)]
    products: Vec<String>,
    #[serde(default)]
    competencies: Vec<String>,
    #[serde(default)]
    weights: BTreeMap<String, i64>,
    capacity: Option<i64>,
    window_hours: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LeadFile {
    name: String,
    email: String,
    company: String,
    country: Option<String>,
    vertical: Option<String>,
    #[serde(default)]
    products: Vec<String>,
    value: Option<String>,
    currency: Option<String>,
    message: Option<String>,
    source: SourceKind,
    campaign: Option<String>,
    kit: Option<String>,
    partner: Option<String>,
    #[serde(default)]
    hold: bool,
    #[serde(default)]
    accept: bool,
    close: Option<CloseCode>,
}

fn refused<E: std::fmt::Debug>(what: &str) -> impl FnOnce(Refused<E>) -> AppError + '_ {
    move |e| match e {
        Refused::Failed(e) => e,
        Refused::Refused(refusal) => wrong(FILE, format!("{what}: {refusal:?}")),
    }
}

pub(super) async fn load(app: &App, dir: &Path, world: &World) -> Result<usize, AppError> {
    let file: LeadsFile = read_json(dir, FILE)?;
    let by = deals::actor(named(&world.users, &file.by, FILE)?);
    let set = routing(world, file.routing)?;
    save(app, &by, &set, None).await.map_err(refused("routing"))?;
    let count = file.leads.len();
    for lead in file.leads {
        let company = lead.company.clone();
        let (taken, ended) = (lead.accept, lead.close);
        let made = create(app, &by, &input(world, lead)?).await.map_err(refused(&company))?.lead;
        let seller = world.users.values().find(|u| u.partner_id == made.partner_id && u.roles.contains(&Role::PartnerSales));
        // A partner without demo people leaves the lead to be answered.
        if let (true, Some(seller)) = (taken && made.partner_id.is_some(), seller) {
            accept(app, &deals::actor(seller), made.id.as_str(), made.version).await.map_err(refused(&company))?;
        }
        if let Some(code) = ended {
            close(app, &by, made.id.as_str(), made.version, code, None).await.map_err(refused(&company))?;
        }
    }
    Ok(count)
}

fn product(world: &World, key: &str) -> Result<entente_domain::id::ProductId, AppError> {
    let found = world.view.program.products.iter().find(|p| p.key == key).map(|p| p.id.clone());
    found.ok_or_else(|| wrong(FILE, format!("no product {key}")))
}

fn routing(world: &World, file: RoutingFile) -> Result<RoutingProposal, AppError> {
    let rule = |r: RuleFile| {
        Ok(Rule {
            name: r.name,
            territories: Vec::new(),
            products: r.products.iter().map(|key| product(world, key)).collect::<Result<_, AppError>>()?,
            verticals: r.verticals,
            strategy: Strategy::FairShare,
            same_territory: true,
            same_vertical: false,
            competencies: r.competencies,
            tiers: Vec::new(),
            weights: r.weights.into_iter().map(|(tier, weight)| TierWeight { tier, weight }).collect(),
            capacity: r.capacity,
            active_days: None,
            window_hours: r.window_hours,
            neighbours: true,
        })
    };
    let pin = |p: PinFile| Ok(Pin { domain: p.domain, partner_id: named(&world.partners, &p.partner, FILE)?.id.clone() });
    let set = RoutingSet {
        rules: file.rules.into_iter().map(rule).collect::<Result<_, AppError>>()?,
        pins: file.pins.into_iter().map(pin).collect::<Result<_, AppError>>()?,
        regions: file.regions,
        window_hours: file.window_hours,
        follow_up_hours: file.follow_up_hours,
        duplicate_days: file.duplicate_days,
        fallback_user: Some(named(&world.users, &file.fallback, FILE)?.id.clone()),
    };
    Ok(RoutingProposal { set, note: Some(file.note), expected_number: 0 })
}

fn input(world: &World, l: LeadFile) -> Result<CreateInput, AppError> {
    let products = l.products.iter().map(|key| Ok(product(world, key)?.to_string())).collect::<Result<_, AppError>>()?;
    let partner_id = match &l.partner {
        Some(slug) => Some(named(&world.partners, slug, FILE)?.id.to_string()),
        None => None,
    };
    let source = SourceInput { kind: l.source, campaign: l.campaign, kit: l.kit, ..SourceInput::default() };
    let lead = LeadInput {
        name: l.name,
        email: l.email,
        company: l.company,
        country: l.country,
        message: l.message,
        product_ids: products,
        vertical: l.vertical,
        amount: l.value,
        currency: l.currency,
        source,
        ..LeadInput::default()
    };
    Ok(CreateInput { lead, partner_id, hold: l.hold, idempotency_key: None })
}
