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
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, EmptyState, IconName, PageHead, SkeletonBlock, Tag, Tone},
};

const ROWS: i32 = 100;

#[component]
pub fn Rooms() -> Html {
    if !use_session().can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    html! { <List /> }
}

#[component]
fn List() -> Html {
    let query = use_query(DealRoomsVariables { first: Some(ROWS) }, DealRoomsQuery::build);
    {
        let query = query.clone();
        use_stream::<RoomChanges>(true, move |_| query.reload());
    }
    html! {
        <>
            <PageHead title={t!("room-list-title")} lead={t!("room-list-lead")} />
            { query.view(SkeletonBlock::Rows(5), |data| {
                let rooms = &data.deal_rooms.nodes;
                if rooms.is_empty() {
                    return html! { <EmptyState icon={IconName::Users} title={t!("room-none")} text={t!("room-none-text")} /> };
                }
                html! { <div class="e-stack">{ for rooms.iter().map(row) }</div> }
            }) }
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
