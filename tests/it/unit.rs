//! Units: their tree, its history, and how lists of them are paged and searched.

use entity::role_grant::Role;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::World;
use harness::{cases, people};
use serde_json::{Value, json};

use crate::contest::{mutate, text};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_unit_is_continued_by_another,
        a_unit_is_closed_with_its_successor_and_reason,
        a_unit_with_children_is_not_closed,
        a_code_is_never_given_twice,
        a_code_of_a_province_means_another_one_before,
        a_subtree_is_cut_at_its_depth,
        pages_forwards_and_backwards_give_every_row_once,
        pages_in_any_order_give_every_row_once,
        a_cursor_belongs_to_its_list,
        a_page_has_one_direction,
        names_are_found_whatever_the_accents,
        signs_of_patterns_are_plain,
    ]
}

const UNIT: &str = "unit { id code name version validFrom validTo predecessors { id } successors { id } } errors { code message path }";

/// Creates a unit below another one; `more` is added to the input.
fn try_create(officer: &Client, (parent, code): (&str, &str), more: &Value) -> Answer {
    let mut input = json!({
        "parentId": parent, "code": code, "name": format!("Phòng {code}"), "kind": "DIVISION",
        "validFrom": "2024-01-01",
    });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    mutate(officer, ("unitCreate", "UnitCreateInput", UNIT), &input)
}

fn create(officer: &Client, place: (&str, &str), more: &Value) -> Value {
    try_create(officer, place, more).ok()["unitCreate"]["unit"].clone()
}

fn close(officer: &Client, unit: &Value, more: &Value) -> Answer {
    let mut input = json!({ "id": unit["id"], "expectedVersion": unit["version"] });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    mutate(officer, ("unitClose", "UnitCloseInput", UNIT), &input)
}

fn unit(client: &Client, id: &Value) -> Value {
    let query = format!(
        "query($id: ID!) {{ unit(id: $id) {{ version {} }} }}",
        "id code name validFrom validTo predecessors { id } successors { id } parent { id }"
    );
    client.run(&query, json!({ "id": id })).ok()["unit"].clone()
}

/// Codes of the units below another one on a day, itself aside.
fn below(client: &Client, id: &str, day: Option<&str>) -> Vec<String> {
    let query = "query($id: ID!, $day: Date) {
      units(asOf: $day, where: { parentId: { eq: $id } }, orderBy: [{ code: {} }]) { nodes { code } }
    }";
    codes(&client.run(query, json!({ "id": id, "day": day })).ok())
}

fn codes(data: &Value) -> Vec<String> {
    let nodes = data["units"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| text(&node["code"])).collect()
}

fn a_unit_is_continued_by_another(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let place = world.a.other_office.to_string();
    let old = create(&officer, (&place, "old"), &json!({}));

    let more = json!({ "validFrom": "2025-07-01", "predecessorIds": [old["id"]] });
    let new = create(&officer, (&place, "new"), &more);

    assert_eq!(new["predecessors"], json!([{ "id": old["id"] }]));
    let closed = unit(&officer, &old["id"]);
    assert_eq!((&closed["validTo"], &closed["version"]), (&json!("2025-06-30"), &json!(2)));
    assert_eq!(closed["successors"], json!([{ "id": new["id"] }]));
    assert_eq!(below(&officer, &place, Some("2025-06-30")), ["old"]);
    assert_eq!(below(&officer, &place, Some("2025-07-01")), ["new"]);
    assert_eq!(below(&officer, &place, None), ["new"]);
    assert_eq!(below(&officer, &place, Some("2023-12-31")), Vec::<String>::new());
    let children =
        "query($id: ID!, $day: Date) { unit(id: $id) { children(asOf: $day) { code } } }";
    let then = officer.run(children, json!({ "id": place, "day": "2025-01-01" })).ok();
    assert_eq!(then["unit"]["children"], json!([{ "code": "old" }]));
}

