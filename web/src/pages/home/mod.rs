//! Home answers "what needs me?": clocks that run out and answers owed first, then what changed, then the numbers,
//! and for partners what they can do next. Live: a change under one's eyes is put on top and said aloud.

mod changes;
mod next;
mod numbers;
mod work;

use entente_web_api::{
    QueryBuilder,
    deal::{DealChangeEdge, HomeQuery, HomeVariables},
    feed::FeedEvent,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    live::use_deal_changes,
    notice::use_notifier,
    remote::use_query,
    routes::Routes,
    session::{Session, use_session},
    t,
    ui::{ButtonKind, IconName, LinkButton, PageHead, SkeletonBlock},
};

const ATTENTION: i32 = 50;
const CHANGES: i32 = 12;

#[component]
pub fn Home() -> Html {
    let session = use_session();
    let name = session.viewer().map(|viewer| first_name(&viewer.user.name)).unwrap_or_default();
    let sees_deals = session.can(ViewerAction::SeeDeals);
    html! {
        <>
            <PageHead title={greeting(&name)} window_title={t!("nav-home")} lead={lead(&session)}>
                if session.can(ViewerAction::RegisterDeal) {
                    <LinkButton to={Routes::Register} kind={ButtonKind::Primary} icon={IconName::Plus}>
                        { t!("nav-register") }
                    </LinkButton>
                }
            </PageHead>
            if sees_deals {
                <Deals />
            } else {
                <next::NextSteps />
            }
        </>
    }
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

fn greeting(name: &str) -> String {
    match js_sys::Date::new_0().get_hours() {
        5..=10 => t!("home-morning", "name" => name.to_owned()),
        11..=17 => t!("home-day", "name" => name.to_owned()),
        _ => t!("home-evening", "name" => name.to_owned()),
    }
}

fn lead(session: &Session) -> String {
    match session.viewer().and_then(|viewer| viewer.partner.as_ref()) {
        Some(partner) if !session.can(ViewerAction::SeeDeals) => match &partner.tier {
            Some(tier) => t!("home-lead-tier", "partner" => partner.name.clone(), "tier" => tier.name.clone()),
            None => partner.name.clone(),
        },
        Some(partner) => match &partner.tier {
            Some(tier) => t!("home-lead-partner-tier", "partner" => partner.name.clone(), "tier" => tier.name.clone()),
            None => t!("home-lead-partner", "partner" => partner.name.clone()),
        },
        None => t!("home-lead-vendor"),
    }
}

#[component]
fn Deals() -> Html {
    let session = use_session();
    let notifier = use_notifier();
    let query = use_query(HomeVariables { attention_first: Some(ATTENTION), changes_first: Some(CHANGES) }, HomeQuery::build);
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let query = query.clone();
        use_deal_changes(move |event| {
            if let FeedEvent::Change(change) = event {
                let edge = DealChangeEdge { cursor: change.cursor.clone(), node: (**change).clone() };
                query.update(|home| {
                    let edges = &mut home.recent_changes.edges;
                    if !edges.iter().any(|known| known.node.cursor == edge.node.cursor) {
                        edges.insert(0, edge);
                        edges.truncate(CHANGES as usize);
                    }
                });
                notifier.announce(t!("common-updated-live", "name" => change.deal.title.clone()));
            }
            // The clocks and the sums are the server's to say; several changes at once are one question.
            let query = query.clone();
            *pause.borrow_mut() = Some(Timeout::new(700, move || query.reload()));
        });
    }
    query.view(SkeletonBlock::Page, |home| {
        html! {
            <>
                <numbers::Tiles attention={home.attention.clone()} stages={home.pipeline_summary.clone()} />
                <div class="e-with-aside">
                    <div class="e-stack">
                        <work::Work items={home.attention.clone()} />
                        <changes::Changes edges={home.recent_changes.edges.clone()} />
                    </div>
                    <div class="e-stack">
                        if session.is_partner() {
                            <next::NextSteps />
                        }
                        <numbers::ByStage stages={home.pipeline_summary.clone()} />
                        <super::record::RecordPanel />
                    </div>
                </div>
            </>
        }
    })
}
