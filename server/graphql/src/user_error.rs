//! What the caller can mend: one error type and one code enum for each family of mutations, under one interface.

use async_graphql::Interface;

/// What an idempotency key has to be, as a user is told it.
pub(crate) const KEY_INVALID: &str = "idempotencyKey must have 1 to 200 printable characters.";
/// What is wrong with an idempotency key that was used before, as a user is told it.
pub(crate) const KEY_REUSED: &str = "idempotencyKey was used with other input; make a new one.";

/// Declares a family: its error type, its code enum, and how one is made.
macro_rules! user_error {
    ($(#[$doc:meta])* $error:ident, $code:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        #[doc = concat!("Codes of ", stringify!($error), ".")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $code { $($(#[$vdoc])* $variant),+ }

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// What is wrong and what would satisfy the rule, in English.
            pub(crate) message: String,
            /// Path of the argument, as `["input", "value", "amount"]`; empty when no single one is to blame.
            pub(crate) path: Vec<String>,
            /// What kind of wrong.
            pub(crate) code: $code,
        }

        impl $error {
            /// The error as it goes into a payload.
            pub(crate) fn of(code: $code, path: &[&str], message: impl Into<String>) -> crate::user_error::UserError {
                Self { message: message.into(), path: path.iter().map(|s| (*s).to_owned()).collect(), code }.into()
            }
        }
    };
}

user_error! {
    /// What is wrong with a registration.
    DealRegisterError, DealRegisterErrorCode {
        /// A value has the wrong shape.
        InvalidInput,
        /// No country has this code.
        CustomerCountryUnknown,
        /// The value is zero or less.
        ValueNotPositive,
        /// The value has more decimals than its currency.
        ValueTooPrecise,
        /// The value is below the program's minimum.
        ValueBelowMinimum,
        /// The program takes no deals in this currency.
        CurrencyNotAccepted,
        /// The expected close date lies in the past.
        CloseDateInPast,
        /// Not one of the program's products.
        ProductUnknown,
        /// The product is retired and can no longer be registered.
        ProductRetired,
        /// The rules in force do not let this product be registered.
        ProductNotAllowed,
        /// The rules in force do not let partners of this territory register.
        TerritoryNotAllowed,
        /// The rules in force ask for a contact at the customer.
        ContactMissing,
        /// The rules in force ask for a longer description.
        DescriptionTooShort,
        /// The expected close date is later than the rules in force allow.
        CloseDateTooFar,
        /// The partner has not accepted the rules of engagement of the rules in force.
        EngagementNotAccepted,
        /// The evidence is below the least score that the rules in force ask for.
        EvidenceTooLittle,
        /// Nobody of the partner has a valid certificate, which the rules in force ask for.
        NotCertified,
        /// The meeting lies in the future.
        MeetingAhead,
        /// There is no such upload, or it is somebody else's.
        FileNotFound,
        /// There is no such partner, or none was named.
        PartnerNotFound,
        /// The viewer may not register deals, or not for this partner.
        NotAllowed,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
        /// A required text is empty.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
    }
}

