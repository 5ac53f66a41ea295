//! Award types: the catalogue of titles and forms of commendation, dated and cited.
//! No eligibility enters here: it says what exists, not who may have it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use chrono::NaiveDate;
use entity::award_type::{self, Column, Family, Level};
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use sea_orm::{ActiveEnum, Condition};
use strum::{EnumString, IntoStaticStr};

use super::{Ask, input};
use crate::access::Gate;
use crate::error::Result;
use crate::filter::{IdFilter, NameFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::{Date, NodeType};

crate::enum_filter!(AwardFamilyFilter, Family);
crate::enum_filter!(AwardLevelFilter, Level);

/// Who can receive a title or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AwardSubject {
    /// A person (cá nhân).
    Individual,
    /// A collective (tập thể).
    Collective,
    /// A household (hộ gia đình).
    Household,
    /// A foreigner or a Vietnamese living abroad (người nước ngoài, người Việt Nam ở nước ngoài).
    Foreigner,
}

/// When a title or form is considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AwardCycle {
    /// Every year (hằng năm).
    Annual,
    /// When merit has been shown (theo công trạng).
    ByMerit,
    /// At the end of a thematic movement (theo chuyên đề).
    Thematic,
    /// At once after a sudden achievement (đột xuất).
    AdHoc,
    /// In a campaign every few years.
    Periodic,
    /// After a length of service or contribution (niên hạn, cống hiến).
    Length,
    /// No cycle of its own.
    None,
}

/// Who decides or confers a title or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AwardDecider {
    /// The President (Chủ tịch nước).
    President,
    /// The Government (Chính phủ).
    Government,
    /// The Prime Minister (Thủ tướng Chính phủ).
    PrimeMinister,
    /// The Standing Committee of the National Assembly (Ủy ban Thường vụ Quốc hội).
    StandingCommittee,
    /// A minister or head of that rank (Bộ trưởng và tương đương).
    Minister,
    /// The chair of a province (Chủ tịch UBND cấp tỉnh).
    ProvinceChair,
    /// The chair of a district (Chủ tịch UBND cấp huyện); only until 2025-06-30.
    DistrictChair,
    /// The chair of a commune (Chủ tịch UBND cấp xã).
    CommuneChair,
    /// The head of a unit with legal personality (Thủ trưởng đơn vị).
    UnitHead,
    /// The head of an enterprise (người đứng đầu doanh nghiệp).
    EnterpriseHead,
    /// A political or social organisation (tổ chức chính trị - xã hội).
    Organisation,
}

/// A title or form of commendation (danh hiệu thi đua, hình thức khen thưởng), as the law defined it
/// in a period. The catalogue is the same for all tenants.
#[derive(Clone)]
pub struct AwardType(Arc<award_type::Model>);

