//! The navigation: only what the viewer may do; beside the queue, how many decisions wait.

use entente_web_api::viewer::ViewerAction;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Brand, banner::LiveDot, bell::Bell, person::Person, waiting::WaitingCount};
use crate::{
    program::use_program,
    routes::Routes,
    session::{Session, use_session},
    t,
    ui::{Icon, IconName},
};

struct Entry {
    route: Routes,
    icon: IconName,
    label: String,
    shown: bool,
}

#[derive(PartialEq, Properties)]
pub struct SideProps {
    pub route: Routes,
}

#[component]
pub fn Side(props: &SideProps) -> Html {
    let session = use_session();
    let program = use_program();
    let open = use_state_eq(|| false);
    {
        let open = open.setter();
        use_effect_with(props.route.clone(), move |_| open.set(false));
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let (work, settings) = entries(&session);
    let link = |entry: Entry| {
        let current = belongs(&props.route, &entry.route).then_some("page");
        html! {
            <li key={entry.route.to_path()}>
                <a
                    class="e-nav__link"
                    href={entry.route.to_path()}
                    aria-current={current}
                    onclick={follow(&entry.route)}
                >
                    <Icon name={entry.icon} />
                    { entry.label }
                    if entry.route == Routes::Queue {
                        { " " }<WaitingCount />
                    }
                </a>
            </li>
        }
    };
    let settings: Vec<Entry> = settings.into_iter().filter(|entry| entry.shown).collect();
    html! {
        <header class={classes!("e-side", open.then_some("e-side--open"))}>
            <div class="e-side__top">
                <Brand program={program.map(|program| program.name.clone())} />
                <Bell />
                <button
                    type="button"
                    class="e-side__menu"
                    aria-expanded={open.to_string()}
                    aria-controls="side-body"
                    aria-label={if *open { t!("shell-menu-close") } else { t!("shell-menu-open") }}
                    onclick={toggle}
                >
                    <Icon name={if *open { IconName::Close } else { IconName::MenuBars }} />
                </button>
            </div>
            <div class="e-side__body" id="side-body">
                <nav aria-label={t!("shell-navigation")}>
                    <ul class="e-nav">{ for work.into_iter().filter(|entry| entry.shown).map(link) }</ul>
                    if !settings.is_empty() {
                        <h2 class="e-nav__group" id="nav-settings">{ t!("nav-settings") }</h2>
                        <ul class="e-nav" aria-labelledby="nav-settings">{ for settings.into_iter().map(link) }</ul>
                    }
                </nav>
                <div class="e-side__foot">
                    <LiveDot />
                    <Person />
                </div>
            </div>
        </header>
    }
}

fn entries(session: &Session) -> (Vec<Entry>, Vec<Entry>) {
    let entry = |route, icon, label, shown| Entry { route, icon, label, shown };
    let can = |action| session.can(action);
    let work = vec![
        entry(Routes::Home, IconName::Home, t!("nav-home"), true),
        entry(Routes::Queue, IconName::Inbox, t!("nav-queue"), can(ViewerAction::DecideDeal)),
        entry(Routes::Pipeline, IconName::Columns, t!("nav-pipeline"), can(ViewerAction::SeeDeals)),
        entry(Routes::Leads, IconName::Inbox, t!("nav-leads"), can(ViewerAction::SeeLeads)),
        entry(Routes::Rooms, IconName::Users, t!("nav-rooms"), can(ViewerAction::SeeDeals)),
        entry(Routes::Directs, IconName::Shield, t!("nav-directs"), can(ViewerAction::SeeDirects)),
        entry(Routes::Disputes, IconName::Handshake, t!("nav-disputes"), can(ViewerAction::SeeDisputes)),
        entry(Routes::Register, IconName::Plus, t!("nav-register"), can(ViewerAction::RegisterDeal)),
        entry(Routes::Partners, IconName::Building, t!("nav-partners"), true),
        entry(Routes::Reports, IconName::List, t!("nav-reports"), can(ViewerAction::SeeDeals)),
        entry(Routes::Rules, IconName::FileText, t!("nav-rules"), true),
        entry(Routes::Kits, IconName::Megaphone, t!("nav-kits"), can(ViewerAction::SeeKits)),
    ];
    let settings = vec![
        entry(Routes::RulesAdmin, IconName::Pencil, t!("nav-rules-admin"), can(ViewerAction::ManageRules)),
        entry(Routes::Products, IconName::Package, t!("nav-products"), can(ViewerAction::ManageProducts)),
        entry(Routes::RoutingAdmin, IconName::Share, t!("nav-routing"), can(ViewerAction::SeeRouting)),
        entry(Routes::LeadRules, IconName::Share, t!("nav-lead-rules"), can(ViewerAction::SeeLeadRouting)),
        entry(Routes::Import, IconName::Upload, t!("nav-import"), can(ViewerAction::Import)),
        entry(Routes::Users, IconName::Users, t!("nav-users"), can(ViewerAction::ManageUsers)),
        entry(Routes::ApiKeys, IconName::Key, t!("nav-api-keys"), can(ViewerAction::ManageApiKeys)),
    ];
    (work, settings)
}

/// Whether `here` is the screen of the entry or one below it.
fn belongs(here: &Routes, entry: &Routes) -> bool {
    here == entry
        || matches!(
            (here, entry),
            (Routes::Deal { .. }, Routes::Pipeline)
                | (Routes::Dispute { .. }, Routes::Disputes)
                | (Routes::Room { .. }, Routes::Rooms)
                | (Routes::Lead { .. } | Routes::LeadConvert { .. } | Routes::LeadImport, Routes::Leads)
                | (Routes::Partner { .. }, Routes::Partners)
                | (Routes::Kit { .. }, Routes::Kits)
        )
}

/// Goes there inside the app; with a modifier key the browser does what it always does.
pub(super) fn follow(route: &Routes) -> Callback<MouseEvent> {
    let route = route.clone();
    Callback::from(move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
            return;
        }
        event.prevent_default();
        yew_router::history::History::push(&yew_router::history::BrowserHistory::new(), route.to_path());
    })
}
