//! The words people read: messages by code, in Vietnamese and English.
//! No rule enters here; a message never decides.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Vietnamese: the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The first of the two that an `Accept-Language` header names by weight; Vietnamese otherwise.
    #[must_use]
    pub fn from_header(header: Option<&str>) -> Self {
        let mut best = (0, Self::Vi);
        for part in header.unwrap_or_default().split(',') {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let language = match tag.split('-').next() {
                Some("vi") => Self::Vi,
                Some("en") => Self::En,
                Some(_) | None => continue,
            };
            let weight = pieces.find_map(weight).unwrap_or(1000);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The tag of the language.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

/// `q=0.8` in thousandths.
fn weight(piece: &str) -> Option<u32> {
    let text = piece.trim().strip_prefix("q=")?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u32>().ok()?.min(1) * 1000 + digits.parse::<u32>().ok()?)
}

#[derive(Debug, Deserialize)]
struct Entry {
    vi: String,
    en: String,
}

/// The most that a number of an input can be: who is told it as a bound would not understand.
const ENDLESS: &str = "2147483647";

fn catalogue() -> &'static HashMap<String, Entry> {
    static CATALOGUE: OnceLock<HashMap<String, Entry>> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        toml::from_str(include_str!("../data/text/message.toml")).unwrap_or_default()
    })
}

/// The message of a code or of one of its cases, in Vietnamese and English, before anything is filled in.
#[cfg(test)]
pub(crate) fn words(key: &str) -> Option<[&'static str; 2]> {
    catalogue().get(key).map(|entry| [entry.vi.as_str(), entry.en.as_str()])
}

/// Codes and cases that have a message.
#[cfg(test)]
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    catalogue().keys().map(String::as_str)
}

