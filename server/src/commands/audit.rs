//! `entente audit`: proves that the log of events is the one that was written.

use std::io::{BufWriter, ErrorKind, Write};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use entente_store::{Anchor, AuditReport, TransferError};

use crate::config::Settings;
use crate::server::connect;

/// What is to be done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Recompute the chain of hashes over all events; the exit code is 1 when one was changed, taken out, put in or moved
    Verify {
        /// Number of the event to begin with; what lies before it is trusted
        #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
        from: i64,
        /// An event's number and hash as they were written down earlier: proves that nothing before was written anew
        #[arg(long, value_name = "NUMBER:HASH", value_parser = anchor)]
        anchor: Option<Anchor>,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print every numbered event as one line of JSON, with its number and its hash
    Export {
        /// Number of the event to begin with
        #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
        from: i64,
    },
}

/// Runs it.
pub(crate) async fn run(settings: &Settings, action: Action) -> Result<()> {
    match action {
        Action::Verify { from, anchor, json } => verify(settings, from, anchor, json).await,
        Action::Export { from } => export(settings, from).await,
    }
}

/// The lines go to the standard output and nothing else does; one who reads only the first, as `head` does, ends it.
async fn export(settings: &Settings, from: i64) -> Result<()> {
    let store = connect(settings).await?;
    let mut out = BufWriter::new(std::io::stdout());
    let exported = store.export_events(from, &mut |line| writeln!(out, "{line}")).await;
    match exported.and_then(|_| Ok(out.flush()?)) {
        Err(TransferError::Io(e)) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("the log could not be read to its end"),
    }
}

async fn verify(settings: &Settings, from: i64, anchor: Option<Anchor>, json: bool) -> Result<()> {
    if let Some(anchor) = &anchor {
        anyhow::ensure!(anchor.seq >= from, "--anchor: event {} lies before --from {from}, where nothing is looked at", anchor.seq);
    }
    let store = connect(settings).await?;
    let report = store.audit(from, anchor.as_ref()).await.context("the log could not be read to its end")?;
    if json {
        say!("{}", serde_json::to_string(&report)?);
    } else {
        tell(&report, from);
    }
    match report.problem {
        Some(problem) => bail!("the log is not whole: {problem}"),
        None => Ok(()),
    }
}

fn tell(report: &AuditReport, from: i64) {
    match &report.last {
        Some(last) => say!("{} events from {from} to {} are as they were written.\nanchor {}:{}", report.verified, last.seq, last.seq, last.hash),
        None => say!("No event was verified."),
    }
    if report.unchained > 0 {
        say!("{} more are numbered and not in the chain yet: a running server puts them there.", report.unchained);
    }
    if report.pending > 0 {
        say!("{} more wait for their number: a running server gives it.", report.pending);
    }
}

fn anchor(text: &str) -> Result<Anchor, String> {
    let (seq, hash) = text.split_once(':').ok_or("give the event's number and its hash, as 42:9f86...")?;
    let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or("the number of an event is 1 or more")?;
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("the hash has 64 hexadecimal digits".to_owned());
    }
    Ok(Anchor { seq, hash: hash.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_a_number_and_a_hash() {
        let hash = "0f".repeat(32);
        assert_eq!(anchor(&format!("42:{hash}")), Ok(Anchor { seq: 42, hash: hash.clone() }));
        for wrong in ["42", "0:00", &format!("0:{hash}"), &format!("x:{hash}"), &format!("42:{}", "0g".repeat(32)), "42:0f"] {
            assert!(anchor(wrong).is_err(), "{wrong}");
        }
    }
}
