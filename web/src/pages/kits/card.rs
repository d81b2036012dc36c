//! One kit in the list.

use entente_web_api::{
    DateTime,
    kit::{KitAssetKind, KitCard},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    program::use_program,
    routes::Routes,
    t, texts,
    ui::{Icon, IconName, Tag, Tone},
};

const DAY_MS: f64 = 86_400_000.0;
/// From so many days before its end a kit says that it ends soon.
const SOON_DAYS: f64 = 30.0;

/// The icon of a kind of asset.
pub fn kind_icon(kind: KitAssetKind) -> IconName {
    match kind {
        KitAssetKind::Email => IconName::Mail,
        KitAssetKind::LandingPage => IconName::LayoutTemplate,
        KitAssetKind::SocialPost => IconName::Share,
        KitAssetKind::Document => IconName::FileText,
        KitAssetKind::Banner => IconName::Image,
        KitAssetKind::Presentation => IconName::Monitor,
        KitAssetKind::File => IconName::File,
    }
}

/// Until when a kit can be used; marked when that is soon or over.
pub fn expiry(expires_at: Option<&DateTime>) -> Html {
    let Some(at) = expires_at else { return html! { <span>{ t!("kit-no-end") }</span> } };
    let left = format::ms_until(at).unwrap_or(f64::INFINITY);
    let day = format::day_of(at);
    if left < 0.0 {
        html! { <Tag tone={Tone::Danger}>{ t!("kit-ended", "day" => day) }</Tag> }
    } else if left < SOON_DAYS * DAY_MS {
        html! { <Tag tone={Tone::Warm}>{ t!("kit-ends", "day" => day) }</Tag> }
    } else {
        html! { <span>{ t!("kit-ends", "day" => day) }</span> }
    }
}

#[derive(PartialEq, Properties)]
pub struct KitTileProps {
    pub kit: KitCard,
}

#[component]
pub fn KitTile(props: &KitTileProps) -> Html {
    let kit = &props.kit;
    let program = use_program();
    let verticals: Vec<String> = program.map(|program| kit.verticals.iter().map(|key| program.vertical_name(key)).collect()).unwrap_or_default();
    let mut kinds: Vec<KitAssetKind> = Vec::new();
    for asset in &kit.assets {
        if !kinds.contains(&asset.kind) {
            kinds.push(asset.kind);
        }
    }
    let kind_names: Vec<String> = kinds.iter().map(|kind| texts::asset_kind(*kind)).collect();
    html! {
        <article class="e-kit">
            <div class="e-kit__cover"><img src={kit.cover_url.to_string()} alt="" loading="lazy" decoding="async" /></div>
            <div class="e-kit__body">
                <h3>
                    <Link<Routes> to={Routes::Kit { id: kit.id.inner().to_owned() }} classes="e-kit__link">{ &kit.title }</Link<Routes>>
                </h3>
                <p class="e-kit__summary">{ &kit.summary }</p>
                <p class="e-kit__facts">
                    <Tag>{ format::language_name(&kit.language) }</Tag>
                    if kit.published_at.is_none() {
                        <Tag tone={Tone::Warm}>{ t!("kit-draft") }</Tag>
                    }
                    if !verticals.is_empty() {
                        <span>{ verticals.join(", ") }</span>
                    }
                </p>
                <div class="e-kit__foot">
                    <span class="e-kit__kinds" title={format::list(&kind_names)}>
                        { for kinds.iter().map(|kind| html! { <Icon name={kind_icon(*kind)} /> }) }
                        <span>{ t!("kit-assets", "n" => kit.assets.len() as i64) }</span>
                    </span>
                    { expiry(kit.expires_at.as_ref()) }
                </div>
            </div>
        </article>
    }
}
