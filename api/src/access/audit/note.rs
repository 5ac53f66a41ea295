//! Signed checkpoints, in the form of transparency logs (C2SP signed note and checkpoint), and their key.
//! The key lies in a file; no database ever holds it.

use std::path::Path;
use std::str::Lines;

use anyhow::{Context, anyhow, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};

use super::tree::Hash;
use crate::access::token::key;

/// First line of every checkpoint, and the name of every key.
pub const ORIGIN: &str = "thidua/audit";
/// The key of an installation that was given none.
const FILE: &str = "audit-key.pem";
/// The algorithm byte of Ed25519 in a key's id.
const ED25519_NOTE: u8 = 1;

/// What the tree was at a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries.
    pub size: u64,
    /// The hash of the tree.
    pub root: Hash,
    /// When it was signed.
    pub at: DateTime<Utc>,
}

impl Checkpoint {
    /// The text that is signed: origin, size, root and time, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let root = STANDARD.encode(self.root);
        let at = self.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        format!("{ORIGIN}\n{}\n{root}\n{at}\n", self.size)
    }
}

/// A checkpoint, who signed it and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// Ed25519 key of the signer.
    pub public_key: [u8; 32],
    /// Ed25519 signature of [`Checkpoint::text`].
    pub signature: [u8; 64],
}

impl Signed {
    /// Whether the signature is that of the key.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.public_key);
        key.verify(self.checkpoint.text().as_bytes(), &self.signature).is_ok()
    }

    /// The signed note: text, empty line, signature.
    #[must_use]
    pub fn note(&self) -> String {
        let mut signed = key_id(&self.public_key).to_vec();
        signed.extend_from_slice(&self.signature);
        format!("{}\n— {ORIGIN} {}\n", self.checkpoint.text(), STANDARD.encode(signed))
    }

    /// Reads a signed note by one of these keys; exactly the form of [`Signed::note`], or none.
    #[must_use]
    pub fn read(note: &str, keys: &[[u8; 32]]) -> Option<Self> {
        let mut lines = note.lines();
        let checkpoint = read(&mut lines)?;
        let signed = lines.nth(1)?.strip_prefix("— ")?.strip_prefix(ORIGIN)?.strip_prefix(' ')?;
        let signed = STANDARD.decode(signed).ok()?;
        let (id, signature) = signed.split_first_chunk::<4>()?;
        let signature: [u8; 64] = signature.try_into().ok()?;
        let public_key = *keys.iter().find(|key| key_id(key) == *id)?;
        let read = Self { checkpoint, public_key, signature };
        (read.note() == note).then_some(read)
    }
}

fn read(lines: &mut Lines<'_>) -> Option<Checkpoint> {
    let mut next = || lines.next();
    if next()? != ORIGIN {
        return None;
    }
    let size = next()?.parse().ok()?;
    let root = STANDARD.decode(next()?).ok()?.try_into().ok()?;
    let at = DateTime::parse_from_rfc3339(next()?).ok()?.to_utc();
    Some(Checkpoint { size, root, at })
}

/// The first four bytes of the hash of name, algorithm and key.
fn key_id(key: &[u8; 32]) -> [u8; 4] {
    let mut named = ORIGIN.as_bytes().to_vec();
    named.extend_from_slice(&[b'\n', ED25519_NOTE]);
    named.extend_from_slice(key);
    let mut id = [0; 4];
    for (byte, from) in id.iter_mut().zip(digest(&SHA256, &named).as_ref()) {
        *byte = *from;
    }
    id
}

/// A key as people pass it on: name, id and key (the verifier key of a signed note).
#[must_use]
pub fn verifier_key(key: &[u8; 32]) -> String {
    let mut typed = vec![ED25519_NOTE];
    typed.extend_from_slice(key);
    format!("{ORIGIN}+{}+{}", hex::encode(key_id(key)), STANDARD.encode(typed))
}

/// Reads [`verifier_key`]; none when it is not one of ours.
#[must_use]
pub fn read_verifier_key(text: &str) -> Option<[u8; 32]> {
    let mut parts = text.trim().splitn(3, '+').skip(2);
    let typed = STANDARD.decode(parts.next()?).ok()?;
    let key = typed.strip_prefix(&[ED25519_NOTE])?.try_into().ok()?;
    (verifier_key(&key) == text.trim()).then_some(key)
}

/// The key that signs checkpoints.
pub struct Signer {
    pair: Ed25519KeyPair,
    public_key: [u8; 32],
}

impl Signer {
    /// The key of the file given, or of the data directory, made when missing.
    pub fn open(given: Option<&Path>, data_dir: &Path) -> anyhow::Result<Self> {
        let path = given.map_or_else(|| data_dir.join(FILE), Path::to_owned);
        if given.is_none() && !path.exists() {
            key::generate(data_dir, &path)?;
        }
        let what = || format!("audit key {}", path.display());
        let pem = std::fs::read_to_string(&path).with_context(what)?;
        Self::of(&pem).with_context(what)
    }

    fn of(pem: &str) -> anyhow::Result<Self> {
        let (der, public) = key::private(pem)?;
        let pair = Ed25519KeyPair::from_pkcs8(&der).map_err(|fault| anyhow!("{fault}"))?;
        let public_key = public.as_slice().try_into().context("not an Ed25519 key")?;
        let signer = Self { pair, public_key };
        let checkpoint = Checkpoint { size: 0, root: Hash::default(), at: DateTime::UNIX_EPOCH };
        ensure!(signer.sign(checkpoint).is_valid(), "it does not check its own signature");
        Ok(signer)
    }

    /// Signs what the tree is.
    #[must_use]
    pub fn sign(&self, checkpoint: Checkpoint) -> Signed {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(checkpoint.text().as_bytes()).as_ref());
        Signed { checkpoint, public_key: self.public_key, signature }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::access::audit) fn signer() -> Signer {
        Signer::of(&key::new_key().unwrap()).unwrap()
    }

    #[test]
    fn a_note_comes_back_as_it_went() {
        let signer = signer();
        let at = DateTime::from_timestamp_millis(1_795_219_200_123).unwrap();
        let made = signer.sign(Checkpoint { size: 7, root: [9; 32], at });
        let note = made.note();

        assert_eq!(Signed::read(&note, &[[0; 32], signer.public_key]), Some(made.clone()));
        assert_eq!(Signed::read(&note, &[[0; 32]]), None, "a stranger's key");
        assert!(made.is_valid());
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let changed = String::from_utf8(bytes).ok();
            let read = changed.and_then(|it| Signed::read(&it, &[signer.public_key]));
            assert!(read.is_none_or(|it| !it.is_valid()), "byte {place} of {note}");
        }
    }

    #[test]
    fn a_verifier_key_comes_back_as_it_went() {
        let key = signer().public_key;
        assert_eq!(read_verifier_key(&verifier_key(&key)), Some(key));
        assert_eq!(read_verifier_key("thidua/audit+00000000+AQ=="), None);
    }
}
