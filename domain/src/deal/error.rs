//! Why a change of a deal is refused: closed, with the data that says why. Texts for people in other languages are made at the edge.

/// Why a change of a deal is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DealError {
    /// It is not there, or hidden from the actor.
    #[error("There is no such deal.")]
    NotFound,
    /// The actor's role may not do this.
    #[error("Your role does not allow this; ask an administrator of your company.")]
    NotAllowed,
    /// It was decided on another version.
    #[error("The deal has changed since you looked (version {current}); look again and repeat.")]
    StaleVersion {
        /// Version now.
        current: i32,
    },
    /// The deal's state does not allow this.
    #[error("A deal that is {status} cannot be changed this way.")]
    WrongStatus {
        /// Status now, as on the wire.
        status: &'static str,
    },
    /// Another approved registration holds the customer and a product.
    #[error("Another approved registration holds this customer and product until its protection ends.")]
    ClaimTaken,
    /// No such stage, or it cannot be moved there.
    #[error("There is no stage `{stage}` to which the deal could move.")]
    StageUnknown {
        /// What was asked for.
        stage: String,
    },
    /// A required text is empty.
    #[error("{field} must not be empty.")]
    Required {
        /// Name of the argument.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} must have at most {max} characters.")]
    TooLong {
        /// Name of the argument.
        field: &'static str,
        /// The bound, in characters.
        max: usize,
    },
    /// The expected close date lies in the past.
    #[error("expectedCloseOn must be today or later.")]
    CloseDateInPast,
    /// In a chain of approvals another person's step comes first, or the actor approved an earlier one.
    #[error("Another person decides this step; it waits for them or for who covers for them.")]
    NotYourStep,
    /// The person to whom it should go is not active or may not decide.
    #[error("The new owner must be an active person who may decide registrations.")]
    OwnerCannotDecide,
    /// The person to whom it should go has it, or approves another step of it.
    #[error("The new owner has this registration already, or approves another step of it.")]
    CircularStep,
    /// Protection has ended, or never began.
    #[error("The deal is {status} and not protected now; register it again to protect it.")]
    NotProtected {
        /// Status now, as on the wire.
        status: &'static str,
    },
    /// The partner's last question is not answered yet.
    #[error("Your last question waits for its answer; protection stands still until then.")]
    QuestionOpen,
    /// An extension was asked for and is not decided yet.
    #[error("An extension was asked for already; protection stands still until it is decided.")]
    ExtensionPending,
    /// The rules that the deal was approved under allow no (further) extension.
    #[error("The rules that this deal was approved under allow no further extension.")]
    ExtensionNotAllowed,
    /// Nothing waits for this answer.
    #[error("Nothing waits for this answer; somebody may have given it, or the deal has ended.")]
    NothingPending,
    /// The evidence score is below the least for an approval.
    #[error("The evidence score is {score}, and the rules ask for {minimum} before an approval; ask the partner for evidence.")]
    EvidenceTooLittle {
        /// What it is.
        score: i32,
        /// What it must be.
        minimum: i32,
    },
    /// The meeting lies in the future.
    #[error("metOn must be today or earlier: a meeting that was held.")]
    MeetingAhead,
    /// More files than a deal may have.
    #[error("A deal has at most {max} files.")]
    TooManyFiles {
        /// The bound.
        max: usize,
    },
    /// A clock could not be computed: the calendar has no working time.
    #[error("The program's calendar has no working time; an administrator has to mend it.")]
    Calendar,
}
