//! Quotas: what is taken when a submission is sent, what is over and for whom, and what comes back.

use std::thread;
use std::time::Duration;

use entity::quota_entry;
use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveEnum, ColumnTrait};
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_quota_is_reserved_consumed_and_given_back,
        a_decision_uses_up_what_was_reserved,
        a_list_of_another_year_takes_of_that_year,
        a_share_is_taken_of_the_advanced_labourers,
        a_share_counts_the_registry_and_every_list_of_the_year,
        a_quota_of_a_commendation_leaves_others_alone,
        a_waiver_needs_a_right_and_a_reason,
        what_only_warns_is_shown_and_sent,
        senders_at_once_never_take_more_than_there_is,
        a_ledger_says_what_the_steps_left,
        a_quota_that_names_nobody_costs_nothing,
    ]
}

pub(crate) fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

pub(crate) fn quota(officer: &Client, more: &Value) -> Value {
    let mut input = json!({
        "awardTypeCode": "BASE_EMULATION_FIGHTER", "base": "COUNT", "citation": "Quy chế",
        "validFrom": "2024-01-01",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run(officer, "quotaCreate", &input).ok()["quotaCreate"]["quota"].clone()
}

pub(crate) fn award(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// A draft with so many nominees for a grassroots fighter and so many for an advanced labourer.
pub(crate) fn draft(
    world: &World,
    client: &Client,
    (fighters, labourers): (usize, usize),
) -> Value {
    let codes = [("BASE_EMULATION_FIGHTER", fighters), ("ADVANCED_LABOURER", labourers)];
    let mut nominees = Vec::new();
    for (code, count) in codes {
        let award = award(client, code);
        for number in 1..=count {
            let name = format!("{code} {number}");
            nominees.push(json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": award }));
        }
    }
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR, "nominees": nominees,
    });
    run(client, "submissionCreate", &input).ok()["submissionCreate"]["submission"].clone()
}

pub(crate) fn step(client: &Client, field: &str, submission: &Value, version: i32) -> Answer {
    let mut input = json!({ "id": submission["id"], "expectedVersion": version });
    if field == "submissionReturn" {
        input["reason"] = json!("Thiếu minh chứng");
    }
    run(client, field, &input)
}

/// How its entries stand.
pub(crate) fn states(world: &World, quota: &Value) -> Vec<String> {
    let (_, id) = api::scalar::decode(quota["id"].as_str().unwrap()).unwrap();
    let of = Condition::all().add(quota_entry::Column::QuotaId.eq(id));
    let rows = world.ground.rows::<quota_entry::Entity>(of).unwrap();
    let mut states: Vec<String> = rows.iter().map(|row| row.state.to_value()).collect();
    states.sort();
    states
}

/// What is reserved and consumed of a quota.
pub(crate) fn taken(world: &World, quota: &Value) -> i32 {
    let (_, id) = api::scalar::decode(quota["id"].as_str().unwrap()).unwrap();
    let of = Condition::all()
        .add(quota_entry::Column::QuotaId.eq(id))
        .add(quota_entry::Column::State.ne(quota_entry::State::Released));
    let rows = world.ground.rows::<quota_entry::Entity>(of).unwrap();
    let takes = |row: &quota_entry::Model| {
        if row.state == quota_entry::State::Returned { -row.amount } else { row.amount }
    };
    rows.iter().map(takes).sum()
}

fn a_quota_is_reserved_consumed_and_given_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = quota(&officer, &json!({ "most": 3 }));
    let first = draft(&world, &office, (2, 0));

    step(&office, "submissionSend", &first, 1).ok();
    assert_eq!(taken(&world, &quota), 2);
    let second = draft(&world, &office, (2, 0));
    let preview =
        office.run(operation::text("quotaPreview"), json!({ "submissionId": second["id"] }));
    let preview = preview.ok()["quotaPreview"][0].clone();
    assert_eq!(
        (&preview["limit"], &preview["taken"], &preview["asked"]),
        (&json!(3), &json!(2), &json!(2))
    );
    assert_eq!(preview["overNames"], json!(["BASE_EMULATION_FIGHTER 2"]));
    assert_eq!((&preview["base"], &preview["whyUnknown"]), (&Value::Null, &Value::Null));
    let refused = step(&office, "submissionSend", &second, 1).refused("QUOTA_EXCEEDED");
    let message = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("BASE_EMULATION_FIGHTER 2") && message.contains('1'), "{message}");
    assert_eq!(taken(&world, &quota), 2, "a refusal takes nothing");

    step(&office, "submissionRecall", &first, 2).ok();
    assert_eq!(taken(&world, &quota), 0, "taken back");
    step(&office, "submissionSend", &second, 1).ok();
    step(&office, "submissionSend", &first, 3).refused("QUOTA_EXCEEDED");
    step(&officer, "submissionReceive", &second, 2).ok();
    step(&officer, "submissionReturn", &second, 3).ok();
    assert_eq!(taken(&world, &quota), 0, "returned");
    step(&office, "submissionSend", &first, 3).ok();
    step(&officer, "submissionReceive", &first, 4).ok();
    step(&officer, "submissionAppraise", &first, 5).ok();
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    step(&chair, "submissionApprove", &first, 6).ok();
    assert_eq!(taken(&world, &quota), 2, "approved, and not given yet");
    assert_eq!(states(&world, &quota), ["RELEASED", "RESERVED"]);
    step(&office, "submissionSend", &second, 4).refused("QUOTA_EXCEEDED");
}

