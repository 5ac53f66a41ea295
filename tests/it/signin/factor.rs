//! The second factor: enrolled, asked for, worth one use, demanded by a tenant, and reset.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use super::person::{Session, reads};
use crate::contest::text;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_code_is_asked_for_and_is_worth_one_sign_in,
        a_recovery_code_is_worth_one_sign_in,
        codes_are_guessed_ten_times,
        a_challenge_is_no_token_and_ends_with_the_password,
        a_tenant_demands_a_second_factor_of_those_who_decide,
        an_administrator_resets_what_was_lost,
        the_database_holds_no_secret,
    ]
}

/// Sends the operation of a field under an input.
fn send(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

/// The authenticator of one person.
struct Authenticator {
    totp: Totp,
    recovery: Vec<String>,
}

impl Authenticator {
    /// Enrols a person with the code of the step before; those of this and of the next one are left.
    fn enrol(client: &Client, person: &Person) -> Self {
        let session = Session::begin(client, person);
        Self::enrol_in(&session.client)
    }

    fn enrol_in(client: &Client) -> Self {
        let wrong = json!({ "currentPassword": "not the password" });
        let _ = send(client, "secondFactorEnrol", &wrong).refused("SIGN_IN_FAILED");
        let password = json!({ "currentPassword": PASSWORD });
        let made = send(client, "secondFactorEnrol", &password).ok();
        let made = &made["secondFactorEnrol"]["enrolment"];
        let secret = text(&made["secret"]);
        assert!(text(&made["uri"]).contains(&format!("secret={secret}&issuer=")), "{made}");
        let secret = Secret::try_from_base32(&secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let mut made = Self { totp, recovery: Vec::new() };
        let _ = send(client, "secondFactorConfirm", &json!({ "code": "abcdef" }))
            .refused("SECOND_FACTOR_FAILED");
        let code = json!({ "code": made.code(-1) });
        let data = send(client, "secondFactorConfirm", &code).ok();
        let codes = data["secondFactorConfirm"]["recoveryCodes"].as_array().unwrap().clone();
        made.recovery = codes.iter().map(text).collect();
        made
    }

    /// The code of this step or of one beside it; never at the end of a step.
    fn code(&self, step: i64) -> String {
        let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        while seconds() % 30 > 20 {
            thread::sleep(Duration::from_millis(200));
        }
        self.totp.generate(seconds().saturating_add_signed(step * 30)).to_string()
    }
}

/// The challenge that a right password leads to.
fn challenge(client: &Client, person: &Person) -> Value {
    let input =
        json!({ "tenant": person.tenant, "username": person.username, "password": PASSWORD });
    let data = send(client, "signIn", &input).ok();
    assert_eq!(data["signIn"]["session"], Value::Null);
    data["signIn"]["challenge"]["token"].clone()
}

fn meet(client: &Client, challenge: &Value, code: &str) -> Answer {
    send(client, "signInConfirm", &json!({ "challenge": challenge, "code": code }))
}

fn a_code_is_asked_for_and_is_worth_one_sign_in(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::ProvinceChair);
    let session = Session::begin(&client, person);

    let authenticator = Authenticator::enrol_in(&session.client);

    assert!(!reads(&session.client), "the rights of before are gone");
    assert!(reads(&session.refresh(&client).client));
    let asked = challenge(&client, person);
    let code = authenticator.code(0);
    let data = meet(&client, &asked, &code).ok();
    assert!(reads(&Session::of(&client, &data["signInConfirm"]["session"]).client));
    let _ = meet(&client, &asked, &code).refused("SECOND_FACTOR_FAILED");
    let asked = challenge(&client, person);
    for used in [code, authenticator.code(-1), "000000x".to_owned(), String::new()] {
        let _ = meet(&client, &asked, &used).refused("SECOND_FACTOR_FAILED");
    }
    let _ = meet(&client, &asked, &authenticator.code(1)).ok();
    let again = json!({ "currentPassword": PASSWORD });
    let session = Session::of(&client, &data["signInConfirm"]["session"]);
    let _ = send(&session.client, "secondFactorEnrol", &again).refused("WRONG_STATE");
}

fn a_recovery_code_is_worth_one_sign_in(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::UnitOfficer);
    let authenticator = Authenticator::enrol(&client, person);
    assert_eq!(authenticator.recovery.len(), 10);
    let asked = challenge(&client, person);
    let code = authenticator.recovery[3].to_uppercase().replace('-', " ");

    let _ = meet(&client, &asked, &code).ok();

    let _ = meet(&client, &asked, &code).refused("SECOND_FACTOR_FAILED");
    let _ = meet(&client, &asked, &authenticator.recovery[4]).ok();
}

fn codes_are_guessed_ten_times(stage: &Stage) {
    let server = stage.own_server(harness::server::Options { demo: true, ..Default::default() });
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::UnitOfficer);
    let authenticator = Authenticator::enrol(&client, person);
    // One failure was at the enrolment; each sign-in with the right password counts nothing.
    for _ in 0..9 {
        let asked = challenge(&client, person);
        let _ = meet(&client, &asked, "123-456").refused("SECOND_FACTOR_FAILED");
    }

    let answer = meet(&client, &challenge(&client, person), &authenticator.code(0));

    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    let _ = answer.refused("SIGN_IN_THROTTLED");
}

