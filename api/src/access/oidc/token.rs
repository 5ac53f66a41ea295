//! The id token of a provider: signed by the key it names, for us, for this attempt, now.
//! Nothing is fetched here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::failed;
use crate::error::Result;

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;
/// Seconds since the token was made: it was fetched a moment ago.
const AGE: i64 = 10 * 60;
/// Signatures that need a private key; the one of the token must fit its key.
const ALGORITHMS: [(&str, Algorithm); 6] = [
    ("RS256", Algorithm::RS256),
    ("PS256", Algorithm::PS256),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("RS512", Algorithm::RS512),
    ("EdDSA", Algorithm::EdDSA),
];

/// What a token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: i64,
}

/// The header of a token.
pub(super) struct Head {
    kid: Option<String>,
    algorithm: Algorithm,
}

impl Head {
    /// The key among those of the provider; without a name only where there is but one.
    pub(super) fn find<'k>(&self, keys: &'k [Jwk]) -> Option<&'k Jwk> {
        let signs =
            |key: &&Jwk| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
        let mut keys = keys.iter().filter(signs);
        match &self.kid {
            Some(kid) => keys.find(|key| key.common.key_id.as_ref() == Some(kid)),
            None => keys.next().filter(|_| keys.next().is_none()),
        }
    }
}

#[derive(Deserialize)]
struct RawHead {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
}

/// Reads the header, which decides nothing but which key is tried.
pub(super) fn head(token: &str) -> Result<Head> {
    let part = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).ok();
    let head = bytes.and_then(|bytes| serde_json::from_slice::<RawHead>(&bytes).ok());
    let head = head.ok_or_else(|| failed("no header"))?;
    let known = ALGORITHMS.iter().find(|(name, _)| *name == head.alg);
    match known {
        Some((_, algorithm)) if head.crit.is_none() => {
            Ok(Head { kid: head.kid, algorithm: *algorithm })
        }
        Some(_) | None => Err(failed("an algorithm that is not accepted")),
    }
}

/// The subject of a token that is right in every respect.
pub(super) fn verify(token: &str, key: &Jwk, expected: &Expected<'_>) -> Result<String> {
    let algorithm = head(token)?.algorithm;
    if key.common.key_algorithm.is_some_and(|of_key| of_key.to_string() != name(algorithm)) {
        return Err(failed("another algorithm than the key's"));
    }
    let decoding = DecodingKey::from_jwk(key).map_err(|fault| failed(&fault.to_string()))?;
    let mut validation = Validation::new(algorithm);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client]);
    // Time is the request's, and looked at below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let read = jsonwebtoken::decode::<Claims>(token, &decoding, &validation);
    let claims = read.map_err(|fault| failed(&fault.to_string()))?.claims;
    check(&claims, expected).map_err(failed)?;
    Ok(claims.sub)
}

fn name(algorithm: Algorithm) -> &'static str {
    let known = ALGORITHMS.iter().find(|(_, it)| *it == algorithm);
    known.map_or("", |(name, _)| name)
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    let (is_ours, is_alone) = match &claims.aud {
        Audience::One(one) => (one == expected.client, true),
        Audience::Many(many) => (many.iter().any(|it| it == expected.client), many.len() == 1),
    };
    if claims.iss != expected.issuer || !is_ours {
        return Err("another issuer or audience");
    }
    match &claims.azp {
        Some(party) if party != expected.client => return Err("another party"),
        None if !is_alone => return Err("several audiences and no party"),
        Some(_) | None => {}
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err("another nonce");
    }
    let latest = expected.now.saturating_add(LEEWAY);
    let is_early = claims.iat > latest || claims.nbf.is_some_and(|nbf| nbf > latest);
    let is_old = expected.now.saturating_sub(claims.iat) > AGE;
    if is_early || is_old || expected.now >= claims.exp.saturating_add(LEEWAY) {
        return Err("another time");
    }
    if claims.sub.is_empty() || claims.sub.len() > 255 {
        return Err("no subject");
    }
    Ok(())
}
