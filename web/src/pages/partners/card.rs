//! One partner in the directory.

use entente_web_api::partner::{Facet, FacetField, PartnerCard};
use yew::prelude::*;
use yew_router::prelude::*;

use super::facets::value_name;
use crate::{
    i18n::format,
    routes::Routes,
    t,
    ui::{Icon, IconName, LogoTile, Tag, Tone},
};

/// So many competencies are named; the rest is a number.
const NAMED: usize = 3;

#[derive(PartialEq, Properties)]
pub struct PartnerTileProps {
    pub partner: PartnerCard,
    /// The facets name what the partner carries as keys.
    pub facets: Vec<Facet>,
    /// Whether somebody just changed it.
    pub marked: bool,
}

/// City and country, as far as known.
pub fn place(partner: &PartnerCard) -> Option<String> {
    let parts: Vec<String> = partner.city.clone().into_iter().chain(partner.country.as_ref().map(format::country)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[component]
pub fn PartnerTile(props: &PartnerTileProps) -> Html {
    let partner = &props.partner;
    let types: Vec<&str> = partner.types.iter().map(|kind| kind.name.as_str()).collect();
    let more = partner.competencies.len().saturating_sub(NAMED);
    html! {
        <article class={classes!("e-partner", props.marked.then_some("e-changed"))}>
            <div class="e-partner__top">
                <LogoTile src={partner.logo_url.to_string()} />
                <div class="e-row">
                    if !partner.published {
                        <Tag tone={Tone::Warm}>{ t!("directory-unpublished") }</Tag>
                    }
                    if let Some(tier) = &partner.tier {
                        <Tag tone={if tier.rank > 2 { Tone::Brand } else { Tone::Outline }}>{ &tier.name }</Tag>
                    }
                </div>
            </div>
            <h3>
                <Link<Routes> to={Routes::Partner { slug: partner.slug.clone() }} classes="e-partner__link">{ &partner.name }</Link<Routes>>
            </h3>
            <p class="e-partner__facts">
                if let Some(place) = place(partner) {
                    <span class="e-nowrap"><Icon name={IconName::MapPin} />{ " " }{ place }</span>
                }
                if !types.is_empty() {
                    <span>{ types.join(" · ") }</span>
                }
            </p>
            <p class="e-partner__summary">{ &partner.summary }</p>
            if !partner.competencies.is_empty() {
                <ul class="e-partner__skills" aria-label={t!("directory-competency")}>
                    { for partner.competencies.iter().take(NAMED).map(|key| html! {
                        <li key={key.clone()}><Tag>{ value_name(FacetField::Competency, key, &props.facets) }</Tag></li>
                    }) }
                    if more > 0 {
                        <li class="e-subtle e-small">{ t!("directory-more", "n" => more as i64) }</li>
                    }
                </ul>
            }
        </article>
    }
}
