//! The frame around every screen: skip link, navigation, who is signed in, the state of the live connection.

mod banner;
mod bell;
mod nav;
mod person;
mod public;
mod waiting;

pub use public::{Brand, PublicFrame, PublicSettings};

use yew::prelude::*;

use crate::{routes::Routes, t};

#[derive(PartialEq, Properties)]
pub struct ShellProps {
    pub route: Routes,
    pub children: Html,
}

/// The frame for those signed in.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let main = use_node_ref();
    {
        // A new screen: to its top, and focus to its content, as a page load would do.
        let main = main.clone();
        let first = use_mut_ref(|| true);
        use_effect_with(props.route.clone(), move |_| {
            if first.replace(false) {
                return;
            }
            if let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
            if let Some(main) = main.cast::<web_sys::HtmlElement>() {
                let _ = main.focus();
            }
        });
    }
    html! {
        <div class="e-shell">
            <a class="e-skip" href="#main">{ t!("shell-skip") }</a>
            <nav::Side route={props.route.clone()} />
            <div>
                <banner::ConnectionBanner />
                <main id="main" class="e-shell__main" tabindex="-1" ref={main}>{ props.children.clone() }</main>
            </div>
        </div>
    }
}
