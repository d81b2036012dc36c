//! The viewer's own settings: name, language, theme. Language and theme take effect at once and are saved with it.

use entente_web_api::{
    MutationBuilder,
    error::field_errors,
    viewer::{Theme, Viewer, ViewerUpdate, ViewerUpdateInput, ViewerUpdateVariables},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::Language,
    notice::use_notifier,
    remote::use_action,
    routes::Routes,
    session::use_session,
    settings::use_settings,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, Choice, PageHead, Select, Tag, TextField},
};

#[component]
pub fn Profile() -> Html {
    let session = use_session();
    let Some(viewer) = session.viewer().cloned() else { return html! {} };
    html! {
        <>
            <PageHead title={t!("nav-profile")} lead={t!("profile-lead")} />
            <div class="e-with-aside">
                <div class="e-stack">
                    <NameCard viewer={(*viewer).clone()} />
                    <LooksCard />
                </div>
                <AccountCard viewer={(*viewer).clone()} />
            </div>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct ViewerProps {
    viewer: Viewer,
}

#[component]
fn NameCard(props: &ViewerProps) -> Html {
    let session = use_session();
    let notifier = use_notifier();
    let action = use_action();
    let name = use_state(|| props.viewer.user.name.clone());
    let errors = use_state(Vec::new);
    let onsubmit = {
        let (name, errors, action) = (name.clone(), errors.clone(), action.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = ViewerUpdateInput { name: Some(name.trim().to_owned()), ..ViewerUpdateInput::default() };
            let (session, notifier, errors) = (session.clone(), notifier.clone(), errors.setter());
            action.run(ViewerUpdate::build(ViewerUpdateVariables { input }), move |answer| match answer {
                Ok(data) => {
                    let refused = field_errors(data.viewer_update.errors);
                    if let (true, Some(viewer)) = (refused.is_empty(), data.viewer_update.viewer) {
                        session.set_viewer(viewer);
                        notifier.success(t!("common-saved"));
                    }
                    errors.set(refused);
                }
                Err(error) => notifier.failure(texts::api_error(&error)),
            });
        })
    };
    let others = texts::other_errors(&errors, &["name"]);
    let unchanged = name.trim().is_empty() || name.trim() == props.viewer.user.name;
    html! {
        <Card title={t!("profile-name-card")}>
            <form class="e-form" {onsubmit} novalidate=true>
                if !others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true>{ for others.iter().map(|text| html! { <p>{ text }</p> }) }</Alert>
                }
                <TextField
                    id="profile-name"
                    label={t!("profile-name")}
                    value={(*name).clone()}
                    oninput={let name = name.setter(); Callback::from(move |text| name.set(text))}
                    autocomplete="name"
                    maxlength="120"
                    required=true
                    hint={t!("profile-name-hint")}
                    error={texts::error_for(&errors, "name")}
                />
                <div class="e-form__actions">
                    <Button kind={ButtonKind::Primary} submit=true busy={action.busy} disabled={unchanged}>{ t!("common-save") }</Button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn LooksCard() -> Html {
    let session = use_session();
    let settings = use_settings();
    let notifier = use_notifier();
    let action = use_action();
    let save = {
        move |input: ViewerUpdateInput| {
            let (session, notifier) = (session.clone(), notifier.clone());
            action.run(ViewerUpdate::build(ViewerUpdateVariables { input }), move |answer| match answer {
                Ok(data) => match data.viewer_update.viewer {
                    Some(viewer) => {
                        session.set_viewer(viewer);
                        notifier.success(t!("common-saved"));
                    }
                    None => {
                        for error in field_errors(data.viewer_update.errors) {
                            notifier.failure(error.message);
                        }
                    }
                },
                Err(error) => notifier.failure(texts::api_error(&error)),
            });
        }
    };
    let on_language = {
        let (settings, save) = (settings.clone(), save.clone());
        Callback::from(move |tag: String| {
            if let Some(language) = Language::from_tag(&tag) {
                settings.choose_language(language);
                save(ViewerUpdateInput { language: Some(tag), ..ViewerUpdateInput::default() });
            }
        })
    };
    let on_theme = {
        let settings = settings.clone();
        Callback::from(move |key: String| {
            let theme = match key.as_str() {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::System,
            };
            settings.choose_theme(theme);
            save(ViewerUpdateInput { theme: Some(theme), ..ViewerUpdateInput::default() });
        })
    };
    let theme = match settings.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let languages: Vec<Choice> = Language::ALL.into_iter().map(|language| Choice::new(language.tag(), language.own_name())).collect();
    let themes = vec![Choice::new("system", t!("theme-system")), Choice::new("light", t!("theme-light")), Choice::new("dark", t!("theme-dark"))];
    html! {
        <Card title={t!("profile-looks")}>
            <div class="e-form__row">
                <Select
                    id="profile-language"
                    label={t!("profile-language")}
                    choices={languages}
                    value={settings.language.tag()}
                    onchange={on_language}
                    hint={t!("profile-language-hint")}
                />
                <Select id="profile-theme" label={t!("profile-theme")} choices={themes} value={theme} onchange={on_theme} />
            </div>
        </Card>
    }
}

#[component]
fn AccountCard(props: &ViewerProps) -> Html {
    let viewer = &props.viewer;
    let session = use_session();
    let sign_out = Callback::from(move |_: MouseEvent| session.sign_out());
    html! {
        <Card title={t!("profile-account")}>
            <div class="e-stack">
                <dl class="e-facts">
                    if let Some(email) = &viewer.user.email {
                        <dt>{ t!("sign-in-email") }</dt><dd>{ email }</dd>
                    }
                    if let Some(title) = &viewer.user.title {
                        <dt>{ t!("profile-title") }</dt><dd>{ title }</dd>
                    }
                    if let Some(partner) = &viewer.partner {
                        <dt>{ t!("profile-partner") }</dt>
                        <dd><Link<Routes> to={Routes::Partner { slug: partner.slug.clone() }}>{ &partner.name }</Link<Routes>></dd>
                    }
                    <dt>{ t!("profile-roles") }</dt>
                    <dd class="e-row">{ for viewer.roles.iter().map(|role| html! { <Tag>{ texts::role(*role) }</Tag> }) }</dd>
                </dl>
                <div><Button onclick={sign_out}>{ t!("nav-sign-out") }</Button></div>
            </div>
        </Card>
    }
}
