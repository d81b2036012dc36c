//! The customer of a deal and the keys by which two registrations are found to mean the same one.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, PartnerId};
use crate::text;

/// Legal forms and fillers that do not tell one company from another.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "ab", "ag", "and", "ao", "aps", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "cv", "doo", "ek", "eurl", "ev",
    "gbr", "ggmbh", "gmbh", "group", "holding", "inc", "incorporated", "jsc", "kft", "kg", "kk", "limited", "llc", "llp", "lp", "ltd",
    "ltda", "mbh", "nv", "ohg", "ooo", "oy", "oyj", "pao", "pjsc", "plc", "pllc", "private", "pte", "pty", "pvt", "sa", "sapi", "sarl",
    "sas", "sasu", "sca", "se", "sl", "sp", "spa", "sprl", "srl", "sro", "the", "ug", "und", "zoo", "zrt",
];

/// Hosts of addresses that say nothing about the firm.
#[rustfmt::skip]
const MAIL_HOSTS: &[&str] = &[
    "163.com", "aol.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "hotmail.de", "hotmail.fr", "icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com",
    "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "zoho.com",
];

/// A customer as one partner knows it. Two partners that register the same company have a record each, so that neither
/// sees what the other wrote; the shared `key` is what conflicts are found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The partner whose record this is.
    pub partner_id: PartnerId,
    /// Name as the partner wrote it.
    pub name: String,
    /// Registrable domain in lower case.
    pub domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Industry in the customer's or importer's own words.
    pub industry: Option<String>,
    /// See [`customer_key`].
    pub key: String,
    /// See [`name_key`].
    pub name_key: String,
    /// Name of the company that it is a subsidiary of, as the vendor or an import says; the vendor's alone to see.
    #[serde(default)]
    pub parent: Option<String>,
}

/// The first of a customer's keys: the registrable domain, or without one the normalised name and the country. Whether two
/// registrations mean the same customer is told by all of them, see [`same_keys`].
pub fn customer_key(name: &str, registrable_domain: Option<&str>, country: Option<&str>) -> String {
    match registrable_domain {
        Some(domain) => format!("domain:{domain}"),
        None => name_key(name, country),
    }
}

/// Every key that makes another registration one of the same customer: its own, and beside a domain its name where the country
/// is known. What is protected is held under each of them.
pub fn same_keys(customer_key: &str, name_key: &str) -> Vec<String> {
    let mut keys = vec![customer_key.to_owned()];
    if customer_key != name_key && names_one(name_key) {
        keys.push(name_key.to_owned());
    }
    keys
}

/// Whether a [`name_key`] alone tells which customer it is: only with a country.
pub fn names_one(name_key: &str) -> bool {
    !name_key.ends_with('|')
}

/// Whether two customers are the same by the rules, not only by looks. Each is its customer key and its name key.
pub fn is_same(a: (&str, &str), b: (&str, &str)) -> bool {
    let others = same_keys(b.0, b.1);
    same_keys(a.0, a.1).iter().any(|key| others.contains(key))
}

/// Whether everybody can have an address there, so that the domain tells nothing of a customer.
pub fn is_mail_host(domain: &str) -> bool {
    MAIL_HOSTS.contains(&domain)
}

/// Normalised name (accents, case, punctuation and legal forms removed) and country.
pub fn name_key(name: &str, country: Option<&str>) -> String {
    format!("name:{}|{}", telling(name), country.unwrap_or_default())
}

/// The words of a name that tell it from others, with a dash between them. Letters that stand alone belong together, as in
/// `S.A.` or `A B C Systems`.
fn telling(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut letters = false;
    for word in text::words(name) {
        let letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(last) if letter && letters => last.push_str(&word),
            _ => words.push(word),
        }
        letters = letter;
    }
    let telling: Vec<&str> = words.iter().map(String::as_str).filter(|w| !LEGAL_FORMS.contains(w)).collect();
    if telling.is_empty() { words.join("-") } else { telling.join("-") }
}

