//! The rows from which the standing of quotas is reckoned, each table read by one statement for any number of units.
//! Nothing is written here.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::quota::{self, Base};
use entity::quota_entry;
use entity::submission::{CommendationType, State};
use entity::{
    award, award_type, nominee, quota_basis, quota_waiver, subject, submission, unit, year_record,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::base::{Numbers, is_number};
use super::rules;
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::error::Result;
use crate::text::search_form;

/// What tells that someone has reached advanced labour: the title itself, or the one of those who have reached it and more
/// (Luật 06/2022/QH15, Điều 23).
const ADVANCED: [&str; 3] = ["ADVANCED_LABOURER", "ADVANCED_SOLDIER", "BASE_EMULATION_FIGHTER"];

/// Codes of titles by id; read before the transaction, which waits for no second connection.
pub(in crate::domain) struct Rulebook {
    codes: HashMap<Uuid, String>,
    own: Names,
}

/// By code: the names of a tenant's own titles in Vietnamese and English, in their latest wording.
type Names = HashMap<String, (String, String)>;

impl Rulebook {
    /// What is needed of the catalogue.
    pub(in crate::domain) fn of(catalogue: &[award_type::Model]) -> Self {
        let mut own: Vec<_> = catalogue.iter().filter(|row| row.tenant_id.is_some()).collect();
        own.sort_by_key(|row| row.valid_from);
        let names = |row: &award_type::Model| (row.name.clone(), row.name_en.clone());
        Self {
            codes: catalogue.iter().map(|row| (row.id, row.code.clone())).collect(),
            own: own.into_iter().map(|row| (row.code.clone(), names(row))).collect(),
        }
    }
}

/// Reads what a transaction needs of the catalogue.
pub(in crate::domain) async fn rulebook(gate: &Gate) -> Result<Rulebook> {
    Ok(Rulebook::of(&gate.catalogue::<award_type::Entity>()?.all().await?))
}

/// Who reads, and how much of it.
#[derive(Clone, Copy)]
pub(super) enum Reader<'a> {
    /// Everything of the tenant: whoever counts what is left must see all of it.
    Whole(&'a Tx),
    /// What the caller may read.
    Seen(&'a Gate),
}

impl Reader<'_> {
    async fn all<E: entity::owned::Owned>(
        self,
        act: Act,
        filter: Condition,
    ) -> Result<Vec<E::Model>> {
        match self {
            Self::Whole(tx) => tx.all_of::<E>(tx.gate().actor()?.tenant, filter).await,
            Self::Seen(gate) => gate.rows::<E>(act)?.filter(filter).all().await,
        }
    }
}

/// States in which what a submission proposes counts for its unit.
pub(super) const SENT: [State; 4] =
    [State::Sent, State::Received, State::Appraised, State::Approved];

/// Of which units and years.
pub(super) struct Places {
    pub(super) units: Vec<Uuid>,
    pub(super) years: Vec<i32>,
    /// Submissions that are read whatever their state is.
    pub(super) submissions: Vec<Uuid>,
    /// The day on which places are asked for.
    pub(super) on: NaiveDate,
}

impl Places {
    /// Those of submissions.
    pub(super) fn of(these: &[submission::Model], on: NaiveDate) -> Self {
        let units: HashSet<Uuid> = these.iter().map(|row| row.unit_id).collect();
        let years: HashSet<i32> = these.iter().map(|row| row.year).collect();
        Self {
            units: units.into_iter().collect(),
            years: years.into_iter().collect(),
            submissions: these.iter().map(|row| row.id).collect(),
            on,
        }
    }

    fn units(&self) -> Vec<Uuid> {
        self.units.clone()
    }

    fn entries(&self) -> Condition {
        use quota_entry::Column::{UnitId, Year};
        Condition::all().add(UnitId.is_in(self.units())).add(Year.is_in(self.years.clone()))
    }

    fn waivers(&self) -> Condition {
        use quota_waiver::Column::{UnitId, Year};
        Condition::all().add(UnitId.is_in(self.units())).add(Year.is_in(self.years.clone()))
    }

    fn recorded(&self) -> Condition {
        use quota_basis::Column::{UnitId, Year};
        Condition::all().add(UnitId.is_in(self.units())).add(Year.is_in(self.years.clone()))
    }

    /// The submissions themselves, and what else the units have sent for the years.
    fn proposing(&self) -> Condition {
        use submission::Column;
        let themselves = || Column::Id.is_in(self.submissions.iter().copied());
        let standing = Condition::any()
            .add(Column::State.is_in(SENT))
            .add_option((!self.submissions.is_empty()).then(themselves));
        Condition::all()
            .add(Column::UnitId.is_in(self.units()))
            .add(Column::Year.is_in(self.years.clone()))
            .add(standing)
    }

    /// Awards for advanced labour that stand, of the units and for the years.
    fn advanced(&self) -> Condition {
        use award::Column;
        let (first, last) = (self.years.iter().min(), self.years.iter().max());
        Condition::all()
            .add(Column::UnitId.is_in(self.units()))
            .add_option(last.map(|year| Column::CountingFromYear.lte(*year)))
            .add_option(first.map(|year| Column::CountingToYear.gte(*year)))
            .add(Column::AwardTypeCode.is_in(ADVANCED))
            .add(Column::State.eq(award::State::Valid))
    }
}

/// One person or collective, however often it is written down.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Known(Uuid),
    Named(String),
}

