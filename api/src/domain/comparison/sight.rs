//! How much of a comparison a caller sees: all, the own rows, or what its state shows to members.
//! No SQL and no roles enter here; the scope has said which rows are the caller's.

use entity::comparison::State;

use super::rules::Row;

/// How much of one row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    /// Points by criterion, subtotals, what is missing.
    pub(super) detail: bool,
    /// Total, rank and what follows from them.
    pub(super) place: bool,
    /// Reports with their evidence, explanations and reasons.
    pub(super) reports: bool,
}

/// What a caller sees of a row: rows that are open to it, or what the state shows to every member.
pub(super) fn sight(is_open: bool, sees_all: bool, state: State) -> Sight {
    let is_published = state == State::Published;
    let is_shown = is_published || state == State::Provisional;
    Sight { detail: is_open || is_published, place: sees_all || is_shown, reports: is_open }
}

/// A row with what is not shown taken away.
pub(super) fn mask(mut row: Row, sight: Sight) -> Row {
    if !sight.detail {
        row.cells.clear();
        row.subtotals.clear();
        row.missing.clear();
    }
    if !sight.detail || !sight.place {
        row.drivers.clear();
    }
    if !sight.place {
        row.rank = None;
        row.rank_change = None;
        row.gap_to_next = None;
        row.is_tied = false;
        row.tie_break.clear();
    }
    if !sight.place && !sight.detail {
        row.total = None;
        row.is_complete = false;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_sees_others_only_as_far_as_the_state_shows() {
        let hidden = Sight { detail: false, place: false, reports: false };
        let totals = Sight { detail: false, place: true, reports: false };
        let table = Sight { detail: true, place: true, reports: false };
        assert_eq!(sight(false, false, State::Open), hidden);
        assert_eq!(sight(false, false, State::Provisional), totals);
        assert_eq!(sight(false, false, State::Published), table);
    }

    #[test]
    fn a_member_sees_its_own_scores_at_once_and_its_place_when_others_do() {
        let own = Sight { detail: true, place: false, reports: true };
        assert_eq!(sight(true, false, State::Open), own);
        assert!(sight(true, false, State::Provisional).place);
    }

    #[test]
    fn the_coordinator_sees_everything_at_once() {
        let all = Sight { detail: true, place: true, reports: true };
        assert_eq!(sight(true, true, State::Open), all);
    }

    #[test]
    fn a_masked_row_keeps_nothing_of_what_is_hidden() {
        let row = Row {
            member: uuid::Uuid::from_u128(7),
            rank: Some(1),
            previous_rank: Some(2),
            rank_change: Some(1),
            total: Some(crate::scalar::Decimal::from_units(1)),
            gap_to_next: Some(crate::scalar::Decimal::from_units(1)),
            is_complete: true,
            missing: vec!["1".to_owned()],
            is_tied: true,
            tie_break: Vec::new(),
            drivers: Vec::new(),
            cells: Vec::new(),
            subtotals: Vec::new(),
        };
        let masked = mask(row, sight(false, false, State::Open));
        assert_eq!((masked.rank, masked.total, masked.gap_to_next), (None, None, None));
        assert!(masked.missing.is_empty() && !masked.is_complete && !masked.is_tied);
    }
}
