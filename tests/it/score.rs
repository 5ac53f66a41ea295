//! Scores: who may give them, what they need, and what is kept of their changes.

use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::{World, this_year};
use serde_json::{Value, json};

use crate::contest::{Contest, cell, points, row};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_member_scores_itself_and_zero_is_a_score,
        evidence_is_asked_for_where_the_criterion_wants_it,
        a_change_needs_its_reason_and_leaves_before_and_after,
        a_stale_version_is_a_conflict,
        a_verified_score_that_differs_needs_a_reason,
        self_scores_are_accepted_as_they_stand,
        peers_score_whom_they_are_assigned,
        a_group_takes_no_score,
        more_than_the_maximum_is_refused_and_nothing_is_recorded,
        nothing_is_scored_before_the_set_is_locked,
        nothing_is_scored_after_publication,
        nobody_scores_for_another,
    ]
}

fn contest(stage: &Stage) -> Contest {
    let server = stage.server();
    let world = World::on(&server);
    Contest::locked(&server, &world)
}

fn first(data: &Value, field: &str) -> Value {
    data[field]["scores"][0].clone()
}

fn a_member_scores_itself_and_zero_is_a_score(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();

    contest.record(0, year, &json!([points("1.1", "0"), points("1.2", "7.25")])).ok();

    let comparison = contest.comparison(&contest.officer, year);
    let own = row(&comparison, &contest.seats[0]);
    assert_eq!(cell(own, "1.1")["self"], "0");
    assert_eq!(cell(own, "1.1")["final"], "0");
    assert_eq!(cell(own, "1.2")["final"], "7.25");
    assert_eq!(cell(own, "2")["final"], Value::Null, "missing is not zero");
    assert_eq!((&own["missing"], &own["rank"]), (&json!(["2"]), &Value::Null));
    assert_eq!(own["total"], "7.25");
    assert_eq!(own["subtotals"], json!([{ "criterion": "1", "points": "7.25" }]));
    assert_eq!(comparison["completeness"]["expected"], 6);
    assert_eq!(comparison["completeness"]["reported"], 2);
}

fn evidence_is_asked_for_where_the_criterion_wants_it(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    let bare = json!([{ "criterion": "1.2", "value": "5" }]);
    let linked = json!([{ "criterion": "1.2", "value": "5", "evidenceUrl": "https://minh-chung.example/1.pdf" }]);

    let refused = contest.record(0, year, &bare).refused("EVIDENCE_REQUIRED");
    let path = &refused["scoreSelfRecord"]["errors"][0]["path"];
    assert_eq!(*path, json!(["input", "scores", "0"]));
    contest.record(0, year, &json!([{ "criterion": "1.1", "value": "5" }])).ok();
    let data = contest.record(0, year, &linked).ok();

    let score = first(&data, "scoreSelfRecord");
    assert_eq!(score["evidenceUrl"], "https://minh-chung.example/1.pdf");
    assert_eq!((&score["layer"], &score["version"]), (&json!("SELF"), &json!(1)));
}

fn a_change_needs_its_reason_and_leaves_before_and_after(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    contest.record(0, year, &json!([points("1.1", "5")])).ok();
    let mut change = points("1.1", "6");
    change["expectedVersion"] = json!(1);

    let refused = contest.record(0, year, &json!([change])).refused("REASON_REQUIRED");
    let path = &refused["scoreSelfRecord"]["errors"][0]["path"];
    assert_eq!(*path, json!(["input", "scores", "0", "reason"]));
    change["reason"] = json!("Nhập nhầm số liệu");
    let data = contest.record(0, year, &json!([change])).ok();

    let score = first(&data, "scoreSelfRecord");
    assert_eq!((&score["value"], &score["version"]), (&json!("6"), &json!(2)));
    let changes = score["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{score}");
    assert_eq!(changes[0]["reason"], "Nhập nhầm số liệu");
    let told = |side: &str| {
        serde_json::from_str::<Value>(changes[0][side].as_str().unwrap()).unwrap()["value"].clone()
    };
    assert_eq!((told("before"), told("after")), (json!("5"), json!("6")));
}

fn a_stale_version_is_a_conflict(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    contest.record(0, year, &json!([points("1.1", "5")])).ok();
    let with = |version: Option<i32>| {
        let mut change = points("1.1", "6");
        change["reason"] = json!("Sửa");
        change["expectedVersion"] = json!(version);
        json!([change])
    };
    contest.record(0, year, &with(Some(1))).ok();

    for stale in [Some(1), Some(7), None] {
        let refused = contest.record(0, year, &with(stale)).refused("CONFLICT");
        let error = &refused["scoreSelfRecord"]["errors"][0];
        assert_eq!(error["currentVersion"], 2, "{stale:?}");
        assert_eq!(error["path"], json!(["input", "scores", "0", "expectedVersion"]));
    }
}

