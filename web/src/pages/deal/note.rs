//! The box for a note on a deal: for both sides, or for the vendor alone.

use entente_web_api::{
    deal::{DealCard, NoteVisibility},
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::{
    act::{Change, Outcome, send},
    words,
};
use crate::{
    notice::use_notifier,
    pages::register::fresh_key,
    remote::use_action,
    session::use_session,
    t, texts,
    ui::{Button, IconName, Segment, Segments, TextAreaField},
};

#[derive(PartialEq, Properties)]
pub struct NoteBoxProps {
    pub deal: DealCard,
    pub ondone: Callback<DealCard>,
}

#[component]
pub fn NoteBox(props: &NoteBoxProps) -> Html {
    let session = use_session();
    let notifier = use_notifier();
    let action = use_action();
    let text = use_state(String::new);
    let typed = use_mut_ref(String::new);
    typed.borrow_mut().clone_from(&text);
    let problem = use_state(|| None::<String>);
    let internal = use_state_eq(|| false);
    let key = use_state(fresh_key);
    let may_hide = session.can(ViewerAction::WriteInternalNote);

    let submit = {
        let (action, text, problem, internal, key) = (action.clone(), text.clone(), problem.clone(), internal.clone(), key.clone());
        let (deal, ondone) = (props.deal.clone(), props.ondone.clone());
        Callback::from(move |()| {
            if text.trim().is_empty() {
                return problem.set(Some(t!("deal-refused-required")));
            }
            problem.set(None);
            let visibility = if *internal { NoteVisibility::Internal } else { NoteVisibility::Shared };
            let change = Change::Note { text: (*text).clone(), visibility, key: (*key).clone() };
            let key = key.setter();
            let (sent, typed) = ((*text).clone(), typed.clone());
            let (text, problem, notifier, ondone) = (text.setter(), problem.setter(), notifier.clone(), ondone.clone());
            send(&action, &deal.id, deal.version, change, move |outcome| match outcome {
                Outcome::Done(deal) => {
                    // What was typed since then is the next note.
                    if *typed.borrow() == sent {
                        text.set(String::new());
                    }
                    key.set(fresh_key());
                    ondone.emit(*deal);
                    notifier.announce(t!("deal-note-done"));
                }
                Outcome::Refused(errors) => {
                    if errors.iter().any(|error| error.code == "IDEMPOTENCY_KEY_REUSED") {
                        key.set(fresh_key());
                    }
                    problem.set(errors.first().map(words::refusal));
                }
                // A note is bound to no version.
                Outcome::Stale => {}
                Outcome::Failed(error) => problem.set(Some(texts::api_error(&error))),
            });
        })
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            submit.emit(());
        }
    });
    let visibilities = vec![
        Segment::new("shared", t!("deal-note-shared")).icon(IconName::Users),
        Segment::new("internal", t!("deal-note-internal")).icon(IconName::Lock),
    ];
    html! {
        <form class="e-note-box" {onsubmit} {onkeydown} novalidate=true>
            <TextAreaField
                id="note"
                label={t!("deal-note-add")}
                value={(*text).clone()}
                oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                rows={2}
                maxlength="4000"
                placeholder={if *internal { t!("deal-note-placeholder-internal") } else { t!("deal-note-placeholder") }}
                error={(*problem).clone()}
            />
            <div class="e-row e-row--between">
                if may_hide {
                    <Segments
                        label={t!("deal-note-visibility")}
                        items={visibilities}
                        active={if *internal { "internal" } else { "shared" }}
                        onselect={let internal = internal.setter(); Callback::from(move |key: AttrValue| internal.set(key == "internal"))}
                    />
                } else {
                    <span />
                }
                <Button small=true submit=true busy={action.busy} icon={IconName::Send}>{ t!("deal-note-submit") }</Button>
            </div>
        </form>
    }
}
