//! From rows of older records to rows of the registry: pure, the same for a client's list and for the demo.
//! No rule of eligibility blocks here: what was given was given.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::decision::{self, Kind, Source};
use entity::nominee::SubjectKind;
use entity::{award, subject, subject_membership, unit};
use uuid::Uuid;

use super::names::Names;
use super::reading::Reading;
use super::row::AwardRow;
use super::twin;
use crate::domain::decision::{key_of_name, symbol_key};
use crate::domain::input;
use crate::domain::subject::Subject;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::text::{official_form, search_form};

/// What is there already.
pub(crate) struct Known {
    pub(crate) tenant: Uuid,
    pub(crate) root: Uuid,
    pub(crate) units: Vec<unit::Model>,
    /// The units above them.
    pub(crate) above: Vec<unit::Model>,
    /// The districts and communes of the tenant.
    pub(crate) places: Vec<unit::Model>,
    pub(crate) subjects: Vec<subject::Model>,
    pub(crate) decisions: Vec<decision::Model>,
    /// Those of the subjects that stand, and numbers of the units in the years of the rows.
    pub(crate) awards: Vec<award::Model>,
    pub(crate) names: Names,
}

impl Known {
    /// The unit above a unit, where it is known.
    pub(super) fn parent(&self, unit: &unit::Model) -> Option<&unit::Model> {
        let id = unit.parent_id?;
        self.units.iter().chain(&self.above).find(|row| row.id == id)
    }

    /// Whether a text is the name of a division where the subject of a row is: no legal person, it gives nothing.
    pub(super) fn is_division(&self, text: &str) -> bool {
        let name = search_form(text);
        let mut near = self.units.iter().chain(&self.above);
        near.any(|unit| unit.kind == unit::Kind::Division && search_form(&unit.name) == name)
    }

    /// Whether a text names a district or a commune that was none of the tenant on a day.
    pub(super) fn is_local_elsewhere(&self, text: &str, on: NaiveDate) -> bool {
        let own = self.names.tenants().of_id(self.tenant);
        let own = own.map(|row| row.name.as_str()).unwrap_or_default();
        let is_there =
            |row: &&unit::Model| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
        let places: Vec<&unit::Model> = self.places.iter().filter(is_there).collect();
        self.names.locals().is_elsewhere(text, (own, places.as_slice()))
    }
}

/// Who takes the rows over, and when; and what makes ids and codes.
pub(crate) struct Maker<'a> {
    pub(crate) user: Uuid,
    pub(crate) now: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) id: &'a mut (dyn FnMut() -> Uuid + Send),
    pub(crate) code: &'a mut (dyn FnMut() -> Result<String> + Send),
}

/// Rows to be written, in this order.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) subjects: Vec<subject::Model>,
    pub(crate) memberships: Vec<subject_membership::Model>,
    pub(crate) decisions: Vec<decision::Model>,
    pub(crate) awards: Vec<award::Model>,
}

impl Plan {
    /// Takes one row over; hands back what looks odd and was taken nevertheless.
    pub(crate) fn take(
        &mut self,
        known: &Known,
        (row, path): (&AwardRow, &str),
        maker: &mut Maker<'_>,
    ) -> Result<Vec<Fault>> {
        let reading = Reading::of(known, row, path, maker.today)?;
        let subject = self.subject(known, &reading, maker)?;
        let kind = reading.kind(subject.as_ref())?;
        let decision = self.decision(known, &reading, maker)?;
        let award = reading.award(known, (subject, kind, decision), maker)?;
        let mut warnings = reading.warnings(&award);
        let earlier = known.awards.iter().find(|it| twin::is_twin(it, &award));
        let is_earlier = earlier.is_some();
        if let Some(found) = earlier.or(self.awards.iter().find(|it| twin::is_twin(it, &award))) {
            let fault = twin::fault(found, &reading);
            // Without a decision nobody can tell one from the other; and within one list two numbers may be alike.
            if award.decision_id.is_some() && (award.subject_id.is_some() || is_earlier) {
                return Err(fault.into());
            }
            warnings.push(fault);
        }
        self.awards.push(award);
        Ok(warnings)
    }

