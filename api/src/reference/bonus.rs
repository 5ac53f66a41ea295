//! Bonuses: the base salary and the multipliers, dated and cited.
//! Nothing is computed here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

use chrono::NaiveDate;
use entity::{base_salary, bonus_rate};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable};
use serde::Deserialize;

const SALARIES: &str = include_str!("../../data/bonus/base_salary.csv");
const RATES: &str = include_str!("../../data/bonus/bonus_rate.csv");

/// The texts behind the rows.
pub(super) const FILES: &[&str] = &[SALARIES, RATES];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Salary {
    amount: i64,
    citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    award_type_code: String,
    subject_kind: String,
    tenths: i32,
    citation: String,
    confidence: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// The base salary as it stands in the file.
pub(crate) fn salaries() -> anyhow::Result<Vec<base_salary::Model>> {
    let row = |row: Salary| base_salary::Model {
        id: super::named_id(&format!("base_salary:{}", row.valid_from)),
        amount: row.amount,
        citation: row.citation,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    };
    Ok(super::csv::<Salary>(SALARIES)?.into_iter().map(row).collect())
}

/// The multipliers as they stand in the file.
pub(crate) fn rates() -> anyhow::Result<Vec<bonus_rate::Model>> {
    let row = |row: Rate| {
        let key = format!("{}:{}:{}", row.award_type_code, row.subject_kind, row.valid_from);
        Ok(bonus_rate::Model {
            id: super::named_id(&format!("bonus_rate:{key}")),
            award_type_code: row.award_type_code,
            subject_kind: super::value(&row.subject_kind)?,
            tenths: row.tenths,
            citation: row.citation,
            confidence: super::value(&row.confidence)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        })
    };
    super::csv::<Rate>(RATES)?.into_iter().map(row).collect()
}

pub(super) async fn load(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    let all = salaries()?.into_iter().map(|row| row.into_active_model().reset_all());
    let renewed = {
        use base_salary::Column;
        let changing = Column::iter().filter(|c| !matches!(c, Column::Id | Column::ValidFrom));
        OnConflict::column(Column::Id).update_columns(changing).to_owned()
    };
    base_salary::Entity::insert_many(all)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    let all = rates()?.into_iter().map(|row| row.into_active_model().reset_all());
    let renewed = {
        use bonus_rate::Column;
        let changing = Column::iter().filter(|c| !matches!(c, Column::Id));
        OnConflict::column(Column::Id).update_columns(changing).to_owned()
    };
    bonus_rate::Entity::insert_many(all)
        .on_conflict(renewed)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_is_of_a_title_of_the_catalogue() {
        for rate in rates().unwrap() {
            assert!(crate::reference::is_award(&rate.award_type_code), "{}", rate.award_type_code);
        }
    }

    #[test]
    fn a_rate_of_today_has_one_for_the_days_of_the_former_decree() {
        let all = rates().unwrap();
        let on = |from: &str| {
            let from: NaiveDate = from.parse().unwrap();
            all.iter().filter(move |row| row.valid_from == from)
        };
        for now in on("2025-07-01") {
            let same = |row: &&bonus_rate::Model| {
                (&row.award_type_code, row.subject_kind) == (&now.award_type_code, now.subject_kind)
            };
            let former = on("2024-01-01").find(same).unwrap_or_else(|| panic!("{now:?}"));
            assert_eq!((former.tenths, former.valid_to), (now.tenths, now.valid_from.pred_opt()));
        }
    }

    #[test]
    fn the_series_of_salaries_has_no_gap() {
        let salaries = salaries().unwrap();

        for pair in salaries.windows(2) {
            let next = pair[0].valid_to.and_then(|last| last.succ_opt());
            assert_eq!(next, Some(pair[1].valid_from));
        }
        assert_eq!(salaries.last().unwrap().valid_to, None);
    }
}