fn a_unit_is_closed_with_its_successor_and_reason(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let place = world.a.other_office.to_string();
    let [one, other] = ["one", "other"].map(|code| create(&officer, (&place, code), &json!({})));
    let end = |reason: &str| json!({ "validTo": "2025-06-30", "successorIds": [other["id"]], "reason": reason });

    close(&officer, &one, &end(" ")).refused("REASON_REQUIRED");
    close(&officer, &json!({ "id": one["id"], "version": 9 }), &end("Sáp nhập"))
        .refused("CONFLICT");
    let early = json!({ "validTo": "2023-06-30", "reason": "Sáp nhập" });
    close(&officer, &one, &early).refused("NOT_IN_FORCE");
    let itself =
        json!({ "validTo": "2025-06-30", "successorIds": [one["id"]], "reason": "Sáp nhập" });
    let told = close(&officer, &one, &itself).refused("INVALID_COMBINATION");
    let path = &told["unitClose"]["errors"][0]["path"];
    assert_eq!(*path, json!(["input", "successorIds", "0"]), "{told}");
    let data = close(&officer, &one, &end("Sáp nhập")).ok();

    let closed = &data["unitClose"]["unit"];
    assert_eq!(closed["validTo"], "2025-06-30");
    assert_eq!(closed["successors"], json!([{ "id": other["id"] }]));
    assert_eq!(unit(&officer, &other["id"])["predecessors"], json!([{ "id": one["id"] }]));
    assert_eq!(below(&officer, &place, None), ["other"], "and it is still there by its id");
    let again = close(&officer, closed, &end("Lần nữa")).refused("ALREADY_EXISTS");
    let told = &again["unitClose"]["errors"][0];
    assert_eq!(told["path"], json!(["input", "successorIds", "0"]), "{told}");
    assert!(told["message"].as_str().unwrap().contains("đơn vị sau"), "{told}");
}

fn a_unit_with_children_is_not_closed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = json!({ "id": world.a.office, "version": 1 });
    let division = json!({ "id": world.a.division, "version": 1 });
    let end = |day: &str| json!({ "validTo": day, "reason": "Giải thể" });

    close(&officer, &office, &end("2025-06-30")).refused("UNIT_HAS_CHILDREN");
    assert_eq!(unit(&officer, &office["id"])["validTo"], Value::Null);
    close(&officer, &division, &end("2025-06-30")).ok();
    close(&officer, &office, &end("2025-06-29")).refused("UNIT_HAS_CHILDREN");
    close(&officer, &office, &end("2025-06-30")).ok();
}

fn a_code_is_never_given_twice(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let place = world.a.other_office.to_string();
    let first = create(&officer, (&place, "once"), &json!({}));
    close(&officer, &first, &json!({ "validTo": "2025-06-30", "reason": "Giải thể" })).ok();

    let refused = try_create(&officer, (&place, "once"), &json!({ "validFrom": "2026-01-01" }))
        .refused("ALREADY_EXISTS");

    assert_eq!(refused["unitCreate"]["errors"][0]["path"], json!(["input", "code"]));
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    create(&neighbour, (&world.b.office.to_string(), "once"), &json!({}));
}

fn a_code_of_a_province_means_another_one_before(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "lai_chau", "lai_chau.officer");
    let query = "query($code: String!, $day: Date) {
      tenant(code: $code, asOf: $day) { name codeScheme validTo successors { name } predecessors { name } }
    }";
    let tenant = |day: Option<&str>| {
        officer.run(query, json!({ "code": "15", "day": day })).ok()["tenant"].clone()
    };

    let before = tenant(Some("2024-05-01"));
    assert_eq!((&before["name"], &before["validTo"]), (&json!("Yên Bái"), &json!("2025-06-30")));
    assert_eq!(before["successors"], json!([{ "name": "Lào Cai" }]));
    assert_eq!(tenant(Some("2025-06-30"))["name"], "Yên Bái");
    for day in [Some("2025-07-01"), None] {
        let now = tenant(day);
        assert_eq!((&now["name"], &now["validTo"]), (&json!("Lào Cai"), &Value::Null));
        assert_eq!(now["predecessors"], json!([{ "name": "Lào Cai" }, { "name": "Yên Bái" }]));
    }
    assert_eq!(tenant(Some("1990-01-01")), Value::Null);
}

