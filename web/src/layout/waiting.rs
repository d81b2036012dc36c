//! How many registrations wait for a decision, beside the queue in the navigation; live.

use entente_web_api::{
    QueryBuilder,
    deal::{DealCountQuery, DealFilter, DealsVariables, RegistrationStatus},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{i18n::format, live::use_deal_changes, remote::use_query, t};

#[component]
pub fn WaitingCount() -> Html {
    let filter = DealFilter { statuses: Some(vec![RegistrationStatus::Submitted, RegistrationStatus::InReview]), ..DealFilter::default() };
    let variables = DealsVariables { filter: Some(filter), first: Some(1), ..DealsVariables::default() };
    let query = use_query(variables, DealCountQuery::build);
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let query = query.clone();
        use_deal_changes(move |_| {
            let query = query.clone();
            *pause.borrow_mut() = Some(Timeout::new(400, move || query.reload()));
        });
    }
    let waiting = query.data().map_or(0, |data| data.deals.total_count);
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
