//! The law as data: what is recorded of a subject, which rules there are, and why one holds or not.

use entity::role_grant::Role;
use entity::{award, subject};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, Province, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::council::done;
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_year_is_recorded_in_the_place_of_what_was_there,
        an_initiative_serves_once,
        a_case_blocks_until_it_is_closed,
        an_opinion_is_answered_once,
        a_check_explains_itself,
        the_day_of_receipt_chooses_the_rules,
        a_tenant_adds_stricter_rules_only,
        the_law_is_there_with_its_citations,
        a_document_tells_every_rule_that_cites_it,
        a_document_of_ones_own_ends,
        a_list_of_nominees_takes_as_many_statements_as_one,
        what_must_be_proposed_is_found_among_many_and_decided_for_the_tenant,
    ]
}

pub(crate) fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

pub(crate) fn person(client: &Client, unit: impl serde::Serialize, name: &str) -> Value {
    let input = json!({ "kind": "INDIVIDUAL", "name": name, "unitId": unit });
    done(client, ("subjectCreate", "subject"), &input)["id"].clone()
}

pub(crate) fn rate(client: &Client, subject: &Value, rating: &str) -> Answer {
    let input = json!({
        "subjectId": subject, "year": YEAR, "expectedVersion": 0, "completionRating": rating,
    });
    run(client, "yearRecordRecord", &input)
}

fn check(client: &Client, subject: &Value, award: &str, more: &Value) -> Value {
    let mut asked = json!({ "subjectId": subject, "awardTypeCode": award, "year": YEAR });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.run(operation::text("eligibilityCheck"), asked).ok()["eligibilityCheck"].clone()
}

pub(crate) fn verdict(client: &Client, subject: &Value, award: &str) -> String {
    check(client, subject, award, &json!({}))["verdict"].as_str().unwrap().to_owned()
}

fn a_year_is_recorded_in_the_place_of_what_was_there(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let one = person(&officer, world.a.office, "Người được xếp loại");

    rate(&officer, &one, "GOOD").ok();
    rate(&officer, &one, "EXCELLENT").refused("CONFLICT");
    let again = json!({
        "subjectId": one, "year": YEAR, "expectedVersion": 1, "completionRating": "EXCELLENT",
        "registeredTitles": ["BASE_EMULATION_FIGHTER"],
    });
    run(&officer, "yearRecordRecord", &again).ok();

    let data = officer.run(operation::text("subject"), json!({ "id": one })).ok();
    let records = data["subject"]["yearRecords"].as_array().unwrap().clone();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["completionRating"], "EXCELLENT");
    assert_eq!(records[0]["registeredTitles"], json!(["BASE_EMULATION_FIGHTER"]));
    let wrong = json!({
        "subjectId": world.a.collective, "year": YEAR, "expectedVersion": 0, "membersTotal": 10,
        "membersAdvanced": 11,
    });
    run(&officer, "yearRecordRecord", &wrong).refused("OUT_OF_RANGE");
    for (subject, more, code) in [
        (&one, json!({ "registeredTitles": ["NOPE"] }), "AWARD_UNKNOWN"),
        (&one, json!({ "membersTotal": 3 }), "INVALID_COMBINATION"),
        (&one, json!({ "year": 2090, "completionRating": "GOOD" }), "OUT_OF_RANGE"),
    ] {
        let mut wrong = json!({ "subjectId": subject, "year": YEAR, "expectedVersion": 2 });
        wrong.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&officer, "yearRecordRecord", &wrong).refused(code);
    }
}

