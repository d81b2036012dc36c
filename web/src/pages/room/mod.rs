//! Rooms of deals on which several partners work: the list, and one room with its people, messages, permission and introductions.
//! Live: what others write appears where it stands.

mod list;
mod messages;
mod people;
mod permission;
pub mod words;

use entente_web_api::{
    Id, QueryBuilder,
    cosell::{DealRoom, DealRoomAction, DealRoomQuery, DealRoomVariables, RoomChanges},
    stream::Told,
    viewer::ViewerAction,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Forbidden, NotFound};
use crate::{
    i18n::format,
    live::use_stream,
    notice::use_notifier,
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, Icon, IconName, PageHead, SkeletonBlock, Tag, Tone},
};

pub use list::Rooms;

#[derive(PartialEq, Properties)]
pub struct RoomPageProps {
    /// Id of the deal.
    pub id: String,
}

#[component]
pub fn RoomPage(props: &RoomPageProps) -> Html {
    if !use_session().can(ViewerAction::SeeDeals) {
        return html! { <Forbidden /> };
    }
    html! { <Shown key={props.id.clone()} id={props.id.clone()} /> }
}

#[component]
fn Shown(props: &RoomPageProps) -> Html {
    let notifier = use_notifier();
    let id = Id::new(&props.id);
    let query = use_query(DealRoomVariables { deal_id: id.clone() }, DealRoomQuery::build);
    let revision = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let onchange = {
        let (query, revision) = (query.clone(), revision.setter());
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            revision.set(*count.borrow());
            query.reload();
        })
    };
    {
        let (onchange, id) = (onchange.clone(), id.clone());
        use_stream::<RoomChanges>(true, move |told| match told {
            Told::Change(change) if change.deal_id == id => {
                notifier.announce(t!("room-changed-live", "who" => change.actor_name.clone(), "what" => words::event(&change.kind)));
                onchange.emit(());
            }
            Told::Change(_) => {}
            Told::Resync => onchange.emit(()),
        });
    }
    let revision = *revision;
    query.view(SkeletonBlock::Page, move |data| match &data.deal_room {
        None => html! { <NotFound /> },
        Some(room) => body(room, revision, onchange),
    })
}

fn body(room: &DealRoom, revision: u32, onchange: Callback<()>) -> Html {
    let can = |action| room.viewer_can.contains(&action);
    let customer = room.customer.as_ref().map(|c| c.name.clone()).unwrap_or_else(|| t!("home-no-customer"));
    html! {
        <>
            <PageHead
                title={room.title.clone()}
                window_title={t!("room-window", "title" => room.title.clone())}
                lead={customer}
                crumb={html! { <Link<Routes> to={Routes::Rooms}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("nav-rooms") }</Link<Routes>> }}
                beside={html! { <Tag tone={Tone::Info}>{ &room.stage.name }</Tag> }}
            />
            <div class="e-with-aside">
                <div class="e-stack">
                    <messages::Messages deal_id={room.deal_id.clone()} {revision} may_write={can(DealRoomAction::Write)} onchange={onchange.clone()} />
                </div>
                <div class="e-stack">
                    { facts(room) }
                    <permission::PermissionCard room={room.clone()} may_host={can(DealRoomAction::Host)} onchange={onchange.clone()} />
                    <people::People room={room.clone()} may_manage={can(DealRoomAction::Manage)} onchange={onchange.clone()} />
                    <people::Introductions room={room.clone()} may_write={can(DealRoomAction::Write)} {onchange} />
                </div>
            </div>
        </>
    }
}

/// What the viewer sees of the deal.
fn facts(room: &DealRoom) -> Html {
    let row = |label: String, value: Html| html! { <div class="e-fact"><dt>{ label }</dt><dd>{ value }</dd></div> };
    let hidden = || html! { <span class="e-subtle">{ t!("room-not-shared") }</span> };
    html! {
        <Card title={t!("room-deal")}>
            <dl class="e-fact-grid">
                { row(t!("room-owner"), html! { <>{ room.partner.as_ref().map_or_else(|| "—".to_owned(), |p| p.name.clone()) }</> }) }
                { row(t!("deal-fact-value"), room.value.as_ref().map_or_else(hidden, |value| html! { <>{ format::money(value) }</> })) }
                { row(t!("deal-field-next-step"), room.next_step.as_ref().map_or_else(
                    || if room.deal.is_some() || room.shares_next_step { html! { <>{ "—" }</> } } else { hidden() },
                    |next| html! { <>{ next }</> },
                )) }
                { row(t!("deal-field-close"), room.expected_close_on.as_ref().map_or_else(
                    || if room.deal.is_some() || room.shares_next_step { html! { <>{ "—" }</> } } else { hidden() },
                    |day| html! { <>{ format::date(day) }</> },
                )) }
            </dl>
            if let Some(deal) = &room.deal {
                <p><Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }}>{ t!("room-open-deal", "number" => deal.number.clone()) }</Link<Routes>></p>
            }
        </Card>
    }
}
