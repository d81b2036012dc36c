//! The index against what a plain loop over the partners says, and the promises about text one by one.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn partner(id: &str, name: &str) -> PartnerEntry {
    PartnerEntry { id: id.into(), slug: id.into(), name: name.into(), published: true, ..PartnerEntry::default() }
}

fn with_rank(mut entry: PartnerEntry, rank: i64) -> PartnerEntry {
    entry.tier = Some(Tier { key: format!("tier-{rank}"), label: format!("Tier {rank}"), rank });
    entry
}

fn index(entries: &[PartnerEntry]) -> DirectoryIndex {
    let index = DirectoryIndex::new().unwrap();
    index.upsert(entries).unwrap();
    index
}

fn ids(index: &DirectoryIndex, text: &str) -> Vec<String> {
    let request = SearchRequest { text: Some(text.into()), ..SearchRequest::default() };
    index.search(&request).unwrap().hits.into_iter().map(|hit| hit.id).collect()
}

fn in_germany(mut entry: PartnerEntry, city: &str) -> PartnerEntry {
    entry.country = Some("DE".into());
    entry.country_names = vec!["Germany".into(), "Deutschland".into()];
    entry.city = city.into();
    entry
}

#[test]
fn searching_while_writing_sees_whole_states_only() {
    let index = DirectoryIndex::new().unwrap();
    let state = |round: usize| (0..10).map(move |n| partner(&format!("p{n}"), &format!("Round {round}")));
    index.replace_all(state(0)).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 1..12 {
                index.apply(state(round).map(|entry| Change::Upsert(Box::new(entry)))).unwrap();
                index.replace_all(state(round)).unwrap();
            }
        });
        while !writer.is_finished() {
            let result = index.search(&SearchRequest::default()).unwrap();
            assert_eq!((result.total, result.hits.len()), (10, 10));
        }
    });
    assert_eq!(ids(&index, "11").len(), 10);
}

#[test]
fn typing_errors_are_forgiven_by_length() {
    let index = index(&[partner("p1", "Borealis Consulting"), partner("p2", "Sun AG"), partner("p3", "Cloudy")]);
    assert_eq!(ids(&index, "Borealis"), ["p1"]);
    assert_eq!(ids(&index, "boraelis"), ["p1"], "swapped letters");
    assert_eq!(ids(&index, "borrealys consulting"), ["p1"], "two errors in a long word");
    assert_eq!(ids(&index, "bxxxalis consulting"), Vec::<String>::new(), "three errors");
    assert_eq!(ids(&index, "cluody"), ["p3"], "one error in a middling word");
    assert_eq!(ids(&index, "clxxdy co"), Vec::<String>::new(), "two errors in a middling word");
    assert_eq!(ids(&index, "sum"), Vec::<String>::new(), "none in a short word");
    assert_eq!(ids(&index, "su"), ["p2"], "a short beginning");
}

#[test]
fn the_last_word_may_be_a_beginning_with_an_error() {
    let index = index(&[partner("p1", "Borealis Consulting"), partner("p2", "Aurora Systems")]);
    assert_eq!(ids(&index, "borealis cons"), ["p1"]);
    assert_eq!(ids(&index, "bor consulting"), Vec::<String>::new(), "only the last word is a beginning");
    assert_eq!(ids(&index, "borealis comsult"), ["p1"]);
}

#[test]
fn accents_and_spellings_fold() {
    let index = index(&[in_germany(partner("p1", "Müller Straßenbau"), "Köln"), partner("p2", "DataForge"), partner("p3", "Société Générale S.A.")]);
    assert_eq!(ids(&index, "muller"), ["p1"]);
    assert_eq!(ids(&index, "MÜLLER strasse"), ["p1"]);
    assert_eq!(ids(&index, "Mueller"), ["p1"]);
    assert_eq!(ids(&index, "koln"), ["p1"]);
    assert_eq!(ids(&index, "deutschland"), ["p1"]);
    assert_eq!(ids(&index, "germany müller"), ["p1"]);
    assert_eq!(ids(&index, "data forge"), ["p2"]);
    assert_eq!(ids(&index, "forge"), ["p2"]);
    assert_eq!(ids(&index, "societe generale sa"), ["p3"]);
}

#[test]
fn every_word_must_match_somewhere() {
    let mut one = in_germany(partner("p1", "Aurora Systems"), "Hamburg");
    one.competencies = vec![Term::new("k8s", "Kubernetes")];
    one.summary = "Moves factories to the cloud.".into();
    one.description = "Forty engineers.".into();
    let index = index(&[one, partner("p2", "Aurora Media")]);
    assert_eq!(ids(&index, "aurora kubernetes hamburg cloud engineers"), ["p1"]);
    assert_eq!(ids(&index, "aurora kubernetes munich"), Vec::<String>::new());
}

