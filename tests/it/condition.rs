//! What only a person can confirm: open until somebody says it, then as it was said, by whom and when; no word is lost.

use api::domain::rule::condition_key;
use entity::role_grant::Role;
use entity::{audit_event, condition_confirmation, eligibility_rule, nominee};
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assembly::today;
use crate::fitting::Fitting;
use crate::registry::run;
use crate::rules::{person, rate};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_condition_is_open_until_somebody_confirms_it,
        what_somebody_denies_stops_the_list_until_the_decision,
        a_way_that_is_denied_is_no_way,
        only_those_who_appraise_say_it_and_only_then,
        a_word_names_what_there_is,
    ]
}

/// An input that fits: a condition that the law has for every proposal, of a nominee who waits for a decision.
pub(crate) fn fitting(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let nominee = fitting.province.onward.free;
    let input = || {
        json!({
            "nomineeId": nominee, "conditionKey": of_the_law(fitting.world, "*:direct-and-remote"),
            "holds": true, "reason": "Theo biên bản họp",
        })
    };
    (mutation == "conditionConfirm").then(|| vec![input()])
}

/// The key of a rule of the law that is nothing but one condition.
fn of_the_law(world: &World, code: &str) -> String {
    let this = Condition::all().add(eligibility_rule::Column::Code.eq(code));
    let row = world.ground.rows::<eligibility_rule::Entity>(this).unwrap().remove(0);
    let tree: Value = serde_json::from_str(&row.tree).unwrap();
    let words = |language: &str| tree["manual"][language].as_str().unwrap();
    condition_key(&row.code, (words("vi"), words("en")))
}

/// The regulation of the province behind its own condition.
const OWN: &str = "Quy chế của tỉnh, Điều 4";
/// Where the law puts the title.
const STAFF: &str = "Luật 06/2022/QH15, Điều 24 khoản 1";

/// A list with one person rated well enough, and a condition of the province for people.
struct Dossier {
    world: World,
    office: Client,
    officer: Client,
    list: Value,
    nominee: Value,
    minutes: Value,
}

impl Dossier {
    fn sent(server: &Server) -> Self {
        let world = World::on(server);
        let office = world.a.sign_in(server, Role::UnitOfficer);
        let officer = world.a.sign_in(server, Role::StandingOfficer);
        let rule = json!({
            "awardTypeCode": "ADVANCED_LABOURER", "nameVi": "Gương mẫu", "nameEn": "Exemplary",
            "tree": json!({ "manual": { "vi": "Gương mẫu", "en": "Exemplary" } }).to_string(),
            "citation": OWN, "validFrom": "2026-01-01", "severity": "BLOCK",
        });
        run(&officer, "eligibilityRuleCreate", &rule).ok();
        let one = person(&office, world.a.office, "Lý Thị Mẫu");
        rate(&office, &one, "GOOD").ok();
        let input = json!({
            "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
            "nominees": [{
                "kind": "INDIVIDUAL", "name": "Lý Thị Mẫu", "awardTypeId": world.award_type,
                "subjectId": one,
            }],
            "documents": [{
                "title": "Biên bản kiểm tra", "fileName": "bien-ban.pdf",
                "mediaType": "application/pdf", "sizeBytes": "10", "sha256": "0a".repeat(32),
            }],
        });
        let query = "mutation($input: SubmissionCreateInput!) {
          submissionCreate(input: $input) {
            submission { id nominees { id } documents { id } } errors { code }
          }
        }";
        let made = office.run(query, json!({ "input": input })).ok();
        let list = &made["submissionCreate"]["submission"];
        let (nominee, minutes) = (&list["nominees"][0]["id"], &list["documents"][0]["id"]);
        let (nominee, minutes, list) = (nominee.clone(), minutes.clone(), list["id"].clone());
        let dossier = Self { world, office, officer, list, nominee, minutes };
        dossier.step(&dossier.office, "submissionSend", 1).ok();
        dossier
    }

    fn received(server: &Server) -> Self {
        let dossier = Self::sent(server);
        dossier.step(&dossier.officer, "submissionReceive", 2).ok();
        dossier
    }

    /// A name without a subject beside a nominee.
    fn add_name(&self, beside: Uuid) -> Id {
        let this = Condition::all().add(nominee::Column::Id.eq(beside));
        let row = self.world.ground.rows::<nominee::Entity>(this).unwrap().remove(0);
        let name = Id::new("Nominee");
        let row = nominee::Model {
            id: name.uuid,
            position: 2,
            name: "Tẩn Thị Tên (mẫu)".to_owned(),
            name_search: "tan thi ten (mau)".to_owned(),
            subject_id: None,
            ..row
        };
        self.world.ground.add(row).unwrap();
        name
    }

    fn step(&self, client: &Client, field: &str, version: i32) -> Answer {
        let query = format!(
            "mutation($input: SubmissionStepInput!) {{ {field}(input: $input) {{
              submission {{ id state }} errors {{ code message path }}
            }} }}"
        );
        let input = json!({ "id": self.list, "expectedVersion": version });
        client.run(&query, json!({ "input": input }))
    }

    fn seen(&self) -> Value {
        let query = "query($id: ID!) { submission(id: $id) {
          state
          nominees { eligibility { verdict outcomes { verdict rule { citation } steps {
            verdict conditionKey
            confirmation { conditionKey answer reason documentTitle documentHash actorName actorRole at }
          } } } }
          appraisals { step findings { outcomes { verdict rule { citation } steps {
            verdict conditionKey confirmation { answer reason actorName at }
          } } } }
        } }";
        self.officer.run(query, json!({ "id": self.list })).ok()["submission"].clone()
    }

    /// The eligibility of the nominee, and what the rules of a citation say of him.
    fn outcome(&self, citation: &str) -> (Value, Value) {
        let eligibility = self.seen()["nominees"][0]["eligibility"].clone();
        let outcome = cited(&eligibility["outcomes"], citation);
        (eligibility["verdict"].clone(), outcome)
    }

    fn input(&self, citation: &str, holds: bool) -> Value {
        let (_, outcome) = self.outcome(citation);
        let steps = outcome["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["conditionKey"].is_string()).unwrap();
        json!({
            "nomineeId": self.nominee, "conditionKey": step["conditionKey"], "holds": holds,
            "reason": "Theo biên bản kiểm tra",
        })
    }

    fn say(&self, citation: &str, holds: bool) -> Value {
        let answer = run(&self.officer, "conditionConfirm", &self.input(citation, holds)).ok();
        answer["conditionConfirm"]["confirmation"].clone()
    }

    /// What was written down about the list.
    fn rows(&self) -> Vec<condition_confirmation::Model> {
        let (_, id) = api::scalar::decode(self.list.as_str().unwrap()).unwrap();
        let of_list = Condition::all().add(condition_confirmation::Column::SubmissionId.eq(id));
        self.world.ground.rows::<condition_confirmation::Entity>(of_list).unwrap()
    }

    fn decide(&self, head: &Client) -> Answer {
        let input = json!({
            "unitId": self.world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
            "submissionIds": [self.list],
        });
        run(head, "decisionIssue", &input)
    }
}

