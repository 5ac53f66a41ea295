//! Subjects of the demo and what is recorded of them: years, initiatives, opinions, a case.
//! Nobody in it exists; awards of theirs stand with the older awards.

use anyhow::Context;
use chrono::NaiveDate;
use entity::{
    clearance, discipline, initiative, initiative_author, subject, subject_membership, year_record,
};
use serde::Deserialize;
use uuid::Uuid;

use super::random::id;
use super::rows::Rows;
use super::unit::{Names, unit_id};
use super::{day, moment};
use crate::reference::value;
use crate::text::search_form;

const SUBJECTS: &str = include_str!("../../data/demo/subject.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    subject: Vec<Subject>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    tenant: String,
    unit: String,
    code: String,
    kind: String,
    name: String,
    sex: Option<String>,
    leadership_class: Option<String>,
    #[serde(default)]
    manager: bool,
    occupation: Option<String>,
    #[serde(default)]
    is_unit: bool,
    founded_on: Option<NaiveDate>,
    size_class: Option<String>,
    flag_eligible: Option<bool>,
    enterprise: Option<bool>,
    since: NaiveDate,
    #[serde(default)]
    year: Vec<Year>,
    #[serde(default)]
    initiative: Vec<Initiative>,
    #[serde(default)]
    clearance: Vec<Clearance>,
    #[serde(default)]
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(rename = "year")]
    of: i32,
    rating: String,
    #[serde(default)]
    registered: Vec<String>,
    members: Option<i32>,
    completed: Option<i32>,
    advanced: Option<i32>,
    fighters: Option<i32>,
    disciplined: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Initiative {
    title: String,
    scope: String,
    recognised_by: String,
    recognised_on: NaiveDate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clearance {
    year: i32,
    source: String,
    asked_on: NaiveDate,
    answered_on: Option<NaiveDate>,
    answered_by: Option<String>,
    finding: Option<String>,
    is_blocking: Option<bool>,
}

/// A case that is not closed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    from: NaiveDate,
    note: String,
}

pub(super) fn build(rows: &mut Rows, names: &Names) -> anyhow::Result<()> {
    let file: File = toml::from_str(SUBJECTS).context("subject.toml")?;
    for wish in &file.subject {
        let place = Place {
            tenant: names.tenant(&wish.tenant)?,
            unit: unit_id(&wish.tenant, &wish.unit),
            subject: id("subject", &[&wish.tenant, &wish.code]),
            wish,
        };
        place.subject(rows).with_context(|| wish.name.clone())?;
        place.years(rows).with_context(|| wish.name.clone())?;
        place.initiatives(rows).with_context(|| wish.name.clone())?;
        place.opinions(rows).with_context(|| wish.name.clone())?;
    }
    Ok(())
}

/// One subject and where it is.
struct Place<'a> {
    tenant: Uuid,
    unit: Uuid,
    subject: Uuid,
    wish: &'a Subject,
}

impl Place<'_> {
    fn id(&self, kind: &str, number: usize) -> Uuid {
        id(kind, &[&self.wish.tenant, &self.wish.code, &number.to_string()])
    }

    fn subject(&self, rows: &mut Rows) -> anyhow::Result<()> {
        let wish = self.wish;
        let is_worker = wish.leadership_class.as_deref() == Some("DIRECT_WORKER");
        rows.subject.push(subject::Model {
            tenant_id: self.tenant,
            id: self.subject,
            kind: value(&wish.kind)?,
            code: Some(wish.code.clone()),
            name_search: search_form(&wish.name),
            name: wish.name.clone(),
            unit_id: self.unit,
            is_unit: wish.is_unit,
            sex: wish.sex.as_deref().map(value).transpose()?,
            leadership_class: wish.leadership_class.as_deref().map(value).transpose()?,
            // Nobody has said of a leader of a class alone whether he leads others.
            direct_worker: wish.leadership_class.as_ref().map(|_| is_worker && !wish.manager),
            manager: (is_worker || wish.manager).then_some(wish.manager),
            occupation: wish.occupation.clone(),
            size_class: wish.size_class.as_deref().map(value).transpose()?,
            flag_eligible: wish.flag_eligible,
            founded_on: wish.founded_on,
            created_at: moment(day(2026, 11, 2)?, 8 * 60),
            version: 1,
            user_id: None,
            enterprise: wish.enterprise,
        });
        rows.subject_membership.push(subject_membership::Model {
            tenant_id: self.tenant,
            id: self.id("membership", 1),
            subject_id: self.subject,
            unit_id: self.unit,
            valid_from: wish.since,
            valid_to: None,
            version: 1,
        });
        Ok(())
    }

    fn years(&self, rows: &mut Rows) -> anyhow::Result<()> {
        for (number, year) in (1..).zip(&self.wish.year) {
            rows.year_record.push(year_record::Model {
                tenant_id: self.tenant,
                id: self.id("year_record", number),
                subject_id: self.subject,
                unit_id: self.unit,
                year: year.of,
                completion_rating: Some(value(&year.rating)?),
                registered_titles: year.registered.join("|"),
                cluster_rank: None,
                cluster_scope: None,
                members_total: year.members,
                members_completed: year.completed,
                members_advanced: year.advanced,
                members_base_fighter: year.fighters,
                members_disciplined: year.disciplined,
                source: None,
                version: 1,
            });
        }
        Ok(())
    }

    fn initiatives(&self, rows: &mut Rows) -> anyhow::Result<()> {
        for (number, made) in (1..).zip(&self.wish.initiative) {
            let initiative_id = self.id("initiative", number);
            rows.initiative.push(initiative::Model {
                tenant_id: self.tenant,
                id: initiative_id,
                unit_id: self.unit,
                title: made.title.clone(),
                kind: initiative::Kind::Initiative,
                scope: value(&made.scope)?,
                recognised_by: made.recognised_by.clone(),
                recognised_on: made.recognised_on,
                used_for: None,
                used_year: None,
                award_id: None,
                version: 1,
            });
            rows.initiative_author.push(initiative_author::Model {
                tenant_id: self.tenant,
                id: self.id("initiative_author", number),
                initiative_id,
                subject_id: self.subject,
                unit_id: self.unit,
            });
        }
        Ok(())
    }

    fn opinions(&self, rows: &mut Rows) -> anyhow::Result<()> {
        for (number, asked) in (1..).zip(&self.wish.clearance) {
            rows.clearance.push(clearance::Model {
                tenant_id: self.tenant,
                id: self.id("clearance", number),
                subject_id: self.subject,
                unit_id: self.unit,
                year: asked.year,
                source: value(&asked.source)?,
                award_type_code: None,
                question: None,
                asked_on: asked.asked_on,
                answered_on: asked.answered_on,
                answered_by: asked.answered_by.clone(),
                finding: asked.finding.clone(),
                is_blocking: asked.is_blocking,
                version: 1,
            });
        }
        for (number, case) in (1..).zip(&self.wish.case) {
            rows.discipline.push(discipline::Model {
                tenant_id: self.tenant,
                id: self.id("discipline", number),
                subject_id: self.subject,
                unit_id: self.unit,
                stage: discipline::Stage::Pending,
                form: None,
                from_day: case.from,
                end_day: None,
                decision: None,
                note: Some(case.note.clone()),
                version: 1,
            });
        }
        Ok(())
    }
}
