//! The vendor's own opportunities on the wire.

mod subscription;

use std::collections::BTreeSet;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::direct::{self as app, DirectRefusal};
use entente_app::idempotency::KeyRefusal;
use entente_domain::direct::{self as domain, DirectCode as Wrong};

use crate::context::Ask as _;
use crate::page::{connection, list_cost};
use crate::problem::Problem;
use crate::program::Product;
use crate::scalar::{CountryCode, DateTime};
use crate::user_error::{DirectError, DirectErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

pub(crate) use subscription::DirectSubscription;

/// How far an opportunity of the vendor's own is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DirectStatus")]
pub(crate) enum DirectStatus {
    /// Somebody works on it.
    Open,
    /// The customer bought.
    Won,
    /// The customer did not buy, or it was given up.
    Lost,
}

/// An opportunity of the vendor's own.
pub(crate) struct DirectOpportunity(pub(crate) domain::Direct);

/// An opportunity that the vendor's own staff works on without a partner; only the vendor sees it.
#[Object]
impl DirectOpportunity {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Counts changes, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How far it is.
    async fn status(&self) -> DirectStatus {
        self.0.status.into()
    }

    /// Customer's name.
    async fn customer_name(&self) -> &str {
        &self.0.customer_name
    }

    /// Customer's registrable domain.
    async fn customer_domain(&self) -> Option<&str> {
        self.0.customer_domain.as_deref()
    }

    /// Where the customer is.
    async fn customer_country(&self) -> Option<CountryCode> {
        CountryCode::known(self.0.customer_country.as_deref())
    }

    /// Products it is about.
    async fn products(&self, ctx: &Context<'_>) -> Result<Vec<Product>> {
        let view = ctx.program().await?;
        Ok(self.0.product_ids.iter().filter_map(|id| view.program.product(id)).cloned().map(Product).collect())
    }

    /// What it is about.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Who recorded it.
    async fn recorded_by(&self) -> &str {
        &self.0.recorded_by.name
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// When it was won or lost.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}

connection!(DirectOpportunityConnection, DirectOpportunityEdge, DirectOpportunity, "opportunity of the vendor's own");

/// An opportunity of the vendor's own.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DirectRecordInput {
    /// Customer's name, at most 200 characters.
    customer_name: String,
    /// Customer's domain, address or e-mail.
    customer_domain: Option<String>,
    /// Where the customer is.
    customer_country: Option<CountryCode>,
    /// One to 20 of the program's products, by id.
    product_ids: Vec<ID>,
    /// What it is about, at most 4,000 characters.
    note: Option<String>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

/// What became of an opportunity.
#[derive(SimpleObject)]
pub(crate) struct DirectPayload {
    /// The opportunity; null when there are errors.
    direct: Option<DirectOpportunity>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl DirectPayload {
    fn of(done: Result<domain::Direct, Refused<DirectRefusal>>) -> Result<Self> {
        match done {
            Ok(direct) => Ok(Self { direct: Some(DirectOpportunity(direct)), errors: Vec::new() }),
            Err(refused) => Ok(Self { direct: None, errors: errors(refused)? }),
        }
    }
}

/// Root field of the vendor's own opportunities.
#[derive(Default)]
pub(crate) struct DirectQuery;

#[Object]
impl DirectQuery {
    /// The vendor's own opportunities, last recorded first. Empty for who may not see them.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn directs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DirectOpportunityConnection> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = app::list(ctx.app()?, actor, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(DirectOpportunityConnection::of(page.map(DirectOpportunity)))
    }
}

/// Mutations of the vendor's own opportunities.
#[derive(Default)]
pub(crate) struct DirectMutation;

#[Object]
impl DirectMutation {
    /// Records an opportunity that the vendor's own staff works on. Refused where a partner has protected the customer and one of
    /// the products. Vendor's sellers, channel managers and administrators.
    async fn direct_record(&self, ctx: &Context<'_>, #[graphql(desc = "The opportunity.")] input: DirectRecordInput) -> Result<DirectPayload> {
        let key = input.idempotency_key.clone();
        let typed = domain::DirectInput {
            customer_name: input.customer_name,
            customer_domain: input.customer_domain,
            customer_country: input.customer_country.map(|c| c.0),
            product_ids: input.product_ids.into_iter().map(|id| id.0).collect::<BTreeSet<_>>().into_iter().collect(),
            note: input.note,
        };
        DirectPayload::of(app::record(ctx.app()?, ctx.signed_in()?, &typed, key.as_deref()).await)
    }

    /// Closes an opportunity. Won is refused where a partner has protected the customer and one of the products meanwhile.
    /// Vendor's sellers, channel managers and administrators.
    async fn direct_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity.")] id: ID,
        #[graphql(desc = "The version that is closed.")] expected_version: i32,
        #[graphql(desc = "Whether the customer bought.")] won: bool,
    ) -> Result<DirectPayload> {
        DirectPayload::of(app::close(ctx.app()?, ctx.signed_in()?, &id, expected_version, won).await)
    }
}

fn errors(refused: Refused<DirectRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let one = |code, path: &[&str], message: &str| Ok(vec![DirectError::of(code, path, message)]);
    match refusal {
        DirectRefusal::NotAllowed => {
            one(Code::NotAllowed, &[], "Only the vendor's sellers, channel managers and administrators record direct sales.")
        }
        DirectRefusal::NotFound => one(Code::NotFound, &["id"], "There is no such opportunity."),
        DirectRefusal::CustomerProtected => one(
            Code::CustomerProtected,
            &["input"],
            "A partner has protected this customer for one of these products; sell with that partner, or wait.",
        ),
        DirectRefusal::StaleVersion(now) => {
            let message = format!("The opportunity has changed since you looked (version {now}); look again and repeat.");
            one(Code::StaleVersion, &["expectedVersion"], &message)
        }
        DirectRefusal::Closed => one(Code::Closed, &[], "The opportunity is closed already."),
        DirectRefusal::Key(KeyRefusal::Reused) => one(Code::IdempotencyKeyReused, &["input", "idempotencyKey"], KEY_REUSED),
        DirectRefusal::Key(KeyRefusal::Invalid) => one(Code::InvalidInput, &["input", "idempotencyKey"], KEY_INVALID),
        DirectRefusal::Invalid(wrong) => Ok(wrong
            .into_iter()
            .map(|w| {
                let code = match w.code {
                    Wrong::Required => Code::Required,
                    Wrong::TooLong => Code::TooLong,
                    Wrong::InvalidInput => Code::InvalidInput,
                    Wrong::CustomerCountryUnknown => Code::CustomerCountryUnknown,
                    Wrong::ProductUnknown => Code::ProductUnknown,
                };
                DirectError::of(code, &["input", w.field], w.message)
            })
            .collect()),
    }
}
