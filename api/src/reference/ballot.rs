//! What the law asks of a ballot, by title and date: rows of a file with their citations.
//! No regulation of a council and no vote enters here.

use chrono::NaiveDate;
use entity::ballot_rule::{
    Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use entity::council::Kind;
use serde::Deserialize;

const RULES: &str = include_str!("../../data/ballot/ballot_rule.toml");

/// A row of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the file as it is written")]
pub(crate) struct LawRule {
    /// Codes of the titles it is about; none: of every other one.
    pub(crate) awards: Vec<String>,
    /// Whether it is about initiatives, and about no title.
    #[serde(default)]
    pub(crate) initiatives: bool,
    /// Kinds of councils whose votes count.
    pub(crate) councils: Vec<Kind>,
    /// Whether the votes of the standing part of a council count, too.
    pub(crate) standing_part: bool,
    pub(crate) quorum: (i32, i32),
    /// Where the quorum is from: not where the share of votes is.
    pub(crate) quorum_citation: String,
    pub(crate) threshold: (i32, i32),
    pub(crate) comparison: Comparison,
    pub(crate) base: Base,
    pub(crate) absentee: Absentee,
    pub(crate) recusal: Recusal,
    pub(crate) max_rounds: i32,
    pub(crate) after_rounds: AfterRounds,
    pub(crate) tie: Tie,
    pub(crate) over_quota: OverQuota,
    pub(crate) secrecy: Secrecy,
    /// Whether a regulation may ask for a show of hands.
    #[serde(default)]
    pub(crate) may_be_open: bool,
    /// Whether nobody is given the title before a ballot on him has passed.
    pub(crate) required: bool,
    /// Whether a regulation may ask for no less.
    pub(crate) floor: bool,
    pub(crate) citation: String,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<LawRule>,
}

/// Every row of the file, past ones too.
pub(crate) fn every_ballot_rule() -> &'static [LawRule] {
    rules()
}

/// Every row of the file.
fn rules() -> &'static [LawRule] {
    static RULES_READ: std::sync::OnceLock<Vec<LawRule>> = std::sync::OnceLock::new();
    RULES_READ.get_or_init(|| toml::from_str::<File>(RULES).map_or_else(|_| Vec::new(), |f| f.rule))
}

/// The rows in force on a day.
pub(crate) fn ballot_rules(on: NaiveDate) -> impl Iterator<Item = &'static LawRule> {
    let stands =
        move |row: &&LawRule| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    rules().iter().filter(stands)
}

/// Every row for a title that is in force on a day or on one after it; the rows of every other title where none
/// names this one.
pub(crate) fn ballot_rules_from(
    award: Option<&str>,
    day: NaiveDate,
) -> impl Iterator<Item = &'static LawRule> {
    let is_named =
        |row: &LawRule| award.is_some_and(|code| row.awards.iter().any(|own| own == code));
    let has_own = rules().iter().any(is_named);
    let is_meant = move |row: &LawRule| {
        let of_it = award.is_some_and(|code| row.awards.iter().any(|own| own == code));
        if has_own { of_it } else { row.awards.is_empty() && !row.initiatives }
    };
    rules().iter().filter(move |row| is_meant(row) && row.valid_to.is_none_or(|last| day <= last))
}

/// What the law asks for a title on a day: its own row, or the row of every other title.
pub(crate) fn ballot_rule(award: Option<&str>, on: NaiveDate) -> Option<&'static LawRule> {
    let names = |row: &&LawRule| award.is_some_and(|code| row.awards.iter().any(|own| own == code));
    let other = |row: &&LawRule| row.awards.is_empty() && !row.initiatives;
    ballot_rules(on).find(names).or_else(|| ballot_rules(on).find(other))
}

/// What is asked for initiatives on a day.
pub(crate) fn initiative_rule(on: NaiveDate) -> Option<&'static LawRule> {
    ballot_rules(on).find(|row| row.initiatives)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_one_row_speaks_for_each_title() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();

        assert_eq!(rules().len(), 8);
        assert!(
            rules().iter().all(|row| row.quorum_citation.contains("2/3") && row.quorum == (2, 3))
        );
        let of = |award| ballot_rule(Some(award), day).unwrap().threshold;
        assert_eq!(of("PROVINCIAL_EMULATION_FIGHTER"), (9, 10));
        assert_eq!(of("GOVERNMENT_EMULATION_FLAG"), (8, 10));
        assert_eq!(of("ORDER_LABOUR_3"), (1, 2));
        assert!(!ballot_rule(None, day).unwrap().initiatives);
        assert!(!initiative_rule(day).unwrap().floor);
        let open: Vec<_> = rules().iter().filter(|row| row.may_be_open).collect();
        assert!(
            open.len() == 1 && open.iter().all(|row| row.awards.is_empty() && !row.initiatives)
        );
        let fighter = |on| ballot_rule(Some("PROVINCIAL_EMULATION_FIGHTER"), on).unwrap();
        let decree = fighter(NaiveDate::from_ymd_opt(2025, 6, 30).unwrap());
        assert_eq!(decree.threshold, fighter(day).threshold, "carried over");
        assert_ne!(decree.citation, fighter(day).citation, "and it says so");
        let early = NaiveDate::from_ymd_opt(2022, 4, 19).unwrap();
        let before = ballot_rule(Some("PROVINCIAL_EMULATION_FIGHTER"), early).unwrap();
        assert!(before.citation.contains("91/2017/NĐ-CP, Điều 45") && !before.floor);
        let base = ballot_rule(Some("BASE_EMULATION_FIGHTER"), early).unwrap();
        assert_eq!((base.threshold, base.required, base.floor), ((1, 2), false, false));
        assert!(base.citation.starts_with("Chưa xác định"), "that it is a guess is said");
        assert_eq!(ballot_rule(Some("BASE_EMULATION_FIGHTER"), day).unwrap().threshold, (8, 10));
        let known = crate::reference::awards_in_force(day).unwrap();
        let named = rules().iter().flat_map(|row| &row.awards);
        for award in named {
            assert!(known.contains_key(award), "{award} is not in the catalogue");
        }
    }
}
