//! The room as a client sees it: through GraphQL, as an administrator, as a newcomer, as nobody.

use async_graphql::{EmptySubscription, Request as Document, Schema, Value, Variables};
use serde_json::{Value as Json, json};

use super::{AccountMutation, AccountQuery, User};
use crate::access::world::{ADMIN, PASSWORD, UNIT, World, request, start, world};
use crate::access::{Actor, Peer};
use crate::domain::unit::Unit;
use crate::page::Secret;
use crate::scalar::{NodeType, encode};
use crate::text::Language;

type Face = Schema<AccountQuery, AccountMutation, EmptySubscription>;

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    session { accessToken refreshToken expiresAt } errors { code message path } } }";
const USER_CREATE: &str = "mutation($input: UserCreateInput!) { userCreate(input: $input) {
    user { id username displayName isActive version grants { id } } errors { code path } } }";
const GRANT_CREATE: &str = "mutation($input: GrantCreateInput!) { grantCreate(input: $input) {
    grant { id role validFrom validTo revokedAt version unit { name } clusterId user { username } }
    errors { code path } } }";
const GRANT_REVOKE: &str = "mutation($input: GrantRevokeInput!) { grantRevoke(input: $input) {
    grant { revokedAt version } errors { code } } }";
const PASSWORD_CHANGE: &str =
    "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) {
    user { version } errors { code path } } }";
const VIEWER: &str = "{ viewer { displayName permissions user { username } tenant { slug }
    grants { role clusterId unit { name } } } }";

fn face() -> Face {
    Schema::build(AccountQuery, AccountMutation, EmptySubscription).finish()
}

async fn ask(world: &World, actor: Option<&Actor>, text: &str, input: Json) -> Json {
    let variables = Variables::from_json(json!({ "input": input }));
    let document = Document::new(text)
        .variables(variables)
        .data(world.gate(request(0, actor.cloned())))
        .data(world.sessions.clone())
        .data(Peer::default())
        .data(Secret(std::sync::Arc::from(b"secret".as_slice())))
        .data(Language::En);
    let answer = face().execute(document).await;
    let mut found = answer.data.into_json().unwrap();
    if !answer.errors.is_empty() {
        let codes = answer.errors.iter().map(|fault| {
            let code = fault.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            code.cloned().unwrap_or_else(|| Value::from(fault.message.clone()))
        });
        found = json!({ "errors": codes.collect::<Vec<_>>() });
    }
    found
}

/// Makes a user, signs him in, and hands back his id and who he is then.
async fn newcomer(world: &World, admin: &Actor, name: &str) -> (String, Actor) {
    let user = json!({"username": name, "displayName": "Người Mới", "password": "a long password"});
    let made = ask(world, Some(admin), USER_CREATE, user).await;
    let id = made["userCreate"]["user"]["id"].as_str().unwrap().to_owned();
    (id, signed_in(world, name, "a long password").await)
}

async fn signed_in(world: &World, name: &str, password: &str) -> Actor {
    let input = json!({"tenant": "quang_tri", "username": name, "password": password});
    let session = ask(world, None, SIGN_IN, input).await;
    let token = session["signIn"]["session"]["accessToken"].as_str().unwrap().to_owned();
    world.sessions.keys().read(&token, start()).unwrap()
}

#[tokio::test]
async fn nobody_is_told_nothing() {
    let world = world().await;
    assert_eq!(ask(&world, None, VIEWER, json!(null)).await, json!({"viewer": null}));
    let list = ask(&world, None, "{ users { nodes { id } } }", json!(null)).await;
    assert_eq!(list, json!({"errors": ["UNAUTHENTICATED"]}));
    let user = json!({"username": "x.y.z", "displayName": "X", "password": "a long password"});
    let refused = ask(&world, None, USER_CREATE, user).await;
    assert_eq!(refused, json!({"errors": ["UNAUTHENTICATED"]}));
}

