//! One spelling for the names that older records carry: accents, capitals and signs away, words of one meaning in one
//! form. No title and no tenant is known here.

use std::cmp::Reverse;

use anyhow::Context;
use serde::Deserialize;

use crate::reference;
use crate::text::search_form;

const WORDS: &str = include_str!("../../../../data/award/word.csv");

/// Where words are read in another form.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Place {
    Start,
    Anywhere,
}

#[derive(Deserialize)]
struct Row {
    written: String,
    meant: String,
    place: Place,
}

/// Words and what they mean.
#[derive(Clone)]
struct Rule {
    written: Vec<String>,
    meant: Vec<String>,
    place: Place,
}

impl Rule {
    /// Whether the words from a place on are those of the rule.
    fn fits(&self, words: &[&str], place: usize) -> bool {
        (place == 0 || self.place == Place::Anywhere)
            && words.len() >= self.written.len()
            && words.iter().zip(&self.written).all(|(word, written)| word == written)
    }
}

/// What brings names into one spelling.
#[derive(Clone)]
pub(super) struct Fold(Vec<Rule>);

impl Fold {
    pub(super) fn read() -> anyhow::Result<Self> {
        let rows: Vec<Row> = reference::csv(WORDS).context("word.csv")?;
        let rule = |row: Row| Rule {
            written: words(&row.written),
            meant: words(&row.meant),
            place: row.place,
        };
        let mut rules: Vec<Rule> = rows.into_iter().map(rule).collect();
        rules.retain(|rule| !rule.written.is_empty());
        rules.sort_by_key(|rule| Reverse(rule.written.len()));
        Ok(Self(rules))
    }

    /// A name without accents, capitals and signs, its words in one form.
    pub(super) fn plain(&self, name: &str) -> String {
        let name = words(name);
        let name: Vec<&str> = name.iter().map(String::as_str).collect();
        let mut folded: Vec<&str> = Vec::with_capacity(name.len());
        let mut place = 0;
        while let Some(rest) = name.get(place..).filter(|rest| !rest.is_empty()) {
            if let Some(rule) = self.0.iter().find(|rule| rule.fits(rest, place)) {
                folded.extend(rule.meant.iter().map(String::as_str));
                place += rule.written.len();
            } else {
                folded.extend(rest.first());
                place += 1;
            }
        }
        folded.join(" ")
    }
}

/// The words of a name, without accents, capitals and signs.
fn words(name: &str) -> Vec<String> {
    let form: String = search_form(name)
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '_' { letter } else { ' ' })
        .collect();
    form.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_meaning_have_one_spelling() {
        let fold = Fold::read().unwrap();
        for (name, plain) in [
            ("“Chiến sỹ  thi đua cấp tỉnh”.", "chien si thi dua cap tinh"),
            ("Danh hiệu Chiến sĩ thi đua cơ sở", "chien si thi dua co so"),
            ("tập thể LĐTT", "tap the lao dong tien tien"),
            ("HCLĐ hạng III", "huan chuong lao dong hang ba"),
            ("Huân chương Lao động hạng 1", "huan chuong lao dong hang nhat"),
            ("Huân chương \u{d0}ộc lập hạng Nhì", "huan chuong doc lap hang nhi"),
            ("BK của Chủ tịch Ủy ban nhân dân tỉnh", "bang khen ubnd tinh"),
            ("Bằng khen Bộ trưởng Bộ Nội vụ", "bang khen bo noi vu"),
            ("TP.HCM", "thanh pho hcm"),
            ("Kỉ niệm chương", "ky niem chuong"),
            ("CSTD_TINH", "cstd_tinh"),
            ("của", ""),
            ("", ""),
        ] {
            assert_eq!(fold.plain(name), plain, "{name}");
        }
    }

    #[test]
    fn accents_may_be_composed_or_not() {
        use unicode_normalization::UnicodeNormalization;
        let fold = Fold::read().unwrap();
        let name = "Bằng khen của Ủy ban nhân dân tỉnh Thừa Thiên Huế";
        let apart: String = name.nfd().collect();
        assert_eq!(fold.plain(name), fold.plain(&apart));
    }

    #[test]
    fn what_words_mean_is_in_one_form_already() {
        let fold = Fold::read().unwrap();
        for rule in &fold.0 {
            let meant = rule.meant.join(" ");
            assert_eq!(fold.plain(&meant), meant, "{:?}", rule.written);
        }
    }
}
