//! Passwords: what a new one must be, and the slow hash, bounded so that sign-in cannot exhaust the
//! machine. No account enters here.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use prometheus::IntCounter;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Code, Error, Fault, Result};

/// Fewest and most characters of a new password.
const LENGTH: (usize, usize) = (12, 128);
/// Name of the counter of hashes.
const RUNS: &str = "thidua_password_hashes_total";
/// Memory in KiB, passes and lanes (OWASP's minimum for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// A password as typed, in the one Unicode form; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A password as typed: whatever it is, it can be compared.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// A password that someone chooses: 12 to 128 characters.
    pub fn chosen(text: &str, path: &str) -> Result<Self> {
        let password = Self::typed(text);
        if (LENGTH.0..=LENGTH.1).contains(&password.0.chars().count()) {
            return Ok(password);
        }
        Err(Self::rejected(path))
    }

    /// The refusal of a new password: too short, too long, or the old one again.
    #[must_use]
    pub fn rejected(path: &str) -> Error {
        Fault::at(Code::PasswordRejected, path).with("min", LENGTH.0).with("max", LENGTH.1).into()
    }
}

impl Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

/// The slow hash: as many at once as there are cores, twice as many in line, the rest refused.
#[derive(Clone)]
pub struct Hashing {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    dummy: Arc<str>,
    runs: IntCounter,
}

impl Hashing {
    /// Hashing on all cores.
    pub fn new() -> Result<Self> {
        Self::on(available_parallelism().map_or(1, usize::from))
    }

    pub(super) fn on(cores: usize) -> Result<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|fault| Error::broken(&fault.to_string()))?;
        Ok(Self {
            running: Arc::new(Semaphore::new(cores)),
            admitted: Arc::new(Semaphore::new(cores * 3)),
            dummy: hash(&secret)?.into(),
            runs: IntCounter::new(RUNS, "Passwords hashed").map_err(anyhow::Error::from)?,
        })
    }

    /// How many times a password was hashed, for the metrics.
    #[must_use]
    pub fn runs(&self) -> &IntCounter {
        &self.runs
    }

    /// The hash to store.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let password = password.clone();
        self.run(move || hash(password.0.as_bytes())).await
    }

    /// Whether a password is the one behind a stored hash.
    pub async fn verify(&self, password: &Password, stored: &str) -> Result<bool> {
        let (password, stored) = (password.clone(), stored.to_owned());
        self.run(move || verify(password.0.as_bytes(), &stored)).await
    }

    /// A hash that no password meets: compared when there is no account, it costs the same.
    #[must_use]
    pub fn dummy(&self) -> &str {
        &self.dummy
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            return Err(Fault::at(Code::SignInThrottled, "input").with("seconds", 1).into());
        };
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|fault| Error::broken(&fault.to_string()))?;
        // Both places are held by the thread: a caller who goes away does not free them early.
        self.runs.inc();
        let task = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((running, admitted));
            done
        });
        task.await.map_err(|fault| Error::broken(&fault.to_string()))?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8]) -> Result<String> {
    let made: PasswordHash =
        argon2()?.hash_password(password).map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(made.to_string())
}

fn verify(password: &[u8], stored: &str) -> Result<bool> {
    use argon2::password_hash::Error::PasswordInvalid;
    let stored = PasswordHash::new(stored).map_err(|fault| Error::broken(&fault.to_string()))?;
    match argon2()?.verify_password(password, &stored) {
        Ok(()) => Ok(true),
        Err(PasswordInvalid) => Ok(false),
        Err(fault) => Err(Error::broken(&fault.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_met_by_its_password_in_either_unicode_form() {
        let hashing = Hashing::on(2).unwrap();

        let stored =
            hashing.hash(&Password::typed("m\u{1ead}t kh\u{1ea9}u d\u{e0}i")).await.unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let decomposed = Password::typed("ma\u{323}\u{302}t kha\u{302}\u{309}u da\u{300}i");
        assert!(hashing.verify(&decomposed, &stored).await.unwrap());
        assert!(!hashing.verify(&Password::typed("mat khau dai"), &stored).await.unwrap());
        assert!(!hashing.verify(&decomposed, hashing.dummy()).await.unwrap());
    }

    #[test]
    fn a_new_password_has_twelve_to_a_hundred_and_twenty_eight_characters() {
        for (length, is_good) in [(0, false), (11, false), (12, true), (128, true), (129, false)] {
            let chosen = Password::chosen(&"ậ".repeat(length), "input.password");
            assert_eq!(chosen.is_ok(), is_good, "{length}");
        }
        assert_eq!(format!("{:?}", Password::typed("secret")), "Password");
    }

    #[tokio::test]
    async fn the_line_is_bounded() {
        let hashing = Hashing::on(1).unwrap();

        let password = Password::typed("a password");
        let tries = futures_util::future::join_all((0..8).map(|_| hashing.hash(&password))).await;

        let throttled = tries.iter().filter(|result| {
            matches!(result, Err(Error::Fault(fault)) if fault.code == Code::SignInThrottled)
        });
        assert_eq!(throttled.count(), 5);
        assert!(hashing.hash(&password).await.is_ok());
    }
}
