//! Forged tokens over HTTP: a sample of those that the verifier's own table holds (`access/token/tests.rs`).

use api::access::{Actor, Grant, Issuer, KeySource, Keys};
use chrono::{DateTime, TimeDelta, Utc};
use entity::role_grant::Role;
use harness::cases;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::json;

use super::person::{Session, reads};

pub(super) fn cases() -> Vec<Case> {
    cases![no_forged_token_comes_in]
}

/// What a forger may know and have.
struct Forger {
    ours: Keys,
    actor: Actor,
    now: DateTime<Utc>,
}

fn keys(server: &Server, name: &str, audience: &str) -> Keys {
    let issuer = Issuer { name: name.to_owned(), audience: audience.to_owned() };
    Keys::open(&KeySource::Directory(server.data()), issuer).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the forger has a clock of his own")]
fn forger(server: &Server, world: &World) -> Forger {
    let actor = Actor {
        user: world.a.person(Role::Auditor).id.uuid,
        name: "Người giả mạo".to_owned(),
        tenant: world.a.id.uuid,
        tenant_slug: world.a.slug.clone(),
        family: world.a.id.uuid,
        authorisation: 1,
        grants: vec![Grant {
            id: None,
            role: Role::Auditor,
            unit: None,
            cluster: None,
            council: None,
        }],
    };
    Forger { ours: keys(server, "thidua", "thidua-api"), actor, now: Utc::now() }
}

impl Forger {
    fn sign(&self, keys: &Keys, seconds: i64) -> String {
        keys.sign(&self.actor, self.now + TimeDelta::seconds(seconds)).unwrap().0
    }

    /// Tokens that deviate in one respect, and what that is.
    fn forged(&self, server: &Server) -> Vec<(&'static str, String)> {
        let good = self.sign(&self.ours, 0);
        let parts: Vec<&str> = good.split('.').collect();
        let [head, body, signature] = [parts[0], parts[1], parts[2]];
        let folder = tempfile::tempdir().unwrap();
        let source = KeySource::Directory(folder.path().to_owned());
        let issuer = Issuer { name: "thidua".to_owned(), audience: "thidua-api".to_owned() };
        let stranger = Keys::open(&source, issuer).unwrap();
        let none = encode(r#"{"typ":"at+jwt","alg":"none"}"#);
        let hs =
            encode(&format!(r#"{{"typ":"at+jwt","alg":"HS256","kid":"{}"}}"#, self.ours.kid()));
        vec![
            ("another issuer", self.sign(&keys(server, "evil", "thidua-api"), 0)),
            ("another audience", self.sign(&keys(server, "thidua", "evil"), 0)),
            ("another key", self.sign(&stranger, 0)),
            ("expired beyond the leeway", self.sign(&self.ours, -(15 * 60 + 31))),
            ("of the future", self.sign(&self.ours, 120)),
            ("without signature", format!("{head}.{body}.")),
            ("alg none", format!("{none}.{body}.")),
            ("alg none, signed", format!("{none}.{body}.{signature}")),
            ("alg HS256", format!("{hs}.{body}.{signature}")),
            ("another body", format!("{head}.{}.{signature}", encode("{}"))),
            ("two parts", format!("{head}.{body}")),
            ("four parts", format!("{good}.{signature}")),
            ("cut", good[..good.len() - 3].to_owned()),
            ("longer", format!("{good}AAAA")),
            ("a refresh token", "rt_9dS0cJ4vLk0sX4yW0w0c6Q3mHqv1mU8b1o2p3q4r5s6".to_owned()),
            ("nothing", "x".to_owned()),
        ]
    }
}

fn encode(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

fn no_forged_token_comes_in(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let forger = forger(&server, &world);
    let good = forger.sign(&forger.ours, 0);
    assert!(reads(&client.with_token(&good)), "the forger itself works");

    for (what, token) in forger.forged(&server) {
        let answer = client.with_token(&token).run("{ units { totalCount } }", json!({}));
        assert_eq!(answer.status, 401, "{what}: {answer}");
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert_eq!(challenge, "Bearer error=\"invalid_token\"", "{what}");
    }

    let session = Session::begin(&client, world.a.person(Role::Auditor));
    let refresh = session.refresh_token();
    assert!(!reads(&client.with_token(&refresh)), "a refresh token as an access token");
    let access = session.client.token().unwrap();
    let _ = Session::try_refresh_with(&client, access).refused("SESSION_EXPIRED");
}
