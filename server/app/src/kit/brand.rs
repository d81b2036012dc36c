//! The partner as campaigns show it.

use entente_domain::country;
use entente_domain::id::PartnerId;
use entente_domain::kit::Kit;
use entente_domain::partner::Partner;
use entente_render::{Brand, clean_logo};

use crate::{App, AppError};

/// The brand merged into a kit: that partner's, or a placeholder's for the vendor's own preview.
pub(crate) async fn brand_of(app: &App, kit: &Kit, partner: Option<&PartnerId>) -> Result<Option<Brand>, AppError> {
    let vendor = app.program().await?.program.vendor.clone();
    let Some(id) = partner else {
        let link = format!("{}/partners", app.public_url);
        let name = if kit.language == "de" { "Ihr Unternehmen" } else { "Your company" };
        return Ok(Some(Brand::new(name, link, vendor)));
    };
    let Some(partner) = app.store.partner(id).await? else { return Ok(None) };
    let mut brand = Brand::new(partner.name.clone(), link(app, kit, &partner), vendor);
    brand.website.clone_from(&partner.website);
    brand.contact_name.clone_from(&partner.contact.name);
    brand.contact_email.clone_from(&partner.contact.email);
    brand.contact_phone.clone_from(&partner.contact.phone);
    brand.city.clone_from(&partner.city);
    brand.country = partner.country.as_deref().and_then(country::names).map(|(en, de)| if kit.language == "de" { de } else { en }.to_owned());
    brand.color.clone_from(&partner.color);
    if let Some(logo) = &partner.logo {
        // What is in storage passed the check when it was kept; a logo that is gone or refused now becomes a wordmark.
        brand.logo = app.files.get(&logo.hash).await?.and_then(|bytes| clean_logo(&bytes).ok());
    }
    Ok(Some(brand))
}

/// Where a reader of the campaign ends up: the partner's page, with the kit that brought them.
fn link(app: &App, kit: &Kit, partner: &Partner) -> String {
    format!("{}/partners/{}?kit={}", app.public_url, partner.slug, kit.key)
}