fn a_subtree_is_cut_at_its_depth(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let top = create(&officer, (&world.a.other_office.to_string(), "d0"), &json!({}));
    let mut parent = top.clone();
    for code in ["d1", "d2", "d3"] {
        parent = create(&officer, (parent["id"].as_str().unwrap(), code), &json!({}));
    }
    let within = |client: &Client, depth: Option<i32>| {
        let query = "query($id: ID!, $depth: Int) {
          units(withinUnit: $id, depth: $depth, orderBy: [{ code: {} }]) { totalCount nodes { code } }
        }";
        let data = client.run(query, json!({ "id": top["id"], "depth": depth })).ok();
        assert_eq!(data["units"]["totalCount"], codes(&data).len());
        codes(&data)
    };

    assert_eq!(within(&officer, None), ["d0", "d1", "d2", "d3"]);
    assert_eq!(within(&officer, Some(0)), ["d0"]);
    assert_eq!(within(&officer, Some(2)), ["d0", "d1", "d2"]);
    let other = world.b.sign_in(&server, Role::StandingOfficer);
    assert!(within(&other, None).is_empty());
}

/// Pages through a list, a page after another, and back from the end.
fn pages(client: &Client, (conditions, size): (&str, usize), forwards: bool) -> Vec<String> {
    let arguments = if forwards { "first: $size, after: $at" } else { "last: $size, before: $at" };
    let query = format!(
        "query($size: Int!, $at: String) {{
          units({arguments}, {conditions}) {{
            nodes {{ code }} edges {{ cursor }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
          }}
        }}"
    );
    let (mut seen, mut at) = (Vec::new(), Value::Null);
    loop {
        let data = client.run(&query, json!({ "size": size, "at": at })).ok();
        let (page, info) = (codes(&data), &data["units"]["pageInfo"]);
        assert!(page.len() <= size);
        let (more, beyond, next) = if forwards {
            ("hasNextPage", "hasPreviousPage", "endCursor")
        } else {
            ("hasPreviousPage", "hasNextPage", "startCursor")
        };
        assert_eq!(info[beyond], !at.is_null(), "{data}");
        seen.extend(if forwards { page } else { page.into_iter().rev().collect() });
        if info[more] == false {
            break;
        }
        at = info[next].clone();
    }
    if !forwards {
        seen.reverse();
    }
    seen
}

fn pages_forwards_and_backwards_give_every_row_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    assert_eq!(world.divisions(&world.a, 22).len(), 22);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let conditions = "where: { kind: { eq: DIVISION } }";

    let whole = pages(&officer, (conditions, 100), true);

    assert_eq!(whole.len(), 23);
    for size in [1, 7, 23] {
        assert_eq!(pages(&officer, (conditions, size), true), whole, "forwards by {size}");
        assert_eq!(pages(&officer, (conditions, size), false), whole, "backwards by {size}");
    }
}

/// Rows that are equal in the order are told apart by their id.
fn pages_in_any_order_give_every_row_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    assert_eq!(world.divisions(&world.a, 10).len(), 10);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);

    for order in [
        "orderBy: [{ validFrom: {} }]",
        "orderBy: [{ validFrom: { direction: DESC } }]",
        "orderBy: [{ validFrom: {} }, { name: { direction: DESC } }]",
        "orderBy: [{ name: { direction: DESC } }, { code: {} }]",
    ] {
        let whole = pages(&officer, (order, 100), true);
        assert_eq!(whole.len(), 14, "{order}");
        assert_eq!(pages(&officer, (order, 3), true), whole, "{order}");
        assert_eq!(pages(&officer, (order, 3), false), whole, "{order}");
    }
}

fn a_cursor_belongs_to_its_list(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "quang_tri", "quang_tri.officer");
    let first = officer.run("{ units(first: 1) { pageInfo { endCursor } } }", json!({})).ok();
    let cursor = text(&first["units"]["pageInfo"]["endCursor"]);
    let with = |arguments: &str, cursor: &str| {
        let query = format!(
            "query($at: String) {{ units(first: 1, after: $at{arguments}) {{ nodes {{ id }} }} }}"
        );
        officer.run(&query, json!({ "at": cursor }))
    };

    with("", &cursor).ok();
    for arguments in [
        ", where: { kind: { eq: OFFICE } }",
        ", orderBy: [{ code: {} }]",
        ", orderBy: [{ name: { direction: DESC } }]",
        ", asOf: \"2025-08-01\"",
    ] {
        invalid(with(arguments, &cursor), "INVALID_CURSOR");
    }
    let mut changed = cursor.clone();
    changed.insert(3, 'A');
    for made_up in [&changed, "", "AAAA", "không phải"] {
        invalid(with("", made_up), "INVALID_CURSOR");
    }
    let other = "query($at: String) { tenants(first: 1, after: $at) { nodes { id } } }";
    invalid(officer.run(other, json!({ "at": cursor })), "INVALID_CURSOR");
}

