//! How many SQL statements a write takes: as many for a long list as for a short one.

use entity::role_grant::Role;
use entity::{audit_event, nominee, submission};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::approval::Desks;
use crate::assembly::{Assembly, cast, nominated, today};
use crate::contest::create_set;
use crate::council::{done, run};
use crate::onward;
use crate::quota::{award, quota, states};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_decision_on_many_lists_takes_what_one_on_one_does,
        a_decision_on_many_who_are_only_named_takes_what_one_on_one_does,
        a_list_of_many_quotas_is_rejected_like_that_of_one,
        many_older_records_are_taken_over_like_one,
        a_ballot_on_many_is_opened_and_cast_like_that_on_one,
        a_proposal_of_many_is_sent_like_that_of_one,
        a_list_of_500_is_begun_like_a_list_of_one,
        what_is_wrong_with_the_last_of_500_is_said_and_nothing_is_written,
        an_agenda_of_many_is_planned_like_that_of_one,
        a_large_council_is_invited_like_a_small_one,
        a_scale_of_many_criteria_is_drafted_like_one_of_one,
    ]
}

const LETTER: &str = "LETTER_DEPARTMENT";

/// The statements of what went well, and its data.
fn cost(answer: Answer) -> (u32, Value) {
    (answer.statements(), answer.ok())
}

/// So many nominees for a letter who are only named; the word tells those of one list from those of another.
fn named(letter: &Value, word: &str, count: usize) -> Vec<Value> {
    let one = |number: usize| {
        let name = format!("Người {word} {number} (mẫu)");
        json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": letter })
    };
    (0..count).map(one).collect()
}

/// Decides on lists; says how many statements that took.
fn decide((approval, world): (&Desks, &World), lists: &[Value], awards: usize) -> u32 {
    let ids: Vec<&Value> = lists.iter().map(|list| &list["id"]).collect();
    let decision = json!({
        "unitId": world.a.office, "submissionIds": ids,
        "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
    });
    let (statements, data) = cost(run(&approval.head, "decisionIssue", &decision));
    let given = data["decisionIssue"]["decision"]["awards"].as_array().unwrap();
    assert_eq!(given.len(), awards, "{data}");
    statements
}

fn a_decision_on_many_lists_takes_what_one_on_one_does(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let approval = Desks::new(&server, &world);
    let _quota = quota(&approval.officer, &json!({ "awardTypeCode": LETTER, "most": 1000 }));
    let letter = award(&approval.office, LETTER);
    let decide = |word: &str, count: usize| {
        let list = |number: usize| {
            let list = approval.draw(&world, &named(&letter, &format!("{word}{number}"), 1));
            approval.pass(&list);
            list
        };
        let lists: Vec<Value> = (0..count).map(list).collect();
        decide((&approval, &world), &lists, count)
    };

    // The first of a year begins the register.
    let _first = decide("a", 1);
    let (one, many) = (decide("b", 1), decide("c", 20));

    same_statements(one, many, "one list and 20");
}

fn a_decision_on_many_who_are_only_named_takes_what_one_on_one_does(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let approval = Desks::new(&server, &world);
    let letter = award(&approval.office, LETTER);
    let decide = |word: &str, count: usize| {
        let list = approval.draw(&world, &named(&letter, word, count));
        approval.pass(&list);
        decide((&approval, &world), &[list], count)
    };

    let _first = decide("a", 1);
    let (one, many) = (decide("b", 1), decide("c", 20));

    same_statements(one, many, "one nominee and 20");
}

fn a_list_of_many_quotas_is_rejected_like_that_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let approval = Desks::new(&server, &world);
    let letter = award(&approval.office, LETTER);
    // Each names some of who and what is proposed, and no two name the same of it.
    let set = |which: usize| {
        let mut more = json!({ "awardTypeCode": LETTER, "most": 1000 });
        let kinds = [
            ("subjectKind", "INDIVIDUAL"),
            ("commendationType", "MERIT"),
            ("unitKind", "OFFICE"),
            ("severity", "WARN"),
        ];
        for (place, (name, value)) in kinds.iter().enumerate() {
            if which & (1 << place) != 0 {
                more[*name] = json!(value);
            }
        }
        quota(&approval.officer, &more)
    };
    let reject = |word: &str, quotas: &[Value]| {
        let list = approval.draw(&world, &named(&letter, word, 1));
        approval.pass(&list);
        let input = json!({ "id": list["id"], "expectedVersion": 5, "reason": "Không còn ai" });
        let (statements, data) = cost(run(&approval.chair, "submissionReject", &input));
        assert_eq!(data["submissionReject"]["submission"]["state"], "REJECTED", "{data}");
        for quota in quotas {
            assert_eq!(states(&world, quota), ["RELEASED"], "{word}");
        }
        statements
    };

    let first = set(0);
    let one = reject("a", &[first]);
    let others: Vec<Value> = (1..16).map(set).collect();
    let many = reject("b", &others);

    same_statements(one, many, "one quota and 16");
}

