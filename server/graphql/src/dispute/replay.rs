//! One moment of a dispute's file.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use entente_domain::deal as deals;
use entente_domain::dispute::replay as domain;

use crate::context::Ask as _;
use crate::program::DealStage;
use crate::scalar::DateTime;

/// What a moment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::About")]
pub(crate) enum DisputeAbout {
    /// The dispute.
    Dispute,
    /// The deal of the one who complains.
    Complainant,
    /// The deal of the other side.
    Respondent,
}

/// A deal as it was at a moment.
#[derive(SimpleObject)]
pub(crate) struct DisputeDealThen {
    /// Number that people say.
    number: String,
    /// Its version then.
    version: i32,
    /// Its title then.
    title: String,
    /// Its registration then, as `APPROVED`.
    status: String,
    /// Its stage then.
    stage: DealStage,
    /// When the vendor owed a decision; null when it owed none.
    decision_due_at: Option<DateTime>,
    /// Until when it was protected; null when it was not, and while the clock stood still.
    protected_until: Option<DateTime>,
    /// The vendor's open question then.
    open_question: Option<String>,
    /// Reason or note of the decision that held then.
    decision_reason: Option<String>,
}

/// A moment of a dispute's file.
pub(crate) struct DisputeMoment {
    pub(super) moment: domain::Moment,
    pub(super) vendor: bool,
}

async fn then(ctx: &Context<'_>, deal: Option<&deals::Deal>) -> Result<Option<DisputeDealThen>> {
    let Some(deal) = deal else { return Ok(None) };
    Ok(Some(DisputeDealThen {
        number: deal.number.clone(),
        version: deal.version,
        title: deal.title.clone(),
        status: deal.status.name().to_owned(),
        stage: DealStage::by_key(&ctx.program().await?.program, &deal.stage, deal.stage_category),
        decision_due_at: deal.decision_due_at.map(DateTime),
        protected_until: deal.protected_until.map(DateTime),
        open_question: deal.open_question.clone(),
        decision_reason: deal.decision_reason.clone(),
    }))
}

/// A moment of a dispute's file: what happened, who could see it, and the deals as they were right after it.
#[Object]
impl DisputeMoment {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.moment.at)
    }

    /// What it is about.
    async fn about(&self) -> DisputeAbout {
        self.moment.about.into()
    }

    /// What happened, as `DEAL_APPROVED`; new kinds may come.
    async fn kind(&self) -> &str {
        self.moment.kind.name()
    }

    /// What happened in a few words of English.
    async fn sentence(&self) -> &str {
        self.moment.kind.sentence()
    }

    /// Who did it; null where it was the other side.
    async fn actor_name(&self) -> Option<&str> {
        Some(self.moment.actor.as_str()).filter(|name| !name.is_empty())
    }

    /// What was written; null where nothing was, and where it is the other side's.
    async fn text(&self) -> Option<&str> {
        self.moment.text.as_deref()
    }

    /// Whether the one who complains could see that it happened; null for the other side.
    async fn complainant_sees(&self) -> Option<bool> {
        (self.vendor || self.moment.complainant_sees).then_some(self.moment.complainant_sees)
    }

    /// Whether the other side could see that it happened; null for the one who complains.
    async fn respondent_sees(&self) -> Option<bool> {
        (self.vendor || self.moment.respondent_sees).then_some(self.moment.respondent_sees)
    }

    /// The deal of the one who complains, right after it; null before it was there, and for the other side.
    async fn complainant_deal(&self, ctx: &Context<'_>) -> Result<Option<DisputeDealThen>> {
        then(ctx, self.moment.complainant_deal.as_ref()).await
    }

    /// The deal of the other side, right after it; null before it was there, and for the one who complains.
    async fn respondent_deal(&self, ctx: &Context<'_>) -> Result<Option<DisputeDealThen>> {
        then(ctx, self.moment.respondent_deal.as_ref()).await
    }
}
