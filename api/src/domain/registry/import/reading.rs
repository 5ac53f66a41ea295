//! What one row of older records says: title, years, unit and issuer, as they were at that time.
//! No row of the registry is entered here.

use chrono::{Datelike, NaiveDate};
use entity::decision::{self, Source};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{award, award_type, subject, unit};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::form::Beside;
use super::issuer::Clue;
use super::names::as_recorded;
use super::plan::{Known, Maker};
use super::row::AwardRow;
use super::tail::years_named;
use crate::domain::award::{is_applicable, said};
use crate::domain::decision::MOVEMENT_YEARS;
use crate::domain::input;
use crate::domain::unit::Unit;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::text::search_form;

/// Most awards that one row without names stands for.
const EVENTS: i32 = 1_000_000;

/// What a row says, resolved.
pub(super) struct Reading<'a> {
    pub(super) row: &'a AwardRow,
    path: &'a str,
    pub(super) unit: &'a unit::Model,
    pub(super) award_type: &'a award_type::Model,
    pub(super) counting: (i32, i32),
    pub(super) decided_on: Option<NaiveDate>,
    pub(super) issuer_name: String,
    pub(super) issuer_tenant: Option<Uuid>,
    /// What is odd about the issuer, such as one of whom nothing is known.
    odd_issuer: Vec<Fault>,
    events: i32,
    today: NaiveDate,
}

/// What the statistics ask of a person.
#[derive(Default)]
struct Person {
    sex: Option<Sex>,
    leadership_class: Option<LeadershipClass>,
    direct_worker: Option<bool>,
    manager: Option<bool>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(
        known: &'a Known,
        row: &'a AwardRow,
        path: &'a str,
        today: NaiveDate,
    ) -> Result<Self> {
        let at = |field: &str| format!("{path}.{field}");
        let counting = counted(row, path, today)?;
        let decided_on = row.decided_on.map(|day| input::day(day, &at("decidedOn"))).transpose()?;
        if decided_on.is_some_and(|day| day > today) {
            let fault = Fault::at(Code::OutOfRange, &at("decidedOn"));
            return Err(fault.with("min", "1948-01-01").with("max", today).into());
        }
        let on = decided_on.or(NaiveDate::from_ymd_opt(counting.1, 12, 31)).unwrap_or_default();
        let since = decided_on.or(NaiveDate::from_ymd_opt(counting.0, 1, 1)).unwrap_or_default();
        let title = known.names.title_by(&row.award_type, beside(known, row, on), on);
        let title = title.ok_or_else(|| {
            Fault::at(Code::AwardUnknown, &at("awardType")).with("name", &row.award_type)
        })?;
        let events = events(row, path)?;
        let unit = unit_of(known, row, path)?;
        let issuer = Clue { known, row, path, title: &title, unit, since, on }.issuer()?;
        Ok(Self {
            row,
            path,
            unit,
            award_type: title.award_type,
            counting,
            decided_on,
            issuer_name: issuer.name,
            issuer_tenant: issuer.tenant,
            odd_issuer: issuer.odd,
            events,
            today,
        })
    }

    pub(super) fn at(&self, field: &str) -> String {
        format!("{}.{field}", self.path)
    }

    /// The kind of the subject, as the row, the subject or the title tell.
    pub(super) fn kind(&self, subject: Option<&subject::Model>) -> Result<SubjectKind> {
        let given = subject.map(|subject| subject.kind).or(self.row.subject_kind);
        let only = || SubjectKind::try_from_value(&self.award_type.subject_kinds).ok();
        given.or_else(only).ok_or_else(|| Fault::at(Code::Required, &self.at("subjectKind")).into())
    }

    fn commendation_type(&self) -> CommendationType {
        self.row.commendation_type.unwrap_or(CommendationType::Merit)
    }

