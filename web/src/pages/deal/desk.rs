//! What the deal's page shows of the desk: what stands beside a registration, the evidence with its score, and protection with
//! its clock. Read beside the deal and again whenever it changes.

use entente_web_api::{
    QueryBuilder,
    deal::{DealAction, DealCard},
    desk::{BesideDeal, ConflictKind, DealConflict, DealDesk, DealDeskQuery, DealDeskVariables, DealEvidence, DealProtection, EvidenceKind},
    viewer::ViewerAction,
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{dialog::Ask, evidence_form::EvidenceForm, words};
use crate::{
    i18n::format,
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Button, ButtonKind, Card, Clock, Icon, IconName, SkeletonBlock, StatusTag, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct DeskProps {
    pub deal: DealCard,
    /// Grows with every change that was heard of.
    pub revision: u32,
    pub onask: Callback<Ask>,
    pub ondone: Callback<DealCard>,
    pub onstale: Callback<()>,
}

/// The three panels.
#[component]
pub fn Desk(props: &DeskProps) -> Html {
    let query = use_query(DealDeskVariables { id: props.deal.id.clone() }, DealDeskQuery::build);
    {
        let query = query.clone();
        use_effect_with((props.revision, props.deal.version), move |now| {
            // The first reading has been asked for already.
            if now.0 > 0 {
                query.reload();
            }
        });
    }
    let session = use_session();
    let (for_partner, may_group) = (session.is_partner(), !session.is_partner() && session.can(ViewerAction::DecideDeal));
    query.view(SkeletonBlock::Lines(6), |data| {
        let Some(desk) = &data.deal else { return html! {} };
        html! {
            <div class="e-stack">
                if !for_partner && !desk.conflicts.is_empty() { { conflicts(props, desk) } }
                if let Some(protection) = &desk.protection { { protection_card(props, protection) } }
                <EvidenceCard deal={props.deal.clone()} evidence={desk.evidence.clone()} rules={desk.rules_version}
                    ondone={props.ondone.clone()} onstale={props.onstale.clone()} />
                if may_group && props.deal.customer.is_some() {
                    <p class="e-small e-subtle">
                        { desk.customer_parent.as_ref().map(|parent| t!("desk-parent", "parent" => parent.clone())).unwrap_or_default() }{ " " }
                        <button type="button" class="e-link-button" onclick={props.onask.reform(|_: MouseEvent| Ask::Parent)}>{ t!("desk-set-parent") }</button>
                    </p>
                }
            </div>
        }
    })
}

/// This registration and each that stands beside it, next to each other.
fn conflicts(props: &DeskProps, desk: &DealDesk) -> Html {
    let deal = &props.deal;
    let score = |evidence: &DealEvidence| evidence.score.map_or_else(|| "—".to_owned(), |score| score.to_string());
    let given = |evidence: &DealEvidence| {
        let there: Vec<String> = evidence.parts.iter().filter(|part| part.given).map(|part| kind_name(part.kind)).collect();
        if there.is_empty() { t!("desk-evidence-none") } else { format::list(&there) }
    };
    let names = |products: &[entente_web_api::deal::ProductRef]| format::list(&products.iter().map(|p| p.name.clone()).collect::<Vec<_>>());
    let own = html! {
        <tr>
            <th scope="row">{ t!("desk-this-one") }<br /><span class="e-subtle e-small">{ &deal.number }</span></th>
            <td>{ &deal.partner.name }</td>
            <td>{ words::customer(deal) }<br /><span class="e-subtle e-small">{ names(&deal.products) }</span></td>
            <td><StatusTag status={deal.status} /></td>
            <td>{ format::date_time(&deal.created_at) }</td>
            <td class="e-num">{ score(&desk.evidence) }<br /><span class="e-subtle e-small">{ given(&desk.evidence) }</span></td>
        </tr>
    };
    let other = |kind: ConflictKind, d: &BesideDeal| {
        html! {
            <tr key={d.id.inner().to_owned()}>
                <th scope="row">
                    <Tag tone={conflict_tone(kind)} dot=true>{ conflict_name(kind) }</Tag><br />
                    <Link<Routes> to={Routes::Deal { id: d.id.inner().to_owned() }}>{ &d.number }</Link<Routes>>
                </th>
                <td>{ &d.partner.name }</td>
                <td>
                    { d.customer.as_ref().map(|c| c.name.clone()).unwrap_or_default() }<br />
                    <span class="e-subtle e-small">{ names(&d.products) }</span>
                </td>
                <td>
                    <StatusTag status={d.status} />
                    if let Some(until) = &d.protected_until { <br /><span class="e-subtle e-small">{ t!("desk-until", "day" => format::date_time(until)) }</span> }
                </td>
                <td>{ format::date_time(&d.created_at) }</td>
                <td class="e-num">{ score(&d.evidence) }<br /><span class="e-subtle e-small">{ given(&d.evidence) }</span></td>
            </tr>
        }
    };
    let row = |c: &DealConflict| match (&c.deal, &c.direct) {
        (Some(d), _) => other(c.kind, d),
        (None, Some(d)) => html! {
            <tr key={d.id.inner().to_owned()}>
                <th scope="row"><Tag tone={Tone::Info} dot=true>{ conflict_name(c.kind) }</Tag></th>
                <td>{ &d.recorded_by }</td>
                <td>{ &d.customer_name }<br /><span class="e-subtle e-small">{ d.note.clone().unwrap_or_default() }</span></td>
                <td>{ "—" }</td>
                <td>{ format::date_time(&d.recorded_at) }</td>
                <td>{ "—" }</td>
            </tr>
        },
        (None, None) => html! {},
    };
    html! {
        <Card title={t!("desk-conflicts")}>
            <p class="e-subtle e-small">{ t!("desk-conflicts-lead") }</p>
            <div class="e-table-wrap" tabindex="0" role="region" aria-label={t!("desk-conflicts")}>
                <table class="pf-v6-c-table pf-m-compact e-beside">
                    <thead>
                        <tr>
                            <th scope="col">{ t!("desk-col-which") }</th>
                            <th scope="col">{ t!("deal-fact-partner") }</th>
                            <th scope="col">{ t!("deal-fact-customer") }</th>
                            <th scope="col">{ t!("deal-field-status") }</th>
                            <th scope="col">{ t!("desk-col-since") }</th>
                            <th scope="col">{ t!("desk-col-score") }</th>
                        </tr>
                    </thead>
                    <tbody>{ own }{ for desk.conflicts.iter().map(row) }</tbody>
                </table>
            </div>
        </Card>
    }
}

fn conflict_name(kind: ConflictKind) -> String {
    match kind {
        ConflictKind::Protected => t!("desk-conflict-protected"),
        ConflictKind::Waiting => t!("desk-conflict-waiting"),
        ConflictKind::ProductLine => t!("desk-conflict-line"),
        ConflictKind::Related => t!("desk-conflict-related"),
        ConflictKind::Similar => t!("desk-conflict-similar"),
        ConflictKind::Direct => t!("desk-conflict-direct"),
    }
}

fn conflict_tone(kind: ConflictKind) -> Tone {
    match kind {
        ConflictKind::Protected => Tone::Danger,
        ConflictKind::Waiting => Tone::Warm,
        _ => Tone::Info,
    }
}

fn kind_name(kind: EvidenceKind) -> String {
    match kind {
        EvidenceKind::Meeting => t!("desk-meeting"),
        EvidenceKind::Contact => t!("desk-contact"),
        EvidenceKind::Discovery => t!("desk-discovery"),
        EvidenceKind::Budget => t!("desk-budget"),
        EvidenceKind::Files => t!("desk-files"),
    }
}

/// The clock of protection, what makes it stand still, and what may be done about it.
fn protection_card(props: &DeskProps, p: &DealProtection) -> Html {
    let may = |action: DealAction| props.deal.viewer_can.contains(&action);
    let button = |ask: Ask, kind: ButtonKind, icon: IconName, label: String| {
        let onask = props.onask.clone();
        html! { <Button small=true {kind} {icon} onclick={Callback::from(move |_: MouseEvent| onask.emit(ask.clone()))}>{ label }</Button> }
    };
    let days = |minutes: i32| format::number(f64::from(minutes) / 1_440.0);
    html! {
        <Card title={t!("desk-protection")}>
            <dl class="e-clock-lines">
                if let Some(until) = &p.until {
                    <div class="e-clock-line"><dt>{ t!("deal-clock-protected") }</dt><dd><Clock at={until.clone()} /><span class="e-subtle e-small">{ format::date_time(until) }</span></dd></div>
                }
                if let Some(minutes) = p.minutes_left {
                    <div class="e-clock-line"><dt>{ t!("desk-stands-still") }</dt><dd>{ t!("desk-days-left", "days" => days(minutes)) }</dd></div>
                }
                if let Some(at) = &p.inactive_at {
                    <div class="e-clock-line"><dt>{ t!("desk-inactive") }</dt><dd><Clock at={at.clone()} /><span class="e-subtle e-small">{ format::date_time(at) }</span></dd></div>
                }
                if let Some(at) = &p.next_reminder_at {
                    <div class="e-clock-line"><dt>{ t!("desk-next-reminder") }</dt><dd>{ format::date_time(at) }</dd></div>
                }
                if p.extensions > 0 {
                    <div class="e-clock-line"><dt>{ t!("desk-extensions") }</dt><dd class="e-num">{ p.extensions }</dd></div>
                }
            </dl>
            if let Some(owed) = &p.question {
                <p class="e-strong">{ t!("desk-question", "who" => owed.asked_by.clone(), "when" => format::date_time(&owed.asked_at)) }</p>
                <blockquote class="e-quote">{ &owed.text }</blockquote>
            }
            if let Some(owed) = &p.extension {
                <p class="e-strong">{ t!("desk-extension-asked", "who" => owed.asked_by.clone(), "days" => p.terms.extension_days) }</p>
                <blockquote class="e-quote">{ &owed.text }</blockquote>
            }
            if let Some(release) = &p.release {
                <p>{ t!("desk-released-for", "who" => release.requested_by.clone()) }</p>
                <blockquote class="e-quote">{ &release.proof }</blockquote>
            }
            <div class="e-row">
                if may(DealAction::AnswerPartner) { { button(Ask::AnswerPartner, ButtonKind::Primary, IconName::MessageCircle, t!("desk-answer")) } }
                if may(DealAction::DecideExtension) { { button(Ask::GrantExtension, ButtonKind::Primary, IconName::Check, t!("desk-grant")) } }
                if may(DealAction::DecideExtension) { { button(Ask::DeclineExtension, ButtonKind::Secondary, IconName::Ban, t!("desk-decline")) } }
                if may(DealAction::RequestExtension) { { button(Ask::RequestExtension, ButtonKind::Secondary, IconName::History, t!("desk-request")) } }
                if may(DealAction::AskVendor) { { button(Ask::AskVendor, ButtonKind::Secondary, IconName::CircleHelp, t!("desk-ask")) } }
                if may(DealAction::Release) { { button(Ask::Release, ButtonKind::Secondary, IconName::Undo, t!("desk-release")) } }
            </div>
        </Card>
    }
}

#[derive(PartialEq, Properties)]
struct EvidenceCardProps {
    deal: DealCard,
    evidence: DealEvidence,
    rules: i32,
    ondone: Callback<DealCard>,
    onstale: Callback<()>,
}

/// What was brought along, what it weighs, and a form that adds to it.
#[component]
fn EvidenceCard(props: &EvidenceCardProps) -> Html {
    let adding = use_state_eq(|| false);
    let e = &props.evidence;
    let line = |label: String, value: Html| html! { <div class="e-fact"><dt>{ label }</dt><dd>{ value }</dd></div> };
    let text = |label: String, value: &Option<String>| match value {
        Some(value) => line(label, html! { <span class="e-prewrap">{ value }</span> }),
        None => html! {},
    };
    let part = |part: &entente_web_api::desk::EvidencePart| {
        let (icon, said) = if part.given { (IconName::Check, t!("desk-given")) } else { (IconName::Close, t!("desk-missing")) };
        html! {
            <li key={kind_name(part.kind)} class={classes!("e-rule", (!part.given).then_some("e-rule--open"))}>
                <Icon name={icon} />
                <span><span class="e-visually-hidden">{ said }{ " " }</span>{ kind_name(part.kind) }</span>
                <span class="e-subtle e-num">{ part.weight }</span>
            </li>
        }
    };
    let close = {
        let adding = adding.setter();
        Callback::from(move |()| adding.set(false))
    };
    html! {
        <Card title={t!("desk-evidence")}>
            if let Some(score) = e.score {
                <p><span class="e-strong e-num">{ t!("desk-score", "score" => score) }</span>{ " " }<span class="e-subtle e-small">{ t!("desk-score-beside") }</span></p>
                <ul class="e-verdict__rules">{ for e.parts.iter().map(part) }</ul>
            }
            <dl class="e-fact-grid">
                { text(t!("desk-contact"), &e.contact_name) }
                if let Some(day) = &e.met_on { { line(t!("desk-meeting"), html! { { format::date(day) } }) } }
                { text(t!("desk-budget"), &e.budget) }
                { text(t!("desk-description"), &e.description) }
                { text(t!("desk-discovery"), &e.discovery_notes) }
                { for e.fields.iter().map(|field| line(field.name.clone(), html! { { field.value.clone() } })) }
                if !e.files.is_empty() {
                    { line(t!("desk-files"), html! {
                        <ul class="e-rules">{ for e.files.iter().map(|file| html! {
                            <li key={file.id.inner().to_owned()}><a href={file.url.clone()}>{ &file.name }</a>{ " " }<span class="e-subtle e-small">{ format!("{} KB", format::number(f64::from(file.size.max(1024)) / 1024.0)) }</span></li>
                        }) }</ul>
                    }) }
                }
            </dl>
            <p class="e-small e-subtle">{ t!("desk-judged-under", "n" => props.rules) }</p>
            if props.deal.viewer_can.contains(&DealAction::AddEvidence) {
                <Button small=true icon={IconName::Plus} onclick={let adding = adding.setter(); Callback::from(move |_: MouseEvent| adding.set(true))}>{ t!("desk-add-evidence") }</Button>
            }
            if *adding {
                <EvidenceForm deal={props.deal.clone()} onclose={close} ondone={props.ondone.clone()} onstale={props.onstale.clone()} />
            }
        </Card>
    }
}
