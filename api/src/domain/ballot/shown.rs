//! What a result says in words, and how a moment is told.
//! No query enters here.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ballot::State;
use entity::ballot_result::{self, Outcome};
use entity::ballot_rule::Comparison;
use sea_orm::ActiveEnum;

use super::rule::Rule;
use crate::error::{Code, Fault};
use crate::text::Language;

/// Fewer ballots than this tell only the verdict.
pub(super) const FEWEST: usize = 5;

/// A rule in words, with its citation.
pub(in crate::domain) fn rule_words(rule: &Rule, language: Language) -> String {
    let (n, d) = (rule.threshold.numerator, rule.threshold.denominator);
    let citation = &rule.citation;
    match (language, rule.comparison) {
        (Language::Vi, Comparison::AtLeast) => format!("Từ {n}/{d} trở lên ({citation})"),
        (Language::Vi, Comparison::MoreThan) => format!("Trên {n}/{d} ({citation})"),
        (Language::En, Comparison::AtLeast) => format!("At least {n}/{d} ({citation})"),
        (Language::En, Comparison::MoreThan) => format!("More than {n}/{d} ({citation})"),
    }
}

/// The verdict in words: votes, base, what was needed, where it may be told.
pub(in crate::domain) fn words(row: &ballot_result::Model, language: Language) -> String {
    let verdict = match (language, row.outcome) {
        (Language::Vi, Outcome::Passed) => "Đạt",
        (Language::Vi, Outcome::Failed) => "Không đạt",
        (Language::Vi, Outcome::OverQuota) => "Đạt nhưng vượt số lượng",
        (Language::Vi, Outcome::Tied) => "Bằng phiếu ở vị trí cuối, Chủ tịch Hội đồng quyết định",
        (Language::En, Outcome::Passed) => "Passed",
        (Language::En, Outcome::Failed) => "Not passed",
        (Language::En, Outcome::OverQuota) => "Passed, but the places are taken",
        (Language::En, Outcome::Tied) => "Tied for the last place, the chair decides",
    };
    if row.outcome == Outcome::Failed && row.base == 0 {
        return too_few(verdict, row.yes, language);
    }
    let Some(yes) = row.yes else { return verdict.to_owned() };
    let (base, needed) = (row.base, row.needed);
    match language {
        Language::Vi => format!("{verdict}: {yes}/{base} phiếu đồng ý, cần ít nhất {needed}"),
        Language::En => format!("{verdict}: {yes} of {base} in favour, at least {needed} needed"),
    }
}

/// The verdict where there was nothing of which the votes could be a share.
fn too_few(verdict: &str, yes: Option<i32>, language: Language) -> String {
    match (language, yes) {
        (Language::Vi, Some(yes)) => {
            format!("{verdict}: chưa đủ số thành viên có ý kiến ({yes} phiếu đồng ý)")
        }
        (Language::Vi, None) => format!("{verdict}: chưa đủ số thành viên có ý kiến"),
        (Language::En, Some(yes)) => {
            format!("{verdict}: too few members have answered ({yes} in favour)")
        }
        (Language::En, None) => format!("{verdict}: too few members have answered"),
    }
}

/// Why something cannot be done while a ballot stands as it does: it is said that the state is the ballot's, whatever the
/// path names.
pub(in crate::domain) fn ballot_is(state: State, path: &str) -> Fault {
    Fault::at(Code::WrongState, path).with("case", "BALLOT").with("state", state.to_value())
}

/// A moment as a clock in Vietnam shows it.
pub(super) fn in_vietnam(at: DateTime<Utc>) -> String {
    (at + TimeDelta::hours(7)).format("%Y-%m-%d %H:%M (UTC+7)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_ballot_is_called_that() {
        let say = |state, language| ballot_is(state, "input.itemId").message(language);
        let open = say(State::Open, Language::Vi);
        assert_eq!(open, "Không thực hiện được vì cuộc bỏ phiếu đang mở.");
        let counting = say(State::Counting, Language::En);
        assert_eq!(counting, "Not possible: the ballot is being counted.");
    }
}
