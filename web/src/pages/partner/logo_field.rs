//! The logo in the profile form: a picture is read here, shown on its tile and handed on as base64. What a safe picture
//! is decides the server.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    t,
    ui::{Button, FilePicker, IconName, LogoTile},
};

const MAX_BYTES: f64 = 128.0 * 1024.0;

/// What is to happen to the logo.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LogoChange {
    #[default]
    Keep,
    Remove,
    Replace {
        name: String,
        media_type: String,
        base64: String,
    },
}

impl LogoChange {
    /// The field of the input.
    pub fn input(&self) -> Option<String> {
        match self {
            Self::Keep => None,
            Self::Remove => Some(String::new()),
            Self::Replace { base64, .. } => Some(base64.clone()),
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct LogoFieldProps {
    /// The address of the picture that stands now.
    pub current: String,
    /// Whether that is a logo of the partner's own.
    pub has_logo: bool,
    pub change: LogoChange,
    pub onchange: Callback<LogoChange>,
    pub error: Option<String>,
}

#[component]
pub fn LogoField(props: &LogoFieldProps) -> Html {
    let problem = use_state_eq(|| None::<String>);
    let onfiles = {
        let (problem, onchange) = (problem.setter(), props.onchange.clone());
        Callback::from(move |files: Vec<File>| {
            let Some(file) = files.into_iter().next() else { return };
            let media_type = file.type_();
            if !matches!(media_type.as_str(), "image/svg+xml" | "image/png") {
                return problem.set(Some(t!("directory-logo-type")));
            }
            if file.size() > MAX_BYTES {
                return problem.set(Some(t!("directory-logo-size")));
            }
            let (problem, onchange) = (problem.clone(), onchange.clone());
            spawn_local(async move {
                match base64(&file).await {
                    Some(base64) => {
                        problem.set(None);
                        onchange.emit(LogoChange::Replace { name: file.name(), media_type, base64 });
                    }
                    None => problem.set(Some(t!("directory-logo-unreadable"))),
                }
            });
        })
    };
    let set = |change: LogoChange| {
        let (problem, onchange) = (problem.setter(), props.onchange.clone());
        Callback::from(move |()| {
            problem.set(None);
            onchange.emit(change.clone());
        })
    };
    let (src, chosen) = match &props.change {
        LogoChange::Replace { name, media_type, base64 } => (format!("data:{media_type};base64,{base64}"), Some(name.clone())),
        LogoChange::Keep | LogoChange::Remove => (props.current.clone(), None),
    };
    let removed = props.change == LogoChange::Remove;
    html! {
        <div class="e-logo-field">
            if !removed {
                <LogoTile large=true {src} />
            }
            <div class="e-stack e-stack--tight e-logo-field__controls">
                <FilePicker
                    id="partner-logo"
                    label={t!("directory-logo")}
                    accept=".svg,.png,image/svg+xml,image/png"
                    hint={t!("directory-logo-hint")}
                    chosen={chosen.map(AttrValue::from)}
                    {onfiles}
                    onclear={set(LogoChange::Keep)}
                    clear_label={t!("directory-logo-undo")}
                    error={(*problem).clone().or_else(|| props.error.clone())}
                />
                if removed {
                    <p class="e-subtle e-small">
                        { t!("directory-logo-removed") }{ " " }
                        <Button small=true icon={IconName::Undo} onclick={set(LogoChange::Keep).reform(|_: MouseEvent| ())}>
                            { t!("directory-logo-undo") }
                        </Button>
                    </p>
                } else if props.has_logo && props.change == LogoChange::Keep {
                    <div>
                        <Button small=true icon={IconName::Trash} onclick={set(LogoChange::Remove).reform(|_: MouseEvent| ())}>
                            { t!("directory-logo-remove") }
                        </Button>
                    </div>
                }
            </div>
        </div>
    }
}

/// The content of a file, as it travels.
async fn base64(file: &File) -> Option<String> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = js_sys::Uint8Array::new(buffer.dyn_ref::<js_sys::ArrayBuffer>()?).to_vec();
    // The browser's encoder takes one character per byte.
    let text: String = bytes.into_iter().map(char::from).collect();
    web_sys::window()?.btoa(&text).ok()
}
