//! Every message that the source raises is whole: what stands in its braces is given where the fault is made.
//! No fault is raised here: this is a test.

use std::collections::BTreeSet;
use std::path::Path;

use strum::IntoEnumIterator;

use super::Code;
use crate::text;

/// How the making of a fault begins.
const MADE: &str = "Fault::at(";
/// What gives its message a value.
const GIVEN: &str = ".with(";

/// What follows each of these calls.
fn behind<'a>(piece: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    piece.split(call).skip(1).map(str::trim_start)
}

/// The text between the quotation marks with which a text begins.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split('"').next()
}

/// The name in `SCREAMING_SNAKE_CASE` of the code with which a text begins.
fn code(text: &str) -> Option<&'static str> {
    let name = text.split(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
    Code::iter().find(|code| format!("{code:?}") == name).map(Code::name)
}

/// The codes that a piece of source names, raised or not.
fn named(piece: &str) -> impl Iterator<Item = &'static str> {
    behind(piece, "Code::").filter_map(code)
}

/// The codes that a piece of source raises; where one stands in a variable, all that it names.
fn codes(piece: &str) -> BTreeSet<&'static str> {
    let is_plain = behind(piece, MADE).all(|rest| rest.starts_with("Code::"));
    if !is_plain {
        return named(piece).collect();
    }
    behind(piece, MADE).filter_map(|rest| code(rest.strip_prefix("Code::")?)).collect()
}

/// The cases that a piece names in so many words.
fn cases(piece: &str) -> impl Iterator<Item = &str> {
    behind(piece, GIVEN).filter_map(|rest| {
        let named = rest.strip_prefix("\"case\"")?.trim_start_matches([',', ' ', '\n']);
        quoted(named)
    })
}

/// The messages of a code that a piece can raise: those of the cases that stand in it, else the plain one and its variants.
fn messages(code: &str, piece: &str) -> Vec<String> {
    let texts: BTreeSet<&str> = piece.split('"').skip(1).step_by(2).collect();
    let keys = texts.into_iter().map(|text| format!("{code}_{text}"));
    let special: Vec<String> = keys.filter(|key| text::words(key).is_some()).collect();
    if !special.is_empty() {
        return special;
    }
    let variants = ["", "_ONE", "_EXACT", "_LEAST"].map(|variant| format!("{code}{variant}"));
    variants.into_iter().filter(|key| text::words(key).is_some()).collect()
}

/// The names that stand in braces.
fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// What the messages of a piece of source ask for and are not given, and cases without words.
fn wanting(piece: &str) -> BTreeSet<String> {
    let codes = codes(piece);
    let mut given: BTreeSet<&str> = behind(piece, GIVEN).filter_map(quoted).collect();
    given.insert("field");
    if piece.contains(".about(") {
        given.insert("award");
    }
    let is_said =
        |case: &&str| named(piece).any(|code| text::words(&format!("{code}_{case}")).is_some());
    let silent = cases(piece).filter(|case| !is_said(case)).map(|case| format!("case {case}"));
    let mut wanting: BTreeSet<String> = silent.collect();
    for key in codes.iter().flat_map(|code| messages(code, piece)) {
        let names = text::words(&key).into_iter().flatten().flat_map(braces);
        wanting.extend(
            names.filter(|name| !given.contains(name)).map(|name| format!("{key}: {name}")),
        );
    }
    wanting
}

/// The files of the source with their texts, without their own tests.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|of| of == "rs") && !path.ends_with("raised.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            found.push((path.display().to_string(), own));
        }
    }
}

#[test]
fn what_a_message_asks_for_is_given_where_the_fault_is_made() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut raised = BTreeSet::new();
    for (file, text) in &files {
        for piece in text.split("\n\n") {
            assert_eq!(wanting(piece), BTreeSet::new(), "{file}: {piece}");
            raised.extend(codes(piece));
        }
    }
    assert!(raised.len() > 60, "the source is read: {raised:?}");
}

#[test]
fn a_message_that_is_not_whole_is_found() {
    let of = |piece: &str| wanting(piece).into_iter().collect::<Vec<_>>();
    let half = "Fault::at(Code::OutOfRange, path).with(\"min\", 1).into()";
    assert!(of(half).contains(&"OUT_OF_RANGE: max".to_owned()), "{:?}", of(half));
    let whole = "Fault::at(\n    Code::OutOfRange, path).with(\"min\", 1).with(\n \"max\", 2)";
    assert_eq!(of(whole), [""; 0]);
    let case = "Fault::at(Code::AlreadyExists, path).with(\"case\", \"QUOTA\").with(\"from\", 1)";
    assert_eq!(of(case), ["ALREADY_EXISTS_QUOTA: award", "ALREADY_EXISTS_QUOTA: until"]);
    let silent = "Fault::at(Code::AlreadyExists, path).with(\"case\", \"NOWHERE\")";
    assert_eq!(of(silent), ["case NOWHERE"]);
}

#[test]
fn every_message_asks_for_the_same_in_both_languages() {
    for key in text::keys() {
        let [vi, en] = text::words(key).unwrap();
        // The rule has a name in each language.
        let names = |text: &'static str| -> BTreeSet<&str> {
            braces(text).filter(|name| !name.starts_with("rule_")).collect()
        };
        assert_eq!(names(vi), names(en), "{key}");
        let is_code = |code: Code| {
            key.strip_prefix(code.name())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        assert!(Code::iter().any(is_code), "{key} is no code");
    }
}
