//! What a decision does to quotas: what is given is consumed, what is not comes back, and who comes down to a lower
//! title takes a place of that one.

use std::thread;

use entity::ballot_result::Outcome::{self, Failed, Passed};
use entity::nominee::SubjectKind;
use entity::quota_entry::{self, State};
use entity::role_grant::Role;
use entity::{award, award_type, nominee};
use harness::cases;
use harness::client::{Answer, same_statements};
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::approval::Desks;
use crate::onward;
use crate::operation;
use crate::quota::{award, quota as set, run, states, step, taken};
use crate::quota_ledger::{people, used};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_is_not_given_comes_back_and_a_lower_title_takes_of_its_own,
        a_place_that_came_back_serves_who_came_down,
        a_quota_made_after_a_list_was_sent_counts_it,
        who_is_proposed_above_keeps_the_place,
        an_answer_to_many_costs_what_one_to_few_does,
        two_who_come_down_at_once_do_not_both,
        what_is_consumed_is_what_was_given,
        a_cancelled_award_gives_its_place_back,
    ]
}

const HIGHER: &str = "BASE_EMULATION_FIGHTER";
pub(crate) const LETTER: &str = "LETTER_DEPARTMENT";
/// What those get who come down.
const LOWER: &str = LETTER;

/// The way of a list of the office to its decision.
pub(crate) struct Path<'w> {
    world: &'w World,
    pub(crate) approval: Desks,
}

/// A list with its nominees.
pub(crate) struct Listed {
    pub(crate) id: Value,
    nominees: Vec<Id>,
}

impl Listed {
    /// What a step is told of it.
    pub(crate) fn node(&self) -> Value {
        json!({ "id": self.id })
    }
}

impl<'w> Path<'w> {
    pub(crate) fn new(server: &Server, world: &'w World) -> Self {
        Self { world, approval: Desks::new(server, world) }
    }

    pub(crate) fn quota(&self, code: &str, most: usize) -> Value {
        set(&self.approval.officer, &json!({ "awardTypeCode": code, "most": most }))
    }

    /// A draft that names people, each for the title of a code; known subjects by their id.
    pub(crate) fn drawn(&self, people: &[(&str, &str, Option<&Value>)]) -> Listed {
        let one = |(name, code, subject): &(&str, &str, Option<&Value>)| {
            let title = award(&self.approval.office, code);
            json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": title, "subjectId": subject })
        };
        let made = self.approval.draw(self.world, &people.iter().map(one).collect::<Vec<_>>());
        let nominees = made["nominees"].as_array().unwrap().iter();
        Listed { id: made["id"].clone(), nominees: nominees.map(|row| id(&row["id"])).collect() }
    }

    /// The same, up to its approval.
    pub(crate) fn approved(&self, people: &[(&str, &str, Option<&Value>)]) -> Listed {
        let list = self.drawn(people);
        self.approval.pass(&list.node());
        list
    }

    fn vote(&self, list: &Listed, place: usize, titles: &[(&str, Outcome)]) {
        self.world.voted_on(&self.world.a, list.nominees[place], titles);
    }

    pub(crate) fn decide(&self, submission: &Value) -> Answer {
        let decision = json!({
            "unitId": self.world.a.office, "submissionIds": [submission],
            "paper": { "symbol": "QĐ-VP", "decidedOn": crate::assembly::today() },
        });
        run(&self.approval.head, "decisionIssue", &decision)
    }

    /// What another confirms of what the officer proposes for an award.
    pub(crate) fn act(&self, (act, award): (&str, &Value), version: i32) -> Value {
        let mut propose = json!({ "id": award, "expectedVersion": version, "reason": "Kết luận" });
        if act == "Cancel" {
            propose["ground"] = json!("FRAUD");
        }
        run(&self.approval.officer, &format!("award{act}Propose"), &propose).ok();
        let paper = json!({ "symbol": "QĐ-VP", "decidedOn": crate::assembly::today() });
        let confirm = json!({ "id": award, "expectedVersion": version + 1, "decision": paper });
        let confirmed = format!("award{act}Confirm");
        run(&self.approval.chair, &confirmed, &confirm).ok()[&confirmed].clone()
    }

    /// What a quota has reserved, consumed and left to the office.
    pub(crate) fn stands(&self, quota: &Value) -> [i64; 3] {
        let used = used(&self.approval.officer, self.world, quota);
        ["reserved", "consumed", "left"].map(|name| used[name].as_i64().unwrap())
    }
}

