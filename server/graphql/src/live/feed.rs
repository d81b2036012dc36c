//! What a subscription's resolver needs to become a live stream: with it, a new stream is a feed of the use cases and one
//! small file here.

use std::sync::atomic::{AtomicI64, Ordering};

use async_graphql::{Context, Result, SimpleObject};
use entente_app::live::{Feed, Span, Told, follow};
use entente_domain::Timestamp;
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::page::{read_seq_cursor, seq_cursor};
use crate::relations::Cell;

/// The changes since a cursor can no longer be told one by one.
#[derive(SimpleObject)]
pub(crate) struct ResyncRequired {
    /// Read the list again, and go on from this cursor.
    cursor: String,
    /// Why.
    reason: String,
}

/// What a feed told, on its way into the schema.
pub(crate) enum Live<T> {
    /// Something happened; the cursor to resume from comes with it.
    Item(String, T),
    /// Read everything again.
    Resync(ResyncRequired),
}

/// Where a stream begins and ends in spite of its arguments, and which event it is at: the link between the answers of the
/// engine and the numbers behind them.
#[derive(Debug)]
pub(super) struct Place {
    span: Option<Span>,
    seq: AtomicI64,
    at: AtomicI64,
}

impl Place {
    pub(super) fn new(span: Option<Span>) -> Self {
        Self { span, seq: AtomicI64::new(0), at: AtomicI64::new(0) }
    }

    /// The number of the event whose answer came last, and when it happened; none for a resynchronisation.
    pub(super) fn now(&self) -> (i64, Option<Timestamp>) {
        let at = self.at.load(Ordering::Relaxed);
        (self.seq.load(Ordering::Relaxed), if at == 0 { None } else { Timestamp::from_millisecond(at).ok() })
    }

    fn reach<T>(&self, told: &Told<T>) {
        let at = if let Told::Item { at, .. } = told { at.as_millisecond() } else { 0 };
        self.seq.store(told.seq(), Ordering::Relaxed);
        self.at.store(at, Ordering::Relaxed);
    }
}

/// The stream of a feed for whoever asks, who must be signed in; `after` as it came with the operation.
pub(crate) fn live<'ctx, F: Feed>(ctx: &Context<'ctx>, feed: F, after: Option<&str>) -> Result<impl Stream<Item = Live<F::Item>> + use<'ctx, F>> {
    let after = after.map(read_seq_cursor).transpose()?;
    let place = ctx.data_opt::<std::sync::Arc<Place>>();
    let span = place.and_then(|place| place.span).unwrap_or(Span { after, until: None });
    let relations = ctx.data_opt::<Cell>();
    let told = follow(ctx.app()?, ctx.signed_in()?.clone(), feed, span);
    Ok(told.map(move |told| {
        // What was read for one event says nothing about the next.
        if let Some(relations) = relations {
            relations.renew();
        }
        if let Some(place) = place {
            place.reach(&told);
        }
        match told {
            Told::Item { seq, item, .. } => Live::Item(seq_cursor(seq), item),
            Told::Resync { seq, reason } => Live::Resync(ResyncRequired { cursor: seq_cursor(seq), reason }),
        }
    }))
}
