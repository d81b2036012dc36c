//! The page follows the profile live: a newer version takes the place of the one that is shown, and what it changed is
//! marked. While the profile is being edited the page waits, so that saving still says when somebody else was faster.

use std::rc::Rc;

use entente_web_api::{
    partner::{PartnerChanges, PartnerDetail, PartnerQuery},
    stream::Told,
};
use yew::prelude::*;

use crate::{live::use_stream, notice::use_notifier, remote::Query, t};

/// The parts of the page that differ between two versions.
fn changed_parts(before: &PartnerDetail, after: &PartnerDetail) -> Vec<&'static str> {
    let (old, new) = (&before.card, &after.card);
    let mut parts = Vec::new();
    let mut note = |name, differs: bool| {
        if differs {
            parts.push(name);
        }
    };
    let place = old.city != new.city || old.country != new.country;
    note("head", old.name != new.name || old.tier != new.tier || old.published != new.published || old.logo_url != new.logo_url || place);
    let told = old.summary != new.summary || before.description != after.description;
    note("about", told || old.competencies != new.competencies || old.verticals != new.verticals);
    note("contact", before.contact != after.contact || before.website != after.website);
    let facts = old.tier != new.tier || old.types != new.types || before.territories != after.territories || before.languages != after.languages;
    note("facts", facts || before.partner_since != after.partner_since || before.manager != after.manager);
    parts
}

/// What a live change marked, and in which version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    version: i32,
    parts: Vec<&'static str>,
}

impl Marks {
    pub fn has(&self, part: &'static str) -> bool {
        self.parts.contains(&part)
    }

    /// A key that makes the mark run again for every version that changed the part.
    pub fn key(&self, part: &'static str) -> String {
        if self.has(part) { format!("{part}-{}", self.version) } else { part.to_owned() }
    }
}

/// Keeps the page up to date while it is there. `is_editing`: whether the profile form is open.
#[hook]
pub fn use_profile_changes(query: &Query<PartnerQuery>, is_editing: bool) -> Rc<Marks> {
    let notifier = use_notifier();
    let marks = use_state(Rc::<Marks>::default);
    let behind = use_mut_ref(|| false);
    {
        // What was missed while the form was open is read when it closes.
        let (query, behind) = (query.clone(), behind.clone());
        use_effect_with(is_editing, move |is_editing| {
            if !is_editing && behind.replace(false) {
                query.reload();
            }
        });
    }
    let (query, set) = (query.clone(), marks.setter());
    use_stream::<PartnerChanges>(true, move |told| match told {
        _ if is_editing => *behind.borrow_mut() = true,
        Told::Resync => query.reload(),
        Told::Change(after) => {
            // An answer that is on its way may be older than this.
            let Some(before) = query.data().and_then(|data| data.partner.clone()) else { return query.update(|_| ()) };
            if before.card.id != after.card.id || before.version >= after.version {
                return;
            }
            let parts = changed_parts(&before, after);
            if !parts.is_empty() {
                notifier.announce(t!("directory-changed-live", "name" => after.card.name.clone()));
            }
            set.set(Rc::new(Marks { version: after.version, parts }));
            query.update(|data| data.partner = Some((**after).clone()));
        }
    });
    (*marks).clone()
}
