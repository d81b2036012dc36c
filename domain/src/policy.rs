//! Who may do what: the one table of authorisation, and the scope that reads carry into the database.
//!
//! Everything that refuses or hides something asks here: mutations, reads, streams, and what a screen offers.

use crate::api_key::ApiScope;
use crate::id::{ApiKeyId, PartnerId, UserId};
use crate::user::{Role, User};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The person; for an API key the person who made it.
    pub user_id: UserId,
    /// Name that others see beside what the actor did.
    pub name: String,
    /// Roles, sorted.
    pub roles: Vec<Role>,
    /// The actor's partner; none for the vendor's side.
    pub partner_id: Option<PartnerId>,
    /// Set when a key asks instead of a person.
    pub api_key: Option<(ApiKeyId, Vec<ApiScope>)>,
}

impl Actor {
    /// A person, with the rights of the account.
    pub fn of(user: &User) -> Self {
        let mut roles = user.roles.clone();
        roles.sort();
        Self { user_id: user.id.clone(), name: user.name.clone(), roles, partner_id: user.partner_id.clone(), api_key: None }
    }

    /// Whether the actor has one of these roles.
    pub fn has(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|r| roles.contains(r))
    }

    /// Whether the actor belongs to the vendor.
    pub fn is_vendor(&self) -> bool {
        self.partner_id.is_none()
    }

    /// Whether the actor may write at all: a person, or a key with the write scope.
    pub fn may_write(&self) -> bool {
        self.api_key.as_ref().is_none_or(|(_, scopes)| scopes.contains(&ApiScope::Write))
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read deals, their timeline and their stream.
    SeeDeals,
    /// Register a deal for the actor's own partner.
    RegisterDeal,
    /// Register a deal for a partner of one's choice.
    RegisterForPartner,
    /// Approve, reject, ask for information.
    DecideDeal,
    /// Answer a question, withdraw.
    AnswerForPartner,
    /// Move the stage, change title, next step, close date.
    WorkDeal,
    /// Write a note that both sides see.
    WriteNote,
    /// Write and read notes that only the vendor sees.
    InternalNotes,
    /// Read campaign kits.
    SeeKits,
    /// Change a partner's profile.
    EditPartner,
    /// See partners that are not published, and fields that are not public.
    SeeWholeDirectory,
    /// Create and change people.
    ManageUsers,
    /// Create and revoke keys.
    ManageApiKeys,
    /// Import data.
    Import,
    /// Propose, withdraw and try versions of the program's rules.
    ManageRules,
    /// Add, change and retire what the program sells.
    ManageProducts,
    /// Read versions of the rules that were withdrawn before they began.
    SeeWithdrawnRules,
    /// Accept the rules of engagement for the actor's own partner.
    AcceptEngagement,
    /// Read the vendor's own opportunities, and what stands beside a registration.
    SeeDirects,
    /// Record an opportunity of the vendor's own, and close it.
    RecordDirect,
    /// Keep the list of a partner's certified people.
    KeepCertificates,
    /// Read the routing table and who is away.
    SeeRouting,
    /// Read the vendor's own record of deciding in time.
    SeeVendorRecord,
    /// Say which partners work on a deal, in which role and with which share.
    ManageRoom,
    /// Write in the room of a deal, record introductions and the customer's permission.
    WorkRoom,
    /// Change the routing table and everybody's absences.
    ManageRouting,
    /// Keep saved views of one's own.
    KeepViews,
    /// Read disputes: the vendor's all, a partner's those in which it is a side.
    SeeDisputes,
    /// Open disputes and take them back.
    OpenDispute,
    /// Say something in a dispute.
    StateInDispute,
    /// Name who decides a dispute, and decide it.
    DecideDispute,
    /// Read leads, their timeline and their stream.
    SeeLeads,
    /// Write down leads of any partner.
    CreateLead,
    /// Give leads to partners and take them back.
    ManageLeads,
    /// Take or decline a lead for the actor's own partner.
    AnswerLead,
    /// Note, close and convert a lead.
    WorkLead,
    /// Read the rules by which leads find a partner, and every reason.
    SeeLeadRouting,
    /// Change the rules by which leads find a partner.
    ManageLeadRouting,
}

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Nothing in particular: may the actor do this at all?
    Any,
    /// Something that belongs to a partner.
    OfPartner(&'a PartnerId),
    /// Something that belongs to the vendor.
    OfVendor,
}

use Role::*;

