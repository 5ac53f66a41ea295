//! More tokens that deviate: of ids, numbers, names and times that are not ours.

use serde_json::json;

use super::tests::{Bench, Forged, NOW, at, bench, caller};
use super::*;

const NO_IDS: [&str; 7] = [
    "",
    "x",
    "../../etc/passwd",
    "' OR 1=1 --",
    "\u{0}",
    "00000000-0000-0000-0000-00000000000",
    "00000000-0000-0000-0000-0000000000012",
];
const CLAIMS: [&str; 14] = [
    "scope",
    "roles",
    "admin",
    "act",
    "cnf",
    "azp",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "permissions",
    "Sub",
    "__proto__",
    "",
];
const HEADERS: [&str; 14] = [
    "x5t", "x5t#S256", "url", "nonce", "iss", "sub", "aud", "exp", "p2c", "epk", "apu", "ppt",
    "Alg", "",
];
const ALGORITHMS: [&str; 17] = [
    "RS384",
    "RS512",
    "PS384",
    "PS512",
    "ES384",
    "ES512",
    "ES256K",
    "HS384",
    "EdDSA ",
    " EdDSA",
    "EDDSA",
    "EdDSA\u{0}",
    "Ed448",
    "dir",
    "A128KW",
    "RSA-OAEP",
    "PBES2-HS256+A128KW",
];
const KINDS: [&str; 7] =
    ["challenge+jwt", "dpop+jwt", "secevent+jwt", "at+jwt ", "at+JWT", "rt+jwt", "JWE"];

/// Ids that are none, numbers out of their range, and claims and headers that we never write.
pub(super) fn strangers(bench: &Bench) -> Forged {
    let mut forged = Forged::new();
    let mut add = |what: String, token: String, why: Refused| forged.push((what, token, why));
    for name in ["sub", "jti", "tid", "fam"] {
        for bad in NO_IDS {
            let token = bench.with_claim(name, json!(bad));
            add(format!("{name} is {bad:?}"), token, Refused::Claim);
        }
    }
    for name in ["iat", "exp", "nbf", "ver"] {
        for bad in [json!(1e300), json!(u64::MAX), json!("NaN"), json!("99999999999")] {
            add(format!("{name} is {bad}"), bench.with_claim(name, bad), Refused::Claim);
        }
    }
    for name in CLAIMS {
        add(format!("claim {name}"), bench.with_claim(name, json!("x")), Refused::Claim);
    }
    for name in HEADERS {
        add(format!("header {name}"), bench.with_head(name, json!("x")), Refused::Form);
    }
    for alg in ALGORITHMS {
        add(format!("alg {alg:?}"), bench.with_head("alg", json!(alg)), Refused::Algorithm);
    }
    for typ in KINDS {
        add(format!("typ {typ:?}"), bench.with_head("typ", json!(typ)), Refused::Kind);
    }
    forged
}

fn nobody() -> Challenged {
    Challenged { tenant: Uuid::nil(), user: Uuid::nil(), mark: String::new() }
}

/// Tokens that are ours but not of now, and a challenge for the second factor in the place of a token.
pub(super) fn times(bench: &Bench) -> Forged {
    let signed = |now: i64| bench.keys.sign(&caller(), at(now)).unwrap().0;
    vec![
        ("a second beyond the leeway", signed(NOW - LIFETIME - LEEWAY - 1), Refused::Expired),
        ("expired long ago", signed(0), Refused::Expired),
        ("of the next minute", signed(NOW + 60), Refused::Early),
        ("issued later", bench.with_claim("iat", json!(NOW + LEEWAY + 1)), Refused::Early),
        ("good from later on", bench.with_claim("nbf", json!(i64::MAX)), Refused::Early),
        ("a challenge", bench.keys.challenge(nobody(), at(NOW)).unwrap().0, Refused::Kind),
    ]
    .into_iter()
    .map(|(what, token, why)| (what.to_owned(), token, why))
    .collect()
}

#[test]
fn a_challenge_is_for_its_time_and_its_place() {
    let (ours, others) = (bench(), bench());
    let who = Challenged {
        tenant: Uuid::from_u128(2),
        user: Uuid::from_u128(1),
        mark: "as it was".to_owned(),
    };

    let (token, expires_at) = ours.keys.challenge(who.clone(), at(NOW)).unwrap();

    assert_eq!(expires_at, at(NOW + 300));
    assert_eq!(ours.keys.read_challenge(&token, at(NOW + 299)), Some(who));
    for (token, now) in [
        (token.clone(), NOW + 300),
        (token.clone(), NOW - LEEWAY - 1),
        (ours.token(), NOW),
        (format!("{token}A"), NOW),
        (others.keys.challenge(nobody(), at(NOW)).unwrap().0, NOW),
    ] {
        assert_eq!(ours.keys.read_challenge(&token, at(now)), None, "{token} {now}");
    }
}