impl Who {
    fn of(subject: Option<Uuid>, name: &str) -> Self {
        subject.map_or_else(|| Self::Named(search_form(name)), Self::Known)
    }
}

/// Somebody for whom a title is asked.
pub(super) struct Line {
    pub(super) unit: Uuid,
    pub(super) year: i32,
    /// None where a decision gives without one.
    pub(super) submission: Option<Uuid>,
    /// Likewise.
    pub(super) nominee: Option<Uuid>,
    pub(super) commendation: CommendationType,
    pub(super) kind: SubjectKind,
    pub(super) who: Who,
    pub(super) name: String,
    pub(super) code: String,
}

/// The rows from which standings are made.
pub(super) struct Books {
    pub(super) quotas: Vec<quota::Model>,
    pub(super) entries: Vec<quota_entry::Model>,
    pub(super) waivers: Vec<quota_waiver::Model>,
    /// Of all that the units propose in the years.
    pub(super) lines: Vec<Line>,
    /// Advanced labourers of the units in the years who stand in the registry.
    advanced: Vec<award::Model>,
    pub(super) numbers: Numbers,
    /// The day on which places are asked for.
    pub(super) on: NaiveDate,
    own: Names,
}

impl Books {
    /// Reads what the bases of these quotas need, and nothing else.
    pub(super) async fn read(
        reader: Reader<'_>,
        places: &Places,
        (quotas, book): (Vec<quota::Model>, &Rulebook),
    ) -> Result<Self> {
        let act = Act::SubmissionRead;
        let is_any = |is_it: fn(Base) -> bool| quotas.iter().any(|row| is_it(row.base));
        let advanced = if is_any(|base| base == Base::Advanced) {
            reader.all::<award::Entity>(Act::AwardRead, places.advanced()).await?
        } else {
            Vec::new()
        };
        let numbers =
            if is_any(is_number) { numbers(reader, places).await? } else { Numbers::default() };
        Ok(Self {
            entries: reader.all::<quota_entry::Entity>(act, places.entries()).await?,
            waivers: reader.all::<quota_waiver::Entity>(act, places.waivers()).await?,
            lines: lines(reader, places, book).await?,
            quotas,
            advanced,
            numbers,
            on: places.on,
            own: book.own.clone(),
        })
    }

    /// A title in a message, in Vietnamese and in English.
    pub(super) fn said(&self, code: &str) -> (String, String) {
        self.own.get(code).cloned().unwrap_or_else(|| (code.to_owned(), code.to_owned()))
    }

    /// How many of a unit are advanced labourers of a year: those in the registry and those proposed, each once.
    pub(super) fn advanced(&self, (unit, year): (Uuid, i32)) -> i32 {
        let is_proposed =
            |it: &&Line| (it.unit, it.year) == (unit, year) && ADVANCED.contains(&it.code.as_str());
        let proposed = || self.lines.iter().filter(is_proposed);
        let mut found: HashSet<Who> = proposed().map(|it| it.who.clone()).collect();
        // A name that was proposed has become a subject with the award.
        let counted: HashSet<Uuid> = proposed().filter_map(|it| it.nominee).collect();
        let is_counted = |it: &award::Model| it.nominee_id.is_some_and(|id| counted.contains(&id));
        let mut unnamed = 0_usize;
        let is_of_year = |it: &&award::Model| {
            it.unit_id == unit && (it.counting_from_year..=it.counting_to_year).contains(&year)
        };
        for award in self.advanced.iter().filter(is_of_year).filter(|it| !is_counted(it)) {
            if award.subject_id.is_none() && award.events > 1 {
                unnamed += usize::try_from(award.events).unwrap_or_default();
            } else {
                found.insert(Who::of(award.subject_id, &award.subject_name_as_recorded));
            }
        }
        number(found.len() + unnamed)
    }

