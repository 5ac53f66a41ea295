//! What stops a proposal to an authority above after everything was appraised and voted on: what was discovered since, and a
//! name behind which nobody stands.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assembly::{Assembly, nominated, today, with};
use crate::council::run;
use crate::law::{clear, open_case};
use crate::onward;
use crate::quota::award;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_is_discovered_since_stops_the_letter,
        a_letter_is_no_older_than_what_it_sends,
        a_way_that_is_not_met_stops_the_letter,
        a_name_without_subject_goes_nowhere_above,
        no_council_votes_on_a_name_for_a_title_of_the_state,
        a_name_for_a_title_of_the_state_is_returned_to_be_linked,
        what_was_appraised_without_a_subject_is_not_approved,
    ]
}

/// Why it was refused, in words.
fn against(answer: Answer, (field, code): (&str, &str)) -> String {
    let data = answer.refused(code);
    data[field]["errors"][0]["message"].as_str().unwrap().to_owned()
}

const SEND: (&str, &str) = ("onwardSubmissionSend", "ELIGIBILITY_FAILED");

fn what_is_discovered_since_stops_the_letter(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (_, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    let proposal = onward::proposal(&world, &secretary, nominee);

    let case = open_case(&officer, &json!(world.a.subject));
    let said = against(onward::send(&secretary, &proposal, "1/TTr"), SEND);
    for word in ["Người được trình", "Nghị định 152/2025/NĐ-CP, Điều 4"] {
        assert!(said.contains(word), "{word} in {said}");
    }
    clear(&officer, &case);
    let asked = json!({
        "subjectId": world.a.subject, "year": 2025, "source": "POLICE", "askedOn": "2025-11-01",
    });
    let asked = run(&officer, "clearanceAsk", &asked).ok()["clearanceAsk"]["clearance"].clone();
    let answer = json!({
        "id": asked["id"], "expectedVersion": 1, "answeredBy": "Công an tỉnh", "isBlocking": true,
    });
    run(&officer, "clearanceAnswer", &answer).ok();
    let _ = against(onward::send(&secretary, &proposal, "1/TTr"), SEND);
    let again = json!({
        "subjectId": world.a.subject, "year": 2025, "source": "POLICE", "askedOn": "2025-12-01",
    });
    run(&officer, "clearanceAsk", &again).ok();

    // What nobody can say yet passes, as it does for a decision.
    onward::send(&secretary, &proposal, "1/TTr").ok();
}

fn a_way_that_is_not_met_stops_the_letter(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let (_, nominee) = world.proposed(&world.a, "NATIONAL_EMULATION_FIGHTER", true);
    let proposal = onward::proposal(&world, &secretary, nominee);
    let asked = onward::ask(&world, &secretary);
    onward::answer(&secretary, &asked, false);

    let said = against(onward::send(&secretary, &proposal, "2/TTr"), SEND);
    assert!(said.contains("Luật 06/2022/QH15, Điều 21"), "{said}");
    world.fighter(&world.a);

    onward::send(&secretary, &proposal, "2/TTr").ok();
}

/// The day that many days ago.
fn ago(days: i64) -> String {
    api::access::today(harness::world::now() - chrono::TimeDelta::days(days)).to_string()
}

/// A ballot was closed 800 days ago; the letter follows it, an earlier letter, and is followed by the decision.
fn a_letter_is_no_older_than_what_it_sends(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    let (_, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    let proposal = onward::proposal(&world, &secretary, nominee);
    let refused = |proposal: &Value, day: &str| {
        let answer = onward::sent_on(&secretary, proposal, ("1/TTr", day));
        let body = answer.refused("OUT_OF_RANGE");
        let error = &body["onwardSubmissionSend"]["errors"][0];
        assert_eq!(error["path"], json!(["input", "letterDate"]), "{day}: {error}");
    };

    for day in ["2019-03-01", &ago(801), &ago(-1)] {
        refused(&proposal, day);
    }
    let sent = onward::sent_on(&secretary, &proposal, ("1/TTr", &ago(30))).ok();
    let first = sent["onwardSubmissionSend"]["onwardPackage"].clone();
    let first = onward::followed(&central, &first, "RECEIVE");
    let _ = onward::followed(&central, &first, "RETURN");
    let back = onward::read(&secretary, "onwardSubmission", &proposal["id"]);
    refused(&back, &ago(31));
    let sent = onward::sent_on(&secretary, &back, ("2/TTr", &ago(20))).ok();

    let second = &sent["onwardSubmissionSend"]["onwardPackage"];
    let second = onward::followed(&central, second, "RECEIVE");
    let mut early = onward::decided(&second);
    early["decision"]["decidedOn"] = json!(ago(21));
    let body = run(&central, "onwardResultRecord", &early).refused("OUT_OF_RANGE");
    let error = &body["onwardResultRecord"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "decision", "decidedOn"]), "{error}");
    let _ = onward::registered(&(&secretary, &central), &second);
}

/// The subject behind a nominee is taken away: as if a name had only been written down.
fn unlink(world: &World, nominee: Id) {
    let id = key(world, nominee.uuid);
    let sql = format!("UPDATE nominee SET subject_id = NULL WHERE id = {id}");
    world.ground.query(&sql).unwrap();
}

