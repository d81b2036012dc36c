//! How near a deadline is, in the groups a queue is worked off by.

use entente_web_api::DateTime;

use crate::{i18n::format, t};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Overdue,
    Today,
    Later,
}

impl Due {
    pub const ALL: [Self; 3] = [Self::Overdue, Self::Today, Self::Later];

    /// Where a deadline belongs now; without one it can wait.
    pub fn of(at: Option<&DateTime>) -> Self {
        let Some(at) = at else { return Self::Later };
        match format::ms_until(at) {
            Some(left) if left < 0.0 => Self::Overdue,
            Some(_) if format::day_of(at) == format::day_of(&now()) => Self::Today,
            _ => Self::Later,
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::Overdue => t!("queue-overdue"),
            Self::Today => t!("queue-today"),
            Self::Later => t!("queue-later"),
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Self::Overdue => "e-queue__group e-queue__group--over",
            Self::Today => "e-queue__group e-queue__group--today",
            Self::Later => "e-queue__group",
        }
    }
}

fn now() -> DateTime {
    DateTime(js_sys::Date::new_0().to_iso_string().as_string().unwrap_or_default())
}