#[test]
fn exact_before_beginning_before_error_and_the_name_before_the_rest() {
    let mut told = partner("told", "Zeta");
    told.description = "Friends of Merlin.".into();
    let index = index(&[partner("error", "Berlin"), told, partner("begin", "Merlinus"), partner("exact", "Merlin Group"), partner("self", "Merlin")]);
    assert_eq!(ids(&index, "merlin"), ["self", "exact", "begin", "told", "error"]);
}

#[test]
fn without_a_text_rank_then_name_decide() {
    let index = index(&[
        partner("none", "Aaa"),
        with_rank(partner("low", "Bbb"), 1),
        with_rank(partner("high-b", "Ärger"), 9),
        with_rank(partner("high-a", "Abel"), 9),
    ]);
    assert_eq!(ids(&index, "  "), ["high-a", "high-b", "low", "none"]);
    let by = |field, descending| {
        let request = SearchRequest { order: Order { field, descending }, ..SearchRequest::default() };
        index.search(&request).unwrap().hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    assert_eq!(by(OrderField::Name, false), ["none", "high-a", "high-b", "low"]);
    assert_eq!(by(OrderField::Name, true), ["low", "high-b", "high-a", "none"]);
    assert_eq!(by(OrderField::Tier, false), ["none", "low", "high-a", "high-b"]);
    assert_eq!(by(OrderField::Tier, true), ["high-a", "high-b", "low", "none"]);
}

#[test]
fn a_change_shows_at_once_and_replaces() {
    let index = DirectoryIndex::new().unwrap();
    assert!(index.is_empty());
    index.upsert(&[partner("p1", "Old Name"), partner("p2", "Other")]).unwrap();
    index.upsert(&[partner("p1", "Fresh Label")]).unwrap();
    assert_eq!(ids(&index, "old"), Vec::<String>::new());
    assert_eq!(ids(&index, "fresh"), ["p1"]);
    index.apply([Change::Upsert(Box::new(partner("p3", "Third"))), Change::Remove("p2".into()), Change::Remove("p9".into())]).unwrap();
    assert_eq!(index.len(), 2);
    assert_eq!(ids(&index, ""), ["p1", "p3"]);
    let other = index.clone();
    other.replace_all([partner("p7", "Seven"), partner("p8", "Eight"), partner("p7", "Seventh")]).unwrap();
    assert_eq!(ids(&index, ""), ["p8", "p7"]);
    assert_eq!(ids(&index, "seventh"), ["p7"]);
    index.apply([]).unwrap();
    index.replace_all([]).unwrap();
    assert!(index.is_empty() && ids(&index, "seven").is_empty());
}

#[test]
fn the_unpublished_stay_hidden() {
    let mut hidden = in_germany(partner("p1", "Hidden Harbour"), "Kiel");
    hidden.published = false;
    hidden.competencies = vec![Term::new("sec", "Security")];
    let index = index(&[hidden, partner("p2", "Open Harbour")]);
    let request = SearchRequest { text: Some("harbour".into()), published_only: true, ..SearchRequest::default() };
    let result = index.search(&request).unwrap();
    assert_eq!((result.total, result.hits.len(), result.hits[0].id.as_str()), (1, 1, "p2"));
    assert!(result.facets.iter().all(|facet| facet.buckets.is_empty()));
    for prefix in ["kie", "ger", "secu", "hidden"] {
        assert_eq!(index.suggest(prefix, true, 5).unwrap(), [], "{prefix}");
        assert_eq!(index.suggest(prefix, false, 5).unwrap().len(), 1, "{prefix}");
    }
}

#[test]
fn suggestions_mix_partners_competencies_and_places() {
    let mut entries: Vec<PartnerEntry> = (0..20).map(|n| in_germany(partner(&format!("p{n:02}"), &format!("Secure {n:02}")), "Seelow")).collect();
    for entry in &mut entries {
        entry.competencies = vec![Term::new("sec", "Network security"), Term::new("seo", "SEO")];
    }
    let index = index(&entries);
    let found = index.suggest("se", true, 6).unwrap();
    let labels: Vec<&str> = found.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels, ["Secure 00", "Secure 01", "Secure 02", "Network security", "SEO", "Seelow"]);
    assert_eq!(found[0].partner_id.as_deref(), Some("p00"));
    assert_eq!((found[3].kind, found[3].key.as_deref()), (SuggestionKind::Competency, Some("sec")));
    assert_eq!(found[5].kind, SuggestionKind::Place);
    assert_eq!(index.suggest("deutschl", true, 6).unwrap()[0].label, "Deutschland");
    assert_eq!(index.suggest("germny", true, 6).unwrap()[0].label, "Germany", "an error");
    assert_eq!(index.suggest(" ", true, 6).unwrap(), []);
    assert!(matches!(index.suggest("a", true, 0), Err(SearchError::PageSize { .. })));
}