/// A nominee is of the title of another one, as if he had been from the beginning.
fn retitle(world: &World, nominee: &Value, as_other: Id) {
    let (_, nominee) = api::scalar::decode(nominee.as_str().unwrap()).unwrap();
    let (id, other) = (key(world, nominee), key(world, as_other.uuid));
    let title = format!("SELECT other.award_type_id FROM nominee other WHERE other.id = {other}");
    let sql = format!("UPDATE nominee SET award_type_id = ({title}) WHERE id = {id}");
    world.ground.query(&sql).unwrap();
}

/// A key as the database writes it.
fn key(world: &World, id: Uuid) -> String {
    if world.ground.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

fn a_name_without_subject_goes_nowhere_above(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let (list, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    unlink(&world, nominee);
    let proposal = onward::proposal(&world, &secretary, nominee);

    let missing = ("onwardSubmissionSend", "SUBJECT_MISSING");
    let said = against(onward::send(&secretary, &proposal, "3/TTr"), missing);
    assert!(said.contains("Người được trình") && said.contains("subjectId"), "{said}");
    let (direct, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    unlink(&world, nominee);
    let decision = json!({
        "unitId": world.a.root, "issuer": "PRIME_MINISTER", "issuerName": "Thủ tướng Chính phủ",
        "paper": { "symbol": "QĐ-TTg", "number": 814, "decidedOn": today() },
        "submissionIds": [direct],
    });
    let said = against(run(&chair, "decisionIssue", &decision), ("decisionIssue", missing.1));
    assert!(said.contains("Bằng khen của Thủ tướng"), "{said}");
    let query = "query($id: ID!) { submission(id: $id) { nominees { lacksSubject } } }";
    let read = secretary.run(query, json!({ "id": list })).ok();
    assert_eq!(read["submission"]["nominees"], json!([{ "lacksSubject": true }]));
}

fn no_council_votes_on_a_name_for_a_title_of_the_state(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 4);
    let (state, own) = ("PM_CERTIFICATE", "PROVINCIAL_CERTIFICATE");
    // Of older days: what is appraised now has a subject.
    let (_, above) = world.proposed(&world.a, state, false);
    unlink(&world, above);
    let here = nominated(&server, &world, &[("Giàng Thị Hai (mẫu)", own)]);
    let both = json!([{ "id": above }, here["nominees"][0]]);
    assembly.sit_on(with(here, &json!({ "nominees": both })));
    assembly.attend(&["PRESENT"; 4]);
    let open = |candidate: &Value| json!({ "itemId": assembly.item, "candidateIds": [candidate] });

    let refused = run(&assembly.secretary, "ballotOpen", &open(&assembly.candidates[0]));

    let said = against(refused, ("ballotOpen", "SUBJECT_MISSING"));
    assert!(said.contains("Người được trình"), "{said}");
    run(&assembly.secretary, "ballotOpen", &open(&assembly.candidates[1])).ok();
}

fn a_name_for_a_title_of_the_state_is_returned_to_be_linked(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let nominee = |name: &str, code: &str| json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": award(&office, code) });
    let input = json!({
        "unitId": world.a.office, "title": "Đề nghị khen thưởng", "year": YEAR,
        "nominees": [
            nominee("Giàng Thị Hai (mẫu)", "PROVINCIAL_CERTIFICATE"),
            nominee("Lò Văn Một (mẫu)", "PM_CERTIFICATE"),
        ],
    });
    let made = run(&office, "submissionCreate", &input).ok();
    let list = made["submissionCreate"]["submission"].clone();
    let step = |client: &Client, field: &str, version: i32| {
        run(client, field, &json!({ "id": list["id"], "expectedVersion": version }))
    };
    // The unit sends it all the same: it is told, and not refused.
    step(&office, "submissionSend", 1).ok();
    step(&officer, "submissionReceive", 2).ok();
    let query = "query($id: ID!) { submission(id: $id) {
      nominees { lacksSubject } allowedActions { action reason } } }";
    let read = officer.run(query, json!({ "id": list["id"] })).ok()["submission"].clone();
    assert_eq!(read["nominees"], json!([{ "lacksSubject": false }, { "lacksSubject": true }]));
    let actions = read["allowedActions"].as_array().unwrap();
    let reason = |name: &str| &actions.iter().find(|it| it["action"] == name).unwrap()["reason"];
    assert_eq!((reason("APPRAISE"), reason("RETURN")), (&json!("SUBJECT_MISSING"), &Value::Null));

    let appraised = step(&officer, "submissionAppraise", 3);
    let said = against(appraised, ("submissionAppraise", "SUBJECT_MISSING"));

    assert!(said.contains("Lò Văn Một (mẫu)") && said.contains("Thủ tướng"), "{said}");
    let back = json!({ "id": list["id"], "expectedVersion": 3, "reason": "Chưa gắn đối tượng" });
    run(&officer, "submissionReturn", &back).ok();
}

fn what_was_appraised_without_a_subject_is_not_approved(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let list = nominated(&server, &world, &[("Lò Văn Một (mẫu)", "PROVINCIAL_CERTIFICATE")]);
    // Appraised when a name was enough.
    let (_, above) = world.proposed(&world.a, "PM_CERTIFICATE", false);
    retitle(&world, &list["nominees"][0]["id"], above);
    let step = json!({ "id": list["id"], "expectedVersion": list["version"] });

    let said =
        against(run(&chair, "submissionApprove", &step), ("submissionApprove", "SUBJECT_MISSING"));

    assert!(said.contains("Lò Văn Một (mẫu)"), "{said}");
    run(&officer, "submissionReturn", &with(step, &json!({ "reason": "Gắn đối tượng" }))).ok();
}
