//! Access tokens: RFC 9068, Ed25519, a quarter of an hour; the only way an actor comes to be.
//! No query enters here, and no clock: the caller says what time it is.

mod challenge;
pub(in crate::access) mod key;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::role_grant::Role;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::ActiveEnum;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::policy::{Actor, Grant};
use crate::error::{Error, Result};

pub(super) use challenge::Challenged;

/// Seconds from issue to expiry.
const LIFETIME: i64 = 15 * 60;
/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;
/// Longest token, in bytes.
const LONGEST: usize = 8 * 1024;
/// The kind of token (RFC 9068); no other kind passes for it.
const KIND: &str = "at+jwt";
/// The one algorithm of the keys.
const ALGORITHM: &str = "EdDSA";
/// The only client: sign-in by this API itself.
const CLIENT: &str = "thidua";

/// Where the keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// PKCS#8 PEM files; the second may be a public key too.
    Files {
        /// The key that signs.
        signing: PathBuf,
        /// The key before or after it, accepted while keys are rotated.
        other: Option<PathBuf>,
    },
    /// A directory that keeps `session-key.pem`, made on first start, and perhaps `session-key-other.pem`.
    Directory(PathBuf),
}

/// Who issues tokens, and for whom; both are compared exactly.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// `iss`.
    pub name: String,
    /// `aud`.
    pub audience: String,
}

/// What an access token says; nothing else is accepted beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: String,
    iat: i64,
    exp: i64,
    nbf: i64,
    jti: Uuid,
    tid: Uuid,
    tsl: String,
    name: String,
    fam: Uuid,
    ver: i32,
    grants: Vec<Held>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cluster: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    council: Option<Uuid>,
}

/// Exactly the header we write: `crit`, `jku`, `jwk` and the rest are refused by not being here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    typ: String,
    alg: String,
    kid: String,
}

/// Why a token is refused; for logs and tests, callers learn only that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
pub enum Refused {
    /// Longer than any of ours.
    Size,
    /// Not three parts, or the header is not exactly ours.
    Form,
    /// Another kind of token.
    Kind,
    /// Another algorithm than the key's.
    Algorithm,
    /// No such key.
    Key,
    /// The signature does not fit.
    Signature,
    /// A claim is missing, unknown, doubled, of another type or another value.
    Claim,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    Early,
}

/// The key that signs and the keys that are accepted.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    signing: EncodingKey,
    kid: String,
    known: Vec<(String, DecodingKey)>,
    validation: Validation,
    issuer: Issuer,
}

impl Keys {
    /// Loads the keys, and signs and verifies once: a broken set-up shows at start, not at a sign-in.
    pub fn open(source: &KeySource, issuer: Issuer) -> anyhow::Result<Self> {
        let (signing, other) = key::load(source)?;
        let keys = Self::of(&signing, other.as_deref(), issuer)?;
        keys.test()?;
        Ok(keys)
    }

    fn of(signing: &str, other: Option<&str>, issuer: Issuer) -> anyhow::Result<Self> {
        let (private, public) = key::private(signing)?;
        let mut publics = vec![public];
        if let Some(other) = other {
            publics.push(key::public(other)?);
        }
        let known: Vec<_> =
            publics.iter().map(|key| (key::kid(key), DecodingKey::from_ed_der(key))).collect();
        let kid = known.first().map(|(kid, _)| kid.clone()).unwrap_or_default();
        let validation = validation(&issuer);
        let signing = EncodingKey::from_ed_der(&private);
        Ok(Self(Arc::new(Inner { signing, kid, known, validation, issuer })))
    }

    fn test(&self) -> anyhow::Result<()> {
        let actor = Actor {
            user: Uuid::nil(),
            name: "self test".to_owned(),
            tenant: Uuid::nil(),
            tenant_slug: "self_test".to_owned(),
            family: Uuid::nil(),
            authorisation: 1,
            grants: vec![Grant {
                id: None,
                role: Role::Auditor,
                unit: None,
                cluster: None,
                council: None,
            }],
        };
        let (token, _) = self
            .sign(&actor, DateTime::UNIX_EPOCH)
            .map_err(|fault| anyhow::anyhow!("the session key does not sign: {fault:?}"))?;
        match self.read(&token, DateTime::UNIX_EPOCH) {
            Ok(read) if read == actor => Ok(()),
            Ok(_) => anyhow::bail!("the session key reads another actor than it signed"),
            Err(refused) => anyhow::bail!("the session key does not verify: {refused:?}"),
        }
    }

