//! The comparison of a cluster: what the demo shows to whom, and how one of its own is published.

use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, this_year};
use harness::{cases, people};
use serde_json::{Value, json};

use crate::contest::{Contest, cell, compare, points, row, text};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_coordinator_sees_the_published_table,
        a_cluster_that_crosses_provinces_shows_no_foreign_unit,
        a_member_sees_its_own_row_of_a_provisional_table_in_full,
        a_member_sees_as_much_as_the_state_shows,
        gaps_are_published_only_with_a_reason,
        a_stale_version_publishes_nothing,
        a_tie_is_broken_by_ballot,
        a_ballot_names_members_once,
        the_year_after_shows_places_won_and_lost,
        who_does_not_read_the_cluster_sees_nothing,
    ]
}

fn cluster(client: &Client, code: &str) -> String {
    let query =
        "query($code: String!) { clusters(where: { code: { eq: $code } }) { nodes { id } } }";
    let data = client.run(query, json!({ "code": code })).ok();
    text(&data["clusters"]["nodes"][0]["id"])
}

fn quang_tri(server: &Server, name: &str) -> Client {
    people::sign_in(server, "quang_tri", &format!("quang_tri.{name}"))
}

fn number(value: &Value) -> f64 {
    text(value).parse().unwrap()
}

fn ranks(comparison: &Value) -> Vec<i64> {
    let rows = comparison["rows"].as_array().unwrap();
    rows.iter().filter_map(|row| row["rank"].as_i64()).collect()
}

fn the_coordinator_sees_the_published_table(stage: &Stage) {
    let coordinator = quang_tri(&stage.server(), "coordinator");
    let id = cluster(&coordinator, "351");

    let comparison = compare(&coordinator, &id, 2025);

    assert_eq!(comparison["state"], "PUBLISHED");
    assert_eq!(comparison["isReproducible"], true);
    assert_eq!(text(&comparison["inputsHash"]).len(), 64);
    assert_eq!(ranks(&comparison), [1, 2, 3, 4, 5, 6, 7, 8]);
    let completeness = &comparison["completeness"];
    assert_eq!(completeness["expected"], completeness["reported"]);
    for row in comparison["rows"].as_array().unwrap() {
        let sum: f64 =
            row["subtotals"].as_array().unwrap().iter().map(|sum| number(&sum["points"])).sum();
        assert!((sum - number(&row["total"])).abs() < 1e-9, "the groups make the total: {row}");
        assert_eq!(row["subtotals"].as_array().unwrap().len(), 3);
        assert!(row["cells"].as_array().unwrap().iter().all(|cell| cell["final"].is_string()));
        assert!(!row["drivers"].as_array().unwrap().is_empty(), "{row}");
        assert_eq!(row["member"]["tenant"]["slug"], "quang_tri");
        assert_eq!(row["gapToNext"].is_null(), row["rank"] == 1, "{row}");
    }
}

fn a_cluster_that_crosses_provinces_shows_no_foreign_unit(stage: &Stage) {
    let server = stage.server();
    let coordinator = people::sign_in(&server, "central", "northern.coordinator");
    let id = cluster(&coordinator, "northern-delegation-offices");

    let comparison = compare(&coordinator, &id, 2017);

    assert_eq!(comparison["isReproducible"], true);
    let rows = comparison["rows"].as_array().unwrap();
    let mut tenants: Vec<_> =
        rows.iter().map(|row| text(&row["member"]["tenant"]["slug"])).collect();
    tenants.sort();
    let seven =
        ["cao_bang", "dien_bien", "ha_giang", "lai_chau", "lang_son", "lao_cai_2004", "son_la"];
    assert_eq!(tenants, seven);
    assert!(rows.iter().all(|row| row["member"]["unit"].is_null()), "{comparison}");
    assert!(rows.iter().all(|row| !text(&row["member"]["name"]).is_empty()), "{comparison}");
    assert_eq!(ranks(&comparison), [1, 2, 3, 4, 5, 6, 7]);

    let officer = people::sign_in(&server, "lai_chau", "lai_chau.officer");
    let seen = compare(&officer, &id, 2017);
    let units =
        seen["rows"].as_array().unwrap().iter().filter(|row| row["member"]["unit"].is_object());
    let own: Vec<_> = units.map(|row| text(&row["member"]["tenant"]["slug"])).collect();
    assert_eq!(own, ["lai_chau"], "its own unit, and no other");
}