fn a_decision_uses_up_what_was_reserved(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let quota = quota(&officer, &json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 2 }));
    let nominee = json!({
        "kind": "INDIVIDUAL", "name": "Người được khen", "subjectId": world.a.subject,
        "awardTypeId": award(&office, "LETTER_DEPARTMENT"),
    });
    let input = json!({
        "unitId": world.a.office, "title": "Giấy khen", "year": YEAR, "nominees": [nominee],
    });
    let list = run(&office, "submissionCreate", &input).ok();
    let list = list["submissionCreate"]["submission"].clone();
    step(&office, "submissionSend", &list, 1).ok();
    step(&officer, "submissionReceive", &list, 2).ok();
    step(&officer, "submissionAppraise", &list, 3).ok();
    step(&chair, "submissionApprove", &list, 4).ok();
    assert_eq!(states(&world, &quota), ["RESERVED"]);

    let today = crate::assembly::today();
    let decision = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": today },
        "submissionIds": [list["id"]],
    });
    run(&head, "decisionIssue", &decision).ok();

    assert_eq!(states(&world, &quota), ["CONSUMED"]);
    assert_eq!(taken(&world, &quota), 1);
}

fn a_list_of_another_year_takes_of_that_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    quota(&officer, &json!({ "most": 1 }));
    let (one, other) = (draft(&world, &office, (1, 0)), draft(&world, &office, (1, 0)));
    step(&office, "submissionSend", &one, 1).ok();
    step(&office, "submissionRecall", &one, 2).ok();

    let moved = json!({ "id": one["id"], "expectedVersion": 3, "year": YEAR + 1 });
    run(&office, "submissionUpdate", &moved).ok();
    step(&office, "submissionSend", &one, 4).ok();

    step(&office, "submissionSend", &other, 1).ok();
    let third = draft(&world, &office, (1, 0));
    step(&office, "submissionSend", &third, 1).refused("QUOTA_EXCEEDED");
}

fn a_share_is_taken_of_the_advanced_labourers(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota =
        quota(&officer, &json!({ "base": "ADVANCED", "sharePercent": 15, "unitKind": "OFFICE" }));

    let over = draft(&world, &office, (4, 20));
    step(&office, "submissionSend", &over, 1).refused("QUOTA_EXCEEDED");
    let just = draft(&world, &office, (3, 20));
    step(&office, "submissionSend", &just, 1).ok();

    assert_eq!(taken(&world, &quota), 3);
    let wrong = json!({
        "awardTypeCode": "BASE_EMULATION_FIGHTER", "base": "ADVANCED", "most": 3, "citation": "Quy chế",
        "validFrom": "2024-01-01",
    });
    run(&officer, "quotaCreate", &wrong).refused("INVALID_COMBINATION");
    run(&office, "quotaCreate", &wrong).refused("INVALID_COMBINATION");
}

