//! Approving several registrations with one confirmation that can be undone: nothing is sent while the seconds run down. Whoever
//! leaves the screen, or closes the page, has sent it.

use std::{cell::RefCell, rc::Rc};

use entente_web_api::{
    ApiError, Client, Id, MutationBuilder,
    client::encode,
    routing::{DealsApprove, DealsApproveItem, DealsApprovePayload, DealsApproveVariables},
};
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use yew::{platform::spawn_local, prelude::*};

use crate::session::use_client;

/// For how many seconds an approval can be undone.
pub const UNDO_SECONDS: u32 = 6;

/// One registration that is about to be approved.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub id: Id,
    pub version: i32,
}

/// What came of an approval of several.
pub type Answer = Result<DealsApprovePayload, ApiError>;

/// The approvals that wait for their seconds to run down.
#[derive(Clone)]
pub struct Approvals {
    /// What waits and the seconds left; none when nothing waits.
    pub waiting: Option<(Rc<Vec<Item>>, u32)>,
    held: Rc<RefCell<Held>>,
    show: UseStateSetter<Option<(Rc<Vec<Item>>, u32)>>,
    client: Client,
    done: Callback<(Rc<Vec<Item>>, Answer)>,
}

#[derive(Default)]
struct Held {
    items: Option<Rc<Vec<Item>>>,
    clock: Option<Interval>,
}

impl Approvals {
    pub fn holds(&self, id: &Id) -> bool {
        self.waiting.as_ref().is_some_and(|(items, _)| items.iter().any(|item| item.id == *id))
    }

    /// Begins the countdown for these. What waited before is sent.
    pub fn begin(&self, items: Vec<Item>) {
        self.send_now();
        let items = Rc::new(items);
        let mut left = UNDO_SECONDS;
        self.show.set(Some((items.clone(), left)));
        let (this, shown) = (self.clone(), items.clone());
        let clock = Interval::new(1_000, move || {
            left = left.saturating_sub(1);
            if left == 0 {
                this.send_now();
            } else {
                this.show.set(Some((shown.clone(), left)));
            }
        });
        *self.held.borrow_mut() = Held { items: Some(items), clock: Some(clock) };
    }

    /// Takes back what waits; whether there was something.
    pub fn undo(&self) -> bool {
        self.take().is_some()
    }

    /// Sends what waits without waiting any longer.
    pub fn send_now(&self) {
        let Some(items) = self.take() else { return };
        let (client, done) = (self.client.clone(), self.done.clone());
        let operation = DealsApprove::build(variables(&items));
        spawn_local(async move {
            let answer = client.run(operation).await.map(|data| data.deals_approve);
            done.emit((items, answer));
        });
    }

    fn take(&self) -> Option<Rc<Vec<Item>>> {
        let Held { items, clock } = self.held.take();
        drop(clock);
        self.show.set(None);
        items
    }
}

fn variables(items: &[Item]) -> DealsApproveVariables {
    let item = |item: &Item| DealsApproveItem { id: item.id.clone(), expected_version: item.version };
    DealsApproveVariables { items: items.iter().map(item).collect() }
}

/// The approvals of a screen; `done` is told what came of them, also when the screen is gone.
#[hook]
pub fn use_approvals(done: Callback<(Rc<Vec<Item>>, Answer)>) -> Approvals {
    let waiting = use_state_eq(|| None::<(Rc<Vec<Item>>, u32)>);
    let held = use_mut_ref(Held::default);
    let client = use_client();
    let approvals = Approvals { waiting: (*waiting).clone(), held, show: waiting.setter(), client, done };
    // The newest, for what happens when the screen goes.
    let newest = use_mut_ref(|| None::<Approvals>);
    *newest.borrow_mut() = Some(approvals.clone());
    use_effect_with((), move |()| {
        let leaving = newest.clone();
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "pagehide", move |_| {
                let approvals = leaving.borrow().clone();
                if let Some((approvals, items)) = approvals.and_then(|a| a.take().map(|items| (a, items)))
                    && let Ok(body) = encode(&DealsApprove::build(variables(&items)))
                {
                    approvals.client.leave_behind(&body);
                }
            })
        });
        move || {
            drop(listener);
            let last = newest.borrow_mut().take();
            if let Some(approvals) = last {
                approvals.send_now();
            }
        }
    });
    approvals
}
