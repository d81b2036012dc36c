//! Asking the server and keeping the newest answer, without types: everything about it that does not depend on what is
//! asked, compiled once. `remote` and `paged` put the types around it.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use entente_web_api::{ApiError, Client};
use gloo_timers::callback::Timeout;
use serde_json::Value;
use yew::{platform::spawn_local, prelude::*};

use crate::{remote::Remote, session::use_client};

/// An answer whose type its hook knows.
pub type Anything = Rc<dyn Any>;
/// Makes the new answer out of what came and what was there.
pub type Merge = Rc<dyn Fn(Value, Option<Anything>) -> Result<Anything, ApiError>>;
/// An encoded operation.
pub type Body = Result<String, ApiError>;

#[derive(Default)]
enum Phase {
    #[default]
    Asked,
    Answered,
    Failed(ApiError),
}

/// One question of one screen, and its newest answer.
pub struct Exchange {
    client: Client,
    render: UseForceUpdateHandle,
    phase: RefCell<Phase>,
    answer: RefCell<Option<Anything>>,
    generation: Cell<u32>,
    appending: Cell<bool>,
    /// Something was changed in place while an answer was on its way, which may be older than that.
    overtaken: Cell<bool>,
    again: RefCell<Option<Timeout>>,
}

/// How long after an answer that was overtaken it is asked again: changes come in bursts.
const AGAIN_MS: u32 = 500;

impl Exchange {
    /// The state with its answer, of the type that its hook put in.
    pub fn state<T: 'static>(&self) -> Remote<T> {
        let answer = self.answer.borrow().clone().and_then(|answer| answer.downcast::<T>().ok());
        match (&*self.phase.borrow(), answer) {
            (Phase::Failed(error), answer) => Remote::Failed(error.clone(), answer),
            (Phase::Answered, Some(answer)) => Remote::Ready(answer),
            (_, Some(answer)) => Remote::Refreshing(answer),
            (_, None) => Remote::Loading,
        }
    }

    /// Changes the answer in place, if there is one. An answer that is on its way is followed by another: it may be older than
    /// the change.
    pub fn update<T: Clone + 'static>(&self, change: impl FnOnce(&mut T)) {
        if matches!(*self.phase.borrow(), Phase::Asked) {
            self.overtaken.set(true);
        }
        let Some(answer) = self.answer.borrow().clone() else { return };
        let Ok(mut answer) = answer.downcast::<T>() else { return };
        change(Rc::make_mut(&mut answer));
        *self.answer.borrow_mut() = Some(answer);
        self.render.force_update();
    }

    /// Whether a further page is on its way.
    pub fn is_appending(&self) -> bool {
        self.appending.get()
    }

    /// Asks. An answer to an earlier question that comes later than this one's is dropped.
    pub fn ask(self: &Rc<Self>, body: Body, appending: bool, merge: Merge) {
        let mine = self.generation.get() + 1;
        self.generation.set(mine);
        self.appending.set(appending);
        if !appending {
            *self.phase.borrow_mut() = Phase::Asked;
            self.overtaken.set(false);
            self.again.borrow_mut().take();
        }
        self.render.force_update();
        let exchange = self.clone();
        spawn_local(async move {
            let data = match body.clone() {
                Ok(body) => exchange.client.exchange(body).await,
                Err(error) => Err(error),
            };
            if exchange.generation.get() != mine {
                return;
            }
            exchange.appending.set(false);
            let earlier = exchange.answer.borrow().clone();
            let phase = match data.and_then(|data| merge(data, earlier)) {
                Ok(answer) => {
                    *exchange.answer.borrow_mut() = Some(answer);
                    Phase::Answered
                }
                Err(error) => Phase::Failed(error),
            };
            *exchange.phase.borrow_mut() = phase;
            exchange.render.force_update();
            if exchange.overtaken.replace(false) {
                let later = exchange.clone();
                *exchange.again.borrow_mut() = Some(Timeout::new(AGAIN_MS, move || later.ask(body, false, merge)));
            }
        });
    }
}

/// Asks when the screen appears and whenever the question changes; the callback asks again.
#[hook]
pub fn use_exchange(body: Body, merge: Merge) -> (Rc<Exchange>, Callback<()>) {
    let client = use_client();
    let render = use_force_update();
    let exchange = use_mut_ref(|| {
        Rc::new(Exchange {
            client,
            render,
            phase: RefCell::default(),
            answer: RefCell::default(),
            generation: Cell::new(0),
            appending: Cell::new(false),
            overtaken: Cell::new(false),
            again: RefCell::default(),
        })
    });
    let exchange = exchange.borrow().clone();
    {
        let (exchange, merge) = (exchange.clone(), merge.clone());
        use_effect_with(body.clone(), move |body| exchange.ask(body.clone(), false, merge));
    }
    // A screen that is gone takes no answer any more.
    {
        let exchange = exchange.clone();
        use_effect_with((), move |()| {
            move || {
                exchange.generation.set(u32::MAX / 2);
                exchange.again.borrow_mut().take();
            }
        });
    }
    let again = {
        let exchange = exchange.clone();
        Callback::from(move |()| exchange.ask(body.clone(), false, merge.clone()))
    };
    (exchange, again)
}

/// Sends once and hands on what came.
pub fn send(client: Client, body: Body, done: Box<dyn FnOnce(Result<Value, ApiError>)>) {
    spawn_local(async move {
        done(match body {
            Ok(body) => client.exchange(body).await,
            Err(error) => Err(error),
        });
    });
}
