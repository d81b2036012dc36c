//! Countries by what people call them in English: the name of the list, a formal or everyday one, or the code. A name that
//! could mean two countries is none.

use std::collections::HashMap;
use std::sync::LazyLock;

use entente_domain::country;
use entente_domain::text;

/// Formal and everyday names beside those of the list; a name that stands here twice is ambiguous.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("America", "US"),
    ("Bolivia, Plurinational State of", "BO"),
    ("Bosnia", "BA"),
    ("Britain", "GB"),
    ("Brunei Darussalam", "BN"),
    ("Burma", "MM"),
    ("Cabo Verde", "CV"),
    ("Congo", "CD"),
    ("Congo", "CG"),
    ("Cote d'Ivoire", "CI"),
    ("Czech Republic", "CZ"),
    ("DR Congo", "CD"),
    ("Democratic Republic of the Congo", "CD"),
    ("East Timor", "TL"),
    ("England", "GB"),
    ("Great Britain", "GB"),
    ("Holland", "NL"),
    ("Hong Kong", "HK"),
    ("Iran, Islamic Republic of", "IR"),
    ("Ivory Coast", "CI"),
    ("Korea", "KP"),
    ("Korea", "KR"),
    ("Korea, Republic of", "KR"),
    ("Lao People's Democratic Republic", "LA"),
    ("Macao", "MO"),
    ("Macau", "MO"),
    ("Macedonia", "MK"),
    ("Moldova, Republic of", "MD"),
    ("Northern Ireland", "GB"),
    ("Palestine", "PS"),
    ("Republic of Ireland", "IE"),
    ("Republic of Korea", "KR"),
    ("Russian Federation", "RU"),
    ("Scotland", "GB"),
    ("Swaziland", "SZ"),
    ("Syrian Arab Republic", "SY"),
    ("Taiwan, Province of China", "TW"),
    ("Tanzania, United Republic of", "TZ"),
    ("The Netherlands", "NL"),
    ("Turkey", "TR"),
    ("U.K.", "GB"),
    ("U.S.", "US"),
    ("U.S.A.", "US"),
    ("UAE", "AE"),
    ("UK", "GB"),
    ("United Kingdom of Great Britain and Northern Ireland", "GB"),
    ("United States of America", "US"),
    ("USA", "US"),
    ("Vatican", "VA"),
    ("Venezuela, Bolivarian Republic of", "VE"),
    ("Viet Nam", "VN"),
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
    let listed: Vec<(&str, &'static str)> = country::all().filter_map(|code| Some((country::names(code)?.0, code))).collect();
    let short = listed.iter().copied().filter_map(|(name, code)| Some((name.split_once(" (")?.0, code)));
    let codes = country::all().map(|code| (code, code));
    let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
    for (name, code) in listed.iter().copied().chain(short).chain(codes).chain(OTHER_NAMES.iter().copied()) {
        let Some(key) = key(name) else { continue };
        let meant = names.entry(key).or_default();
        if !meant.contains(&code) {
            meant.push(code);
        }
    }
    names
});

/// The country whose name looks much like this one: its code and name.
pub(super) fn similar(name: &str) -> Option<(&'static str, &'static str)> {
    let listed = country::all().filter_map(|code| Some((code, country::names(code)?.0)));
    super::mapping::most_similar(name, listed, |(_, listed)| listed)
}

/// Words without those that people put in or leave out (`Trinidad & Tobago`).
fn key(name: &str) -> Option<String> {
    let key = text::words(name).into_iter().filter(|w| w != "and" && w != "the").collect::<Vec<_>>().join(" ");
    (!key.is_empty()).then_some(key)
}

/// The country of a name or code.
pub(super) fn find(name: &str) -> Country {
    match NAMES.get(&key(name).unwrap_or_default()).map(Vec::as_slice) {
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
            ("Philippines", "PH"),
            ("Cote d'Ivoire", "CI"),
            ("Bolivia", "BO"),
            ("Bosnia and Herzegovina", "BA"),
            ("Tanzania", "TZ"),
            ("South Korea", "KR"),
            ("U.K.", "GB"),
        ] {
            assert_eq!(find(name), Country::Known(code), "{name}");
        }
        assert_eq!(find("Philipines"), Country::Unknown);
        assert_eq!(find(""), Country::Unknown);
        assert_eq!((similar("Philipines"), similar("Atlantis")), (Some(("PH", "Philippines")), None));
        assert_eq!(find("Korea"), Country::Ambiguous(vec!["KP", "KR"]));
    }

    #[test]
    fn every_code_is_known_and_only_two_names_are_ambiguous() {
        assert!(NAMES.values().flatten().all(|c| country::is_known(c)));
        let mut ambiguous: Vec<&String> = NAMES.iter().filter(|(_, codes)| codes.len() > 1).map(|(name, _)| name).collect();
        ambiguous.sort();
        assert_eq!(ambiguous, ["congo", "korea"]);
    }
}