user_error! {
    /// Why a change of a deal was refused.
    DealDecisionError, DealDecisionErrorCode {
        /// There is no such deal, or the viewer may not see it.
        NotFound,
        /// The viewer may see the deal, and may not do this.
        NotAllowed,
        /// The deal has changed since; read it again and repeat.
        StaleVersion,
        /// The deal's status or stage does not allow this now.
        WrongStatus,
        /// Another approved registration holds the customer and product.
        ClaimTaken,
        /// No such stage, or the deal cannot move there.
        StageUnknown,
        /// A required text is empty.
        Required,
        /// A text is too long.
        TooLong,
        /// The expected close date lies in the past.
        CloseDateInPast,
        /// Protection has ended, or never began.
        NotProtected,
        /// The partner's last question is not answered yet.
        QuestionOpen,
        /// An extension was asked for already and is not decided yet.
        ExtensionPending,
        /// The rules that the deal was approved under allow no (further) extension.
        ExtensionNotAllowed,
        /// Nothing waits for this answer.
        NothingPending,
        /// The evidence score is below the least that the rules ask for.
        EvidenceTooLittle,
        /// The meeting lies in the future.
        MeetingAhead,
        /// There is no such upload, or it is somebody else's.
        FileNotFound,
        /// The file is larger than 10 MiB, or empty.
        FileTooLarge,
        /// The file's content is not what its name says, or of a kind that is not taken.
        FileTypeWrong,
        /// More files than a deal may have.
        TooManyFiles,
        /// In a chain of approvals another person's step comes first, or the viewer approved an earlier one.
        NotYourStep,
        /// The person to whom it should go is not active or may not decide.
        OwnerCannotDecide,
        /// The person to whom it should go has it, or approves another step of it.
        CircularStep,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why an opportunity of the vendor's own was not recorded or closed.
    DirectError, DirectErrorCode {
        /// There is no such opportunity.
        NotFound,
        /// The viewer may not do this.
        NotAllowed,
        /// A partner has protected the customer and one of the products.
        CustomerProtected,
        /// The opportunity has changed since; read it again and repeat.
        StaleVersion,
        /// The opportunity is closed already.
        Closed,
        /// A required value is missing.
        Required,
        /// A text is too long.
        TooLong,
        /// A value has the wrong shape.
        InvalidInput,
        /// No country has this code.
        CustomerCountryUnknown,
        /// Not one of the program's products.
        ProductUnknown,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why an export was not started.
    ExportError, ExportErrorCode {
        /// The viewer may not read this list.
        NotAllowed,
        /// The list has more rows than one export may have; narrow it.
        TooLarge,
        /// The viewer has started too many exports within an hour.
        TooMany,
        /// Which list was asked for is not clear, or a value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why nobody was signed in.
    SessionError, SessionErrorCode {
        /// No active account has this address and password.
        WrongCredentials,
        /// Too many attempts for this account or from this address; wait and try again.
        TooManyAttempts,
        /// The session is over: sign in again.
        SessionExpired,
    }
}

user_error! {
    /// Why a partner was not changed.
    PartnerError, PartnerErrorCode {
        /// There is no such partner, or the viewer may not see it.
        NotFound,
        /// The viewer may see the partner, and may not change it.
        NotAllowed,
        /// The partner has changed since; read it again and repeat.
        StaleVersion,
        /// A value has the wrong shape.
        InvalidInput,
        /// A text is too long.
        TooLong,
        /// A required text is empty.
        Required,
        /// The logo is larger than 128 KiB.
        LogoTooLarge,
        /// The SVG has scripts, links or outside references.
        LogoUnsafe,
        /// Neither an SVG nor a PNG.
        LogoNotAnImage,
    }
}

user_error! {
    /// Why an account was not made or changed.
    UserAccountError, UserErrorCode {
        /// There is no such person, or the viewer may not see them.
        NotFound,
        /// The viewer may not do this.
        NotAllowed,
        /// The account has changed since; read it again and repeat.
        StaleVersion,
        /// A value has the wrong shape.
        InvalidInput,
        /// A text is too long.
        TooLong,
        /// A required value is missing.
        Required,
        /// Another account has this address.
        EmailTaken,
        /// The password is too short or too long.
        PasswordTooWeak,
        /// The last active administrator must remain one.
        LastAdmin,
        /// These roles do not fit the person's side, or may not be given by the viewer.
        RoleNotAllowed,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why a key was not made or revoked.
    ApiKeyError, ApiKeyErrorCode {
        /// There is no such key, or it is not of the viewer's side.
        NotFound,
        /// The viewer may not do this.
        NotAllowed,
        /// A required value is missing.
        Required,
        /// The name is too long.
        TooLong,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
        /// The key was made by an earlier request with this idempotency key. Its secret was answered then and is kept nowhere:
        /// if it was lost, revoke the key and make another.
        AlreadyCreated,
    }
}

user_error! {
    /// Why an import did not start.
    ImportError, ImportErrorCode {
        /// There is no such upload; it may have been too long ago.
        NotFound,
        /// The viewer may not import.
        NotAllowed,
        /// A file is no CSV that can be read.
        FileBroken,
        /// A file lacks a column.
        ColumnMissing,
        /// The mapping or an alias cannot be read.
        MappingInvalid,
        /// Another import is running.
        AlreadyRunning,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why a version of the rules was not proposed, withdrawn or tried.
    RulesError, RulesErrorCode {
        /// There is no such version.
        NotFound,
        /// The viewer may not change the rules.
        NotAllowed,
        /// The version has begun, or was withdrawn before.
        NotAnnounced,
        /// A required value is missing.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
        /// A value is out of bounds or has the wrong shape.
        InvalidInput,
        /// Not one of the program's products.
        ProductUnknown,
        /// Not one of the program's territories.
        TerritoryUnknown,
        /// Not one of the program's tiers or product lines.
        TermUnknown,
        /// An override can never count, because an earlier one fits everything that it fits.
        OverrideUnreachable,
        /// The calendar has no working day, or a day closes before it opens.
        CalendarWithoutWorkingTime,
        /// There is no such time zone.
        TimeZoneUnknown,
        /// The day is today or earlier: rules never change backwards.
        DateInPast,
        /// The day lies within the notice that the rules in force ask for.
        DateWithinNotice,
        /// Another version begins on that day.
        DateTaken,
        /// A later version is announced; it has to be withdrawn first.
        DateBeforeAnnounced,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why a product was not added, changed, retired or brought back.
    ProductError, ProductErrorCode {
        /// There is no such product.
        NotFound,
        /// The viewer may not change what the program sells.
        NotAllowed,
        /// Somebody else changed the product meanwhile.
        StaleVersion,
        /// A required value is missing.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
        /// A value is out of bounds or has the wrong shape.
        InvalidInput,
        /// Another product has this key.
        KeyTaken,
        /// Another product has this name.
        NameTaken,
        /// The program has no prices in this currency.
        CurrencyNotAccepted,
        /// Not one of the program's products.
        ProductUnknown,
        /// A product in the bundle is retired.
        ProductRetired,
        /// Not one of the program's verticals.
        VerticalUnknown,
        /// A bundle has no product inside.
        BundleEmpty,
        /// A bundle has a bundle inside.
        BundleInBundle,
        /// A product cannot become a bundle, nor a bundle a product.
        KindFixed,
        /// The program has as many products as it may have.
        CatalogueFull,
        /// A bundle that can be registered has the product inside.
        InBundle,
        /// The product is retired already.
        RetiredAlready,
        /// The product is not retired.
        NotRetired,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why the rules of engagement were not accepted.
    EngagementError, EngagementErrorCode {
        /// Only an administrator of the partner accepts for it.
        NotAllowed,
        /// Another version of the rules is in force than the one that was read.
        StaleVersion,
        /// The rules in force have no rules of engagement.
        NothingToAccept,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why the routing table was not changed.
    RoutingError, RoutingErrorCode {
        /// The viewer may not change the routing.
        NotAllowed,
        /// The table has changed since; read it again and repeat.
        StaleVersion,
        /// A required value is missing.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
        /// A value is out of bounds or has the wrong shape.
        InvalidInput,
        /// Not one of the program's territories.
        TerritoryUnknown,
        /// Not one of the program's products.
        ProductUnknown,
        /// Not one of the program's tiers or product lines.
        TermUnknown,
        /// No country has this code, or it stands in two territories.
        CountryUnknown,
        /// There is no such person on the vendor's side.
        PersonUnknown,
        /// The person is not active or may not decide registrations.
        PersonCannotDecide,
        /// The same person approves twice in one rule.
        CircularStep,
        /// Another rule has this name.
        NameTaken,
    }
}

user_error! {
    /// Why an absence was not kept or removed.
    AbsenceError, AbsenceErrorCode {
        /// There is no such absence.
        NotFound,
        /// Only the person and an administrator keep it.
        NotAllowed,
        /// A value is out of bounds or has the wrong shape.
        InvalidInput,
        /// The last day has passed.
        DateInPast,
        /// The person is away then already.
        Overlaps,
        /// There is no such person on the vendor's side.
        PersonUnknown,
        /// The person or the cover is not active or may not decide registrations.
        PersonCannotDecide,
        /// The covers lead back to somebody who is away.
        CoverCircle,
        /// There are too many absences.
        TooMany,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why a view was not kept, changed or deleted.
    SavedViewError, SavedViewErrorCode {
        /// The viewer has no such view.
        NotFound,
        /// The viewer's role keeps no views.
        NotAllowed,
        /// Another view of the list has this name.
        NameTaken,
        /// The name is empty.
        Required,
        /// A text is too long.
        TooLong,
        /// The viewer has 50 views.
        TooMany,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why a change of a deal's room was refused.
    DealRoomError, DealRoomErrorCode {
        /// There is no such deal, or the viewer may not see it.
        NotFound,
        /// The viewer may see the room, and may not do this.
        NotAllowed,
        /// The room has changed since; read it again and repeat.
        StaleVersion,
        /// No such partner.
        PartnerUnknown,
        /// A partner is named twice in the same role.
        ParticipantTwice,
        /// A share is not above 0 and at most 100 per cent, or has too many decimals.
        ShareInvalid,
        /// Of those who sourced the deal some have a share and some have none.
        ShareMissing,
        /// The shares of those who sourced the deal do not sum to 100 per cent.
        SharesNotWhole,
        /// The customer's permission to be named to a second partner is not recorded.
        PermissionMissing,
        /// A permission is recorded already.
        PermissionRecorded,
        /// No permission is recorded that could be taken back.
        PermissionNotRecorded,
        /// No such introduction.
        IntroductionUnknown,
        /// The introduction has its outcome already, or none was given.
        OutcomeRecorded,
        /// A date lies in the future.
        DateAhead,
        /// A required text is empty.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
        /// There is no such upload, or it is somebody else's.
        FileNotFound,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why the viewer's choices were not kept.
    NotificationPreferencesError, NotificationPreferencesErrorCode {
        /// What asks for an answer cannot be switched off.
        AlwaysShown,
        /// There is no such time zone.
        TimeZoneUnknown,
        /// Quiet hours must not end when they begin.
        QuietHoursEmpty,
        /// The choices have changed since; read them again and repeat.
        StaleVersion,
        /// A value has the wrong shape.
        InvalidInput,
    }
}

user_error! {
    /// Why a link in a letter did nothing.
    ActionLinkError, ActionLinkErrorCode {
        /// There is no such link.
        Unknown,
        /// It was used.
        Used,
        /// Its time is over.
        Expired,
        /// It was sent to somebody else than who is signed in.
        OtherPerson,
        /// The account for which it was made is closed.
        AccountClosed,
        /// The person for whom it was made may not do this any more.
        NotAllowed,
        /// What it would do has been settled otherwise.
        Settled,
        /// In a chain of approvals another person decides this step.
        NotYourStep,
        /// Another approved registration holds the customer and product.
        ClaimTaken,
        /// A text is missing.
        Required,
        /// The text is too long.
        TooLong,
    }
}

user_error! {
    /// Why something about a dispute was refused.
    DisputeError, DisputeErrorCode {
        /// There is no such dispute, or the viewer may not see it.
        NotFound,
        /// There is no such deal, or the viewer may not see it.
        DealNotFound,
        /// The viewer may not do this.
        NotAllowed,
        /// It has changed since; read it again and repeat.
        StaleVersion,
        /// The viewer's partner has an open dispute about the customer.
        AlreadyOpen,
        /// Nothing stands in the way, and nothing was decided against the viewer's partner.
        NothingToDispute,
        /// It was decided or withdrawn; nothing can be added or changed.
        Closed,
        /// The arbiter owns a side, or decided on one.
        NotNeutral,
        /// The person is not active, or may not decide disputes.
        CannotDecide,
        /// Nobody was named to decide.
        NoArbiter,
        /// Somebody else was named to decide.
        NotArbiter,
        /// Only the vendor chooses who else reads something.
        AudienceNotYours,
        /// The registration cannot be given to the one who complains.
        CannotTransfer,
        /// A required text is empty, or nothing is said of what it is about.
        Required,
        /// A text is too long.
        TooLong,
        /// Too many statements or files.
        TooMany,
        /// There is no such upload, or it is somebody else's.
        FileNotFound,
        /// A value has the wrong shape.
        InvalidInput,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

user_error! {
    /// Why something about leads was refused.
    LeadError, LeadErrorCode {
        /// There is no such lead, or the viewer may not see it.
        NotFound,
        /// The viewer may not do this.
        NotAllowed,
        /// It has changed since; read it again and repeat.
        StaleVersion,
        /// The lead's status does not allow this now.
        WrongStatus,
        /// The time to answer is over; the lead goes to another partner.
        WindowOver,
        /// The partner is not active: retired, or not published.
        PartnerNotActive,
        /// There is no such partner.
        PartnerNotFound,
        /// The partner has the lead already.
        SamePartner,
        /// There is no such person of the vendor, or not active.
        PersonUnknown,
        /// A required value is missing.
        Required,
        /// A text is too long, or a list has too many entries.
        TooLong,
        /// A value is out of bounds or has the wrong shape.
        InvalidInput,
        /// Not an e-mail address.
        EmailInvalid,
        /// No country has this code.
        CountryUnknown,
        /// Not one of the program's products.
        ProductUnknown,
        /// The program has nothing of this key.
        TermUnknown,
        /// The program takes no such currency.
        CurrencyNotAccepted,
        /// The value is no amount that could be.
        ValueInvalid,
        /// The person did not agree to be contacted.
        ConsentMissing,
        /// The same name, domain, territory or country twice.
        Twice,
        /// An earlier rule takes every lead.
        Unreachable,
        /// The program's calendar has no working time.
        CalendarWithoutWorkingTime,
        /// The idempotency key was used with other input.
        IdempotencyKeyReused,
    }
}

/// What the caller can mend. Each family of mutations has its own implementing type with its own code enum.
#[derive(Debug, Clone, PartialEq, Eq, Interface)]
#[graphql(
    field(name = "message", ty = "&String", desc = "What is wrong and what would satisfy the rule, in English."),
    field(name = "path", ty = "&Vec<String>", desc = "Path of the argument; empty when no single one is to blame.")
)]
pub(crate) enum UserError {
    DealRegister(DealRegisterError),
    DealDecision(DealDecisionError),
    Direct(DirectError),
    Session(SessionError),
    Partner(PartnerError),
    User(UserAccountError),
    ApiKey(ApiKeyError),
    Import(ImportError),
    Rules(RulesError),
    Product(ProductError),
    Engagement(EngagementError),
    NotificationPreferences(NotificationPreferencesError),
    ActionLink(ActionLinkError),
    Routing(RoutingError),
    Absence(AbsenceError),
    SavedView(SavedViewError),
    DealRoom(DealRoomError),
    Lead(LeadError),
    Dispute(DisputeError),
    Export(ExportError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_argument() {
        let UserError::DealDecision(error) = DealDecisionError::of(DealDecisionErrorCode::Required, &["reason"], "reason must not be empty.") else {
            panic!("another family");
        };
        assert_eq!((error.path, error.code), (vec!["reason".to_owned()], DealDecisionErrorCode::Required));
    }
}
