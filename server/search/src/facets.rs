//! Filtering and counting by the seven facet columns of one segment. A column keeps each partner's values as small numbers
//! into a sorted dictionary; keys and labels come into play only once the counts are there.

use crate::request::{Bucket, Facet, FacetField, PartnerFilter, SearchError};
use std::collections::HashMap;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

/// Labels by key, for each of `FacetField::ALL`.
pub(crate) type Labels = [HashMap<String, String>; FacetField::ALL.len()];
/// Counts by key, for each of `FacetField::ALL`.
pub(crate) type Counts = [HashMap<String, usize>; FacetField::ALL.len()];

/// One facet in one segment.
pub(crate) struct FacetColumn {
    column: Option<StrColumn>,
    /// By number in the dictionary: whether the filter names it. Absent when the filter leaves the field open.
    wanted: Option<Vec<bool>>,
    counts: Vec<usize>,
    rows: Vec<u32>,
    docs: Vec<DocId>,
    values: Vec<u64>,
}

impl FacetColumn {
    /// Opens the column and resolves the filter's keys in its dictionary.
    pub fn open(reader: &SegmentReader, field: FacetField, filter: &PartnerFilter) -> Result<Self, SearchError> {
        let column = reader.fast_fields().str(field.column())?;
        let terms = column.as_ref().map_or(0, |column| column.num_terms());
        let keys = filter.values(field);
        let mut wanted = (!keys.is_empty()).then(|| vec![false; terms]);
        if let (Some(wanted), Some(column)) = (&mut wanted, &column) {
            for key in keys {
                if let Some(slot) = column.dictionary().term_ord(key)?.and_then(|ord| wanted.get_mut(usize::try_from(ord).ok()?)) {
                    *slot = true;
                }
            }
        }
        Ok(Self { wanted, ..Self::counting(column) })
    }

    /// Any column of keys, for counting alone.
    pub fn of(reader: &SegmentReader, column: &str) -> Result<Self, SearchError> {
        Ok(Self::counting(reader.fast_fields().str(column)?))
    }

    fn counting(column: Option<StrColumn>) -> Self {
        let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        Self { column, wanted: None, counts, rows: Vec::new(), docs: Vec::new(), values: Vec::new() }
    }

    /// Whether the filter says anything about this field.
    pub fn narrows(&self) -> bool {
        self.wanted.is_some()
    }

    /// Whether a partner has one of the values the filter names, or the filter names none.
    pub fn accepts(&self, doc: DocId) -> bool {
        match (&self.wanted, &self.column) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wanted), Some(column)) => column.ords().values_for_doc(doc).any(|ord| wanted.get(ord as usize).copied().unwrap_or(false)),
        }
    }

    /// Counts the values of these partners, read in blocks.
    pub fn count(&mut self, docs: &[DocId]) {
        let Some(column) = &self.column else { return };
        let ords = column.ords();
        for docs in docs.chunks(1024) {
            self.docs.clear();
            self.rows.clear();
            ords.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
            self.values.resize(self.rows.len(), 0);
            ords.values.get_vals(&self.rows, &mut self.values);
            for value in &self.values {
                self.counts[*value as usize] += 1;
            }
        }
    }

    /// Adds the counts to those of other segments, by key.
    pub fn add_to(&self, counts: &mut HashMap<String, usize>) -> Result<(), SearchError> {
        let Some(column) = &self.column else { return Ok(()) };
        let ords: Vec<u64> = (0..self.counts.len() as u64).filter(|ord| self.counts[*ord as usize] > 0).collect();
        let mut values = ords.iter().map(|ord| self.counts[*ord as usize]);
        column.dictionary().sorted_ords_to_term_cb(&ords, |key| {
            let key = String::from_utf8_lossy(key);
            let count = values.next().unwrap_or(0);
            match counts.get_mut(key.as_ref()) {
                Some(sum) => *sum += count,
                None => {
                    counts.insert(key.into_owned(), count);
                }
            }
        })?;
        Ok(())
    }
}

/// The counts as an answer.
pub(crate) fn buckets(counts: Counts, labels: &Labels, filter: &PartnerFilter) -> Vec<Facet> {
    let fields = FacetField::ALL.into_iter().zip(counts).zip(labels);
    fields
        .map(|((field, mut counts), labels)| {
            for key in filter.values(field).iter().filter(|key| labels.contains_key(*key)) {
                counts.entry(key.clone()).or_insert(0);
            }
            let mut buckets: Vec<Bucket> =
                counts.into_iter().map(|(key, count)| Bucket { label: labels.get(&key).unwrap_or(&key).clone(), key, count }).collect();
            buckets.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)).then_with(|| a.key.cmp(&b.key)));
            Facet { field, buckets }
        })
        .collect()
}
