//! A file of leads: the form that starts the import, and the run with its progress and what was wrong in which row.

use entente_web_api::{
    ApiError, FieldError, MutationBuilder,
    error::field_errors,
    lead::{LeadImport as Start, LeadImportInput, LeadImportVariables, LeadSourceInput},
    viewer::ViewerAction,
};
use serde::{Deserialize, Serialize};
use web_sys::File;
use yew::{platform::spawn_local, prelude::*};
use yew_router::prelude::*;

use super::create::{kind_of, kinds, some};
use crate::{
    pages::{Forbidden, import::ImportRunView, register::fresh_key},
    routes::{Routes, use_query_state},
    session::{use_client, use_session},
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, Card, FilePicker, Icon, IconName, PageHead, Select, SwitchField, TextField},
};

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct View {
    /// The run in view; the form when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    run: String,
    /// `yes` when it was started as a dry run.
    #[serde(skip_serializing_if = "String::is_empty")]
    dry: String,
}

#[component]
pub fn LeadImport() -> Html {
    let view = use_query_state::<View>().value;
    if !use_session().can(ViewerAction::Import) {
        return html! { <Forbidden /> };
    }
    let crumb = html! { <Link<Routes> to={Routes::Leads}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("nav-leads") }</Link<Routes>> };
    if view.run.is_empty() {
        return html! {
            <>
                <PageHead title={t!("lead-import")} lead={t!("lead-import-lead")} {crumb} />
                <Form />
            </>
        };
    }
    html! {
        <>
            <PageHead title={t!("lead-import")} {crumb} />
            <ImportRunView id={view.run.clone()} key={view.run} dry={!view.dry.is_empty()} />
        </>
    }
}

#[component]
fn Form() -> Html {
    let (client, navigator) = (use_client(), use_navigator());
    let file = use_state(|| None::<File>);
    let kind = use_state_eq(|| "Campaign".to_owned());
    let campaign = use_state_eq(String::new);
    let hold = use_state_eq(|| false);
    let dry = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let key = use_state(fresh_key);
    let problem = use_state(|| None::<String>);
    let onsubmit = {
        let (file, kind, campaign, hold, dry) = (file.clone(), kind.clone(), campaign.clone(), hold.clone(), dry.clone());
        let (busy, problem, key) = (busy.clone(), problem.clone(), key.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let Some(chosen) = (*file).clone() else { return problem.set(Some(t!("lead-import-file-required"))) };
            let source = LeadSourceInput { kind: Some(kind_of(&kind)), campaign: some(&campaign), ..LeadSourceInput::default() };
            let (hold, dry) = (*hold, *dry);
            let (client, navigator, busy, problem) = (client.clone(), navigator.clone(), busy.setter(), problem.setter());
            let (sent_key, key) = ((*key).clone(), key.setter());
            busy.set(true);
            problem.set(None);
            spawn_local(async move {
                let begun = async {
                    let id = client.upload(&chosen.name(), &chosen).await?;
                    let input = LeadImportInput {
                        file: id,
                        file_name: Some(chosen.name()),
                        source: Some(source),
                        hold: Some(hold),
                        dry_run: Some(dry),
                        idempotency_key: Some(sent_key),
                    };
                    client.run(Start::build(LeadImportVariables { input })).await
                };
                let answer: Result<_, ApiError> = begun.await;
                busy.set(false);
                key.set(fresh_key());
                match answer {
                    Err(error) => problem.set(Some(texts::api_error(&error))),
                    Ok(data) => {
                        let errors: Vec<FieldError> = field_errors(data.lead_import.errors);
                        match (data.lead_import.run, navigator) {
                            (Some(run), Some(navigator)) if errors.is_empty() => {
                                let view = View { run: run.id.into_inner(), dry: if dry { "yes".into() } else { String::new() } };
                                let _ = navigator.push_with_query(&Routes::LeadImport, &view);
                            }
                            _ => problem.set(errors.first().map(|error| error.message.clone())),
                        }
                    }
                }
            });
        })
    };
    let onfiles = {
        let (file, problem) = (file.setter(), problem.setter());
        Callback::from(move |given: Vec<File>| {
            problem.set(None);
            file.set(given.into_iter().next());
        })
    };
    html! {
        <Card title={t!("lead-import-new")}>
            <form class="e-form" {onsubmit} novalidate=true>
                if let Some(text) = &*problem { <Alert tone={AlertTone::Danger} urgent=true><p>{ text }</p></Alert> }
                <FilePicker
                    id="lead-file"
                    label={t!("lead-import-file")}
                    accept=".csv,text/csv"
                    hint={t!("lead-import-file-hint")}
                    required=true
                    chosen={file.as_ref().map(|file| AttrValue::from(file.name()))}
                    {onfiles}
                    onclear={let file = file.setter(); Callback::from(move |()| file.set(None))}
                    clear_label={t!("lead-import-file-remove")}
                />
                <div class="e-fact-grid">
                    <Select id="lead-import-source" label={t!("lead-field-source")} choices={kinds()} value={(*kind).clone()}
                        onchange={let kind = kind.setter(); Callback::from(move |v| kind.set(v))} />
                    <TextField id="lead-import-campaign" label={t!("lead-field-campaign")} value={(*campaign).clone()}
                        oninput={let campaign = campaign.setter(); Callback::from(move |v| campaign.set(v))} />
                </div>
                <SwitchField id="lead-import-hold" label={t!("lead-hold")} checked={*hold} onchange={let hold = hold.setter(); Callback::from(move |on| hold.set(on))} />
                <SwitchField id="lead-import-dry" label={t!("import-dry-run")} checked={*dry} onchange={let dry = dry.setter(); Callback::from(move |on| dry.set(on))} />
                <div class="e-form__actions">
                    <Button kind={ButtonKind::Primary} icon={IconName::Upload} submit=true busy={*busy}>
                        { if *dry { t!("import-check") } else { t!("import-start") } }
                    </Button>
                </div>
            </form>
        </Card>
    }
}
