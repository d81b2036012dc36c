//! Errors about who signs in, partners and their people, and what each keeps, imports and takes out.

user_error! {
    /// Why an export was not started.
    ExportError, ExportErrorCode {
        /// The viewer may not read this list.
        NotAllowed,
        /// The list has more rows than one export may have; narrow it.
        TooLarge,
        /// The viewer has started too many exports within an hour.
        TooMany,
        /// Too many exports of the viewer are not finished yet; wait for one of them.
        TooManyRunning,
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
        /// The rules ask for more evidence before an approval; the message says how much. The link can be used once it is there.
        EvidenceTooLittle,
        /// A text is missing.
        Required,
        /// The text is too long.
        TooLong,
    }
}
