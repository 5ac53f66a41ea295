//! The opinion of the Party committee: asked for where a regulation of the tenant says so, and nowhere else.

use entity::role_grant::Role;
use harness::cases;
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::assembly::today;
use crate::council::{done, run};
use crate::onward::{answer, ask, proposal, refusal, send, title};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_party_committee_is_asked_where_the_rules_say_so,
        the_regulation_of_one_province_binds_no_other,
    ]
}

fn the_party_committee_is_asked_where_the_rules_say_so(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::in_bac_ninh(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let input = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
        "awards": [{
            "subjectId": world.a.subject, "countingFrom": YEAR,
            "awardTypeId": title(&head, "ADVANCED_LABOURER"),
        }],
    });

    // A person whom the committee manages: it was asked about.
    let asked = ask(&world, &secretary);
    let issue = || run(&head, "decisionIssue", &input);
    let said = refusal(issue(), "decisionIssue", "PARTY_OPINION_MISSING");
    assert!(said.contains("Điều 5 khoản 1 điểm a") && said.contains(&world.a.canary), "{said}");
    answer(&secretary, &asked, true);
    let _ = refusal(issue(), "decisionIssue", "PARTY_OPINION_AGAINST");
    let again = ask(&world, &secretary);
    answer(&secretary, &again, false);
    let _ = issue().ok();

    let (submission, _) = world.proposed(&world.a, "HERO_LABOUR", true);
    let shown = || {
        let read = secretary.run(operation::text("submission"), json!({ "id": submission })).ok();
        read["submission"]["nominees"][0]["partyOpinion"].clone()
    };
    assert_eq!(shown()["state"], "GIVEN");
    let wrong = json!({
        "subjectId": world.a.subject, "year": YEAR, "source": "PARTY_COMMITTEE",
        "awardTypeCode": "NO_SUCH_TITLE",
    });
    run(&secretary, "clearanceAsk", &wrong).refused("AWARD_UNKNOWN");
    let mut of_title = wrong;
    of_title["awardTypeCode"] = json!("HERO_LABOUR");
    let _ = done(&secretary, ("clearanceAsk", "clearance"), &of_title);
    assert_eq!(shown()["state"], "ASKED", "the last question counts");
}

/// Nothing waits for an opinion that no regulation of the tenant asks for; what was asked is recorded all the same.
fn the_regulation_of_one_province_binds_no_other(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let head = world.a.sign_in(&server, Role::UnitHead);
    world.fighter(&world.a);
    let (_, nominee) = world.proposed(&world.a, "NATIONAL_EMULATION_FIGHTER", true);

    let onward = proposal(&world, &secretary, nominee);
    assert_eq!(onward["nominees"][0]["nominee"]["partyOpinion"], Value::Null);
    let sent = send(&secretary, &onward, "1/TTr").ok();
    assert_eq!(sent["onwardSubmissionSend"]["onwardPackage"]["number"], 1);

    let asked = ask(&world, &secretary);
    let input = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
        "awards": [{
            "subjectId": world.a.subject, "countingFrom": YEAR,
            "awardTypeId": title(&head, "ADVANCED_LABOURER"),
        }],
    });
    let _ = run(&head, "decisionIssue", &input).ok();
    answer(&secretary, &asked, false);
}
