//! Evidence as it comes in: files that were uploaded for it, checked to be what they say they are.

use bytes::Bytes;
use entente_domain::Date;
use entente_domain::deal::DealError;
use entente_domain::deal::evidence::{EvidenceFile, FILE_MAX, FILES_MAX, MoreEvidence};
use entente_domain::id::{FileId, PartnerId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::text::LINE_MAX;
use serde::{Deserialize, Serialize};

use crate::idempotency::KeyRefusal;
use crate::{App, AppError, Refused};

/// Evidence as it was given; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceInput {
    /// The person at the customer.
    pub contact: Option<String>,
    /// When the partner met the customer.
    pub met_on: Option<Date>,
    /// Discovery notes.
    pub discovery: Option<String>,
    /// What is known of the budget.
    pub budget: Option<String>,
    /// Ids that uploads answered.
    pub file_ids: Vec<String>,
}

/// Why evidence is refused.
#[derive(Debug)]
pub enum EvidenceRefusal {
    /// By the rules of deals.
    Deal(DealError),
    /// A file.
    File(FileRefusal),
}

/// Why evidence is not added to a deal.
#[derive(Debug)]
pub enum AddEvidenceRefusal {
    /// The evidence.
    Evidence(EvidenceRefusal),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<DealError> for AddEvidenceRefusal {
    fn from(error: DealError) -> Self {
        Self::Evidence(EvidenceRefusal::Deal(error))
    }
}

impl From<KeyRefusal> for AddEvidenceRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl EvidenceRefusal {
    pub(super) fn of(refused: Refused<DealError>) -> Refused<Self> {
        match refused {
            Refused::Refused(e) => Refused::Refused(Self::Deal(e)),
            Refused::Failed(e) => Refused::Failed(e),
        }
    }
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    /// The actor's role sends no files.
    #[error("Your role does not allow this; ask an administrator of your company.")]
    NotAllowed,
    /// No such upload, or another company's.
    #[error("There is no such upload; send the file again.")]
    NotFound,
    /// Too large, or empty.
    #[error("A file must have content and at most 10 MiB.")]
    Size,
    /// The content is not what the name says, or of a kind that is not taken.
    #[error("The file's content must be what its name says: PDF, PNG, JPEG, Word, Excel, PowerPoint, or plain text.")]
    Type,
    /// No name, or one that is too long.
    #[error("The file must have a name of at most 200 characters.")]
    Name,
}

/// An upload for evidence that no deal has yet.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    file: EvidenceFile,
    partner_id: Option<PartnerId>,
}

/// Whether the actor may send files at all: for registrations, rooms or disputes. Whether one may stand there, the mutation says.
pub fn may_keep_file(actor: &Actor) -> bool {
    [Action::RegisterDeal, Action::WorkRoom, Action::StateInDispute].into_iter().any(|action| can(actor, action, Resource::Any))
}

/// Checks a file and keeps it; its id is what a mutation takes.
#[tracing::instrument(level = "debug", name = "deal.keep_evidence_file", skip_all)]
pub async fn keep_file(app: &App, actor: &Actor, name: &str, bytes: Bytes) -> Result<FileId, Refused<FileRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    if !may_keep_file(actor) {
        return refuse(FileRefusal::NotAllowed);
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if bytes.is_empty() || size > FILE_MAX {
        return refuse(FileRefusal::Size);
    }
    let Some(name) = file_name(name) else { return refuse(FileRefusal::Name) };
    let Some(media_type) = media_type(&name, &bytes) else { return refuse(FileRefusal::Type) };
    let hash = app.files.put(bytes).await?;
    let id = FileId::new(app.ulid());
    let file = EvidenceFile { id: id.clone(), name, media_type: media_type.to_owned(), size, hash, added_at: app.now() };
    let kept = serde_json::to_vec(&Kept { file, partner_id: actor.partner_id.clone() }).map_err(AppError::internal)?;
    app.files.put_upload(&id, kept.into()).await?;
    Ok(id)
}

