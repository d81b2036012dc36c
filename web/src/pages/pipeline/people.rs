//! Names for the filters: partners and managers as they turn up on the deals that are shown, so that a filter in the
//! address reads as a name and not as an id.

use std::{collections::BTreeMap, rc::Rc};

use entente_web_api::deal::DealCard;
use yew::Reducible;

/// A partner or a manager that stands on a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub id: String,
    pub name: String,
    pub is_manager: bool,
}

impl Seen {
    pub fn of(deal: &DealCard) -> Vec<Self> {
        let partner = Self { id: deal.partner.id.inner().to_owned(), name: deal.partner.name.clone(), is_manager: false };
        let manager = deal.manager.as_ref().map(|person| Self { id: person.id.inner().to_owned(), name: person.name.clone(), is_manager: true });
        std::iter::once(partner).chain(manager).collect()
    }
}

/// Everybody seen so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    names: BTreeMap<String, (String, bool)>,
}

impl People {
    pub fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(|(name, _)| name.as_str())
    }

    /// Id and name of the managers, by name.
    pub fn managers(&self) -> Vec<(String, String)> {
        let mut managers: Vec<(String, String)> =
            self.names.iter().filter(|(_, (_, is_manager))| *is_manager).map(|(id, (name, _))| (id.clone(), name.clone())).collect();
        managers.sort_by(|a, b| a.1.cmp(&b.1));
        managers
    }
}

impl Reducible for People {
    type Action = Vec<Seen>;

    fn reduce(self: Rc<Self>, seen: Vec<Seen>) -> Rc<Self> {
        if seen.iter().all(|person| self.names.contains_key(&person.id)) {
            return self;
        }
        let mut people = (*self).clone();
        people.names.extend(seen.into_iter().map(|person| (person.id, (person.name, person.is_manager))));
        Rc::new(people)
    }
}