impl From<award_type::Model> for AwardType {
    fn from(row: award_type::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl From<Arc<award_type::Model>> for AwardType {
    fn from(row: Arc<award_type::Model>) -> Self {
        Self(row)
    }
}

impl NodeType for AwardType {
    const PREFIX: &'static str = "AwardType";
}

fn listed<T: std::str::FromStr>(text: &str) -> Vec<T> {
    text.split('|').filter_map(|word| word.parse().ok()).collect()
}

/// A title or form of commendation (danh hiệu thi đua, hình thức khen thưởng), as the law defined it
/// in a period. The catalogue is the same for all tenants.
#[Object]
impl AwardType {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Stable code, such as `PROVINCIAL_EMULATION_FIGHTER`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Usual Vietnamese abbreviation, such as `CSTD_TINH`.
    async fn abbreviation(&self) -> &str {
        &self.0.abbreviation
    }

    /// Official name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name in English.
    async fn name_en(&self) -> &str {
        &self.0.name_en
    }

    /// Family of the law.
    async fn family(&self) -> Family {
        self.0.family
    }

    /// Level that decides.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// Who can receive it.
    async fn subject_kinds(&self) -> Vec<AwardSubject> {
        listed(&self.0.subject_kinds)
    }

    /// Types of commendation by which it is given.
    async fn commendation_types(&self) -> Vec<CommendationType> {
        let words = self.0.commendation_types.split('|');
        words.filter_map(|word| CommendationType::try_from_value(&word.to_owned()).ok()).collect()
    }

    /// When it is considered.
    async fn cycles(&self) -> Vec<AwardCycle> {
        listed(&self.0.cycle)
    }

    /// Who decides it; more than one where the level differs.
    async fn decided_by(&self) -> Vec<AwardDecider> {
        listed(&self.0.decided_by)
    }

    /// The articles of the law it rests on.
    async fn citation(&self) -> &str {
        &self.0.citation
    }

    /// Older or mistaken names under which records carry it.
    async fn recorded_names(&self) -> Vec<&str> {
        self.0.recorded_names.split('|').filter(|name| !name.is_empty()).collect()
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }
}

/// Whether a title or form in force on a day can be given to a subject by a type of commendation.
pub(super) fn is_applicable(
    award: &award_type::Model,
    kind: SubjectKind,
    commendation: CommendationType,
    day: NaiveDate,
) -> bool {
    let is_in_force = award.valid_from <= day && award.valid_to.is_none_or(|last| last >= day);
    let is_named = |list: &str, word: &str| list.split('|').any(|known| known == word);
    is_in_force
        && is_named(&award.subject_kinds, &kind.to_value())
        && is_named(&award.commendation_types, &commendation.to_value())
}

/// Conditions on award types; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct AwardTypeWhere {
    /// All of these hold.
    and: Option<Vec<AwardTypeWhere>>,
    /// One of these holds.
    or: Option<Vec<AwardTypeWhere>>,
    /// This does not hold.
    not: Option<Box<AwardTypeWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By abbreviation.
    abbreviation: Option<TextFilter>,
    /// By Vietnamese name; older names are found too.
    name: Option<NameFilter>,
    /// By family.
    family: Option<AwardFamilyFilter>,
    /// By level.
    level: Option<AwardLevelFilter>,
    /// Can be given to this kind of subject.
    subject_kind: Option<AwardSubject>,
    /// Can be given by this type of commendation.
    commendation_type: Option<CommendationType>,
}

impl AwardTypeWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<AwardType>(Column::Id)?);
        }
        for (filter, column) in
            [(self.code, Column::Code), (self.abbreviation, Column::Abbreviation)]
        {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.name {
            all = all.add(filter.on(Column::Name, Column::NameSearch)?);
        }
        if let Some(filter) = self.family {
            all = all.add(filter.on(Column::Family)?);
        }
        if let Some(filter) = self.level {
            all = all.add(filter.on(Column::Level)?);
        }
        if let Some(kind) = self.subject_kind {
            all = all.add(names(Column::SubjectKinds, kind.into()));
        }
        if let Some(kind) = self.commendation_type {
            all = all.add(names(Column::CommendationTypes, &kind.to_value()));
        }
        Ok(all)
    }
}

/// Rows whose list, words parted by bars, names a word.
fn names(column: Column, word: &str) -> Condition {
    use sea_orm::ColumnTrait;
    Condition::any()
        .add(column.eq(word))
        .add(column.starts_with(format!("{word}|")))
        .add(column.ends_with(format!("|{word}")))
        .add(column.contains(format!("|{word}|")))
}

/// One key of the order of award types.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum AwardTypeOrder {
    /// By code.
    Code(OrderBy),
    /// By Vietnamese name.
    Name(OrderBy),
}

impl AwardTypeOrder {
    fn key(&self) -> Key<award_type::Entity> {
        let (column, order) = match self {
            Self::Code(order) => (Column::Code, order),
            Self::Name(order) => (Column::Name, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about the catalogue of titles and forms.
#[derive(Default)]
pub struct AwardQuery;

/// Questions about the catalogue of titles and forms.
#[Object]
impl AwardQuery {
    /// Titles and forms of commendation.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn award_types(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<AwardTypeWhere>,
        #[graphql(desc = "Order; by code when absent.")] order_by: Option<Vec<AwardTypeOrder>>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<AwardType>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("awardTypes", &(&r#where, &order_by, as_of));
        let order = order_by.unwrap_or_else(|| vec![AwardTypeOrder::Code(OrderBy::default())]);
        let keys = order.iter().take(3).map(AwardTypeOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let rows = gate
            .catalogue::<award_type::Entity>()?
            .filter(input::in_force(Column::ValidFrom, Column::ValidTo, day))
            .filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(AwardType::from))
    }
}

pub(super) async fn node(gate: &Gate, id: &ID) -> Result<Option<AwardType>> {
    let Some(id) = row_id::<AwardType>(id) else { return Ok(None) };
    Ok(gate.look_up::<award_type::Entity>(id).await?.map(AwardType::from))
}