/// A company's name wherever it is: how a parent is found by what its subsidiaries call it.
pub fn group_key(name: &str) -> String {
    telling(name)
}

/// Name and country out of a [`name_key`].
fn parts(name_key: &str) -> (String, &str) {
    let rest = name_key.strip_prefix("name:").unwrap_or(name_key);
    let (name, country) = rest.rsplit_once('|').unwrap_or((rest, ""));
    (name.replace('-', ""), country)
}

/// The name by which a company's domains resemble each other under different endings: `acme` of `acme.com` and `acme.co.uk`.
/// None for a key that is no domain, and for names too short to tell.
fn domain_label(customer_key: &str) -> Option<String> {
    let label: String = customer_key.strip_prefix("domain:")?.split('.').next()?.chars().filter(|c| *c != '-').collect();
    (label.chars().count() >= DOMAIN_LABEL_MIN).then_some(label)
}

/// Domains with shorter names than this do not resemble each other.
const DOMAIN_LABEL_MIN: usize = 4;
/// Names with fewer letters resemble nothing but themselves.
const SIMILAR_MIN: usize = 5;
/// From this length on two typing errors are forgiven, below it one.
const TWO_ERRORS_FROM: usize = 10;
/// Into how many pieces a name is cut: two errors leave one of three whole.
const PIECES: usize = 3;

/// Whether two names of one country are the same but for typing: at most one letter missing, added, changed or swapped, or two
/// errors in names of ten letters or more, and every digit the same. Where one country is not known the names have to be equal.
/// Both are [`name_key`]s.
pub fn similar_names(a: &str, b: &str) -> bool {
    let ((a, in_a), (b, in_b)) = (parts(a), parts(b));
    if in_a != in_b {
        return a == b && (in_a.is_empty() || in_b.is_empty());
    }
    // A number is no typing error: branch 1 and branch 2 are two.
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&a) != digits(&b) {
        return false;
    }
    let shorter = a.chars().count().min(b.chars().count());
    if a == b || shorter < SIMILAR_MIN {
        return a == b;
    }
    if shorter < TWO_ERRORS_FROM { strsim::osa_distance(&a, &b) <= 1 } else { strsim::levenshtein(&a, &b) <= 2 }
}

/// Where the pieces of a name of that many letters begin and end.
fn pieces(length: usize) -> [(usize, usize); PIECES] {
    let cut = |n: usize| n * length / PIECES;
    [(0, cut(1)), (cut(1), cut(2)), (cut(2), length)]
}

/// The key of a name in whatever country.
fn anywhere(name: &str) -> String {
    format!("n:*:{name}")
}

fn piece_key(country: &str, length: usize, n: usize, piece: &str) -> String {
    format!("p:{country}:{length}:{n}:{piece}")
}

/// The keys under which a customer is kept to be found again by [`probe_keys`]: its whole name, pieces of it, and its domain's
/// name. Every name that is similar shares one with what the other probes.
pub fn match_keys(customer_key: &str, name_key: &str) -> Vec<String> {
    let (name, country) = parts(name_key);
    let letters: Vec<char> = name.chars().collect();
    let mut keys = vec![format!("n:{country}:{name}"), anywhere(&name)];
    if letters.len() >= SIMILAR_MIN {
        let piece = |(n, (from, to)): (usize, (usize, usize))| {
            let text: String = letters.iter().skip(from).take(to - from).collect();
            piece_key(country, letters.len(), n, &text)
        };
        keys.extend(pieces(letters.len()).into_iter().enumerate().map(piece));
    }
    keys.extend(domain_label(customer_key).map(|label| format!("d:{label}")));
    keys
}

