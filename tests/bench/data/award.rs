//! Awards of ten years with their totals, as many as the command line says.
//! No decision and no act is made here: they are not asked for.

use anyhow::{Context, Result};
use api::domain::registry::totals;
use api::text::search_form;
use entity::award::State;
use entity::decision::Source;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::{award, award_subject, award_type, subject};
use uuid::Uuid;

use super::writer::Writer;
use super::{Maker, YEAR, moment, share};

/// Awards of one person.
const EACH: usize = 6;
/// Titles that are given, the most frequent first.
const TITLES: [&str; 4] =
    ["ADVANCED_LABOURER", "BASE_EMULATION_FIGHTER", "PROVINCIAL_CERTIFICATE", "LETTER_DEPARTMENT"];

impl Maker {
    pub(super) fn awards(
        &mut self,
        writer: &mut Writer<'_>,
        types: &[award_type::Model],
    ) -> Result<()> {
        let titles = TITLES.iter().map(|code| types.iter().find(|row| row.code == *code));
        let titles: Vec<award_type::Model> =
            titles.map(|row| row.cloned().context("no such title")).collect::<Result<_>>()?;
        for home in 0..self.provinces.len() {
            let count = share(self.size.awards, self.provinces.len(), home);
            self.province_awards(writer, (home, count), &titles)?;
            if home % 5 == 4 {
                writer.say("awards with totals");
            }
        }
        writer.say("awards with totals");
        Ok(())
    }

    fn province_awards(
        &mut self,
        writer: &mut Writer<'_>,
        (home, count): (usize, usize),
        titles: &[award_type::Model],
    ) -> Result<()> {
        let people: Vec<(subject::Model, Vec<Uuid>)> =
            (0..count.div_ceil(EACH)).map(|_| self.subject(home)).collect();
        let numbers = (1..).zip(&people).map(|(ordinal, (person, _))| award_subject::Model {
            tenant_id: person.tenant_id,
            subject_id: person.id,
            ordinal,
        });
        let numbers: Vec<award_subject::Model> = numbers.collect();
        writer.add(people.iter().map(|(person, _)| person.clone()).collect())?;
        writer.add(numbers.clone())?;
        let awards: Vec<award::Model> =
            (0..count).map(|place| self.award(&people[place / EACH].0, titles)).collect();
        let mut counted = Vec::with_capacity(count);
        for (place, row) in awards.iter().enumerate() {
            let number = u32::try_from(numbers[place / EACH].ordinal)?;
            counted.push((row, people[place / EACH].1.as_slice(), Some(number)));
        }
        writer.add(totals(self.provinces[home].tenant, &counted)?)?;
        writer.add(awards)
    }

    /// A person with the units at and above his own.
    fn subject(&mut self, home: usize) -> (subject::Model, Vec<Uuid>) {
        let id = self.new_id();
        let province = &self.provinces[home];
        let unit_id = self.random.pick(&province.offices).0;
        let line = province.lines.get(&unit_id).cloned().unwrap_or_default();
        let name = "Người được khen (mẫu)".to_owned();
        let row = subject::Model {
            tenant_id: province.tenant,
            id,
            kind: SubjectKind::Individual,
            code: None,
            name_search: search_form(&name),
            name,
            unit_id,
            is_unit: false,
            sex: None,
            leadership_class: None,
            direct_worker: true,
            manager: false,
            occupation: None,
            size_class: None,
            flag_eligible: None,
            founded_on: None,
            created_at: moment(YEAR, 0),
            version: 1,
        };
        (row, line)
    }

    fn award(&mut self, person: &subject::Model, titles: &[award_type::Model]) -> award::Model {
        let place = self.random.between(0, 9).min(self.random.between(0, 3));
        let title = &titles[usize::try_from(place).unwrap_or_default()];
        let year = YEAR - i32::try_from(self.random.between(0, 9)).unwrap_or_default();
        award::Model {
            tenant_id: person.tenant_id,
            id: self.new_id(),
            unit_id: person.unit_id,
            subject_id: Some(person.id),
            subject_kind: SubjectKind::Individual,
            subject_name_as_recorded: person.name.clone(),
            name_search: person.name_search.clone(),
            sex: None,
            leadership_class: None,
            direct_worker: Some(true),
            manager: Some(false),
            award_type_id: title.id,
            award_type_code: title.code.clone(),
            name_as_recorded: title.name.clone(),
            counting_from_year: year,
            counting_to_year: year,
            commendation_type: CommendationType::Merit,
            movement_years: None,
            field: None,
            issuer_name: "Thủ trưởng cơ quan".to_owned(),
            issuer_tenant_id: None,
            decision_id: None,
            decision_label: None,
            decided_on: None,
            bonus_raw: None,
            bonus_paid: None,
            source: Source::Import,
            events: 1,
            public_code: None,
            state: State::Valid,
            created_at: moment(YEAR, 0),
            version: 1,
        }
    }
}
