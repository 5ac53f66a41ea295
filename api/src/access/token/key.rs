//! Session keys as they lie on disk: PKCS#8 PEM, made on first start, readable by the owner alone.
//! No token enters here.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::KeySource;
use crate::error::{Error, Result};

const SIGNING: &str = "session-key.pem";
const OTHER: &str = "session-key-other.pem";
const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// What stands before the 32 bytes of an Ed25519 key in a public-key file (RFC 8410).
const PUBLIC_HEAD: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The texts of the signing key and of the other one.
pub(super) fn load(source: &KeySource) -> anyhow::Result<(String, Option<String>)> {
    match source {
        KeySource::Files { signing, other } => {
            Ok((read(signing)?, other.as_deref().map(read).transpose()?))
        }
        KeySource::Directory(directory) => {
            let signing = directory.join(SIGNING);
            if !signing.exists() {
                generate(directory, &signing)?;
            }
            let other = directory.join(OTHER);
            let other = if other.exists() { Some(read(&other)?) } else { None };
            Ok((read(&signing)?, other))
        }
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("session key {}", path.display()))
}

/// Writes a new key beside its place and links it there: of two first starts at once one key wins.
pub(in crate::access) fn generate(directory: &Path, place: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    let draft =
        directory.join(format!(".session-key-{}", random_id().map_err(|e| anyhow!("{e:?}"))?));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(new_key()?.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, place);
    fs::remove_file(&draft)?;
    match linked {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => Err(fault.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A new key in PKCS#8 PEM.
pub(in crate::access) fn new_key() -> anyhow::Result<String> {
    let pair = Ed25519KeyPair::generate().map_err(|fault| anyhow!("no key was made: {fault}"))?;
    let document = pair.to_pkcs8v1().map_err(|fault| anyhow!("no key was made: {fault}"))?;
    let body = STANDARD.encode(document.as_ref());
    Ok(format!("-----BEGIN {PRIVATE}-----\n{body}\n-----END {PRIVATE}-----\n"))
}

/// The DER of a private key and the bytes of its public half.
pub(in crate::access) fn private(pem: &str) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let Some(der) = decode(pem, PRIVATE)? else {
        bail!("the session key is not a PKCS#8 PEM file")
    };
    let pair = Ed25519KeyPair::from_pkcs8(&der)
        .map_err(|fault| anyhow!("the session key is not an Ed25519 key: {fault}"))?;
    let public = pair.public_key().as_ref().to_vec();
    Ok((der, public))
}

/// The bytes of a public key, given by itself or by its private half.
pub(super) fn public(pem: &str) -> anyhow::Result<Vec<u8>> {
    let Some(der) = decode(pem, PUBLIC)? else { return Ok(private(pem)?.1) };
    match der.strip_prefix(&PUBLIC_HEAD) {
        Some(key) if key.len() == 32 => Ok(key.to_vec()),
        Some(_) | None => bail!("the other session key is not an Ed25519 key"),
    }
}

fn decode(pem: &str, label: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let body = pem
        .split_once(&format!("-----BEGIN {label}-----"))
        .and_then(|(_, rest)| rest.split_once(&format!("-----END {label}-----")));
    let Some((body, _)) = body else { return Ok(None) };
    let text: String = body.split_whitespace().collect();
    Ok(Some(STANDARD.decode(text)?))
}

/// Id of a public key: the first 16 hex digits of its SHA-256.
pub(super) fn kid(public: &[u8]) -> String {
    hex::encode(Sha256::digest(public)).chars().take(16).collect()
}

/// An id that nobody can guess.
pub(in crate::access) fn random_id() -> Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