#[tokio::test]
async fn a_session_begins_and_a_wrong_password_is_a_typed_error() {
    let world = world().await;
    let input =
        |password| json!({"tenant": "44", "username": "quang_tri.admin", "password": password});

    let session = ask(&world, None, SIGN_IN, input(PASSWORD)).await["signIn"]["session"].clone();
    let refused = ask(&world, None, SIGN_IN, input("wrong")).await["signIn"].clone();

    assert!(session["refreshToken"].as_str().unwrap().starts_with("rt_"));
    assert_eq!(session["expiresAt"], json!("2026-05-28T20:41:40.000Z"));
    assert_eq!(refused["session"], json!(null));
    assert_eq!(refused["errors"][0]["code"], json!("SIGN_IN_FAILED"));
    let renew = "mutation($input: SessionRefreshInput!) { sessionRefresh(input: $input) {
        session { accessToken } errors { code } } }";
    let end =
        "mutation($input: SignOutInput!) { signOut(input: $input) { signedOut errors { code } } }";
    let token = json!({"refreshToken": session["refreshToken"]});
    assert!(ask(&world, None, renew, token.clone()).await["sessionRefresh"]["session"].is_object());
    assert_eq!(ask(&world, None, end, token.clone()).await["signOut"]["signedOut"], json!(true));
    let ended = ask(&world, None, renew, token).await["sessionRefresh"]["errors"].clone();
    assert_eq!(ended, json!([{"code": "SESSION_EXPIRED"}]));
}

#[tokio::test]
async fn an_administrator_makes_users_and_the_list_shows_them() {
    let world = world().await;
    let admin = world.sign_in().await.actor;

    let (_, newcomer) = newcomer(&world, &admin, "quang_tri.new").await;

    let list = "{ users(where: {username: {neq: \"quang_tri.gone\"}, isActive: true},
        orderBy: [{displayName: {direction: DESC}}, {createdAt: {}}]) {
        totalCount nodes { username grants { role } } } }";
    let seen = ask(&world, Some(&admin), list, json!(null)).await["users"].clone();
    assert_eq!(seen["totalCount"], json!(2));
    assert_eq!(seen["nodes"][0]["username"], json!("quang_tri.admin"));
    assert_eq!(seen["nodes"][0]["grants"], json!([{"role": "TENANT_ADMINISTRATOR"}]));
    let viewer = ask(&world, Some(&newcomer), VIEWER, json!(null)).await["viewer"].clone();
    assert_eq!(viewer["displayName"], json!("Người Mới"));
    // Without any role: what everyone may do for oneself.
    assert_eq!(viewer["user"], json!({"username": "quang_tri.new"}));
    assert_eq!(viewer["permissions"], json!(["UserRead", "PasswordChange"]));
    for (name, password, code, place) in [
        ("quang_tri.new", "a long password", "ALREADY_EXISTS", "username"),
        ("a b", "a long password", "INVALID_FORMAT", "username"),
        ("quang_tri.other", "short", "PASSWORD_REJECTED", "password"),
    ] {
        let user = json!({"username": name, "displayName": "X", "password": password});
        let errors =
            ask(&world, Some(&admin), USER_CREATE, user).await["userCreate"]["errors"].clone();
        assert_eq!(errors, json!([{"code": code, "path": ["input", place]}]));
    }
    let user = json!({"username": "x.y.z", "displayName": "X", "password": "a long password"});
    let refused = ask(&world, Some(&newcomer), USER_CREATE, user).await["userCreate"].clone();
    assert_eq!(refused["errors"][0]["code"], json!("FORBIDDEN"));
}

#[tokio::test]
async fn a_role_is_given_held_and_taken_back_once() {
    let world = world().await;
    let admin = world.sign_in().await.actor;
    let (id, _) = newcomer(&world, &admin, "quang_tri.new").await;
    let give = json!({"userId": id, "role": "UNIT_HEAD", "unitId": Unit::node_id(UNIT)});

    let given = ask(&world, Some(&admin), GRANT_CREATE, give).await["grantCreate"]["grant"].clone();

    assert_eq!(given["unit"], json!({"name": "Quảng Trị"}));
    assert_eq!(given["user"], json!({"username": "quang_tri.new"}));
    assert_eq!((&given["validFrom"], &given["validTo"]), (&json!("2026-05-29"), &json!(null)));
    let holder = signed_in(&world, "quang_tri.new", "a long password").await;
    let viewer = ask(&world, Some(&holder), VIEWER, json!(null)).await["viewer"].clone();
    let held = json!([{"role": "UNIT_HEAD", "clusterId": null, "unit": {"name": "Quảng Trị"}}]);
    assert_eq!(viewer["grants"], held);
    assert_eq!(viewer["tenant"], json!({"slug": "quang_tri"}));
    assert!(viewer["permissions"].as_array().unwrap().contains(&json!("SubmissionSend")));
    let revoke = |version: i32| json!({"id": given["id"], "expectedVersion": version});
    let stale = ask(&world, Some(&admin), GRANT_REVOKE, revoke(7)).await["grantRevoke"].clone();
    assert_eq!(stale["errors"], json!([{"code": "CONFLICT"}]));
    let revoked = ask(&world, Some(&admin), GRANT_REVOKE, revoke(1)).await["grantRevoke"].clone();
    assert_eq!(revoked["grant"]["version"], json!(2));
    let again = ask(&world, Some(&admin), GRANT_REVOKE, revoke(2)).await["grantRevoke"].clone();
    assert_eq!(again["errors"], json!([{"code": "WRONG_STATE"}]));
    let after = signed_in(&world, "quang_tri.new", "a long password").await;
    assert!(after.grants.is_empty());
}

