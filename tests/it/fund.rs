//! Bonuses and funds: what is paid on which day, what stands with the award, what goes out and comes back.

use std::thread;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_bonus_follows_the_day_of_the_decision,
        what_nobody_knows_is_not_taken_for_nothing,
        a_household_gets_half_as_much_again,
        a_decision_keeps_what_it_pays,
        titles_of_two_decisions_of_one_day_are_paid_as_one,
        a_fund_pays_a_decision_once_and_takes_back,
        what_was_paid_is_compared_with_what_is_due,
        a_bonus_is_paid_again_once_however_many_ask,
        a_fund_is_the_units_own,
    ]
}

fn a_bonus_follows_the_day_of_the_decision(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let paid = |day: &str, codes: &[&str]| {
        let award = |code: &&str| json!({ "awardTypeCode": code, "countingFromYear": YEAR, "countingToYear": YEAR });
        let asked = json!({
            "subjectKind": "INDIVIDUAL", "decidedOn": day,
            "awards": codes.iter().map(award).collect::<Vec<_>>(),
        });
        officer.run(operation::text("bonusPreview"), asked).ok()["bonusPreview"].clone()
    };

    // V13: the base salary changed in between.
    assert_eq!(paid("2026-06-30", &["BASE_EMULATION_FIGHTER"])["total"], "2340000");
    assert_eq!(paid("2026-07-01", &["BASE_EMULATION_FIGHTER"])["total"], "2530000");
    let two = paid(
        "2026-07-01",
        &["ADVANCED_LABOURER", "BASE_EMULATION_FIGHTER", "PROVINCIAL_CERTIFICATE"],
    );
    assert_eq!(two["total"], "6330000", "the higher title, and the certificate: {two}");
    assert_eq!(two["lines"][0]["isSuperseded"], true);
    assert_eq!(two["lines"][0]["rawAmount"], "759000");
    // The base salary of that day; the multipliers of the former decree were not compared with its text.
    let former = paid("2024-06-30", &["BASE_EMULATION_FIGHTER"]);
    let line = &former["lines"][0];
    assert_eq!((&former["total"], &line["confidence"]), (&json!("1800000"), &json!("UNSURE")));
    assert_eq!(paid("2024-07-01", &["ADVANCED_LABOURER"])["total"], "710000");
    assert_eq!(paid("2025-06-30", &["ADVANCED_LABOURER"])["lines"][0]["confidence"], "UNSURE");
    assert_eq!(paid("2025-07-01", &["ADVANCED_LABOURER"])["lines"][0]["confidence"], "SOURCED");
    let unknown = paid("2020-01-01", &["BASE_EMULATION_FIGHTER"]);
    assert_eq!((&unknown["baseSalary"], &unknown["total"]), (&Value::Null, &Value::Null));
    for (code, last, refused) in [
        ("NO_SUCH_TITLE", YEAR, "AWARD_UNKNOWN"),
        ("PROVINCIAL_EMULATION_FIGHTER", YEAR, "AWARD_NOT_APPLICABLE"),
        ("PM_CERTIFICATE", YEAR - 1, "PERIOD_REVERSED"),
    ] {
        let asked = json!({
            "subjectKind": "HOUSEHOLD", "decidedOn": "2026-07-01",
            "awards": [{ "awardTypeCode": code, "countingFromYear": YEAR, "countingToYear": last }],
        });
        let body = officer.run(operation::text("bonusPreview"), asked).top("BAD_USER_INPUT");
        assert_eq!(body["errors"][0]["extensions"]["errorCode"], refused, "{body}");
    }
}

