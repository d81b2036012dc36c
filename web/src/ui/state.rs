//! What stands in for data: waiting, nothing there, failed.

use entente_web_api::ApiError;
use patternfly_yew::prelude::Skeleton;
use yew::prelude::*;

use super::{Alert, AlertTone, Button, Icon, IconName};
use crate::{t, texts};

/// The shape of what is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonBlock {
    /// Some lines of text.
    Lines(u32),
    /// Rows of a list or table.
    Rows(u32),
    /// Cards in a grid.
    Cards(u32),
    /// A whole screen.
    Page,
}

impl SkeletonBlock {
    pub fn html(self) -> Html {
        let bars = |count: u32, height: &'static str| {
            html! {
                <div class="e-skeleton">
                    { for (0..count).map(|index| html! {
                        <Skeleton key={index} width={if index % 3 == 2 { "70%" } else { "100%" }} height={height.to_owned()} />
                    }) }
                </div>
            }
        };
        let shape = match self {
            Self::Lines(count) => bars(count, "14px"),
            Self::Rows(count) => bars(count, "34px"),
            Self::Cards(count) => html! {
                <div class="e-grid">
                    { for (0..count).map(|index| html! { <Skeleton key={index} height={"132px".to_owned()} /> }) }
                </div>
            },
            Self::Page => html! { <>{ bars(2, "28px") }{ bars(6, "44px") }</> },
        };
        html! {
            <div role="status" aria-busy="true">
                <span class="e-visually-hidden">{ t!("common-loading") }</span>
                <div aria-hidden="true">{ shape }</div>
            </div>
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct EmptyStateProps {
    pub icon: IconName,
    pub title: AttrValue,
    /// What the person can do about it.
    #[prop_or_default]
    pub text: Option<AttrValue>,
    /// Buttons.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    html! {
        <div class="e-empty">
            <Icon name={props.icon} />
            <h2>{ &props.title }</h2>
            if let Some(text) = &props.text {
                <p>{ text }</p>
            }
            if props.children != Html::default() {
                <div class="e-empty__actions">{ props.children.clone() }</div>
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct FailureProps {
    pub error: ApiError,
    pub retry: Callback<()>,
    /// A strip above what was there before, instead of the whole place.
    #[prop_or_default]
    pub inline: bool,
}

/// Something did not come; says why and offers to try again.
#[component]
pub fn Failure(props: &FailureProps) -> Html {
    let text = texts::api_error(&props.error);
    let retry = html! {
        <Button small=true icon={IconName::Refresh} onclick={props.retry.reform(|_: MouseEvent| ())}>{ t!("common-retry") }</Button>
    };
    if props.inline {
        return html! {
            <Alert tone={AlertTone::Warm}>
                <div class="e-row e-row--between"><span>{ text }</span>{ retry }</div>
            </Alert>
        };
    }
    html! {
        <div role="alert">
            <EmptyState icon={IconName::AlertTriangle} title={t!("error-title")} text={text}>{ retry }</EmptyState>
        </div>
    }
}
