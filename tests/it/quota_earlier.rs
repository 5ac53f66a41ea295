//! What a quota counts although it was sent or decided before it was set, and that what counts for a year takes of the quota
//! of that year.

use std::thread;
use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, same_statements};
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::quota::{draft, quota as set, run, states, step, taken};
use crate::quota_decided::{LETTER, Path};
use crate::quota_ledger::{letters, people, used};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_quota_counts_what_was_before_it,
        a_quota_counts_only_what_it_is_about,
        a_quota_over_much_is_set_like_one_over_little,
        what_counts_for_a_year_takes_of_the_quota_of_that_year,
        a_quota_that_has_not_begun_counts_and_refuses_nobody,
        a_quota_set_while_others_send_misses_nobody,
        a_quota_of_one_unit_goes_before_that_of_its_kind,
        who_was_proposed_by_name_is_counted_once,
    ]
}

fn a_quota_counts_what_was_before_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let people = people(&world, &path.approval.officer, 4);
    let today = crate::assembly::today();
    let direct = letters(&world, &path.approval.head, &people[..3], &today).ok();
    let direct = &direct["decisionIssue"]["decision"];
    let gone = &direct["awards"][0]["id"];
    let cancelled = path.act(("Cancel", gone), 1);
    let decided = path.approved(&[("Lò Văn Một (mẫu)", LETTER, None)]);
    let issued = path.decide(&decided.id).ok()["decisionIssue"]["decision"].clone();
    let waiting =
        path.approved(&[("Lò Văn Hai (mẫu)", LETTER, None), ("Lò Văn Ba (mẫu)", LETTER, None)]);
    let back = path.drawn(&[("Lò Văn Tư (mẫu)", LETTER, None)]);
    step(&path.approval.office, "submissionSend", &back.node(), 1).ok();
    step(&path.approval.office, "submissionRecall", &back.node(), 2).ok();
    let draft = path.drawn(&[("Lò Văn Năm (mẫu)", LETTER, None)]);

    let quota = path.quota(LETTER, 4);

    // Three by hand of whom one was cancelled, one of a list; two wait.
    assert_eq!(path.stands(&quota), [2, 3, -1]);
    assert_eq!(taken(&world, &quota), 5);
    let asked = json!({ "quotaId": quota["id"] });
    let ledger = path.approval.officer.run(operation::text("quotaLedger"), asked).ok();
    let nodes = ledger["quotaLedger"]["nodes"].as_array().unwrap().clone();
    assert_eq!(nodes.len(), 4, "{nodes:?}");
    let by = |state: &str, submission: &Value| {
        let is_it = |it: &&Value| it["state"] == state && it["submission"]["id"] == *submission;
        nodes.iter().find(is_it).unwrap()
    };
    let reserved = by("RESERVED", &waiting.id);
    assert_eq!((&reserved["amount"], &reserved["decision"]), (&json!(2), &Value::Null));
    let given = by("CONSUMED", &decided.id);
    assert_eq!((&given["amount"], &given["decision"]["id"]), (&json!(1), &issued["id"]));
    let by_hand = by("CONSUMED", &Value::Null);
    assert_eq!((&by_hand["amount"], &by_hand["decision"]["id"]), (&json!(3), &direct["id"]));
    let returned = by("RETURNED", &Value::Null);
    assert_eq!((&returned["amount"], &returned["award"]["id"]), (&json!(1), gone));
    let act = &cancelled["award"]["acts"][1]["decision"]["id"];
    assert_eq!(&returned["decision"]["id"], act, "the cause");
    assert!(nodes.iter().all(|node| node["at"].is_string()), "{nodes:?}");

    // What comes is refused, what was there goes its way.
    step(&path.approval.office, "submissionSend", &draft.node(), 1).refused("QUOTA_EXCEEDED");
    letters(&world, &path.approval.head, &people[3..], &today).refused("QUOTA_EXCEEDED");
    path.decide(&waiting.id).ok();
    assert_eq!(path.stands(&quota), [0, 5, -1]);
    let restored = path.act(("Restore", gone), 3);
    assert_eq!(restored["overQuotas"][0]["left"], -2, "{restored}");
    path.act(("Cancel", &issued["awards"][0]["id"]), 1);
    assert_eq!(path.stands(&quota), [0, 5, -1]);
}

