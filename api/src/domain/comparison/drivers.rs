//! Tells which criteria moved the rank of a member most.
//! No points are worked out, nobody is ranked anew, and no async, SQL, roles or GraphQL enter here.

use std::cmp::Reverse;

use super::{
    cells::{Scored, Tree},
    rules::{Criterion, Driver},
};
use crate::{domain::criterion::formula::Rounding, scalar::Decimal};

/// The most drivers a member has.
const MOST: usize = 3;

/// The ranked members as seen by one of them.
pub(super) struct Field<'a> {
    /// The totals, the highest first.
    totals: Vec<Decimal>,
    /// The median points of each criterion.
    medians: Vec<(&'a Criterion, Option<Decimal>)>,
}

impl<'a> Field<'a> {
    pub(super) fn of(scored: &[Scored<'_>], tree: &Tree<'a>, rounding: Rounding) -> Self {
        let mut totals: Vec<Decimal> = scored.iter().filter_map(Scored::ranked_total).collect();
        totals.sort_unstable_by_key(|total| Reverse(*total));
        let ranked = || scored.iter().filter(|one| one.ranked_total().is_some());
        let median = |(place, criterion): (usize, &&'a Criterion)| {
            let points = ranked().filter_map(|one| one.cells.get(place)?.final_points);
            (*criterion, median(points.collect(), rounding))
        };
        let medians = tree.leaves.iter().enumerate().map(median).collect();
        Self { totals, medians }
    }

    /// The criteria that moved the rank of a member most; none where it has no rank.
    pub(super) fn drivers(&self, one: &Scored<'_>) -> Vec<Driver> {
        let Some(total) = one.ranked_total() else { return Vec::new() };
        let cells = self.medians.iter().zip(&one.cells);
        let moved = cells.filter_map(|((criterion, median), cell)| {
            let points = cell.final_points?.checked_sub((*median)?)?;
            let places = self.places_gained(total, points)?;
            (points != Decimal::ZERO).then_some((*criterion, places, points))
        });
        let mut moved: Vec<(&Criterion, i64, Decimal)> = moved.collect();
        moved.sort_unstable_by_key(|(criterion, places, points)| {
            let size = (places.unsigned_abs(), points.units().unsigned_abs());
            (Reverse(size), criterion.code.as_str())
        });
        moved.truncate(MOST);
        let driver = |(criterion, places, points): (&Criterion, i64, Decimal)| Driver {
            criterion: criterion.id,
            code: criterion.code.clone(),
            places,
            points,
        };
        moved.into_iter().map(driver).collect()
    }

    /// How many more totals would be above a member's without these points of it.
    fn places_gained(&self, total: Decimal, points: Decimal) -> Option<i64> {
        let without = total.checked_sub(points)?;
        let own = i64::from(total > without);
        Some(self.above(without)? - own - self.above(total)?)
    }

    fn above(&self, total: Decimal) -> Option<i64> {
        i64::try_from(self.totals.partition_point(|other| *other > total)).ok()
    }
}

fn median(mut points: Vec<Decimal>, rounding: Rounding) -> Option<Decimal> {
    points.sort_unstable();
    let half = points.len() / 2;
    let middle = if points.len() % 2 == 1 { half..=half } else { half.checked_sub(1)?..=half };
    rounding.mean(points.get(middle)?)
}
