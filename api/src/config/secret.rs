//! Values that must not be seen: they print as `***` wherever they go.
//! No key format enters here.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::safety::KNOWN_DEFAULTS;

/// A value that no `Debug` or `Display` shows.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: for the one place that uses it.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl FromStr for Secret<String> {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Fewest bytes of a secret.
const LEAST: usize = 32;

/// A secret of the server: of the file given, or of that name in the data directory, made when missing.
pub(super) fn kept(
    name: &str,
    given: Option<&Path>,
    data_dir: &Path,
) -> anyhow::Result<Secret<Vec<u8>>> {
    let path = given.map_or_else(|| data_dir.join(name), Path::to_owned);
    if given.is_none() && !path.exists() {
        make(&path)?;
    }
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let is_known =
        std::str::from_utf8(&bytes).is_ok_and(|text| KNOWN_DEFAULTS.contains(&text.trim()));
    ensure!(
        bytes.len() >= LEAST && !is_known,
        "the secret in {} is too short or publicly known; make one with: head -c {LEAST} /dev/urandom > {}",
        path.display(),
        path.display()
    );
    Ok(Secret(bytes))
}

/// Writes a new secret whole or not at all; another process that was faster wins.
fn make(path: &Path) -> anyhow::Result<()> {
    let mut bytes = [0; LEAST];
    getrandom::fill(&mut bytes).map_err(|fault| anyhow::anyhow!("no random numbers: {fault}"))?;
    let draft = PathBuf::from(format!("{}.{}", path.display(), std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file =
        options.open(&draft).with_context(|| format!("cannot write {}", draft.display()))?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    if path.exists() {
        fs::remove_file(&draft)?;
    } else {
        fs::rename(&draft, path)?;
    }
    Ok(())
}