fn cited(outcomes: &Value, citation: &str) -> Value {
    let all = outcomes.as_array().unwrap();
    all.iter().find(|it| it["rule"]["citation"] == citation).unwrap().clone()
}

fn a_condition_is_open_until_somebody_confirms_it(stage: &Stage) {
    let server = stage.server();
    let dossier = Dossier::received(&server);
    let (verdict, before) = dossier.outcome(OWN);
    assert_eq!((&verdict, &before["verdict"]), (&json!("UNKNOWN"), &json!("UNKNOWN")));
    let step = &before["steps"][0];
    assert_eq!(step["conditionKey"].as_str().unwrap().len(), 64);
    assert_eq!(step["confirmation"], Value::Null);

    let said = dossier.say(OWN, true);
    let _ = dossier.say(STAFF, true);

    let (verdict, after) = dossier.outcome(OWN);
    assert_eq!((&verdict, &after["verdict"]), (&json!("PASSED"), &json!("PASSED")));
    let shown = &after["steps"][0]["confirmation"];
    let name = dossier.officer.run("{ viewer { displayName } }", json!({})).ok();
    assert_eq!(shown["actorName"], name["viewer"]["displayName"]);
    assert_eq!(
        (&shown["answer"], &shown["actorRole"]),
        (&json!("HOLDS"), &json!("STANDING_OFFICER"))
    );
    assert_eq!(shown["at"], said["at"]);
    let computed = dossier.outcome(STAFF).1["steps"].as_array().unwrap().clone();
    assert!(computed.iter().any(|it| it["conditionKey"].is_null() && it["verdict"] == "PASSED"));
    let row = &dossier.rows()[0];
    let event = Condition::all().add(audit_event::Column::ObjectId.eq(row.id));
    let trail = dossier.world.ground.rows::<audit_event::Entity>(event).unwrap();
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0].act, "ConditionConfirm");
    assert_eq!(trail[0].reason.as_deref(), Some("Theo biên bản kiểm tra"));

    dossier.step(&dossier.officer, "submissionAppraise", 3).ok();

    let kept = |seen: &Value| {
        let finding = &seen["appraisals"][1]["findings"][0];
        cited(&finding["outcomes"], OWN)["steps"][0].clone()
    };
    let frozen = kept(&dossier.seen());
    assert_eq!(frozen["confirmation"]["answer"], "HOLDS");
    assert_eq!(frozen["confirmation"]["actorName"], shown["actorName"]);
    let _ = dossier.say(OWN, false);
    assert_eq!(kept(&dossier.seen()), frozen, "what was said at a step stays");
}

