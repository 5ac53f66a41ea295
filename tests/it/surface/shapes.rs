//! Documents that hurt, each made from a seed: too many, too deep, too long, of the wrong types, or broken.
//! Nothing is sent here.

use std::fmt::Write;

use serde_json::{Value, json};

use super::documents;

/// Longest document.
const LONGEST: usize = 64 << 10;

/// xorshift*: the same documents on every machine.
pub(super) struct Random(u64);

impl Random {
    /// Begins anew from a number other than zero.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A number whose length is as likely as any other: many small ones, a few huge.
    fn scale(&mut self, most: usize) -> usize {
        let bits = usize::try_from(most.ilog2()).unwrap() + 1;
        let top = 1_usize << (self.below(bits) + 1);
        self.below(top.min(most)) + 1
    }
}

const FIELDS: [&str; 12] = [
    "__typename",
    "viewer{displayName}",
    "units(first:100){nodes{id name}}",
    "units{totalCount}",
    "submissions(first:50){nodes{id allowedActions{action allowed}}}",
    "clusters{nodes{id name}}",
    "tenants(first:100){nodes{slug}}",
    "awardTypes(first:100){nodes{code}}",
    "users{nodes{id}}",
    "auditEvents(first:100){nodes{id}}",
    "rateLimit{cost}",
    "nope",
];
const LETTERS: [&str; 10] =
    ["a", "\u{301}", "\u{202e}", "🦀", "\u{feff}", "\u{0}", "Đ", "\\u0000", "\\\"", "\u{2028}"];

/// One document of a kind that hurts, and its variables.
pub(super) fn hostile(random: &mut Random) -> (String, Value) {
    let kind = random.below(14);
    let size = random.scale(4_000);
    let variables = match kind {
        6 => bomb_of_variables(random, size),
        9 => json!({ "w": vec!["x"; random.scale(2_000)], "t": true }),
        _ => json!({}),
    };
    let text = match kind {
        0 => aliases(random, size),
        1 => fragments(random),
        2 => format!("{{__typename {}}}", directives(random, size)),
        3 => lists(random),
        4 => literal(random, size),
        5 => unicode(random, size),
        6 => "query($where: UnitWhere, $first: Int){units(where:$where,first:$first){totalCount nodes{id}}}".to_owned(),
        7 => operations(random, size),
        8 => introspection(random),
        9 => repeated(random, size),
        10 => defaults(random, size),
        11 => directives_of_variables(random, size),
        12 => arguments_of_introspection(random, size),
        _ => broken(random, size),
    };
    let end =
        (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text[..end].to_owned(), variables)
}

fn aliases(random: &mut Random, size: usize) -> String {
    let fields = (0..size).fold(String::new(), |mut text, at| {
        let field = random.pick(&FIELDS);
        write!(text, "a{at}:{field} ").unwrap();
        text
    });
    format!("{{{fields}}}")
}

fn fragments(random: &mut Random) -> String {
    if random.below(8) == 0 {
        return documents::bomb();
    }
    let (levels, times) = (random.scale(40), random.scale(30));
    let mut text = "{...f0} ".to_owned();
    for at in 0..levels {
        let spreads = format!("...f{} ", at + 1 - random.below(30) / 29 * (at + 1)).repeat(times);
        write!(text, "fragment f{at} on Query{{{spreads}{}}} ", random.pick(&FIELDS)).unwrap();
    }
    text + &format!("fragment f{levels} on Query{{{}}}", random.pick(&FIELDS))
}

fn directives(random: &mut Random, size: usize) -> String {
    let one = ["@include(if:true)", "@skip(if:false)", "@deprecated", "@a", "@oneOf"];
    (0..size).map(|_| random.pick(&one)).collect()
}

fn lists(random: &mut Random) -> String {
    let steps = [
        "children",
        "ancestors",
        "parent",
        "tenant{successors",
        "predecessors",
        "units(first:100){nodes",
        "cells",
        "nodes",
        "edges{node",
    ];
    let levels = random.scale(40);
    let (mut open, mut close) = ("{units(first:100){nodes{".to_owned(), "}}}".to_owned());
    for _ in 0..levels {
        let step = random.pick(&steps);
        write!(open, "{step}{{").unwrap();
        close.push_str(&"}".repeat(1 + step.matches('{').count()));
    }
    format!("{open}id {}{close}", "name ".repeat(random.scale(200)))
}

fn literal(random: &mut Random, size: usize) -> String {
    let value = match random.below(5) {
        0 => "[".repeat(size) + &"]".repeat(size),
        1 => "{and:[".repeat(size) + &"]}".repeat(size),
        2 => format!("{{code:{{in:[{}]}}}}", "\"x\",".repeat(size)),
        3 => format!("{{name:{{contains:\"\"\"{}\"\"\"}}}}", "%_".repeat(size)),
        _ => format!("{{or:[{}]}}", "{code:{eq:\"a\"}},".repeat(size)),
    };
    format!("{{units(where:{value}){{totalCount}}}}")
}

fn unicode(random: &mut Random, size: usize) -> String {
    let text: String = (0..size).map(|_| random.pick(&LETTERS)).collect();
    if random.below(2) == 0 {
        format!("{{units(where:{{name:{{contains:\"{text}\"}}}}){{totalCount}}}}")
    } else {
        format!("{{{text}}}")
    }
}

