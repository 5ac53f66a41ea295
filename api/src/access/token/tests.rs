//! Tokens that deviate from ours in one respect each, and why each is refused.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::strangers::{strangers, times};
use super::*;

pub(super) const NOW: i64 = 1_763_700_000;

pub(super) struct Bench {
    pub(super) keys: Keys,
    signing: String,
}

fn issuer() -> Issuer {
    Issuer { name: "https://thidua.test".to_owned(), audience: "thidua-api".to_owned() }
}

pub(super) fn bench() -> Bench {
    let signing = key::new_key().unwrap();
    Bench { keys: Keys::of(&signing, None, issuer()).unwrap(), signing }
}

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub(super) fn caller() -> Actor {
    Actor {
        user: Uuid::from_u128(1),
        name: "Lò Văn Bách".to_owned(),
        tenant: Uuid::from_u128(2),
        tenant_slug: "lai_chau".to_owned(),
        family: Uuid::from_u128(3),
        authorisation: 7,
        grants: vec![
            Grant {
                id: Some(Uuid::from_u128(6)),
                role: Role::UnitHead,
                unit: Some(Uuid::from_u128(4)),
                cluster: None,
                council: None,
            },
            Grant {
                id: None,
                role: Role::ClusterDeputy,
                unit: None,
                cluster: Some(Uuid::from_u128(5)),
                council: None,
            },
            Grant { id: None, role: Role::Auditor, unit: None, cluster: None, council: None },
        ],
    }
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

impl Bench {
    pub(super) fn token(&self) -> String {
        self.keys.sign(&caller(), at(NOW)).unwrap().0
    }

    fn part(&self, index: usize) -> Value {
        let token = self.token();
        let part = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    /// Signs any header and any body with the true key.
    fn mint(&self, head: &str, body: &str) -> String {
        let (der, _) = key::private(&self.signing).unwrap();
        let message = format!("{}.{}", encoded(head), encoded(body));
        let signature = Ed25519KeyPair::from_pkcs8(&der).unwrap().sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    pub(super) fn with_head(&self, name: &str, value: Value) -> String {
        let mut head = self.part(0);
        head[name] = value;
        self.mint(&head.to_string(), &self.part(1).to_string())
    }

    pub(super) fn with_claim(&self, name: &str, value: Value) -> String {
        let mut body = self.part(1);
        body[name] = value;
        self.mint(&self.part(0).to_string(), &body.to_string())
    }

    fn without(&self, index: usize, name: &str) -> String {
        let mut parts = [self.part(0), self.part(1)];
        parts[index].as_object_mut().unwrap().remove(name).unwrap();
        self.mint(&parts[0].to_string(), &parts[1].to_string())
    }

    fn with_text(&self, index: usize, from: &str, to: &str) -> String {
        let mut parts = [self.part(0).to_string(), self.part(1).to_string()];
        assert!(parts[index].contains(from), "{from}");
        parts[index] = parts[index].replacen(from, to, 1);
        self.mint(&parts[0], &parts[1])
    }
}

pub(super) type Forged = Vec<(String, String, Refused)>;

fn headers(bench: &Bench) -> Forged {
    let other = Bench { keys: bench.keys.clone(), signing: key::new_key().unwrap() };
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"});
    let mut forged = vec![
        (
            "another key under our kid",
            other.mint(&bench.part(0).to_string(), &bench.part(1).to_string()),
            Refused::Signature,
        ),
        ("doubled kid", bench.with_text(0, "{", r#"{"kid":"x","#), Refused::Form),
        ("doubled alg", bench.with_text(0, "{", r#"{"alg":"none","#), Refused::Form),
        ("list for a header", bench.mint(r#"["at+jwt","EdDSA","k"]"#, "{}"), Refused::Form),
        ("empty header", bench.mint("{}", &bench.part(1).to_string()), Refused::Form),
    ];
    for name in ["typ", "alg", "kid"] {
        forged.push((name, bench.without(0, name), Refused::Form));
        for value in [json!(null), json!(5), json!(["EdDSA"]), json!({})] {
            forged.push((name, bench.with_head(name, value), Refused::Form));
        }
    }
    for typ in ["JWT", "jwt", "logout+jwt", "application/at+jwt", "AT+JWT", ""] {
        forged.push(("typ", bench.with_head("typ", json!(typ)), Refused::Kind));
    }
    for alg in ["none", "None", "HS256", "HS512", "RS256", "PS256", "ES256", "eddsa", "Ed25519", ""]
    {
        forged.push(("alg", bench.with_head("alg", json!(alg)), Refused::Algorithm));
    }
    for kid in ["", "../../etc/passwd", "' OR 1=1 --", "0000000000000000", "\u{0}"] {
        forged.push(("kid", bench.with_head("kid", json!(kid)), Refused::Key));
    }
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("jku", json!("https://evil.test/jwks")),
        ("x5u", json!("https://evil.test/x")),
        ("jwk", jwk),
        ("x5c", json!(["AAAA"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("enc", json!("A256GCM")),
    ] {
        forged.push((name, bench.with_head(name, value), Refused::Form));
    }
    forged.into_iter().map(|(what, token, why)| (format!("header: {what}"), token, why)).collect()
}

/// Each claim missing and of each wrong type.
fn types(bench: &Bench) -> Forged {
    let mut forged = Forged::new();
    let body = bench.part(1);
    for (name, good) in body.as_object().unwrap() {
        forged.push((format!("{name} missing"), bench.without(1, name), Refused::Claim));
        let text = good.as_str().map_or_else(|| good.to_string(), str::to_owned);
        let number = good.as_i64().map_or(json!(5), |number| json!(number.to_string()));
        for bad in [
            json!(null),
            json!(true),
            json!({"x": 1}),
            json!([good]),
            json!([text, 1]),
            number,
            json!(1.5),
        ] {
            forged.push((format!("{name} is {bad}"), bench.with_claim(name, bad), Refused::Claim));
        }
    }
    forged
}

fn values(bench: &Bench) -> Forged {
    let grant = |value: Value| bench.with_claim("grants", json!([value]));
    let forged = vec![
        ("other issuer", bench.with_claim("iss", json!("https://evil.test"))),
        ("issuer with a slash", bench.with_claim("iss", json!("https://thidua.test/"))),
        ("empty issuer", bench.with_claim("iss", json!(""))),
        ("other audience", bench.with_claim("aud", json!("other-api"))),
        ("audience in capitals", bench.with_claim("aud", json!("THIDUA-API"))),
        ("our audience among others", bench.with_claim("aud", json!(["thidua-api", "other"]))),
        ("other client", bench.with_claim("client_id", json!("evil"))),
        ("subject is a name", bench.with_claim("sub", json!("lai_chau.chair"))),
        ("unknown claim", bench.with_claim("scope", json!("everything"))),
        (
            "doubled subject",
            bench.with_text(1, "{", r#"{"sub":"00000000-0000-0000-0000-000000000009","#),
        ),
        ("doubled exp", bench.with_text(1, "{", r#"{"exp":99999999999,"#)),
        ("doubled grants", bench.with_text(1, "{", r#"{"grants":[],"#)),
        (
            "doubled tenant",
            bench.with_text(1, "{", r#"{"tid":"00000000-0000-0000-0000-000000000009","#),
        ),
        ("unknown role", grant(json!({"role": "KING"}))),
        ("role in small letters", grant(json!({"role": "auditor"}))),
        ("grant without role", grant(json!({}))),
        ("grant of a number", grant(json!({"role": "AUDITOR", "unit": 4}))),
        ("grant with more", grant(json!({"role": "AUDITOR", "tenant": "x"}))),
        ("longer life than ours", bench.with_claim("exp", json!(NOW + LIFETIME + 1))),
        ("endless life", bench.with_claim("exp", json!(i64::MAX))),
        ("expiry beyond numbers", bench.with_claim("exp", json!(u64::MAX))),
        ("expiry before issue", bench.with_claim("exp", json!(NOW - 1))),
        ("no life", bench.with_claim("exp", json!(NOW))),
        ("negative expiry", bench.with_claim("exp", json!(-1))),
        ("list for a body", bench.mint(&bench.part(0).to_string(), r#"["a","b"]"#)),
        ("number for a body", bench.mint(&bench.part(0).to_string(), "5")),
        ("no JSON", bench.mint(&bench.part(0).to_string(), "garbage")),
        (
            "more after the body",
            bench.mint(&bench.part(0).to_string(), &format!("{} {{}}", bench.part(1))),
        ),
    ];
    forged.into_iter().map(|(what, token)| (what.to_owned(), token, Refused::Claim)).collect()
}

fn shapes(bench: &Bench) -> Forged {
    let token = bench.token();
    let parts: Vec<&str> = token.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let public = key::public(&bench.signing).unwrap();
    let mac = |text: &str| {
        use hmac::{Hmac, KeyInit, Mac};
        let mac = Hmac::<sha2::Sha256>::new_from_slice(&public).unwrap().chain_update(text);
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    };
    let none = encoded(r#"{"typ":"at+jwt","alg":"none"}"#);
    let hs256 =
        encoded(&format!(r#"{{"typ":"at+jwt","alg":"HS256","kid":"{}"}}"#, bench.keys.kid()));
    let hmac = mac(&format!("{hs256}.{body}"));
    let forged = vec![
        ("nothing", String::new(), Refused::Form),
        ("points", "..".to_owned(), Refused::Form),
        ("garbage", "garbage".to_owned(), Refused::Form),
        ("not ASCII", "đ.đ.đ".to_owned(), Refused::Form),
        (
            "a refresh token",
            "rt_9dS0cJ4vLk0sX4yW0w0c6Q3mHqv1mU8b1o2p3q4r5s6".to_owned(),
            Refused::Form,
        ),
        ("two parts", format!("{head}.{body}"), Refused::Form),
        ("four parts", format!("{token}.{signature}"), Refused::Form),
        ("no header", format!(".{body}.{signature}"), Refused::Form),
        ("no body", format!("{head}..{signature}"), Refused::Signature),
        ("no signature", format!("{head}.{body}."), Refused::Signature),
        ("cut signature", token[..token.len() - 4].to_owned(), Refused::Signature),
        ("longer signature", format!("{token}AAAA"), Refused::Signature),
        ("padding", format!("{token}=="), Refused::Signature),
        ("space before", format!(" {token}"), Refused::Form),
        ("line end", format!("{token}\n"), Refused::Signature),
        ("Bearer", format!("Bearer {token}"), Refused::Form),
        ("alg none, unsigned", format!("{none}.{body}."), Refused::Form),
        ("HS256 with the public key", format!("{hs256}.{body}.{hmac}"), Refused::Algorithm),
        (
            "HS256 under our header",
            format!("{head}.{body}.{}", mac(&format!("{head}.{body}"))),
            Refused::Signature,
        ),
        ("other body", format!("{head}.{}.{signature}", encoded("{}")), Refused::Signature),
        ("too long", bench.with_claim("name", json!("x".repeat(LONGEST))), Refused::Size),
    ];
    forged.into_iter().map(|(what, token, why)| (what.to_owned(), token, why)).collect()
}

#[test]
fn a_token_comes_back_as_the_actor_it_was_signed_for() {
    let bench = bench();

    let (token, expires_at) = bench.keys.sign(&caller(), at(NOW)).unwrap();

    assert_eq!(bench.keys.read(&token, at(NOW)), Ok(caller()));
    assert_eq!(expires_at, at(NOW + LIFETIME));
    assert_eq!(bench.part(0), json!({"typ": "at+jwt", "alg": "EdDSA", "kid": bench.keys.kid()}));
    assert_ne!(bench.token(), bench.token(), "each token has its own jti");
}

#[test]
fn a_token_that_deviates_is_refused() {
    let bench = bench();
    let minted = bench.mint(&bench.part(0).to_string(), &bench.part(1).to_string());
    assert_eq!(bench.keys.read(&minted, at(NOW)), Ok(caller()), "the forger itself works");

    let forged = [headers(&bench), types(&bench), values(&bench), shapes(&bench)];
    let forged = [forged.concat(), strangers(&bench), times(&bench)].concat();

    assert!(forged.len() >= 300, "{}", forged.len());
    for (what, token, why) in forged {
        assert_eq!(bench.keys.read(&token, at(NOW)), Err(why), "{what}");
    }
}

#[test]
fn no_changed_letter_is_accepted() {
    let bench = bench();
    let token = bench.token();

    for place in (0..token.len()).filter(|place| token.as_bytes()[*place] != b'.') {
        let letter = if &token[place..=place] == "A" { "B" } else { "A" };
        let changed = format!("{}{letter}{}", &token[..place], &token[place + 1..]);
        assert!(bench.keys.read(&changed, at(NOW)).is_err(), "{place}");
        assert!(bench.keys.read(&token[..place], at(NOW)).is_err(), "cut at {place}");
    }
}

#[test]
fn time_is_the_callers_with_half_a_minute_of_leeway() {
    let bench = bench();
    let token = bench.token();
    let end = NOW + LIFETIME + LEEWAY;

    for (now, answer) in [
        (NOW - LEEWAY - 1, Err(Refused::Early)),
        (NOW - LEEWAY, Ok(caller())),
        (end - 1, Ok(caller())),
        (end, Err(Refused::Expired)),
        (end + 1, Err(Refused::Expired)),
        (NOW + 1_000_000_000, Err(Refused::Expired)),
    ] {
        assert_eq!(bench.keys.read(&token, at(now)), answer, "{}", now - NOW);
    }
    let later = bench.with_claim("nbf", json!(NOW + LEEWAY + 1));
    assert_eq!(bench.keys.read(&later, at(NOW)), Err(Refused::Early));
}

#[test]
fn while_keys_rotate_both_are_accepted() {
    let (old, new, stranger) = (bench(), bench(), bench());
    let rotated = Keys::of(&new.signing, Some(&old.signing), issuer()).unwrap();
    let (der, public) = key::private(&old.signing).unwrap();
    assert_ne!(der, public);

    let (token, _) = rotated.sign(&caller(), at(NOW)).unwrap();

    assert_eq!(rotated.kid(), new.keys.kid());
    assert_eq!(new.keys.read(&token, at(NOW)), Ok(caller()));
    assert_eq!(old.keys.read(&token, at(NOW)), Err(Refused::Key));
    assert_eq!(rotated.read(&old.token(), at(NOW)), Ok(caller()));
    assert_eq!(rotated.read(&stranger.token(), at(NOW)), Err(Refused::Key));
}

#[test]
fn a_directory_keeps_its_key_to_its_owner() {
    let directory = std::env::temp_dir().join(format!("thidua-key-{}", key::random_id().unwrap()));
    let source = KeySource::Directory(directory.clone());

    let first = Keys::open(&source, issuer()).unwrap();
    let second = Keys::open(&source, issuer()).unwrap();

    assert_eq!(first.kid(), second.kid());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(directory.join("session-key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn the_other_key_may_be_public_alone() {
    let (old, new) = (bench(), bench());
    let (der, _) = key::private(&old.signing).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(&der).unwrap();
    let document = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(
        pair.public_key(),
    )
    .unwrap();
    let body = base64::engine::general_purpose::STANDARD.encode(document.as_ref());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");

    let rotated = Keys::of(&new.signing, Some(&pem), issuer()).unwrap();

    assert_eq!(rotated.read(&old.token(), at(NOW)), Ok(caller()));
    assert!(Keys::of(&pem, None, issuer()).is_err(), "a public key does not sign");
    assert!(Keys::of("garbage", None, issuer()).is_err());
}