    pub(super) fn award(
        &self,
        known: &Known,
        (subject, kind, decision): (Option<subject::Model>, SubjectKind, Option<decision::Model>),
        maker: &mut Maker<'_>,
    ) -> Result<award::Model> {
        let row = self.row;
        let name = input::optional_text(
            row.subject_name.as_deref(),
            &self.at("subjectName"),
            input::NAME,
        )?;
        let known_name = || subject.as_ref().map(|subject| subject.name.clone());
        let name = name.or_else(known_name).unwrap_or_default();
        let person = self.person(subject.as_ref(), kind);
        let field = row.field.as_deref();
        let code = subject.as_ref().map(|_| (maker.code)()).transpose()?;
        Ok(award::Model {
            tenant_id: known.tenant,
            id: (maker.id)(),
            unit_id: self.unit.id,
            subject_id: subject.as_ref().map(|subject| subject.id),
            subject_kind: kind,
            name_search: search_form(&name),
            subject_name_as_recorded: name,
            sex: person.sex,
            leadership_class: person.leadership_class,
            direct_worker: person.direct_worker,
            manager: person.manager,
            enterprise: self.enterprise(subject.as_ref(), kind),
            award_type_id: self.award_type.id,
            award_type_code: self.award_type.code.clone(),
            name_as_recorded: self.name_as_recorded()?,
            counting_from_year: self.counting.0,
            counting_to_year: self.counting.1,
            commendation_type: self.commendation_type(),
            movement_years: self.movement_years()?,
            achieved_on: self.achieved_on()?,
            field: input::optional_text(field, &self.at("field"), input::CODE)?,
            issuer_name: self.issuer_name.clone(),
            issuer_tenant_id: self.issuer_tenant,
            decision_id: decision.as_ref().map(|decision| decision.id),
            nominee_id: None,
            decision_label: row.label(),
            decided_on: self.decided_on,
            bonus_raw: None,
            bonus_paid: self.bonus()?,
            source: Source::Import,
            events: self.events,
            public_code: code,
            state: award::State::Valid,
            created_at: maker.now,
            version: 1,
        })
    }

    /// The title in the words of the record; where that has a code, in those of the catalogue on the day.
    fn name_as_recorded(&self) -> Result<String> {
        let written = input::text(&self.row.award_type, &self.at("awardType"), input::NAME)?;
        Ok(as_recorded(self.award_type, written))
    }

    fn movement_years(&self) -> Result<Option<i32>> {
        let years = self.row.movement_years;
        if years.is_none_or(|years| (1..=MOVEMENT_YEARS).contains(&years)) {
            return Ok(years);
        }
        let fault = Fault::at(Code::OutOfRange, &self.at("movementYears"));
        Err(fault.with("min", 1).with("max", MOVEMENT_YEARS).into())
    }

    /// Nobody is rewarded for what comes after.
    fn achieved_on(&self) -> Result<Option<NaiveDate>> {
        let path = self.at("achievedOn");
        let on = self.row.achieved_on.map(|day| input::day(day, &path)).transpose()?;
        match on.zip(self.decided_on).filter(|(on, decided)| on > decided) {
            Some((_, decided)) => {
                let fault = Fault::at(Code::OutOfRange, &path).with("min", "1948-01-01");
                Err(fault.with("max", decided).into())
            }
            None => Ok(on),
        }
    }

    /// The person at that time: as the row says, else as the subject is now; nobody where it is no person.
    fn person(&self, subject: Option<&subject::Model>, kind: SubjectKind) -> Person {
        if kind != SubjectKind::Individual {
            return Person::default();
        }
        let row = self.row;
        Person {
            sex: row.sex.or_else(|| subject?.sex),
            leadership_class: row.leadership_class.or_else(|| subject?.leadership_class),
            direct_worker: row.direct_worker.or_else(|| subject?.direct_worker),
            manager: row.manager.or_else(|| subject?.manager),
        }
    }

    /// What the collective was at that time: as the row says, else as the subject is now.
    fn enterprise(&self, subject: Option<&subject::Model>, kind: SubjectKind) -> Option<bool> {
        let known = self.row.enterprise.or_else(|| subject?.enterprise);
        known.filter(|_| kind == SubjectKind::Collective)
    }

    fn bonus(&self) -> Result<Option<i64>> {
        let Some(text) = &self.row.bonus_paid else { return Ok(None) };
        let amount = text.trim().parse::<i64>().ok().filter(|amount| *amount >= 0);
        let fault = Fault::at(Code::InvalidFormat, &self.at("bonusPaid"));
        let fault = fault.with("expected", "a whole number, 0 or more");
        amount.map(Some).ok_or_else(|| fault.into())
    }

    /// The warning that the title is not for such a subject, or was given by nobody any more on the day.
    fn unfit(&self, award: &award::Model) -> Option<Fault> {
        let path = self.at("awardType");
        let on = self.award_type.valid_from.max(award.decided_on.unwrap_or_default());
        if let Some(last) = self.award_type.valid_to.filter(|last| *last < on) {
            let fault = Fault::at(Code::NotInForce, &path).with("case", "ENDED");
            return Some(fault.about(said(self.award_type)).with("last", last));
        }
        let fits = is_applicable(self.award_type, award.subject_kind, award.commendation_type, on);
        (!fits).then(|| Fault::at(Code::AwardNotApplicable, &path))
    }

