//! A change that carries a key is made once, however often it is asked for.

use std::collections::HashSet;
use std::thread;

use api::access::{Address, Database, sweep_answers};
use entity::role_grant::Role;
use entity::{kept_answer, submission, submission_document};
use harness::client::{Answer, Client};
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use harness::{cases, wait};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::assembly::with;
use crate::fitting::Fitting;
use crate::{operation, schema, way};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        every_mutation_answers_a_repeated_request_as_before,
        the_answer_is_the_one_that_was_given_then,
        another_input_is_a_conflict,
        a_key_belongs_to_a_user_and_one_request,
        equal_requests_at_once_are_one,
        different_requests_at_once_under_one_key_are_one,
        a_refusal_is_not_kept,
        who_lost_the_right_gets_no_kept_answer,
        a_key_is_forgotten_after_a_day,
        a_key_has_a_form,
        nothing_of_a_first_password_is_kept,
    ]
}

/// Mutations without a key: of sessions and passwords, whose input must not be kept even as a hash, and those
/// that may be repeated without harm.
const WITHOUT: [&str; 18] = [
    // A kept answer would hold a member and his vote together.
    "ballotCast",
    // A kept answer and its fingerprint would tell the votes of few on paper.
    "ballotPaperCountEnter",
    "externalSignIn",
    "externalSignInStart",
    "identityLink",
    "identityUnlink",
    "secondFactorConfirm",
    "secondFactorEnrol",
    "secondFactorReset",
    "signInConfirm",
    "signInSettingUpdate",
    "signIn",
    "sessionRefresh",
    "signOut",
    "passwordChange",
    "userDeactivate",
    "userReactivate",
    "sessionsRevoke",
];

const SEVERAL: [Role; 7] = [
    Role::StandingOfficer,
    Role::UnitOfficer,
    Role::ProvinceChair,
    Role::ClusterCoordinator,
    Role::TenantAdministrator,
    Role::CouncilSecretary,
    Role::CouncilMember,
];

fn key() -> String {
    Id::new("key").to_string()
}

fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

fn titled(world: &World, title: &str) -> usize {
    let titled = Condition::all().add(submission::Column::Title.eq(title));
    world.ground.rows::<submission::Entity>(titled).unwrap().len()
}

/// A submission to create under a key.
fn wish(world: &World, title: &str, key: &str) -> Value {
    json!({ "unitId": world.a.office, "title": title, "year": 2026, "idempotencyKey": key })
}

fn every_mutation_answers_a_repeated_request_as_before(stage: &Stage) {
    let server = stage.server();
    let (mut asked, mut bare) = (0, HashSet::new());
    for field in schema::mutations() {
        if WITHOUT.contains(&field.as_str()) || !operation_takes_key(&field) {
            bare.insert(field);
            continue;
        }
        let world = World::on(&server);
        let (client, input, first) = once(&server, &world, &field);
        let before = events(&world);

        let second = run(&client, &field, &input).ok();

        assert_eq!(second, first, "{field}");
        assert_eq!(events(&world), before, "{field}: nothing is done again");
        asked += 1;
    }
    assert!(asked > 25, "{asked}");
    let known: Vec<_> = bare.iter().filter(|field| !WITHOUT.contains(&field.as_str())).collect();
    assert!(known.is_empty(), "no key: {known:?}");
}

/// Does it under a key: who could, with which input, and what was answered.
fn once(server: &Server, world: &World, field: &str) -> (Client, Value, Value) {
    let keyed = |input: Value| with(input, &json!({ "idempotencyKey": key() }));
    if let Some((client, input)) = way::to(server, world, field) {
        let input = keyed(input);
        let first = run(&client, field, &input).ok();
        return (client, input, first);
    }
    let mut fitting = Fitting::new(world, &world.a);
    if let Some(state) = Fitting::state(field) {
        fitting.submission = world.submission(&world.a, state);
    }
    let input = keyed(fitting.inputs(field).remove(0));
    let mut clients = SEVERAL.iter().map(|role| world.a.sign_in(server, *role));
    let first = clients.find_map(|client| {
        let answer = run(&client, field, &input);
        let is_done = answer.top_codes().is_empty() && answer.payload_codes().is_empty();
        is_done.then(|| (client, answer.ok()))
    });
    let (client, first) = first.unwrap_or_else(|| panic!("{field}: nobody may"));
    (client, input, first)
}

fn operation_takes_key(field: &str) -> bool {
    let input = format!("input {}Input {{", operation::pascal(field));
    let sdl = api::app::sdl();
    let kinds = [
        input,
        "input SubmissionStepInput {".to_owned(),
        "input SubmissionReasonInput {".to_owned(),
    ];
    let is_step = !sdl.contains(&kinds[0]);
    let start = if is_step { &kinds[1] } else { &kinds[0] };
    let Some((_, body)) = sdl.split_once(start) else { return false };
    body.split_once("\n}").is_some_and(|(body, _)| body.contains("idempotencyKey"))
}

