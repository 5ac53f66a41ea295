//! Statistics of any period, of a past day and of clusters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::award::State;
use entity::decision::Kind;
use entity::role_grant::Role;
use entity::{award, award_act, decision, unit_above};
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use harness::{cases, size};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Map, Value, json};

use crate::operation;
use crate::registry::run;
use crate::statistics::{Chance, ask, change, take_over};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        any_period_and_day_equals_a_recount,
        a_period_is_counted_to_the_day,
        a_past_day_knows_no_later_act,
        a_form_is_of_its_day,
        a_cluster_counts_its_members,
        a_past_day_takes_few_statements,
    ]
}

/// What is asked for: decided from, to, and known on.
type Asked<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

const ASKED: [Asked<'static>; 7] = [
    (None, None, Some("2017-06-15")),
    (None, None, Some("2022-08-31")),
    (None, Some("2018-12-31"), Some("2023-12-31")),
    (Some("2016-03-05"), Some("2018-09-10"), None),
    (Some("2016-03-05"), Some("2018-09-10"), Some("2018-02-01")),
    (Some("2017-01-01"), None, Some("2021-07-01")),
    (Some("2017-02-03"), Some("2017-11-20"), None),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The awards as they were on a day, from their acts.
fn on(world: &World, known: Option<NaiveDate>) -> Vec<award::Model> {
    let ground = &world.ground;
    let of_a = Condition::all().add(decision::Column::TenantId.eq(world.a.id.uuid));
    let days = ground.rows::<decision::Entity>(of_a).unwrap();
    let days: HashMap<_, _> = days.into_iter().map(|row| (row.id, row.decided_on)).collect();
    let of_a = Condition::all().add(award_act::Column::TenantId.eq(world.a.id.uuid));
    let mut acts = ground.rows::<award_act::Entity>(of_a).unwrap();
    acts.sort_by_key(|act| (act.award_id, act.sequence));
    let mut facts: BTreeMap<_, Map<String, Value>> = BTreeMap::new();
    for act in acts {
        let decided_on = act.decision_id.map(|id| days[&id]);
        let is_later = known.zip(decided_on).is_some_and(|(known, day)| day > known);
        if act.kind == Kind::Award || !is_later {
            let changes = serde_json::from_str::<Map<String, Value>>(&act.changes).unwrap();
            facts.entry(act.award_id).or_default().extend(changes);
        }
    }
    let award = |mut facts: Map<String, Value>| {
        facts.insert("version".to_owned(), json!(1));
        serde_json::from_value::<award::Model>(Value::Object(facts)).unwrap()
    };
    facts.into_values().map(award).collect()
}

fn lies_in(row: &award::Model, (from, to, known): Asked<'_>) -> bool {
    let Some(decided_on) = row.decided_on else {
        let end = NaiveDate::from_ymd_opt(row.counting_to_year, 12, 31).unwrap();
        return from.or(to).is_none() && known.is_none_or(|known| end <= day(known));
    };
    from.is_none_or(|from| day(from) <= decided_on)
        && to.is_none_or(|to| decided_on <= day(to))
        && known.is_none_or(|known| decided_on <= day(known))
}

type Count = BTreeMap<(String, String), (i64, BTreeSet<uuid::Uuid>)>;

fn recount(world: &World, top: Id, asked: Asked<'_>) -> (Count, (i64, i64)) {
    let below = Condition::all().add(unit_above::Column::AboveId.eq(top.uuid));
    let below = world.ground.rows::<unit_above::Entity>(below).unwrap();
    let below: BTreeSet<_> = below.iter().map(|pair| pair.unit_id).collect();
    let (mut count, mut events, mut all) = (Count::new(), 0, BTreeSet::new());
    for row in on(world, asked.2.map(day)) {
        let is_meant = row.state == State::Valid && below.contains(&row.unit_id);
        if !is_meant || !lies_in(&row, asked) {
            continue;
        }
        let group = count.entry((row.award_type_code, row.counting_to_year.to_string()));
        let (sum, subjects) = group.or_default();
        *sum += i64::from(row.events);
        subjects.extend(row.subject_id);
        events += i64::from(row.events);
        all.extend(row.subject_id);
    }
    (count, (events, i64::try_from(all.len()).unwrap()))
}

fn told(client: &Client, top: Id, (from, to, known): Asked<'_>) -> Value {
    let input = json!({
        "where": { "withinUnit": top, "decidedOnFrom": from, "decidedOnTo": to },
        "groupBy": ["AWARD_TYPE", "YEAR"],
        "asOf": { "mode": "AS_IT_WAS", "date": known },
    });
    ask(client, input)
}

/// Thousands of acts with decisions of ten years: whatever period and day is asked for, the answer is what the acts
/// say when each is read.
fn any_period_and_day_equals_a_recount(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let mut chance = Chance(11);
    let mut versions = BTreeMap::new();
    for _ in 0..2 {
        take_over(&officer, &world, (&mut chance, &mut versions));
        for _ in 0..size("TEST_ACTS", 40) {
            change((&officer, &chair), &mut chance, &mut versions);
        }
        for top in [world.a.root, world.a.office, world.a.division] {
            for asked in ASKED {
                is_a_recount((&world, &officer), top, asked);
            }
        }
    }
    months_add_up(&world, &officer);
}

#[track_caller]
fn is_a_recount((world, officer): (&World, &Client), top: Id, asked: Asked<'_>) {
    let data = told(officer, top, asked);
    let (count, (events, subjects)) = recount(world, top, asked);
    let text = |value: &Value| value.to_string().replace('"', "");
    let groups = data["groups"].as_array().unwrap().iter().map(|group| {
        let key = &group["key"];
        let key = (text(&key["awardType"]["code"]), text(&key["year"]));
        (key, (group["events"].clone(), group["subjects"].clone()))
    });
    let count = count.into_iter();
    let count = count.map(|(key, (events, set))| (key, (json!(events), json!(set.len()))));
    assert_eq!(groups.collect::<BTreeMap<_, _>>(), count.collect(), "{asked:?}");
    assert_eq!((&data["events"], &data["subjects"]), (&json!(events), &json!(subjects)));
    assert!(events > 0 || top.uuid != world.a.root.uuid, "{asked:?} says something");
}

/// The months of a period add up to it, and each is what is asked of it alone.
fn months_add_up(world: &World, officer: &Client) {
    let (from, to) = ("2016-03-05", "2018-03-04");
    let of = |from: &str, to: &str, by: &[&str]| {
        let r#where =
            json!({ "withinUnit": world.a.root, "decidedOnFrom": from, "decidedOnTo": to });
        json!({ "where": r#where, "groupBy": by })
    };
    let short = of("2016-03-05", "2018-02-28", &["MONTH"]);
    let months = ask(officer, short);
    let groups = months["groups"].as_array().unwrap();
    let sum: i64 = groups.iter().map(|group| group["events"].as_i64().unwrap()).sum();
    assert_eq!(json!(sum), months["events"]);
    assert!((20..=24).contains(&groups.len()), "{months}");
    let of_may = groups.iter().find(|group| group["key"]["month"] == "2017-05-01").unwrap();
    let may = ask(officer, of("2017-05-01", "2017-05-31", &[]));
    assert_eq!((&of_may["events"], &of_may["subjects"]), (&may["events"], &may["subjects"]));
    let units = ask(officer, of(from, to, &["UNIT"]));
    let parts = units["groups"].as_array().unwrap().iter();
    let sum: i64 = parts.map(|group| group["events"].as_i64().unwrap()).sum();
    assert_eq!(
        (json!(sum), units["groups"].as_array().unwrap().len()),
        (units["events"].clone(), 3)
    );
    let wrong = "INVALID_COMBINATION";
    let long = officer.run(operation::text("awardStatistics"), of(from, "2018-03-04", &["MONTH"]));
    assert_eq!(
        long.top("BAD_USER_INPUT")["errors"][0]["extensions"]["errorCode"],
        wrong,
        "24 months"
    );
    let open = officer.run(operation::text("awardStatistics"), json!({ "groupBy": ["MONTH"] }));
    assert_eq!(open.top("BAD_USER_INPUT")["errors"][0]["extensions"]["errorCode"], wrong);
}

fn row(unit: Id, decided_on: Option<&str>, more: &Value) -> Value {
    let mut row = json!({
        "unitId": unit, "awardType": "Bằng khen UBND tỉnh", "subjectKind": "COLLECTIVE",
        "countingFrom": 2018, "decidedOn": decided_on,
    });
    for (name, value) in more.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

fn a_period_is_counted_to_the_day(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rows: Vec<Value> =
        [("2018-06-30", 1), ("2018-07-01", 2), ("2019-12-31", 4), ("2020-01-01", 8)]
            .map(|(day, events)| row(world.a.division, Some(day), &json!({ "events": events })))
            .to_vec();
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let count = |more: &Value| {
        let mut r#where = json!({ "withinUnit": world.a.division });
        for (name, value) in more.as_object().unwrap() {
            r#where[name] = value.clone();
        }
        ask(&officer, json!({ "where": r#where }))["events"].clone()
    };

    assert_eq!(count(&json!({ "decidedOnFrom": "2018-07-01" })), 14);
    assert_eq!(count(&json!({ "decidedOnFrom": "2018-06-30", "decidedOnTo": "2018-06-30" })), 1);
    assert_eq!(count(&json!({ "decidedOnFrom": "2018-07-01", "decidedTo": 2019 })), 6);
    assert_eq!(count(&json!({ "decidedFrom": 2019, "decidedOnTo": "2020-01-01" })), 12);
    for (wrong, code) in [
        (json!({ "decidedOnFrom": "2019-02-01", "decidedOnTo": "2018-07-01" }), "PERIOD_REVERSED"),
        (json!({ "countingFrom": 2020, "countingTo": 2019 }), "PERIOD_REVERSED"),
        (json!({ "awardTypeCode": ["NO_SUCH_TITLE"] }), "AWARD_UNKNOWN"),
    ] {
        let asked = json!({ "where": wrong });
        let body = officer.run(operation::text("awardStatistics"), asked).top("BAD_USER_INPUT");
        assert_eq!(body["errors"][0]["extensions"]["errorCode"], code, "{body}");
    }
    let other = json!({ "decidedOnFrom": "2018-07-01", "subjectKind": ["INDIVIDUAL"] });
    assert_eq!(count(&other), 0, "the other conditions hold for rows too");
}

/// What was decided later is not known: neither what was given nor what was taken away.
fn a_past_day_knows_no_later_act(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let name = json!({ "subjectName": "Tập thể mẫu" });
    let rows = [
        row(world.a.division, Some("2019-03-01"), &name),
        row(world.a.division, Some("2019-09-01"), &json!({ "events": 2 })),
        row(world.a.division, None, &json!({ "events": 4 })),
    ];
    let done = run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let id = done["awardsImport"]["import"]["results"][0]["award"]["id"].clone();
    let propose =
        json!({ "id": id, "expectedVersion": 1, "ground": "FRAUD", "reason": "Khai gian" });
    run(&officer, "awardCancelPropose", &propose).ok();
    let confirm = json!({
        "id": id, "expectedVersion": 2,
        "decision": { "symbol": "QĐ-HB", "decidedOn": "2021-05-10", "number": 1 },
    });
    run(&chair, "awardCancelConfirm", &confirm).ok();
    let count = |mode: &str, day: Option<&str>| {
        let of = json!({
            "where": { "withinUnit": world.a.division }, "asOf": { "mode": mode, "date": day },
        });
        let told = ask(&officer, of);
        (told["events"].as_i64().unwrap(), told["subjects"].as_i64().unwrap())
    };

    for mode in ["AS_IT_WAS", "RESTATED"] {
        assert_eq!(count(mode, Some("2018-12-30")), (0, 0));
        assert_eq!(count(mode, Some("2018-12-31")), (4, 0), "from the end of the year it counts");
        assert_eq!(count(mode, Some("2019-03-01")), (5, 1));
        assert_eq!(count(mode, Some("2021-05-09")), (7, 1));
        assert_eq!(count(mode, Some("2021-05-10")), (6, 0), "cancelled on that day");
        assert_eq!(count(mode, None), (6, 0));
    }
}

fn a_form_is_of_its_day(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rows = [("2019-03-01", 1), ("2019-09-01", 2)]
        .map(|(day, events)| row(world.a.division, Some(day), &json!({ "events": events })));
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let form = |day: Option<&str>| {
        let asked = json!({
            "form": "FORM_0603", "year": 2019, "withinUnit": world.a.division,
            "asOf": { "mode": "AS_IT_WAS", "date": day },
        });
        officer.run(operation::text("awardForm"), asked).ok()["awardForm"]["total"][0].clone()
    };

    assert_eq!(form(None)["events"], 3);
    let then = form(Some("2019-06-30"));
    assert_eq!(then["events"], 1);
    assert_eq!(then["filter"]["decidedOn"]["lte"], "2019-06-30", "its rows are those of that day");
    assert_eq!(form(Some("2018-06-30"))["events"], 0);
}

fn cluster(officer: &Client, code: &str, seats: &[Value]) -> Value {
    let input = json!({
        "code": code, "name": format!("Khối {code}"), "kind": "BLOC", "structure": code,
        "validFrom": "2024-01-01",
    });
    let made = run(officer, "clusterCreate", &input).ok();
    let id = made["clusterCreate"]["cluster"]["id"].clone();
    for seat in seats {
        let mut seat = seat.clone();
        seat["clusterId"] = id.clone();
        run(officer, "clusterMemberAdd", &seat).ok();
    }
    id
}

/// Two clusters: the office sits in the first until the middle of 2025, and then in the second.
fn clusters(officer: &Client, world: &World) -> (Value, Value) {
    let seat = |unit: Id, from: &str, to: Option<&str>| json!({ "unitId": unit, "validFrom": from, "validTo": to });
    let before = seat(world.a.office, "2024-01-01", Some("2025-06-30"));
    let other = seat(world.a.other_office, "2024-01-01", None);
    let after = seat(world.a.office, "2025-07-01", None);
    let first = cluster(officer, &format!("one-{}", world.a.canary), &[before, other]);
    (first, cluster(officer, &format!("two-{}", world.a.canary), &[after]))
}

/// Awards count in the clusters in which their units sat in that year; a unit in two of them in each.
fn a_cluster_counts_its_members(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (first, second) = clusters(&officer, &world);
    let of = |unit: Id, year: i32, events: i32| {
        row(unit, None, &json!({ "countingFrom": year, "events": events }))
    };
    let rows = [
        of(world.a.office, 2024, 1),
        of(world.a.division, 2025, 2),
        of(world.a.office, 2026, 4),
        of(world.a.other_office, 2026, 8),
        of(world.a.root, 2026, 16),
    ];
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    run(&stranger, "awardsImport", &json!({ "rows": [of(world.b.office, 2024, 32)] })).ok();
    let asked = |client: &Client, more: &Value| {
        let mut r#where = json!({ "subjectKind": ["COLLECTIVE"] });
        for (name, value) in more.as_object().unwrap() {
            r#where[name] = value.clone();
        }
        ask(client, json!({ "where": r#where, "groupBy": ["CLUSTER"] }))
    };
    let groups = |data: &Value| -> BTreeMap<String, Value> {
        let groups = data["groups"].as_array().unwrap().iter();
        groups.map(|it| (it["key"]["cluster"]["id"].to_string(), it["events"].clone())).collect()
    };

    let told = asked(&officer, &json!({ "withinUnit": world.a.root }));
    assert_eq!(told["events"], 31, "the whole counts everything once: {told}");
    let (crossing, own) = (world.crossing.id, json!(world.a.cluster.id));
    let mut expected: BTreeMap<String, Value> =
        [(&first, 11), (&second, 6), (&json!(crossing), 7), (&own, 15), (&Value::Null, 16)]
            .map(|(id, events)| (id.to_string(), json!(events)))
            .into();
    assert_eq!(groups(&told), expected.clone(), "what was done in 2025 counts in both");
    let alone = asked(&officer, &json!({ "clusterId": second }));
    let only = second.to_string();
    expected.retain(|id, _| *id == only);
    assert_eq!((&alone["events"], groups(&alone)), (&json!(6), expected));
    let below = asked(&officer, &json!({ "withinUnit": world.a.division }));
    assert_eq!((&below["events"], groups(&below).len()), (&json!(2), 4));
    let count =
        |client: &Client, id: &Value| asked(client, &json!({ "clusterId": id }))["events"].clone();
    assert_eq!(count(&stranger, &first), 0, "nobody counts in a cluster of others");
    let members = [&officer, &stranger].map(|client| count(client, &json!(crossing)));
    assert_eq!(members, [json!(7), json!(32)], "each tenant counts its own members only");
}

/// However many years are asked about, a past day takes the same statements.
fn a_past_day_takes_few_statements(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let variables = json!({
        "where": { "decidedOnFrom": "2015-02-02" }, "groupBy": ["AWARD_TYPE", "UNIT", "CLUSTER"],
        "asOf": { "mode": "RESTATED", "date": "2020-01-01" },
    });
    let count = || {
        let answer = officer.run(operation::text("awardStatistics"), variables.clone());
        let count = answer.statements();
        let _ = answer.ok();
        count
    };
    let mut chance = Chance(3);
    let mut versions = BTreeMap::new();
    let mut counts = Vec::new();
    for _ in 0..2 {
        take_over(&officer, &world, (&mut chance, &mut versions));
        for _ in 0..10 {
            change((&officer, &chair), &mut chance, &mut versions);
        }
        // The catalogue is kept for a while: only the first question reads it.
        let _ = count();
        counts.push(count());
    }

    same_statements(counts[0], counts[1], "few awards and many");
    assert!(counts.iter().all(|count| *count <= 16), "{counts:?} statements");
}
