//! How many registrations wait for a decision on the viewer's desk, beside the queue in the navigation; live.

use entente_web_api::{
    QueryBuilder,
    routing::{DeskQuery, RoutingChanges},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    i18n::format,
    live::{use_deal_changes, use_stream},
    remote::use_query,
    t,
};

#[component]
pub fn WaitingCount() -> Html {
    let query = use_query((), DeskQuery::build);
    let pause = use_mut_ref(|| None::<Timeout>);
    let reload = {
        let query = query.clone();
        Callback::from(move |()| {
            let query = query.clone();
            *pause.borrow_mut() = Some(Timeout::new(400, move || query.reload()));
        })
    };
    {
        let reload = reload.clone();
        use_deal_changes(move |_| reload.emit(()));
    }
    use_stream::<RoutingChanges>(true, move |_| reload.emit(()));
    let waiting = query.data().map_or(0, |data| data.desk.waiting);
    if waiting == 0 {
        return html! {};
    }
    html! {
        <span class="e-nav__count">
            { format::number(f64::from(waiting)) }{ " " }
            <span class="e-visually-hidden">{ t!("nav-queue-waiting") }</span>
        </span>
    }
}
