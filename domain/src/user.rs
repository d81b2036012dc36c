//! People with an account, their roles and preferences.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{PartnerId, UserId};

/// What a person does in the program. The first five are the vendor's staff, the next four a partner's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Runs the program.
    Admin,
    /// Decides registrations and looks after partners.
    ChannelManager,
    /// Builds kits and campaigns.
    MarketingManager,
    /// The vendor's own sales.
    Sales,
    /// Approves money.
    Finance,
    /// Looks after the partner's own account and people.
    PartnerAdmin,
    /// Registers and sells.
    PartnerSales,
    /// Engineers; see technical content, never a campaign.
    PartnerTechnical,
    /// Publishes campaigns.
    PartnerMarketing,
    /// A program, not a person.
    Integration,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 10] = [
        Role::Admin,
        Role::ChannelManager,
        Role::MarketingManager,
        Role::Sales,
        Role::Finance,
        Role::PartnerAdmin,
        Role::PartnerSales,
        Role::PartnerTechnical,
        Role::PartnerMarketing,
        Role::Integration,
    ];

    /// Whether the role is for people of a partner.
    pub fn is_partner_role(self) -> bool {
        matches!(self, Role::PartnerAdmin | Role::PartnerSales | Role::PartnerTechnical | Role::PartnerMarketing)
    }
}

/// How the app looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Languages that the app speaks (ISO 639-1).
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// A person with an account. The password's hash is kept apart, in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Counts changes.
    pub version: i32,
    /// Name as shown to others.
    pub name: String,
    /// Address in lower case, unique.
    pub email: String,
    /// Job title.
    pub title: Option<String>,
    /// At least one; all of one side.
    pub roles: Vec<Role>,
    /// The partner the person works for; none for the vendor's staff.
    pub partner_id: Option<PartnerId>,
    /// One of [`LANGUAGES`].
    pub language: String,
    /// How the app looks.
    pub theme: Theme,
    /// Whether the person may sign in.
    pub active: bool,
    /// Made by `seed-data/`: refused in production.
    pub demo: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// Most characters of a password; hashing cost is bounded with it.
pub const PASSWORD_MAX: usize = 200;

/// Whether a text has the shape of an e-mail address: one `@`, a domain with a dot, no blanks, at most 254 characters.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|l| !l.is_empty())
}

/// Whether these roles may stand together: at least one, and all of the same side as the person.
pub fn roles_fit(roles: &[Role], of_partner: bool) -> bool {
    !roles.is_empty() && roles.iter().all(|r| *r != Role::Integration && r.is_partner_role() == of_partner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_roles_are_checked() {
        assert!(is_email("a.b@c.test") && !is_email("a@b") && !is_email("a b@c.d") && !is_email("@c.d") && !is_email("a@b@c.d"));
        assert!(roles_fit(&[Role::Admin, Role::Finance], false));
        assert!(!roles_fit(&[Role::Admin, Role::PartnerSales], false));
        assert!(!roles_fit(&[], true) && !roles_fit(&[Role::Integration], false));
    }
}