fn a_member_sees_its_own_row_of_a_provisional_table_in_full(stage: &Stage) {
    let office = quang_tri(&stage.server(), "office");
    let id = cluster(&office, "351");

    let comparison = compare(&office, &id, 2026);

    assert_eq!(comparison["state"], "PROVISIONAL");
    let (own, others): (Vec<_>, Vec<_>) =
        comparison["rows"].as_array().unwrap().iter().partition(|row| row["isOwn"] == true);
    assert_eq!((own.len(), others.len()), (1, 7));
    assert!(text(&own[0]["member"]["name"]).contains("Đông Hà"), "{}", own[0]);
    assert!(own[0]["cells"].as_array().unwrap().iter().any(|cell| cell["self"].is_string()));
    assert!(own[0]["previousRank"].is_i64());
    for row in &others {
        assert!(row["total"].is_string(), "totals are shown: {row}");
        assert_eq!((&row["cells"], &row["subtotals"]), (&json!([]), &json!([])), "{row}");
        assert_eq!(row["drivers"], json!([]), "{row}");
        only_what_it_scores(row);
    }

    let published = compare(&office, &id, 2025);
    let rows = published["rows"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|row| row["isOwn"] == false).count(), 7);
    assert!(rows.iter().all(|row| !row["cells"].as_array().unwrap().is_empty()));
    assert!(rows.iter().all(|row| row["rank"].is_i64()));
    rows.iter().filter(|row| row["isOwn"] == false).for_each(only_what_it_scores);
    assert_eq!(published["isReproducible"], true);
}

/// Of another member a member reads the reports it has to score, and nobody's verified ones.
fn only_what_it_scores(row: &Value) {
    let scores = row["scores"].as_array().unwrap();
    assert!(scores.is_empty() || row["isAssigned"] == true, "{row}");
    assert!(scores.iter().all(|score| score["layer"] != "VERIFIED"), "{row}");
}

fn a_member_sees_as_much_as_the_state_shows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    contest.fill(0, year, "8");
    contest.fill(1, year, "9");
    let [own, other] = &contest.seats;
    let seen = || contest.comparison(&contest.offices[0], year);

    let open = seen();
    assert_eq!((&open["state"], &open["inputsHash"]), (&json!("OPEN"), &Value::Null));
    assert_eq!(cell(row(&open, own), "1.1")["final"], "8");
    assert_eq!(row(&open, own)["total"], "24");
    assert_eq!(row(&open, own)["rank"], Value::Null, "a place tells of the others");
    let hidden = row(&open, other);
    assert_eq!((&hidden["total"], &hidden["rank"]), (&Value::Null, &Value::Null));
    assert_eq!((&hidden["cells"], &hidden["missing"]), (&json!([]), &json!([])));
    assert_eq!(open["rows"][0]["member"]["id"], **own, "the order of the seats, not of the places");

    contest.publish(year, "PROVISIONAL", &json!({})).ok();
    let provisional = seen();
    let shown = row(&provisional, other);
    assert_eq!((&shown["total"], &shown["rank"]), (&json!("27"), &json!(1)));
    assert_eq!((&shown["cells"], &shown["subtotals"]), (&json!([]), &json!([])));
    assert_eq!(row(&provisional, own)["rank"], 2);

    contest.publish(year, "OPEN", &json!({})).ok();
    assert_eq!(row(&seen(), other)["total"], Value::Null, "taken back");

    contest.publish(year, "PUBLISHED", &json!({})).ok();
    let published = seen();
    assert_eq!(cell(row(&published, other), "1.1")["final"], "9");
    assert_eq!(row(&published, other)["scores"], json!([]), "reports stay with their member");
    assert_eq!(published["isReproducible"], true);
    assert_eq!(text(&published["inputsHash"]).len(), 64);
}

