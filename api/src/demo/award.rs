//! Older awards of the demo: the results of an office in 2015 to 2020, as its report counts them.
//! They are taken over by the same plan as a client's import, and so are those of the invented subjects.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::{Context, anyhow};
use entity::decision::Kind;
use entity::{award, award_act, award_subject};
use serde::Deserialize;
use uuid::Uuid;

use super::person::account_id;
use super::random::{id, id_at};
use super::rows::Rows;
use super::{day, moment};
use crate::domain::registry::{AwardRow, Known, Maker, Names, Plan, rules, totals};
use crate::error::{Error, Fault};
use crate::reference::{self, value};
use crate::text::Language;

const AWARDS: &str = include_str!("../../data/demo/award.csv");

#[derive(Debug, Deserialize)]
struct Line {
    tenant_slug: String,
    unit_code: String,
    award_type: String,
    subject_code: Option<String>,
    subject_kind: String,
    events: i32,
    counting_from: i32,
    counting_to: i32,
    issuer_name: String,
}

impl Line {
    fn row(&self) -> anyhow::Result<AwardRow> {
        Ok(AwardRow {
            unit_code: Some(self.unit_code.clone()),
            award_type: self.award_type.clone(),
            subject_code: self.subject_code.clone(),
            subject_kind: Some(value(&self.subject_kind)?),
            events: Some(self.events),
            counting_from: self.counting_from,
            counting_to: Some(self.counting_to),
            issuer_name: Some(self.issuer_name.clone()),
            ..AwardRow::default()
        })
    }
}

pub(super) fn build(rows: &mut Rows) -> anyhow::Result<()> {
    let lines: Vec<Line> = reference::csv(AWARDS).context("award.csv")?;
    let mut slugs: Vec<&str> = lines.iter().map(|line| line.tenant_slug.as_str()).collect();
    slugs.dedup();
    for slug in slugs {
        let of_tenant = lines.iter().filter(|line| line.tenant_slug == slug);
        tenant(rows, slug, of_tenant).with_context(|| format!("awards of {slug}"))?;
    }
    Ok(())
}

fn tenant<'a>(
    rows: &mut Rows,
    slug: &str,
    lines: impl Iterator<Item = &'a Line>,
) -> anyhow::Result<()> {
    let known = known(rows, slug)?;
    let officer = account_id(slug, &format!("{slug}.officer"));
    let today = day(2026, 11, 2)?;
    let now = moment(today, 9 * 60);
    let mut number = 0;
    let mut new_id = || {
        number += 1;
        id_at(now, &format!("award {slug} {number}"))
    };
    let mut codes = 0;
    let mut code = || {
        codes += 1;
        Ok(public_code(slug, codes))
    };
    let mut plan = Plan::default();
    for (index, line) in lines.enumerate() {
        let mut maker = Maker { user: officer, now, today, id: &mut new_id, code: &mut code };
        let path = format!("rows.{index}");
        plan.take(&known, (&line.row()?, &path), &mut maker).map_err(said)?;
    }
    let name = rows.account.iter().find(|row| row.id == officer);
    let name = name.map(|row| row.display_name.clone()).context("no officer")?;
    let mut above: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for pair in &rows.unit_above {
        above.entry(pair.unit_id).or_default().push(pair.above_id);
    }
    for award in &plan.awards {
        rows.award_act.push(first_act(award, new_id(), (officer, &name))?);
    }
    let line = |unit: Uuid| above.get(&unit).map(Vec::as_slice).unwrap_or_default();
    let numbers = numbers(&mut rows.award_subject, &plan.awards);
    let number = |award: &award::Model| numbers.get(&award.subject_id?).copied();
    let counted: Vec<_> =
        plan.awards.iter().map(|award| (award, line(award.unit_id), number(award))).collect();
    rows.award_cell.extend(totals(known.tenant, &counted)?);
    rows.award.extend(plan.awards);
    Ok(())
}

/// The act by which an older award came into the registry.
fn first_act(
    award: &award::Model,
    id: Uuid,
    (officer, name): (Uuid, &str),
) -> anyhow::Result<award_act::Model> {
    Ok(award_act::Model {
        tenant_id: award.tenant_id,
        id,
        award_id: award.id,
        unit_id: award.unit_id,
        sequence: 1,
        kind: Kind::Award,
        decision_id: None,
        reason: None,
        ground: None,
        changes: rules::changes(None, award).map_err(said)?,
        proposed_by: None,
        proposed_by_name: None,
        actor_id: officer,
        actor_name: name.to_owned(),
        at: award.created_at,
    })
}

/// The numbers of subjects in the totals of a tenant, from 1.
fn numbers(rows: &mut Vec<award_subject::Model>, awards: &[award::Model]) -> HashMap<Uuid, u32> {
    let mut numbers = HashMap::new();
    for (award, subject_id) in awards.iter().filter_map(|award| Some((award, award.subject_id?))) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
        if let Entry::Vacant(place) = numbers.entry(subject_id) {
            place.insert(next);
            let ordinal = i32::try_from(next).unwrap_or(i32::MAX);
            rows.push(award_subject::Model { tenant_id: award.tenant_id, subject_id, ordinal });
        }
    }
    numbers
}

/// A public code that nobody could guess, were it not published here.
fn public_code(slug: &str, number: u32) -> String {
    let name = id("award code", &[slug, &number.to_string()]).simple().to_string();
    name.chars().take(12).collect::<String>().to_uppercase()
}

fn known(rows: &Rows, slug: &str) -> anyhow::Result<Known> {
    let tenants = reference::tenant_rows()?;
    let tenant = tenants.iter().find(|row| row.slug == slug).context("no such tenant")?.id;
    let units: Vec<_> = rows.unit.iter().filter(|row| row.tenant_id == tenant).cloned().collect();
    let root = units.iter().find(|row| row.parent_id.is_none()).context("no root")?.id;
    let names = Names::new(reference::award_types()?, tenants, reference::tenant_code_rows()?)?;
    let subjects = rows.subject.iter().filter(|row| row.tenant_id == tenant).cloned().collect();
    let (above, decisions, awards) = (Vec::new(), Vec::new(), Vec::new());
    let places = units.clone();
    Ok(Known { tenant, root, units, above, places, subjects, decisions, awards, names })
}

/// A fault of the plan in words.
fn said(fault: Error) -> anyhow::Error {
    match fault {
        Error::Fault(fault) => {
            let Fault { path, .. } = fault.as_ref();
            anyhow!("{}: {}", path.join("."), fault.message(Language::En))
        }
        Error::Unauthenticated => anyhow!("nobody is signed in"),
        Error::Broken(fault) => anyhow!("{fault:#}"),
    }
}
