//! A partner firm: what the directory shows and what campaigns are branded with.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{PartnerId, UserId};
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};

/// How to reach the firm; public.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// A person or team.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number as written by the partner.
    pub phone: Option<String>,
}

/// A logo in object storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// BLAKE3 of the content, hex; also its name in storage.
    pub hash: String,
    /// `image/svg+xml` or `image/png`.
    pub media_type: String,
}

/// A partner firm. Keys (tier, types, territories, verticals, competencies) are the program's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Counts changes.
    pub version: i32,
    /// Part of the public address, unique.
    pub slug: String,
    /// Name of the firm.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// A few sentences.
    pub description: String,
    /// Absolute http(s) address.
    pub website: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// City of the head office.
    pub city: Option<String>,
    /// Tier key.
    pub tier: Option<String>,
    /// Type keys; several at once.
    pub types: Vec<String>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Vertical keys.
    pub verticals: Vec<String>,
    /// Competency keys.
    pub competencies: Vec<String>,
    /// ISO 639-1.
    pub languages: Vec<String>,
    /// The vendor's channel manager for this partner.
    pub manager_id: Option<UserId>,
    /// How to reach the firm.
    pub contact: Contact,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// The logo; none gets a generated one.
    pub logo: Option<Logo>,
    /// Whether anyone may find it in the directory.
    pub published: bool,
    /// Since when it is a partner.
    pub partner_since: Option<Timestamp>,
    /// Where an imported partner came from; the key under which a second import finds it.
    pub import_key: Option<String>,
    /// Who of the firm is certified; the vendor keeps the list.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
}

impl Partner {
    /// Whether a person has a certificate that is valid on that day.
    pub fn is_certified(&self, on: Date) -> bool {
        self.certificates.iter().any(|c| c.valid_until.is_none_or(|end| end >= on))
    }
}

/// That a person of a partner is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The person.
    pub person: String,
    /// What for.
    pub name: String,
    /// The last day on which it is valid; none has no end.
    pub valid_until: Option<Date>,
}

/// Most certificates of a partner.
pub const CERTIFICATES_MAX: usize = 500;

/// Codes of what can be wrong in a partner's profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileCode {
    /// A required text is empty.
    Required,
    /// A text is too long.
    TooLong,
    /// A value has the wrong shape.
    InvalidInput,
}

/// One thing wrong in a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileViolation {
    /// The field of the input, as `contactEmail`.
    pub field: &'static str,
    /// What kind of wrong.
    pub code: ProfileCode,
    /// For a person.
    pub message: String,
}

/// New texts of a profile. None leaves a field as it is; an empty text clears an optional one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileDraft {
    /// One sentence.
    pub summary: Option<String>,
    /// A few sentences.
    pub description: Option<String>,
    /// Absolute http(s) address.
    pub website: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Contact's name.
    pub contact_name: Option<String>,
    /// Contact's e-mail.
    pub contact_email: Option<String>,
    /// Contact's telephone.
    pub contact_phone: Option<String>,
    /// `#rrggbb`.
    pub color: Option<String>,
}

/// Whether an address is absolute http(s) with a host.
pub fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|r| crate::customer::host_of(r).is_some()) && !text.chars().any(|c| c.is_whitespace() || "<>\"'`".contains(c))
}

/// Whether a text is `#rrggbb`.
pub fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

/// Applies a draft to the partner: the changed partner (same version), or everything that is wrong.
pub fn update_profile(partner: &Partner, draft: &ProfileDraft) -> Result<Partner, Vec<ProfileViolation>> {
    let mut next = partner.clone();
    let mut wrong = Vec::new();
    let mut line = |field: &'static str, value: &Option<String>, max: usize, required: bool, ok: &dyn Fn(&str) -> bool, rule: &str| {
        let value = value.as_deref()?;
        match text::optional(Some(value), max) {
            Err(TextError::TooLong { max }) => {
                wrong.push(ProfileViolation { field, code: ProfileCode::TooLong, message: format!("{field} must have at most {max} characters") });
                None
            }
            Err(TextError::Empty) | Ok(None) if required => {
                wrong.push(ProfileViolation { field, code: ProfileCode::Required, message: format!("{field} must not be empty") });
                None
            }
            Ok(Some(v)) if !ok(&v) => {
                wrong.push(ProfileViolation { field, code: ProfileCode::InvalidInput, message: format!("{field} must be {rule}") });
                None
            }
            Err(TextError::Empty) => Some(None),
            Ok(v) => Some(v),
        }
    };
    let any = |_: &str| true;
    if let Some(v) = line("summary", &draft.summary, 300, true, &any, "") {
        next.summary = v.unwrap_or_default();
    }
    if let Some(v) = line("description", &draft.description, NOTE_MAX, false, &any, "") {
        next.description = v.unwrap_or_default();
    }
    if let Some(v) = line("website", &draft.website, 300, false, &is_web_address, "an address that begins with https:// or http://") {
        next.website = v;
    }
    if let Some(v) = line("city", &draft.city, LINE_MAX, false, &any, "") {
        next.city = v;
    }
    if let Some(v) = line("contactName", &draft.contact_name, LINE_MAX, false, &any, "") {
        next.contact.name = v;
    }
    if let Some(v) = line("contactEmail", &draft.contact_email, 254, false, &crate::user::is_email, "an e-mail address") {
        next.contact.email = v;
    }
    if let Some(v) = line("contactPhone", &draft.contact_phone, 60, false, &any, "") {
        next.contact.phone = v;
    }
    if let Some(v) = line("color", &draft.color, 7, false, &is_color, "a colour as #1a2b3c") {
        next.color = v;
    }
    if wrong.is_empty() { Ok(next) } else { Err(wrong) }
}
