//! Of what the holder of an award is stripped: rows of a file with their citations.
//! No award enters here.

use chrono::NaiveDate;
use entity::award_type::Family;
use serde::Deserialize;

const REVOCATIONS: &str = include_str!("../../data/law/revocation.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revocation {
    /// The families of titles and forms of which somebody can be stripped.
    pub(crate) families: Vec<Family>,
    pub(crate) citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    revocation: Vec<Revocation>,
}

fn rows() -> &'static [Revocation] {
    static READ: std::sync::OnceLock<Vec<Revocation>> = std::sync::OnceLock::new();
    let read =
        || toml::from_str::<File>(REVOCATIONS).map_or_else(|_| Vec::new(), |it| it.revocation);
    READ.get_or_init(read)
}

/// What the law of a day says; none where it is not known.
pub(crate) fn revocation(on: NaiveDate) -> Option<&'static Revocation> {
    rows().iter().find(|row| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_today_names_what_is_revoked() {
        let day = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap();

        let row = revocation(day(2026)).unwrap();

        assert_eq!(row.families, [Family::StateHonoraryTitle]);
        assert!(row.citation.contains("Điều 93"), "{row:?}");
        assert!(revocation(day(2023)).is_none(), "the article was not in force");
    }
}
