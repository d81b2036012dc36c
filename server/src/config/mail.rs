//! The settings of letters: a mail server, or a folder. No error and no log line has the password in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use entente_app::{MailOptions, SmtpOptions};

/// Where letters go.
#[derive(Clone, Args, Default)]
pub struct MailSettings {
    /// Mail server, as smtps://name:password@mail.example.com, or smtp://...?tls=required for STARTTLS; without it letters are written into a folder
    #[arg(long = "smtp-url", env = "ENTENTE_SMTP_URL", value_name = "URL", hide_env_values = true, global = true)]
    smtp_url: Option<String>,

    /// File with certificates (PEM) that are trusted beside the usual ones when the mail server is reached
    #[arg(long = "smtp-ca", env = "ENTENTE_SMTP_CA", value_name = "FILE", global = true)]
    smtp_ca: Option<PathBuf>,

    /// From whom letters come, as "Partners <partners@example.com>" [default: entente@ and the host of the public address]
    #[arg(long = "mail-from", env = "ENTENTE_MAIL_FROM", value_name = "ADDRESS", global = true)]
    mail_from: Option<String>,

    /// Folder into which letters are written where no mail server is set [default: in development, below the data folder; else none, and no letter is written]
    #[arg(long = "mail-dir", env = "ENTENTE_MAIL_DIR", value_name = "DIR", global = true)]
    mail_dir: Option<PathBuf>,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings").field("smtp", &self.smtp_url.is_some()).field("folder", &self.mail_dir).finish_non_exhaustive()
    }
}

impl MailSettings {
    /// Checks what needs no file and no network.
    pub(super) fn check(mut self) -> Result<Self> {
        self.smtp_url = self.smtp_url.filter(|url| !url.trim().is_empty());
        self.mail_from = self.mail_from.filter(|from| !from.trim().is_empty());
        self.smtp_ca = self.smtp_ca.filter(|path| !path.as_os_str().is_empty());
        self.mail_dir = self.mail_dir.filter(|path| !path.as_os_str().is_empty());
        if let Some(url) = &self.smtp_url {
            let known = url.starts_with("smtps://") || url.starts_with("smtp://");
            ensure!(known, "ENTENTE_SMTP_URL (--smtp-url) is not an address like smtps://name:password@mail.example.com");
        }
        Ok(self)
    }

    /// Where letters go; `data_dir` holds their folder in development.
    pub(super) fn options(&self, data_dir: &Path, production: bool) -> Result<MailOptions> {
        let extra_roots = match &self.smtp_ca {
            Some(path) => Some(fs::read_to_string(path).with_context(|| format!("ENTENTE_SMTP_CA (--smtp-ca): cannot read {}", path.display()))?),
            None => None,
        };
        let smtp = self.smtp_url.clone().map(|url| SmtpOptions { url, extra_roots });
        let folder = self.mail_dir.clone().or_else(|| (!production).then(|| data_dir.join("letters")));
        Ok(MailOptions { smtp, folder, from: self.mail_from.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_nowhere_in_production_unless_somebody_says_where() {
        let none = MailSettings::default();
        assert!(!none.options(Path::new("d"), true).unwrap().is_on());
        assert_eq!(none.options(Path::new("d"), false).unwrap().folder, Some(PathBuf::from("d/letters")));
    }

    #[test]
    fn a_password_is_in_no_error() {
        let wrong = MailSettings { smtp_url: Some("http://robot:s3cret@x".into()), ..MailSettings::default() };
        assert!(!format!("{wrong:?}").contains("s3cret"));
        let error = wrong.check().unwrap_err().to_string();
        assert!(error.contains("ENTENTE_SMTP_URL") && !error.contains("s3cret"), "{error}");
    }
}
