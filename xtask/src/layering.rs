//! Who may know whom: reads `cargo metadata` and fails on every arrow that the design does not draw.
//!
//! Tests may also know what their crate reaches through others: they wire real parts together. The libraries that
//! have one owner have it in tests too.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths;

/// The arrows: a crate and the workspace crates it may name.
pub const ARROWS: [(&str, &[&str]); 15] = [
    ("entente-domain", &[]),
    ("entente-store", &["entente-domain"]),
    ("entente-live", &["entente-domain"]),
    ("entente-mail", &[]),
    ("entente-search", &["entente-domain"]),
    ("entente-render", &["entente-domain"]),
    ("entente-app", &["entente-domain", "entente-store", "entente-live", "entente-search", "entente-render", "entente-mail"]),
    ("entente-graphql", &["entente-app", "entente-domain"]),
    (
        "entente-server",
        &["entente-domain", "entente-store", "entente-live", "entente-search", "entente-render", "entente-mail", "entente-app", "entente-graphql"],
    ),
    ("entente-web-api", &["entente-domain"]),
    ("entente-web", &["entente-web-api", "entente-domain"]),
    ("entente-bench-common", &[]),
    ("entente-fanout", &["entente-bench-common"]),
    ("entente-faults", &["entente-bench-common"]),
    ("xtask", &[]),
];

/// Libraries that only their owners may name.
const OWNED: [(&str, &[&str]); 7] = [
    // The last two look at the database from outside, to check what the product says of it.
    ("mongodb", &["entente-store", "entente-bench-common", "entente-faults"]),
    ("bson", &["entente-store", "entente-bench-common", "entente-faults"]),
    // The last one publishes to the bare sockets that live delivery is compared with.
    ("redis", &["entente-live", "entente-fanout"]),
    ("lettre", &["entente-mail"]),
    ("async-graphql", &["entente-graphql", "entente-server"]),
    ("async-graphql-poem", &["entente-graphql", "entente-server"]),
    ("patternfly-yew", &["entente-web"]),
];

/// Checks the workspace.
pub fn check() -> Result<()> {
    let wrong = violations(&paths::metadata()?)?;
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}\n(the arrows are drawn in xtask/src/layering.rs and in docs/ARCHITECTURE.md)", wrong.join("\n"))
}

fn violations(metadata: &Value) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        if allowed(name).is_none() {
            wrong.push(format!("{name} is not drawn: say whom it may know"));
            continue;
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let target = dependency["name"].as_str().unwrap_or_default();
            let in_tests = dependency["kind"].as_str() == Some("dev");
            let known = allowed(target).is_none() || target == name || if in_tests { reaches(name, target) } else { knows(name, target) };
            if !known {
                wrong.push(format!("{name} may not know {target}"));
            }
            if let Some((library, owners)) = OWNED.iter().find(|(library, owners)| *library == target && !owners.contains(&name)) {
                wrong.push(format!("{name} may not know {library}: only {} may", owners.join(" and ")));
            }
        }
    }
    Ok(wrong)
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(known, _)| *known == name).map(|(_, targets)| *targets)
}

fn knows(name: &str, target: &str) -> bool {
    allowed(name).is_some_and(|targets| targets.contains(&target))
}

fn reaches(name: &str, target: &str) -> bool {
    allowed(name).into_iter().flatten().any(|next| *next == target || reaches(next, target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(name: &str, target: &str, kind: Option<&str>) -> Vec<String> {
        let metadata = json!({"packages": [{"name": name, "dependencies": [{"name": target, "kind": kind}]}]});
        violations(&metadata).unwrap()
    }

    #[test]
    fn drawn_arrows_pass() {
        assert!(one("entente-app", "entente-store", None).is_empty());
        assert!(one("entente-store", "mongodb", None).is_empty());
        assert!(one("entente-domain", "serde", None).is_empty());
    }

    #[test]
    fn other_arrows_fail() {
        assert_eq!(one("entente-domain", "entente-store", None).len(), 1);
        assert_eq!(one("entente-graphql", "entente-store", None).len(), 1);
        assert_eq!(one("entente-web", "entente-server", None).len(), 1);
        assert_eq!(one("entente-new", "serde", None).len(), 1);
    }

    #[test]
    fn libraries_have_owners_in_tests_too() {
        assert_eq!(one("entente-app", "mongodb", Some("dev")).len(), 1);
        assert_eq!(one("entente-web-api", "patternfly-yew", None).len(), 1);
    }

    #[test]
    fn tests_may_know_what_their_crate_reaches() {
        assert!(one("entente-graphql", "entente-store", Some("dev")).is_empty());
        assert_eq!(one("entente-domain", "entente-store", Some("dev")).len(), 1);
    }
}
