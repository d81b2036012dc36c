//! What is told live of partners: every change of a profile that the viewer may see.

use std::sync::Arc;

use entente_domain::Timestamp;
use entente_domain::id::PartnerId;
use entente_domain::partner::Partner;
use entente_domain::policy::Actor;

use super::visible;
use crate::live::{Change, Feed};

/// A partner was added, or its profile changed.
#[derive(Debug, Clone)]
pub struct PartnerNews {
    /// When.
    pub occurred_at: Timestamp,
    /// The partner as it is now.
    pub partner: Arc<Partner>,
}

/// Changes of these partners; of all that the viewer may see when the list is empty.
#[derive(Debug, Clone, Default)]
pub struct PartnerFeed {
    /// Which partners.
    pub ids: Vec<PartnerId>,
}

impl Feed for PartnerFeed {
    type Item = PartnerNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<PartnerNews> {
        let partner = change.partner.as_ref()?;
        let wanted = self.ids.is_empty() || self.ids.contains(&partner.id);
        (wanted && visible(Some(actor), partner)).then(|| PartnerNews { occurred_at: change.numbered.event.occurred_at, partner: partner.clone() })
    }
}
