//! What stops a proposal to an authority above after everything was appraised and voted on: what was discovered since, and a
//! name behind which nobody stands.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Answer;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::assembly::{Assembly, nominated, today};
use crate::council::run;
use crate::law::{clear, open_case};
use crate::onward;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_is_discovered_since_stops_the_letter,
        a_letter_is_no_older_than_what_it_sends,
        a_way_that_is_not_met_stops_the_letter,
        a_name_without_subject_goes_nowhere_above,
        no_council_votes_on_a_name_for_a_title_of_the_state,
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
    let id = if world.ground.is_postgres() {
        format!("'{}'", nominee.uuid)
    } else {
        format!("X'{}'", nominee.uuid.simple())
    };
    let sql = format!("UPDATE nominee SET subject_id = NULL WHERE id = {id}");
    world.ground.query(&sql).unwrap();
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
    // The unit has sent it all the same: it is told, and not refused.
    let list = [("Lò Văn Một (mẫu)", state), ("Giàng Thị Hai (mẫu)", own)];
    assembly.sit_on(nominated(&server, &world, &list));
    assembly.attend(&["PRESENT"; 4]);
    let query = "query($id: ID!) { submission(id: $id) { nominees { lacksSubject } } }";
    let read = assembly.secretary.run(query, json!({ "id": assembly.submission["id"] })).ok();
    assert_eq!(
        read["submission"]["nominees"],
        json!([{ "lacksSubject": true }, { "lacksSubject": false }])
    );
    let open = |candidate: &Value| json!({ "itemId": assembly.item, "candidateIds": [candidate] });

    let refused = run(&assembly.secretary, "ballotOpen", &open(&assembly.candidates[0]));

    let said = against(refused, ("ballotOpen", "SUBJECT_MISSING"));
    assert!(said.contains("Lò Văn Một (mẫu)"), "{said}");
    run(&assembly.secretary, "ballotOpen", &open(&assembly.candidates[1])).ok();
}
