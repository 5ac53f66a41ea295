//! Ways of the law: that of the forces, and whom the list of what must be proposed leaves out.

use entity::role_grant::Role;
use entity::subject;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::operation;
use crate::rules::{holders, person, rate, run, verdict};

pub(crate) fn cases() -> Vec<Case> {
    cases![who_fails_the_rest_is_listed_only_when_asked_for, the_forces_have_a_way_of_their_own,]
}

/// Two provincial titles lead to the national one; without an initiative of that reach it cannot be had.
fn who_fails_the_rest_is_listed_only_when_asked_for(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    holders(&world, &world.a, (1, "PROVINCIAL_EMULATION_FIGHTER"));
    let listed = |more: Value| {
        let mut asked = json!({ "unitId": world.a.office, "year": YEAR });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let found = officer.run(operation::text("mustProposeNow"), asked).ok();
        let found = found["mustProposeNow"].as_array().unwrap().clone();
        let is_it = |one: &&Value| one["awardTypeCode"] == "NATIONAL_EMULATION_FIGHTER";
        found.iter().filter(is_it).map(|one| one["verdict"].clone()).collect::<Vec<_>>()
    };

    assert!(listed(json!({})).is_empty());
    assert!(listed(json!({ "includeFailed": false })).is_empty());
    assert_eq!(listed(json!({ "includeFailed": true })), [json!("FAILED")]);

    let own = subject::Column::TenantId.eq(world.a.id.uuid);
    let person = Condition::all().add(own).add(subject::Column::Name.eq("Ý 0000"));
    let person = world.ground.rows::<subject::Entity>(person).unwrap().remove(0).id;
    let made = json!({
        "unitId": world.a.office, "title": "Số hóa hồ sơ", "scope": "NATION",
        "recognisedBy": "Hội đồng sáng kiến", "recognisedOn": format!("{YEAR}-11-01"),
        "authorIds": [api::scalar::encode("Subject", person)],
    });
    run(&officer, "initiativeRecognise", &made).ok();
    // Whether its effect is recognised, people have to say.
    assert_eq!(listed(json!({})), [json!("UNKNOWN")]);
}

fn the_forces_have_a_way_of_their_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let unit = |kind: &str, parent: &Value| {
        let unit = json!({
            "parentId": parent, "code": format!("don-vi-{}", kind.to_lowercase()), "name": "Đơn vị",
            "kind": kind, "validFrom": "2024-01-01",
        });
        run(&officer, "unitCreate", &unit).ok()["unitCreate"]["unit"]["id"].clone()
    };
    let root = json!(world.a.root);
    let army = unit("MILITARY", &root);
    let below = unit("DIVISION", &army);
    let stands = |unit: &Value| {
        let one = person(&officer, unit, "Người không có sáng kiến");
        rate(&officer, &one, "GOOD").ok();
        verdict(&officer, &one, "BASE_EMULATION_FIGHTER")
    };

    assert_eq!(stands(&json!(world.a.office)), "FAILED", "no initiative, not excellent");
    assert_eq!(stands(&army), "UNKNOWN", "resourcefulness in combat is for people to judge");
    assert_eq!(stands(&below), "UNKNOWN", "a division of the army");
    assert_eq!(stands(&unit("POLICE", &root)), "UNKNOWN");
    assert_eq!(stands(&unit("ENTERPRISE", &root)), "FAILED");
}