    /// The warning that the words for the title name other years than the row counts.
    fn other_years(&self) -> Option<Fault> {
        let named = years_named(&self.row.award_type)?;
        let is_other = named.1 < self.counting.0 || self.counting.1 < named.0;
        is_other.then(|| {
            let path = self.at("awardType");
            let fault = Fault::at(Code::InvalidCombination, &path).with("case", "YEARS");
            let fault = fault.with("named", in_short(named)).with("years", in_short(self.counting));
            fault.with("name", &self.row.award_type)
        })
    }

    /// What the present rules would ask about; it never blocks.
    pub(super) fn warnings(&self, award: &award::Model) -> Vec<Fault> {
        let odd = self.unfit(award);
        let is_over = |last: NaiveDate| last.year() < self.counting.0;
        let is_late = self.unit.valid_to.is_some_and(is_over)
            || self.unit.valid_from.year() > self.counting.1;
        let given = if self.row.unit_id.is_some() { "unitId" } else { "unitCode" };
        let late = is_late.then(|| Fault::at(Code::NotInForce, &self.at(given)));
        let is_early = |day: &NaiveDate| day.year() < self.counting.0;
        let early = self.decided_on.filter(is_early).map(|_| {
            let fault = Fault::at(Code::OutOfRange, &self.at("decidedOn"));
            fault.with("min", format!("{}-01-01", self.counting.0)).with("max", self.today)
        });
        let own = [odd, late, early, self.other_years()].into_iter().flatten();
        own.chain(self.odd_issuer.iter().cloned()).collect()
    }
}

/// What tells the issuer beside the title: a code that nobody had on the day tells nothing.
fn beside<'a>(known: &Known, row: &'a AwardRow, on: NaiveDate) -> Beside<'a> {
    let told = Beside::of(row);
    let is_held = |code: &&str| known.names.tenants().of_code(code, on).is_some();
    Beside { tenant_code: told.tenant_code.filter(is_held), ..told }
}

/// Years from one to another; one year once.
fn in_short((from, to): (i32, i32)) -> String {
    if from == to { from.to_string() } else { format!("{from}-{to}") }
}

/// The years it counts: what is still to come has been rewarded by nobody.
fn counted(row: &AwardRow, path: &str, today: NaiveDate) -> Result<(i32, i32)> {
    let (at_from, at_to) = (format!("{path}.countingFrom"), format!("{path}.countingTo"));
    let from = input::year(row.counting_from, &at_from)?;
    let to = input::year(row.counting_to.unwrap_or(from), &at_to)?;
    if to < from {
        let fault = Fault::at(Code::PeriodReversed, &at_to).with("case", "FIELDS");
        let fault = fault.with("before", "countingFrom").with("first", from).with("last", to);
        return Err(fault.into());
    }
    let late = (from > today.year()).then_some((&at_from, input::FIRST_YEAR));
    let late = late.or((to > today.year()).then_some((&at_to, from)));
    let Some((path, first)) = late else { return Ok((from, to)) };
    let fault = Fault::at(Code::OutOfRange, path);
    Err(fault.with("min", first).with("max", today.year()).into())
}

/// How many awards it stands for.
fn events(row: &AwardRow, path: &str) -> Result<i32> {
    let at = format!("{path}.events");
    let events = row.events.unwrap_or(1);
    if !(1..=EVENTS).contains(&events) {
        let fault = Fault::at(Code::OutOfRange, &at);
        return Err(fault.with("min", 1).with("max", EVENTS).into());
    }
    let is_named = row.subject_id.is_some()
        || row.subject_code.is_some()
        || row.subject_name.as_ref().is_some_and(|name| !name.trim().is_empty());
    if events > 1 && is_named {
        let fault = Fault::at(Code::InvalidCombination, &at);
        return Err(fault.with("detail", "events, subject").into());
    }
    Ok(events)
}

fn unit_of<'a>(known: &'a Known, row: &AwardRow, path: &str) -> Result<&'a unit::Model> {
    if let Some(id) = &row.unit_id {
        let path = format!("{path}.unitId");
        let id = input_id::<Unit>(id, &path)?;
        let found = known.units.iter().find(|unit| unit.id == id);
        return found.ok_or_else(|| Error::not_found().at(&path));
    }
    let path = format!("{path}.unitCode");
    let code = row.unit_code.as_deref().ok_or_else(|| Fault::at(Code::Required, &path))?;
    let found = known.units.iter().find(|unit| unit.code == code.trim());
    found.ok_or_else(|| Error::not_found().at(&path))
}
