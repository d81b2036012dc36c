//! What a screen knows about something on the server, and the two hooks that fetch and change it. `Query::view` is
//! the one place that shows waiting, failing with a way to try again, and refreshing.

use std::rc::Rc;

use entente_web_api::{
    ApiError, Operation,
    client::{decode, encode},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use yew::prelude::*;

use crate::{
    exchange::{Anything, Exchange, Merge, send, use_exchange},
    session::use_client,
    ui::{Failure, SkeletonBlock},
};

/// The state of something on the server.
#[derive(Debug, Default)]
pub enum Remote<T> {
    /// Asked for, nothing to show yet.
    #[default]
    Loading,
    /// Here it is.
    Ready(Rc<T>),
    /// Here is what was true; the newer is on its way.
    Refreshing(Rc<T>),
    /// It did not come; what was true before, if anything.
    Failed(ApiError, Option<Rc<T>>),
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready(data) => Self::Ready(data.clone()),
            Self::Refreshing(data) => Self::Refreshing(data.clone()),
            Self::Failed(error, data) => Self::Failed(error.clone(), data.clone()),
        }
    }
}

impl<T> Remote<T> {
    /// The newest data there is, even when refreshing or failed.
    pub fn data(&self) -> Option<&Rc<T>> {
        match self {
            Self::Loading => None,
            Self::Ready(data) | Self::Refreshing(data) => Some(data),
            Self::Failed(_, data) => data.as_ref(),
        }
    }

    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Loading | Self::Refreshing(_))
    }
}

/// A query and its answer. Cheap to clone into callbacks.
pub struct Query<T> {
    pub state: Remote<T>,
    exchange: Rc<Exchange>,
    reload: Callback<()>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), exchange: self.exchange.clone(), reload: self.reload.clone() }
    }
}

impl<T: 'static> Query<T> {
    pub fn data(&self) -> Option<&Rc<T>> {
        self.state.data()
    }

    /// Asks again; what is there stays in view meanwhile.
    pub fn reload(&self) {
        self.reload.emit(());
    }

    pub fn on_reload(&self) -> Callback<()> {
        self.reload.clone()
    }

    /// Shows the data, or that it is coming, or that it did not come and how to try again.
    pub fn view(&self, waiting: SkeletonBlock, show: impl FnOnce(&Rc<T>) -> Html) -> Html {
        match &self.state {
            Remote::Loading => waiting.html(),
            Remote::Ready(data) => in_place(false, html! {}, show(data)),
            Remote::Refreshing(data) => in_place(true, html! {}, show(data)),
            Remote::Failed(error, None) => html! {
                <Failure error={error.clone()} retry={self.reload.clone()} />
            },
            Remote::Failed(error, Some(data)) => {
                let failure = html! { <Failure error={error.clone()} retry={self.reload.clone()} inline=true /> };
                in_place(false, failure, show(data))
            }
        }
    }
}

/// What is shown, at the same place of the page whether it is fresh, asked for again or could not be: what stands inside
/// is the same afterwards, with its open dialogs, its focus and what was typed.
pub fn in_place(busy: bool, failure: Html, shown: Html) -> Html {
    html! {
        <div class={if busy { "e-refreshing" } else { "e-ready" }} aria-busy={busy.then_some("true")}>
            { failure }
            { shown }
        </div>
    }
}

impl<T: Clone + 'static> Query<T> {
    /// Changes what is shown at once, as when a live event or a mutation's answer brings a newer version.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        self.exchange.update(change);
    }
}

/// Fetches when the screen appears and whenever `variables` change; answers that come too late are dropped.
///
/// `let deals = use_query(variables, DealsQuery::build);`
#[hook]
pub fn use_query<D, V, B>(variables: V, build: B) -> Query<D>
where
    D: DeserializeOwned + 'static,
    V: Serialize,
    B: Fn(V) -> Operation<D, V>,
{
    let merge: Merge = Rc::new(|data, _| decode::<D>(data).map(|data| Rc::new(data) as Anything));
    let (exchange, reload) = use_exchange(encode(&build(variables)), merge);
    Query { state: exchange.state(), exchange, reload }
}

/// Runs mutations (or queries on demand), one at a time, and knows whether one is under way.
#[derive(Clone)]
pub struct Action {
    pub busy: bool,
    running: UseStateHandle<bool>,
    client: entente_web_api::Client,
}

impl Action {
    /// Sends the operation and hands its answer to `done`. Does nothing while another is under way.
    pub fn run<D, V>(&self, operation: Operation<D, V>, done: impl FnOnce(Result<D, ApiError>) + 'static)
    where
        D: DeserializeOwned + 'static,
        V: Serialize,
    {
        if self.busy {
            return;
        }
        let (running, client) = (self.running.clone(), self.client.clone());
        running.set(true);
        let done = Box::new(move |answer: Result<Value, ApiError>| {
            running.set(false);
            done(answer.and_then(decode::<D>));
        });
        send(client, encode(&operation), done);
    }
}

/// For one form or one row of buttons.
#[hook]
pub fn use_action() -> Action {
    let running = use_state_eq(|| false);
    Action { busy: *running, running, client: use_client() }
}
