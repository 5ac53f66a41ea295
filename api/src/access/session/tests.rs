//! Sign-in, throttle and chains of refresh tokens on a real database.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;

use entity::role_grant::Role;
use entity::{audit_event, refresh_token, sign_in_throttle};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, QueryOrder};

use super::world::{ADMIN, PASSWORD, TENANT, World, day, input, request, session, start, world};
use super::*;
use crate::access::gate::find;
use crate::access::{Act, Grant};

fn fault<T>(result: Result<T>) -> Option<Fault> {
    match result {
        Err(Error::Fault(fault)) => Some(*fault),
        Ok(_) | Err(Error::Unauthenticated | Error::Broken(_)) => None,
    }
}

fn code<T>(result: Result<T>) -> Option<Code> {
    fault(result).map(|fault| fault.code)
}

async fn try_in(world: &World, password: &str, minutes: i64) -> Result<Session> {
    let input = input("quang_tri", "quang_tri.admin", password);
    world.sessions.sign_in(input, None, &request(minutes, None)).await.map(session)
}

pub(super) async fn renew(world: &World, token: &str, minutes: i64) -> Result<String> {
    let session = world.sessions.refresh(token, &request(minutes, None)).await?;
    Ok(session.refresh_token)
}

/// Tokens that could still be used.
async fn live(world: &World) -> usize {
    let rows = find::<refresh_token::Entity>().all(world.database.pool()).await.unwrap();
    rows.iter().filter(|row| row.used_at.is_none() && row.revoked_at.is_none()).count()
}

async fn acts(world: &World) -> Vec<String> {
    let select = find::<audit_event::Entity>().order_by_asc(audit_event::Column::Id);
    let rows = select.all(world.database.pool()).await.unwrap();
    rows.into_iter().map(|row| row.act).collect()
}

#[tokio::test]
async fn a_sign_in_carries_the_grants_of_the_day() {
    let world = world().await;
    world.grant(Role::Auditor, (day(2025), Some(day(2027))), None).await;
    world.grant(Role::CouncilSecretary, (day(2030), None), None).await;
    world.grant(Role::StandingOfficer, (day(2020), Some(day(2021))), None).await;
    world.grant(Role::ProvinceChair, (day(2025), None), Some(start())).await;

    let session = world.sign_in().await;

    let held = |role| Grant { id: None, role, unit: None, cluster: None, council: None };
    let grants = session.actor.grants.clone().into_iter().map(|grant| {
        assert!(grant.id.is_some(), "audit entries name it");
        Grant { id: None, ..grant }
    });
    let grants: Vec<Grant> = grants.collect();
    assert_eq!(grants, [held(Role::TenantAdministrator), held(Role::Auditor)]);
    assert_eq!((session.actor.user, session.actor.tenant), (ADMIN, TENANT));
    assert_eq!(world.sessions.keys().read(&session.access_token, start()), Ok(session.actor));
    assert_eq!(acts(&world).await, ["SignIn"]);
    let stored = find::<refresh_token::Entity>().one(world.database.pool()).await.unwrap().unwrap();
    assert_ne!(stored.token_hash, session.refresh_token);
}

