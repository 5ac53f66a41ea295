//! Sign-in by an external provider (OpenID Connect): the code flow with PKCE, state and nonce. What comes out
//! is an issuer and a subject that were verified; whose account that is, the session room looks up.
//! No account and no database enters here.

#[cfg(test)]
mod tests;
mod token;
mod wire;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sealing::Sealing;
use crate::error::{Code, Error, Fault, Result};
use wire::Wire;

/// How long a sign-in at the provider may take.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Where attempts are sealed.
const PLACE: &str = "external sign-in";

/// A provider that a tenant trusts, as the configuration names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Provider {
    /// Slug of the tenant whose accounts it signs in.
    tenant: String,
    /// Name by which clients ask for it.
    name: String,
    /// What people are shown; its name when absent.
    label: Option<String>,
    /// Its issuer, compared exactly.
    issuer: String,
    client_id: String,
    /// File of the secret of the client; a client without one is public.
    client_secret_file: Option<std::path::PathBuf>,
    /// Where it may send the user back to, compared exactly.
    redirect_uris: Vec<String>,
    #[serde(skip)]
    secret: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<Provider>,
}

/// The providers of all tenants, and what was fetched of them.
#[derive(Clone, Default)]
pub struct Providers(Arc<Inner>);

#[derive(Default)]
struct Inner {
    providers: Vec<Provider>,
    wire: Wire,
}

/// A provider as the page of sign-in shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Name by which clients ask for it.
    pub name: String,
    /// What people are shown, where the configuration says it.
    pub label: Option<String>,
}

/// Where the user signs in, and what the client keeps until he comes back.
pub struct Departure {
    /// Address of the provider.
    pub url: String,
    /// Comes back with code and state; never part of an address.
    pub attempt: String,
}

/// What a client brings back.
#[derive(Debug)]
pub struct Arrival {
    /// As it was handed out.
    pub attempt: String,
    /// Of the provider.
    pub code: String,
    /// Of the provider.
    pub state: String,
}

/// Whom a provider has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) tenant: String,
    pub(super) issuer: String,
    pub(super) subject: String,
}

/// Why nobody was verified.
#[derive(Debug)]
pub(super) enum Unverified {
    /// What was brought is wrong: the provider says so, or its token does.
    Wrong(Error),
    /// The provider was not asked or did not answer, which says nothing of what was brought.
    Unanswered(Error),
}

impl From<Error> for Unverified {
    fn from(fault: Error) -> Self {
        Self::Wrong(fault)
    }
}

impl From<Unverified> for Error {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::Wrong(fault) | Unverified::Unanswered(fault) => fault,
        }
    }
}

/// What is remembered of an attempt; the client holds it sealed, so that every node can go on with it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attempt {
    tenant: String,
    provider: String,
    redirect: String,
    state: String,
    nonce: String,
    verifier: String,
    until: i64,
}

impl Providers {
    /// The providers of a TOML file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let place = || format!("the providers in {}", path.display());
        let text = std::fs::read_to_string(path).with_context(place)?;
        let File { mut provider } = toml::from_str(&text).with_context(place)?;
        for it in &mut provider {
            it.check().with_context(place)?;
            if let Some(file) = &it.client_secret_file {
                let secret = std::fs::read_to_string(file);
                let secret = secret.with_context(|| format!("the secret {}", file.display()))?;
                it.secret = Some(secret.trim().to_owned());
            }
        }
        Ok(Self(Arc::new(Inner { providers: provider, wire: Wire::default() })))
    }

    /// The providers of a tenant, in the order of the configuration.
    pub(super) fn offered(&self, tenant: &str) -> Vec<Offer> {
        let own = self.0.providers.iter().filter(|it| it.tenant == tenant);
        own.map(|it| Offer { name: it.name.clone(), label: it.label.clone() }).collect()
    }

    fn find(&self, tenant: &str, name: &str) -> Option<&Provider> {
        self.0.providers.iter().find(|it| it.tenant == tenant && it.name == name)
    }

    /// Sends a user to a provider of a tenant.
    pub(super) async fn depart(
        &self,
        (tenant, name, redirect): (&str, &str, &str),
        sealing: &Sealing,
        now: DateTime<Utc>,
    ) -> Result<Departure> {
        let unknown = || Error::from(Fault::at(Code::NotFound, "input.provider"));
        let provider = self.find(tenant, name).ok_or_else(unknown)?;
        if !provider.redirect_uris.iter().any(|known| known == redirect) {
            let expected = "a redirect URI of the configuration";
            let fault = Fault::at(Code::InvalidFormat, "input.redirectUri");
            return Err(fault.with("expected", expected).into());
        }
        let metadata = self.0.wire.metadata(&provider.issuer, now).await?;
        let attempt = Attempt {
            tenant: tenant.to_owned(),
            provider: name.to_owned(),
            redirect: redirect.to_owned(),
            state: random()?,
            nonce: random()?,
            verifier: random()?,
            until: (now + LIFETIME).timestamp(),
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&attempt.verifier));
        let url = wire::address(
            &metadata.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("scope", "openid"),
                ("client_id", &provider.client_id),
                ("redirect_uri", redirect),
                ("state", &attempt.state),
                ("nonce", &attempt.nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        );
        let attempt = sealing.seal(&serde_json::to_vec(&attempt)?, PLACE)?;
        Ok(Departure { url, attempt })
    }

    /// The attempt that comes back, if it is one of ours and in time; nobody is asked for it.
    pub(super) fn admit(
        arrival: &Arrival,
        sealing: &Sealing,
        now: DateTime<Utc>,
    ) -> Result<Attempt> {
        let ended = || Error::from(Fault::at(Code::SessionExpired, "input.attempt"));
        let opened = sealing.try_open(&arrival.attempt, PLACE).ok_or_else(ended)?;
        let attempt: Attempt = serde_json::from_slice(&opened)?;
        if now.timestamp() >= attempt.until {
            return Err(ended());
        }
        if attempt.state != arrival.state {
            return Err(failed("another state"));
        }
        Ok(attempt)
    }

    /// Whom the provider has verified; whatever is wrong, the answer is the same and the log says what.
    pub(super) async fn verify(
        &self,
        attempt: Attempt,
        (code, now): (&str, DateTime<Utc>),
    ) -> Result<Identity, Unverified> {
        let gone = || Error::from(Fault::at(Code::SessionExpired, "input.attempt"));
        let provider = self.find(&attempt.tenant, &attempt.provider).ok_or_else(gone)?;
        let token = self.0.wire.exchange(provider, &attempt, (code, now)).await?;
        let expected = token::Expected {
            issuer: &provider.issuer,
            client: &provider.client_id,
            nonce: &attempt.nonce,
            now: now.timestamp(),
        };
        let head = token::head(&token)?;
        let key = self.0.wire.key(&provider.issuer, &head, now).await?;
        let subject = token::verify(&token, &key, &expected)?;
        Ok(Identity { tenant: attempt.tenant, issuer: provider.issuer.clone(), subject })
    }
}

impl Provider {
    fn check(&self) -> anyhow::Result<()> {
        let name = &self.name;
        ensure!(!name.is_empty() && !self.tenant.is_empty(), "a provider needs tenant and name");
        ensure!(wire::is_safe(&self.issuer), "{name}: the issuer must be https, or on loopback");
        ensure!(!self.redirect_uris.is_empty(), "{name}: no redirect URI");
        Ok(())
    }
}

/// The answer to whatever went wrong at a provider; the log says what.
fn failed(why: &str) -> Error {
    tracing::warn!(why, "external sign-in failed");
    Fault::at(Code::ExternalSignInFailed, "input").into()
}

fn random() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
