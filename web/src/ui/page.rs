//! The head of a screen, its document title, and cards.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct PageHeadProps {
    pub title: AttrValue,
    /// The document's title, where it is not the screen's.
    #[prop_or_default]
    pub window_title: Option<AttrValue>,
    #[prop_or_default]
    pub lead: Option<AttrValue>,
    /// A link back, above the title.
    #[prop_or_default]
    pub crumb: Html,
    /// Beside the title: tags.
    #[prop_or_default]
    pub beside: Html,
    /// Buttons at the end.
    #[prop_or_default]
    pub children: Html,
}

/// The one `h1` of a screen; also sets the document's title.
#[component]
pub fn PageHead(props: &PageHeadProps) -> Html {
    let window_title = props.window_title.clone().unwrap_or_else(|| props.title.clone());
    use_effect_with(window_title, |title| set_title(title));
    html! {
        <header class="e-page-head">
            <div class="e-page-head__text">
                if props.crumb != Html::default() {
                    <div class="e-crumb">{ props.crumb.clone() }</div>
                }
                <div class="e-row">
                    <h1>{ &props.title }</h1>
                    { props.beside.clone() }
                </div>
                if let Some(lead) = &props.lead {
                    <p class="e-page-head__lead">{ lead }</p>
                }
            </div>
            if props.children != Html::default() {
                <div class="e-page-head__actions">{ props.children.clone() }</div>
            }
        </header>
    }
}

/// Sets the document's title.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(&format!("{title} · Entente"));
    }
}

#[derive(PartialEq, Properties)]
pub struct CardProps {
    pub children: Html,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// At the end of the head.
    #[prop_or_default]
    pub aside: Html,
    /// Without padding, for tables and lists.
    #[prop_or_default]
    pub flush: bool,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn Card(props: &CardProps) -> Html {
    html! {
        <section class={classes!("e-card", props.class.clone())} aria-label={props.title.clone()}>
            if let Some(title) = &props.title {
                <div class="e-card__head">
                    <h2>{ title }</h2>
                    { props.aside.clone() }
                </div>
            }
            <div class={classes!("e-card__body", props.flush.then_some("e-card__body--flush"))}>
                { props.children.clone() }
            </div>
        </section>
    }
}