#[test]
fn bounds_and_foreign_cursors_are_typed_errors() {
    let index = index(&[partner("p1", "Aurora"), partner("p2", "Aurora Two")]);
    let first = SearchRequest { text: Some("aurora".into()), first: 1, ..SearchRequest::default() };
    let page = index.search(&first).unwrap();
    assert!(page.has_next_page);
    let after = Some(page.hits[0].cursor.clone());
    let next = index.search(&SearchRequest { after: after.clone(), ..first.clone() }).unwrap();
    assert_eq!((next.hits[0].id.as_str(), next.has_next_page, next.total), ("p2", false, 2));
    let other = SearchRequest { text: Some("two".into()), after: after.clone(), ..first.clone() };
    assert!(matches!(index.search(&other), Err(SearchError::CursorMismatch)));
    let filter = PartnerFilter { tiers: vec!["gold".into()], ..PartnerFilter::default() };
    let other = SearchRequest { filter, after, ..first.clone() };
    assert!(matches!(index.search(&other), Err(SearchError::CursorMismatch)));
    for cursor in ["", "x", "AQ", "äöü", "AAAA"] {
        let broken = SearchRequest { after: Some(cursor.into()), ..first.clone() };
        assert!(matches!(index.search(&broken), Err(SearchError::CursorInvalid)), "{cursor}");
    }
    for size in [0, 101] {
        let wrong = SearchRequest { first: size, ..SearchRequest::default() };
        assert!(matches!(index.search(&wrong), Err(SearchError::PageSize { .. })));
    }
    let filter = PartnerFilter { countries: vec!["DE".into(); 101], ..PartnerFilter::default() };
    let wrong = SearchRequest { filter, ..SearchRequest::default() };
    assert!(matches!(index.search(&wrong), Err(SearchError::FilterTooLong { field: FacetField::Country, .. })));
    let wrong = SearchRequest { text: Some("a ".repeat(13)), ..SearchRequest::default() };
    assert!(matches!(index.search(&wrong), Err(SearchError::TooManyWords { .. })));
}

#[test]
fn a_ticked_value_stays_in_its_facet() {
    let mut one = partner("p1", "Aurora");
    one.types = vec![Term::new("reseller", "Reseller"), Term::new("reseller", "Reseller")];
    let mut two = partner("p2", "Borealis");
    two.types = vec![Term::new("agency", "Agency")];
    let index = index(&[one, two]);
    let filter = PartnerFilter { types: vec!["agency".into(), "unknown".into()], ..PartnerFilter::default() };
    let request = SearchRequest { text: Some("aurora".into()), filter, ..SearchRequest::default() };
    let result = index.search(&request).unwrap();
    assert_eq!(result.total, 0);
    let buckets: Vec<(&str, usize)> = result.facets[1].buckets.iter().map(|b| (b.label.as_str(), b.count)).collect();
    assert_eq!(buckets, [("Reseller", 1), ("Agency", 0)]);
}

#[test]
fn a_cursor_outlives_the_partner_it_points_at() {
    let entries: Vec<PartnerEntry> = (0..30).map(|n| partner(&format!("p{n:02}"), &format!("Name {n:02}"))).collect();
    let index = index(&entries);
    for descending in [false, true] {
        let request = SearchRequest { order: Order { field: OrderField::Name, descending }, first: 10, ..SearchRequest::default() };
        let page = index.search(&request).unwrap();
        let last = page.hits[9].clone();
        index.remove(&last.id).unwrap();
        let next = index.search(&SearchRequest { after: Some(last.cursor), ..request }).unwrap();
        assert_eq!(next.hits[0].id, if descending { "p19" } else { "p10" });
        index.upsert(&entries).unwrap();
    }
}

const FEW: [&str; 4] = ["a", "b", "c", "d"];

fn keys() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(proptest::sample::select(&FEW[..]).prop_map(String::from), 0..3).prop_map(|keys| keys.into_iter().collect())
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    keys().prop_map(|keys| keys.into_iter().map(|key| Term::new(key.clone(), key.to_uppercase())).collect())
}