#[expect(clippy::too_many_lines, reason = "one story from beginning to end")]
fn a_share_counts_the_registry_and_every_list_of_the_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let limit = |draft: &Value| {
        let asked = json!({ "submissionId": draft["id"] });
        office.run(operation::text("quotaPreview"), asked).ok()["quotaPreview"].clone()
    };
    let of_advanced = quota(&officer, &json!({ "base": "ADVANCED", "sharePercent": 50 }));
    quota(
        &officer,
        &json!({
            "awardTypeCode": "LETTER_DEPARTMENT", "base": "NOMINEES", "sharePercent": 50,
            "subjectKind": "INDIVIDUAL",
        }),
    );

    let labourer = award(&office, "ADVANCED_LABOURER");
    let given = json!({
        "subjectId": world.a.subject, "awardTypeId": labourer, "countingFrom": YEAR,
    });
    let paper = json!({ "symbol": "QĐ-VP", "decidedOn": "2026-06-30" });
    let decision = json!({ "unitId": world.a.office, "paper": paper, "awards": [given] });
    run(&head, "decisionIssue", &decision).ok();
    let list = draft(&world, &office, (1, 1));

    // One in the registry, one proposed, and one proposed for more.
    let shown = limit(&list);
    assert_eq!((&shown[0]["base"], &shown[0]["limit"]), (&json!(3), &json!(1)), "{shown}");

    let letter = award(&office, "LETTER_DEPARTMENT");
    let letters = |kinds: &[&str]| {
        let nominee = |kind: &&str| json!({ "kind": kind, "name": kind, "awardTypeId": letter });
        let input = json!({
            "unitId": world.a.office, "title": "Giấy khen", "year": YEAR,
            "nominees": kinds.iter().map(nominee).collect::<Vec<_>>(),
        });
        run(&office, "submissionCreate", &input).ok()["submissionCreate"]["submission"].clone()
    };
    let base = |draft: &Value| limit(draft)[0]["base"].as_i64().unwrap();
    let (one, more) =
        (letters(&["INDIVIDUAL"]), letters(&["INDIVIDUAL", "COLLECTIVE", "INDIVIDUAL"]));
    let before = base(&one);
    assert_eq!(
        base(&more),
        before + 1,
        "the collective is of another kind, a draft is not counted"
    );
    step(&office, "submissionSend", &list, 1).ok();
    assert_eq!(taken(&world, &of_advanced), 1);
    assert_eq!(base(&one), before + 2, "what was sent counts");
    let shown = limit(&more)[0].clone();
    assert_eq!((&shown["asked"], &shown["base"]), (&json!(2), &json!(before + 3)));
    assert_eq!(shown["limit"], (before + 3) * 50 / 100, "half of it, rounded down");
}

fn a_quota_of_a_commendation_leaves_others_alone(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = json!({
        "awardTypeCode": "LETTER_DEPARTMENT", "most": 1, "commendationType": "MOVEMENT",
    });
    quota(&officer, &one);
    let letter = award(&office, "LETTER_DEPARTMENT");
    let list = |commendation: &str| {
        let nominee = |number: i32| json!({ "kind": "INDIVIDUAL", "name": format!("Người {number}"), "awardTypeId": letter });
        let input = json!({
            "unitId": world.a.office, "title": "Giấy khen", "year": YEAR,
            "commendationType": commendation, "nominees": [nominee(1), nominee(2)],
        });
        run(&office, "submissionCreate", &input).ok()["submissionCreate"]["submission"].clone()
    };

    step(&office, "submissionSend", &list("MOVEMENT"), 1).refused("QUOTA_EXCEEDED");
    step(&office, "submissionSend", &list("MERIT"), 1).ok();
}

fn a_waiver_needs_a_right_and_a_reason(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = quota(&officer, &json!({ "most": 1 }));
    let two = draft(&world, &office, (2, 0));
    step(&office, "submissionSend", &two, 1).refused("QUOTA_EXCEEDED");
    let waiver = |reason: &str| {
        json!({
            "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR, "extra": 1,
            "reason": reason,
        })
    };

    run(&office, "quotaWaive", &waiver("Thành tích nổi bật")).refused("FORBIDDEN");
    run(&officer, "quotaWaive", &waiver(" ")).refused("REASON_REQUIRED");
    run(&officer, "quotaWaive", &waiver("Thành tích nổi bật")).ok();

    step(&office, "submissionSend", &two, 1).ok();
    assert_eq!(taken(&world, &quota), 2);
}

