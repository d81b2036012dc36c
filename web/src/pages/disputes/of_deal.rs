//! The disputes about a deal, on the deal's own page, and the way to open one.

use entente_web_api::{
    Id, QueryBuilder,
    dispute::{DealDisputesQuery, DisputeStatus, DisputeVariables},
    viewer::ViewerAction,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    open::{About, OpenDispute},
    words,
};
use crate::{
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, SkeletonBlock, Tag},
};

#[derive(PartialEq, Properties)]
pub struct OfDealProps {
    pub id: Id,
    pub revision: u32,
}

#[component]
pub fn OfDeal(props: &OfDealProps) -> Html {
    if !use_session().can(ViewerAction::SeeDisputes) {
        return html! {};
    }
    html! { <Shown key={props.revision} id={props.id.clone()} revision={props.revision} /> }
}

#[component]
fn Shown(props: &OfDealProps) -> Html {
    let may_open = use_session().can(ViewerAction::OpenDispute);
    let query = use_query(DisputeVariables { id: props.id.clone() }, DealDisputesQuery::build);
    html! {
        <Card title={t!("dispute-of-deal")}>
            { query.view(SkeletonBlock::Lines(1), |data| {
                let all = data.deal.as_ref().map(|d| d.disputes.clone()).unwrap_or_default();
                let open = all.iter().any(|d| d.status == DisputeStatus::Open);
                html! {
                    <div class="e-stack e-stack--tight">
                        if all.is_empty() { <p class="e-subtle">{ t!("dispute-of-deal-none") }</p> }
                        { for all.iter().map(|d| html! {
                            <p key={d.id.inner().to_owned()} class="e-row">
                                <Link<Routes> to={Routes::Dispute { id: d.id.inner().to_owned() }}>{ &d.number }</Link<Routes>>
                                <Tag tone={words::tone(d.status)} dot=true>{ words::status(d.status) }</Tag>
                            </p>
                        }) }
                        if may_open && !open { <div><OpenDispute about={About::Deal(props.id.clone())} /></div> }
                    </div>
                }
            }) }
        </Card>
    }
}
