//! The directory's index: filled from the store on start, kept up to date by events.

use std::collections::HashMap;

use entente_domain::id::PartnerId;
use entente_domain::partner::Partner;
use entente_domain::program::{Program, Term};
use entente_search::{PartnerEntry, Term as SearchTerm, Tier};

use crate::{App, AppError};

/// Reads every partner anew.
pub(crate) async fn rebuild(app: &App) -> Result<(), AppError> {
    let view = match app.program().await {
        Ok(view) => view,
        // A database without a program has no partners.
        Err(AppError::Unavailable(_)) => return Ok(()),
        Err(e) => return Err(e),
    };
    let mut entries = Vec::new();
    app.store.all_partners(|batch| entries.extend(batch.iter().map(|p| entry(p, &view.program)))).await?;
    app.directory.replace_all(entries).map_err(AppError::internal)
}

/// Reads these partners anew.
pub(crate) async fn refresh(app: &App, ids: &[PartnerId]) -> Result<(), AppError> {
    if ids.is_empty() {
        return Ok(());
    }
    let view = app.program().await?;
    let found = app.store.partners_by_ids(ids).await?;
    let entries: Vec<PartnerEntry> = found.iter().map(|p| entry(p, &view.program)).collect();
    app.directory.upsert(&entries).map_err(AppError::internal)
}

fn entry(partner: &Partner, program: &Program) -> PartnerEntry {
    let terms = |keys: &[String], all: &[Term]| -> Vec<SearchTerm> {
        let names: HashMap<&str, &str> = all.iter().map(|t| (t.key.as_str(), t.name.as_str())).collect();
        keys.iter().map(|k| SearchTerm::new(k, names.get(k.as_str()).copied().unwrap_or(k))).collect()
    };
    PartnerEntry {
        id: partner.id.to_string(),
        slug: partner.slug.clone(),
        name: partner.name.clone(),
        summary: partner.summary.clone(),
        description: partner.description.clone(),
        country: partner.country.clone(),
        country_names: partner.country.as_deref().map(country_names).unwrap_or_default(),
        city: partner.city.clone().unwrap_or_default(),
        tier: partner.tier.as_deref().and_then(|k| program.tier(k)).map(|t| Tier { key: t.key.clone(), label: t.name.clone(), rank: t.rank.into() }),
        types: terms(&partner.types, &program.partner_types),
        territories: terms(&partner.territories, &program.territories),
        verticals: terms(&partner.verticals, &program.verticals),
        competencies: terms(&partner.competencies, &program.competencies),
        languages: partner.languages.clone(),
        published: partner.published,
    }
}

/// Names by which a country is looked for, English first, then German where it differs.
fn country_names(code: &str) -> Vec<String> {
    let names = entente_domain::country::names(code);
    names.map(|(en, de)| if en == de { vec![en.to_owned()] } else { vec![en.to_owned(), de.to_owned()] }).unwrap_or_default()
}