fn an_initiative_serves_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = person(&officer, world.a.office, "Tác giả sáng kiến");
    rate(&officer, &one, "GOOD").ok();
    assert_eq!(verdict(&officer, &one, "BASE_EMULATION_FIGHTER"), "FAILED");
    let made = json!({
        "unitId": world.a.office, "title": "Số hóa hồ sơ", "scope": "BASE",
        "recognisedBy": "Hội đồng sáng kiến", "recognisedOn": format!("{YEAR}-11-01"), "authorIds": [one],
    });
    let made = run(&officer, "initiativeRecognise", &made).ok();
    let initiative = &made["initiativeRecognise"]["initiative"]["id"];
    // Good, with an initiative; what remains a person has to confirm.
    assert_eq!(verdict(&officer, &one, "BASE_EMULATION_FIGHTER"), "UNKNOWN");

    let used = |version: i32| {
        json!({
            "id": initiative, "expectedVersion": version, "awardTypeCode": "PROVINCIAL_CERTIFICATE",
            "year": YEAR,
        })
    };
    run(&officer, "initiativeUse", &used(1)).ok();
    run(&officer, "initiativeUse", &used(2)).refused("INITIATIVE_USED");

    assert_eq!(verdict(&officer, &one, "BASE_EMULATION_FIGHTER"), "FAILED");
}

fn a_case_blocks_until_it_is_closed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = person(&officer, world.a.office, "Người bị xem xét");
    rate(&officer, &one, "GOOD").ok();
    assert_eq!(verdict(&officer, &one, "ADVANCED_LABOURER"), "UNKNOWN");
    let open = json!({ "subjectId": one, "stage": "PENDING", "fromDay": "2025-10-01" });
    run(
        &officer,
        "disciplineRecord",
        &json!({
            "subjectId": one, "stage": "IMPOSED", "fromDay": "2025-10-01",
        }),
    )
    .refused("INVALID_COMBINATION");
    let open =
        run(&officer, "disciplineRecord", &open).ok()["disciplineRecord"]["discipline"].clone();

    let blocked = check(&officer, &one, "ADVANCED_LABOURER", &json!({}));
    assert_eq!(blocked["verdict"], "FAILED");
    let rule = |it: &&Value| it["verdict"] == "FAILED";
    let why = blocked["outcomes"].as_array().unwrap().iter().find(rule).unwrap();
    assert_eq!(why["rule"]["citation"], "Nghị định 152/2025/NĐ-CP, Điều 4");
    assert_eq!(why["steps"][0]["facts"][0]["id"], open["id"]);
    let close = json!({
        "id": open["id"], "expectedVersion": 1, "stage": "CLEARED", "endDay": "2025-11-01",
    });
    run(&officer, "disciplineClose", &close).ok();
    assert_eq!(verdict(&officer, &one, "ADVANCED_LABOURER"), "UNKNOWN");
    let again = json!({
        "id": open["id"], "expectedVersion": 2, "stage": "CLEARED", "endDay": "2025-11-02",
    });
    run(&officer, "disciplineClose", &again).refused("FINAL_STATE");
}

fn an_opinion_is_answered_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let asked = json!({
        "subjectId": world.a.subject, "year": YEAR, "source": "ENVIRONMENT", "askedOn": "2025-11-01",
    });
    let asked = run(&officer, "clearanceAsk", &asked).ok()["clearanceAsk"]["clearance"].clone();
    let answer = |day: &str, version: i32| {
        json!({
            "id": asked["id"], "expectedVersion": version, "answeredOn": day,
            "answeredBy": "Công văn 15", "isBlocking": true,
        })
    };

    run(&officer, "clearanceAnswer", &answer("2025-10-01", 1)).refused("PERIOD_REVERSED");
    run(&officer, "clearanceAnswer", &answer("2025-11-10", 1)).ok();
    run(&officer, "clearanceAnswer", &answer("2025-11-11", 2)).refused("FINAL_STATE");

    let id = json!(world.a.subject);
    assert_eq!(verdict(&officer, &id, "ADVANCED_LABOURER"), "FAILED", "it stands against it");
    let head = world.a.sign_in(&server, Role::UnitHead);
    run(&head, "clearanceAnswer", &answer("2025-11-10", 2)).refused("FORBIDDEN");
}

