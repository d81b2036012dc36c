//! One asset of a kit: a preview in a frame that may run nothing, and the files it can be had as.

use entente_web_api::kit::{KitAsset, KitAssetKind, KitDownload, KitFormat};
use yew::prelude::*;

use crate::{
    t, texts,
    ui::{AnchorButton, ButtonKind, IconName, Segment, Segments},
};

#[derive(PartialEq, Properties)]
pub struct AssetProps {
    pub asset: KitAsset,
}

#[component]
pub fn Asset(props: &AssetProps) -> Html {
    let asset = &props.asset;
    let width = use_state_eq(|| AttrValue::from("wide"));
    let responsive = matches!(asset.kind, KitAssetKind::Email | KitAssetKind::LandingPage);
    let phone = responsive && width.as_str() == "phone";
    let shape = match asset.kind {
        KitAssetKind::Email => "e-preview__frame--mail",
        KitAssetKind::LandingPage | KitAssetKind::Document | KitAssetKind::Presentation => "e-preview__frame--tall",
        KitAssetKind::Banner => "e-preview__frame--short",
        KitAssetKind::SocialPost | KitAssetKind::File => "",
    };
    html! {
        <section class="e-preview" aria-label={asset.title.clone()}>
            <div class="e-preview__head">
                <div class="e-stack e-stack--tight">
                    <h2>{ &asset.title }</h2>
                    <span class="e-subtle e-small">{ texts::asset_kind(asset.kind) }</span>
                </div>
                <div class="e-row">
                    if responsive {
                        <span class="e-preview__width"><Segments
                            label={t!("kit-width")}
                            items={vec![Segment::new("wide", t!("kit-wide")), Segment::new("phone", t!("kit-phone"))]}
                            active={(*width).clone()}
                            onselect={let width = width.setter(); Callback::from(move |key| width.set(key))}
                        /></span>
                    }
                    <AnchorButton small=true href={asset.preview_url.to_string()} icon={IconName::ExternalLink} new_tab=true kind={ButtonKind::Link}>
                        { t!("kit-open") }
                    </AnchorButton>
                </div>
            </div>
            <div class="e-preview__stage">
                // A frame of its own for each address: one that is still loading may drop the next one that it is given.
                <iframe
                    key={asset.preview_url.to_string()}
                    class={classes!("e-preview__frame", shape, phone.then_some("e-preview__frame--phone"))}
                    src={asset.preview_url.to_string()}
                    // It is a page of content: no scripts, no forms, no way to this page.
                    sandbox=""
                    loading="lazy"
                    title={t!("kit-preview-of", "title" => asset.title.clone())}
                />
            </div>
            <div class="e-preview__foot">
                <h3>{ t!("kit-download") }</h3>
                if asset.downloads.is_empty() {
                    <span class="e-subtle">{ t!("kit-no-downloads") }</span>
                } else {
                    <ul class="e-row">{ for asset.downloads.iter().map(|file| download(file, &asset.title)) }</ul>
                }
            </div>
        </section>
    }
}

fn download(file: &KitDownload, title: &str) -> Html {
    let (format, icon) = match file.format {
        KitFormat::Html => ("HTML", IconName::LayoutTemplate),
        KitFormat::Png => ("PNG", IconName::Image),
        KitFormat::Pdf => ("PDF", IconName::FileText),
        KitFormat::Txt => ("TXT", IconName::File),
        KitFormat::Svg => ("SVG", IconName::Image),
    };
    html! {
        <li key={file.file_name.clone()}>
            <AnchorButton
                small=true
                href={file.url.to_string()}
                {icon}
                download={file.file_name.clone()}
                aria_label={t!("kit-download-as", "format" => format, "title" => title.to_owned())}
            >
                { format }
            </AnchorButton>
        </li>
    }
}
