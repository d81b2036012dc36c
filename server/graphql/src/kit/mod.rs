//! Campaign kits on the wire: the vendor's content with the viewer's own partner merged in.

mod object;
mod query;

pub(crate) use object::{Kit, KitAsset};
pub(crate) use query::KitQuery;
