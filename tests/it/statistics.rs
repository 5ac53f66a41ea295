//! Statistics of awards: the figures of a real report, totals against a full recount, what is not told.

use std::collections::{BTreeMap, BTreeSet};

use entity::award::State;
use entity::role_grant::Role;
use entity::{award, unit_above};
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::World;
use harness::{cases, people, size};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::operation;
use crate::registry::{assert_replayed, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_figures_of_lai_chau,
        the_report_of_lai_chau_comes_in_at_once,
        totals_equal_a_recount,
        few_people_are_not_told,
        a_merged_unit_is_restated,
        statistics_take_few_statements,
    ]
}

pub(crate) fn ask(client: &Client, variables: Value) -> Value {
    client.run(operation::text("awardStatistics"), variables).ok()["awardStatistics"].clone()
}

/// The report as the demo has it.
const REPORT: &str = include_str!("../../api/data/demo/award.csv");

/// Collective and individual awards of the report, by title.
const LAI_CHAU: [(&str, [i64; 2]); 12] = [
    ("GOVERNMENT_EMULATION_FLAG", [1, 0]),
    ("ORDER_LABOUR_UNSPECIFIED", [2, 5]),
    ("NATIONAL_EMULATION_FIGHTER", [0, 1]),
    ("PM_CERTIFICATE", [2, 11]),
    ("PROVINCIAL_EMULATION_FLAG", [2, 0]),
    ("PROVINCIAL_EMULATION_FIGHTER", [0, 19]),
    ("EXCELLENT_LABOUR_COLLECTIVE", [14, 0]),
    ("ADVANCED_LABOUR_COLLECTIVE", [8, 0]),
    ("PROVINCIAL_CERTIFICATE", [7, 38]),
    ("LETTER_DEPARTMENT", [10, 54]),
    ("BASE_EMULATION_FIGHTER", [0, 54]),
    ("ADVANCED_LABOURER", [0, 82]),
];

/// Its sums by level.
const LEVELS: [&str; 6] = [
    "BASE COLLECTIVE 18",
    "BASE INDIVIDUAL 190",
    "MINISTRY_OR_PROVINCE COLLECTIVE 23",
    "MINISTRY_OR_PROVINCE INDIVIDUAL 57",
    "STATE COLLECTIVE 5",
    "STATE INDIVIDUAL 17",
];

/// V23 (Lai Châu 2015 to 2020): the twelve titles, the three levels, and their sums.
fn the_figures_of_lai_chau(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "lai_chau", "lai_chau.officer");
    let unit = "{ units(where: { code: { eq: \"vp-hdnd\" } }) { nodes { id } } }";
    let unit = officer.run(unit, json!({})).ok()["units"]["nodes"][0]["id"].clone();

    assert_lai_chau(&officer, &unit);
}

/// The rows of the report, as its office sends them for a unit of its own.
fn rows_of_the_report(unit: &Value) -> Vec<Value> {
    let lines = csv::Reader::from_reader(REPORT.as_bytes()).into_deserialize();
    let lines = lines.map(Result::unwrap);
    let of_it = lines.filter(|line: &BTreeMap<String, String>| line["unit_code"] == "vp-hdnd");
    let year = |text: &String| text.parse::<i32>().unwrap();
    let row = |line: BTreeMap<String, String>| {
        json!({
            "unitId": unit, "awardType": line["award_type"], "subjectKind": line["subject_kind"],
            "events": year(&line["events"]), "countingFrom": year(&line["counting_from"]),
            "countingTo": year(&line["counting_to"]), "issuerName": line["issuer_name"],
        })
    };
    of_it.map(row).collect()
}

/// V23 by the mutation itself, in a unit that has nothing yet.
fn the_report_of_lai_chau_comes_in_at_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let unit = json!(world.a.other_office);
    let before = json!({ "withinUnit": unit, "countingFrom": 2015, "countingTo": 2020 });
    assert_eq!(ask(&officer, json!({ "where": before }))["events"], 0);
    let rows = rows_of_the_report(&unit);
    assert_eq!(rows.len(), 16, "twelve titles, four of them for both kinds");

    let done = run(&officer, "awardsImport", &json!({ "rows": rows })).ok();

    let import = &done["awardsImport"]["import"];
    assert_eq!((&import["taken"], &import["failed"]), (&json!(16), &json!(0)), "{import}");
    assert_lai_chau(&officer, &unit);
    assert_replayed(&world);
}

