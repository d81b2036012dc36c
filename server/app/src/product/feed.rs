//! What is told live of the program: that its names, products or rules changed, to everybody who is signed in. Who routes
//! what to whom is the vendor's own business and told to nobody here.

use entente_domain::Timestamp;
use entente_domain::event::Subject;
use entente_domain::policy::Actor;

use crate::live::{Change, Feed};

/// The fields of events about the program that are the vendor's own.
const OWN: [&str; 2] = ["routing", "leadRouting"];

/// That the program changed.
#[derive(Debug, Clone)]
pub struct ProgramNews {
    /// When.
    pub occurred_at: Timestamp,
}

/// Changes of the program.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProgramFeed;

impl Feed for ProgramFeed {
    type Item = ProgramNews;

    fn tell(&self, _: &Actor, change: &Change) -> Option<ProgramNews> {
        let event = &change.numbered.event;
        let ours = matches!(event.subject, Subject::Program { .. });
        let told = event.changes.is_empty() || event.changes.iter().any(|c| !OWN.contains(&c.field.as_str()));
        (ours && told).then_some(ProgramNews { occurred_at: event.occurred_at })
    }
}
