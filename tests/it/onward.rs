//! Proposals to an authority above: opinions and votes that are asked for before, the package that is sent, what the
//! other side sees of it, and the decision that comes back into the registry.

use entity::notice;
use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::assembly::today;
use crate::council::{done, run};
use crate::fitting::Fitting;
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_title_that_asks_for_a_vote_is_given_to_nobody_without_one,
        a_proposal_goes_up_is_returned_and_comes_back_decided,
        a_draft_and_everything_else_stays_with_its_tenant,
        the_paper_of_an_authority_outside_is_written_down,
        two_who_answer_at_once_do_not_both,
        a_page_of_packages_takes_what_one_takes,
    ]
}

/// Inputs that fit the mutations of proposals.
pub(crate) fn fitting(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let onward = &fitting.province.onward;
    let package = |place: usize, version: i32| json!({ "id": onward.packages[place], "expectedVersion": version });
    Some(match mutation {
        "onwardSubmissionCreate" => vec![json!({
            "title": "Tờ trình mới", "authority": "PRIME_MINISTER",
            "addresseeName": "Ban Thi đua - Khen thưởng Trung ương", "nomineeIds": [onward.free],
        })],
        "onwardSubmissionUpdate" => {
            vec![json!({ "id": onward.drafts[0], "expectedVersion": 1, "title": "Tờ trình sửa" })]
        }
        "onwardSubmissionSend" => vec![json!({
            "id": onward.drafts[1], "expectedVersion": 1,
            "letterNumber": "12/TTr-UBND", "letterDate": "2026-07-01",
        })],
        "onwardPackageFollow" => {
            let mut input = package(0, 1);
            input["step"] = json!("RECEIVE");
            vec![input]
        }
        "onwardResultRecord" => {
            let mut input = package(1, 1);
            input["results"] =
                json!([{ "position": 1, "outcome": "REFUSED", "reason": "Chưa đủ" }]);
            vec![input]
        }
        "onwardResultRegister" => vec![package(2, 2)],
        _ => return None,
    })
}

pub(crate) fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

pub(crate) fn refusal(answer: Answer, field: &str, code: &str) -> String {
    let data = answer.refused(code);
    data[field]["errors"][0]["message"].as_str().unwrap().to_owned()
}

fn a_title_that_asks_for_a_vote_is_given_to_nobody_without_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let paper = json!({ "symbol": "QĐ-VP", "decidedOn": today() });
    let of = |submission: Id| json!({ "unitId": world.a.office, "paper": paper, "submissionIds": [submission] });
    let (unvoted, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", false);
    let (voted, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true);
    let direct = json!({
        "unitId": world.a.office, "paper": paper,
        "awards": [{
            "subjectId": world.a.subject, "countingFrom": YEAR,
            "awardTypeId": title(&head, "BASE_EMULATION_FIGHTER"),
        }],
    });

    for input in [of(unvoted), direct] {
        let said = refusal(run(&head, "decisionIssue", &input), "decisionIssue", "VOTE_MISSING");
        assert!(said.contains("Chiến sĩ thi đua cơ sở"), "{said}");
        assert!(said.contains("Nghị định 98/2023/NĐ-CP, Điều 30 khoản 7"), "{said}");
    }
    let issued = done(&head, ("decisionIssue", "decision"), &of(voted));

    assert_eq!(issued["awards"].as_array().unwrap().len(), 1, "{issued}");
}

/// Asks the Party committee about the person of a world, for any title; hands back the question.
pub(crate) fn ask(world: &World, secretary: &Client) -> Value {
    let input = json!({ "subjectId": world.a.subject, "year": YEAR, "source": "PARTY_COMMITTEE" });
    done(secretary, ("clearanceAsk", "clearance"), &input)
}

pub(crate) fn answer(secretary: &Client, asked: &Value, is_blocking: bool) {
    let input = json!({
        "id": asked["id"], "expectedVersion": 1, "isBlocking": is_blocking,
        "answeredBy": "Công văn 45-CV/TU", "finding": "Có ý kiến kèm theo",
    });
    let _ = done(secretary, ("clearanceAnswer", "clearance"), &input);
}

