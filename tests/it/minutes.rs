//! Minutes: a draft while a session sits, frozen when it is closed, corrected by new versions alone.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::assembly::{Assembly, cast, with};
use crate::council::{done, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![minutes_are_frozen_and_corrected_by_new_versions]
}

/// The hash of a text in hexadecimal digits.
pub(crate) fn hash(text: &Value) -> String {
    let bytes = Sha256::digest(text.as_str().unwrap());
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Concludes every item and gives a task.
fn conclude(assembly: &Assembly) {
    let items = assembly.read(&assembly.secretary)["items"].as_array().unwrap().clone();
    for (item, outcome) in items.iter().zip(["NOTED", "ADOPTED"]) {
        let input = json!({
            "id": item["id"], "expectedVersion": item["version"], "outcome": outcome,
            "conclusion": "Giao cơ quan thường trực hoàn thiện",
        });
        let _ = done(&assembly.secretary, ("agendaItemConclude", "item"), &input);
    }
    let task = json!({
        "sessionId": assembly.session, "task": "Trình quyết định", "owner": "Sở Nội vụ",
        "dueOn": "2026-07-15",
    });
    let _ = done(&assembly.secretary, ("sessionTaskAdd", "task"), &task);
}

#[expect(clippy::too_many_lines, reason = "one story from beginning to end")]
fn minutes_are_frozen_and_corrected_by_new_versions(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let ballot = assembly.open(&json!({}));
    for client in assembly.clients(&server, 5) {
        let _ = cast(&client, &ballot, "YN").ok();
    }
    let _ = assembly.close(&server, &ballot);
    conclude(&assembly);
    let read = || assembly.read(&assembly.secretary);
    let correction = json!({
        "sessionId": assembly.session, "expectedVersion": 0, "reason": "Ghi sai tên",
        "correction": "Người dự họp thứ hai là bà Mẫu",
    });
    let correct = |more: &Value| {
        run(&assembly.secretary, "sessionMinutesCorrect", &with(correction.clone(), more))
    };

    let draft = read();
    let end = json!({ "id": assembly.session, "expectedVersion": 2 });
    correct(&json!({})).refused("WRONG_STATE");
    let _ = done(&assembly.secretary, ("sessionClose", "session"), &end);
    let frozen = read();

    let text = |of: &Value| of["minutes"].as_str().unwrap().to_owned();
    assert!(text(&draft).starts_with("DỰ THẢO"), "{draft}");
    assert_eq!(draft["minutesVersions"], json!([]));
    let first = frozen["minutesVersions"][0].clone();
    assert_eq!((&first["number"], &first["content"]), (&json!(1), &frozen["minutes"]));
    assert_eq!(first["sha256"], hash(&first["content"]));
    assert!(first["chairPost"].as_str().unwrap().contains("Giám đốc 0"), "{first}");
    says_what_was_done(&text(&frozen));
    // What changes afterwards changes no minutes.
    let task = json!({ "id": frozen["tasks"][0]["id"], "expectedVersion": 1, "state": "DONE" });
    let _ = done(&assembly.secretary, ("sessionTaskUpdate", "task"), &task);
    let later = json!({ "sessionId": assembly.session, "task": "Việc sau họp", "owner": "Sở" });
    let _ = done(&assembly.secretary, ("sessionTaskAdd", "task"), &later);
    assert_eq!(read()["minutes"], frozen["minutes"]);

    correct(&json!({})).refused("CONFLICT");
    correct(&json!({ "expectedVersion": 1, "reason": " " })).refused("REASON_REQUIRED");
    let right = json!({ "expectedVersion": 1 });
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let input = with(correction.clone(), &right);
    run(&officer, "sessionMinutesCorrect", &input).refused("FORBIDDEN");
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    run(&stranger, "sessionMinutesCorrect", &input).refused("NOT_FOUND");
    let second = correct(&right).ok()["sessionMinutesCorrect"]["minutes"].clone();
    correct(&right).refused("CONFLICT");

    let now = read();
    assert_eq!((&second["number"], &second["reason"]), (&json!(2), &json!("Ghi sai tên")));
    assert_eq!(now["minutes"], second["content"]);
    assert_eq!(now["minutesVersions"], json!([first, second]), "the first stays as it was");
    assert_eq!(second["sha256"], hash(&second["content"]));
    let whole = text(&now);
    assert!(whole.starts_with(&text(&frozen)), "nothing of it is written over: {whole}");
    assert!(whole.contains("ĐÍNH CHÍNH (bản 2") && whole.contains("bà Mẫu"), "{whole}");
}

#[track_caller]
fn says_what_was_done(text: &str) {
    for words in [
        "BIÊN BẢN KỲ HỌP",
        "dự họp: 6/6",
        "Lò Văn Một (mẫu) - Chiến sĩ thi đua cơ sở",
        "Đạt: 5/6 phiếu đồng ý, cần ít nhất 5; không đồng ý 0",
        "Căn cứ: Từ 8/10 trở lên (Nghị định 98/2023/NĐ-CP",
        "Kết quả: thông qua",
        "Kết luận: Giao cơ quan thường trực",
        "Nhiệm vụ: Trình quyết định (Sở Nội vụ, hạn 15/07/2026)",
        "CHỦ TRÌ KỲ HỌP: ",
        "THƯ KÝ KỲ HỌP: ",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("DỰ THẢO"));
}
