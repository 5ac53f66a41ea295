//! Submissions with their nominees, over five years.
//! No unit and no user is made here.

use anyhow::Result;
use api::text::search_form;
use chrono::TimeDelta;
use entity::nominee::SubjectKind;
use entity::submission::{CommendationType, State};
use entity::{nominee, submission};

use super::writer::Writer;
use super::{Maker, YEAR, moment, share};

/// Submissions that are made before they are written.
const CHUNK: usize = 1_000;
/// Minutes of a year.
const MINUTES: i64 = 365 * 24 * 60;

impl Maker {
    pub(super) fn proposals(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        for home in 0..self.provinces.len() {
            let count = share(self.size.submissions, self.provinces.len(), home);
            let numbers: Vec<i32> = (1..=i32::try_from(count)?).collect();
            for numbers in numbers.chunks(CHUNK) {
                let submissions: Vec<_> =
                    numbers.iter().map(|number| self.proposal(home, *number)).collect();
                let nominees = submissions.iter().flat_map(|row| self.nominees(row)).collect();
                writer.add(submissions)?;
                writer.add::<nominee::Model>(nominees)?;
            }
            if home % 5 == 4 {
                writer.say("submissions with nominees");
            }
        }
        writer.say("submissions with nominees");
        Ok(())
    }

    fn state(&mut self) -> State {
        match self.random.between(1, 100) {
            0..=12 => State::Sent,
            13..=20 => State::Received,
            21..=26 => State::Appraised,
            27..=32 => State::Draft,
            33..=36 => State::Returned,
            37..=38 => State::Recalled,
            39..=42 => State::Rejected,
            _ => State::Approved,
        }
    }

    fn proposal(&mut self, home: usize, number: i32) -> submission::Model {
        let state = self.state();
        let year = YEAR - i32::try_from(self.random.between(0, 4)).unwrap_or_default();
        let created_at = moment(year, self.random.between(0, MINUTES));
        let id = self.random.id(created_at);
        let province = &self.provinces[home];
        let unit_id = self.random.pick(&province.offices).0;
        let title = format!("Đề nghị khen thưởng thành tích năm {year}, tờ trình số {number}");
        let is_decided = matches!(state, State::Approved | State::Rejected);
        let later = |days: i64| created_at + TimeDelta::days(days);
        submission::Model {
            tenant_id: province.tenant,
            id,
            unit_id,
            number,
            title_search: search_form(&title),
            title,
            year,
            period_from: None,
            period_to: None,
            commendation_type: CommendationType::Merit,
            state,
            note: Some("Hồ sơ gồm tờ trình, biên bản họp xét và báo cáo thành tích".to_owned()),
            reason: matches!(state, State::Returned | State::Rejected)
                .then(|| "Thiếu biên bản họp xét".to_owned()),
            author_id: province.author,
            decided_by: is_decided.then_some(province.chair),
            created_at,
            sent_at: (state != State::Draft).then(|| later(2)),
            decided_at: is_decided.then(|| later(30)),
            waiting_since: (!is_decided).then(|| later(2)),
            due_on: submission::NO_DAY,
            version: 3,
        }
    }

    fn nominees(&mut self, of: &submission::Model) -> Vec<nominee::Model> {
        let positions = 1..=self.random.between(1, 4);
        positions.map(|position| self.nominee(of, position)).collect()
    }

    fn nominee(&mut self, of: &submission::Model, position: i64) -> nominee::Model {
        let name = format!("Người được đề nghị thứ {position} (mẫu)");
        nominee::Model {
            tenant_id: of.tenant_id,
            id: self.random.id(of.created_at),
            submission_id: of.id,
            unit_id: of.unit_id,
            position: i32::try_from(position).unwrap_or_default(),
            kind: SubjectKind::Individual,
            name_search: search_form(&name),
            name,
            post: Some("Chuyên viên".to_owned()),
            award_type_id: self.random.pick(&self.award_types).id,
            achievement: Some("Hoàn thành xuất sắc nhiệm vụ được giao trong năm".to_owned()),
            achieved_on: None,
            counting_from: None,
            field: None,
            version: 1,
            subject_id: None,
        }
    }
}
