//! The table of people and what can be done with each.

use entente_web_api::user::User;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    routes::Routes,
    session::use_session,
    t, texts,
    ui::{Column, Icon, IconName, Menu, MenuEntry, Table, Tag, Tone},
};

/// What is to be done with a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UserAction {
    Edit,
    SetPassword,
    SetActive(bool),
}

#[derive(PartialEq, Properties)]
pub struct UserTableProps {
    pub users: Vec<User>,
    /// Whether people of several sides are listed.
    pub vendor: bool,
    pub onaction: Callback<(UserAction, User)>,
}

#[component]
pub fn UserTable(props: &UserTableProps) -> Html {
    let session = use_session();
    let own_id = session.viewer().map(|viewer| viewer.user.id.clone());
    let mut columns = vec![Column::new(t!("settings-name")), Column::new(t!("settings-roles"))];
    if props.vendor {
        columns.push(Column::new(t!("settings-side")));
    }
    columns.extend([Column::new(t!("settings-status")), Column::new(t!("settings-created")), Column::new(t!("settings-actions")).end()]);
    html! {
        <div class="e-people">
            <Table caption={t!("nav-users")} {columns}>
                { for props.users.iter().map(|user| row(user, props, own_id.as_ref() == Some(&user.id))) }
            </Table>
        </div>
    }
}

fn row(user: &User, props: &UserTableProps, own: bool) -> Html {
    html! {
        <tr key={user.id.inner().to_owned()}>
            <td data-label="">
                <span class="e-strong">{ &user.name }</span>
                if own { { " " }<Tag tone={Tone::Brand}>{ t!("settings-you") }</Tag> }
                <div class="e-subtle e-user__mail">
                    { address_and_title(user) }
                </div>
            </td>
            <td data-label={t!("settings-roles")}>
                <span class="e-row e-user__roles">{ for user.roles.iter().map(|role| html! { <Tag>{ texts::role(*role) }</Tag> }) }</span>
            </td>
            if props.vendor {
                <td data-label={t!("settings-side")}>
                    if let Some(partner) = &user.partner {
                        <Link<Routes> to={Routes::Partner { slug: partner.slug.clone() }}>{ &partner.name }</Link<Routes>>
                    } else {
                        <span class="e-subtle">{ t!("settings-vendor") }</span>
                    }
                </td>
            }
            <td data-label={t!("settings-status")}>
                if user.active {
                    <Tag tone={Tone::Ok} dot=true>{ t!("settings-active") }</Tag>
                } else {
                    <Tag dot=true>{ t!("settings-inactive") }</Tag>
                }
            </td>
            <td class="e-nowrap" data-label={t!("settings-created")}>{ format::day_of(&user.created_at) }</td>
            <td class="e-end e-people__menu" data-label="">
                <Menu
                    toggle={html! { <Icon name={IconName::Ellipsis} /> }}
                    label={t!("settings-actions-for", "name" => user.name.clone())}
                    entries={entries(user, own, &props.onaction)}
                />
            </td>
        </tr>
    }
}

/// An imported person has an address that no mail reaches, made up by the import: not worth showing.
fn address_and_title(user: &User) -> String {
    let email = user.email.clone().filter(|email| !email.ends_with(".invalid"));
    let title = user.title.clone().filter(|title| !title.is_empty());
    email.into_iter().chain(title).collect::<Vec<_>>().join(" · ")
}

fn entries(user: &User, own: bool, onaction: &Callback<(UserAction, User)>) -> Vec<MenuEntry> {
    let act = |action: UserAction| {
        let (onaction, user) = (onaction.clone(), user.clone());
        Callback::from(move |()| onaction.emit((action, user.clone())))
    };
    let mut entries = vec![
        MenuEntry::new(t!("settings-user-edit"), act(UserAction::Edit)).icon(IconName::Pencil),
        MenuEntry::new(t!("settings-password-set"), act(UserAction::SetPassword)).icon(IconName::Key),
    ];
    if !user.active {
        entries.push(MenuEntry::new(t!("settings-activate"), act(UserAction::SetActive(true))).icon(IconName::Check));
    } else if !own {
        // Nobody locks themselves out by a slip.
        entries.push(MenuEntry::new(t!("settings-deactivate"), act(UserAction::SetActive(false))).icon(IconName::Ban).danger());
    }
    entries
}
