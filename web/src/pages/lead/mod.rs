//! A lead's own page: where it stands and how long there is, who asks for what, why it went where it went, what happened. Live.

mod act;
mod convert;
mod timeline;
mod why;

pub use convert::ConvertPage;

use entente_web_api::{
    Id, QueryBuilder,
    lead::{LeadDetail, LeadEvent, LeadQuery, LeadStatus, LeadVariables, Leads as LeadStream},
    viewer::ViewerAction,
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Forbidden, NotFound, leads::words};
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
pub struct LeadPageProps {
    pub id: String,
}

#[component]
pub fn LeadPage(props: &LeadPageProps) -> Html {
    if !use_session().can(ViewerAction::SeeLeads) {
        return html! { <Forbidden /> };
    }
    html! { <Shown key={props.id.clone()} id={props.id.clone()} /> }
}

#[component]
fn Shown(props: &LeadPageProps) -> Html {
    let notifier = use_notifier();
    let id = Id::new(&props.id);
    let query = use_query(LeadVariables { id: id.clone() }, LeadQuery::build);
    let revision = use_state_eq(|| 0_u32);
    let count = use_mut_ref(|| 0_u32);
    let left = use_state_eq(|| false);
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
        let (changed, left) = (changed.clone(), left.setter());
        use_stream::<LeadStream>(true, move |event| match event {
            LeadEvent::Change(change) if change.lead_id == id => {
                notifier.announce(words::event(&change.entry.kind, &change.entry.sentence));
                match &change.lead {
                    None => left.set(true),
                    Some(_) => {
                        left.set(false);
                        let changed = changed.clone();
                        *pause.borrow_mut() = Some(Timeout::new(200, move || changed.emit(())));
                    }
                }
            }
            LeadEvent::Change(_) => {}
            LeadEvent::Resync => changed.emit(()),
        });
    }
    let gone = || {
        html! {
            <>
                <PageHead title={t!("lead-gone")} crumb={crumb()} />
                <Alert tone={AlertTone::Warm} title={t!("lead-gone")}><p>{ t!("lead-gone-text") }</p></Alert>
            </>
        }
    };
    if *left {
        return gone();
    }
    query.view(SkeletonBlock::Page, |data| match &data.lead {
        None => html! { <NotFound /> },
        Some(lead) => html! {
            <Body
                lead={lead.clone()}
                revision={*revision}
                onchanged={changed.clone()}
                onleft={let left = left.setter(); Callback::from(move |()| left.set(true))}
            />
        },
    })
}

fn crumb() -> Html {
    html! { <Link<Routes> to={Routes::Leads}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("nav-leads") }</Link<Routes>> }
}

#[derive(PartialEq, Properties)]
struct BodyProps {
    lead: LeadDetail,
    revision: u32,
    /// The viewer changed it.
    onchanged: Callback<()>,
    /// It has left the viewer's partner.
    onleft: Callback<()>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let for_partner = use_session().is_partner();
    let (lead, card) = (&props.lead, &props.lead.card);
    html! {
        <>
            <PageHead
                title={card.company.clone()}
                window_title={format!("{} {}", card.number, card.company)}
                lead={format!("{} · {}", card.number, words::source(&card.source))}
                crumb={crumb()}
                beside={html! { <Tag tone={words::tone(card.status)} dot=true>{ words::status(card.status) }</Tag> }}
            >
                <act::Actions lead={lead.clone()} onchanged={props.onchanged.clone()} onleft={props.onleft.clone()} />
            </PageHead>
            <div class="e-stack">
                { standing(lead, for_partner) }
                <div class="e-with-aside">
                    <div class="e-stack">
                        <Card title={t!("lead-asks")}>{ person(lead) }</Card>
                        <why::Whys whys={lead.whys.clone()} {for_partner} />
                        <timeline::Timeline id={card.id.clone()} revision={props.revision}>
                            <act::NoteBox lead={lead.clone()} ondone={props.onchanged.clone()} />
                        </timeline::Timeline>
                    </div>
                    <div class="e-stack">
                        <Card title={t!("lead-origin")}>{ origin(lead) }</Card>
                        if !for_partner && !lead.offers.is_empty() { <Card title={t!("lead-offers")}>{ offers(lead) }</Card> }
                        if !lead.enquiries.is_empty() { <Card title={t!("lead-enquiries")}>{ enquiries(lead) }</Card> }
                    </div>
                </div>
            </div>
        </>
    }
}

