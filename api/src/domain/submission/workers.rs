//! How many of those whom a submission proposes work directly, beside the target of the year.
//! Nothing is refused here: the target is about all awards of the year.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{SimpleObject, dataloader};
use entity::award_target::{self, Comparator, Measure};
use entity::nominee::SubjectKind;
use entity::subject::{self, LeadershipClass};
use entity::{nominee, unit_above};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Act, Gate, Loader};
use crate::domain::statistics::percent;
use crate::error::{Error, Result};
use crate::scalar::Decimal;

/// How many persons of a submission work directly (người trực tiếp lao động, công tác), beside the target of the year.
#[derive(Clone, Debug, Default, SimpleObject)]
pub(crate) struct SubmissionDirectWorkers {
    /// Persons whom it proposes.
    persons: i32,
    /// Those of whom the caller can read whether they work directly: their leadership class is known.
    known: i32,
    /// Those who do.
    direct: i32,
    /// In percent of those of whom it is known; null where it is known of nobody.
    percent: Option<Decimal>,
    /// The target of the year in percent, of the unit or the nearest one above it; null where none is set, and for a
    /// caller who may not read targets.
    target: Option<Decimal>,
    /// The plan or decision that sets it; null where `target` is.
    target_source: Option<String>,
    /// Whether the submission by itself meets it; null where either is not known.
    is_met: Option<bool>,
}

/// The direct workers of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Workers {
    pub(super) submission: Uuid,
    pub(super) unit: Uuid,
    pub(super) year: i32,
}

impl dataloader::Loader<Workers> for Loader {
    type Value = SubmissionDirectWorkers;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Workers]) -> Result<HashMap<Workers, Self::Value>, Arc<Error>> {
        read(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn read(gate: &Gate, keys: &[Workers]) -> Result<HashMap<Workers, SubmissionDirectWorkers>> {
    let persons = persons(gate, keys).await?;
    let targets = targets(gate, keys).await?;
    let ids = persons.iter().filter_map(|row| row.subject_id);
    let subjects = gate.rows::<subject::Entity>(Act::SubjectRead)?;
    let subjects = subjects.filter(subject::Column::Id.is_in(ids)).all().await?;
    let subjects: HashMap<Uuid, subject::Model> =
        subjects.into_iter().map(|row| (row.id, row)).collect();
    let one = |key: &Workers| {
        // Who is proposed for two titles is one person.
        let mut seen = HashSet::new();
        let own: Vec<&nominee::Model> = persons
            .iter()
            .filter(|row| row.submission_id == key.submission)
            .filter(|row| row.subject_id.is_none_or(|subject| seen.insert(subject)))
            .collect();
        let works = |row: &&nominee::Model| works_directly(subjects.get(&row.subject_id?)?);
        let known: Vec<bool> = own.iter().filter_map(works).collect();
        let direct = known.iter().filter(|works| **works).count();
        let of = SubmissionDirectWorkers {
            persons: count(own.len()),
            known: count(known.len()),
            direct: count(direct),
            ..SubmissionDirectWorkers::default()
        };
        (*key, against(&of, targets.get(key)))
    };
    Ok(keys.iter().map(one).collect())
}

async fn persons(gate: &Gate, keys: &[Workers]) -> Result<Vec<nominee::Model>> {
    use nominee::Column;
    let rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
    let rows = rows.filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.submission)));
    rows.filter(Column::Kind.eq(SubjectKind::Individual)).all().await
}

/// By submission: the target about all awards of its year that is set to its unit, or to the nearest one above.
async fn targets(gate: &Gate, keys: &[Workers]) -> Result<HashMap<Workers, award_target::Model>> {
    use award_target::Column;
    if !gate.actor()?.may(Act::AwardTargetRead) {
        return Ok(HashMap::new());
    }
    let above = gate.rows::<unit_above::Entity>(Act::UnitRead)?;
    let above = above.filter(unit_above::Column::UnitId.is_in(keys.iter().map(|key| key.unit)));
    let above = above.shape(|select| select.order_by_asc(unit_above::Column::Depth)).all().await?;
    let set = gate
        .rows::<award_target::Entity>(Act::AwardTargetRead)?
        .filter(Column::Measure.eq(Measure::DirectWorkerShare))
        .filter(Column::UnitId.is_in(above.iter().map(|pair| pair.above_id)))
        .filter(Column::Year.is_in(keys.iter().map(|key| key.year)))
        .filter(Column::ClusterId.is_null())
        .filter(Column::WithdrawnOn.is_null())
        .filter(Column::AwardTypeCodes.eq(""))
        .filter(Column::Level.is_null())
        .all()
        .await?;
    let nearest = |key: &Workers| {
        let mut line = above.iter().filter(|pair| pair.unit_id == key.unit);
        let of = |unit: Uuid| set.iter().find(|row| row.unit_id == unit && row.year == key.year);
        Some((*key, line.find_map(|pair| of(pair.above_id))?.clone()))
    };
    Ok(keys.iter().filter_map(nearest).collect())
}

/// Whether a person works directly; none where nobody has said what he is.
fn works_directly(row: &subject::Model) -> Option<bool> {
    let by_class = row.leadership_class.map(|class| class == LeadershipClass::DirectWorker);
    if row.direct_worker == Some(true) {
        return Some(true);
    }
    // Of older records a "no" may be what nobody has said: the class tells more.
    let leads = row.manager.filter(|is_manager| *is_manager);
    by_class.or(row.direct_worker).or(leads.map(|_| false))
}

fn against(
    of: &SubmissionDirectWorkers,
    target: Option<&award_target::Model>,
) -> SubmissionDirectWorkers {
    let percent = percent(of.direct.into(), of.known.into());
    let value = target.map(|row| Decimal::from_units(row.value));
    let is_met = percent.zip(value).zip(target).map(|((share, value), row)| match row.comparator {
        Comparator::AtLeast => share >= value,
        Comparator::AtMost => share <= value,
    });
    let target_source = target.map(|row| row.source.clone());
    SubmissionDirectWorkers {
        percent,
        target: value,
        target_source,
        is_met,
        persons: of.persons,
        known: of.known,
        direct: of.direct,
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
