//! The paper between the first and the second factor: who has shown the password, for five minutes.
//! It is of another kind than an access token, for another audience, and says of no right.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Issuer, Keys, LEEWAY, key};
use crate::error::{Error, Result};

/// The kind of token.
pub(super) const KIND: &str = "challenge+jwt";
/// How long the second factor may take.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// Who has shown his first factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::access) struct Challenged {
    /// The tenant of the account.
    pub(in crate::access) tenant: Uuid,
    /// The account.
    pub(in crate::access) user: Uuid,
    /// What the account was like; once its password or rights change, the paper is void.
    pub(in crate::access) mark: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    tid: Uuid,
    mark: String,
    iat: i64,
    exp: i64,
    nbf: i64,
    jti: Uuid,
}

impl Keys {
    /// A challenge for one who has shown his first factor, and when it expires.
    pub(in crate::access) fn challenge(
        &self,
        who: Challenged,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>)> {
        let Issuer { name, audience } = self.challenge_issuer();
        let expires_at = now + LIFETIME;
        let claims = Claims {
            iss: name,
            aud: audience,
            sub: who.user,
            tid: who.tenant,
            mark: who.mark,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
            nbf: now.timestamp(),
            jti: key::random_id()?,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(KIND.to_owned());
        header.kid = Some(self.0.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &self.0.signing)
            .map_err(|fault| Error::broken(&fault.to_string()))?;
        Ok((token, expires_at))
    }

    /// Who a challenge was for, while it can be met.
    pub(in crate::access) fn read_challenge(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Option<Challenged> {
        let issuer = self.challenge_issuer();
        let claims: Claims = self.open_token(token, KIND, &super::validation(&issuer)).ok()?;
        let is_ours = claims.iss == issuer.name && claims.aud == issuer.audience;
        let now = now.timestamp();
        let is_timely = claims.nbf <= now.saturating_add(LEEWAY) && now < claims.exp;
        (is_ours && is_timely).then_some(Challenged {
            tenant: claims.tid,
            user: claims.sub,
            mark: claims.mark,
        })
    }

    fn challenge_issuer(&self) -> Issuer {
        let Issuer { name, audience } = &self.0.issuer;
        Issuer { name: name.clone(), audience: format!("{audience}/second-factor") }
    }
}
