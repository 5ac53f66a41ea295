//! Which fields have exemplars, and how far they came: one statement, no story is read.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use entity::exemplar_step::{self, Column, Stage};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{FromQueryResult, QuerySelect};
use uuid::Uuid;

use crate::access::{Act, Gate};
use crate::error::Result;

/// How many exemplars of one field came how far.
#[derive(Clone, Debug, Default, SimpleObject)]
pub(crate) struct ExemplarCoverage {
    /// Field of activity; null for those of none.
    field: Option<String>,
    /// Found.
    discovered: i32,
    /// Of those, coached.
    coached: i32,
    /// Of those, reviewed.
    reviewed: i32,
    /// Of those, spread to at least one unit.
    spread: i32,
}

#[derive(FromQueryResult)]
struct Count {
    field: Option<String>,
    stage: Stage,
    exemplars: i64,
}

pub(super) async fn read(gate: &Gate, above: Option<Uuid>) -> Result<Vec<ExemplarCoverage>> {
    let mut rows = gate.rows::<exemplar_step::Entity>(Act::ExemplarRead)?;
    if let Some(above) = above {
        rows = rows.filter(gate.within(Column::UnitId, above, None)?);
    }
    let counts = rows
        .shape(|select| {
            let once = Expr::col((exemplar_step::Entity, Column::ExemplarId)).count_distinct();
            let select = select.select_only().columns([Column::Field, Column::Stage]);
            select.expr_as(once, "exemplars").group_by(Column::Field).group_by(Column::Stage)
        })
        .all_as::<Count>()
        .await?;
    let mut fields: BTreeMap<Option<String>, ExemplarCoverage> = BTreeMap::new();
    for count in counts {
        let line = fields.entry(count.field.clone()).or_default();
        line.field = count.field;
        let exemplars = i32::try_from(count.exemplars).unwrap_or(i32::MAX);
        match count.stage {
            Stage::Discovered => line.discovered = exemplars,
            Stage::Coached => line.coached = exemplars,
            Stage::Reviewed => line.reviewed = exemplars,
            Stage::Spread => line.spread = exemplars,
        }
    }
    Ok(fields.into_values().collect())
}
