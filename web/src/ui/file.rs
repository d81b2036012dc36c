//! Choosing a file: the browser's own input (so the keyboard works) inside a field that also takes what is dropped.

use web_sys::{DragEvent, File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::{Icon, IconButton, IconName, field::described_by};

#[derive(PartialEq, Properties)]
pub struct FilePickerProps {
    pub id: AttrValue,
    pub label: AttrValue,
    /// What it takes, as `.csv,text/csv`.
    pub accept: AttrValue,
    /// Under the label while nothing is chosen.
    pub hint: AttrValue,
    /// Name and size of what is chosen.
    #[prop_or_default]
    pub chosen: Option<AttrValue>,
    /// At least one file.
    pub onfiles: Callback<Vec<File>>,
    /// Takes the choice back; its button is there while something is chosen.
    pub onclear: Callback<()>,
    /// Name of the button that takes the choice back.
    pub clear_label: AttrValue,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub multiple: bool,
    #[prop_or_default]
    pub error: Option<String>,
}

#[component]
pub fn FilePicker(props: &FilePickerProps) -> Html {
    let over = use_state_eq(|| false);
    let onchange = {
        let onfiles = props.onfiles.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let files = all(input.files());
            // The same file chosen again must be a change again.
            input.set_value("");
            if !files.is_empty() {
                onfiles.emit(files);
            }
        })
    };
    let hover = |on: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(on);
        })
    };
    let ondrop = {
        let (over, onfiles) = (over.setter(), props.onfiles.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let files = all(event.data_transfer().and_then(|data| data.files()));
            if !files.is_empty() {
                onfiles.emit(files);
            }
        })
    };
    let class = classes!(
        "e-file",
        over.then_some("e-file--over"),
        props.chosen.is_some().then_some("e-file--chosen"),
        props.error.is_some().then_some("e-file--error"),
    );
    html! {
        <div class="e-field">
            <div {class} ondragover={hover(true)} ondragleave={hover(false)} {ondrop}>
                <input
                    type="file"
                    class="e-visually-hidden"
                    id={props.id.clone()}
                    accept={props.accept.clone()}
                    multiple={props.multiple}
                    aria-required={props.required.then_some("true")}
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(&props.id, true, props.error.is_some())}
                    {onchange}
                />
                <label for={props.id.clone()} class="e-file__label">
                    <Icon name={if props.chosen.is_some() { IconName::FileText } else { IconName::Upload }} />
                    <span class="e-file__name">
                        { &props.label }
                        if props.required {
                            <span class="e-field__required" aria-hidden="true">{ "*" }</span>
                        }
                    </span>
                </label>
                <span class="e-file__note e-truncate" id={format!("{}-hint", props.id)}>
                    { props.chosen.as_ref().unwrap_or(&props.hint) }
                </span>
                if props.chosen.is_some() {
                    <IconButton
                        name={IconName::Close}
                        label={props.clear_label.clone()}
                        onclick={props.onclear.reform(|_: MouseEvent| ())}
                    />
                }
            </div>
            <div class="e-field__error" id={format!("{}-error", props.id)} hidden={props.error.is_none()}>
                if let Some(error) = &props.error {
                    <Icon name={IconName::AlertCircle} />
                    <span>{ error }</span>
                }
            </div>
        </div>
    }
}

fn all(list: Option<FileList>) -> Vec<File> {
    list.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|index| list.item(index)).collect())
}
