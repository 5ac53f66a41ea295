//! Sign-in and what follows from it: renewal, reuse, sign-out, throttling, passwords, revoked roles.

use std::collections::HashSet;
use std::thread;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};

use crate::contest::{mutate, text};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_tenant_is_named_by_slug_or_present_code,
        what_was_wrong_is_not_told,
        ten_failures_make_an_account_wait,
        a_refresh_token_is_used_once,
        a_lost_answer_can_be_asked_for_again,
        eight_renewals_at_once_leave_one_chain,
        sign_out_ends_the_session,
        a_token_is_worth_nothing_in_another_tenant,
        a_broken_token_is_refused,
        a_revoked_role_is_gone_after_the_next_refresh,
        a_new_password_ends_the_other_sessions,
    ]
}

const SESSION: &str = "session { accessToken refreshToken expiresAt } errors { code message path }";
const VIEWER: &str = "{ viewer { displayName tenant { slug } grants { role } permissions } }";

fn try_sign_in(client: &Client, tenant: &str, username: &str, password: &str) -> Answer {
    let input = json!({ "tenant": tenant, "username": username, "password": password });
    mutate(client, ("signIn", "SignInInput", SESSION), &input)
}

/// A new session of a person: its tokens.
fn begin(client: &Client, person: &Person, password: &str) -> Value {
    let data = try_sign_in(client, &person.tenant, &person.username, password).ok();
    data["signIn"]["session"].clone()
}

fn try_refresh(client: &Client, session: &Value) -> Answer {
    let input = json!({ "refreshToken": session["refreshToken"] });
    mutate(client, ("sessionRefresh", "SessionRefreshInput", SESSION), &input)
}

fn refresh(client: &Client, session: &Value) -> Value {
    try_refresh(client, session).ok()["sessionRefresh"]["session"].clone()
}

fn of(client: &Client, session: &Value) -> Client {
    client.with_token(session["accessToken"].as_str().unwrap())
}

fn a_tenant_is_named_by_slug_or_present_code(stage: &Stage) {
    let client = stage.server().client();

    for tenant in ["lai_chau", "12", " LAI_CHAU "] {
        let data = try_sign_in(&client, tenant, "lai_chau.chair", PASSWORD).ok();

        let session = &data["signIn"]["session"];
        let viewer = of(&client, session).run(VIEWER, json!({})).ok();
        assert_eq!(viewer["viewer"]["tenant"]["slug"], "lai_chau", "{tenant}");
        assert_eq!(viewer["viewer"]["grants"], json!([{ "role": "PROVINCE_CHAIR" }]), "{tenant}");
    }
    // 14 is Sơn La today; before 2025-07-01 it was Lào Cai of no one else.
    try_sign_in(&client, "14", "lao_cai.chair", PASSWORD).refused("SIGN_IN_FAILED");
}

fn what_was_wrong_is_not_told(stage: &Stage) {
    let client = stage.server().client();
    let tries = [
        ("lai_chau", "lai_chau.auditor", "wrong password"),
        ("lai_chau", "nobody.at.all", PASSWORD),
        ("no_such_tenant", "lai_chau.auditor", PASSWORD),
        ("yen_bai", "lai_chau.auditor", PASSWORD),
        ("lai_chau", "lao_cai.auditor", PASSWORD),
        ("", "", ""),
    ];

    let answers = tries.map(|(tenant, username, password)| {
        try_sign_in(&client, tenant, username, password).refused("SIGN_IN_FAILED")
    });

    for (answer, tried) in answers.iter().zip(tries) {
        assert_eq!(*answer, answers[0], "{tried:?}");
    }
}

