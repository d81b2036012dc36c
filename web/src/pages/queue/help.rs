//! The keys of the queue, behind a question mark.

use yew::prelude::*;

use crate::{
    t,
    ui::{IconButton, IconName, Modal},
};

#[component]
pub fn KeyHelp() -> Html {
    let open = use_state_eq(|| false);
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let show = {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
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
            <IconButton name={IconName::CircleHelp} label={t!("queue-keys")} onclick={show} />
            if *open {
                <Modal title={t!("queue-keys")} onclose={close}>
                    <dl class="e-facts e-keys">
                        { line(&["J", "↓"], t!("queue-key-next")) }
                        { line(&["K", "↑"], t!("queue-key-previous")) }
                        { line(&["Enter"], t!("queue-key-open")) }
                        { line(&["A"], t!("queue-key-approve")) }
                        { line(&["R"], t!("queue-key-reject")) }
                        { line(&["I"], t!("queue-key-ask")) }
                        { line(&["Ctrl", "Enter"], t!("queue-key-send")) }
                    </dl>
                </Modal>
            }
        </>
    }
}
