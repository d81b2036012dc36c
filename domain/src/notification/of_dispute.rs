//! What each side of a dispute is told of it: its own deal, its own words and what the vendor says to it. Never who the other side is,
//! nor its deal, nor how it spells the customer, nor its people, nor its words. The vendor is told everything.

use jiff::Timestamp;

use super::{NotificationKind, Said, worth};
use crate::deal::Deal;
use crate::dispute::replay::{author, seen_by, statement};
use crate::dispute::{Dispute, DisputeStatus, Side};
use crate::event::{Event, EventKind};
use crate::id::{DealId, PartnerId};
use crate::policy::{Action, Actor, scope};

/// Whether the actor is told of the event as one of that side. What a side says is no news to itself.
pub(super) fn concerns(dispute: &Dispute, side: Side, event: &Event, actor: &Actor) -> bool {
    let own_words = event.kind == EventKind::DisputeStated && author(dispute, event) == side;
    let theirs = dispute.side_of(&scope(actor, Action::SeeDisputes)) == Some(side);
    theirs && !own_words && seen_by(dispute, event, side)
}

/// Whether what a notification asks for is still owed.
pub(super) fn is_owed(kind: NotificationKind, dispute: &Dispute) -> bool {
    use NotificationKind as N;
    let waits = match kind {
        N::DisputeOpened => dispute.statements.iter().all(|s| s.side != Side::Respondent),
        N::DisputeArbiterOwed => dispute.arbiter.is_none(),
        N::DisputeDecisionOwed | N::DisputeDeadlineMissed => true,
        _ => false,
    };
    waits && dispute.status == DisputeStatus::Open
}

/// The deal of which people of that side are told: their own; for the vendor that of the one who complains.
pub fn own_deal(dispute: &Dispute, side: Side) -> Option<&DealId> {
    match side {
        Side::Vendor | Side::Complainant => dispute.complainant.deal_id.as_ref(),
        Side::Respondent => dispute.respondent.as_ref()?.deal_id.as_ref(),
    }
}

/// The partner that people of that side are told by name: their own; for the vendor the one who did it, or who complains.
pub fn named<'a>(dispute: &'a Dispute, side: Side, event: &Event) -> Option<&'a PartnerId> {
    let party = match side {
        Side::Vendor => dispute.party(author(dispute, event)).or(Some(&dispute.complainant)),
        Side::Complainant | Side::Respondent => dispute.party(side),
    };
    party.map(|party| &party.partner_id)
}

/// What a notification says of a dispute to people of that side. `own` is the deal of [`own_deal`], and `partner` the name of the one of
/// [`named`]; another side's deal is not told, whoever hands it in.
pub fn said(dispute: &Dispute, side: Side, event: &Event, own: Option<&Deal>, partner: String, due: Option<Timestamp>) -> Said {
    let own = own.filter(|deal| own_deal(dispute, side) == Some(&deal.id));
    let theirs = side != Side::Respondent;
    let draft = dispute.contested.as_ref().filter(|_| theirs).map(|contested| &contested.draft);
    let title = own.map(|deal| &deal.title).or(draft.map(|draft| &draft.title));
    let value = own.map(|deal| &deal.value).or(draft.map(|draft| &draft.value));
    let customer = match side {
        Side::Vendor | Side::Complainant => Some(&dispute.customer),
        Side::Respondent => own.and_then(|deal| deal.customer.as_ref()),
    };
    // What the other side did has no name and no words.
    let by = author(dispute, event);
    let told = side == Side::Vendor || by == side || by == Side::Vendor;
    Said {
        title: title.unwrap_or(&dispute.number).clone(),
        number: dispute.number.clone(),
        customer: customer.map(|customer| customer.name.clone()),
        partner,
        value: value.map(worth).unwrap_or_default(),
        actor: if told { event.actor.name.clone() } else { String::new() },
        text: words(dispute, side, event).filter(|_| told),
        due,
    }
}