/// Twelve titles, three levels, 46 collectives and 264 persons.
fn assert_lai_chau(officer: &Client, unit: &Value) {
    let of = json!({ "withinUnit": unit, "countingFrom": 2015, "countingTo": 2020 });

    let by_title = json!({ "where": of, "groupBy": ["AWARD_TYPE", "SUBJECT_KIND"] });
    let by_title = ask(officer, by_title);
    let by_level = ask(officer, json!({ "where": of, "groupBy": ["LEVEL", "SUBJECT_KIND"] }));

    assert_eq!((&by_title["events"], &by_title["unnamedEvents"]), (&json!(310), &json!(310)));
    assert_eq!(by_title["subjects"], 0, "nobody is invented");
    assert_eq!(by_title["isProtected"], false);
    let sum = |kind: &str| -> i64 {
        let groups = by_title["groups"].as_array().unwrap().iter();
        groups
            .filter(|group| group["key"]["subjectKind"] == kind)
            .map(|group| group["events"].as_i64().unwrap())
            .sum()
    };
    assert_eq!((sum("COLLECTIVE"), sum("INDIVIDUAL")), (46, 264));
    let mut titles: BTreeMap<String, [i64; 2]> = BTreeMap::new();
    for group in by_title["groups"].as_array().unwrap() {
        let code = group["key"]["awardType"]["code"].as_str().unwrap().to_owned();
        let place = usize::from(group["key"]["subjectKind"] == "INDIVIDUAL");
        titles.entry(code).or_default()[place] = group["events"].as_i64().unwrap();
    }
    let expected: BTreeMap<String, [i64; 2]> =
        LAI_CHAU.into_iter().map(|(code, pair)| (code.to_owned(), pair)).collect();
    assert_eq!(titles, expected);
    let level = |it: &Value| {
        let key = &it["key"];
        format!("{} {} {}", key["level"], key["subjectKind"], it["events"]).replace('"', "")
    };
    let levels: BTreeSet<String> =
        by_level["groups"].as_array().unwrap().iter().map(level).collect();
    assert_eq!(levels, LEVELS.map(str::to_owned).into());
    let outside = json!({ "withinUnit": unit, "countingFrom": 2016, "countingTo": 2020 });
    assert_eq!(ask(officer, json!({ "where": outside }))["events"], 0);
}

/// Numbers that follow from a seed (splitmix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A day of so many years.
    fn day(&mut self, first: usize, years: usize) -> String {
        let year = first + self.below(years);
        format!("{year}-{:02}-{:02}", 1 + self.below(12), 1 + self.below(28))
    }
}

type Count = BTreeMap<(String, String, i32), (i64, i64)>;

/// Counted from the rows themselves: events and distinct subjects by title, kind of subject and year.
fn recount(world: &World, top: Uuid) -> (Count, (i64, i64)) {
    let ground = &world.ground;
    let below = Condition::all().add(unit_above::Column::AboveId.eq(top));
    let below = ground.rows::<unit_above::Entity>(below).unwrap();
    let below: BTreeSet<Uuid> = below.iter().map(|pair| pair.unit_id).collect();
    let of_a = Condition::all().add(award::Column::TenantId.eq(world.a.id.uuid));
    let mut subjects: BTreeMap<_, BTreeSet<Uuid>> = BTreeMap::new();
    let mut count = Count::new();
    let (mut events, mut all) = (0, BTreeSet::new());
    for row in ground.rows::<award::Entity>(of_a).unwrap() {
        if row.state != State::Valid || !below.contains(&row.unit_id) {
            continue;
        }
        let kind = sea_orm::ActiveEnum::to_value(&row.subject_kind);
        let key = (row.award_type_code, kind, row.counting_to_year);
        count.entry(key.clone()).or_default().0 += i64::from(row.events);
        subjects.entry(key).or_default().extend(row.subject_id);
        events += i64::from(row.events);
        all.extend(row.subject_id);
    }
    for (key, set) in &subjects {
        count.get_mut(key).unwrap().1 = i64::try_from(set.len()).unwrap();
    }
    (count, (events, i64::try_from(all.len()).unwrap()))
}

