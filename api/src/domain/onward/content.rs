//! What stands in a package: everything about the nominees as it is when the package is sent, as one JSON text.
//! No right is asked for here beyond those of the readings, and nothing is judged.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    appraisal, appraisal_finding, ballot, ballot_candidate, ballot_result, candidate, clearance,
    council_session, nominee, onward, onward_package, quota, quota_entry, submission,
    submission_document, unit,
};
use sea_orm::{ActiveEnum, ColumnTrait, QueryOrder};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::lines::Line;
use crate::access::{Act, Gate};
use crate::domain::ballot::words;
use crate::domain::meeting;
use crate::domain::record::{self, PartyOpinion};
use crate::error::Result;
use crate::text::Language;

/// The form of the text; another form gets another name.
const FORMAT: &str = "thidua/onward-package/1";

/// The letter that goes with a package, and which one of its proposal it is.
pub(super) struct Letter {
    pub(super) number: String,
    pub(super) date: NaiveDate,
    pub(super) package: i32,
}

/// The award for which someone stands in a package.
#[derive(Deserialize)]
pub(super) struct ListedAward {
    pub(super) code: String,
}

/// Someone in a package, as far as results need it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) award_type: ListedAward,
}

#[derive(Deserialize)]
struct Text {
    nominees: Vec<Listed>,
}

impl Listed {
    /// Everyone in a package.
    pub(super) fn of(package: &onward_package::Model) -> Result<Vec<Self>> {
        Ok(serde_json::from_str::<Text>(&package.content)?.nominees)
    }
}

/// What is known of nominees, read for all of them at once.
pub(super) struct Dossier {
    units: HashMap<Uuid, unit::Model>,
    documents: Vec<submission_document::Model>,
    appraisals: Vec<appraisal::Model>,
    findings: Vec<appraisal_finding::Model>,
    clearances: Vec<clearance::Model>,
    quotas: Vec<quota::Model>,
    entries: Vec<quota_entry::Model>,
    asked: Vec<ballot_candidate::Model>,
    results: Vec<ballot_result::Model>,
    ballots: HashMap<Uuid, ballot::Model>,
    sessions: Vec<council_session::Model>,
    /// In the order of the sessions.
    minutes: Vec<String>,
}

macro_rules! read {
    ($gate:ident, $table:ident by $column:ident in $ids:expr, $act:ident) => {
        $gate
            .rows::<$table::Entity>(Act::$act)?
            .filter($table::Column::$column.is_in($ids))
            .shape(|select| select.order_by_asc($table::Column::Id))
            .all()
            .await?
    };
}

impl Dossier {
    /// Reads it; the number of statements grows with the sessions of councils alone.
    pub(super) async fn read(gate: &Gate, nominees: &[Uuid]) -> Result<Self> {
        let ids = || nominees.iter().copied();
        let rows = read!(gate, nominee by Id in ids(), SubmissionRead);
        let units = read!(gate, unit by Id in rows.iter().map(|row| row.unit_id), UnitRead);
        let of: HashSet<Uuid> = rows.iter().map(|row| row.submission_id).collect();
        let of = || of.iter().copied();
        let subjects: Vec<Uuid> = rows.iter().filter_map(|row| row.subject_id).collect();
        let entries = read!(gate, quota_entry by SubmissionId in of(), QuotaRead);
        let candidates = read!(gate, candidate by NomineeId in ids(), CouncilSessionRead);
        let candidates = candidates.iter().map(|row| row.id);
        let asked = read!(gate, ballot_candidate by CandidateId in candidates, BallotRead);
        let ballots =
            read!(gate, ballot by Id in asked.iter().map(|row| row.ballot_id), BallotRead);
        let sessions: HashSet<Uuid> = ballots.iter().map(|row| row.session_id).collect();
        let sessions = read!(gate, council_session by Id in sessions, CouncilSessionRead);
        let mut minutes = Vec::new();
        for session in &sessions {
            minutes.push(meeting::minutes(gate, session).await?);
        }
        Ok(Self {
            units: units.into_iter().map(|row| (row.id, row)).collect(),
            documents: read!(gate, submission_document by SubmissionId in of(), SubmissionRead),
            appraisals: read!(gate, appraisal by SubmissionId in of(), SubmissionRead),
            findings: read!(gate, appraisal_finding by NomineeId in ids(), SubmissionRead),
            clearances: record::clearance_rows(gate, &subjects).await?,
            quotas: read!(gate, quota by Id in entries.iter().map(|row| row.quota_id), QuotaRead),
            entries,
            results: read!(
                gate,
                ballot_result by BallotCandidateId in asked.iter().map(|row| row.id),
                BallotRead
            ),
            asked,
            ballots: ballots.into_iter().map(|row| (row.id, row)).collect(),
            sessions,
            minutes,
        })
    }

    /// The text of a package.
    pub(super) fn compose(
        &self,
        onward: &onward::Model,
        letter: &Letter,
        (lines, opinions): (&[Line], &[Option<PartyOpinion>]),
    ) -> Result<String> {
        let nominees = (1..).zip(lines).zip(opinions);
        let nominees = nominees
            .map(|((position, line), opinion)| self.nominee(position, line, opinion.as_ref()));
        let minutes = self.sessions.iter().zip(&self.minutes);
        let minutes = minutes.map(|(session, text)| {
            json!({
                "session": { "number": session.number, "year": session.year, "title": session.title },
                "text": text,
            })
        });
        let mut told = HashSet::new();
        let submissions = lines.iter().filter(|line| told.insert(line.submission.id));
        let submissions = submissions.map(|line| self.submission(&line.submission));
        Ok(serde_json::to_string(&json!({
            "format": FORMAT,
            "number": onward.number,
            "year": onward.year,
            "title": onward.title,
            "package": letter.package,
            "authority": onward.authority,
            "addressee": onward.addressee_name,
            "letter": { "number": letter.number, "date": letter.date },
            "nominees": nominees.collect::<Result<Vec<_>>>()?,
            "submissions": submissions.collect::<Vec<_>>(),
            "minutes": minutes.collect::<Vec<_>>(),
        }))?)
    }

