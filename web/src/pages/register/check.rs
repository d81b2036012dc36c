//! The verdict while the form is being filled in: asked for when the draft is valid, a moment after the last change;
//! answers that come too late are dropped.

use entente_web_api::{
    ApiError, QueryBuilder,
    deal::{DealVerdict, VerdictOutcome},
    deal_action::{DealCheckQuery, DealRegisterInput, DealRegisterVariables},
};
use gloo_timers::callback::Timeout;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    notice::use_notifier,
    pages::deal::{verdict::VerdictView, words},
    session::use_client,
    t, texts,
    ui::{Button, Card, Icon, IconName, SkeletonBlock},
};

const PAUSE_MS: u32 = 450;

/// What is known about the draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Verdict {
    /// Not yet filled in.
    #[default]
    Incomplete,
    Checking,
    Known(DealVerdict),
    Failed(ApiError),
}

/// The verdict on `input`, and a way to ask again or to put in what the server said on sending.
#[derive(Clone)]
pub struct Checked {
    pub verdict: Verdict,
    set: UseStateSetter<Verdict>,
    again: UseStateHandle<u32>,
}

impl Checked {
    pub fn say(&self, verdict: DealVerdict) {
        self.set.set(Verdict::Known(verdict));
    }

    fn again(&self) -> Callback<MouseEvent> {
        let again = self.again.clone();
        Callback::from(move |_| again.set(*again + 1))
    }
}

#[hook]
pub fn use_verdict(input: Option<DealRegisterInput>) -> Checked {
    let client = use_client();
    let notifier = use_notifier();
    let verdict = use_state_eq(Verdict::default);
    let again = use_state_eq(|| 0_u32);
    let pause = use_mut_ref(|| None::<Timeout>);
    let asked = use_mut_ref(|| 0_u32);
    // The title, the next step and the key do not change the verdict, so they do not ask for a new one.
    let judged = input.map(|input| DealRegisterInput { title: "-".to_owned(), next_step: None, idempotency_key: None, ..input });
    {
        let set = verdict.setter();
        use_effect_with((judged, *again), move |(judged, _)| {
            *asked.borrow_mut() += 1;
            let mine = *asked.borrow();
            let Some(input) = judged.clone() else {
                pause.borrow_mut().take();
                set.set(Verdict::Incomplete);
                return;
            };
            set.set(Verdict::Checking);
            let asked = asked.clone();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || {
                spawn_local(async move {
                    let answer = client.run(DealCheckQuery::build(DealRegisterVariables { input })).await;
                    if *asked.borrow() != mine {
                        return;
                    }
                    set.set(match answer {
                        Ok(data) => {
                            notifier.announce(t!("register-verdict-said", "outcome" => words::outcome(data.deal_check.outcome)));
                            Verdict::Known(data.deal_check)
                        }
                        Err(error) => Verdict::Failed(error),
                    });
                });
            }));
        });
    }
    Checked { verdict: (*verdict).clone(), set: verdict.setter(), again }
}

/// What the outcome means for the one who registers.
pub fn advice(outcome: VerdictOutcome) -> String {
    match outcome {
        VerdictOutcome::Clear => t!("register-advice-clear"),
        VerdictOutcome::PossibleConflict => t!("register-advice-conflict"),
        VerdictOutcome::Blocked => t!("register-advice-blocked"),
    }
}

/// The panel beside the form. `node` takes the focus when a sent registration turns out to be blocked.
pub fn panel(checked: &Checked, node: NodeRef) -> Html {
    let body = match &checked.verdict {
        Verdict::Incomplete => html! {
            <div class="e-verdict-wait">
                <Icon name={IconName::Shield} />
                <p>{ t!("register-verdict-incomplete") }</p>
            </div>
        },
        Verdict::Checking => SkeletonBlock::Lines(4).html(),
        Verdict::Known(verdict) => html! { <VerdictView verdict={verdict.clone()} advice={advice(verdict.outcome)} /> },
        Verdict::Failed(error) => html! {
            <div class="e-stack e-stack--tight">
                <p>{ texts::api_error(error) }</p>
                <div><Button small=true icon={IconName::Refresh} onclick={checked.again()}>{ t!("common-retry") }</Button></div>
            </div>
        },
    };
    html! {
        <div ref={node} tabindex="-1" class="e-verdict-panel">
            <Card title={t!("deal-verdict-title")}>{ body }</Card>
        </div>
    }
}
