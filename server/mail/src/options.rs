//! Where letters go: the settings, read and checked before anything starts. A password is in none of the errors.

use std::fmt;
use std::path::PathBuf;

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpOptions {
    /// As `smtps://name:password@mail.example.com` (TLS from the first byte), or `smtp://...?tls=required` (STARTTLS). Without
    /// either the letters go over the wire as they are, which only a server on this machine is for.
    pub url: String,
    /// Certificates in PEM that are trusted beside the usual ones, as of a company's own authority.
    pub extra_roots: Option<String>,
}

impl fmt::Debug for SmtpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address has a password in it.
        f.debug_struct("SmtpOptions").field("url", &self.place()).field("extra_roots", &self.extra_roots.is_some()).finish()
    }
}

impl SmtpOptions {
    /// The address without name and password, for a log.
    pub fn place(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("smtp", &self.url));
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{}", host.split(['/', '?']).next().unwrap_or_default())
    }
}

/// Where letters go and from whom they come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailOptions {
    /// The mail server; without one letters are written into the folder.
    pub smtp: Option<SmtpOptions>,
    /// Folder of letters, one `.eml` file each; without it and without a mail server no letter is written at all.
    pub folder: Option<PathBuf>,
    /// From whom letters come, as `Entente <partners@example.com>`; left empty, `entente@` and the public address's host.
    pub from: Option<String>,
}

impl MailOptions {
    /// Whether any letter can leave.
    pub fn is_on(&self) -> bool {
        self.smtp.is_some() || self.folder.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let options = MailOptions {
            smtp: Some(SmtpOptions { url: "smtps://robot:s3cret@mail.example.com:465?tls=required".into(), extra_roots: None }),
            ..MailOptions::default()
        };
        let shown = format!("{options:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("robot") && shown.contains("smtps://mail.example.com:465"), "{shown}");
    }
}
