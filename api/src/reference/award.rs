//! The catalogue of titles and forms of commendation, dated and cited.
//! No rule of the law enters here.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader keeps shared tables in step with the files of this version, beneath the gate"
)]

use std::collections::HashMap;
use std::sync::OnceLock;

use anyhow::Context;
use chrono::NaiveDate;
use entity::award_type;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

use crate::text::{Language, search_form};

/// The texts behind the rows.
pub(super) const FILES: &[&str] = &[include_str!("../../data/award/award_type.csv")];
const MARKS: &str = include_str!("../../data/award/mark.csv");

/// Titles and forms that the law names side by side.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rank {
    name: String,
    /// No achievement is rewarded with two of them. Of the others of one rank it is not clear, and a person judges.
    excludes: bool,
    /// The article that names them.
    pub(crate) citation: String,
}

/// What rules ask of a title or form beside its row in the catalogue.
#[derive(Debug)]
pub(crate) struct Mark {
    /// A form of commendation (hình thức khen thưởng), not an emulation title (danh hiệu thi đua).
    pub(crate) is_form: bool,
    /// Of the State level (cấp Nhà nước).
    is_of_state: bool,
    /// Those of one rank stand in the place of each other, such as those of a ministry and of a province.
    pub(crate) rank: Option<Rank>,
    /// For statistics alone: nobody is proposed for it.
    pub(crate) is_reporting_only: bool,
    /// Codes of the classes of which it may be one, where its own is not recorded.
    pub(crate) may_be: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkRow {
    award_type_code: String,
    rank: Option<String>,
    excludes: bool,
    is_reporting_only: bool,
    may_be: String,
    citation: Option<String>,
}

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

/// What rules ask of a title or form; none for a code of no catalogue.
pub(crate) fn mark(code: &str) -> Option<&'static Mark> {
    static READ: OnceLock<HashMap<String, Mark>> = OnceLock::new();
    READ.get_or_init(|| marks().unwrap_or_default()).get(code)
}

/// The name of a title or form in its latest wording; none for a code of no catalogue.
pub(crate) fn name(code: &str, language: Language) -> Option<&'static str> {
    static READ: OnceLock<HashMap<String, (String, String)>> = OnceLock::new();
    let read = || {
        let mut all = rows().unwrap_or_default();
        all.sort_by_key(|row| row.valid_from);
        all.into_iter().map(|row| (row.code, (row.name, row.name_en))).collect()
    };
    let (vi, en) = READ.get_or_init(read).get(code)?;
    Some(match language {
        Language::Vi => vi,
        Language::En => en,
    })
}

/// Whether one stands in the place of the other: the same, or of one rank.
pub(crate) fn is_equal(one: &str, other: &str) -> bool {
    let rank = |code| mark(code).and_then(|mark| mark.rank.as_ref());
    one == other || rank(one).is_some_and(|own| Some(own) == rank(other))
}

/// Whether one achievement is rewarded with one of them alone: the same, or two of a rank that excludes it.
pub(crate) fn is_one(one: &str, other: &str) -> bool {
    let rank = mark(one).and_then(|mark| mark.rank.as_ref());
    one == other || (rank.is_some_and(|rank| rank.excludes) && is_equal(one, other))
}

/// Whether a title or form is one of the State level; none that a tenant adds is.
pub(crate) fn is_of_state(code: &str) -> bool {
    mark(code).is_some_and(|mark| mark.is_of_state)
}

fn marks() -> anyhow::Result<HashMap<String, Mark>> {
    let plain = |row: AwardType| {
        let is_form = row.family != "EMULATION_TITLE";
        let is_of_state = row.level == "STATE";
        let mark =
            Mark { is_form, is_of_state, rank: None, is_reporting_only: false, may_be: Vec::new() };
        (row.code, mark)
    };
    let mut marks: HashMap<String, Mark> = rows()?.into_iter().map(plain).collect();
    for row in super::csv::<MarkRow>(MARKS).context("mark.csv")? {
        let mark = marks.get_mut(&row.award_type_code);
        let mark = mark.with_context(|| format!("no title {}", row.award_type_code))?;
        let rank = |(name, citation)| Rank { name, excludes: row.excludes, citation };
        mark.rank = row.rank.zip(row.citation).map(rank);
        mark.is_reporting_only = row.is_reporting_only;
        let classes = row.may_be.split('|').filter(|code| !code.is_empty());
        mark.may_be = classes.map(str::to_owned).collect();
    }
    Ok(marks)
}

