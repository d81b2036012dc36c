//! Moving a deal to another stage of the sale, from the board or from its own page: at once for an open stage, with a
//! way to take it back; after a dialog for a stage that ends the sale.

use entente_web_api::{
    deal::DealCard,
    program::{DealStage, StageCategory},
};
use yew::prelude::*;

use super::{
    act::{Change, Outcome, read_again, send},
    dialog::{Ask, DealDialog},
    words,
};
use crate::{
    notice::{Notifier, use_notifier},
    remote::{Action, use_action},
    session::use_client,
    t, texts,
};

/// Moves deals. Draw `dialog` somewhere on the screen.
#[derive(Clone)]
pub struct Mover {
    /// Begin to move this deal to that stage.
    pub start: Callback<(DealCard, DealStage)>,
    /// The question before the sale is closed, while it is asked.
    pub dialog: Html,
}

struct Hand {
    action: Action,
    notifier: Notifier,
    client: entente_web_api::Client,
    onnewer: Callback<DealCard>,
}

impl Hand {
    fn copy(&self) -> Self {
        Self { action: self.action.clone(), notifier: self.notifier.clone(), client: self.client.clone(), onnewer: self.onnewer.clone() }
    }

    fn shift(self, deal: DealCard, stage: DealStage, may_undo: bool) {
        let change = Change::Move { stage: stage.key.clone(), note: String::new() };
        let action = self.action.clone();
        send(&action, &deal.id.clone(), deal.version, change, move |outcome| match outcome {
            Outcome::Done(moved) => {
                self.onnewer.emit((*moved).clone());
                let said = t!("deal-moved", "name" => moved.title.clone(), "stage" => moved.stage.name.clone());
                if may_undo && deal.stage.category == StageCategory::Open {
                    let again = self.copy();
                    let back = deal.stage.clone();
                    let undo = Callback::from(move |()| again.copy().shift((*moved).clone(), back.clone(), false));
                    self.notifier.success_with(said, t!("deal-undo"), undo);
                } else {
                    self.notifier.success(said);
                }
            }
            Outcome::Stale => {
                self.notifier.failure(t!("deal-moved-stale", "name" => deal.title.clone()));
                self.newer(&deal);
            }
            Outcome::Refused(errors) => {
                self.notifier.failure(errors.first().map(words::refusal).unwrap_or_default());
                self.newer(&deal);
            }
            Outcome::Failed(error) => {
                self.notifier.failure(texts::api_error(&error));
                // A card that was shown elsewhere goes back to where it is.
                self.onnewer.emit(deal);
            }
        });
    }

    fn newer(&self, deal: &DealCard) {
        let onnewer = self.onnewer.clone();
        read_again(&self.client, &deal.id, move |newest| {
            if let Some(newest) = newest {
                onnewer.emit(newest);
            }
        });
    }
}

/// `onnewer` takes every newer state of a deal that comes of moving it.
#[hook]
pub fn use_mover(onnewer: Callback<DealCard>) -> Mover {
    let hand = Hand { action: use_action(), notifier: use_notifier(), client: use_client(), onnewer: onnewer.clone() };
    let closing = use_state(|| None::<(DealCard, DealStage)>);
    let dialog = closing.as_ref().map(|(deal, stage)| {
        let onstale = {
            let (hand, closing, deal, stage, onnewer) = (hand.copy(), closing.setter(), deal.clone(), stage.clone(), onnewer.clone());
            Callback::from(move |()| {
                let (closing, stage, onnewer) = (closing.clone(), stage.clone(), onnewer.clone());
                read_again(&hand.client, &deal.id, move |newest| {
                    if let Some(newest) = newest {
                        onnewer.emit(newest.clone());
                        closing.set(Some((newest, stage)));
                    }
                });
            })
        };
        let onclose = {
            let closing = closing.setter();
            Callback::from(move |()| closing.set(None))
        };
        html! { <DealDialog ask={Ask::Close(stage.clone())} deal={deal.clone()} {onclose} ondone={onnewer.clone()} {onstale} /> }
    });
    let start = {
        let closing = closing.setter();
        Callback::from(move |(deal, stage): (DealCard, DealStage)| {
            if stage.key == deal.stage.key {
                return;
            }
            if stage.category == StageCategory::Open {
                hand.copy().shift(deal, stage, true);
            } else {
                closing.set(Some((deal, stage)));
            }
        })
    };
    Mover { start, dialog: dialog.unwrap_or_default() }
}
