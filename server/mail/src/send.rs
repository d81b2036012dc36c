//! Sending: over SMTP where a server is set, else into a folder. A letter that is sent twice has one Message-ID, and one file.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{self, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::{Letter, MailOptions, SmtpOptions};

/// How long a mail server may take over a command.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a letter was not sent. The text is for the log; no address and no secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may be sent later.
    #[error("not now: {0}")]
    Later(String),
    /// It cannot be sent: the address or the letter is refused for good.
    #[error("never: {0}")]
    Never(String),
}

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    way: Way,
    from: Mailbox,
    host: String,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Nowhere,
}

fn setting(e: impl std::fmt::Display) -> SendError {
    SendError::Never(e.to_string())
}

impl Mailer {
    /// Prepares sending; connects with the first letter. `public_url` is the server's own address: its host names our letters.
    /// Fails on settings that cannot be used.
    pub fn new(options: &MailOptions, public_url: &str) -> Result<Self, SendError> {
        let host = host_of(public_url);
        let from = match options.from.as_deref().map(str::trim).filter(|f| !f.is_empty()) {
            Some(from) => from.parse().map_err(|_| setting("the sender is not an address like Entente <partners@example.com>"))?,
            None => Mailbox::new(Some("Entente".to_owned()), fallback(&host)?),
        };
        let way = match (&options.smtp, &options.folder) {
            (Some(smtp), _) => Way::Smtp(transport(smtp)?),
            (None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None) => Way::Nowhere,
        };
        Ok(Self { way, from, host })
    }

    /// Whether any letter can leave.
    pub fn is_on(&self) -> bool {
        !matches!(self.way, Way::Nowhere)
    }

    /// The folder into which letters are written; none when they are sent.
    pub fn folder(&self) -> Option<&std::path::Path> {
        if let Way::Folder(folder) = &self.way { Some(folder) } else { None }
    }

    /// Sends it, or writes it down.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = self.message(letter)?;
        match &self.way {
            Way::Nowhere => Err(SendError::Never("no mail server and no folder is set".to_owned())),
            Way::Folder(folder) => write(folder, letter, &message.formatted()).await,
            Way::Smtp(smtp) => smtp.send(message).await.map(|_| ()).map_err(|e| {
                // Words of the other server may hold addresses: only the code is kept.
                let what = e.status().map_or_else(|| kind(&e).to_owned(), |code| format!("the mail server says {code}"));
                if e.is_permanent() { SendError::Never(what) } else { SendError::Later(what) }
            }),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, SendError> {
        let address: Address = letter.address.parse().map_err(|_| SendError::Never("the address cannot be read".to_owned()))?;
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.name.clone()), address))
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            // Nobody's out-of-office answers a machine.
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("Content-Language", &letter.language));
        if let Some(url) = &letter.unsubscribe {
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{url}>")));
        }
        let plain = SinglePart::builder().header(header::ContentType::TEXT_PLAIN).body(letter.text.clone());
        let html = SinglePart::builder().header(header::ContentType::TEXT_HTML).body(letter.html.clone());
        let both = MultiPart::alternative().singlepart(plain).singlepart(html);
        builder.multipart(both).map_err(|e| SendError::Never(e.to_string()))
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    // A name of ours is always one of a header; a value is cleaned of what would end its line.
    let clean: String = value.chars().filter(|c| !c.is_control()).collect();
    HeaderValue::new(HeaderName::new_from_ascii_str(name), clean)
}

fn kind(e: &lettre::transport::smtp::Error) -> &'static str {
    if e.is_timeout() {
        "the mail server took too long"
    } else if e.is_tls() {
        "no TLS with the mail server"
    } else if e.is_client() {
        "the mail server cannot do what is asked"
    } else {
        "the mail server does not answer"
    }
}

fn host_of(public_url: &str) -> String {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() || host.starts_with('[') { "localhost".to_owned() } else { host.to_owned() }
}

fn fallback(host: &str) -> Result<Address, SendError> {
    Address::new("entente", host).or_else(|_| Address::new("entente", "localhost")).map_err(setting)
}

fn transport(smtp: &SmtpOptions) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    // What the parser says of the address may repeat it, password and all.
    let unreadable = |_| setting("the address of the mail server cannot be read");
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp.url).map_err(unreadable)?.timeout(Some(PATIENCE));
    if let Some(pem) = &smtp.extra_roots {
        let host = smtp.place();
        let host = host.split_once("://").map_or("", |(_, rest)| rest).split(':').next().unwrap_or_default().to_owned();
        let roots = Certificate::from_pem(pem.as_bytes()).map_err(|_| setting("the extra certificates cannot be read"))?;
        let parameters = TlsParameters::builder(host).add_root_certificate(roots).build_rustls().map_err(|_| setting("TLS cannot be set up"))?;
        let tls = if smtp.url.starts_with("smtps://") { Tls::Wrapper(parameters) } else { Tls::Required(parameters) };
        builder = builder.tls(tls);
    }
    Ok(builder.build())
}

/// A letter that was written into a folder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WrittenLetter {
    /// Its id.
    pub id: String,
    /// The reader's address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

impl WrittenLetter {
    fn of(letter: &Letter) -> Self {
        Self {
            id: letter.id.clone(),
            to: letter.address.clone(),
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            html: letter.html.clone(),
        }
    }
}

/// The newest letters of a folder, newest first, at most `most`. What cannot be read is left out.
pub async fn written(folder: &std::path::Path, most: usize) -> Vec<WrittenLetter> {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Vec::new() };
    let mut found = Vec::new();
    while let Ok(Some(entry)) = entries.next_entry().await {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "json")
            && let Ok(at) = entry.metadata().await.and_then(|m| m.modified())
        {
            found.push((at, path));
        }
    }
    found.sort();
    let mut letters = Vec::new();
    for (_, path) in found.into_iter().rev().take(most) {
        if let Some(letter) = tokio::fs::read(path).await.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            letters.push(letter);
        }
    }
    letters
}

/// Writes the letter beside its final name and moves it there, so that nobody reads half of one; a repeat replaces it.
async fn write(folder: &std::path::Path, letter: &Letter, bytes: &[u8]) -> Result<(), SendError> {
    let later = |e: std::io::Error| SendError::Later(format!("the folder of letters: {}", e.kind()));
    tokio::fs::create_dir_all(folder).await.map_err(later)?;
    // Beside it what a screen of development shows, so that nothing has to take a letter apart again.
    let plain = serde_json::to_vec(&WrittenLetter::of(letter)).map_err(|e| SendError::Never(e.to_string()))?;
    for (end, bytes) in [("json", plain.as_slice()), ("eml", bytes)] {
        let part = folder.join(format!(".{}.{end}.part", letter.id));
        tokio::fs::write(&part, bytes).await.map_err(later)?;
        tokio::fs::rename(&part, folder.join(format!("{}.{end}", letter.id))).await.map_err(later)?;
    }
    Ok(())
}