/// Who owes what until when, in one strip.
fn standing(lead: &LeadDetail, for_partner: bool) -> Html {
    let card = &lead.card;
    let text = match card.status {
        LeadStatus::New => t!("lead-standing-new"),
        LeadStatus::Assigned if for_partner => t!("lead-standing-assigned-own"),
        LeadStatus::Assigned => t!("lead-standing-assigned", "partner" => words::holder(card)),
        // Whoever takes a lead owes contact anew: that somebody was in touch before a hand-over is no contact of the one who has it.
        LeadStatus::Accepted if card.follow_up_at.is_none() => t!("lead-standing-contacted", "partner" => words::holder(card)),
        LeadStatus::Accepted if for_partner => t!("lead-standing-accepted-own"),
        LeadStatus::Accepted => t!("lead-standing-accepted", "partner" => words::holder(card)),
        LeadStatus::Unrouted => {
            let person = lead.vendor_person.as_ref().map_or_else(|| t!("lead-nobody-named"), |person| person.name.clone());
            t!("lead-standing-unrouted", "person" => person)
        }
        LeadStatus::Converted => t!("lead-standing-converted"),
        LeadStatus::Closed => lead.close_reason.map_or_else(String::new, words::close),
    };
    let tone = match card.status {
        LeadStatus::Unrouted => AlertTone::Danger,
        LeadStatus::Assigned => AlertTone::Warm,
        _ => AlertTone::Info,
    };
    html! {
        <Alert {tone} title={text}>
            if let Some(at) = card.window_ends_at.as_ref() {
                <p>{ t!("lead-window-ends") }{ " " }<Clock at={at.clone()} soon_ms={4.0 * 3_600_000.0} /></p>
            } else if let Some(at) = card.follow_up_at.as_ref() {
                <p>{ t!("lead-follow-up") }{ " " }<Clock at={at.clone()} soon_ms={4.0 * 3_600_000.0} /></p>
            }
            if let Some(text) = &lead.close_text { <p>{ text }</p> }
            if let Some(deal) = &lead.deal {
                <p><Link<Routes> to={Routes::Deal { id: deal.id.inner().to_owned() }}>{ &deal.number }{ " · " }{ &deal.title }</Link<Routes>></p>
            }
        </Alert>
    }
}

fn fact(label: String, value: Html) -> Html {
    html! { <div><dt class="e-subtle e-small">{ label }</dt><dd>{ value }</dd></div> }
}

fn person(lead: &LeadDetail) -> Html {
    let card = &lead.card;
    let products: Vec<String> = card.products.iter().map(|product| product.name.clone()).collect();
    html! {
        <>
            if let Some(message) = &lead.message { <blockquote class="e-quote">{ message }</blockquote> }
            <dl class="e-fact-grid">
                { fact(t!("lead-field-name"), html! { <>{ &card.name }</> }) }
                { fact(t!("lead-field-email"), html! { <a href={format!("mailto:{}", lead.email)}>{ &lead.email }</a> }) }
                if let Some(phone) = &lead.phone { { fact(t!("lead-field-phone"), html! { <a href={format!("tel:{phone}")}>{ phone }</a> }) } }
                if let Some(domain) = &lead.domain { { fact(t!("lead-field-domain"), html! { <>{ domain }</> }) } }
                if let Some(country) = &card.country { { fact(t!("lead-field-country"), html! { <>{ format::country(country) }</> }) } }
                if let Some(territory) = &card.territory { { fact(t!("lead-field-territory"), html! { <>{ &territory.name }</> }) } }
                if let Some(vertical) = &lead.vertical { { fact(t!("lead-field-vertical"), html! { <>{ &vertical.name }</> }) } }
                if !products.is_empty() { { fact(t!("lead-field-products"), html! { <>{ format::list(&products) }</> }) } }
                if let Some(value) = &card.value { { fact(t!("lead-value"), html! { <>{ format::money(value) }</> }) } }
                if let Some(at) = &card.contacted_at { { fact(t!("lead-contacted"), html! { <>{ format::date_time(at) }</> }) } }
            </dl>
        </>
    }
}

fn origin(lead: &LeadDetail) -> Html {
    let source = &lead.card.source;
    let line = |label: String, value: &Option<String>| value.as_ref().map(|value| fact(label, html! { <>{ value }</> }));
    html! {
        <dl class="e-stack e-stack--tight">
            { fact(t!("lead-field-source"), html! { <>{ words::source_kind(source.kind) }</> }) }
            { for line(t!("lead-field-campaign"), &source.campaign) }
            { for line(t!("lead-field-kit"), &source.kit) }
            { for line("utm_source".into(), &source.utm_source) }
            { for line("utm_medium".into(), &source.utm_medium) }
            { for line("utm_campaign".into(), &source.utm_campaign) }
            { fact(t!("lead-came-in"), html! { <>{ format::date_time(&lead.card.created_at) }</> }) }
            if let (Some(at), Some(text)) = (&lead.consent_at, &lead.consent_text) {
                { fact(t!("lead-consent"), html! { <span title={text.clone()}>{ format::date_time(at) }</span> }) }
            }
        </dl>
    }
}

fn offers(lead: &LeadDetail) -> Html {
    html! {
        <ol class="e-lead-offers">
            { for lead.offers.iter().map(|offer| {
                let name = offer.partner.as_ref().map_or_else(String::new, |partner| partner.name.clone());
                html! {
                    <li>
                        <strong>{ name }</strong>{ " · " }{ words::outcome(offer.outcome) }
                        if let Some(reason) = offer.decline_reason { { ": " }{ words::decline(reason) } }
                        if let Some(text) = &offer.text { <p class="e-subtle e-small">{ text }</p> }
                        <p class="e-subtle e-small">{ format::date_time(&offer.at) }</p>
                    </li>
                }
            }) }
        </ol>
    }
}

fn enquiries(lead: &LeadDetail) -> Html {
    html! {
        <ol class="e-lead-offers">
            { for lead.enquiries.iter().map(|enquiry| html! {
                <li>
                    <p class="e-subtle e-small">{ format::date_time(&enquiry.at) }{ " · " }{ words::source(&enquiry.source) }</p>
                    if let Some(message) = &enquiry.message { <p>{ message }</p> }
                </li>
            }) }
        </ol>
    }
}
