//! The partner's deals that changed last, live.

use entente_web_api::{
    Id, QueryBuilder,
    deal::{DealCard, DealFilter, DealOrder, DealOrderField, DealsQuery, DealsVariables},
    feed::FeedEvent,
    scalar::OrderDirection,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    i18n::format,
    live::use_deal_changes,
    remote::use_query,
    routes::Routes,
    t,
    ui::{Card, Column, Count, EmptyState, IconName, SkeletonBlock, StatusTag, Table},
};

const SHOWN: i32 = 8;

#[derive(PartialEq, Properties)]
pub struct DealsProps {
    pub partner_id: Id,
}

#[component]
pub fn Deals(props: &DealsProps) -> Html {
    let filter = DealFilter { partners: Some(vec![props.partner_id.clone()]), ..DealFilter::default() };
    let order = DealOrder { field: DealOrderField::UpdatedAt, direction: OrderDirection::Desc };
    let query =
        use_query(DealsVariables { filter: Some(filter), order_by: Some(order), first: Some(SHOWN), ..DealsVariables::default() }, DealsQuery::build);
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let (query, partner_id) = (query.clone(), props.partner_id.clone());
        use_deal_changes(move |event| {
            let concerns = match event {
                FeedEvent::Change(change) => change.deal.partner.id == partner_id,
                FeedEvent::Resync => true,
            };
            if concerns {
                // Several changes at once are one question.
                let query = query.clone();
                *pause.borrow_mut() = Some(Timeout::new(500, move || query.reload()));
            }
        });
    }
    let total = query.data().map(|data| data.deals.total_count);
    html! {
        <Card title={t!("directory-deals")} flush=true aside={total.map(|n| html! { <Count n={i64::from(n)} /> }).unwrap_or_default()}>
            { query.view(SkeletonBlock::Rows(4), |data| {
                if data.deals.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::Handshake} title={t!("directory-deals-empty")} /> };
                }
                html! {
                    <Table
                        caption={t!("directory-deals-table")}
                        columns={vec![
                            Column::new(t!("directory-deal")),
                            Column::new(t!("directory-deal-status")),
                            Column::new(t!("directory-deal-stage")),
                            Column::new(t!("directory-deal-value")).end(),
                            Column::new(t!("directory-deal-updated")),
                        ]}
                    >
                        { for data.deals.nodes.iter().map(row) }
                    </Table>
                }
            }) }
        </Card>
    }
}

fn row(deal: &DealCard) -> Html {
    let customer = deal.customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default();
    html! {
        <tr key={format!("{}-{}", deal.id.inner(), deal.version)}>
            <td data-label="">
                <Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }} classes="e-strong">{ &deal.title }</Link<Routes>>
                <div class="e-subtle">{ customer }</div>
            </td>
            <td data-label={t!("directory-deal-status")}><StatusTag status={deal.status} /></td>
            <td data-label={t!("directory-deal-stage")}>{ &deal.stage.name }</td>
            <td class="e-end e-num" data-label={t!("directory-deal-value")}>{ format::money(&deal.value) }</td>
            <td class="e-nowrap" data-label={t!("directory-deal-updated")}>{ format::relative(&deal.updated_at) }</td>
        </tr>
    }
}
