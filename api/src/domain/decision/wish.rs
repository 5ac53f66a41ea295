//! What a decision gives to whom, and what stands against it.
//! Nothing is written here.

use chrono::{Datelike, NaiveDate};
use entity::decision::{Kind, Source};
use entity::nominee::{self, SubjectKind};
use entity::submission::{self, CommendationType};
use entity::{award, award_type, decision, subject, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::vote::demand_vote;
use super::{Paper, Series, label};
use crate::access::{Gate, Tx, today};
use crate::domain::award::{demand_applicable, is_of_one_year, said, worded_on};
use crate::domain::record::{self, Proposed};
use crate::domain::{bonus, registry};
use crate::error::{Code, Fault, Result};
use crate::text::search_form;

/// Longest movement, in years.
pub(in crate::domain) const MOVEMENT_YEARS: i32 = 100;

/// What is given to whom.
pub(in crate::domain) struct Wish {
    /// Id of the award that it becomes.
    pub(in crate::domain) id: Uuid,
    pub(in crate::domain) subject: subject::Model,
    pub(in crate::domain) award_type: award_type::Model,
    pub(in crate::domain) name: String,
    pub(in crate::domain) counting: (i32, i32),
    pub(in crate::domain) commendation_type: CommendationType,
    pub(in crate::domain) movement_years: Option<i32>,
    /// Day of the achievement, where it is said.
    pub(in crate::domain) achieved_on: Option<NaiveDate>,
    pub(in crate::domain) field: Option<String>,
    /// Whether a ballot has passed on him for this title.
    pub(in crate::domain) is_voted: bool,
    /// Whether a submission proposes him.
    pub(in crate::domain) is_proposed: bool,
    /// The nominee as whom a submission proposes him.
    pub(in crate::domain) nominee: Option<Uuid>,
    /// The day on which it was proposed; the rules of that day apply.
    pub(in crate::domain) received_on: Option<NaiveDate>,
    pub(in crate::domain) path: String,
}

/// Whether the title can be given to this kind of subject, on this day, by this authority.
fn check(wish: &Wish, series: &Series, paper: &Paper) -> Result<()> {
    let Wish { award_type, subject, commendation_type, path, .. } = wish;
    let what = (subject.kind, *commendation_type);
    demand_applicable(award_type, what, (paper.decided_on, path))?;
    // Achievements of years to come are rewarded by nobody.
    let last = paper.decided_on.year();
    if wish.counting.1 > last {
        let fault = Fault::at(Code::OutOfRange, &wish.at("countingTo")).with("field", "countingTo");
        return Err(fault.with("min", wish.counting.0.min(last)).with("max", last).into());
    }
    require_day(wish, paper.decided_on)?;
    if wish.movement_years.is_some_and(|count| !(1..=MOVEMENT_YEARS).contains(&count)) {
        let fault = Fault::at(Code::OutOfRange, &wish.at("movementYears"));
        return Err(fault.with("min", 1).with("max", MOVEMENT_YEARS).into());
    }
    if wish.is_ours(series) {
        require_span(wish)?;
    }
    let decider: Option<&str> = series.issuer.map(Into::into);
    if award_type.decided_by.split('|').all(|known| Some(known) != decider) {
        return Err(Fault::at(Code::NotTheAuthority, path).about(said(award_type)).into());
    }
    Ok(())
}

/// Nothing was achieved after the decision. A day that is said here lies within the years that are counted, and merit has
/// none: what was proposed is decided as it was proposed.
fn require_day(wish: &Wish, decided_on: NaiveDate) -> Result<()> {
    let Some(day) = wish.achieved_on else { return Ok(()) };
    let path = wish.at("achievedOn");
    if !wish.is_proposed && wish.commendation_type == CommendationType::Merit {
        let fault = Fault::at(Code::InvalidCombination, &path);
        return Err(fault.with("detail", "achievedOn, commendationType").into());
    }
    let (first, last) = achieved_within(wish.counting, decided_on);
    let last = if wish.is_proposed { decided_on } else { last };
    if day <= last && (wish.is_proposed || day >= first) {
        return Ok(());
    }
    let fault = Fault::at(Code::OutOfRange, &path).with("field", "achievedOn");
    Err(fault.with("min", first).with("max", last).into())
}

/// The days on which what counts for these years can have been achieved: those of the years, up to the decision.
pub(in crate::domain) fn achieved_within(
    (first, last): (i32, i32),
    decided_on: NaiveDate,
) -> (NaiveDate, NaiveDate) {
    let last = NaiveDate::from_ymd_opt(last, 12, 31).map_or(decided_on, |day| day.min(decided_on));
    (NaiveDate::from_ymd_opt(first, 1, 1).unwrap_or_default(), last)
}

/// An annual title counts one year; years of a movement belong to a movement.
fn require_span(wish: &Wish) -> Result<()> {
    let Wish { award_type, commendation_type, counting: (first, last), .. } = wish;
    let is_movement = *commendation_type == CommendationType::Movement;
    if is_of_one_year(award_type, *commendation_type) && last > first {
        let fault = Fault::at(Code::OutOfRange, &wish.at("countingTo")).with("field", "countingTo");
        return Err(fault.with("min", first).with("max", first).into());
    }
    if wish.movement_years.is_some() && !is_movement {
        let fault = Fault::at(Code::InvalidCombination, &wish.at("movementYears"));
        return Err(fault.with("detail", "movementYears, commendationType").into());
    }
    Ok(())
}

/// Refuses titles that cannot be given to these subjects, on this day, by this authority.
pub(super) fn require(wishes: &[Wish], (series, paper): (&Series, &Paper)) -> Result<()> {
    wishes.iter().try_for_each(|wish| check(wish, series, paper))
}

/// Nothing is given to a unit that was dissolved before the decision, nor to its people as such: the register of units
/// says that it is not there on that day. The rule of the law on it (`in-existence`) is not established in detail and
/// only warns where somebody is proposed.
async fn require_open_units(tx: &Tx, wishes: &[Wish], paper: &Paper) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = wishes.iter().map(|wish| wish.subject.unit_id);
    let these = Condition::all().add(unit::Column::Id.is_in(ids));
    let units = tx.all_of::<unit::Entity>(tenant, these).await?;
    let is_open = |id: Uuid| {
        units.iter().any(|unit| {
            let is_over = unit.valid_to.is_some_and(|last| last < paper.decided_on);
            unit.id == id && unit.valid_from <= paper.decided_on && !is_over
        })
    };
    match wishes.iter().find(|wish| !is_open(wish.subject.unit_id)) {
        Some(wish) => {
            let unit = units.iter().find(|unit| unit.id == wish.subject.unit_id);
            let name = unit.map_or(&wish.name, |unit| &unit.name);
            Err(Fault::at(Code::NotInForce, &wish.path).with("field", name).into())
        }
        None => Ok(()),
    }
}

