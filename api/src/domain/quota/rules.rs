//! The arithmetic of quotas: whole numbers throughout.
//! No query enters here.

use entity::quota::{self, Rounding};
use entity::unit;

/// How many a quota allows of a base, before waivers.
pub(super) fn limit(row: &quota::Model, base: i32) -> i32 {
    let Some(percent) = row.share_percent else { return row.most.unwrap_or_default() };
    let hundredths = i64::from(base) * i64::from(percent);
    let extra = match row.rounding {
        Rounding::Down => 0,
        Rounding::HalfUp => 50,
        Rounding::Up => 99,
    };
    i32::try_from((hundredths + extra) / 100).unwrap_or(i32::MAX)
}

/// Whether a quota is meant for units of a kind.
pub(super) fn is_for(row: &quota::Model, kind: unit::Kind) -> bool {
    row.unit_kind.is_none_or(|it| it == kind)
}

/// How many are asked for beyond what is left.
pub(super) fn over(limit: i32, waived: i32, taken: i32, asked: i32) -> i32 {
    let most = i64::from(limit) + i64::from(waived);
    let over = i64::from(taken) + i64::from(asked) - most;
    i32::try_from(over.max(0)).unwrap_or(i32::MAX).min(asked)
}

#[cfg(test)]
mod tests {
    use entity::eligibility_rule::Severity;
    use entity::quota::Base;
    use proptest::prelude::*;

    use super::*;

    fn share(percent: i32, rounding: Rounding) -> quota::Model {
        quota::Model {
            tenant_id: uuid::Uuid::nil(),
            id: uuid::Uuid::nil(),
            award_type_code: String::new(),
            subject_kind: None,
            commendation_type: None,
            unit_kind: None,
            base: Base::Advanced,
            share_percent: Some(percent),
            most: None,
            rounding,
            severity: Severity::Block,
            citation: String::new(),
            valid_from: chrono::NaiveDate::default(),
            valid_to: None,
            author_id: uuid::Uuid::nil(),
            version: 1,
        }
    }

    #[test]
    fn a_share_becomes_a_whole_number() {
        assert_eq!(limit(&share(15, Rounding::Down), 82), 12);
        assert_eq!(limit(&share(15, Rounding::Up), 82), 13);
        assert_eq!(limit(&share(15, Rounding::HalfUp), 82), 12);
        assert_eq!(limit(&share(15, Rounding::HalfUp), 90), 14);
        assert_eq!(limit(&share(15, Rounding::Up), 100), 15);
        assert_eq!(limit(&share(20, Rounding::Down), 0), 0);
    }

    proptest! {
        #[test]
        fn what_is_over_is_never_negative_and_never_more_than_asked(
            limit in 0..100_i32, waived in 0..10_i32, taken in 0..200_i32, asked in 0..50_i32,
        ) {
            let over = over(limit, waived, taken, asked);
            prop_assert!((0..=asked).contains(&over));
            prop_assert!(over > 0 || taken + asked <= limit + waived || asked == 0);
        }
    }
}