prop_compose! {
    fn entry()(
        n in 0..12u8,
        name in "(Aurora|Borealis|Ćirrus)( (Nord|Süd))?",
        rank in proptest::option::of(-2..3i64),
        country in proptest::option::of("DE|FR"),
        lists in (terms(), terms(), terms(), terms(), keys()),
        published: bool,
    ) -> PartnerEntry {
        let mut entry = partner(&format!("p{n:02}"), &name);
        if let Some(rank) = rank {
            entry = with_rank(entry, rank);
        }
        entry.country = country;
        (entry.types, entry.territories, entry.verticals, entry.competencies, entry.languages) = lists;
        entry.published = published;
        entry
    }
}

prop_compose! {
    fn request()(
        text in proptest::option::of("aurora|bor|sud|nord aurora"),
        tiers in proptest::sample::subsequence(vec!["tier-0".to_owned(), "tier-1".into(), "tier-2".into()], 0..3),
        countries in proptest::sample::subsequence(vec!["DE".to_owned(), "FR".into()], 0..2),
        lists in (keys(), keys(), keys()),
        published_only: bool,
        field in proptest::sample::select(vec![OrderField::Relevance, OrderField::Name, OrderField::Tier]),
        descending: bool,
        first in 1..5usize,
    ) -> SearchRequest {
        let (types, competencies, languages) = lists;
        let filter = PartnerFilter { tiers, countries, types, competencies, languages, ..PartnerFilter::default() };
        SearchRequest { text, filter, published_only, order: Order { field, descending }, first, after: None }
    }
}

/// Whether a plain loop would find the entry, leaving out one field's filter.
fn matches(entry: &PartnerEntry, request: &SearchRequest, without: Option<FacetField>) -> bool {
    let name = fold::words(&entry.name);
    let text = request.text.as_deref().unwrap_or_default();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let found = words.iter().enumerate().all(|(at, word)| name.iter().any(|other| other == word || at + 1 == words.len() && other.starts_with(word)));
    let kept = FacetField::ALL.into_iter().filter(|field| Some(*field) != without).all(|field| {
        let wanted = request.filter.values(field);
        wanted.is_empty() || schema::facet_values(entry, field).iter().any(|(key, _)| wanted.iter().any(|wanted| wanted == key))
    });
    found && kept && (entry.published || !request.published_only)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Batches make several segments with replaced partners in them: the answer must not show it.
    #[test]
    fn facets_and_pages_equal_a_plain_loop(
        batches in proptest::collection::vec(proptest::collection::vec(entry(), 0..8), 1..4),
        requests in proptest::collection::vec(request(), 1..6),
    ) {
        let index = DirectoryIndex::new().unwrap();
        let mut partners = BTreeMap::new();
        for batch in &batches {
            index.upsert(batch).unwrap();
            partners.extend(batch.iter().map(|entry| (entry.id.clone(), entry.clone())));
        }
        for request in &requests {
            let expected: BTreeSet<&String> =
                partners.values().filter(|e| matches(e, request, None)).map(|e| &e.id).collect();
            let mut seen = Vec::new();
            let mut request = request.clone();
            loop {
                let page = index.search(&request).unwrap();
                prop_assert_eq!(page.total, expected.len());
                prop_assert!(page.hits.len() <= request.first);
                for facet in &page.facets {
                    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                    for entry in partners.values().filter(|e| matches(e, &request, Some(facet.field))) {
                        for (key, _) in schema::facet_values(entry, facet.field) {
                            *counts.entry(key.into()).or_default() += 1;
                        }
                    }
                    let got: BTreeMap<String, usize> =
                        facet.buckets.iter().filter(|b| b.count > 0).map(|b| (b.key.clone(), b.count)).collect();
                    prop_assert_eq!(got, counts, "{}", facet.field);
                    prop_assert!(facet.buckets.is_sorted_by_key(|b| (std::cmp::Reverse(b.count), b.label.clone())));
                }
                seen.extend(page.hits.iter().map(|hit| hit.id.clone()));
                prop_assert_eq!(page.has_next_page, seen.len() < expected.len());
                match page.hits.last() {
                    Some(last) if page.has_next_page => request.after = Some(last.cursor.clone()),
                    _ => break,
                }
            }
            prop_assert_eq!(seen.len(), expected.len(), "each once");
            prop_assert_eq!(seen.iter().collect::<BTreeSet<_>>(), expected);
            let one_page = index.search(&SearchRequest { after: None, first: 100, ..request }).unwrap();
            prop_assert_eq!(one_page.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>(), seen, "in the same order");
        }
    }
}
