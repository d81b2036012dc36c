//! kits
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{KitAssetId, KitId};
use entente_domain::kit::{Kit, KitAssetKind};
use crate::{Saved, Store, StoreError, stub};
/// Which kits, newest published first, drafts last. An empty list does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KitQuery {
    /// Only those that partners see at that moment; none answers drafts and past ones too.
    pub published_at: Option<Timestamp>,
    /// Words of title and summary; each is complete or the beginning of one.
    pub search: Option<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Verticals, any of them; a kit for any vertical fits always.
    pub verticals: Vec<String>,
    /// Kinds of assets, any of them.
    pub kinds: Vec<KitAssetKind>,
    /// Publication and id of the last kit of the page before.
    pub after: Option<(Option<Timestamp>, KitId)>,
    /// Most kits to answer.
    pub limit: u32,
    /// Leave out the templates' texts.
    pub light: bool,
}
impl Store {
    /// A kit.
    pub async fn kit(&self, _id: &KitId) -> Result<Option<Kit>, StoreError> { stub() }
    /// The kit of an asset.
    pub async fn kit_of_asset(&self, _id: &KitAssetId) -> Result<Option<Kit>, StoreError> { stub() }
    /// A page.
    pub async fn kits(&self, _q: &KitQuery) -> Result<Vec<Kit>, StoreError> { stub() }
    /// How many, whatever the page.
    pub async fn count_kits(&self, _q: &KitQuery) -> Result<u64, StoreError> { stub() }
    /// Keeps a kit.
    pub async fn save_kit(&self, _kit: &Kit, _insert_only: bool, _events: &[Event]) -> Result<Saved, StoreError> { stub() }
}
