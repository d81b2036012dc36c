//! The program's rules in plain sentences, for anyone: those in force, and those announced with the day on which they begin.
//! A partner's administrator accepts the rules of engagement here.

mod accept;
pub mod sentences;

use entente_web_api::{
    QueryBuilder,
    rules::{RulesState, RulesVersion, RulesVersionsQuery, RulesVersionsVariables},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    remote::use_query,
    session::use_session,
    t,
    ui::{Card, EmptyState, IconName, PageHead, SkeletonBlock, Tag, Tone},
};
use sentences::{Said, said};

const VERSIONS: i32 = 50;

#[component]
pub fn Rules() -> Html {
    let query = use_query(RulesVersionsVariables { first: Some(VERSIONS) }, RulesVersionsQuery::build);
    let session = use_session();
    let is_partner = session.is_partner();
    html! {
        <>
            <PageHead title={t!("rules-title")} lead={t!("rules-lead")} />
            { query.view(SkeletonBlock::Lines(8), |data| {
                let versions = &data.rules_versions.nodes;
                let of = |state| versions.iter().filter(move |version| version.state == state);
                let Some(current) = of(RulesState::InForce).next() else {
                    return html! { <EmptyState icon={IconName::FileText} title={t!("rules-none")} text={t!("rules-none-text")} /> };
                };
                let mut announced: Vec<&RulesVersion> = of(RulesState::Announced).collect();
                announced.reverse();
                html! {
                    <div class="e-stack e-rulebook">
                        if is_partner && current.engagement.is_some() {
                            <accept::Acceptance number={current.number} />
                        }
                        { version(current, None) }
                        if session.viewer().is_some() { <super::record::RecordPanel wide=true /> }
                        { for announced.into_iter().map(|next| version(next, Some(current))) }
                    </div>
                }
            }) }
        </>
    }
}

/// One version; an announced one marks what differs from the one in force.
fn version(version: &RulesVersion, before: Option<&RulesVersion>) -> Html {
    let day = format::date(&version.effective_from);
    let (title, tag) = match before {
        None => (t!("rules-in-force"), html! { <Tag tone={Tone::Ok} dot=true>{ t!("rules-since", "number" => version.number, "day" => day) }</Tag> }),
        Some(_) => (
            t!("rules-announced", "day" => day.clone()),
            html! { <Tag tone={Tone::Info} dot=true>{ t!("rules-version", "number" => version.number) }</Tag> },
        ),
    };
    let known: Vec<String> = before.map(|before| said(before).into_iter().flat_map(|part| part.sentences).collect()).unwrap_or_default();
    html! {
        <Card {title} aside={tag}>
            <div class="e-stack">
                if let Some(note) = &version.note { <p class="e-rulebook__note">{ note }</p> }
                { for said(version).into_iter().map(|part| self::part(part, before.map(|_| known.as_slice()))) }
                if let Some(text) = &version.engagement {
                    <details class="e-rulebook__text" open={before.is_none()}>
                        <summary>{ t!("rules-engagement") }</summary>
                        <p class="e-rulebook__engagement">{ text }</p>
                    </details>
                }
            </div>
        </Card>
    }
}

fn part(part: Said, known: Option<&[String]>) -> Html {
    let sentence = |text: String| {
        let changed = known.is_some_and(|known| !known.contains(&text));
        html! {
            <li>
                { text }
                if changed { { " " }<Tag tone={Tone::Warm}>{ t!("rules-changed") }</Tag> }
            </li>
        }
    };
    html! {
        <section>
            <h3>{ part.heading }</h3>
            <ul class="e-rules">{ for part.sentences.into_iter().map(sentence) }</ul>
        </section>
    }
}
