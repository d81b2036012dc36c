//! Errors about what an administrator keeps of the program: rules, products, routing.

user_error! {
    /// Why a version of the rules was not proposed, withdrawn or tried.
    RulesError, RulesErrorCode {
        /// There is no such version.
        NotFound,
        /// The viewer may not change the rules.
        NotAllowed,
        /// The version has begun, or was withdrawn before.
        NotAnnounced,
        /// Another version was announced, or the one read was withdrawn, since; read the newest one and repeat.
        StaleVersion,
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