/// Writes a decision, unless it is known already, with awards into the registry, where these authorities may give these titles to these subjects.
pub(in crate::domain) async fn give(
    tx: &Tx,
    (series, paper, known): (&Series, Paper, Option<decision::Model>),
    wishes: Vec<Wish>,
    (catalogue, tariff): (&[award_type::Model], &bonus::Tariff),
) -> Result<decision::Model> {
    require(&wishes, (series, &paper))?;
    require_open_units(tx, &wishes, &paper).await?;
    let row = match known {
        Some(row) => row,
        None => series.issue(tx, paper, Kind::Award).await?,
    };
    let awards = wishes.into_iter().map(|wish| wish.award(tx.gate(), &row));
    let mut awards = awards.collect::<Result<Vec<_>>>()?;
    let earlier = of_the_day(tx, &awards, row.decided_on).await?;
    tariff.price(&mut awards, &earlier, catalogue);
    registry::give(tx, awards).await?;
    Ok(row)
}

/// What other decisions of the same day gave to the same subjects.
async fn of_the_day(tx: &Tx, awards: &[award::Model], on: NaiveDate) -> Result<Vec<award::Model>> {
    use award::Column;
    let tenant = tx.gate().actor()?.tenant;
    let these = Condition::all()
        .add(Column::SubjectId.is_in(awards.iter().filter_map(|award| award.subject_id)))
        .add(Column::DecidedOn.eq(on))
        .add(Column::State.eq(award::State::Valid));
    tx.all_of::<award::Entity>(tenant, these).await
}