#[tokio::test]
async fn a_grant_that_does_not_fit_is_refused_and_leaves_nothing() {
    let world = world().await;
    let admin = world.sign_in().await.actor;
    let (id, _) = newcomer(&world, &admin, "quang_tri.new").await;
    let (unit, own) = (Unit::node_id(UNIT), User::node_id(ADMIN));
    let (strange, cluster) = (Unit::node_id(ADMIN), encode("Cluster", UNIT));
    for (give, code, place) in [
        (json!({"userId": own, "role": "AUDITOR"}), "FORBIDDEN", "userId"),
        (json!({"userId": unit, "role": "AUDITOR"}), "INVALID_ID", "userId"),
        (json!({"userId": User::node_id(UNIT), "role": "AUDITOR"}), "NOT_FOUND", "userId"),
        (json!({"userId": id, "role": "AUDITOR", "unitId": unit}), "GRANT_PLACE_INVALID", "role"),
        (json!({"userId": id, "role": "UNIT_HEAD"}), "GRANT_PLACE_INVALID", "role"),
        (json!({"userId": id, "role": "CLUSTER_DEPUTY"}), "GRANT_PLACE_INVALID", "role"),
        (json!({"userId": id, "role": "UNIT_HEAD", "unitId": strange}), "NOT_FOUND", "unitId"),
        (
            json!({"userId": id, "role": "CLUSTER_DEPUTY", "clusterId": cluster}),
            "NOT_FOUND",
            "clusterId",
        ),
        (
            json!({"userId": id, "role": "AUDITOR", "validFrom": "2026-02-01", "validTo": "2026-01-01"}),
            "PERIOD_REVERSED",
            "validTo",
        ),
        (
            json!({"userId": id, "role": "UNIT_HEAD", "unitId": unit, "validFrom": "2020-01-01"}),
            "NOT_IN_FORCE",
            "unitId",
        ),
    ] {
        let refused =
            ask(&world, Some(&admin), GRANT_CREATE, give.clone()).await["grantCreate"].clone();
        assert_eq!(refused["errors"], json!([{"code": code, "path": ["input", place]}]), "{give}");
    }
    let twice = json!({"userId": id, "role": "AUDITOR"});
    assert!(
        ask(&world, Some(&admin), GRANT_CREATE, twice.clone()).await["grantCreate"]["grant"]
            .is_object()
    );
    let refused =
        ask(&world, Some(&admin), GRANT_CREATE, twice).await["grantCreate"]["errors"].clone();
    assert_eq!(refused[0]["code"], json!("ALREADY_EXISTS"));
}

#[tokio::test]
async fn a_password_is_changed_by_one_who_knows_it() {
    let world = world().await;
    let admin = world.sign_in().await.actor;
    let change = |current, new| json!({"currentPassword": current, "newPassword": new});
    for (input, code, place) in [
        (change("wrong", "another password"), "SIGN_IN_FAILED", "currentPassword"),
        (change(PASSWORD, "short"), "PASSWORD_REJECTED", "newPassword"),
    ] {
        let refused =
            ask(&world, Some(&admin), PASSWORD_CHANGE, input).await["passwordChange"].clone();
        assert_eq!(refused["errors"], json!([{"code": code, "path": ["input", place]}]));
    }

    let input = change(PASSWORD, "another password");
    let changed = ask(&world, Some(&admin), PASSWORD_CHANGE, input).await["passwordChange"].clone();

    assert_eq!(changed["user"], json!({"version": 2}));
    assert_eq!(signed_in(&world, "quang_tri.admin", "another password").await.user, ADMIN);
    let same = change("another password", "another password");
    let refused = ask(&world, Some(&admin), PASSWORD_CHANGE, same).await["passwordChange"].clone();
    assert_eq!(refused["errors"][0]["code"], json!("PASSWORD_REJECTED"));
}

#[test]
fn everything_is_described() {
    let sdl = face().sdl();
    for name in
        ["type User ", "type Grant ", "type Viewer ", "type UserConnection ", "input UserWhere "]
    {
        assert!(sdl.contains(name), "{name}");
    }
}