    /// The subject of a row, found or entered; none where the record gives a number only.
    fn subject(
        &mut self,
        known: &Known,
        reading: &Reading<'_>,
        maker: &mut Maker<'_>,
    ) -> Result<Option<subject::Model>> {
        let row = reading.row;
        if let Some(id) = &row.subject_id {
            let path = reading.at("subjectId");
            let id = input_id::<Subject>(id, &path)?;
            let found = known.subjects.iter().find(|subject| subject.id == id).cloned();
            return found.map(Some).ok_or_else(|| Error::not_found().at(&path));
        }
        let code = row.subject_code.as_deref();
        let code = code.map(|code| input::code(code, &reading.at("subjectCode"))).transpose()?;
        let path = reading.at("subjectName");
        let name = input::optional_text(row.subject_name.as_deref(), &path, input::NAME)?;
        if let Some(code) = &code {
            let mut all = known.subjects.iter().chain(&self.subjects);
            if let Some(found) = all.find(|subject| subject.code.as_ref() == Some(code)) {
                return Ok(Some(found.clone()));
            }
        }
        let Some(name) = name else {
            return match code {
                Some(_) => Err(Error::not_found().at(&reading.at("subjectCode"))),
                None => Ok(None),
            };
        };
        let kind = reading.kind(None)?;
        if code.is_none() {
            let alike = |subject: &&subject::Model| {
                subject.kind == kind
                    && subject.unit_id == reading.unit.id
                    && subject.name.to_lowercase() == name.to_lowercase()
            };
            let all = known.subjects.iter().chain(&self.subjects);
            let found: Vec<&subject::Model> = all.filter(alike).collect();
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Some((*one).clone())),
                [_, _, ..] => {
                    let fault = Fault::at(Code::InvalidCombination, &path);
                    return Err(fault.with("detail", "subjectCode, subjectName").into());
                }
            }
        }
        Ok(Some(self.enter((name, code, kind), known, reading, maker)))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what is known, what is read, and who makes rows"
    )]
    fn enter(
        &mut self,
        (name, code, kind): (String, Option<String>, SubjectKind),
        known: &Known,
        reading: &Reading<'_>,
        maker: &mut Maker<'_>,
    ) -> subject::Model {
        let is_person = kind == SubjectKind::Individual;
        let row = reading.row;
        let subject = subject::Model {
            tenant_id: known.tenant,
            id: (maker.id)(),
            kind,
            code,
            name_search: search_form(&name),
            name,
            unit_id: reading.unit.id,
            is_unit: false,
            sex: row.sex.filter(|_| is_person),
            leadership_class: row.leadership_class.filter(|_| is_person),
            direct_worker: row.direct_worker.filter(|_| is_person),
            manager: row.manager.filter(|_| is_person),
            occupation: None,
            size_class: None,
            flag_eligible: None,
            founded_on: None,
            created_at: maker.now,
            version: 1,
            user_id: None,
            enterprise: row.enterprise.filter(|_| kind == SubjectKind::Collective),
        };
        self.memberships.push(subject_membership::Model {
            tenant_id: known.tenant,
            id: (maker.id)(),
            subject_id: subject.id,
            unit_id: subject.unit_id,
            valid_from: reading.unit.valid_from.max(first_day(reading.counting.0)),
            valid_to: None,
            version: 1,
        });
        self.subjects.push(subject.clone());
        subject
    }

    /// The decision of a row, found or entered; none where the record names none.
    fn decision(
        &mut self,
        known: &Known,
        reading: &Reading<'_>,
        maker: &mut Maker<'_>,
    ) -> Result<Option<decision::Model>> {
        let row = reading.row;
        let path = reading.at("decisionLabel");
        let label = input::optional_text(row.decision_label.as_deref(), &path, input::CODE)?;
        let Some(label) = label.as_deref().map(official_form) else { return Ok(None) };
        let decided_on = reading.decided_on;
        let decided_on =
            decided_on.ok_or_else(|| Fault::at(Code::Required, &reading.at("decidedOn")))?;
        let (number, symbol) = parted(&label);
        let (key, year) = (key_of_name(&reading.issuer_name), decided_on.year());
        let spelling = symbol_key(symbol);
        let is_same = |it: &&decision::Model| {
            it.issuer_key == key
                && it.symbol_key == spelling
                && it.year == year
                && it.number == number
        };
        if let Some(found) = known.decisions.iter().chain(&self.decisions).find(is_same) {
            return Ok(Some(found.clone()));
        }
        let signer = input::optional_text(
            row.signer_post.as_deref(),
            &reading.at("signerPost"),
            input::NAME,
        )?;
        let decision = decision::Model {
            tenant_id: known.tenant,
            id: (maker.id)(),
            unit_id: known.root,
            kind: Kind::Award,
            issuer: None,
            issuer_key: key,
            issuer_name: reading.issuer_name.clone(),
            issuer_tenant_id: reading.issuer_tenant,
            number,
            symbol: symbol.to_owned(),
            symbol_key: spelling,
            year,
            decided_on,
            signer_post: signer,
            legal_basis: String::new(),
            source: Source::Import,
            recorded_by: maker.user,
            created_at: maker.now,
        };
        self.decisions.push(decision.clone());
        Ok(Some(decision))
    }
}

/// Number and symbol of a label: `123/QĐ-UBND`.
pub(super) fn parted(label: &str) -> (Option<i32>, &str) {
    let parts = label.split_once('/');
    let number = parts.and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest.trim())));
    match number {
        Some((number, symbol)) if number > 0 => (Some(number), symbol),
        Some(_) | None => (None, label),
    }
}

fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}