fn what_somebody_denies_stops_the_list_until_the_decision(stage: &Stage) {
    let server = stage.server();
    let dossier = Dossier::received(&server);
    let chair = dossier.world.a.sign_in(&server, Role::ProvinceChair);
    let head = dossier.world.a.sign_in(&server, Role::UnitHead);

    let _ = dossier.say(OWN, false);

    assert_eq!(dossier.outcome(OWN).1["verdict"], "FAILED");
    let refused = dossier.step(&dossier.officer, "submissionAppraise", 3);
    let refused = refused.refused("ELIGIBILITY_FAILED");
    let message = refused["submissionAppraise"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(OWN) && message.contains("Lý Thị Mẫu"), "{message}");
    let _ = dossier.say(OWN, true);
    dossier.step(&dossier.officer, "submissionAppraise", 3).ok();
    let _ = dossier.say(OWN, false);
    dossier.step(&chair, "submissionApprove", 4).refused("ELIGIBILITY_FAILED");
    let _ = dossier.say(OWN, true);
    dossier.step(&chair, "submissionApprove", 4).ok();
    let _ = dossier.say(OWN, false);
    dossier.decide(&head).refused("ELIGIBILITY_FAILED");
    let _ = dossier.say(OWN, true);
    let late = dossier.input(OWN, false);
    dossier.decide(&head).ok();

    run(&dossier.officer, "conditionConfirm", &late).refused("WRONG_STATE");

    assert_eq!(dossier.rows().len(), 6, "no word takes the place of another");
}

/// People judge of the ways of the law; once they have said that none is left, the list does not go on.
fn a_way_that_is_denied_is_no_way(stage: &Stage) {
    let server = stage.server();
    let dossier = Dossier::received(&server);
    let _ = dossier.say(OWN, true);

    let _ = dossier.say(STAFF, false);

    let (verdict, way) = dossier.outcome(STAFF);
    assert_eq!((&verdict, &way["verdict"]), (&json!("FAILED"), &json!("FAILED")));
    let refused = dossier.step(&dossier.officer, "submissionAppraise", 3);
    let refused = refused.refused("ELIGIBILITY_FAILED");
    let message = refused["submissionAppraise"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(STAFF), "{message}");
}

fn only_those_who_appraise_say_it_and_only_then(stage: &Stage) {
    let server = stage.server();
    let dossier = Dossier::sent(&server);
    let input = dossier.input(OWN, true);
    let say = |client: &Client| run(client, "conditionConfirm", &input);
    let stranger = dossier.world.b.sign_in(&server, Role::StandingOfficer);
    let chair = dossier.world.a.sign_in(&server, Role::ProvinceChair);

    say(&dossier.officer).refused("WRONG_STATE");
    dossier.step(&dossier.officer, "submissionReceive", 2).ok();

    say(&stranger).refused("NOT_FOUND");
    for other in [&dossier.office, &chair] {
        say(other).refused("FORBIDDEN");
    }
    assert!(dossier.rows().is_empty());
    say(&dossier.officer).ok();
    assert_eq!(dossier.rows().len(), 1);
}

fn a_word_names_what_there_is(stage: &Stage) {
    let server = stage.server();
    let dossier = Dossier::received(&server);
    let with = |name: &str, value: Value| {
        let mut input = dossier.input(OWN, true);
        input[name] = value;
        run(&dossier.officer, "conditionConfirm", &input)
    };
    let other = dossier.world.a.submission.document;

    let (_, listed) = api::scalar::decode(dossier.nominee.as_str().unwrap()).unwrap();
    let named = dossier.add_name(listed);
    let refused = with("nomineeId", json!(named)).refused("SUBJECT_MISSING");
    let error = &refused["conditionConfirm"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "nomineeId"]), "{error}");
    assert!(error["message"].as_str().unwrap().contains("Tẩn Thị Tên (mẫu)"), "{error}");
    with("conditionKey", json!("0".repeat(64))).refused("NOT_FOUND");
    with("conditionKey", json!("0".repeat(65))).refused("TOO_LONG");
    with("reason", json!(" ")).refused("REASON_REQUIRED");
    with("documentId", json!(other)).refused("NOT_FOUND");
    with("expectedVersion", json!(2)).refused("CONFLICT");
    assert!(dossier.rows().is_empty());

    let first = with("idempotencyKey", json!("once")).ok();
    assert_eq!(with("idempotencyKey", json!("once")).ok(), first);
    with("expectedVersion", json!(3)).ok();
    let shown = with("documentId", dossier.minutes.clone()).ok();
    let shown = &shown["conditionConfirm"]["confirmation"];
    assert_eq!(shown["documentTitle"], "Biên bản kiểm tra");
    assert_eq!(shown["documentHash"], json!("0a".repeat(32)));

    let rows = dossier.rows();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.nominee_name == "Lý Thị Mẫu" && row.citation == OWN));
}
