//! What a partner says about itself, what the program says about it, and how to reach it.

use entente_web_api::partner::{PartnerDetail, ProgramTerms};
use yew::prelude::*;

use super::names;
use crate::{
    i18n::format,
    t,
    ui::{AnchorButton, ButtonKind, Card, Icon, IconName, Tag},
};

#[derive(PartialEq, Properties)]
pub struct AboutProps {
    pub partner: PartnerDetail,
    pub terms: ProgramTerms,
    /// Whether somebody just changed it.
    pub changed: bool,
}

#[component]
pub fn About(props: &AboutProps) -> Html {
    let partner = &props.partner;
    let (competencies, verticals) = names(partner, &props.terms);
    html! {
        <Card title={t!("directory-about")} class={classes!(props.changed.then_some("e-changed"))}>
            <div class="e-stack">
                <p class="e-partner-lead">{ &partner.card.summary }</p>
                { for partner.description.split("\n").filter(|line| !line.trim().is_empty()).map(|line| html! {
                    <p class="e-partner-text">{ line }</p>
                }) }
                { tags(t!("directory-competency"), competencies) }
                { tags(t!("directory-vertical"), verticals) }
            </div>
        </Card>
    }
}

fn tags(title: String, names: Vec<String>) -> Html {
    if names.is_empty() {
        return html! {};
    }
    html! {
        <div class="e-stack e-stack--tight">
            <h3 class="e-small e-subtle">{ title }</h3>
            <ul class="e-row">{ for names.into_iter().map(|name| html! { <li key={name.clone()}><Tag>{ name }</Tag></li> }) }</ul>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct PartnerProps {
    pub partner: PartnerDetail,
    /// Whether somebody just changed it.
    pub changed: bool,
}

#[component]
pub fn Facts(props: &PartnerProps) -> Html {
    let partner = &props.partner;
    let types: Vec<String> = partner.card.types.iter().map(|kind| kind.name.clone()).collect();
    let territories: Vec<String> = partner.territories.iter().map(|territory| territory.name.clone()).collect();
    let languages: Vec<String> = partner.languages.iter().map(|tag| format::language_name(tag)).collect();
    html! {
        <Card title={t!("directory-facts")} class={classes!(props.changed.then_some("e-changed"))}>
            <dl class="e-facts">
                if let Some(tier) = &partner.card.tier {
                    <dt>{ t!("directory-tier") }</dt><dd>{ &tier.name }</dd>
                }
                { fact(t!("directory-type"), &types) }
                { fact(t!("directory-territory"), &territories) }
                { fact(t!("directory-language"), &languages) }
                if let Some(since) = &partner.partner_since {
                    <dt>{ t!("directory-since") }</dt><dd>{ format::date(since) }</dd>
                }
                if let Some(manager) = &partner.manager {
                    <dt>{ t!("directory-manager") }</dt><dd>{ &manager.name }</dd>
                }
            </dl>
        </Card>
    }
}

fn fact(name: String, values: &[String]) -> Html {
    if values.is_empty() {
        return html! {};
    }
    html! { <><dt>{ name }</dt><dd>{ values.join(", ") }</dd></> }
}

#[component]
pub fn Contact(props: &PartnerProps) -> Html {
    let partner = &props.partner;
    let contact = partner.contact.clone();
    if contact.is_none() && partner.website.is_none() {
        return html! {};
    }
    // Only addresses of the web: another scheme in a link would run in the name of this page.
    let website = partner.website.as_ref().filter(|url| url.as_str().starts_with("https://") || url.as_str().starts_with("http://"));
    html! {
        <Card title={t!("directory-contact")} class={classes!(props.changed.then_some("e-changed"))}>
            <div class="e-stack">
                if let Some(contact) = contact {
                    <ul class="e-stack e-stack--tight e-partner-contact">
                        if let Some(name) = contact.name {
                            <li><Icon name={IconName::User} /><span>{ name }</span></li>
                        }
                        if let Some(email) = contact.email {
                            <li><Icon name={IconName::Mail} /><a href={format!("mailto:{email}")}>{ email }</a></li>
                        }
                        if let Some(phone) = contact.phone {
                            <li><Icon name={IconName::Phone} /><a href={format!("tel:{}", dialled(&phone))}>{ phone }</a></li>
                        }
                    </ul>
                }
                if let Some(website) = website {
                    <div>
                        <AnchorButton href={website.to_string()} kind={ButtonKind::Secondary} icon={IconName::ExternalLink} new_tab=true>
                            { host(website.as_str()) }
                        </AnchorButton>
                    </div>
                }
            </div>
        </Card>
    }
}

fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.trim_start_matches("www.").trim_end_matches('/').to_owned()
}
