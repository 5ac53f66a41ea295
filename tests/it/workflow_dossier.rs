//! Workflow W8: a title dossier from an office to the province, over HTTP.
//! The council that then votes is that of [`crate::workflow`].

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::council::{anew, done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_dossier_goes_from_office_to_agenda,
        a_dissolved_unit_submits_nothing,
        of_two_specialists_the_second_is_told,
    ]
}

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// The people of the story.
struct Cast {
    head: Client,
    office: Client,
    officer: Client,
    chair: Client,
}

impl Cast {
    fn of(world: &World, server: &Server) -> Self {
        let sign_in = |role| world.a.sign_in(server, role);
        Self {
            head: sign_in(Role::UnitHead),
            office: sign_in(Role::UnitOfficer),
            officer: sign_in(Role::StandingOfficer),
            chair: sign_in(Role::ProvinceChair),
        }
    }
}

fn read(client: &Client, submission: &Value) -> Value {
    let read = client.run(operation::text("submission"), json!({ "id": submission["id"] }));
    read.ok()["submission"].clone()
}

/// Takes the submission one step on, as it is now.
fn step(client: &Client, field: &str, submission: &Value) -> Value {
    let now = read(client, submission);
    let mut input = json!({ "id": now["id"], "expectedVersion": now["version"] });
    if field == "submissionReturn" {
        input["reason"] = json!("Thiếu quyết định công nhận sáng kiến");
    }
    done(client, (field, "submission"), &input)
}

/// Three grassroots fighters of the office who are only written down, and a subject for the provincial title.
fn list(world: &World, cast: &Cast, person: &Value) -> Value {
    let [base, provincial] = ["BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"]
        .map(|code| title(&cast.office, code));
    let mut nominees: Vec<Value> = (1..=3)
        .map(|number| {
            json!({
                "kind": "INDIVIDUAL", "name": format!("Chiến sĩ thi đua {number} (mẫu)"),
                "awardTypeId": base,
            })
        })
        .collect();
    nominees.push(json!({
        "kind": "INDIVIDUAL", "name": "Người chưa có sáng kiến (mẫu)", "awardTypeId": provincial,
        "subjectId": person,
    }));
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách đề nghị năm", "year": YEAR,
        "nominees": nominees,
    });
    done(&cast.office, ("submissionCreate", "submission"), &input)
}

/// Steps 1 to 6 and 8.
fn a_dossier_goes_from_office_to_agenda(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let cast = Cast::of(&world, &server);
    let quota = json!({
        "awardTypeCode": "BASE_EMULATION_FIGHTER", "base": "COUNT", "most": 2,
        "citation": "Quy chế", "validFrom": "2024-01-01",
    });
    let quota = done(&cast.officer, ("quotaCreate", "quota"), &quota);
    let person = json!({
        "kind": "INDIVIDUAL", "name": "Người chưa có sáng kiến (mẫu)", "unitId": world.a.office,
    });
    let person = done(&cast.office, ("subjectCreate", "subject"), &person)["id"].clone();
    let list = list(&world, &cast, &person);

    // Before it is sent: how many of those on it work directly, so far as it is known.
    let meter = "query($id: ID!) { submission(id: $id) { directWorkers { persons known } } }";
    let meter = cast.office.run(meter, json!({ "id": list["id"] })).ok();
    assert_eq!(meter["submission"]["directWorkers"], json!({ "persons": 4, "known": 0 }));
    // 2. One over the quota, and who it is.
    let asked = json!({ "submissionId": list["id"] });
    let preview = cast.office.run(operation::text("quotaPreview"), asked).ok();
    assert_eq!(preview["quotaPreview"][0]["overNames"], json!(["Chiến sĩ thi đua 3 (mẫu)"]));
    // 3. Who fails the law is named with rule and citation; he is taken off the list.
    let blocked =
        json!({ "id": list["id"], "expectedVersion": read(&cast.office, &list)["version"] });
    let refused = run(&cast.office, "submissionSend", &blocked).refused("ELIGIBILITY_FAILED");
    let said = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(
        said.contains("Người chưa có sáng kiến") && said.contains("Luật 06/2022/QH15"),
        "{said}"
    );
    let nominees = read(&cast.office, &list)["nominees"].clone();
    let last = &nominees[3];
    let gone = json!({ "id": last["id"], "expectedVersion": last["version"] });
    let _ = done(&cast.office, ("nomineeRemove", "submission"), &gone);
    let now = json!({ "id": list["id"], "expectedVersion": read(&cast.office, &list)["version"] });
    run(&cast.office, "submissionSend", &now).refused("QUOTA_EXCEEDED");
    let waiver = json!({
        "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR, "extra": 1,
        "reason": "Đơn vị hoàn thành vượt mức kế hoạch",
    });
    run(&cast.head, "quotaWaive", &waiver).refused("FORBIDDEN");
    run(&cast.chair, "quotaWaive", &waiver).ok();
    papers_and_a_name(&cast, &list);
    returned_and_sent_again(&cast, &list);
    opinions(&world, &cast);
    on_the_agenda(&world, &server, &cast, &list);
}