fn told(client: &Client, unit: impl serde::Serialize) -> (Count, (i64, i64)) {
    let by = json!(["AWARD_TYPE", "SUBJECT_KIND", "YEAR"]);
    let data = ask(client, json!({ "where": { "withinUnit": unit }, "groupBy": by }));
    let pair = |it: &Value| (it["events"].as_i64().unwrap(), it["subjects"].as_i64().unwrap());
    let groups = data["groups"].as_array().unwrap().iter().map(|group| {
        let key = &group["key"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let year = i32::try_from(key["year"].as_i64().unwrap()).unwrap();
        ((text(&key["awardType"]["code"]), text(&key["subjectKind"]), year), pair(group))
    });
    (groups.collect(), pair(&data))
}

/// Thousands of acts, most of them imports, some corrections, cancellations, restorations; after each batch the
/// totals say what a full recount says.
fn totals_equal_a_recount(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let mut chance = Chance(7);
    let mut versions: BTreeMap<String, (i32, bool)> = BTreeMap::new();
    for _ in 0..4 {
        take_over(&officer, &world, (&mut chance, &mut versions));
        for _ in 0..size("TEST_ACTS", 40) {
            change((&officer, &chair), &mut chance, &mut versions);
        }
        for unit in [world.a.root, world.a.office, world.a.division, world.a.other_office] {
            assert_eq!(told(&officer, unit), recount(&world, unit.uuid));
        }
    }
    assert_replayed(&world);
    let unit = json!({ "withinUnit": world.a.root });
    let parts = ask(&officer, json!({ "where": unit, "groupBy": ["UNIT"] }));
    let groups = parts["groups"].as_array().unwrap();
    let sum: i64 = groups.iter().map(|group| group["events"].as_i64().unwrap()).sum();
    assert_eq!(json!(sum), parts["events"], "units side by side count everything once: {parts}");
    let restated = json!({ "where": unit, "groupBy": ["UNIT"], "asOf": { "mode": "RESTATED" } });
    assert_eq!(ask(&officer, restated)["groups"], parts["groups"], "where nothing was merged");
}

pub(crate) fn take_over(
    officer: &Client,
    world: &World,
    (chance, versions): (&mut Chance, &mut BTreeMap<String, (i32, bool)>),
) {
    let units = [world.a.root, world.a.office, world.a.division, world.a.other_office];
    let row = |chance: &mut Chance| {
        let mut row = json!({
            "unitId": units[chance.below(4)],
            "awardType": chance.of(&["LDTT", "CSTDCS", "Bằng khen UBND tỉnh", "Giấy khen của Chánh Văn phòng"]),
            "countingFrom": 2015 + chance.below(4),
            "subjectKind": "INDIVIDUAL",
            "commendationType": chance.of(&["MERIT", "AD_HOC", "MOVEMENT"]),
        });
        if chance.below(5) == 0 {
            row["events"] = json!(1 + chance.below(9));
        } else {
            row["subjectCode"] = json!(format!("P-{}", chance.below(60)));
            row["subjectName"] = json!("Người mẫu");
            row["sex"] = json!(chance.of(&["MALE", "FEMALE"]));
        }
        if chance.below(4) > 0 {
            row["decidedOn"] = json!(chance.day(2015, 5));
        }
        row
    };
    let rows: Vec<Value> = (0..size("TEST_ROWS", 250)).map(|_| row(chance)).collect();
    let done = run(officer, "awardsImport", &json!({ "rows": rows })).ok();
    let results = done["awardsImport"]["import"]["results"].as_array().unwrap();
    for result in results.iter().filter(|result| !result["award"]["subject"].is_null()) {
        versions.insert(result["award"]["id"].as_str().unwrap().to_owned(), (1, true));
    }
}

/// One act on some award: a correction, or a cancellation by two persons, or a restoration.
pub(crate) fn change(
    (officer, chair): (&Client, &Client),
    chance: &mut Chance,
    versions: &mut BTreeMap<String, (i32, bool)>,
) {
    let place = chance.below(versions.len());
    let (id, (version, stands)) = versions.iter_mut().nth(place).unwrap();
    // Awards of older records have no register here: decisions about them bring their own numbers.
    // What becomes of an award is decided in the order of its acts.
    let first = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let decided_on = first + chrono::TimeDelta::days(3 * i64::from(*version));
    let numbered = |more: &Value, number: usize| {
        let mut input = json!({
            "id": id, "expectedVersion": *version,
            "decision": { "symbol": "QĐ-ĐC", "decidedOn": decided_on, "number": number },
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let number = 1 + chance.below(2_000_000_000);
    if !*stands {
        let propose = json!({ "id": id, "expectedVersion": *version, "reason": "Phục hồi" });
        run(officer, "awardRestorePropose", &propose).ok();
        let proposed = json!({ "expectedVersion": *version + 1 });
        let answer = run(chair, "awardRestoreConfirm", &numbered(&proposed, number));
        // Another was corrected to the same in between.
        if answer.payload_codes() == ["ALREADY_EXISTS"] {
            *version += 1;
            return;
        }
        answer.ok();
    } else if chance.below(3) == 0 {
        let ground = chance.of(&["FRAUD", "LATER_FINDING"]);
        let propose = json!({
            "id": id, "expectedVersion": *version, "ground": ground, "reason": "Khai gian",
        });
        run(officer, "awardCancelPropose", &propose).ok();
        let proposed = json!({ "expectedVersion": *version + 1 });
        run(chair, "awardCancelConfirm", &numbered(&proposed, number)).ok();
    } else {
        let year = 2015 + chance.below(4);
        let years = json!({
            "reason": "Ghi sai năm", "countingFrom": year, "countingTo": year + chance.below(2),
            "commendationType": chance.of(&["MERIT", "AD_HOC"]),
        });
        let answer = run(officer, "awardCorrect", &numbered(&years, number));
        // Not every title is given for sudden achievements, what stands already is no correction or a second award, and
        // years after the decision are rewarded by nobody.
        if let [
            "AWARD_NOT_APPLICABLE" | "INVALID_COMBINATION" | "OUT_OF_RANGE" | "ALREADY_EXISTS",
        ] = answer.payload_codes().iter().map(String::as_str).collect::<Vec<_>>()[..]
        {
            return;
        }
        answer.ok();
        *version += 1;
        return;
    }
    *version += 2;
    *stands = !*stands;
}

/// Six letters of one woman are one person: the number would tell of her.
fn one_person_of_many_letters(world: &World, officer: &Client, strangers: &[Client]) {
    let row = |number: i32| {
        json!({
            "unitId": world.a.office, "subjectName": "Lù Thị Mẫu", "subjectKind": "INDIVIDUAL",
            "sex": "FEMALE", "awardType": "GK_SO", "countingFrom": 2014,
            "decidedOn": "2014-05-01", "decisionLabel": format!("{number}/QĐ-SYT"),
        })
    };
    let rows: Vec<Value> = (1..=6).map(row).collect();
    run(officer, "awardsImport", &json!({ "rows": rows })).ok();
    let of = json!({
        "where": { "withinUnit": world.a.office, "countingTo": 2014 }, "groupBy": ["SEX"],
    });

    assert_eq!(ask(officer, of.clone())["events"], 6);
    for client in strangers {
        let told = ask(client, of.clone());
        assert_eq!((&told["events"], &told["groups"][0]["events"]), (&Value::Null, &Value::Null));
    }
}

fn few_people_are_not_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let own = world.a.sign_in(&server, Role::UnitOfficer);
    let rows: Vec<Value> = [("LDTT", 3), ("CSTDCS", 7)]
        .map(|(title, events)| {
            json!({ "unitId": world.a.office, "awardType": title, "countingFrom": 2015, "events": events })
        })
        .to_vec();
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let of = |unit: harness::world::Id| {
        json!({
            "where": { "withinUnit": unit, "countingTo": 2015 }, "groupBy": ["AWARD_TYPE"],
        })
    };
    let events = |data: &Value| -> Vec<Value> {
        data["groups"].as_array().unwrap().iter().map(|it| it["events"].clone()).collect()
    };

    for client in [&officer, &own] {
        let open = ask(client, of(world.a.office));
        assert_eq!((&open["isProtected"], &open["events"]), (&json!(false), &json!(10)));
        assert_eq!(events(&open), [3, 7]);
    }
    let strangers =
        [world.a.neighbour.sign_in(&server), world.a.sign_in(&server, Role::TenantAdministrator)];
    for client in &strangers {
        let told = ask(client, of(world.a.office));
        assert_eq!((&told["isProtected"], &told["events"]), (&json!(true), &json!(10)));
        assert_eq!(events(&told), [Value::Null, json!(5)]);
        assert_eq!(told["groups"][0]["unnamedEvents"], Value::Null);
    }
    one_person_of_many_letters(&world, &officer, &strangers);
    let above = ask(&own, of(world.a.root));
    assert_eq!(above["isProtected"], true, "a unit reads its own rows only");
    let coordinator = world.a.sign_in(&server, Role::ClusterCoordinator);
    nothing_is_told(&coordinator, &of(world.a.office), "those who lead a cluster read no tenant");
    nothing_is_told(&coordinator, &json!({}), "nor the whole of it");
    // A unit of another tenant and one that is not there look the same, to whoever asks.
    for client in [&officer, &own, &coordinator] {
        nothing_is_told(client, &of(world.b.office), "of another tenant");
        let gone = json!({ "where": { "withinUnit": "VW5pdDpub3BlCg" } });
        nothing_is_told(client, &gone, "not there");
    }
}

/// Every number is null: 0 would say that nobody was commended.
fn nothing_is_told(client: &Client, asked: &Value, why: &str) {
    let told = ask(client, asked.clone());
    for field in ["events", "subjects", "unnamedEvents"] {
        assert_eq!(told[field], Value::Null, "{field}: {why}");
    }
    for share in ["adHoc", "directWorkers", "nonManagers"] {
        let nothing = json!({ "part": null, "whole": null, "percent": null });
        assert_eq!(told["shares"][share], nothing, "{share}: {why}");
    }
    assert_eq!((&told["isProtected"], &told["groups"]), (&json!(true), &json!([])), "{why}");
}

fn a_merged_unit_is_restated(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rows: Vec<Value> = [(world.a.division, 4), (world.a.other_office, 6)]
        .map(|(unit, events)| {
            json!({ "unitId": unit, "awardType": "LDTT", "countingFrom": 2015, "events": events })
        })
        .to_vec();
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let new = json!({
        "parentId": world.a.root, "code": "hop-nhat", "name": "Cơ quan hợp nhất", "kind": "OFFICE",
        "validFrom": "2025-07-01", "predecessorIds": [world.a.division, world.a.other_office],
    });
    let new = run(&officer, "unitCreate", &new).ok()["unitCreate"]["unit"]["id"].clone();
    let count = |unit: &Value, mode: &str| {
        let of = json!({
            "where": { "withinUnit": unit, "countingTo": 2015 }, "asOf": { "mode": mode },
        });
        ask(&officer, of)["events"].clone()
    };

    assert_eq!((count(&new, "AS_IT_WAS"), count(&new, "RESTATED")), (json!(0), json!(10)));
    let old = json!(world.a.division);
    assert_eq!((count(&old, "AS_IT_WAS"), count(&old, "RESTATED")), (json!(4), json!(0)));
    let root = json!(world.a.root);
    assert_eq!(count(&root, "AS_IT_WAS"), count(&root, "RESTATED"), "nothing is counted twice");
    let before = json!({
        "where": { "withinUnit": new, "countingTo": 2015 },
        "asOf": { "mode": "RESTATED", "unitsOn": "2025-06-30" },
    });
    assert_eq!(ask(&officer, before)["events"], 0, "the day before nothing was merged");
    let known = |day: &str| {
        json!({
            "where": { "withinUnit": new, "countingTo": 2015 },
            "asOf": { "mode": "RESTATED", "date": day },
        })
    };
    let events = |day: &str| ask(&officer, known(day))["events"].clone();
    assert_eq!((events("2015-12-30"), events("2025-06-30")), (json!(0), json!(10)));
}

fn statistics_take_few_statements(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let variables = json!({ "groupBy": ["AWARD_TYPE", "SUBJECT_KIND", "YEAR"] });
    let count = || {
        let answer = officer.run(operation::text("awardStatistics"), variables.clone());
        let count = answer.statements();
        let _ = answer.ok();
        count
    };
    // Titles are kept once they were read: what is counted is the second time.
    let _kept = count();
    let before = count();
    take_over(&officer, &world, (&mut Chance(1), &mut BTreeMap::new()));
    let _kept = count();

    same_statements(before, count(), "few awards and many");
    assert!(before <= 5, "{before} statements");
}
