//! Telling people what happened: toasts in a corner, and a polite live region that screen readers speak.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    t,
    ui::{Icon, IconName},
};

const TOAST_MS: u32 = 6_000;
/// A toast with a button needs time to be reached.
const TOAST_WITH_ACTION_MS: u32 = 12_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    Success,
    Danger,
}

#[derive(Clone, Debug, PartialEq)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
    /// Something to do about it, as undoing it.
    action: Option<(String, Callback<()>)>,
}

/// What is shown and said right now.
#[derive(Clone, Debug, Default, PartialEq)]
struct Notices {
    next: u32,
    toasts: Vec<Toast>,
    spoken: String,
}

enum Change {
    Toast(ToastKind, String, Option<(String, Callback<()>)>),
    Close(u32),
    Speak(String),
}

impl Reducible for Notices {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut notices = (*self).clone();
        match change {
            Change::Toast(kind, text, action) => {
                notices.next += 1;
                notices.toasts.push(Toast { id: notices.next, kind, text, action });
                // More than four cover the screen; the oldest has been seen.
                if notices.toasts.len() > 4 {
                    notices.toasts.remove(0);
                }
            }
            Change::Close(id) => notices.toasts.retain(|toast| toast.id != id),
            // The same sentence twice must still be a change to be spoken again.
            Change::Speak(text) if text == notices.spoken => notices.spoken = format!("{text}\u{a0}"),
            Change::Speak(text) => notices.spoken = text,
        }
        Rc::new(notices)
    }
}

/// Shows toasts and speaks; the same for the life of the tab.
#[derive(Clone, PartialEq)]
pub struct Notifier(UseReducerDispatcher<Notices>);

impl Notifier {
    /// A toast for something that worked.
    pub fn success(&self, text: impl Into<String>) {
        self.0.dispatch(Change::Toast(ToastKind::Success, text.into(), None));
    }

    /// The same with a button, as for undoing it.
    pub fn success_with(&self, text: impl Into<String>, label: impl Into<String>, onaction: Callback<()>) {
        self.0.dispatch(Change::Toast(ToastKind::Success, text.into(), Some((label.into(), onaction))));
    }

    /// A toast for something that did not; stays until it is closed.
    pub fn failure(&self, text: impl Into<String>) {
        self.0.dispatch(Change::Toast(ToastKind::Danger, text.into(), None));
    }

    /// Says a sentence to screen readers only: what changed live on the screen.
    pub fn announce(&self, text: impl Into<String>) {
        self.0.dispatch(Change::Speak(text.into()));
    }
}

#[derive(PartialEq, Properties)]
pub struct NoticeProviderProps {
    pub children: Html,
}

/// Draws the toasts and holds the spoken region.
#[component]
pub fn NoticeProvider(props: &NoticeProviderProps) -> Html {
    let notices = use_reducer_eq(Notices::default);
    let notifier = Notifier(notices.dispatcher());
    html! {
        <ContextProvider<Notifier> context={notifier}>
            { props.children.clone() }
            <div class="e-visually-hidden" aria-live="polite" role="status" data-testid="announcer">{ &notices.spoken }</div>
            <section class="e-toasts" aria-label={t!("common-notifications")} aria-live="polite">
                { for notices.toasts.iter().map(|toast| html! {
                    <ToastView key={toast.id} toast={toast.clone()} notices={notices.dispatcher()} />
                }) }
            </section>
        </ContextProvider<Notifier>>
    }
}

#[derive(PartialEq, Properties)]
struct ToastViewProps {
    toast: Toast,
    notices: UseReducerDispatcher<Notices>,
}

#[component]
fn ToastView(props: &ToastViewProps) -> Html {
    let (id, kind) = (props.toast.id, props.toast.kind);
    let stay_ms = if props.toast.action.is_some() { TOAST_WITH_ACTION_MS } else { TOAST_MS };
    {
        let notices = props.notices.clone();
        use_effect_with((), move |()| {
            let timer = (kind != ToastKind::Danger).then(|| Timeout::new(stay_ms, move || notices.dispatch(Change::Close(id))));
            move || drop(timer)
        });
    }
    let close = {
        let notices = props.notices.clone();
        Callback::from(move |_: MouseEvent| notices.dispatch(Change::Close(id)))
    };
    let onaction = {
        let (notices, action) = (props.notices.clone(), props.toast.action.clone());
        Callback::from(move |_: MouseEvent| {
            notices.dispatch(Change::Close(id));
            if let Some((_, onaction)) = &action {
                onaction.emit(());
            }
        })
    };
    let (class, icon) = match kind {
        ToastKind::Success => ("e-toast e-toast--ok", IconName::CheckCircle),
        ToastKind::Danger => ("e-toast e-toast--danger", IconName::AlertCircle),
    };
    html! {
        <div {class}>
            <Icon name={icon} />
            <p class="e-toast__text">{ &props.toast.text }</p>
            if let Some((label, _)) = &props.toast.action {
                <button type="button" class="e-link-button" onclick={onaction}>{ label }</button>
            }
            <button type="button" class="e-icon-button" aria-label={t!("common-close")} onclick={close}>
                <Icon name={IconName::Close} />
            </button>
        </div>
    }
}

/// Toasts and the spoken region.
#[hook]
pub fn use_notifier() -> Notifier {
    let fallback = use_reducer_eq(Notices::default);
    use_context::<Notifier>().unwrap_or_else(|| Notifier(fallback.dispatcher()))
}
