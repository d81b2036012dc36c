//! Which registrations are selected, by their ids: one by one, and as a range from the last one that was chosen.

use std::collections::BTreeSet;

/// Most registrations that are approved at once.
pub const SELECT_MAX: usize = 50;

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: BTreeSet<String>,
    /// Where a range begins.
    anchor: Option<String>,
}

impl Selection {
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// With that one added, or taken out. Unchanged when there is no room for it.
    pub fn toggled(&self, id: &str) -> Self {
        let mut next = self.clone();
        next.anchor = Some(id.to_owned());
        if !next.ids.remove(id) && next.ids.len() < SELECT_MAX {
            next.ids.insert(id.to_owned());
        }
        next
    }

    /// With everything from the anchor (or `from`, where there is none among `rows`) to `to`, as far as there is room. `rows` are
    /// those that may be selected, in their order.
    pub fn extended(&self, rows: &[String], from: &str, to: &str) -> Self {
        let place = |id: &str| rows.iter().position(|row| row == id);
        let anchor = self.anchor.as_deref().filter(|id| place(id).is_some()).unwrap_or(from);
        let (Some(a), Some(b)) = (place(anchor), place(to)) else { return self.clone() };
        let mut next = Self { ids: self.ids.clone(), anchor: Some(anchor.to_owned()) };
        for row in &rows[a.min(b)..=a.max(b)] {
            if next.ids.len() < SELECT_MAX || next.ids.contains(row) {
                next.ids.insert(row.clone());
            }
        }
        next
    }

    /// Only those that are still there.
    pub fn kept(&self, there: impl Fn(&str) -> bool) -> Self {
        Self { ids: self.ids.iter().filter(|id| there(id)).cloned().collect(), anchor: self.anchor.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("d{i:03}")).collect()
    }

    #[test]
    fn a_range_goes_from_the_anchor_both_ways() {
        let all = rows(9);
        let one = Selection::default().toggled("d004");
        let down = one.extended(&all, "d004", "d006");
        assert_eq!(down.len(), 3);
        let up = down.extended(&all, "d006", "d002");
        assert_eq!(up.len(), 5, "the range begins at its anchor again");
        assert!(!up.toggled("d004").contains("d004"));
        assert_eq!(Selection::default().extended(&all, "d001", "d002").len(), 2);
        assert_eq!(one.extended(&all, "d004", "gone"), one);
        assert_eq!(up.kept(|id| id < "d004").len(), 2);
    }

    #[test]
    fn there_is_room_for_fifty() {
        let all = rows(80);
        let full = Selection::default().extended(&all, "d000", "d079");
        assert_eq!(full.len(), SELECT_MAX);
        assert_eq!(full.toggled("d070").len(), SELECT_MAX);
        assert_eq!(full.toggled("d000").len(), SELECT_MAX - 1);
    }
}
