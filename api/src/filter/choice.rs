//! Comparators of values that no column holds: those that are meant, to be told in SQL one by one.
//! No SQL enters here.

use async_graphql::{InputType, MaybeUndefined};

use super::{few, given};
use crate::error::Result;

/// Values that meet every comparator: `eq` and `neq`, `in` and `notIn`.
pub(crate) fn chosen<E: InputType + Copy + PartialEq>(
    (eq, neq): (MaybeUndefined<E>, MaybeUndefined<E>),
    (any, none): (MaybeUndefined<Vec<E>>, MaybeUndefined<Vec<E>>),
    all: impl Iterator<Item = E>,
) -> Result<Vec<E>> {
    let (eq, neq) = (given(eq)?, given(neq)?);
    let any = given(any)?.map(few).transpose()?;
    let none = given(none)?.map(few).transpose()?;
    let is_meant = |value: &E| {
        eq.is_none_or(|it| it == *value)
            && neq.is_none_or(|it| it != *value)
            && any.as_ref().is_none_or(|these| these.contains(value))
            && none.as_ref().is_none_or(|these| !these.contains(value))
    };
    Ok(all.filter(is_meant).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_meets_every_comparator_is_meant() {
        let absent = || MaybeUndefined::<i32>::Undefined;
        let none = || MaybeUndefined::<Vec<i32>>::Undefined;
        let of = |eq, any| chosen((eq, absent()), (any, none()), 1..=3).unwrap();

        assert_eq!(of(absent(), none()), [1, 2, 3]);
        assert_eq!(of(MaybeUndefined::Value(2), none()), [2]);
        assert!(of(MaybeUndefined::Value(2), MaybeUndefined::Value(vec![1, 3])).is_empty());
        let not = chosen((absent(), MaybeUndefined::Value(1)), (none(), none()), 1..=3).unwrap();
        assert_eq!(not, [2, 3]);
        assert!(chosen((MaybeUndefined::Null, absent()), (none(), none()), 1..=3).is_err());
    }
}