fn what_nobody_knows_is_not_taken_for_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let paid = |day: &str, codes: &[&str]| {
        let award = |code: &&str| json!({ "awardTypeCode": code, "countingFromYear": 2024, "countingToYear": 2024 });
        let asked = json!({
            "subjectKind": "INDIVIDUAL", "decidedOn": day,
            "awards": codes.iter().map(award).collect::<Vec<_>>(),
        });
        officer.run(operation::text("bonusPreview"), asked).ok()["bonusPreview"].clone()
    };

    // No multiplier is known of the second.
    let both = paid("2025-03-01", &["LETTER_DISTRICT", "COMMEMORATIVE_MEDAL"]);
    assert_eq!(both["lines"][0]["paidAmount"], "710000");
    assert_eq!((&both["lines"][1]["paidAmount"], &both["total"]), (&Value::Null, &Value::Null));
    for (code, total) in [
        ("LETTER_DISTRICT", "710000"),
        ("LETTER_COMMUNE", "710000"),
        ("PEOPLES_TEACHER", "29250000"),
        ("MEDAL_NATIONAL_SECURITY", "3510000"),
    ] {
        let one = paid("2025-03-01", &[code]);
        let line = &one["lines"][0];
        assert_eq!(
            (&one["total"], &line["confidence"]),
            (&json!(total), &json!("UNSURE")),
            "{one}"
        );
    }
    assert_eq!(paid("2025-03-01", &[])["total"], "0", "nothing was asked for");
}

fn a_household_gets_half_as_much_again(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let paid = |kind: &str| {
        let asked = json!({
            "subjectKind": kind, "decidedOn": "2026-07-01",
            "awards": [{ "awardTypeCode": "PM_CERTIFICATE", "countingFromYear": 2021, "countingToYear": YEAR }],
        });
        let data = officer.run(operation::text("bonusPreview"), asked).ok();
        let line = data["bonusPreview"]["lines"][0].clone();
        (line["rawAmount"].clone(), line["paidAmount"].clone())
    };

    assert_eq!(paid("INDIVIDUAL"), (json!("8855000"), json!("8860000")));
    assert_eq!(paid("COLLECTIVE"), (json!("17710000"), json!("17710000")));
    assert_eq!(paid("HOUSEHOLD"), (json!("13282500"), json!("13290000")));
}

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// A decision of the office: two titles for one year, and a letter.
pub(crate) fn issued(world: &World, head: &Client) -> Value {
    let award = |code: &str| {
        json!({
            "subjectId": world.a.subject, "awardTypeId": title(head, code), "countingFrom": YEAR,
        })
    };
    let input = json!({
        "unitId": world.a.office,
        "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-06-30" },
        "submissionIds": [world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true).0],
        "awards": [award("ADVANCED_LABOURER"), award("LETTER_DEPARTMENT")],
    });
    run(head, "decisionIssue", &input).ok()["decisionIssue"]["decision"].clone()
}

fn a_decision_keeps_what_it_pays(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);

    let decision = issued(&world, &head);

    let kept: Vec<_> = decision["awards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|given| {
            let award = head.run(operation::text("award"), json!({ "id": given["id"] })).ok();
            let award = &award["award"];
            ["bonusRaw", "bonusPaid"].map(|name| award[name].as_str().unwrap().to_owned())
        })
        .collect();
    // Of the two titles for one year the higher is paid; the letter is a form and is paid beside it.
    let expected = [["702000", "0"], ["2340000", "2340000"], ["702000", "710000"]];
    for pair in expected {
        assert!(kept.iter().any(|it| it == &pair), "{pair:?} of {kept:?}");
    }
}

fn titles_of_two_decisions_of_one_day_are_paid_as_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let issue = |code: &str, (day, year): (&str, i32)| {
        let given = json!({
            "subjectId": world.a.subject, "awardTypeId": title(&head, code), "countingFrom": year,
        });
        let input = json!({
            "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": day },
            "submissionIds": [], "awards": [given],
        });
        let decision = run(&head, "decisionIssue", &input).ok();
        let id = decision["decisionIssue"]["decision"]["awards"][0]["id"].clone();
        let award = head.run(operation::text("award"), json!({ "id": id })).ok();
        ["bonusRaw", "bonusPaid"].map(|name| award["award"][name].as_str().unwrap().to_owned())
    };
    let fighter = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true).0;
    let proposed = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-06-30" },
        "submissionIds": [fighter],
    });

    assert_eq!(issue("ADVANCED_LABOURER", ("2026-06-30", YEAR)), ["702000", "710000"]);
    let decision = run(&head, "decisionIssue", &proposed).ok();
    let id = decision["decisionIssue"]["decision"]["awards"][0]["id"].clone();
    let award = head.run(operation::text("award"), json!({ "id": id })).ok()["award"].clone();

    // Of both the higher is paid in all: what the lower was paid is taken off.
    assert_eq!((&award["bonusRaw"], &award["bonusPaid"]), (&json!("2340000"), &json!("1630000")));
    assert_eq!(issue("LETTER_DEPARTMENT", ("2026-06-30", YEAR)), ["702000", "710000"], "a form");
    let other = issue("ADVANCED_LABOURER", ("2026-06-30", 2026));
    assert_eq!(other, ["702000", "710000"], "another period");
}

