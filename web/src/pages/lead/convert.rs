//! Making a deal of a lead: the registration form with what the lead says filled in, so that whatever the program's rules ask for
//! can be given. The deal keeps the lead and its source.

use entente_web_api::{
    Id, QueryBuilder,
    lead::{LeadAction, LeadDetail, LeadEvent, LeadQuery, LeadVariables, Leads as LeadStream},
    viewer::ViewerAction,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    live::use_stream,
    pages::{Forbidden, NotFound, register::Desk},
    program::{SharedProgram, use_program},
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Alert, AlertTone, Icon, IconName, PageHead, SkeletonBlock},
};

#[derive(PartialEq, Properties)]
pub struct ConvertPageProps {
    /// Id of the lead.
    pub id: String,
}

#[component]
pub fn ConvertPage(props: &ConvertPageProps) -> Html {
    let (session, program) = (use_session(), use_program());
    if !session.can(ViewerAction::SeeLeads) {
        return html! { <Forbidden /> };
    }
    let (Some(viewer), Some(program)) = (session.viewer(), program) else { return html! {} };
    html! { <Shown key={props.id.clone()} id={props.id.clone()} viewer={viewer.user.id.inner().to_owned()} {program} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    id: String,
    viewer: String,
    program: SharedProgram,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let id = Id::new(&props.id);
    let query = use_query(LeadVariables { id: id.clone() }, LeadQuery::build);
    {
        // What others do with the lead meanwhile changes the version on which it is converted, not what stands in the form.
        let query = query.clone();
        use_stream::<LeadStream>(true, move |event| match event {
            LeadEvent::Change(change) if change.lead_id == id => query.reload(),
            LeadEvent::Change(_) => {}
            LeadEvent::Resync => query.reload(),
        });
    }
    let onstale = query.on_reload();
    query.view(SkeletonBlock::Page, move |data| match &data.lead {
        None => html! { <NotFound /> },
        Some(lead) => body(props, lead, onstale),
    })
}

fn body(props: &ShownProps, lead: &LeadDetail, onstale: Callback<()>) -> Html {
    let card = &lead.card;
    let to_lead = Routes::Lead { id: card.id.inner().to_owned() };
    html! {
        <>
            <PageHead
                title={t!("lead-convert")}
                window_title={format!("{} · {}", t!("lead-convert"), card.number)}
                lead={t!("lead-convert-lead", "company" => card.company.clone())}
                crumb={html! { <Link<Routes> to={to_lead}><Icon name={IconName::ArrowLeft} />{ " " }{ &card.number }</Link<Routes>> }}
            />
            if card.viewer_can.contains(&LeadAction::Convert) {
                <Desk viewer={props.viewer.clone()} program={props.program.clone()} for_others=false lead={lead.clone()} {onstale} />
            } else if let Some(deal) = &lead.deal {
                <Alert title={t!("lead-standing-converted")}>
                    <p><Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }}>{ &deal.number }{ " · " }{ &deal.title }</Link<Routes>></p>
                </Alert>
            } else {
                <Alert tone={AlertTone::Warm} title={t!("lead-convert-not")} />
            }
        </>
    }
}