/// The keys by which everything similar is found: a name's own, every place where a whole piece of a similar one may have
/// moved to, and its domain's name. What is found is still to be judged by [`resembles`].
pub fn probe_keys(customer_key: &str, name_key: &str) -> Vec<String> {
    let (name, country) = parts(name_key);
    let letters: Vec<char> = name.chars().collect();
    // A name without a country may be one of any country, and the other way round.
    let mut keys = if country.is_empty() { vec![anywhere(&name)] } else { vec![format!("n:{country}:{name}"), format!("n::{name}")] };
    keys.extend(domain_label(customer_key).map(|label| format!("d:{label}")));
    if letters.len() < SIMILAR_MIN {
        return keys;
    }
    for length in letters.len().saturating_sub(2).max(SIMILAR_MIN)..=letters.len() + 2 {
        for (n, (from, to)) in pieces(length).into_iter().enumerate() {
            for start in from.saturating_sub(2)..=from + 2 {
                let text: String = letters.iter().skip(start).take(to - from).collect();
                if text.chars().count() == to - from {
                    keys.push(piece_key(country, length, n, &text));
                }
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether two customers with different keys may be the same company: similar names in one country, or domains of one name
/// under different endings. Each is its customer key and its name key.
pub fn resembles(a: (&str, &str), b: (&str, &str)) -> bool {
    let label = domain_label(a.0);
    similar_names(a.1, b.1) || (label.is_some() && label == domain_label(b.0))
}

/// The host of what somebody typed as a domain: an address, an e-mail, a host. Lower case, without scheme, path, port.
pub fn host_of(typed: &str) -> Option<String> {
    let s = typed.trim().to_lowercase();
    let s = s.split_once("://").map_or(s.as_str(), |(_, rest)| rest);
    let s = s.rsplit_once('@').map_or(s, |(_, host)| host);
    let host = s.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches('.');
    let label =
        |l: &str| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    (host.len() <= 253 && host.contains('.') && host.split('.').all(label)).then(|| host.to_owned())
}

/// The registrable domain (public suffix list) of what somebody typed; none when it is no domain or only a suffix.
#[cfg(feature = "registrable-domain")]
pub fn registrable_domain(typed: &str) -> Option<String> {
    let host = host_of(typed)?;
    psl::domain_str(&host).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_the_same_have_one_key() {
        assert_eq!(name_key("Müller GmbH & Co. KG", Some("DE")), name_key("muller", Some("DE")));
        assert_ne!(name_key("Muller", Some("DE")), name_key("Muller", Some("AT")));
        assert_eq!(name_key("Holding AG", None), "name:holding-ag|");
    }

    #[test]
    fn legal_forms_and_typing_do_not_make_another_company() {
        for same in ["ACME GmbH", "Acme, Inc.", "acme s.a.", "Acme S.A.S", "The Acme Company Ltd", "acme sp. z o.o."] {
            assert_eq!(name_key(same, Some("DE")), name_key("Acme", Some("DE")), "{same}");
        }
        let similar = |a: &str, b: &str| similar_names(&name_key(a, Some("DE")), &name_key(b, Some("DE")));
        for (a, b) in [
            ("Siemens", "Siemesn"),
            ("Muller", "Mueller"),
            ("Globex Corp", "Glbex"),
            ("Hottechi", "Hot Techi"),
            ("Konsolidated Foods", "Consolidatd Foods"),
        ] {
            assert!(similar(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("Acme", "Acne"),
            ("Siemens", "Simons"),
            ("Globex", "Globus"),
            ("Consolidated Foods", "Consolidated Goodies"),
            ("Municipality 12", "Municipality 13"),
        ] {
            assert!(!similar(a, b), "{a} {b}");
        }
        assert!(!similar_names(&name_key("Siemens", Some("DE")), &name_key("Siemens", Some("AT"))));
        assert!(resembles(("domain:acme.com", "name:x|DE"), ("domain:ac-me.co.uk", "name:y|GB")));
        assert!(!resembles(("domain:ibm.com", "name:x|DE"), ("domain:ibm.de", "name:y|DE")), "too short to tell");
    }

    proptest::proptest! {
        /// Whatever is similar is found: a probe shares a key with everything that the judgement calls similar.
        #[test]
        fn what_is_similar_is_found(name in "[a-f]{1,16}", edits in proptest::collection::vec((0usize..4, 0usize..16, 0u8..6), 0..3)) {
            let mut letters: Vec<char> = name.chars().collect();
            for (what, place, letter) in edits {
                let place = place % letters.len().max(1);
                let letter = char::from(b'a' + letter);
                match what {
                    0 => letters.insert(place, letter),
                    1 if letters.len() > 1 => { letters.remove(place); }
                    2 => letters[place] = letter,
                    _ if place + 1 < letters.len() => letters.swap(place, place + 1),
                    _ => {}
                }
            }
            let other: String = letters.into_iter().collect();
            let (a, b) = (format!("name:{name}|DE"), format!("name:{other}|DE"));
            let kept = match_keys(&a, &a);
            let found = probe_keys(&b, &b).iter().any(|k| kept.contains(k));
            proptest::prop_assert!(found || !similar_names(&a, &b), "{} {}", name, other);
        }
    }

    #[test]
    fn the_same_domain_or_the_same_name_and_country_are_one_customer() {
        let keys = |name: &str, domain: Option<&str>, country: Option<&str>| (customer_key(name, domain, country), name_key(name, country));
        let same = |a: &(String, String), b: &(String, String)| is_same((&a.0, &a.1), (&b.0, &b.1));
        let acme = keys("Acme GmbH", Some("acme.com"), Some("DE"));
        for (name, domain, country) in
            [("Whoever", Some("acme.com"), Some("FR")), ("ACME", None, Some("DE")), ("Acme AG", Some("acme.io"), Some("DE"))]
        {
            assert!(same(&acme, &keys(name, domain, country)), "{name} {domain:?} {country:?}");
        }
        for (name, domain, country) in [("Acme", None, Some("AT")), ("Acme", None, None), ("Acmee", None, Some("DE"))] {
            assert!(!same(&acme, &keys(name, domain, country)), "{name} {domain:?} {country:?}");
        }
        assert!(same(&keys("Acme", None, None), &keys("acme inc", None, None)));
        assert!(!same(&keys("Acme", Some("acme.com"), None), &keys("Acme", Some("acme.io"), None)), "without a country a name decides nothing");
    }

    #[test]
    fn a_name_without_a_country_may_be_one_of_any() {
        let (german, nowhere) = (name_key("Acme", Some("DE")), name_key("Acme Ltd", None));
        assert!(similar_names(&german, &nowhere) && similar_names(&nowhere, &german));
        for (kept, asked) in [(&german, &nowhere), (&nowhere, &german), (&nowhere, &nowhere)] {
            let kept = match_keys(kept, kept);
            assert!(probe_keys(asked, asked).iter().any(|k| kept.contains(k)), "{asked}");
        }
        assert!(!similar_names(&german, &name_key("Acme", Some("AT"))));
    }

    #[test]
    fn a_host_is_read_from_what_people_type() {
        for typed in ["https://www.Acme.example/de?x#y", "jane@www.acme.example", "www.acme.example:8080", " WWW.acme.example. "] {
            assert_eq!(host_of(typed).as_deref(), Some("www.acme.example"), "{typed}");
        }
        for typed in ["", "acme", "ac me.example", "-a.example", "a..b"] {
            assert_eq!(host_of(typed), None, "{typed}");
        }
    }

    #[cfg(feature = "registrable-domain")]
    #[test]
    fn subdomains_belong_to_one_registrable_domain() {
        assert_eq!(registrable_domain("https://shop.acme.co.uk").as_deref(), Some("acme.co.uk"));
        assert_eq!(registrable_domain("co.uk"), None);
    }
}
