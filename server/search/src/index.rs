//! The index itself: a writer behind a lock and the last committed state, which readers take a share of and search without
//! ever waiting for the writer. A change is visible to every search that starts after the call that made it.

use crate::entry::PartnerEntry;
use crate::facets::Labels;
use crate::request::{FacetField, SearchError, SearchRequest, SearchResult};
use crate::schema::{self, Fields};
use crate::search;
use crate::suggest::{self, Known, Suggestion};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

/// Memory for changes not yet committed. Enough for tens of thousands of partners in one segment.
const WRITER_BYTES: usize = 96_000_000;
/// A segment with a larger part of replaced partners is written anew.
const MAX_REPLACED: f32 = 0.25;

/// Why the index could not be changed: it failed inside, for example because memory is short. It answers as before.
#[derive(Debug, thiserror::Error)]
#[error("the directory index could not be written")]
pub struct IndexError(#[from] TantivyError);

/// One step of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Put this partner in, in place of the one with the same id.
    Upsert(Box<PartnerEntry>),
    /// Take the partner with this id out; nothing if there is none.
    Remove(String),
}

/// The partner directory's index. A clone is another handle to the same index.
#[derive(Clone)]
pub struct DirectoryIndex {
    shared: Arc<Shared>,
}

struct Shared {
    schema: Schema,
    fields: Fields,
    writing: Mutex<Writing>,
    /// Locked only for as long as it takes to copy or swap a pointer.
    current: RwLock<Arc<Snapshot>>,
}

struct Writing {
    writer: IndexWriter,
    reader: IndexReader,
    labels: Labels,
}

/// One committed state.
pub(crate) struct Snapshot {
    pub searcher: Searcher,
    pub labels: Labels,
    /// What completion knows besides partners; worked out when first asked for.
    pub known: OnceLock<Vec<Known>>,
}

impl DirectoryIndex {
    /// An empty index.
    ///
    /// # Errors
    /// When its threads cannot be started.
    pub fn new() -> Result<Self, IndexError> {
        let (schema, fields) = schema::build();
        let writing = Writing::new(&schema)?;
        let current = RwLock::new(Arc::new(writing.snapshot()));
        Ok(Self { shared: Arc::new(Shared { schema, fields, writing: Mutex::new(writing), current }) })
    }

    /// Puts partners in, each in place of the one with its id. Waits for other writers; costs a few milliseconds a call,
    /// so give many at once where there are many.
    ///
    /// # Errors
    /// When the index fails; then none of them is in.
    pub fn upsert(&self, entries: &[PartnerEntry]) -> Result<(), IndexError> {
        self.apply(entries.iter().cloned().map(Box::new).map(Change::Upsert))
    }

    /// Takes a partner out. An unknown id is no error.
    ///
    /// # Errors
    /// When the index fails; then the partner is still in.
    pub fn remove(&self, id: &str) -> Result<(), IndexError> {
        self.apply([Change::Remove(id.to_owned())])
    }

    /// Makes changes in their order and shows them all at once.
    ///
    /// # Errors
    /// When the index fails; then none of them is made.
    pub fn apply(&self, changes: impl IntoIterator<Item = Change>) -> Result<(), IndexError> {
        let mut changes = changes.into_iter().peekable();
        if changes.peek().is_none() {
            return Ok(());
        }
        let mut writing = self.writing();
        if let Err(error) = writing.write(&self.shared.fields, changes) {
            // The error that began it says more than one of cleaning up.
            let _ = writing.writer.rollback();
            return Err(error.into());
        }
        self.show(&writing);
        Ok(())
    }

    /// Replaces everything. Searches answer from the old content until the new one is complete. Of entries with the same
    /// id the last stays.
    ///
    /// # Errors
    /// When the index fails; then the old content stays.
    pub fn replace_all(&self, entries: impl IntoIterator<Item = PartnerEntry>) -> Result<(), IndexError> {
        let mut writing = self.writing();
        // A new index, so that nothing is left of the old one and a failure leaves the old one alone.
        let mut fresh = Writing::new(&self.shared.schema)?;
        fresh.write(&self.shared.fields, entries.into_iter().map(Box::new).map(Change::Upsert))?;
        fresh.join_segments()?;
        *writing = fresh;
        self.show(&writing);
        Ok(())
    }

    /// How many partners are in, published or not.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.snapshot().searcher.num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether no partner is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One page of partners with the total and the facets. Takes milliseconds of one core at 50,000 partners.
    ///
    /// # Errors
    /// Every `SearchError`: bounds, a cursor that is none or another list's, a failure of the index.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResult, SearchError> {
        search::run(&self.snapshot(), &self.shared.fields, request)
    }

    /// Completes what is being typed: partners by name, competencies and places. At most `first` (1 to
    /// `MAX_SUGGESTIONS`), partners first; where both are plenty, half of them are partners. A prefix without a letter or
    /// digit completes to nothing.
    ///
    /// # Errors
    /// `TextTooLong`, `TooManyWords`, `PageSize` and `Index`.
    pub fn suggest(&self, prefix: &str, published_only: bool, first: usize) -> Result<Vec<Suggestion>, SearchError> {
        suggest::run(&self.snapshot(), &self.shared.fields, prefix, published_only, first)
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.shared.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, writing: &Writing) {
        let snapshot = Arc::new(writing.snapshot());
        *self.shared.current.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }
}

impl std::fmt::Debug for DirectoryIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectoryIndex").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl Writing {
    fn new(schema: &Schema) -> Result<Self, TantivyError> {
        let index = Index::create_in_ram(schema.clone());
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).memory_budget_per_thread(WRITER_BYTES).build();
        let writer = index.writer_with_options(options)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MAX_REPLACED);
        writer.set_merge_policy(Box::new(policy));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { writer, reader, labels: Labels::default() })
    }

    fn write(&mut self, fields: &Fields, changes: impl Iterator<Item = Change>) -> Result<(), TantivyError> {
        let mut labels = self.labels.clone();
        for change in changes {
            match change {
                Change::Upsert(entry) => {
                    for (labels, field) in labels.iter_mut().zip(FacetField::ALL) {
                        for (key, label) in schema::facet_values(&entry, field) {
                            if labels.get(key).is_none_or(|known| known != label) {
                                labels.insert(key.to_owned(), label.to_owned());
                            }
                        }
                    }
                    self.writer.delete_term(Term::from_field_text(fields.id, &entry.id));
                    self.writer.add_document(fields.document(&entry))?;
                }
                Change::Remove(id) => {
                    self.writer.delete_term(Term::from_field_text(fields.id, &id));
                }
            }
        }
        self.writer.commit()?;
        self.reader.reload()?;
        self.labels = labels;
        Ok(())
    }

    /// Makes one segment of several: a search costs a little for each.
    fn join_segments(&mut self) -> Result<(), TantivyError> {
        let segments = self.writer.index().searchable_segment_ids()?;
        if segments.len() > 1 {
            self.writer.merge(&segments).wait()?;
            self.reader.reload()?;
        }
        Ok(())
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { searcher: self.reader.searcher(), labels: self.labels.clone(), known: OnceLock::new() }
    }
}
