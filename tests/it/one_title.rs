//! What the law says of those whom nobody rates, and of one title that has two names.

use entity::role_grant::Role;
use entity::submission::CommendationType;
use entity::{award, subject};
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::operation;
use crate::rules::{rate, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        who_is_not_rated_is_judged_by_the_criteria_of_the_law,
        one_title_is_given_under_one_name_in_a_year,
    ]
}

/// What came of the rule of one citation.
fn outcome(client: &Client, (person, award): (&Value, &str), citation: &str) -> Value {
    let asked = json!({ "subjectId": person, "awardTypeCode": award, "year": YEAR });
    let read = client.run(operation::text("eligibilityCheck"), asked).ok();
    let outcomes = read["eligibilityCheck"]["outcomes"].as_array().unwrap();
    let of_it = |it: &&Value| it["rule"]["citation"] == citation;
    outcomes.iter().find(of_it).unwrap_or_else(|| panic!("{read}")).clone()
}

fn who_is_not_rated_is_judged_by_the_criteria_of_the_law(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let farmer = json!({
        "kind": "INDIVIDUAL", "name": "Nông dân (mẫu)", "unitId": world.a.office,
        "directWorker": true,
    });
    let made = run(&officer, "subjectCreate", &farmer).ok();
    let farmer = &made["subjectCreate"]["subject"]["id"];
    let stands = || {
        let article = "Luật 06/2022/QH15, Điều 24 khoản 3, 6";
        let found = outcome(&officer, (farmer, "ADVANCED_LABOURER"), article);
        let steps = found["steps"].as_array().unwrap().iter();
        steps.map(|step| step["verdict"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    // Who it is, and what people confirm.
    assert_eq!(stands(), ["UNKNOWN", "PASSED", "UNKNOWN", "UNKNOWN"]);
    rate(&officer, farmer, "COMPLETED").ok();
    assert_eq!(
        stands(),
        ["FAILED", "FAILED", "UNKNOWN", "UNKNOWN"],
        "who is rated is judged by it as staff is"
    );
    let asked = json!({ "subjectId": farmer, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR });
    let read = officer.run(operation::text("eligibilityCheck"), asked).ok();
    assert_eq!(read["eligibilityCheck"]["verdict"], "FAILED");
}

/// A person of the province who holds a title of the year.
fn holder(world: &World, title: &str) -> Value {
    let this = Condition::all().add(subject::Column::Id.eq(world.a.subject.uuid));
    let like = world.ground.rows::<subject::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(award::Column::Id.eq(world.a.awards.valid.uuid));
    let given = world.ground.rows::<award::Entity>(this).unwrap().remove(0);
    let person = Id::new("Subject");
    let name = format!("Người giữ {title} (mẫu)");
    let row = subject::Model { id: person.uuid, name, code: None, ..like };
    world.ground.add(row).unwrap();
    let row = award::Model {
        id: Id::new("Award").uuid,
        subject_id: Some(person.uuid),
        award_type_code: title.to_owned(),
        commendation_type: CommendationType::Merit,
        counting_from_year: YEAR,
        counting_to_year: YEAR,
        achieved_on: None,
        public_code: None,
        ..given
    };
    world.ground.add(row).unwrap();
    json!(person)
}

fn one_title_is_given_under_one_name_in_a_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let soldier = holder(&world, "ADVANCED_SOLDIER");
    let fighter = holder(&world, "MINISTERIAL_EMULATION_FIGHTER");
    let verdict = |person: &Value, award: &str, asks: &str| {
        let asked = json!({ "subjectId": person, "awardTypeCode": award, "year": YEAR });
        let read = officer.run(operation::text("eligibilityCheck"), asked).ok();
        let outcomes = read["eligibilityCheck"]["outcomes"].as_array().unwrap();
        let article = "Luật 06/2022/QH15, Điều 5 khoản 2 điểm c";
        let said = |tree: &Value| tree.to_string().contains(asks);
        let of_it = |it: &&Value| it["rule"]["citation"] == article && said(&it["rule"]["tree"]);
        let found = outcomes.iter().find(of_it).unwrap();
        let steps = found["steps"].as_array().unwrap().iter();
        let messages = steps.map(|step| step["message"].as_str().unwrap()).collect::<Vec<_>>();
        (found["verdict"].clone(), messages.join("\n"))
    };

    let (blocked, message) = verdict(&soldier, "ADVANCED_LABOURER", "not_yet_awarded");
    assert_eq!(blocked, "FAILED");
    assert!(message.contains("Luật 06/2022/QH15, Điều 24"), "{message}");
    // Of a fighter of the ministry and one of the province the law is not clear.
    assert_eq!(verdict(&fighter, "PROVINCIAL_EMULATION_FIGHTER", "not_yet_awarded").0, "PASSED");
    let (open, message) = verdict(&fighter, "PROVINCIAL_EMULATION_FIGHTER", "one_form");
    assert_eq!(open, "UNKNOWN");
    assert!(message.contains("Luật 06/2022/QH15, Điều 22"), "{message}");
    // Neither is it of certificates: each may be for another achievement of the year.
    let praised = holder(&world, "MINISTERIAL_CERTIFICATE");
    assert_eq!(verdict(&praised, "PROVINCIAL_CERTIFICATE", "not_yet_awarded").0, "PASSED");
    let (open, message) = verdict(&praised, "PROVINCIAL_CERTIFICATE", "one_form");
    assert_eq!(open, "UNKNOWN");
    assert!(message.contains("Luật 06/2022/QH15, Điều 74"), "{message}");
}
