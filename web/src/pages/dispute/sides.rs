//! Both sides beside each other for the vendor; for a partner its own.

use entente_web_api::dispute::{DisputeDeal, DisputeDetail, DisputeParty, DisputeSide, DisputedRegistration};
use yew::prelude::*;
use yew_router::prelude::*;

use super::facts;
use crate::{
    i18n::format,
    pages::deal::verdict::VerdictView,
    routes::Routes,
    t, texts,
    ui::{Card, StatusTag},
};

#[derive(PartialEq, Properties)]
pub struct SidesProps {
    pub dispute: DisputeDetail,
}

#[component]
pub fn Sides(props: &SidesProps) -> Html {
    let d = &props.dispute;
    if d.viewer_side == DisputeSide::Vendor {
        return html! {
            <div class="e-dispute-sides">
                <div class="e-stack">
                    if let Some(party) = &d.complainant { { side(t!("dispute-side-complainant"), party) } }
                    if let Some(asked) = &d.registration { { registration(asked) } }
                </div>
                <div class="e-stack">
                    { match &d.respondent {
                        Some(party) => side(t!("dispute-side-respondent"), party),
                        None => html! { <Card title={t!("dispute-side-respondent")}><p>{ t!("dispute-no-respondent") }</p></Card> },
                    } }
                </div>
            </div>
        };
    }
    html! {
        <>
            if let Some(own) = &d.own_deal { { deal(t!("dispute-own-deal"), own) } }
            if let Some(asked) = &d.registration { { registration(asked) } }
            <p class="e-subtle">{ t!("dispute-other-side-hidden") }</p>
        </>
    }
}

fn side(title: String, party: &DisputeParty) -> Html {
    match &party.deal {
        Some(of) => deal(format!("{title}: {}", party.partner.name), of),
        None => html! { <Card title={format!("{title}: {}", party.partner.name)}><p>{ t!("dispute-no-deal") }</p></Card> },
    }
}

fn deal(title: String, deal: &DisputeDeal) -> Html {
    let rows = vec![
        (t!("dispute-value"), Some(format::money(&deal.value))),
        (t!("dispute-stage"), Some(deal.stage.name.clone())),
        (t!("dispute-registered"), Some(format::date_time(&deal.created_at))),
        (t!("dispute-protected"), deal.protected_until.as_ref().map(format::date_time)),
        (t!("dispute-contact"), deal.contact_name.clone()),
        (t!("dispute-description"), deal.description.clone()),
        (t!("dispute-decision-reason"), deal.decision_reason.clone()),
    ];
    let to = Routes::Deal { id: deal.id.inner().to_owned() };
    let foot = html! {
        <p class="e-row">
            <Link<Routes> {to}>{ &deal.number }{ " · " }{ &deal.title }</Link<Routes>>
            <StatusTag status={deal.status} />
            <span class="e-visually-hidden">{ texts::status(deal.status) }</span>
        </p>
    };
    facts(title, rows, foot)
}

fn registration(asked: &DisputedRegistration) -> Html {
    let rows = vec![
        (t!("dispute-title"), Some(asked.title.clone())),
        (t!("dispute-value"), Some(format::money(&asked.value))),
        (t!("dispute-close"), Some(format::date(&asked.expected_close_on))),
        (t!("dispute-contact"), asked.contact_name.clone()),
        (t!("dispute-met"), asked.met_on.as_ref().map(format::date)),
        (t!("dispute-description"), asked.description.clone()),
        (t!("dispute-discovery"), asked.discovery_notes.clone()),
        (t!("dispute-budget"), asked.budget.clone()),
        (t!("dispute-rules"), Some(asked.rules_number.to_string())),
    ];
    facts(t!("dispute-registration"), rows, html! { <VerdictView verdict={asked.verdict.clone()} is_disputed=true /> })
}
