//! Submissions of the demo with their nominees, papers and the way they went.
//! No file lies behind a paper; every person and result is invented.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::submission::{self, State};
use entity::{account, audit_event, nominee, submission_document, submission_transition};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::person::account_id;
use super::random::{Random, id_at};
use super::rows::Rows;
use super::unit::{Names, unit_id};
use super::{day, moment};
use crate::access::{Act, audit, today};
use crate::reference;
use crate::text::search_form;

const SUBMISSIONS: &str = include_str!("../../data/demo/submission.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    submission: Vec<Submission>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Submission {
    tenant: String,
    unit: String,
    author: String,
    title: String,
    year: i32,
    commendation_type: String,
    state: String,
    reason: Option<String>,
    #[serde(default)]
    document: Vec<Paper>,
    nominee: Vec<Nominee>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nominee {
    kind: String,
    name: String,
    position: Option<String>,
    award: String,
    summary: String,
    #[serde(default)]
    document: Vec<Paper>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    title: String,
    file_name: String,
}

pub(super) fn build(rows: &mut Rows, names: &Names) -> anyhow::Result<()> {
    let file: File = toml::from_str(SUBMISSIONS).context("submission.toml")?;
    let mut numbers: HashMap<(&str, i32), i32> = HashMap::new();
    for (place, wish) in (0..).zip(&file.submission) {
        let number = numbers.entry((&wish.tenant, wish.year)).or_default();
        *number += 1;
        let dossier = Dossier {
            wish,
            number: *number,
            tenant: names.tenant(&wish.tenant)?,
            created_on: first_day(wish.year)? + Days::new(place),
            state: reference::value(&wish.state)?,
        };
        dossier.add(rows).with_context(|| wish.title.clone())?;
    }
    Ok(())
}

/// Dossiers of 2025 were written at its end, those of 2026 this autumn.
fn first_day(year: i32) -> anyhow::Result<NaiveDate> {
    if year == 2025 { day(2025, 11, 3) } else { day(year, 10, 5) }
}

/// One step of the way: what is done, by whom, and the state afterwards.
#[derive(Clone, Copy)]
struct Step {
    action: &'static str,
    act: Act,
    who: Who,
    to: State,
}

#[derive(Clone, Copy)]
enum Who {
    Author,
    Officer,
    Chair,
}

const SEND: Step =
    Step { action: "SEND", act: Act::SubmissionSend, who: Who::Author, to: State::Sent };
const RECALL: Step =
    Step { action: "RECALL", act: Act::SubmissionRecall, who: Who::Author, to: State::Recalled };
const RECEIVE: Step =
    Step { action: "RECEIVE", act: Act::SubmissionReceive, who: Who::Officer, to: State::Received };
const RETURN: Step =
    Step { action: "RETURN", act: Act::SubmissionReturn, who: Who::Officer, to: State::Returned };
const APPRAISE: Step = Step {
    action: "APPRAISE",
    act: Act::SubmissionAppraise,
    who: Who::Officer,
    to: State::Appraised,
};
const APPROVE: Step =
    Step { action: "APPROVE", act: Act::SubmissionApprove, who: Who::Chair, to: State::Approved };
const REJECT: Step =
    Step { action: "REJECT", act: Act::SubmissionReject, who: Who::Chair, to: State::Rejected };

/// The way from the draft to a state.
const fn way(state: State) -> &'static [Step] {
    match state {
        State::Draft => &[],
        State::Sent => &[SEND],
        State::Received => &[SEND, RECEIVE],
        State::Returned => &[SEND, RECEIVE, RETURN],
        State::Appraised => &[SEND, RECEIVE, APPRAISE],
        State::Approved => &[SEND, RECEIVE, APPRAISE, APPROVE],
        State::Rejected => &[SEND, RECEIVE, APPRAISE, REJECT],
        State::Recalled => &[SEND, RECALL],
    }
}

struct Dossier<'a> {
    wish: &'a Submission,
    number: i32,
    tenant: Uuid,
    created_on: NaiveDate,
    state: State,
}

