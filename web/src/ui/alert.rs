//! A message inside a screen, above a form or in place of something.

use yew::prelude::*;

use super::{Icon, IconName};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertTone {
    #[default]
    Info,
    Warm,
    Danger,
}

#[derive(PartialEq, Properties)]
pub struct AlertProps {
    #[prop_or_default]
    pub tone: AlertTone,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    #[prop_or_default]
    pub children: Html,
    /// Spoken at once: for what somebody just caused. Leave out for what was there from the start.
    #[prop_or_default]
    pub urgent: bool,
}

#[component]
pub fn Alert(props: &AlertProps) -> Html {
    let (class, icon) = match props.tone {
        AlertTone::Info => ("e-alert", IconName::Info),
        AlertTone::Warm => ("e-alert e-alert--warm", IconName::AlertTriangle),
        AlertTone::Danger => ("e-alert e-alert--danger", IconName::AlertCircle),
    };
    html! {
        <div {class} role={props.urgent.then_some("alert")}>
            <Icon name={icon} />
            <div class="e-alert__body">
                if let Some(title) = &props.title {
                    <p class="e-alert__title">{ title }</p>
                }
                { props.children.clone() }
            </div>
        </div>
    }
}
