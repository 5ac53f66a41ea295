//! Long lists of nominees, with the facts that the law asks for.
//! No verdict is worked out here.

use anyhow::Result;
use api::text::search_form;
use chrono::TimeDelta;
use entity::discipline::Stage;
use entity::initiative::{Kind, Scope};
use entity::nominee::SubjectKind;
use entity::submission::{CommendationType, State};
use entity::year_record::CompletionRating;
use entity::{
    award, discipline, initiative, initiative_author, nominee, subject, submission, year_record,
};

use super::writer::Writer;
use super::{Maker, Place, YEAR, day, moment};

/// Nominees of one list.
const NOMINEES: i32 = 500;
/// Years of which something is written about a person.
const YEARS: i32 = 5;
/// The title that is proposed.
const TITLE: &str = "BASE_EMULATION_FIGHTER";

/// A person with the awards that he has.
pub(super) struct Listed {
    pub(super) person: subject::Model,
    pub(super) awards: Vec<award::Model>,
}

/// Rows about the people of one list.
#[derive(Default)]
struct Facts {
    years: Vec<year_record::Model>,
    initiatives: Vec<initiative::Model>,
    authors: Vec<initiative_author::Model>,
    cases: Vec<discipline::Model>,
}

impl Maker {
    /// One list for each province that is asked about; awards are written with those of all others.
    pub(super) fn lists(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        for home in 0..self.targets.provinces.len() {
            let list = self.list(home);
            let asked = Place { id: list.id, ..self.targets.provinces[home].clone() };
            let (mut people, mut nominees, mut facts) = (vec![], vec![], Facts::default());
            for position in 1..=NOMINEES {
                let person = self.subject(home);
                nominees.push(self.listed_nominee(&list, position, &person)?);
                self.facts(&person, &mut facts);
                let awards = self.earlier(&person)?;
                people.push(Listed { person, awards });
            }
            writer.add(vec![list])?;
            writer.add(people.iter().map(|it| it.person.clone()).collect())?;
            writer.add::<nominee::Model>(nominees)?;
            writer.add(facts.years)?;
            writer.add(facts.initiatives)?;
            writer.add(facts.authors)?;
            writer.add(facts.cases)?;
            self.listed.push(people);
            self.targets.lists.push(asked);
        }
        writer.say("long lists with facts");
        Ok(())
    }

    fn list(&mut self, home: usize) -> submission::Model {
        let number = i32::try_from(self.size.submissions).unwrap_or_default() + 1;
        let sent_at = moment(YEAR + 1, 0) + TimeDelta::days(10);
        let id = self.random.id(sent_at);
        let province = &self.provinces[home];
        let title = format!("Đề nghị danh hiệu thi đua năm {YEAR}");
        submission::Model {
            tenant_id: province.tenant,
            id,
            unit_id: province.offices[0].0,
            number,
            title_search: search_form(&title),
            title,
            year: YEAR,
            period_from: None,
            period_to: None,
            commendation_type: CommendationType::Merit,
            // Not one of those that the inbox is asked for.
            state: State::Received,
            note: None,
            reason: None,
            author_id: province.author,
            decided_by: None,
            created_at: sent_at,
            sent_at: Some(sent_at),
            decided_at: None,
            waiting_since: Some(sent_at),
            due_on: submission::NO_DAY,
            version: 1,
        }
    }

    fn listed_nominee(
        &mut self,
        of: &submission::Model,
        position: i32,
        person: &subject::Model,
    ) -> Result<nominee::Model> {
        let name = format!("Người thứ {position} (mẫu)");
        Ok(nominee::Model {
            tenant_id: of.tenant_id,
            id: self.random.id(of.created_at),
            submission_id: of.id,
            unit_id: of.unit_id,
            position,
            kind: SubjectKind::Individual,
            name_search: search_form(&name),
            name,
            post: None,
            award_type_id: self.title(TITLE)?.id,
            achievement: None,
            achieved_on: None,
            counting_from: None,
            field: None,
            version: 1,
            subject_id: Some(person.id),
        })
    }

    /// Ratings of five years; of some an initiative or an open case.
    fn facts(&mut self, of: &subject::Model, facts: &mut Facts) {
        for ago in 0..YEARS {
            let rating = match self.random.between(1, 10) {
                1..=2 => CompletionRating::Completed,
                3..=7 => CompletionRating::Good,
                _ => CompletionRating::Excellent,
            };
            facts.years.push(self.year(of, (YEAR - ago, rating)));
        }
        if self.random.chance(30) {
            let (initiative, author) = self.initiative(of);
            facts.initiatives.push(initiative);
            facts.authors.push(author);
        }
        if self.random.chance(5) {
            facts.cases.push(discipline::Model {
                tenant_id: of.tenant_id,
                id: self.new_id(),
                subject_id: of.id,
                unit_id: of.unit_id,
                stage: Stage::Pending,
                form: None,
                from_day: day(YEAR, 11, 1),
                end_day: None,
                decision: None,
                note: None,
                version: 1,
            });
        }
    }

    fn year(
        &mut self,
        of: &subject::Model,
        (year, rating): (i32, CompletionRating),
    ) -> year_record::Model {
        year_record::Model {
            tenant_id: of.tenant_id,
            id: self.new_id(),
            subject_id: of.id,
            unit_id: of.unit_id,
            year,
            completion_rating: Some(rating),
            registered_titles: "[]".to_owned(),
            cluster_rank: None,
            cluster_scope: None,
            members_total: None,
            members_completed: None,
            members_advanced: None,
            members_base_fighter: None,
            members_disciplined: None,
            source: None,
            version: 1,
        }
    }

    fn initiative(&mut self, of: &subject::Model) -> (initiative::Model, initiative_author::Model) {
        let (tenant_id, unit_id) = (of.tenant_id, of.unit_id);
        let initiative = initiative::Model {
            tenant_id,
            id: self.new_id(),
            unit_id,
            title: "Sáng kiến cải tiến quy trình (mẫu)".to_owned(),
            kind: Kind::Initiative,
            scope: Scope::Base,
            recognised_by: "Hội đồng sáng kiến cơ sở".to_owned(),
            recognised_on: day(YEAR, 6, 1),
            used_for: None,
            used_year: None,
            award_id: None,
            version: 1,
        };
        let author = initiative_author::Model {
            tenant_id,
            id: self.new_id(),
            initiative_id: initiative.id,
            subject_id: of.id,
            unit_id,
        };
        (initiative, author)
    }

    /// Advanced in some years, and for some what is proposed was given already.
    fn earlier(&mut self, person: &subject::Model) -> Result<Vec<award::Model>> {
        let mut awards = Vec::new();
        for ago in 0..YEARS {
            if self.random.chance(60) {
                let title = self.title("ADVANCED_LABOURER")?;
                awards.push(self.award(person, &title, YEAR - ago));
            }
        }
        if self.random.chance(5) {
            let title = self.title(TITLE)?;
            awards.push(self.award(person, &title, YEAR));
        }
        Ok(awards)
    }
}