/// The files of uploads that the actor's side made, each once.
pub(crate) async fn files(app: &App, actor: &Actor, ids: &[String]) -> Result<Vec<EvidenceFile>, Refused<EvidenceRefusal>> {
    if ids.len() > FILES_MAX {
        return Err(Refused::Refused(EvidenceRefusal::Deal(DealError::TooManyFiles { max: FILES_MAX })));
    }
    let missing = || Refused::Refused(EvidenceRefusal::File(FileRefusal::NotFound));
    let mut files: Vec<EvidenceFile> = Vec::new();
    for id in ids {
        let id: FileId = id.parse().map_err(|_| missing())?;
        let bytes = app.files.upload(&id).await?.ok_or_else(missing)?;
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| missing())?;
        if kept.partner_id != actor.partner_id {
            return Err(missing());
        }
        if files.iter().all(|f| f.hash != kept.file.hash) {
            files.push(kept.file);
        }
    }
    Ok(files)
}

/// The input with its files.
pub(super) async fn more(app: &App, actor: &Actor, input: &EvidenceInput) -> Result<MoreEvidence, Refused<EvidenceRefusal>> {
    Ok(MoreEvidence {
        contact: input.contact.clone(),
        met_on: input.met_on,
        discovery: input.discovery.clone(),
        budget: input.budget.clone(),
        files: files(app, actor, &input.file_ids).await?,
    })
}

/// The last part of a path, without what cannot be shown.
fn file_name(typed: &str) -> Option<String> {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim().to_owned();
    (!name.is_empty() && name.chars().count() <= LINE_MAX).then_some(name)
}

/// The media type of a file whose content is what the end of its name says; none for any other.
fn media_type(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    let office = |folder: &[u8]| bytes.starts_with(b"PK\x03\x04") && contains(bytes, folder);
    let text = || !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() && !looks_active(bytes);
    let (fits, media_type) = match extension.as_str() {
        "pdf" => (bytes.starts_with(b"%PDF-"), "application/pdf"),
        "png" => (bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "image/png"),
        "jpg" | "jpeg" => (bytes.starts_with(b"\xff\xd8\xff"), "image/jpeg"),
        "docx" => (office(b"word/"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx" => (office(b"xl/"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "pptx" => (office(b"ppt/"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        "txt" | "md" | "eml" => (text(), "text/plain; charset=utf-8"),
        "csv" => (text(), "text/csv; charset=utf-8"),
        _ => (false, ""),
    };
    fits.then_some(media_type)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

/// Whether a text begins as a page, a picture with scripts or a program: none of them is plain text.
fn looks_active(bytes: &[u8]) -> bool {
    let start: Vec<u8> = bytes.iter().copied().skip_while(|b| b.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(b)).take(16).collect();
    let start = start.to_ascii_lowercase();
    [&b"<!doctype"[..], b"<html", b"<svg", b"<script", b"<?xml", b"#!", b"%pdf-"].iter().any(|s| start.starts_with(s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says() {
        let docx = b"PK\x03\x04....word/document.xml";
        let fine: [(&str, &[u8]); 6] = [
            ("offer.PDF", b"%PDF-1.7"),
            ("a.png", b"\x89PNG\r\n\x1a\n.."),
            ("a.jpeg", b"\xff\xd8\xff\xe0"),
            ("notes.docx", docx),
            ("mail.eml", b"From: a@b.example"),
            ("t.csv", "a,\u{e4}".as_bytes()),
        ];
        for (name, bytes) in fine {
            assert!(media_type(name, bytes).is_some(), "{name}");
        }
        let lies: [(&str, &[u8]); 8] = [
            ("offer.pdf", b"\x89PNG\r\n\x1a\n"),
            ("a.png", b"%PDF-1.7"),
            ("sheet.xlsx", docx),
            ("notes.txt", b"\x7fELF\0"),
            ("notes.txt", b" <script>alert(1)</script>"),
            ("page.html", b"<html>"),
            ("run.exe", b"MZ"),
            ("none", b"%PDF-1.7"),
        ];
        for (name, bytes) in lies {
            assert_eq!(media_type(name, bytes), None, "{name}");
        }
        assert_eq!(file_name("C:\\secret\\of\u{7}fer.pdf").as_deref(), Some("offer.pdf"));
        assert_eq!(file_name("folder/"), None);
    }
}
