//! A room, who takes part, introductions and messages.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_app::cosell::{self as app, Shown};
use entente_domain::cosell::change::{may_host, may_manage, may_write};
use entente_domain::cosell::message::RoomMessage;
use entente_domain::cosell::{self as domain, Introduction};
use entente_domain::money::format_decimal;
use entente_domain::policy::{Action, scope};

use crate::context::Ask as _;
use crate::deal::Deal;
use crate::page::{connection, list_cost};
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::{DealStage, Money};
use crate::scalar::{CountryCode, Date, DateTime, Decimal};

/// What a partner does on a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CosellRole")]
pub(crate) enum CosellRole {
    /// Brought the deal; shares of all who did sum to 100 per cent.
    Sourced,
    /// Helped materially.
    Influenced,
    /// Delivers services after the sale.
    Delivered,
}

/// What came of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::IntroductionOutcome")]
pub(crate) enum IntroductionOutcome {
    /// Nothing yet.
    Open,
    /// They met.
    Met,
    /// The one who was introduced did not want to.
    Declined,
    /// Nothing came of it.
    NoAnswer,
}

/// What the viewer may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DealRoomAction {
    /// Write messages and record introductions.
    Write,
    /// Record the customer's permission, and say what of the deal participants see.
    Host,
    /// Say who takes part.
    Manage,
}

/// A partner in one role on a deal.
pub(crate) struct DealRoomParticipant(domain::Participant);

/// A partner in one role on a deal.
#[Object]
impl DealRoomParticipant {
    /// Who; null for one that is no longer in the directory.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner(&self.0.partner_id).await?.map(Partner))
    }

    /// In which role.
    async fn role(&self) -> CosellRole {
        self.0.role.into()
    }

    /// With which share, in per cent; null where nobody said.
    async fn share(&self) -> Option<Decimal> {
        self.0.share.map(|s| Decimal(format_decimal(s)))
    }

    /// What the partner did.
    async fn act(&self) -> &str {
        &self.0.act
    }

    /// On which day.
    async fn acted_on(&self) -> Date {
        Date(self.0.acted_on)
    }
}

/// The customer as participants know it.
#[derive(SimpleObject)]
pub(crate) struct DealRoomCustomer {
    /// Name as the deal's partner wrote it.
    name: String,
    /// Registrable domain.
    domain: Option<String>,
    /// Where it is.
    country: Option<CountryCode>,
}

/// That the customer agreed to be named to further partners.
#[derive(SimpleObject)]
pub(crate) struct DealRoomPermission {
    /// Who at the customer agreed.
    granted_by: String,
    /// What shows it; for the vendor and the deal's own partner only.
    proof: Option<String>,
    /// Who wrote it down.
    recorded_by: String,
    /// When.
    recorded_at: DateTime,
}

/// That somebody introduced somebody to somebody.
#[derive(SimpleObject)]
pub(crate) struct DealRoomIntroduction {
    /// Its id.
    id: ID,
    /// Who introduced.
    introducer: String,
    /// Who was introduced.
    introduced: String,
    /// To whom.
    to: String,
    /// On which day.
    on: Date,
    /// What came of it.
    outcome: IntroductionOutcome,
    /// Who wrote it down.
    recorded_by: String,
    /// When.
    recorded_at: DateTime,
}

impl From<&Introduction> for DealRoomIntroduction {
    fn from(i: &Introduction) -> Self {
        Self {
            id: ID(i.id.to_string()),
            introducer: i.introducer.clone(),
            introduced: i.introduced.clone(),
            to: i.to.clone(),
            on: Date(i.on),
            outcome: i.outcome.into(),
            recorded_by: i.recorded_by.name.clone(),
            recorded_at: DateTime(i.recorded_at),
        }
    }
}

/// A file that goes with a message.
#[derive(SimpleObject)]
pub(crate) struct DealRoomFile {
    /// Id of the file.
    id: ID,
    /// Name as it was given.
    name: String,
    /// What it is, as checked when it came.
    media_type: String,
    /// Bytes.
    size: i32,
    /// Where it is loaded from; the address holds for a quarter of an hour or more.
    url: String,
}

/// A message in a room.
pub(crate) struct DealRoomMessage(pub(super) RoomMessage);

/// A message in a room; never changed and never removed.
#[Object]
impl DealRoomMessage {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Who wrote it, by the name of that time.
    async fn author_name(&self) -> &str {
        &self.0.author.name
    }

    /// The author's partner; null for the vendor.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        let Some(id) = &self.0.partner_id else { return Ok(None) };
        Ok(ctx.relations()?.partner(id).await?.map(Partner))
    }

    /// What was written.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// Files that go with it, at most five.
    async fn files(&self, ctx: &Context<'_>) -> Result<Vec<DealRoomFile>> {
        let app = ctx.app()?;
        let of = |f: &entente_domain::deal::evidence::EvidenceFile| DealRoomFile {
            id: ID(f.id.to_string()),
            name: f.name.clone(),
            media_type: f.media_type.clone(),
            size: i32::try_from(f.size).unwrap_or(i32::MAX),
            url: app.room_file_url(&self.0.room_id, &self.0.id, &f.id),
        };
        Ok(self.0.files.iter().map(of).collect())
    }
}

