//! Choosing roles: those of one side, as checkboxes with what each may do.

use entente_web_api::viewer::Role;
use yew::prelude::*;

use crate::{
    t, texts,
    ui::{CheckField, Icon, IconName},
};

/// Roles of the vendor's staff.
pub fn vendor_roles() -> impl Iterator<Item = Role> {
    [Role::Admin, Role::ChannelManager, Role::MarketingManager, Role::Sales, Role::Finance].into_iter()
}

/// Roles of a partner's people.
pub fn partner_roles() -> impl Iterator<Item = Role> {
    [Role::PartnerAdmin, Role::PartnerSales, Role::PartnerMarketing, Role::PartnerTechnical].into_iter()
}

/// The word for a role in an address.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::ChannelManager => "channel-manager",
        Role::MarketingManager => "marketing-manager",
        Role::Sales => "sales",
        Role::Finance => "finance",
        Role::PartnerAdmin => "partner-admin",
        Role::PartnerSales => "partner-sales",
        Role::PartnerTechnical => "partner-technical",
        Role::PartnerMarketing => "partner-marketing",
        Role::Integration => "integration",
    }
}

/// The role of a word in an address.
pub fn role_of(word: &str) -> Option<Role> {
    vendor_roles().chain(partner_roles()).find(|role| role_word(*role) == word)
}

fn explained(role: Role) -> String {
    match role {
        Role::Admin => t!("settings-role-admin"),
        Role::ChannelManager => t!("settings-role-channel-manager"),
        Role::MarketingManager => t!("settings-role-marketing-manager"),
        Role::Sales => t!("settings-role-sales"),
        Role::Finance => t!("settings-role-finance"),
        Role::PartnerAdmin => t!("settings-role-partner-admin"),
        Role::PartnerSales => t!("settings-role-partner-sales"),
        Role::PartnerMarketing => t!("settings-role-partner-marketing"),
        Role::PartnerTechnical => t!("settings-role-partner-technical"),
        Role::Integration => String::new(),
    }
}

#[derive(PartialEq, Properties)]
pub struct RolesFieldProps {
    /// Whether the person works for a partner.
    pub of_partner: bool,
    pub chosen: Vec<Role>,
    pub onchange: Callback<Vec<Role>>,
    #[prop_or_default]
    pub error: Option<String>,
}

#[component]
pub fn RolesField(props: &RolesFieldProps) -> Html {
    let roles: Vec<Role> = if props.of_partner { partner_roles().collect() } else { vendor_roles().collect() };
    html! {
        <fieldset class="e-roles" aria-describedby={props.error.is_some().then_some("user-roles-error")}>
            <legend class="e-field__label">
                { t!("settings-roles") }<span class="e-field__required" aria-hidden="true">{ "*" }</span>
            </legend>
            { for roles.into_iter().map(|role| {
                let onchange = {
                    let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
                    Callback::from(move |on: bool| {
                        let mut next: Vec<Role> = chosen.iter().copied().filter(|known| *known != role).collect();
                        if on {
                            next.push(role);
                        }
                        onchange.emit(next);
                    })
                };
                html! {
                    <CheckField
                        key={role_word(role)}
                        id={format!("role-{}", role_word(role))}
                        label={html! { <><span class="e-strong">{ texts::role(role) }</span><span class="e-roles__text">{ explained(role) }</span></> }}
                        checked={props.chosen.contains(&role)}
                        {onchange}
                    />
                }
            }) }
            <div class="e-field__error" id="user-roles-error" hidden={props.error.is_none()}>
                if let Some(error) = &props.error { <Icon name={IconName::AlertCircle} /><span>{ error }</span> }
            </div>
        </fieldset>
    }
}
