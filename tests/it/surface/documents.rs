//! Documents that ask for too much, one of each kind: refused with the code of the limit they exceed.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use super::assert_refused;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        documents_that_ask_too_much_are_refused,
        copies_of_variables_are_counted,
        variables_that_hold_too_much_are_refused,
    ]
}

/// The document that filled 21.7 GB of memory in the library alone: 578 bytes.
pub(super) fn bomb() -> String {
    fan(10, 6)
}

/// Fragments that spread the next one so many times, so many levels deep.
pub(super) fn fan(times: usize, levels: usize) -> String {
    let level = |at: usize| {
        format!("fragment f{at} on Query{{{}}} ", format!("...f{} ", at + 1).repeat(times))
    };
    let fragments: String = (0..levels).map(level).collect();
    format!("{{...f0}} {fragments}fragment f{levels} on Query{{__typename}}")
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

fn nested(open: &str, levels: usize, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// Large documents with the codes that refuse them.
fn large() -> Vec<(String, &'static str)> {
    let list = format!(
        "{{ units(where: {{ and: {} }}) {{ totalCount }} }}",
        nested("[{and:", 60, "[]", "}]")
    );
    vec![
        (fan(2, 20), "FRAGMENT_LIMIT_EXCEEDED"),
        (bomb(), "FRAGMENT_LIMIT_EXCEEDED"),
        (fan(100, 3), "FRAGMENT_LIMIT_EXCEEDED"),
        (
            "{...A} fragment A on Query {...B} fragment B on Query {...A}".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (format!("{{{}}}", many(1_000, |at| format!("a{at}:__typename "))), "ALIAS_LIMIT_EXCEEDED"),
        (format!("{{{}}}", many(5_000, |at| format!("a{at}:__typename "))), "TOKEN_LIMIT_EXCEEDED"),
        (format!("{{{}}}", "__typename ".repeat(3_000)), "ROOT_FIELD_LIMIT_EXCEEDED"),
        (
            format!("{{__typename {}}}", "@include(if:true) ".repeat(400)),
            "DIRECTIVE_LIMIT_EXCEEDED",
        ),
        (format!("{{__typename {}}}", "@skip(if:false) ".repeat(2_000)), "TOKEN_LIMIT_EXCEEDED"),
        (format!("{{__typename {}}}", "@a".repeat(10)), "DIRECTIVE_LIMIT_EXCEEDED"),
        (nested("{a", 500, "", "}"), "DEPTH_LIMIT_EXCEEDED"),
        (
            format!("{{ viewer {{ tenant {} }} }}", nested("{successors", 14, "{id}", "}")),
            "DEPTH_LIMIT_EXCEEDED",
        ),
        (nested("{...", 40, "{__typename}", "}"), "DEPTH_LIMIT_EXCEEDED"),
        (list, "DEPTH_LIMIT_EXCEEDED"),
        (format!("{{a(b:{})}}", nested("[", 10_000, "", "]")), "DEPTH_LIMIT_EXCEEDED"),
        (format!("{{a(b:{})}}", nested("{a:", 10_000, "1", "}")), "DEPTH_LIMIT_EXCEEDED"),
        (format!("{{a(b:[{}])}}", "1,".repeat(10_000)), "TOKEN_LIMIT_EXCEEDED"),
        (format!("{{a(b:[{}])}}", "true".repeat(70_000)), "TOKEN_LIMIT_EXCEEDED"),
        (many(10_000, |at| format!("query q{at}{{__typename}}")), "TOKEN_LIMIT_EXCEEDED"),
        (many(100, |at| format!("query q{at}{{__typename}}")), "OPERATION_LIMIT_EXCEEDED"),
        (
            format!("query({}){{__typename}}", many(10_000, |at| format!("$v{at}:Int "))),
            "TOKEN_LIMIT_EXCEEDED",
        ),
    ]
}

/// Documents of an ordinary size whose answers would be huge.
fn dear() -> Vec<(String, &'static str)> {
    let schema =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    let page = |inner: &str| format!("{{ units(first: 100) {{ nodes {{ {inner} }} }} }}");
    vec![
        (schema.to_owned(), "FIELD_LIMIT_EXCEEDED"),
        (
            format!("{{__type(name:\"Query\"){{fields{{{}}}}}}}", "name ".repeat(300)),
            "FIELD_LIMIT_EXCEEDED",
        ),
        (page("children { children { children { id } } }"), "COST_LIMIT_EXCEEDED"),
        (page(&"ancestors { children { id name code } } ".repeat(20)), "COST_LIMIT_EXCEEDED"),
        ("{ units(first: 2147483647) { nodes { id } } }".to_owned(), "COST_LIMIT_EXCEEDED"),
        (
            format!(
                "mutation {{{}}}",
                many(40, |at| format!("a{at}: signOut(input: {{}}) {{ errors {{ code }} }} "))
            ),
            "ROOT_FIELD_LIMIT_EXCEEDED",
        ),
        (
            "mutation { a: signIn { errors { code } } b: signIn { errors { code } } }".to_owned(),
            "ROOT_FIELD_LIMIT_EXCEEDED",
        ),
    ]
}

/// Texts that are no documents.
fn garbled() -> Vec<(String, &'static str)> {
    vec![
        ("{ a(b: \"\"\"".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{ \u{202e}viewer }".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{ vi\u{00eb}wer { id } }".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("\u{0}{__typename}".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{ __typename } \u{1f980}".to_owned(), "GRAPHQL_PARSE_FAILED"),
        (String::new(), "GRAPHQL_PARSE_FAILED"),
        (format!("{{ {} }}", "a".repeat(300_000)), "TOKEN_LIMIT_EXCEEDED"),
    ]
}

/// Signed in or not: a document is refused for its size before anyone asks who sends it.
fn documents_that_ask_too_much_are_refused(stage: &Stage) {
    let server = stage.server();
    let World { a, .. } = World::on(&server);
    let (officer, stranger) = (a.sign_in(&server, Role::StandingOfficer), server.client());

    for (document, code) in [large(), dear(), garbled()].concat() {
        let answer = officer.run(&document, json!({}));
        assert_eq!(answer.status, 400, "{answer}");
        assert_refused(&answer, code, &document);
        let answer = stranger.run(&document, json!({}));
        let codes = answer.top_codes();
        assert!(
            codes == [code] || codes == ["UNAUTHENTICATED"],
            "{codes:?}, not {code}: {document:.200}"
        );
        assert!(answer.text.len() < 4_096, "{} bytes for {document:.200}", answer.text.len());
    }
    assert!(bomb().len() < 600);
    officer.run("{ viewer { displayName } }", json!({})).ok();
}

fn copies_of_variables_are_counted(stage: &Stage) {
    let server = stage.server();
    let World { a, .. } = World::on(&server);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    // Each use of a variable is a copy of its value, whatever the price of the field.
    let w: Vec<Value> = vec![json!({}); 100];
    for (what, bomb) in [
        ("argument", "units(where: { and: [COPIES] }) { totalCount }"),
        ("directive", "viewer { displayName @include(if: [COPIES]) }"),
        ("introspection", "__type(name: [COPIES]) { name }"),
    ] {
        let bomb =
            format!("query($w: UnitWhere) {{ {bomb} }}").replace("COPIES", &"$w ".repeat(60));
        let answer = officer.run(&bomb, json!({ "w": { "and": w } }));
        let codes = answer.top_codes();
        let expected =
            if what == "argument" { "VALUE_LIMIT_EXCEEDED" } else { "GRAPHQL_VALIDATION_FAILED" };
        assert_eq!(codes, [expected], "{what}: {answer:.300}");
    }
    let deep = "[".repeat(30) + &"]".repeat(30);
    let hidden = format!(
        "query($w: UnitWhere @include(if: true) = {deep}) {{ units(where: $w) {{ totalCount }} }}"
    );
    assert_refused(&officer.run(&hidden, json!({})), "DEPTH_LIMIT_EXCEEDED", "a default");
    let long = json!({ "where": { "name": { "contains": "a".repeat(60_000) } } });
    let units = "query($where: UnitWhere) { units(where: $where) { totalCount } }";
    let refused = officer.run(units, long).top("BAD_USER_INPUT");
    assert_eq!(refused["errors"][0]["extensions"]["errorCode"], "TOO_LONG", "{refused:.300}");
}

fn variables_that_hold_too_much_are_refused(stage: &Stage) {
    let server = stage.server();
    let World { a, .. } = World::on(&server);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let condition =
        |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "and": [inner] }));
    let units = "query($where: UnitWhere, $first: Int, $ids: [ID!] = []) {
      units(where: $where, first: $first) { totalCount } nodes(ids: $ids) { __typename }
    }";
    let ids: Vec<String> = (0..20_000).map(|at| format!("Unit_{at}")).collect();
    for (variables, code) in [
        (json!({ "first": 2_147_483_648_i64 }), "BAD_USER_INPUT"),
        (json!({ "first": "1" }), "BAD_USER_INPUT"),
        (json!({ "first": 1e300 }), "BAD_USER_INPUT"),
        (json!({ "where": [] , "first": [[[]]] }), "BAD_USER_INPUT"),
        (json!({ "ids": ids }), "VALUE_LIMIT_EXCEEDED"),
        (json!({ "where": { "nope": 1 } }), "BAD_USER_INPUT"),
        (json!({ "where": condition(10) }), "DEPTH_LIMIT_EXCEEDED"),
        (json!({ "where": condition(50) }), "DEPTH_LIMIT_EXCEEDED"),
    ] {
        assert_refused(&officer.run(units, variables.clone()), code, &variables.to_string());
    }
    // Whatever else the values are, they are answered in data or refused, never broken on.
    for (name, where_) in [
        ("deep", condition(9)),
        ("wide", json!({ "or": vec![json!({ "code": { "eq": "a" } }); 5_000] })),
        ("long", json!({ "code": { "in": vec!["x".repeat(20); 20_000] } })),
        ("text", json!({ "name": { "contains": "%_\\".repeat(50_000) } })),
        ("unicode", json!({ "name": { "contains": "a\u{301}\u{202e}\u{0}🦀".repeat(1_000) } })),
    ] {
        let answer = officer.run(units, json!({ "where": where_, "first": 1 }));
        assert!(
            answer.status < 500 && super::leaks(&answer, "").is_empty(),
            "{name}: {answer:.400}"
        );
    }
}

/// Variables for an operation of which every text or id is this value, however the types call it.
pub(super) fn filled(operation: &str, value: &Value) -> Value {
    let types = super::filled::Inputs::read();
    let head = operation.split_once('(').map_or("", |(_, rest)| rest);
    let head = head.split_once(')').map_or("", |(head, _)| head);
    let pairs = head.split('$').skip(1).filter_map(|part| part.split_once(':'));
    let pairs = pairs.map(|(name, of)| {
        let of = of.split('=').next().unwrap_or_default().trim().trim_end_matches(',');
        (name.trim().to_owned(), types.value(of, value, 0))
    });
    pairs.collect()
}
