//! Criteria sets of the demo: one for every cluster and year that is compared.
//! No score enters here.

use anyhow::{Context, anyhow};
use chrono::{Datelike, Days, NaiveDate};
use entity::cluster_member;
use entity::criteria_set::{self, State};
use entity::criterion::{self, Evidence, Scorer};
use serde::Deserialize;
use uuid::Uuid;

use super::cluster::Cluster;
use super::random::id;
use super::rows::Rows;
use super::{day, moment};
use crate::domain::criterion::rules::Kind;
use crate::reference;
use crate::scalar::Decimal;

const FILES: [&str; 3] = [
    include_str!("../../data/demo/criteria/police-2025.toml"),
    include_str!("../../data/demo/criteria/commune-cashless-2025.toml"),
    include_str!("../../data/demo/criteria/northern-2017.toml"),
];

/// Clusters of this division have the police table in the years for which no file names them.
const POLICE: &str = "ca-quang-tri";

/// The year that is still being scored, and the cluster that is furthest in it.
const RUNNING: i32 = 2026;
const FURTHEST: &str = "351";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    name: String,
    source: Option<String>,
    clusters: Vec<String>,
    years: Vec<i32>,
    decimals: i16,
    rounding: String,
    tie_rules: Vec<String>,
    criterion: Vec<CriterionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionFile {
    code: String,
    parent: Option<String>,
    name: String,
    max: Decimal,
    kind: String,
    unit: Option<String>,
    data_source: Option<String>,
    evidence: Option<String>,
    scorer: Option<String>,
    due_on: Option<NaiveDate>,
    #[serde(default)]
    parameters: toml::Table,
}

/// How far the scoring of a year is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Self scores come in.
    Open,
    /// Nearly all is reported and some of it verified.
    Provisional,
    /// All is verified and published.
    Published,
}

/// A criterion as a row, and as the rules read it.
pub(super) struct Criterion {
    pub(super) row: criterion::Model,
    pub(super) kind: Kind,
    pub(super) max: Decimal,
}

/// What a cluster is measured by in a year.
pub(super) struct Scale<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) set: criteria_set::Model,
    pub(super) criteria: Vec<Criterion>,
    pub(super) members: Vec<&'a cluster_member::Model>,
    pub(super) stage: Stage,
}

pub(super) fn build<'a>(
    rows: &mut Rows,
    clusters: &'a [Cluster],
) -> anyhow::Result<Vec<Scale<'a>>> {
    let files = FILES.map(|text| toml::from_str::<SetFile>(text).context("a criteria set"));
    let files: Vec<SetFile> = files.into_iter().collect::<Result<_, _>>()?;
    let mut scales = Vec::new();
    for cluster in clusters {
        for year in [2017, 2025, RUNNING] {
            let Some(file) = file_of(&files, cluster, year) else { continue };
            let scale = scale(file, cluster, year)?;
            rows.criteria_set.push(scale.set.clone());
            rows.criterion.extend(scale.criteria.iter().map(|criterion| criterion.row.clone()));
            scales.push(scale);
        }
    }
    Ok(scales)
}

fn file_of<'f>(files: &'f [SetFile], cluster: &Cluster, year: i32) -> Option<&'f SetFile> {
    let own =
        |file: &&SetFile| file.clusters.contains(&cluster.row.code) && file.years.contains(&year);
    let police = || {
        files.first().filter(|file| cluster.row.structure == POLICE && file.years.contains(&year))
    };
    files.iter().find(own).or_else(police)
}

fn scale<'a>(file: &SetFile, cluster: &'a Cluster, year: i32) -> anyhow::Result<Scale<'a>> {
    let set = file.set(cluster, year)?;
    let first = file.years.first().copied().unwrap_or(year);
    let mut criteria = Vec::new();
    for (position, criterion) in (1..).zip(&file.criterion) {
        let place =
            Place { set: &set, cluster: &cluster.row.code, position, years_later: year - first };
        criteria.push(
            criterion.read(&place).with_context(|| format!("{} {}", file.name, criterion.code))?,
        );
    }
    let (start, end) = (day(year, 1, 1)?, day(year, 12, 31)?);
    let is_in = |member: &&cluster_member::Model| {
        member.valid_from <= end && member.valid_to.is_none_or(|last| last >= start)
    };
    let stage = match (year == RUNNING, cluster.row.code == FURTHEST) {
        (false, _) => Stage::Published,
        (true, true) => Stage::Provisional,
        (true, false) => Stage::Open,
    };
    let members = cluster.members.iter().filter(is_in).collect();
    Ok(Scale { cluster, set, criteria, members, stage })
}

impl SetFile {
    fn set(&self, cluster: &Cluster, year: i32) -> anyhow::Result<criteria_set::Model> {
        let since = cluster.row.valid_from;
        let start = if since.year() == year { since } else { day(year, 1, 1)? };
        Ok(criteria_set::Model {
            cluster_id: cluster.row.id,
            id: id("criteria_set", &[&cluster.row.code, &year.to_string()]),
            year,
            revision: 1,
            name: self.name.clone(),
            source: self.source.clone(),
            state: State::Locked,
            rounding: reference::value(&self.rounding)?,
            decimals: self.decimals,
            tie_rules: serde_json::to_string(&self.tie_rules)?,
            locked_at: Some(moment(start + Days::new(14), 10 * 60)),
            version: 1,
        })
    }
}

struct Place<'a> {
    set: &'a criteria_set::Model,
    cluster: &'a str,
    position: i32,
    years_later: i32,
}

impl Place<'_> {
    fn id(&self, code: &str) -> Uuid {
        id("criterion", &[self.cluster, &self.set.year.to_string(), code])
    }

    /// The same day and month, so many years later.
    fn due(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.with_year(day.year() + self.years_later)
    }
}

impl CriterionFile {
    fn read(&self, place: &Place<'_>) -> anyhow::Result<Criterion> {
        let kind = self.kind()?;
        let row = criterion::Model {
            cluster_id: place.set.cluster_id,
            id: place.id(&self.code),
            set_id: place.set.id,
            parent_id: self.parent.as_ref().map(|code| place.id(code)),
            code: self.code.clone(),
            name: self.name.clone(),
            position: place.position,
            max_points: self.max.units(),
            kind: kind.code().to_owned(),
            parameters: kind.parameters(),
            unit: self.unit.clone(),
            data_source: self.data_source.clone(),
            evidence: self.evidence.as_deref().map_or(Ok(Evidence::Optional), reference::value)?,
            scorer: self.scorer()?,
            due_on: self.due_on.and_then(|day| place.due(day)),
        };
        Ok(Criterion { row, kind, max: self.max })
    }

    fn kind(&self) -> anyhow::Result<Kind> {
        let parameters = serde_json::to_string(&self.parameters)?;
        Kind::read(&self.kind, &parameters).map_err(|fault| anyhow!("{}: {fault}", self.kind))
    }

    /// The file says `SELF` as the API does; the table says `OWN`.
    fn scorer(&self) -> anyhow::Result<Scorer> {
        match self.scorer.as_deref() {
            None | Some("SELF") => Ok(Scorer::SelfScore),
            Some(other) => reference::value(other),
        }
    }
}
