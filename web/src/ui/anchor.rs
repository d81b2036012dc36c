//! Links that leave the app: files to download and addresses elsewhere, with the look of a button where asked.

use yew::prelude::*;

use super::{ButtonKind, Icon, IconName};

#[derive(PartialEq, Properties)]
pub struct AnchorButtonProps {
    pub href: AttrValue,
    pub children: Html,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub icon: Option<IconName>,
    #[prop_or_default]
    pub small: bool,
    /// Name to keep the file under; set for downloads.
    #[prop_or_default]
    pub download: Option<AttrValue>,
    /// In a tab of its own.
    #[prop_or_default]
    pub new_tab: bool,
    #[prop_or_default]
    pub aria_label: Option<AttrValue>,
}

#[component]
pub fn AnchorButton(props: &AnchorButtonProps) -> Html {
    let class = classes!("pf-v6-c-button", props.kind.class(), props.small.then_some("pf-m-small"));
    html! {
        <a
            {class}
            href={props.href.clone()}
            download={props.download.clone()}
            target={props.new_tab.then_some("_blank")}
            rel={props.new_tab.then_some("noopener noreferrer")}
            aria-label={props.aria_label.clone()}
        >
            if let Some(name) = props.icon {
                <span class="pf-v6-c-button__icon pf-m-start"><Icon {name} /></span>
            }
            <span class="pf-v6-c-button__text">{ props.children.clone() }</span>
        </a>
    }
}
