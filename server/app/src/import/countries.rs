//! Countries by what people call them in English: the ISO name with or without its official additions, a few everyday
//! names, or a code. A name that could mean two countries is none.

use std::collections::HashMap;
use std::sync::LazyLock;

use entente_domain::import::key_of;

/// Everyday names that the ISO list does not have.
const EVERYDAY: &[(&str, &str)] = &[
    ("America", "US"),
    ("Bosnia", "BA"),
    ("Britain", "GB"),
    ("Brunei", "BN"),
    ("Burma", "MM"),
    ("Cape Verde", "CV"),
    ("Czech Republic", "CZ"),
    ("DR Congo", "CD"),
    ("East Timor", "TL"),
    ("England", "GB"),
    ("Great Britain", "GB"),
    ("Holland", "NL"),
    ("Ivory Coast", "CI"),
    ("Laos", "LA"),
    ("Macau", "MO"),
    ("Macedonia", "MK"),
    ("North Korea", "KP"),
    ("Northern Ireland", "GB"),
    ("Republic of Korea", "KR"),
    ("Russia", "RU"),
    ("Scotland", "GB"),
    ("South Korea", "KR"),
    ("Swaziland", "SZ"),
    ("Syria", "SY"),
    ("The Netherlands", "NL"),
    ("Turkey", "TR"),
    ("U.K.", "GB"),
    ("U.S.", "US"),
    ("U.S.A.", "US"),
    ("UAE", "AE"),
    ("UK", "GB"),
    ("United Kingdom", "GB"),
    ("United States", "US"),
    ("Vatican", "VA"),
    ("Vietnam", "VN"),
    ("Wales", "GB"),
];

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Country {
    /// This country, ISO 3166-1 alpha-2.
    Known(&'static str),
    /// One of several; their codes.
    Ambiguous(Vec<&'static str>),
    /// None.
    Unknown,
}

/// Names as keys, each with the codes that it may mean.
static NAMES: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut short: HashMap<String, Vec<&'static str>> = HashMap::new();
    let mut exact: HashMap<String, Vec<&'static str>> = HashMap::new();
    for country in rust_iso3166::ALL {
        for name in [country.name, country.alpha2, country.alpha3] {
            exact.extend(key_of(name).map(|key| (key, vec![country.alpha2])));
        }
        if let Some((before, _)) = country.name.split_once(" (")
            && let Some(key) = key_of(before)
        {
            short.entry(key).or_default().push(country.alpha2);
        }
    }
    exact.extend(EVERYDAY.iter().filter_map(|(name, code)| key_of(name).map(|key| (key, vec![*code]))));
    // A country whose whole name this is goes before those that only begin with it.
    short.extend(exact);
    short
});

/// The country of a name or code.
pub(super) fn find(name: &str) -> Country {
    match key_of(name).and_then(|key| NAMES.get(&key)).map(Vec::as_slice) {
        Some([code]) => Country::Known(code),
        Some(several) => Country::Ambiguous(several.to_vec()),
        None => Country::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_people_write() {
        for (name, code) in [
            ("United States", "US"),
            ("united states of america", "US"),
            ("Germany", "DE"),
            ("DE", "DE"),
            ("DEU", "DE"),
            ("Philippines", "PH"),
            ("Cote d'Ivoire", "CI"),
            ("Bolivia", "BO"),
            ("Tanzania", "TZ"),
            ("Congo", "CG"),
            ("U.K.", "GB"),
        ] {
            assert_eq!(find(name), Country::Known(code), "{name}");
        }
        assert_eq!(find("Philipines"), Country::Unknown);
        assert_eq!(find(""), Country::Unknown);
        assert_eq!(find("Korea"), Country::Ambiguous(vec!["KP", "KR"]));
    }

    #[test]
    fn every_code_is_one_that_the_domain_knows() {
        let codes = NAMES.values().flatten();
        assert!(codes.into_iter().all(|c| entente_domain::country::is_known(c)));
    }
}