/// Steps 1 and 4: the papers of the office's review, with the ratio of votes; sent, recalled for a name, sent again.
fn papers_and_a_name(cast: &Cast, list: &Value) {
    for (name, file) in [("Tờ trình", "to-trinh"), ("Biên bản bình xét, 12/15 phiếu", "bien-ban")]
    {
        let document = json!({
            "submissionId": list["id"],
            "document": {
                "title": name, "fileName": format!("{file}.pdf"), "mediaType": "application/pdf",
                "sizeBytes": "1024", "sha256": "0123456789abcdef".repeat(4),
            },
        });
        let _ = done(&cast.office, ("documentAdd", "document"), &document);
    }
    step(&cast.office, "submissionSend", list);
    step(&cast.office, "submissionRecall", list);
    let first = read(&cast.office, list)["nominees"][0].clone();
    let named = json!({
        "id": first["id"], "expectedVersion": first["version"], "name": "Chiến sĩ thi đua Một (mẫu)",
    });
    let _ = done(&cast.office, ("nomineeUpdate", "nominee"), &named);
    step(&cast.office, "submissionSend", list);
}

/// Step 5: nothing is lost on the way back, and the chain begins again.
fn returned_and_sent_again(cast: &Cast, list: &Value) {
    step(&cast.officer, "submissionReceive", list);
    let before = read(&cast.officer, list);
    step(&cast.officer, "submissionReturn", list);
    let back = read(&cast.office, list);
    assert_eq!(
        (&back["state"], &back["reason"]),
        (&json!("RETURNED"), &json!("Thiếu quyết định công nhận sáng kiến"))
    );
    let parts = |of: &Value| {
        let names = |field: &str, name: &str| {
            let rows = of[field].as_array().unwrap().iter();
            rows.map(|row| row[name].clone()).collect::<Vec<_>>()
        };
        (names("nominees", "name"), names("documents", "title"))
    };
    assert_eq!(parts(&before), parts(&back), "nothing is lost on return");
    step(&cast.office, "submissionSend", list);
    step(&cast.officer, "submissionReceive", list);
    let appraised = step(&cast.officer, "submissionAppraise", list);
    let seen = read(&cast.office, list);
    assert_eq!(
        (&seen["officeStatus"], &seen["state"]),
        (&json!("BEING_APPRAISED"), &json!("APPRAISED"))
    );
    let history = read(&cast.officer, &appraised);
    let taken: Vec<&Value> =
        history["transitions"].as_array().unwrap().iter().map(|it| &it["action"]).collect();
    assert_eq!(
        taken,
        ["SEND", "RECALL", "SEND", "RECEIVE", "RETURN", "SEND", "RECEIVE", "APPRAISE"],
        "{history}"
    );
    let steps: Vec<&Value> =
        history["appraisals"].as_array().unwrap().iter().map(|it| &it["step"]).collect();
    assert_eq!(steps, ["SEND", "SEND", "SEND", "APPRAISE"], "what the law said each time");
}

