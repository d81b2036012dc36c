//! Deals that changed while the pipeline is open, from the stream and from the viewer's own moves, handed to the columns
//! and the table. Each puts what belongs to it where it belongs and marks it.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use entente_web_api::{
    deal::{DealCard, DealOrder, DealOrderField},
    scalar::OrderDirection,
};

use crate::paged::Listed;

/// The newest state of every deal that changed since the screen was opened.
#[derive(Clone, Default)]
pub struct Arrivals {
    newest: Rc<RefCell<HashMap<String, DealCard>>>,
    /// Grows with every arrival.
    pub count: u32,
}

impl PartialEq for Arrivals {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && Rc::ptr_eq(&self.newest, &other.newest)
    }
}

impl Arrivals {
    /// With this deal, unless a newer state of it is known.
    pub fn with(&self, deal: DealCard) -> Self {
        let mut newest = self.newest.borrow_mut();
        let known = newest.entry(deal.id.inner().to_owned()).or_insert_with(|| deal.clone());
        if deal.version >= known.version {
            *known = deal;
        }
        Self { newest: self.newest.clone(), count: self.count + 1 }
    }

    /// With none, after a gap: what arrived before it may be older than what is read after it.
    pub fn forgotten(&self) -> Self {
        self.newest.borrow_mut().clear();
        Self { newest: self.newest.clone(), count: self.count + 1 }
    }

    /// The version in which a deal came in, for marking it.
    pub fn version_of(&self, id: &str) -> Option<i32> {
        self.newest.borrow().get(id).map(|deal| deal.version)
    }

    /// Puts every arrival into the list, or takes it out. Doing it again changes nothing.
    pub fn settle(&self, listed: &mut Listed<DealCard>, order: &DealOrder, belongs: impl Fn(&DealCard) -> bool) {
        for deal in self.newest.borrow().values() {
            let at = listed.nodes.iter().position(|known| known.id == deal.id);
            if at.is_some_and(|at| listed.nodes[at].version > deal.version) {
                continue;
            }
            let belongs = belongs(deal);
            match (at, belongs) {
                (Some(at), true) if listed.nodes[at].version == deal.version => continue,
                (Some(at), _) => {
                    listed.nodes.remove(at);
                }
                (None, false) => continue,
                (None, true) => {}
            }
            let place = listed.nodes.iter().position(|other| comes_before(deal, other, order));
            match (place, belongs) {
                (_, false) => listed.total -= 1,
                // Behind all that is loaded: the next page brings it.
                (None, true) if listed.has_more && at.is_none() => {}
                (place, true) => {
                    listed.nodes.insert(place.unwrap_or(listed.nodes.len()), deal.clone());
                    if at.is_none() {
                        listed.total += 1;
                    }
                }
            }
        }
    }
}

/// Whether `a` stands above `b`. What lacks the date stands last whichever way the list runs.
fn comes_before(a: &DealCard, b: &DealCard, order: &DealOrder) -> bool {
    let text = |deal: &DealCard| match order.field {
        DealOrderField::UpdatedAt => Some(deal.updated_at.to_string()),
        DealOrderField::CreatedAt => Some(deal.created_at.to_string()),
        DealOrderField::ExpectedCloseOn => deal.expected_close_on.as_ref().map(ToString::to_string),
        DealOrderField::DecisionDueAt => deal.decision_due_at.as_ref().map(ToString::to_string),
        DealOrderField::Value => None,
    };
    let descending = order.direction == OrderDirection::Desc;
    if order.field == DealOrderField::Value {
        let value = |deal: &DealCard| deal.value_in_program_currency.amount.approximate();
        return if descending { value(a) > value(b) } else { value(a) < value(b) };
    }
    match (text(a), text(b)) {
        (Some(a), Some(b)) if descending => a > b,
        (Some(a), Some(b)) => a < b,
        (Some(_), None) => true,
        (None, _) => false,
    }
}
