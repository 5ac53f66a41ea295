//! What goes over the wire to a provider: its metadata and keys, kept for ten minutes, and the exchange of a
//! code. No redirect is followed, no answer is large, and nothing is fetched in the clear but on loopback.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use ureq::Agent;
use ureq::http::Uri;

use super::token::Head;
use super::{Attempt, Provider, Unverified, failed};
use crate::error::{Code, Error, Fault, Result};

/// How long metadata and keys are kept.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// How soon they are fetched again when a token names a key that is not among them.
const AGAIN: TimeDelta = TimeDelta::seconds(30);
/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer in bytes.
const LARGEST: u64 = 256 * 1024;
/// Questions to one provider at once.
const AT_ONCE: usize = 8;

/// What a provider says of itself, as far as we need it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

struct Known {
    metadata: Metadata,
    keys: Vec<Jwk>,
    at: DateTime<Utc>,
}

/// Connections to providers and what was learnt over them.
pub(super) struct Wire {
    agent: Agent,
    /// By issuer: one that is slow fills its own places and no other's.
    places: Mutex<HashMap<String, Arc<Semaphore>>>,
    known: Mutex<HashMap<String, Arc<Known>>>,
}

impl Default for Wire {
    fn default() -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(true)
            .timeout_global(Some(PATIENCE))
            .build();
        Self { agent: config.new_agent(), places: Mutex::default(), known: Mutex::default() }
    }
}

/// Whether secrets may be sent to an address: over TLS, or without leaving the machine.
pub(super) fn is_safe(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let is_loopback = matches!(uri.host(), Some("127.0.0.1" | "[::1]" | "localhost"));
    match uri.scheme_str() {
        Some("https") => uri.host().is_some(),
        Some("http") => is_loopback,
        Some(_) | None => false,
    }
}

