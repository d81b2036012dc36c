//! Small labels: a status, a tier, a kind, a number.

use entente_web_api::deal::RegistrationStatus;
use yew::prelude::*;

use crate::texts;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Brand,
    Info,
    Ok,
    Warm,
    Danger,
    Outline,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "e-tag",
            Self::Brand => "e-tag e-tag--brand",
            Self::Info => "e-tag e-tag--info",
            Self::Ok => "e-tag e-tag--ok",
            Self::Warm => "e-tag e-tag--warm",
            Self::Danger => "e-tag e-tag--danger",
            Self::Outline => "e-tag e-tag--outline",
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct TagProps {
    pub children: Html,
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub dot: bool,
}

#[component]
pub fn Tag(props: &TagProps) -> Html {
    html! {
        <span class={props.tone.class()}>
            if props.dot {
                <span class="e-tag__dot" aria-hidden="true" />
            }
            { props.children.clone() }
        </span>
    }
}

#[derive(PartialEq, Properties)]
pub struct StatusTagProps {
    pub status: RegistrationStatus,
}

/// A registration's status, in words and colour.
#[component]
pub fn StatusTag(props: &StatusTagProps) -> Html {
    html! { <Tag tone={texts::status_tone(props.status)} dot=true>{ texts::status(props.status) }</Tag> }
}

#[derive(PartialEq, Properties)]
pub struct CountProps {
    pub n: i64,
}

/// A number beside a heading.
#[component]
pub fn Count(props: &CountProps) -> Html {
    html! { <span class="e-count e-num">{ crate::i18n::format::number(props.n as f64) }</span> }
}
