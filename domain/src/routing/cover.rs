//! Who acts for whom today. Chains of cover are followed to somebody who is there; one that leads back to where it was, or
//! to nobody, ends at the fallback owner. No chain is endless.

use super::People;
use crate::id::UserId;

/// The cover of somebody who is away today; none when the person is there.
fn cover_of<'a>(user: &UserId, people: &People<'a>) -> Option<&'a UserId> {
    people.absences.iter().filter(|a| a.user_id == *user && a.on(people.today)).max_by_key(|a| a.from).map(|a| &a.cover)
}

/// Follows the covers from that person to the first who is there and whom `fit` admits; none when the chain ends before.
fn follow<'a>(from: &'a UserId, people: &People<'a>, fit: &dyn Fn(&UserId) -> bool) -> Option<&'a UserId> {
    let mut seen: Vec<&UserId> = Vec::new();
    let mut at = from;
    loop {
        let next = cover_of(at, people);
        if next.is_none() && people.deciders.contains(at) && fit(at) {
            return Some(at);
        }
        seen.push(at);
        at = next.filter(|n| !seen.contains(n))?;
    }
}

/// Whether the covers lead from that person back to somebody on the way.
pub fn is_circle(user: &UserId, people: &People<'_>) -> bool {
    let mut seen = vec![user];
    let mut at = user;
    while let Some(next) = cover_of(at, people) {
        if seen.contains(&next) {
            return true;
        }
        seen.push(next);
        at = next;
    }
    false
}

/// Who acts for the owner today: the owner, or the cover, or the fallback owner (or its cover) where the chain leads to
/// nobody who is there. `not` are people who approved an earlier step: nobody approves twice. None when nobody is left.
pub fn acting<'a>(owner: &'a UserId, people: &People<'a>, fallback: Option<&'a UserId>, not: &[&UserId]) -> Option<&'a UserId> {
    let fit = |user: &UserId| user == owner || !not.contains(&user);
    follow(owner, people, &fit).or_else(|| fallback.and_then(|f| follow(f, people, &fit)))
}

/// Those of the owners for whom this person acts today, the person's own self left out.
pub fn stands_in_for(me: &UserId, owners: &[UserId], people: &People<'_>, fallback: Option<&UserId>) -> Vec<UserId> {
    owners.iter().filter(|o| *o != me && acting(o, people, fallback, &[]) == Some(me)).cloned().collect()
}
