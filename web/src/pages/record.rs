//! The vendor's own record: how long it takes to decide, how often in time, which reasons it gives. Both sides see the same figures,
//! each with how it is computed.

use entente_web_api::{
    QueryBuilder,
    deal::RegistrationStatus,
    feed::FeedEvent,
    record::{DealClock, DealClockState, RejectionReason, VendorRecordFigure, VendorRecordPeriod, VendorRecordQuery},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    i18n::format,
    live::use_deal_changes,
    remote::use_query,
    t,
    ui::{Card, SkeletonBlock, Tag, Tone},
};

/// What was seen within a minute was seen in time.
const SOON_MS: f64 = 60_000.0;

/// The record as a card; `wide` has the quarters beside it.
#[derive(PartialEq, Properties)]
pub struct RecordPanelProps {
    #[prop_or_default]
    pub wide: bool,
}

#[component]
pub fn RecordPanel(props: &RecordPanelProps) -> Html {
    let query = use_query((), |()| VendorRecordQuery::build(()));
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let query = query.clone();
        use_deal_changes(move |event| {
            let decided = match event {
                FeedEvent::Change(change) => matches!(change.deal.status, RegistrationStatus::Approved | RegistrationStatus::Rejected),
                FeedEvent::Resync => true,
            };
            if decided {
                // The server computes it anew after two seconds.
                let query = query.clone();
                *pause.borrow_mut() = Some(Timeout::new(2_200, move || query.reload()));
            }
        });
    }
    let wide = props.wide;
    html! {
        <Card title={t!("record-title")}>
            { query.view(SkeletonBlock::Lines(4), move |data| {
                let record = &data.vendor_record;
                html! {
                    <div class="e-stack">
                        <p class="e-subtle">{ t!("record-lead", "n" => 90) }</p>
                        { figures(&record.last_days) }
                        { reasons(&record.last_days) }
                        if wide { { quarters(&record.quarters) } }
                    </div>
                }
            }) }
        </Card>
    }
}

fn figures(period: &VendorRecordPeriod) -> Html {
    let hours = period.median_hours.value.as_ref().map_or_else(|| "—".to_owned(), |v| t!("record-hours", "n" => v.approximate()));
    html! {
        <dl class="e-fact-grid">
            { figure(t!("record-median"), hours, t!("record-of-decisions", "n" => period.median_hours.denominator), &period.median_hours) }
            { figure(t!("record-within"), percent(&period.within_deadline), of(&period.within_deadline), &period.within_deadline) }
            <div class="e-fact"><dt>{ t!("record-breaches") }</dt><dd class="e-num">{ format::number(f64::from(period.breaches)) }</dd></div>
            { figure(t!("record-reasoned"), percent(&period.with_reason), of(&period.with_reason), &period.with_reason) }
        </dl>
    }
}

fn figure(label: String, value: String, beside: String, figure: &VendorRecordFigure) -> Html {
    html! {
        <div class="e-fact" title={figure.formula.clone()}>
            <dt>{ label }</dt>
            <dd><strong class="e-num">{ value }</strong><span class="e-subtle e-fact__beside">{ beside }</span></dd>
        </div>
    }
}

fn percent(figure: &VendorRecordFigure) -> String {
    figure.value.as_ref().map_or_else(|| "—".to_owned(), |v| t!("record-percent", "n" => v.approximate()))
}

fn of(figure: &VendorRecordFigure) -> String {
    t!("record-of", "part" => figure.numerator.unwrap_or_default(), "whole" => figure.denominator)
}

fn reasons(period: &VendorRecordPeriod) -> Html {
    if period.reasons.is_empty() {
        return html! {};
    }
    html! {
        <section>
            <h3>{ t!("record-reasons") }</h3>
            <ul class="e-rules">
                { for period.reasons.iter().map(|given| html! {
                    <li>{ reason(given.reason) }{ " " }<span class="e-subtle e-num">{ format::number(f64::from(given.count)) }</span></li>
                }) }
            </ul>
        </section>
    }
}