/// An address with a query.
pub(super) fn address(endpoint: &str, query: &[(&str, &str)]) -> String {
    let pairs = query.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
    let first = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{first}{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Everything but letters, digits and four marks as `%XX` (RFC 3986).
fn escaped(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

impl Wire {
    /// What a provider says of itself.
    pub(super) async fn metadata(
        &self,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Metadata, Unverified> {
        Ok(self.known(issuer, KEPT, now).await?.metadata.clone())
    }

    /// The key that the header of a token names.
    pub(super) async fn key(
        &self,
        issuer: &str,
        head: &Head,
        now: DateTime<Utc>,
    ) -> Result<Jwk, Unverified> {
        let known = self.known(issuer, KEPT, now).await?;
        if let Some(key) = head.find(&known.keys) {
            return Ok(key.clone());
        }
        let known = self.known(issuer, AGAIN, now).await?;
        let found = head.find(&known.keys).cloned();
        found.ok_or_else(|| failed("a key that the provider has not").into())
    }

    /// What is known of a provider, fetched again when it is older than that.
    async fn known(
        &self,
        issuer: &str,
        age: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Arc<Known>, Unverified> {
        let found = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        if let Some(known) = found.filter(|known| now - known.at < age) {
            return Ok(known);
        }
        let place = format!("{issuer}/.well-known/openid-configuration");
        let metadata: Metadata = self.get(issuer, place).await?;
        let ends = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if metadata.issuer != issuer || !ends.iter().all(|end| is_safe(end)) {
            let why = "another issuer, or an endpoint without TLS";
            return Err(Unverified::Unanswered(failed(why)));
        }
        let Keys { keys } = self.get(issuer, metadata.jwks_uri.clone()).await?;
        // Keys of kinds we do not know are not ours to use.
        let keys = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        let known = Arc::new(Known { metadata, keys, at: now });
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(issuer.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// The id token for a code.
    pub(super) async fn exchange(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        (code, now): (&str, DateTime<Utc>),
    ) -> Result<String, Unverified> {
        let metadata = self.metadata(&provider.issuer, now).await?;
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", attempt.redirect.clone()),
            ("code_verifier", attempt.verifier.clone()),
        ];
        let client = &provider.client_id;
        let basic = provider.secret.as_ref().map(|secret| {
            let pair = format!("{}:{}", escaped(client), escaped(secret));
            format!("Basic {}", STANDARD.encode(pair))
        });
        if basic.is_none() {
            form.push(("client_id", client.clone()));
        }
        let ask = move |agent: &Agent| {
            let mut request = agent.post(&metadata.token_endpoint);
            if let Some(basic) = basic {
                request = request.header("authorization", basic);
            }
            let mut answer = request.header("accept", "application/json").send_form(form)?;
            answer.body_mut().with_config().limit(LARGEST).read_json()
        };
        let answer: Answer = self.ask(&provider.issuer, ask).await?;
        Ok(answer.id_token)
    }

    async fn get<T: DeserializeOwned + Send + 'static>(
        &self,
        issuer: &str,
        address: String,
    ) -> Result<T, Unverified> {
        let ask = move |agent: &Agent| {
            let mut answer = agent.get(&address).header("accept", "application/json").call()?;
            answer.body_mut().with_config().limit(LARGEST).read_json()
        };
        self.ask(issuer, ask).await
    }

    /// A place among those who ask a provider.
    fn place(&self, issuer: &str) -> Result<OwnedSemaphorePermit, Unverified> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let own =
            places.entry(issuer.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(own).try_acquire_owned().map_err(|_full| {
            let busy = Fault::at(Code::SignInThrottled, "input").with("seconds", 1);
            Unverified::Unanswered(busy.into())
        })
    }

    /// Asks in a thread of its own, a few at once: a slow provider stops nobody else.
    async fn ask<T, F>(&self, issuer: &str, work: F) -> Result<T, Unverified>
    where
        T: Send + 'static,
        F: FnOnce(&Agent) -> Result<T, ureq::Error> + Send + 'static,
    {
        let place = self.place(issuer)?;
        let agent = self.agent.clone();
        let task = tokio::task::spawn_blocking(move || {
            let done = work(&agent);
            drop(place);
            done
        });
        let done = task.await;
        let done =
            done.map_err(|fault| Unverified::Unanswered(Error::broken(&fault.to_string())))?;
        done.map_err(|fault| {
            // The one status that says that a code is wrong (RFC 6749, 5.2).
            let is_wrong = matches!(fault, ureq::Error::StatusCode(400));
            let fault = failed(&fault.to_string());
            if is_wrong { Unverified::Wrong(fault) } else { Unverified::Unanswered(fault) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_tls_or_stay_on_the_machine() {
        for safe in ["https://id.example.vn", "http://127.0.0.1:9000/x", "http://localhost:1"] {
            assert!(is_safe(safe), "{safe}");
        }
        for bad in ["http://id.example.vn", "ftp://x", "file:///etc/passwd", "/x", "", "https://"] {
            assert!(!is_safe(bad), "{bad}");
        }
        for bad in ["http://127.0.0.1.example.vn", "http://localhost@example.vn"] {
            assert!(!is_safe(bad), "{bad}");
        }
    }

    #[test]
    fn a_provider_that_is_slow_fills_its_own_places() {
        let wire = Wire::default();
        let slow: Vec<_> = (0..AT_ONCE).map(|_| wire.place("https://slow.vn")).collect();
        assert!(slow.iter().all(Result::is_ok));
        assert!(matches!(wire.place("https://slow.vn"), Err(Unverified::Unanswered(_))));
        assert!(wire.place("https://id.vn").is_ok());
        drop(slow);
        assert!(wire.place("https://slow.vn").is_ok());
    }

    #[test]
    fn a_query_is_escaped() {
        let url = address("https://id.vn/auth", &[("a", "x y&z"), ("b", "đ")]);
        assert_eq!(url, "https://id.vn/auth?a=x%20y%26z&b=%C4%91");
        assert_eq!(address("https://id.vn/?p=1", &[("a", "b")]), "https://id.vn/?p=1&a=b");
    }
}
