//! The form of an import: files, aliases, mapping, dry run. Sends the files one after the other, then starts the run.

use entente_web_api::{
    ApiError, Client, FieldError, Id, MutationBuilder,
    error::field_errors,
    import::{CrmImport, CrmImportInput, CrmImportVariables},
};
use yew::{platform::spawn_local, prelude::*};

use super::{
    aliases::{Alias, Aliases, filled},
    files::{FileFields, Files, Slot},
};
use crate::{
    pages::register::fresh_key,
    session::use_client,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, IconName, SwitchField, TextAreaField},
};

#[derive(PartialEq, Properties)]
pub struct FormProps {
    /// The run that was started, and whether it is a dry run.
    pub onstarted: Callback<(Id, bool)>,
}

/// What stopped the start.
#[derive(Clone, Debug, Default)]
struct Problems {
    files: Vec<(Slot, String)>,
    aliases: Vec<(usize, String)>,
    mapping: Option<String>,
    others: Vec<String>,
    /// An import was started from this form before, and its answer was lost.
    key_reused: bool,
}

#[component]
pub fn Form(props: &FormProps) -> Html {
    let client = use_client();
    let files = use_state(Files::default);
    let aliases = use_state(Vec::<Alias>::new);
    let mapping = use_state(String::new);
    let dry_run = use_state_eq(|| false);
    let problems = use_state(Problems::default);
    let key = use_state(fresh_key);
    // What is being sent right now; none while nothing is.
    let step = use_state_eq(|| None::<String>);

    let onsubmit = {
        let (files, aliases, mapping, dry_run) = (files.clone(), aliases.clone(), mapping.clone(), dry_run.clone());
        let (problems, step, onstarted) = (problems.clone(), step.clone(), props.onstarted.clone());
        let key = key.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if step.is_some() {
                return;
            }
            if files.get(Slot::SalesPipeline).is_none() {
                let files = vec![(Slot::SalesPipeline, t!("import-pipeline-required"))];
                return problems.set(Problems { files, ..Problems::default() });
            }
            problems.set(Problems::default());
            let (client, files, dry) = (client.clone(), (*files).clone(), *dry_run);
            let (aliases, mapping) = (filled(&aliases), mapping.trim().to_owned());
            let (problems, step, onstarted) = (problems.setter(), step.setter(), onstarted.clone());
            let (sent_key, key) = ((*key).clone(), key.setter());
            spawn_local(async move {
                let begun = begin(&client, &files, (&aliases, mapping, dry), sent_key, &step).await;
                step.set(None);
                if begun.is_ok() || begun.as_ref().is_err_and(|found| found.key_reused) {
                    key.set(fresh_key());
                }
                match begun {
                    Ok(id) => onstarted.emit((id, dry)),
                    Err(found) => problems.set(found),
                }
            });
        })
    };
    let onfiles = {
        let (files, problems) = (files.setter(), problems.setter());
        Callback::from(move |chosen: Files| {
            problems.set(Problems::default());
            files.set(chosen);
        })
    };
    html! {
        <Card title={t!("import-new")}>
            <form class="e-form" {onsubmit} novalidate=true>
                if !problems.others.is_empty() {
                    <Alert tone={AlertTone::Danger} urgent=true title={t!("import-not-started")}>
                        { for problems.others.iter().map(|text| html! { <p>{ text }</p> }) }
                    </Alert>
                }
                <p class="e-subtle">{ t!("import-files-hint") }</p>
                <FileFields files={(*files).clone()} onchange={onfiles} errors={problems.files.clone()} />
                <Aliases
                    aliases={(*aliases).clone()}
                    onchange={let aliases = aliases.setter(); Callback::from(move |next| aliases.set(next))}
                    errors={problems.aliases.clone()}
                />
                <details class="e-import-mapping" open={problems.mapping.is_some()}>
                    <summary>{ t!("import-mapping-more") }</summary>
                    <TextAreaField
                        id="import-mapping"
                        label={t!("import-mapping")}
                        hint={t!("import-mapping-hint")}
                        rows=6
                        placeholder={"[columns]\nsales_pipeline.close_value = \"amount\"\n\n[values.product]\n\"GTXPro\" = \"GTX Pro\""}
                        value={(*mapping).clone()}
                        oninput={let mapping = mapping.setter(); Callback::from(move |text| mapping.set(text))}
                        error={problems.mapping.clone()}
                    />
                </details>
                <SwitchField
                    id="import-dry-run"
                    label={t!("import-dry-run")}
                    checked={*dry_run}
                    onchange={let dry_run = dry_run.setter(); Callback::from(move |on| dry_run.set(on))}
                />
                <div class="e-form__actions">
                    <Button kind={ButtonKind::Primary} icon={IconName::Upload} submit=true busy={step.is_some()}>
                        { if *dry_run { t!("import-check") } else { t!("import-start") } }
                    </Button>
                    <span class="e-subtle e-small e-import-step" role="status">{ (*step).clone().unwrap_or_default() }</span>
                </div>
            </form>
        </Card>
    }
}

