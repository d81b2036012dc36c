//! The rows and columns of each list. They are read through the list's own use case, page by page, so that an export has what the
//! list would show; in the order in which they came into being, so that what changes meanwhile is neither missed nor written twice.

use std::collections::HashMap;

use entente_domain::deal::Deal;
use entente_domain::id::{LeadId, PartnerId, UserId};
use entente_domain::lead::Lead;
use entente_domain::partner::Partner;
use entente_domain::policy::Actor;
use entente_domain::report::Dimension;
use entente_domain::report::export::ROWS_MAX;
use entente_domain::user::User;
use entente_search::{Order, OrderField, SearchRequest};
use entente_store::{DealSort, LeadSort};

use super::desk_rows::{DIRECTS, DISPUTES, direct_row, dispute_row, own_deals, parties, sided};
use super::sheet::{Sheet, Value, code, day, moment, number, number_of, text, text_of};
use super::{ExportList, ExportRequest, PartnerListQuery};
use crate::deal::DealListQuery;
use crate::lead::LeadListQuery;
use crate::program::ProgramView;
use crate::report::{Group, Metric, Report, ReportQuery};
use crate::{App, AppError, deal, direct, dispute, lead, partner, user};

/// Rows of one page.
const PAGE: u32 = 500;
/// Most partners, territories or products of a report's table.
const GROUPS_MAX: u32 = 10_000;

const DEALS: [&str; 32] = [
    "number",
    "title",
    "status",
    "stage",
    "stage_category",
    "partner",
    "customer",
    "customer_domain",
    "customer_country",
    "products",
    "value",
    "currency",
    "base_value",
    "base_currency",
    "rate",
    "expected_close_on",
    "closed_on",
    "territory",
    "manager",
    "source",
    "lead",
    "marketing_source",
    "campaign",
    "kit",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "verdict",
    "decision",
    "created_at",
    "updated_at",
    "id",
];
const PARTNERS: [&str; 16] = [
    "name",
    "tier",
    "types",
    "country",
    "city",
    "territories",
    "verticals",
    "competencies",
    "languages",
    "website",
    "contact",
    "email",
    "manager",
    "published",
    "partner_since",
    "id",
];
const LEADS: [&str; 15] = [
    "number",
    "status",
    "person",
    "email",
    "phone",
    "firm",
    "domain",
    "country",
    "territory",
    "products",
    "source",
    "campaign",
    "follow_up_at",
    "created_at",
    "id",
];
const USERS: [&str; 8] = ["name", "email", "title", "roles", "partner", "active", "created_at", "id"];
const REPORT: [&str; 11] =
    ["key", "name", "submitted", "approved", "decided", "won", "flagged", "approval_rate", "approval_rate_of_decided", "conversion", "conflict_rate"];

/// How many rows the list has.
pub(super) async fn count(app: &App, actor: &Actor, list: &ExportList) -> Result<u64, AppError> {
    match list {
        ExportList::Deals(query) => deal::count(app, actor, query).await,
        ExportList::Partners(query) => Ok(partner::search(app, Some(actor), search(query, 1, None)).await?.total as u64),
        ExportList::Leads(query) => Ok(lead::metrics(app, actor, query).await?.by_status.values().sum()),
        ExportList::Users(query) => user::count(app, actor, query).await,
        ExportList::Disputes(query) => dispute::count(app, actor, query).await,
        ExportList::Directs => direct::count(app, actor).await,
        ExportList::Report(query, dimension) => Ok(groups(app, actor, query, *dimension).await?.len() as u64),
    }
}

fn search(query: &PartnerListQuery, first: u32, after: Option<String>) -> SearchRequest {
    SearchRequest {
        text: query.search.clone(),
        filter: query.filter(),
        order: Order { field: OrderField::Name, descending: false },
        first: first as usize,
        after,
        ..SearchRequest::default()
    }
}

async fn groups(app: &App, actor: &Actor, query: &ReportQuery, dimension: Dimension) -> Result<Vec<Group>, AppError> {
    let report = Report::new(app, actor, query.clone()).await?;
    let (groups, more) = report.by(app, actor, dimension, GROUPS_MAX).await?;
    if more { Err(AppError::BadRequest(format!("a table of a report has at most {GROUPS_MAX} rows"))) } else { Ok(groups) }
}

