//! Older records as people write them: titles and issuers under many names, codes that changed hands, rows that are there
//! already; and what was recognised is shown before anything is written.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        who_gave_it_is_read_from_the_title,
        what_nobody_tells_stays_unknown,
        a_central_body_is_no_tenant_and_is_known,
        an_issuer_that_does_not_give_the_title_is_warned_of,
        a_code_that_changed_hands_is_warned_of,
        two_tenants_in_one_row_are_warned_of,
        a_province_is_known_by_other_names,
        titles_are_known_as_people_write_them,
        a_row_that_is_there_is_named,
        numbers_that_are_there_are_named,
        a_message_names_the_field,
        what_was_recognised_is_shown_before_it_is_written,
        nothing_of_another_tenant_is_recognised,
    ]
}

/// A row about the own office, with more or something else in it.
pub(crate) fn row(world: &World, more: &Value) -> Value {
    let row = json!({
        "unitId": world.a.office, "subjectKind": "INDIVIDUAL", "awardType": "LDTT",
        "countingFrom": 2018, "decidedOn": "2018-12-20",
    });
    crate::assembly::with(row, more)
}

pub(crate) fn import(client: &Client, rows: &[Value], is_dry: bool) -> Vec<Value> {
    let input = json!({ "rows": rows, "errorPolicy": "SKIP_FAILED", "dryRun": is_dry });
    let done = run(client, "awardsImport", &input).ok();
    done["awardsImport"]["import"]["results"].as_array().unwrap().clone()
}

/// What is recognised in one row, without writing it.
pub(crate) fn look(client: &Client, row: &Value) -> Value {
    import(client, std::slice::from_ref(row), true).remove(0)
}