/// On a server of its own: the address waits too after many failures.
fn ten_failures_make_an_account_wait(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let client = server.client();

    for username in ["lai_chau.chair", "nobody.at.all"] {
        for _ in 0..10 {
            try_sign_in(&client, "lai_chau", username, "wrong password").refused("SIGN_IN_FAILED");
        }
        let waiting =
            try_sign_in(&client, "lai_chau", username, PASSWORD).refused("SIGN_IN_THROTTLED");
        assert_eq!(waiting["signIn"]["session"], Value::Null);
    }
    try_sign_in(&client, "12", "lai_chau.chair", PASSWORD).refused("SIGN_IN_THROTTLED");
    try_sign_in(&client, "lai_chau", "lai_chau.officer", PASSWORD).ok();
}

fn a_refresh_token_is_used_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let first = begin(&client, world.a.person(Role::StandingOfficer), PASSWORD);

    let second = refresh(&client, &first);
    let third = refresh(&client, &second);
    assert_ne!(second["refreshToken"], third["refreshToken"]);
    assert_eq!(
        of(&client, &third).run(VIEWER, json!({})).ok()["viewer"]["tenant"]["slug"],
        *world.a.slug
    );

    try_refresh(&client, &first).refused("SESSION_EXPIRED");
    try_refresh(&client, &third).refused("SESSION_EXPIRED");
    let made_up = json!({ "refreshToken": "rt_none" });
    try_refresh(&client, &made_up).refused("SESSION_EXPIRED");
}

fn a_lost_answer_can_be_asked_for_again(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let first = begin(&client, world.a.person(Role::StandingOfficer), PASSWORD);

    let lost = refresh(&client, &first);
    let again = refresh(&client, &first);
    let next = refresh(&client, &again);

    try_refresh(&client, &lost).refused("SESSION_EXPIRED");
    try_refresh(&client, &next).refused("SESSION_EXPIRED");
}

fn eight_renewals_at_once_leave_one_chain(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    for _ in 0..3 {
        let first = begin(&client, world.a.person(Role::StandingOfficer), PASSWORD);

        let renewed: Vec<Value> = thread::scope(|scope| {
            let tries: Vec<_> = (0..8).map(|_| scope.spawn(|| refresh(&client, &first))).collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });

        let tokens: HashSet<_> =
            renewed.iter().map(|session| session["refreshToken"].to_string()).collect();
        assert_eq!(tokens.len(), 8, "each has a token of its own");
        // The newest came of the first, which is still good; then all eight are too old and end the session.
        let newest = refresh(&client, &first);
        assert!(!tokens.contains(&newest["refreshToken"].to_string()));
        try_refresh(&client, &renewed[0]).refused("SESSION_EXPIRED");
        try_refresh(&client, &newest).refused("SESSION_EXPIRED");
        assert_ne!(
            of(&client, &newest).run(VIEWER, json!({})).status,
            200,
            "the session has ended"
        );
    }
}

fn sign_out_ends_the_session(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let chair = world.a.person(Role::ProvinceChair);
    let [one, other] = [begin(&client, chair, PASSWORD), begin(&client, chair, PASSWORD)];
    let sign_out = |session: &Value| {
        let input = json!({ "refreshToken": session["refreshToken"] });
        mutate(&client, ("signOut", "SignOutInput", "signedOut errors { code }"), &input)
    };

    assert_eq!(sign_out(&one).ok()["signOut"]["signedOut"], true);
    assert_eq!(sign_out(&one).ok()["signOut"]["signedOut"], true, "twice is the same");

    try_refresh(&client, &one).refused("SESSION_EXPIRED");
    refresh(&client, &other);
}

