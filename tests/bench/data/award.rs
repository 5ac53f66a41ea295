//! Awards of ten years with their totals, as many as the command line says.
//! No decision and no act is made here: they are not asked for.

use super::law::Listed;
use super::writer::Writer;
use super::{Maker, YEAR, moment, share};
use anyhow::Result;
use api::domain::registry::totals;
use api::text::search_form;
use entity::award::State;
use entity::decision::Source;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::{award, award_subject, award_type, subject};

/// Awards of one person.
const EACH: usize = 6;
/// Titles that are given, the most frequent first.
const TITLES: [&str; 4] =
    ["ADVANCED_LABOURER", "BASE_EMULATION_FIGHTER", "PROVINCIAL_CERTIFICATE", "LETTER_DEPARTMENT"];

impl Maker {
    pub(super) fn awards(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        let titles: Vec<award_type::Model> =
            TITLES.iter().map(|code| self.title(code)).collect::<Result<_>>()?;
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
        let mut people = self.listed.get_mut(home).map(std::mem::take).unwrap_or_default();
        let known = people.len();
        for place in 0..count.div_ceil(EACH) {
            let person = self.subject(home);
            let each = EACH.min(count - place * EACH);
            let awards = (0..each).map(|_| self.some_award(&person, titles)).collect();
            people.push(Listed { person, awards });
        }
        let tenant_id = self.provinces[home].tenant;
        let numbers = (1..).zip(&people).map(|(ordinal, Listed { person, .. })| {
            award_subject::Model { tenant_id, subject_id: person.id, ordinal }
        });
        writer.add(people.iter().skip(known).map(|it| it.person.clone()).collect())?;
        writer.add(numbers.collect())?;
        let lines = &self.provinces[home].lines;
        let mut counted = Vec::with_capacity(count);
        for (number, Listed { person, awards }) in (1..).zip(&people) {
            let line = lines.get(&person.unit_id).map(Vec::as_slice).unwrap_or_default();
            counted.extend(awards.iter().map(|award| (award, line, Some(number))));
        }
        writer.add(totals(tenant_id, &counted)?)?;
        writer.add(people.into_iter().flat_map(|it| it.awards).collect())
    }

    /// A person of an office.
    pub(super) fn subject(&mut self, home: usize) -> subject::Model {
        let id = self.new_id();
        let province = &self.provinces[home];
        let unit_id = self.random.pick(&province.offices).0;
        let name = "Người được khen (mẫu)".to_owned();
        subject::Model {
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
            direct_worker: Some(true),
            manager: Some(false),
            occupation: None,
            size_class: None,
            flag_eligible: None,
            founded_on: None,
            created_at: moment(YEAR, 0),
            version: 1,
            user_id: None,
            enterprise: None,
        }
    }

    fn some_award(
        &mut self,
        person: &subject::Model,
        titles: &[award_type::Model],
    ) -> award::Model {
        let place = self.random.between(0, 9).min(self.random.between(0, 3));
        let title = &titles[usize::try_from(place).unwrap_or_default()];
        let year = YEAR - i32::try_from(self.random.between(0, 9)).unwrap_or_default();
        self.award(person, title, year)
    }

    pub(super) fn award(
        &mut self,
        person: &subject::Model,
        title: &award_type::Model,
        year: i32,
    ) -> award::Model {
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
            enterprise: None,
            award_type_id: title.id,
            award_type_code: title.code.clone(),
            name_as_recorded: title.name.clone(),
            counting_from_year: year,
            counting_to_year: year,
            commendation_type: CommendationType::Merit,
            movement_years: None,
            achieved_on: None,
            field: None,
            issuer_name: "Thủ trưởng cơ quan".to_owned(),
            issuer_tenant_id: None,
            decision_id: None,
            nominee_id: None,
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
