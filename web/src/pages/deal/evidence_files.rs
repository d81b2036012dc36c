//! Files of evidence that are uploaded one by one, before the form that takes them is sent.

use entente_web_api::Id;
use web_sys::File;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    session::use_client,
    t, texts,
    ui::{FilePicker, Icon, IconButton, IconName},
};

/// What the server takes.
const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.txt,.md,.eml,.csv";

#[derive(PartialEq, Properties)]
pub struct EvidenceFilesProps {
    pub id: AttrValue,
    /// Id and name of each file that is there.
    pub files: Vec<(String, String)>,
    pub onchange: Callback<Vec<(String, String)>>,
}

/// A picker, the files that came, and why one did not.
#[component]
pub fn EvidenceFiles(props: &EvidenceFilesProps) -> Html {
    let client = use_client();
    let busy = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<String>);
    let onfiles = {
        let (files, onchange) = (props.files.clone(), props.onchange.clone());
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |chosen: Vec<File>| {
            let (client, mut files, onchange) = (client.clone(), files.clone(), onchange.clone());
            let (busy, problem) = (busy.clone(), problem.clone());
            busy.set(true);
            problem.set(None);
            spawn_local(async move {
                for file in chosen {
                    match client.upload_evidence(&file.name(), &file).await {
                        Ok(id) => files.push((Id::inner(&id).to_owned(), file.name())),
                        Err(error) => problem.set(Some(format!("{}: {}", file.name(), texts::api_error(&error)))),
                    }
                }
                busy.set(false);
                onchange.emit(files);
            });
        })
    };
    let one = |(id, name): &(String, String)| {
        let onclick = {
            let (id, files, onchange) = (id.clone(), props.files.clone(), props.onchange.clone());
            Callback::from(move |_: MouseEvent| onchange.emit(files.iter().filter(|(known, _)| *known != id).cloned().collect()))
        };
        html! {
            <li key={id.clone()} class="e-row e-row--nowrap">
                <Icon name={IconName::FileText} />
                <span class="e-truncate">{ name }</span>
                <IconButton name={IconName::Close} label={t!("desk-file-remove", "name" => name.clone())} {onclick} />
            </li>
        }
    };
    html! {
        <div class="e-stack e-stack--tight">
            <FilePicker
                id={props.id.clone()}
                label={t!("desk-files")}
                accept={ACCEPT}
                hint={if *busy { t!("desk-files-busy") } else { t!("desk-files-hint") }}
                {onfiles}
                onclear={Callback::noop()}
                clear_label={t!("common-cancel")}
                multiple=true
                error={(*problem).clone()}
            />
            if !props.files.is_empty() {
                <ul class="e-rules" aria-live="polite">{ for props.files.iter().map(one) }</ul>
            }
        </div>
    }
}
