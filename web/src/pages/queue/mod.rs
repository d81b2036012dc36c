//! The approval queue: what waits for a decision on one's desk (what one covers for others lies on it too) or on everyone's, the
//! nearest deadline first, decided without leaving it; and the answers that are owed on approved deals. Driven by keys; live.

mod answers;
mod approvals;
mod due;
mod filters;
mod hand;
mod help;
mod keys;
mod preview;
pub mod route;
mod row;
mod selection;
mod toolbar;
mod undo;
mod views;
mod waiting;

use entente_web_api::{
    Id, QueryBuilder,
    export::{ExportInput, ExportKind},
    routing::{DeskQuery, RoutingChanges},
    viewer::{Role, ViewerAction},
};
use yew::prelude::*;

use super::{Forbidden, reports::ExportButton};
use crate::{
    i18n::format,
    live::use_stream,
    remote::use_query,
    routes::use_query_state,
    session::use_session,
    t,
    ui::{IconName, PageHead, Segment, Segments, SkeletonBlock},
};
use answers::Answers;
use filters::Filters;
use waiting::Waiting;

#[component]
pub fn Queue() -> Html {
    if !use_session().can(ViewerAction::DecideDeal) {
        return html! { <Forbidden /> };
    }
    html! { <Desk /> }
}

#[component]
fn Desk() -> Html {
    let session = use_session();
    let state = use_query_state::<Filters>();
    // As the screen was opened: a default view applies to no filter of somebody's own.
    let blank = *use_memo((), |()| state.value == Filters::default());
    let help = use_state_eq(|| false);
    let query = use_query((), DeskQuery::build);
    {
        let query = query.clone();
        use_stream::<RoutingChanges>(true, move |_| query.reload());
    }
    let has_desk = session.viewer().is_some_and(|viewer| viewer.roles.contains(&Role::ChannelManager));
    let everyone = state.value.everyone(has_desk);
    let onchange = {
        let state = state.clone();
        Callback::from(move |filters: Filters| state.set(&filters))
    };
    let ondesk = {
        let (onchange, filters) = (onchange.clone(), state.value.clone());
        Callback::from(move |key: AttrValue| onchange.emit(Filters { desk: key.to_string(), ..filters.clone() }))
    };
    let answers = state.value.answers();
    let onwork = {
        let (onchange, filters) = (onchange.clone(), state.value.clone());
        Callback::from(move |key: AttrValue| {
            let work = if &*key == "answers" { "answers".to_owned() } else { String::new() };
            onchange.emit(Filters { work, ..filters.clone() });
        })
    };
    let onhelp = {
        let help = help.setter();
        Callback::from(move |open| help.set(open))
    };
    // The same rows as a file: of everyone's, or of whose work lies on this desk.
    let owners: Vec<Id> = query.data().map(|data| data.desk.owners.iter().map(|owner| owner.id.clone()).collect()).unwrap_or_default();
    let listed = state.value.to_variables((!everyone).then_some(owners.as_slice()), 1);
    let export = ExportInput { search: listed.search, deals: listed.filter, ..ExportInput::of(ExportKind::Deals) };
    let covered: Vec<String> = query.data().map(|data| data.desk.owners.iter().skip(1).map(|owner| owner.name.clone()).collect()).unwrap_or_default();
    let rows = |owners: Option<Vec<Id>>| {
        let (filters, onhelp, onchange) = (state.value.clone(), onhelp.clone(), onchange.clone());
        let oneveryone = ondesk.reform(|_: MouseEvent| AttrValue::Static("everyone"));
        if answers {
            html! { <Answers {filters} {owners} {onhelp} {oneveryone} {onchange} /> }
        } else {
            html! { <Waiting {filters} {owners} {onhelp} {oneveryone} {onchange} /> }
        }
    };
    html! {
        <>
            <PageHead title={t!("nav-queue")} lead={if answers { t!("queue-lead-answers") } else { t!("queue-lead") }}>
                <Segments
                    label={t!("queue-work")}
                    items={vec![
                        Segment::new("decisions", t!("queue-work-decisions")).icon(IconName::Inbox),
                        Segment::new("answers", t!("queue-work-answers")).icon(IconName::MessageCircle),
                    ]}
                    active={if answers { "answers" } else { "decisions" }}
                    onselect={onwork}
                />
                <Segments
                    label={t!("queue-desk")}
                    items={vec![
                        Segment::new("mine", t!("queue-desk-mine")).icon(IconName::User),
                        Segment::new("everyone", t!("queue-desk-everyone")).icon(IconName::Users),
                    ]}
                    active={if everyone { "everyone" } else { "mine" }}
                    onselect={ondesk.clone()}
                />
                <help::KeyHelp open={*help} {answers} ontoggle={onhelp.clone()} />
            </PageHead>
            if !everyone && !covered.is_empty() {
                <p class="e-queue__covered e-subtle" data-testid="queue-covered">{ t!("queue-covering", "names" => format::list(&covered)) }</p>
            }
            <toolbar::Toolbar filters={state.value.clone()} {blank} onchange={onchange.clone()} />
            <div class="e-export-row"><ExportButton input={export} /></div>
            if everyone {
                { rows(None) }
            } else {
                { query.view(SkeletonBlock::Rows(8), |data| rows(Some(data.desk.owners.iter().map(|owner| owner.id.clone()).collect()))) }
            }
        </>
    }
}
