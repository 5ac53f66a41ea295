//! Which titles and forms the law wants made public before they are proposed: rows of a file with their citations.
//! No regulation of a tenant enters here.

use chrono::NaiveDate;
use serde::Deserialize;

const NOTICES: &str = include_str!("../../data/rule/notice.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawNotice {
    /// Codes of the titles and forms it is about.
    pub(crate) awards: Vec<String>,
    /// For how many days; none where the law gives no number.
    pub(crate) days: Option<i32>,
    pub(crate) citation: String,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    notice: Vec<LawNotice>,
}

/// Every row of the file, past ones too.
pub(crate) fn every_notice() -> &'static [LawNotice] {
    static READ: std::sync::OnceLock<Vec<LawNotice>> = std::sync::OnceLock::new();
    let read = || toml::from_str::<File>(NOTICES).map_or_else(|_| Vec::new(), |file| file.notice);
    READ.get_or_init(read)
}

/// The rows in force on a day.
pub(crate) fn notices(on: NaiveDate) -> impl Iterator<Item = &'static LawNotice> {
    let stands =
        move |row: &&LawNotice| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    every_notice().iter().filter(stands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_titles_of_the_catalogue() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let known = crate::reference::awards_in_force(day).unwrap();
        let named: Vec<&String> = notices(day).flat_map(|row| &row.awards).collect();
        assert!(named.len() >= 20);
        for award in named {
            assert!(known.contains_key(award), "{award} is not in the catalogue");
        }
        assert_eq!(notices(NaiveDate::from_ymd_opt(2023, 12, 31).unwrap()).count(), 0);
    }
}
