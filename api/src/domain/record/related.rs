//! The records of subjects, read for many subjects at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{clearance, discipline, initiative, initiative_author, year_record};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryOrder,
    QueryResult, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::{Clearance, Discipline, Initiative, YearRecord};
use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// The year records of one subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct YearRecords(pub(in crate::domain) Uuid);

/// The cases of discipline of one subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Disciplines(pub(in crate::domain) Uuid);

/// The initiatives of one subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Initiatives(pub(in crate::domain) Uuid);

/// The opinions asked for about one subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Clearances(pub(in crate::domain) Uuid);

macro_rules! batch {
    ($key:ident => $value:ty, $load:path) => {
        impl dataloader::Loader<$key> for Loader {
            type Value = Vec<$value>;
            type Error = Arc<Error>;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Vec<$value>>, Arc<Error>> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                let mut found: HashMap<_, Vec<$value>> = HashMap::new();
                for (subject, value) in $load(self.gate(), &ids).await.map_err(Arc::new)? {
                    found.entry($key(subject)).or_default().push(value);
                }
                Ok(found)
            }
        }
    };
}

batch!(YearRecords => YearRecord, years);
batch!(Disciplines => Discipline, disciplines);
batch!(Initiatives => Initiative, initiatives);
batch!(Clearances => Clearance, clearances);

async fn years(gate: &Gate, of: &[Uuid]) -> Result<Vec<(Uuid, YearRecord)>> {
    let rows = year_rows(gate, of).await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, row.into())).collect())
}

async fn disciplines(gate: &Gate, of: &[Uuid]) -> Result<Vec<(Uuid, Discipline)>> {
    let rows = discipline_rows(gate, of).await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, row.into())).collect())
}

async fn initiatives(gate: &Gate, of: &[Uuid]) -> Result<Vec<(Uuid, Initiative)>> {
    let rows = initiative_rows(gate, of).await?;
    Ok(rows.into_iter().map(|(subject, row)| (subject, row.into())).collect())
}

async fn clearances(gate: &Gate, of: &[Uuid]) -> Result<Vec<(Uuid, Clearance)>> {
    let rows = clearance_rows(gate, of).await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, row.into())).collect())
}

/// The year records of subjects, oldest first.
pub(in crate::domain) async fn year_rows(
    gate: &Gate,
    of: &[Uuid],
) -> Result<Vec<year_record::Model>> {
    use year_record::Column;
    let rows = gate.rows::<year_record::Entity>(Act::SubjectRead)?;
    let rows = rows.filter(Column::SubjectId.is_in(of.iter().copied()));
    rows.shape(|select| select.order_by_asc(Column::Year)).all().await
}

/// The cases of discipline of subjects, oldest first.
pub(in crate::domain) async fn discipline_rows(
    gate: &Gate,
    of: &[Uuid],
) -> Result<Vec<discipline::Model>> {
    use discipline::Column;
    let rows = gate.rows::<discipline::Entity>(Act::SubjectRead)?;
    let rows = rows.filter(Column::SubjectId.is_in(of.iter().copied()));
    rows.shape(|select| select.order_by_asc(Column::FromDay).order_by_asc(Column::Id)).all().await
}

/// The opinions asked for about subjects, oldest first.
pub(in crate::domain) async fn clearance_rows(
    gate: &Gate,
    of: &[Uuid],
) -> Result<Vec<clearance::Model>> {
    use clearance::Column;
    let rows = gate.rows::<clearance::Entity>(Act::SubjectRead)?;
    let rows = rows.filter(Column::SubjectId.is_in(of.iter().copied()));
    rows.shape(|select| select.order_by_asc(Column::AskedOn).order_by_asc(Column::Id)).all().await
}

/// An initiative beside one of its authors.
struct Authored {
    author: Uuid,
    row: initiative::Model,
}

/// Before the columns of the initiative in an answer that has both.
const OF_INITIATIVE: &str = "initiative_";

impl FromQueryResult for Authored {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let author = row.try_get("", "author")?;
        Ok(Self { author, row: initiative::Model::from_query_result(row, OF_INITIATIVE)? })
    }
}

/// The initiatives of subjects, oldest first, each once for every author that was asked for. Who may read an
/// author reads the initiative, in whatever unit it was made.
pub(in crate::domain) async fn initiative_rows(
    gate: &Gate,
    of: &[Uuid],
) -> Result<Vec<(Uuid, initiative::Model)>> {
    use initiative_author::{Column, Entity};
    let initiative: RelationDef = Entity::belongs_to(initiative::Entity)
        .from((Column::TenantId, Column::InitiativeId))
        .to((initiative::Column::TenantId, initiative::Column::Id))
        .into();
    let rows = gate.rows::<Entity>(Act::SubjectRead)?;
    let rows: Vec<Authored> = rows
        .filter(Column::SubjectId.is_in(of.iter().copied()))
        .shape(|select| {
            let select = select.select_only().column_as(Column::SubjectId, "author");
            let select = initiative::Column::iter().fold(select, |select, column| {
                select.column_as(column, format!("{OF_INITIATIVE}{}", column.as_str()))
            });
            select
                .join(JoinType::InnerJoin, initiative)
                .order_by_asc(initiative::Column::RecognisedOn)
                .order_by_asc(initiative::Column::Id)
        })
        .all_as()
        .await?;
    Ok(rows.into_iter().map(|it| (it.author, it.row)).collect())
}