/// A file that is being written.
pub(super) struct Batches {
    sheet: Sheet,
    after: Option<String>,
    /// Rows so far.
    pub rows: i64,
}

impl Batches {
    /// An empty file with its head.
    pub(super) fn new(request: &ExportRequest) -> Result<Self, AppError> {
        let columns: &[&str] = match request.list {
            ExportList::Deals(_) => &DEALS,
            ExportList::Partners(_) => &PARTNERS,
            ExportList::Leads(_) => &LEADS,
            ExportList::Users(_) => &USERS,
            ExportList::Disputes(_) => &DISPUTES,
            ExportList::Directs => &DIRECTS,
            ExportList::Report(..) => &REPORT,
        };
        Ok(Self { sheet: Sheet::new(columns, request.bom)?, after: None, rows: 0 })
    }

    /// Writes the next page; false when it was the last one.
    pub(super) async fn next(&mut self, app: &App, actor: &Actor, list: &ExportList) -> Result<bool, AppError> {
        let view = app.program().await?;
        let after = self.after.take();
        match list {
            ExportList::Deals(query) => {
                let query = DealListQuery { sort: DealSort::CreatedAt, descending: false, ..DealListQuery::clone(query) };
                let page = deal::list(app, actor, &query, PAGE, after.as_deref()).await?;
                self.goes_on(page.has_next, page.rows.last().map(|(c, _)| c));
                let deals: Vec<Deal> = page.rows.into_iter().map(|(_, d)| d).collect();
                let names = Names::of(app, actor, deals.iter().map(|d| &d.partner_id), deals.iter().filter_map(|d| d.manager_id.as_ref())).await?;
                let leads = lead_numbers(app, actor, &deals).await?;
                self.all(deals.iter().map(|d| deal_row(d, &view, &names, &leads)))?;
            }
            ExportList::Partners(query) => {
                let found = partner::search(app, Some(actor), search(query, 100, after)).await?;
                self.goes_on(found.page.has_next, found.page.rows.last().map(|(c, _)| c));
                let partners: Vec<Partner> = found.page.rows.into_iter().map(|(_, p)| p).collect();
                let names = Names::of(app, actor, std::iter::empty(), partners.iter().filter_map(|p| p.manager_id.as_ref())).await?;
                self.all(partners.iter().map(|p| partner_row(p, &view, &names)))?;
            }
            ExportList::Leads(query) => {
                let query = LeadListQuery { sort: LeadSort::CreatedAt, descending: false, ..query.clone() };
                let page = lead::list(app, actor, &query, PAGE, after.as_deref()).await?;
                self.goes_on(page.has_next, page.rows.last().map(|(c, _)| c));
                self.all(page.rows.iter().map(|(_, l)| lead_row(l, &view)))?;
            }
            ExportList::Users(query) => {
                let page = user::list(app, actor, query, PAGE, after.as_deref()).await?;
                self.goes_on(page.has_next, page.rows.last().map(|(c, _)| c));
                let users: Vec<User> = page.rows.into_iter().map(|(_, u)| u).collect();
                let names = Names::of(app, actor, users.iter().filter_map(|u| u.partner_id.as_ref()), std::iter::empty()).await?;
                self.all(users.iter().map(|u| user_row(u, &names)))?;
            }
            ExportList::Disputes(query) => {
                let page = dispute::list(app, actor, query, PAGE, after.as_deref()).await?;
                self.goes_on(page.has_next, page.rows.last().map(|(c, _)| c));
                let disputes = sided(actor, page.rows.into_iter().map(|(_, d)| d));
                let parties = parties(&disputes);
                let names = Names::of(app, actor, parties.iter(), std::iter::empty()).await?;
                let own = own_deals(app, actor, &disputes).await?;
                self.all(disputes.iter().map(|d| dispute_row(d, &view, &names, &own)))?;
            }
            ExportList::Directs => {
                let page = direct::list(app, actor, PAGE, after.as_deref()).await?;
                self.goes_on(page.has_next, page.rows.last().map(|(c, _)| c));
                self.all(page.rows.iter().map(|(_, d)| direct_row(d, &view)))?;
            }
            ExportList::Report(query, dimension) => {
                let groups = groups(app, actor, query, *dimension).await?;
                let partners: Vec<PartnerId> = match dimension {
                    Dimension::Partner => groups.iter().filter_map(|g| g.key.as_deref()?.parse().ok()).collect(),
                    _ => Vec::new(),
                };
                let names = Names::of(app, actor, partners.iter(), std::iter::empty()).await?;
                self.all(groups.iter().map(|g| report_row(g, *dimension, &view, &names)))?;
            }
        }
        Ok(self.after.is_some() && self.rows.unsigned_abs() <= ROWS_MAX)
    }

