//! Form 0601: how many movements, by who launched them, for whom, how long and how; every cell says how its rows are
//! found. No movement is read here, only their numbers.

use std::collections::BTreeMap;

use async_graphql::{Enum, Object, SimpleObject};
use chrono::NaiveDate;
use entity::movement::{self, Column, Duration, Form, Level, Scope};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, FromQueryResult, Iterable, QuerySelect};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::access::{Act, Gate};
use crate::error::Result;

/// Which movements belong to a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub(crate) enum MovementFormBasis {
    /// Those that were launched in it (phát động trong năm).
    #[default]
    Launched,
    /// Those that were held on some day of it (đang thực hiện trong năm).
    Held,
}

impl MovementFormBasis {
    fn condition(self, (first, last): (NaiveDate, NaiveDate)) -> Condition {
        let begun = Condition::all().add(Column::LaunchedOn.lte(last));
        begun.add(match self {
            Self::Launched => Condition::all().add(Column::LaunchedOn.gte(first)),
            Self::Held => {
                Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(first))
            }
        })
    }

    /// The same as conditions of `movements`.
    fn filter(self, (first, last): (NaiveDate, NaiveDate)) -> Json {
        match self {
            Self::Launched => json!({ "launchedOn": { "gte": first, "lte": last } }),
            Self::Held => json!({
                "launchedOn": { "lte": last },
                "or": [{ "endsOn": { "isNull": true } }, { "endsOn": { "gte": first } }],
            }),
        }
    }
}

/// One cell of form 0601.
#[derive(Clone)]
pub(crate) struct MovementFormCell {
    part: Part,
    movements: i32,
    filter: Json,
}

/// One cell of form 0601.
#[Object]
impl MovementFormCell {
    /// How long the movements last that it counts; null: however long.
    async fn duration(&self) -> Option<Duration> {
        self.part.0
    }

    /// How the movements are held that it counts; null: in whatever form.
    async fn form(&self) -> Option<Form> {
        self.part.1
    }

    /// Movements.
    async fn movements(&self) -> i32 {
        self.movements
    }

    /// The conditions of `movements(where:)` that find the rows of the cell; ask with the same `withinUnit`.
    async fn filter(&self) -> &Json {
        &self.filter
    }
}

/// One row of form 0601.
#[derive(SimpleObject)]
pub(crate) struct MovementFormRow {
    /// Who launched the movements.
    level: Level,
    /// For whom they are held.
    scope: Scope,
    /// Its cells: all, by form, by duration, by both.
    cells: Vec<MovementFormCell>,
}

/// Form 0601, filled.
#[derive(SimpleObject)]
pub(crate) struct MovementForm {
    /// Year of the report.
    year: i32,
    /// Which movements belong to it.
    basis: MovementFormBasis,
    /// Its rows, from the highest level and the widest scope; those that occur.
    rows: Vec<MovementFormRow>,
    /// The sum of the rows.
    total: Vec<MovementFormCell>,
}

/// A duration and a form; none: whichever.
type Part = (Option<Duration>, Option<Form>);

/// How many movements have all of this in common.
#[derive(FromQueryResult)]
struct Count {
    level: Level,
    scope: Scope,
    form: Form,
    duration: Duration,
    movements: i64,
}

/// The form of a year, in one statement.
pub(super) async fn read(
    gate: &Gate,
    (year, basis): (i32, MovementFormBasis),
    above: Option<Uuid>,
) -> Result<MovementForm> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let period = (day(1, 1), day(12, 31));
    let mut rows = gate.rows::<movement::Entity>(Act::MovementRead)?;
    if let Some(above) = above {
        rows = rows.filter(gate.within(Column::UnitId, above, None)?);
    }
    let parts = [Column::Level, Column::Scope, Column::Form, Column::Duration];
    let counts = rows
        .filter(basis.condition(period))
        .shape(|select| {
            let select = select.select_only().columns(parts);
            let select = select.column_as(Column::Id.count(), "movements");
            parts.into_iter().fold(select, QuerySelect::group_by)
        })
        .all_as::<Count>()
        .await?;
    Ok(fill((year, basis), &basis.filter(period), &counts))
}

fn fill((year, basis): (i32, MovementFormBasis), filter: &Json, counts: &[Count]) -> MovementForm {
    let place = |count: &Count| {
        let level = Level::iter().position(|it| it == count.level);
        (level, Scope::iter().position(|it| it == count.scope))
    };
    let mut rows: BTreeMap<_, Vec<&Count>> = BTreeMap::new();
    for count in counts {
        rows.entry(place(count)).or_default().push(count);
    }
    let row = |of: Vec<&Count>| {
        let first = of.first()?;
        let (level, scope) = (first.level, first.scope);
        let mut filter = filter.clone();
        narrow(&mut filter, "level", &level);
        narrow(&mut filter, "scope", &scope);
        Some(MovementFormRow { level, scope, cells: cells(&of, &filter) })
    };
    let all: Vec<&Count> = counts.iter().collect();
    let total = cells(&all, filter);
    MovementForm { year, basis, rows: rows.into_values().filter_map(row).collect(), total }
}

fn cells(counts: &[&Count], filter: &Json) -> Vec<MovementFormCell> {
    let durations = || std::iter::once(None).chain(Duration::iter().map(Some));
    let forms = || std::iter::once(None).chain(Form::iter().map(Some));
    let parts = durations().flat_map(|duration| forms().map(move |form| (duration, form)));
    let cell = |part: Part| {
        let holds = |count: &&&Count| {
            part.0.is_none_or(|it| it == count.duration) && part.1.is_none_or(|it| it == count.form)
        };
        let sum = counts.iter().filter(holds).map(|count| count.movements);
        let mut filter = filter.clone();
        if let Some(duration) = part.0 {
            narrow(&mut filter, "duration", &duration);
        }
        if let Some(form) = part.1 {
            narrow(&mut filter, "form", &form);
        }
        let movements = i32::try_from(sum.fold(0, i64::saturating_add)).unwrap_or(i32::MAX);
        MovementFormCell { part, movements, filter }
    };
    parts.map(cell).collect()
}

fn narrow<E: ActiveEnum<Value = String>>(filter: &mut Json, field: &str, value: &E) {
    if let Some(fields) = filter.as_object_mut() {
        fields.insert(field.to_owned(), json!({ "eq": value.to_value() }));
    }
}
