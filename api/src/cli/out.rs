//! What commands print: standard output for answers, standard error for faults.
//! No secret and no log line enters here.

use std::fmt::Display;
use std::io::{self, Write};

/// Prints a line; a reader that went away is no fault.
pub(super) fn line(text: impl Display) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Prints a text as it is.
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints a fault and what it came from.
pub(super) fn fault(fault: &anyhow::Error) {
    let mut out = io::stderr().lock();
    drop(writeln!(out, "thidua: {fault:#}"));
}