#[expect(clippy::too_many_lines, reason = "one story from beginning to end")]
fn a_fund_pays_a_decision_once_and_takes_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let decision = issued(&world, &head);
    let entry = |more: &Value| {
        let mut input = json!({ "unitId": world.a.office, "year": 2026, "on": "2026-07-02" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&head, "fundEntryRecord", &input)
    };
    let fund = || {
        let asked = json!({ "unitId": world.a.office, "year": 2026 });
        head.run(operation::text("fund"), asked).ok()["fund"].clone()
    };
    let given = json!({ "direction": "IN", "purpose": "ALLOCATION", "amount": "5000000000" });
    entry(&given).ok();
    let bonus = json!({ "direction": "OUT", "purpose": "BONUS", "decisionId": decision["id"] });

    let mut typed = bonus.clone();
    typed["amount"] = json!("1");
    entry(&typed).refused("INVALID_COMBINATION");
    let mut elsewhere = bonus.clone();
    elsewhere["unitId"] = json!(world.a.division);
    entry(&elsewhere).refused("INVALID_COMBINATION");
    let done = entry(&bonus).ok()["fundEntryRecord"].clone();
    assert_eq!(done["fund"]["balance"], "4996950000", "the fund as it is now: {done}");
    let paid = done["entry"].clone();
    assert_eq!((&paid["amount"], &paid["direction"]), (&json!("3050000"), &json!("OUT")));
    assert_eq!(paid["decision"]["id"], decision["id"]);
    entry(&bonus).refused("ALREADY_EXISTS");
    let now = fund();
    assert_eq!((&now["income"], &now["spending"]), (&json!("5000000000"), &json!("3050000")));
    assert_eq!(now["balance"], "4996950000", "more than 32 bits hold");

    let fighter = decision["awards"].as_array().unwrap().iter().find(|award| {
        let award = head.run(operation::text("award"), json!({ "id": award["id"] })).ok();
        award["award"]["bonusPaid"] == "2340000"
    });
    let fighter = fighter.unwrap()["id"].clone();
    let back = json!({ "direction": "IN", "purpose": "RECOVERY", "awardId": fighter });
    entry(&back).refused("WRONG_STATE");
    let central = world.a.sign_in(&server, Role::CentralOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let propose = json!({
        "id": fighter, "expectedVersion": 1, "ground": "FRAUD", "reason": "Khai gian thành tích",
    });
    run(&central, "awardCancelPropose", &propose).ok();
    let paper = json!({ "symbol": "QĐ-VP", "decidedOn": "2026-07-03" });
    let confirm = json!({ "id": fighter, "expectedVersion": 2, "decision": paper });
    run(&chair, "awardCancelConfirm", &confirm).ok();
    entry(&back).ok();
    entry(&back).refused("ALREADY_EXISTS");
    assert_eq!(fund()["balance"], "4999290000");
    let again = json!({ "direction": "OUT", "purpose": "REPAYMENT", "awardId": fighter });
    entry(&again).refused("WRONG_STATE");
    let restore = json!({ "id": fighter, "expectedVersion": 3, "reason": "Kết luận lại" });
    run(&central, "awardRestorePropose", &restore).ok();
    let restore = json!({ "id": fighter, "expectedVersion": 4, "decision": paper });
    run(&chair, "awardRestoreConfirm", &restore).ok();
    entry(&again).ok();
    entry(&again).refused("ALREADY_EXISTS");
    assert_eq!(fund()["balance"], "4996950000", "it is paid as before");
    let unpaid = json!({
        "direction": "IN", "purpose": "RECOVERY", "awardId": world.a.awards.revoked,
    });
    entry(&unpaid).refused("INVALID_COMBINATION");
}

/// An award of a decision of the office that gives 2 340 000 for it and 710 000 for another, and those who deal with both.
struct Course {
    office: harness::world::Id,
    head: Client,
    central: Client,
    chair: Client,
    decision: Value,
    award: Value,
}

impl Course {
    fn new(server: &Server, world: &World) -> Self {
        let head = world.a.sign_in(server, Role::UnitHead);
        let decision = issued(world, &head);
        let is_fighter = |award: &&Value| {
            let award = head.run(operation::text("award"), json!({ "id": award["id"] })).ok();
            award["award"]["bonusPaid"] == "2340000"
        };
        let award = decision["awards"].as_array().unwrap().iter().find(is_fighter).unwrap();
        let award = award["id"].clone();
        let central = world.a.sign_in(server, Role::CentralOfficer);
        let chair = world.a.sign_in(server, Role::ProvinceChair);
        let budget = json!({
            "unitId": world.a.office, "year": 2026, "on": "2026-07-01", "direction": "IN",
            "purpose": "ALLOCATION", "amount": "10000000",
        });
        run(&head, "fundEntryRecord", &budget).ok();
        Self { office: world.a.office, head, central, chair, decision, award }
    }

    /// An entry of the fund about the decision or the award.
    fn entry(&self, purpose: &str) -> Answer {
        let direction = if purpose == "RECOVERY" { "IN" } else { "OUT" };
        let about = if purpose == "BONUS" { "decisionId" } else { "awardId" };
        let id = if purpose == "BONUS" { &self.decision["id"] } else { &self.award };
        let mut input = json!({
            "unitId": self.office, "year": 2026, "on": "2026-07-04", "purpose": purpose,
            "direction": direction,
        });
        input[about] = id.clone();
        crate::council::run(&self.head, "fundEntryRecord", &input)
    }

    fn amount(&self, purpose: &str) -> Value {
        self.entry(purpose).ok()["fundEntryRecord"]["entry"]["amount"].clone()
    }

    /// What the entry is refused with is said of this argument.
    fn twice(&self, purpose: &str, argument: &str) {
        let refused = self.entry(purpose).refused("ALREADY_EXISTS");
        let path = &refused["fundEntryRecord"]["errors"][0]["path"];
        assert_eq!(path, &json!(["input", argument]), "{refused}");
    }

    fn act(&self, (client, mutation): (&Client, &str), version: i32, more: &Value) {
        let mut input = json!({ "id": self.award, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(client, mutation, &input).ok();
    }

    fn cancel(&self, version: i32) {
        let why = json!({ "ground": "FRAUD", "reason": "Khai gian thành tích" });
        self.act((&self.central, "awardCancelPropose"), version, &why);
        self.act((&self.chair, "awardCancelConfirm"), version + 1, &json!({ "decision": paper() }));
    }

    fn restore(&self, version: i32) {
        let why = json!({ "reason": "Kết luận lại" });
        self.act((&self.central, "awardRestorePropose"), version, &why);
        self.act(
            (&self.chair, "awardRestoreConfirm"),
            version + 1,
            &json!({ "decision": paper() }),
        );
    }
}

fn paper() -> Value {
    json!({ "symbol": "QĐ-VP", "decidedOn": "2026-07-03" })
}

fn what_was_paid_is_compared_with_what_is_due(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let course = Course::new(&server, &world);

    // It is taken away before its decision is paid, and given back afterwards.
    course.entry("REPAYMENT").refused("INVALID_COMBINATION");
    course.cancel(1);
    assert_eq!(course.amount("BONUS"), "710000");
    course.entry("RECOVERY").refused("INVALID_COMBINATION");
    course.restore(3);
    course.twice("BONUS", "decisionId");
    assert_eq!(course.amount("REPAYMENT"), "2340000");
    course.twice("REPAYMENT", "awardId");
    // As often as it is taken away its bonus comes back, and as often as it is given back it is paid again.
    for version in [5, 9] {
        course.entry("RECOVERY").refused("WRONG_STATE");
        course.cancel(version);
        assert_eq!(course.amount("RECOVERY"), "2340000");
        course.twice("RECOVERY", "awardId");
        course.entry("REPAYMENT").refused("WRONG_STATE");
        course.restore(version + 2);
        assert_eq!(course.amount("REPAYMENT"), "2340000");
    }

    let asked = json!({ "unitId": world.a.office, "year": 2026 });
    let fund = course.head.run(operation::text("fund"), asked).ok()["fund"].clone();
    assert_eq!(fund["balance"], "6950000", "what the decision gives, once: {fund}");
}

fn a_bonus_is_paid_again_once_however_many_ask(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let course = Course::new(&server, &world);
    course.cancel(1);
    course.entry("BONUS").ok();
    course.restore(3);

    let answers = thread::scope(|scope| {
        let course = &course;
        let ask = |_| scope.spawn(move || course.entry("REPAYMENT"));
        let asked: Vec<_> = (0..8).map(ask).collect();
        asked.into_iter().map(|it| it.join().unwrap().payload_codes()).collect::<Vec<_>>()
    });

    let paid = answers.iter().filter(|codes| codes.is_empty()).count();
    let refused = answers.iter().filter(|codes| *codes == &["ALREADY_EXISTS"]).count();
    assert_eq!((paid, refused), (1, 7), "{answers:?}");
}

fn a_fund_is_the_units_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let clerk = world.a.sign_in(&server, Role::UnitOfficer);
    let stranger = world.a.neighbour.sign_in(&server);
    let asked = json!({ "unitId": world.a.office, "year": YEAR });
    let shown =
        |client: &Client| client.run(operation::text("fund"), asked.clone()).ok()["fund"].clone();
    let entry = |unit: &Value| {
        json!({
            "unitId": unit, "year": YEAR, "direction": "OUT", "purpose": "ORGANISING",
            "amount": "1500000", "on": "2025-05-05", "note": "Khung bằng khen",
        })
    };

    run(&clerk, "fundEntryRecord", &entry(&json!(world.a.office))).refused("FORBIDDEN");
    run(&head, "fundEntryRecord", &entry(&json!(world.a.other_office))).refused("NOT_FOUND");
    run(&head, "fundEntryRecord", &entry(&json!(world.a.office))).ok();

    let fund = shown(&clerk);
    assert_eq!(fund["balance"], "48500000", "{fund}");
    assert_eq!(fund["entries"].as_array().unwrap().len(), 2);
    let organising = &fund["organising"];
    assert_eq!(
        [&organising["spent"], &organising["limit"], &organising["isOver"]],
        [&json!("1500000"), &json!("10000000"), &json!(false)],
        "a fifth of what came in: {organising}"
    );
    let mut much = entry(&json!(world.a.office));
    much["amount"] = json!("8500001");
    run(&head, "fundEntryRecord", &much).ok();
    let organising = shown(&clerk)["organising"].clone();
    assert_eq!((&organising["spent"], &organising["isOver"]), (&json!("10000001"), &json!(true)));
    assert!(organising["citation"].as_str().unwrap().contains("28/2025/TT-BTC"), "{organising}");
    assert_eq!(shown(&stranger), Value::Null);
    let mut wrong = entry(&json!(world.a.office));
    wrong["on"] = json!("2030-01-01");
    run(&head, "fundEntryRecord", &wrong).refused("OUT_OF_RANGE");
    wrong["on"] = json!("2024-05-05");
    run(&head, "fundEntryRecord", &wrong).refused("INVALID_COMBINATION");
    wrong["on"] = json!("2025-05-05");
    wrong["amount"] = json!("1,5");
    run(&head, "fundEntryRecord", &wrong).refused("INVALID_FORMAT");
}
