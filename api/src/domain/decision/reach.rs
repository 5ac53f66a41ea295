//! Which units can decide which titles, as a condition on both of them in one query.
//! No decision is read or written here.

use entity::unit::Kind;
use entity::{award_type, unit};
use sea_orm::{ColumnTrait, Condition};
use strum::IntoEnumIterator;

use super::rules::fits;
use crate::domain::award::AwardDecider;

/// A unit and a title that a decision of this unit can give: the register of one of those who decide the title can stand
/// there.
pub(in crate::domain) fn gives() -> Condition {
    AwardDecider::iter().fold(Condition::any(), |any, issuer| {
        any.add(Condition::all().add(is_named(issuer)).add(has_register(issuer)))
    })
}

/// The titles among whose deciders an authority is; the list has bars between.
fn is_named(issuer: AwardDecider) -> Condition {
    use award_type::Column::DecidedBy;
    let word: &str = issuer.into();
    Condition::any()
        .add(DecidedBy.eq(word))
        .add(DecidedBy.starts_with(format!("{word}|")))
        .add(DecidedBy.ends_with(format!("|{word}")))
        .add(DecidedBy.contains(format!("|{word}|")))
}

/// The units where the register of an authority can stand.
fn has_register(issuer: AwardDecider) -> Condition {
    use unit::Column;
    let kinds = |is_root: bool| Kind::iter().filter(move |kind| fits(issuer, *kind, is_root));
    let at_root =
        Condition::all().add(Column::ParentId.is_null()).add(Column::Kind.is_in(kinds(true)));
    let below =
        Condition::all().add(Column::ParentId.is_not_null()).add(Column::Kind.is_in(kinds(false)));
    Condition::any().add(at_root).add(below)
}
