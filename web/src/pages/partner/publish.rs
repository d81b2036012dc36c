//! Whether anyone may find the partner: a switch for the vendor's staff, in force at once.

use entente_web_api::{
    MutationBuilder,
    error::field_errors,
    partner::{PartnerDetail, PartnerUpdate, PartnerUpdateInput, PartnerUpdateVariables},
};
use yew::prelude::*;

use crate::{
    notice::use_notifier,
    remote::use_action,
    t, texts,
    ui::{Card, SwitchField},
};

#[derive(PartialEq, Properties)]
pub struct PublishProps {
    pub partner: PartnerDetail,
    pub onchanged: Callback<PartnerDetail>,
    pub onstale: Callback<()>,
}

#[component]
pub fn Publish(props: &PublishProps) -> Html {
    let action = use_action();
    let notifier = use_notifier();
    let onchange = {
        let (partner, onchanged, onstale, action) = (props.partner.clone(), props.onchanged.clone(), props.onstale.clone(), action.clone());
        Callback::from(move |published: bool| {
            let variables = PartnerUpdateVariables {
                id: partner.card.id.clone(),
                expected_version: partner.version,
                input: PartnerUpdateInput { published: Some(published), ..PartnerUpdateInput::default() },
            };
            let (onchanged, onstale, notifier) = (onchanged.clone(), onstale.clone(), notifier.clone());
            action.run(PartnerUpdate::build(variables), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => match (data.partner_update.partner, field_errors(data.partner_update.errors).first()) {
                    (Some(partner), None) => {
                        onchanged.emit(partner);
                        notifier.success(if published { t!("directory-now-published") } else { t!("directory-now-hidden") });
                    }
                    (_, error) => {
                        if let Some(error) = error {
                            notifier.failure(error.message.clone());
                        }
                        onstale.emit(());
                    }
                },
            });
        })
    };
    html! {
        <Card title={t!("directory-visibility")}>
            <div class="e-stack e-stack--tight">
                <SwitchField
                    id="partner-published"
                    label={t!("directory-published")}
                    checked={props.partner.card.published}
                    disabled={action.busy}
                    {onchange}
                />
                <p class="e-subtle e-small">{ t!("directory-published-hint") }</p>
            </div>
        </Card>
    }
}
