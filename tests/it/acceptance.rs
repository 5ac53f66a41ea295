//! Vectors of the domain that are arithmetic elsewhere, played through the server: a council that votes partly in writing,
//! and a dossier that was received before the law changed.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, nominated};
use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        written_opinions_count_among_all_members,
        a_dossier_of_before_the_change_has_the_better_rules,
        what_nobody_compared_is_said,
    ]
}

/// V1: 17 seats, 15 members present and two in writing. Of those present one has no vote, since his unit proposes: 14 yes
/// and two in writing are 16 of 17, and nine tenths of 17 are 16. With 15 it is not enough.
fn written_opinions_count_among_all_members(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 17);
    let code = "PROVINCIAL_EMULATION_FIGHTER";
    let nominees = [("Lò Văn Mười (mẫu)", code), ("Vàng Thị Sáu (mẫu)", code)];
    assembly.sit_on(nominated(&server, &world, &nominees));
    let mut how = ["PRESENT"; 17];
    (how[14], how[15]) = ("WRITTEN", "WRITTEN");
    assembly.attend(&how);
    let ballot = assembly.open(&json!({}));

    for (place, client) in assembly.clients(&server, 16).iter().enumerate() {
        let letters = if place == 15 { "YN" } else { "YY" };
        let _ = cast(client, &ballot, letters).ok();
    }
    let closed = assembly.close(&server, &ballot);

    let of = |place: usize, field: &str| closed["results"][place][field].clone();
    assert_eq!([of(0, "yes"), of(0, "base"), of(0, "needed")], [json!(16), json!(17), json!(16)]);
    assert_eq!((of(0, "outcome"), of(1, "outcome")), (json!("PASSED"), json!("FAILED")));
    assert_eq!((of(1, "yes"), of(1, "no")), (json!(15), json!(1)), "15 of 17 are 88 percent");
}

/// V12: received on 2026-09-28, decided on 2026-12-10, with the change of the law on 2026-10-01 in between. The rules of
/// the day of receipt hold, the newer ones where they are better for the subject.
fn a_dossier_of_before_the_change_has_the_better_rules(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let provinces =
        [(&world.a, ("2026-01-01", Some("2026-09-30"))), (&world.b, ("2026-10-01", None))];
    let [stricter_before, stricter_since] = provinces.map(|(province, (from, to))| {
        let officer = province.sign_in(&server, Role::StandingOfficer);
        let tree = json!({ "rating": { "level": "EXCELLENT", "years": 1, "continuous": true } });
        let rule = json!({
            "awardTypeCode": "ADVANCED_LABOURER", "nameVi": "Xuất sắc", "nameEn": "Excellent",
            "tree": tree.to_string(), "citation": "Quy định của tỉnh", "validFrom": from,
            "validTo": to,
        });
        run(&officer, "eligibilityRuleCreate", &rule).ok();
        move |received: &str| -> Value {
            let asked = json!({
                "subjectId": province.subject, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR,
                "receivedOn": received, "decidedOn": "2026-12-10",
            });
            let read = officer.run(operation::text("eligibilityCheck"), asked).ok();
            read["eligibilityCheck"].clone()
        }
    });
    let ruling = |it: &Value| [it["rulesOf"].clone(), it["verdict"].clone()];

    let better = stricter_before("2026-09-28");
    assert_eq!(ruling(&better), ["2026-10-01", "UNKNOWN"], "the newer rules are better");
    assert_eq!(ruling(&better["alternative"]), ["2026-09-28", "FAILED"]);
    let older = stricter_since("2026-09-28");
    assert_eq!(ruling(&older), ["2026-09-28", "UNKNOWN"], "the newer rules are worse");
    assert_eq!(ruling(&older["alternative"]), ["2026-10-01", "FAILED"]);
    let late = stricter_since("2026-10-01");
    assert_eq!(ruling(&late), ["2026-10-01", "FAILED"], "received after the change");
    assert_eq!(late["alternative"], Value::Null);
    let why = |it: &Value| it["rulesReason"].as_str().unwrap().to_owned();
    for (chosen, words) in [(&better, "áp dụng quy định mới"), (&older, "không có lợi hơn")]
    {
        let article = chosen["alternative"]["citation"].as_str().unwrap();
        assert_eq!(article, "Luật 06/2026/QH16, Điều 4");
        let why = why(chosen);
        assert!(why.contains(words) && why.contains(article), "{why}");
        assert!(why.contains("28/09/2026") && why.contains("01/10/2026"), "{why}");
    }
    assert!(why(&late).contains("ngày tiếp nhận hồ sơ 01/10/2026"), "{late}");
}

/// Without a row of the newer law nothing is compared, and a change for which no transition is recorded is named too.
fn what_nobody_compared_is_said(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (received, words) in [
        ("2026-09-28", ["28/09/2026", "Chưa ghi nhận quy định mới"]),
        ("2025-06-15", ["Chưa ghi nhận quy định mới", "thay đổi từ 01/07/2025"]),
        ("2023-12-15", ["Chưa ghi nhận quy định nào", "thay đổi từ 01/01/2024"]),
    ] {
        let asked = json!({
            "subjectId": world.a.subject, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR,
            "receivedOn": received, "decidedOn": "2026-11-20",
        });
        let read = officer.run(operation::text("eligibilityCheck"), asked).ok();
        let check = &read["eligibilityCheck"];
        let why = check["rulesReason"].as_str().unwrap();
        assert!(words.iter().all(|part| why.contains(part)), "{received}: {why}");
        assert!(why.contains("01/10/2026") && !why.contains("không có lợi hơn"), "{why}");
        assert_eq!(check["rulesOf"], received, "the day of receipt stands");
    }
}
