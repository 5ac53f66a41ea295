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
        an_older_award_has_the_wording_of_its_day_and_counts_with_the_title_of_today,
    ]
}

fn on(client: &Client, day: &str) -> Vec<Value> {
    let query =
        "query($day: Date) { awardTypes(asOf: $day, where: { origin: { eq: LAW } }, first: 100) {
      nodes { code name citation validFrom validTo }
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
    assert!(today.iter().all(|row| row["validFrom"] == "2024-01-01"), "nothing else for today");
    assert_eq!(on(&officer, "2004-06-30"), Vec::<Value>::new(), "before the law of 2003");
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
