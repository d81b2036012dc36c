//! Saved views: filters of a list under a name, each person's own. One of a list may be the default.

use serde::{Deserialize, Serialize};

use crate::id::SavedViewId;
use crate::text::{self, TextError};

/// Most views of a person, of all lists.
pub const VIEWS_MAX: usize = 50;
/// Longest name, in characters.
pub const NAME_MAX: usize = 80;
/// Longest query, in characters.
pub const QUERY_MAX: usize = 2_000;

/// The list that a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ViewList {
    /// The queue of registrations.
    Queue,
    /// The pipeline.
    Pipeline,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// What it is a view of.
    pub list: ViewList,
    /// What it is called; unique in the person's list.
    pub name: String,
    /// The filters as they stand in the address of the screen.
    pub query: String,
    /// Whether the screen begins with it.
    pub default: bool,
}

/// All views of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedViews {
    /// Counts changes.
    pub version: i32,
    /// The views, in the order of their making.
    pub views: Vec<SavedView>,
}

/// What is wrong with a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// The person has no such view.
    #[error("There is no such view.")]
    NotFound,
    /// Another view of the list has the name.
    #[error("Another view has this name.")]
    NameTaken,
    /// The name is empty.
    #[error("name must not be empty.")]
    Required,
    /// Name or query is too long.
    #[error("{field} must have at most {max} characters.")]
    TooLong {
        /// Name of the argument.
        field: &'static str,
        /// The bound, in characters.
        max: usize,
    },
    /// There are too many.
    #[error("There may be at most 50 views; remove one that is no longer needed.")]
    TooMany,
}

/// New values of a view; what is none stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ViewChange {
    /// What it is called.
    pub name: Option<String>,
    /// The filters.
    pub query: Option<String>,
    /// Whether the screen begins with it.
    pub default: Option<bool>,
}

impl SavedViews {
    /// With one more.
    pub fn create(&self, id: SavedViewId, list: ViewList, name: &str, query: &str, default: bool) -> Result<Self, ViewError> {
        if self.views.len() >= VIEWS_MAX {
            return Err(ViewError::TooMany);
        }
        let mut all = self.clone();
        all.views.push(SavedView { id: id.clone(), list, name: String::new(), query: String::new(), default: false });
        all.update(&id, &ViewChange { name: Some(name.to_owned()), query: Some(query.to_owned()), default: Some(default) })
    }

    /// With that one changed.
    pub fn update(&self, id: &SavedViewId, new: &ViewChange) -> Result<Self, ViewError> {
        let at = self.views.iter().position(|v| v.id == *id).ok_or(ViewError::NotFound)?;
        let mut all = Self { version: self.version + 1, views: self.views.clone() };
        let Some(mut view) = all.views.get(at).cloned() else { return Err(ViewError::NotFound) };
        if let Some(name) = &new.name {
            view.name = text::required(name, NAME_MAX).map_err(|e| match e {
                TextError::Empty => ViewError::Required,
                TextError::TooLong { max } => ViewError::TooLong { field: "name", max },
            })?;
        }
        if let Some(query) = &new.query {
            view.query =
                text::optional(Some(query), QUERY_MAX).map_err(|_| ViewError::TooLong { field: "query", max: QUERY_MAX })?.unwrap_or_default();
        }
        let same = |v: &SavedView| v.id != view.id && v.list == view.list && v.name.to_lowercase() == view.name.to_lowercase();
        if all.views.iter().any(same) {
            return Err(ViewError::NameTaken);
        }
        if let Some(default) = new.default {
            view.default = default;
            for other in all.views.iter_mut().filter(|v| default && v.list == view.list) {
                other.default = false;
            }
        }
        if let Some(place) = all.views.get_mut(at) {
            *place = view;
        }
        Ok(all)
    }

    /// Without that one.
    pub fn delete(&self, id: &SavedViewId) -> Result<Self, ViewError> {
        if self.views.iter().all(|v| v.id != *id) {
            return Err(ViewError::NotFound);
        }
        Ok(Self { version: self.version + 1, views: self.views.iter().filter(|v| v.id != *id).cloned().collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ulid::Ulid;

    fn id(n: u128) -> SavedViewId {
        SavedViewId::new(Ulid::from_parts(1, n))
    }

    #[test]
    fn one_default_a_list_unique_names_and_a_bound() {
        let all = SavedViews::default().create(id(1), ViewList::Queue, " Large ", "from=5", true).unwrap();
        assert_eq!((all.version, all.views[0].name.as_str()), (1, "Large"));
        assert_eq!(all.create(id(2), ViewList::Queue, "LARGE", "", false), Err(ViewError::NameTaken));
        let all = all.create(id(2), ViewList::Pipeline, "Large", "", true).unwrap().create(id(3), ViewList::Queue, "DACH", "", true).unwrap();
        assert_eq!(all.views.iter().map(|v| v.default).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(all.update(&id(3), &ViewChange { name: Some("large".into()), ..ViewChange::default() }), Err(ViewError::NameTaken));
        assert_eq!(all.update(&id(9), &ViewChange::default()), Err(ViewError::NotFound));
        assert_eq!(all.delete(&id(3)).unwrap().views.len(), 2);
        assert_eq!(all.create(id(4), ViewList::Queue, "  ", "", false), Err(ViewError::Required));
        assert_eq!(all.create(id(4), ViewList::Queue, "x", &"y".repeat(2_001), false), Err(ViewError::TooLong { field: "query", max: 2_000 }));
        let full = (10..57).fold(all, |all, n| all.create(id(n), ViewList::Queue, &n.to_string(), "", false).unwrap());
        assert_eq!(full.create(id(99), ViewList::Queue, "more", "", false), Err(ViewError::TooMany));
    }
}
