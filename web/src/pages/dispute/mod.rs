//! One dispute: who decides by when, both sides beside each other for the vendor and the own side for a partner, what was said,
//! the decision, and the file. Live.

mod act;
mod replay;
mod say;
mod sides;

use entente_web_api::{
    Id, QueryBuilder,
    dispute::{DisputeDetail, DisputeQuery, DisputeSide, DisputeStatus, DisputeVariables, Disputes as DisputeStream},
    stream::Told,
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Forbidden, NotFound, disputes::words};
use crate::{
    i18n::format,
    live::use_stream,
    notice::use_notifier,
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Alert, AlertTone, Card, Clock, Icon, IconName, PageHead, SkeletonBlock, Tag},
};

#[derive(PartialEq, Properties)]
pub struct DisputePageProps {
    pub id: String,
}

#[component]
pub fn DisputePage(props: &DisputePageProps) -> Html {
    if !use_session().can(ViewerAction::SeeDisputes) {
        return html! { <Forbidden /> };
    }
    html! { <Shown id={props.id.clone()} /> }
}

#[component]
fn Shown(props: &DisputePageProps) -> Html {
    let notifier = use_notifier();
    let id = Id::new(&props.id);
    let query = use_query(DisputeVariables { id: id.clone() }, DisputeQuery::build);
    let revision = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let pause = use_mut_ref(|| None::<Timeout>);
    let changed = {
        let (query, revision) = (query.clone(), revision.setter());
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            revision.set(*count.borrow());
            query.reload();
        })
    };
    {
        let changed = changed.clone();
        use_stream::<DisputeStream>(true, move |told| match told {
            Told::Change(change) if change.dispute.id == id => {
                notifier.announce(t!("dispute-changed-live", "number" => change.dispute.number.clone(), "what" => words::event(&change.kind, "")));
                let changed = changed.clone();
                *pause.borrow_mut() = Some(Timeout::new(200, move || changed.emit(())));
            }
            Told::Change(_) => {}
            Told::Resync => changed.emit(()),
        });
    }
    query.view(SkeletonBlock::Page, |data| match &data.dispute {
        None => html! { <NotFound /> },
        Some(dispute) => html! { <Body dispute={dispute.clone()} revision={*revision} onchanged={changed.clone()} /> },
    })
}

#[derive(PartialEq, Properties)]
struct BodyProps {
    dispute: DisputeDetail,
    revision: u32,
    onchanged: Callback<()>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let d = &props.dispute;
    let about = d.customer_name.clone().or_else(|| d.own_deal.as_ref().map(|deal| deal.title.clone())).unwrap_or_default();
    let products: Vec<String> = d.products.iter().map(|p| p.name.clone()).collect();
    let lead = if products.is_empty() { words::side(d.viewer_side) } else { format::list(&products) };
    html! {
        <>
            <PageHead
                title={about}
                window_title={d.number.clone()}
                lead={format!("{} · {}", d.number, lead)}
                crumb={html! { <Link<Routes> to={Routes::Disputes}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("nav-disputes") }</Link<Routes>> }}
                beside={html! { <Tag tone={words::tone(d.status)} dot=true>{ words::status(d.status) }</Tag> }}
            >
                <act::Actions dispute={d.clone()} onchanged={props.onchanged.clone()} />
            </PageHead>
            <div class="e-stack">
                { standing(d) }
                <sides::Sides dispute={d.clone()} />
                <say::Statements dispute={d.clone()} onchanged={props.onchanged.clone()} />
                <replay::Replay id={d.id.clone()} number={d.number.clone()} revision={props.revision} vendor={d.viewer_side == DisputeSide::Vendor} />
            </div>
        </>
    }
}

/// Who owes what until when, or what was decided.
fn standing(d: &DisputeDetail) -> Html {
    let arbiter = d.arbiter_name.clone();
    match (d.status, &d.ruling) {
        (DisputeStatus::Decided, Some(ruling)) => html! {
            <Alert title={format!("{} · {}", words::outcome(ruling.outcome), format::date_time(&ruling.at))}>
                <p>{ &ruling.reason }</p>
                <p class="e-subtle">{ t!("dispute-decided-by", "name" => ruling.actor_name.clone()) }</p>
            </Alert>
        },
        (DisputeStatus::Withdrawn, _) => html! {
            <Alert title={t!("dispute-status-withdrawn")}>
                if let Some(at) = &d.withdrawn_at { <p>{ format::date_time(at) }</p> }
                if let Some(reason) = &d.withdrawal_reason { <p>{ reason }</p> }
            </Alert>
        },
        _ => html! {
            <Alert
                tone={if d.deadline_missed_at.is_some() { AlertTone::Danger } else { AlertTone::Warm }}
                title={arbiter.map_or_else(|| t!("dispute-standing-nobody"), |name| t!("dispute-standing-arbiter", "name" => name))}
            >
                <p>
                    { t!("dispute-due") }{ " " }<Clock at={d.due_at.clone()} />
                    if let Some(at) = &d.deadline_missed_at { { " · " }{ t!("dispute-missed", "at" => format::date_time(at)) } }
                </p>
            </Alert>
        },
    }
}

/// A card of facts.
fn facts(title: String, rows: Vec<(String, Option<String>)>, foot: Html) -> Html {
    let row = |(label, value): (String, Option<String>)| {
        value.map(|value| html! { <div><dt class="e-subtle e-small">{ label }</dt><dd>{ value }</dd></div> })
    };
    html! {
        <Card {title}>
            <div class="e-stack">
                <dl class="e-fact-grid">{ for rows.into_iter().filter_map(row) }</dl>
                { foot }
            </div>
        </Card>
    }
}
