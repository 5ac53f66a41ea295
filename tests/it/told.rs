//! What nobody has said of a person is not known: neither a rule nor a share of the statistics takes it for a "no".

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::assembly::{today, with};
use crate::council::{done, run};
use crate::operation;
use crate::rules::{person, rate};
use crate::statistics::ask;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_rule_about_leaders_is_open_until_somebody_says_it,
        shares_count_those_of_whom_it_is_known,
        who_is_no_person_neither_works_nor_leads,
    ]
}

const REGULATION: &str = "Quy chế thi đua, khen thưởng của tỉnh, Điều 8";

/// How the rule of the province about leaders stands for someone.
fn verdict(client: &Client, subject: &Value) -> Value {
    let asked = json!({ "subjectId": subject, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR });
    let data = client.run(operation::text("eligibilityCheck"), asked).ok();
    let outcomes = data["eligibilityCheck"]["outcomes"].as_array().unwrap();
    let own = outcomes.iter().find(|it| it["rule"]["citation"] == REGULATION);
    own.unwrap()["verdict"].clone()
}

fn a_rule_about_leaders_is_open_until_somebody_says_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rule = json!({
        "awardTypeCode": "ADVANCED_LABOURER", "subjectKind": "INDIVIDUAL",
        "nameVi": "Không dành cho lãnh đạo", "nameEn": "Not for leaders",
        "tree": "\"not_manager\"", "citation": REGULATION, "validFrom": "2024-01-01",
    });
    run(&officer, "eligibilityRuleCreate", &rule).ok();
    let one = json!({ "kind": "INDIVIDUAL", "name": "Lò Thị Mẫu", "unitId": world.a.office });
    let one = done(&officer, ("subjectCreate", "subject"), &one);
    assert_eq!((&one["directWorker"], &one["manager"]), (&Value::Null, &Value::Null), "{one}");
    assert_eq!(verdict(&officer, &one["id"]), "UNKNOWN");

    for (place, (manager, found)) in
        (1..).zip([(json!(true), "FAILED"), (json!(false), "PASSED"), (Value::Null, "UNKNOWN")])
    {
        let said = json!({ "id": one["id"], "expectedVersion": place, "manager": manager });
        let said = done(&officer, ("subjectUpdate", "subject"), &said);
        assert_eq!((&said["manager"], &said["directWorker"]), (&manager, &Value::Null));
        assert_eq!(verdict(&officer, &one["id"]), found);
    }
}

fn shares_count_those_of_whom_it_is_known(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let whole = || {
        let told = ask(&officer, json!({ "where": { "withinUnit": world.a.office } }));
        ["adHoc", "directWorkers", "nonManagers"]
            .map(|name| told["shares"][name]["whole"].as_i64().unwrap())
    };
    let [all, direct, led] = whole();
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let unknown = person(&office, world.a.office, "Lò Thị Mẫu");
    let known = person(&office, world.a.office, "Giàng A Mẫu");
    let said = json!({
        "id": known, "expectedVersion": 1, "directWorker": true, "manager": false,
    });
    run(&office, "subjectUpdate", &said).ok();
    let award = |subject: &Value| json!({ "subjectId": subject, "awardTypeId": world.award_type, "countingFrom": YEAR });
    for one in [&unknown, &known] {
        rate(&office, one, "GOOD").ok();
    }
    let decision = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
        "awards": [award(&unknown), award(&known)],
    });

    run(&head, "decisionIssue", &decision).ok();

    assert_eq!(whole(), [all + 2, direct + 1, led + 1], "by decision");
    let row = |more: Value| {
        let row = json!({
            "unitId": world.a.office, "awardType": "LDTT", "countingFrom": 2016,
        });
        with(row, &more)
    };
    let rows = json!([
        row(json!({ "subjectName": "Sùng A Mẫu", "directWorker": false, "manager": true })),
        row(json!({ "subjectName": "Vàng Thị Mẫu" })),
    ]);
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    assert_eq!(whole(), [all + 4, direct + 2, led + 2], "taken over");
}

fn who_is_no_person_neither_works_nor_leads(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for more in [json!({ "directWorker": false }), json!({ "manager": false })] {
        let input = json!({ "kind": "HOUSEHOLD", "name": "Hộ mẫu", "unitId": world.a.office });
        let input = with(input, &more);
        run(&officer, "subjectCreate", &input).refused("INVALID_COMBINATION");
    }
}
