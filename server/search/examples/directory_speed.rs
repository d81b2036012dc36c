//! How long searches take over invented partners: `cargo run --release -p entente-search --example directory_speed`.
//! Prints median, 99th percentile and worst in milliseconds for 5,000 and 50,000 partners, facets included, on one core.

use entente_search::{DirectoryIndex, Order, OrderField, PartnerEntry, PartnerFilter, SearchRequest, Term, Tier};
use std::error::Error;
use std::time::Instant;

/// A small generator of the same numbers each time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &'a [String]) -> &'a str {
        let at = self.below(from.len());
        from.get(at).map_or("", String::as_str)
    }

    fn word(&mut self) -> String {
        const PARTS: [&str; 24] = [
            "au", "ro", "bo", "re", "al", "is", "sys", "tem", "da", "ta", "for", "ge", "con", "sul", "net", "wor", "clo", "ud", "se", "cur", "lo",
            "gis", "ven", "tra",
        ];
        (0..2 + self.below(3)).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }

    fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }
}

struct World {
    names: Vec<String>,
    prose: Vec<String>,
    cities: Vec<String>,
    values: Vec<String>,
}

fn terms(numbers: &mut Numbers, from: &[String], most: usize) -> Vec<Term> {
    (0..1 + numbers.below(most)).map(|_| numbers.pick(from).to_owned()).map(|key| Term::new(key.clone(), key)).collect()
}

fn partner(numbers: &mut Numbers, world: &World, n: usize) -> PartnerEntry {
    let prose = |numbers: &mut Numbers, count: usize| (0..count).map(|_| numbers.pick(&world.prose).to_owned()).collect::<Vec<_>>().join(" ");
    let country = world.values[numbers.below(40)].clone();
    let rank = numbers.below(4);
    PartnerEntry {
        id: format!("partner_{n:026}"),
        slug: format!("partner-{n}"),
        name: format!("{} {}", numbers.pick(&world.names), numbers.pick(&world.names)),
        summary: prose(numbers, 15),
        description: prose(numbers, 80),
        country_names: vec![format!("{country} land"), country.clone()],
        country: Some(country),
        city: numbers.pick(&world.cities).to_owned(),
        tier: Some(Tier { key: format!("t{rank}"), label: format!("Tier {rank}"), rank: i64::try_from(rank).unwrap_or(0) }),
        types: terms(numbers, &world.values[..6], 3),
        territories: terms(numbers, &world.values[..60], 4),
        verticals: terms(numbers, &world.values[..20], 4),
        competencies: terms(numbers, &world.values[..80], 6),
        languages: terms(numbers, &world.values[..15], 3).into_iter().map(|term| term.key).collect(),
        published: numbers.below(10) > 0,
    }
}

fn questions(numbers: &mut Numbers, world: &World) -> Vec<(&'static str, Vec<SearchRequest>)> {
    let text = |text: String| SearchRequest { text: Some(text), published_only: true, ..SearchRequest::default() };
    let misspelt = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() > 4 {
            letters.swap(2, 3);
        }
        letters.into_iter().collect::<String>()
    };
    let mut many = |make: &mut dyn FnMut(&mut Numbers) -> SearchRequest| (0..200).map(|_| make(numbers)).collect();
    let filter = PartnerFilter {
        types: vec![world.values[0].clone(), world.values[1].clone()],
        competencies: vec![world.values[2].clone()],
        countries: world.values[..10].to_vec(),
        ..PartnerFilter::default()
    };
    let by_name = Order { field: OrderField::Name, descending: false };
    vec![
        ("everything", many(&mut |_| SearchRequest { published_only: true, ..SearchRequest::default() })),
        ("everything by name, 100", many(&mut |_| SearchRequest { order: by_name, first: 100, ..SearchRequest::default() })),
        ("three filters", many(&mut |_| SearchRequest { filter: filter.clone(), ..SearchRequest::default() })),
        ("one letter", many(&mut |n| text(n.pick(&world.names)[..1].to_owned()))),
        ("three letters", many(&mut |n| text(n.pick(&world.names)[..3].to_owned()))),
        ("a name", many(&mut |n| text(n.pick(&world.names).to_owned()))),
        ("a misspelt name", many(&mut |n| text(misspelt(n.pick(&world.names))))),
        (
            "two words and filters",
            many(&mut |n| {
                let words = format!("{} {}", misspelt(n.pick(&world.prose)), n.pick(&world.prose));
                SearchRequest { filter: filter.clone(), ..text(words) }
            }),
        ),
        ("twelve words", many(&mut |n| text((0..12).map(|_| n.pick(&world.prose).to_owned()).collect::<Vec<_>>().join(" ")))),
    ]
}

fn report(what: &str, mut times: Vec<f64>) {
    times.sort_unstable_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(0.0);
    println!("  {what:28} median {:7.2}   p99 {:7.2}   worst {:7.2} ms", at(50), at(99), at(100));
}

fn main() -> Result<(), Box<dyn Error>> {
    for size in [5_000, 50_000] {
        let mut numbers = Numbers(7);
        let numbers = &mut numbers;
        let world = World {
            names: numbers.words(20_000),
            prose: numbers.words(6_000),
            cities: numbers.words(800),
            values: {
                let mut values = numbers.words(200);
                values.sort_unstable();
                values.dedup();
                values
            },
        };
        let partners: Vec<PartnerEntry> = (0..size).map(|n| partner(numbers, &world, n)).collect();
        let some = partners.iter().take(300).cloned().collect::<Vec<_>>();
        let index = DirectoryIndex::new()?;
        let start = Instant::now();
        index.replace_all(partners)?;
        println!("{size} partners, filled in {:.2} s", start.elapsed().as_secs_f64());
        let mut times = Vec::new();
        for entry in &some {
            let start = Instant::now();
            index.upsert(std::slice::from_ref(entry))?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        report("change of one partner", times);
        for (what, requests) in questions(numbers, &world) {
            let mut times = Vec::new();
            for request in &requests {
                let start = Instant::now();
                index.search(request)?;
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            report(what, times);
        }
        let mut times = Vec::new();
        for _ in 0..200 {
            let prefix = numbers.pick(&world.names)[..3].to_owned();
            let start = Instant::now();
            index.suggest(&prefix, true, 10)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        report("suggestions", times);
    }
    Ok(())
}
