//! The statutory forms on awards: rows are titles and forms, columns what the circular asks for; every cell says
//! how its rows are found. No SQL enters here.

use std::collections::BTreeMap;

use async_graphql::{Enum, Object, SimpleObject};
use chrono::NaiveDate;
use entity::award_type::{self, Level};
use entity::nominee::SubjectKind;
use entity::subject::LeadershipClass;
use entity::submission::CommendationType;
use sea_orm::Iterable;
use serde_json::{Value as Json, json};

use super::fold::{Cell, Lens, Sum, word};
use crate::domain::award::AwardType;

/// A statutory form on awards (Thông tư 02/2023/TT-BNV).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub(crate) enum AwardFormKind {
    /// 0602.N/BNV-TĐKT: awards of the state level.
    #[graphql(name = "FORM_0602")]
    Form0602,
    /// 0603.N/BNV-TĐKT: awards of ministries and provinces.
    #[graphql(name = "FORM_0603")]
    Form0603,
}

/// The levels that a form is about.
pub(super) fn levels(form: AwardFormKind) -> Vec<Level> {
    match form {
        AwardFormKind::Form0602 => vec![Level::State],
        AwardFormKind::Form0603 => vec![Level::MinistryOrProvince],
    }
}

/// One cell of a form.
#[derive(Clone)]
pub(crate) struct AwardFormCell {
    column: Column,
    events: Option<i32>,
    filter: Json,
}

/// One cell of a form.
#[Object]
impl AwardFormCell {
    /// What the column counts: `TOTAL`, a kind of subject, a leadership class or a type of commendation, with the
    /// name of that enum before a point, such as `LeadershipClass.DIRECT_WORKER`; of collectives `Collective.ENTERPRISE`
    /// and `Collective.OTHER` (no enterprise, or not known to be one), and `LeadershipClass.UNKNOWN` for persons whose
    /// class nobody has recorded.
    async fn column(&self) -> String {
        self.column.name()
    }

    /// The column to which this one adds up with the others of its name before the point: `TOTAL`,
    /// `SubjectKind.COLLECTIVE` or `SubjectKind.INDIVIDUAL`; null for `TOTAL`. Rounded numbers do not.
    async fn part_of(&self) -> Option<String> {
        self.column.whole().map(Column::name)
    }

    /// Awards (lượt); null for fewer than 5 about people, where the caller may not read the awards themselves.
    async fn events(&self) -> Option<i32> {
        self.events
    }

    /// The conditions of `awards(where:)` that find the rows of the cell; ask with the same `withinUnit`. Their
    /// `events` add up to the cell.
    async fn filter(&self) -> &Json {
        &self.filter
    }
}

/// One row of a form.
#[derive(SimpleObject)]
pub(crate) struct AwardFormRow {
    /// The title or form.
    award_type: AwardType,
    /// Its cells, in the order of the columns.
    cells: Vec<AwardFormCell>,
}

/// A statutory form, filled.
#[derive(SimpleObject)]
pub(crate) struct AwardForm {
    /// Which form.
    form: AwardFormKind,
    /// Year of the decisions.
    year: i32,
    /// Whether small numbers about people are left out.
    is_protected: bool,
    /// Its rows, by code of the title or form; those that occur.
    rows: Vec<AwardFormRow>,
    /// The sum of the rows.
    total: Vec<AwardFormCell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Total,
    Kind(SubjectKind),
    /// Of collectives: those that are enterprises, or the others.
    Enterprise(bool),
    /// Of persons; none: nobody has recorded it.
    Class(Option<LeadershipClass>),
    Commendation(CommendationType),
}

impl Column {
    fn all() -> Vec<Self> {
        std::iter::once(Self::Total)
            .chain(SubjectKind::iter().map(Self::Kind))
            .chain([true, false].map(Self::Enterprise))
            .chain(LeadershipClass::iter().map(Some).chain([None]).map(Self::Class))
            .chain(CommendationType::iter().map(Self::Commendation))
            .collect()
    }

    fn name(self) -> String {
        match self {
            Self::Total => "TOTAL".to_owned(),
            Self::Kind(kind) => format!("SubjectKind.{}", word(&kind)),
            Self::Enterprise(true) => "Collective.ENTERPRISE".to_owned(),
            Self::Enterprise(false) => "Collective.OTHER".to_owned(),
            Self::Class(Some(class)) => format!("LeadershipClass.{}", word(&class)),
            Self::Class(None) => "LeadershipClass.UNKNOWN".to_owned(),
            Self::Commendation(kind) => format!("CommendationType.{}", word(&kind)),
        }
    }

