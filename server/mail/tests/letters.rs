//! Letters with a real mail server at the other end: a small one on this machine, that takes letters, or refuses them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::{Arc, Mutex};

use entente_mail::{Content, Digest, DigestLine, LANGUAGES, Letter, Link, MailOptions, Mailer, Notice, SendError, SmtpOptions, compose, written};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the mail server answers to a command.
type Answer = fn(&str) -> Option<&'static str>;

/// A mail server on this machine: its address, and what it was given.
async fn server(answer: Answer) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let all = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, answer, all.clone()));
        }
    });
    (address, taken)
}

async fn talk(stream: TcpStream, answer: Answer, taken: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let said = answer(&line).map(str::to_owned).unwrap_or_else(|| match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-here\r\n250 8BITMIME".to_owned(),
            "DATA" => "354 go on".to_owned(),
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        });
        if write.write_all(format!("{said}\r\n").as_bytes()).await.is_err() {
            return;
        }
        if line == "DATA" && said.starts_with("354") {
            let mut letter = String::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if line == "." {
                    break;
                }
                letter.push_str(&line);
                letter.push('\n');
            }
            let end = answer(".").unwrap_or("250 taken");
            if end.starts_with("250") {
                taken.lock().unwrap().push(letter);
            }
            write.write_all(format!("{end}\r\n").as_bytes()).await.unwrap();
        }
    }
}

fn notice(kind: &str) -> Notice {
    Notice {
        kind: kind.to_owned(),
        reader: "Mia <b>".to_owned(),
        program: "Harbour".to_owned(),
        title: "Backup & more\r\nBcc: thief@x.test".to_owned(),
        number: Some("D-1042".to_owned()),
        customer: Some("Lindwurm".to_owned()),
        partner: Some("Aurora".to_owned()),
        value: Some("48500.00 EUR".to_owned()),
        actor: "Jo".to_owned(),
        text: Some("<script>alert(1)</script>".to_owned()),
        at: "21 November 2026, 09:00 (CET)".to_owned(),
        due: None,
        url: "https://p.example/deals/deal_1".to_owned(),
        settings_url: "https://p.example/notifications/preferences".to_owned(),
        links: vec![Link { action: "APPROVE".to_owned(), url: "https://p.example/act/SECRET".to_owned() }],
        links_until: Some("28 November 2026".to_owned()),
    }
}

fn letter(id: &str, unsubscribe: Option<&str>) -> Letter {
    let composed = compose("de", Content::Notice(&notice("DECISION_OWED"))).unwrap();
    Letter {
        id: id.to_owned(),
        name: "Mia Müller".to_owned(),
        address: "mia@x.test".to_owned(),
        language: "de".to_owned(),
        subject: composed.subject,
        text: composed.text,
        html: composed.html,
        unsubscribe: unsubscribe.map(str::to_owned),
    }
}

fn mailer(address: &str) -> Mailer {
    let smtp = SmtpOptions { url: format!("smtp://{address}"), extra_roots: None };
    Mailer::new(&MailOptions { smtp: Some(smtp), ..MailOptions::default() }, "https://p.example").unwrap()
}

#[test]
fn letters_say_the_same_in_both_languages_and_let_no_markup_in() {
    for language in LANGUAGES {
        let all: serde_json::Value = serde_json::from_str(match language {
            "de" => include_str!("../templates/de.json"),
            _ => include_str!("../templates/en.json"),
        })
        .unwrap();
        let kinds = all.as_object().unwrap().keys().filter_map(|k| k.strip_suffix(".lead"));
        for kind in kinds {
            let one = compose(language, Content::Notice(&notice(kind))).unwrap();
            assert!(!one.subject.contains('\n') && !one.subject.contains("{{"), "{kind}: {}", one.subject);
            for text in [&one.text, &one.html] {
                assert!(text.contains("https://p.example/act/SECRET") && !text.contains("{{") && !text.contains("{%"), "{kind}: {text}");
            }
            assert!(!one.html.contains("<script>") && !one.html.contains("Mia <b>") && one.html.contains("&lt;script&gt;"), "{}", one.html);
            assert!(one.text.contains("<script>alert(1)</script>"), "plain text stays as it was written");
            assert!(one.html.contains(&format!("lang=\"{language}\"")));
        }
        let line = DigestLine { notice: notice("APPROVED"), owed: true };
        let digest = Digest {
            reader: "Mia".into(),
            program: "Harbour".into(),
            lines: vec![line.clone(), line],
            more: 3,
            url: "https://p.example/notifications".into(),
            settings_url: "https://p.example/notifications/preferences".into(),
        };
        let many = compose(language, Content::Digest(&digest)).unwrap();
        assert!(many.subject.contains('5'), "{}", many.subject);
        assert!(!many.text.contains("/act/") && !many.html.contains("/act/"), "a digest has no link that acts");
    }
}

