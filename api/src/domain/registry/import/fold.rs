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
    /// Before everything that is kept.
    Start,
    /// Nothing follows.
    End,
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
    /// Whether the words that are left begin with those of the rule.
    fn fits(&self, words: &[&str], is_first: bool) -> bool {
        let is_in_place = match self.place {
            Place::Start => is_first,
            Place::End => words.len() == self.written.len(),
            Place::Anywhere => true,
        };
        is_in_place
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
        rules.sort_by_key(|rule| (Reverse(rule.written.len()), rule.place != Place::End));
        Ok(Self(rules))
    }

    /// A name without accents, capitals and signs, its words in one form.
    pub(super) fn plain(&self, name: &str) -> String {
        let name = words(name);
        let name: Vec<&str> = name.iter().map(String::as_str).collect();
        let mut folded: Vec<&str> = Vec::with_capacity(name.len());
        let mut place = 0;
        while let Some(rest) = name.get(place..).filter(|rest| !rest.is_empty()) {
            let is_first = folded.is_empty();
            if let Some(rule) = self.0.iter().find(|rule| rule.fits(rest, is_first)) {
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

/// The words of a name, without accents, capitals and signs; letters and numerals that stand in one sign apart.
fn words(name: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    let name: String = name.nfkc().filter(|sign| !is_invisible(*sign)).collect();
    let name: Vec<String> = name.split_whitespace().map(joined).collect();
    let form: String = search_form(&name.join(" "))
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '_' { letter } else { ' ' })
        .collect();
    form.split_whitespace().map(str::to_owned).collect()
}

/// Letters with points between them as one word; two may be one of two words, such as T.P.
fn joined(word: &str) -> String {
    let letters: Vec<&str> =
        word.trim_matches(|sign: char| !sign.is_alphanumeric()).split('.').collect();
    let is_letter =
        |part: &&str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    if letters.len() > 2 && letters.iter().all(is_letter) {
        return letters.concat();
    }
    word.to_owned()
}

/// Whether a sign only says where a line may break, as copied text carries it within words.
const fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_meaning_have_one_spelling() {
        let fold = Fold::read().unwrap();
        for (name, plain) in [
            ("“Chiến sỹ  thi đua cấp tỉnh”.", "chien si thi dua tinh"),
            ("Danh hiệu Chiến sĩ thi đua cơ sở", "chien si thi dua co so"),
            ("tập thể LĐTT", "tap the lao dong tien tien"),
            ("HCLĐ hạng III", "huan chuong lao dong hang ba"),
            ("Huân chương Lao động hạng 1", "huan chuong lao dong hang nhat"),
            ("Huân chương \u{d0}ộc lập hạng Nhì", "huan chuong doc lap hang nhi"),
            ("BK của Chủ tịch Ủy ban nhân dân tỉnh", "bang khen ubnd tinh"),
            ("Bằng khen Bộ trưởng Bộ Nội vụ", "bang khen bo noi vu"),
            ("TP.HCM", "thanh pho ho chi minh"),
            ("Kỉ niệm chương", "ky niem chuong"),
            ("CSTD_TINH", "cstd_tinh"),
            ("Huân chương Lao động (3)", "huan chuong lao dong hang ba"),
            ("hạng \u{2162}", "hang ba"),
            ("UBND phường 3 Bản Mẫu", "ubnd phuong 3 ban mau"),
            ("Tặng danh hiệu: Lao động TT", "lao dong tien tien"),
            ("lao\u{a0}đ\u{200b}ộng", "lao dong"),
            ("Chiến sĩ thi đua cấp Bộ", "chien si thi dua bo ban nganh"),
            ("Chiến sĩ thi đua cấp Bộ Mẫu", "chien si thi dua bo mau"),
            ("C.S.T.Đ.C.S", "chien si thi dua co so"),
            ("H.C.L.Đ. hạng Nhì", "huan chuong lao dong hang nhi"),
            ("T.P HCM", "thanh pho ho chi minh"),
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
