//! The catalogue of titles and forms on other days than today: what the law then in force knew, and that a title that
//! was renamed is one title.

use std::collections::BTreeSet;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_law_of_a_day_has_its_own_wordings,
        the_district_decides_until_it_ends,
        an_older_award_has_the_wording_of_its_day_and_counts_with_the_title_of_today,
        a_decision_names_the_title_as_its_day_words_it,
    ]
}

/// Titles that were worded anew when local government went from three levels to two.
const WORDED_ANEW: [&str; 6] = [
    "ADVANCED_LABOURER",
    "ADVANCED_LABOUR_COLLECTIVE",
    "BASE_EMULATION_FIGHTER",
    "CULTURED_VILLAGE",
    "EXEMPLARY_COMMUNE",
    "GOVERNMENT_EMULATION_FLAG",
];

fn code_of(row: &Value) -> String {
    row["code"].as_str().unwrap().to_owned()
}

fn on(client: &Client, day: &str) -> Vec<Value> {
    let query =
        "query($day: Date) { awardTypes(asOf: $day, where: { origin: { eq: LAW } }, first: 100) {
      nodes { code name citation decidedBy validFrom validTo }
    } }";
    let read = client.run(query, json!({ "day": day })).ok();
    read["awardTypes"]["nodes"].as_array().unwrap().clone()
}

fn the_law_of_a_day_has_its_own_wordings(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let then = on(&officer, "2018-06-30");
    let named = |code: &str| then.iter().find(|row| row["code"] == code);

    let ministerial = named("MINISTERIAL_EMULATION_FIGHTER").unwrap();
    assert_eq!(ministerial["name"], "Chiến sĩ thi đua cấp bộ, ngành, đoàn thể trung ương");
    assert_eq!(ministerial["citation"], "Luật 15/2003/QH11, Điều 20, 22");
    for code in ["PROVINCIAL_EMULATION_FIGHTER", "GOVERNMENT_EMULATION_FLAG", "PM_CERTIFICATE"] {
        assert_eq!(named(code).unwrap()["validTo"], "2023-12-31", "{code}");
    }
    assert!(named("EXEMPLARY_COMMUNE").is_none(), "a title of the law of 2022");
    assert!(then.iter().all(|row| row["citation"].as_str().unwrap().contains("15/2003/QH11")));

    for (day, last) in [("2023-12-31", "15/2003/QH11"), ("2024-01-01", "06/2022/QH15")] {
        let rows = on(&officer, day);
        let codes: BTreeSet<_> = rows.iter().map(|row| row["code"].to_string()).collect();
        assert_eq!(codes.len(), rows.len(), "{day}: each title in one wording");
        assert!(rows.iter().all(|row| row["citation"].as_str().unwrap().contains(last)), "{day}");
    }
    let today = on(&officer, "2026-07-01");
    let worded_anew: BTreeSet<_> =
        today.iter().filter(|row| row["validFrom"] != "2024-01-01").map(code_of).collect();
    assert_eq!(worded_anew, WORDED_ANEW.map(str::to_owned).into(), "nothing else for today");
    assert_eq!(on(&officer, "2004-06-30"), Vec::<Value>::new(), "before the law of 2003");
}

