//! What the viewer can do next: two clicks away from everything that brings a partner forward.

use entente_web_api::viewer::ViewerAction;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    routes::Routes,
    session::use_session,
    t,
    ui::{Card, Icon, IconName},
};

#[component]
pub fn NextSteps() -> Html {
    let session = use_session();
    let step = |to: Routes, icon: IconName, title: String, text: String| {
        html! {
            <li key={title.clone()}>
                <Link<Routes> {to} classes="e-work__item">
                    <span class="e-work__icon"><Icon name={icon} /></span>
                    <span class="e-work__title">{ title }</span>
                    <Icon name={IconName::ChevronRight} />
                    <span class="e-work__meta">{ text }</span>
                </Link<Routes>>
            </li>
        }
    };
    let partner = session.viewer().and_then(|viewer| viewer.partner.clone());
    html! {
        <Card title={t!("home-next")} flush=true>
            <ul class="e-work">
                if session.can(ViewerAction::RegisterDeal) {
                    { step(Routes::Register, IconName::Plus, t!("nav-register"), t!("home-next-register")) }
                }
                if session.can(ViewerAction::SeeKits) {
                    { step(Routes::Kits, IconName::Megaphone, t!("nav-kits"), t!("home-next-kits")) }
                }
                if let Some(partner) = partner {
                    { step(Routes::Partner { slug: partner.slug }, IconName::Building, t!("home-next-page"), t!("home-next-page-text")) }
                }
                { step(Routes::Partners, IconName::Search, t!("nav-partners"), t!("home-next-partners")) }
            </ul>
        </Card>
    }
}
