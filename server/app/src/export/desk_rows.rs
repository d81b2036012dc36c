//! The rows and columns of disputes and of the vendor's own opportunities. A side of a dispute gets what it sees of it: neither the
//! other side nor what that one asked for.

use std::collections::HashMap;

use entente_domain::direct::Direct;
use entente_domain::dispute::{Dispute, Side};
use entente_domain::id::{DealId, PartnerId};
use entente_domain::policy::Actor;

use super::rows::{Names, products};
use super::sheet::{Value, code, moment, text, text_of};
use crate::program::ProgramView;
use crate::{App, AppError, deal};

pub(super) const DISPUTES: [&str; 18] = [
    "number",
    "status",
    "side",
    "customer",
    "products",
    "complainant",
    "respondent",
    "own_deal",
    "arbiter",
    "opened_at",
    "due_at",
    "deadline_missed_at",
    "outcome",
    "reason",
    "decided_at",
    "withdrawn_at",
    "updated_at",
    "id",
];
pub(super) const DIRECTS: [&str; 10] =
    ["status", "customer", "customer_domain", "customer_country", "products", "note", "recorded_by", "recorded_at", "closed_at", "id"];

/// The disputes of a page that the actor may see, with whose side it is on.
pub(super) fn sided(actor: &Actor, disputes: impl Iterator<Item = Dispute>) -> Vec<(Side, Dispute)> {
    disputes.filter_map(|dispute| Some((crate::dispute::side(actor, &dispute)?, dispute))).collect()
}

/// The partners whose names a page needs: both sides of what the vendor sees.
pub(super) fn parties(disputes: &[(Side, Dispute)]) -> Vec<PartnerId> {
    let both = |d: &Dispute| -> Vec<PartnerId> { std::iter::once(&d.complainant).chain(&d.respondent).map(|p| p.partner_id.clone()).collect() };
    disputes.iter().filter(|(side, _)| *side == Side::Vendor).flat_map(|(_, d)| both(d)).collect()
}

/// Numbers of the deals of the actor's own side on a page.
pub(super) async fn own_deals(app: &App, actor: &Actor, disputes: &[(Side, Dispute)]) -> Result<HashMap<DealId, String>, AppError> {
    let ids: Vec<DealId> = disputes.iter().filter_map(|(side, dispute)| dispute.party(*side)?.deal_id.clone()).collect();
    Ok(deal::get_many(app, actor, &ids).await?.into_iter().map(|deal| (deal.id, deal.number)).collect())
}

pub(super) fn dispute_row((side, d): &(Side, Dispute), view: &ProgramView, names: &Names, own: &HashMap<DealId, String>) -> Vec<Value> {
    let mine = d.party(*side).and_then(|party| party.deal_id.as_ref()).and_then(|id| own.get(id));
    // The names of the partners are the vendor's; what was asked for is not told to the other side.
    let (for_vendor, asked_for) = (*side == Side::Vendor, *side != Side::Respondent);
    let partner = |of: Side| names.partner(d.party(of).filter(|_| for_vendor).map(|party| &party.partner_id));
    let ruling = d.ruling.as_ref();
    vec![
        text(&d.number),
        code(&d.status),
        code(side),
        text_of(asked_for.then_some(d.customer.name.as_str())),
        products(view, d.product_ids.iter().filter(|_| asked_for)),
        partner(Side::Complainant),
        partner(Side::Respondent),
        text_of(mine.map(String::as_str)),
        text_of(d.arbiter.as_ref().map(|arbiter| arbiter.name.as_str())),
        moment(Some(d.opened_at)),
        moment(Some(d.due_at)),
        moment(d.missed.map(|missed| missed.at)),
        code(&ruling.map(|ruling| ruling.outcome)),
        text_of(ruling.map(|ruling| ruling.reason.as_str())),
        moment(ruling.map(|ruling| ruling.at)),
        moment(d.taken_back.as_ref().map(|taken| taken.at)),
        moment(Some(d.updated_for(*side))),
        text(d.id.as_str()),
    ]
}

pub(super) fn direct_row(d: &Direct, view: &ProgramView) -> Vec<Value> {
    vec![
        code(&d.status),
        text(&d.customer_name),
        text_of(d.customer_domain.as_deref()),
        text_of(d.customer_country.as_deref()),
        products(view, d.product_ids.iter()),
        text_of(d.note.as_deref()),
        text(&d.recorded_by.name),
        moment(Some(d.recorded_at)),
        moment(d.closed_at),
        text(d.id.as_str()),
    ]
}
