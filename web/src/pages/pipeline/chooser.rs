//! “Move to stage”: the stages a deal may go to, as a short list in a dialog, so that a key is enough to move a card.

use entente_web_api::{
    deal::DealCard,
    program::{DealStage, StageCategory},
};
use yew::prelude::*;

use crate::{
    i18n::format,
    t,
    ui::{Icon, IconName, Modal},
};

#[derive(PartialEq, Properties)]
pub struct ChooserProps {
    pub deal: DealCard,
    pub onclose: Callback<()>,
    pub onmove: Callback<(DealCard, DealStage)>,
}

#[component]
pub fn StageChooser(props: &ChooserProps) -> Html {
    let deal = &props.deal;
    html! {
        <Modal title={t!("pipeline-move-title")} onclose={props.onclose.clone()}>
            <p class="e-dialog-deal"><strong>{ &deal.title }</strong>{ " · " }{ t!("pipeline-move-from", "stage" => deal.stage.name.clone()) }</p>
            <ul class="e-stage-list">
                { for deal.next_stages.iter().enumerate().map(|(index, stage)| {
                    let onclick = {
                        let (onclose, onmove, deal, stage) =
                            (props.onclose.clone(), props.onmove.clone(), deal.clone(), stage.clone());
                        Callback::from(move |_: MouseEvent| {
                            onclose.emit(());
                            onmove.emit((deal.clone(), stage.clone()));
                        })
                    };
                    let icon = match stage.category {
                        StageCategory::Open => IconName::MoveRight,
                        StageCategory::Won => IconName::CheckCircle,
                        StageCategory::Lost => IconName::Archive,
                    };
                    html! {
                        <li key={stage.key.clone()}>
                            <button type="button" class="e-stage-list__item" autofocus={index == 0} {onclick}>
                                <Icon name={icon} />
                                <span>{ &stage.name }</span>
                                if stage.category == StageCategory::Open {
                                    <span class="e-subtle e-num">{ format::percent(f64::from(stage.probability)) }</span>
                                }
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </Modal>
    }
}