    fn goes_on(&mut self, more: bool, last: Option<&String>) {
        self.after = last.filter(|_| more).cloned();
    }

    fn all(&mut self, rows: impl Iterator<Item = Vec<Value>>) -> Result<(), AppError> {
        for row in rows {
            self.sheet.row(&row)?;
            self.rows += 1;
        }
        Ok(())
    }

    /// The bytes of the file.
    pub(super) fn end(self) -> Result<Vec<u8>, AppError> {
        self.sheet.end()
    }
}

/// Numbers of the leads of which the deals of a page came, as far as the actor may see them; one read for the whole page.
async fn lead_numbers(app: &App, actor: &Actor, deals: &[Deal]) -> Result<HashMap<LeadId, String>, AppError> {
    let ids: Vec<LeadId> = deals.iter().filter_map(|d| d.origin.lead_id.clone()).collect();
    Ok(lead::get_many(app, actor, &ids).await?.into_iter().map(|l| (l.id, l.number)).collect())
}

/// Names of partners and people on a page.
pub(super) struct Names {
    partners: HashMap<PartnerId, String>,
    people: HashMap<UserId, String>,
}

impl Names {
    async fn of<'a>(
        app: &App,
        actor: &Actor,
        partners: impl Iterator<Item = &'a PartnerId>,
        people: impl Iterator<Item = &'a UserId>,
    ) -> Result<Self, AppError> {
        let mut partners: Vec<PartnerId> = partners.cloned().collect();
        let mut people: Vec<UserId> = people.cloned().collect();
        partners.sort();
        partners.dedup();
        people.sort();
        people.dedup();
        let (partners, people) = futures::try_join!(partner::of_deals(app, &partners), user::get_many(app, actor, &people))?;
        Ok(Self { partners: partners.into_iter().map(|p| (p.id, p.name)).collect(), people: people.into_iter().map(|u| (u.id, u.name)).collect() })
    }

    pub(super) fn partner(&self, id: Option<&PartnerId>) -> Value {
        text_of(id.and_then(|id| self.partners.get(id)).map(String::as_str))
    }

    fn person(&self, id: Option<&UserId>) -> Value {
        text_of(id.and_then(|id| self.people.get(id)).map(String::as_str))
    }
}

fn territory(view: &ProgramView, key: Option<&str>) -> Value {
    let name = key.map(|key| view.program.territories.iter().find(|t| t.key == key).map_or(key, |t| t.name.as_str()));
    text_of(name)
}

pub(super) fn products<'a>(view: &ProgramView, ids: impl Iterator<Item = &'a entente_domain::id::ProductId>) -> Value {
    let names: Vec<&str> = ids.map(|id| view.program.product(id).map_or(id.as_str(), |p| p.name.as_str())).collect();
    text(&names.join("; "))
}