/// A proposal of the national title to the other province, which is the Central council's office.
pub(crate) fn proposal(world: &World, secretary: &Client, nominee: Id) -> Value {
    let input = json!({
        "title": format!("Tờ trình đề nghị {}", world.a.canary), "authority": "PRIME_MINISTER",
        "addresseeId": world.b.id, "nomineeIds": [nominee], "note": world.a.canary,
    });
    done(secretary, ("onwardSubmissionCreate", "onwardSubmission"), &input)
}

pub(crate) fn send(client: &Client, onward: &Value, letter: &str) -> Answer {
    sent_on(client, onward, (letter, &today()))
}

/// Sends a proposal by a letter of a day.
pub(crate) fn sent_on(client: &Client, onward: &Value, (letter, day): (&str, &str)) -> Answer {
    let input = json!({
        "id": onward["id"], "expectedVersion": onward["version"],
        "letterNumber": letter, "letterDate": day,
    });
    run(client, "onwardSubmissionSend", &input)
}

fn follow(client: &Client, package: &Value, step: &str) -> Answer {
    let mut input = json!({
        "id": package["id"], "expectedVersion": package["version"], "step": step,
    });
    if step == "RETURN" {
        input["reason"] = json!("Thiếu xác nhận sáng kiến");
    }
    run(client, "onwardPackageFollow", &input)
}

pub(crate) fn followed(client: &Client, package: &Value, step: &str) -> Value {
    follow(client, package, step).ok()["onwardPackageFollow"]["onwardPackage"].clone()
}

pub(crate) fn decided(package: &Value) -> Value {
    json!({
        "id": package["id"], "expectedVersion": package["version"],
        "decision": {
            "number": 814, "symbol": "QĐ-TTg", "decidedOn": today(),
            "signerPost": "Thủ tướng", "issuerName": "Thủ tướng Chính phủ",
        },
        "results": [{ "position": 1, "outcome": "AWARDED" }],
    })
}

pub(crate) fn read(client: &Client, field: &str, id: &Value) -> Value {
    client.run(operation::text(field), json!({ "id": id })).ok()[field].clone()
}

