//! A small program and versions of its rules, for tests.

use ulid::Ulid;

use super::{RuleSet, RulesVersion};
use crate::event::EventActor;
use crate::id::RulesId;
use crate::program::{Product, Program, Term, Tier};

pub(crate) fn program() -> Program {
    let mut program = crate::import::testing::program();
    program.tiers = vec![Tier { key: "gold".into(), name: "Gold".into(), rank: 2 }];
    program.territories = vec![Term { key: "dach".into(), name: "DACH".into() }, Term { key: "nordics".into(), name: "Nordics".into() }];
    program.products = (1..=3).map(|n| Product::new(product(n), &format!("p{n}"), &format!("P{n}"), Some(format!("L{n}")), None)).collect();
    program
}

pub(crate) fn product(n: u128) -> crate::id::ProductId {
    crate::id::ProductId::new(Ulid::from_parts(7, n))
}

pub(crate) fn first() -> RulesVersion {
    let program = program();
    RulesVersion { rules: RuleSet { notice_days: 14, ..RuleSet::of(&program) }, ..RulesVersion::first(&program, &jiff::tz::TimeZone::UTC) }
}

pub(crate) fn by() -> EventActor {
    EventActor { user_id: None, name: "Admin".into() }
}

pub(crate) fn id(n: u128) -> RulesId {
    RulesId::new(Ulid::from_parts(9, n))
}