/// The table: roles of the vendor's side and roles of the partner's side that may act. A partner's people act on what
/// is their own partner's, and nowhere else.
fn row(action: Action) -> (&'static [Role], &'static [Role]) {
    match action {
        Action::SeeDeals => (&[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::RegisterDeal => (&[Admin, ChannelManager, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::RegisterForPartner => (&[Admin, ChannelManager, Integration], &[]),
        Action::DecideDeal => (&[Admin, ChannelManager, Integration], &[]),
        Action::AnswerForPartner => (&[], &[PartnerAdmin, PartnerSales, Integration]),
        Action::WorkDeal => (&[Admin, ChannelManager, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::WriteNote => (&[Admin, ChannelManager, Sales, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::InternalNotes => (&[Admin, ChannelManager, Sales, Finance, Integration], &[]),
        Action::SeeKits => {
            (&[Admin, ChannelManager, MarketingManager, Sales, Integration], &[PartnerAdmin, PartnerSales, PartnerMarketing, Integration])
        }
        Action::EditPartner => (&[Admin, ChannelManager], &[PartnerAdmin]),
        Action::SeeWholeDirectory => (&[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration], &[]),
        Action::ManageUsers => (&[Admin], &[PartnerAdmin]),
        Action::ManageApiKeys => (&[Admin], &[PartnerAdmin]),
        Action::Import => (&[Admin], &[]),
        Action::ManageRules => (&[Admin], &[]),
        Action::ManageProducts => (&[Admin], &[]),
        Action::SeeWithdrawnRules => (&[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration], &[]),
        Action::AcceptEngagement => (&[], &[PartnerAdmin]),
        Action::SeeDirects => (&[Admin, ChannelManager, Sales, Integration], &[]),
        Action::RecordDirect => (&[Admin, ChannelManager, Sales], &[]),
        Action::KeepCertificates => (&[Admin, ChannelManager], &[]),
        Action::SeeRouting => (&[Admin, ChannelManager, Integration], &[]),
        Action::ManageRoom => (&[Admin, ChannelManager, Integration], &[]),
        Action::WorkRoom => (&[Admin, ChannelManager, Sales, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::SeeVendorRecord => (
            &[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration],
            &[PartnerAdmin, PartnerSales, PartnerTechnical, PartnerMarketing, Integration],
        ),
        Action::ManageRouting => (&[Admin], &[]),
        Action::KeepViews => (&[Admin, ChannelManager, MarketingManager, Sales, Finance], &[PartnerAdmin, PartnerSales]),
        Action::SeeDisputes => (&[Admin, ChannelManager, Sales, Finance, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::OpenDispute => (&[], &[PartnerAdmin, PartnerSales, Integration]),
        Action::StateInDispute => (&[Admin, ChannelManager], &[PartnerAdmin, PartnerSales, Integration]),
        Action::DecideDispute => (&[Admin, ChannelManager], &[]),
        Action::SeeLeads => (&[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::CreateLead => (&[Admin, ChannelManager, MarketingManager, Sales, Integration], &[]),
        Action::ManageLeads => (&[Admin, ChannelManager, MarketingManager, Integration], &[]),
        Action::AnswerLead => (&[], &[PartnerAdmin, PartnerSales, Integration]),
        Action::WorkLead => (&[Admin, ChannelManager, MarketingManager, Sales, Integration], &[PartnerAdmin, PartnerSales, Integration]),
        Action::SeeLeadRouting => (&[Admin, ChannelManager, MarketingManager, Sales, Finance, Integration], &[]),
        Action::ManageLeadRouting => (&[Admin], &[]),
    }
}

/// Whether an action changes something, so that a key needs the write scope.
fn writes(action: Action) -> bool {
    !matches!(
        action,
        Action::SeeDirects
            | Action::SeeDeals
            | Action::SeeKits
            | Action::SeeWholeDirectory
            | Action::InternalNotes
            | Action::SeeWithdrawnRules
            | Action::SeeRouting
            | Action::SeeVendorRecord
            | Action::SeeDisputes
            | Action::SeeLeads
            | Action::SeeLeadRouting
    )
}

/// Whether the actor may do this to that. Keys never manage people or keys: those roles are not in their rows.
pub fn can(actor: &Actor, action: Action, resource: Resource<'_>) -> bool {
    if writes(action) && !actor.may_write() {
        return false;
    }
    let (vendor, partner) = row(action);
    match &actor.partner_id {
        None => actor.has(vendor),
        Some(own) => {
            actor.has(partner)
                && match resource {
                    Resource::Any => true,
                    Resource::OfPartner(id) => id == own,
                    Resource::OfVendor => false,
                }
        }
    }
}

/// Which rows of something that belongs to partners an actor may read; it goes into the database filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every row.
    All,
    /// One partner's rows.
    Partner(PartnerId),
    /// No row.
    Nothing,
}

impl Scope {
    /// Whether a row of that partner is within.
    pub fn admits(&self, partner: &PartnerId) -> bool {
        match self {
            Scope::All => true,
            Scope::Partner(own) => own == partner,
            Scope::Nothing => false,
        }
    }
}

/// The scope in which the actor may do the action.
pub fn scope(actor: &Actor, action: Action) -> Scope {
    if !can(actor, action, Resource::Any) {
        return Scope::Nothing;
    }
    match &actor.partner_id {
        None => Scope::All,
        Some(own) => Scope::Partner(own.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ulid::Ulid;

    fn actor(roles: &[Role], partner: Option<u128>) -> Actor {
        Actor {
            user_id: UserId::new(Ulid::from_parts(1, 1)),
            name: "A".into(),
            roles: roles.to_vec(),
            partner_id: partner.map(|n| PartnerId::new(Ulid::from_parts(1, n))),
            api_key: None,
        }
    }

    const ALL: [Action; 38] = [
        Action::SeeDeals,
        Action::RegisterDeal,
        Action::RegisterForPartner,
        Action::DecideDeal,
        Action::AnswerForPartner,
        Action::WorkDeal,
        Action::WriteNote,
        Action::InternalNotes,
        Action::SeeKits,
        Action::EditPartner,
        Action::SeeWholeDirectory,
        Action::ManageUsers,
        Action::ManageApiKeys,
        Action::Import,
        Action::ManageRules,
        Action::ManageProducts,
        Action::SeeWithdrawnRules,
        Action::AcceptEngagement,
        Action::SeeDirects,
        Action::RecordDirect,
        Action::KeepCertificates,
        Action::SeeRouting,
        Action::SeeVendorRecord,
        Action::ManageRoom,
        Action::WorkRoom,
        Action::ManageRouting,
        Action::KeepViews,
        Action::SeeDisputes,
        Action::OpenDispute,
        Action::StateInDispute,
        Action::DecideDispute,
        Action::SeeLeads,
        Action::CreateLead,
        Action::ManageLeads,
        Action::AnswerLead,
        Action::WorkLead,
        Action::SeeLeadRouting,
        Action::ManageLeadRouting,
    ];

    #[test]
    fn no_partner_acts_on_another_or_on_the_vendor() {
        let other = PartnerId::new(Ulid::from_parts(1, 99));
        for role in Role::ALL {
            let a = actor(&[role], Some(7));
            for action in ALL {
                assert!(!can(&a, action, Resource::OfPartner(&other)), "{role:?} {action:?}");
                assert!(!can(&a, action, Resource::OfVendor), "{role:?} {action:?}");
            }
            for action in [
                Action::DecideDeal,
                Action::InternalNotes,
                Action::Import,
                Action::RegisterForPartner,
                Action::ManageRules,
                Action::ManageProducts,
                Action::SeeWithdrawnRules,
                Action::SeeRouting,
                Action::ManageRouting,
                Action::DecideDispute,
                Action::CreateLead,
                Action::ManageLeads,
                Action::SeeLeadRouting,
                Action::ManageLeadRouting,
            ] {
                assert!(!can(&a, action, Resource::Any), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn an_engineer_sees_no_campaign_and_no_deal() {
        let a = actor(&[Role::PartnerTechnical], Some(7));
        assert!(!can(&a, Action::SeeKits, Resource::Any));
        assert_eq!(scope(&a, Action::SeeDeals), Scope::Nothing);
    }

    #[test]
    fn a_partner_role_without_a_partner_is_nobody() {
        let a = actor(&[Role::PartnerAdmin], None);
        assert!(ALL.iter().all(|x| !can(&a, *x, Resource::Any)));
    }

    #[test]
    fn a_reading_key_writes_nothing() {
        let mut a = actor(&[Role::Integration], None);
        a.api_key = Some((ApiKeyId::new(Ulid::from_parts(1, 3)), vec![ApiScope::Read]));
        assert!(can(&a, Action::SeeDeals, Resource::Any) && !can(&a, Action::DecideDeal, Resource::Any));
        assert!(!can(&a, Action::ManageApiKeys, Resource::Any));
    }
}
