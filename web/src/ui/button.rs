//! Buttons and links that look like buttons. Focus stays on a button after a click, so that a dialog it opened can
//! give it back.

use patternfly_yew::prelude::{Spinner, SpinnerSize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Icon, IconName};
use crate::routes::Routes;

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Danger,
    Link,
}

impl ButtonKind {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Primary => "pf-m-primary",
            Self::Secondary => "pf-m-secondary",
            Self::Danger => "pf-m-danger",
            Self::Link => "pf-m-link",
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct ButtonProps {
    pub children: Html,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub icon: Option<IconName>,
    #[prop_or_default]
    pub disabled: bool,
    /// Under way: shows a spinner and takes no click.
    #[prop_or_default]
    pub busy: bool,
    /// Sends the form it stands in.
    #[prop_or_default]
    pub submit: bool,
    /// Id of the form that it sends, where it stands outside of it (in the foot of a dialog).
    #[prop_or_default]
    pub form: Option<AttrValue>,
    #[prop_or_default]
    pub small: bool,
    /// Fills the width.
    #[prop_or_default]
    pub block: bool,
    #[prop_or_default]
    pub aria_label: Option<AttrValue>,
    #[prop_or_default]
    pub id: Option<AttrValue>,
}

#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let class = classes!(
        "pf-v6-c-button",
        props.kind.class(),
        props.small.then_some("pf-m-small"),
        props.block.then_some("pf-m-block"),
        props.busy.then_some("pf-m-progress pf-m-in-progress"),
    );
    html! {
        <button
            id={props.id.clone()}
            {class}
            type={if props.submit { "submit" } else { "button" }}
            form={props.form.clone()}
            disabled={props.disabled}
            aria-disabled={props.busy.then_some("true")}
            aria-label={props.aria_label.clone()}
            onclick={if props.busy { Callback::from(|event: MouseEvent| event.prevent_default()) } else { props.onclick.clone() }}
        >
            if props.busy {
                <span class="pf-v6-c-button__progress"><Spinner size={SpinnerSize::Md} /></span>
            } else if let Some(name) = props.icon {
                <span class="pf-v6-c-button__icon pf-m-start"><Icon {name} /></span>
            }
            <span class="pf-v6-c-button__text">{ props.children.clone() }</span>
        </button>
    }
}

#[derive(PartialEq, Properties)]
pub struct IconButtonProps {
    pub name: IconName,
    /// What it does, for those who do not see the icon, and as its tooltip.
    pub label: AttrValue,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub disabled: bool,
}

#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    html! {
        <button
            type="button"
            class="e-icon-button"
            aria-label={props.label.clone()}
            title={props.label.clone()}
            disabled={props.disabled}
            onclick={props.onclick.clone()}
        >
            <Icon name={props.name} />
        </button>
    }
}

#[derive(PartialEq, Properties)]
pub struct LinkButtonProps {
    pub children: Html,
    pub to: Routes,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub icon: Option<IconName>,
    #[prop_or_default]
    pub small: bool,
}

/// Goes to another screen and looks like a button.
#[component]
pub fn LinkButton(props: &LinkButtonProps) -> Html {
    let classes = classes!("pf-v6-c-button", props.kind.class(), props.small.then_some("pf-m-small"));
    html! {
        <Link<Routes> to={props.to.clone()} {classes}>
            if let Some(name) = props.icon {
                <span class="pf-v6-c-button__icon pf-m-start"><Icon {name} /></span>
            }
            <span class="pf-v6-c-button__text">{ props.children.clone() }</span>
        </Link<Routes>>
    }
}
