//! The live side of the app: one stream of deal changes per tab, fanned out to the screens that are open, and the
//! state of the connection for the banner.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use entente_web_api::{
    feed::{DealFeed, FeedEvent},
    socket::{ConnectionState, Socket},
    viewer::ViewerAction,
};
use yew::prelude::*;

use crate::session::{use_client, use_session};

type Listener = Rc<dyn Fn(&FeedEvent)>;

/// Where screens register for changes; the same object for the life of the tab.
#[derive(Clone, Default)]
pub struct LiveHub {
    listeners: Rc<RefCell<Vec<(u32, Listener)>>>,
    next: Rc<Cell<u32>>,
}

impl PartialEq for LiveHub {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listeners, &other.listeners)
    }
}

impl LiveHub {
    fn add(&self, listener: Listener) -> u32 {
        let id = self.next.replace(self.next.get() + 1);
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    fn remove(&self, id: u32) {
        self.listeners.borrow_mut().retain(|(known, _)| *known != id);
    }

    fn tell(&self, event: &FeedEvent) {
        // A listener may come or go while this runs.
        let listeners: Vec<Listener> = self.listeners.borrow().iter().map(|(_, listener)| listener.clone()).collect();
        for listener in listeners {
            listener(event);
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct LiveProviderProps {
    pub children: Html,
}

/// Runs the stream while somebody is signed in who may see deals.
#[component]
pub fn LiveProvider(props: &LiveProviderProps) -> Html {
    let hub = (*use_memo((), |()| LiveHub::default())).clone();
    let state = use_state_eq(ConnectionState::default);
    let client = use_client();
    let session = use_session();
    let who = session.viewer().filter(|viewer| viewer.can(ViewerAction::SeeDeals)).map(|viewer| viewer.user.id.clone());
    {
        // While rendering and not after it: the stream has to begin before the screens below read.
        let (hub, state, client) = (hub.clone(), state.setter(), client.clone());
        use_memo(who.clone(), move |who| {
            who.as_ref().map(|_| {
                let socket = Socket::open(&client, move |now| state.set(now));
                DealFeed::start(&client, &socket, move |event| hub.tell(&event))
            })
        });
    }
    let state = if who.is_some() { *state } else { ConnectionState::Idle };
    html! {
        <ContextProvider<LiveHub> context={hub}>
            <ContextProvider<ConnectionState> context={state}>{ props.children.clone() }</ContextProvider<ConnectionState>>
        </ContextProvider<LiveHub>>
    }
}

/// Calls `listener` for every change while the component is there. The newest closure is called, so it may use what
/// the component rendered last.
#[hook]
pub fn use_deal_changes(listener: impl Fn(&FeedEvent) + 'static) {
    let hub = use_context::<LiveHub>().unwrap_or_default();
    let newest: Rc<RefCell<Listener>> = use_mut_ref(|| -> Listener { Rc::new(|_: &FeedEvent| {}) });
    *newest.borrow_mut() = Rc::new(listener);
    use_effect_with(hub, move |hub| {
        let id = hub.add(Rc::new(move |event: &FeedEvent| {
            let listener = newest.borrow().clone();
            listener(event);
        }));
        let hub = hub.clone();
        move || hub.remove(id)
    });
}

/// The state of the live connection.
#[hook]
pub fn use_connection() -> ConnectionState {
    use_context::<ConnectionState>().unwrap_or_default()
}