/// The chair of the commune has what the chair of the district had, from the day on which there are no districts.
fn the_district_decides_until_it_ends(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let [before, after] = ["2025-06-30", "2025-07-01"].map(|day| on(&officer, day));
    let named =
        |rows: &[Value], code: &str| rows.iter().find(|row| row["code"] == code).unwrap().clone();
    let decides = |row: &Value, who: &str| {
        row["decidedBy"].as_array().unwrap().iter().any(|decider| decider == who)
    };

    for code in ["BASE_EMULATION_FIGHTER", "ADVANCED_LABOUR_COLLECTIVE", "CULTURED_VILLAGE"] {
        let (then, now) = (named(&before, code), named(&after, code));
        assert!(decides(&then, "DISTRICT_CHAIR") && !decides(&then, "COMMUNE_CHAIR"), "{then}");
        assert!(decides(&now, "COMMUNE_CHAIR") && !decides(&now, "DISTRICT_CHAIR"), "{now}");
        assert!(!then["citation"].as_str().unwrap().contains("129/2025"), "{then}");
        assert!(now["citation"].as_str().unwrap().contains("129/2025"), "{now}");
    }
    let (then, now) = (named(&before, "ADVANCED_LABOURER"), named(&after, "ADVANCED_LABOURER"));
    assert!(decides(&then, "DISTRICT_CHAIR") && decides(&then, "COMMUNE_CHAIR"), "{then}");
    assert!(!decides(&now, "DISTRICT_CHAIR"), "{now}");
    let communes = [&before, &after].map(|rows| named(rows, "EXEMPLARY_COMMUNE"));
    assert_eq!(communes[0]["name"], "Xã, phường, thị trấn tiêu biểu");
    assert_eq!(communes[1]["name"], "Xã, phường, đặc khu tiêu biểu");
    assert!(!communes[0]["citation"].as_str().unwrap().contains("152/2025"), "{communes:?}");
    let flags = [&before, &after].map(|rows| named(rows, "GOVERNMENT_EMULATION_FLAG"));
    let cites = flags.map(|row| row["citation"].as_str().unwrap().contains("311/QĐ-BNV"));
    assert_eq!(cites, [false, true]);
    assert!(after.iter().all(|row| !decides(row, "DISTRICT_CHAIR")), "no district is left");
}

fn an_older_award_has_the_wording_of_its_day_and_counts_with_the_title_of_today(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = |year: i32| {
        json!({
            "unitId": world.a.office, "subjectCode": "NV-88", "subjectName": "Giàng A Mẫu",
            "subjectKind": "INDIVIDUAL", "awardType": "Chiến sỹ thi đua cấp Bộ", "countingFrom": year,
            "decidedOn": format!("{year}-12-20"),
        })
    };
    let rows = json!({ "rows": [row(2018), row(2024)] });
    let done = run(&officer, "awardsImport", &rows).ok();
    let results = done["awardsImport"]["import"]["results"].as_array().unwrap().clone();

    let read = |result: &Value| {
        let query = "query($id: ID!) { award(id: $id) { nameAsRecorded awardType { code name validFrom } } }";
        officer.run(query, json!({ "id": result["award"]["id"] })).ok()["award"].clone()
    };
    let (then, now) = (read(&results[0]), read(&results[1]));
    assert_eq!(then["nameAsRecorded"], "Chiến sỹ thi đua cấp Bộ");
    assert_eq!(then["awardType"]["validFrom"], "2004-07-01");
    assert_eq!(now["awardType"]["validFrom"], "2024-01-01");
    assert_eq!(then["awardType"]["code"], now["awardType"]["code"]);
    let asked = json!({
        "where": { "awardTypeCode": ["MINISTERIAL_EMULATION_FIGHTER"] }, "groupBy": ["AWARD_TYPE"],
    });
    let counted = officer.run(operation::text("awardStatistics"), asked).ok();
    let counted = &counted["awardStatistics"];
    assert_eq!((&counted["events"], &counted["subjects"]), (&json!(2), &json!(1)));
    let groups = counted["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "one title: {groups:?}");
    assert_eq!(groups[0]["key"]["awardType"]["name"], "Chiến sĩ thi đua Bộ, ban, ngành");
}

/// A title is chosen as it stands today; on an earlier day the law worded it otherwise.
fn a_decision_names_the_title_as_its_day_words_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let issue = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": "2025-06-30" },
        "awards": [{
            "subjectId": world.a.subject, "awardTypeId": world.award_type, "countingFrom": 2025,
        }],
    });
    let done = run(&head, "decisionIssue", &issue).ok();
    let id = &done["decisionIssue"]["decision"]["awards"][0]["id"];
    let query = "query($id: ID!) { award(id: $id) { awardType { id code validFrom validTo } } }";
    let award = head.run(query, json!({ "id": id })).ok()["award"]["awardType"].clone();

    assert_eq!(award["code"], "ADVANCED_LABOURER");
    assert_eq!(
        (&award["validFrom"], &award["validTo"]),
        (&json!("2024-01-01"), &json!("2025-06-30"))
    );
}
