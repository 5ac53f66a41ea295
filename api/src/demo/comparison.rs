//! Comparisons of the demo; published ones hold the places that the real rules work out.
//! No points are invented here.

use std::collections::BTreeMap;

use anyhow::anyhow;
use entity::comparison::State;
use entity::score::Layer as StoredLayer;
use entity::{cluster_member, comparison, comparison_row, score};

use super::criteria::{Scale, Stage};
use super::random::id;
use super::rows::Rows;
use super::{day, moment};
use crate::domain::comparison::hash::inputs_hash;
use crate::domain::comparison::rules::{Criterion, Entry, Input, Layer, Member, Row, compare};
use crate::domain::criterion;
use crate::domain::criterion::rules::Measure;
use crate::error::Error;
use crate::scalar::Decimal;

pub(super) fn build(
    rows: &mut Rows,
    scale: &Scale<'_>,
    scores: &[score::Model],
) -> anyhow::Result<()> {
    let mut comparison = open(scale);
    if scale.stage == Stage::Published {
        let input = input(scale, scores)?;
        comparison.inputs_hash = Some(inputs_hash(&input));
        comparison.published_at = Some(moment(day(scale.set.year, 12, 28)?, 9 * 60));
        let places = compare(&input).rows;
        rows.comparison_row
            .extend(places.iter().filter_map(|place| place_row(&comparison, scale, place)));
    }
    rows.comparison.push(comparison);
    Ok(())
}

fn open(scale: &Scale<'_>) -> comparison::Model {
    let year = scale.set.year;
    comparison::Model {
        cluster_id: scale.set.cluster_id,
        id: id("comparison", &[&scale.cluster.row.code, &year.to_string()]),
        year,
        set_id: scale.set.id,
        state: match scale.stage {
            Stage::Open => State::Open,
            Stage::Provisional => State::Provisional,
            Stage::Published => State::Published,
        },
        ballot: "{}".to_owned(),
        inputs_hash: None,
        reason: None,
        published_at: None,
        version: 1,
    }
}

fn place_row(
    comparison: &comparison::Model,
    scale: &Scale<'_>,
    place: &Row,
) -> Option<comparison_row::Model> {
    let member = scale.members.iter().find(|member| member.id == place.member)?;
    Some(comparison_row::Model {
        cluster_id: comparison.cluster_id,
        comparison_id: comparison.id,
        member_id: member.id,
        unit_id: member.unit_id,
        year: comparison.year,
        rank: place.rank.and_then(|rank| i32::try_from(rank).ok()),
        total: place.total.map(Decimal::units),
    })
}

/// What the rules look at; published years are the first of their clusters, so nobody had a rank.
pub(super) fn input(scale: &Scale<'_>, scores: &[score::Model]) -> anyhow::Result<Input> {
    let one = |one: &super::criteria::Criterion| Criterion {
        id: one.row.id,
        code: one.row.code.clone(),
        parent: one.row.parent_id,
        position: one.row.position,
        max: one.max,
        kind: one.kind.clone(),
    };
    let member = |one: &&cluster_member::Model| Member { id: one.id, previous_rank: None };
    Ok(Input {
        set: scale.set.id,
        revision: scale.set.revision,
        rounding: criterion::rounding(&scale.set).map_err(broken)?,
        tie_rules: criterion::tie_rules(&scale.set).map_err(broken)?,
        criteria: scale.criteria.iter().map(one).collect(),
        members: scale.members.iter().map(member).collect(),
        entries: scores.iter().map(entry).collect(),
        ballot: BTreeMap::new(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a converter for map_err")]
fn broken(fault: Error) -> anyhow::Error {
    anyhow!("a criteria set that the rules cannot read: {fault:?}")
}

fn entry(score: &score::Model) -> Entry {
    Entry {
        criterion: score.criterion_id,
        member: score.member_id,
        layer: match score.layer {
            StoredLayer::Own => Layer::Own,
            StoredLayer::Peer => Layer::Peer,
            StoredLayer::Verified => Layer::Verified,
        },
        assessor: score.assessor_id,
        measure: measure(score),
    }
}

/// A stored score as the rules read it.
pub(super) fn measure(score: &score::Model) -> Measure {
    Measure {
        value: score.value.map(Decimal::from_units),
        reference: score.reference.map(Decimal::from_units),
        met: score.is_met,
    }
}
