//! Errors about registrations, deals, their rooms, disputes, the vendor's own opportunities and leads.

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
    /// Why something about a dispute was refused.
    DisputeError, DisputeErrorCode {
        /// There is no such dispute, or the viewer may not see it.
        NotFound,
        /// There is no such deal, or the viewer may not see it.
        DealNotFound,
        /// There is no such lead, the viewer may not see it, or no deal can be made of it.
        LeadNotFound,
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
