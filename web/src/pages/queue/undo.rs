//! What stands at the foot of the queue: how many are selected, and approvals that can still be undone.

use yew::prelude::*;

use super::approvals::Approvals;
use crate::{
    t,
    ui::{Button, ButtonKind, IconName},
};

/// The bar of what is selected.
pub fn selected(count: usize, onapprove: Callback<MouseEvent>, onclear: Callback<MouseEvent>) -> Html {
    if count == 0 {
        return html! {};
    }
    html! {
        <section class="e-undo" aria-label={t!("queue-selected-label")} data-testid="queue-selected">
            <p class="e-undo__text">{ t!("queue-selected", "n" => count) }</p>
            <Button kind={ButtonKind::Primary} icon={IconName::Check} onclick={onapprove}>
                { t!("deal-approve") }<kbd class="e-kbd" aria-hidden="true">{ "A" }</kbd>
            </Button>
            <Button icon={IconName::Close} onclick={onclear}>{ t!("queue-clear") }</Button>
        </section>
    }
}

/// The countdown. What is said aloud is said once; the seconds are for the eye.
pub fn countdown(approvals: &Approvals) -> Html {
    let Some((items, left)) = &approvals.waiting else { return html! {} };
    let onundo = {
        let approvals = approvals.clone();
        Callback::from(move |_: MouseEvent| {
            approvals.undo();
        })
    };
    let onsend = {
        let approvals = approvals.clone();
        Callback::from(move |_: MouseEvent| approvals.send_now())
    };
    html! {
        <section class="e-undo e-undo--waiting" aria-label={t!("queue-undo-label")} data-testid="queue-undo">
            <p class="e-undo__text">
                { t!("queue-approving", "n" => items.len()) }{ " " }
                <span class="e-undo__left e-num" aria-hidden="true">{ t!("queue-seconds", "n" => *left) }</span>
            </p>
            <Button kind={ButtonKind::Primary} icon={IconName::Undo} onclick={onundo}>
                { t!("queue-undo") }<kbd class="e-kbd" aria-hidden="true">{ "U" }</kbd>
            </Button>
            <Button icon={IconName::Send} onclick={onsend}>{ t!("queue-send-now") }</Button>
        </section>
    }
}
