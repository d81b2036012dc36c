//! What the parties of a room are told of it: that they are in it, and that somebody of another party wrote. What was written is read
//! in the room. To a partner beside the deal's own neither deal nor customer is named: the customer may take the permission back, and
//! nobody takes back a letter.

use super::{Said, worth};
use crate::cosell::Room;
use crate::cosell::change::joined;
use crate::cosell::message::is_by;
use crate::deal::Deal;
use crate::event::{Event, EventKind};
use crate::id::PartnerId;
use crate::policy::{Action, Actor, Scope, scope};

/// Whether the actor is told of the event as one of that party, none for the vendor: the party sees the room now, and the event is news
/// for it.
pub(super) fn concerns(room: &Room, party: Option<&PartnerId>, event: &Event, actor: &Actor) -> bool {
    let theirs = actor.partner_id.as_ref() == party && party.is_none_or(|own| room.members().contains(own));
    let news = match event.kind {
        EventKind::RoomMessageSent => !is_by(event, party),
        _ => party.is_some_and(|own| joined(event, own)),
    };
    theirs && news && scope(actor, Action::SeeDeals) != Scope::Nothing
}

/// What a notification says of a room to people of that party. `partner` is the name of the deal's own partner.
pub fn said(room: &Room, party: Option<&PartnerId>, event: &Event, deal: Option<&Deal>, partner: String) -> Said {
    let host = party.is_none_or(|own| *own == room.partner_id);
    let deal = deal.filter(|deal| host && deal.id == room.deal_id);
    Said {
        title: deal.map_or_else(|| partner.clone(), |deal| deal.title.clone()),
        number: deal.map(|deal| deal.number.clone()).unwrap_or_default(),
        customer: deal.and_then(|deal| deal.customer.as_ref()).map(|customer| customer.name.clone()),
        value: deal.map(|deal| worth(&deal.value)).unwrap_or_default(),
        actor: event.actor.name.clone(),
        text: None,
        due: None,
        partner,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::super::tests::{ids, user};
    use super::*;
    use crate::cosell::change::{record_permission, set_participants, withdraw_permission};
    use crate::cosell::message::post;
    use crate::cosell::{CosellRole, Participant};
    use crate::deal::Cause;
    use crate::deal::tests::{at, registration};
    use crate::id::{EventId, RoomId, RoomMessageId};
    use crate::notification::{Candidates, Matter, NotificationKind, Readers, readers, told};
    use crate::user::{Role, User};

    fn cause(by: &User) -> Cause {
        Cause::by(&Actor::of(by), at(1), EventId::new(Ulid::from_parts(3, 1)))
    }

    fn guest() -> PartnerId {
        PartnerId::new(Ulid::from_parts(2, 7))
    }

    /// The room of the deal, with a guest, and the event that let the guest in.
    fn opened(deal: &Deal, manager: &User) -> (Room, Event) {
        let by = Actor::of(manager);
        let room = Room::empty(RoomId::new(Ulid::from_parts(7, 1)), deal.id.clone(), deal.partner_id.clone(), at(0));
        let room = record_permission(&room, &by, 0, "Their CIO", "Mail", cause(manager)).unwrap().room;
        let part = |id: &PartnerId| Participant {
            partner_id: id.clone(),
            role: CosellRole::Influenced,
            share: None,
            act: "Helped".into(),
            acted_on: date(2026, 11, 2),
        };
        let all = vec![part(&deal.partner_id), part(&guest())];
        let set = set_participants(&room, &by, room.version, all, |_| true, date(2026, 11, 2), cause(manager)).unwrap();
        (set.room, set.event)
    }

    /// Who is told of the event, over all parties and rows of the table.
    fn all_told(room: &Room, event: &Event, among: Candidates<'_>) -> Vec<String> {
        let rows = told(event.kind);
        let sides = Matter::Room(room, None).sides();
        let of = |side: &Matter<'_>| rows.iter().flat_map(|(who, _)| ids(&readers(*who, *side, event, among))).collect::<Vec<_>>();
        sides.iter().flat_map(of).collect()
    }

    #[test]
    fn each_party_hears_of_the_others_and_a_guest_that_it_is_in() {
        let deal = registration().deal;
        let manager = user(1, &[Role::ChannelManager], None);
        let (host, other) = (user(2, &[Role::PartnerSales], Some(&deal.partner_id)), user(3, &[Role::PartnerAdmin], Some(&guest())));
        let (admins, sellers) =
            ([other.clone()], [user(4, &[Role::PartnerSales], Some(&guest())), user(5, &[Role::PartnerTechnical], Some(&guest()))]);
        let among = Candidates {
            decider: Some(&manager),
            cover: None,
            admins: &[],
            registrant: Some(&host),
            partner_admins: &admins,
            partner_sellers: &sellers,
        };
        let (room, event) = opened(&deal, &manager);
        assert_eq!(all_told(&room, &event, among), ["Person 3"], "the guest's administrators");
        // The same again lets nobody in.
        let by = Actor::of(&manager);
        let again = set_participants(&room, &by, room.version, room.participants.clone(), |_| true, date(2026, 11, 2), cause(&manager)).unwrap();
        assert!(all_told(&again.room, &again.event, among).is_empty());

        let write = |by: &User| post(&room, &Actor::of(by), RoomMessageId::new(Ulid::from_parts(9, 1)), "Monday?", Vec::new(), cause(by)).unwrap().1;
        assert_eq!(all_told(&room, &write(&host), among), ["Person 1", "Person 3", "Person 4"]);
        assert_eq!(all_told(&room, &write(&other), among), ["Person 1", "Person 2"]);
        assert_eq!(all_told(&room, &write(&manager), among), ["Person 2", "Person 3", "Person 4"]);
        // Nobody hears of a room who is not in it any more.
        let left = withdraw_permission(&room, &by, room.version, "They asked", cause(&manager)).unwrap();
        assert_eq!(all_told(&left.room, &write(&host), among), ["Person 1"]);
        assert!(all_told(&left.room, &event, among).is_empty());
        assert!(told(left.event.kind).is_empty());
        let kinds = [EventKind::RoomParticipantsSet, EventKind::RoomMessageSent].map(told);
        let rows = kinds.into_iter().flatten();
        assert!(rows.clone().all(|(who, kind)| kind.is_for(who.of_vendor())) && rows.clone().any(|(who, _)| *who == Readers::RoomPartner));
        assert!(NotificationKind::RoomMessage.is_for(true) && !NotificationKind::RoomJoined.is_for(true));
    }

    #[test]
    fn a_guest_is_told_neither_deal_nor_customer() {
        let deal = registration().deal;
        let manager = user(1, &[Role::ChannelManager], None);
        let (room, event) = opened(&deal, &manager);
        let to_guest = said(&room, Some(&guest()), &event, Some(&deal), "Aurora".into());
        assert_eq!((to_guest.title.as_str(), to_guest.number.as_str(), &to_guest.customer, to_guest.value.as_str()), ("Aurora", "", &None, ""));
        for party in [None, Some(&deal.partner_id)] {
            let told = said(&room, party, &event, Some(&deal), "Aurora".into());
            assert_eq!((&told.title, &told.number, told.customer.is_some()), (&deal.title, &deal.number, true));
        }
    }
}
