//! The catalogue of titles and forms of commendation, dated and cited.
//! No rule of the law enters here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

use chrono::NaiveDate;
use entity::award_type;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

use crate::text::search_form;

/// The texts behind the rows.
pub(super) const FILES: &[&str] = &[include_str!("../../data/award/award_type.csv")];

#[derive(Debug, Deserialize)]
pub(super) struct AwardType {
    code: String,
    abbreviation: String,
    name: String,
    name_en: String,
    family: String,
    level: String,
    subject_kinds: String,
    commendation_types: String,
    cycle: String,
    decided_by: String,
    citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    recorded_names: String,
}

/// The id of a title or form in its wording of a day, the same in every installation.
#[must_use]
pub fn award_type_id(code: &str, valid_from: NaiveDate) -> Uuid {
    super::named_id(&format!("award_type:{code}:{valid_from}"))
}

pub(super) fn rows() -> anyhow::Result<Vec<AwardType>> {
    FILES.iter().try_fold(Vec::new(), |mut rows, file| {
        rows.extend(super::csv::<AwardType>(file)?);
        Ok(rows)
    })
}

/// The codes of the catalogue.
pub(super) fn codes() -> anyhow::Result<impl Iterator<Item = String>> {
    Ok(rows()?.into_iter().map(|row| row.code))
}

/// The catalogue as it stands in the file.
pub(crate) fn models() -> anyhow::Result<Vec<award_type::Model>> {
    use sea_orm::TryIntoModel;
    rows()?.into_iter().map(|row| Ok(row.row()?.try_into_model()?)).collect()
}

/// The ids of the titles and forms in force on a day, by code.
pub(crate) fn in_force(on: NaiveDate) -> anyhow::Result<std::collections::HashMap<String, Uuid>> {
    let is_in_force =
        |row: &AwardType| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    let pair = |row: AwardType| (row.code.clone(), award_type_id(&row.code, row.valid_from));
    Ok(rows()?.into_iter().filter(is_in_force).map(pair).collect())
}

impl AwardType {
    fn row(self) -> anyhow::Result<award_type::ActiveModel> {
        Ok(award_type::ActiveModel {
            id: Set(award_type_id(&self.code, self.valid_from)),
            name_search: Set(search_form(&self.search_text())),
            code: Set(self.code),
            abbreviation: Set(self.abbreviation),
            name: Set(self.name),
            name_en: Set(self.name_en),
            family: Set(super::value(&self.family)?),
            level: Set(super::value(&self.level)?),
            subject_kinds: Set(self.subject_kinds),
            commendation_types: Set(self.commendation_types),
            cycle: Set(self.cycle),
            decided_by: Set(self.decided_by),
            citation: Set(self.citation),
            recorded_names: Set(self.recorded_names),
            valid_from: Set(self.valid_from),
            valid_to: Set(self.valid_to),
        })
    }

    /// Everything by which people look for it: name, other names, abbreviation.
    fn search_text(&self) -> String {
        format!("{} {} {} {}", self.name, self.abbreviation, self.name_en, self.recorded_names)
    }
}

pub(super) async fn load(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    use award_type::Column;
    use sea_orm::Iterable;
    let rows: Vec<_> = rows()?.into_iter().map(AwardType::row).collect::<Result<_, _>>()?;
    let changing =
        Column::iter().filter(|c| !matches!(c, Column::Id | Column::Code | Column::ValidFrom));
    let renewed = OnConflict::column(Column::Id).update_columns(changing).to_owned();
    award_type::Entity::insert_many(rows)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