    /// Id of the key that signs: of its public half, so that it tells nothing.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// An access token for an actor, and when it expires.
    pub fn sign(&self, actor: &Actor, now: DateTime<Utc>) -> Result<(String, DateTime<Utc>)> {
        let issued = now.timestamp();
        let claims = Claims {
            iss: self.0.issuer.name.clone(),
            aud: self.0.issuer.audience.clone(),
            sub: actor.user,
            client_id: CLIENT.to_owned(),
            iat: issued,
            exp: issued + LIFETIME,
            nbf: issued,
            jti: key::random_id()?,
            tid: actor.tenant,
            tsl: actor.tenant_slug.clone(),
            name: actor.name.clone(),
            fam: actor.family,
            ver: actor.authorisation,
            grants: actor.grants.iter().map(Held::from).collect(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(KIND.to_owned());
        header.kid = Some(self.0.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &self.0.signing)
            .map_err(|fault| Error::broken(&fault.to_string()))?;
        if token.len() > LONGEST {
            return Err(Error::broken("more grants than an access token holds"));
        }
        let expires_at = DateTime::from_timestamp(claims.exp, 0)
            .ok_or_else(|| Error::broken("a time beyond the calendar"))?;
        Ok((token, expires_at))
    }

    /// The actor of a token, if it is one of ours in every respect.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Actor, Refused> {
        self.read_until(token, now).map(|(actor, _)| actor)
    }

    /// The same, and the moment from which on the token is refused.
    pub fn read_until(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(Actor, DateTime<Utc>), Refused> {
        let claims: Claims = self.open_token(token, KIND, &self.0.validation)?;
        if claims.iss != self.0.issuer.name
            || claims.aud != self.0.issuer.audience
            || claims.client_id != CLIENT
        {
            return Err(Refused::Claim);
        }
        check_time(&claims, now.timestamp())?;
        let end = DateTime::from_timestamp(claims.exp.saturating_add(LEEWAY), 0);
        actor(claims).zip(end).ok_or(Refused::Claim)
    }

    /// The claims of a token of one kind that one of our keys has signed.
    fn open_token<T: DeserializeOwned>(
        &self,
        token: &str,
        kind: &str,
        validation: &Validation,
    ) -> Result<T, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::Size);
        }
        let mut parts = token.split('.');
        let (Some(head), Some(body), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refused::Form);
        };
        let key = self.key(head, kind)?;
        // The library's own look at the registered claims; ours below is the stricter one.
        jsonwebtoken::decode::<IgnoredAny>(token, key, validation)
            .map_err(|fault| Refused::of(fault.kind()))?;
        object(body).ok_or(Refused::Claim)
    }

    /// The key that the header names, once the header is exactly as we write it.
    fn key(&self, head: &str, kind: &str) -> Result<&DecodingKey, Refused> {
        let head: Head = object(head).ok_or(Refused::Form)?;
        if head.typ != kind {
            return Err(Refused::Kind);
        }
        if head.alg != ALGORITHM {
            return Err(Refused::Algorithm);
        }
        let known = self.0.known.iter().find(|(kid, _)| *kid == head.kid);
        known.map(|(_, key)| key).ok_or(Refused::Key)
    }
}

/// Everything the library can demand but time, which it would read off the system's clock.
fn validation(issuer: &Issuer) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_issuer(&[&issuer.name]);
    validation.set_audience(&[&issuer.audience]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// A JSON object of exactly these fields; a field named twice or unknown makes it none.
fn object<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    // A list of the right length would otherwise pass for a struct.
    (bytes.first() == Some(&b'{')).then(|| serde_json::from_slice(&bytes).ok())?
}

fn check_time(claims: &Claims, now: i64) -> Result<(), Refused> {
    if claims.exp <= claims.iat || claims.exp.saturating_sub(claims.iat) > LIFETIME {
        return Err(Refused::Claim);
    }
    if now >= claims.exp.saturating_add(LEEWAY) {
        return Err(Refused::Expired);
    }
    let latest = now.saturating_add(LEEWAY);
    if claims.nbf > latest || claims.iat > latest {
        return Err(Refused::Early);
    }
    Ok(())
}

fn actor(claims: Claims) -> Option<Actor> {
    let grants: Option<Vec<Grant>> = claims.grants.into_iter().map(Held::grant).collect();
    Some(Actor {
        user: claims.sub,
        name: claims.name,
        tenant: claims.tid,
        tenant_slug: claims.tsl,
        family: claims.fam,
        authorisation: claims.ver,
        grants: grants?,
    })
}

impl From<&Grant> for Held {
    fn from(grant: &Grant) -> Self {
        Self {
            id: grant.id,
            role: grant.role.to_value(),
            unit: grant.unit,
            cluster: grant.cluster,
            council: grant.council,
        }
    }
}

impl Held {
    fn grant(self) -> Option<Grant> {
        let role = Role::try_from_value(&self.role).ok()?;
        let Self { id, unit, cluster, council, .. } = self;
        Some(Grant { id, role, unit, cluster, council })
    }
}

impl Refused {
    fn of(kind: &ErrorKind) -> Self {
        // The header was read before, so what is not base64 here is the signature.
        let is_signature = matches!(kind, ErrorKind::InvalidSignature | ErrorKind::Base64(_));
        if is_signature { Self::Signature } else { Self::Claim }
    }
}
