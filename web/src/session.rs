//! Who is signed in, for every screen: taken up from the refresh cookie at the start, changed by signing in and out,
//! ended when the server says so.

use std::rc::Rc;

use entente_web_api::{
    ApiError, Client, FieldError,
    client::{SessionChange, SignIn},
    viewer::{Viewer, ViewerAction},
};
use yew::{platform::spawn_local, prelude::*};

/// What is known about the session.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionStatus {
    /// Asking the server whether an earlier session still holds.
    Starting,
    /// The server could not say.
    Unknown(ApiError),
    SignedOut,
    SignedIn(Rc<Viewer>),
}

/// The session, as screens use it.
#[derive(Clone, PartialEq)]
pub struct Session {
    pub status: SessionStatus,
    client: Client,
    set: UseStateSetter<SessionStatus>,
}

/// What came of a sign-in.
pub enum SignInOutcome {
    Done,
    Refused(Vec<FieldError>),
    Failed(ApiError),
}

impl Session {
    pub fn viewer(&self) -> Option<&Rc<Viewer>> {
        match &self.status {
            SessionStatus::SignedIn(viewer) => Some(viewer),
            _ => None,
        }
    }

    /// Whether the viewer may do this at all; screens show only what is allowed.
    pub fn can(&self, action: ViewerAction) -> bool {
        self.viewer().is_some_and(|viewer| viewer.can(action))
    }

    /// Whether the viewer belongs to a partner (and not to the vendor).
    pub fn is_partner(&self) -> bool {
        self.viewer().is_some_and(|viewer| viewer.partner.is_some())
    }

    pub fn sign_in(&self, email: String, password: String, done: impl FnOnce(SignInOutcome) + 'static) {
        let (client, set) = (self.client.clone(), self.set.clone());
        spawn_local(async move {
            match client.sign_in(email, password).await {
                Ok(SignIn::Done(viewer)) => {
                    set.set(SessionStatus::SignedIn(Rc::from(viewer)));
                    done(SignInOutcome::Done);
                }
                Ok(SignIn::Refused(errors)) => done(SignInOutcome::Refused(errors)),
                Err(error) => done(SignInOutcome::Failed(error)),
            }
        });
    }

    pub fn sign_out(&self) {
        let client = self.client.clone();
        spawn_local(async move { client.sign_out().await });
    }

    /// Puts a newer viewer in place, after the profile was changed.
    pub fn set_viewer(&self, viewer: Viewer) {
        self.set.set(SessionStatus::SignedIn(Rc::new(viewer)));
    }

    /// Asks the server again whether an earlier session holds.
    pub fn restart(&self) {
        self.set.set(SessionStatus::Starting);
        restore(self.client.clone(), self.set.clone());
    }
}

fn restore(client: Client, set: UseStateSetter<SessionStatus>) {
    spawn_local(async move {
        set.set(match client.restore().await {
            Ok(Some(viewer)) => SessionStatus::SignedIn(Rc::from(viewer)),
            Ok(None) => SessionStatus::SignedOut,
            Err(error) => SessionStatus::Unknown(error),
        });
    });
}

#[derive(PartialEq, Properties)]
pub struct SessionProviderProps {
    pub children: Html,
}

/// Holds the client and the session for everything below.
#[component]
pub fn SessionProvider(props: &SessionProviderProps) -> Html {
    let client = (*use_memo((), |()| Client::new())).clone();
    let status = use_state_eq(|| SessionStatus::Starting);
    {
        let (client, set) = (client.clone(), status.setter());
        use_effect_with((), move |()| {
            let on_end = set.clone();
            client.listen(move |change| {
                if change == SessionChange::Ended {
                    on_end.set(SessionStatus::SignedOut);
                }
            });
            restore(client, set);
        });
    }
    let session = Session { status: (*status).clone(), client: client.clone(), set: status.setter() };
    html! {
        <ContextProvider<Client> context={client}>
            <ContextProvider<Session> context={session}>{ props.children.clone() }</ContextProvider<Session>>
        </ContextProvider<Client>>
    }
}

/// The typed client.
#[hook]
pub fn use_client() -> Client {
    use_context::<Client>().unwrap_or_default()
}

/// The session; always there below [`SessionProvider`].
#[hook]
pub fn use_session() -> Session {
    let fallback = use_state_eq(|| SessionStatus::SignedOut);
    let client = use_client();
    use_context::<Session>().unwrap_or_else(|| Session { status: SessionStatus::SignedOut, client, set: fallback.setter() })
}