fn id(node: &Value) -> Id {
    let (_, uuid) = api::scalar::decode(node.as_str().unwrap()).unwrap();
    Id { prefix: "Nominee", uuid }
}

fn what_is_not_given_comes_back_and_a_lower_title_takes_of_its_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let (higher, lower) = (path.quota(HIGHER, 3), path.quota(LOWER, 1));
    let warned = json!({ "awardTypeCode": LOWER, "most": 0, "severity": "WARN" });
    let warned = set(&path.approval.officer, &warned);
    let list = path.approved(&[
        ("Lò Văn Một (mẫu)", HIGHER, None),
        ("Giàng Thị Hai (mẫu)", HIGHER, None),
        ("Tẩn Văn Ba (mẫu)", HIGHER, None),
        ("Lý Thị Tư (mẫu)", LOWER, None),
    ]);
    assert_eq!((path.stands(&higher), path.stands(&lower)), ([3, 0, 0], [1, 0, 0]));
    path.vote(&list, 0, &[(HIGHER, Passed)]);
    path.vote(&list, 1, &[(HIGHER, Failed)]);
    path.vote(&list, 2, &[(HIGHER, Failed), (LOWER, Passed)]);

    // Whose place of the lower title was never reserved is over its quota.
    let refused = path.decide(&list.id).refused("QUOTA_EXCEEDED");
    let error = &refused["decisionIssue"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "submissionIds"]), "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("Tẩn Văn Ba (mẫu)") && !message.contains("Tư"), "{message}");
    assert_eq!((path.stands(&higher), path.stands(&lower)), ([3, 0, 0], [1, 0, 0]));
    let waiver = json!({
        "quotaId": lower["id"], "unitId": world.a.office, "year": YEAR, "extra": 1, "reason": "Nổi bật",
    });
    run(&path.approval.officer, "quotaWaive", &waiver).ok();
    let issued = path.decide(&list.id).ok()["decisionIssue"]["decision"].clone();

    assert_eq!(issued["awards"].as_array().unwrap().len(), 3, "{issued}");
    assert_eq!((path.stands(&higher), path.stands(&lower)), ([0, 1, 2], [0, 2, 0]));
    assert_eq!(path.stands(&warned), [0, 2, -2], "what only warns is written down");
    let ledger = |quota: &Value| {
        let asked = json!({ "quotaId": quota["id"] });
        let read = path.approval.officer.run(operation::text("quotaLedger"), asked).ok();
        let nodes = read["quotaLedger"]["nodes"].as_array().unwrap().clone();
        assert!(nodes.iter().all(|node| node["decision"]["id"] == issued["id"]), "{nodes:?}");
        assert!(nodes.iter().all(|node| node["submission"]["id"] == list.id), "{nodes:?}");
        let told = |node: &Value| format!("{} {}", node["state"].as_str().unwrap(), node["amount"]);
        let mut told: Vec<String> = nodes.iter().map(told).collect();
        told.sort();
        told
    };
    assert_eq!(ledger(&higher), ["CONSUMED 1", "RELEASED 2"]);
    assert_eq!(ledger(&lower), ["CONSUMED 1", "CONSUMED 1"], "reserved, and beside it");
    let two = path.drawn(&[("Vàng A (mẫu)", HIGHER, None), ("Vàng B (mẫu)", HIGHER, None)]);
    step(&path.approval.office, "submissionSend", &two.node(), 1).ok();
    let one = path.drawn(&[("Vàng C (mẫu)", HIGHER, None)]);
    step(&path.approval.office, "submissionSend", &one.node(), 1).refused("QUOTA_EXCEEDED");
}

fn a_place_that_came_back_serves_who_came_down(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let (higher, lower) = (path.quota(HIGHER, 1), path.quota(LOWER, 1));
    let list =
        path.approved(&[("Lò Văn Một (mẫu)", HIGHER, None), ("Giàng Thị Hai (mẫu)", LOWER, None)]);
    path.vote(&list, 0, &[(HIGHER, Failed), (LOWER, Passed)]);
    path.vote(&list, 1, &[(LOWER, Failed)]);

    path.decide(&list.id).ok();

    assert_eq!((path.stands(&higher), path.stands(&lower)), ([0, 0, 1], [0, 1, 0]));
    assert_eq!(
        (states(&world, &higher), states(&world, &lower)),
        (vec!["RELEASED".to_owned()], vec!["CONSUMED".to_owned()],)
    );
}