fn many_older_records_are_taken_over_like_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let import = |word: &str, count: usize| {
        let row = |number: usize| {
            json!({
                "unitId": world.a.office, "subjectName": format!("Người {word} {number} (mẫu)"),
                "subjectKind": "INDIVIDUAL", "awardType": "LDTT", "countingFrom": 2019,
                "decisionLabel": format!("9/QĐ-{word}"), "decidedOn": "2019-12-20",
            })
        };
        let rows: Vec<Value> = (0..count).map(row).collect();
        let (statements, data) = cost(run(&officer, "awardsImport", &json!({ "rows": rows })));
        assert_eq!(data["awardsImport"]["import"]["taken"], json!(count), "{data}");
        statements
    };

    let _first = import("A", 1);
    let (one, many) = (import("B", 1), import("C", 50));

    same_statements(one, many, "one record and 50");
}

fn a_ballot_on_many_is_opened_and_cast_like_that_on_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    let mut vote = |count: usize| {
        let names: Vec<String> =
            (0..count).map(|number| format!("Người {count} {number} (mẫu)")).collect();
        let listed: Vec<(&str, &str)> =
            names.iter().map(|name| (name.as_str(), "BASE_EMULATION_FIGHTER")).collect();
        assembly.sit_on(nominated(&server, &world, &listed));
        assembly.attend(&["PRESENT"; 6]);
        let open = json!({ "itemId": assembly.item });
        let (opening, data) = cost(run(&assembly.secretary, "ballotOpen", &open));
        let ballot = &data["ballotOpen"]["ballot"];
        assert_eq!(ballot["candidates"].as_array().unwrap().len(), count, "{data}");
        let member = assembly.member(&server, 0);
        let (casting, _) = cost(cast(&member, ballot, &"Y".repeat(count)));
        (opening, casting)
    };

    let (one, many) = (vote(1), vote(20));

    same_statements(one.0, many.0, "a ballot on one and on 20");
    same_statements(one.1, many.1, "a vote on one and on 20");
}

fn a_proposal_of_many_is_sent_like_that_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let asked = onward::ask(&world, &secretary);
    onward::answer(&secretary, &asked, false);
    let send = |count: usize, letter: &str| {
        let propose = |_: usize| world.proposed(&world.a, "PM_CERTIFICATE", true).1;
        let nominees: Vec<Id> = (0..count).map(propose).collect();
        let draft = json!({
            "title": "Tờ trình đề nghị", "authority": "PRIME_MINISTER",
            "addresseeId": world.b.id, "nomineeIds": nominees,
        });
        let draft = done(&secretary, ("onwardSubmissionCreate", "onwardSubmission"), &draft);
        let (statements, data) = cost(onward::send(&secretary, &draft, letter));
        let content = &data["onwardSubmissionSend"]["onwardPackage"]["content"];
        let content: Value = serde_json::from_str(content.as_str().unwrap()).unwrap();
        assert_eq!(content["nominees"].as_array().unwrap().len(), count);
        statements
    };

    let (one, many) = (send(1, "1/TTr"), send(20, "2/TTr"));

    same_statements(one, many, "one nominee and 20");
}

const BEGIN: &str = "mutation($input: SubmissionCreateInput!) {
  submissionCreate(input: $input) { submission { id } errors { code path } }
}";

/// Begins a list of the office with these nominees and a document.
fn begin((office, world): (&Client, &World), title: &str, nominees: &[Value]) -> Answer {
    let document = json!({
        "title": "Tờ trình", "fileName": "to-trinh.pdf", "mediaType": "application/pdf",
        "sizeBytes": "10", "sha256": "0123456789abcdef".repeat(4),
    });
    let input = json!({
        "unitId": world.a.office, "title": title, "year": YEAR, "nominees": nominees,
        "documents": [document],
    });
    office.run(BEGIN, json!({ "input": input }))
}

