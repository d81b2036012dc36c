//! How a partner is laid out in the index: four texts to match words in, columns to filter, count and sort by.
//! Texts arrive folded (see `fold`), so the index itself only parts them at spaces.

use crate::entry::PartnerEntry;
use crate::fold;
use crate::request::FacetField;
use std::collections::BTreeSet;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

/// Column of the sort key: the folded name, a zero byte, the id. Unique, so its order is total.
pub(crate) const SORT_COLUMN: &str = "sort";
/// Column of the tier's rank.
pub(crate) const RANK_COLUMN: &str = "rank";
/// Column of the publication flag.
pub(crate) const PUBLISHED_COLUMN: &str = "published";
/// Column of the city as written.
pub(crate) const CITY_COLUMN: &str = "city";
/// Column of all names of the country.
pub(crate) const COUNTRY_NAME_COLUMN: &str = "country_name";

/// The texts words are matched in, the weightiest first.
pub(crate) const TEXTS: usize = 4;
/// Position of the name among the texts.
pub(crate) const NAME_TEXT: usize = 0;

/// Handles to the fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub id: Field,
    pub name: Field,
    /// Name, labels and places, summary, description.
    pub texts: [Field; TEXTS],
    sort: Field,
    rank: Field,
    published: Field,
    city: Field,
    country_name: Field,
    facets: [Field; FacetField::ALL.len()],
}

/// The schema and the handles into it.
pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // Neither frequencies nor positions nor lengths are asked for: a score here says which words matched how (see
    // `matching`), so it stays the same whatever else the index holds, and a cursor made from it stays good.
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false),
    );
    let column = TextOptions::default().set_fast("raw");
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        name: schema.add_text_field("name", STORED),
        texts: ["name_text", "label_text", "summary_text", "description_text"].map(|name| schema.add_text_field(name, text.clone())),
        sort: schema.add_text_field(SORT_COLUMN, column.clone()),
        rank: schema.add_i64_field(RANK_COLUMN, NumericOptions::default() | FAST),
        published: schema.add_bool_field(PUBLISHED_COLUMN, NumericOptions::default() | FAST),
        city: schema.add_text_field(CITY_COLUMN, column.clone()),
        country_name: schema.add_text_field(COUNTRY_NAME_COLUMN, column.clone()),
        facets: FacetField::ALL.map(|field| schema.add_text_field(field.column(), column.clone())),
    };
    (schema.build(), fields)
}

/// Splits a sort key into the folded name and the id.
pub(crate) fn id_of(sort_key: &str) -> &str {
    sort_key.split_once('\0').map_or(sort_key, |(_, id)| id)
}

impl Fields {
    /// The partner as the index stores it.
    pub fn document(&self, entry: &PartnerEntry) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        doc.add_text(self.id, &entry.id);
        doc.add_text(self.name, &entry.name);
        for (field, text) in self.texts.iter().zip(texts(entry)) {
            doc.add_text(*field, text);
        }
        doc.add_text(self.sort, format!("{}\0{}", fold::phrase(&entry.name), entry.id));
        doc.add_i64(self.rank, entry.tier.as_ref().map_or(i64::MIN, |tier| tier.rank));
        doc.add_bool(self.published, entry.published);
        if !entry.city.trim().is_empty() {
            doc.add_text(self.city, entry.city.trim());
        }
        for name in entry.country_names.iter().map(|name| name.trim()).collect::<BTreeSet<_>>() {
            doc.add_text(self.country_name, name);
        }
        for (at, field) in FacetField::ALL.into_iter().enumerate() {
            // Once each: a value given twice must not count twice.
            for key in facet_values(entry, field).into_iter().map(|(key, _)| key).collect::<BTreeSet<_>>() {
                doc.add_text(self.facets[at], key);
            }
        }
        doc
    }
}

/// Key and label of every value the partner has in one facet.
pub(crate) fn facet_values(entry: &PartnerEntry, field: FacetField) -> Vec<(&str, &str)> {
    let terms = match field {
        FacetField::Tier => return entry.tier.iter().map(|t| (t.key.as_str(), t.label.as_str())).collect(),
        FacetField::Country => {
            let label = entry.country_names.first().or(entry.country.as_ref());
            return entry.country.iter().zip(label).map(|(key, label)| (key.as_str(), label.as_str())).collect();
        }
        FacetField::Language => return entry.languages.iter().map(|l| (l.as_str(), l.as_str())).collect(),
        FacetField::Type => &entry.types,
        FacetField::Territory => &entry.territories,
        FacetField::Vertical => &entry.verticals,
        FacetField::Competency => &entry.competencies,
    };
    terms.iter().map(|term| (term.key.as_str(), term.label.as_str())).collect()
}

fn texts(entry: &PartnerEntry) -> [String; TEXTS] {
    let mut name = fold::name_words(&entry.name);
    name.extend(fold::words(&entry.slug));
    let mut labels: BTreeSet<String> = fold::words(&entry.city).into_iter().collect();
    labels.extend(entry.country_names.iter().flat_map(|name| fold::words(name)));
    for field in FacetField::ALL {
        if field != FacetField::Language {
            labels.extend(facet_values(entry, field).iter().flat_map(|(_, label)| fold::words(label)));
        }
    }
    let join = |words: BTreeSet<String>| words.into_iter().collect::<Vec<_>>().join(" ");
    let unique = |text: &str| join(fold::words(text).into_iter().collect());
    [join(name), join(labels), unique(&entry.summary), unique(&entry.description)]
}