fn a_token_is_worth_nothing_in_another_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let query = "query($unit: ID!, $submission: ID!, $ids: [ID!]!) {
      unit(id: $unit) { name } submission(id: $submission) { title } nodes(ids: $ids) { id }
      units(where: { id: { in: $ids } }) { totalCount nodes { id } }
    }";
    let theirs = [world.b.office.to_string(), world.b.submission.id.to_string()];

    let seen = officer
        .run(query, json!({ "unit": theirs[0], "submission": theirs[1], "ids": theirs }))
        .ok();
    assert_eq!((&seen["unit"], &seen["submission"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["nodes"], json!([null, null]));
    assert_eq!(seen["units"]["totalCount"], 0);

    let close = json!({
        "id": theirs[0], "expectedVersion": 1, "validTo": "2026-01-31", "reason": "Không có quyền",
    });
    mutate(&officer, ("unitClose", "UnitCloseInput", "unit { id } errors { code }"), &close)
        .refused("NOT_FOUND");
    let receive = json!({ "id": theirs[1], "expectedVersion": 1 });
    let field = ("submissionReceive", "SubmissionStepInput", "submission { id } errors { code }");
    mutate(&officer, field, &receive).refused("NOT_FOUND");
    let own = world.b.sign_in(&server, Role::StandingOfficer);
    let unit =
        own.run(query, json!({ "unit": theirs[0], "submission": theirs[1], "ids": [] })).ok();
    assert!(unit["unit"]["name"].is_string(), "still there: {unit}");
}

fn a_broken_token_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let token = officer.token().unwrap().to_owned();
    let (head, signature) = token.rsplit_once('.').unwrap();
    let changed: String = signature.chars().rev().collect();

    for broken in [format!("{head}.{changed}"), head.to_owned(), format!("{head}."), "x".to_owned()]
    {
        let answer = officer.with_token(&broken).run(VIEWER, json!({}));
        assert_eq!(answer.status, 401, "{answer}");
    }
    for query in [VIEWER, "{ units { totalCount } }"] {
        let stranger = server.client().run(query, json!({}));
        assert_eq!(stranger.status, 401, "{stranger}");
        stranger.top("UNAUTHENTICATED");
    }
}

fn a_revoked_role_is_gone_after_the_next_refresh(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let officer = world.a.person(Role::StandingOfficer);
    let session = begin(&client, officer, PASSWORD);
    let permissions = |session: &Value| {
        let viewer = of(&client, session).run(VIEWER, json!({})).ok();
        viewer["viewer"]["permissions"].as_array().unwrap().len()
    };
    assert!(permissions(&session) > 10);

    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let revoke = json!({ "id": officer.grant, "expectedVersion": 1 });
    let field = ("grantRevoke", "GrantRevokeInput", "grant { revokedAt } errors { code }");
    let data = mutate(&administrator, field, &revoke).ok();
    assert!(data["grantRevoke"]["grant"]["revokedAt"].is_string(), "{data}");
    mutate(&administrator, field, &revoke).refused("CONFLICT");

    let renewed = refresh(&client, &session);
    // What remains is for everyone: to read oneself, and to change the own password.
    assert_eq!(permissions(&renewed), 2);
    let units = of(&client, &renewed).run("{ units { totalCount } }", json!({})).ok();
    assert_eq!(units["units"]["totalCount"], 0);
}

fn a_new_password_ends_the_other_sessions(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = server.client();
    let chair = world.a.person(Role::ProvinceChair);
    let [one, other] = [begin(&client, chair, PASSWORD), begin(&client, chair, PASSWORD)];
    let new = "mật khẩu mới, dài";
    let change = |current: &str, new: &str| {
        let input = json!({ "currentPassword": current, "newPassword": new });
        let selection = "user { username } errors { code path }";
        mutate(&of(&client, &one), ("passwordChange", "PasswordChangeInput", selection), &input)
    };

    change("not the password", new).refused("SIGN_IN_FAILED");
    change(PASSWORD, "too short").refused("PASSWORD_REJECTED");
    let data = change(PASSWORD, new).ok();
    assert_eq!(text(&data["passwordChange"]["user"]["username"]), chair.username);
    change(new, new).refused("PASSWORD_REJECTED");

    try_refresh(&client, &other).refused("SESSION_EXPIRED");
    refresh(&client, &one);
    try_sign_in(&client, &chair.tenant, &chair.username, PASSWORD).refused("SIGN_IN_FAILED");
    begin(&client, chair, new);
}
