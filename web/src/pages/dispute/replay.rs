//! The file of a dispute: every moment in order, with who could see it and how the deals were right after it; to read, and as JSON.

use entente_web_api::{
    Id, QueryBuilder,
    dispute::{DisputeDealThen, DisputeMoment, DisputeReplayQuery, DisputeVariables},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    pages::disputes::words,
    remote::use_query,
    t,
    ui::{AnchorButton, Button, Card, Column, IconName, SkeletonBlock, Table, Tag, Tone},
};

#[derive(PartialEq, Properties)]
pub struct ReplayProps {
    pub id: Id,
    pub number: String,
    pub revision: u32,
    pub vendor: bool,
}

/// A button first: the file can be long, and not everybody needs it.
#[component]
pub fn Replay(props: &ReplayProps) -> Html {
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    html! {
        <Card title={t!("dispute-file")}>
            <div class="e-stack">
                <p class="e-subtle">{ if props.vendor { t!("dispute-file-lead") } else { t!("dispute-file-lead-partner") } }</p>
                if *open {
                    <Moments key={props.revision} id={props.id.clone()} number={props.number.clone()} revision={props.revision} vendor={props.vendor} />
                } else {
                    <div><Button icon={IconName::History} {onclick}>{ t!("dispute-file-show") }</Button></div>
                }
            </div>
        </Card>
    }
}

#[component]
fn Moments(props: &ReplayProps) -> Html {
    let query = use_query(DisputeVariables { id: props.id.clone() }, DisputeReplayQuery::build);
    let vendor = props.vendor;
    query.view(SkeletonBlock::Lines(6), |data| {
        let moments = data.dispute.as_ref().map(|d| d.replay.clone()).unwrap_or_default();
        let json = serde_json::to_string_pretty(&moments).unwrap_or_default();
        let href = format!("data:application/json;charset=utf-8,{}", String::from(js_sys::encode_uri_component(&json)));
        let mut columns = vec![Column::new(t!("dispute-moment-at")), Column::new(t!("dispute-moment-what"))];
        if vendor {
            columns.push(Column::new(t!("dispute-moment-seen")));
            columns.push(Column::new(t!("dispute-side-complainant")));
            columns.push(Column::new(t!("dispute-side-respondent")));
        } else {
            columns.push(Column::new(t!("dispute-own-deal")));
        }
        html! {
            <div class="e-stack">
                <div>
                    <AnchorButton {href} icon={IconName::Download} download={format!("{}.json", props.number)}>{ t!("dispute-file-json") }</AnchorButton>
                </div>
                <Table caption={t!("dispute-file")} {columns}>{ for moments.iter().enumerate().map(|(n, m)| moment(n, m, vendor)) }</Table>
            </div>
        }
    })
}

fn moment(n: usize, m: &DisputeMoment, vendor: bool) -> Html {
    let who = m.actor_name.clone().unwrap_or_else(|| t!("dispute-somebody"));
    html! {
        <tr key={n}>
            <td data-label={t!("dispute-moment-at")} class="e-num">{ format::date_time(&m.at) }</td>
            <td data-label={t!("dispute-moment-what")}>
                <Tag tone={Tone::Outline}>{ words::about(m.about) }</Tag>{ " " }
                { words::event(&m.kind, &m.sentence) }{ " · " }<span class="e-subtle">{ who }</span>
                if let Some(text) = &m.text { <blockquote class="e-quote">{ text }</blockquote> }
            </td>
            if vendor {
                <td data-label={t!("dispute-moment-seen")}>{ seen(m) }</td>
                <td data-label={t!("dispute-side-complainant")}>{ then(m.complainant_deal.as_ref()) }</td>
                <td data-label={t!("dispute-side-respondent")}>{ then(m.respondent_deal.as_ref()) }</td>
            } else {
                <td data-label={t!("dispute-own-deal")}>{ then(m.complainant_deal.as_ref().or(m.respondent_deal.as_ref())) }</td>
            }
        </tr>
    }
}

fn seen(m: &DisputeMoment) -> String {
    match (m.complainant_sees == Some(true), m.respondent_sees == Some(true)) {
        (true, true) => t!("dispute-seen-both"),
        (true, false) => t!("dispute-seen-complainant"),
        (false, true) => t!("dispute-seen-respondent"),
        (false, false) => t!("dispute-seen-vendor"),
    }
}

fn then(deal: Option<&DisputeDealThen>) -> Html {
    let Some(deal) = deal else { return html! { <span class="e-subtle">{ "–" }</span> } };
    let until = deal.protected_until.as_ref().map(|at| t!("dispute-then-protected", "at" => format::day_of(at)));
    let due = deal.decision_due_at.as_ref().map(|at| t!("dispute-then-due", "at" => format::date_time(at)));
    html! {
        <>
            <span class="e-num">{ &deal.number }{ " v" }{ deal.version }</span>{ " " }
            <Tag>{ words::deal_status(&deal.status) }</Tag>
            if let Some(until) = until { <div class="e-small e-subtle">{ until }</div> }
            if let Some(due) = due { <div class="e-small e-subtle">{ due }</div> }
        </>
    }
}
