//! What the program sells, kept by administrators: adding, changing, retiring and bringing back products and bundles. The
//! program is one document guarded by its version; two changes of different products at once both happen, of the same one
//! the second is told that it looked at an old version.

mod feed;

use entente_domain::event::{Event, EventKind, Subject, Visibility};
use entente_domain::id::ProductId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::product::Product;
use entente_domain::product::change::{ProductChange, ProductError, ProductInput, add, change, restore as restored, retire as retired};
use entente_domain::program::Program;
use entente_store::{Committed, IdempotencyRecord};

use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused};

pub use feed::{ProgramFeed, ProgramNews};

/// Why a product is not added or changed.
#[derive(Debug)]
pub enum ProductRefusal {
    /// The actor's role may not do this.
    NotAllowed,
    /// The program's rules about products.
    Product(ProductError),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for ProductRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

type Done = Result<Product, Refused<ProductRefusal>>;

/// How often a change is made again when the program changed meanwhile.
const TRIES: usize = 10;

/// Adds a product or a bundle.
#[tracing::instrument(level = "debug", name = "product.create", skip_all)]
pub async fn create(app: &App, actor: &Actor, input: &ProductInput, key: Option<&str>) -> Done {
    may(actor)?;
    let once = Once::new(actor, "productCreate", key, input)?;
    let id = ProductId::new(app.ulid());
    let add = write(app, actor, &once, |program| add(program, input, id.clone()));
    once.or(app, Box::pin(add), |record| async move { replay(app, &record).await }).await
}

/// Changes a product that has that version.
#[tracing::instrument(level = "debug", name = "product.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, id: &str, version: i32, input: &ProductInput) -> Done {
    let (once, id) = (unrepeated(actor)?, known(id)?);
    write(app, actor, &once, |program| change(program, &id, version, input)).await
}

/// Retires a product that has that version: deals keep it, nobody registers it any more.
#[tracing::instrument(level = "debug", name = "product.retire", skip_all)]
pub async fn retire(app: &App, actor: &Actor, id: &str, version: i32) -> Done {
    let (once, id) = (unrepeated(actor)?, known(id)?);
    let now = app.now();
    write(app, actor, &once, |program| retired(program, &id, version, now)).await
}

/// Brings back a retired product that has that version.
#[tracing::instrument(level = "debug", name = "product.restore", skip_all)]
pub async fn restore(app: &App, actor: &Actor, id: &str, version: i32) -> Done {
    let (once, id) = (unrepeated(actor)?, known(id)?);
    write(app, actor, &once, |program| restored(program, &id, version)).await
}

fn may(actor: &Actor) -> Result<(), Refused<ProductRefusal>> {
    if can(actor, Action::ManageProducts, Resource::OfVendor) { Ok(()) } else { Err(Refused::Refused(ProductRefusal::NotAllowed)) }
}

/// For what is guarded by a version of its own: it needs no key.
fn unrepeated(actor: &Actor) -> Result<Once, Refused<ProductRefusal>> {
    may(actor)?;
    Once::new(actor, "productUpdate", None, &())
}

fn known(id: &str) -> Result<ProductId, Refused<ProductRefusal>> {
    id.parse().map_err(|_| Refused::Refused(ProductRefusal::Product(ProductError::NotFound)))
}

/// Decides on the program as it is stored, and writes; decides again when somebody else wrote meanwhile.
async fn write(app: &App, actor: &Actor, once: &Once, decide: impl Fn(&Program) -> Result<ProductChange, ProductError>) -> Done {
    for _ in 0..TRIES {
        let Some(program) = app.store.program().await? else { return Err(Refused::Failed(AppError::Unavailable("no program yet".into()))) };
        let decided = decide(&program).map_err(|e| Refused::Refused(ProductRefusal::Product(e)))?;
        if decided.changes.is_empty() {
            return Ok(program.product(&decided.product.id).cloned().unwrap_or(decided.product));
        }
        let cause = app.cause(actor);
        let event = Event {
            id: cause.event_id,
            kind: EventKind::ProgramChanged,
            subject: Subject::Program { id: program.id.clone() },
            occurred_at: cause.now,
            actor: cause.actor,
            visibility: Visibility::Shared,
            text: None,
            changes: decided.changes,
        };
        let record = once.record(decided.product.id.as_str(), String::new());
        match app.store.change_program(&decided.program, program.version, &[event], record.as_ref()).await? {
            Committed::Done => {
                app.forget_program();
                return Ok(decided.product);
            }
            Committed::Replayed(record) => return replay(app, &once.same(record)?).await,
            Committed::Stale | Committed::Duplicate | Committed::ClaimTaken(_) => {}
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a change of a product lost its race too often".into())))
}

/// The answer of the first time: the product as it is now.
async fn replay(app: &App, record: &IdempotencyRecord) -> Done {
    let program = app.store.program().await?;
    let found = program.and_then(|p| p.products.into_iter().find(|p| p.id.as_str() == record.result_id));
    found.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no product")))
}
