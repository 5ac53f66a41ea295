//! Award types: the catalogue of titles and forms of commendation, dated and cited, with what a tenant adds.
//! No eligibility enters here: it says what exists, not who may have it.

mod own;
mod query;

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use chrono::NaiveDate;
use entity::award_type::{self, Family, Level, Origin};
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::tenant;
use sea_orm::ActiveEnum;
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::access::Gate;
use crate::error::{Code, Fault, Result};
use crate::filter::row_id;
use crate::reference;
use crate::scalar::{Date, NodeType};

pub use own::AwardTypeMutation;
pub(in crate::domain) use own::{is_known, own_codes};
pub use query::AwardQuery;
pub(in crate::domain) use query::{AwardFamilyFilter, AwardLevelFilter};

/// Who can receive a title or form, by the words of the law. `INDIVIDUAL`, `COLLECTIVE` and `HOUSEHOLD` are the
/// values of `SubjectKind` of the same name. `FOREIGNER` has none: a title for foreigners alone is asked of persons and
/// collectives, and whether one is foreign is a condition that a person confirms.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumString, IntoStaticStr)]
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
    /// At the end of a campaign every few years.
    Periodic,
    /// After so many years of service or contribution as the law asks for (niên hạn, cống hiến).
    Length,
    /// No cycle of its own.
    None,
}

/// Who decides or confers a title or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter, EnumString, IntoStaticStr)]
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

/// A title or form of commendation (danh hiệu thi đua, hình thức khen thưởng), as the law, or the tenant for its own
/// people, defined it in a period. What the law defines is the same for all tenants.
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

/// A title or form of commendation (danh hiệu thi đua, hình thức khen thưởng), as the law, or the tenant for its own
/// people, defined it in a period. What the law defines is the same for all tenants.
#[Object]
impl AwardType {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Stable code, such as `PROVINCIAL_EMULATION_FIGHTER`; of a tenant's own after its short name and a colon.
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

    /// Who made it: the law, or the tenant for its own people.
    async fn origin(&self) -> Origin {
        self.0.origin
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

    /// Counts up with every change of a tenant's own; 1 for those of the law.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl AwardDecider {
    /// Whether a tenant's own title can be decided by them: within it, and still there.
    const fn is_of_tenant(self) -> bool {
        match self {
            Self::Minister
            | Self::ProvinceChair
            | Self::CommuneChair
            | Self::UnitHead
            | Self::EnterpriseHead
            | Self::Organisation => true,
            Self::President
            | Self::Government
            | Self::PrimeMinister
            | Self::StandingCommittee
            | Self::DistrictChair => false,
        }
    }

    /// Whether it is an authority of the State above every tenant: what it decides goes on to it, or is recorded as its own.
    pub(super) const fn is_of_state(self) -> bool {
        matches!(
            self,
            Self::President | Self::Government | Self::PrimeMinister | Self::StandingCommittee
        )
    }
}

/// What a message is given for a title or form: of the law's the code, which it says in its language; of a tenant's own
/// the names in Vietnamese and English.
pub(super) fn said(award: &award_type::Model) -> (&str, &str) {
    if award.tenant_id.is_some() {
        (&award.name, &award.name_en)
    } else {
        (&award.code, &award.code)
    }
}

/// Whether a title counts the achievements of one year alone; those of a movement count as long as it lasted.
pub(super) fn is_of_one_year(award: &award_type::Model, commendation: CommendationType) -> bool {
    is_annual(award) && commendation != CommendationType::Movement
}

/// What is said of a nominee who is a name and no subject: nobody can ask the law about a name.
pub(super) fn subject_missing(name: &str, award: (&str, &str), path: &str) -> Fault {
    Fault::at(Code::SubjectMissing, path).with("nominee", name).about(award)
}

/// The first title or form that nobody decides together with those before it; those of the State are left out.
pub(super) fn decided_apart<'a>(
    awards: impl Iterator<Item = &'a award_type::Model>,
) -> Option<&'a award_type::Model> {
    let mut common: Option<Vec<AwardDecider>> = None;
    for award in awards {
        let mut own = deciders(award);
        own.retain(|decider| !decider.is_of_state());
        if own.is_empty() {
            continue;
        }
        let known = common.get_or_insert_with(|| own.clone());
        known.retain(|decider| own.contains(decider));
        if known.is_empty() {
            return Some(award);
        }
    }
    None
}

