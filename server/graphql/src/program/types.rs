//! Values of the program. Keys are the program's own data; nothing here names a tier, a stage or a product.

use async_graphql::{Enum, SimpleObject};
use entente_domain::calendar::BusinessCalendar as Calendar;
use entente_domain::program as domain;

use crate::scalar::{CurrencyCode, Date, Decimal};

/// An amount in a currency.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Money {
    /// Units of the currency (not cents); never more decimals than the currency has.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
}

impl From<&entente_domain::money::Money> for Money {
    fn from(m: &entente_domain::money::Money) -> Self {
        Self { amount: m.amount.into(), currency: CurrencyCode(m.currency.as_str().to_owned()) }
    }
}

impl Money {
    /// An amount in the program's currency.
    pub(crate) fn of_program(amount: entente_domain::Decimal, program: &domain::Program) -> Self {
        Self { amount: amount.into(), currency: CurrencyCode(program.currency.as_str().to_owned()) }
    }
}

/// What a stage is: on the way, or an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::StageCategory")]
pub(crate) enum StageCategory {
    /// The sale goes on.
    Open,
    /// The customer bought.
    Won,
    /// The customer did not buy.
    Lost,
}

/// A stage of the sale.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct DealStage {
    /// Unique name in the program.
    key: String,
    /// As shown.
    name: String,
    /// Place in the order of the sale, from 0.
    position: i32,
    /// On the way, or an end.
    category: StageCategory,
    /// Chance of winning from this stage, in per cent, 0 to 100.
    probability: i32,
}

impl DealStage {
    pub(crate) fn of((position, stage): (usize, &domain::Stage)) -> Self {
        Self {
            key: stage.key.clone(),
            name: stage.name.clone(),
            position: i32::try_from(position).unwrap_or(i32::MAX),
            category: stage.category.into(),
            probability: stage.probability,
        }
    }

    /// The stage of a key. One that the program no longer has is shown by its key, behind all others.
    pub(crate) fn by_key(program: &domain::Program, key: &str, category: domain::StageCategory) -> Self {
        program.stage(key).map_or_else(
            || Self {
                key: key.to_owned(),
                name: key.to_owned(),
                position: i32::try_from(program.stages.len()).unwrap_or(i32::MAX),
                category: category.into(),
                probability: if category == domain::StageCategory::Won { 100 } else { 0 },
            },
            Self::of,
        )
    }
}

/// A partner's standing in the program.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Tier {
    /// Unique name in the program.
    key: String,
    /// As shown.
    name: String,
    /// A higher rank is a higher tier; from 1.
    rank: i32,
}

impl From<&domain::Tier> for Tier {
    fn from(t: &domain::Tier) -> Self {
        Self { key: t.key.clone(), name: t.name.clone(), rank: t.rank }
    }
}

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
        pub(crate) struct $name {
            /// Unique name in its list.
            key: String,
            /// As shown.
            name: String,
        }

        impl From<&domain::Term> for $name {
            fn from(t: &domain::Term) -> Self {
                Self { key: t.key.clone(), name: t.name.clone() }
            }
        }
    )*};
}

terms! {
    /// A key with its name.
    Term;
    /// A way of partnering, as reseller or agency; a partner may have several.
    PartnerType;
    /// A region that partners sell in.
    Territory;
}

macro_rules! by_key {
    ($($name:ident),*) => {$(
        impl $name {
            /// The entry of a key; one that the list no longer has is shown by its key.
            pub(crate) fn by_key(list: &[domain::Term], key: &str) -> Self {
                list.iter().find(|t| t.key == key).map_or_else(|| Self { key: key.to_owned(), name: key.to_owned() }, Self::from)
            }
        }
    )*};
}

by_key!(Term, PartnerType, Territory);

/// A currency that values of deals may be in.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct ProgramCurrency {
    /// The currency.
    pub(super) code: CurrencyCode,
    /// Units of the program's currency for one unit of this one.
    pub(super) rate: Decimal,
    /// Most digits after the decimal point of an amount.
    pub(super) decimals: i32,
}

/// One of the registration rules in force.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct ProgramRule {
    /// Name of the rule for programs.
    pub(super) code: String,
    /// The rule in one plain English sentence.
    pub(super) text: String,
}

impl ProgramRule {
    pub(crate) fn of(code: &str, text: String) -> Self {
        Self { code: code.to_owned(), text }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// 1 = Monday to 7 = Sunday.
    pub(crate) fn iso(self) -> i8 {
        self as i8 + 1
    }

    fn of_iso(n: i8) -> Option<Self> {
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun].get(usize::try_from(n.checked_sub(1)?).ok()?).copied()
    }
}

/// The working hours of one day of the week.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct WorkingHours {
    /// The day.
    day: Weekday,
    /// Opening time, as `09:00`.
    opens_at: String,
    /// Closing time, as `17:30`.
    closes_at: String,
}

/// A day on which the vendor does not work.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Holiday {
    /// The day.
    date: Date,
    /// What it is called; null where nobody said.
    name: Option<String>,
}

/// When the vendor works; deadlines run in these hours only.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct BusinessCalendar {
    /// IANA name, as `Europe/Berlin`.
    time_zone: String,
    /// Working days of a week.
    work_days: Vec<Weekday>,
    /// Earliest opening time of a working day, as `09:00`.
    opens_at: String,
    /// Latest closing time of a working day, as `17:30`.
    closes_at: String,
    /// Days on which nobody works.
    holidays: Vec<Date>,
    /// Working days of a week, each with its hours.
    hours: Vec<WorkingHours>,
    /// Days on which nobody works, with their names.
    named_holidays: Vec<Holiday>,
}

impl From<&Calendar> for BusinessCalendar {
    fn from(c: &Calendar) -> Self {
        let time = |t: Option<jiff::civil::Time>| t.map(|t| t.strftime("%H:%M").to_string()).unwrap_or_default();
        Self {
            time_zone: c.time_zone.clone(),
            work_days: c.hours.iter().filter_map(|h| Weekday::of_iso(h.weekday)).collect(),
            opens_at: time(c.hours.iter().map(|h| h.opens_at).min()),
            closes_at: time(c.hours.iter().map(|h| h.closes_at).max()),
            holidays: c.holidays.iter().map(|h| Date(h.date)).collect(),
            hours: c
                .hours
                .iter()
                .filter_map(|h| {
                    let day = Weekday::of_iso(h.weekday)?;
                    Some(WorkingHours { day, opens_at: time(Some(h.opens_at)), closes_at: time(Some(h.closes_at)) })
                })
                .collect(),
            named_holidays: c.holidays.iter().map(|h| Holiday { date: Date(h.date), name: h.name.clone() }).collect(),
        }
    }
}
