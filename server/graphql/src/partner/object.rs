//! A partner firm.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_domain::partner as domain;
use entente_domain::policy::{Action, Resource};
use jiff::tz::TimeZone;

use super::certificates::Certificate;
use crate::context::Ask as _;
use crate::deal::{DealConnection, DealFilter};
use crate::page::list_cost;
use crate::program::{PartnerType, Territory, Tier};
use crate::scalar::{CountryCode, Date, Url};
use crate::user::User;

/// How to reach a firm; public.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct PartnerContact {
    /// A person or team.
    name: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Telephone number as written by the partner.
    phone: Option<String>,
}

/// What can be done with a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum PartnerAction {
    /// Change its profile.
    Edit,
    /// See its deals.
    SeeDeals,
}

/// A partner firm.
pub(crate) struct Partner(pub(crate) Arc<domain::Partner>);

/// A partner firm. Anyone sees those that are published; its own people and the vendor's staff always.
#[Object]
impl Partner {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Part of the public address, unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Name of the firm.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who of the firm is certified; for the vendor and the firm's own people, empty for everybody else.
    async fn certificates(&self, ctx: &Context<'_>) -> Vec<Certificate> {
        entente_app::partner::certificates(ctx.actor(), &self.0).iter().map(Into::into).collect()
    }

    /// One sentence about it.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Its own website.
    async fn website(&self) -> Option<Url> {
        self.0.website.clone().map(Url)
    }

    /// Where its head office is.
    async fn country(&self) -> Option<CountryCode> {
        CountryCode::known(self.0.country.as_deref())
    }

    /// Its standing in the program.
    async fn tier(&self, ctx: &Context<'_>) -> Result<Option<Tier>> {
        let Some(key) = &self.0.tier else { return Ok(None) };
        Ok(ctx.program().await?.program.tier(key).map(Tier::from))
    }

    /// Ways in which it partners; several at once.
    async fn types(&self, ctx: &Context<'_>) -> Result<Vec<PartnerType>> {
        let view = ctx.program().await?;
        Ok(self.0.types.iter().map(|key| PartnerType::by_key(&view.program.partner_types, key)).collect())
    }

    /// Regions that it sells in.
    async fn territories(&self, ctx: &Context<'_>) -> Result<Vec<Territory>> {
        let view = ctx.program().await?;
        Ok(self.0.territories.iter().map(|key| Territory::by_key(&view.program.territories, key)).collect())
    }

    /// Industries that it serves, by the keys of `program.verticals`.
    async fn verticals(&self) -> &[String] {
        &self.0.verticals
    }

    /// Abilities, by the keys of `program.competencies`.
    async fn competencies(&self) -> &[String] {
        &self.0.competencies
    }

    /// Languages spoken (ISO 639-1).
    async fn languages(&self) -> &[String] {
        &self.0.languages
    }

    /// The vendor's channel manager for it; for the vendor's staff and the partner's own people.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let own = ctx.actor().is_some_and(|a| a.is_vendor() || a.partner_id.as_ref() == Some(&self.0.id));
        if !own {
            return Ok(None);
        }
        Ok(ctx.relations()?.user_opt(self.0.manager_id.as_ref()).await?.map(User))
    }

    /// Its deals, as far as the viewer may see them; empty for everybody else.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deals.")] filter: Option<DealFilter>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealConnection> {
        DealFilter::page_of_partner(ctx, filter, &self.0.id, first, after.as_deref()).await
    }

    /// Counts changes, from 1; a change names the version that it was decided on.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// A few sentences about it.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// City of the head office.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// Address of the logo picture; a generated one where the partner has none.
    async fn logo_url(&self, ctx: &Context<'_>) -> Result<Url> {
        Ok(Url(ctx.app()?.logo_url(&self.0)))
    }

    /// Whether it has a logo of its own.
    async fn has_logo(&self) -> bool {
        self.0.logo.is_some()
    }

    /// Public contact of the firm; null when it gave none.
    async fn contact(&self) -> Option<PartnerContact> {
        let domain::Contact { name, email, phone } = self.0.contact.clone();
        (name.is_some() || email.is_some() || phone.is_some()).then_some(PartnerContact { name, email, phone })
    }

    /// Brand colour, as `#1a2b3c`.
    async fn color(&self) -> Option<&str> {
        self.0.color.as_deref()
    }

    /// Whether anyone may find it in the directory.
    async fn published(&self) -> bool {
        self.0.published
    }

    /// Since when it is a partner.
    async fn partner_since(&self) -> Option<Date> {
        self.0.partner_since.map(|t| Date(t.to_zoned(TimeZone::UTC).date()))
    }

    /// What the viewer may do with it; the same rules that the mutations apply.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<PartnerAction> {
        let of = Resource::OfPartner(&self.0.id);
        let all = [(PartnerAction::Edit, Action::EditPartner), (PartnerAction::SeeDeals, Action::SeeDeals)];
        all.into_iter().filter(|(_, right)| ctx.may(*right, of)).map(|(action, _)| action).collect()
    }
}