/// Sends the files and starts the run.
async fn begin(
    client: &Client,
    files: &Files,
    (aliases, mapping, dry): (&[(usize, entente_web_api::import::ImportAliasInput)], String, bool),
    key: String,
    step: &UseStateSetter<Option<String>>,
) -> Result<Id, Problems> {
    let total = files.chosen().count();
    let mut sent: Vec<(Slot, Id)> = Vec::new();
    for (slot, file) in files.chosen() {
        step.set(Some(t!("import-sending", "n" => sent.len() as i64 + 1, "total" => total as i64, "name" => file.name())));
        match client.upload(&file.name(), file).await {
            Ok(id) => sent.push((*slot, id)),
            Err(error) => return Err(Problems { files: vec![(*slot, upload_error(&error))], ..Problems::default() }),
        }
    }
    step.set(Some(t!("import-starting")));
    let id_of = |slot: Slot| sent.iter().find(|(known, _)| *known == slot).map(|(_, id)| id.clone());
    let Some(sales_pipeline) = id_of(Slot::SalesPipeline) else { return Err(Problems::default()) };
    let input = CrmImportInput {
        accounts: id_of(Slot::Accounts),
        products: id_of(Slot::Products),
        sales_teams: id_of(Slot::SalesTeams),
        sales_pipeline,
        aliases: (!aliases.is_empty()).then(|| aliases.iter().map(|(_, alias)| alias.clone()).collect()),
        mapping: (!mapping.is_empty()).then_some(mapping),
        dry_run: Some(dry),
        idempotency_key: Some(key),
    };
    match client.run(CrmImport::build(CrmImportVariables { input })).await {
        Err(error) => Err(Problems { others: vec![texts::api_error(&error)], ..Problems::default() }),
        Ok(data) => match data.crm_import.run {
            Some(run) => Ok(run.id),
            None => Err(sorted(&field_errors(data.crm_import.errors), aliases)),
        },
    }
}

/// A refused file says why in the server's words, as that it is too large.
fn upload_error(error: &ApiError) -> String {
    match error {
        ApiError::Server { message, .. } if !message.is_empty() => message.clone(),
        other => texts::api_error(other),
    }
}

/// Each error to the field that it is about.
fn sorted(errors: &[FieldError], aliases: &[(usize, entente_web_api::import::ImportAliasInput)]) -> Problems {
    let mut problems = Problems::default();
    for error in errors {
        problems.key_reused |= error.code == "IDEMPOTENCY_KEY_REUSED";
        let message = match error.code.as_str() {
            "ALREADY_RUNNING" => t!("import-already-running"),
            "NOT_ALLOWED" => t!("error-forbidden"),
            "IDEMPOTENCY_KEY_REUSED" => t!("import-key-reused"),
            _ => error.message.clone(),
        };
        let place = error.path.iter().skip_while(|part| *part != "aliases").nth(1).and_then(|part| part.parse::<usize>().ok());
        if let Some((at, _)) = place.and_then(|place| aliases.get(place)) {
            problems.aliases.push((*at, message));
        } else if let Some(slot) = Slot::ALL.into_iter().find(|slot| error.is_about(slot.field())) {
            problems.files.push((slot, message));
        } else if error.is_about("mapping") {
            problems.mapping = Some(message);
        } else {
            problems.others.push(message);
        }
    }
    problems
}