/// The words of a code: those for the case that is named, for a `count` of one, or for bounds that are one or have no end,
/// where there are such.
fn entry(code: &str, parameters: &[(&'static str, String)]) -> Option<&'static Entry> {
    let most = parameters.iter().find(|(name, _)| *name == "max").map(|(_, value)| value);
    let mut special = parameters.iter().filter_map(|(name, value)| match (*name, value.as_str()) {
        ("case", case) => Some(format!("{code}_{case}")),
        ("count", "1") => Some(format!("{code}_ONE")),
        ("min", _) if most == Some(value) => Some(format!("{code}_EXACT")),
        ("max", ENDLESS) => Some(format!("{code}_LEAST")),
        _ => None,
    });
    special.find_map(|key| catalogue().get(&key)).or_else(|| catalogue().get(code))
}

/// The message of a code with its parameters filled in; the code itself when it has none.
#[must_use]
pub fn message(code: &str, parameters: &[(&'static str, String)], language: Language) -> String {
    let Some(entry) = entry(code, parameters) else { return code.to_owned() };
    let mut text = match language {
        Language::Vi => entry.vi.clone(),
        Language::En => entry.en.clone(),
    };
    for (name, value) in parameters {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// The words of a parameter in a language: those of the whole value or, within it, of the names of programs that have
/// words. What has none stays as it is.
#[must_use]
pub fn phrase(parameter: &str, value: &str, language: Language) -> String {
    static PHRASES: OnceLock<HashMap<String, HashMap<String, Entry>>> = OnceLock::new();
    let read = || toml::from_str(include_str!("../data/text/phrase.toml")).unwrap_or_default();
    let Some(known) = PHRASES.get_or_init(read).get(parameter) else { return value.to_owned() };
    let say = |text: &str| {
        known.get(text).map(|entry| match language {
            Language::Vi => entry.vi.clone(),
            Language::En => entry.en.clone(),
        })
    };
    if let Some(whole) = say(value) {
        return whole;
    }
    let words = value.split(' ').map(|word| say(word).unwrap_or_else(|| word.to_owned()));
    words.collect::<Vec<_>>().join(" ")
}

/// A text as it is searched: small letters without accents, single spaces.
#[must_use]
pub fn search_form(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain =
        text.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter));
    let small: String =
        plain.flat_map(char::to_lowercase).map(|c| if is_barred(c) { 'd' } else { c }).collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a small letter is a đ or, as in converted files, one that looks like it: ð of Icelandic, ɖ of Ewe.
const fn is_barred(small: char) -> bool {
    matches!(small, 'đ' | '\u{f0}' | '\u{256}')
}

/// A number or symbol of an official paper in one spelling: composed letters, single spaces, a Đ where a converted file
/// has another letter of that look, and a hyphen where a word processor has put another dash. To the eye these are the
/// same paper.
#[must_use]
pub fn official_form(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let letter = |c: char| match c {
        '\u{d0}' | '\u{189}' => 'Đ',
        c if is_dash(c) => '-',
        c if is_barred(c) => 'đ',
        c => c,
    };
    let plain: String = text.nfc().map(letter).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a sign is a dash that is written in the place of a hyphen.
const fn is_dash(sign: char) -> bool {
    matches!(sign, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_chooses_the_language() {
        assert_eq!(Language::from_header(None), Language::Vi);
        assert_eq!(Language::from_header(Some("en")), Language::En);
        assert_eq!(Language::from_header(Some("fr, en-GB;q=0.4, vi;q=0.8")), Language::Vi);
        assert_eq!(Language::from_header(Some("en-US,en;q=0.9,vi;q=0.8")), Language::En);
        assert_eq!(Language::from_header(Some("de")), Language::Vi);
    }

    #[test]
    fn a_parameter_is_said_in_the_language_of_the_message() {
        let say = |parameter, value| phrase(parameter, value, Language::Vi);
        assert_eq!(say("detail", "nothing is corrected"), "chưa có nội dung nào được sửa");
        assert_eq!(say("state", "PLACES_TAKEN"), "đã hết chỗ");
        assert_eq!(say("detail", "PARAMETER_MISSING maxPoints"), "thiếu tham số maxPoints");
        assert_eq!(say("detail", "kind, subjectId"), "kind, subjectId");
        assert_eq!(say("name", "OPEN"), "OPEN", "only what is listed for a parameter");
        assert_eq!(phrase("state", "PLACES_TAKEN", Language::En), "places taken");
    }

    #[test]
    fn search_forgets_accents() {
        assert_eq!(search_form("  Đồng  Hới, Sở Nội vụ"), "dong hoi, so noi vu");
        assert_eq!(search_form("\u{d0}ộc lập, \u{189}à \u{f0}ó"), "doc lap, da do");
    }

    #[test]
    fn every_dash_of_a_number_is_a_hyphen() {
        for dash in "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{ff0d}".chars() {
            assert_eq!(official_form(&format!("12{dash}QĐ/UBND")), "12-QĐ/UBND", "{dash}");
        }
        assert_eq!(official_form(" 12 /  Q\u{110}\u{a0}-\tUBND "), "12 / QĐ - UBND");
        assert_eq!(official_form("12/Q\u{d0}-UBND \u{f0}"), "12/QĐ-UBND đ", "letters of one look");
        assert_eq!(official_form("TO\u{302}\u{300}"), "T\u{1ed2}", "accents are composed");
    }

    #[test]
    fn a_case_and_a_single_one_have_their_own_words() {
        let say = |count: &str| {
            let parameters = [("count", count.to_owned()), ("nominee", "Vừ A Mẫu".to_owned())];
            message("ELIGIBILITY_FAILED", &parameters, Language::En)
        };
        assert!(say("2").ends_with("Nominees who do not: 2."), "{}", say("2"));
        assert!(!say("1").contains("Nominees"), "{}", say("1"));
        let of = |case: &str| {
            let parameters = [("case", case.to_owned()), ("field", "awardType".to_owned())];
            message("ALREADY_EXISTS", &parameters, Language::En)
        };
        assert!(of("AWARD").contains("is recorded already"), "{}", of("AWARD"));
        assert_eq!(of("OTHER"), "Another object has this 'awardType' already.");
    }

    #[test]
    fn bounds_are_said_as_people_understand_them() {
        let say = |min: &str, max: &str| {
            let bounds =
                [("min", min.to_owned()), ("max", max.to_owned()), ("field", "n".to_owned())];
            message("OUT_OF_RANGE", &bounds, Language::En)
        };
        assert_eq!(say("1", "9"), "'n' must lie between 1 and 9.");
        assert_eq!(say("2025", "2025"), "'n' must be 2025.");
        assert_eq!(say("1", &i32::MAX.to_string()), "'n' must not be less or earlier than 1.");
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        use strum::IntoEnumIterator;
        for code in crate::error::Code::iter() {
            let entry = catalogue().get(code.name());
            assert!(entry.is_some_and(|e| !e.vi.is_empty() && !e.en.is_empty()), "{}", code.name());
        }
    }
}
