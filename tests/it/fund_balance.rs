//! What a fund has and what it pays: never more than came in, however many pay at once.

use std::thread;

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::fund::issued;
use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_fund_pays_what_it_has, a_fund_is_never_overdrawn_however_many_pay]
}

fn a_fund_pays_what_it_has(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let decision = issued(&world, &head);
    let entry = |more: &Value| {
        let mut input = json!({ "unitId": world.a.office, "year": 2026, "on": "2026-07-02" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&head, "fundEntryRecord", &input)
    };
    let budget =
        |amount: &str| json!({ "direction": "IN", "purpose": "ALLOCATION", "amount": amount });
    let bonus = json!({ "direction": "OUT", "purpose": "BONUS", "decisionId": decision["id"] });

    // What another year has does not pay for this one.
    let body = entry(&bonus).refused("FUND_INSUFFICIENT");
    entry(&budget("3049999")).ok();
    let body_again = entry(&bonus).refused("FUND_INSUFFICIENT");

    let error = &body["fundEntryRecord"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "decisionId"]), "{error}");
    let error = &body_again["fundEntryRecord"]["errors"][0];
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("3049999") && message.contains("3050000"), "{message}");
    entry(&budget("1")).ok();
    entry(&bonus).ok();
    entry(&bonus).refused("ALREADY_EXISTS");
    let other = json!({ "direction": "OUT", "purpose": "OTHER", "amount": "1" });
    let body = entry(&other).refused("FUND_INSUFFICIENT");
    assert_eq!(body["fundEntryRecord"]["errors"][0]["path"], json!(["input", "amount"]));
}

fn a_fund_is_never_overdrawn_however_many_pay(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    // It has 50 000 000.
    let entry = json!({
        "unitId": world.a.office, "year": YEAR, "direction": "OUT", "purpose": "OTHER",
        "amount": "10000000", "on": "2025-05-05",
    });

    let answers = thread::scope(|scope| {
        let (head, entry) = (&head, &entry);
        let ask = |_| scope.spawn(move || crate::council::run(head, "fundEntryRecord", entry));
        let asked: Vec<_> = (0..8).map(ask).collect();
        asked.into_iter().map(|it| it.join().unwrap().payload_codes()).collect::<Vec<_>>()
    });

    let paid = answers.iter().filter(|codes| codes.is_empty()).count();
    let refused = answers.iter().filter(|codes| *codes == &["FUND_INSUFFICIENT"]).count();
    assert_eq!((paid, refused), (5, 3), "{answers:?}");
    let asked = json!({ "unitId": world.a.office, "year": YEAR });
    assert_eq!(head.run(operation::text("fund"), asked).ok()["fund"]["balance"], "0");
}
