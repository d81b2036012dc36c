//! The screens, one file or folder each, and the one place that says which route shows which.

mod forbidden;
mod home;
mod not_found;
mod profile;
mod sign_in;

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
        Routes::Pipeline => html! { <NotFound /> },
        Routes::Deal { .. } => html! { <NotFound /> },
        Routes::Register => html! { <NotFound /> },
        Routes::Queue => html! { <NotFound /> },
        Routes::Partners => html! { <NotFound /> },
        Routes::Partner { .. } => html! { <NotFound /> },
        Routes::Kits => html! { <NotFound /> },
        Routes::Kit { .. } => html! { <NotFound /> },
        Routes::Import => html! { <NotFound /> },
        Routes::Users => html! { <NotFound /> },
        Routes::ApiKeys => html! { <NotFound /> },
        Routes::Profile => html! { <profile::Profile /> },
        Routes::NotFound => html! { <NotFound /> },
    }
}