connection!(DealRoomMessageConnection, DealRoomMessageEdge, DealRoomMessage, "message of a room");
connection!(DealRoomConnection, DealRoomEdge, DealRoom, "room");

/// The room of a deal.
pub(crate) struct DealRoom(pub(crate) Shown);

impl DealRoom {
    /// Whether the viewer sees the deal itself: the vendor, and the deal's own partner.
    fn is_host(&self, ctx: &Context<'_>) -> bool {
        ctx.actor().is_some_and(|actor| scope(actor, Action::SeeDeals).admits(&self.0.deal.partner_id))
    }
}

/// The room of a deal on which several partners work. Seen by the vendor, by the deal's own partner and, while the customer permits it,
/// by the partners who take part; to these the deal itself stays hidden but for what the room shares.
#[Object]
impl DealRoom {
    /// The deal's id.
    async fn deal_id(&self) -> ID {
        ID(self.0.deal.id.to_string())
    }

    /// The deal; null for partners other than its own.
    async fn deal(&self, ctx: &Context<'_>) -> Option<Deal> {
        self.is_host(ctx).then(|| Deal((*self.0.deal).clone()))
    }

    /// Counts changes; 0 while nothing was written. A message counts none.
    async fn version(&self) -> i32 {
        self.0.room.version
    }

    /// What the deal is about.
    async fn title(&self) -> &str {
        &self.0.deal.title
    }

    /// The customer.
    async fn customer(&self) -> Option<DealRoomCustomer> {
        let c = self.0.deal.customer.as_ref()?;
        Some(DealRoomCustomer { name: c.name.clone(), domain: c.domain.clone(), country: CountryCode::known(c.country.as_deref()) })
    }

    /// How far the sale is.
    async fn stage(&self, ctx: &Context<'_>) -> Result<DealStage> {
        Ok(DealStage::by_key(&ctx.program().await?.program, &self.0.deal.stage, self.0.deal.stage_category))
    }

    /// Whose deal it is.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner(&self.0.deal.partner_id).await?.map(Partner))
    }

    /// Its value; null for partners other than its own, unless the room shares it.
    async fn value(&self, ctx: &Context<'_>) -> Option<Money> {
        (self.0.room.shares.value || self.is_host(ctx)).then(|| (&self.0.deal.value).into())
    }

    /// What happens next; null for partners other than its own, unless the room shares it.
    async fn next_step(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.deal.next_step.as_deref().filter(|_| self.0.room.shares.next_step || self.is_host(ctx))
    }

    /// When it is expected to close; null for partners other than its own, unless the room shares what happens next.
    async fn expected_close_on(&self, ctx: &Context<'_>) -> Option<Date> {
        self.0.deal.expected_close_on.filter(|_| self.0.room.shares.next_step || self.is_host(ctx)).map(Date)
    }

    /// Whether participants see the value.
    async fn shares_value(&self) -> bool {
        self.0.room.shares.value
    }

    /// Whether participants see what happens next, and when it is expected to close.
    async fn shares_next_step(&self) -> bool {
        self.0.room.shares.next_step
    }

    /// Partners with their roles: who sourced it, who influenced it, who delivers. At most 20.
    async fn participants(&self) -> Vec<DealRoomParticipant> {
        self.0.room.participants.iter().cloned().map(DealRoomParticipant).collect()
    }

    /// The customer's permission to be named to further partners; null while there is none.
    async fn permission(&self, ctx: &Context<'_>) -> Option<DealRoomPermission> {
        let p = self.0.room.permission.as_ref()?;
        Some(DealRoomPermission {
            granted_by: p.granted_by.clone(),
            proof: self.is_host(ctx).then(|| p.proof.clone()),
            recorded_by: p.recorded_by.name.clone(),
            recorded_at: DateTime(p.recorded_at),
        })
    }

    /// Who introduced whom, oldest first, at most 100.
    async fn introductions(&self) -> Vec<DealRoomIntroduction> {
        self.0.room.introductions.iter().map(Into::into).collect()
    }

    /// When the room last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.room.updated_at)
    }

    /// Messages, newest first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealRoomMessageConnection> {
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = app::messages(ctx.app()?, &self.0.room, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(DealRoomMessageConnection::of(page.map(DealRoomMessage)))
    }

    /// What the viewer may do; the same rules that the mutations apply.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<DealRoomAction> {
        let Some(actor) = ctx.actor() else { return Vec::new() };
        let room = &self.0.room;
        let all = [
            (may_write(room, actor), DealRoomAction::Write),
            (may_host(room, actor), DealRoomAction::Host),
            (may_manage(actor), DealRoomAction::Manage),
        ];
        all.into_iter().filter(|(may, _)| *may).map(|(_, action)| action).collect()
    }
}
