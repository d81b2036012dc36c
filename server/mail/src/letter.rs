//! A letter: its subject, its text and the same text as HTML, made of templates and of the words of one language.

use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

use crate::SendError;
use crate::words::{Digest, Notice, Words, words};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The same for the same letter, however often it is sent: it becomes the Message-ID, and the name of the file.
    pub id: String,
    /// The reader's name.
    pub name: String,
    /// The reader's address.
    pub address: String,
    /// ISO 639-1.
    pub language: String,
    /// Subject.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// Where the reader ends letters of this kind; in the header `List-Unsubscribe`.
    pub unsubscribe: Option<String>,
}

/// Subject, plain text and HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// Subject, one line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

/// What a letter is about.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// One thing that happened.
    Notice(&'a Notice),
    /// Several things at once.
    Digest(&'a Digest),
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
        environment.set_formatter(|out, state, value| {
            let text = if value.is_none() { String::new() } else { value.to_string() };
            let plain = value.is_safe() || !matches!(state.auto_escape(), AutoEscape::Html);
            out.write_str(&if plain { text } else { escape(&text) }).map_err(minijinja::Error::from)
        });
        let all = [
            ("frame.html", include_str!("../templates/frame.html")),
            ("notice.html", include_str!("../templates/notice.html")),
            ("notice.txt", include_str!("../templates/notice.txt")),
            ("digest.html", include_str!("../templates/digest.html")),
            ("digest.txt", include_str!("../templates/digest.txt")),
        ];
        for (name, source) in all {
            // A template of ours that does not parse shows in every test that composes a letter.
            if let Err(error) = environment.add_template(name, source) {
                tracing::error!(name, %error, "a template of letters is broken");
            }
        }
        environment
    })
}

/// What the letter says in that language (English where there is none of it).
pub fn compose(language: &str, content: Content<'_>) -> Result<Composed, SendError> {
    let words = words(language);
    match content {
        Content::Notice(notice) => notice_letter(words, notice),
        Content::Digest(digest) => digest_letter(words, digest),
    }
    .map_err(|e| SendError::Never(format!("the letter cannot be written: {e}")))
}

/// Text for HTML and its quoted attributes. Slashes stay as they are: addresses are to be read by programs that scan mail.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn notice_letter(words: &Words, notice: &Notice) -> Result<Composed, minijinja::Error> {
    let environment = environment();
    let seen_notice = Value::from(Serde(notice));
    let say = |key: &str| environment.render_str(&words.text(key), seen_notice.clone());
    let subject = one_line(&say(&format!("{}.subject", notice.kind))?);
    let lead = say(&format!("{}.lead", notice.kind))?;
    let actions: Vec<(String, String)> = notice.links.iter().map(|l| (words.text(&format!("action.{}", l.action)), l.url.clone())).collect();
    let seen = context! {
        lang => words.language, subject => subject.clone(), lead => lead, notice => seen_notice.clone(), actions => actions, w => Value::from(Serde(words.all())),
    };
    let text = environment.get_template("notice.txt")?.render(&seen)?;
    let html = environment.get_template("notice.html")?.render(&seen)?;
    Ok(Composed { subject, text, html })
}

fn digest_letter(words: &Words, digest: &Digest) -> Result<Composed, minijinja::Error> {
    let environment = environment();
    let mut lines = Vec::new();
    for line in &digest.lines {
        let said = one_line(&environment.render_str(&words.text(&format!("{}.subject", line.notice.kind)), Value::from(Serde(&line.notice)))?);
        lines.push(context! { said => said, url => line.notice.url.clone(), at => line.notice.at.clone(), owed => line.owed });
    }
    let count = digest.lines.len() + digest.more;
    let key = if count == 1 { "digest.subject.one" } else { "digest.subject" };
    let subject = environment.render_str(&words.text(key), context! { count => count })?;
    let seen = context! {
        lang => words.language, subject => subject.clone(), lines => lines, more => digest.more, digest => Value::from(Serde(digest)), w => Value::from(Serde(words.all())),
    };
    let text = environment.get_template("digest.txt")?.render(&seen)?;
    let html = environment.get_template("digest.html")?.render(&seen)?;
    Ok(Composed { subject, text, html })
}
