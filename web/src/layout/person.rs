//! Who is signed in, and what concerns only them: profile, language, theme, signing out.

use entente_web_api::{
    MutationBuilder,
    viewer::{Theme, ViewerUpdate, ViewerUpdateInput, ViewerUpdateVariables},
};
use yew::{platform::spawn_local, prelude::*};
use yew_router::prelude::*;

use crate::{
    i18n::Language,
    program::use_program,
    routes::Routes,
    session::{use_client, use_session},
    settings::use_settings,
    t,
    ui::{Icon, IconName, Menu, MenuEntry},
};

/// The initials of a name, two at most.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[component]
pub fn Person() -> Html {
    let session = use_session();
    let settings = use_settings();
    let program = use_program();
    let navigator = use_navigator();
    let client = use_client();
    let choices = use_mut_ref(|| 0_u32);
    let Some(viewer) = session.viewer().cloned() else { return html! {} };

    // Chosen here it is also the profile's: the next machine shows it the same.
    let save = {
        let session = session.clone();
        move |input: ViewerUpdateInput| {
            let (session, choices, client) = (session.clone(), choices.clone(), client.clone());
            *choices.borrow_mut() += 1;
            let mine = *choices.borrow();
            spawn_local(async move {
                let answer = client.run(ViewerUpdate::build(ViewerUpdateVariables { input })).await;
                // An earlier choice is not to take the place of a later one.
                if let (Some(viewer), true) = (answer.ok().and_then(|data| data.viewer_update.viewer), *choices.borrow() == mine) {
                    session.set_viewer(viewer);
                }
            });
        }
    };
    let mut entries = vec![
        MenuEntry::new(t!("nav-profile"), {
            Callback::from(move |()| {
                if let Some(navigator) = &navigator {
                    navigator.push(&Routes::Profile);
                }
            })
        })
        .icon(IconName::User),
    ];
    for (theme, icon, label) in [
        (Theme::System, IconName::Monitor, t!("theme-system")),
        (Theme::Light, IconName::Sun, t!("theme-light")),
        (Theme::Dark, IconName::Moon, t!("theme-dark")),
    ] {
        let (settings, save) = (settings.clone(), save.clone());
        let checked = settings.theme == theme;
        let choose = Callback::from(move |()| {
            settings.choose_theme(theme);
            save(ViewerUpdateInput { theme: Some(theme), ..ViewerUpdateInput::default() });
        });
        let entry = MenuEntry::new(label, choose).icon(icon).checked(checked);
        entries.push(if theme == Theme::System { entry.first() } else { entry });
    }
    for language in Language::ALL {
        let (settings, save) = (settings.clone(), save.clone());
        let checked = settings.language == language;
        let choose = Callback::from(move |()| {
            settings.choose_language(language);
            save(ViewerUpdateInput { language: Some(language.tag().to_owned()), ..ViewerUpdateInput::default() });
        });
        let entry = MenuEntry::new(language.own_name(), choose).icon(IconName::Languages).checked(checked);
        entries.push(if language == Language::ALL[0] { entry.first() } else { entry });
    }
    entries.push(
        MenuEntry::new(t!("nav-sign-out"), {
            let session = session.clone();
            Callback::from(move |()| session.sign_out())
        })
        .icon(IconName::LogOut)
        .first(),
    );

    let side =
        viewer.partner.as_ref().map(|partner| partner.name.clone()).or_else(|| program.map(|program| program.name.clone())).unwrap_or_default();
    let toggle = html! {
        <>
            <span class="e-avatar" aria-hidden="true">{ initials(&viewer.user.name) }</span>
            <span class="e-person__text">
                <span class="e-person__name e-truncate">{ &viewer.user.name }</span>
                <span class="e-person__side e-truncate">{ side }</span>
            </span>
            <Icon name={IconName::ChevronsUpDown} />
        </>
    };
    html! {
        <Menu
            {toggle}
            toggle_class={classes!("e-person")}
            up=true
            note={viewer.user.email.clone()}
            {entries}
        />
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Ada Byron Lovelace"), "AL");
        assert_eq!(initials("élan"), "É");
        assert_eq!(initials(""), "");
    }
}
