//! The customer of a deal and the keys by which two registrations are found to mean the same one.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, PartnerId};
use crate::text;

/// Legal forms and fillers that do not tell one company from another.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "aps",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "inc",
    "incorporated",
    "kg",
    "kft",
    "limited",
    "llc",
    "llp",
    "ltd",
    "mbh",
    "nv",
    "oy",
    "oyj",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "sl",
    "spa",
    "srl",
    "the",
    "und",
    "and",
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
}

/// What decides that two registrations mean the same customer: the registrable domain, or without one the normalised
/// name and the country.
pub fn customer_key(name: &str, registrable_domain: Option<&str>, country: Option<&str>) -> String {
    match registrable_domain {
        Some(domain) => format!("domain:{domain}"),
        None => name_key(name, country),
    }
}

/// Normalised name (accents, case, punctuation and legal forms removed) and country.
pub fn name_key(name: &str, country: Option<&str>) -> String {
    let words = text::words(name);
    let telling: Vec<&str> = words.iter().map(String::as_str).filter(|w| !LEGAL_FORMS.contains(w)).collect();
    let telling = if telling.is_empty() { words.join("-") } else { telling.join("-") };
    format!("name:{telling}|{}", country.unwrap_or_default())
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