fn events(world: &World) -> usize {
    let of = Condition::all().add(entity::audit_event::Column::TenantId.eq(world.a.id.uuid));
    world.ground.rows::<entity::audit_event::Entity>(of).unwrap().len()
}

/// Others have gone on meanwhile; the one who repeats is told what he would have been told.
fn the_answer_is_the_one_that_was_given_then(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let submission = world.submission(&world.a, submission::State::Draft);
    let (mine, theirs) = (key(), key());
    let send = json!({ "id": submission.id, "expectedVersion": 1, "idempotencyKey": mine });
    let first = run(&office, "submissionSend", &send).ok();
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let receive = json!({ "id": submission.id, "expectedVersion": 2, "idempotencyKey": theirs });
    run(&officer, "submissionReceive", &receive).ok();

    let again = run(&office, "submissionSend", &send).ok();

    let told = |data: &Value| {
        let sent = &data["submissionSend"]["submission"];
        (sent["state"].clone(), sent["version"].clone(), sent["sentAt"].clone())
    };
    assert_eq!(told(&again), told(&first));
    assert_eq!(told(&again).0, "SENT");
    let bare = json!({ "id": submission.id, "expectedVersion": 1 });
    run(&office, "submissionSend", &bare).refused("CONFLICT");
}

fn another_input_is_a_conflict(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let (key, title) = (key(), format!("Khóa {}", world.a.canary));
    let first = wish(&world, &title, &key);
    run(&office, "submissionCreate", &first).ok();

    for (name, value) in [("title", json!("Khác")), ("note", json!("x")), ("year", json!(2025))] {
        let mut other = first.clone();
        other[name] = value;
        run(&office, "submissionCreate", &other).refused("IDEMPOTENCY_CONFLICT");
    }

    assert_eq!(titled(&world, &title), 1);
    assert_eq!(titled(&world, "Khác"), 0);
    // The same words in the document itself instead of its variables are the same input.
    let document = format!(
        "mutation {{ submissionCreate(input: {{ year: 2026, title: \"{title}\", idempotencyKey: \"{key}\", unitId: \"{}\" }}) {{ submission {{ title version }} errors {{ code }} }} }}",
        world.a.office
    );
    let again = office.run(&document, json!({})).ok();
    assert_eq!(again["submissionCreate"]["submission"], json!({ "title": title, "version": 1 }));
    assert_eq!(titled(&world, &title), 1);
}

fn a_key_belongs_to_a_user_and_one_request(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let (key, title) = (key(), format!("Khóa chung {}", world.a.canary));
    let input = wish(&world, &title, &key);
    let mut ids = HashSet::new();
    for role in [Role::UnitOfficer, Role::UnitHead] {
        let client = world.a.sign_in(&server, role);
        for _ in 0..2 {
            let data = run(&client, "submissionCreate", &input).ok();
            ids.insert(data["submissionCreate"]["submission"]["id"].to_string());
        }
        let id = &ids.iter().next().unwrap().trim_matches('"').to_owned();
        let document = json!({
            "title": "Tờ trình", "fileName": "a.pdf", "mediaType": "application/pdf",
            "sizeBytes": "1", "sha256": "a".repeat(64),
        });
        let add = json!({ "submissionId": id, "document": document, "idempotencyKey": key });
        run(&client, "documentAdd", &add).refused("IDEMPOTENCY_CONFLICT");
        let other = Id::new("key").to_string();
        run(&client, "documentAdd", &with(add, &json!({ "idempotencyKey": other }))).ok();
    }
    assert_eq!((ids.len(), titled(&world, &title)), (2, 2), "one for each user");
    // A stranger with the same key learns nothing and takes nothing.
    let stranger = world.b.sign_in(&server, Role::UnitOfficer);
    run(&stranger, "submissionCreate", &input).refused("NOT_FOUND");
}

fn equal_requests_at_once_are_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    for round in 0..5 {
        let title = format!("Cùng lúc {round} {}", world.a.canary);
        let input = wish(&world, &title, &key());

        let answers: HashSet<String> = thread::scope(|scope| {
            let ask = || scope.spawn(|| run(&office, "submissionCreate", &input).ok().to_string());
            let asked: Vec<_> = (0..8).map(|_| ask()).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });

        assert_eq!((answers.len(), titled(&world, &title)), (1, 1), "{answers:?}");
    }
}

fn different_requests_at_once_under_one_key_are_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let submission = world.submission(&world.a, submission::State::Draft);
    for round in 0..10 {
        let (key, title) = (key(), format!("Khác nhau {round} {}", world.a.canary));
        let create = wish(&world, &title, &key);
        let other = wish(&world, &format!("{title} (khác)"), &key);
        let document = json!({
            "title": title, "fileName": "a.pdf", "mediaType": "application/pdf",
            "sizeBytes": "1", "sha256": format!("{round:064x}"),
        });
        let add =
            json!({ "submissionId": submission.id, "document": document, "idempotencyKey": key });
        let asked =
            [("submissionCreate", &create), ("documentAdd", &add), ("submissionCreate", &other)];

        let refused: Vec<_> = thread::scope(|scope| {
            let office = &office;
            let asked = asked.map(|(field, input)| {
                scope.spawn(move || run(office, field, input).payload_codes())
            });
            asked
                .into_iter()
                .map(|one| one.join().unwrap())
                .filter(|codes| !codes.is_empty())
                .collect()
        });

        assert_eq!(refused, [["IDEMPOTENCY_CONFLICT"], ["IDEMPOTENCY_CONFLICT"]], "round {round}");
        let of = Condition::all().add(submission_document::Column::Title.eq(&title));
        let added = world.ground.rows::<submission_document::Entity>(of).unwrap().len();
        let created = titled(&world, &title) + titled(&world, &format!("{title} (khác)"));
        assert_eq!(added + created, 1, "round {round}: one of them is done");
    }
}

