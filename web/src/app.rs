//! How the app is put together: providers from the outside in (session, settings, notices, live, router), then the
//! frame and the screen of the address. A change of language draws everything inside anew.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    layout::{PublicFrame, Shell},
    live::LiveProvider,
    notice::NoticeProvider,
    pages,
    program::ProgramProvider,
    routes::{Routes, address},
    session::{SessionProvider, SessionStatus, use_session},
    settings::{SettingsProvider, use_settings},
    ui::{Failure, SkeletonBlock},
};

#[component]
pub fn App() -> Html {
    html! {
        <SessionProvider>
            <SettingsProvider>
                <NoticeProvider>
                    <LiveProvider>
                        <BrowserRouter>
                            <Screens />
                        </BrowserRouter>
                    </LiveProvider>
                </NoticeProvider>
            </SettingsProvider>
        </SessionProvider>
    }
}

#[component]
fn Screens() -> Html {
    let language = use_settings().language;
    html! {
        <div key={language.tag()}>
            <Switch<Routes> render={|route| html! { <Gate {route} /> }} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct GateProps {
    route: Routes,
}

/// What is asked for, in the frame that fits; the sign-in when it needs a session and there is none.
#[component]
fn Gate(props: &GateProps) -> Html {
    let session = use_session();
    let route = props.route.clone();
    match &session.status {
        SessionStatus::Starting => html! { <div class="e-public">{ SkeletonBlock::Page.html() }</div> },
        SessionStatus::Unknown(error) if !route.is_public() => {
            let retry = {
                let session = session.clone();
                Callback::from(move |()| session.restart())
            };
            html! { <PublicFrame><Failure error={error.clone()} {retry} /></PublicFrame> }
        }
        SessionStatus::SignedIn(_) if route == Routes::SignIn => html! { <GoOn /> },
        SessionStatus::SignedIn(_) => html! {
            <ProgramProvider>
                <Shell route={route.clone()}>{ pages::screen(route) }</Shell>
            </ProgramProvider>
        },
        SessionStatus::SignedOut | SessionStatus::Unknown(_) => match route {
            Routes::SignIn => pages::screen(route),
            route if route.is_public() => html! { <PublicFrame>{ pages::screen(route) }</PublicFrame> },
            _ => html! { <ToSignIn /> },
        },
    }
}

/// Signed in: on to where the person was headed, else home.
#[component]
fn GoOn() -> Html {
    let navigator = use_navigator();
    let location = use_location();
    use_effect_with((), move |()| {
        let next = location
            .and_then(|location| {
                let pairs: Vec<(String, String)> = serde_urlencoded::from_str(location.query_str().trim_start_matches('?')).ok()?;
                pairs.into_iter().find(|(name, _)| name == "next").map(|(_, value)| value)
            })
            .unwrap_or_else(|| "/".to_owned());
        if let Some(navigator) = navigator {
            navigator.replace(&address(&next));
        }
    });
    html! {}
}

/// To the sign-in, remembering the address.
#[component]
fn ToSignIn() -> Html {
    let navigator = use_navigator();
    let location = use_location();
    use_effect_with((), move |()| {
        let (Some(navigator), Some(location)) = (navigator, location) else { return };
        let here = format!("{}{}", location.path(), location.query_str());
        if here == "/" {
            navigator.replace(&Routes::SignIn);
        } else {
            let query = serde_urlencoded::to_string([("next", here)]).unwrap_or_default();
            navigator.replace(&address(&format!("/sign-in?{query}")));
        }
    });
    html! {}
}
