//! Language and theme: the viewer's own when signed in, else what this browser remembers or asks for. Applied to the
//! document, and to everything below through one context.

use entente_web_api::viewer::Theme;
use gloo_events::EventListener;
use yew::prelude::*;

use crate::{
    i18n::{self, Language},
    session::use_session,
};

const THEME_KEY: &str = "entente.theme";
const LANGUAGE_KEY: &str = "entente.language";

/// The two settings and how to change them here. Saving them to the profile is the profile screen's business.
#[derive(Clone, PartialEq)]
pub struct Settings {
    pub language: Language,
    pub theme: Theme,
    set_language: UseStateSetter<Language>,
    set_theme: UseStateSetter<Theme>,
}

impl Settings {
    pub fn choose_language(&self, language: Language) {
        remember(LANGUAGE_KEY, language.tag());
        self.set_language.set(language);
    }

    pub fn choose_theme(&self, theme: Theme) {
        remember(THEME_KEY, theme_tag(theme));
        self.set_theme.set(theme);
    }
}

/// Sets both before anything is drawn, so that nothing flashes in the wrong colours.
pub fn apply_remembered() {
    apply_theme(remembered_theme());
    apply_language(remembered_language());
}

#[derive(PartialEq, Properties)]
pub struct SettingsProviderProps {
    pub children: Html,
}

#[component]
pub fn SettingsProvider(props: &SettingsProviderProps) -> Html {
    let language = use_state_eq(remembered_language);
    let theme = use_state_eq(remembered_theme);
    let session = use_session();
    {
        let (language, theme) = (language.setter(), theme.setter());
        let own = session.viewer().map(|viewer| (viewer.user.id.clone(), viewer.language.clone(), viewer.theme));
        use_effect_with(own, move |own| {
            if let Some((_, tag, own_theme)) = own {
                if let Some(own_language) = Language::from_tag(tag) {
                    remember(LANGUAGE_KEY, own_language.tag());
                    language.set(own_language);
                }
                remember(THEME_KEY, theme_tag(*own_theme));
                theme.set(*own_theme);
            }
        });
    }
    {
        let render = use_force_update();
        use_effect_with((), move |()| {
            let listener = system_theme().map(|query| EventListener::new(&query, "change", move |_| render.force_update()));
            move || drop(listener)
        });
    }
    // Before drawing, not in an effect: texts are read while drawing.
    apply_language(*language);
    apply_theme(*theme);
    let settings = Settings { language: *language, theme: *theme, set_language: language.setter(), set_theme: theme.setter() };
    html! {
        <ContextProvider<Settings> context={settings}>{ props.children.clone() }</ContextProvider<Settings>>
    }
}

/// Language and theme.
#[hook]
pub fn use_settings() -> Settings {
    let (language, theme) = (use_state_eq(Language::default), use_state_eq(Theme::default));
    use_context::<Settings>().unwrap_or_else(|| Settings {
        language: *language,
        theme: *theme,
        set_language: language.setter(),
        set_theme: theme.setter(),
    })
}

fn theme_tag(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn remembered_theme() -> Theme {
    match recall(THEME_KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

fn remembered_language() -> Language {
    recall(LANGUAGE_KEY)
        .and_then(|tag| Language::from_tag(&tag))
        .or_else(|| web_sys::window()?.navigator().language().and_then(|tag| Language::from_tag(&tag)))
        .unwrap_or_default()
}

fn apply_language(language: Language) {
    i18n::set_language(language);
    if let Some(root) = root_element() {
        let _ = root.set_attribute("lang", language.tag());
    }
}

fn apply_theme(theme: Theme) {
    let Some(root) = root_element() else { return };
    let dark = match theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => system_is_dark(),
    };
    let classes = root.class_list();
    let _ = classes.add_1("e-theme-set");
    let _ = if dark { classes.add_1("pf-v6-theme-dark") } else { classes.remove_1("pf-v6-theme-dark") };
}

fn system_is_dark() -> bool {
    system_theme().is_some_and(|query| query.matches())
}

fn system_theme() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}

fn root_element() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

fn storage() -> Option<web_sys::Storage> {
    // Some browsers refuse storage altogether; then nothing is remembered.
    web_sys::window()?.local_storage().ok().flatten()
}

fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}
