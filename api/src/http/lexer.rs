//! Counts the words of a document before anything parses it, so that parsing has a known price.
//! No grammar: a document that is not GraphQL passes here and fails in the parser.

use super::fault::{Fault, SYNTAX};
use super::limits::{Limit, LimitError, Limits};

/// Bytes of one name that count as one token more: the parser reads `truetruetrue` as three values.
const NAME_UNIT: usize = 64;
/// Bytes of one run of digits that count as one token more: the parser reads `000` as three values.
const DIGIT_UNIT: usize = 16;

/// The number of tokens in `text`, refused as soon as there are too many or they nest too deeply.
pub(super) fn measure(text: &str, limits: &Limits) -> Result<u32, Fault> {
    let mut rest = text.as_bytes();
    let (mut tokens, mut open) = (0_u32, 0_u32);
    // Values stand between parentheses; within those of variables a directive may have its own.
    let (mut outside, mut parentheses) = (None, 0_u32);
    loop {
        let token = next(rest);
        rest = token.rest;
        match token.kind {
            Kind::End => return Ok(tokens),
            Kind::Unterminated => return Err(Fault::with(&SYNTAX, "unterminated block string")),
            Kind::Open => open += 1,
            Kind::Close => open = open.saturating_sub(1),
            Kind::Arguments => {
                open += 1;
                parentheses += 1;
                outside = outside.or(Some(open));
            }
            Kind::ArgumentsEnd => {
                open = open.saturating_sub(1);
                parentheses = parentheses.saturating_sub(1);
                outside = outside.filter(|_| parentheses > 0);
            }
            Kind::Other => {}
        }
        let values = outside.map_or(0, |outside| open.saturating_sub(outside));
        LimitError::check(Limit::Depth, limits.values, values)?;
        tokens = tokens.saturating_add(token.weight);
        LimitError::check(Limit::Tokens, limits.tokens, tokens)?;
        LimitError::check(Limit::Depth, limits.brackets, open)?;
    }
}

struct Token<'a> {
    kind: Kind,
    weight: u32,
    rest: &'a [u8],
}

enum Kind {
    Open,
    Close,
    /// The parentheses of arguments, and of the variables of an operation.
    Arguments,
    ArgumentsEnd,
    Other,
    /// The end of the text, or a byte no token begins with: the parser stops there too.
    End,
    /// A block string without its end. The parser would read it once more as two strings, and
    /// many of them in quadratic time, so it is refused here.
    Unterminated,
}

fn next(text: &[u8]) -> Token<'_> {
    let text = skip_ignored(text);
    let token = |kind, rest| Token { kind, weight: 1, rest };
    match text {
        [b'{' | b'[', rest @ ..] => token(Kind::Open, rest),
        [b'}' | b']', rest @ ..] => token(Kind::Close, rest),
        [b'(', rest @ ..] => token(Kind::Arguments, rest),
        [b')', rest @ ..] => token(Kind::ArgumentsEnd, rest),
        [b'.', b'.', b'.', rest @ ..]
        | [b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' | b'-' | b'+', rest @ ..] => {
            token(Kind::Other, rest)
        }
        [b'"', b'"', b'"', rest @ ..] => match skip_block_string(rest) {
            Some(rest) => token(Kind::Other, rest),
            None => token(Kind::Unterminated, rest),
        },
        [b'"', rest @ ..] => match skip_string(rest) {
            Some(rest) => token(Kind::Other, rest),
            None => token(Kind::End, rest),
        },
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => run(text, NAME_UNIT, is_name),
        [b'0'..=b'9', ..] => run(text, DIGIT_UNIT, |byte| byte.is_ascii_digit()),
        [b'.', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
            token(Kind::Other, rest)
        }
        rest => token(Kind::End, rest),
    }
}

fn skip_ignored(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [b' ' | b',' | b'\t' | b'\r' | b'\n', rest @ ..] | [0xEF, 0xBB, 0xBF, rest @ ..] => {
                rest
            }
            [b'#', rest @ ..] => {
                let line = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                rest.split_at(line.unwrap_or(rest.len())).1
            }
            _ => return text,
        };
    }
}