/// What was sent before is reserved of a quota that comes later, and nothing of it is taken away; what comes is refused.
fn a_quota_made_after_a_list_was_sent_counts_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let list =
        path.approved(&[("Lò Văn Một (mẫu)", HIGHER, None), ("Giàng Thị Hai (mẫu)", HIGHER, None)]);
    for place in 0..2 {
        path.vote(&list, place, &[(HIGHER, Passed)]);
    }

    let quota = path.quota(HIGHER, 1);

    assert_eq!(path.stands(&quota), [2, 0, -1]);
    assert_eq!(states(&world, &quota), ["RESERVED"]);
    let asked = json!({ "submissionId": list.id });
    let shown = path.approval.officer.run(operation::text("quotaPreview"), asked).ok();
    let shown = &shown["quotaPreview"][0];
    assert_eq!((&shown["over"], &shown["asked"]), (&json!(1), &json!(2)), "{shown}");
    assert_eq!(shown["overNames"], json!(["Giàng Thị Hai (mẫu)"]));
    let next = path.drawn(&[("Tẩn Văn Ba (mẫu)", HIGHER, None)]);
    step(&path.approval.office, "submissionSend", &next.node(), 1).refused("QUOTA_EXCEEDED");
    path.decide(&list.id).ok();
    assert_eq!(path.stands(&quota), [0, 2, -1]);
    assert_eq!(states(&world, &quota), ["CONSUMED"]);
    let waiver = json!({
        "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR, "extra": 2, "reason": "Nổi bật",
    });
    run(&path.approval.officer, "quotaWaive", &waiver).ok();
    step(&path.approval.office, "submissionSend", &next.node(), 1).ok();
    assert_eq!(path.stands(&quota), [1, 2, 0]);
}

/// Whoever is left to an authority above is not answered here; the authority's answer settles his place.
fn who_is_proposed_above_keeps_the_place(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let path = Path::new(&server, &world);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    let code = "NATIONAL_EMULATION_FIGHTER";
    let (above, here) = (path.quota(code, 2), path.quota(LETTER, 2));
    world.fighter(&world.a);
    let (submission, nominee) = world.proposed(&world.a, code, true);
    reserved(&world, (&above, submission));
    reserved(&world, (&here, submission));
    beside(&world, submission);
    let onward = onward::proposal(&world, &secretary, nominee);
    let asked = onward::ask(&world, &secretary);
    onward::answer(&secretary, &asked, false);
    let sent = onward::send(&secretary, &onward, "1/TTr").ok();
    let package = sent["onwardSubmissionSend"]["onwardPackage"].clone();

    path.decide(&json!(submission)).ok();
    assert_eq!((path.stands(&above), path.stands(&here)), ([1, 0, 1], [0, 1, 1]));
    let late = |more: Value| {
        let mut quota = json!({ "awardTypeCode": code, "most": 0, "severity": "WARN" });
        quota.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        set(&path.approval.officer, &quota)
    };
    let meanwhile = late(json!({}));
    assert_eq!(path.stands(&meanwhile), [1, 0, -1], "it waits above");
    let received = onward::followed(&central, &package, "RECEIVE");
    let appraised = onward::followed(&central, &received, "APPRAISE");
    let registered = onward::registered(&(&secretary, &central), &appraised);

    let afterwards = late(json!({ "unitKind": "OFFICE" }));
    assert_eq!(path.stands(&above), [0, 1, 1]);
    assert_eq!([&meanwhile, &afterwards].map(|quota| path.stands(quota)), [[0, 1, -1]; 2]);
    let asked = json!({ "quotaId": above["id"] });
    let ledger = path.approval.officer.run(operation::text("quotaLedger"), asked).ok();
    let nodes = ledger["quotaLedger"]["nodes"].as_array().unwrap().clone();
    let decision = registered["events"].as_array().unwrap().last().unwrap()["decision"].clone();
    assert_eq!((nodes.len(), &nodes[0]["decision"]["id"]), (1, &decision["id"]), "{nodes:?}");
}

/// One place of a quota, reserved for a submission.
fn reserved(world: &World, (quota, submission): (&Value, Id)) {
    let (_, quota) = api::scalar::decode(quota["id"].as_str().unwrap()).unwrap();
    let row = quota_entry::Model {
        tenant_id: world.a.id.uuid,
        id: Id::new("QuotaEntry").uuid,
        quota_id: quota,
        unit_id: world.a.office.uuid,
        year: YEAR,
        submission_id: Some(submission.uuid),
        amount: 1,
        state: State::Reserved,
        version: 1,
        decision_id: None,
        at: Some(harness::world::now()),
        award_id: None,
    };
    world.ground.add(row).unwrap();
}

