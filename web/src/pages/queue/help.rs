//! The keys of the queue, behind a question mark.

use yew::prelude::*;

use crate::{
    t,
    ui::{IconButton, IconName, Modal},
};

#[derive(PartialEq, Properties)]
pub struct KeyHelpProps {
    pub open: bool,
    /// Whether the answers that are owed are listed.
    pub answers: bool,
    pub ontoggle: Callback<bool>,
}

#[component]
pub fn KeyHelp(props: &KeyHelpProps) -> Html {
    let line = |keys: &[&str], what: String| {
        html! {
            <>
                <dt>{ for keys.iter().map(|key| html! { <kbd class="e-kbd">{ *key }</kbd> }) }</dt>
                <dd>{ what }</dd>
            </>
        }
    };
    html! {
        <>
            <IconButton name={IconName::CircleHelp} label={t!("queue-keys")} onclick={props.ontoggle.reform(|_: MouseEvent| true)} />
            if props.open {
                <Modal title={t!("queue-keys")} onclose={props.ontoggle.reform(|()| false)}>
                    <dl class="e-facts e-keys">
                        { line(&["J", "↓"], t!("queue-key-next")) }
                        { line(&["K", "↑"], t!("queue-key-previous")) }
                        if props.answers {
                            { line(&["Enter"], t!("queue-key-open")) }
                            { line(&["A"], t!("desk-answer")) }
                            { line(&["G"], t!("desk-grant")) }
                            { line(&["D"], t!("desk-decline")) }
                        } else {
                            { line(&["X"], t!("queue-key-select")) }
                            { line(&["Shift", "J / K"], t!("queue-key-range")) }
                            { line(&["Enter"], t!("queue-key-open")) }
                            { line(&["A"], t!("queue-key-approve-all")) }
                            { line(&["U"], t!("queue-key-undo")) }
                            { line(&["R"], t!("queue-key-reject")) }
                            { line(&["I"], t!("queue-key-ask")) }
                            { line(&["H"], t!("queue-key-hand")) }
                        }
                        { line(&["/"], t!("queue-key-search")) }
                        { line(&["Esc"], t!("queue-key-clear")) }
                        { line(&["Ctrl", "Enter"], t!("queue-key-send")) }
                        { line(&["?"], t!("queue-keys")) }
                    </dl>
                </Modal>
            }
        </>
    }
}