/// Refuses those whom the law lets have the title only after a ballot, or after the Party committee has agreed, and who
/// lack it. What an authority elsewhere has decided without a submission of ours is written down as it is; of whom a list on
/// its way proposes, `pending` asks.
pub(super) async fn demand_proof(
    tx: &Tx,
    wishes: &[Wish],
    (series, paper): (&Series, &Paper),
) -> Result<()> {
    let on = paper.decided_on;
    let ours: Vec<&Wish> = wishes.iter().filter(|wish| wish.is_ours(series)).collect();
    for wish in &ours {
        let who = (wish.name.as_str(), &wish.award_type);
        demand_vote(who, wish.is_voted, (on, &wish.path))?;
    }
    let proposed: Vec<Proposed<'_>> = ours.iter().copied().map(Wish::proposed).collect();
    let at = |index: usize| ours.get(index).map(|wish| wish.path.clone()).unwrap_or_default();
    record::demand_party_opinion(tx, &proposed, (on, &at)).await?;
    Ok(())
}

impl Wish {
    /// What a submission proposes for a nominee, on whom a ballot has passed.
    pub(in crate::domain) fn of(
        nominee: &nominee::Model,
        list: &submission::Model,
        (subject, award_type): (subject::Model, award_type::Model),
        (id, path): (Uuid, &str),
    ) -> Self {
        // A title of one year, to which a council has moved him, counts that year alone.
        let is_single = is_of_one_year(&award_type, list.commendation_type);
        let from = nominee.counting_from.filter(|from| *from < list.year && !is_single);
        Self {
            id,
            subject: subject::Model { unit_id: nominee.unit_id, ..subject },
            award_type,
            name: nominee.name.clone(),
            counting: (from.unwrap_or(list.year), list.year),
            commendation_type: list.commendation_type,
            movement_years: None,
            achieved_on: nominee.achieved_on,
            field: nominee.field.clone(),
            is_voted: true,
            is_proposed: true,
            nominee: Some(nominee.id),
            received_on: list.sent_at.map(today),
            path: path.to_owned(),
        }
    }

    /// With the title as it is worded on the day of the decision.
    pub(in crate::domain) fn worded(
        self,
        catalogue: &[award_type::Model],
        decided_on: NaiveDate,
    ) -> Self {
        Self { award_type: worded_on(catalogue, self.award_type, decided_on), ..self }
    }

    /// Whether it is decided here, or was proposed from here: what an authority elsewhere has decided without us is
    /// written down as it is.
    pub(super) fn is_ours(&self, series: &Series) -> bool {
        self.is_proposed || series.is_own()
    }

    /// Where a field of it stands in the input; what was proposed has no field there.
    fn at(&self, field: &str) -> String {
        if self.is_proposed { self.path.clone() } else { format!("{}.{field}", self.path) }
    }

    fn proposed(&self) -> Proposed<'_> {
        Proposed {
            tenant: self.subject.tenant_id,
            subject: Some(self.subject.id),
            name: &self.name,
            award: &self.award_type.code,
            said: said(&self.award_type),
            year: self.counting.1,
        }
    }

    /// The award as it is written into the registry.
    pub(in crate::domain) fn award(
        self,
        gate: &Gate,
        decision: &decision::Model,
    ) -> Result<award::Model> {
        let Self { subject, award_type, .. } = self;
        let is_person = subject.kind == SubjectKind::Individual;
        Ok(award::Model {
            tenant_id: decision.tenant_id,
            id: self.id,
            unit_id: subject.unit_id,
            subject_id: Some(subject.id),
            subject_kind: subject.kind,
            name_search: search_form(&self.name),
            subject_name_as_recorded: self.name,
            sex: subject.sex,
            leadership_class: subject.leadership_class,
            direct_worker: subject.direct_worker.filter(|_| is_person),
            manager: subject.manager.filter(|_| is_person),
            enterprise: subject.enterprise,
            award_type_id: award_type.id,
            award_type_code: award_type.code,
            name_as_recorded: award_type.name,
            counting_from_year: self.counting.0,
            counting_to_year: self.counting.1,
            commendation_type: self.commendation_type,
            movement_years: self.movement_years,
            achieved_on: self.achieved_on,
            field: self.field,
            issuer_name: decision.issuer_name.clone(),
            issuer_tenant_id: decision.issuer_tenant_id,
            decision_id: Some(decision.id),
            nominee_id: self.nominee,
            decision_label: Some(label(decision.number, &decision.symbol)),
            decided_on: Some(decision.decided_on),
            bonus_raw: None,
            bonus_paid: None,
            source: Source::Decision,
            events: 1,
            public_code: Some(gate.new_code()?),
            state: award::State::Valid,
            created_at: gate.now(),
            version: 1,
        })
    }
}