/// Another nominee of a submission, for a letter.
pub(crate) fn beside(world: &World, submission: Id) {
    let letter = Condition::all()
        .add(award_type::Column::Code.eq(LETTER))
        .add(award_type::Column::ValidTo.is_null());
    let letter = world.ground.rows::<award_type::Entity>(letter).unwrap();
    let row = nominee::Model {
        tenant_id: world.a.id.uuid,
        id: Id::new("Nominee").uuid,
        submission_id: submission.uuid,
        unit_id: world.a.office.uuid,
        position: 2,
        kind: SubjectKind::Individual,
        name: "Giàng Thị Hai (mẫu)".to_owned(),
        name_search: "giang thi hai (mau)".to_owned(),
        post: None,
        award_type_id: letter[0].id,
        achievement: None,
        achieved_on: None,
        counting_from: None,
        field: None,
        version: 1,
        subject_id: None,
    };
    world.ground.add(row).unwrap();
}

fn an_answer_to_many_costs_what_one_to_few_does(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    path.quota(HIGHER, 1000);
    path.quota(LETTER, 1000);
    let people = people(&world, &path.approval.officer, 51);
    let cost = |people: &[Value]| {
        let (failed, lowered) =
            (format!("A {} (mẫu)", people.len()), format!("B {} (mẫu)", people.len()));
        let one = |person| ("Người có hồ sơ (mẫu)", LETTER, Some(person));
        let mut named: Vec<_> = people.iter().map(one).collect();
        // One fails, one comes down.
        named[0] = (&failed, HIGHER, None);
        named[1] = (&lowered, HIGHER, None);
        let list = path.approved(&named);
        path.vote(&list, 0, &[(HIGHER, Failed)]);
        path.vote(&list, 1, &[(HIGHER, Failed), (LETTER, Passed)]);
        let answer = path.decide(&list.id);
        let statements = answer.statements();
        answer.ok();
        statements
    };

    // The first of a year begins the register.
    let _first = cost(&people[..3]);
    let (few, many) = (cost(&people[3..7]), cost(&people[7..]));

    same_statements(few, many, "four people and forty-four");
}

fn two_who_come_down_at_once_do_not_both(stage: &Stage) {
    // They would take the places of other cases.
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let lower = path.quota(LOWER, 2);
    let lists: Vec<Listed> = (0..6)
        .map(|number| {
            let list = path.approved(&[(format!("Người {number} (mẫu)").as_str(), HIGHER, None)]);
            path.vote(&list, 0, &[(HIGHER, Failed), (LOWER, Passed)]);
            list
        })
        .collect();

    let answers = thread::scope(|scope| {
        let path = &path;
        let ask = |list| scope.spawn(move || insist(path, list));
        let asked: Vec<_> = lists.iter().map(ask).collect();
        asked.into_iter().map(|it| it.join().unwrap().payload_codes()).collect::<Vec<_>>()
    });

    let given = answers.iter().filter(|codes| codes.is_empty()).count();
    let refused = answers.iter().filter(|codes| *codes == &["QUOTA_EXCEEDED"]).count();
    assert_eq!((given, refused), (2, 4), "{answers:?}");
    assert_eq!(taken(&world, &lower), 2);
}

