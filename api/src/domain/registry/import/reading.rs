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

use super::plan::{Known, Maker};
use super::row::AwardRow;
use crate::domain::award::is_applicable;
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
    award_type: &'a award_type::Model,
    pub(super) counting: (i32, i32),
    pub(super) decided_on: Option<NaiveDate>,
    pub(super) issuer_name: String,
    pub(super) issuer_tenant: Option<Uuid>,
    /// The issuer is written down and nothing is known of it.
    odd_issuer: Option<Fault>,
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
        let from = input::year(row.counting_from, &at("countingFrom"))?;
        let to = input::year(row.counting_to.unwrap_or(from), &at("countingTo"))?;
        if to < from {
            return Err(Fault::at(Code::PeriodReversed, &at("countingTo")).into());
        }
        // What is still to come has been rewarded by nobody.
        if to > today.year() {
            let fault = Fault::at(Code::OutOfRange, &at("countingTo"));
            return Err(fault.with("min", from.min(today.year())).with("max", today.year()).into());
        }
        let decided_on = row.decided_on.map(|day| input::day(day, &at("decidedOn"))).transpose()?;
        if decided_on.is_some_and(|day| day > today) {
            let fault = Fault::at(Code::OutOfRange, &at("decidedOn"));
            return Err(fault.with("min", "1948-01-01").with("max", today).into());
        }
        let last_day = NaiveDate::from_ymd_opt(to, 12, 31).unwrap_or_default();
        let on = decided_on.unwrap_or(last_day);
        let award_type = known.names.award_type(&row.award_type, on);
        let award_type = award_type.ok_or_else(|| {
            Fault::at(Code::AwardUnknown, &at("awardType")).with("name", &row.award_type)
        })?;
        let events = row.events.unwrap_or(1);
        if !(1..=EVENTS).contains(&events) {
            let fault = Fault::at(Code::OutOfRange, &at("events"));
            return Err(fault.with("min", 1).with("max", EVENTS).into());
        }
        let is_named = row.subject_id.is_some()
            || row.subject_code.is_some()
            || row.subject_name.as_ref().is_some_and(|name| !name.trim().is_empty());
        if events > 1 && is_named {
            let fault = Fault::at(Code::InvalidCombination, &at("events"));
            return Err(fault.with("detail", "events, subject").into());
        }
        let unit = unit_of(known, row, path)?;
        let issuer = Issuer::of(known, (row, path), (award_type, unit), on)?;
        Ok(Self {
            row,
            path,
            unit,
            award_type,
            counting: (from, to),
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
            name_as_recorded: input::text(&row.award_type, &self.at("awardType"), input::NAME)?,
            counting_from_year: self.counting.0,
            counting_to_year: self.counting.1,
            commendation_type: self.commendation_type(),
            movement_years: row.movement_years,
            achieved_on: row
                .achieved_on
                .map(|day| input::day(day, &self.at("achievedOn")))
                .transpose()?,
            field: input::optional_text(field, &self.at("field"), input::CODE)?,
            issuer_name: self.issuer_name.clone(),
            issuer_tenant_id: self.issuer_tenant,
            decision_id: decision.as_ref().map(|decision| decision.id),
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

    /// The person at that time: as the row says, else as the subject is now; nobody where it is no person.
    fn person(&self, subject: Option<&subject::Model>, kind: SubjectKind) -> Person {
        if kind != SubjectKind::Individual {
            return Person::default();
        }
        let row = self.row;
        Person {
            sex: row.sex.or_else(|| subject?.sex),
            leadership_class: row.leadership_class.or_else(|| subject?.leadership_class),
            direct_worker: row.direct_worker.or(subject.map(|subject| subject.direct_worker)),
            manager: row.manager.or(subject.map(|subject| subject.manager)),
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

    /// What the present rules would ask about; it never blocks.
    pub(super) fn warnings(&self, award: &award::Model) -> Vec<Fault> {
        let on = self.award_type.valid_from.max(award.decided_on.unwrap_or_default());
        let fits = is_applicable(self.award_type, award.subject_kind, award.commendation_type, on);
        let odd = (!fits).then(|| Fault::at(Code::AwardNotApplicable, &self.at("awardType")));
        let is_over = |last: NaiveDate| last.year() < self.counting.0;
        let is_late = self.unit.valid_to.is_some_and(is_over)
            || self.unit.valid_from.year() > self.counting.1;
        let late = is_late.then(|| Fault::at(Code::NotInForce, &self.at("unitId")));
        let is_early = |day: &NaiveDate| day.year() < self.counting.0;
        let early = self.decided_on.filter(is_early).map(|_| {
            let fault = Fault::at(Code::OutOfRange, &self.at("decidedOn"));
            fault.with("min", format!("{}-01-01", self.counting.0)).with("max", self.today)
        });
        let issuer = self.odd_issuer.clone();
        [odd, late, early, issuer].into_iter().flatten().collect()
    }
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

/// Who gave it, by name and as a tenant where it was one.
struct Issuer {
    name: String,
    tenant: Option<Uuid>,
    odd: Option<Fault>,
}

impl Issuer {
    /// What the register does not reach back to stays as it is written down, and is a warning.
    fn of(
        known: &Known,
        (row, path): (&AwardRow, &str),
        (award_type, unit): (&award_type::Model, &unit::Model),
        on: NaiveDate,
    ) -> Result<Self> {
        use award_type::Level;
        let (tenant, said) = match (&row.issuer_tenant_code, &row.issuer_tenant_name) {
            (Some(code), name) => {
                let found = known.names.tenant_of_code(code.trim(), on);
                (found, Some(("issuerTenantCode", name.as_ref().unwrap_or(code))))
            }
            (None, Some(name)) => {
                (known.names.tenant_of_name(name, on), Some(("issuerTenantName", name)))
            }
            (None, None) if award_type.level == Level::State => (None, None),
            (None, None) => (known.names.tenant_on(known.tenant, on), None),
        };
        let unknown = said.filter(|_| tenant.is_none());
        let odd = unknown.map(|(field, name)| {
            Fault::at(Code::TenantUnknown, &format!("{path}.{field}")).with("name", name)
        });
        let at = format!("{path}.issuerName");
        let written = row.issuer_name.as_deref().or(unknown.map(|(_, name)| name.as_str()));
        let given = input::optional_text(written, &at, input::NAME)?;
        let usual = || match award_type.level {
            Level::State => "Nhà nước".to_owned(),
            Level::Base => unit.name.clone(),
            Level::MinistryOrProvince => {
                tenant.map_or_else(|| unit.name.clone(), |row| row.name.clone())
            }
        };
        Ok(Self { name: given.unwrap_or_else(usual), tenant: tenant.map(|row| row.id), odd })
    }
}