/// What follows the closing quote; none when the line ends or an escape is wrong before it.
fn skip_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [b'"', rest @ ..] => return Some(rest),
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u', rest @ ..] => {
                rest
            }
            [] | [b'\\' | b'\r' | b'\n', ..] => return None,
            [_, rest @ ..] => rest,
        };
    }
}

fn skip_block_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] => return None,
            [b'"', b'"', b'"', rest @ ..] => return Some(rest),
            [b'\\', b'"', b'"', b'"', rest @ ..] | [_, rest @ ..] => rest,
        };
    }
}

fn run(text: &[u8], unit: usize, belongs: impl Fn(u8) -> bool) -> Token<'_> {
    let length = text.iter().position(|byte| !belongs(*byte)).unwrap_or(text.len());
    let weight = u32::try_from(length / unit).unwrap_or(u32::MAX).saturating_add(1);
    Token { kind: Kind::Other, weight, rest: text.split_at(length).1 }
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> u32 {
        measure(text, &Limits::default()).expect("within the limits")
    }

    fn code(text: &str) -> &'static str {
        measure(text, &Limits::default()).expect_err("refused").code()
    }

    #[test]
    fn counts_what_the_grammar_calls_a_token() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("{ a }"), 3);
        assert_eq!(tokens("query Q($id: ID! = 1) { a(id: $id) @skip(if: false) { ...F } }"), 31);
        assert_eq!(tokens("# { { {\n{ a, } \u{feff}"), 3);
        assert_eq!(tokens(r#"{ a(b: "{ \" { é {", c: """ " \""" { """) }"#), 11);
    }

    #[test]
    fn counts_long_runs_more_than_once() {
        assert_eq!(tokens(&"true".repeat(160)), 11);
        assert_eq!(tokens(&"0".repeat(160)), 11);
        assert_eq!(code(&format!("{{a(b:[{}])}}", "true".repeat(100_000))), "TOKEN_LIMIT_EXCEEDED");
    }

    #[test]
    fn floats_and_signs_never_count_less_than_the_parser_reads() {
        assert!(tokens("[1-2-3-4]") >= 6);
        assert!(tokens("[1.5 -2e+10 .5]") >= 5);
    }

    #[test]
    fn refuses_what_is_too_long() {
        let aliases = (0..5_000).map(|i| format!("a{i}:__typename ")).collect::<Vec<_>>().concat();
        let variables = (0..10_000).map(|i| format!("$v{i}:Int ")).collect::<Vec<_>>().concat();
        let operations =
            (0..10_000).map(|i| format!("query q{i}{{a}} ")).collect::<Vec<_>>().concat();
        for text in [
            format!("{{{aliases}}}"),
            format!("{{{}}}", "__typename ".repeat(5_000)),
            format!("{{__typename {}}}", "@include(if:true) ".repeat(2_000)),
            format!("query({variables}){{a}}"),
            operations,
        ] {
            assert_eq!(code(&text), "TOKEN_LIMIT_EXCEEDED");
        }
    }

    #[test]
    fn refuses_what_nests_too_deeply() {
        for open in ["{a", "[", "{a:["] {
            assert_eq!(code(&open.repeat(1_000)), "DEPTH_LIMIT_EXCEEDED");
        }
        let nested = |levels| {
            let (open, close) = ("[".repeat(levels), "]".repeat(levels));
            format!("{{a{{b(c:{open}{close}, d:{open}{close}){{e(c:{open}{close})}}}}}}")
        };
        tokens(&nested(20));
        assert_eq!(code(&nested(21)), "DEPTH_LIMIT_EXCEEDED");
        let deep = format!("query($w: W @include(if: true) = {}", "[".repeat(21));
        assert_eq!(code(&deep), "DEPTH_LIMIT_EXCEEDED", "a directive of a variable ends nothing");
    }

    #[test]
    fn refuses_a_block_string_without_end() {
        assert_eq!(code(r#"{a(b:[""" x" 1 1 1"#), "GRAPHQL_PARSE_FAILED");
    }

    #[test]
    fn stops_where_the_parser_stops() {
        assert_eq!(tokens("{ a ; b"), 2);
        assert_eq!(tokens("{ a(b: \"\n"), 5);
        assert_eq!(tokens("{ a(b: \"\\q\""), 5);
    }
}