    /// How many a unit proposes in a year.
    pub(super) fn nominees(&self, (unit, year): (Uuid, i32), kind: Option<SubjectKind>) -> i32 {
        let is_meant = |it: &&Line| {
            (it.unit, it.year) == (unit, year) && kind.is_none_or(|kind| kind == it.kind)
        };
        number(self.lines.iter().filter(is_meant).count())
    }

    /// What is taken of a quota in a unit and a year, in one state or in any that stands, but for one submission.
    pub(super) fn taken(
        &self,
        row: &quota::Model,
        (unit, year): (Uuid, i32),
        is_meant: impl Fn(&quota_entry::Model) -> bool,
    ) -> i32 {
        let entries = self.entries.iter().filter(|it| {
            it.quota_id == row.id && (it.unit_id, it.year) == (unit, year) && is_meant(it)
        });
        entries.fold(0_i32, |sum, it| sum.saturating_add(rules::takes(it.state, it.amount)))
    }

    /// What was allowed beyond a quota in a unit and a year.
    pub(super) fn allowed(
        &self,
        quota: Uuid,
        place: (Uuid, i32),
    ) -> impl Iterator<Item = &quota_waiver::Model> {
        let is_it =
            move |it: &&quota_waiver::Model| it.quota_id == quota && (it.unit_id, it.year) == place;
        self.waivers.iter().filter(is_it)
    }

    /// How many more were allowed.
    pub(super) fn waived(&self, row: &quota::Model, place: (Uuid, i32)) -> i32 {
        self.allowed(row.id, place).fold(0_i32, |sum, it| sum.saturating_add(it.extra))
    }
}

async fn lines(reader: Reader<'_>, places: &Places, book: &Rulebook) -> Result<Vec<Line>> {
    let act = Act::SubmissionRead;
    let lists = reader.all::<submission::Entity>(act, places.proposing()).await?;
    let lists: HashMap<Uuid, submission::Model> =
        lists.into_iter().map(|row| (row.id, row)).collect();
    let these = nominee::Column::SubmissionId.is_in(lists.keys().copied());
    let mut rows = reader.all::<nominee::Entity>(act, Condition::all().add(these)).await?;
    rows.sort_by_key(|row| (row.submission_id, row.position));
    let line = |row: nominee::Model| {
        let list = lists.get(&row.submission_id)?;
        Some(Line {
            unit: list.unit_id,
            year: list.year,
            submission: Some(list.id),
            nominee: Some(row.id),
            commendation: list.commendation_type,
            kind: row.kind,
            who: Who::of(row.subject_id, &row.name),
            name: row.name,
            code: book.codes.get(&row.award_type_id).cloned().unwrap_or_default(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

async fn numbers(reader: Reader<'_>, places: &Places) -> Result<Numbers> {
    let today = match reader {
        Reader::Whole(tx) => tx.gate().today(),
        Reader::Seen(gate) => gate.today(),
    };
    let mut recorded = reader.all::<quota_basis::Entity>(Act::QuotaRead, places.recorded()).await?;
    recorded.sort_by_key(|row| (row.at, row.id));
    let themselves = Condition::all()
        .add(subject::Column::UnitId.is_in(places.units()))
        .add(subject::Column::IsUnit.eq(true));
    let collectives = reader.all::<subject::Entity>(Act::SubjectRead, themselves).await?;
    let of_years = Condition::all()
        .add(year_record::Column::SubjectId.is_in(collectives.iter().map(|row| row.id)))
        .add(year_record::Column::Year.is_in(places.years.clone()));
    let years = reader.all::<year_record::Entity>(Act::SubjectRead, of_years).await?;
    let below = input::in_force(unit::Column::ValidFrom, unit::Column::ValidTo, today)
        .add(unit::Column::ParentId.is_in(places.units()));
    let below = reader.all::<unit::Entity>(Act::UnitRead, below).await?;
    Ok(Numbers { recorded, collectives, years, below })
}

pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
