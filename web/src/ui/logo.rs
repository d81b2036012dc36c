//! A partner's logo on a light tile: logos are drawn for paper, so the tile stays light in the dark theme too.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct LogoTileProps {
    pub src: AttrValue,
    #[prop_or_default]
    pub large: bool,
}

/// Stands beside the partner's name, so the picture itself says nothing.
#[component]
pub fn LogoTile(props: &LogoTileProps) -> Html {
    html! {
        <span class={classes!("e-logo", props.large.then_some("e-logo--large"))}>
            <img src={props.src.clone()} alt="" loading="lazy" decoding="async" />
        </span>
    }
}
