//! People with an account: who they are, what they may do, whether they may sign in. The vendor's administrators see
//! everyone, a partner's administrators their own people.

mod create;
mod edit;
mod password;
mod roles;
mod table;

use entente_web_api::{
    QueryBuilder,
    export::{ExportInput, ExportKind},
    user::{User, UserFilter, UsersQuery, UsersVariables},
    viewer::ViewerAction,
};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::{Forbidden, reports::ExportButton};
use crate::{
    paged::{PageOf, Paged, use_paged},
    routes::use_query_state,
    session::use_session,
    t, texts,
    ui::{Button, ButtonKind, Card, Choice, EmptyState, IconName, PageHead, SearchField, Select, SkeletonBlock},
};
pub use roles::vendor_roles;
use roles::{partner_roles, role_of, role_word};
use table::{UserAction, UserTable};

const PAGE: i32 = 50;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Filters {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    role: String,
    /// `yes`, `no` or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    active: String,
}

impl Filters {
    fn variables(&self) -> UsersVariables {
        let active = match self.active.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let filter = UserFilter { partners: None, roles: role_of(&self.role).map(|role| vec![role]), active };
        let search = self.q.trim();
        UsersVariables {
            search: (!search.is_empty()).then(|| search.to_owned()),
            filter: (filter != UserFilter::default()).then_some(filter),
            first: Some(PAGE),
            after: None,
        }
    }
}

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq)]
enum Dialog {
    None,
    Create,
    Do(UserAction, User),
}

#[component]
pub fn Users() -> Html {
    if !use_session().can(ViewerAction::ManageUsers) {
        return html! { <Forbidden /> };
    }
    html! { <Listing /> }
}

#[component]
fn Listing() -> Html {
    let session = use_session();
    let vendor = !session.is_partner();
    let state = use_query_state::<Filters>();
    let dialog = use_state_eq(|| Dialog::None);
    let list = use_paged(
        state.value.variables(),
        |mut variables, after| {
            variables.after = after;
            UsersQuery::build(variables)
        },
        |data: UsersQuery| PageOf { nodes: data.users.nodes, page_info: data.users.page_info, total: data.users.total_count },
    );
    let listed = state.value.variables();
    let export = ExportInput { search: listed.search, users: listed.filter, ..ExportInput::of(ExportKind::Users) };
    let open = |what: Dialog| {
        let dialog = dialog.setter();
        Callback::from(move |()| dialog.set(what.clone()))
    };
    let onaction = {
        let dialog = dialog.setter();
        Callback::from(move |(action, user): (UserAction, User)| dialog.set(Dialog::Do(action, user)))
    };
    let onchange = {
        let state = state.clone();
        Callback::from(move |next: Filters| state.set(&next))
    };
    html! {
        <>
            <PageHead title={t!("nav-users")} lead={if vendor { t!("settings-users-lead") } else { t!("settings-users-lead-partner") }}>
                <ExportButton input={export} />
                <Button kind={ButtonKind::Primary} icon={IconName::Plus} onclick={open(Dialog::Create).reform(|_: MouseEvent| ())}>
                    { t!("settings-user-create") }
                </Button>
            </PageHead>
            <Toolbar {vendor} filters={state.value.clone()} onchange={onchange.clone()} />
            { list.view(SkeletonBlock::Rows(8), |listed| {
                if listed.nodes.is_empty() {
                    return html! {
                        <EmptyState icon={IconName::Users} title={t!("settings-users-empty")} text={t!("settings-users-empty-text")}>
                            <Button onclick={onchange.reform(|_: MouseEvent| Filters::default())}>{ t!("settings-clear") }</Button>
                        </EmptyState>
                    };
                }
                html! {
                    <Card flush=true>
                        <UserTable users={listed.nodes.clone()} {vendor} {onaction} />
                        { list.foot() }
                    </Card>
                }
            }) }
            { draw(&dialog, &list, open(Dialog::None)) }
        </>
    }
}

fn draw(dialog: &Dialog, list: &Paged<User>, onclose: Callback<()>) -> Html {
    let onstale = {
        let list = list.clone();
        Callback::from(move |()| list.reload())
    };
    let onchanged = {
        let list = list.clone();
        Callback::from(move |user: User| {
            list.update(|listed| {
                if let Some(known) = listed.nodes.iter_mut().find(|known| known.id == user.id) {
                    *known = user;
                }
            });
        })
    };
    // An open dialog follows the list: after somebody else's change it holds the newer version.
    let current = |user: &User| {
        let known = list.data().and_then(|listed| listed.nodes.iter().find(|known| known.id == user.id).cloned());
        known.unwrap_or_else(|| user.clone())
    };
    match dialog {
        Dialog::None => html! {},
        Dialog::Create => html! { <create::Create {onclose} oncreated={onstale} /> },
        Dialog::Do(UserAction::Edit, user) => html! { <edit::Edit user={current(user)} {onclose} {onchanged} {onstale} /> },
        Dialog::Do(UserAction::SetPassword, user) => {
            html! { <password::SetPassword user={current(user)} {onclose} {onchanged} {onstale} /> }
        }
        Dialog::Do(UserAction::SetActive(active), user) => {
            html! { <edit::SetActive user={current(user)} active={*active} {onclose} {onchanged} {onstale} /> }
        }
    }
}

#[derive(PartialEq, Properties)]
struct ToolbarProps {
    vendor: bool,
    filters: Filters,
    onchange: Callback<Filters>,
}

#[component]
fn Toolbar(props: &ToolbarProps) -> Html {
    let set = |change: fn(&mut Filters, String)| {
        let (filters, onchange) = (props.filters.clone(), props.onchange.clone());
        Callback::from(move |value: String| {
            let mut next = filters.clone();
            change(&mut next, value);
            onchange.emit(next);
        })
    };
    let roles = if props.vendor { vendor_roles().chain(partner_roles()).collect::<Vec<_>>() } else { partner_roles().collect() };
    html! {
        <div class="e-toolbar e-user-bar">
            <div class="e-toolbar__grow">
                <SearchField id="user-search" label={t!("settings-users-search")} value={props.filters.q.clone()} onsearch={set(|f, v| f.q = v)} />
            </div>
            <Select
                id="user-role"
                bare=true
                label={t!("settings-role")}
                placeholder={t!("settings-any-role")}
                choices={roles.into_iter().map(|role| Choice::new(role_word(role), texts::role(role))).collect::<Vec<_>>()}
                value={props.filters.role.clone()}
                onchange={set(|f, v| f.role = v)}
            />
            <Select
                id="user-active"
                bare=true
                label={t!("settings-status")}
                placeholder={t!("settings-any-status")}
                choices={vec![Choice::new("yes", t!("settings-active")), Choice::new("no", t!("settings-inactive"))]}
                value={props.filters.active.clone()}
                onchange={set(|f, v| f.active = v)}
            />
        </div>
    }
}