    fn nominee(&self, position: i32, line: &Line, opinion: Option<&PartyOpinion>) -> Result<Json> {
        let Line { nominee, submission, award, .. } = line;
        let opinion = opinion.map(|opinion| {
            let given = opinion.clearance.as_ref().map(|clearance| asked(clearance.row()));
            json!({ "citation": opinion.citation, "answer": given })
        });
        let eligibility = self.findings.iter().filter(|row| row.nominee_id == nominee.id);
        let eligibility = eligibility.map(|row| self.finding(row));
        let subject = nominee.subject_id;
        let is_his = |row: &&clearance::Model| {
            Some(row.subject_id) == subject && row.year == submission.year
        };
        Ok(json!({
            "position": position,
            "name": nominee.name,
            "kind": nominee.kind,
            "post": nominee.post,
            "unit": self.units.get(&nominee.unit_id).map(|unit| &unit.name),
            "awardType": { "code": award.code, "name": award.name, "citation": award.citation },
            "year": submission.year,
            "commendationType": submission.commendation_type,
            "achievement": nominee.achievement,
            "achievedOn": nominee.achieved_on,
            "countingFrom": nominee.counting_from,
            "field": nominee.field,
            "submission": submission.number,
            "ballot": self.ballot(line.passed_as)?,
            "eligibility": eligibility.collect::<Result<Vec<_>>>()?,
            "opinions": self.clearances.iter().filter(is_his).map(asked).collect::<Vec<_>>(),
            "partyOpinion": opinion,
        }))
    }

    fn submission(&self, of: &submission::Model) -> Json {
        let documents = self.documents.iter().filter(|row| row.submission_id == of.id);
        let documents = documents.map(|row| {
            json!({
                "title": row.title, "fileName": row.file_name, "mediaType": row.media_type,
                "sizeBytes": row.size_bytes, "sha256": row.sha256,
            })
        });
        let entries = self.entries.iter().filter(|row| row.submission_id == Some(of.id));
        let quotas = entries.map(|entry| {
            let quota = self.quotas.iter().find(|quota| quota.id == entry.quota_id);
            json!({
                "awardTypeCode": quota.map(|quota| &quota.award_type_code),
                "citation": quota.map(|quota| &quota.citation),
                "amount": entry.amount,
                "state": entry.state.to_value(),
            })
        });
        json!({
            "number": of.number, "year": of.year, "title": of.title,
            "unit": self.units.get(&of.unit_id).map(|unit| &unit.name),
            "sentAt": of.sent_at, "decidedAt": of.decided_at,
            "documents": documents.collect::<Vec<_>>(),
            "quotas": quotas.collect::<Vec<_>>(),
        })
    }

    /// What the law said at one step, as it was frozen then.
    fn finding(&self, row: &appraisal_finding::Model) -> Result<Json> {
        let of = self.appraisals.iter().find(|appraisal| appraisal.id == row.appraisal_id);
        Ok(json!({
            "step": of.map(|of| of.step),
            "at": of.map(|of| of.at),
            "rulesHash": of.map(|of| &of.rules_hash),
            "rulesOf": row.rules_of,
            "awardTypeCode": row.award_type_code,
            "verdict": row.verdict,
            "outcomes": serde_json::from_str::<Json>(&row.outcomes)?,
        }))
    }

    /// The last ballot on a candidate: votes, base, and what they mean by which rule.
    fn ballot(&self, candidate: Uuid) -> Result<Json> {
        let mut asked: Vec<&ballot_candidate::Model> =
            self.asked.iter().filter(|row| row.candidate_id == candidate).collect();
        asked.sort_by_key(|row| self.ballots.get(&row.ballot_id).map(|ballot| ballot.round));
        let Some(asked) = asked.last() else { return Ok(Json::Null) };
        let ballot = self.ballots.get(&asked.ballot_id);
        let result = self.results.iter().find(|row| row.ballot_candidate_id == asked.id);
        Ok(json!({
            "round": ballot.map(|ballot| ballot.round),
            "members": ballot.map(|ballot| ballot.members),
            "recused": ballot.map(|ballot| ballot.recused),
            "voting": ballot.map(|ballot| ballot.voting),
            "closedAt": ballot.and_then(|ballot| ballot.closed_at),
            "yes": result.and_then(|row| row.yes),
            "base": result.map(|row| row.base),
            "needed": result.map(|row| row.needed),
            "outcome": result.map(|row| row.outcome),
            "words": result.map(|row| words(row, Language::Vi)),
            "rule": serde_json::from_str::<Json>(&asked.rule)?,
        }))
    }
}

/// An opinion that was asked for, with its answer.
fn asked(row: &clearance::Model) -> Json {
    json!({
        "source": row.source, "year": row.year, "awardTypeCode": row.award_type_code,
        "question": row.question, "askedOn": row.asked_on, "answeredOn": row.answered_on,
        "answeredBy": row.answered_by, "finding": row.finding, "isBlocking": row.is_blocking,
    })
}
