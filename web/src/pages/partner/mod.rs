//! One partner: what anyone may read, and for those with rights its recent deals, its profile form and whether it is
//! published.

mod about;
mod choice;
mod deals;
mod edit;
mod live;
mod logo_field;
mod publish;

use entente_web_api::{
    QueryBuilder,
    partner::{PartnerAction, PartnerDetail, PartnerQuery, PartnerVariables, ProgramTerms},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{NotFound, leads::enquiry::Enquiry, partners::place};
use crate::{
    remote::use_query,
    routes::Routes,
    session::use_session,
    t,
    ui::{Button, Icon, IconName, LogoTile, PageHead, SkeletonBlock, Tag, Tone},
};
pub use choice::PartnerChoice;

#[derive(PartialEq, Properties)]
pub struct PartnerProps {
    pub slug: String,
}

#[component]
pub fn Partner(props: &PartnerProps) -> Html {
    let session = use_session();
    let query = use_query(PartnerVariables { slug: props.slug.clone() }, PartnerQuery::build);
    let editing = use_state_eq(|| false);
    let marks = live::use_profile_changes(&query, *editing);
    let onchanged = {
        let query = query.clone();
        Callback::from(move |partner: PartnerDetail| query.update(|data| data.partner = Some(partner)))
    };
    let set_editing = |on: bool| {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(on))
    };
    query.view(SkeletonBlock::Page, |data| {
        let Some(partner) = &data.partner else { return html! { <NotFound /> } };
        let may_edit = partner.viewer_can.contains(&PartnerAction::Edit);
        html! {
            <>
                { head(partner, may_edit.then(|| set_editing(true)), &marks) }
                <div class="e-with-aside">
                    <div class="e-stack">
                        <about::About key={marks.key("about")} partner={partner.clone()} terms={data.program.clone()} changed={marks.has("about")} />
                        if partner.viewer_can.contains(&PartnerAction::SeeDeals) {
                            <deals::Deals partner_id={partner.card.id.clone()} />
                        }
                    </div>
                    <div class="e-stack">
                        if partner.card.published && !may_edit {
                            <Enquiry partner_id={partner.card.id.clone()} partner_name={partner.card.name.clone()} />
                        }
                        <about::Contact key={marks.key("contact")} partner={partner.clone()} changed={marks.has("contact")} />
                        <about::Facts key={marks.key("facts")} partner={partner.clone()} changed={marks.has("facts")} />
                        if may_edit && !session.is_partner() {
                            <publish::Publish partner={partner.clone()} onchanged={onchanged.clone()} onstale={query.on_reload()} />
                        }
                    </div>
                </div>
                if *editing {
                    <edit::Edit
                        partner={partner.clone()}
                        onclose={set_editing(false)}
                        {onchanged}
                        onstale={query.on_reload()}
                    />
                }
            </>
        }
    })
}

fn head(partner: &PartnerDetail, onedit: Option<Callback<()>>, marks: &live::Marks) -> Html {
    let card = &partner.card;
    let beside = html! {
        <>
            if let Some(tier) = &card.tier {
                <Tag tone={Tone::Brand}>{ &tier.name }</Tag>
            }
            if !card.published {
                <Tag tone={Tone::Warm}>{ t!("directory-unpublished") }</Tag>
            }
        </>
    };
    let crumb = html! {
        <Link<Routes> to={Routes::Partners}><Icon name={IconName::ArrowLeft} />{ " " }{ t!("directory-back") }</Link<Routes>>
    };
    html! {
        <div key={marks.key("head")} class={classes!("e-partner-head", marks.has("head").then_some("e-changed"))}>
            <PageHead title={card.name.clone()} lead={place(card).map(AttrValue::from)} {crumb} {beside}>
                if let Some(onedit) = onedit {
                    <Button icon={IconName::Pencil} onclick={onedit.reform(|_: MouseEvent| ())}>{ t!("directory-edit") }</Button>
                }
            </PageHead>
            <LogoTile large=true src={card.logo_url.to_string()} />
        </div>
    }
}

/// The name of a vertical or competency.
fn term_name(terms: &[entente_web_api::program::Term], key: &str) -> String {
    terms.iter().find(|term| term.key == key).map_or_else(|| key.to_owned(), |term| term.name.clone())
}

/// Names of a partner's competencies and verticals.
fn names(partner: &PartnerDetail, terms: &ProgramTerms) -> (Vec<String>, Vec<String>) {
    let of = |keys: &[String], terms: &[entente_web_api::program::Term]| keys.iter().map(|key| term_name(terms, key)).collect();
    (of(&partner.card.competencies, &terms.competencies), of(&partner.card.verticals, &terms.verticals))
}
