//! Id tokens that deviate in one respect each.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::token::{Expected, head, verify};
use crate::access::token::key;

const NOW: i64 = 1_763_700_000;

struct Provider {
    signing: EncodingKey,
    jwk: Jwk,
}

fn provider() -> Provider {
    let (der, public) = key::private(&key::new_key().unwrap()).unwrap();
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(public), "kid": "one",
        "use": "sig", "alg": "EdDSA",
    });
    let signing = EncodingKey::from_ed_der(&der);
    Provider { signing, jwk: serde_json::from_value(jwk).unwrap() }
}

fn good() -> Value {
    json!({
        "iss": "https://id.test", "aud": "thidua", "sub": "an.nguyen", "nonce": "n-1",
        "iat": NOW - 1, "exp": NOW + 300,
    })
}

impl Provider {
    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("one".to_owned());
        jsonwebtoken::encode(&header, claims, &self.signing).unwrap()
    }

    fn read(&self, token: &str) -> Option<String> {
        let expected =
            Expected { issuer: "https://id.test", client: "thidua", nonce: "n-1", now: NOW };
        verify(token, &self.jwk, &expected).ok()
    }
}

fn with(changes: &Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[test]
fn an_id_token_is_right_in_every_respect() {
    let provider = provider();
    for claims in [
        json!({}),
        json!({ "aud": ["thidua"] }),
        json!({ "aud": ["thidua", "other"], "azp": "thidua" }),
        json!({ "azp": "thidua", "email": "x@y.vn", "exp": NOW - 29 }),
    ] {
        let subject = provider.read(&provider.sign(&with(&claims)));
        assert_eq!(subject.as_deref(), Some("an.nguyen"), "{claims}");
    }

    for claims in [
        json!({ "iss": "https://id.test/" }),
        json!({ "iss": "https://evil.test" }),
        json!({ "iss": ["https://id.test"] }),
        json!({ "aud": "other" }),
        json!({ "aud": [] }),
        json!({ "aud": ["thidua", "other"] }),
        json!({ "aud": ["thidua", "other"], "azp": "other" }),
        json!({ "azp": "other" }),
        json!({ "nonce": "n-2" }),
        json!({ "nonce": null }),
        json!({ "exp": NOW - 31 }),
        json!({ "exp": "never" }),
        json!({ "iat": NOW + 31 }),
        json!({ "iat": NOW - 601 }),
        json!({ "nbf": NOW + 31 }),
        json!({ "sub": "" }),
        json!({ "sub": 5 }),
        json!({ "sub": "x".repeat(256) }),
    ] {
        assert_eq!(provider.read(&provider.sign(&with(&claims))), None, "{claims}");
    }
    for name in ["iss", "aud", "sub", "nonce", "iat", "exp"] {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(provider.read(&provider.sign(&claims)), None, "without {name}");
    }
}

#[test]
fn an_id_token_is_signed_by_the_key_it_names() {
    let (ours, other) = (provider(), provider());
    let token = ours.sign(&good());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let body = message.split_once('.').unwrap().1;
    let headed = |header: &str| format!("{}.{body}.{signature}", URL_SAFE_NO_PAD.encode(header));

    assert!(ours.read(&token).is_some() && other.read(&token).is_none());
    for forged in [
        format!("{message}."),
        message.to_owned(),
        String::new(),
        headed(r#"{"alg":"none"}"#),
        headed(r#"{"alg":"HS256","kid":"one"}"#),
        headed(r#"{"alg":"EdDSA","kid":"one","crit":["exp"]}"#),
        headed(r#"{"alg":"RS256","kid":"one"}"#),
    ] {
        assert_eq!(ours.read(&forged), None, "{forged}");
    }
}

#[test]
fn a_token_without_a_name_needs_a_provider_with_one_key() {
    let (one, other) = (provider().jwk, provider().jwk);
    let nameless = format!("{}.x.x", URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA"}"#));
    let named = format!("{}.x.x", URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"two"}"#));
    let keys = [one, other];

    assert!(head(&nameless).unwrap().find(&keys[..1]).is_some());
    assert!(head(&nameless).unwrap().find(&keys).is_none());
    assert!(head(&named).unwrap().find(&keys).is_none());
}