fn a_refusal_is_not_kept(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let submission = world.submission(&world.a, submission::State::Draft);
    let receive = json!({ "id": submission.id, "expectedVersion": 2, "idempotencyKey": key() });
    run(&officer, "submissionReceive", &receive).refused("CONFLICT");
    let send = json!({ "id": submission.id, "expectedVersion": 1 });
    run(&office, "submissionSend", &send).ok();

    let done = run(&officer, "submissionReceive", &receive).ok();

    assert_eq!(done["submissionReceive"]["submission"]["state"], "RECEIVED");
}

fn who_lost_the_right_gets_no_kept_answer(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let person = world.a.person(Role::UnitOfficer);
    let sign_in = || server.client().sign_in(&person.tenant, &person.username, PASSWORD);
    let input = wish(&world, &format!("Mất quyền {}", world.a.canary), &key());
    run(&sign_in(), "submissionCreate", &input).ok();
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let another = json!({ "userId": person.id, "role": "AUDITOR" });
    run(&administrator, "grantCreate", &another).ok();
    run(&sign_in(), "submissionCreate", &input).ok();
    let grant = json!({ "id": person.grant, "expectedVersion": 1 });
    run(&administrator, "grantRevoke", &grant).ok();

    run(&sign_in(), "submissionCreate", &input).refused("FORBIDDEN");
}

fn a_key_is_forgotten_after_a_day(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let title = format!("Hôm qua {}", world.a.canary);
    let input = wish(&world, &title, &key());
    let id = |answer: Answer| answer.ok()["submissionCreate"]["submission"]["id"].clone();
    let first = id(run(&office, "submissionCreate", &input));
    assert_eq!(id(run(&office, "submissionCreate", &input)), first);
    let kept = || {
        let of = Condition::all().add(kept_answer::Column::TenantId.eq(world.a.id.uuid));
        world.ground.rows::<kept_answer::Entity>(of).unwrap()
    };
    let age = |ground: &Ground| {
        let day = if ground.is_postgres() {
            "at - interval '25 hours'"
        } else {
            "datetime(at, '-25 hours') || '+00:00'"
        };
        let id = kept()[0].id.simple().to_string();
        let id = if ground.is_postgres() { format!("'{id}'") } else { format!("x'{id}'") };
        ground.query(&format!("UPDATE kept_answer SET at = {day} WHERE id = {id}")).unwrap();
    };
    age(&world.ground);

    assert_ne!(id(run(&office, "submissionCreate", &input)), first, "made anew");
    assert_eq!(kept().len(), 1, "the old one made place");
    age(&world.ground);
    let address = Address { url: server.database_url().unwrap(), connections: 1 };
    let database = wait(Database::open(&address)).unwrap();
    let removed = wait(sweep_answers(&database, api::app::now()));
    assert!(removed.is_ok_and(|rows| rows >= 1) && kept().is_empty());
    assert_eq!(titled(&world, &title), 2);
}

fn a_key_has_a_form(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let long = "k".repeat(101);
    for (key, code) in [("", "REQUIRED"), (&long, "TOO_LONG"), ("a b", "INVALID_FORMAT")] {
        run(&office, "submissionCreate", &wish(&world, "Khóa sai", key)).refused(code);
    }
    run(&office, "submissionCreate", &wish(&world, "Khóa dài", &long[1..])).ok();
}

fn nothing_of_a_first_password_is_kept(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let key = key();
    let input = |password: &str| {
        json!({
            "username": "nguoi.moi", "displayName": "Người mới (mẫu)", "password": password,
            "idempotencyKey": key,
        })
    };

    let first = run(&administrator, "userCreate", &input("một mật khẩu mới dài")).ok();
    let again = run(&administrator, "userCreate", &input("một mật khẩu khác dài")).ok();

    assert_eq!(first, again);
    let of_key = Condition::all().add(kept_answer::Column::Key.eq(&key));
    let kept = world.ground.rows::<kept_answer::Entity>(of_key).unwrap().remove(0);
    let words = format!("{} {}", kept.answer, kept.fingerprint);
    assert!(!words.contains("argon2") && !words.contains("password"), "{words}");
    let mut other = input("một mật khẩu mới dài");
    other["displayName"] = json!("Người khác (mẫu)");
    run(&administrator, "userCreate", &other).refused("IDEMPOTENCY_CONFLICT");
}