#[tokio::test]
async fn a_letter_arrives_whole_and_keeps_its_id() {
    let (address, taken) = server(|_| None).await;
    let mailer = mailer(&address);
    for _ in 0..2 {
        mailer.send(&letter("ltr_1", Some("https://p.example/notifications/preferences"))).await.unwrap();
    }
    let taken = taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 2);
    for letter in taken {
        let (head, body) = letter.split_once("\n\n").unwrap();
        for wanted in [
            "Message-ID: <ltr_1@p.example>",
            "Auto-Submitted: auto-generated",
            "Content-Language: de",
            "List-Unsubscribe: <https://p.example/notifications/preferences>",
            "From: Entente <entente@p.example>",
            "multipart/alternative",
        ] {
            assert!(head.contains(wanted), "{wanted}: {head}");
        }
        assert!(!head.lines().any(|l| l.starts_with("Bcc")), "a title cannot add a header: {head}");
        assert!(body.contains("text/plain") && body.contains("text/html"), "{body}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_now_is_tried_again_and_one_that_refuses_is_not() {
    let send = async |answer: Answer| {
        let (address, _) = server(answer).await;
        mailer(&address).send(&letter("ltr_1", None)).await.unwrap_err()
    };
    assert_eq!(send(|line| (line == ".").then_some("451 later mia@x.test")).await, SendError::Later("the mail server says 451".into()));
    assert_eq!(send(|line| line.starts_with("RCPT").then_some("550 no such mia@x.test")).await, SendError::Never("the mail server says 550".into()));
    // Nobody there.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    assert!(matches!(mailer(&gone).send(&letter("ltr_1", None)).await, Err(SendError::Later(_))));
    // TLS was asked for and is not to be had: the letter does not go over the wire as it is.
    let (address, taken) = server(|_| None).await;
    let smtp = SmtpOptions { url: format!("smtp://robot:s3cret@{address}?tls=required"), extra_roots: None };
    let strict = Mailer::new(&MailOptions { smtp: Some(smtp), ..MailOptions::default() }, "https://p.example").unwrap();
    let error = strict.send(&letter("ltr_1", None)).await.unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert!(taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_folder_has_one_file_for_one_letter() {
    let folder = std::env::temp_dir().join(format!("entente-letters-{}", std::process::id()));
    let mailer = Mailer::new(&MailOptions { folder: Some(folder.clone()), ..MailOptions::default() }, "http://127.0.0.1:8080").unwrap();
    for _ in 0..3 {
        mailer.send(&letter("ltr_1", None)).await.unwrap();
    }
    mailer.send(&letter("ltr_2", None)).await.unwrap();
    let files = std::fs::read_dir(&folder).unwrap().filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x == "eml")).count();
    assert_eq!(files, 2);
    let shown = written(&folder, 10).await;
    assert_eq!((shown.len(), shown[0].to.as_str()), (2, "mia@x.test"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn settings_that_cannot_be_used_are_refused_without_their_secrets() {
    let refused = |options: &MailOptions| Mailer::new(options, "https://p.example").err().expect("refused").to_string();
    let smtp = |url: &str| MailOptions { smtp: Some(SmtpOptions { url: url.to_owned(), extra_roots: None }), ..MailOptions::default() };
    let error = refused(&smtp("smtp://robot:s3cret@[broken"));
    assert!(!error.contains("s3cret"), "{error}");
    let from = MailOptions { from: Some("not an address".to_owned()), ..MailOptions::default() };
    assert!(refused(&from).contains("sender"));
}
