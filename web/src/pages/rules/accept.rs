//! Whether the viewer's partner has accepted the rules of engagement, and the button with which its administrator does.

use entente_web_api::{
    MutationBuilder, QueryBuilder,
    error::field_errors,
    rules::{EngagementAccept, EngagementAcceptVariables, EngagementQuery},
    viewer::ViewerAction,
};
use yew::prelude::*;

use crate::{
    i18n::format,
    notice::use_notifier,
    remote::use_action,
    remote::use_query,
    session::use_session,
    t, texts,
    ui::{Alert, AlertTone, Button, ButtonKind, IconName, SkeletonBlock},
};

#[derive(PartialEq, Properties)]
pub struct AcceptanceProps {
    /// The version in force: what is read is what is accepted.
    pub number: i32,
}

#[component]
pub fn Acceptance(props: &AcceptanceProps) -> Html {
    let may = use_session().can(ViewerAction::AcceptEngagement);
    let query = use_query((), |()| EngagementQuery::build(()));
    let action = use_action();
    let notifier = use_notifier();
    let onaccept = {
        let (query, action, number) = (query.clone(), action.clone(), props.number);
        Callback::from(move |_: MouseEvent| {
            let (query, notifier) = (query.clone(), notifier.clone());
            action.run(EngagementAccept::build(EngagementAcceptVariables { rules_number: number }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    let (acceptance, errors) = (data.engagement_accept.acceptance, field_errors(data.engagement_accept.errors));
                    match errors.first() {
                        Some(error) if error.code == "STALE_VERSION" => notifier.failure(t!("rules-accept-stale")),
                        Some(error) => notifier.failure(error.message.clone()),
                        None => {
                            notifier.success(t!("rules-accept-done"));
                            query.update(|known| known.engagement_acceptance = acceptance);
                        }
                    }
                }
            });
        })
    };
    query.view(SkeletonBlock::Lines(1), |data| match &data.engagement_acceptance {
        Some(done) => html! {
            <p class="e-subtle" data-testid="engagement-accepted">
                { t!("rules-accepted", "name" => done.accepted_by.clone(), "day" => format::day_of(&done.accepted_at)) }
            </p>
        },
        None => html! {
            <Alert tone={AlertTone::Warm} title={t!("rules-accept-title")}>
                <p>{ if may { t!("rules-accept-text") } else { t!("rules-accept-ask") } }</p>
                if may {
                    <div class="e-form__actions">
                        <Button kind={ButtonKind::Primary} icon={IconName::Check} busy={action.busy} onclick={onaccept}>{ t!("rules-accept") }</Button>
                    </div>
                }
            </Alert>
        },
    })
}