/// Step 6: opinions on a collective, with their days.
fn opinions(world: &World, cast: &Cast) {
    for source in ["TAX", "ENVIRONMENT", "SOCIAL_INSURANCE"] {
        let ask = json!({
            "subjectId": world.a.collective, "year": YEAR, "source": source, "askedOn": "2026-01-05",
        });
        let asked = done(&cast.officer, ("clearanceAsk", "clearance"), &ask);
        let answer = json!({
            "id": asked["id"], "expectedVersion": 1, "answeredOn": "2026-01-12",
            "answeredBy": "Công văn 12", "isBlocking": false,
        });
        let given = done(&cast.officer, ("clearanceAnswer", "clearance"), &answer);
        assert_eq!(
            (&given["askedOn"], &given["answeredOn"]),
            (&json!("2026-01-05"), &json!("2026-01-12"))
        );
        run(&cast.officer, "clearanceAnswer", &answer).refused("CONFLICT");
    }
}

/// Step 8: the list of the next session; the office does not see it.
fn on_the_agenda(world: &World, server: &Server, cast: &Cast, list: &Value) {
    let nominees = read(&cast.officer, list)["nominees"].clone();
    let ids: Vec<&Value> = nominees.as_array().unwrap().iter().map(|row| &row["id"]).collect();
    let secretary = world.a.sign_in(server, Role::CouncilSecretary);
    let plan = json!({
        "councilId": world.a.board.id, "year": 2026, "title": "Kỳ họp xét danh hiệu",
        "plannedOn": "2026-07-01",
        "items": [{ "kind": "AWARD_LIST", "title": "Chiến sĩ thi đua cơ sở", "nomineeIds": ids }],
    });
    let session = done(&secretary, ("sessionPlan", "session"), &plan);
    let candidates = session["items"][0]["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 3);
    assert_eq!(candidates[0]["name"], "Chiến sĩ thi đua Một (mẫu)");
    let seen = read(&cast.office, list);
    assert_eq!(
        (&seen["officeStatus"], &seen["state"]),
        (&json!("AT_COUNCIL"), &json!("APPRAISED")),
        "what the office is told and the inner state differ"
    );
    let hidden = cast.office.run(operation::text("councilSession"), json!({ "id": session["id"] }));
    assert_eq!(hidden.ok()["councilSession"], Value::Null, "the office does not read the agenda");
}

fn a_dissolved_unit_submits_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let cast = Cast::of(&world, &server);
    let close = json!({
        "id": world.a.division, "expectedVersion": 1, "validTo": "2026-01-31",
        "reason": "Giải thể theo đề án sắp xếp",
    });
    let closed = run(&cast.officer, "unitClose", &close);
    let _ = closed.ok();

    let input = json!({
        "unitId": world.a.division, "title": "Danh sách của phòng đã giải thể", "year": YEAR,
        "nominees": [{
            "kind": "INDIVIDUAL", "name": "Người của phòng cũ (mẫu)",
            "awardTypeId": title(&cast.office, "ADVANCED_LABOURER"),
        }],
    });

    let refused = run(&cast.office, "submissionCreate", &input).refused("NOT_IN_FORCE");
    assert_eq!(refused["submissionCreate"]["errors"][0]["path"], json!(["input", "unitId"]));
}

fn of_two_specialists_the_second_is_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let sent = world.submission(&world.a, entity::submission::State::Received);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let other = anew(&server, world.a.person(Role::StandingOfficer));
    let seen = read(&officer, &json!({ "id": sent.id }));
    let input = json!({ "id": sent.id, "expectedVersion": seen["version"] });
    let back = json!({
        "id": sent.id, "expectedVersion": seen["version"], "reason": "Thiếu minh chứng",
    });

    let answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| run(&officer, "submissionAppraise", &input));
        let two = scope.spawn(|| run(&other, "submissionReturn", &back));
        [one.join().unwrap(), two.join().unwrap()]
    });

    let codes: Vec<_> = answers.iter().flat_map(harness::client::Answer::payload_codes).collect();
    assert_eq!(codes, ["CONFLICT"], "{answers:?}");
    let now = read(&officer, &json!({ "id": sent.id }));
    assert!(["APPRAISED", "RETURNED"].iter().any(|state| now["state"] == *state), "{now}");
}