fn a_check_explains_itself(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let office = json!(world.a.collective);
    let year = json!({
        "subjectId": office, "year": YEAR, "expectedVersion": 0, "completionRating": "EXCELLENT",
        "membersTotal": 10, "membersCompleted": 10, "membersAdvanced": 8, "membersBaseFighter": 0,
    });
    run(&officer, "yearRecordRecord", &year).ok();

    let found = check(&officer, &office, "EXCELLENT_LABOUR_COLLECTIVE", &json!({}));

    assert_eq!(found["verdict"], "FAILED");
    let law = |it: &&Value| it["rule"]["part"] == "BRANCH";
    let law = found["outcomes"].as_array().unwrap().iter().find(law).unwrap();
    assert_eq!(law["rule"]["citation"], "Luật 06/2022/QH15, Điều 27");
    let steps = law["steps"].as_array().unwrap();
    let stand: Vec<_> = steps.iter().map(|step| step["verdict"].as_str().unwrap()).collect();
    assert_eq!(stand, ["FAILED", "PASSED", "PASSED", "PASSED", "FAILED", "UNKNOWN"]);
    assert!(steps[1..].iter().all(|step| step["parent"] == 0 && step["depth"] == 1), "{steps:?}");
    assert_eq!(steps[3]["facts"][0]["what"], "8/10");
    let source = "theo đơn vị ghi: 0/10; có hồ sơ 0/10 người";
    assert_eq!(steps[4]["message"], format!("Có cá nhân đạt Chiến sĩ thi đua cơ sở ({source})"));
    let stranger = world.a.neighbour.sign_in(&server);
    let hidden = json!({ "subjectId": office, "awardTypeCode": "ADVANCED_UNIT", "year": YEAR });
    let hidden = stranger.run(operation::text("eligibilityCheck"), hidden).ok();
    assert_eq!(hidden["eligibilityCheck"], Value::Null);
}

fn the_day_of_receipt_chooses_the_rules(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let id = json!(world.a.subject);
    let on = |received: &str, decided: &str| {
        let days = json!({ "receivedOn": received, "decidedOn": decided });
        check(&officer, &id, "ADVANCED_LABOURER", &days)
    };

    let across = on("2026-09-28", "2026-12-10");
    assert_eq!(across["rulesOf"], "2026-09-28", "the newer rules are not better");
    assert_eq!(across["alternative"]["rulesOf"], "2026-10-01");
    assert_eq!(on("2026-10-02", "2026-12-10")["alternative"], Value::Null);
    assert_eq!(on("2026-09-01", "2026-09-30")["alternative"], Value::Null);
    let reversed = json!({
        "subjectId": id, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR,
        "receivedOn": "2026-02-02", "decidedOn": "2026-01-01",
    });
    let reversed = officer.run(operation::text("eligibilityCheck"), reversed);
    let body = reversed.top("BAD_USER_INPUT");
    assert_eq!(body["errors"][0]["extensions"]["argument"], json!(["decidedOn"]), "{body}");
    let before_the_law = on("2023-06-01", "2023-07-01");
    assert_eq!(before_the_law["outcomes"], json!([]), "no rule of this law is in force");
    assert_eq!(before_the_law["verdict"], "UNKNOWN");
}