fn deal_row(d: &Deal, view: &ProgramView, names: &Names, leads: &HashMap<LeadId, String>) -> Vec<Value> {
    let (customer, marketing) = (d.customer.as_ref(), d.origin.source.as_ref());
    vec![
        text(&d.number),
        text(&d.title),
        code(&d.status),
        text(view.program.stage(&d.stage).map_or(d.stage.as_str(), |(_, s)| s.name.as_str())),
        code(&d.stage_category),
        names.partner(Some(&d.partner_id)),
        text_of(customer.map(|c| c.name.as_str())),
        text_of(customer.and_then(|c| c.domain.as_deref())),
        text_of(customer.and_then(|c| c.country.as_deref())),
        products(view, d.product_ids.iter()),
        number(d.value.amount),
        text(d.value.currency.as_str()),
        number(d.base_value.amount),
        text(d.base_value.currency.as_str()),
        number(d.rate),
        day(d.expected_close_on),
        day(d.closed_on),
        territory(view, d.territory.as_deref()),
        names.person(d.manager_id.as_ref()),
        code(&d.source),
        text_of(d.origin.lead_id.as_ref().and_then(|id| leads.get(id)).map(String::as_str)),
        code(&marketing.map(|s| s.kind)),
        text_of(marketing.and_then(|s| s.campaign.as_deref())),
        text_of(marketing.and_then(|s| s.kit.as_deref())),
        text_of(marketing.and_then(|s| s.utm_source.as_deref())),
        text_of(marketing.and_then(|s| s.utm_medium.as_deref())),
        text_of(marketing.and_then(|s| s.utm_campaign.as_deref())),
        code(&d.record.verdict_outcome),
        code(&d.record.decided),
        moment(Some(d.created_at)),
        moment(Some(d.updated_at)),
        text(d.id.as_str()),
    ]
}

fn partner_row(p: &Partner, view: &ProgramView, names: &Names) -> Vec<Value> {
    let list = |all: &[String]| text(&all.join("; "));
    vec![
        text(&p.name),
        text_of(p.tier.as_deref().map(|key| view.program.tier(key).map_or(key, |t| t.name.as_str()))),
        list(&p.types),
        text_of(p.country.as_deref()),
        text_of(p.city.as_deref()),
        list(&p.territories),
        list(&p.verticals),
        list(&p.competencies),
        list(&p.languages),
        text_of(p.website.as_deref()),
        text_of(p.contact.name.as_deref()),
        text_of(p.contact.email.as_deref()),
        names.person(p.manager_id.as_ref()),
        Value::Plain(p.published.to_string()),
        moment(p.partner_since),
        text(p.id.as_str()),
    ]
}

fn lead_row(l: &Lead, view: &ProgramView) -> Vec<Value> {
    vec![
        text(&l.number),
        code(&l.status),
        text(&l.person.name),
        text(&l.person.email),
        text_of(l.person.phone.as_deref()),
        text(&l.firm.name),
        text_of(l.firm.domain.as_deref()),
        text_of(l.firm.country.as_deref()),
        territory(view, l.territory.as_deref()),
        products(view, l.product_ids.iter()),
        code(&l.source.kind),
        text_of(l.source.campaign.as_deref()),
        moment(l.follow_up_at),
        moment(Some(l.created_at)),
        text(l.id.as_str()),
    ]
}

fn user_row(u: &User, names: &Names) -> Vec<Value> {
    let roles: Vec<String> = u.roles.iter().filter_map(|r| serde_json::to_value(r).ok()?.as_str().map(str::to_owned)).collect();
    vec![
        text(&u.name),
        text(&u.email),
        text_of(u.title.as_deref()),
        Value::Plain(roles.join("; ")),
        names.partner(u.partner_id.as_ref()),
        Value::Plain(u.active.to_string()),
        moment(Some(u.created_at)),
        text(u.id.as_str()),
    ]
}

fn report_row(g: &Group, dimension: Dimension, view: &ProgramView, names: &Names) -> Vec<Value> {
    let key = g.key.as_deref();
    let name = match dimension {
        Dimension::Partner => names.partner(key.and_then(|k| k.parse().ok()).as_ref()),
        Dimension::Territory => territory(view, key),
        Dimension::Product => products(view, key.and_then(|k| k.parse().ok()).iter()),
    };
    let f = &g.figures;
    let (part, whole) = (|m: &Metric| number_of(m.numerator), |m: &Metric| number_of(m.denominator));
    vec![
        text_of(key),
        name,
        number_of(f.volume.value),
        part(&f.approval_rate),
        whole(&f.approval_rate_of_decided),
        part(&f.conversion),
        part(&f.conflict_rate),
        number_of(f.approval_rate.value),
        number_of(f.approval_rate_of_decided.value),
        number_of(f.conversion.value),
        number_of(f.conflict_rate.value),
    ]
}