fn a_verified_score_that_differs_needs_a_reason(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    contest.record(0, year, &json!([points("1.1", "8"), points("2", "4")])).ok();
    let lower = json!({ "criterion": "1.1", "value": "6" });

    contest.verify(0, year, &json!({ "scores": [lower] })).refused("REASON_REQUIRED");
    contest.verify(0, year, &json!({ "scores": [{ "criterion": "2", "value": "4" }] })).ok();
    let mut with_reason = lower;
    with_reason["reason"] = json!("Thiếu một biên bản");
    contest.verify(0, year, &json!({ "scores": [with_reason] })).ok();

    let comparison = contest.comparison(&contest.offices[0], year);
    let own = cell(row(&comparison, &contest.seats[0]), "1.1");
    assert_eq!(own["self"], "8");
    assert_eq!(own["verified"], "6");
    assert_eq!(own["final"], "6");
    assert_eq!(own["reason"], "Thiếu một biên bản");
}

fn self_scores_are_accepted_as_they_stand(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    contest.record(0, year, &json!([points("1.1", "8"), points("1.2", "9")])).ok();
    let listed = json!({ "criterion": "1.2", "value": "7", "reason": "Chưa đủ minh chứng" });

    let more = json!({ "acceptSelfScores": true, "scores": [listed] });
    let data = contest.verify(0, year, &more).ok();
    assert_eq!(data["scoreVerify"]["scores"].as_array().unwrap().len(), 2, "{data}");
    let again = contest.verify(0, year, &json!({ "acceptSelfScores": true })).ok();
    assert_eq!(again["scoreVerify"]["scores"], json!([]), "verified once");

    let comparison = contest.comparison(&contest.officer, year);
    let own = row(&comparison, &contest.seats[0]);
    assert_eq!(
        (&cell(own, "1.1")["verified"], &cell(own, "1.2")["verified"]),
        (&json!("8"), &json!("7"))
    );
    assert_eq!(cell(own, "2")["verified"], Value::Null, "what is missing is not accepted");
}

fn peers_score_whom_they_are_assigned(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    let scores = json!([points("2", "6.5")]);

    contest.record(0, year, &json!([points("2", "7")])).ok();
    let reports = || {
        let comparison = contest.comparison(&contest.offices[1], year);
        row(&comparison, &contest.seats[0])["scores"].as_array().unwrap().len()
    };

    contest.record_peer(1, year, &scores).refused("PEER_NOT_ASSIGNED");
    assert_eq!(reports(), 0);
    let assigned = contest.assign(1, year).ok();
    let shown = &assigned["scorePeerAssign"]["comparison"]["peerAssignments"];
    let pair =
        json!({ "assessor": { "id": contest.seats[1] }, "member": { "id": contest.seats[0] } });
    assert_eq!(*shown, json!([pair]), "{assigned}");
    assert_eq!(reports(), 1, "it reads what it has to score");
    let data = contest.record_peer(1, year, &scores).ok();
    contest.record_peer(0, year, &scores).refused("PEER_NOT_ASSIGNED");

    assert_eq!(first(&data, "scorePeerRecord")["layer"], "PEER");
    let comparison = contest.comparison(&contest.officer, year);
    let scored = cell(row(&comparison, &contest.seats[0]), "2");
    assert_eq!((&scored["peer"], &scored["final"]), (&json!("6.5"), &json!("6.5")));
}

fn a_group_takes_no_score(stage: &Stage) {
    let contest = contest(stage);

    contest.record(0, this_year(), &json!([points("1", "5")])).refused("CRITERION_INVALID");
    contest.record(0, this_year(), &json!([points("9", "5")])).refused("NOT_FOUND");
}

fn more_than_the_maximum_is_refused_and_nothing_is_recorded(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();

    let scores = json!([points("1.1", "5"), points("2", "10.01")]);
    contest.record(0, year, &scores).refused("MEASURE_INVALID");
    contest.record(0, year, &json!([points("1.1", "-1")])).refused("MEASURE_INVALID");

    let comparison = contest.comparison(&contest.officer, year);
    assert_eq!(comparison["completeness"]["reported"], 0, "all or none");
}

fn nothing_is_scored_before_the_set_is_locked(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::bare(&server, &world);
    let year = this_year();

    contest.record(0, year, &json!([points("1.1", "5")])).refused("CRITERIA_SET_NOT_LOCKED");
    contest.publish(year, "PROVISIONAL", &json!({})).refused("CRITERIA_SET_NOT_LOCKED");
    contest.lock_set(year);
    contest.record(0, year, &json!([points("1.1", "5")])).ok();
}

fn nothing_is_scored_after_publication(stage: &Stage) {
    let contest = contest(stage);
    let year = this_year();
    contest.fill(0, year, "8");
    contest.fill(1, year, "7");
    contest.assign(1, year).ok();
    contest.publish(year, "PUBLISHED", &json!({})).ok();

    let mut change = points("1.1", "10");
    change["expectedVersion"] = json!(1);
    change["reason"] = json!("Muộn");
    contest.record(0, year, &json!([change])).refused("FINAL_STATE");
    contest.record_peer(1, year, &json!([points("2", "9")])).refused("FINAL_STATE");
    contest.verify(0, year, &json!({ "scores": [change] })).refused("FINAL_STATE");
    contest.publish(year, "OPEN", &json!({})).refused("FINAL_STATE");
}

fn nobody_scores_for_another(stage: &Stage) {
    let mut contest = contest(stage);
    contest.seats.swap(0, 1);

    let answer = contest.record(0, this_year(), &json!([points("1.1", "5")]));

    answer.refused("FORBIDDEN");
    let comparison = contest.comparison(&contest.officer, this_year());
    assert_eq!(comparison["completeness"]["reported"], 0);
}
