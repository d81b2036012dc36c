//! Who holds the claim when imported open deals collide on customer and product: the oldest, and nobody who would take
//! it from a deal that holds it already.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::deal::claim::ClaimKey;

/// An open deal that would hold these claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// When it was engaged; a deal without a date cannot prove that it is older than one with.
    pub engaged_on: Option<Date>,
    /// Its place in the file, from 0: decides between deals of the same day.
    pub order: usize,
    /// What it would hold.
    pub keys: Vec<ClaimKey>,
}

/// Who stands in the way of a contender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A deal that was there before the import.
    Existing,
    /// Another contender, by its [`Contender::order`].
    Contender(usize),
}

/// Those who hold nothing, by their order, with the one who stands in the way. `held` are claims that deals hold already.
pub fn losers(contenders: &[Contender], held: impl IntoIterator<Item = ClaimKey>) -> BTreeMap<usize, Holder> {
    let mut holders: BTreeMap<ClaimKey, Holder> = held.into_iter().map(|k| (k, Holder::Existing)).collect();
    let mut by_age: Vec<&Contender> = contenders.iter().collect();
    by_age.sort_by_key(|c| (c.engaged_on.is_none(), c.engaged_on, c.order));
    let mut losers = BTreeMap::new();
    for contender in by_age {
        match contender.keys.iter().find_map(|k| holders.get(k)) {
            Some(holder) => {
                losers.insert(contender.order, *holder);
            }
            None => holders.extend(contender.keys.iter().map(|k| (k.clone(), Holder::Contender(contender.order)))),
        }
    }
    losers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ProductId;
    use jiff::civil::date;
    use proptest::prelude::*;
    use ulid::Ulid;

    fn key(customer: u8) -> ClaimKey {
        ClaimKey { customer_key: format!("name:{customer}|"), product_id: ProductId::new(Ulid::from_parts(1, 1)) }
    }

    fn contender(order: usize, day: Option<i8>, customer: u8) -> Contender {
        Contender { engaged_on: day.map(|d| date(2017, 1, d)), order, keys: vec![key(customer)] }
    }

    #[test]
    fn the_oldest_holds_then_file_order_then_those_without_a_date() {
        let all = [contender(0, None, 1), contender(1, Some(9), 1), contender(2, Some(3), 1), contender(3, Some(3), 1), contender(4, None, 2)];
        let lost = losers(&all, []);
        assert_eq!(lost.keys().copied().collect::<Vec<_>>(), [0, 1, 3]);
        assert!(lost.values().all(|h| *h == Holder::Contender(2)));
    }

    #[test]
    fn a_deal_that_is_there_keeps_what_it_holds() {
        assert_eq!(losers(&[contender(0, Some(1), 1), contender(1, Some(1), 2)], [key(1)]), BTreeMap::from([(0, Holder::Existing)]));
    }

    proptest! {
        #[test]
        fn each_key_has_exactly_one_holder(rows in proptest::collection::vec((proptest::option::of(1i8..5), 0u8..6), 0..60)) {
            let all: Vec<Contender> = rows.iter().enumerate().map(|(i, (d, c))| contender(i, *d, *c)).collect();
            let lost = losers(&all, []);
            for customer in 0..6 {
                let of_key = all.iter().filter(|c| c.keys[0] == key(customer)).count();
                let holding = all.iter().filter(|c| c.keys[0] == key(customer) && !lost.contains_key(&c.order)).count();
                prop_assert_eq!(holding, of_key.min(1));
            }
        }
    }
}
