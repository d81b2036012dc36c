//! `entente admin create`: an administrator made from the command line, as the first one of an installation has to be.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use entente_app::user::{self, UserRefusal};
use entente_app::{Refused, seed};

use crate::config::Settings;
use crate::server::explain;

const PASSWORD: &str = "ENTENTE_ADMIN_PASSWORD";

/// What to do with administrators.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Create an administrator of the vendor's side; the password comes from ENTENTE_ADMIN_PASSWORD or the first line of standard input
    Create {
        /// E-mail address to sign in with
        #[arg(long)]
        email: String,
        /// Name as shown to others
        #[arg(long)]
        name: String,
    },
}

pub(super) async fn run(settings: &Settings, action: Action) -> Result<()> {
    let Action::Create { email, name } = action;
    let password = password()?;
    let app = super::connect(settings).await?;
    seed::ensure_program(&app).await.map_err(explain)?;
    let made = user::create_first_admin(&app, &name, &email, &password).await;
    let user = made.map_err(|refused| match refused {
        Refused::Refused(why) => anyhow!(reason(why)),
        Refused::Failed(error) => explain(error),
    })?;
    say!("{} is an administrator of {} now", user.email, settings.database);
    app.shutdown().await;
    Ok(())
}

fn password() -> Result<String> {
    if let Some(password) = std::env::var(PASSWORD).ok().filter(|password| !password.is_empty()) {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        eprintln!("Password (it is shown as it is typed):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the password could not be read")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password: set {PASSWORD}, or write it to standard input");
    }
    Ok(password.to_owned())
}

fn reason(why: UserRefusal) -> String {
    match why {
        UserRefusal::EmailTaken => "--email: somebody has an account with that address".into(),
        UserRefusal::Invalid("email", _) => "--email is no e-mail address".into(),
        UserRefusal::Required(field) => format!("--{field} is empty"),
        UserRefusal::TooLong(field, max) => format!("--{field} has more than {max} characters"),
        UserRefusal::PasswordTooWeak => "the password is too short or too long: 12 to 200 characters".into(),
        other => format!("the account cannot be made: {other:?}"),
    }
}
