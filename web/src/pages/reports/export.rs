//! The button that makes a file of a list: small ones are there at once, of large ones it shows the progress, asked for every second.

use entente_web_api::{
    FieldError, MutationBuilder, QueryBuilder,
    error::field_errors,
    export::{Export, ExportInput, ExportQuery, ExportStart, ExportStartVariables, ExportState, ExportVariables},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    i18n::format,
    notice::use_notifier,
    pages::register::fresh_key,
    remote::{use_action, use_query},
    t, texts,
    ui::{AnchorButton, Button, ButtonKind, IconName},
};

const POLL_MS: u32 = 1_000;

#[derive(PartialEq, Properties)]
pub struct ExportButtonProps {
    /// The list with its filters.
    pub input: ExportInput,
}

#[component]
pub fn ExportButton(props: &ExportButtonProps) -> Html {
    let started = use_state(|| None::<Export>);
    let action = use_action();
    let notifier = use_notifier();
    {
        // Another filter is another file.
        let started = started.setter();
        use_effect_with(props.input.clone(), move |_| started.set(None));
    }
    let onclick = {
        let (input, started, action, notifier) = (props.input.clone(), started.setter(), action.clone(), notifier.clone());
        Callback::from(move |_: MouseEvent| {
            let input = ExportInput { idempotency_key: Some(fresh_key()), ..input.clone() };
            let (started, notifier) = (started.clone(), notifier.clone());
            action.run(ExportStart::build(ExportStartVariables { input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => match (data.export_start.export, field_errors(data.export_start.errors).first()) {
                    (_, Some(error)) => notifier.failure(refusal(error)),
                    (export, None) => started.set(export),
                },
            });
        })
    };
    match &*started {
        None => html! { <Button small=true icon={IconName::Download} busy={action.busy} {onclick}>{ t!("reports-export") }</Button> },
        Some(export) => html! { <Following export={export.clone()} /> },
    }
}

/// Why no file is made, by its code.
fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "NOT_ALLOWED" => t!("deal-refused-not-allowed"),
        "TOO_MANY" => t!("reports-export-many"),
        "TOO_MANY_RUNNING" => t!("reports-export-running"),
        _ => error.message.clone(),
    }
}

#[derive(PartialEq, Properties)]
struct FollowingProps {
    export: Export,
}

#[component]
fn Following(props: &FollowingProps) -> Html {
    let query = use_query(ExportVariables { id: props.export.id.clone() }, ExportQuery::build);
    let export = query.data().and_then(|data| data.export.clone()).unwrap_or_else(|| props.export.clone());
    let going = matches!(export.state, ExportState::Waiting | ExportState::Running);
    let answered = !query.state.is_busy();
    {
        let query = query.clone();
        use_effect_with((going, answered), move |(going, answered)| {
            let again = (*going && *answered).then(|| Timeout::new(POLL_MS, move || query.reload()));
            move || drop(again)
        });
    }
    let shown = match (export.state, &export.download_url) {
        (ExportState::Done, Some(url)) => html! {
            <AnchorButton href={url.to_string()} kind={ButtonKind::Primary} small=true icon={IconName::Download} download="">
                { t!("reports-download", "n" => export.rows_total) }
            </AnchorButton>
        },
        (ExportState::Failed, _) => html! { <span class="e-subtle">{ t!("reports-export-failed") }</span> },
        _ => html! {
            <span class="e-subtle e-num">
                { t!("reports-exporting", "done" => format::number(f64::from(export.rows_done)), "total" => format::number(f64::from(export.rows_total))) }
            </span>
        },
    };
    html! { <span aria-live="polite" data-testid="export">{ shown }</span> }
}