fn gaps_are_published_only_with_a_reason(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    contest.fill(0, year, "8");
    contest.record(1, year, &json!([points("1.1", "9")])).ok();

    contest.publish(year, "PUBLISHED", &json!({})).refused("COMPARISON_INCOMPLETE");
    let gaps = json!({ "acceptGaps": true, "reason": "  " });
    contest.publish(year, "PUBLISHED", &gaps).refused("REASON_REQUIRED");
    assert_eq!(contest.comparison(&contest.officer, year)["state"], "OPEN", "still open");
    let gaps = json!({ "acceptGaps": true, "reason": "Đơn vị mới thành lập" });
    let published = contest.publish(year, "PUBLISHED", &gaps).ok();

    let comparison = &published["comparisonPublish"]["comparison"];
    assert_eq!(comparison["reason"], "Đơn vị mới thành lập");
    assert_eq!(row(comparison, &contest.seats[0])["rank"], 1);
    assert_eq!(row(comparison, &contest.seats[1])["rank"], Value::Null, "no place without all");
    assert_eq!(
        comparison["completeness"]["incompleteMembers"],
        json!([{ "id": contest.seats[1] }])
    );
    assert_eq!(comparison["isReproducible"], true);
}

fn a_stale_version_publishes_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    contest.publish(year, "PROVISIONAL", &json!({})).ok();

    let stale = json!({ "expectedVersion": 0 });
    contest.publish(year, "OPEN", &stale).refused("CONFLICT");

    assert_eq!(contest.comparison(&contest.officer, year)["state"], "PROVISIONAL");
}

fn a_tie_is_broken_by_ballot(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let year = this_year();
    contest.fill(0, year, "8");
    contest.fill(1, year, "8");

    let tied = contest.comparison(&contest.officer, year);
    assert_eq!(ranks(&tied), [1, 1]);
    assert!(tied["rows"].as_array().unwrap().iter().all(|row| row["isTied"] == true), "{tied}");
    let ballot = json!({ "ballot": [contest.seats[1], contest.seats[0]] });
    contest.publish(year, "PUBLISHED", &ballot).ok();

    let parted = contest.comparison(&contest.officer, year);
    let [first, second] = [row(&parted, &contest.seats[1]), row(&parted, &contest.seats[0])];
    assert_eq!((&first["rank"], &second["rank"]), (&json!(1), &json!(2)));
    assert_eq!((&first["isTied"], &second["gapToNext"]), (&json!(false), &json!("0")));
    let rules: Vec<_> =
        first["tieBreaks"].as_array().unwrap().iter().map(|step| text(&step["rule"])).collect();
    assert_eq!(rules, ["PREVIOUS_RANK", "BALLOT"], "each applied rule is told");
    assert_eq!(first["tieBreaks"][1]["decided"], true);
    assert_eq!(first["tieBreaks"][1]["with"], json!([{ "id": contest.seats[0] }]));
    assert_eq!(parted["isReproducible"], true);
}

fn a_ballot_names_members_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let seat = &contest.seats[0];
    let foreign = world.a.cluster.seats[0].id;

    let twice = json!({ "ballot": [seat, seat] });
    contest.publish(this_year(), "PROVISIONAL", &twice).refused("INVALID_COMBINATION");
    let stranger = json!({ "ballot": [seat, foreign] });
    contest.publish(this_year(), "PROVISIONAL", &stranger).refused("NOT_FOUND");
}

fn the_year_after_shows_places_won_and_lost(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let (before, year) = (this_year() - 1, this_year());
    contest.fill(0, before, "9");
    contest.fill(1, before, "8");
    contest.publish(before, "PUBLISHED", &json!({})).ok();
    contest.fill(0, year, "7");
    contest.fill(1, year, "8");

    let running = contest.comparison(&contest.officer, year);
    let [loser, winner] = [row(&running, &contest.seats[0]), row(&running, &contest.seats[1])];
    assert_eq!(
        (&loser["previousRank"], &loser["rank"], &loser["rankChange"]),
        (&json!(1), &json!(2), &json!(-1))
    );
    assert_eq!(
        (&winner["previousRank"], &winner["rank"], &winner["rankChange"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let hash = running["inputsHash"].clone();
    let published = contest.publish(year, "PUBLISHED", &json!({})).ok();
    let comparison = &published["comparisonPublish"]["comparison"];
    assert_eq!(comparison["inputsHash"], hash, "what was seen is what is frozen");
    assert_eq!(comparison["isReproducible"], true);
}

fn who_does_not_read_the_cluster_sees_nothing(stage: &Stage) {
    let server = stage.server();
    let id = cluster(&quang_tri(&server, "coordinator"), "351");

    let stranger = people::sign_in(&server, "lai_chau", "lai_chau.officer");

    assert_eq!(compare(&stranger, &id, 2025), Value::Null);
}