/// Decides; whoever found no place in the line had nothing done and asks again.
fn insist(path: &Path<'_>, list: &Listed) -> Answer {
    for _ in 0..100 {
        let answer = path.decide(&list.id);
        if answer.status != 503 {
            return answer;
        }
        thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the server never found a place");
}

/// Lists of every outcome, one after the other: what is consumed is what stands in the registry, and nothing is ever
/// less than nothing or over.
fn what_is_consumed_is_what_was_given(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let quotas = [(HIGHER, path.quota(HIGHER, 7), 7), (LOWER, path.quota(LOWER, 4), 4)];
    let before = quotas.each_ref().map(|(code, ..)| given(&world, code));
    let outcomes: [&[(&str, Outcome)]; 3] =
        [&[(HIGHER, Passed)], &[(HIGHER, Failed)], &[(HIGHER, Failed), (LOWER, Passed)]];
    let mut told = std::collections::BTreeSet::new();

    for round in 0..9_usize {
        let name = |place: &str| format!("Người {round}{place} (mẫu)");
        let (one, two, three) = (name("a"), name("b"), name("c"));
        let three = (three.as_str(), LOWER, None);
        let mut named = vec![(one.as_str(), HIGHER, None), (two.as_str(), HIGHER, None)];
        named.extend((round % 2 == 0).then_some(three));
        let list = path.drawn(&named);
        let sent = step(&path.approval.office, "submissionSend", &list.node(), 1).payload_codes();
        if sent.is_empty() {
            path.approval.approve(&list.node());
            path.vote(&list, 0, outcomes[round % 3]);
            path.vote(&list, 1, outcomes[round / 3]);
            told.insert(path.decide(&list.id).payload_codes());
        } else {
            assert_eq!(sent, ["QUOTA_EXCEEDED"]);
        }
        for ((code, quota, most), before) in quotas.iter().zip(before) {
            let [reserved, consumed, left] = path.stands(quota);
            assert!(reserved >= 0 && consumed >= 0 && left >= 0, "{code} in round {round}");
            assert_eq!(reserved + consumed + left, *most, "{code} in round {round}");
            assert_eq!(consumed, given(&world, code) - before, "{code} in round {round}");
        }
    }
    let over = told.iter().any(|codes| codes == &["QUOTA_EXCEEDED"]);
    assert!(over && told.iter().any(Vec::is_empty), "{told:?}");
}

/// How many of a title the office was given.
fn given(world: &World, code: &str) -> i64 {
    let these = Condition::all()
        .add(award::Column::UnitId.eq(world.a.office.uuid))
        .add(award::Column::AwardTypeCode.eq(code))
        .add(award::Column::CountingToYear.eq(YEAR));
    i64::try_from(world.ground.rows::<award::Entity>(these).unwrap().len()).unwrap()
}

/// What is cancelled has used nothing up. Given back it takes its place again, and tells where none was left.
fn a_cancelled_award_gives_its_place_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let quota = path.quota(HIGHER, 2);
    let issued = |names: &[&str]| {
        let people: Vec<_> = names.iter().map(|name| (*name, HIGHER, None)).collect();
        let list = path.approved(&people);
        for place in 0..people.len() {
            path.vote(&list, place, &[(HIGHER, Passed)]);
        }
        path.decide(&list.id).ok()["decisionIssue"]["decision"].clone()
    };
    let decision = issued(&["Lò Văn Một (mẫu)", "Giàng Thị Hai (mẫu)"]);
    let [one, two] = [0_usize, 1].map(|place| &decision["awards"][place]["id"]);
    assert_eq!(path.stands(&quota), [0, 2, 0]);

    let gone = path.act(("Cancel", one), 1);
    assert_eq!(path.stands(&quota), [0, 1, 1]);
    let asked = json!({ "quotaId": quota["id"] });
    let read = path.approval.officer.run(operation::text("quotaLedger"), asked).ok();
    let nodes = read["quotaLedger"]["nodes"].as_array().unwrap().clone();
    let back = nodes.iter().find(|node| node["state"] == "RETURNED").unwrap();
    assert_eq!((&back["award"]["id"], &back["amount"]), (one, &json!(1)), "{back}");
    assert_eq!(back["decision"]["id"], gone["award"]["acts"][1]["decision"]["id"], "the cause");
    let kept = nodes.iter().find(|node| node["state"] == "CONSUMED").unwrap();
    assert_eq!(kept["amount"], 2, "what was written stays as it was written: {kept}");
    let restored = path.act(("Restore", one), 3);
    assert_eq!((path.stands(&quota), &restored["overQuotas"]), ([0, 2, 0], &json!([])));

    path.act(("Cancel", one), 5);
    issued(&["Vàng Thị Ba (mẫu)"]);
    assert_eq!(path.stands(&quota), [0, 2, 0], "another took the place");
    let restored = path.act(("Restore", one), 7);
    let over = &restored["overQuotas"][0];
    assert_eq!((&over["quota"]["id"], &over["left"]), (&quota["id"], &json!(-1)), "{restored}");
    assert_eq!(path.stands(&quota), [0, 3, -1], "it stands nevertheless");
    path.act(("Cancel", two), 1);
    assert_eq!(path.stands(&quota), [0, 2, 0]);
    path.act(("Cancel", one), 9);
    assert_eq!((path.stands(&quota), taken(&world, &quota)), ([0, 1, 1], 1));
}