/// What the warnings of a code say.
pub(crate) fn warned(result: &Value, code: &str) -> Vec<String> {
    let notes = result["warnings"].as_array().unwrap().iter().filter(|it| it["code"] == code);
    notes.map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

fn who_gave_it_is_read_from_the_title(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let now = json!({ "countingFrom": 2025, "decidedOn": "2025-12-20" });
    let of = |title: &str, more: &Value| {
        let mut row = row(&world, more);
        row["awardType"] = json!(title);
        look(&officer, &row)
    };

    for (title, slug) in [
        ("Bằng khen của UBND tỉnh Hà Giang", "ha_giang"),
        ("BK của Chủ tịch Ủy ban nhân dân tỉnh Hà Giang", "ha_giang"),
        ("Chiến sĩ thi đua tỉnh Thừa Thiên Huế", "hue"),
        ("Bằng khen của UBND TP. Hồ Chí Minh", "ho_chi_minh_2004"),
    ] {
        let found = of(title, &json!({}));
        assert_eq!(found["issuerTenant"]["slug"], slug, "{title}");
        assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{title}");
    }
    for title in ["Bằng khen của Bộ Tài chính", "Bằng khen của UBND tỉnh Hà Giang"] {
        let issuer = title.trim_start_matches("Bằng khen của ");
        // The ministry is in the register from 2024 on, the province until 2025-06-30.
        let is_ministry = issuer.starts_with("Bộ");
        let then = json!({});
        let found = of(title, if is_ministry { &then } else { &now });
        assert_eq!(found["issuerTenant"], Value::Null, "{title}");
        assert_eq!(found["issuerName"], issuer);
        let said = warned(&found, "TENANT_UNKNOWN");
        assert!(said.len() == 1 && said[0].contains(issuer), "{said:?}");
    }
    let ministry = of("Bằng khen Bộ trưởng Bộ Tài chính", &now);
    assert_eq!(ministry["issuerTenant"]["slug"], "bo_tai_chinh");
    assert_eq!(ministry["issuerName"], "Bộ trưởng Bộ Tài chính");
    let letter = of("Giấy khen của Chủ tịch UBND xã Bản Bo", &now);
    assert_eq!(letter["issuerName"], "Chủ tịch UBND xã Bản Bo");
    assert_eq!(letter["issuerTenant"], Value::Null, "no commune of the province is known by it");
}

fn what_nobody_tells_stays_unknown(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |more: &Value| {
        let now = row(&world, &json!({ "countingFrom": 2025, "decidedOn": "2025-12-20" }));
        look(&officer, &crate::assembly::with(now, more))
    };

    for (title, words) in [
        ("MINISTERIAL_CERTIFICATE", "Bằng khen của Bộ, ban, ngành"),
        ("BK_BO", "Bằng khen của Bộ, ban, ngành"),
        ("Chiến sĩ thi đua ngành", "Chiến sĩ thi đua ngành"),
        ("Kỷ niệm chương", "Kỷ niệm chương"),
    ] {
        let found = of(&json!({ "awardType": title }));
        // What is stored is never empty: the words of the row stand for the issuer.
        assert_eq!((&found["issuerTenant"], &found["issuerName"]), (&Value::Null, &json!(words)));
        let said = warned(&found, "TENANT_UNKNOWN");
        assert!(said.len() == 1 && said[0].contains("issuerTenantCode"), "{title}: {said:?}");
    }
    let sector = of(&json!({ "awardType": "Chiến sĩ thi đua ngành Giáo dục" }));
    assert_eq!(
        (&sector["issuerTenant"], &sector["issuerName"]),
        (&Value::Null, &json!("ngành Giáo dục"))
    );
    let recorded = json!({ "awardType": "BK_BO", "issuerName": "Tổng cục Mẫu" });
    let recorded = of(&recorded);
    assert_eq!(
        (&recorded["issuerTenant"], &recorded["issuerName"]),
        (&Value::Null, &json!("Tổng cục Mẫu"))
    );
    assert_eq!(warned(&recorded, "TENANT_UNKNOWN").len(), 1);
    // The authority of these is the own province or unit, and nothing else is said.
    for title in
        ["Bằng khen của UBND tỉnh", "CSTĐ cấp tỉnh", "LDTT", "Giấy khen Giám đốc Sở Nội vụ"]
    {
        let found = of(&json!({ "awardType": title }));
        assert_eq!(found["issuerTenant"]["id"], json!(world.a.id), "{title}");
        assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{title}");
    }
}

fn a_central_body_is_no_tenant_and_is_known(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let body = "Tổng Liên đoàn Lao động Việt Nam";
    for more in [
        json!({ "awardType": format!("Bằng khen của {body}") }),
        json!({ "awardType": "Bằng khen", "issuerName": body }),
        json!({ "awardType": "BK_BO", "issuerName": body }),
    ] {
        let found = look(&officer, &row(&world, &more));
        assert_eq!(found["awardTypeCode"], "MINISTERIAL_CERTIFICATE", "{more}: {found}");
        assert_eq!((&found["issuerTenant"], &found["issuerName"]), (&Value::Null, &json!(body)));
        assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{more}");
        assert_eq!(warned(&found, "INVALID_COMBINATION"), [""; 0], "{more}");
    }
    for (title, issuer) in [
        ("BKTTG", "Thủ tướng Chính phủ"),
        ("GOVERNMENT_EMULATION_FLAG", "Chính phủ"),
        ("HCLĐ hạng Ba", "Chủ tịch nước"),
    ] {
        let collective = json!({ "awardType": title, "subjectKind": "COLLECTIVE" });
        let found = look(&officer, &row(&world, &collective));
        assert_eq!(found["issuerName"], issuer, "{title}: {found}");
    }
}

fn an_issuer_that_does_not_give_the_title_is_warned_of(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let said = |title: &str, field: &str, issuer: &str| {
        let mut row = row(&world, &json!({ "awardType": title, "decidedOn": "2024-12-20" }));
        row["countingFrom"] = json!(2024);
        row[field] = json!(issuer);
        let found = look(&officer, &row);
        assert_ne!(found["status"], "FAILED", "it is taken all the same: {found}");
        if field == "issuerName" {
            assert_eq!(found["issuerName"], issuer, "as it is recorded");
        }
        warned(&found, "INVALID_COMBINATION")
    };
    for (title, field, issuer) in [
        ("PROVINCIAL_CERTIFICATE", "issuerName", "Bộ Tài chính"),
        ("PROVINCIAL_CERTIFICATE", "issuerTenantName", "Bộ Tài chính"),
        ("MINISTERIAL_CERTIFICATE", "issuerName", "UBND tỉnh Lai Châu"),
        ("MINISTERIAL_CERTIFICATE", "issuerTenantCode", "12"),
        ("BKTTG", "issuerName", "Nhà nước"),
        ("BKTTG", "issuerName", "UBND tỉnh Lai Châu"),
        ("HCLĐ hạng Ba", "issuerName", "Thủ tướng Chính phủ"),
        ("CSTĐ cấp tỉnh", "issuerName", "Tổng Liên đoàn Lao động Việt Nam"),
        ("LDTT", "issuerName", "Bộ Tài chính"),
        ("LDTT", "issuerName", "UBND tỉnh"),
        ("CSTDCS", "issuerName", "Thủ tướng Chính phủ"),
    ] {
        let said = said(title, field, issuer);
        assert!(said.len() == 1 && said[0].contains(issuer), "{title} {issuer}: {said:?}");
    }
    let named = said("BKTTG", "issuerName", "Nhà nước").remove(0);
    assert!(named.contains("Bằng khen của Thủ tướng Chính phủ"), "{named}");
    assert!(named.contains("do Thủ tướng Chính phủ khen thưởng"), "{named}");
    for (title, issuer) in [
        ("PROVINCIAL_CERTIFICATE", "UBND tỉnh Lai Châu"),
        ("MINISTERIAL_CERTIFICATE", "Bộ trưởng Bộ Tài chính"),
        ("BKTTG", "Thủ tướng Chính phủ"),
        ("HCLĐ hạng Ba", "Chủ tịch nước"),
        ("HCLĐ hạng Ba", "Nhà nước"),
        ("LDTT", "Văn phòng Bộ Tài chính"),
        ("LDTT", "Chủ tịch UBND xã Bản Bo"),
    ] {
        assert_eq!(said(title, "issuerName", issuer), [""; 0], "{title} {issuer}");
    }
}

fn a_code_that_changed_hands_is_warned_of(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |more: &Value| {
        let title = json!({ "awardType": "BK_TINH", "countingFrom": 2025, "decidedOn": null });
        look(&officer, &row(&world, &crate::assembly::with(title, more)))
    };

    let undated = of(&json!({ "issuerTenantCode": "15" }));
    assert_eq!(undated["issuerTenant"]["slug"], "lao_cai");
    let said = warned(&undated, "TENANT_UNKNOWN");
    assert!(said.len() == 1, "{said:?}");
    for part in ["Yên Bái", "Lào Cai", "2025-06-30", "decidedOn"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
    let dated = json!({ "issuerTenantCode": "15", "decidedOn": "2025-06-30" });
    let dated = of(&dated);
    assert_eq!(dated["issuerTenant"]["slug"], "yen_bai");
    for found in [dated, of(&json!({ "issuerTenantCode": "12" }))] {
        assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{found}");
    }
}

fn two_tenants_in_one_row_are_warned_of(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for other in [
        json!({ "issuerTenantName": "Lào Cai" }),
        json!({ "issuerName": "UBND tỉnh Lào Cai" }),
        json!({ "awardType": "Bằng khen của UBND tỉnh Lào Cai" }),
    ] {
        let coded = json!({ "awardType": "BK_TINH", "issuerTenantCode": "15" });
        let found = look(&officer, &row(&world, &crate::assembly::with(coded, &other)));
        assert_eq!(found["issuerTenant"]["slug"], "yen_bai");
        let said = warned(&found, "INVALID_COMBINATION");
        assert!(said.len() == 1, "{other}: {said:?}");
        assert!(said[0].contains("Yên Bái") && said[0].contains("Lào Cai"), "{said:?}");
    }
    let alike = json!({ "issuerTenantCode": "15", "issuerName": "Sở Nội vụ tỉnh Yên Bái" });
    let found = look(&officer, &row(&world, &alike));
    assert_eq!(warned(&found, "INVALID_COMBINATION"), [""; 0]);
}

fn a_province_is_known_by_other_names(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (name, slug) in [
        ("Thừa Thiên Huế", "hue"),
        ("UBND tỉnh Hà Giang", "ha_giang"),
        ("tỉnh Hà Giang", "ha_giang"),
        ("TP HCM", "ho_chi_minh_2004"),
        ("TP. Hồ Chí Minh", "ho_chi_minh_2004"),
        ("Đắc Lắc", "dak_lak_2004"),
        ("\u{d0}ắk Lắk", "dak_lak_2004"),
    ] {
        for field in ["issuerTenantName", "issuerName"] {
            let mut row = row(&world, &json!({ "awardType": "BK_TINH" }));
            row[field] = json!(name);
            let found = look(&officer, &row);
            assert_eq!(found["issuerTenant"]["slug"], slug, "{field} {name}");
            assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{field} {name}");
        }
    }
    let city = json!({ "awardType": "BK_TINH", "issuerTenantName": "thành phố Lai Châu" });
    let found = look(&officer, &row(&world, &city));
    assert_eq!(found["issuerTenant"], Value::Null, "a city within the province of that name");
}

fn titles_are_known_as_people_write_them(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, code) in [
        ("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh Sơn La", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen cấp tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("Chiến sĩ thi đua Bộ Nội vụ", "MINISTERIAL_EMULATION_FIGHTER"),
        ("Giấy khen của Chủ tịch UBND thị xã", "LETTER_DISTRICT"),
        ("HCLĐ hạng 3", "ORDER_LABOUR_3"),
        ("Huân chương \u{d0}ộc lập hạng Nhì", "ORDER_INDEPENDENCE_2"),
        ("Danh hiệu Chiến sĩ thi đua cơ sở", "BASE_EMULATION_FIGHTER"),
        ("Kỷ niệm chương Vì sự nghiệp Giáo dục", "COMMEMORATIVE_MEDAL"),
    ] {
        let found = look(&officer, &row(&world, &json!({ "awardType": title })));
        assert_eq!(found["awardTypeCode"], code, "{title}");
    }
    for title in ["Bằng khen", "Bằng khen của Bộ Tư lệnh Quân khu 2", "Chiến sĩ thi đua"]
    {
        let found = look(&officer, &row(&world, &json!({ "awardType": title })));
        assert_eq!(found["errors"][0]["code"], "AWARD_UNKNOWN", "{title}");
        assert_eq!(found["awardTypeCode"], Value::Null);
    }
}

fn a_row_that_is_there_is_named(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let named = json!({ "subjectName": "Tẩn A Mẫu" });
    let with_paper = json!({
        "subjectName": "Vừ A Mẫu", "decisionLabel": "12/Q\u{d0}-UBND",
    });
    let rows = [row(&world, &named), row(&world, &with_paper)];
    import(&officer, &rows, false);

    let again = import(&officer, &rows, false);

    assert_eq!(again[0]["status"], "TAKEN", "without a decision nobody can tell");
    let said = warned(&again[0], "ALREADY_EXISTS");
    assert_eq!(said.len(), 1);
    for part in ["Lao động tiên tiến", "2018", "Tẩn A Mẫu", "2018-12-20"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
    assert_eq!(again[1]["status"], "FAILED");
    assert_eq!(again[1]["errors"][0]["code"], "ALREADY_EXISTS");
    let said = again[1]["errors"][0]["message"].as_str().unwrap();
    for part in ["Lao động tiên tiến", "Vừ A Mẫu", "12/QĐ-UBND"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

fn numbers_that_are_there_are_named(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let number = row(&world, &json!({ "events": 82 }));
    let with_paper = row(&world, &json!({ "events": 7, "decisionLabel": "9/QĐ-VP" }));
    let rows = [number, with_paper.clone(), with_paper];
    let first = import(&officer, &rows, false);
    let status = |results: &[Value]| -> Vec<String> {
        results.iter().map(|it| it["status"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(status(&first), ["TAKEN"; 3], "within one list two numbers may be alike");
    assert_eq!(warned(&first[0], "ALREADY_EXISTS"), [""; 0]);
    assert_eq!(warned(&first[2], "ALREADY_EXISTS").len(), 1);

    let again = import(&officer, &rows, false);

    assert_eq!(status(&again), ["TAKEN", "FAILED", "FAILED"]);
    assert!(warned(&again[0], "ALREADY_EXISTS")[0].contains("(82)"), "{}", again[0]);
    let other = row(&world, &json!({ "events": 83 }));
    assert_eq!(warned(&look(&officer, &other), "ALREADY_EXISTS"), [""; 0], "another number");
}

fn a_message_names_the_field(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let error = |more: &Value| look(&officer, &row(&world, more))["errors"][0].clone();
    let said = |error: &Value| error["message"].as_str().unwrap().to_owned();

    let late = error(&json!({ "countingFrom": 2030, "decidedOn": null }));
    assert_eq!(late["path"], json!(["input", "rows", "0", "countingFrom"]));
    assert!(said(&late).contains("'countingFrom'") && said(&late).contains("1948"), "{late}");
    let late = error(&json!({ "countingTo": 2030, "decidedOn": null }));
    assert_eq!(late["path"], json!(["input", "rows", "0", "countingTo"]));
    assert!(said(&late).contains("2018"), "{late}");
    let reversed = error(&json!({ "countingTo": 2016 }));
    assert_eq!(reversed["code"], "PERIOD_REVERSED");
    for part in ["'countingFrom' (2018)", "'countingTo' (2016)"] {
        assert!(said(&reversed).contains(part), "{reversed}");
    }
    for (more, field) in [
        (json!({ "movementYears": 0 }), "movementYears"),
        (json!({ "commendationType": "AD_HOC", "achievedOn": "2026-05-05" }), "achievedOn"),
    ] {
        let wrong = error(&more);
        assert_eq!((&wrong["code"], &wrong["path"][3]), (&json!("OUT_OF_RANGE"), &json!(field)));
    }
    let refused = json!({
        "subjectName": "Tẩn A Mẫu", "awardType": "CSTD_TINH", "countingFrom": 2025,
        "decidedOn": "2025-12-20",
    });
    let refused = warned(&look(&officer, &row(&world, &refused)), "ELIGIBILITY_FAILED");
    assert!(refused.len() == 1 && refused[0].ends_with(")."), "no count of one: {refused:?}");
}

fn what_was_recognised_is_shown_before_it_is_written(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let title = json!({ "awardType": "Bằng khen của UBND tỉnh Hà Giang" });
    let known = crate::assembly::with(title.clone(), &json!({ "subjectId": world.a.subject }));
    let new = crate::assembly::with(title, &json!({ "subjectName": "Lù Thị Mẫu" }));
    let rows = [row(&world, &known), row(&world, &new)];

    let dry = import(&officer, &rows, true);
    let done = import(&officer, &rows, false);

    assert_eq!((dry.len(), done.len()), (2, 2));
    for (before, after) in dry.iter().zip(&done) {
        assert_eq!((&before["status"], &before["award"]), (&json!("NOT_WRITTEN"), &Value::Null));
        assert_eq!(before["awardTypeCode"], "PROVINCIAL_CERTIFICATE");
        assert_eq!(before["issuerName"], "UBND tỉnh Hà Giang");
        assert_eq!(before["issuerTenant"]["slug"], "ha_giang");
        for field in ["awardTypeCode", "issuerName", "issuerTenant"] {
            assert_eq!(before[field], after[field], "{field}");
        }
        assert_eq!(after["subject"]["id"], after["award"]["subject"]["id"]);
    }
    assert_eq!(dry[0]["subject"]["id"], json!(world.a.subject));
    assert_eq!(dry[1]["subject"], Value::Null, "nobody is entered yet");
    assert_eq!(done[1]["subject"]["name"], "Lù Thị Mẫu");
}

fn nothing_of_another_tenant_is_recognised(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    let mut foreign = row(&world, &json!({ "subjectId": world.a.subject }));
    let in_own_unit = crate::assembly::with(foreign.clone(), &json!({ "unitId": world.b.office }));
    foreign["subjectId"] = Value::Null;
    for row in [foreign, in_own_unit] {
        let found = look(&stranger, &row);
        assert_eq!(found["errors"][0]["code"], "NOT_FOUND", "{found}");
        for field in ["awardTypeCode", "issuerName", "issuerTenant", "subject"] {
            assert_eq!(found[field], Value::Null, "{field}");
        }
    }
}
