//! What the rules say of deadlines beside their hours.

use async_graphql::{Context, ID, InputObject, Object, Result};
use entente_domain::deal::deadline as domain;
use entente_domain::policy::{Action, Resource};

use crate::context::Ask as _;
use crate::user::User;

/// What the rules say of deadlines beside their hours.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DeadlineTermsInput {
    /// After which share of the time a decision counts as at risk, 1 to 99 per cent.
    #[graphql(default = 75)]
    warn_percent: i32,
    /// So many business hours after its deadline a decision that is still owed goes to the next owner, 1 to 2,000; left out it stays
    /// where it is.
    escalation_hours: Option<i32>,
    /// To whom it goes then; left out to the fallback owner of the routing table, or else to an administrator. Whoever cannot decide is
    /// passed over.
    escalation_to_id: Option<ID>,
}

impl From<DeadlineTermsInput> for domain::DeadlineTerms {
    fn from(input: DeadlineTermsInput) -> Self {
        let to = input.escalation_to_id.and_then(|id| id.parse().ok());
        let escalation = input.escalation_hours.map(|hours| domain::Escalation { after_hours: hours.into(), to });
        Self { warn_percent: input.warn_percent.into(), escalation }
    }
}

/// What the rules say of deadlines beside their hours.
pub(crate) struct DeadlineTerms(pub(crate) domain::DeadlineTerms);

/// What the rules say of deadlines beside their hours.
#[Object]
impl DeadlineTerms {
    /// After which share of the time a decision counts as at risk, in per cent.
    async fn warn_percent(&self) -> i32 {
        i32::try_from(self.0.warn_percent).unwrap_or_default()
    }

    /// So many business hours after its deadline a decision that is still owed goes to the next owner; null leaves it where it is.
    async fn escalation_hours(&self) -> Option<i32> {
        self.0.escalation.as_ref().and_then(|e| i32::try_from(e.after_hours).ok())
    }

    /// To whom it goes then; null for the fallback owner, and for those who may not see the vendor's people.
    async fn escalation_to(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let to = self.0.escalation.as_ref().and_then(|e| e.to.as_ref()).filter(|_| ctx.may(Action::SeeWithdrawnRules, Resource::OfVendor));
        Ok(ctx.relations()?.user_opt(to).await?.map(User))
    }
}
