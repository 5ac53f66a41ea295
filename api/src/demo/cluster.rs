//! Clusters of the demo, their members and their heads by year.
//! No score enters here.

use std::collections::HashMap;

use anyhow::Context;
use chrono::NaiveDate;
use entity::{cluster, cluster_head, cluster_member};
use serde::Deserialize;
use uuid::Uuid;

use super::person::account_id;
use super::random::id;
use super::rows::Rows;
use super::unit::{Names, unit_id};
use crate::reference;

const CLUSTERS: &str = include_str!("../../data/demo/cluster.csv");
const MEMBERS: &str = include_str!("../../data/demo/member.csv");
const HEADS: &str = include_str!("../../data/demo/head.csv");

#[derive(Debug, Deserialize)]
struct ClusterRow {
    organiser_slug: String,
    code: String,
    name: String,
    kind: String,
    structure: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct MemberRow {
    cluster_code: String,
    tenant_slug: String,
    unit_code: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct HeadRow {
    cluster_code: String,
    year: i32,
    unit_code: String,
    tenant_slug: String,
    position: String,
}

/// A cluster with its members in order.
pub(super) struct Cluster {
    pub(super) row: cluster::Model,
    pub(super) members: Vec<cluster_member::Model>,
    /// The account that speaks for the cluster.
    pub(super) coordinator: Uuid,
}

/// The id of a cluster by its code, which is unique within the demo.
pub(super) fn cluster_id(code: &str) -> Uuid {
    id("cluster", &[code])
}

fn member_id(cluster: &str, tenant: &str, unit: &str) -> Uuid {
    id("member", &[cluster, tenant, unit])
}

pub(super) fn build(rows: &mut Rows, names: &Names) -> anyhow::Result<Vec<Cluster>> {
    let mut members: HashMap<String, Vec<cluster_member::Model>> = HashMap::new();
    for member in reference::csv::<MemberRow>(MEMBERS)? {
        let of_cluster = members.entry(member.cluster_code.clone()).or_default();
        let position = i32::try_from(of_cluster.len())? + 1;
        of_cluster.push(member.row(position, names)?);
    }
    let mut clusters = Vec::new();
    for cluster in reference::csv::<ClusterRow>(CLUSTERS)? {
        let of_cluster = members.remove(&cluster.code).context("a cluster without members")?;
        rows.cluster_member.extend(of_cluster.iter().cloned());
        let coordinator = cluster.coordinator();
        let row = cluster.row(names)?;
        rows.cluster.push(row.clone());
        clusters.push(Cluster { row, members: of_cluster, coordinator });
    }
    for head in reference::csv::<HeadRow>(HEADS)? {
        rows.cluster_head.push(head.row()?);
    }
    Ok(clusters)
}

impl ClusterRow {
    fn coordinator(&self) -> Uuid {
        let username =
            if self.organiser_slug == "central" { "northern" } else { &self.organiser_slug };
        account_id(&self.organiser_slug, &format!("{username}.coordinator"))
    }

    fn row(self, names: &Names) -> anyhow::Result<cluster::Model> {
        Ok(cluster::Model {
            id: cluster_id(&self.code),
            organiser_id: names.tenant(&self.organiser_slug)?,
            kind: reference::value(&self.kind)?,
            code: self.code,
            name: self.name,
            structure: self.structure,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            version: 1,
        })
    }
}

impl MemberRow {
    fn row(&self, position: i32, names: &Names) -> anyhow::Result<cluster_member::Model> {
        let unit = unit_id(&self.tenant_slug, &self.unit_code);
        Ok(cluster_member::Model {
            cluster_id: cluster_id(&self.cluster_code),
            id: member_id(&self.cluster_code, &self.tenant_slug, &self.unit_code),
            tenant_id: names.tenant(&self.tenant_slug)?,
            unit_id: Some(unit),
            name: names.unit(unit)?.to_owned(),
            position,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            version: 1,
        })
    }
}

impl HeadRow {
    fn row(&self) -> anyhow::Result<cluster_head::Model> {
        let year = self.year.to_string();
        Ok(cluster_head::Model {
            cluster_id: cluster_id(&self.cluster_code),
            id: id("head", &[&self.cluster_code, &year, &self.unit_code, &self.tenant_slug]),
            year: self.year,
            member_id: member_id(&self.cluster_code, &self.tenant_slug, &self.unit_code),
            position: reference::value(&self.position)?,
            ended_at: None,
            version: 1,
        })
    }
}