    /// The column of which it is a part.
    fn whole(self) -> Option<Self> {
        match self {
            Self::Total => None,
            Self::Kind(_) | Self::Commendation(_) => Some(Self::Total),
            Self::Enterprise(_) => Some(Self::Kind(SubjectKind::Collective)),
            Self::Class(_) => Some(Self::Kind(SubjectKind::Individual)),
        }
    }

    fn holds(self, cell: &Cell) -> bool {
        self.whole().is_none_or(|whole| whole.holds(cell))
            && match self {
                Self::Total => true,
                Self::Kind(kind) => cell.subject_kind == kind,
                Self::Enterprise(is_one) => (cell.enterprise == Some(true)) == is_one,
                Self::Class(class) => cell.leadership_class == class,
                Self::Commendation(kind) => cell.commendation_type == kind,
            }
    }

    /// The condition of `awards` that the column adds, to that of the column of which it is a part.
    fn narrow(self, filter: Json) -> Json {
        let mut filter = match self.whole() {
            Some(whole) => whole.narrow(filter),
            None => filter,
        };
        let (field, value) = match self {
            Self::Total => return filter,
            Self::Kind(kind) => ("subjectKind", json!({ "eq": word(&kind) })),
            Self::Enterprise(true) => ("enterprise", json!({ "eq": true })),
            // What is not known is neither.
            Self::Enterprise(false) => {
                let each = [json!({ "eq": false }), json!({ "isNull": true })];
                ("or", each.map(|it| json!({ "enterprise": it })).to_vec().into())
            }
            Self::Class(Some(class)) => ("leadershipClass", json!({ "eq": word(&class) })),
            Self::Class(None) => ("leadershipClass", json!({ "isNull": true })),
            Self::Commendation(kind) => ("commendationType", json!({ "eq": word(&kind) })),
        };
        if let Some(fields) = filter.as_object_mut() {
            fields.insert(field.to_owned(), value);
        }
        filter
    }
}

/// The form with its cells.
pub(super) fn fill(
    (form, year, days): (AwardFormKind, i32, (NaiveDate, NaiveDate)),
    cells: &[Cell],
    lens: &Lens<'_>,
) -> AwardForm {
    let mut types: BTreeMap<&str, &award_type::Model> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.events > 0) {
        types.extend(lens.types.get(&cell.award_type_id).map(|row| (row.code.as_str(), row)));
    }
    let of = |codes: &[&str]| {
        let filter = json!({
            "state": { "eq": "VALID" },
            "awardTypeCode": { "in": codes },
            "decidedOn": { "gte": days.0.to_string(), "lte": days.1.to_string() },
        });
        let mut line = Vec::new();
        for column in Column::all() {
            let is_meant = |cell: &&Cell| {
                let code = lens.types.get(&cell.award_type_id).map(|row| row.code.as_str());
                column.holds(cell) && code.is_some_and(|code| codes.contains(&code))
            };
            let mut sum = Sum::default();
            cells.iter().filter(is_meant).for_each(|cell| sum.count(cell));
            let events = sum.told(sum.events, lens.is_protected).filter(|_| !lens.is_blind);
            line.push(AwardFormCell { column, events, filter: column.narrow(filter.clone()) });
        }
        line
    };
    let rows = types.values().map(|row| AwardFormRow {
        award_type: AwardType::from((*row).clone()),
        cells: of(&[row.code.as_str()]),
    });
    let codes: Vec<&str> = types.keys().copied().collect();
    AwardForm {
        form,
        year,
        is_protected: lens.is_protected,
        rows: rows.collect(),
        total: of(&codes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_but_the_first_is_part_of_one_before_it() {
        let all = Column::all();
        for (place, column) in all.iter().enumerate() {
            let whole = column.whole();
            assert_eq!(whole.is_none(), *column == Column::Total);
            assert!(whole.is_none_or(|whole| all[..place].contains(&whole)), "{column:?}");
        }
        let names: std::collections::BTreeSet<String> =
            all.iter().map(|column| column.name()).collect();
        assert_eq!(names.len(), all.len());
    }
}
