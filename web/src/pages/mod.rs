//! The screens, one file or folder each, and the one place that says which route shows which.

mod act;
mod api_keys;
mod deal;
mod directs;
mod dispute;
mod disputes;
mod forbidden;
mod home;
mod import;
mod kit;
mod kits;
mod lead;
mod lead_rules;
mod leads;
mod not_found;
mod notifications;
mod partner;
mod partners;
mod pipeline;
mod products;
mod profile;
mod queue;
mod record;
mod register;
mod reports;
mod room;
mod routing_admin;
mod rules;
mod rules_admin;
mod sign_in;
mod users;

use yew::prelude::*;

use crate::routes::Routes;
pub use forbidden::Forbidden;
pub use not_found::NotFound;

/// The screen of a route. Rights are the server's business; a screen shows `<Forbidden />` where the viewer lacks them.
pub fn screen(route: Routes) -> Html {
    match route {
        Routes::SignIn => html! { <sign_in::SignIn /> },
        Routes::Forbidden => html! { <Forbidden /> },
        Routes::Home => html! { <home::Home /> },
        Routes::Pipeline => html! { <pipeline::Pipeline /> },
        Routes::Deal { id } => html! { <deal::DealPage id={id.clone()} key={id} /> },
        Routes::Register => html! { <register::Register /> },
        Routes::Rooms => html! { <room::Rooms /> },
        Routes::Room { id } => html! { <room::RoomPage id={id.clone()} key={id} /> },
        Routes::Queue => html! { <queue::Queue /> },
        Routes::Partners => html! { <partners::Partners /> },
        Routes::Partner { slug } => html! { <partner::Partner slug={slug.clone()} key={slug} /> },
        Routes::Kits => html! { <kits::Kits /> },
        Routes::Kit { id } => html! { <kit::Kit id={id.clone()} key={id} /> },
        Routes::Directs => html! { <directs::Directs /> },
        Routes::Disputes => html! { <disputes::Disputes /> },
        Routes::Dispute { id } => html! { <dispute::DisputePage id={id.clone()} key={id} /> },
        Routes::Reports => html! { <reports::Reports /> },
        Routes::Rules => html! { <rules::Rules /> },
        Routes::RulesAdmin => html! { <rules_admin::RulesAdmin /> },
        Routes::Products => html! { <products::Products /> },
        Routes::RoutingAdmin => html! { <routing_admin::RoutingAdmin /> },
        Routes::Leads => html! { <leads::Leads /> },
        Routes::LeadImport => html! { <leads::LeadImport /> },
        Routes::Lead { id } => html! { <lead::LeadPage id={id.clone()} key={id} /> },
        Routes::LeadConvert { id } => html! { <lead::ConvertPage id={id.clone()} key={id} /> },
        Routes::LeadRules => html! { <lead_rules::LeadRules /> },
        Routes::Import => html! { <import::Import /> },
        Routes::Users => html! { <users::Users /> },
        Routes::ApiKeys => html! { <api_keys::ApiKeys /> },
        Routes::Notifications => html! { <notifications::Notifications /> },
        Routes::NotificationPreferences => html! { <notifications::Preferences /> },
        Routes::Act { token } => html! { <act::Act token={token.clone()} key={token} /> },
        Routes::Profile => html! { <profile::Profile /> },
        Routes::NotFound => html! { <NotFound /> },
    }
}
