//! Anything with a global id. What is hidden from the viewer answers as what does not exist: null.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, Result};
use entente_app::AppError;
use entente_domain::id::{DealId, KitAssetId, ProductId, UserId};

use crate::api_key::ApiKey;
use crate::context::Ask as _;
use crate::deal::{Customer, Deal};
use crate::dispute::Dispute;
use crate::import::ImportRun;
use crate::kit::{Kit, KitAsset};
use crate::lead::Lead;
use crate::page::keys;
use crate::partner::Partner;
use crate::problem::Problem;
use crate::program::{Product, Program};
use crate::user::User;

/// Anything with a global id: a type prefix and a ULID, as `deal_01J...`.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
pub(crate) enum Node {
    Deal(Box<Deal>),
    Customer(Customer),
    Partner(Partner),
    User(User),
    Product(Box<Product>),
    Program(Program),
    Kit(Kit),
    KitAsset(KitAsset),
    ApiKey(Box<ApiKey>),
    ImportRun(Box<ImportRun>),
    Lead(Box<Lead>),
    Dispute(Box<Dispute>),
}

/// Root fields of nodes.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its global id; null when there is no such thing or the viewer may not see it.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Node>> {
        Ok(one(ctx, &id).await?)
    }

    /// Several things by their global ids, in the order asked for; null for each that the viewer may not see.
    #[graphql(complexity = "1 + ids.len() * child_complexity")]
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "Their ids, at most 100.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        let ids = keys("ids", Some(ids))?;
        preload(ctx, &ids).await?;
        let found = futures::future::try_join_all(ids.iter().map(|id| one(ctx, id))).await?;
        Ok(found)
    }
}

/// Reads deals, partners and people among these ids with one query for each kind.
async fn preload(ctx: &Context<'_>, ids: &[ID]) -> Result<(), Problem> {
    let Some(actor) = ctx.actor() else { return Ok(()) };
    let deals: Vec<DealId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let users: Vec<UserId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let relations = ctx.relations()?;
    let found =
        async { if deals.is_empty() { Ok(Vec::new()) } else { entente_app::deal::get_many(ctx.app()?, actor, &deals).await.map_err(Problem::from) } };
    let (found, ()) = futures::try_join!(found, relations.preload(Vec::new(), users))?;
    relations.keep_deals(&deals, found);
    Ok(())
}

/// The thing of an id, as far as the viewer may see it.
async fn one(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Problem> {
    let (app, actor) = (ctx.app()?, ctx.actor());
    let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
    match (prefix, actor) {
        ("part", _) => Ok(entente_app::partner::get(app, actor, id).await?.map(|p| Node::Partner(Partner(Arc::new(p))))),
        ("prog", _) => {
            let view = ctx.program().await?;
            Ok((view.program.id.as_str() == id.as_str()).then(|| Node::Program(Program(view))))
        }
        (_, None) => Ok(None),
        ("deal", Some(actor)) => match id.parse::<DealId>().ok().and_then(|id| ctx.relations().ok()?.deal(&id)) {
            Some(known) => Ok(known.map(|d| Node::Deal(Box::new(Deal(d))))),
            None => Ok(entente_app::deal::get(app, actor, id).await?.map(|d| Node::Deal(Box::new(Deal(d))))),
        },
        ("cust", Some(actor)) => Ok(entente_app::deal::customer(app, actor, id).await?.map(|c| Node::Customer(Customer(c)))),
        ("user", Some(_)) => {
            let id = id.parse::<UserId>().ok();
            Ok(ctx.relations()?.user_opt(id.as_ref()).await?.map(|u| Node::User(User(u))))
        }
        ("prod", Some(_)) => {
            let Ok(id) = id.parse::<ProductId>() else { return Ok(None) };
            Ok(ctx.program().await?.program.product(&id).map(|p| Node::Product(Box::new(Product(p.clone())))))
        }
        ("kit", Some(actor)) => Ok(entente_app::kit::get(app, actor, id).await?.map(|k| Node::Kit(Kit(Arc::new(k))))),
        ("asset", Some(actor)) => {
            let (Some((kit, _)), Ok(id)) = (entente_app::kit::asset(app, actor, id).await?, id.parse::<KitAssetId>()) else { return Ok(None) };
            Ok(KitAsset::of(kit, &id).map(Node::KitAsset))
        }
        ("key", Some(actor)) => Ok(entente_app::api_key::get(app, actor, id).await?.map(|k| Node::ApiKey(Box::new(ApiKey(k))))),
        ("disp", Some(actor)) => Ok(entente_app::dispute::get(app, actor, id).await?.map(|d| Node::Dispute(Box::new(Dispute(d))))),
        ("lead", Some(actor)) => Ok(entente_app::lead::get(app, actor, id).await?.map(|l| Node::Lead(Box::new(Lead(l))))),
        ("imp", Some(actor)) => match entente_app::import::get(app, actor, id).await {
            // Who may not see imports is not told which there are.
            Err(AppError::Forbidden) => Ok(None),
            found => Ok(found?.map(|run| Node::ImportRun(Box::new(ImportRun(run))))),
        },
        _ => Ok(None),
    }
}
