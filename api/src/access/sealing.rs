//! Secrets that must be read again are sealed with a key that the database does not hold.
//! No table enters here.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The key of the server for secrets at rest (AES-256-GCM).
#[derive(Clone)]
pub struct Sealing(Arc<RandomizedNonceKey>);

impl Sealing {
    /// Sealing with the secret of a file.
    pub fn new(secret: &[u8]) -> anyhow::Result<Self> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, &Sha256::digest(secret));
        let key = key.map_err(|fault| anyhow::anyhow!("the sealing key is no key: {fault}"))?;
        Ok(Self(Arc::new(key)))
    }

    /// Seals a secret for one place: elsewhere it does not open.
    pub(super) fn seal(&self, secret: &[u8], place: &str) -> Result<String> {
        let mut sealed = secret.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(place), &mut sealed);
        let nonce = nonce.map_err(|fault| Error::broken(&fault.to_string()))?;
        Ok(STANDARD_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed for a place.
    pub(super) fn open(&self, sealed: &str, place: &str) -> Result<Vec<u8>> {
        let opened = self.try_open(sealed, place);
        opened.ok_or_else(|| Error::broken("a sealed secret does not open: another sealing key?"))
    }

    /// What was sealed for a place; none when it was not, or not by this key.
    pub(super) fn try_open(&self, sealed: &str, place: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        Some(self.0.open_in_place(nonce, Aad::from(place), &mut rest).ok()?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_in_its_place_alone() {
        let sealing = Sealing::new(b"the secret of a file").unwrap();

        let sealed = sealing.seal(b"secret", "one").unwrap();

        assert_ne!(sealed, sealing.seal(b"secret", "one").unwrap(), "each time another nonce");
        assert_eq!(sealing.open(&sealed, "one").unwrap(), b"secret");
        assert!(sealing.open(&sealed, "other").is_err());
        assert!(sealing.open(&sealed[1..], "one").is_err() && sealing.open("", "one").is_err());
        assert!(Sealing::new(b"another").unwrap().open(&sealed, "one").is_err());
    }
}