fn a_tenant_adds_stricter_rules_only(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let (own, other) = (json!(world.a.subject), json!(world.b.subject));
    assert_eq!(verdict(&officer, &own, "ADVANCED_LABOURER"), "UNKNOWN");
    let rule = |tree: &Value| {
        json!({
            "awardTypeCode": "ADVANCED_LABOURER", "nameVi": "Thêm", "nameEn": "More",
            "tree": tree.to_string(), "citation": "Quy định của tỉnh", "validFrom": "2026-01-01",
        })
    };
    for wrong in [
        json!({ "rating": { "level": "FINE", "years": 1 } }),
        json!({ "held": { "titles": ["NO_SUCH_TITLE"], "n": 1 } }),
        json!({ "held": { "titles": ["ADVANCED_LABOURER"], "n": 1, "sql": "x" } }),
        json!({ "all": [] }),
        json!("anything"),
    ] {
        run(&officer, "eligibilityRuleCreate", &rule(&wrong)).refused("RULE_INVALID");
    }

    let stricter = json!({ "rating": { "level": "EXCELLENT", "years": 1, "continuous": true } });
    let made = run(&officer, "eligibilityRuleCreate", &rule(&stricter)).ok();
    let made = &made["eligibilityRuleCreate"]["rule"]["id"];

    assert_eq!(verdict(&officer, &own, "ADVANCED_LABOURER"), "FAILED");
    assert_eq!(
        verdict(&neighbour, &other, "ADVANCED_LABOURER"),
        "UNKNOWN",
        "elsewhere nothing changed"
    );
    // What always holds adds a condition and takes none away.
    let always = json!({ "any": ["no_open_case", { "not": "no_open_case" }] });
    run(&officer, "eligibilityRuleCreate", &rule(&always)).ok();
    assert_eq!(verdict(&officer, &own, "ADVANCED_LABOURER"), "FAILED");
    let head = world.a.sign_in(&server, Role::UnitHead);
    run(&head, "eligibilityRuleCreate", &rule(&always)).refused("FORBIDDEN");

    let end =
        |version: i32, day: &str| json!({ "id": made, "expectedVersion": version, "validTo": day });
    run(&officer, "eligibilityRuleEnd", &end(1, "2025-12-31")).refused("PERIOD_REVERSED");
    run(&neighbour, "eligibilityRuleEnd", &end(1, "2026-01-01")).refused("NOT_FOUND");
    run(&officer, "eligibilityRuleEnd", &end(1, "2026-01-01")).ok();
    run(&officer, "eligibilityRuleEnd", &end(1, "2026-01-01")).refused("CONFLICT");
    run(&officer, "eligibilityRuleEnd", &end(2, "2026-12-31")).refused("FINAL_STATE");
    assert_eq!(verdict(&officer, &own, "ADVANCED_LABOURER"), "UNKNOWN", "a mistake is taken back");
}

fn the_law_is_there_with_its_citations(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rules = |asked: Value| {
        let data = officer.run(operation::text("eligibilityRules"), asked).ok();
        data["eligibilityRules"].as_array().unwrap().clone()
    };
    let named = rules(json!({ "awardTypeCode": "GOVERNMENT_EMULATION_FLAG" }));
    let branches = named.iter().filter(|rule| rule["awardTypeCode"] == "GOVERNMENT_EMULATION_FLAG");
    assert_eq!(branches.count(), 3);
    assert!(rules(json!({})).len() > 80);
    let of_law = |rule: &&Value| rule["isOwn"] == false;
    assert_eq!(rules(json!({ "asOf": "2023-12-31" })).iter().filter(of_law).count(), 0);
    for rule in rules(json!({})) {
        let is_sure = rule["confidence"] == "SOURCED";
        assert!(is_sure || rule["severity"] == "WARN", "{rule}");
    }

    let data = officer.run(operation::text("legalDocuments"), json!({})).ok();
    let documents = data["legalDocuments"].as_array().unwrap().clone();
    let law = documents.iter().find(|it| it["number"] == "06/2022/QH15").unwrap();
    assert_eq!(law["inForceOn"], "2024-01-01");
    assert!(law["rules"].as_array().unwrap().len() > 50, "the rules that cite it");
    let own = json!({ "number": "86/2026/QĐ", "kind": "REGULATION", "issuer": "UBND tỉnh", "title": "Quy chế" });
    run(&officer, "legalDocumentCreate", &own).ok();
    run(&officer, "legalDocumentCreate", &own).refused("ALREADY_EXISTS");
    for number in ["06/2022/QH15", "06/2022/qh15", " 152/2025/ND-CP"] {
        let mut false_law = own.clone();
        false_law["number"] = json!(number);
        run(&officer, "legalDocumentCreate", &false_law).refused("ALREADY_EXISTS");
    }
}

