//! Adding, changing, retiring and bringing back products. Administrators of the vendor only.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::product::ProductRefusal;
use entente_domain::product as domain;
use entente_domain::product::change::{ProductCode, ProductError as Wrong, ProductViolation};

use super::Product;
use super::input::ProductInput;
use crate::context::Ask as _;
use crate::problem::Problem;
use crate::user_error::{KEY_INVALID, KEY_REUSED, ProductError, ProductErrorCode as Code, UserError};

/// What became of a change of a product.
#[derive(SimpleObject)]
pub(crate) struct ProductPayload {
    /// The product; null when there are errors.
    product: Option<Product>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl ProductPayload {
    fn of(done: Result<domain::Product, Refused<ProductRefusal>>) -> Result<Self> {
        match done {
            Ok(product) => Ok(Self { product: Some(Product(product)), errors: Vec::new() }),
            Err(refused) => Ok(Self { product: None, errors: errors(refused)? }),
        }
    }
}

/// Mutations of products.
#[derive(Default)]
pub(crate) struct ProductMutation;

#[Object]
impl ProductMutation {
    /// Adds a product or a bundle to what the program sells; it can be registered at once. Administrators of the vendor only.
    async fn product_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductInput,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ProductPayload> {
        ProductPayload::of(entente_app::product::create(ctx.app()?, ctx.signed_in()?, &input.into(), idempotency_key.as_deref()).await)
    }

    /// Changes a product or a bundle to what is given. Deals keep what was in a bundle when they were registered.
    /// Administrators of the vendor only.
    async fn product_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] id: ID,
        #[graphql(desc = "The version that was read; another one now is the error `STALE_VERSION`.")] expected_version: i32,
        #[graphql(desc = "The product as it shall be, whole.")] input: ProductInput,
    ) -> Result<ProductPayload> {
        ProductPayload::of(entente_app::product::update(ctx.app()?, ctx.signed_in()?, &id, expected_version, &input.into()).await)
    }

    /// Retires a product: deals keep it, and it can no longer be registered. Refused while a bundle that can be registered has
    /// it inside. Administrators of the vendor only.
    async fn product_retire(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] id: ID,
        #[graphql(desc = "The version that was read; another one now is the error `STALE_VERSION`.")] expected_version: i32,
    ) -> Result<ProductPayload> {
        ProductPayload::of(entente_app::product::retire(ctx.app()?, ctx.signed_in()?, &id, expected_version).await)
    }

    /// Brings a retired product back: it can be registered again. Refused for a bundle with a retired product inside.
    /// Administrators of the vendor only.
    async fn product_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product.")] id: ID,
        #[graphql(desc = "The version that was read; another one now is the error `STALE_VERSION`.")] expected_version: i32,
    ) -> Result<ProductPayload> {
        ProductPayload::of(entente_app::product::restore(ctx.app()?, ctx.signed_in()?, &id, expected_version).await)
    }
}

fn violation(v: ProductViolation) -> UserError {
    let mut path = vec!["input"];
    path.extend(v.path.iter().map(String::as_str));
    ProductError::of(v.code.into(), &path, v.message)
}

fn errors(refused: Refused<ProductRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let one = |code, path: &[&str], message: &str| Ok(vec![ProductError::of(code, path, message)]);
    match refusal {
        ProductRefusal::NotAllowed => one(Code::NotAllowed, &[], "Only administrators of the program change what it sells."),
        ProductRefusal::Key(KeyRefusal::Reused) => one(Code::IdempotencyKeyReused, &["idempotencyKey"], KEY_REUSED),
        ProductRefusal::Key(KeyRefusal::Invalid) => one(Code::InvalidInput, &["idempotencyKey"], KEY_INVALID),
        ProductRefusal::Product(Wrong::Invalid(wrong)) => Ok(wrong.into_iter().map(violation).collect()),
        ProductRefusal::Product(wrong) => {
            let message = wrong.to_string();
            let (code, path): (_, &[&str]) = match wrong {
                Wrong::StaleVersion { .. } => (Code::StaleVersion, &["expectedVersion"]),
                Wrong::RetiredAlready { .. } => (Code::RetiredAlready, &["id"]),
                Wrong::NotRetired { .. } => (Code::NotRetired, &["id"]),
                Wrong::InBundle { .. } => (Code::InBundle, &["id"]),
                Wrong::ContentRetired { .. } => (Code::ProductRetired, &["id"]),
                Wrong::NotFound | Wrong::Invalid(_) => (Code::NotFound, &["id"]),
            };
            one(code, path, &message)
        }
    }
}

impl From<ProductCode> for Code {
    fn from(code: ProductCode) -> Self {
        match code {
            ProductCode::Required => Self::Required,
            ProductCode::TooLong => Self::TooLong,
            ProductCode::InvalidInput => Self::InvalidInput,
            ProductCode::KeyTaken => Self::KeyTaken,
            ProductCode::NameTaken => Self::NameTaken,
            ProductCode::CurrencyNotAccepted => Self::CurrencyNotAccepted,
            ProductCode::ProductUnknown => Self::ProductUnknown,
            ProductCode::ProductRetired => Self::ProductRetired,
            ProductCode::VerticalUnknown => Self::VerticalUnknown,
            ProductCode::BundleEmpty => Self::BundleEmpty,
            ProductCode::BundleInBundle => Self::BundleInBundle,
            ProductCode::KindFixed => Self::KindFixed,
            ProductCode::CatalogueFull => Self::CatalogueFull,
        }
    }
}
