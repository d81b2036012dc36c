//! One kit: its assets with the partner merged in, previewed one at a time, downloaded one by one or all as a ZIP. The
//! vendor's staff chooses for whom.

mod asset;

use entente_web_api::{
    Id, QueryBuilder,
    deal::PartnerRef,
    kit::{KitAsset, KitDetail, KitQuery, KitVariables},
    viewer::ViewerAction,
};
use gloo_timers::callback::Interval;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    Forbidden, NotFound,
    kits::{expiry, kind_icon},
    partner::PartnerChoice,
};
use crate::{
    i18n::format,
    program::use_program,
    remote::use_query,
    routes::{QueryState, Routes, use_query_state},
    session::use_session,
    t, texts,
    ui::{AnchorButton, Button, ButtonKind, EmptyState, Icon, IconName, PageHead, SkeletonBlock, Tag, Tone},
};

/// Addresses of previews and downloads hold for a quarter of an hour; new ones come in time.
const RENEW_MS: u32 = 10 * 60 * 1000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct View {
    /// The asset in view; the first when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    asset: String,
    /// For whom it is merged, by id and name; the vendor's staff only.
    #[serde(skip_serializing_if = "String::is_empty")]
    partner: String,
    #[serde(rename = "for", skip_serializing_if = "String::is_empty")]
    partner_name: String,
}

#[derive(PartialEq, Properties)]
pub struct KitProps {
    pub id: String,
}

#[component]
pub fn Kit(props: &KitProps) -> Html {
    if !use_session().can(ViewerAction::SeeKits) {
        return html! { <Forbidden /> };
    }
    html! { <Detail id={props.id.clone()} /> }
}

#[component]
fn Detail(props: &KitProps) -> Html {
    let session = use_session();
    let state = use_query_state::<View>();
    let vendor = !session.is_partner();
    let partner_id = (vendor && !state.value.partner.is_empty()).then(|| Id::new(state.value.partner.clone()));
    let query = use_query(KitVariables { id: Id::new(props.id.clone()), partner_id }, KitQuery::build);
    {
        let latest = use_mut_ref(|| query.on_reload());
        *latest.borrow_mut() = query.on_reload();
        use_effect_with((), move |()| {
            let renewal = Interval::new(RENEW_MS, move || {
                let reload = latest.borrow().clone();
                reload.emit(());
            });
            move || drop(renewal)
        });
    }
    query.view(SkeletonBlock::Page, |data| {
        let Some(kit) = &data.kit else { return html! { <NotFound /> } };
        let active = kit.assets.iter().find(|asset| asset.id.inner() == state.value.asset).or_else(|| kit.assets.first());
        html! {
            <>
                { head(kit) }
                <Facts kit={kit.clone()} />
                if vendor {
                    { for_whom(&state) }
                }
                <div class="e-kit-view">
                    { assets(kit, active, &state) }
                    if let Some(active) = active {
                        <asset::Asset key={active.id.inner().to_owned()} asset={active.clone()} />
                    } else {
                        <EmptyState icon={IconName::Package} title={t!("kit-no-assets")} />
                    }
                </div>
            </>
        }
    })
}

fn head(kit: &KitDetail) -> Html {
    let crumb = html! {
        <Link<Routes> to={Routes::Kits}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("kit-back") }</Link<Routes>>
    };
    html! {
        <PageHead title={kit.title.clone()} lead={kit.summary.clone()} {crumb}>
            if !kit.assets.is_empty() {
                <AnchorButton href={kit.archive_url.to_string()} kind={ButtonKind::Primary} icon={IconName::Archive} download="">
                    { t!("kit-download-all") }
                </AnchorButton>
            }
        </PageHead>
    }
}

#[derive(PartialEq, Properties)]
struct FactsProps {
    kit: KitDetail,
}

#[component]
fn Facts(props: &FactsProps) -> Html {
    let kit = &props.kit;
    let program = use_program();
    html! {
        <p class="e-row e-kit-facts">
            <Tag>{ format::language_name(&kit.language) }</Tag>
            if kit.published_at.is_none() {
                <Tag tone={Tone::Warm}>{ t!("kit-draft") }</Tag>
            }
            { for kit.verticals.iter().map(|key| {
                let name = program.as_ref().map_or_else(|| key.clone(), |program| program.vertical_name(key));
                html! { <Tag tone={Tone::Outline}>{ name }</Tag> }
            }) }
            <span class="e-subtle e-small">{ expiry(kit.expires_at.as_ref()) }</span>
        </p>
    }
}

/// For the vendor's staff: whose name, logo and contact stand in what is shown.
fn for_whom(state: &QueryState<View>) -> Html {
    let onchoose = {
        let state = state.clone();
        Callback::from(move |partner: PartnerRef| {
            state.set(&View { partner: partner.id.into_inner(), partner_name: partner.name, asset: state.value.asset.clone() });
        })
    };
    let onclear = {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(&View { asset: state.value.asset.clone(), ..View::default() }))
    };
    html! {
        <div class="e-kit-for">
            <PartnerChoice
                id="kit-partner"
                label={t!("kit-for")}
                hint={t!("kit-for-hint")}
                chosen={state.value.partner_name.clone()}
                {onchoose}
            />
            if !state.value.partner.is_empty() {
                <Button small=true onclick={onclear}>{ t!("kit-for-nobody") }</Button>
            }
        </div>
    }
}

fn assets(kit: &KitDetail, active: Option<&KitAsset>, state: &QueryState<View>) -> Html {
    html! {
        <nav class="e-kit-assets" aria-label={t!("kit-assets-title")}>
            <ul>
                { for kit.assets.iter().map(|asset| {
                    let current = active.is_some_and(|active| active.id == asset.id);
                    let onclick = {
                        let (state, id) = (state.clone(), asset.id.clone());
                        Callback::from(move |_: MouseEvent| state.set(&View { asset: id.inner().to_owned(), ..state.value.clone() }))
                    };
                    html! {
                        <li key={asset.id.inner().to_owned()}>
                            <button type="button" class="e-kit-asset" aria-current={current.then_some("true")} {onclick}>
                                <Icon name={kind_icon(asset.kind)} />
                                <span>
                                    <span class="e-kit-asset__title">{ &asset.title }</span>
                                    <span class="e-kit-asset__kind">{ texts::asset_kind(asset.kind) }</span>
                                </span>
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </nav>
    }
}