fn a_document_tells_every_rule_that_cites_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let own = json!({ "number": "7/2026/QĐ-UBND", "kind": "REGULATION", "issuer": "UBND tỉnh", "title": "Quy chế" });
    run(&officer, "legalDocumentCreate", &own).ok();
    for (citation, unit) in
        [("Quyết định 7/2026/QĐ-UBND, Điều 9", "OFFICE"), ("Quyết định 17/2026/QĐ-UBND", "CENTRE")]
    {
        let quota = json!({
            "awardTypeCode": "LETTER_DEPARTMENT", "base": "COUNT", "most": 3, "unitKind": unit,
            "citation": citation, "validFrom": "2026-01-01",
        });
        run(&officer, "quotaCreate", &quota).ok();
    }
    let notice = json!({ "days": 5, "citation": "Quyết định 7/2026/QĐ-UBND, Điều 12", "validFrom": "2090-01-01" });
    run(&officer, "noticeRuleSet", &notice).ok();

    let answer = officer.run(operation::text("legalDocuments"), json!({}));
    let statements = answer.statements();
    let data = answer.ok();
    let document = |number: &str| {
        let all = data["legalDocuments"].as_array().unwrap();
        all.iter().find(|it| it["number"] == number).unwrap().clone()
    };
    let count = |document: &Value, field: &str| document[field].as_array().unwrap().len();

    let own = document("7/2026/QĐ-UBND");
    assert_eq!((count(&own, "quotas"), count(&own, "noticeRules")), (1, 1), "{own}");
    let law = document("06/2022/QH15");
    assert!(count(&law, "rules") > 50 && count(&law, "noticeRules") > 0, "{law}");
    let decree = document("152/2025/NĐ-CP");
    assert!(count(&decree, "bonusRates") > 5, "{decree}");
    let every = data["legalDocuments"].as_array().unwrap();
    assert!(every.iter().any(|it| count(it, "ballotRules") > 0));
    // Each kind of rules is read once for all documents.
    assert!(statements <= 14, "{statements}");
}

fn a_document_of_ones_own_ends(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let own = json!({
        "number": "8/2024/QĐ-UBND", "kind": "REGULATION", "issuer": "UBND tỉnh", "title": "Quy chế",
        "inForceOn": "2024-01-01",
    });
    let own = run(&officer, "legalDocumentCreate", &own).ok();
    let own = own["legalDocumentCreate"]["document"]["id"].clone();
    let decision = json!({
        "unitId": world.a.office,
        "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-03-01", "legalBasis": ["Quyết định 8/2024/QĐ-UBND, Điều 3"] },
        "awards": [{ "subjectId": world.a.subject, "awardTypeId": world.award_type, "countingFrom": YEAR }],
    });
    run(&head, "decisionIssue", &decision).ok();
    let end = |version: i32, day: &str| json!({ "id": own, "expectedVersion": version, "expiredOn": day });

    run(&head, "legalDocumentEnd", &end(1, "2026-12-31")).refused("FORBIDDEN");
    run(&neighbour, "legalDocumentEnd", &end(1, "2026-12-31")).refused("NOT_FOUND");
    run(&officer, "legalDocumentEnd", &end(1, "2023-12-31")).refused("PERIOD_REVERSED");
    run(&officer, "legalDocumentEnd", &end(1, "2026-02-28")).refused("DECIDED_SINCE");
    let done = run(&officer, "legalDocumentEnd", &end(1, "2026-03-01")).ok();
    let done = &done["legalDocumentEnd"]["document"];
    assert_eq!((&done["expiredOn"], &done["version"]), (&json!("2026-03-01"), &json!(2)));
    run(&officer, "legalDocumentEnd", &end(2, "2026-12-31")).refused("FINAL_STATE");
    let data =
        officer.run(operation::text("legalDocuments"), json!({ "inForceOn": "2026-06-30" })).ok();
    let numbers: Vec<&Value> =
        data["legalDocuments"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert!(!numbers.contains(&&json!("8/2024/QĐ-UBND")), "it is in force no longer");
    assert!(!numbers.contains(&&json!("06/2026/QH16")), "signed, and not in force yet");
    let early = json!({
        "number": "9/2024/QĐ-UBND", "kind": "REGULATION", "issuer": "UBND tỉnh", "title": "Quy chế",
        "signedOn": "2024-02-02", "inForceOn": "2024-02-01",
    });
    run(&officer, "legalDocumentCreate", &early).refused("PERIOD_REVERSED");
}

