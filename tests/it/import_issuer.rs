//! Who gave an award of older records that names nobody: never the unit of the subject unless its head decides the title
//! and was there on the day.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::import_names::{look, row, warned};
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        before_the_tenant_began_nobody_is_known_to_have_given_it,
        a_title_of_units_is_given_by_the_next_one_that_decides_it,
        what_no_unit_above_decides_keeps_its_words,
        an_authority_above_units_is_not_the_own_tenant,
        a_code_that_nobody_had_on_that_day_tells_no_title,
        a_warning_names_the_field_that_was_given,
        a_district_or_commune_of_elsewhere_is_not_of_the_own_tenant,
        a_province_that_was_not_there_is_no_other_one,
        the_post_in_the_title_tells_who_gave_it,
        a_place_is_own_while_it_is_a_unit_of_the_tenant,
        other_years_in_the_title_are_warned_of,
        a_form_that_has_ended_says_when,
        a_division_gives_nothing,
    ]
}

/// The name of the one who gave it, the tenant, and how often it was said that nobody knows.
fn known(found: &Value) -> (Value, Value, usize) {
    let tenant = &found["issuerTenant"]["id"];
    (found["issuerName"].clone(), tenant.clone(), warned(found, "TENANT_UNKNOWN").len())
}

fn before_the_tenant_began_nobody_is_known_to_have_given_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for title in
        ["Bằng khen UBND tỉnh", "CSTĐ cấp tỉnh", "TTLĐXS", "Cờ thi đua của UBND tỉnh", "LĐTT"]
    {
        for unit in [world.a.office, world.a.division] {
            let more = json!({
                "awardType": title, "unitId": unit, "countingFrom": 2019,
                "decidedOn": "2020-02-10",
            });
            let found = look(&officer, &row(&world, &more));
            let words = known(&found);
            assert_eq!((&words.1, words.2), (&Value::Null, 1), "{title}: {found}");
            assert!(!words.0.as_str().unwrap().starts_with("Đơn vị"), "{title}: {found}");
        }
    }
}

fn a_title_of_units_is_given_by_the_next_one_that_decides_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |title: &str, unit: harness::world::Id| {
        let more = json!({
            "awardType": title, "unitId": unit, "countingFrom": 2025, "decidedOn": "2025-12-20",
        });
        look(&officer, &row(&world, &more))
    };
    for title in ["LDTT", "CSTĐCS", "GK_SO", "Giấy khen của Chánh Văn phòng"] {
        let office = of(title, world.a.office);
        let division = of(title, world.a.division);
        assert_eq!(known(&office), known(&division), "the office decides for its division");
        assert_eq!(known(&office).1, json!(world.a.id), "{title}: {office}");
        assert!(office["issuerName"].as_str().unwrap().starts_with("Đơn vị"), "{office}");
        assert_eq!(warned(&division, "TENANT_UNKNOWN"), [""; 0], "{title}");
    }
}

fn what_no_unit_above_decides_keeps_its_words(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, day) in [
        ("Giấy khen của UBND huyện", "2024-03-01"),
        ("Giấy khen UBND xã", "2024-03-01"),
        ("Giấy khen của Giám đốc Sở", "2024-03-01"),
        ("Giấy khen của Giám đốc doanh nghiệp", "2024-03-01"),
        ("Gia đình văn hóa", "2025-12-20"),
        ("Thôn văn hóa", "2024-03-01"),
    ] {
        let more = json!({ "awardType": title, "countingFrom": 2024, "decidedOn": day });
        let found = look(&officer, &row(&world, &more));
        assert_eq!(known(&found), (json!(title), Value::Null, 1), "{found}");
    }
}

