//! One run: its progress while it runs, asked for every second, then what came of it.

use entente_web_api::{
    Id, QueryBuilder,
    import::{ImportIssueCount, ImportRun, ImportRunQuery, ImportRunVariables, ImportStatus},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{issues::Issues, words::meaning};
use crate::{
    i18n::format,
    notice::use_notifier,
    pages::NotFound,
    remote::{Remote, use_query},
    routes::Routes,
    t,
    ui::{Alert, AlertTone, AnchorButton, ButtonKind, Card, Count, IconName, LinkButton, Progress, SkeletonBlock, Tag, Tone},
};

const POLL_MS: u32 = 1_000;

#[derive(PartialEq, Properties)]
pub struct RunProps {
    pub id: String,
    /// Whether it was started as a dry run from here.
    pub dry: bool,
}

#[component]
pub fn Run(props: &RunProps) -> Html {
    let notifier = use_notifier();
    let query = use_query(ImportRunVariables { id: Id::new(props.id.clone()) }, ImportRunQuery::build);
    let status = query.data().and_then(|data| data.import_run.as_ref()).map(|run| run.status);
    // Another round a second after each answer, as long as it runs; an answer that failed is followed by the next try.
    let answered = !query.state.is_busy();
    {
        let query = query.clone();
        use_effect_with((status, answered), move |(status, answered)| {
            let again = (*status == Some(ImportStatus::Running) && *answered).then(|| Timeout::new(POLL_MS, move || query.reload()));
            move || drop(again)
        });
    }
    {
        let before = use_mut_ref(|| None::<ImportStatus>);
        use_effect_with(status, move |status| {
            if before.replace(*status) == Some(ImportStatus::Running) && *status != Some(ImportStatus::Running) {
                notifier.announce(t!("import-finished"));
            }
        });
    }
    // Not through the view: asking every second must not look like loading every second.
    match (&query.state, query.data()) {
        (Remote::Failed(..), None) | (_, None) => query.view(SkeletonBlock::Rows(4), |_| html! {}),
        (_, Some(data)) => match &data.import_run {
            None => html! { <NotFound /> },
            Some(run) => html! { <Outcome run={run.clone()} dry={props.dry} /> },
        },
    }
}

/// The state of a run, in words and colour.
pub fn status_tag(status: ImportStatus) -> Html {
    match status {
        ImportStatus::Running => html! { <Tag tone={Tone::Info} dot=true>{ t!("import-running") }</Tag> },
        ImportStatus::Done => html! { <Tag tone={Tone::Ok} dot=true>{ t!("import-done") }</Tag> },
        ImportStatus::Failed => html! { <Tag tone={Tone::Danger} dot=true>{ t!("import-failed") }</Tag> },
    }
}

/// How long a run took.
pub fn duration(run: &ImportRun) -> Option<String> {
    let ended = run.finished_at.as_ref()?;
    let ms = format::ms_until(ended)? - format::ms_until(&run.started_at)?;
    Some(t!("import-seconds", "n" => format::number((ms / 100.0).round() / 10.0)))
}

#[derive(PartialEq, Properties)]
struct OutcomeProps {
    run: ImportRun,
    dry: bool,
}

#[component]
fn Outcome(props: &OutcomeProps) -> Html {
    let run = &props.run;
    let running = run.status == ImportStatus::Running;
    let (done, total) = (f64::from(run.processed), f64::from(run.total));
    let rows = t!("import-rows-of", "done" => format::number(done), "total" => format::number(total));
    html! {
        <div class="e-stack">
            <div class="e-row e-import-meta">
                { status_tag(run.status) }
                if props.dry { <Tag tone={Tone::Warm}>{ t!("import-is-dry") }</Tag> }
                <span class="e-subtle">{ started(run) }</span>
            </div>
            if let Some(failure) = &run.failure {
                <Alert tone={AlertTone::Danger} title={t!("import-failed-title")}><p>{ failure }</p></Alert>
            }
            if running {
                // Until the first rows are through nobody knows how fast it goes.
                <Card><Progress label={t!("import-progress")} {done} total={if done > 0.0 { total } else { 0.0 }} text={rows} /></Card>
            }
            <dl class="e-import-sums">
                { sum(t!("import-sum-rows"), run.total, "") }
                { sum(if props.dry { t!("import-sum-would-create") } else { t!("import-sum-created") }, run.created, "e-import-sums--ok") }
                { sum(t!("import-sum-unchanged"), run.unchanged, "") }
                { sum(t!("import-sum-rejected"), run.rejected, if run.rejected > 0 { "e-import-sums--danger" } else { "" }) }
            </dl>
            if run.status == ImportStatus::Done {
                if props.dry {
                    <Alert tone={AlertTone::Info}><p>{ t!("import-dry-done") }</p></Alert>
                }
                <div class="e-row">
                    if let Some(url) = &run.report_url {
                        <AnchorButton href={url.to_string()} icon={IconName::Download} kind={ButtonKind::Secondary} download="">
                            { t!("import-report") }
                        </AnchorButton>
                    }
                    <LinkButton to={Routes::Pipeline} icon={IconName::Columns}>{ t!("import-to-pipeline") }</LinkButton>
                </div>
            }
            if !running {
                <div class="e-import-counts">
                    { counts(t!("import-errors"), &run.errors, t!("import-no-errors")) }
                    { counts(t!("import-warnings"), &run.warnings, t!("import-no-warnings")) }
                </div>
                <Issues run_id={run.id.clone()} />
            }
        </div>
    }
}

fn started(run: &ImportRun) -> String {
    let when = format::date_time(&run.started_at);
    let mut parts = vec![match &run.started_by {
        Some(person) => t!("import-started-by", "when" => when, "name" => person.name.clone()),
        None => t!("import-started-shell", "when" => when),
    }];
    parts.extend(duration(run));
    parts.join(" · ")
}

fn sum(label: String, n: i32, class: &'static str) -> Html {
    html! {
        <div {class}><dt>{ label }</dt><dd class="e-num">{ format::number(f64::from(n)) }</dd></div>
    }
}

fn counts(title: String, counts: &[ImportIssueCount], none: String) -> Html {
    let all: i64 = counts.iter().map(|count| i64::from(count.count)).sum();
    html! {
        <Card title={title} aside={html! { <Count n={all} /> }}>
            if counts.is_empty() {
                <p class="e-subtle">{ none }</p>
            } else {
                <ul class="e-import-codes">
                    { for counts.iter().map(|count| html! {
                        <li key={count.code.clone()}>
                            <span class="e-num e-strong">{ format::number(f64::from(count.count)) }</span>
                            <span>{ meaning(&count.code).unwrap_or_else(|| count.message.clone()) }<code class="e-import-code">{ &count.code }</code></span>
                        </li>
                    }) }
                </ul>
            }
        </Card>
    }
}