fn invalid(answer: Answer, code: &str) {
    let body = answer.top("BAD_USER_INPUT");
    assert_eq!(body["errors"][0]["extensions"]["errorCode"], code, "{body}");
}

fn a_page_has_one_direction(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "quang_tri", "quang_tri.officer");
    let first = officer.run("{ units(first: 1) { pageInfo { endCursor } } }", json!({})).ok();
    let cursor = text(&first["units"]["pageInfo"]["endCursor"]);
    let ask = |arguments: &str| {
        officer.run(&format!("{{ units({arguments}) {{ nodes {{ id }} }} }}"), json!({}))
    };

    for arguments in [
        "first: 1, last: 1".to_owned(),
        format!("first: 1, before: \"{cursor}\""),
        format!("last: 1, after: \"{cursor}\""),
        format!("after: \"{cursor}\", before: \"{cursor}\""),
    ] {
        invalid(ask(&arguments), "INVALID_COMBINATION");
    }
    let said = ask("first: 1, last: 1").top("BAD_USER_INPUT")["errors"][0].clone();
    assert!(text(&said["message"]).starts_with("Các tham số"), "in the caller's language: {said}");
    assert_eq!(said["extensions"]["argument"], json!(["first"]), "{said}");
    for arguments in ["first: 101", "first: -1", "last: 101"] {
        let body = ask(arguments).top("BAD_USER_INPUT");
        assert_eq!(body["data"], Value::Null, "{body}");
    }
    assert!(codes_of(ask("first: 0")).is_empty());
    assert_eq!(codes_of(ask("asOf: null")).len(), 25, "a page without a size");
}

fn codes_of(answer: Answer) -> Vec<Value> {
    answer.ok()["units"]["nodes"].as_array().unwrap().clone()
}

fn search(client: &Client, comparator: &str, text: &str) -> Vec<String> {
    let query = format!(
        "query($text: String!) {{
          units(where: {{ name: {{ {comparator}: $text }} }}, orderBy: [{{ code: {{}} }}], first: 100) {{ nodes {{ code }} }}
        }}"
    );
    codes(&client.run(&query, json!({ "text": text })).ok())
}

fn names_are_found_whatever_the_accents(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "quang_tri", "quang_tri.officer");

    let found = search(&officer, "contains", "dong ha");

    assert!(found.contains(&"ca-dong-ha".to_owned()), "{found:?}");
    for same in ["Đông Hà", "ĐÔNG  HÀ", " đông hà ", "Do\u{302}ng Ha\u{300}"] {
        assert_eq!(search(&officer, "contains", same), found, "{same}");
    }
    assert!(search(&officer, "startsWith", "dong ha").is_empty());
    let offices = search(&officer, "startsWith", "van phong ubnd");
    assert_eq!(offices, ["vp-ubnd"]);
    assert!(search(&officer, "eq", "dong ha").is_empty(), "eq is exact");
}

fn signs_of_patterns_are_plain(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let place = world.a.other_office.to_string();
    for (code, name) in
        [("p1", "Tổ 100% sạch"), ("p2", "Tổ 100 sạch"), ("p3", "Tổ a_b!"), ("p4", "Tổ axb\\")]
    {
        create(&officer, (&place, code), &json!({ "name": name }));
    }

    assert_eq!(search(&officer, "contains", "100%"), ["p1"]);
    assert_eq!(search(&officer, "contains", "%"), ["p1"]);
    assert_eq!(search(&officer, "contains", "A_B"), ["p3"]);
    assert_eq!(search(&officer, "contains", "b!"), ["p3"]);
    assert_eq!(search(&officer, "contains", "\\"), ["p4"]);
    assert_eq!(search(&officer, "startsWith", "to a_"), ["p3"]);
    assert_eq!(search(&officer, "startsWith", "to "), ["p1", "p2", "p3", "p4"]);
}