fn an_authority_above_units_is_not_the_own_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |issuer: &str| {
        let more = json!({
            "awardType": "CSTĐCS", "issuerName": issuer, "countingFrom": 2025,
            "decidedOn": "2025-12-20",
        });
        look(&officer, &row(&world, &more))
    };
    for (issuer, tenant) in [("Thủ tướng Chính phủ", Value::Null), ("UBND tỉnh", json!(world.a.id))]
    {
        let found = of(issuer);
        assert_eq!(known(&found), (json!(issuer), tenant, 0), "{found}");
        assert_eq!(warned(&found, "INVALID_COMBINATION").len(), 1, "{issuer}: {found}");
    }
    let head = of("Chánh Văn phòng");
    assert_eq!(warned(&head, "INVALID_COMBINATION"), [""; 0]);
    assert_eq!(known(&head).1, json!(world.a.id));
}

fn a_code_that_nobody_had_on_that_day_tells_no_title(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |title: &str, code: &str| {
        let more = json!({
            "awardType": title, "issuerTenantCode": code, "countingFrom": 2025,
            "decidedOn": "2025-08-10",
        });
        look(&officer, &row(&world, &more))
    };
    for code in ["02", "99"] {
        assert_eq!(of("Bằng khen", code)["errors"][0]["code"], "AWARD_UNKNOWN", "{code}");
        let found = of("BK_TINH", code);
        let words = json!("Bằng khen của tỉnh");
        assert_eq!(known(&found), (words, Value::Null, 1), "a code is no name: {found}");
    }
}

fn a_warning_names_the_field_that_was_given(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let query = "query($id: ID!) { unit(id: $id) { code } }";
    let unit = officer.run(query, json!({ "id": world.a.office })).ok();
    let by_code = json!({ "unitId": null, "unitCode": unit["unit"]["code"] });
    for (more, field) in [(json!({}), "unitId"), (by_code, "unitCode")] {
        let found = look(&officer, &row(&world, &more));
        let said = warned(&found, "NOT_IN_FORCE");
        assert!(said.len() == 1 && said[0].contains(field), "{field}: {said:?}");
    }
}

fn a_district_or_commune_of_elsewhere_is_not_of_the_own_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let now = json!({ "countingFrom": 2025, "decidedOn": "2025-12-20" });
    let of = |more: Value| look(&officer, &row(&world, &crate::assembly::with(more, &now)));
    let district = "UBND huyện Sa Pa";
    let commune = "Chủ tịch UBND xã Tả Mẫu";
    for (title, issuer, told) in [
        ("Giấy khen UBND huyện Sa Pa", None, district),
        ("Giấy khen", Some(district), district),
        ("LĐTT", Some(district), district),
        ("Giấy khen của Chủ tịch UBND xã Tả Mẫu", None, commune),
        ("CSTĐCS", Some("UBND thành phố Sơn La"), "UBND thành phố Sơn La"),
    ] {
        let found = of(json!({ "awardType": title, "issuerName": issuer }));
        assert_eq!(known(&found), (json!(told), Value::Null, 1), "{title}: {found}");
        assert!(warned(&found, "TENANT_UNKNOWN")[0].contains(told), "{found}");
    }
    let unit = json!({
        "parentId": world.a.root, "code": "ta-mau", "name": "Xã Tả Mẫu", "kind": "COMMUNE",
        "validFrom": "2024-01-01",
    });
    run(&officer, "unitCreate", &unit).ok();
    let own = of(json!({ "awardType": "Giấy khen của Chủ tịch UBND xã Tả Mẫu" }));
    assert_eq!(known(&own), (json!(commune), json!(world.a.id), 0), "{own}");
}

/// Hà Tây was a province until 2008-07-31: the register begins later, and no other province is meant by it.
fn a_province_that_was_not_there_is_no_other_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, issuer) in [
        ("BK_TINH", "UBND tỉnh Hà Tây"),
        ("BK_TINH", "Hà Tây"),
        ("CSTĐCS", "UBND tỉnh Hà Tây"),
        ("LĐTT", "Sở Y tế Hà Tây"),
        ("LĐTT", "Sở Y tế tỉnh Hà Tây"),
    ] {
        for (year, day) in [(2007, "2007-06-30"), (2025, "2025-12-20")] {
            let more = json!({
                "awardType": title, "issuerName": issuer, "countingFrom": year, "decidedOn": day,
            });
            let found = look(&officer, &row(&world, &more));
            assert_eq!(known(&found), (json!(issuer), Value::Null, 1), "{title}: {found}");
        }
    }
}