fn operations(random: &mut Random, size: usize) -> String {
    (0..size).fold(String::new(), |mut text, at| {
        write!(text, "query q{at}($v{at}:Int={at}){{{}}}", random.pick(&FIELDS)).unwrap();
        text
    })
}

fn introspection(random: &mut Random) -> String {
    let steps = ["fields", "type", "ofType", "args", "possibleTypes", "interfaces", "inputFields"];
    let path: Vec<&str> = (0..random.scale(16)).map(|_| random.pick(&steps)).collect();
    let root = random.pick(&[
        "__schema{types",
        "__schema{directives",
        "__schema{queryType",
        "__type(name:\"Unit\"){ofType",
    ]);
    format!(
        "{{{root}{{{}{{{}}}{}}}}}}}",
        path.join("{"),
        "name ".repeat(random.scale(60)),
        "}".repeat(path.len() - 1)
    )
}

/// One variable that is used again and again: each use is a copy of its value.
fn repeated(random: &mut Random, size: usize) -> String {
    let one = random.pick(&[
        "units(where:{code:{in:$w}}){totalCount} ",
        "units(where:{or:[{code:{in:$w}},{code:{in:$w}}]}){totalCount} ",
        "units(where:{code:{in:$w}},where:{code:{in:$w}}){totalCount} ",
        "users(where:{username:{in:$w}}){totalCount} ",
    ]);
    let of = random.pick(&["[String!]", "[String!]!", "String", "[[String!]]", "UnitWhere"]);
    let uses = (0..size.min(800)).fold(String::new(), |text, at| text + &format!("a{at}:{one}"));
    format!("query($w:{of},$t:Boolean){{{uses}}}")
}

/// Values that stand in the document for variables that are not sent.
fn defaults(random: &mut Random, size: usize) -> String {
    let (of, value) = match random.below(4) {
        0 => ("[String!]", format!("[{}]", "\"x\",".repeat(size))),
        1 => ("UnitWhere", "{not:".repeat(size.min(200)) + "{}" + &"}".repeat(size.min(200))),
        2 => ("[[[[String]]]]", "[".repeat(size.min(200)) + &"]".repeat(size.min(200))),
        _ => ("Int", "9".repeat(size)),
    };
    let used = random.pick(&[
        "units(where:{code:{in:$v}}){totalCount}",
        "units(where:$v){totalCount}",
        "units(first:$v){totalCount}",
        "__typename",
    ]);
    format!("query($v:{of}={value}){{{used} {used}}}")
}

/// Directives where variables are defined and used, with arguments that no directive has.
fn directives_of_variables(random: &mut Random, size: usize) -> String {
    let argument = random.pick(&["if:$t", "if:[$t]", "if:{a:$t}", "reason:$t", "if:$u", ""]);
    let name = random.pick(&["include", "skip", "deprecated", "specifiedBy", "nope"]);
    let many = format!("@{name}({argument})").repeat(size.min(600));
    match random.below(3) {
        0 => format!("query($t:Boolean=true {many}){{__typename}}"),
        1 => format!("query($t:Boolean=true){many}{{viewer{{displayName}}}}"),
        _ => format!(
            "query($t:Boolean=true){{units{many}{{totalCount ...F{many}}}}} fragment F on UnitConnection{many}{{totalCount}}"
        ),
    }
}

/// Arguments of the introspection, of types that it does not take.
fn arguments_of_introspection(random: &mut Random, size: usize) -> String {
    let value = match random.below(4) {
        0 => format!("\"{}\"", "x".repeat(size)),
        1 => "[".repeat(size.min(300)) + &"]".repeat(size.min(300)),
        2 => "$v".to_owned(),
        _ => "{name:{name:null}}".to_owned(),
    };
    let fields = random.pick(&[
        "fields(includeDeprecated:$v){name}",
        "fields(includeDeprecated:[$v]){name}",
        "enumValues(includeDeprecated:7){name}",
        "name",
    ]);
    let one = format!("__type(name:{value}){{{fields}}} ");
    let many = (0..random.scale(40)).fold(String::new(), |text, at| text + &format!("a{at}:{one}"));
    format!("query($v:Boolean){{{many}}}")
}

/// Something that was GraphQL before bytes were taken out and put in.
fn broken(random: &mut Random, size: usize) -> String {
    let mut text: Vec<char> = aliases(random, size.min(100)).chars().collect();
    for _ in 0..random.scale(50) {
        if text.is_empty() {
            break;
        }
        let at = random.below(text.len());
        match random.below(3) {
            0 => drop(text.remove(at)),
            1 => text.insert(
                at,
                random
                    .pick(&["{", "}", "(", "\"", "...", "$", "@", "\u{0}", "#"])
                    .chars()
                    .next()
                    .unwrap(),
            ),
            _ => text.truncate(at + 1),
        }
    }
    text.into_iter().collect()
}

fn bomb_of_variables(random: &mut Random, size: usize) -> Value {
    match random.below(5) {
        0 => json!({ "where": { "code": { "in": vec!["x"; size * 4] } } }),
        1 => json!({ "where": { "or": vec![json!({ "code": { "eq": "a" } }); size] } }),
        2 => {
            json!({ "where": (0..size.min(60)).fold(json!({}), |inner, _| json!({ "not": inner })) })
        }
        3 => json!({ "first": size * 1_000 }),
        _ => json!({ "where": { "name": { "contains": "🦀%".repeat(size * 4) } }, "first": 1 }),
    }
}
