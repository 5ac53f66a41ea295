//! What a decision tells the ledger of quotas: whom of a submission it answers with what, and whom it commends beside.
//! No place is counted here.

use std::collections::HashMap;

use entity::{award_type, nominee};
use uuid::Uuid;

use super::Series;
use super::vote::Voted;
use super::wish::Wish;
use crate::domain::quota;

/// The codes of titles by their ids.
pub(super) fn codes(catalogue: &[award_type::Model]) -> impl Fn(Uuid) -> Option<String> {
    let codes: HashMap<Uuid, &String> = catalogue.iter().map(|row| (row.id, &row.code)).collect();
    move |id| codes.get(&id).copied().cloned()
}

/// Every nominee that is decided on here, with the title he was proposed for and the one that is left to him.
pub(super) fn answered(
    code: impl Fn(Uuid) -> Option<String>,
    (nominees, left): (&[nominee::Model], &[Voted]),
) -> Vec<quota::Answered> {
    let left: HashMap<Uuid, Uuid> =
        left.iter().map(|row| (row.nominee.id, row.nominee.award_type_id)).collect();
    let one = |nominee: &nominee::Model| {
        Some(quota::Answered {
            submission: nominee.submission_id,
            kind: nominee.kind,
            name: nominee.name.clone(),
            proposed: code(nominee.award_type_id)?,
            given: left.get(&nominee.id).and_then(|id| code(*id)),
        })
    };
    // Who finds no place is named as last in his list.
    let mut listed: Vec<&nominee::Model> = nominees.iter().collect();
    listed.sort_by_key(|row| (row.submission_id, row.position));
    listed.into_iter().filter_map(one).collect()
}

/// Those whom no submission proposes: what is given to them is taken from the quotas with the decision. What an
/// authority elsewhere has decided is written down as it is.
pub(super) fn unproposed(wishes: &[Wish], series: &Series) -> Vec<quota::Direct> {
    let is_ours = |wish: &&Wish| !wish.is_proposed && wish.is_ours(series);
    let direct = |wish: &Wish| quota::Direct {
        unit: wish.subject.unit_id,
        year: wish.counting.1,
        commendation: wish.commendation_type,
        kind: wish.subject.kind,
        subject: wish.subject.id,
        name: wish.name.clone(),
        code: wish.award_type.code.clone(),
    };
    wishes.iter().filter(is_ours).map(direct).collect()
}
