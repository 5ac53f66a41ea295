//! Older awards of the demo: the results of an office in 2015 to 2020, as its report counts them.
//! They are taken over by the same plan as a client's import; nobody is named in them.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use entity::award_act;
use entity::decision::Kind;
use serde::Deserialize;
use uuid::Uuid;

use super::person::account_id;
use super::random::id_at;
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
    let mut id = || {
        number += 1;
        id_at(now, &format!("award {slug} {number}"))
    };
    let mut code = || Err(Error::broken("the demo names nobody in older awards"));
    let mut plan = Plan::default();
    for (index, line) in lines.enumerate() {
        let mut maker = Maker { user: officer, now, today, id: &mut id, code: &mut code };
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
        rows.award_act.push(award_act::Model {
            tenant_id: known.tenant,
            id: id(),
            award_id: award.id,
            unit_id: award.unit_id,
            sequence: 1,
            kind: Kind::Award,
            decision_id: None,
            reason: None,
            changes: rules::changes(None, award).map_err(said)?,
            proposed_by: None,
            proposed_by_name: None,
            actor_id: officer,
            actor_name: name.clone(),
            at: now,
        });
    }
    let line = |unit: Uuid| above.get(&unit).map(Vec::as_slice).unwrap_or_default();
    let counted: Vec<_> =
        plan.awards.iter().map(|award| (award, line(award.unit_id), None)).collect();
    rows.award_cell.extend(totals(known.tenant, &counted)?);
    rows.award.extend(plan.awards);
    Ok(())
}

fn known(rows: &Rows, slug: &str) -> anyhow::Result<Known> {
    let tenants = reference::tenant_rows()?;
    let tenant = tenants.iter().find(|row| row.slug == slug).context("no such tenant")?.id;
    let units: Vec<_> = rows.unit.iter().filter(|row| row.tenant_id == tenant).cloned().collect();
    let root = units.iter().find(|row| row.parent_id.is_none()).context("no root")?.id;
    let names = Names::new(reference::award_types()?, tenants, reference::tenant_code_rows()?)?;
    Ok(Known { tenant, root, units, subjects: Vec::new(), decisions: Vec::new(), names })
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
