//! What stands behind the name of a title and is no part of it: the year, and what it was given for.
//! A count is never taken away: it says that there are more awards than one.

use anyhow::Context;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::reference;
use crate::text::search_form;

const REMARKS: &str = include_str!("../../../../data/award/remark.csv");

/// Words before a year that say only that one follows.
const YEAR: [&str; 7] = ["năm học", "giai đoạn", "từ năm", "năm", "nam hoc", "giai doan", "tu nam"];

/// How a remark begins.
#[derive(Deserialize)]
struct Remark {
    begins: String,
}

/// What may stand behind names.
pub(super) struct Tails(Vec<String>);

impl Tails {
    pub(super) fn read() -> anyhow::Result<Self> {
        let rows = reference::csv::<Remark>(REMARKS).context("remark.csv")?;
        Ok(Self(rows.iter().map(|row| search_form(&row.begins)).collect()))
    }

    /// The name before a remark and a year.
    pub(super) fn name<'a>(&self, written: &'a str) -> &'a str {
        let is_remark = |at: &usize| {
            let rest = written.get(*at..).map(search_form).unwrap_or_default();
            self.0.iter().any(|begins| {
                rest.strip_prefix(begins.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        };
        let cut = written.match_indices(' ').map(|(at, _)| at).find(is_remark);
        let name = cut.and_then(|at| written.get(..at)).unwrap_or(written);
        undated(name).unwrap_or(name)
    }
}

/// What stands before one year or the years from one to another; none where no such one stands at the end.
fn undated(name: &str) -> Option<&str> {
    let name = name.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    let mut before = without_year(name)?;
    let first = before.trim_end().strip_suffix(['-', '–', '—']);
    if let Some(first) = first {
        before = without_year(first.trim_end())?;
    }
    let is_apart = before.ends_with(|sign: char| sign.is_whitespace() || sign == '(');
    let name = is_apart.then(|| without_signs(before))?;
    let bare = YEAR.iter().find_map(|words| {
        let at = name.len().checked_sub(words.len())?;
        let (before, said) = name.split_at_checked(at)?;
        let is_said = said.to_lowercase() == *words;
        (is_said && before.ends_with([' ', '('])).then_some(before)
    });
    Some(without_signs(bare.unwrap_or(name)))
}

/// The first and the last of the years that a title as it was written says it counts: behind "năm", or from one to
/// another in brackets. The day of a decision tells none.
pub(super) fn years_named(written: &str) -> Option<(i32, i32)> {
    let text: String = written.nfkc().collect::<String>().to_lowercase();
    let worded = text.match_indices("năm ").filter_map(|(at, word)| {
        let (before, rest) = (text.get(..at)?, text.get(at + word.len()..)?);
        let is_word = !before.ends_with(char::is_alphanumeric) && !ends_with_month(before);
        is_word.then(|| run_of_years(rest.trim_start())).flatten().map(|(years, _)| years)
    });
    let bracketed = text.match_indices('(').filter_map(|(at, sign)| {
        let (years, rest) = run_of_years(text.get(at + sign.len()..)?.trim_start())?;
        (years.0 != years.1 && rest.trim_start().starts_with(')')).then_some(years)
    });
    worded.chain(bracketed).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Whether the last words are those for a month.
fn ends_with_month(before: &str) -> bool {
    let before = before.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    before.rsplit(' ').nth(1) == Some("tháng")
}

/// The first and the last of the years with which a text begins, and what follows them.
fn run_of_years(text: &str) -> Option<((i32, i32), &str)> {
    let (first, mut rest) = one_year(text)?;
    let (mut low, mut high) = (first, first);
    while let Some((other, after)) = following_year(rest) {
        (low, high) = (low.min(other), high.max(other));
        rest = after;
    }
    Some(((low, high), rest))
}

/// The year behind a sign that joins years.
fn following_year(text: &str) -> Option<(i32, &str)> {
    one_year(text.trim_start().strip_prefix(['-', '–', '—', ','])?.trim_start())
}

/// The year with which a text begins, and what follows it.
fn one_year(text: &str) -> Option<(i32, &str)> {
    let (year, rest) = text.split_at_checked(4)?;
    let is_year = year.chars().all(|sign| sign.is_ascii_digit())
        && (year.starts_with("19") || year.starts_with("20"))
        && !rest.starts_with(char::is_alphanumeric);
    Some((year.parse().ok().filter(|_| is_year)?, rest))
}

fn without_signs(name: &str) -> &str {
    name.trim_end_matches([' ', '(', ',', '-', ':', ';'])
}

/// What stands before a year at the end.
fn without_year(name: &str) -> Option<&str> {
    let (before, year) = name.split_at_checked(name.len().checked_sub(4)?)?;
    let is_year = year.chars().all(|sign| sign.is_ascii_digit())
        && (year.starts_with("19") || year.starts_with("20"));
    (is_year && !before.ends_with(char::is_alphanumeric)).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_those_of_the_achievements() {
        for (written, years) in [
            ("CSTĐ cấp tỉnh năm 2019", Some((2019, 2019))),
            ("CSTĐ cấp tỉnh (2016-2018)", Some((2016, 2018))),
            ("CSTĐ cấp tỉnh (năm 2019).", Some((2019, 2019))),
            ("LĐTT năm 2021 – 2023", Some((2021, 2023))),
            ("Bằng khen vì thành tích các năm 2021, 2022", Some((2021, 2022))),
            ("Bằng khen vì thành tích từ năm 2010 đến năm 2020", Some((2010, 2020))),
            ("Bằng khen theo Quyết định ngày 5 tháng 3 năm 2024", None),
            ("Bằng khen theo Quyết định (05/3/2024)", None),
            ("LĐTT năm học 2022-2023", None),
            ("Tổng LĐLĐ Việt Nam 2023", None),
            ("LĐTT (2023)", None),
            ("LĐTT năm 20235", None),
            ("", None),
        ] {
            assert_eq!(years_named(written), years, "{written}");
        }
    }

    #[test]
    fn a_year_and_a_remark_are_no_part_of_a_name() {
        let tails = Tails::read().unwrap();
        for (written, name) in [
            ("LĐTT năm 2023", "LĐTT"),
            ("CSTĐ cấp tỉnh (2021-2023)", "CSTĐ cấp tỉnh"),
            ("CSTĐ cấp tỉnh giai đoạn 2021 – 2023.", "CSTĐ cấp tỉnh"),
            ("Lao động tiên tiến (năm 2023)", "Lao động tiên tiến"),
            ("Tổng LĐLĐ Việt Nam 2023", "Tổng LĐLĐ Việt Nam"),
            ("Bằng khen của UBND tỉnh về thành tích năm 2023", "Bằng khen của UBND tỉnh"),
            ("LĐTT năm 2022, 2023", "LĐTT năm 2022"),
            ("Bằng khen của Thủ tướng (2 lần)", "Bằng khen của Thủ tướng (2 lần)"),
            ("Huân chương Lao động (hạng Ba)", "Huân chương Lao động (hạng Ba)"),
            ("12/2023", "12/2023"),
            ("2023", "2023"),
            ("", ""),
        ] {
            assert_eq!(tails.name(written), name, "{written}");
        }
    }
}
