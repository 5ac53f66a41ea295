//! What stands behind the name of a title and is no part of it: the year, and what it was given for.
//! A count is never taken away: it says that there are more awards than one.

use anyhow::Context;
use serde::Deserialize;

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
