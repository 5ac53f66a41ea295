//! Why an award is cancelled: rows of a file with their citations.
//! No award enters here.

use chrono::NaiveDate;
use entity::award_proposal::Ground;
use serde::Deserialize;

const GROUNDS: &str = include_str!("../../data/law/cancel_ground.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelGround {
    ground: Ground,
    pub(crate) citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ground: Vec<CancelGround>,
}

fn rows() -> &'static [CancelGround] {
    static READ: std::sync::OnceLock<Vec<CancelGround>> = std::sync::OnceLock::new();
    READ.get_or_init(|| toml::from_str::<File>(GROUNDS).map_or_else(|_| Vec::new(), |it| it.ground))
}

/// The row of a ground on a day; none where the law of that day does not know it.
pub(crate) fn cancel_ground(ground: Ground, on: NaiveDate) -> Option<&'static CancelGround> {
    let stands =
        |row: &&CancelGround| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    rows().iter().filter(stands).find(|row| row.ground == ground)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn every_ground_has_its_row() {
        let day = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap();

        for ground in Ground::iter() {
            let row = cancel_ground(ground, day(2026)).unwrap();
            assert!(row.citation.contains("Điều 93"), "{ground:?}");
            assert!(cancel_ground(ground, day(2023)).is_none(), "the article was not in force");
        }
    }
}
