//! `thidua audit`: the sealed log is written out, and checked by anyone who has the file.
//! Checking needs no configuration, no database and no network.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};

use super::{open, out};
use crate::access::audit::note::{read_verifier_key, verifier_key};
use crate::access::audit::{Report, Trust, check, export, newest_checkpoint};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the whole log as lines of JSON: entries in their places, signed checkpoints, keys
    Export(Export),
    /// Check an exported log: every entry, every root, every signature; needs nothing but the file
    Verify(Verify),
    /// Print the newest signed checkpoint: give it to somebody else, or keep it elsewhere
    Checkpoint,
}

#[derive(Args, Debug)]
pub(super) struct Export {
    /// Where to write it; to the standard output when absent
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The exported log
    file: PathBuf,
    /// A key that may sign, as the operator published it; those in the log when absent
    #[arg(long = "key", value_name = "KEY")]
    keys: Vec<String>,
    /// A checkpoint that was kept elsewhere: the log must hold at least what it says
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    if let Command::Verify(wish) = command {
        return verify(&wish);
    }
    let database = open(config).await?;
    let broken = |fault| anyhow!("the audit log cannot be read: {fault:?}");
    if let Command::Export(wish) = command {
        let mut out: Box<dyn Write> = match &wish.output {
            Some(path) => Box::new(create(path)?),
            None => Box::new(std::io::stdout().lock()),
        };
        let size = export(&database, &mut BufWriter::new(&mut out)).await.map_err(broken)?;
        tracing::info!(entries = size, "audit log exported");
    } else {
        let newest = newest_checkpoint(&database).await.map_err(broken)?;
        let newest = newest.context("no entry was sealed yet; a running server seals")?;
        out::text(&newest.note())?;
    }
    Ok(database.close().await?)
}

/// A file that nobody else reads.
fn create(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("cannot write {}", path.display()))
}

/// Checks a log and says what it holds.
pub(super) fn verify(wish: &Verify) -> anyhow::Result<()> {
    let shown = wish.file.display();
    let file = File::open(&wish.file).with_context(|| format!("cannot read {shown}"))?;
    let trust = trust(wish)?;
    let begun = Instant::now();
    let checked = check(BufReader::with_capacity(1 << 20, file), &trust);
    let report = match checked {
        Ok(report) => report,
        Err(fault) => bail!("{shown} is not as it was sealed: {fault:#}"),
    };
    tell(&report, begun.elapsed().as_secs_f64());
    if trust.keys.is_empty() {
        out::line("no --key was given: compare the keys above with those that were published");
    }
    Ok(())
}

fn trust(wish: &Verify) -> anyhow::Result<Trust> {
    let key = |text: &String| {
        read_verifier_key(text).with_context(|| format!("--key: {text} is no key of a log"))
    };
    let note = |path: &PathBuf| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok(Trust {
        keys: wish.keys.iter().map(key).collect::<anyhow::Result<_>>()?,
        notes: wish.checkpoints.iter().map(note).collect::<anyhow::Result<_>>()?,
    })
}

fn tell(report: &Report, seconds: f64) {
    let Report { size, root, checkpoints, unsealed, keys } = report;
    let entries = f64::from(u32::try_from(*size).unwrap_or(u32::MAX));
    let speed = entries / seconds.max(1e-9);
    out::line(format!(
        "in order: {size} entries, {checkpoints} checkpoints, {unsealed} not sealed yet"
    ));
    out::line(format!("root {}", hex::encode(root)));
    for key in keys {
        out::line(format!("key {}", verifier_key(key)));
    }
    out::line(format!("{speed:.0} rows/s"));
}