fn a_list_of_nominees_takes_as_many_statements_as_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let take = |count: usize| {
        let draft = json!({
            "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
            "nominees": (0..count).map(|number| json!({
                "kind": "INDIVIDUAL", "name": format!("Người {number}"),
                "awardTypeId": world.award_type, "subjectId": world.a.subject,
            })).collect::<Vec<_>>(),
        });
        let query = "mutation($input: SubmissionCreateInput!) {
          submissionCreate(input: $input) { submission { id } errors { code } }
        }";
        let made = office.run(query, json!({ "input": draft })).ok();
        let id = &made["submissionCreate"]["submission"]["id"];
        let query = "query($id: ID!) { submission(id: $id) {
          nominees { name eligibility { verdict outcomes { verdict steps { message } } } }
        } }";
        let answer = office.run(query, json!({ "id": id }));
        let statements = answer.statements();
        let nominees = answer.ok()["submission"]["nominees"].as_array().unwrap().clone();
        assert_eq!(nominees.len(), count);
        assert!(
            nominees.iter().all(|it| it["eligibility"]["verdict"] == "UNKNOWN"),
            "{nominees:?}"
        );
        statements
    };

    let (one, many) = (take(1), take(500));

    same_statements(one, many, "one nominee and 500");
    assert!(one <= 15, "{one}");
}

/// People of the office who held the grassroots title in two years, named so that they are the last by name.
fn fighters(world: &World, province: &Province, count: usize) {
    holders(world, province, (count, "BASE_EMULATION_FIGHTER"));
}

pub(crate) fn holders(world: &World, province: &Province, (count, title): (usize, &str)) {
    let this = Condition::all().add(subject::Column::Id.eq(province.subject.uuid));
    let like = world.ground.rows::<subject::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(award::Column::Id.eq(province.awards.valid.uuid));
    let given = world.ground.rows::<award::Entity>(this).unwrap().remove(0);
    for number in 0..count {
        let person = Id::new("Subject").uuid;
        let name = format!("Ý {number:04}");
        let row = subject::Model { id: person, name, code: None, ..like.clone() };
        world.ground.add(row).unwrap();
        for year in [YEAR - 1, YEAR] {
            let row = award::Model {
                id: Id::new("Award").uuid,
                subject_id: Some(person),
                award_type_code: title.to_owned(),
                counting_from_year: year,
                counting_to_year: year,
                public_code: None,
                ..given.clone()
            };
            world.ground.add(row).unwrap();
        }
    }
}

/// More than are read at one time, and none for a title that a minister decides.
fn what_must_be_proposed_is_found_among_many_and_decided_for_the_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let ask = |unit: Id| {
        let variables = json!({ "unitId": unit, "year": YEAR });
        let answer = officer.run(operation::text("mustProposeNow"), variables);
        let statements = answer.statements();
        (statements, answer.ok()["mustProposeNow"].as_array().unwrap().clone())
    };
    let of = |found: &[Value], code: &str| {
        found.iter().filter(|one| one["awardTypeCode"] == code).count()
    };
    fighters(&world, &world.a, 1);
    let _ = ask(world.a.office);
    let (one, _) = ask(world.a.office);
    fighters(&world, &world.a, 400);
    let (many, found) = ask(world.a.office);
    assert_eq!(of(&found, "PROVINCIAL_CERTIFICATE"), 401);
    assert_eq!(of(&found, "MINISTERIAL_CERTIFICATE"), 0, "no minister decides for a province");
    same_statements(one, many, "one person and 401");

    fighters(&world, &world.a, 130);

    let (_, found) = ask(world.a.root);
    assert_eq!(of(&found, "PROVINCIAL_CERTIFICATE"), 531, "the last by name are found too");
    let names: Vec<_> = found.iter().map(|one| one["subject"]["name"].to_string()).collect();
    assert!(names.is_sorted(), "by name");
    assert_eq!(ask(world.a.other_office).1, Vec::<Value>::new());
}