fn a_quota_counts_only_what_it_is_about(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let given = letters(&world, &head, &people(&world, &officer, 2), &crate::assembly::today());
    given.ok();
    let list = draft(&world, &office, (1, 1));
    step(&office, "submissionSend", &list, 1).ok();
    let quota = |more: Value| {
        let mut all = json!({ "awardTypeCode": LETTER, "most": 0, "severity": "WARN" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        taken(&world, &set(&officer, &all))
    };

    assert_eq!(quota(json!({})), 2);
    assert_eq!(quota(json!({ "unitKind": "OFFICE" })), 2);
    assert_eq!(quota(json!({ "commendationType": "MERIT" })), 2);
    assert_eq!(quota(json!({ "awardTypeCode": "BASE_EMULATION_FIGHTER" })), 1);
    for more in [
        json!({ "unitKind": "CENTRE" }),
        json!({ "subjectKind": "COLLECTIVE" }),
        json!({ "commendationType": "MOVEMENT" }),
        json!({ "severity": "BLOCK", "validFrom": format!("{}-01-01", YEAR + 1) }),
        json!({ "severity": "BLOCK", "validTo": format!("{}-12-31", YEAR - 1) }),
        // It had ended when they were given.
        json!({ "severity": "BLOCK", "validFrom": "2025-01-01", "validTo": "2025-06-30" }),
    ] {
        assert_eq!(quota(more.clone()), 0, "{more}");
    }
}

fn a_quota_over_much_is_set_like_one_over_little(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let send = |count: usize| {
        for _ in 0..count {
            let list = draft(&world, &office, (3, 0));
            step(&office, "submissionSend", &list, 1).ok();
        }
    };
    let cost = |severity: &str| {
        let quota = json!({
            "awardTypeCode": "BASE_EMULATION_FIGHTER", "base": "COUNT", "most": 5,
            "severity": severity, "citation": "Quy chế", "validFrom": "2024-01-01",
        });
        let answer = run(&officer, "quotaCreate", &quota);
        let statements = answer.statements();
        (statements, answer.ok()["quotaCreate"]["quota"].clone())
    };

    send(1);
    let (little, first) = cost("WARN");
    send(12);
    let (much, second) = cost("BLOCK");

    assert_eq!((taken(&world, &first), taken(&world, &second)), (39, 39));
    same_statements(little, much, "one list and thirteen");
}

/// Of two quotas, the one of the year for which a title counts, whenever it is sent or given.
fn what_counts_for_a_year_takes_of_the_quota_of_that_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let officer = &path.approval.officer;
    let quota = |most: i32, days: Value| {
        let mut more = json!({ "awardTypeCode": LETTER, "most": most });
        more.as_object_mut().unwrap().extend(days.as_object().unwrap().clone());
        set(officer, &more)
    };
    let old = quota(
        2,
        json!({ "validFrom": format!("{YEAR}-01-01"), "validTo": format!("{YEAR}-12-31") }),
    );
    let new = quota(9, json!({ "validFrom": format!("{}-01-01", YEAR + 1) }));
    let people = people(&world, officer, 2);
    let today = crate::assembly::today();

    let list = path.approved(&[("Lò Văn Một (mẫu)", LETTER, None)]);
    letters(&world, &path.approval.head, &people[..1], &today).ok();
    assert_eq!(path.stands(&old), [1, 1, 0]);
    let late = path.drawn(&[("Lò Văn Hai (mẫu)", LETTER, None)]);
    step(&path.approval.office, "submissionSend", &late.node(), 1).refused("QUOTA_EXCEEDED");
    letters(&world, &path.approval.head, &people[1..], &today).refused("QUOTA_EXCEEDED");
    path.decide(&list.id).ok();
    assert_eq!(path.stands(&old), [0, 2, 0]);
    assert_eq!(taken(&world, &new), 0, "nothing of it is of this year");
    assert!(used(officer, &world, &new)["whyNot"].is_string());

    let moved = json!({ "id": late.id, "expectedVersion": 1, "year": YEAR + 1 });
    run(&path.approval.office, "submissionUpdate", &moved).ok();
    step(&path.approval.office, "submissionSend", &late.node(), 2).ok();
    assert_eq!((taken(&world, &old), taken(&world, &new)), (2, 1));
}

fn a_quota_that_has_not_begun_counts_and_refuses_nobody(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    // A list of a later year is sent before the quota of that year begins.
    let year = 2091;
    let quota = json!({ "awardTypeCode": LETTER, "most": 0, "validFrom": "2091-03-01" });
    let quota = set(&path.approval.officer, &quota);
    let list = path.drawn(&[("Lò Văn Một (mẫu)", LETTER, None)]);
    let moved = json!({ "id": list.id, "expectedVersion": 1, "year": year });
    run(&path.approval.office, "submissionUpdate", &moved).ok();

    step(&path.approval.office, "submissionSend", &list.node(), 2).ok();

    assert_eq!(states(&world, &quota), ["RESERVED"]);
    let asked = json!({ "quotaId": quota["id"], "unitId": world.a.office, "year": year });
    let stands = path.approval.officer.run(operation::text("quotaUse"), asked).ok();
    assert_eq!(stands["quotaUse"]["left"], -1, "{stands}");
}

fn a_quota_set_while_others_send_misses_nobody(stage: &Stage) {
    // They would take the places of other cases.
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let drafts: Vec<_> = (0..24).map(|_| draft(&world, &office, (1, 0))).collect();
    let quota = json!({
        "awardTypeCode": "BASE_EMULATION_FIGHTER", "base": "COUNT", "most": 20,
        "citation": "Quy chế", "validFrom": "2024-01-01",
    });

    let (set, answers) = thread::scope(|scope| {
        let (office, officer, quota) = (&office, &officer, &quota);
        let send = |draft| scope.spawn(move || insist(|| step(office, "submissionSend", draft, 1)));
        let (early, late) = drafts.split_at(12);
        let mut asked: Vec<_> = early.iter().map(send).collect();
        let set = scope.spawn(move || insist(|| run(officer, "quotaCreate", quota)));
        asked.extend(late.iter().map(send));
        let answers: Vec<_> = asked.into_iter().map(|it| it.join().unwrap()).collect();
        (set.join().unwrap(), answers)
    });

    let set = set.ok()["quotaCreate"]["quota"].clone();
    let codes: Vec<_> = answers.iter().map(Answer::payload_codes).collect();
    let sent = codes.iter().filter(|codes| codes.is_empty()).count();
    assert!(codes.iter().flatten().all(|code| code == "QUOTA_EXCEEDED"), "{codes:?}");
    assert!(sent >= 20, "{codes:?}");
    assert_eq!(usize::try_from(taken(&world, &set)), Ok(sent));
}

/// Asks; whoever found no place in the line had nothing done and asks again.
fn insist(ask: impl Fn() -> Answer) -> Answer {
    for _ in 0..100 {
        let answer = ask();
        if answer.status != 503 {
            return answer;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the server never found a place");
}

fn a_quota_of_one_unit_goes_before_that_of_its_kind(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let officer = &path.approval.officer;
    let quota = |more: Value| {
        let mut input = json!({
            "awardTypeCode": LETTER, "base": "COUNT", "citation": "Quy chế", "validFrom": "2024-01-01",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(officer, "quotaCreate", &input)
    };
    let made = |answer: Answer| answer.ok()["quotaCreate"]["quota"].clone();
    let every = made(quota(json!({ "unitKind": "OFFICE", "most": 1 })));
    let two = path.drawn(&[("Lò Văn Một (mẫu)", LETTER, None), ("Lò Văn Hai (mẫu)", LETTER, None)]);
    step(&path.approval.office, "submissionSend", &two.node(), 1).refused("QUOTA_EXCEEDED");

    let both = json!({ "unitKind": "OFFICE", "unitId": world.a.office, "most": 3 });
    quota(both).refused("INVALID_COMBINATION");
    quota(json!({ "unitId": world.b.office, "most": 3 })).refused("NOT_FOUND");
    let named = made(quota(json!({ "unitId": world.a.office, "most": 2 })));
    assert_eq!(named["unit"]["id"], json!(world.a.office), "{named}");
    quota(json!({ "unitId": world.a.office, "most": 5 })).refused("ALREADY_EXISTS");
    let other = made(quota(json!({ "unitId": world.a.other_office, "most": 0 })));

    step(&path.approval.office, "submissionSend", &two.node(), 1).ok();
    assert_eq!([&every, &named, &other].map(|quota| taken(&world, quota)), [2, 2, 0]);
    assert_eq!(path.stands(&named), [2, 0, 0]);
    assert!(used(officer, &world, &other)["whyNot"].as_str().unwrap().contains("đơn vị"));
    let third = path.drawn(&[("Lò Văn Ba (mẫu)", LETTER, None)]);
    step(&path.approval.office, "submissionSend", &third.node(), 1).refused("QUOTA_EXCEEDED");
    // Once it has ended, that of the kind holds again.
    let end = json!({ "id": named["id"], "expectedVersion": 1, "validTo": format!("{}-12-31", YEAR - 1) });
    run(officer, "quotaEnd", &end).refused("DECIDED_SINCE");
    step(&path.approval.office, "submissionRecall", &two.node(), 2).ok();
    run(officer, "quotaEnd", &end).ok();
    step(&path.approval.office, "submissionSend", &two.node(), 3).refused("QUOTA_EXCEEDED");
    step(&path.approval.office, "submissionSend", &third.node(), 1).ok();
    assert_eq!(path.stands(&every), [1, 0, 0]);
}

/// The decision makes a subject of a name: it is the same advanced labourer.
fn who_was_proposed_by_name_is_counted_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let path = Path::new(&server, &world);
    let share = set(&path.approval.officer, &json!({ "base": "ADVANCED", "sharePercent": 50 }));
    let base = || used(&path.approval.officer, &world, &share)["base"].as_i64().unwrap();
    let others = base();
    let labourer = "ADVANCED_LABOURER";
    let people = [("Lò Văn Một (mẫu)", labourer, None), ("Lò Văn Hai (mẫu)", labourer, None)];
    let list = path.approved(&people);
    assert_eq!(base(), others + 2, "proposed");

    let issued = path.decide(&list.id).ok();

    let awards = issued["decisionIssue"]["decision"]["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 2, "{awards:?}");
    assert_eq!(base(), others + 2, "in the registry");
}
