//! The live side of the app: one stream of deal changes and one of the viewer's notifications per tab, fanned out to the
//! screens that are open, and the state of the connection for the banner.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use entente_web_api::{
    feed::{DealFeed, FeedEvent},
    notification::{InboxEvent, InboxFeed},
    socket::{ConnectionState, Socket},
    stream::{Source, Stream, Told},
    viewer::ViewerAction,
};
use yew::prelude::*;

use crate::session::{use_client, use_session};

type Listener<E> = Rc<dyn Fn(&E)>;
/// Each with the number under which it leaves.
type Listeners<E> = Rc<RefCell<Vec<(u32, Listener<E>)>>>;

/// Where screens register for changes; the same object for the life of the tab.
pub struct Hub<E> {
    listeners: Listeners<E>,
    next: Rc<Cell<u32>>,
}

/// Where screens register for changes of deals.
pub type LiveHub = Hub<FeedEvent>;

/// Where screens register for changes of the viewer's notifications.
pub type InboxHub = Hub<InboxEvent>;

impl<E> Clone for Hub<E> {
    fn clone(&self) -> Self {
        Self { listeners: self.listeners.clone(), next: self.next.clone() }
    }
}

impl<E> Default for Hub<E> {
    fn default() -> Self {
        Self { listeners: Rc::default(), next: Rc::default() }
    }
}

impl<E> PartialEq for Hub<E> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listeners, &other.listeners)
    }
}

impl<E> Hub<E> {
    fn add(&self, listener: Listener<E>) -> u32 {
        let id = self.next.replace(self.next.get() + 1);
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    fn remove(&self, id: u32) {
        self.listeners.borrow_mut().retain(|(known, _)| *known != id);
    }

    fn tell(&self, event: &E) {
        // A listener may come or go while this runs.
        let listeners: Vec<Listener<E>> = self.listeners.borrow().iter().map(|(_, listener)| listener.clone()).collect();
        for listener in listeners {
            listener(event);
        }
    }
}

/// The tab's socket, for streams that only some screens need.
#[derive(Clone)]
struct Tab(Rc<Socket>);

impl PartialEq for Tab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
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
    let inbox = (*use_memo((), |()| InboxHub::default())).clone();
    let state = use_state_eq(ConnectionState::default);
    let client = use_client();
    let session = use_session();
    let who = session.viewer().filter(|viewer| viewer.can(ViewerAction::SeeDeals)).map(|viewer| viewer.user.id.clone());
    let running = {
        // While rendering and not after it: the stream has to begin before the screens below read.
        let (hub, inbox, state, client) = (hub.clone(), inbox.clone(), state.setter(), client.clone());
        use_memo(who.clone(), move |who| {
            who.as_ref().map(|_| {
                let socket = Socket::open(&client, move |now| state.set(now));
                let deals = DealFeed::start(&client, &socket, move |event| hub.tell(&event));
                let notices = InboxFeed::start(&client, &socket, move |event| inbox.tell(&event));
                ((deals, notices), Tab(Rc::new(socket)))
            })
        })
    };
    let tab = (*running).as_ref().map(|(_, tab)| tab.clone());
    let state = if who.is_some() { *state } else { ConnectionState::Idle };
    html! {
        <ContextProvider<LiveHub> context={hub}>
            <ContextProvider<InboxHub> context={inbox}>
                <ContextProvider<ConnectionState> context={state}>
                    <ContextProvider<Option<Tab>> context={tab}>{ props.children.clone() }</ContextProvider<Option<Tab>>>
                </ContextProvider<ConnectionState>>
            </ContextProvider<InboxHub>>
        </ContextProvider<LiveHub>>
    }
}

/// Calls `listener` for every change of a deal while the component is there. The newest closure is called, so it may use what
/// the component rendered last.
#[hook]
pub fn use_deal_changes(listener: impl Fn(&FeedEvent) + 'static) {
    use_changes(listener);
}

/// The same for changes of the viewer's notifications.
#[hook]
pub fn use_inbox_changes(listener: impl Fn(&InboxEvent) + 'static) {
    use_changes(listener);
}

#[hook]
fn use_changes<E: 'static>(listener: impl Fn(&E) + 'static) {
    let hub = use_context::<Hub<E>>().unwrap_or_default();
    let newest: Rc<RefCell<Listener<E>>> = use_mut_ref(|| -> Listener<E> { Rc::new(|_: &E| {}) });
    *newest.borrow_mut() = Rc::new(listener);
    use_effect_with(hub, move |hub| {
        let id = hub.add(Rc::new(move |event: &E| {
            let listener = newest.borrow().clone();
            listener(event);
        }));
        let hub = hub.clone();
        move || hub.remove(id)
    });
}

/// Follows another stream on the tab's socket while the component is there and `wanted`. The newest closure is called.
#[hook]
pub fn use_stream<S: Source>(wanted: bool, listener: impl Fn(&Told<S::Item>) + 'static) {
    type Newest<T> = Rc<dyn Fn(&Told<T>)>;
    let tab = use_context::<Option<Tab>>().flatten();
    let client = use_client();
    let newest: Rc<RefCell<Newest<S::Item>>> = use_mut_ref(|| -> Newest<S::Item> { Rc::new(|_: &Told<S::Item>| {}) });
    *newest.borrow_mut() = Rc::new(listener);
    use_effect_with((tab, wanted), move |(tab, wanted)| {
        let stream = tab.as_ref().filter(|_| *wanted).map(|tab| {
            Stream::<S>::start(&client, &tab.0, move |told| {
                let listener = newest.borrow().clone();
                listener(&told);
            })
        });
        move || drop(stream)
    });
}

/// The state of the live connection.
#[hook]
pub fn use_connection() -> ConnectionState {
    use_context::<ConnectionState>().unwrap_or_default()
}