/// One step as it was done.
struct Done<'a> {
    step: Step,
    from: State,
    at: DateTime<Utc>,
    actor: &'a account::Model,
}

impl Dossier<'_> {
    fn name(&self) -> String {
        format!("submission {} {} {}", self.wish.tenant, self.wish.year, self.number)
    }

    fn created_at(&self) -> DateTime<Utc> {
        moment(self.created_on, 8 * 60 + i64::from(self.number) * 7)
    }

    fn id(&self) -> Uuid {
        id_at(self.created_at(), &self.name())
    }

    fn unit(&self) -> Uuid {
        unit_id(&self.wish.tenant, &self.wish.unit)
    }

    fn author(&self) -> Uuid {
        account_id(&self.wish.tenant, &self.wish.author)
    }

    fn add(&self, rows: &mut Rows) -> anyhow::Result<()> {
        let history = self.history(&rows.account)?;
        let transitions: Vec<_> = history.iter().map(|done| self.transition(done)).collect();
        let mut events = vec![self.event(&self.creation(&rows.account)?, None)];
        events.extend(history.iter().map(|done| self.event(done, Some(done.from))));
        let row = self.row(&history)?;
        rows.submission.push(row);
        rows.submission_transition.extend(transitions);
        rows.audit_pending.extend(events.iter().map(audit::leaf));
        rows.audit_event.extend(events);
        let awards = reference::awards_in_force(self.created_on)?;
        for (position, nominee) in (1..).zip(&self.wish.nominee) {
            let award = awards
                .get(&nominee.award)
                .with_context(|| format!("no award {}", nominee.award))?;
            rows.nominee.push(self.nominee(nominee, position, *award)?);
        }
        let own = self.wish.document.iter().map(|paper| (paper, paper.title.clone()));
        let of_nominees = self.wish.nominee.iter().flat_map(|nominee| {
            nominee
                .document
                .iter()
                .map(|paper| (paper, format!("{}: {}", paper.title, nominee.name)))
        });
        let papers = (0..).zip(own.chain(of_nominees));
        rows.submission_document
            .extend(papers.map(|(place, (paper, title))| self.document(paper, title, place)));
        Ok(())
    }

    /// The steps with a day or two between them.
    fn history<'r>(&self, accounts: &'r [account::Model]) -> anyhow::Result<Vec<Done<'r>>> {
        let mut random = Random::of(&self.name());
        let (mut at, mut from) = (self.created_at(), State::Draft);
        let mut history = Vec::new();
        for step in way(self.state) {
            at += TimeDelta::minutes(random.between(20 * 60, 44 * 60));
            history.push(Done { step: *step, from, at, actor: self.actor(step.who, accounts)? });
            from = step.to;
        }
        Ok(history)
    }

    fn creation<'r>(&self, accounts: &'r [account::Model]) -> anyhow::Result<Done<'r>> {
        let step =
            Step { action: "", act: Act::SubmissionCreate, who: Who::Author, to: State::Draft };
        let actor = self.actor(Who::Author, accounts)?;
        Ok(Done { step, from: State::Draft, at: self.created_at(), actor })
    }

    fn actor<'r>(
        &self,
        who: Who,
        accounts: &'r [account::Model],
    ) -> anyhow::Result<&'r account::Model> {
        let slug = &self.wish.tenant;
        let id = match who {
            Who::Author => self.author(),
            Who::Officer => account_id(slug, &format!("{slug}.officer")),
            Who::Chair => account_id(slug, &format!("{slug}.chair")),
        };
        accounts
            .iter()
            .find(|account| account.id == id)
            .ok_or_else(|| anyhow!("no such account in {slug}"))
    }

    fn row(&self, history: &[Done<'_>]) -> anyhow::Result<submission::Model> {
        let decided =
            history.last().filter(|_| matches!(self.state, State::Approved | State::Rejected));
        let since = history.last().map_or_else(|| self.created_at(), |done| done.at);
        let due_on = reference::due_on(self.state, today(since));
        Ok(submission::Model {
            tenant_id: self.tenant,
            id: self.id(),
            unit_id: self.unit(),
            number: self.number,
            title: self.wish.title.clone(),
            title_search: search_form(&self.wish.title),
            year: self.wish.year,
            period_from: None,
            period_to: None,
            commendation_type: reference::value(&self.wish.commendation_type)?,
            state: self.state,
            note: None,
            reason: self.wish.reason.clone(),
            author_id: self.author(),
            decided_by: decided.map(|done| done.actor.id),
            created_at: self.created_at(),
            sent_at: history.first().map(|done| done.at),
            decided_at: decided.map(|done| done.at),
            waiting_since: (self.state != State::Rejected).then_some(since),
            due_on: due_on.unwrap_or(submission::NO_DAY),
            version: 1 + i32::try_from(history.len())?,
        })
    }

    fn reason(&self, done: &Done<'_>) -> Option<String> {
        let is_reasoned = matches!(done.step.to, State::Returned | State::Rejected);
        self.wish.reason.clone().filter(|_| is_reasoned)
    }

    fn transition(&self, done: &Done<'_>) -> submission_transition::Model {
        submission_transition::Model {
            tenant_id: self.tenant,
            id: id_at(done.at, &format!("{} {}", self.name(), done.step.action)),
            submission_id: self.id(),
            unit_id: self.unit(),
            action: done.step.action.to_owned(),
            from_state: done.from,
            to_state: done.step.to,
            actor_id: done.actor.id,
            actor_name: done.actor.display_name.clone(),
            reason: self.reason(done),
            at: done.at,
        }
    }

    fn event(&self, done: &Done<'_>, from: Option<State>) -> audit_event::Model {
        let id = id_at(done.at, &format!("{} event {}", self.name(), done.step.action));
        let role = match done.step.who {
            Who::Author => "UNIT_OFFICER",
            Who::Officer => "STANDING_OFFICER",
            Who::Chair => "PROVINCE_CHAIR",
        };
        audit_event::Model {
            tenant_id: self.tenant,
            id,
            at: done.at,
            actor_id: Some(done.actor.id),
            actor_name: done.actor.display_name.clone(),
            role: Some(role.to_owned()),
            act: done.step.act.name().to_owned(),
            object_type: "submission".to_owned(),
            object_id: self.id(),
            cluster_id: None,
            changes: json!({ "state": [from, done.step.to] }).to_string(),
            reason: self.reason(done),
            request_id: "demo".to_owned(),
            grant_id: None,
            unit_id: Some(self.unit()),
            salt: Some(reference::named_id(&format!("salt of {id}"))),
        }
    }

    fn nominee(
        &self,
        wish: &Nominee,
        position: i32,
        award: Uuid,
    ) -> anyhow::Result<nominee::Model> {
        Ok(nominee::Model {
            tenant_id: self.tenant,
            id: id_at(self.created_at(), &format!("{} nominee {position}", self.name())),
            submission_id: self.id(),
            unit_id: self.unit(),
            position,
            kind: reference::value(&wish.kind)?,
            name: wish.name.clone(),
            name_search: search_form(&wish.name),
            post: wish.position.clone(),
            award_type_id: award,
            achievement: Some(wish.summary.clone()),
            achieved_on: None,
            counting_from: None,
            field: None,
            version: 1,
            subject_id: None,
        })
    }

    fn document(&self, paper: &Paper, title: String, place: i64) -> submission_document::Model {
        let name = format!("{} document {place}", self.name());
        let added_at = self.created_at() + TimeDelta::minutes(5 + place);
        let is_pdf =
            std::path::Path::new(&paper.file_name).extension().is_some_and(|end| end == "pdf");
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        submission_document::Model {
            tenant_id: self.tenant,
            id: id_at(added_at, &name),
            submission_id: self.id(),
            unit_id: self.unit(),
            title,
            file_name: paper.file_name.clone(),
            media_type: if is_pdf { "application/pdf" } else { word }.to_owned(),
            size_bytes: Random::of(&name).between(20_000, 900_000),
            sha256: hex::encode(Sha256::digest(format!("{name} {}", paper.file_name))),
            added_by: self.author(),
            added_at,
        }
    }
}