/// Whether a title or form is for such subjects. What is for foreigners alone is for persons and collectives: a subject
/// does not say whether it is foreign, so a person does (the rule `foreign` asks for it).
pub(super) fn is_for(award: &award_type::Model, kind: SubjectKind) -> bool {
    let own = kind.to_value();
    let is_any = matches!(kind, SubjectKind::Individual | SubjectKind::Collective);
    let is_for_foreigners = award.subject_kinds == <&str>::from(AwardSubject::Foreigner);
    award.subject_kinds.split('|').any(|known| known == own) || is_any && is_for_foreigners
}

/// Whether a title or form in force on a day can be given to a subject by a type of commendation.
pub(super) fn is_applicable(
    award: &award_type::Model,
    kind: SubjectKind,
    commendation: CommendationType,
    day: NaiveDate,
) -> bool {
    let is_in_force = award.valid_from <= day && award.valid_to.is_none_or(|last| last >= day);
    let by = commendation.to_value();
    let is_given_by = award.commendation_types.split('|').any(|known| known == by);
    is_in_force && is_for(award, kind) && is_given_by
}

/// A title or form in its wording of a day: between the proposal and the decision the law may have worded it anew.
/// Itself where that day has none.
pub(super) fn worded_on(
    catalogue: &[award_type::Model],
    award: award_type::Model,
    day: NaiveDate,
) -> award_type::Model {
    let is_in_force = |row: &award_type::Model| {
        row.valid_from <= day && row.valid_to.is_none_or(|last| last >= day)
    };
    if is_in_force(&award) {
        return award;
    }
    let is_same = |row: &&award_type::Model| {
        row.code == award.code && row.tenant_id == award.tenant_id && is_in_force(row)
    };
    catalogue.iter().find(is_same).cloned().unwrap_or(award)
}

/// Refuses a title or form that cannot be given to a subject on a day, and says which of the two stands against it.
pub(super) fn demand_applicable(
    award: &award_type::Model,
    (kind, commendation): (SubjectKind, CommendationType),
    (day, path): (NaiveDate, &str),
) -> Result<()> {
    let fits_on = |day| is_applicable(award, kind, commendation, day) && !is_for_reporting(award);
    if fits_on(day) {
        return Ok(());
    }
    if fits_on(award.valid_from) {
        return Err(Fault::at(Code::NotInForce, path).with("field", &award.name).into());
    }
    Err(Fault::at(Code::AwardNotApplicable, path).into())
}

/// Whether someone decides on a title or form for the people of such a tenant: a minister for those of a ministry, the
/// chair of a province for those of a province, all others for both.
pub(super) fn is_decided_for(award: &award_type::Model, kind: tenant::Kind) -> bool {
    use tenant::Kind;
    let decides = |decider: &AwardDecider| match decider {
        AwardDecider::Minister => !matches!(kind, Kind::Province | Kind::City),
        AwardDecider::ProvinceChair | AwardDecider::DistrictChair | AwardDecider::CommuneChair => {
            !matches!(kind, Kind::Ministry | Kind::CentralBody)
        }
        AwardDecider::President
        | AwardDecider::Government
        | AwardDecider::PrimeMinister
        | AwardDecider::StandingCommittee
        | AwardDecider::UnitHead
        | AwardDecider::EnterpriseHead
        | AwardDecider::Organisation => true,
    };
    listed(&award.decided_by).iter().any(decides)
}

/// Who may decide on a title or form.
pub(super) fn deciders(award: &award_type::Model) -> Vec<AwardDecider> {
    listed(&award.decided_by)
}

/// Whether it is considered once for each year (hằng năm).
pub(super) fn is_annual(award: &award_type::Model) -> bool {
    listed::<AwardCycle>(&award.cycle).contains(&AwardCycle::Annual)
}

/// Whether it stands in statistics alone: nobody is proposed for it, and no decision gives it.
pub(super) fn is_for_reporting(award: &award_type::Model) -> bool {
    reference::award_mark(&award.code).is_some_and(|mark| mark.is_reporting_only)
}

pub(super) async fn node(gate: &Gate, id: &ID) -> Result<Option<AwardType>> {
    let Some(id) = row_id::<AwardType>(id) else { return Ok(None) };
    Ok(gate.look_up::<award_type::Entity>(id).await?.map(AwardType::from))
}
