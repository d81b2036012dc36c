//! The file of a dispute: everything that happened to it and to the deals of both sides, in order, with what each side could
//! see then.

use jiff::Timestamp;

use super::{Audience, Dispute, Side};
use crate::deal::Deal;
use crate::event::{Event, EventKind, Visibility};

/// What a moment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// The dispute.
    Dispute,
    /// The deal of the one who complains.
    Complainant,
    /// The deal of the other side.
    Respondent,
}

/// One moment, with who could see that it happened, and the deals as they were right after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub about: About,
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: String,
    /// What was written, where something was.
    pub text: Option<String>,
    /// Which side the actor is on; the vendor also for clocks.
    pub by: Side,
    /// Whether the one who complains could see it.
    pub complainant_sees: bool,
    /// Whether the other side could.
    pub respondent_sees: bool,
    /// The deal of the one who complains; none before it was there.
    pub complainant_deal: Option<Deal>,
    /// The deal of the other side; none before it was there.
    pub respondent_deal: Option<Deal>,
}

impl Moment {
    /// Whether that side could see that it happened.
    pub fn seen_by(&self, side: Side) -> bool {
        match side {
            Side::Vendor => true,
            Side::Complainant => self.complainant_sees,
            Side::Respondent => self.respondent_sees,
        }
    }
}

/// The events of a deal with the deal at a moment.
pub struct DealFile<'a> {
    /// Its events, in any order.
    pub events: &'a [Event],
    /// The deal at a moment.
    pub then: &'a dyn Fn(Timestamp) -> Option<Deal>,
}

/// Every moment, oldest first. `events` are the dispute's own.
pub fn replay(dispute: &Dispute, events: &[Event], complainant: Option<DealFile<'_>>, respondent: Option<DealFile<'_>>) -> Vec<Moment> {
    let mut all: Vec<(About, &Event)> = events.iter().map(|e| (About::Dispute, e)).collect();
    all.extend(complainant.iter().flat_map(|f| f.events).map(|e| (About::Complainant, e)));
    all.extend(respondent.iter().flat_map(|f| f.events).map(|e| (About::Respondent, e)));
    all.sort_by(|(_, a), (_, b)| (a.occurred_at, &a.id).cmp(&(b.occurred_at, &b.id)));
    all.dedup_by(|(_, a), (_, b)| a.id == b.id);
    let then = |file: &Option<DealFile<'_>>, at| file.as_ref().and_then(|f| (f.then)(at));
    let moment = |(about, event): (About, &Event)| {
        let (complainant_sees, respondent_sees) = seen(dispute, about, event);
        Moment {
            at: event.occurred_at,
            about,
            kind: event.kind,
            actor: event.actor.name.clone(),
            by: by(dispute, about, event),
            text: text(dispute, about, event),
            complainant_sees,
            respondent_sees,
            complainant_deal: then(&complainant, event.occurred_at),
            respondent_deal: then(&respondent, event.occurred_at),
        }
    };
    all.into_iter().map(moment).collect()
}

/// Who could see it: a side its own deal's shared events, and of the dispute what was said to it.
fn seen(dispute: &Dispute, about: About, event: &Event) -> (bool, bool) {
    let shared = event.visibility == Visibility::Shared;
    match about {
        About::Complainant => (shared, false),
        About::Respondent => (false, shared),
        About::Dispute => match statement(dispute, event) {
            Some(audience) => (audience.0.admits(Side::Complainant), audience.0.admits(Side::Respondent)),
            None => (shared, shared && dispute.respondent.is_some()),
        },
    }
}

/// Audience and words of the statement that the event tells of.
pub(crate) fn statement<'a>(dispute: &'a Dispute, event: &Event) -> Option<(Audience, &'a str)> {
    if event.kind != EventKind::DisputeStated {
        return None;
    }
    let number = event.changes.iter().find(|c| c.field == "statement").and_then(|c| c.after.as_ref()?.parse::<i32>().ok());
    dispute.statements.iter().find(|s| Some(s.number) == number).map(|s| (s.audience, s.text.as_str()))
}

fn text(dispute: &Dispute, about: About, event: &Event) -> Option<String> {
    match (about, event.kind) {
        (About::Dispute, EventKind::DisputeStated) => statement(dispute, event).map(|(_, text)| text.to_owned()),
        _ => event.text.clone(),
    }
}

/// Who did it: of a dispute's events the sides open, say and take back; everything else is the vendor's or a clock's. What is on
/// a deal's own timeline is its side's to read as it stands.
fn by(dispute: &Dispute, about: About, event: &Event) -> Side {
    match (about, event.kind) {
        (About::Complainant, _) => Side::Complainant,
        (About::Respondent, _) => Side::Respondent,
        (About::Dispute, EventKind::DisputeOpened | EventKind::DisputeWithdrawn) => Side::Complainant,
        (About::Dispute, EventKind::DisputeStated) => {
            let number = event.changes.iter().find(|c| c.field == "statement").and_then(|c| c.after.as_ref()?.parse::<i32>().ok());
            dispute.statements.iter().find(|s| Some(s.number) == number).map_or(Side::Vendor, |s| s.side)
        }
        _ => Side::Vendor,
    }
}

/// Whose act an event of the dispute itself is: a side's that opened it, said something or took it back; the vendor's otherwise, also
/// where a clock did it.
pub fn author(dispute: &Dispute, event: &Event) -> Side {
    by(dispute, About::Dispute, event)
}

/// Whether a side may be told of an event of the dispute itself.
pub fn seen_by(dispute: &Dispute, event: &Event, side: Side) -> bool {
    let (complainant, respondent) = seen(dispute, About::Dispute, event);
    match side {
        Side::Vendor => true,
        Side::Complainant => complainant,
        Side::Respondent => respondent,
    }
}

/// What of the file a side may have: the moments that it could see, with its own deal alone, and without who the other side
/// is or what it wrote. The vendor has everything.
pub fn for_side(moments: Vec<Moment>, side: Side) -> Vec<Moment> {
    if side == Side::Vendor {
        return moments;
    }
    let own = |mut m: Moment| {
        if m.by != side && m.by != Side::Vendor {
            m.actor = String::new();
            m.text = None;
        }
        match side {
            Side::Complainant => (m.respondent_deal, m.respondent_sees) = (None, false),
            _ => (m.complainant_deal, m.complainant_sees) = (None, false),
        }
        m
    };
    moments.into_iter().filter(|m| m.seen_by(side)).map(own).collect()
}