fn the_post_in_the_title_tells_who_gave_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for post in ["Chánh Thanh tra tỉnh", "Chánh Văn phòng HĐND tỉnh"] {
        let more = json!({
            "awardType": format!("Giấy khen của {post}"), "unitId": world.a.division,
            "countingFrom": 2025, "decidedOn": "2025-12-20",
        });
        let found = look(&officer, &row(&world, &more));
        assert_eq!(known(&found), (json!(post), json!(world.a.id), 0), "{found}");
    }
}

fn a_place_is_own_while_it_is_a_unit_of_the_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |place: &str, more: &Value| {
        let more = crate::assembly::with(
            json!({
                "awardType": format!("Giấy khen {place}"), "countingFrom": 2025,
                "decidedOn": "2025-12-20",
            }),
            more,
        );
        look(&officer, &row(&world, &more))
    };
    let strange = "UBND xã Không Mẫu";
    let coded = of(strange, &json!({ "issuerTenantCode": world.a.slug }));
    assert_eq!(known(&coded), (json!(strange), json!(world.a.id), 1), "{coded}");
    let uncoded = of(strange, &json!({}));
    assert_eq!(known(&uncoded), (json!(strange), Value::Null, 1), "{uncoded}");
    let ward = json!({
        "parentId": world.a.root, "code": "doan-mau", "name": "Phường Đoàn Mẫu", "kind": "WARD",
        "validFrom": "2025-07-01",
    });
    run(&officer, "unitCreate", &ward).ok();
    for place in ["UBND phường Đoàn Mẫu", "phường Đoàn Mẫu"] {
        let own = of(place, &json!({}));
        assert_eq!(known(&own), (json!(place), json!(world.a.id), 0), "{own}");
        let early = of(place, &json!({ "countingFrom": 2024, "decidedOn": "2025-01-10" }));
        assert_eq!(known(&early), (json!(place), Value::Null, 1), "{early}");
    }
}

fn other_years_in_the_title_are_warned_of(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let said = |title: &str| {
        let found = look(&officer, &row(&world, &json!({ "awardType": title })));
        warned(&found, "INVALID_COMBINATION")
    };
    for (title, years) in [("LĐTT năm 2016", "2016"), ("CSTĐ cấp tỉnh (2014-2016)", "2014-2016")]
    {
        let said = said(title);
        assert!(said.len() == 1 && said[0].contains(years), "{title}: {said:?}");
        assert!(said[0].contains("2018"), "{said:?}");
    }
    for title in ["LĐTT năm 2018", "CSTĐ cấp tỉnh (2016-2018)", "LĐTT"] {
        assert_eq!(said(title), [""; 0], "{title}");
    }
}

fn a_form_that_has_ended_says_when(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |day: &str| {
        let more = json!({
            "awardType": "Giấy khen của Chủ tịch UBND huyện Bản Mẫu", "countingFrom": 2025,
            "decidedOn": day,
        });
        let found = look(&officer, &row(&world, &more));
        assert_eq!(warned(&found, "AWARD_NOT_APPLICABLE"), [""; 0], "{found}");
        warned(&found, "NOT_IN_FORCE")
    };
    assert_eq!(of("2025-06-30"), [""; 0]);
    let said = of("2025-09-30");
    assert!(said.len() == 1 && said[0].contains("2025-06-30"), "{said:?}");
}

fn a_division_gives_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let query = "query($id: ID!) { unit(id: $id) { name } }";
    for (unit, count) in [(world.a.division, 1), (world.a.office, 0)] {
        let read = officer.run(query, json!({ "id": unit })).ok();
        let more = json!({
            "unitId": world.a.division, "issuerName": read["unit"]["name"], "countingFrom": 2025,
            "decidedOn": "2025-12-20",
        });
        let found = look(&officer, &row(&world, &more));
        assert_eq!(warned(&found, "INVALID_COMBINATION").len(), count, "{found}");
    }
}