fn a_challenge_is_no_token_and_ends_with_the_password(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::UnitOfficer);
    let session = Session::begin(&client, person);
    let authenticator = Authenticator::enrol_in(&session.client);
    let session = session.refresh(&client);
    let asked = challenge(&client, person);

    assert!(!reads(&client.with_token(&text(&asked))));
    let token = json!(session.client.token());
    for strange in [token, json!(""), json!("a.b.c"), json!(format!("{}x", text(&asked)))] {
        let _ = meet(&client, &strange, &authenticator.code(0)).refused("SESSION_EXPIRED");
    }
    let new = json!({ "currentPassword": PASSWORD, "newPassword": "một mật khẩu khác, dài" });
    let _ = send(&session.client, "passwordChange", &new).ok();
    let _ = meet(&client, &asked, &authenticator.code(0)).refused("SESSION_EXPIRED");
}

fn require(client: &Client, is_required: bool, version: i32) -> Answer {
    let input = json!({ "secondFactorRequired": is_required, "expectedVersion": version });
    send(client, "signInSettingUpdate", &input)
}

fn a_tenant_demands_a_second_factor_of_those_who_decide(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let begin = |role| Session::begin(&client, world.a.person(role));
    let [administrator, chair, officer] =
        [Role::TenantAdministrator, Role::ProvinceChair, Role::UnitOfficer].map(begin);
    let other = Session::begin(&client, world.b.person(Role::ProvinceChair));

    let _ = require(&chair.client, true, 0).refused("FORBIDDEN");
    let _ = require(&administrator.client, true, 0).ok();

    assert!(!reads(&administrator.client) && !reads(&chair.client), "at once");
    assert!(reads(&officer.client) && reads(&other.client), "not of others");
    let data = chair.try_refresh(&client).ok();
    let chair = Session::of(&client, &data["sessionRefresh"]["session"]);
    let permissions = |client: &Client| {
        let viewer = client.run("{ viewer { permissions grants { role } } }", json!({})).ok();
        viewer["viewer"]["permissions"].as_array().unwrap().len()
    };
    // To read oneself and to change the own password is for everyone.
    assert_eq!(permissions(&chair.client), 2);
    let units = chair.client.run("{ units { totalCount } }", json!({})).ok();
    assert_eq!(units["units"]["totalCount"], 0);
    let input = json!({
        "tenant": world.a.slug, "username": world.a.person(Role::ProvinceChair).username,
        "password": PASSWORD,
    });
    let data = send(&client, "signIn", &input).ok();
    assert_eq!(data["signIn"]["session"]["mustEnrol"], true);

    let _ = Authenticator::enrol_in(&chair.client);

    assert!(permissions(&chair.refresh(&client).client) > 2);
    let administrator = administrator.refresh(&client);
    let _ = require(&administrator.client, false, 1).refused("FORBIDDEN");
    let _ = Authenticator::enrol_in(&administrator.client);
    let administrator = administrator.refresh(&client);
    let setting = administrator.client.run(operation::text("signInSetting"), json!({})).ok();
    assert_eq!(setting["signInSetting"], json!({ "secondFactorRequired": true, "version": 1 }));
    let stranger = world.b.sign_in(&server, Role::TenantAdministrator);
    let foreign = stranger.run(operation::text("signInSetting"), json!({})).ok();
    assert_eq!(foreign["signInSetting"], json!({ "secondFactorRequired": false, "version": 0 }));
    let _ = require(&administrator.client, false, 0).refused("CONFLICT");
    let _ = require(&administrator.client, false, 1).ok();
}

fn an_administrator_resets_what_was_lost(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::UnitOfficer);
    let session = Session::begin(&client, person);
    let _ = Authenticator::enrol_in(&session.client);
    let session = session.refresh(&client);
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let reset = |client: &Client, person: &Person| {
        let input = json!({ "userId": person.id, "reason": "Mất điện thoại" });
        send(client, "secondFactorReset", &input)
    };
    let stranger = world.b.sign_in(&server, Role::TenantAdministrator);
    let _ = reset(&stranger, person).refused("NOT_FOUND");
    let own = world.a.person(Role::TenantAdministrator);
    let _ = reset(&administrator, own).refused("FORBIDDEN");

    let _ = reset(&administrator, person).ok();

    assert!(!reads(&session.client));
    let _ = session.try_refresh(&client).refused("SESSION_EXPIRED");
    assert!(reads(&Session::begin(&client, person).client), "without a code");
    let log = "{ auditEvents(first: 50) { nodes { action reason } } }";
    let log = administrator.run(log, json!({})).ok().to_string();
    assert!(log.contains("SecondFactorReset") && log.contains("Mất điện thoại"), "{log}");
}

fn the_database_holds_no_secret(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let person = world.a.person(Role::UnitOfficer);
    let authenticator = Authenticator::enrol(&client, person);

    let ground = &world.ground;
    let of = |sql: &str| {
        let rows = ground.query(sql).unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "a").unwrap()).collect::<Vec<_>>()
    };
    let secrets = of("SELECT secret AS a FROM second_factor");
    let codes = of("SELECT code_hash AS a FROM recovery_code");
    let log = of("SELECT changes AS a FROM audit_event");

    let base32 = authenticator.totp.secret().to_base32();
    assert!(!secrets.is_empty() && codes.len() >= 10);
    assert!(!secrets.iter().chain(&log).any(|text| text.contains(&base32)));
    let code = &authenticator.recovery[0];
    let plain = code.replace('-', "");
    assert!(!codes.iter().chain(&log).any(|text| text.contains(code) || text.contains(&plain)));
}
