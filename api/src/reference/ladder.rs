//! Which title or form is lower than which: rows of a file with their citations.
//! No subject and no vote enters here.

use serde::Deserialize;

const LADDERS: &str = include_str!("../../data/award/ladder.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    /// From the highest step to the lowest; codes of one step are equals.
    steps: Vec<Vec<String>>,
    #[serde(rename = "citation")]
    _citation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ladder: Vec<Ladder>,
}

fn ladders() -> &'static [Ladder] {
    static READ: std::sync::OnceLock<Vec<Ladder>> = std::sync::OnceLock::new();
    READ.get_or_init(|| {
        toml::from_str::<File>(LADDERS).map_or_else(|_| Vec::new(), |file| file.ladder)
    })
}

/// Whether a title or form stands on a lower step of a ladder than another one.
pub(crate) fn is_lower(award: &str, than: &str) -> bool {
    ladders().iter().any(|ladder| {
        let step =
            |code: &str| ladder.steps.iter().position(|step| step.iter().any(|it| it == code));
        matches!((step(award), step(than)), (Some(lower), Some(higher)) if lower > higher)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_title_is_of_its_kind() {
        let is_known = crate::reference::is_award;
        for code in ladders().iter().flat_map(|ladder| &ladder.steps).flatten() {
            assert!(is_known(code), "{code} is not in the catalogue");
        }
        assert!(is_lower("BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"));
        assert!(!is_lower("NATIONAL_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"));
        assert!(!is_lower("ORDER_LABOUR_1", "PROVINCIAL_EMULATION_FIGHTER"), "of another kind");
        assert!(!is_lower("ORDER_GOLD_STAR", "ORDER_LABOUR_3"));
        assert!(is_lower("PM_CERTIFICATE", "ORDER_LABOUR_3"));
    }
}
