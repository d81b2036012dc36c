//! The frame for those without a session, and the brand that both frames share.

use entente_web_api::viewer::Theme;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::Language,
    routes::Routes,
    settings::use_settings,
    t,
    ui::{Icon, IconName, Menu, MenuEntry},
};

#[derive(PartialEq, Properties)]
pub struct BrandProps {
    /// The program's name below ours.
    #[prop_or_default]
    pub program: Option<String>,
}

/// The mark and the name, leading home.
#[component]
pub fn Brand(props: &BrandProps) -> Html {
    html! {
        <Link<Routes> to={Routes::Home} classes="e-brand">
            <svg class="e-mark" viewBox="0 0 32 32" aria-hidden="true"><use href="#e-mark" /></svg>
            <span class="e-truncate">
                <span class="e-brand__name">{ "Entente" }</span>
                if let Some(program) = &props.program {
                    <span class="e-brand__program e-truncate">{ program }</span>
                }
            </span>
        </Link<Routes>>
    }
}

/// Language and theme for those who have no profile yet.
#[component]
pub fn PublicSettings() -> Html {
    let settings = use_settings();
    let mut entries = Vec::new();
    for language in Language::ALL {
        let (checked, settings) = (settings.language == language, settings.clone());
        let choose = Callback::from(move |()| settings.choose_language(language));
        entries.push(MenuEntry::new(language.own_name(), choose).icon(IconName::Languages).checked(checked));
    }
    for (theme, icon, label) in [
        (Theme::System, IconName::Monitor, t!("theme-system")),
        (Theme::Light, IconName::Sun, t!("theme-light")),
        (Theme::Dark, IconName::Moon, t!("theme-dark")),
    ] {
        let (checked, settings) = (settings.theme == theme, settings.clone());
        let choose = Callback::from(move |()| settings.choose_theme(theme));
        let entry = MenuEntry::new(label, choose).icon(icon).checked(checked);
        entries.push(if theme == Theme::System { entry.first() } else { entry });
    }
    html! {
        <Menu
            toggle={html! { <Icon name={IconName::Languages} /> }}
            label={t!("shell-settings")}
            {entries}
        />
    }
}

#[derive(PartialEq, Properties)]
pub struct PublicFrameProps {
    pub children: Html,
}

#[component]
pub fn PublicFrame(props: &PublicFrameProps) -> Html {
    html! {
        <>
            <a class="e-skip" href="#main">{ t!("shell-skip") }</a>
            <header class="e-public__bar">
                <Brand />
                <nav aria-label={t!("shell-navigation")}>
                    <Link<Routes> to={Routes::Partners}>{ t!("nav-partners") }</Link<Routes>>
                    <Link<Routes> to={Routes::Rules}>{ t!("nav-rules") }</Link<Routes>>
                    <Link<Routes> to={Routes::SignIn}>{ t!("nav-sign-in") }</Link<Routes>>
                </nav>
                <PublicSettings />
            </header>
            <main id="main" class="e-public" tabindex="-1">{ props.children.clone() }</main>
        </>
    }
}
