//! Identifiers: a type prefix and a ULID, as `deal_01J0...`. A typed id can only be made from a well-formed string of its
//! own prefix, so that an id of another kind is refused before anything is looked up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// A string that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the kind `{expected}`")]
pub struct IdError {
    /// The prefix that was expected, without the underscore.
    pub expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id made of this kind's prefix and the given ULID.
            pub fn new(ulid: Ulid) -> Self {
                Self(format!("{}_{}", $prefix, ulid))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                let wrong = IdError { expected: $prefix };
                let rest = s.strip_prefix(concat!($prefix, "_")).ok_or_else(|| wrong.clone())?;
                let ulid = Ulid::from_string(rest).map_err(|_| wrong.clone())?;
                if ulid.to_string() == rest { Ok(Self(s.to_owned())) } else { Err(wrong) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(s: String) -> Result<Self, IdError> { s.parse() }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )*};
}

ids! {
    /// A deal, from its registration on.
    DealId = "deal";
    /// A customer as one partner knows it.
    CustomerId = "cust";
    /// A partner firm.
    PartnerId = "part";
    /// A person with an account.
    UserId = "user";
    /// A product of the program.
    ProductId = "prod";
    /// The program.
    ProgramId = "prog";
    /// Something that happened.
    EventId = "evt";
    /// A campaign kit.
    KitId = "kit";
    /// One asset of a kit.
    KitAssetId = "asset";
    /// An integrator's key.
    ApiKeyId = "key";
    /// A family of refresh tokens.
    SessionId = "sess";
    /// One run of an import.
    ImportRunId = "imp";
    /// An export of a list.
    ExportId = "exp";
    /// An uploaded file.
    FileId = "file";
    /// An opportunity of the vendor's own.
    DirectId = "drct";
    /// A version of the program's rules.
    RulesId = "rules";
    /// A dispute.
    DisputeId = "disp";
    /// A lead.
    LeadId = "lead";
    /// A version of the rules by which leads find a partner.
    LeadRoutingId = "lroute";
    /// That somebody is away.
    AbsenceId = "abs";
    /// A saved view of a list.
    SavedViewId = "view";
    /// The room of a deal on which several partners work.
    RoomId = "room";
    /// A message in a room.
    RoomMessageId = "msg";
    /// An introduction.
    IntroductionId = "intro";
    /// A notification of one person.
    NotificationId = "ntf";
    /// A link in a letter that does one thing.
    ActionLinkId = "lnk";
    /// A letter that is to be sent.
    LetterId = "ltr";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_another_kind_is_refused() {
        let id = DealId::new(Ulid::from_parts(1, u128::from(u64::MAX)));
        assert_eq!(id.as_str().parse::<DealId>(), Ok(id.clone()));
        assert!(id.as_str().parse::<PartnerId>().is_err());
        assert!("deal_".parse::<DealId>().is_err());
        assert!("deal_01j0".parse::<DealId>().is_err());
        let small = id.as_str().to_lowercase();
        assert!(small != id.as_str() && small.parse::<DealId>().is_err());
    }
}