fn what_only_warns_is_shown_and_sent(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = quota(&officer, &json!({ "most": 1, "severity": "WARN" }));
    let three = draft(&world, &office, (3, 0));

    let preview =
        office.run(operation::text("quotaPreview"), json!({ "submissionId": three["id"] }));
    assert_eq!(preview.ok()["quotaPreview"][0]["over"], 2);
    step(&office, "submissionSend", &three, 1).ok();

    assert_eq!(taken(&world, &quota), 3);
}

fn senders_at_once_never_take_more_than_there_is(stage: &Stage) {
    // They would take the places of other cases.
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = quota(&officer, &json!({ "most": 20 }));
    let drafts: Vec<_> = (0..64).map(|_| draft(&world, &office, (1, 0))).collect();

    let answers = thread::scope(|scope| {
        let office = &office;
        let ask = |draft| scope.spawn(move || insist(office, draft));
        let asked: Vec<_> = drafts.iter().map(ask).collect();
        asked.into_iter().map(|it| it.join().unwrap().payload_codes()).collect::<Vec<_>>()
    });

    let sent = answers.iter().filter(|codes| codes.is_empty()).count();
    let refused = answers.iter().filter(|codes| *codes == &["QUOTA_EXCEEDED"]).count();
    assert_eq!((sent, refused), (20, 44), "{answers:?}");
    assert_eq!(taken(&world, &quota), 20);
}

/// Sends; whoever found no place in the line had nothing done and asks again.
fn insist(client: &Client, draft: &Value) -> Answer {
    for _ in 0..100 {
        let answer = step(client, "submissionSend", draft, 1);
        if answer.status != 503 {
            return answer;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the server never found a place");
}

/// Steps in any order: what is taken is the sum of what stands, never less than nothing and never over.
fn a_ledger_says_what_the_steps_left(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let quota = quota(&officer, &json!({ "most": 5 }));
    let sizes = [1, 2, 3, 4];
    let drafts = sizes.map(|size| draft(&world, &office, (size, 0)));
    let mut versions = [1; 4];
    let mut stands = [false; 4];
    let steps = [
        (&office, "submissionSend"),
        (&office, "submissionRecall"),
        (&officer, "submissionReceive"),
        (&officer, "submissionReturn"),
        (&officer, "submissionAppraise"),
        (&chair, "submissionApprove"),
    ];
    // One is set when something was taken already.
    let mut later = Vec::new();
    let mut seed = 7_u32;
    let mut dice = |sides: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from((seed >> 16) % sides).unwrap()
    };

    for round in 0..80 {
        if round == 25 {
            later.push(self::quota(&officer, &json!({ "most": 0, "severity": "WARN" })));
        }
        let one = dice(4);
        let (client, field) = steps[dice(6)];
        let codes = step(client, field, &drafts[one], versions[one]).payload_codes();
        let left: usize = (0..4).filter(|it| stands[*it] && *it != one).map(|it| sizes[it]).sum();
        if codes.is_empty() {
            versions[one] += 1;
            stands[one] = !matches!(field, "submissionRecall" | "submissionReturn");
        } else if codes == ["QUOTA_EXCEEDED"] {
            assert!(left + sizes[one] > 5, "refused although there was room");
        } else {
            assert_eq!(codes, ["WRONG_STATE"], "{field}");
        }
        let sum: usize = (0..4).filter(|it| stands[*it]).map(|it| sizes[it]).sum();
        for quota in [&quota].into_iter().chain(&later) {
            assert_eq!(usize::try_from(taken(&world, quota)), Ok(sum), "after {field}");
        }
        assert!(sum <= 5);
    }
    assert!(stands.contains(&true), "nothing was ever sent");
}

/// A list of 500 is sent by as many statements as a list of one.
fn a_quota_that_names_nobody_costs_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let sent = |size: usize| {
        let draft = draft(&world, &office, (size, 0));
        let answer = step(&office, "submissionSend", &draft, 1);
        let statements = answer.statements();
        answer.ok();
        statements
    };
    let plain = sent(1);
    quota(&officer, &json!({ "most": 1000 }));

    let (one, many) = (sent(1), sent(500));

    // One more, because what the law says of each is written in batches of 250.
    same_statements(one + 1, many, "one nominee and 500");
    assert!(one <= plain + 9, "{plain} without a quota, {one} with one");
}