fn quarters(quarters: &[VendorRecordPeriod]) -> Html {
    html! {
        <section>
            <h3>{ t!("record-quarters") }</h3>
            <div class="e-table-wrap" tabindex="0" role="region" aria-label={t!("record-quarters")}>
                <table class="e-table">
                    <thead>
                        <tr>
                            <th scope="col">{ t!("record-quarter") }</th>
                            <th scope="col" class="e-end">{ t!("record-decided") }</th>
                            <th scope="col" class="e-end">{ t!("record-median") }</th>
                            <th scope="col" class="e-end">{ t!("record-within") }</th>
                            <th scope="col" class="e-end">{ t!("record-breaches") }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for quarters.iter().map(|period| html! {
                            <tr key={period.quarter.clone().unwrap_or_default()}>
                                <th scope="row">{ period.quarter.clone().unwrap_or_default() }</th>
                                <td class="e-end e-num">{ format::number(f64::from(period.decided)) }</td>
                                <td class="e-end e-num">
                                    { period.median_hours.value.as_ref().map_or_else(|| "—".to_owned(), |v| t!("record-hours", "n" => v.approximate())) }
                                </td>
                                <td class="e-end e-num" title={of(&period.within_deadline)}>{ percent(&period.within_deadline) }</td>
                                <td class="e-end e-num">{ format::number(f64::from(period.breaches)) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// A kind of reason in words.
pub fn reason(reason: RejectionReason) -> String {
    match reason {
        RejectionReason::AlreadyTaken => t!("record-reason-taken"),
        RejectionReason::EvidenceMissing => t!("record-reason-evidence"),
        RejectionReason::RuleNotMet => t!("record-reason-rule"),
        RejectionReason::CustomerUnsuitable => t!("record-reason-customer"),
        RejectionReason::Incomplete => t!("record-reason-incomplete"),
        RejectionReason::Other => t!("record-reason-other"),
    }
}

/// A kind of reason by its name in an event.
pub fn reason_named(name: &str) -> String {
    serde_json::from_value(serde_json::Value::from(name)).map_or_else(|_| name.to_owned(), reason)
}

/// How the vendor's clock on a deal stands, and what came of it, for the card of its clocks.
pub fn clock(clock: &DealClock) -> Html {
    let (tone, word) = match clock.state {
        DealClockState::OnTime => (Tone::Ok, t!("record-clock-on-time")),
        DealClockState::AtRisk => (Tone::Warm, t!("record-clock-at-risk")),
        DealClockState::Breached => (Tone::Danger, t!("record-clock-breached")),
        DealClockState::Escalated => (Tone::Danger, t!("record-clock-escalated")),
    };
    let moment = |label: String, at: &Option<entente_web_api::DateTime>| match at {
        Some(at) => html! {
            <div class="e-clock-line"><dt>{ label }</dt><dd>{ format::relative(at) }<span class="e-subtle e-small">{ format::date_time(at) }</span></dd></div>
        },
        None => html! {},
    };
    let came = |label: String, moment: &Option<entente_web_api::record::DealClockMoment>| match moment {
        Some(moment) => html! {
            <div class="e-clock-line">
                <dt>{ label }</dt>
                <dd>
                    { format::relative(&moment.due_at) }
                    <span class="e-subtle e-small">{ due_and_seen(&moment.due_at, &moment.seen_at) }</span>
                </dd>
            </div>
        },
        None => html! {},
    };
    html! {
        <>
            <div class="e-clock-line">
                <dt>{ t!("record-clock") }</dt>
                <dd>
                    <Tag {tone} dot=true>{ word }</Tag>
                    if let Some(left) = clock.minutes_left.filter(|_| !clock.running) {
                        <span class="e-subtle e-small">{ t!("record-clock-paused", "n" => (f64::from(left) / 6.0).round() / 10.0) }</span>
                    }
                </dd>
            </div>
            { moment(t!("record-clock-risk-at"), &clock.at_risk_at) }
            { moment(t!("record-clock-escalates-at"), &clock.escalates_at) }
            { came(t!("record-clock-warned"), &clock.warning) }
            { came(t!("record-clock-missed"), &clock.breach) }
            { came(t!("record-clock-handed"), &clock.escalation) }
        </>
    }
}

/// When something was due and, where that was later, when it was seen.
pub fn due_and_seen(due: &entente_web_api::DateTime, seen: &entente_web_api::DateTime) -> String {
    let late = format::ms_until(seen).zip(format::ms_until(due)).is_some_and(|(seen, due)| seen - due > SOON_MS);
    if late {
        t!("record-due-seen", "due" => format::date_time(due), "seen" => format::date_time(seen))
    } else {
        t!("record-due", "due" => format::date_time(due))
    }
}
