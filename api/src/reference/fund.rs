//! How much of a fund may go into organising the work: rows of a file with their citations.
//! No entry of a fund enters here.

use chrono::NaiveDate;
use serde::Deserialize;

const SHARES: &str = include_str!("../../data/fund/organising_share.toml");

/// A row of the file: a share of what came in during a year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisingShare {
    pub(crate) numerator: i64,
    pub(crate) denominator: i64,
    pub(crate) citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    share: Vec<OrganisingShare>,
}

/// The row for the fund of a year; none where no rule is known.
pub(crate) fn organising_share(year: i32) -> Option<&'static OrganisingShare> {
    static READ: std::sync::OnceLock<Vec<OrganisingShare>> = std::sync::OnceLock::new();
    let read = || toml::from_str::<File>(SHARES).map_or_else(|_| Vec::new(), |file| file.share);
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
    let stands = |row: &&OrganisingShare| {
        row.valid_from <= last && row.valid_to.is_none_or(|end| last <= end)
    };
    READ.get_or_init(read).iter().find(stands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_begins_with_its_circular() {
        let row = organising_share(2025).unwrap();

        assert_eq!((row.numerator, row.denominator), (20, 100));
        assert!(row.citation.contains("28/2025/TT-BTC"));
        assert!(organising_share(2024).is_none());
    }
}