fn a_list_of_500_is_begun_like_a_list_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let letter = award(&office, LETTER);
    let begin = |word: &str, count: usize| {
        cost(begin((&office, &world), "Danh sách", &named(&letter, word, count)))
    };

    let _first = begin("a", 1);
    let ((one, _), (many, made)) = (begin("b", 1), begin("c", 500));

    // One more, because nominees are written in batches of 250.
    same_statements(one + 1, many, "one nominee and 500");
    // The title, the unit, the line of numbers and the last of them; the list, two batches of nominees, the document; the
    // entries and their leaves.
    assert!(many <= 10, "{many} statements");
    let id = made["submissionCreate"]["submission"]["id"].as_str().unwrap();
    let (_, id) = api::scalar::decode(id).unwrap();
    let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(id));
    let mut rows = world.ground.rows::<nominee::Entity>(of_it).unwrap();
    rows.sort_by_key(|row| row.position);
    assert!(rows.iter().map(|row| row.position).eq(1..=500));
    assert_eq!(rows[499].name, "Người c 499 (mẫu)");
    let told = audit_event::Column::ObjectId.is_in(rows.iter().map(|row| row.id));
    let told = world.ground.rows::<audit_event::Entity>(Condition::all().add(told)).unwrap();
    assert_eq!(told.len(), 500, "an entry for each");
    for entry in &told {
        let row = rows.iter().find(|row| row.id == entry.object_id).unwrap();
        assert_eq!(
            (entry.act.as_str(), entry.object_type.as_str()),
            ("SubmissionCreate", "nominee")
        );
        assert_eq!(entry.unit_id, Some(world.a.office.uuid));
        assert!(entry.changes.contains(&row.name), "{}", entry.changes);
    }
}

fn what_is_wrong_with_the_last_of_500_is_said_and_nothing_is_written(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let letter = award(&office, LETTER);
    let mut nominees = named(&letter, "d", 500);
    nominees[499]["name"] = json!(" ");

    let refused = begin((&office, &world), "Danh sách dở dang", &nominees).refused("REQUIRED");

    let path = &refused["submissionCreate"]["errors"][0]["path"];
    assert_eq!(*path, json!(["input", "nominees", "499", "name"]));
    let begun = Condition::all()
        .add(submission::Column::TenantId.eq(world.a.id.uuid))
        .add(submission::Column::Title.eq("Danh sách dở dang"));
    assert!(world.ground.rows::<submission::Entity>(begun).unwrap().is_empty());
}

fn an_agenda_of_many_is_planned_like_that_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 3);
    let add = "mutation($input: AgendaItemAddInput!) {
      agendaItemAdd(input: $input) { item { id } errors { code path } } }";
    let plan = |word: &str, count: usize| {
        let names: Vec<String> =
            (0..count).map(|number| format!("Người {word} {number} (mẫu)")).collect();
        let listed: Vec<(&str, &str)> =
            names.iter().map(|name| (name.as_str(), "BASE_EMULATION_FIGHTER")).collect();
        let list = nominated(&server, &world, &listed);
        let ids: Vec<&Value> =
            list["nominees"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
        let item = json!({ "kind": "AWARD_LIST", "title": "Danh sách", "nomineeIds": ids });
        let input = json!({ "sessionId": assembly.session, "item": item });
        cost(assembly.secretary.run(add, json!({ "input": input }))).0
    };

    let _first = plan("a", 1);
    let (one, many) = (plan("b", 1), plan("c", 20));

    same_statements(one, many, "one nominee and 20");
}

fn a_large_council_is_invited_like_a_small_one(stage: &Stage) {
    let server = stage.server();
    let plan = "mutation($input: SessionPlanInput!) {
      sessionPlan(input: $input) { session { id } errors { code path } } }";
    let invite = |members: usize| {
        let world = World::on(&server);
        let assembly = Assembly::new(&server, &world, members);
        let input = json!({
            "councilId": assembly.council, "year": 2026, "title": "Kỳ họp", "place": "Phòng họp số 1",
            "plannedOn": "2026-07-01", "form": "MEETING",
            "items": [{ "kind": "REPORT", "title": "Báo cáo" }],
        });
        cost(assembly.secretary.run(plan, json!({ "input": input }))).0
    };

    let (few, many) = (invite(3), invite(15));

    same_statements(few, many, "three members and 15");
}

fn a_scale_of_many_criteria_is_drafted_like_one_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let draft = |year: i32, count: usize| {
        let group =
            json!({ "code": "1", "name": "Nhóm", "max": count.to_string(), "kind": "GROUP" });
        let criterion = |number: usize| {
            json!({
                "code": format!("1.{number}"), "parentCode": "1", "name": "Tiêu chí", "max": "1",
                "kind": "DIRECT",
            })
        };
        let criteria: Vec<Value> =
            std::iter::once(group).chain((1..=count).map(criterion)).collect();
        let (cluster, name) = (world.a.cluster.id, "Bảng chấm điểm");
        let input =
            json!({ "clusterId": cluster, "year": year, "name": name, "criteria": criteria });
        let (statements, data) = cost(create_set(&officer, &input));
        let made = data["criteriaSetCreate"]["criteriaSet"]["criteria"].as_array().unwrap();
        assert_eq!(made.len(), count + 1);
        assert!(made[1..].iter().all(|row| row["parent"]["code"] == "1"), "{data}");
        statements
    };

    let (one, many) = (draft(YEAR + 1, 1), draft(YEAR + 2, 280));

    // One more, because criteria are written in batches of 250: the group in the first holds those of the second.
    same_statements(one + 1, many, "one criterion and 280");
}
