//! What was said to or by the viewer's side, and the box that adds to it.

use entente_web_api::{
    Id, MutationBuilder,
    dispute::{DisputeAction, DisputeAudience, DisputeDetail, DisputeSide, DisputeState, DisputeStateInput, DisputeStateVariables, DisputeStatement},
    error::field_errors,
};
use yew::prelude::*;

use crate::{
    i18n::format,
    notice::use_notifier,
    pages::{deal::evidence_files::EvidenceFiles, disputes::words, register::fresh_key},
    remote::use_action,
    t, texts,
    ui::{Button, ButtonKind, Card, Choice, Icon, IconName, Select, Tag, TextAreaField, Tone},
};

const AUDIENCES: [DisputeAudience; 4] = [DisputeAudience::Vendor, DisputeAudience::Complainant, DisputeAudience::Respondent, DisputeAudience::Both];

#[derive(PartialEq, Properties)]
pub struct StatementsProps {
    pub dispute: DisputeDetail,
    pub onchanged: Callback<()>,
}

#[component]
pub fn Statements(props: &StatementsProps) -> Html {
    let vendor = props.dispute.viewer_side == DisputeSide::Vendor;
    html! {
        <Card title={t!("dispute-statements")}>
            <div class="e-stack">
                <ol class="e-plain-list e-stack" aria-live="polite">
                    { for props.dispute.statements.iter().enumerate().map(|(n, s)| statement(n, s, vendor)) }
                </ol>
                if props.dispute.viewer_can.contains(&DisputeAction::State) {
                    <SayBox id={props.dispute.id.clone()} {vendor} with_respondent={props.dispute.respondent.is_some()} onchanged={props.onchanged.clone()} />
                }
            </div>
        </Card>
    }
}

fn statement(n: usize, s: &DisputeStatement, vendor: bool) -> Html {
    html! {
        <li key={n} class="e-statement">
            <p class="e-row">
                <Tag tone={if s.side == DisputeSide::Vendor { Tone::Brand } else { Tone::Info }}>{ words::side(s.side) }</Tag>
                <strong>{ &s.actor_name }</strong>
                <span class="e-subtle e-small">{ format::date_time(&s.at) }</span>
                if vendor && s.side == DisputeSide::Vendor { <Tag tone={Tone::Outline}>{ words::audience(s.audience) }</Tag> }
            </p>
            <blockquote class="e-quote">{ &s.text }</blockquote>
            if !s.files.is_empty() {
                <ul class="e-row">{ for s.files.iter().map(|f| html! {
                    <li key={f.id.inner().to_owned()}><a href={f.url.clone()} download={f.name.clone()}><Icon name={IconName::FileText} />{ " " }{ &f.name }</a></li>
                }) }</ul>
            }
        </li>
    }
}

#[derive(PartialEq, Properties)]
struct SayBoxProps {
    id: Id,
    vendor: bool,
    with_respondent: bool,
    onchanged: Callback<()>,
}

#[component]
fn SayBox(props: &SayBoxProps) -> Html {
    let (action, notifier) = (use_action(), use_notifier());
    let text = use_state_eq(String::new);
    let files = use_state_eq(Vec::<(String, String)>::new);
    let audience = use_state_eq(|| format!("{:?}", DisputeAudience::Vendor));
    let problem = use_state_eq(|| None::<String>);
    let key = use_state(fresh_key);
    let onsubmit = {
        let (action, id, text, files, audience, key) = (action.clone(), props.id.clone(), text.clone(), files.clone(), audience.clone(), key.clone());
        let (problem, onchanged, vendor) = (problem.setter(), props.onchanged.clone(), props.vendor);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let chosen = AUDIENCES.into_iter().find(|a| format!("{a:?}") == *audience);
            let input = DisputeStateInput {
                text: (*text).clone(),
                file_ids: files.iter().map(|(id, _)| Id::new(id)).collect(),
                audience: chosen.filter(|_| vendor),
                idempotency_key: Some((*key).clone()),
            };
            let (notifier, problem, onchanged) = (notifier.clone(), problem.clone(), onchanged.clone());
            let (text, files, key) = (text.setter(), files.setter(), key.setter());
            action.run(DisputeState::build(DisputeStateVariables { id: id.clone(), input }), move |answer: Result<DisputeState, _>| {
                let payload = match answer {
                    Ok(data) => data.dispute_state,
                    Err(error) => return notifier.failure(texts::api_error(&error)),
                };
                if let Some(error) = field_errors(payload.errors).into_iter().next() {
                    return problem.set(Some(words::refusal(&error)));
                }
                problem.set(None);
                text.set(String::new());
                files.set(Vec::new());
                key.set(fresh_key());
                onchanged.emit(());
            });
        })
    };
    let fits = |a: &DisputeAudience| props.with_respondent || !matches!(a, DisputeAudience::Respondent | DisputeAudience::Both);
    let choices = AUDIENCES.into_iter().filter(fits).map(|a| Choice::new(format!("{a:?}"), words::audience(a))).collect::<Vec<_>>();
    html! {
        <form class="e-form" {onsubmit} novalidate=true>
            <TextAreaField
                id="dispute-say"
                label={t!("dispute-say")}
                hint={if props.vendor { t!("dispute-say-hint-vendor") } else { t!("dispute-say-hint") }}
                rows=3
                maxlength="4000"
                value={(*text).clone()}
                oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                error={(*problem).clone()}
            />
            <EvidenceFiles
                id="dispute-say-files"
                files={(*files).clone()}
                onchange={let files = files.setter(); Callback::from(move |now| files.set(now))}
            />
            if props.vendor {
                <Select
                    id="dispute-audience"
                    label={t!("dispute-audience")}
                    {choices}
                    value={(*audience).clone()}
                    onchange={let audience = audience.setter(); Callback::from(move |chosen| audience.set(chosen))}
                />
            }
            <div><Button kind={ButtonKind::Primary} icon={IconName::Send} busy={action.busy} submit=true>{ t!("dispute-send") }</Button></div>
        </form>
    }
}