/// The hash of a text in hexadecimal digits.
fn hash(text: &Value) -> String {
    let bytes = Sha256::digest(text.as_str().unwrap());
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The content of a package: what it says, and that it is what was hashed.
fn assert_whole(world: &World, package: &Value) {
    let text: Value = serde_json::from_str(package["content"].as_str().unwrap()).unwrap();
    let listed = &text["nominees"][0];
    assert_eq!(package["sha256"], hash(&package["content"]));
    assert_eq!(
        (&listed["ballot"]["yes"], &listed["ballot"]["base"], &listed["ballot"]["outcome"]),
        (&json!(14), &json!(15), &json!("PASSED")),
        "{text}"
    );
    assert_eq!(listed["partyOpinion"]["answer"]["answeredBy"], "Công văn 45-CV/TU");
    assert!(text["minutes"][0]["text"].as_str().unwrap().contains("BIÊN BẢN"), "{text}");
    assert!(listed["achievement"].as_str().unwrap().contains(&world.a.canary));
}

fn a_proposal_goes_up_is_returned_and_comes_back_decided(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::in_bac_ninh(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    world.fighter(&world.a);
    let (submission, nominee) = world.proposed(&world.a, "NATIONAL_EMULATION_FIGHTER", true);
    let onward = proposal(&world, &secretary, nominee);
    let opinion = &onward["nominees"][0]["nominee"]["partyOpinion"];
    assert_eq!((&onward["state"], &opinion["state"]), (&json!("DRAFT"), &json!("MISSING")));

    let field = "onwardSubmissionSend";
    let said = refusal(send(&secretary, &onward, "1/TTr"), field, "PARTY_OPINION_MISSING");
    assert!(said.contains("Chiến sĩ thi đua toàn quốc") && said.contains("86/2025"), "{said}");
    let asked = ask(&world, &secretary);
    answer(&secretary, &asked, false);
    let first = send(&secretary, &onward, "1/TTr").ok()[field]["onwardPackage"].clone();

    assert_whole(&world, &first);
    let second = returned(&(&secretary, &central), &onward, &first);
    let second = followed(&central, &followed(&central, &second, "RECEIVE"), "APPRAISE");
    let second = registered(&(&secretary, &central), &second);
    let decision = &second["events"].as_array().unwrap().last().unwrap()["decision"];
    assert_eq!(decision["label"], "814/QĐ-TTg");
    let award = read(&secretary, "award", &decision["awards"][0]["id"]);
    assert_eq!(award["awardType"]["code"], "NATIONAL_EMULATION_FIGHTER");
    assert_eq!(
        (&award["issuerName"], &award["state"]),
        (&json!("Thủ tướng Chính phủ"), &json!("VALID"))
    );
    crate::registry::assert_replayed(&world);
    let head = world.a.sign_in(&server, Role::UnitHead);
    decided_once(&world, (&secretary, &head), (submission, nominee));
}

/// The sender's secretary and the addressee's officer.
pub(crate) type Sides<'a> = (&'a Client, &'a Client);

/// The addressee sends it back, the sender sends it anew; hands back the second package.
fn returned((secretary, central): &Sides<'_>, onward: &Value, first: &Value) -> Value {
    follow(secretary, first, "RECEIVE").refused("FORBIDDEN");
    let sent = read(secretary, "onwardSubmission", &onward["id"]);
    send(secretary, &sent, "2/TTr").refused("WRONG_STATE");
    let first = followed(central, first, "RECEIVE");
    follow(central, &first, "RECEIVE").refused("WRONG_STATE");
    let first = followed(central, &first, "RETURN");

    let back = read(secretary, "onwardSubmission", &onward["id"]);
    assert_eq!(back["state"], "RETURNED");
    assert_eq!(back["events"][2]["reason"], "Thiếu xác nhận sáng kiến");
    assert_eq!(back["events"][2]["actorName"], Value::Null, "of another tenant");
    let sent = send(secretary, &back, "2/TTr").ok();
    let second = sent["onwardSubmissionSend"]["onwardPackage"].clone();
    assert_eq!(sent["onwardSubmissionSend"]["onwardSubmission"]["id"], back["id"], "{sent}");
    let old = read(central, "onwardPackage", &first["id"]);
    assert_eq!((&old["sha256"], &second["number"]), (&first["sha256"], &json!(2)));
    assert_eq!((&old["state"], &old["allowedSteps"]), (&json!("RETURNED"), &json!([])));
    follow(central, &old, "APPRAISE").refused("FINAL_STATE");
    second
}

/// The addressee records the decision, the sender takes it over; hands back the package.
pub(crate) fn registered((secretary, central): &Sides<'_>, package: &Value) -> Value {
    let register =
        |package: &Value| json!({ "id": package["id"], "expectedVersion": package["version"] });
    run(secretary, "onwardResultRegister", &register(package)).refused("WRONG_STATE");
    let package = done(central, ("onwardResultRecord", "onwardPackage"), &decided(package));
    assert_eq!(package["state"], "AWARDED");
    run(central, "onwardResultRegister", &register(&package)).refused("FORBIDDEN");
    let package = done(secretary, ("onwardResultRegister", "onwardPackage"), &register(&package));
    assert_eq!(package["state"], "REGISTERED");
    run(secretary, "onwardResultRegister", &register(&package)).refused("WRONG_STATE");
    package
}

/// The rules look at the award from now on, and nobody decides on the nominee again.
fn decided_once(
    world: &World,
    (secretary, head): (&Client, &Client),
    (submission, nominee): (Id, Id),
) {
    let query = "query($id: ID!) { eligibilityCheck(subjectId: $id, \
        awardTypeCode: \"NATIONAL_EMULATION_FIGHTER\", year: 2025) { outcomes { verdict \
        steps { facts { what } } } } }";
    let check = secretary.run(query, json!({ "id": world.a.subject })).ok();
    let held = json!({ "facts": [{ "what": "NATIONAL_EMULATION_FIGHTER" }] });
    assert!(check.to_string().contains(&held.to_string()), "{check}");
    let issue = json!({
        "unitId": world.a.office, "submissionIds": [submission],
        "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
    });
    let body = run(head, "decisionIssue", &issue).refused("WRONG_STATE");
    let told = &body["decisionIssue"]["errors"][0];
    assert!(told["message"].as_str().unwrap().contains("đã trình cấp trên"), "{told}");
    let again = json!({
        "title": "Lần nữa", "authority": "PRIME_MINISTER", "addresseeId": world.b.id,
        "nomineeIds": [nominee],
    });
    let body = run(secretary, "onwardSubmissionCreate", &again).refused("ALREADY_EXISTS");
    let told = &body["onwardSubmissionCreate"]["errors"][0];
    assert_eq!(told["path"], json!(["input", "nomineeIds", "0"]), "{told}");
    assert!(told["message"].as_str().unwrap().contains("danh sách trình cấp trên"), "{told}");
    let mut named = again;
    named["addresseeName"] = json!("Bộ Nội vụ");
    run(secretary, "onwardSubmissionCreate", &named).refused("INVALID_COMBINATION");
    named["addresseeName"] = json!(format!("Tỉnh {}", world.b.slug));
    run(secretary, "onwardSubmissionCreate", &named).refused("ALREADY_EXISTS");
}

/// Everything the addressee can ask about what belongs to the sender.
fn a_draft_and_everything_else_stays_with_its_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let (submission, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    let onward = proposal(&world, &secretary, nominee);
    let seen = |role: Role| {
        let client = world.b.sign_in(&server, role);
        let list = client.run(operation::text("onwardPackages"), json!({})).ok();
        list.to_string().contains(&world.a.canary)
    };
    let readers = [
        Role::CentralOfficer,
        Role::ProvinceChair,
        Role::CouncilSecretary,
        Role::StandingOfficer,
        Role::Auditor,
    ];

    assert!(!readers.iter().any(|role| seen(*role)), "a draft");
    let package =
        send(&secretary, &onward, "1/TTr").ok()["onwardSubmissionSend"]["onwardPackage"].clone();
    assert!(readers.iter().all(|role| seen(*role)), "what was sent");
    for role in [Role::UnitHead, Role::UnitOfficer, Role::TenantAdministrator, Role::CouncilMember]
    {
        assert!(!seen(role), "{role:?}");
    }

    let central = world.b.sign_in(&server, Role::CentralOfficer);
    for (field, id) in [
        ("onwardSubmission", onward["id"].clone()),
        ("submission", json!(submission)),
        ("subject", json!(world.a.subject)),
        ("award", json!(world.a.awards.valid)),
        ("decision", json!(world.a.decision)),
        ("councilSession", json!(world.a.board.sitting)),
    ] {
        assert_eq!(read(&central, field, &id), Value::Null, "{field}");
    }
    let lists = central.run(operation::text("onwardSubmissions"), json!({})).ok();
    assert!(!lists.to_string().contains(&world.a.canary), "{lists}");
    let _ = followed(&central, &package, "RECEIVE");
    let trail = central.run(operation::text("auditEvents"), json!({ "first": 5 })).ok();
    assert!(trail.to_string().contains("OnwardPackageFollow"), "the own trail tells it: {trail}");
    let third = World::on(&server);
    let stranger = third.b.sign_in(&server, Role::CentralOfficer);
    assert_eq!(read(&stranger, "onwardPackage", &package["id"]), Value::Null);
    follow(&stranger, &package, "RECEIVE").refused("NOT_FOUND");
}

/// A proposal to the President, whose office is no tenant.
fn outside(secretary: &Client, authority: &str, nominee: Id) -> Answer {
    let input = json!({
        "title": "Đề nghị tặng Huân chương", "authority": authority,
        "addresseeName": "Bộ Nội vụ", "nomineeIds": [nominee],
    });
    run(secretary, "onwardSubmissionCreate", &input)
}

/// The package of a proposal to the President that was sent.
fn sent_outside(secretary: &Client, nominee: Id, letter: &str) -> Value {
    let made = outside(secretary, "PRESIDENT", nominee).ok();
    let onward = &made["onwardSubmissionCreate"]["onwardSubmission"];
    send(secretary, onward, letter).ok()["onwardSubmissionSend"]["onwardPackage"].clone()
}

fn result(package: &Value, results: &Value) -> Value {
    json!({
        "id": package["id"], "expectedVersion": package["version"], "results": results,
        "decision": {
            "number": 1200, "symbol": "QĐ-CTN", "decidedOn": today(),
            "issuerName": "Chủ tịch nước",
        },
    })
}

fn lower(code: &str) -> Value {
    json!([{
        "position": 1, "outcome": "LOWER_TITLE", "awardTypeCode": code, "reason": "Hạ mức",
    }])
}

/// The list of a submission has been public for long enough.
fn posted(world: &World, submission: Id) {
    let author = world.a.person(Role::StandingOfficer);
    let begun = harness::world::now() - chrono::TimeDelta::days(800);
    let row = notice::Model {
        tenant_id: world.a.id.uuid,
        id: Id::new("Notice").uuid,
        submission_id: submission.uuid,
        unit_id: world.a.office.uuid,
        place: "Cổng thông tin".to_owned(),
        opened_on: begun.date_naive(),
        last_on: begun.date_naive() + chrono::TimeDelta::days(30),
        author_id: author.id.uuid,
        author_name: "Người ghi (mẫu)".to_owned(),
        at: begun,
    };
    world.ground.add(row).unwrap();
}

fn the_paper_of_an_authority_outside_is_written_down(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let (_, unvoted) = world.proposed(&world.a, "ORDER_LABOUR_2", false);
    let (submission, nominee) = world.proposed(&world.a, "ORDER_LABOUR_2", true);
    let (_, hidden) = world.proposed(&world.a, "ORDER_LABOUR_2", true);
    let unposted = outside(&secretary, "PRESIDENT", hidden).ok();
    let unposted = &unposted["onwardSubmissionCreate"]["onwardSubmission"];
    send(&secretary, unposted, "6/TTr").refused("NOTICE_NOT_OVER");
    posted(&world, submission);

    outside(&secretary, "PRESIDENT", unvoted).refused("VOTE_MISSING");
    outside(&secretary, "PRIME_MINISTER", nominee).refused("NOT_THE_AUTHORITY");
    outside(&secretary, "PROVINCE_CHAIR", nominee).refused("INVALID_COMBINATION");
    let package = sent_outside(&secretary, nominee, "7/TTr");
    let record =
        |results: Value| run(&secretary, "onwardResultRecord", &result(&package, &results));
    record(json!([])).refused("OUT_OF_RANGE");
    record(json!([{ "position": 2, "outcome": "AWARDED" }])).refused("NOT_FOUND");
    record(lower("ORDER_GOLD_STAR")).refused("INVALID_COMBINATION");
    record(lower("PM_CERTIFICATE")).refused("NOT_THE_AUTHORITY");
    record(lower("NO_SUCH_TITLE")).refused("AWARD_UNKNOWN");
    let refused = json!([{ "position": 1, "outcome": "REFUSED", "reason": "Chưa đủ thời gian" }]);
    let refused = record(refused).ok()["onwardResultRecord"]["onwardPackage"].clone();
    assert_eq!((&refused["state"], &refused["allowedSteps"]), (&json!("REFUSED"), &json!([])));

    // Who was refused can be proposed anew, and only he.
    let package = sent_outside(&secretary, nominee, "8/TTr");
    let given = result(&package, &lower("ORDER_LABOUR_3"));
    let package = done(&secretary, ("onwardResultRecord", "onwardPackage"), &given);
    let register = json!({ "id": package["id"], "expectedVersion": package["version"] });
    let package = done(&secretary, ("onwardResultRegister", "onwardPackage"), &register);
    let award = &package["events"].as_array().unwrap().last().unwrap()["decision"]["awards"][0];
    let award = read(&secretary, "award", &award["id"]);
    assert_eq!(award["awardType"]["code"], "ORDER_LABOUR_3");
}

fn two_who_answer_at_once_do_not_both(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::StandingOfficer);
    let other = world.a.sign_in(&server, Role::CentralOfficer);
    let package = json!({ "id": world.a.onward.packages[0], "version": 1 });

    let answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| follow(&client, &package, "RECEIVE"));
        let two = scope.spawn(|| follow(&other, &package, "RETURN"));
        [one.join().unwrap(), two.join().unwrap()]
    });

    let codes: Vec<_> = answers.iter().flat_map(Answer::payload_codes).collect();
    assert_eq!(codes, ["CONFLICT"], "{answers:?}");
}

fn a_page_of_packages_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::StandingOfficer);
    for field in ["onwardPackages", "onwardSubmissions"] {
        let take = |first: usize| {
            let answer = client.run(operation::text(field), json!({ "first": first }));
            let count = answer.statements();
            let data = answer.ok();
            assert_eq!(data[field]["nodes"].as_array().unwrap().len(), first, "{data}");
            count
        };
        let _ = take(3);
        let (one, many) = (take(1), take(3));
        assert!(many <= 10, "{field}: {many} statements");
        assert!(many <= one + 1, "{field}: {one} for one, {many} for three");
    }
}
