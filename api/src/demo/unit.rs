//! Units of the demo, each with every unit above it.
//! No tenant is made here.

use std::collections::HashMap;

use anyhow::Context;
use chrono::NaiveDate;
use entity::{unit, unit_above};
use serde::Deserialize;
use uuid::Uuid;

use super::random::id;
use super::rows::Rows;
use crate::reference::{self, Tenant};
use crate::text::search_form;

const UNITS: &str = include_str!("../../data/demo/unit.csv");

#[derive(Debug, Deserialize)]
struct Unit {
    tenant_slug: String,
    code: String,
    parent_code: Option<String>,
    name: String,
    kind: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// What other files name: tenants by slug, and the names of units.
pub(super) struct Names {
    tenants: HashMap<String, Tenant>,
    units: HashMap<Uuid, String>,
}

impl Names {
    /// A tenant by its slug.
    pub(super) fn tenant(&self, slug: &str) -> anyhow::Result<Uuid> {
        Ok(self.tenants.get(slug).with_context(|| format!("no tenant {slug}"))?.id())
    }

    /// The name of a unit of the demo.
    pub(super) fn unit(&self, id: Uuid) -> anyhow::Result<&str> {
        self.units.get(&id).map(String::as_str).context("a unit that is in no file")
    }
}

/// The id of a unit by the slug of its tenant and its code.
pub(super) fn unit_id(tenant_slug: &str, code: &str) -> Uuid {
    id("unit", &[tenant_slug, code])
}

pub(super) fn build(rows: &mut Rows) -> anyhow::Result<Names> {
    let units: Vec<Unit> = reference::csv(UNITS)?;
    let tenants =
        reference::tenants()?.into_iter().map(|tenant| (tenant.slug.clone(), tenant)).collect();
    let mut names = Names { tenants, units: HashMap::new() };
    let mut above: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for unit in &units {
        let row = unit.row(&names)?;
        let line = line(&row, &above)
            .with_context(|| format!("{} stands before its parent", unit.code))?;
        rows.unit_above.extend(closure(&row, &line));
        names.units.insert(row.id, unit.name.clone());
        above.insert(row.id, line);
        rows.unit.push(row);
    }
    Ok(names)
}

/// The unit itself and the units above it, from below to above.
fn line(unit: &unit::Model, above: &HashMap<Uuid, Vec<Uuid>>) -> Option<Vec<Uuid>> {
    let rest = match unit.parent_id {
        Some(parent) => above.get(&parent)?.as_slice(),
        None => &[],
    };
    Some(std::iter::once(unit.id).chain(rest.iter().copied()).collect())
}

fn closure(unit: &unit::Model, line: &[Uuid]) -> Vec<unit_above::Model> {
    let pair = |(depth, above): (i32, &Uuid)| unit_above::Model {
        tenant_id: unit.tenant_id,
        above_id: *above,
        unit_id: unit.id,
        depth,
    };
    (0..).zip(line).map(pair).collect()
}

impl Unit {
    fn row(&self, names: &Names) -> anyhow::Result<unit::Model> {
        Ok(unit::Model {
            tenant_id: names.tenant(&self.tenant_slug)?,
            id: unit_id(&self.tenant_slug, &self.code),
            parent_id: self.parent_code.as_ref().map(|code| unit_id(&self.tenant_slug, code)),
            code: self.code.clone(),
            name: self.name.clone(),
            name_search: search_form(&self.name),
            kind: reference::value(&self.kind)?,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            version: 1,
        })
    }
}