/// What was written, as far as that side may read it. Why a dispute was opened stands in its first statement.
fn words(dispute: &Dispute, side: Side, event: &Event) -> Option<String> {
    match event.kind {
        EventKind::DisputeStated => statement(dispute, event).filter(|(audience, _)| audience.admits(side)).map(|(_, text)| text.to_owned()),
        EventKind::DisputeOpened | EventKind::DisputeArbiterNamed => {
            let first = dispute.statements.first().filter(|_| side == Side::Vendor);
            first.map(|statement| statement.text.clone())
        }
        _ => event.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::super::tests::ids;
    use super::*;
    use crate::deal::tests::registration;
    use crate::dispute::act::{decide, miss, name_arbiter, state, take_back};
    use crate::dispute::tests::{NOBODY, WHY, actor, admin, cause, named as with_arbiter, opening, other, partner, seller, user};
    use crate::dispute::{Audience, DisputeDecision, Outcome};
    use crate::money::Money;
    use crate::notification::{Candidates, Matter, due, is_owed, readers, told};
    use crate::user::{Role, User};

    /// The deal of the other side, with everything otherwise than the one who complains has it.
    fn theirs(dispute: &Dispute) -> Deal {
        let mine = registration().deal;
        let customer = mine.customer.clone().map(|c| crate::customer::Customer { name: "Acme Works".into(), ..c });
        Deal {
            id: own_deal(dispute, Side::Respondent).unwrap().clone(),
            number: "D-2".into(),
            title: "Ours since May".into(),
            partner_id: partner(2),
            value: Money { amount: Decimal::from(7777), currency: mine.value.currency.clone() },
            customer,
            ..mine
        }
    }

    /// Sellers and administrators of both partners, two administrators of the vendor, and a manager.
    struct People {
        sellers: [User; 2],
        partners: [[User; 1]; 2],
        vendor: [User; 2],
        manager: User,
    }

    fn people() -> People {
        let of = |role, n, of: Option<&PartnerId>| user(&actor(role, n, of));
        People {
            sellers: [user(&seller()), user(&other())],
            partners: [[of(Role::PartnerAdmin, 11, Some(&partner(1)))], [of(Role::PartnerAdmin, 12, Some(&partner(2)))]],
            vendor: [user(&admin()), of(Role::Admin, 13, None)],
            manager: of(Role::ChannelManager, 14, None),
        }
    }

    impl People {
        /// Who is told what of the last event of the decision; of each side its own people are asked.
        fn told(&self, decision: &DisputeDecision) -> Vec<(String, &'static str)> {
            let (dispute, event) = (&decision.dispute, decision.events.last().unwrap());
            let everybody = || self.sellers.iter().chain(self.partners.iter().flatten()).chain(&self.vendor).chain([&self.manager]);
            let arbiter = dispute.arbiter.as_ref().and_then(|a| everybody().find(|u| u.id == a.user_id));
            let mut all = Vec::new();
            for matter in Matter::Dispute(dispute, Side::Vendor).sides() {
                // Every side is offered everybody: whom it tells is the table's to know.
                for (seller, admins) in self.sellers.iter().zip(&self.partners) {
                    let among = Candidates {
                        decider: arbiter,
                        cover: None,
                        admins: &self.vendor,
                        registrant: Some(seller),
                        partner_admins: admins,
                        partner_sellers: &[],
                    };
                    for (who, kind) in told(event.kind) {
                        let names = ids(&readers(*who, matter, event, among));
                        all.extend(names.into_iter().map(|name| (name, kind.name())));
                    }
                }
            }
            all.sort();
            all.dedup();
            all
        }
    }

    #[test]
    fn each_side_is_told_of_its_own_and_the_vendor_of_what_waits() {
        let people = people();
        let say = |d: &Dispute, by: &Actor, audience| state(d, by, "Our words", Vec::new(), audience, cause(by, 3)).unwrap();
        let opened = opening();
        let owed = [("Person 13", "DISPUTE_ARBITER_OWED"), ("Person 3", "DISPUTE_ARBITER_OWED")];
        let respondent = [("Person 12", "DISPUTE_OPENED"), ("Person 2", "DISPUTE_OPENED")];
        let mut all: Vec<_> = owed.into_iter().chain(respondent).map(|(name, kind)| (name.to_owned(), kind)).collect();
        all.sort();
        assert_eq!(people.told(&opened), all);

        // A side speaks to the vendor alone: its administrators while nobody is named.
        let names = |told: Vec<(String, &str)>| told.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(people.told(&say(&opened.dispute, &other(), None))), ["Person 13", "Person 3"]);
        let manager = Actor::of(&people.manager);
        let named = name_arbiter(&opened.dispute, &admin(), 1, &people.manager, &NOBODY, cause(&admin(), 2)).unwrap();
        assert_eq!(people.told(&named), [("Person 14".to_owned(), "DISPUTE_DECISION_OWED")]);
        let own = name_arbiter(&opened.dispute, &admin(), 1, &people.vendor[0], &NOBODY, cause(&admin(), 2)).unwrap();
        assert!(people.told(&own).is_empty(), "who named oneself knows it");
        let named = named.dispute;
        assert_eq!(names(people.told(&say(&named, &seller(), None))), ["Person 14"]);
        assert_eq!(names(people.told(&say(&named, &manager, Some(Audience::Complainant)))), ["Person 1", "Person 11"]);
        assert_eq!(names(people.told(&say(&named, &manager, Some(Audience::Respondent)))), ["Person 12", "Person 2"]);
        assert_eq!(names(people.told(&say(&named, &manager, Some(Audience::Both)))), ["Person 1", "Person 11", "Person 12", "Person 2"]);
        assert!(people.told(&say(&named, &manager, None)).is_empty());

        let late = miss(&named, cause(&admin(), 200)).unwrap();
        assert_eq!(names(people.told(&late)), ["Person 13", "Person 14"], "the actor of the test's clock is Person 3");
        let done = decide(&named, &manager, named.version, (Outcome::Uphold, "Because"), &NOBODY, cause(&manager, 5)).unwrap();
        assert_eq!(names(people.told(&done)), ["Person 1", "Person 11", "Person 12", "Person 2"]);
        let back = take_back(&named, &seller(), named.version_for(Side::Complainant), Some("Settled"), cause(&seller(), 6)).unwrap();
        let told = people.told(&back);
        assert!(told.iter().all(|(_, kind)| *kind == "DISPUTE_WITHDRAWN"));
        assert_eq!(names(told), ["Person 12", "Person 14", "Person 2"]);
    }

    #[test]
    fn the_other_side_has_no_name_no_deal_no_customer_and_no_words() {
        let opened = opening();
        let (dispute, event) = (&opened.dispute, &opened.events[0]);
        let (mine, theirs) = (registration().deal, theirs(&opened.dispute));
        let secrets = |deal: &Deal| {
            let customer = deal.customer.as_ref().map(|c| c.name.clone()).unwrap();
            [deal.id.to_string(), deal.number.clone(), deal.title.clone(), deal.value.amount.to_string(), customer, deal.partner_id.to_string()]
        };
        let json = |said: &Said| serde_json::to_string(said).unwrap();

        let told = said(dispute, Side::Respondent, event, Some(&theirs), "Borealis".into(), None);
        assert_eq!((told.title.as_str(), told.number.as_str(), told.customer.as_deref()), ("Ours since May", "S-1", Some("Acme Works")));
        assert_eq!((told.actor.as_str(), &told.text), ("", &None));
        assert!(secrets(&mine).iter().chain([&WHY.to_owned(), &"Person 1".to_owned()]).all(|secret| !json(&told).contains(secret)), "{told:?}");
        // Even where somebody hands in the wrong deal, or none is left.
        let bare = said(dispute, Side::Respondent, event, Some(&mine), "Borealis".into(), None);
        assert_eq!((bare.title.as_str(), &bare.customer, bare.value.as_str()), ("S-1", &None, ""));

        let all = said(dispute, Side::Vendor, event, Some(&mine), "Aurora".into(), None);
        assert_eq!((&all.title, all.actor.as_str(), all.text.as_deref()), (&mine.title, "Person 1", Some(WHY)));
        assert_eq!(named(dispute, Side::Vendor, event), Some(&partner(1)));

        // What the other side says is told to the vendor, by its name, and read by nobody else.
        let answer = state(dispute, &other(), "We have a contract", Vec::new(), None, cause(&other(), 3)).unwrap();
        let (dispute, event) = (&answer.dispute, &answer.events[0]);
        let all = said(dispute, Side::Vendor, event, Some(&mine), "Borealis".into(), None);
        assert_eq!((all.actor.as_str(), all.text.as_deref()), ("Person 2", Some("We have a contract")));
        assert_eq!(named(dispute, Side::Vendor, event), Some(&partner(2)));
        for side in [Side::Complainant, Side::Respondent] {
            assert_eq!(named(dispute, side, event), dispute.party(side).map(|p| &p.partner_id));
        }
        let told = said(dispute, Side::Complainant, event, Some(&theirs), "Aurora".into(), None);
        assert_eq!((told.actor.as_str(), &told.text, told.title.as_str()), ("", &None, "S-1"));
        assert!(secrets(&theirs).iter().all(|secret| !json(&told).contains(secret)), "{told:?}");

        // Why it was taken back is for the vendor; what was decided is for both.
        let back = take_back(dispute, &seller(), dispute.version_for(Side::Complainant), Some("They are Aurora"), cause(&seller(), 6)).unwrap();
        let told = said(&back.dispute, Side::Respondent, &back.events[0], Some(&theirs), "Borealis".into(), None);
        assert_eq!((told.actor.as_str(), &told.text), ("", &None));
        let named = with_arbiter(dispute);
        let done = decide(&named, &admin(), named.version, (Outcome::Uphold, "Because"), &NOBODY, cause(&admin(), 7)).unwrap();
        for side in [Side::Complainant, Side::Respondent, Side::Vendor] {
            let told = said(&done.dispute, side, &done.events[0], None, String::new(), None);
            assert_eq!((told.actor.as_str(), told.text.as_deref()), ("Person 3", Some("Because")));
        }
    }

    #[test]
    fn an_answer_is_owed_until_it_is_given_or_the_dispute_is_over() {
        use NotificationKind as N;
        let opened = opening().dispute;
        let owed = |kind, dispute: &Dispute| is_owed(kind, Matter::Dispute(dispute, Side::Vendor));
        let all = [N::DisputeOpened, N::DisputeArbiterOwed, N::DisputeDecisionOwed, N::DisputeDeadlineMissed];
        assert_eq!(all.map(|kind| owed(kind, &opened)), [true; 4]);
        assert_eq!(all.map(|kind| due(kind, Matter::Dispute(&opened, Side::Respondent))), [Some(opened.due_at); 4]);
        assert_eq!(due(N::DisputeDecided, Matter::Dispute(&opened, Side::Respondent)), None);
        let answered = state(&opened, &other(), "No", Vec::new(), None, cause(&other(), 3)).unwrap().dispute;
        let named = with_arbiter(&answered);
        assert_eq!(all.map(|kind| owed(kind, &named)), [false, false, true, true]);
        let over = take_back(&opened, &seller(), 1, None, cause(&seller(), 6)).unwrap().dispute;
        assert_eq!(all.map(|kind| owed(kind, &over)), [false; 4]);
    }
}