/// The catalogue as it stands in the file.
pub(crate) fn models() -> anyhow::Result<Vec<award_type::Model>> {
    use sea_orm::TryIntoModel;
    rows()?.into_iter().map(|row| Ok(row.row()?.try_into_model()?)).collect()
}

/// The ids of the titles and forms in force on a day, by code.
pub(crate) fn in_force(on: NaiveDate) -> anyhow::Result<HashMap<String, Uuid>> {
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
            tenant_id: Set(None),
            origin: Set(award_type::Origin::Law),
            version: Set(1),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_of_a_title_follow_one_another() {
        let rows = rows().unwrap();
        for row in &rows {
            let same =
                rows.iter().filter(|it| it.code == row.code && it.valid_from != row.valid_from);
            for other in same.filter(|it| it.valid_from > row.valid_from) {
                assert!(row.valid_to.is_some_and(|last| last < other.valid_from), "{}", row.code);
                assert_eq!(
                    (&row.family, &row.level),
                    (&other.family, &other.level),
                    "{}",
                    row.code
                );
            }
        }
        let ids: std::collections::HashSet<_> =
            rows.iter().map(|row| award_type_id(&row.code, row.valid_from)).collect();
        assert_eq!(ids.len(), rows.len());
    }

    #[test]
    fn marks_are_those_of_the_catalogue() {
        let all = marks().unwrap();
        assert!(all.values().flat_map(|mark| &mark.may_be).all(|code| all.contains_key(code)));
        assert!(all.iter().all(|(code, mark)| {
            mark.may_be.is_empty() != code.ends_with("_UNSPECIFIED") && !mark.may_be.contains(code)
        }));
        assert!(mark("PROVINCIAL_CERTIFICATE").is_some_and(|mark| mark.is_form));
        assert!(mark("BASE_EMULATION_FIGHTER").is_some_and(|mark| !mark.is_form));
        assert!(mark("ORDER_LABOUR_UNSPECIFIED").is_some_and(|mark| mark.is_reporting_only));
        assert!(is_equal("PROVINCIAL_CERTIFICATE", "MINISTERIAL_CERTIFICATE"));
        assert!(!is_equal("PROVINCIAL_CERTIFICATE", "PM_CERTIFICATE"));
        assert!(mark("NO_SUCH_TITLE").is_none());
    }

    #[test]
    fn titles_of_a_rank_are_cited_and_exclude_each_other_alike() {
        let marks = marks().unwrap();
        let ranked: Vec<_> = marks.values().filter(|mark| mark.rank.is_some()).collect();
        assert_eq!(ranked.len(), 12);
        for one in &ranked {
            let same = ranked.iter().filter(|it| it.rank == one.rank && it.is_form == one.is_form);
            assert_eq!(same.count(), 2, "{one:?}");
        }
        assert!(is_one("ADVANCED_SOLDIER", "ADVANCED_LABOURER"));
        assert!(is_one("DETERMINED_TO_WIN_UNIT", "EXCELLENT_LABOUR_COLLECTIVE"));
        assert!(!is_one("PROVINCIAL_CERTIFICATE", "MINISTERIAL_CERTIFICATE"), "two achievements");
        assert!(!is_one("PROVINCIAL_EMULATION_FLAG", "MINISTERIAL_EMULATION_FLAG"), "not clear");
        assert!(!is_one("ADVANCED_UNIT", "DETERMINED_TO_WIN_UNIT"), "two titles");
        assert!(is_one("OF_A_TENANT", "OF_A_TENANT"));
    }
}
