//! The rooms that the viewer sees, the latest changed first.

use entente_web_api::{
    QueryBuilder,
    cosell::{DealRoomRow, DealRoomsQuery, DealRoomsVariables, RoomChanges},
    viewer::ViewerAction,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::super::Forbidden;
use super::words;
use crate::{
    i18n::format,
    live::use_stream,
    paged::{PageOf, use_paged},
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, EmptyState, IconName, PageHead, SkeletonBlock, Tag, Tone},
};

const PAGE: i32 = 50;

#[component]
pub fn Rooms() -> Html {
    if !use_session().can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    html! { <List /> }
}

#[component]
fn List() -> Html {
    let list = use_paged(
        DealRoomsVariables { first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            DealRoomsQuery::build(variables)
        },
        |data: DealRoomsQuery| PageOf { total: 0, nodes: data.deal_rooms.nodes, page_info: data.deal_rooms.page_info },
    );
    {
        let list = list.clone();
        use_stream::<RoomChanges>(true, move |_| list.reload());
    }
    html! {
        <>
            <PageHead title={t!("room-list-title")} lead={t!("room-list-lead")} />
            { list.view(SkeletonBlock::Rows(5), |listed| {
                if listed.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::Users} title={t!("room-none")} text={t!("room-none-text")} /> };
                }
                html! { <div class="e-stack">{ for listed.nodes.iter().map(row) }</div> }
            }) }
            { list.more(t!("common-load-more")) }
        </>
    }
}

fn row(room: &DealRoomRow) -> Html {
    let id = room.deal_id.inner().to_owned();
    let customer = room.customer.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let key = id.clone();
    html! {
        <Card {key}>
            <div class="e-row e-row--between">
                <div>
                    <p><Link<Routes> to={Routes::Room { id }}><strong>{ &room.title }</strong></Link<Routes>></p>
                    <p class="e-subtle">
                        { customer }{ " · " }{ room.partner.as_ref().map(|p| p.name.clone()).unwrap_or_default() }{ " · " }
                        { format::relative(&room.updated_at) }
                    </p>
                </div>
                <Tag tone={Tone::Info}>{ &room.stage.name }</Tag>
            </div>
            <p>
                { for room.participants.iter().map(|p| html! {
                    <>
                        <Tag tone={words::role_tone(p.role)}>
                            { p.partner.as_ref().map(|p| p.name.clone()).unwrap_or_default() }{ " · " }{ words::role(p.role) }
                        </Tag>{ " " }
                    </>
                }) }
            </p>
        </Card>
    }
}