#[tokio::test]
async fn a_tenant_is_named_by_slug_or_present_code() {
    let world = world().await;
    for (tenant, username) in [
        ("quang_tri", "quang_tri.admin"),
        (" Quang_Tri ", "QUANG_TRI.ADMIN "),
        ("44", "quang_tri.admin"),
        ("qt-new", "quang_tri.admin"),
    ] {
        let session = world
            .sessions
            .sign_in(input(tenant, username, PASSWORD), None, &request(0, None))
            .await;
        assert!(session.is_ok(), "{tenant} {username}");
    }
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_and_the_work_are_the_same() {
    let world = world().await;
    let mut seen = Vec::new();
    for (tenant, username, password) in [
        ("quang_tri", "quang_tri.admin", "wrong"),
        ("quang_tri", "quang_tri.gone", PASSWORD),
        ("quang_tri", "nobody", PASSWORD),
        ("nowhere", "quang_tri.admin", PASSWORD),
        ("quang_binh", "quang_binh.former", PASSWORD),
        ("", "", ""),
        ("quang\u{0}tri", "a\u{0}b", PASSWORD),
    ] {
        let request = request(0, None);
        let peer = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let answer =
            world.sessions.sign_in(input(tenant, username, password), peer, &request).await;
        seen.push((fault(answer), request.statements.load(Ordering::Relaxed)));
    }

    assert_eq!(seen[0].0.as_ref().unwrap().code, Code::SignInFailed);
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert!(acts(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_bounded_even_when_they_come_at_once() {
    let world = world().await;

    let answers = join_all((0..16).map(|_| try_in(&world, "wrong", 0))).await;

    let failed = answers.into_iter().filter_map(code).filter(|code| *code == Code::SignInFailed);
    assert_eq!(failed.count(), 10);
    let row = find::<sign_in_throttle::Entity>().one(world.database.pool()).await.unwrap().unwrap();
    assert_eq!(row.failures, 10);
    let waits = fault(try_in(&world, PASSWORD, 14).await).unwrap();
    assert_eq!(
        (waits.code, waits.parameters),
        (Code::SignInThrottled, vec![("seconds", "60".to_owned())])
    );
    assert!(try_in(&world, PASSWORD, 15).await.is_ok());
}

#[tokio::test]
async fn an_account_that_does_not_exist_waits_as_well() {
    let world = world().await;
    let guess = || async {
        let guess = input("quang_tri", "nobody", "wrong");
        code(world.sessions.sign_in(guess, None, &request(0, None)).await)
    };
    for _ in 0..10 {
        assert_eq!(guess().await, Some(Code::SignInFailed));
    }
    assert_eq!(guess().await, Some(Code::SignInThrottled));
    assert!(try_in(&world, PASSWORD, 0).await.is_ok(), "others do not wait");
}

#[tokio::test]
async fn a_right_password_is_not_counted_and_wipes_nothing() {
    let world = world().await;
    for _ in 0..9 {
        assert_eq!(code(try_in(&world, "wrong", 0).await), Some(Code::SignInFailed));
        assert!(try_in(&world, PASSWORD, 0).await.is_ok());
    }
    assert_eq!(code(try_in(&world, "wrong", 1).await), Some(Code::SignInFailed));
    assert_eq!(code(try_in(&world, PASSWORD, 1).await), Some(Code::SignInThrottled));
}

#[tokio::test]
async fn what_was_never_compared_changes_no_counter() {
    let world = world().await;
    for _ in 0..10 {
        assert_eq!(code(try_in(&world, "wrong", 0).await), Some(Code::SignInFailed));
    }
    let counter = async || {
        find::<sign_in_throttle::Entity>().one(world.database.pool()).await.unwrap().unwrap()
    };
    let before = counter().await;
    let request = request(16, None);
    let attempt = Attempt::new(&TENANT.to_string(), "quang_tri.admin", None);
    let trial = Trial { attempt, request: &request };

    let attempted = trial.count(&world.sessions).await.unwrap();
    assert_eq!(counter().await.failures, 11);
    trial.was_not_compared(&attempted, &world.sessions).await.unwrap();

    assert_eq!(counter().await, before, "neither forgiven nor made to wait again");
    assert_eq!(code(try_in(&world, "wrong", 16).await), Some(Code::SignInFailed));
    assert_eq!(code(try_in(&world, PASSWORD, 17).await), Some(Code::SignInThrottled));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_bounded_over_all_accounts() {
    let world = world().await;
    let count = async |name: &str, peer: [u8; 4], minutes: i64| {
        let request = request(minutes, None);
        let work = world.sessions.work(&request).await.unwrap();
        let attempt = Attempt::new("quang_tri", name, Some(IpAddr::from(peer)));
        attempt.count(request.now, &work.connection()).await?;
        work.commit().await
    };
    for batch in 0..5 {
        let names: Vec<String> = (0..10).map(|index| format!("name-{batch}-{index}")).collect();
        let counted = join_all(names.iter().map(|name| count(name, [203, 0, 113, 7], 0))).await;
        assert!(counted.iter().all(Result::is_ok));
    }
    assert_eq!(code(count("another", [203, 0, 113, 8], 0).await), Some(Code::SignInThrottled));
    assert!(count("another", [203, 0, 114, 8], 0).await.is_ok());
    assert!(count("another", [203, 0, 113, 8], 15).await.is_ok());
}

#[tokio::test]
async fn a_session_is_renewed_with_the_grants_of_today() {
    let world = world().await;
    let first = world.sign_in().await;
    world.grant(Role::Auditor, (day(2025), None), None).await;

    let second =
        world.sessions.refresh(&first.refresh_token, &request(10, None)).await.ok().unwrap();

    assert_eq!(second.actor.grants.len(), 2);
    assert_eq!(second.actor.family, first.actor.family);
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(live(&world).await, 1);
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let world = world().await;
    let first = world.sign_in().await.refresh_token;
    let lost = renew(&world, &first, 1).await.unwrap();

    let second = renew(&world, &first, 2).await.unwrap();

    assert_ne!(lost, second);
    assert_eq!(live(&world).await, 1);
    assert!(renew(&world, &second, 3).await.is_ok());
    assert_eq!(acts(&world).await, ["SignIn"]);
}

#[tokio::test]
async fn a_token_that_two_hold_ends_the_session() {
    for brings_superseded in [false, true] {
        let world = world().await;
        let first = world.sign_in().await.refresh_token;
        let other = world.sign_in().await.refresh_token;
        let second = renew(&world, &first, 1).await.unwrap();
        let third =
            renew(&world, if brings_superseded { &first } else { &second }, 2).await.unwrap();

        let stolen = if brings_superseded { &second } else { &first };
        let answer = renew(&world, stolen, 3).await;

        assert_eq!(code(answer), Some(Code::SessionExpired));
        assert_eq!(code(renew(&world, &third, 4).await), Some(Code::SessionExpired));
        assert_eq!(acts(&world).await, ["SignIn", "SignIn", "SessionReuse"], "told once");
        assert!(renew(&world, &other, 5).await.is_ok(), "another session goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_renewals_at_once_one_token_remains() {
    let world = world().await;
    let first = world.sign_in().await.refresh_token;

    let answers = join_all((0..8).map(|_| renew(&world, &first, 1))).await;

    let tokens: HashSet<String> = answers.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(tokens.len(), 8);
    assert_eq!(live(&world).await, 1);
}

#[tokio::test]
async fn a_token_ends_with_its_time_and_its_user() {
    let world = world().await;
    let token = world.sign_in().await.refresh_token;
    let month = 30 * 24 * 60;
    assert_eq!(code(renew(&world, &token, month).await), Some(Code::SessionExpired));
    for stranger in ["", "rt_", "rt_AAAA", "đ", &"x".repeat(10_000)] {
        assert_eq!(code(renew(&world, stranger, 0).await), Some(Code::SessionExpired));
    }
    let token = renew(&world, &token, month - 1).await.unwrap();
    let sql = "UPDATE account SET is_active = false";
    world.database.pool().execute_unprepared(sql).await.unwrap();
    assert_eq!(code(renew(&world, &token, month).await), Some(Code::SessionExpired));
}

#[tokio::test]
async fn signing_out_ends_one_session_and_tells_nothing() {
    let world = world().await;
    let (first, other) = (world.sign_in().await.refresh_token, world.sign_in().await.refresh_token);
    let second = renew(&world, &first, 1).await.unwrap();

    for token in [first.as_str(), first.as_str(), "rt_unknown", ""] {
        assert!(world.sessions.sign_out(token, &request(2, None)).await.is_ok());
    }

    assert_eq!(code(renew(&world, &second, 3).await), Some(Code::SessionExpired));
    assert!(renew(&world, &other, 3).await.is_ok());
    assert_eq!(acts(&world).await, ["SignIn", "SignIn", "SignOut"]);
}

#[tokio::test]
async fn other_sessions_end_and_old_rows_are_swept() {
    let world = world().await;
    let (mine, other) = (world.sign_in().await, world.sign_in().await);
    let gate = world.gate(request(1, Some(mine.actor.clone())));

    let tx = gate.begin(Act::PasswordChange).await.unwrap();
    assert_eq!(tx.end_other_sessions().await.unwrap(), 1);
    tx.commit(()).await.unwrap();

    assert_eq!(code(renew(&world, &other.refresh_token, 2).await), Some(Code::SessionExpired));
    assert!(renew(&world, &mine.refresh_token, 2).await.is_ok());
    assert_eq!(world.sessions.sweep(&request(3, None)).await.unwrap(), 0);
    assert_eq!(world.sessions.sweep(&request(32 * 24 * 60, None)).await.unwrap(), 5);
}
